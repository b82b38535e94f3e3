//! Services, Endpoints and EndpointSlices.

use std::collections::BTreeSet;
use std::net::IpAddr;

use mizzen_schema::value::Value;

use super::check::{
    Errors, PROTOCOLS, complain, immutable, int, is_set, labels, list, one_of, port, port_number,
    required_one_of, same, some, text,
};
use super::security::subdomain;
use crate::field::{FieldError, Path};
use crate::name;

const LB_ONLY: &str = "may only be used when `type` is 'LoadBalancer'";

fn is_headless(spec: &Value) -> bool {
    matches!(list(spec, "clusterIPs"), [only] if only.as_str() == Some("None"))
        || (list(spec, "clusterIPs").is_empty() && text(spec, "clusterIP") == "None")
}

pub(super) fn create(errors: &mut Errors, object: &Value) {
    service(errors, object);
}

fn service(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let kind = text(spec, "type");
    let ports = list(spec, "ports");
    if ports.is_empty() && !is_headless(spec) && kind != "ExternalName" {
        errors.push(FieldError::required(&path.child("ports"), ""));
    }
    by_type(errors, &path, spec, kind);
    let mut names = BTreeSet::new();
    for (at, one) in ports.iter().enumerate() {
        let ports_path = path.child("ports");
        service_port(errors, &ports_path.index(at), one, ports.len() > 1, &mut names);
    }
    labels(errors, &path.child("selector"), spec, "selector");
    affinity(errors, &path, spec);
    if kind != "ExternalName" {
        cluster_ips(errors, &path, spec);
    }
    for (at, ip) in list(spec, "externalIPs").iter().filter_map(Value::as_str).enumerate() {
        let path = path.child("externalIPs");
        let path = path.index(at);
        let complaints = name::ip(ip);
        if complaints.is_empty() {
            endpoint_ip(errors, &path, ip);
        }
        complain(errors, &path, ip, complaints);
    }
    let kinds = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    required_one_of(errors, &path.child("type"), kind, &kinds);
    port_conflicts(errors, &path.child("ports"), ports, kind);
    load_balancer(errors, &path, object, spec, kind);
    traffic(errors, &path, spec, kind);
}

fn by_type(errors: &mut Errors, path: &Path<'_>, spec: &Value, kind: &str) {
    let none = path.child("clusterIPs");
    match kind {
        "LoadBalancer" | "NodePort" if is_headless(spec) => {
            let detail = format!("may not be set to 'None' for {kind} services");
            errors.push(FieldError::invalid(&none.index(0), "None", detail));
        }
        "ExternalName" => {
            let detail = "may not be set for ExternalName services";
            for field in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
                if !same(spec.get(field), None) {
                    errors.push(FieldError::forbidden(&path.child(field), detail));
                }
            }
            let target = text(spec, "externalName");
            let target = target.strip_suffix('.').unwrap_or(target);
            if target.is_empty() {
                errors.push(FieldError::required(&path.child("externalName"), ""));
            } else {
                subdomain(errors, &path.child("externalName"), target);
            }
        }
        _ => {}
    }
}

fn service_port<'a>(
    errors: &mut Errors,
    path: &Path<'_>,
    one: &'a Value,
    several: bool,
    names: &mut BTreeSet<&'a str>,
) {
    let name = text(one, "name");
    if name.is_empty() {
        if several {
            errors.push(FieldError::required(&path.child("name"), ""));
        }
    } else {
        complain(errors, &path.child("name"), name, name::dns_1123_label(name));
        if names.contains(&name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        } else {
            names.insert(name);
        }
    }
    port_number(errors, &path.child("port"), int(one, "port").unwrap_or_default());
    required_one_of(errors, &path.child("protocol"), text(one, "protocol"), &PROTOCOLS);
    port(errors, &path.child("targetPort"), one.get("targetPort"));
    if let Some(protocol) = some(one, "appProtocol").and_then(Value::as_str) {
        complain(errors, &path.child("appProtocol"), protocol, name::qualified_name(protocol));
    }
}

