//! Ingresses and NetworkPolicies.

use std::net::IpAddr;

use mizzen_schema::value::Value;

use super::check::{
    Errors, PROTOCOLS, complain, immutable, int, is_set, label_selector, list, one_of, port, port_number,
    required, some, text,
};
use super::security::subdomain;
use super::service::ingress_point;
use crate::field::{FieldError, Path};
use crate::name;

pub(super) fn ingress(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let (rules, default) = (list(spec, "rules"), some(spec, "defaultBackend"));
    if rules.is_empty() && default.is_none() {
        errors.push(FieldError::invalid(
            &path,
            rules_value(spec),
            "either `defaultBackend` or `rules` must be specified",
        ));
    }
    if let Some(backend) = default {
        ingress_backend(errors, &path.child("defaultBackend"), backend);
    }
    for (at, rule) in rules.iter().enumerate() {
        let path = path.child("rules");
        ingress_rule(errors, &path.index(at), rule);
    }
    for (at, tls) in list(spec, "tls").iter().enumerate() {
        let path = path.child("tls");
        let path = path.index(at);
        let hosts = path.child("hosts");
        for (at, host) in list(tls, "hosts").iter().filter_map(Value::as_str).enumerate() {
            let complaints = if host.contains('*') {
                name::wildcard_dns_1123_subdomain(host)
            } else {
                name::dns_1123_subdomain(host)
            };
            complain(errors, &hosts.index(at), host, complaints);
        }
        let secret = text(tls, "secretName");
        if !secret.is_empty() {
            subdomain(errors, &path.child("secretName"), secret);
        }
    }
    if let Some(class) = some(spec, "ingressClassName").and_then(Value::as_str) {
        subdomain(errors, &path.child("ingressClassName"), class);
    }
}

fn rules_value(spec: &Value) -> Option<&Value> {
    spec.get("rules")
}

fn ingress_rule(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
    let host = text(rule, "host");
    if !host.is_empty() {
        let path = path.child("host");
        if host.parse::<IpAddr>().is_ok() {
            errors.push(FieldError::invalid(&path, host, "must be a DNS name, not an IP address"));
        }
        let complaints = if host.contains('*') {
            name::wildcard_dns_1123_subdomain(host)
        } else {
            name::dns_1123_subdomain(host)
        };
        complain(errors, &path, host, complaints);
    }
    let Some(http) = some(rule, "http") else { return };
    let path = path.child("http.paths");
    let paths = list(http, "paths");
    if paths.is_empty() {
        errors.push(FieldError::required(&path, ""));
    }
    for (at, one) in paths.iter().enumerate() {
        let path = path.index(at);
        ingress_path(errors, &path, one);
        let empty = Value::Null;
        ingress_backend(errors, &path.child("backend"), one.get("backend").unwrap_or(&empty));
    }
}

fn ingress_path(errors: &mut Errors, path: &Path<'_>, one: &Value) {
    let target = text(one, "path");
    let path_path = path.child("path");
    let Some(kind) = some(one, "pathType").and_then(Value::as_str) else {
        errors.push(FieldError::required(&path.child("pathType"), "pathType must be specified"));
        return;
    };
    match kind {
        "Exact" | "Prefix" => {
            if !target.starts_with('/') {
                errors.push(FieldError::invalid(&path_path, target, "must be an absolute path"));
            }
            for bad in ["//", "/./", "/../", "%2f", "%2F"] {
                if target.contains(bad) {
                    errors.push(FieldError::invalid(&path_path, target, format!("must not contain '{bad}'")));
                }
            }
            for bad in ["/..", "/."] {
                if target.ends_with(bad) {
                    errors.push(FieldError::invalid(&path_path, target, format!("cannot end with '{bad}'")));
                }
            }
        }
        "ImplementationSpecific" => {
            if !target.is_empty() && !target.starts_with('/') {
                errors.push(FieldError::invalid(&path_path, target, "must be an absolute path"));
            }
        }
        other => {
            let supported = ["Exact", "ImplementationSpecific", "Prefix"];
            errors.push(FieldError::not_supported(&path.child("pathType"), other, &supported));
        }
    }
}

