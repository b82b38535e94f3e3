//! Making and deleting a set's pods.

use std::sync::Arc;

use futures::future::join_all;
use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::{ObjectReference, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_client::{DeleteParams, Error, EventType, Object};

use super::Controller;
use crate::owner;
use crate::pod::PodView;

/// Most pods made or deleted in one go.
const BURST: usize = 500;

impl Controller {
    pub(super) fn about(&self, set: &Object<ReplicaSet>) -> ObjectReference {
        ObjectReference {
            api_version: Some(self.resource.api_version()),
            kind: Some(self.resource.kind.clone()),
            namespace: Some(set.key.namespace.clone()),
            name: Some(set.key.name.clone()),
            uid: Some(set.uid.clone()),
            resource_version: Some(set.resource_version.clone()),
            ..ObjectReference::default()
        }
    }

    /// Makes or deletes pods until there are as many as wanted.
    pub(super) async fn scale(
        &self,
        set: &Object<ReplicaSet>,
        active: &[Arc<Object<PodView>>],
    ) -> Result<(), Error> {
        let wanted = set.value.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
        let wanted = usize::try_from(wanted).unwrap_or(0);
        if active.len() < wanted {
            self.create(set, (wanted - active.len()).min(BURST)).await
        } else {
            self.delete(set, active, (active.len() - wanted).min(BURST)).await
        }
    }

    /// Makes pods in batches that double, so that a fault shared by all (a quota, say) costs few attempts.
    async fn create(&self, set: &Object<ReplicaSet>, count: usize) -> Result<(), Error> {
        let Some(pod) = self.pod(set) else { return Ok(()) };
        let (mut left, mut batch) = (count, 1);
        while left > 0 {
            let now = batch.min(left);
            self.expectations.create(&set.key, now);
            let results = join_all((0..now).map(|_| self.context.client.create(&pod))).await;
            let mut failure = None;
            for result in results {
                match result {
                    Ok(made) => {
                        let name = made.metadata.name.unwrap_or_default();
                        let message = format!("Created pod: {name}");
                        self.context.events.event(
                            &self.about(set),
                            EventType::Normal,
                            "SuccessfulCreate",
                            message,
                        );
                    }
                    Err(error) => {
                        self.expectations.created(&set.key);
                        // Nothing is made in a namespace on its way out; its end is not for us to report.
                        if !error.is_namespace_terminating() {
                            let message = format!("Error creating: {}", text(&error));
                            self.context.events.event(
                                &self.about(set),
                                EventType::Warning,
                                "FailedCreate",
                                message,
                            );
                            failure = Some(error);
                        }
                    }
                }
            }
            if let Some(error) = failure {
                return Err(error);
            }
            left -= now;
            batch *= 2;
        }
        Ok(())
    }

    fn pod(&self, set: &Object<ReplicaSet>) -> Option<Pod> {
        let template = set.value.spec.as_ref()?.template.as_ref()?;
        let meta = template.metadata.clone().unwrap_or_default();
        Some(Pod {
            metadata: ObjectMeta {
                generate_name: Some(format!("{}-", set.key.name)),
                namespace: Some(set.key.namespace.clone()),
                labels: meta.labels,
                annotations: meta.annotations,
                finalizers: meta.finalizers,
                owner_references: Some(vec![owner::reference(&self.resource, &set.value.metadata)]),
                ..ObjectMeta::default()
            },
            spec: template.spec.clone(),
            status: None,
        })
    }

    async fn delete(
        &self,
        set: &Object<ReplicaSet>,
        active: &[Arc<Object<PodView>>],
        count: usize,
    ) -> Result<(), Error> {
        let now = self.context.env.now();
        let mut ranked: Vec<&Arc<Object<PodView>>> = active.iter().collect();
        ranked.sort_by_cached_key(|pod| pod.value.deletion_rank(now));
        let victims = &ranked[..count];
        for pod in victims {
            self.expectations.delete(&set.key, &pod.uid);
        }
        let delete = |pod: &Arc<Object<PodView>>| {
            let (pod, client) = (pod.clone(), self.context.client.clone());
            async move {
                let params = DeleteParams::uid(pod.uid.clone());
                let result = client.delete::<Pod>(&pod.key.namespace, &pod.key.name, &params).await;
                (pod, result)
            }
        };
        let mut failure = None;
        for (pod, result) in join_all(victims.iter().map(|pod| delete(pod))).await {
            let name = &pod.key.name;
            match result {
                Ok(true) => {
                    let message = format!("Deleted pod: {name}");
                    self.context.events.event(
                        &self.about(set),
                        EventType::Normal,
                        "SuccessfulDelete",
                        message,
                    );
                }
                Ok(false) => self.expectations.deleted(&set.key, &pod.uid),
                Err(error) => {
                    self.expectations.deleted(&set.key, &pod.uid);
                    // Another pod of that name: ours is gone.
                    if !error.is_conflict() {
                        let message = format!("Error deleting: {}", text(&error));
                        self.context.events.event(
                            &self.about(set),
                            EventType::Warning,
                            "FailedDelete",
                            message,
                        );
                        failure = Some(error);
                    }
                }
            }
        }
        failure.map_or(Ok(()), Err)
    }
}

/// What the API server said, without the code that only logs want.
pub(super) fn text(error: &Error) -> String {
    match error {
        Error::Api(status) => status.message.clone(),
        other => other.to_string(),
    }
}
