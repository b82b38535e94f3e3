//! Decides on resizes: a pod that asks for other resources than it was allocated gets them, has to wait until the node
//! has them, or never will.
//!
//! All pods that wait are looked at together, in order, whenever something may have been freed; so it does not matter
//! whose change came first. Source: KEP-1287, "Priority of Resize Requests"; kubelet's events and messages.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::{Container, Pod};
use mizzen_client::EventType;
use serde_json::json;
use tracing::{info, warn};

use super::admission::{self, Lack};
use super::resources::{self, QosClass};
use super::spec::{self, Role};
use crate::kubelet::Kubelet;

/// Time between looks at what waits, though nothing was freed.
const RETRY: Duration = Duration::from_secs(180);
/// The same until all pods of the node are known.
const RETRY_AT_START: Duration = Duration::from_secs(1);

/// What can be resized.
const RESOURCES: [&str; 2] = ["cpu", "memory"];

/// Why a resize is not done: reason and message of the pod's condition.
#[derive(Debug, PartialEq, Eq)]
struct Pending {
    reason: &'static str,
    message: String,
}

fn infeasible(message: String) -> Pending {
    Pending { reason: "Infeasible", message }
}

/// Whether the node has what the pod asks for, beside what it has allocated to others.
fn check(pod: &Pod, others: &[Arc<Pod>], allocatable: impl Fn(&str) -> Option<i64>) -> Result<(), Pending> {
    if spec::is_static(pod) {
        return Err(infeasible("In-place resize of static-pods is not supported".to_owned()));
    }
    // Memory is named first.
    for name in ["memory", "cpu"] {
        let (requested, capacity) = (resources::pod_request(pod, name), allocatable(name).unwrap_or(0));
        if requested > capacity {
            return Err(infeasible(format!(
                "Node didn't have enough capacity: {name}, requested: {requested}, capacity: {capacity}"
            )));
        }
    }
    admission::has_room(pod, RESOURCES.map(str::to_owned), others, &allocatable)
        .map_err(|lack: Lack| Pending { reason: "Deferred", message: lack.to_string() })
}

/// The order in which pods that wait are looked at: what frees something first, then by priority, by class, and by how
/// long each has waited.
fn rank(kubelet: &Kubelet, wanted: &Pod, allocated: &Pod) -> impl Ord + use<> {
    let grows = RESOURCES
        .iter()
        .any(|name| resources::pod_request(wanted, name) > resources::pod_request(allocated, name));
    let pending = kubelet.allocations.conditions(wanted).pending;
    let since = pending.and_then(|condition| condition.last_transition_time).map(|time| time.0);
    (
        grows,
        Reverse(spec::spec(wanted).priority.unwrap_or(0)),
        resources::qos_class(wanted) != QosClass::Guaranteed,
        since.is_none(),
        since,
    )
}

/// Looks at all pods that wait. Workers of those for which something changed are woken, but for that of `own`.
pub(crate) fn decide(kubelet: &Arc<Kubelet>, own: Option<&str>) {
    // What a pod that is not known yet uses would be given away.
    if !kubelet.sources_are_read() {
        return;
    }
    let _turn = kubelet.allocations.turn();
    let mut waiting = Vec::new();
    for uid in kubelet.allocations.waiting() {
        let mailbox = kubelet.mailboxes.get(&uid).filter(|mailbox| mailbox.is_active());
        let Some(mailbox) = mailbox else {
            kubelet.allocations.stop_waiting(&uid);
            continue;
        };
        let wanted = mailbox.read().pod;
        let allocated = kubelet.allocations.of(&wanted);
        waiting.push((rank(kubelet, &wanted, &allocated), uid, wanted));
    }
    waiting.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    for (_, uid, pod) in waiting {
        if one(kubelet, &pod) && own != Some(uid.as_str()) {
            kubelet.mailboxes.poke(&uid);
        }
    }
}

/// Decides for one pod; whether something changed.
fn one(kubelet: &Arc<Kubelet>, pod: &Arc<Pod>) -> bool {
    let (allocations, uid, now) = (&kubelet.allocations, spec::uid(pod), kubelet.env.now());
    if !allocations.request(pod) {
        return true;
    }
    let generation = pod.metadata.generation;
    let others = admission::counted(kubelet, uid);
    let allocatable = crate::node::status::allocatable(kubelet);
    let allocatable = |name: &str| allocatable.get(name).map(|text| resources::amount(name, text));
    match check(pod, &others, allocatable) {
        Ok(()) => {
            if let Err(error) = allocations.allocate(pod) {
                warn!(pod = %spec::key(pod), %error, "What a pod was allocated could not be written, will retry.");
                return false;
            }
            allocations.stop_waiting(uid);
            allocations.with_conditions(pod, |conditions| conditions.begin(generation, now));
            info!(pod = %spec::key(pod), "A pod is resized.");
            say(kubelet, pod, EventType::Normal, "ResizeStarted", "started", generation, "");
            true
        }
        Err(Pending { reason, message }) => {
            if reason == "Infeasible" {
                allocations.stop_waiting(uid);
            }
            let news = allocations
                .with_conditions(pod, |conditions| conditions.wait(reason, &message, generation, now));
            if news {
                let event = format!("Resize{reason}");
                say(kubelet, pod, EventType::Warning, &event, reason, generation, &message);
            }
            news
        }
    }
}