fn ingress_backend(errors: &mut Errors, path: &Path<'_>, backend: &Value) {
    let (service, resource) = (some(backend, "service"), some(backend, "resource"));
    match (service, resource) {
        (Some(_), Some(_)) => {
            errors.push(FieldError::invalid(path, "", "cannot set both resource and service backends"));
        }
        (None, None) => {
            errors.push(FieldError::required(path, "must specify exactly one of service or resource"))
        }
        (None, Some(resource)) => {
            let path = path.child("resource");
            for field in ["kind", "name"] {
                required(errors, &path.child(field), text(resource, field));
            }
        }
        (Some(service), None) => {
            let path = path.child("service");
            let name = text(service, "name");
            if required(errors, &path.child("name"), name) {
                complain(errors, &path.child("name"), name, name::dns_1035_label(name));
            }
            let empty = Value::Null;
            let port = service.get("port").unwrap_or(&empty);
            let (name, number) = (text(port, "name"), int(port, "number").unwrap_or_default());
            match (name.is_empty(), number) {
                (true, 0) => errors.push(FieldError::required(&path, "port name or number is required")),
                (false, 0) => complain(errors, &path.child("port.name"), name, name::port_name(name)),
                (true, number) => port_number(errors, &path.child("port.number"), number),
                (false, _) => {
                    errors.push(FieldError::invalid(&path, "", "cannot set both port name & port number"));
                }
            }
        }
    }
}

pub(super) fn ingress_status(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("status");
    let path = path.child("loadBalancer");
    let path = path.child("ingress");
    let fields = ["status", "loadBalancer", "ingress"];
    let points =
        |object: &'_ Value| object.path(&fields).map(|points| points.items().to_vec()).unwrap_or_default();
    let before = points(old);
    for (at, point) in points(new).iter().enumerate() {
        ingress_point(errors, &path.index(at), point, &before, false);
    }
}

pub(super) fn ingress_class(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let controller = text(spec, "controller");
    let controller_path = path.child("controller");
    if controller.len() > 250 {
        errors.push(FieldError::too_long(&controller_path, 250));
    }
    if required(errors, &controller_path, controller) {
        match controller.split_once('/').filter(|(domain, rest)| !domain.is_empty() && !rest.is_empty()) {
            Some((domain, _)) => complain(errors, &controller_path, domain, name::dns_1123_subdomain(domain)),
            None => {
                let detail = "must be a domain-prefixed path (such as \"acme.io/foo\")";
                errors.push(FieldError::invalid(&controller_path, controller, detail));
            }
        }
    }
    if let Some(parameters) = some(spec, "parameters") {
        let path = path.child("parameters");
        for field in ["kind", "name"] {
            required(errors, &path.child(field), text(parameters, field));
        }
        match text(parameters, "scope") {
            "Namespace" if text(parameters, "namespace").is_empty() => {
                let detail = "`parameters.scope` is set to 'Namespace'";
                errors.push(FieldError::required(&path.child("namespace"), detail));
            }
            "Cluster" if is_set(parameters, "namespace") => {
                let detail = "`parameters.scope` is set to 'Cluster'";
                errors.push(FieldError::forbidden(&path.child("namespace"), detail));
            }
            "" => errors.push(FieldError::required(&path.child("scope"), "")),
            scope => one_of(errors, &path.child("scope"), scope, &["Cluster", "Namespace"]),
        }
    }
}

pub(super) fn ingress_class_update(errors: &mut Errors, new: &Value, old: &Value) {
    ingress_class(errors, new);
    let path = Path::new("spec");
    let controller = ["spec", "controller"];
    immutable(errors, &path.child("controller"), new.path(&controller), old.path(&controller));
}

