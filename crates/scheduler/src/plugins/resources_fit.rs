//! NodeResourcesFit: a pod's requests fit into what is left, and emptier nodes are better (LeastAllocated).

use std::sync::Arc;

use crate::framework::{Candidate, Filter, Rejection, SCORE_MAX, Score};
use crate::snapshot::Node;

pub(crate) struct NodeResourcesFit;

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
        for (name, wanted) in &wanted.others {
            let amount = |of: &crate::resources::Resources| of.others.get(name).copied().unwrap_or(0);
            check(name, *wanted, amount(have), amount(taken));
        }
        if reasons.is_empty() { Ok(()) } else { Err(Rejection { reasons }) }
    }
}

impl Score for NodeResourcesFit {
    fn weight(&self) -> i64 {
        1
    }

    fn score(&self, candidate: &Candidate<'_>, nodes: &[Arc<Node>], _all: usize) -> Option<Vec<i64>> {
        let wanted = &candidate.footprint.requests.nonzero;
        let scores = nodes.iter().map(|node| {
            let (have, taken) = (&node.allocatable, &node.requested.nonzero);
            let cpu = left(have.cpu_milli, taken.cpu_milli.saturating_add(wanted.cpu_milli));
            let memory = left(have.memory, taken.memory.saturating_add(wanted.memory));
            let (sum, weights) = [cpu, memory]
                .into_iter()
                .flatten()
                .fold((0, 0), |(sum, count), score| (sum + score, count + 1));
            if weights == 0 { 0 } else { sum / weights }
        });
        Some(scores.collect())
    }
}

/// The share that stays free, 0 to 100; `None` where the node has none of the resource.
fn left(have: i64, taken: i64) -> Option<i64> {
    match have {
        ..=0 => None,
        _ if taken > have => Some(0),
        _ => Some(
            i64::try_from(i128::from(have - taken) * i128::from(SCORE_MAX) / i128::from(have)).unwrap_or(0),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emptier_is_better() {
        assert_eq!(left(1000, 250), Some(75));
        assert_eq!(left(1000, 1001), Some(0));
        assert_eq!(left(0, 0), None);
        assert_eq!(left(i64::MAX, 0), Some(100));
    }
}
