//! Services and slices in, plans out.

use serde_json::{Value, json};

use super::*;

fn service(spec: Value) -> Service {
    let mut spec = spec;
    if spec.get("clusterIP").is_none() {
        spec["clusterIP"] = "10.96.0.9".into();
    }
    if spec.get("ports").is_none() {
        spec["ports"] = json!([{"port": 80, "nodePort": 30080}]);
    }
    let status = spec.as_object_mut().unwrap().remove("status").unwrap_or(Value::Null);
    let meta = spec.as_object_mut().unwrap().remove("metadata").unwrap_or(json!({}));
    serde_json::from_value(json!({"metadata": meta, "spec": spec, "status": status})).unwrap()
}

/// `IP[@NODE][:STATE][#HINT]`: states `notready`, `draining` (terminating, still serving), `gone`.
fn slice(endpoints: &[&str]) -> EndpointSlice {
    let endpoint = |text: &&str| {
        let (text, hint) = text.split_once('#').unwrap_or((text, ""));
        let (text, state) = text.split_once(':').unwrap_or((text, ""));
        let (ip, node) = text.split_once('@').unwrap_or((text, ""));
        let conditions = match state {
            "" => json!({}),
            "notready" => json!({"ready": false}),
            "draining" => json!({"ready": false, "serving": true, "terminating": true}),
            "gone" => json!({"ready": false, "serving": false, "terminating": true}),
            other => panic!("{other}"),
        };
        let hints = match hint.split_once('=') {
            Some(("zone", zone)) => json!({"forZones": [{"name": zone}]}),
            Some(("node", node)) => json!({"forNodes": [{"name": node}]}),
            _ => Value::Null,
        };
        json!({"addresses": [ip], "nodeName": node, "conditions": conditions, "hints": hints})
    };
    let endpoints: Vec<Value> = endpoints.iter().map(endpoint).collect();
    serde_json::from_value(json!({
        "addressType": "IPv4", "metadata": {}, "endpoints": endpoints, "ports": [{"name": "", "port": 8080}],
    }))
    .unwrap()
}

fn show(action: &Action) -> String {
    match action {
        Action::Reject => "reject".to_owned(),
        Action::Drop => "drop".to_owned(),
        Action::Balance { masquerade, targets } => {
            let targets: Vec<String> =
                targets.iter().map(|target| format!("{}:{}", target.ip, target.port)).collect();
            format!("{masquerade:?} {}", targets.join(" "))
        }
    }
}

fn lines(plan: &ServicePlan) -> Vec<String> {
    let line = |plan: &VipPlan| {
        let ip = plan.vip.ip.map_or("*".to_owned(), |ip| ip.to_string());
        let mut line = format!("{ip}:{}/{} {}", plan.vip.port, plan.vip.protocol.name(), show(&plan.action));
        if let Some(external) = &plan.external {
            line.push_str(&format!(" | {}", show(external)));
        }
        if let Some(affinity) = plan.affinity_s {
            line.push_str(&format!(" sticky {affinity}"));
        }
        if let Some(allowed) = &plan.allowed {
            line.push_str(&format!(" from {allowed:?}"));
        }
        line
    };
    plan.vips.iter().map(line).collect()
}

fn check(spec: Value, endpoints: &[&str], expect: &[&str]) {
    let node = NodeFacts { name: "here".to_owned(), zone: Some("z1".to_owned()), masquerade_all: false };
    let slices = [slice(endpoints)];
    assert_eq!(lines(&plan(&service(spec.clone()), slices.iter(), &node)), expect, "{spec} {endpoints:?}");
}

#[test]
fn addresses_of_each_type() {
    check(json!({}), &["10.1.0.1"], &["10.96.0.9:80/tcp FromOutsidePods 10.1.0.1:8080"]);
    check(
        json!({"type": "NodePort", "externalIPs": ["192.0.2.1", "127.0.0.1"]}),
        &["10.1.0.1"],
        &[
            "10.96.0.9:80/tcp FromOutsidePods 10.1.0.1:8080",
            "192.0.2.1:80/tcp All 10.1.0.1:8080",
            "*:30080/tcp All 10.1.0.1:8080",
        ],
    );
    check(
        json!({
            "type": "LoadBalancer",
            "loadBalancerSourceRanges": ["198.51.100.0/25", "198.51.100.128/25", "fd00::/8"],
            "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}, {"ip": "192.0.2.8", "ipMode": "Proxy"}]}},
        }),
        &["10.1.0.1"],
        &[
            "10.96.0.9:80/tcp FromOutsidePods 10.1.0.1:8080",
            "192.0.2.7:80/tcp All 10.1.0.1:8080 from [198.51.100.0/24]",
            "*:30080/tcp All 10.1.0.1:8080",
        ],
    );
    check(json!({"clusterIP": "None"}), &["10.1.0.1"], &[]);
    check(json!({"type": "ExternalName", "clusterIP": ""}), &["10.1.0.1"], &[]);
    let foreign = json!({"labels": {"service.kubernetes.io/service-proxy-name": "other"}});
    check(json!({"metadata": foreign}), &["10.1.0.1"], &[]);
    check(
        json!({"clusterIPs": ["fd00::1", "10.96.0.10"], "clusterIP": "fd00::1"}),
        &["10.1.0.1"],
        &["10.96.0.10:80/tcp FromOutsidePods 10.1.0.1:8080"],
    );
}

