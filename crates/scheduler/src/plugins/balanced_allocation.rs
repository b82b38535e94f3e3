//! NodeResourcesBalancedAllocation: nodes whose processor and memory are used alike are better.

use std::sync::Arc;

use crate::framework::{Candidate, SCORE_MAX, Score};
use crate::snapshot::Node;

pub(crate) struct NodeResourcesBalancedAllocation;

#[allow(clippy::cast_precision_loss)] // Shares need no more than a few digits.
fn share(taken: i64, have: i64) -> f64 {
    if have <= 0 { 1.0 } else { (taken as f64 / have as f64).min(1.0) }
}

impl Score for NodeResourcesBalancedAllocation {
    fn weight(&self) -> i64 {
        1
    }

    fn score(&self, candidate: &Candidate<'_>, nodes: &[Arc<Node>], _all: usize) -> Option<Vec<i64>> {
        let wanted = &candidate.footprint.requests.exact;
        if wanted.cpu_milli == 0 && wanted.memory == 0 {
            return None;
        }
        let scores = nodes.iter().map(|node| {
            let (have, taken) = (&node.allocatable, &node.requested.exact);
            let cpu = share(taken.cpu_milli.saturating_add(wanted.cpu_milli), have.cpu_milli);
            let memory = share(taken.memory.saturating_add(wanted.memory), have.memory);
            // The standard deviation of two values is half their distance.
            let deviation = (cpu - memory).abs() / 2.0;
            #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // 0 to 100.
            let score = ((1.0 - deviation) * SCORE_MAX as f64) as i64;
            score
        });
        Some(scores.collect())
    }
}
