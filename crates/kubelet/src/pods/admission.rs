//! Whether a pod that was assigned to this node can run here.
//!
//! The scheduler decided on what it knew; the node has the last word.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use k8s_openapi::api::core::v1::{Node, NodeSelectorRequirement, NodeSelectorTerm, Pod};

use mizzen_kernel::apparmor;
use tracing::warn;

use super::registry::Mailbox;
use super::status::Failure;
use super::{resources, security, spec};
use crate::cri::PodRuntime;
use crate::kubelet::Kubelet;
use crate::node::status as node_status;

fn refuse(reason: impl Into<String>, message: impl Into<String>) -> Failure {
    Failure { reason: reason.into(), message: message.into(), grace_s: None }
}

/// Too little of a resource is left.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "Node didn't have enough resource: {name}, requested: {requested}, used: {used}, capacity: {capacity}"
)]
pub(crate) struct Lack {
    name: String,
    requested: i64,
    used: i64,
    capacity: i64,
}

impl From<Lack> for Failure {
    fn from(lack: Lack) -> Self {
        refuse(format!("OutOf{}", lack.name), format!("Pod was rejected: {lack}"))
    }
}

/// The other pods whose resources count, as they were allocated: those that were admitted, and, after the kubelet was
/// started, those that will be because they were before.
pub(crate) fn counted(kubelet: &Kubelet, uid: &str) -> Vec<Arc<Pod>> {
    let all = kubelet.mailboxes.all().into_iter().filter(|(other, _)| other != uid);
    let counts = all.filter_map(|(_, mailbox)| {
        let pod = mailbox.read().pod;
        let ran = mailbox.is_new()
            && pod
                .status
                .as_ref()
                .is_some_and(|status| status.start_time.is_some() && !super::status::is_terminal(status));
        (mailbox.is_active() || ran).then_some(pod)
    });
    counts.map(|pod| kubelet.allocations.of(&pod)).collect()
}

/// Admits a pod and counts it from then on, or says why not. What runs already is not asked again.
pub(crate) fn admit(
    kubelet: &Arc<Kubelet>,
    pod: &Pod,
    mailbox: &Mailbox,
    runtime: &PodRuntime,
) -> Result<(), Failure> {
    let known = !runtime.sandboxes.is_empty() || spec::status(pod).start_time.is_some();
    let _turn = kubelet.allocations.turn();
    if !known {
        let others = counted(kubelet, spec::uid(pod));
        let allocatable = node_status::allocatable(kubelet);
        let allocatable: BTreeMap<String, i64> = allocatable
            .iter()
            .map(|(name, quantity)| (name.clone(), resources::amount(name, quantity)))
            .collect();
        check(pod, kubelet.node().as_deref(), &others, &allocatable, &kubelet.config.allowed_unsafe_sysctls)?;
        if security::asks_for_apparmor(pod) && !apparmor::is_enabled() {
            let text = "Cannot enforce AppArmor: AppArmor is not enabled on the host";
            return Err(refuse("AppArmor", text));
        }
        let health = kubelet.health.borrow();
        let pressed = health.memory_pressure && resources::qos_class(pod) == resources::QosClass::BestEffort;
        if !spec::is_critical(pod) && (pressed || health.disk_pressure || health.pid_pressure) {
            let names = [
                (health.memory_pressure, "MemoryPressure"),
                (health.disk_pressure, "DiskPressure"),
                (health.pid_pressure, "PIDPressure"),
            ];
            let names: Vec<&str> = names.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
            return Err(refuse("Evicted", format!("The node had condition: [{}]. ", names.join(" "))));
        }
    }
    if let Err(error) = kubelet.allocations.adopt(pod) {
        // It may run; a restart of the kubelet before the next resize takes its spec as allocated.
        warn!(pod = %spec::key(pod), %error, "What a pod was allocated could not be written.");
    }
    mailbox.set_active(true);
    Ok(())
}

