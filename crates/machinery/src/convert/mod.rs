//! Conversion between served versions of a kind (autoscaling v1 and v2, events, devices).
//!
//! Most versions of a kind have the same fields: those are moved by name. The few that differ have a file each.

mod autoscaling;
mod devices;
mod events;

use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::{Shape, TypeRef};
use mizzen_schema::value::{Struct, Value};

/// `value` as type `to`. The same type gives the same value; types that differ in name only are moved field by field.
pub fn convert(value: Value, to: &TypeRef) -> Value {
    let Value::Struct(from) = value else { return value };
    if from.ty() == to {
        return Value::Struct(from);
    }
    if matches!(to, TypeRef::Shared(_)) {
        // Versions of a custom resource: the same fields, as far as the other version has them.
        let plain = Value::Struct(from);
        return match json::retype(plain.clone(), to, &Options::default()) {
            Ok(decoded) => {
                let mut out = decoded.value;
                if let Value::Struct(out) = &mut out {
                    name_version(out, to);
                }
                out
            }
            // Nested deeper than anything that was ever read.
            Err(_) => plain,
        };
    }
    let names = (from.ty().name.to_string(), to.name.to_string());
    let mut out = match (names.0.as_str(), names.1.as_str()) {
        (autoscaling::V1, autoscaling::V2) => autoscaling::to_v2(from, to),
        (autoscaling::V2, autoscaling::V1) => autoscaling::to_v1(from, to),
        (events::CORE, events::EVENTS) => events::convert(from, to, events::Direction::FromCore),
        (events::EVENTS, events::CORE) => events::convert(from, to, events::Direction::ToCore),
        _ => moved(from, to),
    };
    name_version(&mut out, to);
    Value::Struct(out)
}

/// The type header, if there was one, names the new version.
fn name_version(object: &mut Struct, to: &TypeRef) {
    if object.ty().number("apiVersion").is_some()
        && object.get("apiVersion").is_some()
        && let [gvk, ..] = &to.kinds[..]
    {
        object.set("apiVersion", Value::string(gvk.api_version()));
    }
}

/// A struct of another type with the same fields; fields that the other type lacks are dropped.
pub(crate) fn moved(from: Struct, to: &TypeRef) -> Struct {
    if from.ty() == to {
        return from;
    }
    let mut from = from;
    match devices::convert(&mut from, to) {
        Some(out) => out,
        None => moved_by_name(from, to),
    }
}

/// The same, where both types have the same fields.
fn moved_by_name(mut from: Struct, to: &TypeRef) -> Struct {
    let mut out = Struct::new(to.clone());
    for (number, field) in (0..=u16::MAX).zip(to.fields.iter()) {
        if let Some(value) = from.remove(&field.json) {
            out.set_at(number, retargeted(value, &field.shape));
        }
    }
    out
}

/// A value for a field of this shape.
fn retargeted(value: Value, shape: &Shape) -> Value {
    match (value, shape) {
        (Value::Struct(fields), Shape::Struct(to)) => Value::Struct(moved(fields, to)),
        (Value::List(items), Shape::List(element)) => {
            Value::List(items.into_iter().map(|item| retargeted(item, element)).collect())
        }
        (Value::Map(map), Shape::Map(element)) => {
            Value::Map(map.into_iter().map(|(name, value)| (name, retargeted(value, element))).collect())
        }
        (value, _) => value,
    }
}

/// Moves a field under another name.
fn rename(from: &mut Struct, name: &str, to: &mut Struct, new_name: &str) {
    if let Some(value) = from.remove(name)
        && let Some(number) = to.ty().number(new_name)
    {
        let value = retargeted(value, &to.ty().fields[usize::from(number)].shape);
        to.set_at(number, value);
    }
}

#[cfg(test)]
mod tests;
