//! Persistent volumes.

use mizzen_schema::value::{Struct, Value};

use super::{VOLUME_MODES, access_modes, basic};
use crate::field::{FieldError, Path};
use crate::validate::check::{
    Errors, IMMUTABLE, NOT_POSITIVE, immutable, is_set, list, one_of, quantity, same, some, text, text_of,
};
use crate::validate::security::subdomain;
use crate::validate::{pod, scheduling, volume};

/// Fields of a persistent volume's spec that are no source.
const NOT_SOURCES: [&str; 9] = [
    "capacity",
    "accessModes",
    "claimRef",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "mountOptions",
    "volumeMode",
    "nodeAffinity",
    "volumeAttributesClassName",
];

fn sources(spec: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let fields = spec.as_struct().into_iter().flat_map(Struct::fields);
    fields
        .filter(|(_, field, value)| !NOT_SOURCES.contains(&&*field.json) && **value != Value::Null)
        .map(|(_, field, value)| (&*field.json, value))
}

pub(in crate::validate) fn persistent_volume(errors: &mut Errors, object: &Value) {
    let spec = object.get("spec").unwrap_or(&Value::Null);
    volume_spec(errors, &Path::new("spec"), spec, crate::meta::name(object), false);
}

/// The spec of a volume, or of one that an attachment has inline.
pub(super) fn volume_spec(errors: &mut Errors, path: &Path<'_>, spec: &Value, name: &str, inline: bool) {
    if inline {
        for field in ["claimRef", "capacity"] {
            if !same(spec.get(field), None) {
                let detail = "may not be specified in the context of inline volumes";
                errors.push(FieldError::forbidden(&path.child(field), detail));
            }
        }
        if !is_set(spec, "csi") {
            let detail = "has to be specified in the context of inline volumes";
            errors.push(FieldError::required(&path.child("csi"), detail));
        }
    }
    if list(spec, "accessModes").is_empty() {
        errors.push(FieldError::required(&path.child("accessModes"), ""));
    }
    access_modes(errors, &path.child("accessModes"), spec);
    if !inline {
        capacity(errors, &path.child("capacity"), spec);
    }
    let policy = text(spec, "persistentVolumeReclaimPolicy");
    let policy_path = path.child("persistentVolumeReclaimPolicy");
    if inline && !matches!(policy, "" | "Retain") {
        let detail = "may only be Retain in the context of inline volumes";
        errors.push(FieldError::forbidden(&policy_path, detail));
    } else if !inline && !policy.is_empty() {
        one_of(errors, &policy_path, policy, &["Delete", "Recycle", "Retain"]);
    }
    let affinity = node_affinity(errors, &path.child("nodeAffinity"), spec, inline);
    source(errors, path, spec, name, affinity);
    let root = spec.str_at(&["hostPath", "path"]).is_some_and(is_root);
    if policy == "Recycle" && root {
        let detail = "may not be 'recycle' for a hostPath mount of '/'";
        errors.push(FieldError::forbidden(&policy_path, detail));
    }
    let class = text(spec, "storageClassName");
    if inline && !class.is_empty() {
        let detail = "may not be specified in the context of inline volumes";
        errors.push(FieldError::forbidden(&path.child("storageClassName"), detail));
    } else if !class.is_empty() {
        subdomain(errors, &path.child("storageClassName"), class);
    }
    if let Some(mode) = text_of(spec, "volumeMode") {
        if !inline {
            one_of(errors, &path.child("volumeMode"), mode, &VOLUME_MODES);
        } else if mode != "Filesystem" {
            let detail = "may not specify volumeMode other than Filesystem in the context of inline volumes";
            errors.push(FieldError::forbidden(&path.child("volumeMode"), detail));
        }
    }
    if !inline {
        attributes_class(errors, path, spec);
    }
}

/// `/`, or another way to write it.
fn is_root(path: &str) -> bool {
    let mut depth = 0_usize;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => depth = depth.saturating_sub(1),
            _ => depth += 1,
        }
    }
    path.starts_with('/') && depth == 0
}

fn capacity(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let map = some(spec, "capacity").and_then(Value::as_map);
    let count = map.map_or(0, |map| map.len());
    if count == 0 {
        errors.push(FieldError::required(path, ""));
    }
    if count > 1 || map.is_none_or(|map| map.get("storage").is_none()) {
        errors.push(FieldError::not_supported(path, spec.get("capacity"), &["storage"]));
    }
    for (name, size) in map.into_iter().flat_map(mizzen_schema::value::Map::iter) {
        let path = path.key(name);
        basic(errors, &path, size);
        if quantity(size).signum() <= 0 {
            errors.push(FieldError::invalid(&path, size, NOT_POSITIVE));
        }
    }
}

