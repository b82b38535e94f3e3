//! Namespaces, nodes, ConfigMaps, Secrets, ServiceAccounts and replication controllers.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mizzen_schema::value::Value;

use super::check::{Errors, complain, entries, flag, int, list, not_negative, required, same, some, text};
use super::pod::{self, status_number};
use super::{resources, scheduling};
use crate::field::{FieldError, Path};
use crate::name;

/// A ConfigMap's or Secret's data together.
const DATA_MAX: usize = 1024 * 1024;
const IMMUTABLE: &str = "field is immutable when `immutable` is set";

/// How many bytes base64 text stands for.
fn decoded_len(text: &str) -> usize {
    (text.len() / 4 * 3).saturating_sub(text.bytes().rev().take(2).filter(|byte| *byte == b'=').count())
}

pub(super) fn config_map(errors: &mut Errors, object: &Value) {
    let mut size = 0;
    for (key, value) in entries(object, "data") {
        let path = Path::new("data");
        complain(errors, &path.key(key), key, name::config_map_key(key));
        if object.path(&["binaryData", key]).is_some() {
            let detail = "duplicate of key present in binaryData";
            errors.push(FieldError::invalid(&path.key(key), key, detail));
        }
        size += value.as_str().unwrap_or_default().len();
    }
    for (key, value) in entries(object, "binaryData") {
        let path = Path::new("binaryData");
        complain(errors, &path.key(key), key, name::config_map_key(key));
        size += value.as_str().map(decoded_len).unwrap_or_default();
    }
    if size > DATA_MAX {
        errors.push(FieldError::too_long(&Path::new(""), DATA_MAX));
    }
}

/// What `immutable` forbids.
fn kept(errors: &mut Errors, new: &Value, old: &Value, fields: &[&str]) {
    if flag(old, "immutable") != Some(true) {
        return;
    }
    if flag(new, "immutable") != Some(true) {
        errors.push(FieldError::forbidden(&Path::new("immutable"), IMMUTABLE));
    }
    for field in fields {
        if !same(new.get(field), old.get(field)) {
            errors.push(FieldError::forbidden(&Path::new(field), IMMUTABLE));
        }
    }
}

pub(super) fn config_map_update(errors: &mut Errors, new: &Value, old: &Value) {
    kept(errors, new, old, &["data", "binaryData"]);
    config_map(errors, new);
}

pub(super) fn secret(errors: &mut Errors, object: &Value) {
    let path = Path::new("data");
    let mut size = 0;
    for (key, value) in entries(object, "data") {
        complain(errors, &path.key(key), key, name::config_map_key(key));
        size += value.as_str().map(decoded_len).unwrap_or_default();
    }
    if size > DATA_MAX {
        errors.push(FieldError::too_long(&path, DATA_MAX));
    }
    let missing = |key: &str| object.path(&["data", key]).is_none();
    match text(object, "type") {
        "kubernetes.io/service-account-token" => {
            let key = "kubernetes.io/service-account.name";
            if crate::meta::annotation(object, key).is_none_or(str::is_empty) {
                let metadata = Path::new("metadata");
                errors.push(FieldError::required(&metadata.child("annotations").key(key), ""));
            }
        }
        "kubernetes.io/dockercfg" => docker_config(errors, object, ".dockercfg"),
        "kubernetes.io/dockerconfigjson" => docker_config(errors, object, ".dockerconfigjson"),
        "kubernetes.io/basic-auth" if missing("username") && missing("password") => {
            for key in ["username", "password"] {
                errors.push(FieldError::required(&path.key(key), ""));
            }
        }
        "kubernetes.io/ssh-auth" if object.str_at(&["data", "ssh-privatekey"]).is_none_or(str::is_empty) => {
            errors.push(FieldError::required(&path.key("ssh-privatekey"), ""));
        }
        "kubernetes.io/tls" => {
            for key in ["tls.crt", "tls.key"] {
                if missing(key) {
                    errors.push(FieldError::required(&path.key(key), ""));
                }
            }
        }
        _ => {}
    }
}

