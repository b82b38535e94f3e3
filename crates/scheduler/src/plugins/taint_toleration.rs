//! TaintToleration: taints keep pods away that do not tolerate them.

use std::sync::Arc;

use k8s_openapi::api::core::v1::{Taint, Toleration};

use crate::framework::{Candidate, Filter, Rejection, Score, normalise};
use crate::snapshot::Node;

pub(crate) struct TaintToleration;

/// Whether any toleration covers a taint.
pub(crate) fn tolerates(tolerations: &[Toleration], taint: &Taint) -> bool {
    tolerations.iter().any(|toleration| {
        let key = toleration.key.as_deref().unwrap_or_default();
        let effect = toleration.effect.as_deref().unwrap_or_default();
        let value = toleration.value.as_deref().unwrap_or_default();
        let same_effect = effect.is_empty() || effect == taint.effect;
        let same_key = key.is_empty() || key == taint.key;
        let same_value = match toleration.operator.as_deref().unwrap_or("Equal") {
            "Exists" => true,
            // Without a key, only Exists makes sense.
            "Equal" | "" => !key.is_empty() && value == taint.value.as_deref().unwrap_or_default(),
            _ => false,
        };
        same_effect && same_key && same_value
    })
}

impl Filter for TaintToleration {
    fn filter(&self, candidate: &Candidate<'_>, node: &Node) -> Result<(), Rejection> {
        let mut hard =
            node.taints.iter().filter(|taint| taint.effect == "NoSchedule" || taint.effect == "NoExecute");
        match hard.find(|taint| !tolerates(&candidate.pod.spec.tolerations, taint)) {
            None => Ok(()),
            Some(taint) => {
                let value = taint.value.as_deref().unwrap_or_default();
                Err(Rejection::because(format!("node(s) had untolerated taint {{{}: {value}}}", taint.key)))
            }
        }
    }
}

impl Score for TaintToleration {
    fn score(&self, candidate: &Candidate<'_>, nodes: &[Arc<Node>], _all: usize) -> Option<Vec<i64>> {
        let soft = |node: &Node| {
            let taints = node.taints.iter().filter(|taint| taint.effect == "PreferNoSchedule");
            taints.filter(|taint| !tolerates(&candidate.pod.spec.tolerations, taint)).count()
        };
        let mut scores: Vec<i64> =
            nodes.iter().map(|node| i64::try_from(soft(node)).unwrap_or(i64::MAX)).collect();
        if scores.iter().all(|score| *score == 0) {
            return None;
        }
        normalise(&mut scores, true);
        Some(scores)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tolerations_cover_taints() {
        let check = |toleration: serde_json::Value, taint: serde_json::Value, expect: bool| {
            let toleration: Toleration = serde_json::from_value(toleration).expect("a toleration");
            let taint: Taint = serde_json::from_value(taint).expect("a taint");
            assert_eq!(
                tolerates(std::slice::from_ref(&toleration), &taint),
                expect,
                "{toleration:?} {taint:?}"
            );
        };
        let taint = serde_json::json!({"key": "a", "value": "b", "effect": "NoSchedule"});
        check(serde_json::json!({"operator": "Exists"}), taint.clone(), true);
        check(serde_json::json!({"key": "a", "operator": "Exists"}), taint.clone(), true);
        check(serde_json::json!({"key": "a", "value": "b"}), taint.clone(), true);
        check(serde_json::json!({"key": "a", "value": "b", "effect": "NoExecute"}), taint.clone(), false);
        check(serde_json::json!({"key": "a", "value": "c"}), taint.clone(), false);
        check(serde_json::json!({"key": "a", "operator": "Equal", "value": "b"}), taint.clone(), true);
        check(serde_json::json!({}), taint, false);
    }
}
