//! Classes of storage, and what CSI drivers declare.

use mizzen_schema::value::{Struct, Value};

use super::persistent::volume_spec;
use crate::field::{FieldError, Path};
use crate::name;
use crate::validate::access::token_seconds;
use crate::validate::check::{
    Errors, IMMUTABLE, Seen, complain, entries, flag, immutable, int, is_set, label_name, label_selector,
    list, not_negative, not_negative_quantity, one_of, required, required_one_of, same, some, text, text_of,
    texts,
};
use crate::validate::security::subdomain;
use crate::validate::volume::csi_driver_name;

const PARAMETERS_MAX: usize = 512;
const BYTES_MAX: usize = 256 * 1024;

fn driver(errors: &mut Errors, path: &Path<'_>, driver: &str) {
    if required(errors, path, driver) {
        complain(errors, path, &driver.to_lowercase(), name::qualified_name(&driver.to_lowercase()));
    }
}

fn parameters(errors: &mut Errors, object: &Value) {
    let path = Path::new("parameters");
    if entries(object, "parameters").count() > PARAMETERS_MAX {
        errors.push(FieldError::too_long(&path, PARAMETERS_MAX));
        return;
    }
    let mut size = 0;
    for (key, value) in entries(object, "parameters") {
        if key.is_empty() {
            errors.push(FieldError::invalid(&path, key, "field can not be empty."));
        }
        size += key.len() + value.as_str().unwrap_or_default().len();
    }
    if size > BYTES_MAX {
        errors.push(FieldError::too_long(&path, BYTES_MAX));
    }
}

pub(in crate::validate) fn storage_class(errors: &mut Errors, object: &Value) {
    driver(errors, &Path::new("provisioner"), text(object, "provisioner"));
    parameters(errors, object);
    let policy = text(object, "reclaimPolicy");
    if !policy.is_empty() {
        one_of(errors, &Path::new("reclaimPolicy"), policy, &["Delete", "Retain"]);
    }
    let mode = text(object, "volumeBindingMode");
    required_one_of(errors, &Path::new("volumeBindingMode"), mode, &["Immediate", "WaitForFirstConsumer"]);
    topologies(errors, object);
}

fn topologies(errors: &mut Errors, object: &Value) {
    let root = Path::new("allowedTopologies");
    let terms = list(object, "allowedTopologies");
    for (at, term) in terms.iter().enumerate() {
        let path = root.index(at);
        let path = path.child("matchLabelExpressions");
        let mut keys = Seen::new();
        for (at, expression) in list(term, "matchLabelExpressions").iter().enumerate() {
            let path = path.index(at);
            let mut values = Seen::new();
            let path_values = path.child("values");
            if list(expression, "values").is_empty() {
                errors.push(FieldError::required(&path_values, ""));
            }
            for (at, value) in texts(expression, "values").enumerate() {
                if !values.insert(value) {
                    errors.push(FieldError::duplicate(&path_values.index(at), value));
                }
            }
            let key = text(expression, "key");
            label_name(errors, &path.child("key"), key);
            if !keys.insert(key) {
                errors.push(FieldError::duplicate(&path.child("key"), key));
            }
        }
        for earlier in &terms[..at] {
            if same_term(earlier, term) {
                errors.push(FieldError::duplicate(&path, ""));
            }
        }
    }
}

/// Terms that allow the same: order does not matter.
fn same_term(a: &Value, b: &Value) -> bool {
    let sorted = |term: &Value| {
        let mut all: Vec<(String, Vec<String>)> = list(term, "matchLabelExpressions")
            .iter()
            .map(|one| {
                let mut values: Vec<String> = texts(one, "values").map(str::to_owned).collect();
                values.sort_unstable();
                values.dedup();
                (text(one, "key").to_owned(), values)
            })
            .collect();
        all.sort_unstable();
        all
    };
    sorted(a) == sorted(b)
}

pub(in crate::validate) fn storage_class_update(errors: &mut Errors, new: &Value, old: &Value) {
    unchanged(errors, new, old, &["parameters", "provisioner", "reclaimPolicy"]);
    let (mode, before) = (new.get("volumeBindingMode"), old.get("volumeBindingMode"));
    immutable(errors, &Path::new("volumeBindingMode"), mode, before);
}