fn docker_config(errors: &mut Errors, object: &Value, key: &str) {
    let path = Path::new("data");
    let Some(content) = object.str_at(&["data", key]) else {
        errors.push(FieldError::required(&path.key(key), ""));
        return;
    };
    let parsed = STANDARD.decode(content).map_err(|error| error.to_string()).and_then(|bytes| {
        serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).map_err(|error| error.to_string())
    });
    if let Err(error) = parsed {
        errors.push(FieldError::invalid(&path.key(key), "<secret contents redacted>", error));
    }
}

pub(super) fn secret_update(errors: &mut Errors, new: &Value, old: &Value) {
    super::check::immutable(errors, &Path::new("type"), new.get("type"), old.get("type"));
    kept(errors, new, old, &["data"]);
    secret(errors, new);
}

/// The finalizers of a namespace's spec.
pub(super) fn namespace(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let path = path.child("finalizers");
    for name in object.get("spec").map(|spec| list(spec, "finalizers")).unwrap_or_default() {
        let name = name.as_str().unwrap_or_default();
        let complaints = name::qualified_name(name);
        if complaints.is_empty() && !name.contains('/') && name != "kubernetes" && name != "orphan" {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            errors.push(FieldError::invalid(&path, name, detail));
        }
        complain(errors, &path, name, complaints);
    }
}

pub(super) fn namespace_status(errors: &mut Errors, new: &Value) {
    let deleting = crate::meta::deletion_timestamp(new).is_some();
    let phase = new.str_at(&["status", "phase"]).unwrap_or_default();
    let path = Path::new("status");
    let path = path.child("Phase");
    if !deleting && phase != "Active" {
        let detail = "may only be 'Active' if `deletionTimestamp` is empty";
        errors.push(FieldError::invalid(&path, phase, detail));
    }
    if deleting && phase != "Terminating" {
        let detail = "may only be 'Terminating' if `deletionTimestamp` is not empty";
        errors.push(FieldError::invalid(&path, phase, detail));
    }
}

pub(super) fn node(errors: &mut Errors, object: &Value) {
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    // Kubernetes names the taints so, though they are in the spec.
    let metadata = Path::new("metadata");
    scheduling::taints(errors, &metadata.child("taints"), spec);
    node_resources(errors, object);
    let path = Path::new("spec");
    let path = path.child("podCIDRs");
    let cidrs: Vec<&str> = list(spec, "podCIDRs").iter().filter_map(Value::as_str).collect();
    for (at, cidr) in cidrs.iter().enumerate() {
        complain(errors, &path.index(at), *cidr, name::cidr(cidr));
    }
    let is_v6 = |cidr: &&str| cidr.contains(':');
    let dual = cidrs.len() == 2 && cidrs.iter().filter(|cidr| is_v6(cidr)).count() == 1;
    if cidrs.len() > 1 && !dual {
        let detail = "may specify no more than one CIDR for each IP family";
        errors.push(FieldError::invalid(&path, spec.get("podCIDRs"), detail));
    }
}

fn node_resources(errors: &mut Errors, object: &Value) {
    let empty = Value::Null;
    let status = object.get("status").unwrap_or(&empty);
    let root = Path::new("status");
    for field in ["capacity", "allocatable"] {
        let path = root.child(field);
        for (name, value) in entries(status, field) {
            resources::amount(errors, &path.child(name), name, value);
        }
    }
}

pub(super) fn node_update(errors: &mut Errors, new: &Value, old: &Value) {
    node_resources(errors, new);
    let empty = Value::Null;
    let addresses = new.get("status").map(|status| list(status, "addresses")).unwrap_or_default();
    let mut seen = BTreeSet::new();
    for (at, address) in addresses.iter().enumerate() {
        if !seen.insert((text(address, "type"), text(address, "address"))) {
            let path = Path::new("status");
            errors.push(FieldError::duplicate(&path.child("addresses").index(at), address));
        }
    }
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let path = Path::new("spec");
    if !list(before, "podCIDRs").is_empty() && list(spec, "podCIDRs") != list(before, "podCIDRs") {
        let detail = "node updates may not change podCIDR except from \"\" to valid";
        errors.push(FieldError::forbidden(&path.child("podCIDRs"), detail));
    }
    if !text(before, "providerID").is_empty() && text(spec, "providerID") != text(before, "providerID") {
        let detail = "node updates may not change providerID except from \"\" to valid";
        errors.push(FieldError::forbidden(&path.child("providerID"), detail));
    }
    let metadata = Path::new("metadata");
    scheduling::taints(errors, &metadata.child("taints"), spec);
    if text(spec, "externalID") != text(before, "externalID") {
        errors.push(FieldError::forbidden(&path.child("externalID"), "may not be updated"));
    }
}

