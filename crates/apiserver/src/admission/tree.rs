//! Reading and changing trees where a few fields of an object matter.

use mizzen_schema::table::Shape;
use mizzen_schema::value::{Map, Struct, Value};
use serde_json::Value as Json;

/// The text at a path, or empty.
pub(crate) fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    value.str_at(path).unwrap_or_default()
}

/// The integer at a path.
pub(crate) fn int(value: &Value, path: &[&str]) -> Option<i64> {
    value.path(path).and_then(Value::as_i64)
}

/// Whether the boolean at a path is true.
pub(crate) fn flag(value: &Value, path: &[&str]) -> bool {
    value.path(path).and_then(Value::as_bool).unwrap_or_default()
}

/// The list at a path, or an empty one.
pub(crate) fn list<'a>(value: &'a Value, path: &[&str]) -> &'a [Value] {
    match value.path(path) {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

/// The texts of a list at a path.
pub(crate) fn texts<'a>(value: &'a Value, path: &[&str]) -> impl Iterator<Item = &'a str> {
    list(value, path).iter().filter_map(Value::as_str)
}

/// The same, owned.
pub(crate) fn strings(value: &Value, path: &[&str]) -> Vec<String> {
    texts(value, path).map(str::to_owned).collect()
}

/// The entries of a map of texts at a path.
pub(crate) fn entries<'a>(value: &'a Value, path: &[&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
    let map = value.path(path).and_then(Value::as_map);
    map.into_iter().flat_map(Map::iter).filter_map(|(key, value)| value.as_str().map(|value| (key, value)))
}

/// Whether there is something at a path that is not null.
pub(crate) fn is_set(value: &Value, path: &[&str]) -> bool {
    value.path(path).is_some_and(|value| !matches!(value, Value::Null))
}

/// Whether two objects agree at a path; absent and empty are the same.
pub(crate) fn same(one: &Value, other: &Value, path: &[&str]) -> bool {
    match (one.path(path), other.path(path)) {
        (Some(one), Some(other)) => one == other,
        (Some(only), None) | (None, Some(only)) => only.is_zero(),
        (None, None) => true,
    }
}

/// A tree of a shape (`None`: free-form) out of JSON. Fields that the type does not have are left out.
pub(crate) fn build(shape: Option<&Shape>, json: Json) -> Value {
    match (shape, json) {
        (_, Json::Null) => Value::Null,
        (_, Json::Bool(truth)) => Value::Bool(truth),
        (_, Json::Number(number)) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::MAX)),
        },
        (_, Json::String(text)) => Value::string(text),
        (shape, Json::Array(items)) => {
            let element = shape.and_then(Shape::element);
            Value::List(items.into_iter().map(|item| build(element, item)).collect())
        }
        (Some(Shape::Struct(ty)), Json::Object(members)) => {
            let mut built = Struct::new(ty.clone());
            for (name, member) in members {
                if let Some(number) = ty.number(&name) {
                    let value = build(Some(&ty.fields[usize::from(number)].shape), member);
                    built.set_at(number, value);
                }
            }
            Value::Struct(built)
        }
        (shape, Json::Object(members)) => {
            let element = shape.and_then(Shape::element);
            let entries = members.into_iter().map(|(name, member)| (name.into(), build(element, member)));
            Value::Map(entries.collect())
        }
    }
}

/// Sets what is at a path, making the structs and maps on the way.
pub(crate) fn set(value: &mut Value, path: &[&str], json: Json) {
    change(value, path, |shape, slot| *slot = build(shape, json));
}

/// Removes what is at a path.
pub(crate) fn remove(value: &mut Value, path: &[&str]) {
    let Some((last, parents)) = path.split_last() else { return };
    match value.path_mut(parents) {
        Some(Value::Struct(fields)) => drop(fields.remove(last)),
        Some(Value::Map(map)) => drop(map.remove(last)),
        _ => {}
    }
}

/// Adds an element to the list at a path.
pub(crate) fn push(value: &mut Value, path: &[&str], json: Json) {
    change(value, path, |shape, slot| {
        let item = build(shape.and_then(Shape::element), json);
        match slot {
            Value::List(items) => items.push(item),
            other => *other = Value::List(vec![item]),
        }
    });
}

