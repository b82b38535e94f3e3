//! The conditions of a deployment: Available, Progressing, ReplicaFailure.

use std::time::Duration;

use k8s_openapi::api::apps::v1::{Deployment, DeploymentCondition, DeploymentStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use mizzen_client::{Error, Object};

use super::status::Counts;
use super::{Controller, Rollout, Set};

/// Without a deadline, `progressDeadlineSeconds` is this number and nothing is ever late.
const NO_DEADLINE: i32 = i32::MAX;

const AVAILABLE: &str = "Available";
const PROGRESSING: &str = "Progressing";
const REPLICA_FAILURE: &str = "ReplicaFailure";

fn find<'a>(status: &'a DeploymentStatus, type_: &str) -> Option<&'a DeploymentCondition> {
    status.conditions.iter().flatten().find(|condition| condition.type_ == type_)
}

fn reason(condition: Option<&DeploymentCondition>) -> &str {
    condition.and_then(|condition| condition.reason.as_deref()).unwrap_or_default()
}

impl Controller {
    /// Sets a condition; its times move only when it changes.
    fn set(&self, status: &mut DeploymentStatus, type_: &str, value: &str, reason: &str, message: &str) {
        let now = Time(self.context.env.now());
        let conditions = status.conditions.get_or_insert_default();
        let old =
            conditions.iter().position(|condition| condition.type_ == type_).map(|at| conditions.remove(at));
        let same = |old: &DeploymentCondition| old.status == value && old.reason.as_deref() == Some(reason);
        let condition = match old {
            Some(old) if same(&old) && old.message.as_deref() == Some(message) => old,
            old => DeploymentCondition {
                type_: type_.to_owned(),
                status: value.to_owned(),
                reason: Some(reason.to_owned()),
                message: Some(message.to_owned()),
                last_update_time: Some(now.clone()),
                last_transition_time: old
                    .filter(|old| old.status == value)
                    .and_then(|old| old.last_transition_time)
                    .or(Some(now)),
            },
        };
        conditions.push(condition);
    }

    pub(super) fn note_availability(&self, status: &mut DeploymentStatus, enough: bool) {
        if enough {
            self.set(
                status,
                AVAILABLE,
                "True",
                "MinimumReplicasAvailable",
                "Deployment has minimum availability.",
            );
        } else {
            let message = "Deployment does not have minimum availability.";
            self.set(status, AVAILABLE, "False", "MinimumReplicasUnavailable", message);
        }
    }

    /// Says how the roll-out goes. Gives the time after which it will be late, unless something happens.
    pub(super) fn note_progress(
        &self,
        rollout: &Rollout,
        old: &DeploymentStatus,
        status: &mut DeploymentStatus,
        counts: &Counts,
        new: Option<&Set>,
    ) -> Option<Duration> {
        let deadline = rollout.spec.progress_deadline_seconds.filter(|seconds| *seconds != NO_DEADLINE)?;
        let subject = match new {
            Some(set) => format!("ReplicaSet {:?}", set.key.name),
            None => format!("Deployment {:?}", rollout.deployment.key.name),
        };
        let current = find(old, PROGRESSING);
        let was_complete = counts.replicas == counts.updated && reason(current) == "NewReplicaSetAvailable";
        if was_complete || rollout.spec.paused == Some(true) {
            return None;
        }
        let wanted = rollout.wanted();
        let complete = counts.updated == wanted && counts.replicas == wanted && counts.available == wanted;
        let old_count = |field: Option<i32>| field.unwrap_or(0);
        let old_pods = old_count(old.replicas) - old_count(old.updated_replicas);
        let moved = counts.updated > old_count(old.updated_replicas)
            || counts.replicas - counts.updated < old_pods
            || counts.ready > old_count(old.ready_replicas)
            || counts.available > old_count(old.available_replicas);
        if complete {
            let message = format!("{subject} has successfully progressed.");
            self.set(status, PROGRESSING, "True", "NewReplicaSetAvailable", &message);
            return None;
        }
        if moved {
            let message = format!("{subject} is progressing.");
            // Progress is news each time: the deadline starts anew.
            if let Some(conditions) = &mut status.conditions {
                let transition = find_transition(conditions);
                conditions.retain(|condition| condition.type_ != PROGRESSING);
                self.set(status, PROGRESSING, "True", "ReplicaSetUpdated", &message);
                if let Some(condition) =
                    status.conditions.iter_mut().flatten().find(|own| own.type_ == PROGRESSING)
                {
                    condition.last_transition_time = transition.or(condition.last_transition_time.take());
                }
            }
            return Some(Duration::from_secs(u64::try_from(deadline).unwrap_or(0)));
        }
        let since = current.and_then(|condition| condition.last_update_time.as_ref()).map(|time| time.0)?;
        if reason(current) == "ProgressDeadlineExceeded" {
            return None;
        }
        let elapsed = Duration::try_from(self.context.env.now().duration_since(since)).unwrap_or_default();
        let deadline = Duration::from_secs(u64::try_from(deadline).unwrap_or(0));
        if elapsed >= deadline {
            let message = format!("{subject} has timed out progressing.");
            self.set(status, PROGRESSING, "False", "ProgressDeadlineExceeded", &message);
            return None;
        }
        Some(deadline - elapsed)
    }

