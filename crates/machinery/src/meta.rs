//! `metadata` of a tree.
//!
//! Objects that come here have been read as a type with `metadata` in Kubernetes' form; setters make the structs on
//! the way when they are missing, and do nothing for objects whose type has no such field.

use jiff::Timestamp;
use mizzen_schema::table::Shape;
use mizzen_schema::value::{Map, Struct, Value};

/// `metadata.name`, or empty.
pub fn name(object: &Value) -> &str {
    object.str_at(&["metadata", "name"]).unwrap_or_default()
}

/// `metadata.namespace`, or empty.
pub fn namespace(object: &Value) -> &str {
    object.str_at(&["metadata", "namespace"]).unwrap_or_default()
}

/// `metadata.uid`, or empty.
pub fn uid(object: &Value) -> &str {
    object.str_at(&["metadata", "uid"]).unwrap_or_default()
}

/// `metadata.resourceVersion`, or empty.
pub fn resource_version(object: &Value) -> &str {
    object.str_at(&["metadata", "resourceVersion"]).unwrap_or_default()
}

/// `metadata.generateName`, or empty.
pub fn generate_name(object: &Value) -> &str {
    object.str_at(&["metadata", "generateName"]).unwrap_or_default()
}

/// `metadata.generation`, or 0.
pub fn generation(object: &Value) -> i64 {
    object.path(&["metadata", "generation"]).and_then(Value::as_i64).unwrap_or_default()
}

/// `metadata.deletionTimestamp`, if set.
pub fn deletion_timestamp(object: &Value) -> Option<&str> {
    object.str_at(&["metadata", "deletionTimestamp"]).filter(|text| !text.is_empty())
}

/// `metadata.deletionGracePeriodSeconds`, if set.
pub fn deletion_grace_period_seconds(object: &Value) -> Option<i64> {
    object.path(&["metadata", "deletionGracePeriodSeconds"]).and_then(Value::as_i64)
}

/// A label's value.
pub fn label<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.str_at(&["metadata", "labels", key])
}

/// An annotation's value.
pub fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.str_at(&["metadata", "annotations", key])
}

/// Labels in order.
pub fn labels(object: &Value) -> impl Iterator<Item = (&str, &str)> {
    entries(object, "labels")
}

/// Annotations in order.
pub fn annotations(object: &Value) -> impl Iterator<Item = (&str, &str)> {
    entries(object, "annotations")
}

fn entries<'a>(object: &'a Value, field: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let map = object.path(&["metadata", field]).and_then(Value::as_map);
    map.into_iter().flat_map(Map::iter).filter_map(|(key, value)| Some((key, value.as_str()?)))
}

/// `metadata.finalizers`.
pub fn finalizers(object: &Value) -> impl Iterator<Item = &str> {
    let list = object.path(&["metadata", "finalizers"]).map(Value::items).unwrap_or_default();
    list.iter().filter_map(Value::as_str)
}

/// One of `metadata.ownerReferences`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnerReference<'a> {
    /// `apps/v1`.
    pub api_version: &'a str,
    /// `ReplicaSet`.
    pub kind: &'a str,
    /// The owner's name.
    pub name: &'a str,
    /// The owner's uid.
    pub uid: &'a str,
    /// Whether it is the managing controller.
    pub controller: bool,
    /// Whether foreground deletion of the owner waits for this object.
    pub block_owner_deletion: bool,
}

/// `metadata.ownerReferences`.
pub fn owner_references(object: &Value) -> impl Iterator<Item = OwnerReference<'_>> {
    let list = object.path(&["metadata", "ownerReferences"]).map(Value::items).unwrap_or_default();
    list.iter().map(|owner| {
        let text = |field: &str| owner.get(field).and_then(Value::as_str).unwrap_or_default();
        let truth = |field: &str| owner.get(field).and_then(Value::as_bool).unwrap_or_default();
        OwnerReference {
            api_version: text("apiVersion"),
            kind: text("kind"),
            name: text("name"),
            uid: text("uid"),
            controller: truth("controller"),
            block_owner_deletion: truth("blockOwnerDeletion"),
        }
    })
}

/// The owner that is the managing controller.
pub fn controller_of(object: &Value) -> Option<OwnerReference<'_>> {
    owner_references(object).find(|owner| owner.controller)
}

