//! A deployment's status, and what it means for its progress.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentStatus};
use mizzen_client::Outcome;

use super::rolling::surge_and_unavailable;
use super::{Controller, Rollout, Set, available, replicas};
use crate::context::Reconcile;

/// Numbers over all sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) replicas: i32,
    pub(super) updated: i32,
    pub(super) ready: i32,
    pub(super) available: i32,
    pub(super) terminating: i32,
    /// What the specifications of the sets ask for.
    pub(super) specified: i32,
}

impl Rollout {
    /// Whether the newest revision has taken over.
    pub(super) fn is_complete(&self, counts: &Counts) -> bool {
        let wanted = self.wanted();
        let observed = self.deployment.value.status.as_ref().and_then(|status| status.observed_generation);
        counts.updated == wanted
            && counts.replicas == wanted
            && counts.available == wanted
            && observed >= self.deployment.value.metadata.generation
    }
}

impl Controller {
    pub(super) fn counts(&self, rollout: &Rollout, new: Option<&Set>) -> Counts {
        let status = |set: &Set| set.value.status.clone().unwrap_or_default();
        let sum = |of: &dyn Fn(&Set) -> i32| rollout.sets.iter().map(of).sum::<i32>();
        let new = new.and_then(|new| rollout.find(&new.uid));
        Counts {
            replicas: sum(&|set| status(set).replicas),
            updated: new.map_or(0, |set| status(&set).replicas),
            ready: sum(&|set| status(set).ready_replicas.unwrap_or(0)),
            available: sum(&|set| available(set)),
            terminating: sum(&|set| status(set).terminating_replicas.unwrap_or(0)),
            specified: sum(&|set| replicas(set)),
        }
    }

    /// Writes the status when it changed; asks to look again when a deadline is running.
    pub(super) async fn update_status(&self, rollout: &mut Rollout, new: Option<&Set>) -> Reconcile {
        let counts = self.counts(rollout, new);
        let old = rollout.deployment.value.status.clone().unwrap_or_default();
        let nonzero = |number: i32| Some(number).filter(|number| *number != 0);
        let mut status = DeploymentStatus {
            observed_generation: rollout.deployment.value.metadata.generation,
            replicas: nonzero(counts.replicas),
            updated_replicas: nonzero(counts.updated),
            ready_replicas: nonzero(counts.ready),
            available_replicas: nonzero(counts.available),
            unavailable_replicas: nonzero((counts.specified - counts.available).max(0)),
            terminating_replicas: Some(counts.terminating),
            collision_count: old.collision_count,
            conditions: old.conditions.clone(),
        };
        let (_, unavailable) = surge_and_unavailable(&rollout.spec);
        let enough = counts.available >= rollout.wanted() - unavailable;
        self.note_availability(&mut status, enough);
        let deadline = self.note_progress(rollout, &old, &mut status, &counts, new);
        self.note_failures(rollout, &mut status);
        if status != old {
            let object = Deployment { status: Some(status), ..rollout.deployment.value.clone() };
            match self.context.client.update_status(&object).await {
                Err(error) if error.is_not_found() => return Ok(Outcome::Done),
                other => drop(other?),
            }
        }
        Ok(deadline.map_or(Outcome::Done, Outcome::After))
    }
}
