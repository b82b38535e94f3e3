//! Persistent volumes, claims, and what storage drivers declare.

use std::collections::BTreeSet;

use mizzen_schema::value::{Struct, Value};

use super::check::{
    Errors, complain, entries, flag, immutable, int, is_set, label_selector, list, one_of, quantity,
    required, required_one_of, same, some, text,
};
use super::scheduling;
use super::security::subdomain;
use super::{resources, volume};
use crate::field::{FieldError, Path};
use crate::name;

const ACCESS_MODES: [&str; 4] = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const VOLUME_MODES: [&str; 2] = ["Block", "Filesystem"];

fn access_modes(errors: &mut Errors, path: &Path<'_>, spec: &Value, missing: &str) {
    let modes: Vec<&str> = list(spec, "accessModes").iter().filter_map(Value::as_str).collect();
    if modes.is_empty() {
        errors.push(FieldError::required(path, missing));
    }
    for mode in &modes {
        one_of(errors, path, mode, &ACCESS_MODES);
    }
    if modes.len() > 1 && modes.contains(&"ReadWriteOncePod") {
        errors.push(FieldError::forbidden(path, "may not use ReadWriteOncePod with other access modes"));
    }
}

fn volume_mode(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    if let Some(mode) = some(spec, "volumeMode").and_then(Value::as_str) {
        one_of(errors, &path.child("volumeMode"), mode, &VOLUME_MODES);
    }
}

pub(super) fn claim(errors: &mut Errors, object: &Value) {
    claim_spec(errors, &Path::new("spec"), object.get("spec").unwrap_or(&Value::Null));
}

