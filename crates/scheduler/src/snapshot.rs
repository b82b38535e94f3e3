//! The nodes as the scheduler sees them: what they have, and what is taken of it, assumed pods included.

use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_openapi::api::core::v1::Taint;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use mizzen_client::ObjectKey;
use mizzen_clock::Map;
use serde::Deserialize;

use crate::pod::{Footprint, HostPort};
use crate::resources::{Requests, Resources};

/// A node, as the informer keeps it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NodeView {
    metadata: NodeMetadata,
    spec: NodeSpec,
    status: NodeStatus,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeMetadata {
    labels: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeSpec {
    unschedulable: bool,
    taints: Vec<Taint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NodeStatus {
    allocatable: BTreeMap<String, Quantity>,
    images: Vec<NodeImage>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NodeImage {
    names: Vec<String>,
    size_bytes: i64,
}

/// A node and what is taken of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) taints: Vec<Taint>,
    pub(crate) unschedulable: bool,
    pub(crate) allocatable: Resources,
    /// Bytes by image name.
    pub(crate) images: BTreeMap<String, i64>,
    pub(crate) requested: Requests,
    pub(crate) pods: i64,
    pub(crate) host_ports: Vec<HostPort>,
    /// Whether the node itself is known; pods can be seen before their node.
    known: bool,
}

impl Node {
    fn describe(&mut self, view: &NodeView) {
        self.labels.clone_from(&view.metadata.labels);
        self.taints.clone_from(&view.spec.taints);
        self.unschedulable = view.spec.unschedulable;
        self.allocatable = Resources::of(&view.status.allocatable);
        let images = view.status.images.iter();
        self.images = images
            .flat_map(|image| image.names.iter().map(|name| (name.clone(), image.size_bytes)))
            .collect();
        self.known = true;
    }

    fn take(&mut self, footprint: &Footprint) {
        self.requested.add(&footprint.requests);
        self.host_ports.extend(footprint.host_ports.iter().cloned());
        self.pods += 1;
    }

    fn give_back(&mut self, footprint: &Footprint) {
        self.requested.subtract(&footprint.requests);
        for port in &footprint.host_ports {
            if let Some(at) = self.host_ports.iter().position(|own| own == port) {
                self.host_ports.swap_remove(at);
            }
        }
        self.pods -= 1;
    }
}

#[derive(Debug)]
struct Placed {
    node: String,
    footprint: Footprint,
    uid: String,
    assumed: bool,
}

/// All nodes and the pods on them.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    nodes: BTreeMap<String, Arc<Node>>,
    pods: Map<ObjectKey, Placed>,
    /// Nodes in the order in which they are visited; `None`: to be made anew.
    order: Option<Vec<Arc<Node>>>,
}

impl Snapshot {
    fn node_mut(&mut self, name: &str) -> &mut Node {
        self.order = None;
        let node = self.nodes.entry(name.to_owned()).or_default();
        let node = Arc::make_mut(node);
        if node.name.is_empty() {
            name.clone_into(&mut node.name);
        }
        node
    }

    /// A node is there, or has changed.
    pub(crate) fn set_node(&mut self, name: &str, view: &NodeView) {
        self.node_mut(name).describe(view);
    }

    /// A node is gone.
    pub(crate) fn remove_node(&mut self, name: &str) {
        if let Some(node) = self.nodes.get_mut(name) {
            self.order = None;
            if node.pods == 0 {
                self.nodes.remove(name);
            } else {
                Arc::make_mut(node).known = false;
            }
        }
    }

    /// A pod is on a node (or is assumed to be).
    pub(crate) fn place(
        &mut self,
        key: &ObjectKey,
        uid: &str,
        node: &str,
        footprint: Footprint,
        assumed: bool,
    ) {
        self.remove_pod(key);
        self.node_mut(node).take(&footprint);
        let placed = Placed { node: node.to_owned(), footprint, uid: uid.to_owned(), assumed };
        self.pods.insert(key.clone(), placed);
    }

    /// A pod is gone, or has ended, or was not bound after all.
    pub(crate) fn remove_pod(&mut self, key: &ObjectKey) {
        let Some(placed) = self.pods.remove(key) else { return };
        let node = self.node_mut(&placed.node);
        node.give_back(&placed.footprint);
        if node.pods == 0 && !node.known {
            self.nodes.remove(&placed.node);
        }
    }

    /// Takes an assumption back; a pod that is known to be bound stays.
    pub(crate) fn forget(&mut self, key: &ObjectKey, uid: &str) {
        if self.pods.get(key).is_some_and(|placed| placed.assumed && placed.uid == uid) {
            self.remove_pod(key);
        }
    }

    /// Whether a pod is on a node, assumed or not.
    pub(crate) fn holds(&self, key: &ObjectKey, uid: &str) -> bool {
        self.pods.get(key).is_some_and(|placed| placed.uid == uid)
    }

    /// All known nodes, by name. Cheap when nothing changed.
    pub(crate) fn nodes(&mut self) -> &[Arc<Node>] {
        self.order.get_or_insert_with(|| self.nodes.values().filter(|node| node.known).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_given_back() {
        let mut snapshot = Snapshot::default();
        let view: NodeView =
            serde_json::from_value(serde_json::json!({"status": {"allocatable": {"cpu": "2"}}}))
                .expect("a node");
        snapshot.set_node("a", &view);
        let footprint = Footprint {
            requests: Requests::exactly(Resources { cpu_milli: 500, ..Resources::default() }),
            host_ports: Vec::new(),
        };
        let key = ObjectKey::new("default", "x");
        snapshot.place(&key, "1", "a", footprint.clone(), true);
        assert_eq!(snapshot.nodes()[0].requested.exact.cpu_milli, 500);
        snapshot.place(&key, "1", "a", footprint, false);
        assert_eq!(snapshot.nodes()[0].pods, 1);
        snapshot.forget(&key, "1");
        assert_eq!(snapshot.nodes()[0].pods, 1, "a bound pod is not forgotten");
        snapshot.remove_pod(&key);
        assert_eq!(snapshot.nodes()[0].requested, Requests::default());
        snapshot.remove_node("a");
        assert!(snapshot.nodes().is_empty());
    }
}
