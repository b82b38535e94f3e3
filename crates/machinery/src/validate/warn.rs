//! Warnings: accepted, but deprecated or hardly meant.

use std::collections::{BTreeMap, BTreeSet};

use mizzen_schema::value::Value;

use super::check::{int, is_set, list, text};
use crate::field::{Path, quote};

pub(super) fn all(group: &str, kind: &str, object: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let empty = Value::Null;
    let template = |path: &[&str]| object.path(path).unwrap_or(&empty);
    match (group, kind) {
        ("", "Pod") => pod_spec(&mut out, &Path::new("spec"), template(&["spec"])),
        ("", "PodTemplate") => {
            pod_spec(&mut out, &Path::new("template.spec"), template(&["template", "spec"]))
        }
        ("", "ReplicationController") | ("apps", _) | ("batch", "Job") => {
            pod_spec(&mut out, &Path::new("spec.template.spec"), template(&["spec", "template", "spec"]));
        }
        ("batch", "CronJob") => {
            let path = ["spec", "jobTemplate", "spec", "template", "spec"];
            pod_spec(&mut out, &Path::new("spec.jobTemplate.spec.template.spec"), template(&path));
        }
        ("", "Service") => service(&mut out, object),
        ("policy", "PodDisruptionBudget") => {
            let selector = object.path(&["spec", "selector"]);
            if selector.is_some_and(super::check::is_empty_selector) {
                out.push(
                    "spec.selector: an empty spec.selector matches all pods in the namespace and disrupts all pods"
                        .to_owned(),
                );
            }
        }
        ("networking.k8s.io", "Ingress")
            if crate::meta::annotation(object, "kubernetes.io/ingress.class").is_some() =>
        {
            out.push(
                    "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' \
                     instead"
                        .to_owned(),
                );
        }
        _ => {}
    }
    out
}

/// Node labels that have other names now.
const LABELS: [(&str, &str); 6] = [
    ("beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead"),
    ("beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead"),
    (
        "failure-domain.beta.kubernetes.io/region",
        "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
    ),
    (
        "failure-domain.beta.kubernetes.io/zone",
        "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
    ),
    (
        "beta.kubernetes.io/instance-type",
        "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
    ),
    (
        "node.kubernetes.io/exclude-balancer",
        "deprecated since v1.19; use \"node.kubernetes.io/exclude-from-external-load-balancers\" instead",
    ),
];

fn pod_spec(out: &mut Vec<String>, path: &Path<'_>, spec: &Value) {
    for (label, words) in LABELS {
        if spec.path(&["nodeSelector", label]).is_some() {
            out.push(format!("{}: {words}", path.child("nodeSelector").key(label)));
        }
    }
    for (at, volume) in list(spec, "volumes").iter().enumerate() {
        let path = path.child("volumes");
        let path = path.index(at);
        for (source, words) in [
            ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
            ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
            ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
            ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
            ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
            ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
            ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
            ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
            ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
        ] {
            if is_set(volume, source) {
                out.push(format!("{}: {words}", path.child(source)));
            }
        }
    }
    for field in ["initContainers", "containers"] {
        let containers = path.child(field);
        for (at, container) in list(spec, field).iter().enumerate() {
            self::container(out, &containers.index(at), container);
        }
    }
    if !text(spec, "serviceAccount").is_empty()
        && text(spec, "serviceAccount") != text(spec, "serviceAccountName")
    {
        let field = path.child("serviceAccount");
        out.push(format!("{field}: deprecated; use \"serviceAccountName\" instead"));
    }
}

fn container(out: &mut Vec<String>, path: &Path<'_>, container: &Value) {
    for list_name in ["limits", "requests"] {
        for (name, value) in
            super::check::entries(container.get("resources").unwrap_or(&Value::Null), list_name)
        {
            let amount = super::check::quantity(value);
            if matches!(name, "memory" | "ephemeral-storage") && !amount.is_integer() {
                let resources = path.child("resources");
                let field = resources.child(list_name);
                let text = value.as_str().unwrap_or_default();
                out.push(format!(
                    "{}: fractional byte value {} is invalid, must be an integer",
                    field.key(name),
                    quote(text)
                ));
            }
        }
    }
    let mut names = BTreeSet::new();
    for (at, variable) in list(container, "env").iter().enumerate() {
        let name = text(variable, "name");
        if !names.insert(name) {
            let path = path.child("env");
            out.push(format!(
                "{}: hides previous definition of {}, which may be dropped when using apply",
                path.index(at),
                quote(name)
            ));
        }
    }
    let ports = list(container, "ports");
    let mut first = BTreeMap::new();
    for (at, port) in ports.iter().enumerate() {
        let earlier = *first.entry((int(port, "containerPort"), text(port, "protocol"))).or_insert(at);
        let rest = |port: &Value| (int(port, "hostPort"), text(port, "hostIP").to_owned());
        if earlier != at && (rest(&ports[earlier]) == rest(port) || !is_set(port, "hostPort")) {
            let path = path.child("ports");
            let (this, other) = (path.index(at), path.index(earlier));
            out.push(format!("{this}: duplicate port definition with {other}"));
        }
    }
}

fn service(out: &mut Vec<String>, object: &Value) {
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    if text(spec, "type") == "ExternalName" && !list(spec, "externalIPs").is_empty() {
        out.push("spec.externalIPs is ignored when spec.type is \"ExternalName\"".to_owned());
    }
    if text(spec, "type") != "ExternalName" && !text(spec, "externalName").is_empty() {
        out.push("spec.externalName is ignored when spec.type is not \"ExternalName\"".to_owned());
    }
    if text(spec, "clusterIP") == "None" && !text(spec, "loadBalancerIP").is_empty() {
        out.push("spec.loadBalancerIP is ignored when spec.clusterIP is \"None\"".to_owned());
    }
    if text(spec, "clusterIP") == "None" && text(spec, "sessionAffinity") == "ClientIP" {
        out.push("spec.SessionAffinity is ignored for headless services".to_owned());
    }
}
