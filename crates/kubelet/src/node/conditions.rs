//! The Node's conditions.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::NodeCondition;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

/// What is wrong with the node; all `None` and `false`: nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) memory_pressure: bool,
    pub(crate) disk_pressure: bool,
    pub(crate) pid_pressure: bool,
    /// The runtime does not answer or is not ready.
    pub(crate) runtime: Option<String>,
    /// Pods can have no network.
    pub(crate) network: Option<String>,
    /// Events of the runtime are overdue.
    pub(crate) pleg: Option<String>,
    /// The kubelet could not set up what it needs.
    pub(crate) setup: Option<String>,
    /// Kubelet and runtime do not agree on cgroups.
    pub(crate) driver: Option<String>,
}

impl Health {
    /// Why the node is not ready; none when it is.
    fn not_ready(&self) -> Option<String> {
        let network =
            self.network.as_ref().map(|text| format!("container runtime network not ready: {text}"));
        let parts =
            [self.runtime.clone(), network, self.pleg.clone(), self.setup.clone(), self.driver.clone()];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        match parts.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            more => Some(format!("[{}]", more.join(", "))),
        }
    }
}

struct Verdict {
    type_: &'static str,
    status: &'static str,
    reason: &'static str,
    message: String,
}

fn pressure(
    type_: &'static str,
    pressed: bool,
    reasons: (&'static str, &'static str),
    messages: (&str, &str),
) -> Verdict {
    let (reason, message) = if pressed { (reasons.0, messages.0) } else { (reasons.1, messages.1) };
    Verdict { type_, status: if pressed { "True" } else { "False" }, reason, message: message.to_owned() }
}

/// Makes the kubelet's conditions; those of others are kept. Times of transition change with the status only.
pub(crate) fn make(health: &Health, old: &[NodeCondition], now: Timestamp) -> Vec<NodeCondition> {
    let ready = match health.not_ready() {
        None => Verdict {
            type_: "Ready",
            status: "True",
            reason: "KubeletReady",
            message: "kubelet is posting ready status".to_owned(),
        },
        Some(message) => Verdict { type_: "Ready", status: "False", reason: "KubeletNotReady", message },
    };
    let verdicts = [
        pressure(
            "MemoryPressure",
            health.memory_pressure,
            ("KubeletHasInsufficientMemory", "KubeletHasSufficientMemory"),
            ("kubelet has insufficient memory available", "kubelet has sufficient memory available"),
        ),
        pressure(
            "DiskPressure",
            health.disk_pressure,
            ("KubeletHasDiskPressure", "KubeletHasNoDiskPressure"),
            ("kubelet has disk pressure", "kubelet has no disk pressure"),
        ),
        pressure(
            "PIDPressure",
            health.pid_pressure,
            ("KubeletHasInsufficientPID", "KubeletHasSufficientPID"),
            ("kubelet has insufficient PID available", "kubelet has sufficient PID available"),
        ),
        ready,
    ];
    let mut conditions = Vec::with_capacity(verdicts.len());
    let others = old.iter().filter(|old| verdicts.iter().all(|verdict| verdict.type_ != old.type_));
    let others: Vec<NodeCondition> = others.cloned().collect();
    for verdict in verdicts {
        let before = old.iter().find(|old| old.type_ == verdict.type_ && old.status == verdict.status);
        let since = before.and_then(|before| before.last_transition_time.clone());
        conditions.push(NodeCondition {
            type_: verdict.type_.to_owned(),
            status: verdict.status.to_owned(),
            reason: Some(verdict.reason.to_owned()),
            message: Some(verdict.message),
            last_heartbeat_time: Some(Time(now)),
            last_transition_time: Some(since.unwrap_or(Time(now))),
        });
    }
    conditions.extend(others);
    conditions
}

/// Whether two lists differ in more than the time of their last heartbeat.
pub(crate) fn differ(old: &[NodeCondition], new: &[NodeCondition]) -> bool {
    let bare = |list: &[NodeCondition]| -> Vec<NodeCondition> {
        let mut list = list.to_vec();
        list.iter_mut().for_each(|condition| condition.last_heartbeat_time = None);
        list.sort_by(|a, b| a.type_.cmp(&b.type_));
        list
    };
    bare(old) != bare(new)
}

/// How long the runtime's events may be overdue.
pub(crate) const PLEG_PATIENCE: Duration = Duration::from_secs(180);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transitions() {
        let at = |second| Timestamp::from_second(second).expect("in range");
        let first = make(&Health::default(), &[], at(1));
        assert_eq!(
            first.iter().map(|c| c.status.as_str()).collect::<Vec<_>>(),
            ["False", "False", "False", "True"]
        );
        let second = make(&Health::default(), &first, at(2));
        assert!(!differ(&first, &second), "a heartbeat alone is no change");
        let bad = Health {
            runtime: Some("runtime is down".to_owned()),
            network: Some("cni".to_owned()),
            ..Health::default()
        };
        let third = make(&bad, &second, at(3));
        assert!(differ(&second, &third));
        let ready = &third[3];
        assert_eq!(
            ready.message.as_deref(),
            Some("[runtime is down, container runtime network not ready: cni]")
        );
        assert_eq!(ready.last_transition_time.as_ref().map(|time| time.0.as_second()), Some(3));
        assert_eq!(third[0].last_transition_time.as_ref().map(|time| time.0.as_second()), Some(1));
    }
}
