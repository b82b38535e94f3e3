//! A pod's status, from what the runtime and the probes say.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;
use k8s_cri::v1;
use k8s_openapi::api::core::v1::{
    Container as Spec, ContainerState, ContainerStateRunning, ContainerStateTerminated,
    ContainerStateWaiting, ContainerStatus, ContainerUser, HostIP, LinuxContainerUser, Pod, PodIP, PodStatus,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::allocation::{ByContainer, Conditions};
use super::spec::{self, Role};
use super::{conditions, phase, resize, resources};
use crate::cri::{Container, PodRuntime};
use crate::probes::Verdicts;

/// Why a container does not run: reason and message of its `waiting` state.
pub(crate) type Reasons = BTreeMap<String, (String, String)>;

/// What a status is made from.
pub(crate) struct Facts<'a> {
    pub(crate) pod: &'a Pod,
    pub(crate) runtime: &'a PodRuntime,
    /// The status last reported.
    pub(crate) previous: &'a PodStatus,
    pub(crate) reasons: &'a Reasons,
    pub(crate) verdicts: &'a Verdicts,
    /// Last words of exited containers, by id.
    pub(crate) messages: &'a BTreeMap<String, String>,
    pub(crate) node_ips: &'a [IpAddr],
    /// `containerd`, as in `containerd://ID`.
    pub(crate) runtime_name: &'a str,
    /// What was last set on its containers.
    pub(crate) actuated: &'a ByContainer,
    /// How far its resize is.
    pub(crate) resize: &'a Conditions,
    /// Nothing will be started any more.
    pub(crate) terminal: bool,
    /// Phase, reason and message that overrule what containers say (evicted, past its deadline).
    pub(crate) verdict: Option<&'a Failure>,
    pub(crate) now: Timestamp,
}

/// Why a pod as a whole failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// `Evicted`, `DeadlineExceeded`, `OutOfcpu`, ….
    pub(crate) reason: String,
    /// For people.
    pub(crate) message: String,
    /// Grace for its containers instead of its own, in seconds.
    pub(crate) grace_s: Option<i64>,
}

/// A pod that is at its end stays there.
pub(crate) fn is_terminal(status: &PodStatus) -> bool {
    matches!(status.phase.as_deref(), Some("Succeeded" | "Failed"))
}

/// Makes the whole status.
pub(crate) fn generate(facts: &Facts<'_>) -> PodStatus {
    let pod = facts.pod;
    let spec_ = spec::spec(pod);
    let previous = facts.previous;
    let init = spec::init_containers(pod);
    let statuses = |list: &[Spec], role: fn(&Spec) -> Role, old: &Option<Vec<ContainerStatus>>| {
        let old = old.as_deref().unwrap_or_default();
        let each = list.iter().map(|container| {
            let before = old.iter().find(|status| status.name == container.name);
            container_status(facts, container, role(container), before)
        });
        Some(each.collect::<Vec<_>>()).filter(|list| !list.is_empty())
    };
    let ephemeral = spec::ephemeral_containers(pod);
    let mut status = PodStatus {
        qos_class: Some(resources::qos_class(pod).as_str().to_owned()),
        start_time: Some(previous.start_time.clone().unwrap_or(Time(facts.now))),
        init_container_statuses: statuses(init, spec::init_role, &previous.init_container_statuses),
        container_statuses: statuses(&spec_.containers, |_| Role::Main, &previous.container_statuses),
        ephemeral_container_statuses: statuses(
            &ephemeral,
            |_| Role::Ephemeral,
            &previous.ephemeral_container_statuses,
        ),
        observed_generation: pod.metadata.generation,
        nominated_node_name: previous.nominated_node_name.clone(),
        resource_claim_statuses: previous.resource_claim_statuses.clone(),
        extended_resource_claim_status: previous.extended_resource_claim_status.clone(),
        ..PodStatus::default()
    };
    let empty = Vec::new();
    let mut value = phase::phase(
        pod,
        status.init_container_statuses.as_ref().unwrap_or(&empty),
        status.container_statuses.as_ref().unwrap_or(&empty),
        facts.terminal,
    );
    if is_terminal(previous) {
        value = if previous.phase.as_deref() == Some("Failed") { "Failed" } else { "Succeeded" };
        status.reason.clone_from(&previous.reason);
        status.message.clone_from(&previous.message);
    }
    if let Some(failure) = facts.verdict {
        value = "Failed";
        status.reason = Some(failure.reason.clone());
        status.message = Some(failure.message.clone());
    }
    status.phase = Some(value.to_owned());
    for list in [&mut status.container_statuses, &mut status.ephemeral_container_statuses] {
        // Init containers keep the order in which they run; clients see the others by name.
        list.iter_mut().for_each(|list| list.sort_by(|a, b| a.name.cmp(&b.name)));
    }
    addresses(facts, &mut status);
    let has_sandbox = facts
        .runtime
        .ready_sandbox()
        .is_some_and(|_| spec::is_host_network(pod) || !facts.runtime.ips().is_empty());
    let ended = facts.terminal || is_terminal(&status);
    let resize = facts.resize.iter().filter(|_| !ended);
    conditions::set(pod, &mut status, previous, has_sandbox, resize, facts.now);
    status
}

