//! What controllers keep of a pod, and what they derive from it.

use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use mizzen_client::Informer;
use serde::Deserialize;

/// Files pods by the node that they are bound to; those that are not are under the empty name.
pub(crate) fn index_by_node(pods: &Informer<PodView>) {
    pods.index("node", |pod| vec![pod.value.spec.node_name.clone()]);
}

/// A pod without most of its specification.
#[derive(Debug, Deserialize)]
pub(crate) struct PodView {
    #[serde(default)]
    pub(crate) metadata: ObjectMeta,
    #[serde(default)]
    pub(crate) spec: Spec,
    #[serde(default)]
    pub(crate) status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Spec {
    pub(crate) node_name: String,
    pub(crate) hostname: String,
    pub(crate) subdomain: String,
    pub(crate) tolerations: Vec<k8s_openapi::api::core::v1::Toleration>,
    pub(crate) containers: Vec<Container>,
    pub(crate) init_containers: Vec<Container>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Container {
    pub(crate) ports: Vec<Port>,
    pub(crate) restart_policy: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) container_port: u16,
    pub(crate) protocol: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Status {
    pub(crate) phase: String,
    pub(crate) reason: String,
    #[serde(rename = "podIP")]
    pub(crate) pod_ip: String,
    #[serde(rename = "podIPs")]
    pub(crate) pod_ips: Vec<PodIp>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) container_statuses: Vec<ContainerStatus>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PodIp {
    pub(crate) ip: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Condition {
    #[serde(rename = "type")]
    pub(crate) type_: String,
    pub(crate) status: String,
    pub(crate) last_transition_time: Option<Time>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ContainerStatus {
    pub(crate) restart_count: u32,
}

impl PodView {
    /// Whether it has ended.
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.status.phase.as_str(), "Succeeded" | "Failed")
    }

    /// Whether it counts: it has not ended and is not being deleted.
    pub(crate) fn is_active(&self) -> bool {
        !self.has_ended() && self.metadata.deletion_timestamp.is_none()
    }

    /// The Ready condition, when it is true.
    fn ready(&self) -> Option<&Condition> {
        let mut conditions = self.status.conditions.iter();
        conditions.find(|condition| condition.type_ == "Ready" && condition.status == "True")
    }

    /// When it became Ready, or stopped being it.
    pub(crate) fn ready_since(&self) -> Option<Timestamp> {
        let ready = self.status.conditions.iter().find(|condition| condition.type_ == "Ready")?;
        ready.last_transition_time.as_ref().map(|time| time.0)
    }

    /// Its addresses, the first one first.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = &str> {
        let all = self.status.pod_ips.iter().map(|own| own.ip.as_str());
        let first = Some(self.status.pod_ip.as_str()).filter(|_| self.status.pod_ips.is_empty());
        all.chain(first).filter(|address| !address.is_empty())
    }

    /// Its address of a family (`IPv4` or `IPv6`).
    pub(crate) fn address(&self, family: &str) -> Option<&str> {
        self.addresses().find(|address| address.contains(':') == (family == "IPv6"))
    }

    /// Whether it is Ready.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready().is_some()
    }

    /// How long it still has to be Ready to count as available; zero: it is. `None`: it is not Ready.
    pub(crate) fn until_available(&self, min_ready: Duration, now: Timestamp) -> Option<Duration> {
        let ready = self.ready()?;
        let since = ready.last_transition_time.as_ref().map_or(now, |time| time.0);
        let elapsed = Duration::try_from(now.duration_since(since)).unwrap_or_default();
        Some(min_ready.saturating_sub(elapsed))
    }

    /// The order in which pods are deleted when there are too many, earliest first: unassigned, pending, not ready,
    /// cheaper to delete, younger in readiness, more often restarted, younger.
    /// Source: the ReplicaSet documentation, "Scaling a ReplicaSet"; KEP-2255.
    pub(crate) fn deletion_rank(&self, now: Timestamp) -> impl Ord + use<> {
        let phase = match self.status.phase.as_str() {
            "Pending" | "" => 0,
            "Unknown" => 1,
            _ => 2,
        };
        let cost = self.metadata.annotations.as_ref();
        let cost = cost.and_then(|all| all.get("controller.kubernetes.io/pod-deletion-cost"));
        let cost: i32 = cost.and_then(|text| text.parse().ok()).unwrap_or(0);
        let restarts = self.status.container_statuses.iter().map(|status| status.restart_count).max();
        // Ages are compared by order of magnitude, so that not always the same pods go.
        let age = |since: Option<&Time>| {
            let seconds = since.map_or(0, |time| now.duration_since(time.0).as_secs().max(0));
            seconds.checked_ilog2().map_or(0, |log| log + 1)
        };
        let ready_for = self.ready().map_or(0, |ready| age(ready.last_transition_time.as_ref()));
        (
            !self.spec.node_name.is_empty(),
            phase,
            self.is_ready(),
            cost,
            ready_for,
            std::cmp::Reverse(restarts.unwrap_or(0)),
            age(self.metadata.creation_timestamp.as_ref()),
            self.metadata.name.clone(),
        )
    }
}