/// The member `field` of a struct, made empty when it is missing; `None` when the type has no such struct or map.
pub fn ensure<'a>(value: &'a mut Value, field: &str) -> Option<&'a mut Value> {
    let parent = value.as_struct_mut()?;
    let number = parent.ty().number(field)?;
    if parent.at(number).is_none_or(|value| *value == Value::Null) {
        let empty = match &parent.ty().fields[usize::from(number)].shape {
            Shape::Struct(ty) => Value::Struct(Struct::new(ty.clone())),
            Shape::Map(_) => Value::Map(Map::new()),
            Shape::List(_) => Value::List(Vec::new()),
            _ => return None,
        };
        parent.set_at(number, empty);
    }
    parent.at_mut(number)
}

fn ensure_metadata(object: &mut Value) -> Option<&mut Struct> {
    ensure(object, "metadata")?.as_struct_mut()
}

/// Sets a field of `metadata`, or removes it (`None`).
fn set(object: &mut Value, field: &str, value: Option<Value>) {
    match value {
        Some(value) => {
            if let Some(metadata) = ensure_metadata(object)
                && metadata.ty().number(field).is_some()
            {
                metadata.set(field, value);
            }
        }
        None => {
            if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_struct_mut) {
                metadata.remove(field);
            }
        }
    }
}

fn set_text(object: &mut Value, field: &str, text: &str) {
    set(object, field, (!text.is_empty()).then(|| Value::string(text)));
}

/// Sets `metadata.name`; empty removes it.
pub fn set_name(object: &mut Value, name: &str) {
    set_text(object, "name", name);
}

/// Sets `metadata.namespace`; empty removes it.
pub fn set_namespace(object: &mut Value, namespace: &str) {
    set_text(object, "namespace", namespace);
}

/// Sets `metadata.uid`; empty removes it.
pub fn set_uid(object: &mut Value, uid: &str) {
    set_text(object, "uid", uid);
}

/// Sets `metadata.resourceVersion`; empty removes it.
pub fn set_resource_version(object: &mut Value, version: &str) {
    set_text(object, "resourceVersion", version);
}

/// Sets `metadata.generation`; 0 removes it.
pub fn set_generation(object: &mut Value, generation: i64) {
    set(object, "generation", (generation != 0).then_some(Value::Int(generation)));
}

/// Sets `metadata.creationTimestamp`; `None` removes it.
pub fn set_creation_timestamp(object: &mut Value, time: Option<Timestamp>) {
    set(object, "creationTimestamp", time.map(|time| Value::string(time_text(time))));
}

/// Sets `metadata.deletionTimestamp`; `None` removes it.
pub fn set_deletion_timestamp(object: &mut Value, time: Option<Timestamp>) {
    set(object, "deletionTimestamp", time.map(|time| Value::string(time_text(time))));
}

/// Sets `metadata.deletionGracePeriodSeconds`; `None` removes it.
pub fn set_deletion_grace_period_seconds(object: &mut Value, seconds: Option<i64>) {
    set(object, "deletionGracePeriodSeconds", seconds.map(Value::Int));
}

/// Sets `metadata.managedFields`; `None` removes it.
pub fn set_managed_fields(object: &mut Value, entries: Option<Value>) {
    set(object, "managedFields", entries);
}

/// Sets `metadata.finalizers`; none removes the field.
pub fn set_finalizers<S: AsRef<str>>(object: &mut Value, finalizers: impl IntoIterator<Item = S>) {
    let list: Vec<Value> = finalizers.into_iter().map(|name| Value::string(name.as_ref())).collect();
    set(object, "finalizers", (!list.is_empty()).then_some(Value::List(list)));
}

/// Sets a label; `None` removes it.
pub fn set_label(object: &mut Value, key: &str, value: Option<&str>) {
    set_entry(object, "labels", key, value);
}

/// Sets an annotation; `None` removes it.
pub fn set_annotation(object: &mut Value, key: &str, value: Option<&str>) {
    set_entry(object, "annotations", key, value);
}

fn set_entry(object: &mut Value, field: &str, key: &str, value: Option<&str>) {
    match value {
        Some(value) => {
            let map = ensure(object, "metadata")
                .and_then(|metadata| ensure(metadata, field))
                .and_then(Value::as_map_mut);
            if let Some(map) = map {
                map.insert(key, Value::string(value));
            }
        }
        None => {
            let map = object.path_mut(&["metadata", field]).and_then(Value::as_map_mut);
            if let Some(map) = map {
                map.remove(key);
                if map.is_empty() {
                    set(object, field, None);
                }
            }
        }
    }
}

/// `metav1.Time`'s text: RFC 3339, UTC, whole seconds.
pub fn time_text(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `metav1.MicroTime`'s text: RFC 3339, UTC, six digits.
pub fn micro_time_text(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}