fn affinity(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let affinity = text(spec, "sessionAffinity");
    required_one_of(errors, &path.child("sessionAffinity"), affinity, &["ClientIP", "None"]);
    let path = path.child("sessionAffinityConfig");
    let config = some(spec, "sessionAffinityConfig");
    match (affinity, config) {
        ("ClientIP", config) => {
            let detail = "when session affinity type is ClientIP";
            let client = config.and_then(|config| some(config, "clientIP"));
            let timeout = client.and_then(|client| int(client, "timeoutSeconds"));
            let path_client = path.child("clientIP");
            match (config, client, timeout) {
                (None, ..) => errors.push(FieldError::required(&path, detail)),
                (_, None, _) => errors.push(FieldError::required(&path_client, detail)),
                (.., None) => errors.push(FieldError::required(&path_client.child("timeoutSeconds"), detail)),
                (.., Some(seconds)) if seconds <= 0 || seconds > 86_400 => {
                    let detail = "must be greater than 0 and less than 86400";
                    errors.push(FieldError::invalid(&path_client.child("timeoutSeconds"), seconds, detail));
                }
                _ => {}
            }
        }
        ("None", Some(_)) => {
            let detail = "must not be set when session affinity is None";
            errors.push(FieldError::forbidden(&path, detail));
        }
        _ => {}
    }
}

fn family(ip: &str) -> Option<&'static str> {
    match ip.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => Some("IPv4"),
        Ok(IpAddr::V6(_)) => Some("IPv6"),
        Err(_) => None,
    }
}

fn cluster_ips(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let ips: Vec<&str> = list(spec, "clusterIPs").iter().filter_map(Value::as_str).collect();
    let first = text(spec, "clusterIP");
    let ips_path = path.child("clusterIPs");
    if !first.is_empty() {
        if ips.is_empty() {
            errors.push(FieldError::required(&ips_path, ""));
        } else if ips[0] != first {
            let detail = "first value must match `clusterIP`";
            errors.push(FieldError::invalid(&ips_path, spec.get("clusterIPs"), detail));
        }
    } else if !ips.is_empty() {
        let detail = "must be empty when `clusterIP` is not specified";
        errors.push(FieldError::invalid(&ips_path, spec.get("clusterIPs"), detail));
    }
    let families: Vec<&str> = list(spec, "ipFamilies").iter().filter_map(Value::as_str).collect();
    for (at, family) in families.iter().enumerate() {
        let path = path.child("ipFamilies");
        one_of(errors, &path.index(at), family, &["IPv4", "IPv6"]);
        if families[..at].contains(family) {
            errors.push(FieldError::duplicate(&path.index(at), *family));
        }
    }
    if let Some(policy) = some(spec, "ipFamilyPolicy").and_then(Value::as_str) {
        let policies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
        one_of(errors, &path.child("ipFamilyPolicy"), policy, &policies);
    }
    let mut broken = false;
    for (at, ip) in ips.iter().enumerate() {
        if at == 0 && *ip == "None" {
            if ips.len() > 1 {
                broken = true;
                let detail = "'None' must be the first and only value";
                errors.push(FieldError::invalid(&ips_path, spec.get("clusterIPs"), detail));
            }
            continue;
        }
        let complaints = name::ip(ip);
        broken |= !complaints.is_empty();
        complain(errors, &ips_path.index(at), *ip, complaints);
    }
    if ips.len() > 2 {
        let detail = "may only hold up to 2 values";
        errors.push(FieldError::invalid(&ips_path, spec.get("clusterIPs"), detail));
    }
    if broken || is_headless(spec) {
        return;
    }
    if let [first, second, ..] = ips[..]
        && family(first) == family(second)
    {
        let detail = "may specify no more than one IP for each IP family";
        errors.push(FieldError::invalid(&ips_path, spec.get("clusterIPs"), detail));
    }
    for (at, (ip, wanted)) in ips.iter().zip(&families).enumerate() {
        if family(ip).is_some_and(|family| family != *wanted) {
            let detail = format!("expected an {wanted} value as indicated by `ipFamilies[{at}]`");
            errors.push(FieldError::invalid(&ips_path.index(at), *ip, detail));
        }
    }
}