/// Says how far a resize is; the message has the resources in question and what went wrong.
pub(crate) fn say(
    kubelet: &Kubelet,
    pod: &Pod,
    kind: EventType,
    reason: &str,
    what: &str,
    generation: Option<i64>,
    error: &str,
) {
    let message = format!("Pod resize {what}: {}", summary(pod, generation, error));
    kubelet.pod_event(pod, kind, reason, message);
}

fn summary(pod: &Pod, generation: Option<i64>, error: &str) -> String {
    let entry = |container: &Container| {
        let resources = container.resources.clone().unwrap_or_default();
        json!({"name": container.name, "resources": resources}).to_string()
    };
    let sidecars = spec::init_containers(pod).iter().filter(|one| spec::init_role(one) == Role::Sidecar);
    let lists = [
        ("initContainers", sidecars.map(entry).collect::<Vec<_>>()),
        ("containers", spec::spec(pod).containers.iter().map(entry).collect()),
    ];
    let lists = lists.into_iter().filter(|(_, list)| !list.is_empty());
    let mut members: Vec<String> =
        lists.map(|(name, list)| format!("\"{name}\":[{}]", list.join(","))).collect();
    members.push(format!("\"generation\":{}", generation.unwrap_or(0)));
    if !error.is_empty() {
        members.push(format!("\"error\":{}", json!(error)));
    }
    format!("{{{}}}", members.join(","))
}

/// Looks at what waits whenever something was freed, and now and then, until the kubelet stops.
pub(crate) async fn run(kubelet: Arc<Kubelet>) {
    loop {
        let wait = if kubelet.sources_are_read() { RETRY } else { RETRY_AT_START };
        tokio::select! {
            biased;
            () = kubelet.cancel.cancelled() => return,
            () = kubelet.allocations.until_freed() => {}
            () = tokio::time::sleep(wait) => {}
        }
        decide(&kubelet, None);
    }
}

/// Notes that all containers have what they were allocated: others may get what was freed.
pub(crate) fn finish(kubelet: &Kubelet, pod: &Pod) {
    if let Some(generation) = kubelet.allocations.finish(pod) {
        say(kubelet, pod, EventType::Normal, "ResizeCompleted", "completed", generation, "");
        kubelet.allocations.freed();
    }
}

/// Notes why a step of a resize failed.
pub(crate) fn failed(kubelet: &Kubelet, pod: &Pod, message: &str) {
    if kubelet.allocations.fail(pod, message, kubelet.env.now()) {
        let progress = kubelet.allocations.conditions(pod).in_progress;
        let generation = progress.and_then(|condition| condition.observed_generation);
        say(kubelet, pod, EventType::Warning, "ResizeError", "error", generation, message);
    }
}

/// Whether a pod is being resized.
pub(crate) fn is_under_way(kubelet: &Kubelet, pod: &Pod) -> bool {
    kubelet.allocations.conditions(pod).in_progress.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(cpu: &str, memory: &str) -> Pod {
        serde_json::from_value(json!({"metadata": {"name": "p", "uid": cpu}, "spec": {"containers": [
            {"name": "c", "resources": {"requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": "4"}}},
        ]}}))
        .expect("a pod")
    }

    #[test]
    fn reasons_in_kubernetes_words() {
        let allocatable = |name: &str| Some(if name == "cpu" { 2000 } else { 1000 });
        let others = [Arc::new(pod("500m", "300"))];
        let check = |cpu: &str, memory: &str, expect: Option<(&'static str, &str)>| {
            let got = super::check(&pod(cpu, memory), &others, allocatable).err();
            let expect = expect.map(|(reason, message)| Pending { reason, message: message.to_owned() });
            assert_eq!(got, expect, "{cpu} {memory}");
        };
        check("1500m", "700", None);
        check(
            "1501m",
            "700",
            Some((
                "Deferred",
                "Node didn't have enough resource: cpu, requested: 1501, used: 500, capacity: 2000",
            )),
        );
        check(
            "1",
            "701",
            Some((
                "Deferred",
                "Node didn't have enough resource: memory, requested: 701, used: 300, capacity: 1000",
            )),
        );
        check(
            "3",
            "701",
            Some(("Infeasible", "Node didn't have enough capacity: cpu, requested: 3000, capacity: 2000")),
        );
        check(
            "3",
            "1001",
            Some(("Infeasible", "Node didn't have enough capacity: memory, requested: 1001, capacity: 1000")),
        );
    }

    #[test]
    fn messages_name_the_resources() {
        let text = summary(&pod("1", "5Mi"), Some(3), "no \"room\"");
        let expect = r#"{"containers":[{"name":"c","resources":{"limits":{"cpu":"4"},"requests":{"cpu":"1","memory":"5Mi"}}}],"generation":3,"error":"no \"room\""}"#;
        assert_eq!(text, expect);
    }
}
