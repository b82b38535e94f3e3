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

/// Whether the outside reaches it: by node ports, a load balancer, or addresses of its own.
fn is_reached(service: &Value) -> bool {
    match text(service, &["spec", "type"]) {
        "NodePort" | "LoadBalancer" => true,
        "ClusterIP" => !list(service, &["spec", "externalIPs"]).is_empty(),
        _ => false,
    }
}

/// Of `clusterIP` and the list that it heads, a client that knows one of the two changes that alone: the other
/// follows. Source: KEP-563 (dual stack), "Defaulting".
pub(super) fn follow_cluster_ip(service: &mut Value, old: Option<&Value>) {
    let one = text(service, &["spec", "clusterIP"]).to_owned();
    let all = strings(service, &["spec", "clusterIPs"]);
    let Some(old) = old else {
        if !one.is_empty() && all.is_empty() {
            set(service, &["spec", "clusterIPs"], json!([one]));
        }
        return;
    };
    if one == text(old, &["spec", "clusterIP"]) || all != strings(old, &["spec", "clusterIPs"]) {
        return;
    }
    if one.is_empty() {
        remove(service, &["spec", "clusterIPs"]);
    } else {
        set(service, &["spec", "clusterIPs"], json!([one]));
    }
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
    if !is_reached(service) && is_reached(old) {
        drop_if_left(service, old, "externalTrafficPolicy");
    }
    let typed = |service: &Value| matches!(text(service, &["spec", "type"]), "NodePort" | "LoadBalancer");
    if !typed(service) && typed(old) {
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

    /// What stays of `old` when a client writes `new` over it, in the order in which the allocator goes.
    #[test]
    fn a_change_of_type_drops_what_it_has_not() {
        let check = |old: Json, new: Json, expect: Json| {
            let build = |spec: &Json| build(None, json!({"metadata": {"name": "s"}, "spec": spec}));
            let (old, mut found) = (build(&old), build(&new));
            follow_cluster_ip(&mut found, Some(&old));
            carry_over(&mut found, &old);
            drop_what_the_type_has_not(&mut found, Some(&old));
            assert_eq!(found, build(&expect), "{new} over {old:?}");
        };
        let ip = |ty: &str| json!({"type": ty, "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"]});
        let with = |mut spec: Json, more: Json| {
            let more = more.as_object().expect("members").clone();
            spec.as_object_mut().expect("members").extend(more);
            spec
        };
        let ports = |node: Option<u16>| match node {
            Some(node) => json!({"ports": [{"port": 80, "protocol": "TCP", "nodePort": node}]}),
            None => json!({"ports": [{"port": 80, "protocol": "TCP"}]}),
        };
        let local = json!({"externalTrafficPolicy": "Local"});
        let balanced = json!({"allocateLoadBalancerNodePorts": true, "loadBalancerClass": "x/y",
            "healthCheckNodePort": 30002, "externalTrafficPolicy": "Local"});
        let node = with(with(ip("NodePort"), ports(Some(30001))), local.clone());
        let balancer = with(with(ip("LoadBalancer"), ports(Some(30001))), balanced.clone());
        // What the client repeats goes, what it changes stays, to be refused.
        check(
            node.clone(),
            with(with(ip("ClusterIP"), ports(Some(30001))), local.clone()),
            with(ip("ClusterIP"), ports(None)),
        );
        check(
            node.clone(),
            with(ip("ClusterIP"), ports(Some(30009))),
            with(ip("ClusterIP"), ports(Some(30009))),
        );
        check(
            balancer.clone(),
            with(with(ip("ClusterIP"), ports(Some(30001))), balanced.clone()),
            with(ip("ClusterIP"), ports(None)),
        );
        check(balancer, with(with(ip("NodePort"), ports(Some(30001))), balanced), node.clone());
        // External addresses keep the policy.
        let outside = json!({"externalIPs": ["192.0.2.1"]});
        check(
            node.clone(),
            with(with(with(ip("ClusterIP"), outside.clone()), ports(None)), local.clone()),
            with(with(with(ip("ClusterIP"), outside.clone()), ports(None)), local.clone()),
        );
        check(
            with(with(ip("ClusterIP"), outside), local.clone()),
            with(ip("ClusterIP"), local),
            ip("ClusterIP"),
        );
        // Without addresses at all.
        let named = json!({"type": "ExternalName", "externalName": "a.b"});
        check(ip("ClusterIP"), with(ip("ExternalName"), json!({"externalName": "a.b"})), named.clone());
        check(ip("ClusterIP"), named.clone(), named);
        // What was given is carried over.
        check(
            node.clone(),
            with(json!({"type": "NodePort"}), with(ports(None), json!({"externalTrafficPolicy": "Local"}))),
            node,
        );
    }

    #[test]
    fn the_list_of_addresses_follows_its_first() {
        let check = |old: Option<Json>, new: Json, expect: Json| {
            let build = |spec: Json| build(None, json!({"spec": spec}));
            let mut found = build(new.clone());
            follow_cluster_ip(&mut found, old.clone().map(build).as_ref());
            assert_eq!(found, build(expect), "{new} over {old:?}");
        };
        let both = |one: &str, all: &[&str]| json!({"clusterIP": one, "clusterIPs": all});
        check(None, json!({"clusterIP": "a"}), both("a", &["a"]));
        check(None, json!({}), json!({}));
        check(Some(both("a", &["a"])), both("b", &["a"]), both("b", &["b"]));
        check(Some(both("a", &["a"])), both("", &["a"]), json!({"clusterIP": ""}));
        check(Some(both("a", &["a"])), both("a", &["a"]), both("a", &["a"]));
        check(Some(both("a", &["a"])), both("b", &["c"]), both("b", &["c"]));
    }
}
