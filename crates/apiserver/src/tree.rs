//! Small moves on trees: what strategies and subresources need besides machinery's walks.

use mizzen_schema::builtin;
use mizzen_schema::table::{Shape, TypeRef};
use mizzen_schema::value::{Map, Struct, Value};

/// A built-in struct type, by OpenAPI name.
///
/// # Panics
/// When the generated table lacks it: names are literals in this crate, and tests walk them.
pub(crate) fn builtin_type(name: &str) -> TypeRef {
    TypeRef::Static(builtin::by_name(name).expect("a type of the generated table"))
}

/// An empty struct of a built-in type.
pub(crate) fn empty(name: &str) -> Value {
    Value::Struct(Struct::new(builtin_type(name)))
}

/// The member at `path`, with the structs and maps on the way made; `None` when the type has no such member.
pub(crate) fn make<'a>(value: &'a mut Value, path: &[&str]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, name| match value {
        Value::Struct(fields) => {
            let number = fields.ty().number(name)?;
            if fields.at(number).is_none_or(|member| *member == Value::Null) {
                let blank = blank(&fields.ty().fields[usize::from(number)].shape);
                fields.set_at(number, blank);
            }
            fields.at_mut(number)
        }
        Value::Map(map) => {
            if map.get(name).is_none() {
                map.insert(*name, Value::Null);
            }
            map.get_mut(name)
        }
        _ => None,
    })
}

fn blank(shape: &Shape) -> Value {
    match shape {
        Shape::Struct(ty) => Value::Struct(Struct::new(ty.clone())),
        Shape::Map(_) => Value::Map(Map::new()),
        Shape::List(_) => Value::List(Vec::new()),
        _ => Value::Null,
    }
}

/// Sets the member at `path`; nothing happens when the type has no such member.
pub(crate) fn set(value: &mut Value, path: &[&str], to: Value) {
    if let Some(member) = make(value, path) {
        *member = to;
    }
}

/// Sets a text, or removes the member when it is empty.
pub(crate) fn set_text(value: &mut Value, path: &[&str], to: &str) {
    if to.is_empty() {
        remove(value, path);
    } else {
        set(value, path, Value::string(to));
    }
}

/// Removes the member at `path`.
pub(crate) fn remove(value: &mut Value, path: &[&str]) -> Option<Value> {
    let (last, parents) = path.split_last()?;
    match value.path_mut(parents)? {
        Value::Struct(fields) => fields.remove(last),
        Value::Map(map) => map.remove(last),
        _ => None,
    }
}

/// Makes the member at `path` of `to` what it is in `from`: set, or absent.
pub(crate) fn copy(to: &mut Value, from: &Value, path: &[&str]) {
    match from.path(path) {
        Some(member) => set(to, path, member.clone()),
        None => drop(remove(to, path)),
    }
}

/// Whether a member is the same in both; absent and zero are the same.
pub(crate) fn same(a: &Value, b: &Value, path: &[&str]) -> bool {
    match (a.path(path), b.path(path)) {
        (Some(a), Some(b)) => a == b,
        (Some(one), None) | (None, Some(one)) => one.is_zero(),
        (None, None) => true,
    }
}

/// The texts of a list of strings.
pub(crate) fn texts<'a>(value: &'a Value, path: &[&str]) -> Vec<&'a str> {
    value.path(path).map(|list| list.items().iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// Sets a list of strings, or removes it when it is empty.
pub(crate) fn set_texts(value: &mut Value, path: &[&str], to: &[String]) {
    if to.is_empty() {
        remove(value, path);
    } else {
        set(value, path, Value::List(to.iter().map(|text| Value::string(text.as_str())).collect()));
    }
}

/// An integer deep inside.
pub(crate) fn int(value: &Value, path: &[&str]) -> Option<i64> {
    value.path(path)?.as_i64()
}

/// A time as `metav1.Time` is written.
pub(crate) fn time(now: jiff::Timestamp) -> Value {
    Value::string(seconds(now))
}

/// RFC 3339 in whole seconds.
pub(crate) fn seconds(now: jiff::Timestamp) -> String {
    let whole = jiff::Timestamp::from_second(now.as_second()).unwrap_or(now);
    whole.to_string()
}