fn port_conflicts(errors: &mut Errors, path: &Path<'_>, ports: &[Value], kind: &str) {
    let node_port = |port: &Value| int(port, "nodePort").unwrap_or_default();
    if kind == "ClusterIP" {
        for (at, port) in ports.iter().enumerate() {
            if node_port(port) != 0 {
                let detail = "may not be used when `type` is 'ClusterIP'";
                errors.push(FieldError::forbidden(&path.index(at).child("nodePort"), detail));
            }
        }
    }
    let mut seen = BTreeSet::new();
    for (at, port) in ports.iter().enumerate().filter(|(_, port)| node_port(port) != 0) {
        if !seen.insert((text(port, "protocol"), node_port(port))) {
            errors.push(FieldError::duplicate(&path.index(at).child("nodePort"), node_port(port)));
        }
    }
    let mut seen = BTreeSet::new();
    for (at, port) in ports.iter().enumerate() {
        let (protocol, number) = (text(port, "protocol"), int(port, "port").unwrap_or_default());
        if !seen.insert((protocol, number)) {
            let shown = format!(
                "{{\"Name\":\"\",\"Protocol\":\"{protocol}\",\"AppProtocol\":null,\"Port\":{number},\
                 \"TargetPort\":0,\"NodePort\":0}}"
            );
            errors.push(FieldError::duplicate(&path.index(at), crate::field::Shown::Raw(&shown)));
        }
    }
}

const RANGES: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";

fn load_balancer(errors: &mut Errors, path: &Path<'_>, object: &Value, spec: &Value, kind: &str) {
    let balanced = kind == "LoadBalancer";
    let ranges = list(spec, "loadBalancerSourceRanges");
    if !ranges.is_empty() {
        let path = path.child("LoadBalancerSourceRanges");
        if !balanced {
            errors.push(FieldError::forbidden(&path, LB_ONLY));
        }
        for (at, range) in ranges.iter().filter_map(Value::as_str).enumerate() {
            let range = range.trim();
            complain(errors, &path.index(at), range, name::cidr(range));
        }
    } else if let Some(ranges) = crate::meta::annotation(object, RANGES) {
        let path = Path::new("metadata");
        let path = path.child("annotations");
        if !balanced {
            errors.push(FieldError::forbidden(&path.key(RANGES), LB_ONLY));
        }
        for range in ranges.split(',').map(str::trim).filter(|_| !ranges.trim().is_empty()) {
            complain(errors, &path.key(RANGES), range, name::cidr(range));
        }
    }
    match (is_set(spec, "allocateLoadBalancerNodePorts"), balanced) {
        (true, false) => {
            errors.push(FieldError::forbidden(&path.child("allocateLoadBalancerNodePorts"), LB_ONLY));
        }
        (false, true) => {
            errors.push(FieldError::required(&Path::new("allocateLoadBalancerNodePorts"), ""));
        }
        _ => {}
    }
    if let Some(class) = some(spec, "loadBalancerClass").and_then(Value::as_str) {
        let path = path.child("loadBalancerClass");
        if balanced {
            complain(errors, &path, class, name::qualified_name(class));
        } else {
            errors.push(FieldError::forbidden(&path, LB_ONLY));
        }
    }
}

fn is_reached_from_outside(spec: &Value, kind: &str) -> bool {
    matches!(kind, "LoadBalancer" | "NodePort")
        || (kind == "ClusterIP" && !list(spec, "externalIPs").is_empty())
}

fn needs_health_check(spec: &Value) -> bool {
    text(spec, "type") == "LoadBalancer" && text(spec, "externalTrafficPolicy") == "Local"
}

fn traffic(errors: &mut Errors, path: &Path<'_>, spec: &Value, kind: &str) {
    let policy = text(spec, "externalTrafficPolicy");
    let policy_path = path.child("externalTrafficPolicy");
    if is_reached_from_outside(spec, kind) {
        required_one_of(errors, &policy_path, policy, &["Cluster", "Local"]);
    } else if !policy.is_empty() {
        let detail = "may only be set for externally-accessible services";
        errors.push(FieldError::invalid(&policy_path, policy, detail));
    }
    let port = int(spec, "healthCheckNodePort").unwrap_or_default();
    let port_path = path.child("healthCheckNodePort");
    if !needs_health_check(spec) {
        if port != 0 {
            let detail =
                "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
            errors.push(FieldError::invalid(&port_path, port, detail));
        }
    } else if port == 0 {
        errors.push(FieldError::required(&port_path, ""));
    } else {
        port_number(errors, &port_path, port);
    }
    let internal = path.child("internalTrafficPolicy");
    match some(spec, "internalTrafficPolicy").and_then(Value::as_str) {
        None if matches!(kind, "NodePort" | "LoadBalancer" | "ClusterIP") => {
            errors.push(FieldError::required(&internal, ""));
        }
        None => {}
        Some(policy) => one_of(errors, &internal, policy, &["Cluster", "Local"]),
    }
    if let Some(distribution) = some(spec, "trafficDistribution").and_then(Value::as_str) {
        let supported = ["PreferClose", "PreferSameZone", "PreferSameNode"];
        one_of(errors, &path.child("trafficDistribution"), distribution, &supported);
    }
}

