//! The node lifecycle controller: notices nodes that fell silent, and says by taints what a node is not fit for.
//!
//! A node shows that it lives by renewing its Lease in kube-node-lease or by writing its status. When it has done
//! neither for the grace period, its conditions become Unknown; taints follow from conditions, and other controllers
//! and the scheduler act on taints.

mod conditions;
mod disruption;
mod pods;
mod taints;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{Node, NodeCondition, Pod};
use mizzen_client::{
    ApiResource, Change, Error, EventType, Informer, ListParams, Object, ObjectKey, Outcome, WorkQueue,
};
use mizzen_clock::Map;
use serde::Deserialize;
use tokio::time::Instant;

use self::disruption::Rates;
use crate::context::{Cache, Context, Reconcile, about};
use crate::pod::{PodView, index_by_node};

/// Reconciles at once.
const WORKERS: usize = 8;
/// A node without any status yet has this much longer (`--node-startup-grace-period`).
const STARTUP_GRACE: Duration = Duration::from_secs(60);
const LEASE_NAMESPACE: &str = "kube-node-lease";

/// What matters of a lease.
#[derive(Debug, Deserialize)]
struct LeaseView {
    #[serde(default)]
    spec: LeaseSpec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct LeaseSpec {
    /// As written: only whether it changes matters, since the node's clock is not ours.
    renew_time: String,
}

/// What was seen of a node, by our own clock.
struct Seen {
    uid: String,
    renewed: String,
    ready: Option<NodeCondition>,
    /// When one of them changed.
    at: Instant,
    /// Whether its pods have been told that it is not ready.
    pods_told: bool,
}

#[derive(Clone)]
struct Controller {
    context: Context,
    nodes: Informer<Node>,
    leases: Informer<LeaseView>,
    pods: Informer<PodView>,
    queue: WorkQueue<String>,
    seen: Arc<Mutex<Map<String, Seen>>>,
    rates: Arc<Mutex<Rates>>,
    resource: ApiResource,
}

#[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
fn now() -> Instant {
    Instant::now()
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let leases = ApiResource::of::<Lease>();
    let controller = Controller {
        nodes: context.informers.of::<Node>(),
        leases: context.informers.select(leases, LEASE_NAMESPACE, ListParams::default()),
        pods: context.informers.project::<Pod, PodView>(),
        queue: context.queue("node_lifecycle_controller"),
        seen: Arc::default(),
        rates: Arc::default(),
        resource: ApiResource::of::<Node>(),
        context: context.clone(),
    };
    index_by_node(&controller.pods);
    controller.listen();
    let caches: [&dyn Cache; 3] = [&controller.nodes, &controller.leases, &controller.pods];
    context
        .serve(&controller, &controller.queue, WORKERS, &caches, |own, name| async move {
            own.reconcile(&name).await
        })
        .await;
}

/// The condition of this type.
fn condition<'a>(node: &'a Node, type_: &str) -> Option<&'a NodeCondition> {
    node.status.as_ref()?.conditions.iter().flatten().find(|condition| condition.type_ == type_)
}

/// The status of the node's Ready condition; Unknown when it has none.
fn readiness(node: &Node) -> &str {
    condition(node, "Ready").map_or("Unknown", |ready| ready.status.as_str())
}

impl Controller {
    fn listen(&self) {
        let own = self.clone();
        self.nodes.subscribe(move |change| {
            let node = change.object();
            match change {
                Change::Added(_) => own.say(
                    node,
                    "RegisteredNode",
                    format!("Node {0} event: Registered Node {0} in Controller", node.key.name),
                ),
                Change::Deleted(_) => {
                    own.seen().remove(&node.key.name);
                    own.rates().forget(&node.key.name);
                    own.say(
                        node,
                        "RemovingNode",
                        format!("Node {0} event: Removing Node {0} from Controller", node.key.name),
                    );
                }
                Change::Updated(..) => {}
            }
            own.queue.add(node.key.name.clone());
        });
        let own = self.clone();
        self.leases.subscribe(move |change| {
            // A silent node's renewal is news; others look at their lease when it is due.
            let name = &change.object().key.name;
            own.observe(name);
            let node = own.nodes.get(&ObjectKey::new("", name.as_str()));
            if node.is_none_or(|node| readiness(&node.value) != "True") {
                own.queue.add(name.clone());
            }
        });
        let own = self.clone();
        self.pods.subscribe(move |change| {
            // A pod that claims to be ready on a node that is silent.
            let pod = change.object();
            let name = &pod.value.spec.node_name;
            if name.is_empty() || !pod.value.is_ready() || matches!(change, Change::Deleted(_)) {
                return;
            }
            let node = own.nodes.get(&ObjectKey::new("", name.as_str()));
            if node.is_some_and(|node| readiness(&node.value) == "Unknown") {
                if let Some(seen) = own.seen().get_mut(name) {
                    seen.pods_told = false;
                }
                own.queue.add(name.clone());
            }
        });
    }

