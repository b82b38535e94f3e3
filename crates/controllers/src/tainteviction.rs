//! Taint eviction: pods leave nodes whose NoExecute taints they do not tolerate, or no longer.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Node, Pod, Taint, Toleration};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use mizzen_client::{
    ApiResource, Change, DeleteParams, EventType, Informer, Object, ObjectKey, Outcome, Patch, WorkQueue,
};
use serde::Deserialize;
use serde_json::json;

use crate::context::{Cache, Context, Reconcile, about};
use crate::pod::{PodView, index_by_node};

/// Reconciles at once.
const WORKERS: usize = 8;

/// A node: only its taints matter.
#[derive(Debug, Deserialize)]
struct NodeView {
    #[serde(default)]
    spec: Spec,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Spec {
    taints: Vec<Taint>,
}

impl NodeView {
    fn evicting(&self) -> impl Iterator<Item = &Taint> {
        self.spec.taints.iter().filter(|taint| taint.effect == "NoExecute")
    }
}

#[derive(Clone)]
struct Controller {
    context: Context,
    nodes: Informer<NodeView>,
    pods: Informer<PodView>,
    queue: WorkQueue<ObjectKey>,
    resource: ApiResource,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller {
        nodes: context.informers.project::<Node, NodeView>(),
        pods: context.informers.project::<Pod, PodView>(),
        queue: context.queue("noexec_taint"),
        resource: ApiResource::of::<Pod>(),
        context: context.clone(),
    };
    index_by_node(&controller.pods);
    let own = controller.clone();
    controller.nodes.subscribe(move |change| {
        let node = change.object();
        let same = match change {
            Change::Updated(old, new) => old.value.evicting().eq(new.value.evicting()),
            Change::Added(node) => node.value.evicting().next().is_none(),
            Change::Deleted(_) => true,
        };
        if !same {
            let pods = own.pods.by_index("node", &node.key.name);
            pods.iter().for_each(|pod| own.queue.add(pod.key.clone()));
        }
    });
    let own = controller.clone();
    controller.pods.subscribe(move |change| {
        let pod = change.object();
        let same = match change {
            Change::Updated(old, new) => {
                old.value.spec.node_name == new.value.spec.node_name
                    && old.value.spec.tolerations == new.value.spec.tolerations
            }
            Change::Added(_) => false,
            Change::Deleted(_) => true,
        };
        if !same && !pod.value.spec.node_name.is_empty() {
            own.queue.add(pod.key.clone());
        }
    });
    let caches: [&dyn Cache; 2] = [&controller.nodes, &controller.pods];
    context
        .serve(&controller, &controller.queue, WORKERS, &caches, |own, key| async move {
            own.reconcile(&key).await
        })
        .await;
}

/// Whether a toleration covers a taint.
fn tolerates(toleration: &Toleration, taint: &Taint) -> bool {
    let empty = |field: &Option<String>| field.as_ref().is_none_or(String::is_empty);
    let effect = empty(&toleration.effect) || toleration.effect.as_ref() == Some(&taint.effect);
    let exists = toleration.operator.as_deref() == Some("Exists");
    let key = if empty(&toleration.key) { exists } else { toleration.key.as_ref() == Some(&taint.key) };
    let value = |field: &Option<String>| field.clone().unwrap_or_default();
    effect && key && (exists || value(&toleration.value) == value(&taint.value))
}

/// When a pod has to go.
#[derive(Debug, PartialEq, Eq)]
enum Stay {
    /// It may stay.
    ForEver,
    /// It has to go then.
    Until(Timestamp),
}

/// How long a pod that has been there `since` may stay under these taints.
fn stay<'a>(taints: impl Iterator<Item = &'a Taint>, tolerations: &[Toleration], since: Timestamp) -> Stay {
    let mut end: Option<Timestamp> = None;
    for taint in taints {
        let begin = taint.time_added.as_ref().map_or(since, |time| time.0.max(since));
        let fitting: Vec<_> = tolerations.iter().filter(|own| tolerates(own, taint)).collect();
        // Without a toleration at once; of several the shortest counts.
        let seconds = match fitting.as_slice() {
            [] => Some(0),
            some => some.iter().filter_map(|own| own.toleration_seconds).min(),
        };
        if let Some(seconds) = seconds {
            let span = jiff::SignedDuration::from_secs(seconds.max(0));
            let due = begin.checked_add(span).unwrap_or(Timestamp::MAX);
            end = Some(end.map_or(due, |end| end.min(due)));
        }
    }
    end.map_or(Stay::ForEver, Stay::Until)
}

