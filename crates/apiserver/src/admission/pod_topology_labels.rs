//! PodTopologyLabels: a pod learns its node's zone and region when it is bound.
//!
//! Source: KEP-4742.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;

use super::tree::{set, text};
use super::{Lookup, Operation, Plugin, Request};
use crate::status::ApiError;

const LABELS: [&str; 2] = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

/// The plugin.
pub(super) struct PodTopologyLabels {
    lookup: Arc<dyn Lookup>,
}

impl PodTopologyLabels {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup }
    }
}

#[async_trait]
impl Plugin for PodTopologyLabels {
    fn name(&self) -> &'static str {
        "PodTopologyLabels"
    }

    /// Puts the labels on the binding, whose labels the pod takes over; or on a pod that comes with its node.
    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        let binding = request.is_sub("", "pods", "binding") || request.is("", "bindings");
        let pod = request.is("", "pods");
        if request.operation != Operation::Create || !(binding || pod) {
            return Ok(());
        }
        let Some(object) = request.object.as_deref_mut() else { return Ok(()) };
        let path: &[&str] = if pod { &["spec", "nodeName"] } else { &["target", "name"] };
        let name = text(object, path);
        if name.is_empty() || binding && !matches!(text(object, &["target", "kind"]), "" | "Node") {
            return Ok(());
        }
        let Some(node) = self.lookup.get("", "nodes", "", name).await? else { return Ok(()) };
        for label in LABELS {
            let value = text(&node, &["metadata", "labels", label]);
            if !value.is_empty() {
                set(object, &["metadata", "labels", label], json!(value));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Attempt, Objects};
    use super::*;

    #[tokio::test]
    async fn labels_follow_the_node() {
        let node = json!({"metadata": {"name": "n", "labels": {LABELS[0]: "a", "other": "x"}}});
        let plugin = PodTopologyLabels::new(Arc::new(Objects::new([("", "nodes", node)])));
        let binding = json!({"metadata": {"name": "p"}, "target": {"kind": "Node", "name": "n"}});
        let found = Attempt::create("", "pods/binding", "web", binding).run(&plugin).await.unwrap();
        assert_eq!(text(&found, &["metadata", "labels", LABELS[0]]), "a");
        assert_eq!(text(&found, &["metadata", "labels", "other"]), "");
    }
}