    /// Passes a set's failure on.
    pub(super) fn note_failures(&self, rollout: &Rollout, status: &mut DeploymentStatus) {
        let failures = rollout.sets.iter().rev().filter_map(|set| {
            let conditions = set.value.status.as_ref()?.conditions.as_ref()?;
            conditions
                .iter()
                .find(|condition| condition.type_ == REPLICA_FAILURE && condition.status == "True")
                .cloned()
        });
        match failures.into_iter().next() {
            Some(failure) => {
                let reason = failure.reason.unwrap_or_default();
                let message = failure.message.unwrap_or_default();
                self.set(status, REPLICA_FAILURE, "True", &reason, &message);
            }
            None => {
                if let Some(conditions) = &mut status.conditions {
                    conditions.retain(|condition| condition.type_ != REPLICA_FAILURE);
                }
            }
        }
    }

    /// Says on the deployment at once that something was done or failed, for what happens before the next status.
    async fn tell(
        &self,
        rollout: &mut Rollout,
        value: &str,
        reason: &str,
        message: &str,
    ) -> Result<(), Error> {
        if rollout.spec.progress_deadline_seconds.is_none_or(|seconds| seconds == NO_DEADLINE) {
            return Ok(());
        }
        let mut status = rollout.deployment.value.status.clone().unwrap_or_default();
        self.set(&mut status, PROGRESSING, value, reason, message);
        if Some(&status) == rollout.deployment.value.status.as_ref() {
            return Ok(());
        }
        let object = Deployment { status: Some(status), ..rollout.deployment.value.clone() };
        let updated = self.context.client.update_status(&object).await?;
        rollout.deployment = std::sync::Arc::new(Object {
            key: rollout.deployment.key.clone(),
            uid: rollout.deployment.uid.clone(),
            resource_version: updated.metadata.resource_version.clone().unwrap_or_default(),
            value: updated,
        });
        Ok(())
    }

    pub(super) async fn progress_made(
        &self,
        rollout: &mut Rollout,
        reason: &str,
        message: &str,
    ) -> Result<(), Error> {
        self.tell(rollout, "True", reason, message).await
    }

    pub(super) async fn progress_failed(
        &self,
        rollout: &mut Rollout,
        reason: &str,
        message: &str,
    ) -> Result<(), Error> {
        self.tell(rollout, "False", reason, message).await
    }

    /// A pause stops the deadline's clock, and its end starts it anew.
    pub(super) async fn note_pause(&self, rollout: &mut Rollout) -> Result<(), Error> {
        let status = rollout.deployment.value.status.clone().unwrap_or_default();
        let now = reason(find(&status, PROGRESSING)).to_owned();
        match (rollout.spec.paused == Some(true), now.as_str()) {
            (_, "ProgressDeadlineExceeded") => Ok(()),
            (true, reason) if reason != "DeploymentPaused" => {
                self.tell(rollout, "Unknown", "DeploymentPaused", "Deployment is paused").await
            }
            (false, "DeploymentPaused") => {
                self.tell(rollout, "Unknown", "DeploymentResumed", "Deployment is resumed").await
            }
            _ => Ok(()),
        }
    }
}

fn find_transition(conditions: &[DeploymentCondition]) -> Option<Time> {
    let progressing =
        conditions.iter().find(|condition| condition.type_ == PROGRESSING && condition.status == "True");
    progressing.and_then(|condition| condition.last_transition_time.clone())
}
