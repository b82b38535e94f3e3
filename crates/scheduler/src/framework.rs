//! What a plugin is.

use std::sync::Arc;

use crate::pod::{Footprint, PodView};
use crate::snapshot::Node;

/// A pod under consideration, with what was derived from it once.
pub(crate) struct Candidate<'a> {
    pub(crate) pod: &'a PodView,
    pub(crate) footprint: &'a Footprint,
}

/// Why a node cannot run a pod: the reasons as `FailedScheduling` lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub(crate) reasons: Vec<String>,
}

impl Rejection {
    pub(crate) fn because(reason: impl Into<String>) -> Self {
        Self { reasons: vec![reason.into()] }
    }
}

/// Says which nodes can run a pod.
pub(crate) trait Filter: Send + Sync {
    /// Whether the pod can run there.
    fn filter(&self, candidate: &Candidate<'_>, node: &Node) -> Result<(), Rejection>;
}

/// The best score.
pub(crate) const SCORE_MAX: i64 = 100;

/// Says which nodes are better.
pub(crate) trait Score: Send + Sync {
    /// Scores of `nodes`, in their order, each 0 to [`SCORE_MAX`]; `None` when the plugin has nothing to say.
    fn score(&self, candidate: &Candidate<'_>, nodes: &[Arc<Node>], all: usize) -> Option<Vec<i64>>;
}

/// Stretches scores so that the largest becomes [`SCORE_MAX`]; `reverse` makes the smallest the best.
pub(crate) fn normalise(scores: &mut [i64], reverse: bool) {
    let largest = scores.iter().copied().max().unwrap_or(0);
    for score in scores {
        let stretched = if largest == 0 { 0 } else { *score * SCORE_MAX / largest };
        *score = if reverse { SCORE_MAX - stretched } else { stretched };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_stretched() {
        let check = |scores: &[i64], reverse, expect: &[i64]| {
            let mut scores = scores.to_vec();
            normalise(&mut scores, reverse);
            assert_eq!(scores, expect);
        };
        check(&[0, 2, 4], false, &[0, 50, 100]);
        check(&[0, 2, 4], true, &[100, 50, 0]);
        check(&[0, 0], false, &[0, 0]);
        check(&[0, 0], true, &[100, 100]);
    }
}