fn addresses(facts: &Facts<'_>, status: &mut PodStatus) {
    if let Some(ip) = facts.node_ips.first() {
        status.host_ip = Some(ip.to_string());
        status.host_ips = Some(facts.node_ips.iter().map(|ip| HostIP { ip: ip.to_string() }).collect());
    }
    let mut ips = facts.runtime.ips();
    if spec::is_host_network(facts.pod) {
        ips = facts.node_ips.iter().map(ToString::to_string).collect();
    } else if ips.is_empty() && (facts.terminal || is_terminal(facts.previous)) {
        // The address stays readable after the sandbox is gone.
        ips = facts.previous.pod_ips.iter().flatten().map(|ip| ip.ip.clone()).collect();
    }
    if let Some(first) = ips.first() {
        status.pod_ip = Some(first.clone());
        status.pod_ips = Some(ips.into_iter().map(|ip| PodIP { ip }).collect());
    }
}

fn time_of(nanoseconds: i64) -> Option<Time> {
    if nanoseconds <= 0 {
        return None;
    }
    Timestamp::from_nanosecond(i128::from(nanoseconds)).ok().map(Time)
}

fn terminated(facts: &Facts<'_>, container: &Container) -> ContainerStateTerminated {
    let status = &container.status;
    let fallback = if status.exit_code == 0 { "Completed" } else { "Error" };
    let reason = if status.reason.is_empty() { fallback } else { &status.reason };
    let words = facts.messages.get(container.id()).filter(|words| !words.is_empty());
    let message = words.cloned().or_else(|| Some(status.message.clone())).filter(|text| !text.is_empty());
    ContainerStateTerminated {
        container_id: Some(format!("{}://{}", facts.runtime_name, container.id())),
        exit_code: status.exit_code,
        finished_at: time_of(status.finished_at),
        message,
        reason: Some(reason.to_owned()),
        signal: None,
        started_at: time_of(status.started_at),
    }
}

fn terminated_state(facts: &Facts<'_>, container: &Container) -> ContainerState {
    ContainerState { terminated: Some(terminated(facts, container)), ..ContainerState::default() }
}

fn waiting_state(reason: &str, message: &str) -> ContainerState {
    let message = Some(message.to_owned()).filter(|text| !text.is_empty());
    let waiting = ContainerStateWaiting { reason: Some(reason.to_owned()), message };
    ContainerState { waiting: Some(waiting), ..ContainerState::default() }
}

