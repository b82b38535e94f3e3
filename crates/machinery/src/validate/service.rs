//! Services.

use std::net::IpAddr;

use mizzen_schema::value::Value;

use super::check::{
    Errors, PROTOCOLS, Seen, complain, int, is_set, labels, list, one_of, port, port_number, required_one_of,
    same, some, text, text_of, texts,
};
use super::endpoints::endpoint_ip;
use super::security::subdomain;
use crate::field::{FieldError, Path};
use crate::name;

const LB_ONLY: &str = "may only be used when `type` is 'LoadBalancer'";

fn is_headless(spec: &Value) -> bool {
    matches!(list(spec, "clusterIPs"), [only] if only.as_str() == Some("None"))
        || (list(spec, "clusterIPs").is_empty() && text(spec, "clusterIP") == "None")
}

const TOPOLOGY: &str = "service.kubernetes.io/topology-mode";
const TOPOLOGY_HINTS: &str = "service.kubernetes.io/topology-aware-hints";

/// A new service, or one that takes the place of `old`: what was there before is not looked at again.
pub(super) fn service(errors: &mut Errors, object: &Value, old: Option<&Value>) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let before = old.and_then(|old| old.get("spec")).unwrap_or(&empty);
    let (mode, hints) =
        (crate::meta::annotation(object, TOPOLOGY), crate::meta::annotation(object, TOPOLOGY_HINTS));
    if let (Some(mode), Some(hints)) = (mode, hints)
        && mode != hints
    {
        let metadata = Path::new("metadata");
        let detail = format!("must match annotations[{TOPOLOGY_HINTS}] when both are specified");
        errors.push(FieldError::invalid(&metadata.child("annotations").key(TOPOLOGY), mode, detail));
    }
    let kind = text(spec, "type");
    let ports = list(spec, "ports");
    if ports.is_empty() && !is_headless(spec) && kind != "ExternalName" {
        errors.push(FieldError::required(&path.child("ports"), ""));
    }
    by_type(errors, &path, spec, kind);
    let mut names = Seen::new();
    for (at, one) in ports.iter().enumerate() {
        let ports_path = path.child("ports");
        service_port(errors, &ports_path.index(at), one, ports.len() > 1, &mut names);
    }
    labels(errors, &path.child("selector"), spec, "selector");
    affinity(errors, &path, spec);
    if kind != "ExternalName" {
        cluster_ips(errors, &path, spec, before);
    }
    for (at, ip) in texts(spec, "externalIPs").enumerate() {
        let path = path.child("externalIPs");
        let path = path.index(at);
        let kept = texts(before, "externalIPs").any(|old| old == ip);
        let complaints = if kept { Vec::new() } else { name::ip(ip) };
        if complaints.is_empty() {
            endpoint_ip(errors, &path, ip);
        }
        complain(errors, &path, ip, complaints);
    }
    let kinds = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    required_one_of(errors, &path.child("type"), kind, &kinds);
    port_conflicts(errors, &path.child("ports"), ports, kind);
    load_balancer(errors, &path, object, old, kind);
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
    names: &mut Seen<&'a str>,
) {
    let name = text(one, "name");
    if name.is_empty() {
        if several {
            errors.push(FieldError::required(&path.child("name"), ""));
        }
    } else {
        complain(errors, &path.child("name"), name, name::dns_1123_label(name));
        if !names.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
    }
    port_number(errors, &path.child("port"), int(one, "port").unwrap_or_default());
    required_one_of(errors, &path.child("protocol"), text(one, "protocol"), &PROTOCOLS);
    port(errors, &path.child("targetPort"), one.get("targetPort"));
    if let Some(protocol) = text_of(one, "appProtocol") {
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

/// The family of an address.
pub(super) fn family(ip: &str) -> Option<&'static str> {
    Some(match name::parse_ip(ip)? {
        IpAddr::V4(_) => "IPv4",
        IpAddr::V6(_) => "IPv6",
    })
}

fn cluster_ips(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) {
    let ips: Vec<&str> = texts(spec, "clusterIPs").collect();
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
    let families: Vec<&str> = texts(spec, "ipFamilies").collect();
    for (at, family) in families.iter().enumerate() {
        let path = path.child("ipFamilies");
        one_of(errors, &path.index(at), family, &["IPv4", "IPv6"]);
        if families[..at].contains(family) {
            errors.push(FieldError::duplicate(&path.index(at), *family));
        }
    }
    if let Some(policy) = text_of(spec, "ipFamilyPolicy") {
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
        let kept = texts(before, "clusterIPs").any(|old| old == *ip);
        let complaints = if kept { Vec::new() } else { name::ip(ip) };
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
    let both = ["IPv4", "IPv6"].iter().all(|wanted| ips.iter().any(|ip| family(ip) == Some(wanted)));
    if ips.len() > 1 && !both {
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
    let mut seen = Seen::new();
    for (at, port) in ports.iter().enumerate().filter(|(_, port)| node_port(port) != 0) {
        if !seen.insert((text(port, "protocol"), node_port(port))) {
            errors.push(FieldError::duplicate(&path.index(at).child("nodePort"), node_port(port)));
        }
    }
    let mut seen = Seen::new();
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

fn load_balancer(errors: &mut Errors, path: &Path<'_>, object: &Value, old: Option<&Value>, kind: &str) {
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let before = old.and_then(|old| old.get("spec")).unwrap_or(&empty);
    let balanced = kind == "LoadBalancer";
    let ranges = list(spec, "loadBalancerSourceRanges");
    if !ranges.is_empty() {
        let path = path.child("LoadBalancerSourceRanges");
        if !balanced {
            errors.push(FieldError::forbidden(&path, LB_ONLY));
        }
        for (at, range) in texts(spec, "loadBalancerSourceRanges").map(str::trim).enumerate() {
            let mut kept = texts(before, "loadBalancerSourceRanges").map(str::trim);
            if !kept.any(|old| old == range) {
                complain(errors, &path.index(at), range, name::cidr(range));
            }
        }
    } else if let Some(ranges) = crate::meta::annotation(object, RANGES) {
        let path = Path::new("metadata");
        let path = path.child("annotations");
        if !balanced {
            errors.push(FieldError::forbidden(&path.key(RANGES), LB_ONLY));
        }
        let kept = old.and_then(|old| crate::meta::annotation(old, RANGES)) == Some(ranges);
        for range in ranges.split(',').map(str::trim).filter(|_| !kept && !ranges.trim().is_empty()) {
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
    load_balancer_class(errors, path, spec, kind);
}

fn load_balancer_class(errors: &mut Errors, path: &Path<'_>, spec: &Value, kind: &str) {
    let Some(class) = text_of(spec, "loadBalancerClass") else { return };
    let path = path.child("loadBalancerClass");
    if kind == "LoadBalancer" {
        complain(errors, &path, class, name::qualified_name(class));
    } else {
        errors.push(FieldError::forbidden(&path, LB_ONLY));
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
    match text_of(spec, "internalTrafficPolicy") {
        None if matches!(kind, "NodePort" | "LoadBalancer" | "ClusterIP") => {
            errors.push(FieldError::required(&internal, ""));
        }
        None => {}
        Some(policy) => one_of(errors, &internal, policy, &["Cluster", "Local"]),
    }
    if let Some(distribution) = text_of(spec, "trafficDistribution") {
        let supported = ["PreferClose", "PreferSameZone", "PreferSameNode"];
        one_of(errors, &path.child("trafficDistribution"), distribution, &supported);
    }
}

pub(super) fn update(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let (kind, kind_before) = (text(spec, "type"), text(before, "type"));
    let (headless, headless_before) = (is_headless(spec), is_headless(before));
    if kind != "ExternalName" && kind_before != "ExternalName" {
        if !(headless && headless_before) {
            kept_ips(errors, &path, spec, before);
        }
        if !headless && !headless_before {
            kept_families(errors, &path, spec, before);
        }
    }
    let class = "loadBalancerClass";
    let both = kind == "LoadBalancer" && kind_before == "LoadBalancer";
    if both && text_of(spec, class) != text_of(before, class) {
        let detail = "may not change once set";
        errors.push(FieldError::invalid(&path.child(class), spec.get(class), detail));
    }
    load_balancer_class(errors, &path, spec, kind);
    let port = "healthCheckNodePort";
    if needs_health_check(spec) && needs_health_check(before) && int(spec, port) != int(before, port) {
        errors.push(FieldError::forbidden(&path.child(port), "field is immutable"));
    }
    service(errors, new, Some(old));
}

const KEPT: &str = "may not change once set";

/// Addresses stay; a second one may come, and go with the policy that says so.
fn kept_ips(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) {
    let (new, old) = (list(spec, "clusterIPs"), list(before, "clusterIPs"));
    let path_ips = path.child("clusterIPs");
    let shown = spec.get("clusterIPs");
    if new.len() == old.len() {
        for (at, _) in new.iter().zip(old).enumerate().filter(|(_, (new, old))| new != old) {
            errors.push(FieldError::invalid(&path_ips.index(at), shown, KEPT));
        }
        return;
    }
    let first_changed = matches!((new.first(), old.first()), (Some(new), Some(old)) if new != old);
    if old.len() > new.len() && new.is_empty() {
        let detail = "primary clusterIP can not be unset";
        errors.push(FieldError::invalid(&path_ips.index(0), shown, detail));
    }
    if first_changed {
        errors.push(FieldError::invalid(&path_ips.index(0), shown, KEPT));
    }
    if old.len() > new.len() && new.len() == 1 && text(spec, "ipFamilyPolicy") != "SingleStack" {
        let detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
        errors.push(FieldError::invalid(&path.child("ipFamilyPolicy"), spec.get("ipFamilyPolicy"), detail));
    }
}

/// The values shown are not always the families, as Kubernetes has it.
fn kept_families(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) {
    let (new, old) = (list(spec, "ipFamilies"), list(before, "ipFamilies"));
    let families = path.child("ipFamilies");
    let first = families.index(0);
    if new.len() == old.len() {
        for _ in new.iter().zip(old).filter(|(new, old)| new != old) {
            errors.push(FieldError::invalid(&first, spec.get("ipFamilies"), KEPT));
        }
        return;
    }
    if old.len() > new.len() && list(spec, "clusterIPs").is_empty() {
        let detail = "primary ipFamily can not be unset";
        errors.push(FieldError::invalid(&first, spec.get("ipFamilies"), detail));
    }
    if matches!((new.first(), old.first()), (Some(new), Some(old)) if new != old) {
        errors.push(FieldError::invalid(&first, spec.get("clusterIPs"), KEPT));
    }
    if old.len() > new.len() && new.len() == 1 && text(spec, "ipFamilyPolicy") != "SingleStack" {
        let detail = "must be set to 'SingleStack' when releasing the secondary ipFamily";
        errors.push(FieldError::invalid(&path.child("ipFamilyPolicy"), spec.get("ipFamilyPolicy"), detail));
    }
}

pub(super) fn update_status(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("status");
    let path = path.child("loadBalancer");
    let path = path.child("ingress");
    let empty = Value::Null;
    let ingress = new.path(&["status", "loadBalancer"]).unwrap_or(&empty);
    let ingress = list(ingress, "ingress");
    if !ingress.is_empty() && new.str_at(&["spec", "type"]) != Some("LoadBalancer") {
        errors.push(FieldError::forbidden(&path, "may only be used when `spec.type` is 'LoadBalancer'"));
        return;
    }
    let before = old.path(&["status", "loadBalancer", "ingress"]).map(Value::items).unwrap_or_default();
    for (at, point) in ingress.iter().enumerate() {
        ingress_point(errors, &path.index(at), point, before, true);
    }
}

/// An address at which something is reached: of a Service or an Ingress. Those of before are not looked at again.
pub(super) fn ingress_point(
    errors: &mut Errors,
    path: &Path<'_>,
    point: &Value,
    before: &[Value],
    has_mode: bool,
) {
    let (ip, host) = (text(point, "ip"), text(point, "hostname"));
    if !ip.is_empty() && !before.iter().any(|old| text(old, "ip") == ip) {
        complain(errors, &path.child("ip"), ip, name::ip(ip));
    }
    if has_mode {
        let mode = text_of(point, "ipMode");
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
        if name::parse_ip(host).is_some() {
            let detail = "must be a DNS name, not an IP address";
            errors.push(FieldError::invalid(&path, host, detail));
        }
    }
}
