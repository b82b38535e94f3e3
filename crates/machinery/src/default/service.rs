//! Services and their endpoints.

use mizzen_schema::value::{Struct, Value};

use crate::edit::{child, each, int, made, put, str_of, text, truth, unset};

pub(super) fn service(object: &mut Struct) {
    let mut kind = String::new();
    if let Some(spec) = made(object, "spec") {
        text(spec, "sessionAffinity", "None");
        match str_of(spec, "sessionAffinity") {
            "None" => {
                spec.remove("sessionAffinityConfig");
            }
            "ClientIP" => {
                if let Some(config) = made(spec, "sessionAffinityConfig")
                    && let Some(client) = made(config, "clientIP")
                {
                    int(client, "timeoutSeconds", 10_800);
                }
            }
            _ => {}
        }
        text(spec, "type", "ClusterIP");
        each(spec, "ports", port);
        kind = str_of(spec, "type").to_owned();
        let has_external_ips = spec.get("externalIPs").is_some_and(|list| !list.items().is_empty());
        if matches!(kind.as_str(), "NodePort" | "LoadBalancer") || (kind == "ClusterIP" && has_external_ips) {
            text(spec, "externalTrafficPolicy", "Cluster");
        }
        if matches!(kind.as_str(), "ClusterIP" | "NodePort" | "LoadBalancer") {
            text(spec, "internalTrafficPolicy", "Cluster");
        }
        if kind == "LoadBalancer" {
            truth(spec, "allocateLoadBalancerNodePorts", true);
        }
    }
    if kind == "LoadBalancer"
        && let Some(status) = child(object, "status")
        && let Some(balancer) = child(status, "loadBalancer")
    {
        each(balancer, "ingress", |ingress| {
            if !unset(ingress, "ip") {
                text(ingress, "ipMode", "VIP");
            }
        });
    }
}

fn port(port: &mut Struct) {
    text(port, "protocol", "TCP");
    let target = port.get("targetPort");
    if target.is_none_or(Value::is_zero) {
        let number = port.get("port").cloned().unwrap_or(Value::Int(0));
        put(port, "targetPort", number);
    }
}

pub(super) fn endpoints(object: &mut Struct) {
    each(object, "subsets", |subset| each(subset, "ports", |port| text(port, "protocol", "TCP")));
}

pub(super) fn endpoint_slice(object: &mut Struct) {
    each(object, "ports", |port| {
        if port.get("name").is_none_or(|value| *value == Value::Null) {
            put(port, "name", Value::string(""));
        }
        text(port, "protocol", "TCP");
    });
}
