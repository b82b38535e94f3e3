//! From pods to endpoints, grouped by the ports that they have.

use std::sync::Arc;

use k8s_openapi::api::core::v1::{ObjectReference, Service};
use k8s_openapi::api::discovery::v1::{
    Endpoint, EndpointConditions, EndpointHints, EndpointPort, ForNode, ForZone,
};
use mizzen_client::Object;

use super::Controller;
use crate::pod::PodView;
use crate::service;
use crate::slices::Group;

impl Controller {
    /// The endpoints of a Service, by family and ports. A pod whose node is not known is left out until it is.
    pub(super) fn groups(&self, service: &Object<Service>, pods: &[Arc<Object<PodView>>]) -> Vec<Group> {
        let spec = service.value.spec.as_ref();
        let families = spec.and_then(|spec| spec.ip_families.clone()).filter(|all| !all.is_empty());
        let mut groups = Vec::new();
        for family in families.unwrap_or_else(|| vec!["IPv4".to_owned()]) {
            let first = groups.len();
            for pod in pods.iter().filter(|pod| service::is_endpoint(&pod.value, true)) {
                let Some(address) = pod.value.address(&family) else { continue };
                let Some(endpoint) = self.endpoint(service, pod, address) else { continue };
                let ports = ports(&service.value, &pod.value);
                let is_it = |group: &&mut Group| group.ports == ports;
                match groups[first..].iter_mut().find(is_it) {
                    Some(group) => group.endpoints.push(endpoint),
                    None => {
                        groups.push(Group { address_type: family.clone(), ports, endpoints: vec![endpoint] })
                    }
                }
            }
            if groups.len() == first {
                groups.push(Group { address_type: family, ports: Vec::new(), endpoints: Vec::new() });
            }
        }
        groups
    }

    /// `None`: its node is not known, and whoever asks for its address may be sent nowhere.
    fn endpoint(&self, service: &Object<Service>, pod: &Object<PodView>, address: &str) -> Option<Endpoint> {
        let publish_all = service::publishes_not_ready(&service.value);
        let node_name = Some(pod.value.spec.node_name.clone()).filter(|name| !name.is_empty());
        let node = node_name.as_ref().map(|name| self.nodes.get(&mizzen_client::ObjectKey::new("", name)));
        let node = match node {
            Some(None) if !publish_all => return None,
            other => other.flatten(),
        };
        let serving = pod.value.is_ready();
        let terminating = pod.value.metadata.deletion_timestamp.is_some();
        let ready = publish_all || serving && !terminating;
        let zone = node.and_then(|node| node.value.zone().cloned());
        let distribution = service.value.spec.as_ref().and_then(|spec| spec.traffic_distribution.as_deref());
        Some(Endpoint {
            addresses: vec![address.to_owned()],
            conditions: Some(EndpointConditions {
                ready: Some(ready),
                serving: Some(serving),
                terminating: Some(terminating),
            }),
            hints: hints(distribution.filter(|_| ready), zone.as_deref(), node_name.as_deref()),
            hostname: service::hostname(&pod.value, &service.key),
            node_name,
            target_ref: Some(ObjectReference {
                kind: Some("Pod".to_owned()),
                namespace: Some(pod.key.namespace.clone()),
                name: Some(pod.key.name.clone()),
                uid: Some(pod.uid.clone()),
                ..ObjectReference::default()
            }),
            zone,
            ..Endpoint::default()
        })
    }
}

/// For whom an endpoint is meant first. Without a zone there are no hints.
/// Source: KEP-2433 and KEP-3015, `trafficDistribution`.
fn hints(distribution: Option<&str>, zone: Option<&str>, node: Option<&str>) -> Option<EndpointHints> {
    let for_zones = || zone.map(|name| vec![ForZone { name: name.to_owned() }]);
    match distribution? {
        "PreferClose" | "PreferSameZone" => {
            Some(EndpointHints { for_zones: Some(for_zones()?), for_nodes: None })
        }
        "PreferSameNode" => {
            let for_nodes = node.map(|name| vec![ForNode { name: name.to_owned() }]);
            let hints = EndpointHints { for_zones: for_zones(), for_nodes };
            Some(hints).filter(|hints| hints.for_zones.is_some() || hints.for_nodes.is_some())
        }
        _ => None,
    }
}

/// The Service's ports as this pod has them; those that it has not are left out.
fn ports(service: &Service, pod: &PodView) -> Vec<EndpointPort> {
    let ports = service.spec.iter().flat_map(|spec| spec.ports.iter().flatten());
    let ports = ports.filter_map(|port| {
        Some(EndpointPort {
            name: Some(port.name.clone().unwrap_or_default()),
            protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".to_owned())),
            port: Some(service::find_port(pod, port)?),
            app_protocol: port.app_protocol.clone(),
        })
    });
    crate::slices::sorted(ports.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_follow_the_distribution() {
        let check = |distribution, zone, expect: Option<(bool, bool)>| {
            let hints = hints(distribution, zone, Some("n"));
            let shape = hints.map(|hints| (hints.for_zones.is_some(), hints.for_nodes.is_some()));
            assert_eq!(shape, expect, "{distribution:?} {zone:?}");
        };
        check(None, Some("z"), None);
        check(Some("PreferClose"), Some("z"), Some((true, false)));
        check(Some("PreferSameZone"), None, None);
        check(Some("PreferSameNode"), Some("z"), Some((true, true)));
        check(Some("PreferSameNode"), None, Some((false, true)));
    }
}
