//! What the scheduler keeps of a pod.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{NodeAffinity, Toleration};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::Deserialize;

use crate::resources::{Requests, Resources};

/// A pod, as the informer keeps it.
#[derive(Debug, Deserialize)]
pub(crate) struct PodView {
    #[serde(default)]
    pub(crate) metadata: Metadata,
    #[serde(default)]
    pub(crate) spec: Spec,
    #[serde(default)]
    pub(crate) status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Metadata {
    pub(crate) deletion_timestamp: Option<Time>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Spec {
    pub(crate) node_name: String,
    pub(crate) scheduler_name: String,
    pub(crate) priority: i32,
    pub(crate) node_selector: BTreeMap<String, String>,
    pub(crate) affinity: Affinity,
    pub(crate) tolerations: Vec<Toleration>,
    pub(crate) containers: Vec<Container>,
    pub(crate) init_containers: Vec<Container>,
    pub(crate) overhead: BTreeMap<String, Quantity>,
    pub(crate) resources: Requirements,
    pub(crate) scheduling_gates: Vec<Gate>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Affinity {
    pub(crate) node_affinity: NodeAffinity,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) resources: Requirements,
    pub(crate) ports: Vec<Port>,
    pub(crate) restart_policy: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Requirements {
    pub(crate) requests: BTreeMap<String, Quantity>,
}

/// A container's port; only host ports matter here.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Port {
    pub(crate) host_port: u16,
    #[serde(rename = "hostIP")]
    pub(crate) host_ip: String,
    pub(crate) protocol: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Gate {
    pub(crate) name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Status {
    pub(crate) phase: String,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) container_statuses: Vec<ContainerStatus>,
    pub(crate) init_container_statuses: Vec<ContainerStatus>,
}

/// What a node says that a container has.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ContainerStatus {
    pub(crate) name: String,
    pub(crate) allocated_resources: BTreeMap<String, Quantity>,
    pub(crate) resources: Option<Requirements>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Condition {
    #[serde(rename = "type")]
    pub(crate) type_: String,
    pub(crate) status: String,
    pub(crate) reason: String,
    pub(crate) message: String,
}

/// A host port in use or wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HostPort {
    pub(crate) protocol: String,
    pub(crate) port: u16,
    /// Empty: every address.
    pub(crate) address: String,
}

impl HostPort {
    /// Whether both cannot be had on one node.
    pub(crate) fn conflicts(&self, other: &Self) -> bool {
        let everywhere = self.address.is_empty() || other.address.is_empty();
        self.port == other.port
            && self.protocol == other.protocol
            && (everywhere || self.address == other.address)
    }
}

/// What a pod takes of a node.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Footprint {
    pub(crate) requests: Requests,
    pub(crate) host_ports: Vec<HostPort>,
}

impl PodView {
    /// Whether it has ended and takes nothing any more.
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.status.phase.as_str(), "Succeeded" | "Failed")
    }

    /// What it takes of a node.
    pub(crate) fn footprint(&self) -> Footprint {
        Footprint { requests: self.requests(), host_ports: self.host_ports() }
    }

    fn host_ports(&self) -> Vec<HostPort> {
        let sidecars =
            self.spec.init_containers.iter().filter(|container| container.restart_policy == "Always");
        let ports = self.spec.containers.iter().chain(sidecars).flat_map(|container| &container.ports);
        let wanted = ports.filter(|port| port.host_port > 0).map(|port| HostPort {
            protocol: if port.protocol.is_empty() { "TCP".to_owned() } else { port.protocol.clone() },
            port: port.host_port,
            address: if port.host_ip == "0.0.0.0" { String::new() } else { port.host_ip.clone() },
        });
        wanted.collect()
    }

    /// What a container needs. While it is resized, that is the most of what it asks for, what its node has allocated to
    /// it, and what it has; what it asks for in vain does not count. Source: KEP-1287, "Scheduler and API Server Interaction".
    fn requests_of(&self, container: &Container) -> Requests {
        let wanted = &container.resources.requests;
        let statuses = if container.restart_policy == "Always" {
            &self.status.init_container_statuses
        } else {
            &self.status.container_statuses
        };
        let status = statuses.iter().find(|status| status.name == container.name);
        let Some((status, resources)) = status.and_then(|status| Some((status, status.resources.as_ref()?)))
        else {
            return Requests::of(wanted);
        };
        let in_vain = self
            .status
            .conditions
            .iter()
            .any(|condition| condition.type_ == "PodResizePending" && condition.reason == "Infeasible");
        let mut most = if in_vain { BTreeMap::new() } else { wanted.clone() };
        for (name, quantity) in resources.requests.iter().chain(&status.allocated_resources) {
            let parsed =
                |Quantity(text): &Quantity| text.parse::<mizzen_machinery::quantity::Quantity>().ok();
            let entry = most.entry(name.clone()).or_insert_with(|| quantity.clone());
            if parsed(quantity) > parsed(entry) {
                *entry = quantity.clone();
            }
        }
        Requests::of(&most)
    }

    /// The most that the pod needs at any time: containers and sidecars together, or an init container with the
    /// sidecars started before it; pod-level requests win; overhead is on top. Source: KEP-753, KEP-2837.
    fn requests(&self) -> Requests {
        let of = |container: &Container| self.requests_of(container);
        let mut running = Requests::default();
        for container in &self.spec.containers {
            running.add(&of(container));
        }
        let (mut sidecars, mut starting) = (Requests::default(), Requests::default());
        for container in &self.spec.init_containers {
            if container.restart_policy == "Always" {
                running.add(&of(container));
                sidecars.add(&of(container));
                starting.at_least(&sidecars);
            } else {
                let mut with = of(container);
                with.add(&sidecars);
                starting.at_least(&with);
            }
        }
        running.at_least(&starting);
        running.replace(&Resources::of(&self.spec.resources.requests));
        running.add(&Requests::exactly(Resources::of(&self.spec.overhead)));
        running
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(pod: serde_json::Value) -> (i64, i64) {
        let pod: PodView = serde_json::from_value(pod).expect("a pod");
        let requests = pod.footprint().requests;
        (requests.exact.cpu_milli, requests.exact.memory)
    }

    #[test]
    fn init_containers_count_by_maximum_and_sidecars_by_sum() {
        let container =
            |cpu: &str| serde_json::json!({"resources": {"requests": {"cpu": cpu, "memory": "1Mi"}}});
        let sidecar = |cpu: &str| {
            let mut value = container(cpu);
            value["restartPolicy"] = "Always".into();
            value
        };
        let check = |spec: serde_json::Value, expect: i64| {
            assert_eq!(requests(serde_json::json!({ "spec": spec })).0, expect);
        };
        check(serde_json::json!({"containers": [container("1"), container("500m")]}), 1500);
        check(serde_json::json!({"containers": [container("1")], "initContainers": [container("3")]}), 3000);
        check(
            serde_json::json!({"containers": [container("1")], "initContainers": [sidecar("1"), container("3")]}),
            4000,
        );
        check(serde_json::json!({"containers": [container("1")], "overhead": {"cpu": "250m"}}), 1250);
        check(
            serde_json::json!({"containers": [container("1")], "resources": {"requests": {"cpu": "2"}}}),
            2000,
        );
    }

    #[test]
    fn resizes_count_by_maximum() {
        let check = |wanted: &str, allocated: &str, real: &str, reason: &str, expect: i64| {
            let pod = serde_json::json!({
                "spec": {"containers": [{"name": "c", "resources": {"requests": {"cpu": wanted}}}]},
                "status": {
                    "conditions": [{"type": "PodResizePending", "status": "True", "reason": reason}],
                    "containerStatuses": [{
                        "name": "c",
                        "allocatedResources": {"cpu": allocated},
                        "resources": {"requests": {"cpu": real}},
                    }],
                },
            });
            assert_eq!(requests(pod).0, expect, "{wanted} {allocated} {real} {reason}");
        };
        check("2", "1", "500m", "Deferred", 2000);
        check("2", "1", "500m", "Infeasible", 1000);
        check("500m", "500m", "1", "", 1000);
        check("1", "2", "1500m", "", 2000);
    }

    #[test]
    fn the_wildcard_address_conflicts_with_all() {
        let port = |address: &str| HostPort { protocol: "TCP".into(), port: 80, address: address.into() };
        assert!(port("").conflicts(&port("192.0.2.1")));
        assert!(!port("192.0.2.2").conflicts(&port("192.0.2.1")));
    }
}
