//! Nodes.

use mizzen_schema::value::Value;

use super::check::{Errors, NOT_POSITIVE, Seen, complain, entries, int, list, required, some, text, texts};
use super::{resources, scheduling};
use crate::field::{FieldError, Path, quote};
use crate::name;

/// Taints from before there was a field.
const TAINTS: &str = "scheduler.alpha.kubernetes.io/taints";

pub(super) fn node(errors: &mut Errors, object: &Value) {
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    // Kubernetes names the taints so, though they are in the spec.
    let metadata = Path::new("metadata");
    annotations(errors, object, spec);
    scheduling::taints(errors, &metadata.child("taints"), list(spec, "taints"));
    amounts(errors, object);
    let swap = object.path(&["status", "nodeInfo", "swap"]).and_then(|swap| int(swap, "capacity"));
    if let Some(capacity) = swap.filter(|capacity| *capacity <= 0) {
        let path = metadata.child("nodeSwapStatus.capacity");
        errors.push(FieldError::invalid(&path, capacity, NOT_POSITIVE));
    }
    declared_features(errors, object);
    let path = Path::new("spec");
    let path = path.child("podCIDRs");
    for (at, cidr) in texts(spec, "podCIDRs").enumerate() {
        complain(errors, &path.index(at), cidr, name::cidr(cidr));
    }
    let cidrs: Vec<&str> = texts(spec, "podCIDRs").collect();
    let is_v6 = |cidr: &&&str| cidr.contains(':');
    let dual = cidrs.len() == 2 && cidrs.iter().filter(is_v6).count() == 1;
    if cidrs.len() > 1 && !dual {
        let detail = "may specify no more than one CIDR for each IP family";
        errors.push(FieldError::invalid(&path, spec.get("podCIDRs"), detail));
    }
}

fn annotations(errors: &mut Errors, object: &Value, spec: &Value) {
    let Some(text) = crate::meta::annotation(object, TAINTS).filter(|text| !text.is_empty()) else { return };
    let metadata = Path::new("metadata");
    let path = metadata.child("annotations");
    let Some(field) = spec.as_struct().and_then(|spec| spec.ty().field("taints")) else { return };
    match mizzen_schema::json::decode_shape(text.as_bytes(), &field.shape, &Default::default()) {
        Ok(read) => scheduling::taints(errors, &path.child(TAINTS), read.value.items()),
        Err(error) => errors.push(FieldError::invalid(&path, TAINTS, error.to_string())),
    }
}

fn amounts(errors: &mut Errors, object: &Value) {
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

/// `MyFeature` or `MyFeature/mySubFeature`.
fn is_feature(text: &str) -> bool {
    let mut parts = text.split('/');
    let alphanumeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parts
        .next()
        .is_some_and(|first| first.starts_with(|c: char| c.is_ascii_uppercase()) && alphanumeric(first))
        && parts.all(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()) && alphanumeric(part))
}

fn declared_features(errors: &mut Errors, object: &Value) {
    let Some(status) = some(object, "status") else { return };
    let path = Path::new("status");
    let path = path.child("declaredFeatures");
    let mut before: Option<&str> = None;
    for (at, feature) in texts(status, "declaredFeatures").enumerate() {
        let path = path.index(at);
        if before == Some(feature) {
            errors.push(FieldError::duplicate(&path, feature));
        } else if before.is_some_and(|before| before > feature) {
            errors.push(FieldError::invalid(&path, feature, "list must be sorted alphabetically"));
        }
        if feature.len() > 253 {
            let detail = format!("invalid feature name {}: {}", quote(feature), name::too_long(253));
            errors.push(FieldError::invalid(&path, feature, detail));
        } else if !is_feature(feature) {
            let detail = format!(
                "invalid feature name {}: must start with an UpperCamelCase segment, with subsequent segments \
                 separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric \
                 characters and slashes",
                quote(feature)
            );
            errors.push(FieldError::invalid(&path, feature, detail));
        }
        before = Some(feature);
    }
}

pub(super) fn update(errors: &mut Errors, new: &Value, old: &Value) {
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    annotations(errors, new, spec);
    amounts(errors, new);
    declared_features(errors, new);
    let status = Path::new("status");
    let addresses = new.get("status").map(|status| list(status, "addresses")).unwrap_or_default();
    let mut seen = Seen::new();
    for (at, address) in addresses.iter().enumerate() {
        if !seen.insert((text(address, "type"), text(address, "address"))) {
            errors.push(FieldError::duplicate(&status.child("addresses").index(at), address));
        }
    }
    let path = Path::new("spec");
    let (cidrs, cidrs_before) = (list(spec, "podCIDRs"), list(before, "podCIDRs"));
    if !cidrs_before.is_empty() {
        let changed = if cidrs.len() == cidrs_before.len() {
            cidrs.iter().zip(cidrs_before).filter(|(new, old)| new != old).count()
        } else {
            1
        };
        for _ in 0..changed {
            let detail = "node updates may not change podCIDR except from \"\" to valid";
            errors.push(FieldError::forbidden(&path.child("podCIDRs"), detail));
        }
    }
    if !text(before, "providerID").is_empty() && text(spec, "providerID") != text(before, "providerID") {
        let detail = "node updates may not change providerID except from \"\" to valid";
        errors.push(FieldError::forbidden(&path.child("providerID"), detail));
    }
    if let Some(source) = some(spec, "configSource") {
        config_source(errors, &path.child("configSource"), source, false);
    }
    if let Some(config) = new.path(&["status", "config"]) {
        let path = status.child("config");
        for field in ["assigned", "active", "lastKnownGood"] {
            if let Some(source) = some(config, field) {
                config_source(errors, &path.child(field), source, true);
            }
        }
    }
    let metadata = Path::new("metadata");
    scheduling::taints(errors, &metadata.child("taints"), list(spec, "taints"));
    if text(spec, "externalID") != text(before, "externalID") {
        errors.push(FieldError::forbidden(&path.child("externalID"), "may not be updated"));
    }
}

/// Where the kubelet's configuration came from, once: wanted in the spec, used in the status.
fn config_source(errors: &mut Errors, path: &Path<'_>, source: &Value, used: bool) {
    let Some(map) = some(source, "configMap") else {
        let detail = "exactly one reference subfield must be non-nil";
        errors.push(FieldError::invalid(path, source, detail));
        return;
    };
    let path = path.child("configMap");
    for field in ["uid", "resourceVersion"] {
        if used {
            required(errors, &path.child(field), text(map, field));
        } else if !text(map, field).is_empty() {
            let detail = format!("{field} must not be set in spec");
            errors.push(FieldError::forbidden(&path.child(field), detail));
        }
    }
    let (namespace, name, key) = (text(map, "namespace"), text(map, "name"), text(map, "kubeletConfigKey"));
    if required(errors, &path.child("namespace"), namespace) {
        complain(errors, &path.child("namespace"), namespace, name::dns_1123_label(namespace));
    }
    if required(errors, &path.child("name"), name) {
        complain(errors, &path.child("name"), name, name::dns_1123_subdomain(name));
    }
    if required(errors, &path.child("kubeletConfigKey"), key) {
        complain(errors, &path.child("kubeletConfigKey"), key, name::config_map_key(key));
    }
}