/// The checks, on plain data.
fn check(
    pod: &Pod,
    node: Option<&Node>,
    others: &[Arc<Pod>],
    allocatable: &BTreeMap<String, i64>,
    unsafe_sysctls: &[String],
) -> Result<(), Failure> {
    if let Some(name) = security::forbidden_sysctl(pod, unsafe_sysctls) {
        return Err(refuse("SysctlForbidden", format!("forbidden sysctl: \"{name}\" not allowlisted")));
    }
    if let Some(os) = spec::spec(pod).os.as_ref().filter(|os| os.name != "linux") {
        let text = format!("Failed to admit pod as the OS field doesn't match node OS: {}", os.name);
        return Err(refuse("PodOSNotSupported", text));
    }
    fits(pod, others, allocatable)?;
    let taken = host_ports(others.iter().map(AsRef::as_ref));
    if host_ports(std::iter::once(pod)).iter().any(|port| clashes(port, &taken)) {
        return Err(refuse(
            "NodePorts",
            "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
        ));
    }
    if let Some(node) = node {
        if !selects(pod, node) {
            let text = "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
            return Err(refuse("NodeAffinity", text));
        }
        if let Some(taint) = untolerated(pod, node) {
            let text = format!(
                "Pod was rejected: Predicate TaintToleration failed: node(s) had untolerated taint {{{taint}}}"
            );
            return Err(refuse("TaintToleration", text));
        }
    }
    Ok(())
}

fn fits(pod: &Pod, others: &[Arc<Pod>], allocatable: &BTreeMap<String, i64>) -> Result<(), Failure> {
    let capacity = allocatable.get("pods").copied().unwrap_or(i64::MAX);
    let used = i64::try_from(others.len()).unwrap_or(i64::MAX);
    if used >= capacity {
        return Err(Lack { name: "pods".to_owned(), requested: 1, used, capacity }.into());
    }
    let names = resources::requested_resources(pod);
    Ok(has_room(pod, names, others, |name| allocatable.get(name).copied())?)
}

/// Whether the node has as much as the pod asks for of these resources beside what the others have.
pub(crate) fn has_room(
    pod: &Pod,
    names: impl IntoIterator<Item = String>,
    others: &[Arc<Pod>],
    allocatable: impl Fn(&str) -> Option<i64>,
) -> Result<(), Lack> {
    for name in names {
        let requested = resources::pod_request(pod, &name);
        if requested == 0 {
            continue;
        }
        let Some(capacity) = allocatable(&name) else {
            // What the node knows nothing of is a device's or the scheduler's matter.
            if matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage") {
                return Err(Lack { name, requested, used: 0, capacity: 0 });
            }
            continue;
        };
        let used: i64 = others.iter().map(|other| resources::pod_request(other, &name)).sum();
        if used.saturating_add(requested) > capacity {
            return Err(Lack { name, requested, used, capacity });
        }
    }
    Ok(())
}

type HostPort = (String, String, i32);

fn host_ports<'a>(pods: impl Iterator<Item = &'a Pod>) -> BTreeSet<HostPort> {
    let mut ports = BTreeSet::new();
    for pod in pods {
        for (container, role) in spec::all_containers(pod) {
            if role == spec::Role::Init {
                continue;
            }
            for port in container.ports.iter().flatten() {
                if let Some(number) = port.host_port.filter(|number| *number > 0) {
                    let ip = port
                        .host_ip
                        .clone()
                        .filter(|ip| !ip.is_empty())
                        .unwrap_or_else(|| "0.0.0.0".to_owned());
                    let protocol = port.protocol.clone().unwrap_or_else(|| "TCP".to_owned());
                    ports.insert((ip, protocol, number));
                }
            }
        }
    }
    ports
}

fn clashes(port: &HostPort, taken: &BTreeSet<HostPort>) -> bool {
    let any = |ip: &str| ip == "0.0.0.0" || ip == "::";
    taken.iter().any(|other| {
        other.1 == port.1 && other.2 == port.2 && (other.0 == port.0 || any(&other.0) || any(&port.0))
    })
}

/// Whether the pod's node selector and required node affinity match the node.
fn selects(pod: &Pod, node: &Node) -> bool {
    let empty = BTreeMap::new();
    let labels = node.metadata.labels.as_ref().unwrap_or(&empty);
    let spec_ = spec::spec(pod);
    if !spec_.node_selector.iter().flatten().all(|(key, value)| labels.get(key) == Some(value)) {
        return false;
    }
    let affinity = spec_.affinity.as_ref().and_then(|affinity| affinity.node_affinity.as_ref());
    let required =
        affinity.and_then(|affinity| affinity.required_during_scheduling_ignored_during_execution.as_ref());
    required.is_none_or(|required| {
        required.node_selector_terms.iter().any(|term| term_matches(term, node, labels))
    })
}

