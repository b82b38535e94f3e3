//! Lists that are sets or maps: no element twice.

use std::collections::BTreeMap;

use mizzen_schema::json;
use mizzen_schema::structural::Schema;
use mizzen_schema::value::{Map, Value};

use super::{is_object, members};
use crate::field::{FieldError, Path};

pub(super) fn check(errors: &mut Vec<FieldError>, path: &Path<'_>, value: &Value, schema: &Schema) {
    match value {
        Value::List(items) => list(errors, path, items, schema),
        value => {
            for (name, member) in members(value) {
                match (schema.properties.get(name), schema.additional.schema()) {
                    (Some(inner), _) => check(errors, &path.child(name), member, inner),
                    (None, Some(inner)) => check(errors, &path.key(name), member, inner),
                    (None, None) => {}
                }
            }
        }
    }
}

fn list(errors: &mut Vec<FieldError>, path: &Path<'_>, items: &[Value], schema: &Schema) {
    match &*schema.list_type {
        "set" => {
            for at in repeated(items) {
                errors.push(FieldError::duplicate(&path.index(at), &items[at]));
            }
        }
        "map" => {
            let odd = items.iter().position(|item| !is_object(item) && *item != Value::Null);
            if let Some(at) = odd {
                let detail = "must be an object for an array of list-type map";
                errors.push(FieldError::invalid(&path.index(at), &items[at], detail));
            } else {
                let keys: Vec<Value> = items.iter().map(|item| key(item, &schema.list_map_keys)).collect();
                for at in repeated(&keys) {
                    errors.push(FieldError::duplicate(&path.index(at), &keys[at]));
                }
            }
        }
        _ => {}
    }
    if let Some(inner) = &schema.items {
        for (at, item) in items.iter().enumerate() {
            check(errors, &path.index(at), item, inner);
        }
    }
}

/// The keys of an element, as far as it has them.
fn key(item: &Value, names: &[Box<str>]) -> Value {
    let keys = names.iter().filter_map(|name| Some((name.clone(), item.get(name)?.clone())));
    Value::Map(keys.collect::<Map>())
}

/// Where values stand that were there before, each once.
fn repeated(items: &[Value]) -> Vec<usize> {
    let mut seen: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let mut text = Vec::new();
        json::encode(item, &mut text);
        let times = seen.entry(text).or_default();
        *times += 1;
        if *times == 2 {
            found.push(at);
        }
    }
    found
}
