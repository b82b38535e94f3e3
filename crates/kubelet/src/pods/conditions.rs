//! A pod's conditions, from its containers' states.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ContainerStatus, Pod, PodCondition, PodStatus};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::allocation;
use super::spec::{self, Role};

/// The conditions that a kubelet always writes.
const LASTING: [&str; 5] =
    ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];

/// The conditions that it writes while they hold, and takes away then.
pub(crate) const PASSING: [&str; 2] = [allocation::PENDING, allocation::IN_PROGRESS];

/// Whether a condition is the kubelet's to write.
pub(crate) fn is_owned(name: &str) -> bool {
    LASTING.contains(&name) || PASSING.contains(&name)
}

/// What one condition says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    holds: bool,
    reason: &'static str,
    message: String,
}

impl Verdict {
    fn yes(reason: &'static str) -> Self {
        Self { holds: true, reason, message: String::new() }
    }

    fn no(reason: &'static str, message: String) -> Self {
        Self { holds: false, reason, message }
    }
}

fn names_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", names.collect::<Vec<_>>().join(" "))
}

/// Whether all init containers are through and all sidecars up.
pub(crate) fn initialized(pod: &Pod, init: &[ContainerStatus], phase: &str) -> Verdict {
    if phase == "Succeeded" {
        return Verdict::yes("PodCompleted");
    }
    let find = |name: &str| init.iter().find(|status| status.name == name);
    let mut missing = Vec::new();
    let mut incomplete = Vec::new();
    for container in spec::init_containers(pod) {
        let Some(status) = find(&container.name) else {
            missing.push(container.name.as_str());
            continue;
        };
        let complete = match spec::init_role(container) {
            Role::Sidecar => status.started == Some(true),
            _ => status.ready,
        };
        if !complete {
            incomplete.push(container.name.as_str());
        }
    }
    let mut messages = Vec::new();
    if !missing.is_empty() {
        messages.push(format!("containers with unknown status: {}", names_of(missing.into_iter())));
    }
    if !incomplete.is_empty() {
        messages.push(format!("containers with incomplete status: {}", names_of(incomplete.into_iter())));
    }
    if messages.is_empty() {
        Verdict::yes("")
    } else {
        Verdict::no("ContainersNotInitialized", messages.join(", "))
    }
}

/// Whether all containers (and sidecars) are ready.
pub(crate) fn containers_ready(
    pod: &Pod,
    init: &[ContainerStatus],
    main: &[ContainerStatus],
    phase: &str,
) -> Verdict {
    match phase {
        "Succeeded" => return Verdict::no("PodCompleted", String::new()),
        "Failed" => return Verdict::no("PodFailed", String::new()),
        _ => {}
    }
    let sidecars = spec::init_containers(pod).iter().filter(|c| spec::init_role(c) == Role::Sidecar);
    let (mut missing, mut unready) = (Vec::new(), Vec::new());
    let wanted = sidecars.map(|c| (c, init)).chain(spec::spec(pod).containers.iter().map(|c| (c, main)));
    for (container, statuses) in wanted {
        match statuses.iter().find(|status| status.name == container.name) {
            None => missing.push(container.name.as_str()),
            Some(status) if !status.ready => unready.push(container.name.as_str()),
            Some(_) => {}
        }
    }
    let mut messages = Vec::new();
    if !missing.is_empty() {
        messages.push(format!("containers with unknown status: {}", names_of(missing.into_iter())));
    }
    if !unready.is_empty() {
        messages.push(format!("containers with unready status: {}", names_of(unready.into_iter())));
    }
    if messages.is_empty() {
        Verdict::yes("")
    } else {
        Verdict::no("ContainersNotReady", messages.join(", "))
    }
}

/// Whether the pod may get traffic: its containers and its readiness gates.
pub(crate) fn ready(pod: &Pod, containers: &Verdict, conditions: &[PodCondition]) -> Verdict {
    if !containers.holds {
        return containers.clone();
    }
    let mut messages = Vec::new();
    for gate in spec::spec(pod).readiness_gates.iter().flatten() {
        let name = &gate.condition_type;
        match conditions.iter().find(|condition| condition.type_ == *name) {
            None => messages
                .push(format!("corresponding condition of pod readiness gate \"{name}\" does not exist.")),
            Some(condition) if condition.status != "True" => messages.push(format!(
                "the status of pod readiness gate \"{name}\" is not \"True\", but {}",
                condition.status
            )),
            Some(_) => {}
        }
    }
    if messages.is_empty() {
        Verdict::yes("")
    } else {
        Verdict::no("ReadinessGatesNotReady", messages.join(", "))
    }
}

