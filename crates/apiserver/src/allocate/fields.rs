//! The fields of a Service that have to do with addresses and ports.

use std::net::IpAddr;

use mizzen_schema::value::Value;
use serde_json::json;

use crate::admission::tree::{int, is_set, list, remove, set, strings, text};
use crate::status::{ApiError, Cause};

/// Whose an address or port is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Owner {
    pub(super) namespace: String,
    pub(super) name: String,
}

pub(super) fn owner(service: &Value) -> Owner {
    let at = |field| text(service, &["metadata", field]).to_owned();
    Owner { namespace: at("namespace"), name: at("name") }
}

pub(super) fn family(address: IpAddr) -> &'static str {
    if address.is_ipv4() { "IPv4" } else { "IPv6" }
}

/// `clusterIPs`, or `clusterIP` alone where only that is set.
pub(super) fn cluster_ips(service: &Value) -> Vec<String> {
    let all = strings(service, &["spec", "clusterIPs"]);
    if !all.is_empty() {
        return all;
    }
    let one = text(service, &["spec", "clusterIP"]);
    Some(one.to_owned()).filter(|one| !one.is_empty()).into_iter().collect()
}

/// The addresses that a Service holds.
pub(super) fn addresses(service: &Value) -> Vec<IpAddr> {
    cluster_ips(service).iter().filter_map(|address| address.parse().ok()).collect()
}

pub(super) fn is_headless(service: &Value) -> bool {
    cluster_ips(service).first().is_some_and(|first| first == "None")
}

pub(super) fn ip_families(service: &Value) -> Vec<String> {
    strings(service, &["spec", "ipFamilies"])
}

/// The node ports that a Service holds, that for health checks too.
pub(super) fn node_ports(service: &Value) -> Vec<u16> {
    let ports = list(service, &["spec", "ports"]).iter().filter_map(|port| int(port, &["nodePort"]));
    let all = ports.chain(int(service, &["spec", "healthCheckNodePort"]));
    all.filter_map(|port| u16::try_from(port).ok()).filter(|port| *port != 0).collect()
}

pub(super) fn wants_node_ports(service: &Value) -> bool {
    match text(service, &["spec", "type"]) {
        "NodePort" => true,
        "LoadBalancer" => {
            let given = service.path(&["spec", "allocateLoadBalancerNodePorts"]).and_then(Value::as_bool);
            // Ports that are given are held whatever the field says.
            given != Some(false) || list(service, &["spec", "ports"]).iter().any(|port| node_port(port) != 0)
        }
        _ => false,
    }
}

pub(super) fn wants_health_check_port(service: &Value) -> bool {
    text(service, &["spec", "type"]) == "LoadBalancer"
        && text(service, &["spec", "externalTrafficPolicy"]) == "Local"
}

fn node_port(port: &Value) -> i64 {
    int(port, &["nodePort"]).unwrap_or(0)
}

fn has_address(service: &Value) -> bool {
    !matches!(text(service, &["spec", "type"]), "ExternalName")
}

/// A client that replaces a Service need not repeat what the server gave it.
pub(super) fn carry_over(service: &mut Value, old: &Value) {
    if has_address(service) && has_address(old) {
        let given = text(service, &["spec", "clusterIP"]);
        if given.is_empty() && list(service, &["spec", "clusterIPs"]).is_empty() {
            set(service, &["spec", "clusterIP"], json!(text(old, &["spec", "clusterIP"])));
            set(service, &["spec", "clusterIPs"], json!(strings(old, &["spec", "clusterIPs"])));
        }
    }
    if wants_node_ports(service) && wants_node_ports(old) {
        let key = |port: &Value| (text(port, &["protocol"]).to_owned(), int(port, &["port"]));
        let known: Vec<_> =
            list(old, &["spec", "ports"]).iter().map(|port| (key(port), node_port(port))).collect();
        let used: Vec<i64> = list(service, &["spec", "ports"]).iter().map(node_port).collect();
        let Some(Value::List(ports)) = service.path_mut(&["spec", "ports"]) else { return };
        for port in ports.iter_mut().filter(|port| node_port(port) == 0) {
            let found = known
                .iter()
                .find(|(known, number)| *known == key(port) && *number != 0 && !used.contains(number));
            if let Some((_, number)) = found {
                set(port, &["nodePort"], json!(number));
            }
        }
    }
    if wants_health_check_port(service)
        && wants_health_check_port(old)
        && int(service, &["spec", "healthCheckNodePort"]).unwrap_or(0) == 0
        && let Some(port) = int(old, &["spec", "healthCheckNodePort"])
    {
        set(service, &["spec", "healthCheckNodePort"], json!(port));
    }
}

/// When a Service's type changes, what the new type has not goes, if the client left it as it was.
pub(super) fn drop_what_the_type_has_not(service: &mut Value, old: Option<&Value>) {
    let Some(old) = old else { return };
    let ip = text(service, &["spec", "clusterIP"]);
    let left = ip.is_empty() || ip == text(old, &["spec", "clusterIP"]);
    if !has_address(service) && has_address(old) && left {
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            remove(service, &["spec", field]);
        }
    }
    let typed = |service: &Value| matches!(text(service, &["spec", "type"]), "NodePort" | "LoadBalancer");
    if !typed(service) && typed(old) {
        drop_if_left(service, old, "externalTrafficPolicy");
        let known = node_ports(old);
        if let Some(Value::List(ports)) = service.path_mut(&["spec", "ports"]) {
            for port in ports {
                if u16::try_from(node_port(port)).is_ok_and(|port| known.contains(&port)) {
                    remove(port, &["nodePort"]);
                }
            }
        }
    }
    if !wants_health_check_port(service) && wants_health_check_port(old) {
        drop_if_left(service, old, "healthCheckNodePort");
    }
    let balanced = |service: &Value| text(service, &["spec", "type"]) == "LoadBalancer";
    if !balanced(service) && balanced(old) {
        for field in ["allocateLoadBalancerNodePorts", "loadBalancerClass"] {
            drop_if_left(service, old, field);
        }
    }
}

