//! Claims for persistent volumes.

use mizzen_schema::value::Value;

use super::{VOLUME_MODES, access_modes, basic};
use crate::field::{FieldError, Path};
use crate::name;
use crate::validate::check::{
    Errors, IMMUTABLE, NOT_POSITIVE, complain, entries, immutable, is_set, label_selector, list, one_of,
    quantity, required, some, text, text_of,
};
use crate::validate::pod;
use crate::validate::resources;
use crate::validate::security::subdomain;

/// The class, from before there was a field.
const CLASS: &str = "volume.beta.kubernetes.io/storage-class";

pub(in crate::validate) fn claim(errors: &mut Errors, object: &Value) {
    claim_spec(errors, &Path::new("spec"), object.get("spec").unwrap_or(&Value::Null));
}

/// The spec of a claim or of a template for one.
pub(in crate::validate) fn claim_spec(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let modes = path.child("accessModes");
    if list(spec, "accessModes").is_empty() {
        errors.push(FieldError::required(&modes, "at least 1 access mode is required"));
    }
    label_selector(errors, &path.child("selector"), some(spec, "selector"));
    access_modes(errors, &modes, spec);
    let resources_path = path.child("resources");
    let size_path = resources_path.key("storage");
    match spec.path(&["resources", "requests", "storage"]) {
        None => errors.push(FieldError::required(&size_path, "")),
        Some(size) if quantity(size).signum() <= 0 => {
            errors.push(FieldError::invalid(&size_path, size, NOT_POSITIVE));
        }
        Some(size) => resources::amount(errors, &size_path, "storage", size),
    }
    let class = text(spec, "storageClassName");
    if !class.is_empty() {
        subdomain(errors, &path.child("storageClassName"), class);
    }
    if let Some(mode) = text_of(spec, "volumeMode") {
        one_of(errors, &path.child("volumeMode"), mode, &VOLUME_MODES);
    }
    data_sources(errors, path, spec);
    let class = text(spec, "volumeAttributesClassName");
    if !class.is_empty() {
        subdomain(errors, &path.child("volumeAttributesClassName"), class);
    }
}

/// What the volume starts with; both fields say the same, unless it is in another namespace.
fn data_sources(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let (source, reference) = (some(spec, "dataSource"), some(spec, "dataSourceRef"));
    for (field, source) in [("dataSource", source), ("dataSourceRef", reference)] {
        if let Some(source) = source {
            data_source(errors, &path.child(field), source);
        }
    }
    let (Some(source), Some(reference)) = (source, reference) else { return };
    let alike = || {
        is_set(source, "apiGroup") == is_set(reference, "apiGroup")
            && ["apiGroup", "kind", "name"].iter().all(|field| text(source, field) == text(reference, field))
    };
    let detail = if !text(reference, "namespace").is_empty() {
        "may not be specified when dataSourceRef.namespace is specified"
    } else if alike() {
        return;
    } else {
        "must match dataSourceRef"
    };
    errors.push(FieldError::invalid(path, &path.child("dataSource").to_string(), detail));
}

fn data_source(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    required(errors, &path.child("name"), text(source, "name"));
    let kind = text(source, "kind");
    required(errors, &path.child("kind"), kind);
    let group = text(source, "apiGroup");
    if group.is_empty() && kind != "PersistentVolumeClaim" {
        let detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
        errors.push(FieldError::invalid(path, kind, detail));
    }
    if !group.is_empty() {
        subdomain(errors, &path.child("apiGroup"), group);
    }
    let namespace = text(source, "namespace");
    if !namespace.is_empty() {
        complain(errors, &path.child("namespace"), namespace, name::dns_1123_label(namespace));
    }
}

/// The spec without what may change.
fn kept(new: &Value, old: &Value, class_from_annotation: bool) -> Value {
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let bound = new.str_at(&["status", "phase"]) == Some("Bound");
    let mut out = spec.clone();
    let Some(fields) = out.as_struct_mut() else { return out };
    let mut keep = |field: &str| match before.get(field) {
        Some(value) => {
            fields.set(field, value.clone());
        }
        None => {
            fields.remove(field);
        }
    };
    if text(before, "volumeName").is_empty() {
        keep("volumeName");
    }
    // A class that was not said may be said, but not against the annotation.
    let annotated = crate::meta::annotation(old, CLASS);
    let class = text_of(spec, "storageClassName");
    let from_nothing = class.is_some()
        && !is_set(before, "storageClassName")
        && annotated.is_none_or(|annotated| Some(annotated) == class);
    if from_nothing || class_from_annotation {
        keep("storageClassName");
    }
    if bound {
        keep("volumeAttributesClassName");
        let size = before.path(&["resources", "requests", "storage"]);
        let requests = out.path_mut(&["resources", "requests"]).and_then(Value::as_map_mut);
        if let (Some(size), Some(requests)) = (size, requests) {
            requests.insert("storage", size.clone());
        }
    }
    out
}

