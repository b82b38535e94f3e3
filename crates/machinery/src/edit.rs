//! Small steps on structs that defaulting and conversion are made of.
//!
//! All look a field up by its JSON name and do nothing when the type has no such field, so that one rule serves every
//! version of a type.

use mizzen_schema::table::Shape;
use mizzen_schema::value::{Map, Struct, Value};

/// Sets a field, if the type has it.
pub(crate) fn put(target: &mut Struct, field: &str, value: Value) {
    if let Some(number) = target.ty().number(field) {
        target.set_at(number, value);
    }
}

/// Whether a field is unset, null or an empty string.
pub(crate) fn unset(target: &Struct, field: &str) -> bool {
    match target.get(field) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    }
}

/// Sets a string that is unset or empty.
pub(crate) fn text(target: &mut Struct, field: &str, value: &str) {
    if unset(target, field) {
        put(target, field, Value::string(value));
    }
}

/// Sets a number that is unset.
pub(crate) fn int(target: &mut Struct, field: &str, value: i64) {
    if unset(target, field) {
        put(target, field, Value::Int(value));
    }
}

/// Sets a number that is unset or zero.
pub(crate) fn nonzero(target: &mut Struct, field: &str, value: i64) {
    if target.get(field).is_none_or(Value::is_zero) {
        put(target, field, Value::Int(value));
    }
}

/// Sets a boolean that is unset.
pub(crate) fn truth(target: &mut Struct, field: &str, value: bool) {
    if unset(target, field) {
        put(target, field, Value::Bool(value));
    }
}

/// The struct in a field, if it is set.
pub(crate) fn child<'a>(target: &'a mut Struct, field: &str) -> Option<&'a mut Struct> {
    target.get_mut(field)?.as_struct_mut()
}

/// The struct in a field, made empty when unset; `None` when the type has no such struct.
pub(crate) fn made<'a>(target: &'a mut Struct, field: &str) -> Option<&'a mut Struct> {
    let number = target.ty().number(field)?;
    if target.at(number).is_none_or(|value| *value == Value::Null) {
        let Shape::Struct(ty) = &target.ty().fields[usize::from(number)].shape else {
            return None;
        };
        let empty = Value::Struct(Struct::new(ty.clone()));
        target.set_at(number, empty);
    }
    target.at_mut(number)?.as_struct_mut()
}

/// Structs of a list, one after the other.
pub(crate) fn each(target: &mut Struct, field: &str, mut change: impl FnMut(&mut Struct)) {
    if let Some(Value::List(items)) = target.get_mut(field) {
        items.iter_mut().filter_map(Value::as_struct_mut).for_each(&mut change);
    }
}

/// A new struct of the element type of a list.
pub(crate) fn new_element(target: &Struct, field: &str) -> Option<Struct> {
    match target.ty().field(field)?.shape.element()? {
        Shape::Struct(ty) => Some(Struct::new(ty.clone())),
        _ => None,
    }
}

/// The text of a field, or empty.
pub(crate) fn str_of<'a>(target: &'a Struct, field: &str) -> &'a str {
    target.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Whether a boolean is set and true.
pub(crate) fn is_true(target: &Struct, field: &str) -> bool {
    target.get(field).and_then(Value::as_bool).unwrap_or_default()
}

/// A map, if it has entries.
pub(crate) fn entries<'a>(target: &'a Struct, field: &str) -> Option<&'a Map> {
    target.get(field)?.as_map().filter(|map| !map.is_empty())
}
