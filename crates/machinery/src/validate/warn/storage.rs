//! Volumes, claims and their classes.

use mizzen_schema::value::Value;

use super::super::check::{list, some, text};
use super::{labels, pod, volume};
use crate::field::Path;
use crate::meta;

const BETA_CLASS: &str = "volume.beta.kubernetes.io/storage-class";
const BETA_OPTIONS: &str = "volume.beta.kubernetes.io/mount-options";

fn beta_class(out: &mut Vec<String>, object: &Value) {
    if meta::annotation(object, BETA_CLASS).is_some() {
        let words = "deprecated since v1.8; use \"storageClassName\" attribute instead";
        out.push(format!("metadata.annotations[{BETA_CLASS}]: {words}"));
    }
}

pub(super) fn volume(out: &mut Vec<String>, object: &Value) {
    beta_class(out, object);
    if meta::annotation(object, BETA_OPTIONS).is_some() {
        let words = "deprecated since v1.31; use \"mountOptions\" attribute instead";
        out.push(format!("metadata.annotations[{BETA_OPTIONS}]: {words}"));
    }
    let Some(spec) = object.get("spec") else { return };
    if text(spec, "persistentVolumeReclaimPolicy") == "Recycle" {
        out.push(
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the \
             recommended approach is to use dynamic provisioning."
                .to_owned(),
        );
    }
    if let Some(selector) = spec.path(&["nodeAffinity", "required"]) {
        labels::node_selector(out, &Path::new("spec.nodeAffinity.required"), selector);
    }
    volume::gone(out, &Path::new("spec"), spec);
}

pub(super) fn claim(out: &mut Vec<String>, object: &Value) {
    beta_class(out, object);
    claim_spec(out, &Path::new("spec"), object.get("spec").unwrap_or(&Value::Null));
}

/// What is said of a claim's spec, or of a template of one.
pub(super) fn claim_spec(out: &mut Vec<String>, path: &Path<'_>, spec: &Value) {
    let Some(resources) = some(spec, "resources") else { return };
    let path = path.child("resources");
    for field in ["requests", "limits"] {
        if let Some(value) = resources.path(&[field, "storage"]) {
            pod::fraction(out, &path.child(field), "storage", value);
        }
    }
}

pub(super) fn class(out: &mut Vec<String>, object: &Value) {
    let path = Path::new("allowedTopologies");
    for (at, term) in list(object, "allowedTopologies").iter().enumerate() {
        labels::expressions(out, &path.index(at), term, "matchLabelExpressions");
    }
}

pub(super) fn capacity(out: &mut Vec<String>, object: &Value) {
    let Some(selector) = some(object, "nodeTopology") else { return };
    let path = Path::new("nodeTopology");
    labels::expressions(out, &path, selector, "matchExpressions");
    if let Some(pairs) = some(selector, "matchLabels").and_then(Value::as_map) {
        for (label, _) in pairs.iter() {
            labels::keyed(out, &path.child("matchLabels"), label);
        }
    }
}