fn container_status(
    facts: &Facts<'_>,
    container: &Spec,
    role: Role,
    before: Option<&ContainerStatus>,
) -> ContainerStatus {
    // Init containers that are still to come wait for the same as what they hold up.
    let has_init = !spec::init_containers(facts.pod).is_empty();
    let idle = if has_init { "PodInitializing" } else { "ContainerCreating" };
    let image = container.image.clone().unwrap_or_default();
    let mut status = ContainerStatus {
        name: container.name.clone(),
        image,
        last_state: Some(ContainerState::default()),
        started: Some(false),
        ..ContainerStatus::default()
    };
    let Some(latest) = facts.runtime.latest(&container.name) else {
        without_container(facts, container, before, &mut status, idle);
        return status;
    };
    fill(facts, container, latest, &mut status);
    match latest.state() {
        v1::ContainerState::ContainerRunning => {
            let started_at = time_of(latest.status.started_at);
            let running = ContainerStateRunning { started_at };
            status.state = Some(ContainerState { running: Some(running), ..ContainerState::default() });
            let started = role == Role::Ephemeral || facts.verdicts.is_started(container, latest.id());
            status.started = Some(started);
            status.ready = match role {
                Role::Init | Role::Ephemeral => false,
                Role::Main | Role::Sidecar => started && facts.verdicts.is_ready(container, latest.id()),
            };
        }
        v1::ContainerState::ContainerExited => {
            let ended = terminated_state(facts, latest);
            status.ready = role == Role::Init && latest.status.exit_code == 0;
            match waiting_reason(facts, container, role, latest) {
                Some((reason, message)) => {
                    status.state = Some(waiting_state(reason, message));
                    status.last_state = Some(ended);
                }
                None => status.state = Some(ended),
            }
        }
        v1::ContainerState::ContainerCreated => {
            let (reason, message) = reason_of(facts, container).unwrap_or((idle, ""));
            status.state = Some(waiting_state(reason, message));
        }
        v1::ContainerState::ContainerUnknown => {
            let lost = ContainerStateTerminated {
                reason: Some("ContainerStatusUnknown".to_owned()),
                message: Some("The container could not be located when the pod was terminated".to_owned()),
                exit_code: 137,
                container_id: status.container_id.clone(),
                ..ContainerStateTerminated::default()
            };
            status.state = Some(ContainerState { terminated: Some(lost), ..ContainerState::default() });
        }
    }
    if status.last_state == Some(ContainerState::default())
        && let Some(previous) = facts.runtime.previous(&container.name)
    {
        status.last_state = Some(terminated_state(facts, previous));
    }
    status
}

fn reason_of<'a>(facts: &'a Facts<'_>, container: &Spec) -> Option<(&'a str, &'a str)> {
    facts.reasons.get(&container.name).map(|(reason, message)| (reason.as_str(), message.as_str()))
}

/// An exited container that is due to start again, but something keeps it from that.
fn waiting_reason<'a>(
    facts: &'a Facts<'_>,
    container: &Spec,
    role: Role,
    latest: &Container,
) -> Option<(&'a str, &'a str)> {
    let due = spec::restarts(facts.pod, container, role, latest.status.exit_code);
    reason_of(facts, container).filter(|_| due && !facts.terminal)
}

/// The runtime has nothing of this container: it is still to come, or it is lost.
fn without_container(
    facts: &Facts<'_>,
    container: &Spec,
    before: Option<&ContainerStatus>,
    status: &mut ContainerStatus,
    idle: &str,
) {
    let old = before.filter(|before| before.container_id.is_some());
    if let Some(old) = old {
        status.restart_count = old.restart_count;
        status.image_id.clone_from(&old.image_id);
        status.container_id.clone_from(&old.container_id);
        let ended = old.state.as_ref().filter(|state| state.terminated.is_some());
        if let Some(ended) = ended {
            status.ready = old.ready;
            status.state = Some(ended.clone());
            status.last_state.clone_from(&old.last_state);
            return;
        }
        if old.state.as_ref().is_some_and(|state| state.running.is_some()) {
            let lost = ContainerStateTerminated {
                reason: Some("ContainerStatusUnknown".to_owned()),
                message: Some("The container could not be located when the pod was deleted.  The container used to be Running".to_owned()),
                exit_code: 137,
                ..ContainerStateTerminated::default()
            };
            let lost = ContainerState { terminated: Some(lost), ..ContainerState::default() };
            if facts.terminal {
                status.state = Some(lost);
            } else {
                status.restart_count = old.restart_count + 1;
                status.last_state = Some(lost);
                status.state = Some(waiting_state(idle, ""));
            }
            return;
        }
        status.last_state.clone_from(&old.last_state);
    }
    let (reason, message) = reason_of(facts, container).unwrap_or((idle, ""));
    status.state = Some(waiting_state(reason, message));
}

