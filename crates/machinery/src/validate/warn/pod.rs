//! Pods and their templates.

use std::collections::BTreeSet;

use mizzen_schema::value::Value;

use super::super::check::{entries, int, is_set, list, quantity, some, text};
use super::{labels, volume};
use crate::field::{Path, quote};

const NULL: &Value = &Value::Null;

/// A pod, or a template of one, whose metadata and spec are at these paths.
pub(super) fn template(
    out: &mut Vec<String>,
    metadata: &'static str,
    spec_path: &'static str,
    template: &Value,
) {
    let path = Path::new(spec_path);
    let Some(spec) = template.get("spec") else { return };
    placement(out, &path, spec);
    annotations(out, &Path::new(metadata), template, spec);
    let volumes = path.child("volumes");
    for (at, volume) in list(spec, "volumes").iter().enumerate() {
        volume::volume(out, &volumes.index(at), volume);
    }
    repeated(out, &path.child("hostAliases"), list(spec, "hostAliases"), "ip");
    repeated(out, &path.child("imagePullSecrets"), list(spec, "imagePullSecrets"), "name");
    for field in ["initContainers", "containers"] {
        let containers = path.child(field);
        for (at, container) in list(spec, field).iter().enumerate() {
            self::container(out, &containers.index(at), container);
        }
    }
    for (name, value) in entries(spec, "overhead") {
        fraction(out, &path.child("overhead"), name, value);
    }
    ports(out, &path, spec);
    if int(spec, "terminationGracePeriodSeconds").is_some_and(|seconds| seconds < 0) {
        let field = path.child("terminationGracePeriodSeconds");
        out.push(format!("{field}: must be >= 0; negative values are invalid and will be treated as 1"));
    }
    let account = text(spec, "serviceAccount");
    if !account.is_empty() && account != text(spec, "serviceAccountName") {
        let field = path.child("serviceAccount");
        out.push(format!("{field}: deprecated; use \"serviceAccountName\" instead"));
    }
    empty_terms(out, &path, spec);
}

/// Labels of nodes by their old names.
fn placement(out: &mut Vec<String>, path: &Path<'_>, spec: &Value) {
    for (label, _) in entries(spec, "nodeSelector") {
        labels::keyed(out, &path.child("nodeSelector"), label);
    }
    if let Some(affinity) = spec.path(&["affinity", "nodeAffinity"]) {
        let affinity_path = path.child("affinity");
        let path = affinity_path.child("nodeAffinity");
        if let Some(selector) = some(affinity, "requiredDuringSchedulingIgnoredDuringExecution") {
            labels::node_selector(
                out,
                &path.child("requiredDuringSchedulingIgnoredDuringExecution"),
                selector,
            );
        }
        let field = "preferredDuringSchedulingIgnoredDuringExecution";
        let preferred = path.child(field);
        for (at, term) in list(affinity, field).iter().enumerate() {
            let item = preferred.index(at);
            let term = term.get("preference").unwrap_or(NULL);
            labels::expressions(out, &item.child("preference"), term, "matchExpressions");
        }
    }
    let spread = path.child("topologySpreadConstraints");
    for (at, constraint) in list(spec, "topologySpreadConstraints").iter().enumerate() {
        labels::named(out, &spread.index(at).child("topologyKey"), text(constraint, "topologyKey"));
    }
}

/// Selectors that are missing select no pod.
fn empty_terms(out: &mut Vec<String>, path: &Path<'_>, spec: &Value) {
    let mut say = |path: &Path<'_>, term: &Value| {
        if !is_set(term, "labelSelector") {
            let field = path.child("labelSelector");
            out.push(format!("{field}: a null labelSelector results in matching no pod"));
        }
    };
    let spread = path.child("topologySpreadConstraints");
    for (at, constraint) in list(spec, "topologySpreadConstraints").iter().enumerate() {
        say(&spread.index(at), constraint);
    }
    let affinity_path = path.child("affinity");
    for kind in ["podAffinity", "podAntiAffinity"] {
        let Some(affinity) = spec.path(&["affinity", kind]) else { continue };
        let path = affinity_path.child(kind);
        let required = path.child("requiredDuringSchedulingIgnoredDuringExecution");
        let terms = list(affinity, "requiredDuringSchedulingIgnoredDuringExecution");
        for (at, term) in terms.iter().enumerate() {
            say(&required.index(at), term);
        }
        let preferred = path.child("preferredDuringSchedulingIgnoredDuringExecution");
        let terms = list(affinity, "preferredDuringSchedulingIgnoredDuringExecution");
        for (at, term) in terms.iter().enumerate() {
            let item = preferred.index(at);
            say(&item.child("podAffinityTerm"), term.get("podAffinityTerm").unwrap_or(NULL));
        }
    }
}