/// Exactly one source, and its own rules.
fn source(errors: &mut Errors, path: &Path<'_>, spec: &Value, name: &str, affinity: bool) {
    let mut count = 0;
    for (kind, source) in sources(spec) {
        count += 1;
        if count > 1 {
            let detail = "may not specify more than 1 volume type";
            errors.push(FieldError::forbidden(&path.child(kind), detail));
            continue;
        }
        volume::persistent(errors, &path.child(kind), kind, source, name);
        if kind == "local" && !affinity {
            let detail = "Local volume requires node affinity";
            errors.push(FieldError::required(&path.child("nodeAffinity"), detail));
        }
    }
    if count == 0 {
        errors.push(FieldError::required(path, "must specify a volume type"));
    }
}

fn node_affinity(errors: &mut Errors, path: &Path<'_>, spec: &Value, inline: bool) -> bool {
    let Some(affinity) = some(spec, "nodeAffinity") else { return false };
    if inline {
        let detail = "may not be specified in the context of inline volumes";
        errors.push(FieldError::forbidden(path, detail));
        return false;
    }
    match some(affinity, "required") {
        Some(selector) => scheduling::node_selector(errors, &path.child("required"), selector),
        None => {
            let detail = "must specify required node constraints";
            errors.push(FieldError::required(&path.child("required"), detail));
        }
    }
    true
}

fn attributes_class(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let Some(class) = text_of(spec, "volumeAttributesClassName") else { return };
    let class_path = path.child("volumeAttributesClassName");
    if class.is_empty() {
        errors.push(FieldError::required(&class_path, "an empty string is disallowed"));
    } else {
        subdomain(errors, &class_path, class);
    }
    if !is_set(spec, "csi") {
        let detail = "has to be specified when using volumeAttributesClassName";
        errors.push(FieldError::required(&path.child("csi"), detail));
    }
}

pub(in crate::validate) fn persistent_volume_update(errors: &mut Errors, new: &Value, old: &Value) {
    persistent_volume(errors, new);
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let path = Path::new("spec");
    if !same_sources(spec, before) {
        let (mut new, mut old) = (spec.clone(), before.clone());
        for side in [&mut new, &mut old] {
            if let Some(fields) = side.as_struct_mut() {
                fields.retain(|field, _| !NOT_SOURCES.contains(&&*field.json));
            }
        }
        let detail = format!(
            "spec.persistentvolumesource is immutable after creation\n{}",
            pod::difference(&old, &new)
        );
        errors.push(FieldError::forbidden(&path.child("persistentvolumesource"), detail));
    }
    // As Kubernetes names them.
    immutable(errors, &Path::new("volumeMode"), spec.get("volumeMode"), before.get("volumeMode"));
    if let Some(affinity) = some(before, "nodeAffinity")
        && !same_affinity(spec.get("nodeAffinity"), affinity)
    {
        let detail = format!("{IMMUTABLE}, except for updating from beta label to GA");
        errors.push(FieldError::invalid(&Path::new("nodeAffinity"), spec.get("nodeAffinity"), detail));
    }
    let class = "volumeAttributesClassName";
    if is_set(before, class) && !is_set(spec, class) {
        let detail = "update from non-nil value to nil is forbidden";
        errors.push(FieldError::forbidden(&path.child(class), detail));
    }
}

/// The secret that expands a CSI volume may be added; nothing else changes.
fn same_sources(spec: &Value, before: &Value) -> bool {
    let secret = "controllerExpandSecretRef";
    let added = match (some(spec, "csi"), some(before, "csi")) {
        (Some(new), Some(old)) => is_set(new, secret) && !is_set(old, secret),
        _ => false,
    };
    if !added {
        return sources(spec).eq(sources(before));
    }
    let mut spec = spec.clone();
    if let Some(csi) = spec.get_mut("csi").and_then(Value::as_struct_mut) {
        csi.remove(secret);
    }
    sources(&spec).eq(sources(before))
}

/// Labels that got another name; a volume's affinity may follow.
const RENAMED: [(&str, &str); 5] = [
    ("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"),
    ("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"),
    ("beta.kubernetes.io/os", "kubernetes.io/os"),
    ("beta.kubernetes.io/arch", "kubernetes.io/arch"),
    ("beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"),
];

fn same_affinity(new: Option<&Value>, old: &Value) -> bool {
    if same(new, Some(old)) {
        return true;
    }
    let Some(new) = new else { return false };
    let terms = ["required", "nodeSelectorTerms"];
    let of = |affinity: &Value| affinity.path(&terms).map(|terms| terms.items().to_vec()).unwrap_or_default();
    let (new, old) = (of(new), of(old));
    let same_requirement = |(new, old): (&Value, &Value)| {
        let (now, then) = (text(new, "key"), text(old, "key"));
        text(new, "operator") == text(old, "operator")
            && list(new, "values") == list(old, "values")
            && (now == then || RENAMED.contains(&(then, now)))
    };
    let same_list =
        |new: &[Value], old: &[Value]| new.len() == old.len() && new.iter().zip(old).all(same_requirement);
    new.len() == old.len()
        && new.iter().zip(&old).all(|(new, old)| {
            ["matchExpressions", "matchFields"]
                .iter()
                .all(|field| same_list(list(new, field), list(old, field)))
        })
}