pub(super) fn update(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let external = text(spec, "type") == "ExternalName" || text(before, "type") == "ExternalName";
    if !external {
        kept_ips(errors, &path, spec, before);
        kept_families(errors, &path, spec, before);
    }
    if text(spec, "type") == "LoadBalancer" && text(before, "type") == "LoadBalancer" {
        let (class, class_before) = (spec.get("loadBalancerClass"), before.get("loadBalancerClass"));
        if !same(class, class_before) {
            let detail = "may not change once set";
            errors.push(FieldError::invalid(&path.child("loadBalancerClass"), class, detail));
        }
    }
    if needs_health_check(spec) && needs_health_check(before) {
        let field = "healthCheckNodePort";
        if int(spec, field) != int(before, field) {
            errors.push(FieldError::forbidden(&path.child(field), "field is immutable"));
        }
    }
    service(errors, new);
}

fn kept_ips(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) {
    let (new, old) = (list(spec, "clusterIPs"), list(before, "clusterIPs"));
    let path_ips = path.child("clusterIPs");
    let Some(first) = old.first().and_then(Value::as_str).filter(|ip| !ip.is_empty()) else { return };
    if new.is_empty() {
        let detail = "primary clusterIP can not be unset";
        errors.push(FieldError::invalid(&path_ips.index(0), spec.get("clusterIPs"), detail));
        return;
    }
    if new[0].as_str() != Some(first) {
        let detail = "may not change once set";
        errors.push(FieldError::invalid(&path_ips.index(0), spec.get("clusterIPs"), detail));
    }
    if old.len() > 1 && new.len() == 1 && text(spec, "ipFamilyPolicy") != "SingleStack" {
        let detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
        errors.push(FieldError::invalid(&path.child("ipFamilyPolicy"), spec.get("ipFamilyPolicy"), detail));
    }
    if old.len() > 1 && new.len() > 1 && new[1] != old[1] {
        let detail = "may not change once set";
        errors.push(FieldError::invalid(&path_ips.index(1), spec.get("clusterIPs"), detail));
    }
}

fn kept_families(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) {
    let (new, old) = (list(spec, "ipFamilies"), list(before, "ipFamilies"));
    let path_families = path.child("ipFamilies");
    let Some(first) = old.first() else { return };
    if new.is_empty() {
        let detail = "primary ipFamily can not be unset";
        errors.push(FieldError::invalid(&path_families.index(0), spec.get("ipFamilies"), detail));
        return;
    }
    if new[0] != *first {
        let detail = "may not change once set";
        errors.push(FieldError::invalid(&path_families.index(0), spec.get("ipFamilies"), detail));
    }
    if old.len() > 1 && new.len() == 1 && text(spec, "ipFamilyPolicy") != "SingleStack" {
        let detail = "must be set to 'SingleStack' when releasing the secondary ipFamily";
        errors.push(FieldError::invalid(&path.child("ipFamilyPolicy"), spec.get("ipFamilyPolicy"), detail));
    }
}

pub(super) fn update_status(errors: &mut Errors, new: &Value) {
    let path = Path::new("status");
    let path = path.child("loadBalancer");
    let path = path.child("ingress");
    let empty = Value::Null;
    let ingress = new.path(&["status", "loadBalancer"]).unwrap_or(&empty);
    let ingress = list(ingress, "ingress");
    if !ingress.is_empty() && new.str_at(&["spec", "type"]) != Some("LoadBalancer") {
        errors.push(FieldError::forbidden(&path, "may only be used when `spec.type` is 'LoadBalancer'"));
    }
    for (at, point) in ingress.iter().enumerate() {
        ingress_point(errors, &path.index(at), point, true);
    }
}