fn unchanged(errors: &mut Errors, new: &Value, old: &Value, fields: &[&str]) {
    for field in fields {
        if !same(new.get(field), old.get(field)) {
            let detail = format!("updates to {field} are forbidden.");
            errors.push(FieldError::forbidden(&Path::new(field), detail));
        }
    }
}

pub(in crate::validate) fn attributes_class(errors: &mut Errors, object: &Value) {
    driver(errors, &Path::new("driverName"), text(object, "driverName"));
    parameters(errors, object);
    if entries(object, "parameters").next().is_none() {
        let detail = "must contain at least one key/value pair";
        errors.push(FieldError::required(&Path::new("parameters"), detail));
    }
}

pub(in crate::validate) fn attributes_class_update(errors: &mut Errors, new: &Value, old: &Value) {
    unchanged(errors, new, old, &["driverName", "parameters"]);
    attributes_class(errors, new);
}

pub(in crate::validate) fn csi_driver(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    for (field, shown) in [
        // As Kubernetes names it.
        ("attachRequired", "attachedRequired"),
        ("podInfoOnMount", "podInfoOnMount"),
        ("storageCapacity", "storageCapacity"),
    ] {
        if flag(spec, field).is_none() {
            errors.push(FieldError::required(&root.child(shown), ""));
        }
    }
    if let Some(policy) = text_of(spec, "fsGroupPolicy") {
        let supported = ["File", "None", "ReadWriteOnceWithFSType"];
        one_of(errors, &root.child("fsGroupPolicy"), policy, &supported);
    }
    token_requests(errors, &root.child("tokenRequests"), spec);
    for mode in texts(spec, "volumeLifecycleModes") {
        one_of(errors, &root.child("volumeLifecycleModes"), mode, &["Persistent", "Ephemeral"]);
    }
    if flag(spec, "seLinuxMount").is_none() {
        errors.push(FieldError::required(&root.child("seLinuxMount"), ""));
    }
    let period = "nodeAllocatableUpdatePeriodSeconds";
    if let Some(seconds) = int(spec, period).filter(|seconds| *seconds < 10) {
        let detail = "must be greater than or equal to 10 seconds";
        errors.push(FieldError::invalid(&root.child(period), seconds, detail));
    }
}

fn token_requests(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let mut audiences = Seen::new();
    for (at, request) in list(spec, "tokenRequests").iter().enumerate() {
        let path = path.index(at);
        let audience = text(request, "audience");
        if !audiences.insert(audience) {
            errors.push(FieldError::duplicate(&path.child("audience"), audience));
            continue;
        }
        let Some(seconds) = int(request, "expirationSeconds") else { continue };
        token_seconds(errors, &path.child("expirationSeconds"), seconds);
    }
}

pub(in crate::validate) fn csi_driver_update(errors: &mut Errors, new: &Value, old: &Value) {
    csi_driver(errors, new);
    let root = Path::new("spec");
    for (field, shown) in
        [("attachRequired", "attachedRequired"), ("volumeLifecycleModes", "volumeLifecycleModes")]
    {
        let (value, before) = (new.path(&["spec", field]), old.path(&["spec", field]));
        immutable(errors, &root.child(shown), value, before);
    }
}

pub(in crate::validate) fn csi_node(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    let drivers = root.child("drivers");
    let mut names = Seen::new();
    let empty = Value::Null;
    for (at, driver) in list(object.get("spec").unwrap_or(&empty), "drivers").iter().enumerate() {
        let path = drivers.index(at);
        let name = text(driver, "name");
        csi_driver_name(errors, &path.child("name"), name);
        let node = text(driver, "nodeID");
        required(errors, &path.child("nodeID"), node);
        if node.len() > 256 {
            let detail = "must be 256 characters or less";
            errors.push(FieldError::invalid(&path.child("nodeID"), node, detail));
        }
        if let Some(count) = some(driver, "allocatable").and_then(|allocatable| int(allocatable, "count")) {
            let path = path.child("allocatable");
            not_negative(errors, &path.child("count"), count);
        }
        if !names.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        let mut keys = Seen::new();
        for key in texts(driver, "topologyKeys") {
            required(errors, &path, key);
            if !keys.insert(key) {
                errors.push(FieldError::duplicate(&path, key));
            }
            complain(errors, &path, key, name::qualified_name(key));
        }
    }
}