fn fill(facts: &Facts<'_>, container: &Spec, latest: &Container, status: &mut ContainerStatus) {
    let cri = &latest.status;
    status.restart_count = i32::try_from(latest.restart_count()).unwrap_or(i32::MAX);
    status.container_id = Some(format!("{}://{}", facts.runtime_name, latest.id()));
    let named = cri.image.as_ref().map(|image| &image.image).filter(|image| !image.is_empty());
    if let Some(image) = named.filter(|image| !image.starts_with("sha256:")) {
        status.image.clone_from(image);
    }
    status.image_id = if cri.image_ref.is_empty() { cri.image_id.clone() } else { cri.image_ref.clone() };
    if let Some(user) = cri.user.as_ref().and_then(|user| user.linux.as_ref()) {
        let groups = Some(user.supplemental_groups.clone()).filter(|groups| !groups.is_empty());
        let linux = LinuxContainerUser { uid: user.uid, gid: user.gid, supplemental_groups: groups };
        status.user = Some(ContainerUser { linux: Some(linux) });
    }
    let allocated = container.resources.clone().unwrap_or_default();
    status.resources = Some(resize::shown(&allocated, latest, facts.actuated.get(&container.name)));
    status.allocated_resources = allocated.requests.filter(|requests| !requests.is_empty());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The status of a pod of which the runtime has nothing yet.
    fn fresh(spec: serde_json::Value) -> PodStatus {
        let pod: Pod =
            serde_json::from_value(json!({"metadata": {"name": "p"}, "spec": spec})).expect("a pod");
        generate(&Facts {
            pod: &pod,
            runtime: &PodRuntime::default(),
            previous: &PodStatus::default(),
            reasons: &Reasons::default(),
            verdicts: &Verdicts::default(),
            messages: &BTreeMap::new(),
            actuated: &ByContainer::new(),
            resize: &Conditions::default(),
            node_ips: &[],
            runtime_name: "test",
            terminal: false,
            verdict: None,
            now: Timestamp::UNIX_EPOCH,
        })
    }

    fn waiting(list: Option<Vec<ContainerStatus>>) -> Vec<(String, String)> {
        let reason = |status: ContainerStatus| {
            let waiting = status.state.and_then(|state| state.waiting).expect("it waits");
            (status.name, waiting.reason.unwrap_or_default())
        };
        list.unwrap_or_default().into_iter().map(reason).collect()
    }

    #[test]
    fn new_containers_say_what_they_wait_for() {
        let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, reason)| ((*name).to_owned(), (*reason).to_owned())).collect()
        };
        let plain = fresh(json!({"containers": [{"name": "b"}, {"name": "a"}]}));
        let creating = pairs(&[("a", "ContainerCreating"), ("b", "ContainerCreating")]);
        assert_eq!(waiting(plain.container_statuses), creating);

        let held_up = fresh(json!({
            "initContainers": [{"name": "second"}, {"name": "first"}],
            "containers": [{"name": "main"}],
        }));
        let init = pairs(&[("second", "PodInitializing"), ("first", "PodInitializing")]);
        assert_eq!(waiting(held_up.init_container_statuses), init);
        assert_eq!(waiting(held_up.container_statuses), pairs(&[("main", "PodInitializing")]));
    }
}