pub(super) fn replication_controller(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    scheduling::seconds(errors, &path, spec, "minReadySeconds");
    if entries(spec, "selector").next().is_none() {
        errors.push(FieldError::required(&path.child("selector"), ""));
    }
    super::check::labels(errors, &path.child("selector"), spec, "selector");
    match int(spec, "replicas") {
        None => errors.push(FieldError::required(&path.child("replicas"), "")),
        Some(replicas) => not_negative(errors, &path.child("replicas"), replicas),
    }
    let path = path.child("template");
    let Some(template) = some(spec, "template") else {
        errors.push(FieldError::required(&path, ""));
        return;
    };
    let found = template.path(&["metadata", "labels"]);
    let fits =
        entries(spec, "selector").all(|(key, value)| found.and_then(|labels| labels.get(key)) == Some(value));
    if !fits {
        let detail = "`selector` does not match template `labels`";
        errors.push(FieldError::invalid(&path.child("metadata.labels"), found, detail));
    }
    pod::template(errors, &path, template);
    let spec = template.get("spec").unwrap_or(&empty);
    let policy = text(spec, "restartPolicy");
    if policy != "Always" {
        errors.push(FieldError::not_supported(&path.child("spec.restartPolicy"), policy, &["Always"]));
    }
    if int(spec, "activeDeadlineSeconds").is_some() {
        let detail = "activeDeadlineSeconds in ReplicationController is not Supported";
        errors.push(FieldError::forbidden(&path.child("spec.activeDeadlineSeconds"), detail));
    }
}

/// Counts in the status of a controller of replicas.
pub(super) fn replica_status(errors: &mut Errors, object: &Value) {
    let path = Path::new("status");
    let empty = Value::Null;
    let status = object.get("status").unwrap_or(&empty);
    for field in
        ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"]
    {
        status_number(errors, &path, status, field);
    }
    let count = |field: &str| int(status, field).unwrap_or_default();
    for field in ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"] {
        if count(field) > count("replicas") {
            let detail = "cannot be greater than status.replicas";
            errors.push(FieldError::invalid(&path.child(field), count(field), detail));
        }
    }
    if count("availableReplicas") > count("readyReplicas") {
        let detail = "cannot be greater than readyReplicas";
        errors.push(FieldError::invalid(
            &path.child("availableReplicas"),
            count("availableReplicas"),
            detail,
        ));
    }
}

pub(super) fn event(errors: &mut Errors, object: &Value) {
    let object_of = if object.get("regarding").is_some() { "regarding" } else { "involvedObject" };
    let namespace = crate::meta::namespace(object);
    let about = object.str_at(&[object_of, "namespace"]).unwrap_or_default();
    let path = Path::new("involvedObject");
    let fits = if about.is_empty() {
        matches!(namespace, "" | "default" | "kube-system")
    } else {
        about == namespace
    };
    if !fits {
        let detail = "does not match event.namespace";
        errors.push(FieldError::invalid(&path.child("namespace"), about, detail));
    }
    let time = text(object, "eventTime");
    if !time.is_empty() {
        let component = object.get("reportingController").or_else(|| object.get("reportingComponent"));
        required(
            errors,
            &Path::new("reportingController"),
            component.and_then(Value::as_str).unwrap_or_default(),
        );
        required(errors, &Path::new("reportingInstance"), text(object, "reportingInstance"));
        required(errors, &Path::new("action"), text(object, "action"));
        required(errors, &Path::new("reason"), text(object, "reason"));
    }
}
