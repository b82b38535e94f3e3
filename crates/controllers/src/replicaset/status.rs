//! A set's status: how many pods there are, and in which state.

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::apps::v1::{ReplicaSet, ReplicaSetCondition, ReplicaSetStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, Time};
use mizzen_client::{Error, Object};

use super::Controller;
use super::pods::text;
use crate::pod::PodView;
use crate::selector;

impl Controller {
    /// Writes the status when it changed. Gives the time after which a pod will have been Ready long enough.
    pub(super) async fn update_status(
        &self,
        set: &Object<ReplicaSet>,
        pods: &[Arc<Object<PodView>>],
        min_ready: Duration,
        failure: Option<&Error>,
    ) -> Result<Option<Duration>, Error> {
        let now = self.context.env.now();
        let waits = pods
            .iter()
            .filter(|pod| pod.value.is_active())
            .filter_map(|pod| pod.value.until_available(min_ready, now));
        let next = waits.filter(|wait| !wait.is_zero()).min();
        let old = set.value.status.clone().unwrap_or_default();
        let status = self.status(set, pods, min_ready, failure);
        if status == old {
            return Ok(next);
        }
        // The cached object with its version: a change that was not seen yet makes this fail, and comes by itself.
        let object = ReplicaSet { status: Some(status), ..set.value.clone() };
        match self.context.client.update_status(&object).await {
            Err(error) if error.is_not_found() || error.is_conflict() => Ok(next),
            other => other.map(|_| next),
        }
    }

    fn status(
        &self,
        set: &Object<ReplicaSet>,
        pods: &[Arc<Object<PodView>>],
        min_ready: Duration,
        failure: Option<&Error>,
    ) -> ReplicaSetStatus {
        let now = self.context.env.now();
        let active = || pods.iter().map(|pod| &pod.value).filter(|pod| pod.is_active());
        let count = |holds: &dyn Fn(&PodView) -> bool| {
            i32::try_from(active().filter(|pod| holds(pod)).count()).unwrap_or(i32::MAX)
        };
        let template = set
            .value
            .spec
            .as_ref()
            .and_then(|spec| spec.template.as_ref()?.metadata.as_ref()?.labels.clone());
        let template = LabelSelector { match_labels: template, ..LabelSelector::default() };
        let labelled =
            |pod: &PodView| selector::matches(&template, &pod.metadata.labels.clone().unwrap_or_default());
        let available =
            |pod: &PodView| pod.until_available(min_ready, now).is_some_and(|wait| wait.is_zero());
        let terminating = pods
            .iter()
            .filter(|pod| !pod.value.has_ended() && pod.value.metadata.deletion_timestamp.is_some())
            .count();
        let old = set.value.status.clone().unwrap_or_default();
        let nonzero = |number: i32| Some(number).filter(|number| *number != 0);
        ReplicaSetStatus {
            replicas: count(&|_| true),
            fully_labeled_replicas: nonzero(count(&labelled)),
            ready_replicas: nonzero(count(&PodView::is_ready)),
            available_replicas: nonzero(count(&available)),
            terminating_replicas: Some(i32::try_from(terminating).unwrap_or(i32::MAX)),
            observed_generation: set.value.metadata.generation,
            conditions: self.conditions(set, &old, active().count(), failure),
        }
    }

    /// `ReplicaFailure` is there while pods cannot be made or deleted.
    fn conditions(
        &self,
        set: &Object<ReplicaSet>,
        old: &ReplicaSetStatus,
        active: usize,
        failure: Option<&Error>,
    ) -> Option<Vec<ReplicaSetCondition>> {
        let mut conditions = old.conditions.clone().unwrap_or_default();
        let known = conditions.iter().position(|condition| condition.type_ == "ReplicaFailure");
        let wanted = set.value.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
        match (failure, known) {
            (Some(error), None) => conditions.push(ReplicaSetCondition {
                type_: "ReplicaFailure".to_owned(),
                status: "True".to_owned(),
                reason: Some(
                    if active < usize::try_from(wanted).unwrap_or(0) {
                        "FailedCreate"
                    } else {
                        "FailedDelete"
                    }
                    .to_owned(),
                ),
                message: Some(text(error)),
                last_transition_time: Some(Time(self.context.env.now())),
            }),
            (None, Some(at)) if self.expectations.are_met(&set.key) => drop(conditions.remove(at)),
            _ => {}
        }
        Some(conditions).filter(|conditions| !conditions.is_empty())
    }
}