/// The spec of a claim or of a template for one.
pub(super) fn claim_spec(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    access_modes(errors, &path.child("accessModes"), spec, "at least 1 access mode is required");
    label_selector(errors, &path.child("selector"), some(spec, "selector"));
    let wanted = spec.path(&["resources", "requests", "storage"]);
    let resources = path.child("resources");
    match wanted {
        None => errors.push(FieldError::required(&resources.key("storage"), "")),
        Some(size) => {
            let path = resources.key("storage");
            resources::amount(errors, &path, "storage", size);
            if quantity(size).signum() <= 0 {
                errors.push(FieldError::invalid(&path, size, super::check::NOT_POSITIVE));
            }
        }
    }
    let class = text(spec, "storageClassName");
    if !class.is_empty() {
        subdomain(errors, &path.child("storageClassName"), class);
    }
    volume_mode(errors, path, spec);
    for field in ["dataSource", "dataSourceRef"] {
        if let Some(source) = some(spec, field) {
            data_source(errors, &path.child(field), source);
        }
    }
    let class = text(spec, "volumeAttributesClassName");
    if !class.is_empty() {
        subdomain(errors, &path.child("volumeAttributesClassName"), class);
    }
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

pub(super) fn claim_update(errors: &mut Errors, new: &Value, old: &Value) {
    claim(errors, new);
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let bound = new.str_at(&["status", "phase"]) == Some("Bound");
    let storage = ["resources", "requests", "storage"];
    let (size, size_before) = (spec.path(&storage), before.path(&storage));
    let mut comparable = spec.clone();
    if let Some(fields) = comparable.as_struct_mut() {
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
        if !is_set(before, "storageClassName") {
            keep("storageClassName");
        }
        if bound {
            keep("volumeAttributesClassName");
        }
    }
    if bound
        && let Some(size_before) = size_before
        && let Some(requests) = comparable.path_mut(&["resources", "requests"]).and_then(Value::as_map_mut)
    {
        requests.insert("storage", size_before.clone());
    }
    if comparable != *before {
        errors.push(FieldError::forbidden(
            &Path::new("spec"),
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound \
             claims",
        ));
    }
    if let (Some(size), Some(size_before)) = (size, size_before)
        && quantity(size) < quantity(size_before)
    {
        let have = old.path(&["status", "capacity", "storage"]).map(quantity).unwrap_or_default();
        if quantity(size) <= have {
            let spec = Path::new("spec");
            let path = spec.child("resources.requests.storage");
            errors.push(FieldError::forbidden(&path, "field can not be less than status.capacity"));
        }
    }
    immutable(errors, &Path::new("volumeMode"), spec.get("volumeMode"), before.get("volumeMode"));
}

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

pub(super) fn persistent_volume(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    access_modes(errors, &path.child("accessModes"), spec, "");
    let capacity = path.child("capacity");
    match some(spec, "capacity").and_then(Value::as_map).filter(|map| !map.is_empty()) {
        None => errors.push(FieldError::required(&capacity, "")),
        Some(map) => {
            if map.len() > 1 || map.get("storage").is_none() {
                errors.push(FieldError::not_supported(&capacity, spec.get("capacity"), &["storage"]));
            }
            for (name, size) in map.iter() {
                let path = capacity.key(name);
                resources::amount(errors, &path, name, size);
                if quantity(size).signum() <= 0 {
                    errors.push(FieldError::invalid(&path, size, super::check::NOT_POSITIVE));
                }
            }
        }
    }
    let policy = text(spec, "persistentVolumeReclaimPolicy");
    if !policy.is_empty() {
        let path = path.child("persistentVolumeReclaimPolicy");
        one_of(errors, &path, policy, &["Delete", "Recycle", "Retain"]);
    }
    let affinity = node_affinity(errors, &path.child("nodeAffinity"), spec);
    let mut count = 0;
    for (name, source) in sources(spec) {
        count += 1;
        let path = path.child(name);
        if count > 1 {
            errors.push(FieldError::forbidden(&path, "may not specify more than 1 volume type"));
        } else if name == "csi" {
            volume::csi_driver_name(errors, &path.child("driver"), text(source, "driver"));
            required(errors, &path.child("volumeHandle"), text(source, "volumeHandle"));
        } else {
            volume::shared_source(errors, &path, name, source);
        }
        if name == "local" && !affinity {
            let spec = Path::new("spec");
            let detail = "Local volume requires node affinity";
            errors.push(FieldError::required(&spec.child("nodeAffinity"), detail));
        }
    }
    if count == 0 {
        errors.push(FieldError::required(&path, "must specify a volume type"));
    }
    if policy == "Recycle" && spec.str_at(&["hostPath", "path"]) == Some("/") {
        let detail = "may not be 'recycle' for a hostPath mount of '/'";
        errors.push(FieldError::forbidden(&path.child("persistentVolumeReclaimPolicy"), detail));
    }
    let class = text(spec, "storageClassName");
    if !class.is_empty() {
        subdomain(errors, &path.child("storageClassName"), class);
    }
    volume_mode(errors, &path, spec);
    attributes_class(errors, &path, spec);
}

fn node_affinity(errors: &mut Errors, path: &Path<'_>, spec: &Value) -> bool {
    let Some(affinity) = some(spec, "nodeAffinity") else { return false };
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
    let Some(class) = some(spec, "volumeAttributesClassName").and_then(Value::as_str) else { return };
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

pub(super) fn persistent_volume_update(errors: &mut Errors, new: &Value, old: &Value) {
    persistent_volume(errors, new);
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    if !sources(spec).eq(sources(before)) {
        let path = Path::new("spec");
        let detail = "spec.persistentvolumesource is immutable after creation";
        errors.push(FieldError::forbidden(&path.child("persistentvolumesource"), detail));
    }
    let path = Path::new("spec");
    immutable(errors, &path.child("volumeMode"), spec.get("volumeMode"), before.get("volumeMode"));
    if is_set(before, "nodeAffinity") {
        let affinity = path.child("nodeAffinity");
        if !same(spec.get("nodeAffinity"), before.get("nodeAffinity")) {
            let detail = "field is immutable, except for updating from beta label to GA";
            errors.push(FieldError::invalid(&affinity, spec.get("nodeAffinity"), detail));
        }
    }
}

pub(super) fn storage_class(errors: &mut Errors, object: &Value) {
    let provisioner = text(object, "provisioner");
    let path = Path::new("provisioner");
    if required(errors, &path, provisioner) {
        complain(errors, &path, provisioner, name::qualified_name(&provisioner.to_lowercase()));
    }
    let parameters = Path::new("parameters");
    let mut size = 0;
    let mut count = 0;
    for (key, value) in entries(object, "parameters") {
        if key.is_empty() {
            let detail = "field can not be empty.";
            errors.push(FieldError::invalid(&parameters, key, detail));
        }
        size += key.len() + value.as_str().unwrap_or_default().len();
        count += 1;
    }
    if count > 512 {
        errors.push(FieldError::too_long(&parameters, 512));
    }
    if size > 256 * 1024 {
        errors.push(FieldError::too_long(&parameters, 256 * 1024));
    }
    let policy = text(object, "reclaimPolicy");
    if !policy.is_empty() {
        one_of(errors, &Path::new("reclaimPolicy"), policy, &["Delete", "Retain"]);
    }
    let mode = text(object, "volumeBindingMode");
    required_one_of(errors, &Path::new("volumeBindingMode"), mode, &["Immediate", "WaitForFirstConsumer"]);
    topologies(errors, object);
}

fn topologies(errors: &mut Errors, object: &Value) {
    let path = Path::new("allowedTopologies");
    for (at, term) in list(object, "allowedTopologies").iter().enumerate() {
        let path = path.index(at);
        let path = path.child("matchLabelExpressions");
        let mut keys = BTreeSet::new();
        for (at, expression) in list(term, "matchLabelExpressions").iter().enumerate() {
            let path = path.index(at);
            let key = text(expression, "key");
            if list(expression, "values").is_empty() {
                errors.push(FieldError::required(&path.child("values"), ""));
            }
            super::check::label_name(errors, &path.child("key"), key);
            if keys.contains(&key) {
                errors.push(FieldError::duplicate(&path.child("key"), key));
            }
            keys.insert(key);
        }
    }
}

pub(super) fn storage_class_update(errors: &mut Errors, new: &Value, old: &Value) {
    for (field, words) in [
        ("parameters", "updates to parameters are forbidden."),
        ("provisioner", "updates to provisioner are forbidden."),
        ("reclaimPolicy", "updates to reclaimPolicy are forbidden."),
    ] {
        if !same(new.get(field), old.get(field)) {
            errors.push(FieldError::forbidden(&Path::new(field), words));
        }
    }
    let (mode, before) = (new.get("volumeBindingMode"), old.get("volumeBindingMode"));
    immutable(errors, &Path::new("volumeBindingMode"), mode, before);
}

pub(super) fn csi_driver(errors: &mut Errors, object: &Value) {
    let path = Path::new("metadata");
    volume::csi_driver_name(errors, &path.child("name"), crate::meta::name(object));
    let root = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    for field in ["attachRequired", "podInfoOnMount", "storageCapacity"] {
        if flag(spec, field).is_none() {
            errors.push(FieldError::required(&root.child(field), ""));
        }
    }
    if let Some(policy) = some(spec, "fsGroupPolicy").and_then(Value::as_str) {
        let supported = ["ReadWriteOnceWithFSType", "File", "None"];
        one_of(errors, &root.child("fsGroupPolicy"), policy, &supported);
    }
    let mut audiences = BTreeSet::new();
    let requests = root.child("tokenRequests");
    for (at, request) in list(spec, "tokenRequests").iter().enumerate() {
        let path = requests.index(at);
        let audience = text(request, "audience");
        if audiences.contains(&audience) {
            errors.push(FieldError::duplicate(&path.child("audience"), audience));
        }
        audiences.insert(audience);
        if let Some(seconds) = int(request, "expirationSeconds") {
            let path = path.child("expirationSeconds");
            if seconds < 600 {
                let detail = "may not specify a duration less than 10 minutes";
                errors.push(FieldError::invalid(&path, seconds, detail));
            }
            if seconds > 1 << 32 {
                let detail = "may not specify a duration larger than 2^32 seconds";
                errors.push(FieldError::invalid(&path, seconds, detail));
            }
        }
    }
    for mode in list(spec, "volumeLifecycleModes").iter().filter_map(Value::as_str) {
        one_of(errors, &root.child("volumeLifecycleModes"), mode, &["Ephemeral", "Persistent"]);
    }
}

pub(super) fn csi_driver_update(errors: &mut Errors, new: &Value, old: &Value) {
    csi_driver(errors, new);
    let root = Path::new("spec");
    for field in ["attachRequired", "fsGroupPolicy", "volumeLifecycleModes"] {
        let (value, before) = (new.path(&["spec", field]), old.path(&["spec", field]));
        immutable(errors, &root.child(field), value, before);
    }
}

pub(super) fn csi_node(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    let drivers = root.child("drivers");
    let mut names = BTreeSet::new();
    for (at, driver) in
        object.get("spec").map(|spec| list(spec, "drivers")).unwrap_or_default().iter().enumerate()
    {
        let path = drivers.index(at);
        let name = text(driver, "name");
        volume::csi_driver_name(errors, &path.child("name"), name);
        if names.contains(&name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        names.insert(name);
        let node = text(driver, "nodeID");
        if required(errors, &path.child("nodeID"), node) && node.len() > 256 {
            let detail = "must be 256 characters or less";
            errors.push(FieldError::invalid(&path.child("nodeID"), node, detail));
        }
        if let Some(count) = driver.get("allocatable").and_then(|allocatable| int(allocatable, "count")) {
            let path = path.child("allocatable");
            super::check::not_negative(errors, &path.child("count"), count);
        }
        for key in list(driver, "topologyKeys").iter().filter_map(Value::as_str) {
            complain(errors, &path.child("topologyKeys"), key, name::qualified_name(key));
        }
    }
}

pub(super) fn volume_attachment(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    required(errors, &root.child("attacher"), text(spec, "attacher"));
    required(errors, &root.child("nodeName"), text(spec, "nodeName"));
    let source = spec.get("source").unwrap_or(&empty);
    let name = text(source, "persistentVolumeName");
    let path = root.child("source");
    match (name.is_empty(), is_set(source, "inlineVolumeSpec")) {
        (true, false) => {
            errors.push(FieldError::required(
                &path,
                "must specify exactly one of inlineVolumeSpec and persistentVolumeName",
            ));
        }
        (false, true) => {
            let detail = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
            errors.push(FieldError::forbidden(&path, detail));
        }
        (false, false) => subdomain(errors, &path.child("persistentVolumeName"), name),
        (true, true) => {}
    }
}

pub(super) fn volume_attachment_update(errors: &mut Errors, new: &Value, old: &Value) {
    volume_attachment(errors, new);
    if !same(new.get("spec"), old.get("spec")) {
        errors.push(FieldError::invalid(&Path::new("spec"), new.get("spec"), super::check::IMMUTABLE));
    }
}

pub(super) fn attributes_class_object(errors: &mut Errors, object: &Value) {
    let driver = text(object, "driverName");
    let path = Path::new("driverName");
    if required(errors, &path, driver) {
        complain(errors, &path, driver, name::qualified_name(&driver.to_lowercase()));
    }
    if entries(object, "parameters").next().is_none() {
        let detail = "must contain at least one key/value pair";
        errors.push(FieldError::required(&Path::new("parameters"), detail));
    }
}

pub(super) fn attributes_class_update(errors: &mut Errors, new: &Value, old: &Value) {
    for field in ["driverName", "parameters"] {
        if !same(new.get(field), old.get(field)) {
            let detail = format!("updates to {field} are forbidden.");
            errors.push(FieldError::forbidden(&Path::new(field), detail));
        }
    }
}