/// An address at which something is reached: of a Service or an Ingress.
pub(super) fn ingress_point(errors: &mut Errors, path: &Path<'_>, point: &Value, has_mode: bool) {
    let (ip, host) = (text(point, "ip"), text(point, "hostname"));
    if !ip.is_empty() {
        complain(errors, &path.child("ip"), ip, name::ip(ip));
    }
    if has_mode {
        let mode = some(point, "ipMode").and_then(Value::as_str);
        let path = path.child("ipMode");
        match (mode, ip.is_empty()) {
            (None, false) => errors.push(FieldError::required(&path, "must be specified when `ip` is set")),
            (Some(_), true) => {
                errors.push(FieldError::forbidden(&path, "may not be specified when `ip` is not set"));
            }
            (Some(mode), false) => one_of(errors, &path, mode, &["Proxy", "VIP"]),
            (None, true) => {}
        }
    }
    if !host.is_empty() {
        let path = path.child("hostname");
        subdomain(errors, &path, host);
        if host.parse::<IpAddr>().is_ok() {
            let detail = "must be a DNS name, not an IP address";
            errors.push(FieldError::invalid(&path, host, detail));
        }
    }
}

/// An address that traffic can be sent to.
fn endpoint_ip(errors: &mut Errors, path: &Path<'_>, text: &str) {
    let Ok(ip) = text.parse::<IpAddr>() else {
        errors.push(FieldError::invalid(path, text, "must be a valid IP address"));
        return;
    };
    let (link_local, link_multicast) = match ip {
        IpAddr::V4(ip) => (ip.is_link_local(), ip.octets()[..3] == [224, 0, 0]),
        IpAddr::V6(ip) => (ip.segments()[0] & 0xffc0 == 0xfe80, ip.segments()[0] & 0xff0f == 0xff02),
    };
    if ip.is_unspecified() {
        errors.push(FieldError::invalid(path, text, format!("may not be unspecified ({text})")));
    }
    if ip.is_loopback() {
        let detail = "may not be in the loopback range (127.0.0.0/8, ::1/128)";
        errors.push(FieldError::invalid(path, text, detail));
    }
    if link_local {
        let detail = "may not be in the link-local range (169.254.0.0/16, fe80::/10)";
        errors.push(FieldError::invalid(path, text, detail));
    }
    if link_multicast {
        let detail = "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)";
        errors.push(FieldError::invalid(path, text, detail));
    }
}

pub(super) fn endpoints(errors: &mut Errors, object: &Value) {
    let path = Path::new("subsets");
    for (at, subset) in list(object, "subsets").iter().enumerate() {
        let path = path.index(at);
        let (ready, waiting) = (list(subset, "addresses"), list(subset, "notReadyAddresses"));
        if ready.is_empty() && waiting.is_empty() {
            errors.push(FieldError::required(&path, "must specify `addresses` or `notReadyAddresses`"));
        }
        for (field, addresses) in [("addresses", ready), ("notReadyAddresses", waiting)] {
            for (at, address) in addresses.iter().enumerate() {
                let path = path.child(field);
                endpoint_address(errors, &path.index(at), address);
            }
        }
        let ports = list(subset, "ports");
        for (at, one) in ports.iter().enumerate() {
            let path = path.child("ports");
            let path = path.index(at);
            let name = text(one, "name");
            if name.is_empty() && ports.len() > 1 {
                errors.push(FieldError::required(&path.child("name"), ""));
            } else if !name.is_empty() {
                complain(errors, &path.child("name"), name, name::dns_1123_label(name));
            }
            port_number(errors, &path.child("port"), int(one, "port").unwrap_or_default());
            required_one_of(errors, &path.child("protocol"), text(one, "protocol"), &PROTOCOLS);
            if let Some(protocol) = some(one, "appProtocol").and_then(Value::as_str) {
                complain(errors, &path.child("appProtocol"), protocol, name::qualified_name(protocol));
            }
        }
    }
}

