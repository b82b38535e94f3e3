//! Namespaces, nodes, secrets, limits, quotas and replication controllers.

use mizzen_schema::value::{Map, Struct, Value};

use super::pod;
use crate::edit::{child, each, entries, int, made, put, str_of, text, unset};
use crate::quantity::Quantity;

/// Rounds every quantity of a resource list up to thousandths.
pub(super) fn resource_list(target: &mut Struct, field: &str) {
    let Some(map) = target.get_mut(field).and_then(Value::as_map_mut) else { return };
    for (_, value) in map.iter_mut() {
        // Most quantities have no finer digits: skip what cannot change.
        let Some(quantity) = value.as_str().filter(|text| text.ends_with(['n', 'u']) || text.contains('e'))
        else {
            continue;
        };
        if let Ok(quantity) = quantity.parse::<Quantity>() {
            *value = Value::string(quantity.round_up(-3).to_string());
        }
    }
}

pub(super) fn namespace(object: &mut Struct) {
    let name = object.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Value::as_str);
    // A generated name is not known yet; the label comes with it.
    if let Some(name) = name.filter(|name| !name.is_empty()).map(str::to_owned)
        && let Some(metadata) = child(object, "metadata")
    {
        if metadata.get("labels").and_then(Value::as_map).is_none() {
            put(metadata, "labels", Value::Map(Map::new()));
        }
        if let Some(labels) = metadata.get_mut("labels").and_then(Value::as_map_mut) {
            labels.insert("kubernetes.io/metadata.name", Value::string(name));
        }
    }
    if let Some(status) = made(object, "status") {
        text(status, "phase", "Active");
    }
}

pub(super) fn node(object: &mut Struct) {
    let Some(status) = child(object, "status") else { return };
    resource_list(status, "capacity");
    resource_list(status, "allocatable");
    if unset(status, "allocatable")
        && let Some(capacity) = entries(status, "capacity").cloned()
    {
        put(status, "allocatable", Value::Map(capacity));
    }
}

pub(super) fn secret(object: &mut Struct) {
    text(object, "type", "Opaque");
}

pub(super) fn limit_range(object: &mut Struct) {
    let Some(spec) = child(object, "spec") else { return };
    each(spec, "limits", |item| {
        for list in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
            resource_list(item, list);
        }
        if str_of(item, "type") == "Container" {
            fill(item, "default", "max");
            fill(item, "defaultRequest", "default");
            fill(item, "defaultRequest", "min");
        }
    });
}

/// Entries of `from` that `to` lacks.
fn fill(item: &mut Struct, to: &str, from: &str) {
    let Some(source) = entries(item, from).cloned() else { return };
    let mut target = item.get(to).and_then(Value::as_map).cloned().unwrap_or_default();
    for (name, quantity) in source {
        if target.get(&name).is_none() {
            target.insert(name, quantity);
        }
    }
    put(item, to, Value::Map(target));
}

pub(super) fn resource_quota(object: &mut Struct) {
    if let Some(spec) = child(object, "spec") {
        resource_list(spec, "hard");
    }
    if let Some(status) = child(object, "status") {
        resource_list(status, "hard");
        resource_list(status, "used");
    }
}

/// The labels of `spec.template`, if there are any.
pub(super) fn template_labels(object: &Struct) -> Option<Map> {
    let template = object.get("spec")?.get("template")?;
    template.path(&["metadata", "labels"])?.as_map().filter(|labels| !labels.is_empty()).cloned()
}

/// The object's labels default to those of its template.
pub(super) fn labels_from_template(object: &mut Struct) {
    let Some(labels) = template_labels(object) else { return };
    if let Some(metadata) = made(object, "metadata")
        && entries(metadata, "labels").is_none()
    {
        put(metadata, "labels", Value::Map(labels));
    }
}

pub(super) fn replication_controller(object: &mut Struct) {
    let labels = template_labels(object);
    labels_from_template(object);
    let Some(spec) = made(object, "spec") else { return };
    if let Some(labels) = labels
        && entries(spec, "selector").is_none()
    {
        put(spec, "selector", Value::Map(labels));
    }
    int(spec, "replicas", 1);
    pod::template(spec, "template");
}