    fn seen(&self) -> MutexGuard<'_, Map<String, Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rates(&self) -> MutexGuard<'_, Rates> {
        self.rates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, node: &Object<Node>, reason: &str, message: String) {
        let about = about(&self.resource, &node.key, &node.uid, "");
        self.context.events.event(&about, EventType::Normal, reason, message);
    }

    /// Notes whether the node gave a sign of life, and how long ago its last one is.
    fn observe(&self, name: &str) -> Option<Duration> {
        let key = ObjectKey::new("", name);
        let node = self.nodes.get(&key)?;
        let lease = self.leases.get(&ObjectKey::new(LEASE_NAMESPACE, name));
        let renewed = lease.map(|lease| lease.value.spec.renew_time.clone()).unwrap_or_default();
        let ready = condition(&node.value, "Ready").cloned();
        let fresh = || Seen {
            uid: node.uid.clone(),
            renewed: renewed.clone(),
            ready: ready.clone(),
            at: now(),
            pods_told: false,
        };
        let mut all = self.seen();
        let seen = all.entry(name.to_owned()).or_insert_with(fresh);
        if seen.uid != node.uid {
            *seen = fresh();
        }
        // What we wrote ourselves is no sign of life.
        let by_node = ready.as_ref().is_some_and(|ready| ready.status != "Unknown") && seen.ready != ready;
        if seen.renewed != renewed || by_node {
            seen.at = now();
        }
        if ready.as_ref().is_some_and(|ready| ready.status == "True") {
            seen.pods_told = false;
        }
        (seen.renewed, seen.ready) = (renewed, ready);
        Some(seen.at.elapsed())
    }

    async fn reconcile(&self, name: &str) -> Reconcile {
        let Some(silent) = self.observe(name) else { return Ok(Outcome::Done) };
        let Some(node) = self.nodes.get(&ObjectKey::new("", name)) else { return Ok(Outcome::Done) };
        let grace = match condition(&node.value, "Ready") {
            Some(_) => self.context.config.node_monitor_grace_period,
            None => STARTUP_GRACE.max(self.context.config.node_monitor_grace_period),
        };
        let mut next = grace.saturating_sub(silent);
        if next.is_zero() {
            // Whatever comes from it now comes as a change.
            next = self.context.config.node_monitor_period;
            if let Some(status) = conditions::silenced(&node.value, self.context.env.now()) {
                let object = Node { status: Some(status), ..node.value.clone() };
                return match self.context.client.update_status(&object).await {
                    // Its new state brings us here again.
                    Ok(_) => {
                        self.say(&node, "NodeNotReady", format!("Node {name} status is now: NodeNotReady"));
                        Ok(Outcome::After(next))
                    }
                    Err(error) if error.is_conflict() => Ok(Outcome::Retry),
                    Err(error) if error.is_not_found() => Ok(Outcome::Done),
                    Err(error) => Err(error),
                };
            }
        }
        self.tell_pods(&node).await?;
        match self.taint(&node).await {
            Ok(Some(wait)) => Ok(Outcome::After(wait.min(next))),
            Ok(None) => Ok(Outcome::After(next)),
            Err(error) if error.is_conflict() => Ok(Outcome::Retry),
            Err(error) if error.is_not_found() => Ok(Outcome::Done),
            Err(error) => Err(error),
        }
    }

    /// Makes pods on a node that is not ready not ready, once for each time that it stops being ready.
    async fn tell_pods(&self, node: &Object<Node>) -> Result<(), Error> {
        let name = &node.key.name;
        let ready = readiness(&node.value);
        let told = self.seen().get(name).is_some_and(|seen| seen.pods_told);
        if ready == "True" || told {
            return Ok(());
        }
        // A node that says of itself that it is not ready goes on to report its pods.
        for pod in self.pods.by_index("node", name).iter().filter(|pod| pod.value.is_ready()) {
            pods::mark_not_ready(&self.context, pod).await?;
        }
        if let Some(seen) = self.seen().get_mut(name) {
            seen.pods_told = true;
        }
        Ok(())
    }

    fn timestamp(&self) -> Timestamp {
        self.context.env.now()
    }
}
