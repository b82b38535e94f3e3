//! Makes the Node object, or takes over one that is there.

use k8s_openapi::api::core::v1::{Node, NodeSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_client::{Error, Patch};
use serde_json::json;
use tracing::info;

use super::status;
use crate::kubelet::Kubelet;

fn fresh(kubelet: &Kubelet) -> Node {
    let config = &kubelet.config;
    let taints = config.register_with_taints.clone();
    Node {
        metadata: ObjectMeta {
            name: Some(config.node_name.clone()),
            labels: Some(status::labels(kubelet)),
            annotations: Some(
                [("volumes.kubernetes.io/controller-managed-attach-detach".to_owned(), "true".to_owned())]
                    .into(),
            ),
            ..ObjectMeta::default()
        },
        spec: Some(NodeSpec {
            provider_id: config.provider_id.clone(),
            taints: Some(taints).filter(|taints| !taints.is_empty()),
            ..NodeSpec::default()
        }),
        status: None,
    }
}

/// Registers the node, and gives it as the API has it.
pub(crate) async fn register(kubelet: &Kubelet) -> Result<Node, Error> {
    let name = &kubelet.config.node_name;
    if let Some(node) = kubelet.client.get::<Node>("", name).await? {
        return adopt(kubelet, node).await;
    }
    let mut node = fresh(kubelet);
    node.status = Some(status::make(kubelet, &node).await);
    match kubelet.client.create(&node).await {
        Ok(node) => {
            info!(node = name, "The node is registered.");
            Ok(node)
        }
        Err(error) if error.is_already_exists() => {
            let node = kubelet.client.get::<Node>("", name).await?;
            adopt(kubelet, node.unwrap_or_default()).await
        }
        Err(error) => Err(error),
    }
}

/// Brings labels and provider of a Node from an earlier run up to date.
async fn adopt(kubelet: &Kubelet, node: Node) -> Result<Node, Error> {
    let have = node.metadata.labels.clone().unwrap_or_default();
    let mut labels = status::labels(kubelet);
    labels.retain(|key, value| have.get(key) != Some(value));
    let provider = kubelet.config.provider_id.clone();
    let has_provider = node.spec.as_ref().is_some_and(|spec| spec.provider_id.is_some());
    let provider = provider.filter(|_| !has_provider);
    if labels.is_empty() && provider.is_none() {
        return Ok(node);
    }
    let mut patch = json!({ "metadata": { "labels": labels } });
    if let Some(provider) = provider {
        patch["spec"] = json!({ "providerID": provider });
    }
    kubelet.client.patch("", &kubelet.config.node_name, "", &Patch::Merge(patch)).await
}