pub(in crate::validate) fn claim_update(errors: &mut Errors, new: &Value, old: &Value) {
    claim(errors, new);
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let (now, then) = (crate::meta::annotation(new, CLASS), crate::meta::annotation(old, CLASS));
    let upgraded = then.is_some()
        && !is_set(before, "storageClassName")
        && text_of(spec, "storageClassName") == then
        && (now.is_none() || now == then);
    if !upgraded && now.unwrap_or_default() != then.unwrap_or_default() {
        let metadata = Path::new("metadata");
        let path = metadata.child("annotations");
        errors.push(FieldError::invalid(&path.key(CLASS), now.unwrap_or_default(), IMMUTABLE));
    }
    let comparable = kept(new, old, upgraded);
    let path = Path::new("spec");
    if !pod::same_struct(&comparable, before) {
        let detail = format!(
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound \
             claims\n{}",
            pod::difference(before, &comparable)
        );
        errors.push(FieldError::forbidden(&path, detail));
    }
    let storage = ["resources", "requests", "storage"];
    let amount = |value: Option<&Value>| value.map(quantity).unwrap_or_default();
    let (size, size_before) = (amount(spec.path(&storage)), amount(before.path(&storage)));
    if size < size_before && size <= amount(old.path(&["status", "capacity", "storage"])) {
        let path = path.child("resources.requests.storage");
        errors.push(FieldError::forbidden(&path, "field can not be less than status.capacity"));
    }
    immutable(errors, &Path::new("volumeMode"), spec.get("volumeMode"), before.get("volumeMode"));
    let field = "volumeAttributesClassName";
    let applied = old.path(&["status", "currentVolumeAttributesClassName"]).is_some();
    if applied && text_of(spec, field) != text_of(before, field) {
        let what = match text_of(spec, field) {
            None => "nil",
            Some("") => "empty string",
            Some(_) => return,
        };
        let detail =
            format!("update to {what} is forbidden when status.currentVolumeAttributesClassName is not nil");
        errors.push(FieldError::forbidden(&path.child(field), detail));
    }
}

const RESIZES: [&str; 5] = [
    "ControllerResizeInProgress",
    "ControllerResizeInfeasible",
    "NodeResizeInProgress",
    "NodeResizeInfeasible",
    "NodeResizePending",
];

/// What of a claim can be resized: storage, or what a driver names.
fn resource_key(errors: &mut Errors, path: &Path<'_>, key: &str) -> bool {
    let complaints = name::qualified_name(key);
    let native = !key.contains('/') || key.contains("kubernetes.io/");
    let fine = complaints.is_empty() && (!native || key == "storage");
    if complaints.is_empty() && !fine {
        errors.push(FieldError::not_supported(path, key, &["storage"]));
    }
    complain(errors, path, key, complaints);
    fine
}

pub(in crate::validate) fn claim_status(errors: &mut Errors, new: &Value) {
    let empty = Value::Null;
    let (spec, status) = (new.get("spec").unwrap_or(&empty), new.get("status").unwrap_or(&empty));
    if list(spec, "accessModes").is_empty() {
        // As Kubernetes names it.
        errors.push(FieldError::required(&Path::new("Spec.accessModes"), ""));
    }
    let root = Path::new("status");
    let path = root.child("capacity");
    for (name, size) in entries(status, "capacity") {
        basic(errors, &path.key(name), size);
    }
    let path = root.child("allocatedResourceStatuses");
    for (key, state) in entries(status, "allocatedResourceStatuses") {
        resource_key(errors, &path, key);
        if !RESIZES.contains(&state.as_str().unwrap_or_default()) {
            errors.push(FieldError::not_supported(&path, key, &RESIZES));
        }
    }
    let path = root.child("allocatedResources");
    for (key, size) in entries(status, "allocatedResources") {
        if resource_key(errors, &path, key) && basic(errors, &path.key(key), size) {
            resources::amount(errors, &path.key(key), "storage", size);
        }
    }
}
