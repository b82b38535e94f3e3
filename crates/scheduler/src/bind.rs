//! What the scheduler writes: bindings, the PodScheduled condition, events.

use k8s_openapi::api::core::v1::{Binding, ObjectReference, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use mizzen_client::{ApiResource, Client, Error, EventType, ObjectKey, Patch, Recorder};
use mizzen_clock::Env;
use serde_json::json;

/// Writes for one scheduler.
#[derive(Clone)]
pub(crate) struct Writer {
    pub(crate) client: Client,
    pub(crate) events: Recorder,
    pub(crate) env: Env,
}

fn reference(key: &ObjectKey, uid: &str) -> ObjectReference {
    ObjectReference {
        api_version: Some("v1".to_owned()),
        kind: Some("Pod".to_owned()),
        name: Some(key.name.clone()),
        namespace: Some(key.namespace.clone()),
        uid: Some(uid.to_owned()),
        ..ObjectReference::default()
    }
}

impl Writer {
    /// Binds a pod to a node. The uid keeps a pod of the same name that came meanwhile out of it.
    pub(crate) async fn bind(&self, key: &ObjectKey, uid: &str, node: &str) -> Result<(), Error> {
        let binding = Binding {
            metadata: ObjectMeta {
                name: Some(key.name.clone()),
                namespace: Some(key.namespace.clone()),
                uid: Some(uid.to_owned()),
                ..ObjectMeta::default()
            },
            target: ObjectReference {
                kind: Some("Node".to_owned()),
                name: Some(node.to_owned()),
                ..ObjectReference::default()
            },
        };
        let pods = ApiResource::of::<Pod>();
        self.client.create_subresource::<_, serde_json::Value>(&pods, key, "binding", &binding).await?;
        let message = format!("Successfully assigned {}/{} to {node}", key.namespace, key.name);
        self.events.event(&reference(key, uid), EventType::Normal, "Scheduled", message);
        Ok(())
    }

    /// Says that a pod fits nowhere.
    pub(crate) async fn unschedulable(&self, key: &ObjectKey, uid: &str, message: &str) -> Result<(), Error> {
        self.events.event(&reference(key, uid), EventType::Warning, "FailedScheduling", message);
        self.condition(key, uid, "Unschedulable", message).await
    }

    /// Sets the PodScheduled condition to false.
    pub(crate) async fn condition(
        &self,
        key: &ObjectKey,
        uid: &str,
        reason: &str,
        message: &str,
    ) -> Result<(), Error> {
        let patch = json!({
            "metadata": {"uid": uid},
            "status": {"conditions": [{
                "type": "PodScheduled",
                "status": "False",
                "reason": reason,
                "message": message,
                "lastProbeTime": null,
                "lastTransitionTime": Time(self.env.now()),
            }]},
        });
        let patch = Patch::Strategic(patch);
        self.client.patch::<Pod>(&key.namespace, &key.name, "status", &patch).await.map(drop)
    }
}
