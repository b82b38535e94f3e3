//! NodeResourcesBalancedAllocation: nodes whose processor and memory (or other resources) are used alike are better.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::scoring::{ResourceConfig, amount, resources};
use crate::framework::{Candidate, SCORE_MAX, Score};
use crate::profile::read_arguments;
use crate::snapshot::Node;
use mizzen_component::ConfigError as Error;

/// NodeResourcesBalancedAllocationArgs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Args {
    resources: Vec<ResourceConfig>,
}

/// The resources whose use is compared.
pub(crate) struct NodeResourcesBalancedAllocation {
    resources: Vec<String>,
}

impl NodeResourcesBalancedAllocation {
    pub(crate) fn new(args: &Value) -> Result<Self, Error> {
        let args: Args = read_arguments(args)?;
        let weighted = resources(&args.resources, "resources")?;
        for (at, (name, weight)) in weighted.iter().enumerate() {
            if *weight != 1 {
                let message = format!("Invalid value: {weight}: resource weight of {name} should be 1");
                return Err(Error::field(format!("resources[{at}].weight"), message));
            }
        }
        Ok(Self { resources: weighted.into_iter().map(|(name, _)| name).collect() })
    }
}

#[allow(clippy::cast_precision_loss)] // Shares need no more than a few digits.
fn share(taken: i64, have: i64) -> f64 {
    if have <= 0 { 1.0 } else { (taken as f64 / have as f64).min(1.0) }
}

/// How far apart shares are: the standard deviation.
#[allow(clippy::cast_precision_loss)] // There are a few.
fn deviation(shares: &[f64]) -> f64 {
    match shares {
        [] | [_] => 0.0,
        // Of two values it is half their distance.
        [one, other] => (one - other).abs() / 2.0,
        several => {
            let mean = several.iter().sum::<f64>() / several.len() as f64;
            let squares = several.iter().map(|share| (share - mean).powi(2)).sum::<f64>();
            (squares / several.len() as f64).sqrt()
        }
    }
}

impl Score for NodeResourcesBalancedAllocation {
    fn score(&self, candidate: &Candidate<'_>, nodes: &[Arc<Node>], _all: usize) -> Option<Vec<i64>> {
        let wanted = &candidate.footprint.requests.exact;
        // A pod that asks for none of them changes no balance.
        if self.resources.iter().all(|name| amount(wanted, name) == 0) {
            return None;
        }
        let scores = nodes.iter().map(|node| {
            let (have, taken) = (&node.allocatable, &node.requested.exact);
            let shares: Vec<f64> = self
                .resources
                .iter()
                .filter(|name| matches!(name.as_str(), "cpu" | "memory") || amount(wanted, name) > 0)
                .map(|name| {
                    share(amount(taken, name).saturating_add(amount(wanted, name)), amount(have, name))
                })
                .collect();
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // 0 to 100.
            let score = ((1.0 - deviation(&shares)) * SCORE_MAX as f64) as i64;
            score
        });
        Some(scores.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations() {
        let check =
            |shares: &[f64], expect: f64| assert!((deviation(shares) - expect).abs() < 1e-9, "{shares:?}");
        check(&[0.5], 0.0);
        check(&[0.2, 0.6], 0.2);
        check(&[0.0, 0.5, 1.0], (1.0f64 / 6.0).sqrt());
    }
}