/// Writes the kubelet's conditions into `status`; those of others are taken over from `previous`. A time of transition
/// only changes with the condition's status.
pub(crate) fn set<'a>(
    pod: &Pod,
    status: &mut PodStatus,
    previous: &PodStatus,
    has_sandbox: bool,
    passing: impl Iterator<Item = &'a PodCondition>,
    now: Timestamp,
) {
    let init = status.init_container_statuses.clone().unwrap_or_default();
    let main = status.container_statuses.clone().unwrap_or_default();
    let phase = status.phase.clone().unwrap_or_default();
    let old = previous.conditions.clone().unwrap_or_default();
    let containers = containers_ready(pod, &init, &main, &phase);
    let sandbox = if has_sandbox { Verdict::yes("") } else { Verdict::no("", String::new()) };
    let verdicts = [
        sandbox,
        initialized(pod, &init, &phase),
        ready(pod, &containers, &old),
        containers,
        Verdict::yes(""),
    ];
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let mut conditions: Vec<PodCondition> = Vec::with_capacity(LASTING.len());
    for (type_, verdict) in LASTING.into_iter().zip(verdicts) {
        let before = old.iter().find(|condition| condition.type_ == type_);
        let value = if verdict.holds { "True" } else { "False" };
        let unchanged = before.filter(|condition| condition.status == value);
        let since = unchanged.and_then(|condition| condition.last_transition_time.clone());
        conditions.push(PodCondition {
            type_: type_.to_owned(),
            status: value.to_owned(),
            reason: text(verdict.reason),
            message: text(&verdict.message),
            last_transition_time: Some(since.unwrap_or(Time(now))),
            last_probe_time: None,
            observed_generation: pod.metadata.generation,
        });
    }
    conditions.extend(passing.cloned());
    conditions.extend(old.into_iter().filter(|condition| !is_owned(&condition.type_)));
    status.conditions = Some(conditions);
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::{Container, PodReadinessGate, PodSpec};

    use super::*;

    fn container(name: &str) -> Container {
        Container { name: name.to_owned(), ..Container::default() }
    }

    fn status(name: &str, ready: bool) -> ContainerStatus {
        ContainerStatus { name: name.to_owned(), ready, ..ContainerStatus::default() }
    }

    #[test]
    fn readiness() {
        let spec = PodSpec { containers: vec![container("a"), container("b")], ..PodSpec::default() };
        let pod = Pod { spec: Some(spec), ..Pod::default() };
        let check = |main: &[ContainerStatus], phase: &str, holds: bool, reason: &str, message: &str| {
            let got = containers_ready(&pod, &[], main, phase);
            assert_eq!((got.holds, got.reason, got.message.as_str()), (holds, reason, message));
        };
        check(&[status("a", true), status("b", true)], "Running", true, "", "");
        let unready = "containers with unready status: [a b]";
        check(&[status("a", false), status("b", false)], "Running", false, "ContainersNotReady", unready);
        let unknown = "containers with unknown status: [b], containers with unready status: [a]";
        check(&[status("a", false)], "Pending", false, "ContainersNotReady", unknown);
        check(&[], "Succeeded", false, "PodCompleted", "");
        check(&[], "Failed", false, "PodFailed", "");
    }

    #[test]
    fn gates_and_transition_times() {
        let spec = PodSpec {
            containers: vec![container("a")],
            readiness_gates: Some(vec![PodReadinessGate { condition_type: "x/y".to_owned() }]),
            ..PodSpec::default()
        };
        let pod = Pod { spec: Some(spec), ..Pod::default() };
        let mut now = PodStatus { container_statuses: Some(vec![status("a", true)]), ..PodStatus::default() };
        now.phase = Some("Running".to_owned());
        let first = Timestamp::from_second(100).expect("in range");
        let mut one = now.clone();
        set(&pod, &mut one, &PodStatus::default(), true, std::iter::empty(), first);
        let ready = one.conditions.as_ref().expect("set")[2].clone();
        assert_eq!(
            (ready.status.as_str(), ready.reason.as_deref()),
            ("False", Some("ReadinessGatesNotReady"))
        );
        one.conditions.as_mut().expect("set").push(PodCondition {
            type_: "x/y".to_owned(),
            status: "True".to_owned(),
            ..PodCondition::default()
        });
        let mut two = now;
        set(&pod, &mut two, &one, true, std::iter::empty(), Timestamp::from_second(200).expect("in range"));
        let conditions = two.conditions.expect("set");
        assert_eq!(conditions.len(), 6, "another's condition is kept");
        assert_eq!(conditions[2].status, "True");
        assert_eq!(conditions[2].last_transition_time.as_ref().map(|t| t.0.as_second()), Some(200));
        assert_eq!(conditions[1].last_transition_time.as_ref().map(|t| t.0.as_second()), Some(100));
    }
}
