//! Laws of server-side apply, on objects of random kinds.

use jiff::Timestamp;
use mizzen_machinery::apply::{Manager, apply, update};
use mizzen_schema::table::{Field, ListType, Resource, Shape, Text};
use mizzen_schema::value::{Map, Struct, Value};
use proptest::prelude::*;

use crate::fill::{Choices, kind, object, printed, supply};

fn manager<'a>(name: &'a str, api_version: &'a str) -> Manager<'a> {
    let now = Timestamp::from_second(1_767_225_600).expect("a time");
    Manager { name, api_version, subresource: "", now, reset_fields: &[] }
}

/// A part of a configuration: some of its fields, with what names the elements of lists; what is one value to apply
/// stays whole, and what is empty is not said: to own an empty map is to own all of it.
fn part(of: &Struct, choices: &mut Choices<'_>) -> Struct {
    let mut out = Struct::new(of.ty().clone());
    for (number, field, value) in of.fields() {
        let header = matches!(&*field.json, "kind" | "apiVersion") && field.tag == 0;
        if header || choices.below(2) == 1 {
            let part = part_of_field(field, value, choices);
            if part == *value || !part.is_zero() {
                out.set_at(number, part);
            }
        }
    }
    out
}

fn part_of_field(field: &Field, value: &Value, choices: &mut Choices<'_>) -> Value {
    match (value, &field.list_type) {
        (Value::Struct(fields), ListType::Granular) if !fields.ty().atomic => {
            Value::Struct(part(fields, choices))
        }
        (Value::Map(map), ListType::Granular) if matches!(field.shape, Shape::Map(_)) => {
            let kept = map.iter().filter(|_| choices.below(2) == 1);
            Value::Map(kept.map(|(key, value)| (Box::from(key), value.clone())).collect::<Map>())
        }
        (Value::List(items), ListType::Set) => {
            Value::List(items.iter().filter(|_| choices.below(2) == 1).cloned().collect())
        }
        (Value::List(items), ListType::Map(keys)) => {
            Value::List(items.iter().filter_map(|item| part_of_element(item, keys, choices)).collect())
        }
        (value, _) => value.clone(),
    }
}

fn part_of_element(item: &Value, keys: &[Text], choices: &mut Choices<'_>) -> Option<Value> {
    let whole = item.as_struct()?;
    if choices.below(3) == 0 {
        return None;
    }
    if whole.ty().atomic {
        return Some(item.clone());
    }
    let mut out = part(whole, choices);
    for key in keys {
        if let Some(value) = whole.get(key) {
            out.set(key, value.clone());
        }
    }
    Some(Value::Struct(out))
}

/// A random object as somebody may apply it: without the metadata that is nobody's.
fn manifest(resource: &Resource, supply: &[u8]) -> Value {
    let mut object = object(resource, supply);
    let meta = crate::fill::child(object.as_struct_mut().expect("an object"), "metadata");
    for member in ["namespace", "uid", "creationTimestamp", "selfLink"] {
        meta.remove(member);
    }
    object
}

/// A part of an object that is an object: it has its name. What it does not say is not there, not even as zero.
fn configuration(of: &Value, choices: &mut Choices<'_>) -> Value {
    let mut out = Value::Struct(part(of.as_struct().expect("an object"), choices));
    name(&mut out);
    out
}

fn name(object: &mut Value) {
    crate::fill::child(object.as_struct_mut().expect("an object"), "metadata")
        .set("name", Value::string("name"));
}

/// Nothing but the name.
fn bare(of: &Value) -> Value {
    let of = of.as_struct().expect("an object");
    let mut out = Struct::new(of.ty().clone());
    for header in ["kind", "apiVersion"] {
        out.set(header, of.get(header).expect("a header").clone());
    }
    let mut out = Value::Struct(out);
    name(&mut out);
    out
}

/// What is said of the object, in an order that does not depend on who said it first; nobody's names.
fn content(object: &Value) -> String {
    let mut object = object.clone();
    if let Some(meta) = object.get_mut("metadata").and_then(Value::as_struct_mut) {
        meta.remove("managedFields");
    }
    sort(&mut object);
    printed(&object)
}

fn sort(value: &mut Value) {
    match value {
        Value::Struct(fields) => {
            for (_, field, value) in fields.fields_mut() {
                sort(value);
                if let (Value::List(items), ListType::Set | ListType::Map(_)) = (value, &field.list_type) {
                    items.sort_by_cached_key(printed);
                }
            }
        }
        Value::List(items) => items.iter_mut().for_each(sort),
        Value::Map(map) => map.iter_mut().for_each(|(_, value)| sort(value)),
        _ => {}
    }
}

/// A random object, and choices for what to do with it.
fn cases() -> impl Strategy<Value = (&'static Resource, Vec<u8>, Vec<u8>)> {
    (kind(), supply(), supply())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn applying_twice_changes_nothing((resource, one, other) in cases()) {
        let version = resource.gvk.api_version();
        let mut live = manifest(resource, &one);
        update(None, &mut live, &manager("u", &version));
        let applied = manifest(resource, &other);
        let x = manager("x", &version);
        let once = apply(Some(&live), &applied, &x, true).expect("forced");
        let twice = apply(Some(&once), &applied, &x, false).expect("no conflict with itself");
        prop_assert_eq!(printed(&twice), printed(&once));
        // What was forced is shared by whoever says the same.
        let shared = apply(Some(&once), &applied, &manager("y", &version), false).expect("no conflict");
        prop_assert_eq!(content(&shared), content(&once));
    }

    #[test]
    fn managers_that_agree_commute((resource, supply, choices) in cases()) {
        let version = resource.gvk.api_version();
        let whole = manifest(resource, &supply);
        let mut choices = Choices::new(&choices);
        let (one, two) = (configuration(&whole, &mut choices), configuration(&whole, &mut choices));
        let (x, y) = (manager("x", &version), manager("y", &version));
        let both = |first: (&Value, &Manager<'_>), second: (&Value, &Manager<'_>)| {
            let object = apply(None, first.0, first.1, false).expect("the first");
            apply(Some(&object), second.0, second.1, false).expect("they agree")
        };
        let (left, right) = (both((&one, &x), (&two, &y)), both((&two, &y), (&one, &x)));
        prop_assert_eq!(content(&left), content(&right));
        // Who leaves takes what only they said.
        let left = apply(Some(&left), &bare(&whole), &y, false).expect("leaves");
        let alone = apply(None, &one, &x, false).expect("alone");
        prop_assert_eq!(content(&left), content(&alone));
    }

    #[test]
    fn what_nobody_says_any_more_goes((resource, supply, choices) in cases()) {
        let version = resource.gvk.api_version();
        let whole = manifest(resource, &supply);
        let x = manager("x", &version);
        let made = apply(None, &whole, &x, false).expect("applies");
        prop_assert_eq!(content(&made), content(&whole));
        let less = configuration(&whole, &mut Choices::new(&choices));
        let fewer = apply(Some(&made), &less, &x, false).expect("its own");
        let fresh = apply(None, &less, &x, false).expect("applies");
        prop_assert_eq!(content(&fewer), content(&fresh));
        let none = apply(Some(&fewer), &bare(&whole), &x, false).expect("its own");
        prop_assert_eq!(content(&none), content(&bare(&whole)));
    }
}