fn endpoint_address(errors: &mut Errors, path: &Path<'_>, address: &Value) {
    let ip = text(address, "ip");
    let complaints = name::ip(ip);
    let fine = complaints.is_empty();
    complain(errors, &path.child("ip"), ip, complaints);
    let host = text(address, "hostname");
    if !host.is_empty() {
        complain(errors, &path.child("hostname"), host, name::dns_1123_label(host));
    }
    if let Some(node) = some(address, "nodeName").and_then(Value::as_str) {
        subdomain(errors, &path.child("nodeName"), node);
    }
    if fine {
        endpoint_ip(errors, &path.child("ip"), ip);
    }
}

const ENDPOINTS_MAX: usize = 1000;
const ADDRESSES_MAX: usize = 100;
const PORTS_MAX: usize = 20_000;

pub(super) fn endpoint_slice(errors: &mut Errors, object: &Value) {
    let kind = text(object, "addressType");
    required_one_of(errors, &Path::new("addressType"), kind, &["FQDN", "IPv4", "IPv6"]);
    let endpoints = list(object, "endpoints");
    let path = Path::new("endpoints");
    if endpoints.len() > ENDPOINTS_MAX {
        errors.push(FieldError::too_many(&path, endpoints.len(), ENDPOINTS_MAX));
        return;
    }
    for (at, endpoint) in endpoints.iter().enumerate() {
        slice_endpoint(errors, &path.index(at), endpoint, kind);
    }
    let ports = list(object, "ports");
    let path = Path::new("ports");
    if ports.len() > PORTS_MAX {
        errors.push(FieldError::too_many(&path, ports.len(), PORTS_MAX));
        return;
    }
    let mut names = BTreeSet::new();
    for (at, one) in ports.iter().enumerate() {
        let path = path.index(at);
        let name = text(one, "name");
        if !name.is_empty() {
            complain(errors, &path.child("name"), name, name::dns_1123_label(name));
        }
        if names.contains(&name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        names.insert(name);
        if let Some(number) = int(one, "port") {
            port_number(errors, &path.child("port"), number);
        }
        required_one_of(errors, &path.child("protocol"), text(one, "protocol"), &PROTOCOLS);
        if let Some(protocol) = some(one, "appProtocol").and_then(Value::as_str) {
            complain(errors, &path.child("appProtocol"), protocol, name::qualified_name(protocol));
        }
    }
}

fn slice_endpoint(errors: &mut Errors, path: &Path<'_>, endpoint: &Value, kind: &str) {
    let addresses = list(endpoint, "addresses");
    let path_addresses = path.child("addresses");
    if addresses.is_empty() {
        errors.push(FieldError::required(&path_addresses, "must contain at least 1 address"));
    } else if addresses.len() > ADDRESSES_MAX {
        errors.push(FieldError::too_many(&path_addresses, addresses.len(), ADDRESSES_MAX));
    }
    for (at, address) in addresses.iter().filter_map(Value::as_str).enumerate() {
        let path = path_addresses.index(at);
        match kind {
            "FQDN" => {
                complain(errors, &path, address, name::dns_1123_subdomain(address.trim_end_matches('.')));
            }
            "IPv4" | "IPv6" => match family(address) {
                Some(found) if found == kind => endpoint_ip(errors, &path, address),
                _ => {
                    let detail = format!("must be an {kind} address");
                    errors.push(FieldError::invalid(&path, address, detail));
                }
            },
            _ => {}
        }
    }
    if let Some(node) = some(endpoint, "nodeName").and_then(Value::as_str) {
        subdomain(errors, &path.child("nodeName"), node);
    }
    let host = text(endpoint, "hostname");
    if !host.is_empty() {
        complain(errors, &path.child("hostname"), host, name::dns_1123_label(host));
    }
    if let Some(hints) = some(endpoint, "hints") {
        let path = path.child("hints");
        for field in ["forZones", "forNodes"] {
            let path = path.child(field);
            let mut seen = BTreeSet::new();
            for (at, hint) in list(hints, field).iter().enumerate() {
                let name = text(hint, "name");
                if seen.contains(&name) {
                    errors.push(FieldError::duplicate(&path.index(at).child("name"), name));
                }
                seen.insert(name);
                complain(errors, &path.index(at).child("name"), name, name::label_value(name));
            }
        }
    }
}

pub(super) fn endpoint_slice_update(errors: &mut Errors, new: &Value, old: &Value) {
    endpoint_slice(errors, new);
    immutable(errors, &Path::new("addressType"), new.get("addressType"), old.get("addressType"));
}