impl Controller {
    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(pod) = self.pods.get(key) else { return Ok(Outcome::Done) };
        if pod.value.metadata.deletion_timestamp.is_some() || pod.value.has_ended() {
            return Ok(Outcome::Done);
        }
        let Some(node) = self.nodes.get(&ObjectKey::new("", pod.value.spec.node_name.as_str())) else {
            return Ok(Outcome::Done);
        };
        let now = self.context.env.now();
        match stay(node.value.evicting(), &pod.value.spec.tolerations, bound_since(&pod.value)) {
            Stay::ForEver => Ok(Outcome::Done),
            Stay::Until(due) if due > now => {
                // Times in objects have no fractions: not sooner, but up to a second later.
                let wait = Duration::try_from(due.duration_since(now)).unwrap_or_default();
                Ok(Outcome::After(wait))
            }
            Stay::Until(_) => self.evict(&pod).await,
        }
    }

    async fn evict(&self, pod: &Object<PodView>) -> Reconcile {
        let key = &pod.key;
        let pod_ref = about(&self.resource, key, &pod.uid, "");
        let message = format!("Marking for deletion Pod {key}");
        self.context.events.event(&pod_ref, EventType::Normal, "TaintManagerEviction", message);
        let condition = json!({
            "type": "DisruptionTarget", "status": "True", "reason": "DeletionByTaintManager",
            "message": "Taint manager: deleting due to NoExecute taint",
            "lastTransitionTime": Time(self.context.env.now()),
        });
        let patch = json!({"metadata": {"uid": pod.uid}, "status": {"conditions": [condition]}});
        let patch = Patch::Strategic(patch);
        let patched = self.context.client.patch::<Pod>(&key.namespace, &key.name, "status", &patch);
        let gone = |error: &mizzen_client::Error| error.is_not_found() || error.is_conflict();
        match patched.await {
            Err(error) if gone(&error) => return Ok(Outcome::Done),
            other => drop(other?),
        }
        let params = DeleteParams::uid(pod.uid.clone());
        match self.context.client.delete::<Pod>(&key.namespace, &key.name, &params).await {
            Err(error) if !gone(&error) => Err(error),
            _ => Ok(Outcome::Done),
        }
    }
}

/// Since when a pod has been on its node: when it was scheduled, or made, if that is not told.
fn bound_since(pod: &PodView) -> Timestamp {
    let mut conditions = pod.status.conditions.iter();
    let scheduled = conditions.find(|one| one.type_ == "PodScheduled" && one.status == "True");
    let scheduled = scheduled.and_then(|condition| condition.last_transition_time.as_ref());
    let time = scheduled.or(pod.metadata.creation_timestamp.as_ref());
    time.map_or(Timestamp::UNIX_EPOCH, |time| time.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_toleration_counts() {
        let at = |seconds: i64| Timestamp::from_second(seconds).expect("a time");
        let check = |taints: serde_json::Value, tolerations: serde_json::Value, expect: Stay| {
            let taints: Vec<Taint> = serde_json::from_value(taints).expect("taints");
            let tolerations: Vec<Toleration> = serde_json::from_value(tolerations).expect("tolerations");
            assert_eq!(stay(taints.iter(), &tolerations, at(100)), expect, "{taints:?} {tolerations:?}");
        };
        let a = json!([{"key": "a", "effect": "NoExecute", "timeAdded": "1970-01-01T00:03:20Z"}]);
        check(json!([]), json!([]), Stay::ForEver);
        check(a.clone(), json!([]), Stay::Until(at(200)));
        check(a.clone(), json!([{"operator": "Exists"}]), Stay::ForEver);
        check(a.clone(), json!([{"key": "b", "operator": "Exists"}]), Stay::Until(at(200)));
        let seconds = |key: &str, count: i64| json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": count});
        check(a.clone(), json!([seconds("a", 30), seconds("a", 20)]), Stay::Until(at(220)));
        check(a, json!([seconds("a", -1)]), Stay::Until(at(200)));
        let two = json!([
            {"key": "a", "effect": "NoExecute", "timeAdded": "1970-01-01T00:00:50Z"},
            {"key": "b", "effect": "NoExecute", "value": "x"},
        ]);
        let equal = json!({"key": "b", "value": "x"});
        check(two.clone(), json!([seconds("a", 300), equal]), Stay::Until(at(400)));
        check(two, json!([seconds("a", 300)]), Stay::Until(at(100)));
    }
}
