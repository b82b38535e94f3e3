//! The pod garbage collector: pods that nobody else would remove.
//!
//! Those are pods of nodes that are gone, pods that are being deleted but were never bound, pods of nodes that are out
//! of service, and ended pods beyond a number.

use std::time::Duration;

use k8s_openapi::api::core::v1::{Node, Pod, Taint};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use mizzen_client::{
    ApiResource, Change, DeleteParams, Error, Informer, Object, ObjectKey, Outcome, Patch, Precondition,
    WorkQueue,
};
use serde::Deserialize;
use serde_json::json;

use crate::context::{Cache, Context, Reconcile};
use crate::pod::{PodView, index_by_node};

const WORKERS: usize = 4;
/// How long a node is gone before its pods are: it may come back under its name.
const QUARANTINE: Duration = Duration::from_secs(40);
/// How long ended pods are gathered before they are counted.
const GATHER: Duration = Duration::from_secs(20);
const OUT_OF_SERVICE: &str = "node.kubernetes.io/out-of-service";

/// What matters of a node.
#[derive(Debug, Deserialize)]
struct NodeView {
    #[serde(default)]
    spec: Spec,
    #[serde(default)]
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    taints: Vec<Taint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status {
    conditions: Vec<crate::pod::Condition>,
}

impl NodeView {
    /// It is not ready, and somebody said that it is switched off.
    fn is_out_of_service(&self) -> bool {
        let ready = self.status.conditions.iter().find(|condition| condition.type_ == "Ready");
        ready.is_none_or(|ready| ready.status != "True")
            && self.spec.taints.iter().any(|taint| taint.key == OUT_OF_SERVICE)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Pod(ObjectKey),
    /// The number of ended pods.
    Ended,
}

#[derive(Clone)]
struct Controller {
    context: Context,
    nodes: Informer<NodeView>,
    pods: Informer<PodView>,
    queue: WorkQueue<Key>,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller {
        nodes: context.informers.project::<Node, NodeView>(),
        pods: context.informers.project::<Pod, PodView>(),
        queue: context.queue("orphaned_pods_nodes"),
        context: context.clone(),
    };
    index_by_node(&controller.pods);
    let own = controller.clone();
    controller.nodes.subscribe(move |change| {
        let node = change.object();
        let delay = match change {
            Change::Deleted(_) => QUARANTINE,
            Change::Added(_) | Change::Updated(..) if node.value.is_out_of_service() => Duration::ZERO,
            Change::Added(_) | Change::Updated(..) => return,
        };
        for pod in own.pods.by_index("node", &node.key.name) {
            own.queue.add_after(Key::Pod(pod.key.clone()), delay);
        }
    });
    let own = controller.clone();
    controller.pods.subscribe(move |change| own.pod_changed(change));
    let caches: [&dyn Cache; 2] = [&controller.nodes, &controller.pods];
    context
        .serve(&controller, &controller.queue, WORKERS, &caches, |own, key| async move {
            match key {
                Key::Pod(key) => own.reconcile(&key).await,
                Key::Ended => own.thin_out().await,
            }
        })
        .await;
}

impl Controller {
    fn node(&self, pod: &PodView) -> Option<std::sync::Arc<Object<NodeView>>> {
        self.nodes.get(&ObjectKey::new("", pod.spec.node_name.as_str()))
    }

    fn pod_changed(&self, change: &Change<'_, PodView>) {
        let (Change::Added(pod) | Change::Updated(_, pod)) = change else { return };
        let (deleting, key) = (pod.value.metadata.deletion_timestamp.is_some(), Key::Pod(pod.key.clone()));
        match self.node(&pod.value) {
            _ if pod.value.spec.node_name.is_empty() => {
                if deleting {
                    self.queue.add(key);
                }
            }
            // The node's list may not be in yet; the quarantine is longer than that takes.
            None => self.queue.add_after(key, QUARANTINE),
            Some(node) if deleting && node.value.is_out_of_service() => self.queue.add(key),
            Some(_) => {}
        }
        if pod.value.has_ended() && self.context.config.terminated_pod_gc_threshold > 0 {
            self.queue.add_after(Key::Ended, GATHER);
        }
    }

    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(pod) = self.pods.get(key) else { return Ok(Outcome::Done) };
        let deleting = pod.value.metadata.deletion_timestamp.is_some();
        let name = pod.value.spec.node_name.as_str();
        if name.is_empty() {
            if deleting {
                self.remove(&pod, None).await?;
            }
            return Ok(Outcome::Done);
        }
        match self.node(&pod.value) {
            Some(node) if deleting && node.value.is_out_of_service() => {
                self.remove(&pod, Some("PodGC: node is out of service")).await?;
            }
            Some(_) => {}
            // The cache may be behind.
            None if self.context.client.get::<Node>("", name).await?.is_none() => {
                self.remove(&pod, Some("PodGC: node no longer exists")).await?;
            }
            None => {}
        }
        Ok(Outcome::Done)
    }

    /// Deletes a pod at once; with `why`, a pod that has not ended is first said to have failed.
    async fn remove(&self, pod: &Object<PodView>, why: Option<&str>) -> Result<(), Error> {
        let gone = |error: &Error| error.is_not_found() || error.is_conflict();
        let key = &pod.key;
        if let Some(why) = why.filter(|_| !pod.value.has_ended()) {
            let condition = json!({
                "type": "DisruptionTarget", "status": "True", "reason": "DeletionByPodGC", "message": why,
                "lastTransitionTime": Time(self.context.env.now()),
            });
            let status = json!({"phase": "Failed", "conditions": [condition]});
            let patch = Patch::Strategic(json!({"metadata": {"uid": pod.uid}, "status": status}));
            match self.context.client.patch::<Pod>(&key.namespace, &key.name, "status", &patch).await {
                Err(error) if gone(&error) => return Ok(()),
                other => drop(other?),
            }
        }
        let params = DeleteParams {
            grace_period_seconds: Some(0),
            preconditions: Some(Precondition { uid: Some(pod.uid.clone()), resource_version: None }),
            ..DeleteParams::default()
        };
        match self.context.client.delete_as(&ApiResource::of::<Pod>(), key, &params).await {
            Err(error) if !gone(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// Deletes the oldest ended pods when there are too many; evicted ones go first.
    async fn thin_out(&self) -> Reconcile {
        let pods = self.pods.list();
        let mut ended: Vec<_> = pods.iter().filter(|pod| pod.value.has_ended()).collect();
        let surplus = ended.len().saturating_sub(self.context.config.terminated_pod_gc_threshold);
        ended.sort_by_key(|pod| {
            let evicted = pod.value.status.reason == "Evicted";
            let age = pod.value.metadata.creation_timestamp.as_ref().map(|time| time.0);
            (!evicted, age, pod.key.clone())
        });
        for pod in ended.into_iter().take(surplus) {
            self.remove(pod, None).await?;
        }
        Ok(Outcome::Done)
    }
}