pub(super) fn network_policy(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    label_selector(errors, &path.child("podSelector"), some(spec, "podSelector"));
    for (field, peers) in [("ingress", "from"), ("egress", "to")] {
        let path = path.child(field);
        for (at, rule) in list(spec, field).iter().enumerate() {
            let path = path.index(at);
            for (at, one) in list(rule, "ports").iter().enumerate() {
                let path = path.child("ports");
                policy_port(errors, &path.index(at), one);
            }
            for (at, peer) in list(rule, peers).iter().enumerate() {
                let path = path.child(peers);
                policy_peer(errors, &path.index(at), peer);
            }
        }
    }
    let types = list(spec, "policyTypes");
    let path = path.child("policyTypes");
    if types.len() > 2 {
        errors.push(FieldError::invalid(
            &path,
            spec.get("policyTypes"),
            "may not specify more than two policyTypes",
        ));
        return;
    }
    for (at, kind) in types.iter().filter_map(Value::as_str).enumerate() {
        one_of(errors, &path.index(at), kind, &["Egress", "Ingress"]);
    }
}

fn policy_port(errors: &mut Errors, path: &Path<'_>, one: &Value) {
    let protocol = text(one, "protocol");
    if !protocol.is_empty() {
        one_of(errors, &path.child("protocol"), protocol, &PROTOCOLS);
    }
    let number = some(one, "port");
    if number.is_some() {
        port(errors, &path.child("port"), number);
    }
    let Some(end) = int(one, "endPort") else { return };
    let path_end = path.child("endPort");
    match number {
        None => {
            let detail = "may not be specified when `port` is not specified";
            errors.push(FieldError::invalid(&path_end, end, detail));
        }
        Some(Value::String(_)) => {
            let detail = "may not be specified when `port` is non-numeric";
            errors.push(FieldError::invalid(&path_end, end, detail));
        }
        Some(number) => {
            if number.as_i64().is_some_and(|number| end < number) {
                let detail = "must be greater than or equal to `port`";
                errors.push(FieldError::invalid(&path_end, end, detail));
            }
            port_number(errors, &path_end, end);
        }
    }
}

fn policy_peer(errors: &mut Errors, path: &Path<'_>, peer: &Value) {
    let mut count = 0;
    for field in ["podSelector", "namespaceSelector"] {
        if let Some(selector) = some(peer, field) {
            count += 1;
            label_selector(errors, &path.child(field), Some(selector));
        }
    }
    if let Some(block) = some(peer, "ipBlock") {
        count += 1;
        ip_block(errors, &path.child("ipBlock"), block);
    }
    if count == 0 {
        errors.push(FieldError::required(path, "must specify a peer"));
    } else if count > 1 && is_set(peer, "ipBlock") {
        let detail = "may not specify both ipBlock and another peer";
        errors.push(FieldError::forbidden(path, detail));
    }
}

fn ip_block(errors: &mut Errors, path: &Path<'_>, block: &Value) {
    let cidr = text(block, "cidr");
    let path_cidr = path.child("cidr");
    if !required(errors, &path_cidr, cidr) {
        return;
    }
    let complaints = name::cidr(cidr);
    let outer: Option<ipnet::IpNet> = cidr.parse().ok();
    complain(errors, &path_cidr, cidr, complaints);
    for (at, except) in list(block, "except").iter().filter_map(Value::as_str).enumerate() {
        let path = path.child("except");
        let path = path.index(at);
        let Ok(inner) = except.parse::<ipnet::IpNet>() else {
            complain(errors, &path, except, name::cidr(except));
            continue;
        };
        let within = outer
            .is_some_and(|outer| outer.contains(&inner.network()) && outer.prefix_len() < inner.prefix_len());
        if outer.is_some() && !within {
            let detail = "must be a strict subset of `cidr`";
            errors.push(FieldError::invalid(&path, except, detail));
        }
    }
}
