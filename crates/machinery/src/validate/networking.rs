//! Ingresses, NetworkPolicies, and the addresses of services.

use mizzen_schema::value::Value;

use super::check::{
    Errors, IMMUTABLE, complain, domain_path, immutable, int, is_set, label_selector, list, one_of, port,
    port_number, required, segment, some, text, text_of, texts,
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
    if let Some(class) = text_of(spec, "ingressClassName") {
        subdomain(errors, &path.child("ingressClassName"), class);
    }
}

const CLASS: &str = "kubernetes.io/ingress.class";

/// The class may be given twice, but not differently.
pub(super) fn ingress_create(errors: &mut Errors, object: &Value) {
    ingress(errors, object);
    let class = object.str_at(&["spec", "ingressClassName"]);
    let annotated = crate::meta::annotation(object, CLASS);
    if let (Some(class), Some(annotated)) = (class, annotated)
        && class != annotated
    {
        // As Kubernetes names it.
        let path = Path::new("annotations");
        let detail = "must match `ingressClassName` when both are specified";
        errors.push(FieldError::invalid(&path.child(CLASS), annotated, detail));
    }
}

fn rules_value(spec: &Value) -> Option<&Value> {
    spec.get("rules")
}

fn ingress_rule(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
    let host = text(rule, "host");
    if !host.is_empty() {
        let path = path.child("host");
        if name::parse_ip(host).is_some() {
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
        ingress_path(errors, &path.index(at), one);
    }
}

fn ingress_path(errors: &mut Errors, path: &Path<'_>, one: &Value) {
    let target = text(one, "path");
    let path_path = path.child("path");
    let Some(kind) = text_of(one, "pathType") else {
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
    ingress_backend(errors, &path.child("backend"), one.get("backend").unwrap_or(&Value::Null));
}

fn ingress_backend(errors: &mut Errors, path: &Path<'_>, backend: &Value) {
    match (some(backend, "service"), some(backend, "resource")) {
        (Some(_), Some(_)) => {
            errors.push(FieldError::invalid(path, "", "cannot set both resource and service backends"));
        }
        (None, None) => {
            errors.push(FieldError::invalid(path, "", "resource or service backend is required"));
        }
        (None, Some(resource)) => object_reference(errors, &path.child("resource"), resource),
        (Some(service), None) => {
            let name = text(service, "name");
            if required(errors, &path.child("service.name"), name) {
                complain(errors, &path.child("service.name"), name, name::dns_1035_label(name));
            }
            let empty = Value::Null;
            let port = service.get("port").unwrap_or(&empty);
            let (name, number) = (text(port, "name"), int(port, "number").unwrap_or_default());
            match (name.is_empty(), number) {
                (true, 0) => errors.push(FieldError::required(path, "port name or number is required")),
                (false, 0) => complain(errors, &path.child("service.port.name"), name, name::port_name(name)),
                (true, number) => port_number(errors, &path.child("service.port.number"), number),
                (false, _) => {
                    errors.push(FieldError::invalid(path, "", "cannot set both port name & port number"));
                }
            }
        }
    }
}

/// An object that is named by group, kind and name.
fn object_reference(errors: &mut Errors, path: &Path<'_>, reference: &Value) {
    if let Some(group) = text_of(reference, "apiGroup") {
        subdomain(errors, &path.child("apiGroup"), group);
    }
    segment(errors, &path.child("kind"), text(reference, "kind"));
    segment(errors, &path.child("name"), text(reference, "name"));
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
    domain_path(errors, &controller_path, controller);
    let Some(parameters) = some(spec, "parameters") else { return };
    let path = path.child("parameters");
    object_reference(errors, &path, parameters);
    let namespace_path = path.child("namespace");
    match text_of(parameters, "scope") {
        None => errors.push(FieldError::required(&path.child("scope"), "")),
        Some("Namespace") => match text_of(parameters, "namespace") {
            None => {
                let detail = "`parameters.scope` is set to 'Namespace'";
                errors.push(FieldError::required(&namespace_path, detail));
            }
            Some(namespace) => {
                complain(errors, &namespace_path, namespace, name::dns_1123_label(namespace));
            }
        },
        Some("Cluster") if is_set(parameters, "namespace") => {
            let detail = "`parameters.scope` is set to 'Cluster'";
            errors.push(FieldError::forbidden(&namespace_path, detail));
        }
        Some(scope) => one_of(errors, &path.child("scope"), scope, &["Cluster", "Namespace"]),
    }
}

pub(super) fn ingress_class_update(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("spec");
    let controller = ["spec", "controller"];
    immutable(errors, &path.child("controller"), new.path(&controller), old.path(&controller));
    ingress_class(errors, new);
}

/// A policy; blocks that `old` has already are not looked at again.
pub(super) fn network_policy(errors: &mut Errors, object: &Value, old: Option<&Value>) {
    let kept = old.map(blocks).unwrap_or_default();
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
                policy_peer(errors, &path.index(at), peer, &kept);
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
        one_of(errors, &path.index(at), kind, &["Ingress", "Egress"]);
    }
}

fn policy_port(errors: &mut Errors, path: &Path<'_>, one: &Value) {
    let protocol = text(one, "protocol");
    if !protocol.is_empty() {
        one_of(errors, &path.child("protocol"), protocol, &["TCP", "UDP", "SCTP"]);
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

/// All blocks that a policy names.
fn blocks(policy: &Value) -> Vec<&str> {
    let spec = policy.get("spec").unwrap_or(&Value::Null);
    let rules = [("ingress", "from"), ("egress", "to")];
    let peers = rules.into_iter().flat_map(|(field, peers)| {
        list(spec, field)
            .iter()
            .flat_map(move |rule| list(rule, peers))
            .filter_map(|peer| some(peer, "ipBlock"))
    });
    peers.flat_map(|block| std::iter::once(text(block, "cidr")).chain(texts(block, "except"))).collect()
}

fn policy_peer(errors: &mut Errors, path: &Path<'_>, peer: &Value, kept: &[&str]) {
    let mut count = 0;
    for field in ["podSelector", "namespaceSelector"] {
        if let Some(selector) = some(peer, field) {
            count += 1;
            label_selector(errors, &path.child(field), Some(selector));
        }
    }
    if let Some(block) = some(peer, "ipBlock") {
        count += 1;
        ip_block(errors, &path.child("ipBlock"), block, kept);
    }
    if count == 0 {
        errors.push(FieldError::required(path, "must specify a peer"));
    } else if count > 1 && is_set(peer, "ipBlock") {
        let detail = "may not specify both ipBlock and another peer";
        errors.push(FieldError::forbidden(path, detail));
    }
}

fn ip_block(errors: &mut Errors, path: &Path<'_>, block: &Value, kept: &[&str]) {
    let cidr = text(block, "cidr");
    let path_cidr = path.child("cidr");
    if !required(errors, &path_cidr, cidr) {
        return;
    }
    if !kept.contains(&cidr) {
        complain(errors, &path_cidr, cidr, name::cidr(cidr));
    }
    let Some(outer) = name::parse_cidr(cidr) else { return };
    for (at, except) in texts(block, "except").enumerate() {
        let path = path.child("except");
        let path = path.index(at);
        if !kept.contains(&except) {
            complain(errors, &path, except, name::cidr(except));
        }
        let Some(inner) = name::parse_cidr(except) else { continue };
        let within = outer.trunc().contains(&inner.addr()) && outer.prefix_len() < inner.prefix_len();
        if !within {
            errors.push(FieldError::invalid(&path, except, "must be a strict subset of `cidr`"));
        }
    }
}

/// The object that an address belongs to.
pub(super) fn ip_address(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    let path = root.child("parentRef");
    let Some(parent) = object.path(&["spec", "parentRef"]) else {
        errors.push(FieldError::required(&path, ""));
        return;
    };
    let group = text(parent, "group");
    if !group.is_empty() {
        subdomain(errors, &path.child("group"), group);
    }
    segment(errors, &path.child("resource"), text(parent, "resource"));
    segment(errors, &path.child("name"), text(parent, "name"));
    let namespace = text(parent, "namespace");
    complain(errors, &path.child("namespace"), namespace, name::path_segment(namespace));
}

pub(super) fn ip_address_update(errors: &mut Errors, new: &Value, old: &Value) {
    let root = Path::new("spec");
    let parent = ["spec", "parentRef"];
    immutable(errors, &root.child("parentRef"), new.path(&parent), old.path(&parent));
}

pub(super) fn service_cidr(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    let path = root.child("cidrs");
    let spec = object.get("spec").unwrap_or(&Value::Null);
    let cidrs: Vec<&str> = texts(spec, "cidrs").collect();
    if cidrs.is_empty() {
        errors.push(FieldError::required(&path, "at least one CIDR required"));
        return;
    }
    if cidrs.len() > 2 {
        errors.push(FieldError::invalid(&path, spec, "may only hold up to 2 values"));
        return;
    }
    for (at, cidr) in cidrs.iter().enumerate() {
        complain(errors, &path.index(at), *cidr, name::canonical_cidr(cidr));
    }
    let is_six = |cidr: &str| name::parse_cidr(cidr).map(|net| net.addr().is_ipv6());
    if let [first, second] = cidrs[..]
        && is_six(first).is_some()
        && is_six(first) == is_six(second)
    {
        let detail =
            "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";
        errors.push(FieldError::invalid(&path, spec.get("cidrs"), detail));
    }
}

/// Ranges stay; one of the other family may come.
pub(super) fn service_cidr_update(errors: &mut Errors, new: &Value, old: &Value) {
    let empty = Value::Null;
    let cidrs = |object: &'_ Value| list(object.get("spec").unwrap_or(&empty), "cidrs").to_vec();
    let (now, then) = (cidrs(new), cidrs(old));
    let root = Path::new("spec");
    let path = root.child("cidrs");
    let added = then.len() == 1 && now.len() == 2;
    if !added && now.len() != then.len() {
        errors.push(FieldError::invalid(&path, new.path(&["spec", "cidrs"]), IMMUTABLE));
        return;
    }
    for (at, (now, then)) in now.iter().zip(&then).enumerate() {
        if now != then {
            errors.push(FieldError::invalid(&path.index(at), now, IMMUTABLE));
        }
    }
    if added {
        service_cidr(errors, new);
    }
}
