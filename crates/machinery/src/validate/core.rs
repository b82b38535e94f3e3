//! Namespaces, ConfigMaps, Secrets and replication controllers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mizzen_schema::value::Value;

use super::check::{Errors, complain, entries, flag, int, not_negative, same, some, text, texts};
use super::pod;
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
        serde_json::from_slice::<BTreeMap<String, serde::de::IgnoredAny>>(&bytes)
            .map_err(|error| error.to_string())
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
    for name in texts(object.get("spec").unwrap_or(&Value::Null), "finalizers") {
        finalizer(errors, &path.child("finalizers"), name);
    }
}

/// The same, when they are taken away; errors tell which.
pub(super) fn namespace_finalize(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let path = path.child("finalizers");
    for (at, name) in texts(object.get("spec").unwrap_or(&Value::Null), "finalizers").enumerate() {
        finalizer(errors, &path.index(at), name);
    }
}

fn finalizer(errors: &mut Errors, path: &Path<'_>, name: &str) {
    complain(errors, path, name, name::qualified_name(name));
    if !name.contains('/') && !matches!(name, "kubernetes" | "orphan" | "foregroundDeletion") {
        let detail = "name is neither a standard finalizer name nor is it fully qualified";
        errors.push(FieldError::invalid(path, name, detail));
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

pub(super) fn replication_controller(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    not_negative(errors, &path.child("minReadySeconds"), int(spec, "minReadySeconds").unwrap_or_default());
    if entries(spec, "selector").next().is_none() {
        errors.push(FieldError::required(&path.child("selector"), ""));
    }
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