/// Annotations that fields have replaced.
fn annotations(out: &mut Vec<String>, metadata: &Path<'_>, template: &Value, spec: &Value) {
    let Some(found) = template.get("metadata") else { return };
    if entries(found, "annotations").next().is_none() {
        return;
    }
    let path = metadata.child("annotations");
    let profiled = |owner: &Value, field: &str| {
        owner.path(&["securityContext", field]).is_some_and(|profile| *profile != Value::Null)
    };
    let all = || list(spec, "initContainers").iter().chain(list(spec, "containers"));
    for (key, _) in entries(found, "annotations") {
        let of_container = |prefix: &str, field: &str| {
            key.strip_prefix(prefix)
                .and_then(|name| all().find(|container| text(container, "name") == name))
                .is_some_and(|container| !profiled(container, field))
        };
        let words = match key {
            "scheduler.alpha.kubernetes.io/critical-pod" => {
                "non-functional in v1.16+; use the \"priorityClassName\" field instead"
            }
            "security.alpha.kubernetes.io/sysctls" | "security.alpha.kubernetes.io/unsafe-sysctls" => {
                "non-functional in v1.11+; use the \"sysctls\" field instead"
            }
            "seccomp.security.alpha.kubernetes.io/pod" if !profiled(spec, "seccompProfile") => {
                "non-functional in v1.27+; use the \"seccompProfile\" field instead"
            }
            _ if of_container("container.seccomp.security.alpha.kubernetes.io/", "seccompProfile") => {
                "non-functional in v1.27+; use the \"seccompProfile\" field instead"
            }
            _ if of_container("container.apparmor.security.beta.kubernetes.io/", "appArmorProfile") => {
                "deprecated since v1.30; use the \"appArmorProfile\" field instead"
            }
            _ => continue,
        };
        out.push(format!("{}: {words}", path.key(key)));
    }
}

/// Members of a list that say what an earlier one says.
fn repeated(out: &mut Vec<String>, path: &Path<'_>, items: &[Value], field: &'static str) {
    for (at, item) in items.iter().enumerate() {
        let value = text(item, field);
        if field == "name" && value.is_empty() {
            out.push(format!("{}: invalid empty name \"\"", path.index(at).child(field)));
        } else if items[..at].iter().any(|earlier| text(earlier, field) == value) {
            out.push(format!("{}: duplicate {field} {}", path.index(at).child(field), quote(value)));
        }
    }
}

/// An amount of bytes that is no whole number.
pub(super) fn fraction(out: &mut Vec<String>, path: &Path<'_>, name: &str, value: &Value) {
    if matches!(name, "memory" | "ephemeral-storage" | "storage") && !quantity(value).is_integer() {
        let shown = quote(value.as_str().unwrap_or_default());
        out.push(format!("{}: fractional byte value {shown} is invalid, must be an integer", path.key(name)));
    }
}

fn container(out: &mut Vec<String>, path: &Path<'_>, container: &Value) {
    if let Some(resources) = container.get("resources") {
        let resources_path = path.child("resources");
        for name in ["memory", "ephemeral-storage"] {
            for field in ["limits", "requests"] {
                if let Some(value) = resources.path(&[field, name]) {
                    fraction(out, &resources_path.child(field), name, value);
                }
            }
        }
    }
    let variables = list(container, "env");
    if variables.len() < 2 {
        return;
    }
    let env = path.child("env");
    let mut names = BTreeSet::new();
    for (at, variable) in variables.iter().enumerate() {
        let name = text(variable, "name");
        if names.insert(name) || extends(name, text(variable, "value")) {
            continue;
        }
        let words = "which may be dropped when using apply";
        out.push(format!("{}: hides previous definition of {}, {words}", env.index(at), quote(name)));
    }
}

/// Whether a value adds to the variable's earlier one: it holds a reference to it, and more.
fn extends(name: &str, value: &str) -> bool {
    let rest = value.split_once("$(").map(|(before, after)| (before, after.split_once(')')));
    match rest {
        Some((before, Some((first, after)))) => {
            if first == name {
                !before.is_empty() || !after.is_empty()
            } else {
                extends(name, after)
            }
        }
        _ => false,
    }
}

/// How two definitions of one port clash, if they do.
fn clash(this: &Value, other: &Value) -> Option<&'static str> {
    if int(this, "containerPort") != int(other, "containerPort")
        || text(this, "protocol") != text(other, "protocol")
    {
        return None;
    }
    let host = |port: &Value| int(port, "hostPort").unwrap_or_default();
    let (here, there) = (text(this, "hostIP"), text(other, "hostIP"));
    match (host(this), host(other)) {
        (0, 0) => Some("duplicate"),
        (0, _) | (_, 0) => Some("overlapping"),
        (a, b) if a != b => None,
        _ if here == there => Some("duplicate"),
        _ if here.is_empty() || there.is_empty() => Some("dangerously ambiguous"),
        _ => None,
    }
}

/// Ports of all containers: the pod has one network.
fn ports(out: &mut Vec<String>, path: &Path<'_>, spec: &Value) {
    let sidecars = list(spec, "initContainers").iter().map(|container| ("initContainers", container));
    let sidecars =
        sidecars.enumerate().filter(|(_, (_, container))| text(container, "restartPolicy") == "Always");
    let containers = list(spec, "containers").iter().map(|container| ("containers", container)).enumerate();
    let mut earlier: Vec<(&'static str, usize, usize, &Value)> = Vec::new();
    for (at, (field, container)) in sidecars.chain(containers) {
        for (index, port) in list(container, "ports").iter().enumerate() {
            let shown = |(field, at, index): (&'static str, usize, usize)| {
                path.child(field).index(at).child("ports").index(index).to_string()
            };
            let found = earlier
                .iter()
                .find_map(|(field, at, index, other)| Some((clash(port, other)?, (*field, *at, *index))));
            if let Some((how, other)) = found {
                let (this, other) = (shown((field, at, index)), shown(other));
                out.push(format!("{this}: {how} port definition with {other}"));
            }
            let ip = text(port, "hostIP");
            if int(port, "hostPort").unwrap_or_default() == 0 && !ip.is_empty() {
                out.push(format!(
                    "{}: hostIP set without hostPort: {{Name:{} HostPort:0 ContainerPort:{} Protocol:{} HostIP:{ip}}}",
                    shown((field, at, index)),
                    text(port, "name"),
                    int(port, "containerPort").unwrap_or_default(),
                    text(port, "protocol"),
                ));
            }
            earlier.push((field, at, index, port));
        }
    }
}