/// Calls `then` with the shape and the place of the member at a path (null when it was absent).
fn change(value: &mut Value, path: &[&str], then: impl FnOnce(Option<&Shape>, &mut Value)) {
    let Some((name, rest)) = path.split_first() else { return then(None, value) };
    match value {
        Value::Struct(fields) => {
            let ty = fields.ty().clone();
            let Some(number) = ty.number(name) else {
                if ty.preserve_unknown {
                    let mut slot = fields.remove(name).unwrap_or(Value::Null);
                    descend(None, &mut slot, rest, then);
                    fields.set(name, slot);
                }
                return;
            };
            let shape = &ty.fields[usize::from(number)].shape;
            let mut slot = fields.remove_at(number).unwrap_or(Value::Null);
            descend(Some(shape), &mut slot, rest, then);
            fields.set_at(number, slot);
        }
        Value::Map(map) => {
            let mut slot = map.remove(name).unwrap_or(Value::Null);
            descend(None, &mut slot, rest, then);
            map.insert(*name, slot);
        }
        _ => {}
    }
}

fn descend(
    shape: Option<&Shape>,
    slot: &mut Value,
    rest: &[&str],
    then: impl FnOnce(Option<&Shape>, &mut Value),
) {
    if rest.is_empty() {
        return then(shape, slot);
    }
    if matches!(slot, Value::Null) {
        *slot = match shape {
            Some(Shape::Struct(ty)) => Value::Struct(Struct::new(ty.clone())),
            _ => Value::Map(Map::new()),
        };
    }
    // A map of a known element shape: its members have that shape.
    if let (Some(Shape::Map(element)), [last], Value::Map(map)) = (shape, rest, &mut *slot) {
        let mut member = map.remove(last).unwrap_or(Value::Null);
        then(Some(element), &mut member);
        map.insert(*last, member);
        return;
    }
    change(slot, rest, then);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn set_push_remove() {
        let mut value = build(None, json!({"spec": {"a": 1}}));
        set(&mut value, &["spec", "b", "c"], json!("x"));
        push(&mut value, &["spec", "d"], json!({"name": "n"}));
        push(&mut value, &["spec", "d"], json!({"name": "m"}));
        remove(&mut value, &["spec", "a"]);
        remove(&mut value, &["none", "a"]);
        let expect = json!({"spec": {"b": {"c": "x"}, "d": [{"name": "n"}, {"name": "m"}]}});
        assert_eq!(value, build(None, expect));
        assert_eq!(text(&value, &["spec", "b", "c"]), "x");
        assert_eq!(list(&value, &["spec", "d"]).len(), 2);
    }

    #[test]
    fn typed_trees_stay_typed() {
        use mizzen_schema::table::TypeRef;
        let ty = mizzen_schema::builtin::kind("", "v1", "Pod").expect("pods are built in");
        let shape = Shape::Struct(TypeRef::Static(ty));
        let mut pod = build(Some(&shape), json!({"spec": {"containers": [{"name": "a", "unknown": 1}]}}));
        set(&mut pod, &["metadata", "annotations", "a/b"], json!("x"));
        set(&mut pod, &["spec", "overhead", "cpu"], json!("10m"));
        set(&mut pod, &["spec", "nothing", "like", "it"], json!(1));
        push(&mut pod, &["spec", "volumes"], json!({"name": "v", "projected": {"sources": [{}]}}));
        let Some(Value::List(containers)) = pod.path_mut(&["spec", "containers"]) else { panic!("a list") };
        push(&mut containers[0], &["volumeMounts"], json!({"name": "v", "mountPath": "/v"}));
        assert!(matches!(pod.path(&["spec"]), Some(Value::Struct(_))));
        assert!(matches!(list(&pod, &["spec", "volumes"])[0], Value::Struct(_)));
        assert_eq!(text(&list(&pod, &["spec", "containers"])[0], &["name"]), "a");
        assert_eq!(entries(&pod, &["metadata", "annotations"]).next(), Some(("a/b", "x")));
        assert_eq!(text(&pod, &["spec", "overhead", "cpu"]), "10m");
        remove(&mut pod, &["spec", "overhead"]);
        assert!(!is_set(&pod, &["spec", "overhead"]));
        let mut whole = build(Some(&shape), json!({}));
        push(&mut whole, &["metadata", "finalizers"], json!("f"));
        assert_eq!(strings(&whole, &["metadata", "finalizers"]), ["f"]);
    }

    #[test]
    fn absent_and_empty_are_the_same() {
        let check = |one, other, expect| {
            assert_eq!(same(&build(None, one), &build(None, other), &["a"]), expect);
        };
        check(json!({}), json!({"a": ""}), true);
        check(json!({"a": [1]}), json!({"a": [1]}), true);
        check(json!({}), json!({"a": "x"}), false);
    }
}
