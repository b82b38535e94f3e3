//! From the subsets of Endpoints to groups of endpoints.

use std::net::IpAddr;

use k8s_openapi::api::core::v1::{EndpointAddress, EndpointSubset, Endpoints};
use k8s_openapi::api::discovery::v1::{Endpoint, EndpointConditions, EndpointPort};

use crate::slices::{Group, sorted};

/// Most addresses of a subset that are mirrored (`--mirroring-max-endpoints-per-subset`).
const ADDRESSES_MAX: usize = 1000;

/// The groups of some Endpoints, and how many addresses are none.
pub(super) fn groups(endpoints: &Endpoints) -> (Vec<Group>, usize) {
    let mut groups: Vec<Group> = Vec::new();
    let mut skipped = 0;
    for subset in endpoints.subsets.iter().flatten() {
        let ports = ports(subset);
        let ready = subset.addresses.iter().flatten().map(|address| (address, true));
        let not_ready = subset.not_ready_addresses.iter().flatten().map(|address| (address, false));
        let mut taken = 0;
        for (address, ready) in ready.chain(not_ready) {
            let Ok(ip) = address.ip.parse::<IpAddr>() else {
                skipped += 1;
                continue;
            };
            if taken == ADDRESSES_MAX {
                break;
            }
            taken += 1;
            let family = if ip.is_ipv4() { "IPv4" } else { "IPv6" };
            let is_it = |group: &&mut Group| group.address_type == family && group.ports == ports;
            let endpoint = endpoint(address, ready);
            match groups.iter_mut().find(is_it) {
                Some(group) => group.endpoints.push(endpoint),
                None => groups.push(Group {
                    address_type: family.to_owned(),
                    ports: ports.clone(),
                    endpoints: vec![endpoint],
                }),
            }
        }
    }
    (groups, skipped)
}

fn ports(subset: &EndpointSubset) -> Vec<EndpointPort> {
    let ports = subset.ports.iter().flatten().map(|port| EndpointPort {
        name: Some(port.name.clone().unwrap_or_default()),
        port: Some(port.port),
        protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".to_owned())),
        app_protocol: port.app_protocol.clone(),
    });
    sorted(ports.collect())
}

fn endpoint(address: &EndpointAddress, ready: bool) -> Endpoint {
    Endpoint {
        addresses: vec![address.ip.clone()],
        conditions: Some(EndpointConditions { ready: Some(ready), serving: None, terminating: None }),
        hostname: address.hostname.clone().filter(|name| !name.is_empty()),
        node_name: address.node_name.clone(),
        target_ref: address.target_ref.clone(),
        ..Endpoint::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn families_and_ports_go_apart() {
        let endpoints: Endpoints = serde_json::from_value(json!({"subsets": [
            {
                "addresses": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}, {"ip": "nonsense"}],
                "notReadyAddresses": [{"ip": "10.0.0.2"}],
                "ports": [{"port": 80}],
            },
            {"addresses": [{"ip": "10.0.0.3"}], "ports": [{"port": 80}]},
            {"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 81}]},
        ]}))
        .expect("endpoints");
        let (groups, skipped) = groups(&endpoints);
        assert_eq!(skipped, 1);
        let shape: Vec<_> = groups
            .iter()
            .map(|group| (group.address_type.as_str(), group.ports[0].port, group.endpoints.len()))
            .collect();
        assert_eq!(shape, [("IPv4", Some(80), 3), ("IPv6", Some(80), 1), ("IPv4", Some(81), 1)]);
    }
}
