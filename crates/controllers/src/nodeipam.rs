//! Node IPAM: every node gets a range of pod addresses of its own.
//!
//! What is taken is told by the nodes themselves, so nothing has to be remembered across restarts.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::Ipv4Net;
use k8s_openapi::api::core::v1::Node;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_client::{ApiResource, Change, EventType, Informer, Object, ObjectKey, Outcome, Patch};
use serde::Deserialize;
use serde_json::json;
use tracing::warn;

use crate::context::{Cache, Context, Reconcile, about};

/// One: who comes first gets the range.
const WORKERS: usize = 1;

/// What matters of a node.
#[derive(Debug, Deserialize)]
struct NodeView {
    #[serde(default)]
    metadata: ObjectMeta,
    #[serde(default)]
    spec: Spec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    #[serde(rename = "podCIDR")]
    pod_cidr: String,
    #[serde(rename = "podCIDRs")]
    pod_cidrs: Vec<String>,
}

impl NodeView {
    fn ranges(&self) -> impl Iterator<Item = &str> {
        let first = Some(self.spec.pod_cidr.as_str()).filter(|_| self.spec.pod_cidrs.is_empty());
        self.spec.pod_cidrs.iter().map(String::as_str).chain(first).filter(|range| !range.is_empty())
    }
}

/// The parts of a range, and who has them.
#[derive(Debug)]
struct Parts {
    range: Ipv4Net,
    size: u8,
    taken: BTreeSet<u32>,
    by_node: BTreeMap<String, BTreeSet<u32>>,
    /// Where to look first: a part that was just freed is not given out again at once.
    next: u32,
}

impl Parts {
    fn new(range: Ipv4Net, size: u8) -> Self {
        let range = range.trunc();
        Self { range, size, taken: BTreeSet::new(), by_node: BTreeMap::new(), next: 0 }
    }

    fn count(&self) -> u32 {
        1u32 << (self.size - self.range.prefix_len()).min(31)
    }

    fn part(&self, index: u32) -> Ipv4Net {
        let shift = 32 - u32::from(self.size);
        let address = u32::from(self.range.network()) + (index << shift);
        Ipv4Net::new(Ipv4Addr::from(address), self.size).expect("the size is at most 30")
    }

    /// The parts that `taken` touches; none when it lies elsewhere.
    fn indexes(&self, taken: &str) -> std::ops::Range<u32> {
        let Ok(taken) = taken.parse::<Ipv4Net>() else { return 0..0 };
        if !self.range.contains(&taken.network()) {
            // It may contain us as a whole.
            return if taken.contains(&self.range.network()) { 0..self.count() } else { 0..0 };
        }
        let shift = 32 - u32::from(self.size);
        let from = (u32::from(taken.network()) - u32::from(self.range.network())) >> shift;
        let to = (u32::from(taken.broadcast()) - u32::from(self.range.network())) >> shift;
        from..to.saturating_add(1).min(self.count())
    }

    /// Notes what a node has.
    fn occupy<'a>(&mut self, node: &str, ranges: impl Iterator<Item = &'a str>) {
        for range in ranges {
            for index in self.indexes(range) {
                self.taken.insert(index);
                self.by_node.entry(node.to_owned()).or_default().insert(index);
            }
        }
    }

    /// Gives a node a free part; `None`: there is none.
    fn allocate(&mut self, node: &str) -> Option<Ipv4Net> {
        let count = self.count();
        let free =
            (0..count).map(|step| (self.next + step) % count).find(|index| !self.taken.contains(index))?;
        self.next = (free + 1) % count;
        self.taken.insert(free);
        self.by_node.entry(node.to_owned()).or_default().insert(free);
        Some(self.part(free))
    }

    /// A node is gone, or did not take what it was given.
    fn release(&mut self, node: &str) {
        for index in self.by_node.remove(node).unwrap_or_default() {
            if !self.by_node.values().any(|parts| parts.contains(&index)) {
                self.taken.remove(&index);
            }
        }
    }
}

