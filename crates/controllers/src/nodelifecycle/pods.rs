//! What pods are told of their node.

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use mizzen_client::{ApiResource, Error, EventType, Object, Patch};
use serde_json::json;

use crate::context::{Context, about};
use crate::pod::PodView;

/// Makes a pod not ready, since nobody knows whether it is.
pub(super) async fn mark_not_ready(context: &Context, pod: &Object<PodView>) -> Result<(), Error> {
    let condition = json!({
        "type": "Ready", "status": "False", "reason": "NodeNotReady",
        "lastTransitionTime": Time(context.env.now()),
    });
    let patch = json!({"metadata": {"uid": pod.uid}, "status": {"conditions": [condition]}});
    let key = &pod.key;
    let patch = Patch::Strategic(patch);
    match context.client.patch::<Pod>(&key.namespace, &key.name, "status", &patch).await {
        Ok(_) => {
            let resource = ApiResource::of::<Pod>();
            let about = about(&resource, key, &pod.uid, "");
            context.events.event(&about, EventType::Warning, "NodeNotReady", "Node is not ready");
            Ok(())
        }
        // Gone, or another pod of that name.
        Err(error) if error.is_not_found() || error.is_conflict() => Ok(()),
        Err(error) => Err(error),
    }
}
