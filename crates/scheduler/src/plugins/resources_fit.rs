//! NodeResourcesFit: a pod's requests fit into what is left, and emptier nodes are better, unless a
//! strategy says otherwise.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::scoring::{Scoring, StrategyConfig};
use crate::framework::{Candidate, Filter, Rejection, Score};
use crate::profile::read_arguments;
use crate::snapshot::Node;
use mizzen_component::ConfigError as Error;

/// NodeResourcesFitArgs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Args {
    ignored_resources: Vec<String>,
    ignored_resource_groups: Vec<String>,
    scoring_strategy: StrategyConfig,
}

/// The fit, and how good it is.
pub(crate) struct NodeResourcesFit {
    args: Args,
    scoring: Scoring,
}

impl NodeResourcesFit {
    pub(crate) fn new(args: &Value) -> Result<Self, Error> {
        let args: Args = read_arguments(args)?;
        Ok(Self { scoring: Scoring::new(&args.scoring_strategy)?, args })
    }

    /// Whether somebody else (an extender) counts this resource.
    fn ignores(&self, name: &str) -> bool {
        let group = name.split_once('/').map(|(group, _)| group);
        self.args.ignored_resources.iter().any(|own| own == name)
            || self.args.ignored_resource_groups.iter().any(|own| Some(own.as_str()) == group)
    }
}

impl Filter for NodeResourcesFit {
    fn filter(&self, candidate: &Candidate<'_>, node: &Node) -> Result<(), Rejection> {
        let wanted = &candidate.footprint.requests.exact;
        let (have, taken) = (&node.allocatable, &node.requested.exact);
        let mut reasons = Vec::new();
        if node.pods + 1 > have.pods {
            reasons.push("Too many pods".to_owned());
        }
        let mut check = |name: &str, wanted: i64, have: i64, taken: i64| {
            // What is not asked for always fits, on an overcommitted node too.
            if wanted > 0 && wanted > have - taken {
                reasons.push(format!("Insufficient {name}"));
            }
        };
        check("cpu", wanted.cpu_milli, have.cpu_milli, taken.cpu_milli);
        check("memory", wanted.memory, have.memory, taken.memory);
        check("ephemeral-storage", wanted.ephemeral_storage, have.ephemeral_storage, taken.ephemeral_storage);
        for (name, wanted) in wanted.others.iter().filter(|(name, _)| !self.ignores(name)) {
            let amount = |of: &crate::resources::Resources| of.others.get(name).copied().unwrap_or(0);
            check(name, *wanted, amount(have), amount(taken));
        }
        if reasons.is_empty() { Ok(()) } else { Err(Rejection { reasons }) }
    }
}

impl Score for NodeResourcesFit {
    fn score(&self, candidate: &Candidate<'_>, nodes: &[Arc<Node>], _all: usize) -> Option<Vec<i64>> {
        let wanted = &candidate.footprint.requests;
        Some(nodes.iter().map(|node| self.scoring.score(wanted, node)).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn resources_are_ignored_by_name_and_group() {
        let args = json!({"ignoredResources": ["a.com/x"], "ignoredResourceGroups": ["b.com"]});
        let fit = NodeResourcesFit::new(&args).expect("arguments");
        let check = |name: &str, expect: bool| assert_eq!(fit.ignores(name), expect, "{name}");
        check("a.com/x", true);
        check("a.com/y", false);
        check("b.com/z", true);
        check("hugepages-2Mi", false);
    }
}