#[derive(Clone)]
struct Controller {
    context: Context,
    nodes: Informer<NodeView>,
    parts: Arc<Mutex<Parts>>,
    resource: ApiResource,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let Some(range) = context.config.cluster_cidr else { return context.cancel.cancelled().await };
    let controller = Controller {
        nodes: context.informers.project::<Node, NodeView>(),
        parts: Arc::new(Mutex::new(Parts::new(range, context.config.node_cidr_mask_size))),
        resource: ApiResource::of::<Node>(),
        context: context.clone(),
    };
    let queue = context.queue::<String>("cidrallocator");
    let (own, waiting) = (controller.clone(), queue.clone());
    controller.nodes.subscribe(move |change| {
        let node = change.object();
        match change {
            Change::Deleted(_) => {
                own.parts().release(&node.key.name);
                // What it had may be what others wait for.
                for other in own.nodes.list().iter().filter(|other| other.value.ranges().next().is_none()) {
                    waiting.add(other.key.name.clone());
                }
            }
            Change::Added(_) | Change::Updated(..) => {
                own.parts().occupy(&node.key.name, node.value.ranges());
                if node.value.ranges().next().is_none() {
                    waiting.add(node.key.name.clone());
                }
            }
        }
    });
    // Nothing is given out before it is known what is taken.
    let caches: [&dyn Cache; 1] = [&controller.nodes];
    context
        .serve(&controller, &queue, WORKERS, &caches, |own, name| async move { own.reconcile(&name).await })
        .await;
}

impl Controller {
    fn parts(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn reconcile(&self, name: &str) -> Reconcile {
        let Some(node) = self.nodes.get(&ObjectKey::new("", name)) else { return Ok(Outcome::Done) };
        if node.value.ranges().next().is_some() {
            return Ok(Outcome::Done);
        }
        let given = self.parts().by_node.get(name).and_then(|parts| parts.first().copied());
        let part = match given {
            // Given already, but not seen on the node yet: the same again does no harm.
            Some(index) => self.parts().part(index),
            None => {
                let Some(part) = self.parts().allocate(name) else { return Ok(self.none_left(&node)) };
                part
            }
        };
        let patch = json!({
            "metadata": {"uid": node.uid},
            "spec": {"podCIDR": part.to_string(), "podCIDRs": [part.to_string()]},
        });
        match self.context.client.patch::<Node>("", name, "", &Patch::Strategic(patch)).await {
            Ok(_) => Ok(Outcome::Done),
            Err(error) if error.is_not_found() => {
                self.parts().release(name);
                Ok(Outcome::Done)
            }
            Err(error) => {
                // Refused: it has another one that we have not seen yet, or is another node. Whether a broken
                // connection wrote it is not known: it stays given until the node says so.
                if error.code().is_some() {
                    self.parts().release(name);
                }
                Err(error)
            }
        }
    }

    fn none_left(&self, node: &Object<NodeView>) -> Outcome {
        warn!(node = node.key.name, "No range of pod addresses is left for the node.");
        let message = format!("Node {} status is now: CIDRNotAvailable", node.key.name);
        let uid = node.value.metadata.uid.as_deref().unwrap_or_default();
        let about = about(&self.resource, &node.key, uid, "");
        self.context.events.event(&about, EventType::Normal, "CIDRNotAvailable", message);
        // The end of another node, which is what this one waits for, brings us here again.
        Outcome::Done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(range: &str, size: u8) -> Parts {
        Parts::new(range.parse().expect("a range"), size)
    }

    #[test]
    fn parts_are_given_out_once() {
        let mut parts = parts("10.244.0.0/22", 24);
        parts.occupy("old", ["10.244.1.0/24"].into_iter());
        let names = ["a", "b", "c", "d"];
        let given: Vec<_> =
            names.iter().map(|name| parts.allocate(name).map(|part| part.to_string())).collect();
        let part = |text: &str| Some(text.to_owned());
        assert_eq!(given, [part("10.244.0.0/24"), part("10.244.2.0/24"), part("10.244.3.0/24"), None]);
        parts.release("b");
        assert_eq!(parts.allocate("d"), Some("10.244.2.0/24".parse().expect("a range")));
    }

    #[test]
    fn what_is_taken_is_seen_at_any_size() {
        let check = |taken: &str, expect: std::ops::Range<u32>| {
            assert_eq!(parts("10.244.0.0/16", 24).indexes(taken), expect, "{taken}");
        };
        check("10.244.3.0/24", 3..4);
        check("10.244.4.0/23", 4..6);
        check("10.244.4.128/25", 4..5);
        check("10.0.0.0/8", 0..256);
        check("10.245.0.0/24", 0..0);
        check("fd00::/64", 0..0);
    }

    #[test]
    fn two_nodes_that_claim_the_same_part_both_hold_it() {
        let mut parts = parts("10.244.0.0/23", 24);
        parts.occupy("a", ["10.244.0.0/24"].into_iter());
        parts.occupy("b", ["10.244.0.0/24"].into_iter());
        parts.release("a");
        assert_eq!(parts.allocate("c"), Some("10.244.1.0/24".parse().expect("a range")));
        assert_eq!(parts.allocate("d"), None);
    }
}
