//! NodeAffinity: node selectors, required and preferred terms.

use std::sync::Arc;

use k8s_openapi::api::core::v1::{
    NodeAffinity as Affinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm,
    PreferredSchedulingTerm,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::framework::{Candidate, Filter, Rejection, Score, normalise};
use crate::profile::read_arguments;
use crate::snapshot::Node;
use mizzen_component::ConfigError as Error;

/// NodeAffinityArgs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Args {
    added_affinity: Option<Affinity>,
}

/// What every pod of the profile wants, beside what it wants itself.
pub(crate) struct NodeAffinity {
    added: Affinity,
}

impl NodeAffinity {
    pub(crate) fn new(args: &Value) -> Result<Self, Error> {
        let args: Args = read_arguments(args)?;
        Ok(Self { added: args.added_affinity.unwrap_or_default() })
    }
}

fn holds(requirement: &NodeSelectorRequirement, value: Option<&str>) -> bool {
    let values = requirement.values.as_deref().unwrap_or_default();
    let number = |text: &str| text.parse::<i64>().ok();
    let compare = |holds: fn(i64, i64) -> bool| match (value.and_then(number), values) {
        (Some(own), [other]) => number(other).is_some_and(|other| holds(own, other)),
        _ => false,
    };
    match requirement.operator.as_str() {
        "In" => value.is_some_and(|own| values.iter().any(|other| other == own)),
        "NotIn" => !value.is_some_and(|own| values.iter().any(|other| other == own)),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => compare(|own, other| own > other),
        "Lt" => compare(|own, other| own < other),
        _ => false,
    }
}

/// Whether a node matches a term; a term without any requirement matches none.
fn matches(term: &NodeSelectorTerm, node: &Node) -> bool {
    let expressions = term.match_expressions.as_deref().unwrap_or_default();
    let fields = term.match_fields.as_deref().unwrap_or_default();
    let label = |requirement: &NodeSelectorRequirement| {
        holds(requirement, node.labels.get(&requirement.key).map(String::as_str))
    };
    let field = |requirement: &NodeSelectorRequirement| {
        holds(requirement, (requirement.key == "metadata.name").then_some(node.name.as_str()))
    };
    let empty = expressions.is_empty() && fields.is_empty();
    !empty && expressions.iter().all(label) && fields.iter().all(field)
}

impl Filter for NodeAffinity {
    fn filter(&self, candidate: &Candidate<'_>, node: &Node) -> Result<(), Rejection> {
        let spec = &candidate.pod.spec;
        let selected = spec.node_selector.iter().all(|(key, value)| node.labels.get(key) == Some(value));
        let required = &spec.affinity.node_affinity.required_during_scheduling_ignored_during_execution;
        let wanted =
            |selector: &NodeSelector| selector.node_selector_terms.iter().any(|term| matches(term, node));
        let added = &self.added.required_during_scheduling_ignored_during_execution;
        if !added.as_ref().is_none_or(wanted) {
            return Err(Rejection::because("node(s) didn't match scheduler-enforced node affinity"));
        }
        if selected && required.as_ref().is_none_or(wanted) {
            return Ok(());
        }
        Err(Rejection::because("node(s) didn't match Pod's node affinity/selector"))
    }
}

impl Score for NodeAffinity {
    fn score(&self, candidate: &Candidate<'_>, nodes: &[Arc<Node>], _all: usize) -> Option<Vec<i64>> {
        let affinity = &candidate.pod.spec.affinity.node_affinity;
        let of = |affinity: &Affinity| -> Vec<PreferredSchedulingTerm> {
            affinity.preferred_during_scheduling_ignored_during_execution.clone().unwrap_or_default()
        };
        let preferred: Vec<PreferredSchedulingTerm> =
            of(affinity).into_iter().chain(of(&self.added)).collect();
        if preferred.is_empty() {
            return None;
        }
        let sum = |node: &Node| {
            let matching = preferred.iter().filter(|term| matches(&term.preference, node));
            matching.map(|term| i64::from(term.weight)).sum()
        };
        let mut scores: Vec<i64> = nodes.iter().map(|node| sum(node)).collect();
        normalise(&mut scores, false);
        Some(scores)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_hold() {
        let check = |operator: &str, values: &[&str], value: Option<&str>, expect: bool| {
            let requirement = NodeSelectorRequirement {
                key: "k".to_owned(),
                operator: operator.to_owned(),
                values: Some(values.iter().map(|value| (*value).to_owned()).collect()),
            };
            assert_eq!(holds(&requirement, value), expect, "{requirement:?} {value:?}");
        };
        check("In", &["a", "b"], Some("b"), true);
        check("In", &["a"], None, false);
        check("NotIn", &["a"], None, true);
        check("NotIn", &["a"], Some("a"), false);
        check("Exists", &[], Some(""), true);
        check("DoesNotExist", &[], None, true);
        check("Gt", &["5"], Some("6"), true);
        check("Gt", &["5"], Some("5"), false);
        check("Lt", &["5"], Some("four"), false);
        check("Near", &["5"], Some("5"), false);
    }
}
