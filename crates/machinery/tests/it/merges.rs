//! Laws of patches: the difference of two objects, merged into the one, makes the other.

use mizzen_machinery::patch::{merge_patch, strategic_merge_patch};
use mizzen_schema::decode::Options;
use mizzen_schema::table::{Field, Shape, Type};
use mizzen_schema::value::Value;
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use crate::fill::{kind, object, printed, supply};

/// As `kubectl diff` and `apply` make strategic merge patches; `ty`: what is known of the members.
fn difference(from: &Map<String, Json>, to: &Map<String, Json>, ty: Option<&Type>) -> Map<String, Json> {
    let mut patch = Map::new();
    for (key, old) in from {
        let field = ty.and_then(|ty| ty.field(key));
        match to.get(key) {
            None => drop(patch.insert(key.clone(), Json::Null)),
            Some(new) if new == old => {}
            Some(new) => member(key, old, new, field, &mut patch),
        }
    }
    for (key, new) in to.iter().filter(|(key, _)| !from.contains_key(*key)) {
        patch.insert(key.clone(), new.clone());
    }
    patch
}

fn member(key: &str, old: &Json, new: &Json, field: Option<&Field>, patch: &mut Map<String, Json>) {
    let strategy = field.map(|field| &field.patch);
    let inner = field.and_then(|field| struct_type(&field.shape));
    match (old, new) {
        (Json::Object(_), Json::Object(new)) if strategy.is_some_and(|strategy| strategy.replace) => {
            let mut whole = new.clone();
            whole.insert("$patch".to_owned(), "replace".into());
            patch.insert(key.to_owned(), whole.into());
        }
        (Json::Object(old), Json::Object(new)) => {
            let is_map = field.is_some_and(|field| matches!(field.shape, Shape::Map(_)));
            let mut inner = difference(old, new, inner.filter(|_| !is_map));
            if strategy.is_some_and(|strategy| strategy.retain_keys) {
                retain(&mut inner, new);
            }
            patch.insert(key.to_owned(), inner.into());
        }
        (Json::Array(old), Json::Array(new)) if strategy.is_some_and(|strategy| strategy.merge) => {
            let strategy = strategy.expect("there is one");
            if strategy.merge_key.is_empty() {
                scalars(key, old, new, patch);
            } else {
                elements(key, &strategy.merge_key, old, new, inner, strategy.retain_keys, patch);
            }
        }
        _ => drop(patch.insert(key.to_owned(), new.clone())),
    }
}

fn retain(patch: &mut Map<String, Json>, new: &Map<String, Json>) {
    patch.insert("$retainKeys".to_owned(), new.keys().cloned().collect());
}

fn scalars(key: &str, old: &[Json], new: &[Json], patch: &mut Map<String, Json>) {
    let only = |these: &[Json], those: &[Json]| -> Vec<Json> {
        these.iter().filter(|one| !those.contains(one)).cloned().collect()
    };
    let (gone, added) = (only(old, new), only(new, old));
    if !gone.is_empty() {
        patch.insert(format!("$deleteFromPrimitiveList/{key}"), gone.into());
    }
    if !added.is_empty() {
        patch.insert(key.to_owned(), added.into());
    }
    patch.insert(format!("$setElementOrder/{key}"), new.into());
}

fn elements(
    key: &str,
    merge_key: &str,
    old: &[Json],
    new: &[Json],
    ty: Option<&Type>,
    retains: bool,
    patch: &mut Map<String, Json>,
) {
    let mut changes = Vec::new();
    let find = |list: &[Json], name: &Json| list.iter().find(|item| &item[merge_key] == name).cloned();
    for item in new {
        let name = &item[merge_key];
        match find(old, name) {
            None => changes.push(item.clone()),
            Some(before) if before == *item => {}
            Some(before) => {
                let (before, after) =
                    (before.as_object().expect("a struct"), item.as_object().expect("a struct"));
                let mut change = difference(before, after, ty);
                if retains {
                    retain(&mut change, after);
                }
                change.insert(merge_key.to_owned(), name.clone());
                changes.push(change.into());
            }
        }
    }
    for item in old.iter().filter(|item| find(new, &item[merge_key]).is_none()) {
        changes.push(json!({merge_key: item[merge_key], "$patch": "delete"}));
    }
    let order: Vec<Json> = new.iter().map(|item| json!({merge_key: item[merge_key]})).collect();
    patch.insert(format!("$setElementOrder/{key}"), order.into());
    if !changes.is_empty() {
        patch.insert(key.to_owned(), changes.into());
    }
}

fn struct_type(mut shape: &Shape) -> Option<&Type> {
    while let Some(element) = shape.element() {
        shape = element;
    }
    match shape {
        Shape::Struct(ty) => Some(ty),
        _ => None,
    }
}

fn members(object: &Value) -> Map<String, Json> {
    serde_json::from_str(&printed(object)).expect("an object")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_strategic_difference_makes_the_other(resource in kind(), one in supply(), other in supply()) {
        let (one, other) = (object(resource, &one), object(resource, &other));
        let patch = Json::Object(difference(&members(&one), &members(&other), Some(&resource.ty))).to_string();
        let merged = strategic_merge_patch(&one, patch.as_bytes(), &Options::default()).expect("it merges");
        prop_assert_eq!(printed(&merged.value), printed(&other), "by {}", patch);
        // What is so already is left alone.
        let again = strategic_merge_patch(&merged.value, patch.as_bytes(), &Options::default()).expect("it merges");
        prop_assert_eq!(printed(&again.value), printed(&other), "again by {}", patch);
    }

    #[test]
    fn a_plain_difference_makes_the_other(resource in kind(), one in supply(), other in supply()) {
        let (one, other) = (object(resource, &one), object(resource, &other));
        let patch = Json::Object(difference(&members(&one), &members(&other), None)).to_string();
        let merged = merge_patch(&one, patch.as_bytes(), &Options::default()).expect("it merges");
        prop_assert_eq!(printed(&merged.value), printed(&other), "by {}", patch);
    }

    #[test]
    fn nothing_changes_nothing(resource in kind(), supply in supply()) {
        let object = object(resource, &supply);
        for patch in [strategic_merge_patch, merge_patch] {
            let merged = patch(&object, b"{}", &Options::default()).expect("it merges");
            prop_assert_eq!(printed(&merged.value), printed(&object));
        }
    }
}