/// Removes a field of the spec that the client did not change.
fn drop_if_left(service: &mut Value, old: &Value, field: &str) {
    let path = ["spec", field];
    if service.path(&path) == old.path(&path) {
        remove(service, &path);
    }
}

/// Defaults of the families, and whether this cluster has those asked for.
pub(super) fn set_families(service: &mut Value, configured: &[&'static str]) -> Result<(), ApiError> {
    if text(service, &["spec", "type"]) == "ExternalName" {
        return Ok(());
    }
    let ips = cluster_ips(service);
    if let Some(first) = ips.first() {
        let first = json!(first);
        if !is_set(service, &["spec", "clusterIPs"]) || list(service, &["spec", "clusterIPs"]).is_empty() {
            set(service, &["spec", "clusterIPs"], json!(ips));
        }
        if text(service, &["spec", "clusterIP"]).is_empty() {
            set(service, &["spec", "clusterIP"], first);
        }
    }
    let headless = is_headless(service);
    let selectorless = service.path(&["spec", "selector"]).is_none_or(Value::is_zero);
    let mut families = ip_families(service);
    let mut policy = text(service, &["spec", "ipFamilyPolicy"]).to_owned();
    check(service, &families, &policy, configured, headless && selectorless)?;
    for address in addresses(service).into_iter().skip(families.len()) {
        families.push(family(address).to_owned());
    }
    if policy.is_empty() {
        let both = headless && selectorless && families.len() != 1 || families.len() > 1;
        policy = if both { "RequireDualStack" } else { "SingleStack" }.to_owned();
    }
    if families.is_empty() {
        families.extend(configured.first().map(|family| (*family).to_owned()));
    }
    let dual = match policy.as_str() {
        "RequireDualStack" => true,
        "PreferDualStack" => configured.len() > 1 || headless && selectorless,
        _ => false,
    };
    if dual && families.len() == 1 {
        families.push(if families[0] == "IPv4" { "IPv6" } else { "IPv4" }.to_owned());
    }
    set(service, &["spec", "ipFamilies"], json!(families));
    set(service, &["spec", "ipFamilyPolicy"], json!(policy));
    Ok(())
}

fn check(
    service: &Value,
    families: &[String],
    policy: &str,
    configured: &[&'static str],
    free: bool,
) -> Result<(), ApiError> {
    // Without selector and address nothing depends on what the cluster has.
    if free {
        return Ok(());
    }
    let mut causes = Vec::new();
    let mut invalid = |field: String, value: &str, why: &str| {
        let message = format!("Invalid value: {value:?}: {why}");
        causes.push(Cause { reason: "FieldValueInvalid".to_owned(), message, field });
    };
    for (at, family) in families.iter().enumerate() {
        if !configured.contains(&family.as_str()) {
            invalid(format!("spec.ipFamilies[{at}]"), family, "not configured on this cluster");
        }
    }
    if policy == "RequireDualStack" && configured.len() < 2 {
        let why = "this cluster is not configured for dual-stack services";
        invalid("spec.ipFamilyPolicy".to_owned(), policy, why);
    }
    if causes.is_empty() {
        return Ok(());
    }
    Err(ApiError::invalid("", "Service", text(service, &["metadata", "name"]), causes))
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;
    use crate::admission::tree::build;

    #[test]
    fn families() {
        let check = |spec: Json, configured: &[&'static str], expect: Result<(&[&str], &str), &str>| {
            let mut service = build(None, json!({"metadata": {"name": "s"}, "spec": spec}));
            match (set_families(&mut service, configured), expect) {
                (Ok(()), Ok((families, policy))) => {
                    assert_eq!(ip_families(&service), families);
                    assert_eq!(text(&service, &["spec", "ipFamilyPolicy"]), policy);
                }
                (Err(error), Err(words)) => assert!(error.message.contains(words), "{error}"),
                (found, expect) => panic!("{found:?} {expect:?}"),
            }
        };
        let (v4, both) = (["IPv4"], ["IPv4", "IPv6"]);
        let selector = json!({"a": "b"});
        check(json!({"selector": selector}), &v4, Ok((&["IPv4"], "SingleStack")));
        check(json!({"selector": selector, "clusterIP": "None"}), &v4, Ok((&["IPv4"], "SingleStack")));
        check(json!({"clusterIP": "None"}), &v4, Ok((&["IPv4", "IPv6"], "RequireDualStack")));
        let prefer = json!({"ipFamilyPolicy": "PreferDualStack", "selector": selector});
        check(prefer.clone(), &v4, Ok((&["IPv4"], "PreferDualStack")));
        check(prefer, &both, Ok((&["IPv4", "IPv6"], "PreferDualStack")));
        let require = json!({"ipFamilyPolicy": "RequireDualStack", "selector": selector});
        check(require, &v4, Err("this cluster is not configured for dual-stack services"));
        let six = json!({"ipFamilies": ["IPv6"], "selector": selector});
        check(
            six.clone(),
            &v4,
            Err("spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster"),
        );
        check(six, &both, Ok((&["IPv6"], "SingleStack")));
        check(json!({"clusterIP": "fd00::1", "selector": selector}), &both, Ok((&["IPv6"], "SingleStack")));
    }
}