#[test]
fn endpoints_by_condition() {
    let balanced = |targets: &str| format!("10.96.0.9:80/tcp FromOutsidePods {targets}");
    let check = |endpoints: &[&str], expect: &str| check(json!({}), endpoints, &[expect]);
    check(&[], "10.96.0.9:80/tcp reject");
    check(&["10.1.0.1:notready"], "10.96.0.9:80/tcp reject");
    check(&["10.1.0.1:gone"], "10.96.0.9:80/tcp reject");
    check(&["10.1.0.1", "10.1.0.2:draining", "10.1.0.3:notready"], &balanced("10.1.0.1:8080"));
    check(&["10.1.0.2:draining", "10.1.0.3:gone"], &balanced("10.1.0.2:8080"));
    // Once, however often it is listed; and none that would lead back into the node.
    check(&["10.1.0.1:notready", "10.1.0.1", "127.0.0.1", "169.254.169.254"], &balanced("10.1.0.1:8080"));
}

#[test]
fn traffic_policies() {
    let check_internal = |endpoints: &[&str], expect: &str| {
        check(json!({"internalTrafficPolicy": "Local"}), endpoints, &[&format!("10.96.0.9:80/tcp {expect}")]);
    };
    check_internal(&["10.1.0.1@here", "10.1.1.1@there"], "FromOutsidePods 10.1.0.1:8080");
    check_internal(&["10.1.1.1@there"], "drop");
    check_internal(&[], "reject");
    check_internal(&["10.1.0.1@here:draining", "10.1.1.1@there"], "FromOutsidePods 10.1.0.1:8080");
    let check_external = |endpoints: &[&str], inside: &str, outside: &str| {
        check(
            json!({"type": "NodePort", "externalTrafficPolicy": "Local"}),
            endpoints,
            &[
                &format!("10.96.0.9:80/tcp {}", inside.replace("FromNode", "FromOutsidePods")),
                &format!("*:30080/tcp {inside} | {outside}"),
            ],
        );
    };
    check_external(
        &["10.1.0.1@here", "10.1.1.1@there"],
        "FromNode 10.1.0.1:8080 10.1.1.1:8080",
        "Nobody 10.1.0.1:8080",
    );
    check_external(&["10.1.1.1@there"], "FromNode 10.1.1.1:8080", "drop");
    check_external(&[], "reject", "reject");
}

#[test]
fn topology_hints() {
    let check = |endpoints: &[&str], expect: &str| {
        check(json!({}), endpoints, &[&format!("10.96.0.9:80/tcp FromOutsidePods {expect}")]);
    };
    check(&["10.1.0.1#zone=z1", "10.1.0.2#zone=z2"], "10.1.0.1:8080");
    // One without: none counts.
    check(&["10.1.0.1#zone=z1", "10.1.0.2"], "10.1.0.1:8080 10.1.0.2:8080");
    // None for us.
    check(&["10.1.0.1#zone=z3", "10.1.0.2#zone=z2"], "10.1.0.1:8080 10.1.0.2:8080");
    check(&["10.1.0.1#node=there", "10.1.0.2#node=here"], "10.1.0.2:8080");
    check(&["10.1.0.1#node=there", "10.1.0.2#node=other"], "10.1.0.1:8080 10.1.0.2:8080");
}

#[test]
fn affinity_and_health() {
    check(
        json!({"sessionAffinity": "ClientIP"}),
        &["10.1.0.1"],
        &["10.96.0.9:80/tcp FromOutsidePods 10.1.0.1:8080 sticky 10800"],
    );
    check(
        json!({"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 5}}}),
        &["10.1.0.1"],
        &["10.96.0.9:80/tcp FromOutsidePods 10.1.0.1:8080 sticky 5"],
    );
    let balancer =
        json!({"type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": 31000});
    let node = NodeFacts { name: "here".to_owned(), ..NodeFacts::default() };
    let slices = [slice(&["10.1.0.1@here", "10.1.0.2@there", "10.1.0.3@here:draining"])];
    assert_eq!(plan(&service(balancer), slices.iter(), &node).health, Some((31000, 1)));
}

#[test]
fn ports_by_name_and_protocol() {
    let service = service(json!({"ports": [
        {"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53, "protocol": "TCP"},
        {"name": "odd", "port": 1, "protocol": "ICMP"},
    ]}));
    let mut slice = slice(&["10.1.0.1"]);
    slice.ports = serde_json::from_value(json!([
        {"name": "dns", "port": 5353, "protocol": "UDP"}, {"name": "dns-tcp", "port": 5354},
    ]))
    .unwrap();
    let node = NodeFacts::default();
    assert_eq!(
        lines(&plan(&service, [slice].iter(), &node)),
        ["10.96.0.9:53/udp FromOutsidePods 10.1.0.1:5353", "10.96.0.9:53/tcp FromOutsidePods 10.1.0.1:5354"]
    );
}
