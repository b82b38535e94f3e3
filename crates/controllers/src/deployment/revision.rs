//! Revisions and other annotations by which a deployment and its sets know each other.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::rolling::surge_and_unavailable;
use super::{Rollout, Set};

/// The revision of a set; on a deployment, that of its newest set.
pub(super) const REVISION: &str = "deployment.kubernetes.io/revision";
/// Revisions that a set had before it became the newest again.
pub(super) const REVISION_HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// The deployment's replicas when a set was last scaled.
pub(super) const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
/// The same with the surge.
pub(super) const MAX: &str = "deployment.kubernetes.io/max-replicas";

/// Annotations of a deployment that are no matter of its sets.
const NOT_COPIED: &[&str] = &[
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    REVISION_HISTORY,
    DESIRED,
    MAX,
    "deprecated.deployment.rollback.to",
];

/// The revision in some metadata; 0 for none.
pub(super) fn of(meta: &ObjectMeta) -> i64 {
    let text = meta.annotations.as_ref().and_then(|all| all.get(REVISION));
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// What sets carry of their deployment's annotations.
pub(super) fn annotations_to_copy(meta: &ObjectMeta) -> BTreeMap<String, String> {
    let all = meta.annotations.iter().flatten();
    all.filter(|(key, _)| !NOT_COPIED.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Most pods that the deployment may have at a time.
pub(super) fn max_replicas(rollout: &Rollout) -> i32 {
    if rollout.strategy() == "Recreate" {
        return rollout.wanted();
    }
    let (surge, _) = surge_and_unavailable(&rollout.spec);
    rollout.wanted().saturating_add(surge)
}

impl Rollout {
    /// The highest revision of the sets other than `new`.
    pub(super) fn highest_revision(&self, new: Option<&Set>) -> i64 {
        self.old(new).iter().map(|set| of(&set.value.metadata)).max().unwrap_or(0)
    }
}