/// A driver on a node changes only in how many volumes it takes.
pub(in crate::validate) fn csi_node_update(errors: &mut Errors, new: &Value, old: &Value) {
    csi_node(errors, new);
    let empty = Value::Null;
    let drivers = |object: &'_ Value| -> Vec<Value> {
        list(object.get("spec").unwrap_or(&empty), "drivers")
            .iter()
            .map(|driver| {
                let mut driver = driver.clone();
                driver.as_struct_mut().map(|fields: &mut Struct| fields.remove("allocatable"));
                driver
            })
            .collect()
    };
    let now = drivers(new);
    let path = Path::new("spec");
    for before in drivers(old) {
        for after in now.iter().filter(|driver| text(driver, "name") == text(&before, "name")) {
            if *after != before {
                errors.push(FieldError::invalid(&path.child("drivers"), after, IMMUTABLE));
            }
        }
    }
}

pub(in crate::validate) fn volume_attachment(errors: &mut Errors, object: &Value) {
    attachment(errors, object);
    let attacher = object.str_at(&["spec", "attacher"]).unwrap_or_default();
    csi_driver_name(errors, &Path::new("spec.attacher"), attacher);
    if let Some(name) = object.str_at(&["spec", "source", "persistentVolumeName"]) {
        subdomain(errors, &Path::new("spec.source.persistentVolumeName"), name);
    }
}

fn attachment(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    required(errors, &root.child("attacher"), text(spec, "attacher"));
    let source = spec.get("source").unwrap_or(&empty);
    let path = root.child("source");
    let detail = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
    match (text_of(source, "persistentVolumeName"), some(source, "inlineVolumeSpec")) {
        (None, None) => errors.push(FieldError::required(&path, detail)),
        (Some(_), Some(_)) => errors.push(FieldError::forbidden(&path, detail)),
        (Some(""), None) => {
            let detail = "must specify non empty persistentVolumeName";
            errors.push(FieldError::required(&path.child("persistentVolumeName"), detail));
        }
        (Some(_), None) => {}
        (None, Some(spec)) => volume_spec(errors, &path.child("inlineVolumeSpec"), spec, "", true),
    }
    subdomain(errors, &root.child("nodeName"), text(spec, "nodeName"));
    let Some(status) = some(object, "status") else { return };
    let root = Path::new("status");
    let size: usize = entries(status, "attachmentMetadata")
        .map(|(key, value)| key.len() + value.as_str().unwrap_or_default().len())
        .sum();
    if size > BYTES_MAX {
        errors.push(FieldError::too_long(&root.child("attachmentMetadata"), BYTES_MAX));
    }
    for field in ["attachError", "detachError"] {
        let Some(error) = some(status, field) else { continue };
        let path = root.child(field);
        if text(error, "message").len() > 1024 {
            // The number is not the one that is checked, as Kubernetes has it.
            errors.push(FieldError::too_long(&path.child("message"), BYTES_MAX));
        }
        if let Some(code) = int(error, "errorCode").filter(|code| *code < 0) {
            let detail = name::out_of_range(0, i64::from(i32::MAX));
            errors.push(FieldError::invalid(&path.child("errorCode"), code, detail));
        }
    }
}

pub(in crate::validate) fn volume_attachment_update(errors: &mut Errors, new: &Value, old: &Value) {
    attachment(errors, new);
    if !same(new.get("spec"), old.get("spec")) {
        errors.push(FieldError::invalid(&Path::new("spec"), new.get("spec"), IMMUTABLE));
    }
}

pub(in crate::validate) fn storage_capacity(errors: &mut Errors, object: &Value) {
    label_selector(errors, &Path::new("nodeTopology"), some(object, "nodeTopology"));
    subdomain(errors, &Path::new("storageClassName"), text(object, "storageClassName"));
    if let Some(capacity) = some(object, "capacity") {
        not_negative_quantity(errors, &Path::new("capacity"), capacity);
    }
}

pub(in crate::validate) fn storage_capacity_update(errors: &mut Errors, new: &Value, old: &Value) {
    for field in ["nodeTopology", "storageClassName"] {
        let set = is_set(new, field) || is_set(old, field);
        if set && !same(new.get(field), old.get(field)) {
            errors.push(FieldError::invalid(&Path::new(field), new.get(field), IMMUTABLE));
        }
    }
}