fn term_matches(term: &NodeSelectorTerm, node: &Node, labels: &BTreeMap<String, String>) -> bool {
    let expressions = term.match_expressions.as_deref().unwrap_or_default();
    let fields = term.match_fields.as_deref().unwrap_or_default();
    if expressions.is_empty() && fields.is_empty() {
        return false;
    }
    let name = node.metadata.name.as_deref();
    expressions.iter().all(|term| requirement_holds(term, labels.get(&term.key).map(String::as_str)))
        && fields.iter().all(|term| requirement_holds(term, name.filter(|_| term.key == "metadata.name")))
}

fn requirement_holds(requirement: &NodeSelectorRequirement, value: Option<&str>) -> bool {
    let values = requirement.values.as_deref().unwrap_or_default();
    let listed = value.is_some_and(|value| values.iter().any(|one| one == value));
    let numbers = || Some((value?.parse::<i64>().ok()?, values.first()?.parse::<i64>().ok()?));
    match requirement.operator.as_str() {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        "Gt" => numbers().is_some_and(|(own, bound)| own > bound),
        "Lt" => numbers().is_some_and(|(own, bound)| own < bound),
        _ => false,
    }
}

/// A NoExecute taint that the pod does not tolerate; static pods tolerate everything.
fn untolerated(pod: &Pod, node: &Node) -> Option<String> {
    if spec::is_static(pod) {
        return None;
    }
    let taints = node.spec.as_ref()?.taints.as_deref()?;
    let tolerations = spec::spec(pod).tolerations.as_deref().unwrap_or_default();
    let tolerated = |taint: &k8s_openapi::api::core::v1::Taint| {
        tolerations.iter().any(|toleration| {
            let effect = toleration.effect.as_deref().unwrap_or_default();
            let key = toleration.key.as_deref().unwrap_or_default();
            let exists = toleration.operator.as_deref() == Some("Exists");
            let value_ok = exists
                || toleration.value.as_deref().unwrap_or_default()
                    == taint.value.as_deref().unwrap_or_default();
            (effect.is_empty() || effect == taint.effect)
                && ((key.is_empty() && exists) || key == taint.key)
                && value_ok
        })
    };
    let taint = taints.iter().find(|taint| taint.effect == "NoExecute" && !tolerated(taint))?;
    Some(format!("{}: {}", taint.key, taint.value.as_deref().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(spec: serde_json::Value) -> Pod {
        serde_json::from_value(json!({"metadata": {"name": "p", "namespace": "n", "uid": "u"}, "spec": spec}))
            .expect("a pod")
    }

    #[test]
    fn reasons() {
        let node: Node = serde_json::from_value(json!({
            "metadata": {"name": "node", "labels": {"disk": "ssd", "n": "5"}},
            "spec": {"taints": [{"key": "t", "effect": "NoExecute"}]},
        }))
        .expect("a node");
        let allocatable = BTreeMap::from([
            ("cpu".to_owned(), 1000),
            ("memory".to_owned(), 1 << 30),
            ("pods".to_owned(), 2),
        ]);
        let tolerations = json!([{"operator": "Exists"}]);
        let busy = pod(json!({"containers": [{"name": "c", "ports": [{"containerPort": 80, "hostPort": 80}],
            "resources": {"requests": {"cpu": "800m"}}}]}));
        let others = [Arc::new(busy)];
        let check = |mut spec: serde_json::Value, expect: Result<(), &str>| {
            if spec.get("tolerations").is_none() {
                spec["tolerations"] = tolerations.clone();
            }
            let got = check(&pod(spec), Some(&node), &others, &allocatable, &[]);
            assert_eq!(got.map_err(|failure| failure.reason), expect.map_err(str::to_owned));
        };
        let cpu = |value: &str| json!([{"name": "c", "resources": {"requests": {"cpu": value}}}]);
        check(json!({"containers": []}), Ok(()));
        check(json!({"containers": cpu("200m")}), Ok(()));
        check(json!({"containers": cpu("201m")}), Err("OutOfcpu"));
        check(json!({"containers": [], "nodeSelector": {"disk": "hdd"}}), Err("NodeAffinity"));
        let affinity = |operator: &str, value: &str| {
            json!({"containers": [], "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
                {"nodeSelectorTerms": [{"matchExpressions": [{"key": "n", "operator": operator, "values": [value]}]}]}}}})
        };
        check(affinity("Gt", "4"), Ok(()));
        check(affinity("Lt", "4"), Err("NodeAffinity"));
        let port = json!({"containers": [{"name": "c", "ports": [{"containerPort": 1, "hostPort": 80, "hostIP": "127.0.0.1"}]}]});
        check(port, Err("NodePorts"));
        check(json!({"containers": [], "tolerations": []}), Err("TaintToleration"));
    }
}
