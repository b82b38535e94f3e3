//! Tree to messages.

use base64::Engine as _;

use super::wire::{push_bytes, push_int, push_key, push_message};
use super::{TypeMeta, wrap};
use crate::json;
use crate::table::{Field, Presence, Shape, Type, WireForm};
use crate::text;
use crate::value::{Map, Struct, Value};

/// Appends the bare message of a struct value; `kind` and `apiVersion` are not part of it. A value that is no
/// struct has no message, and adds nothing.
pub fn encode(value: &Value, out: &mut Vec<u8>) {
    if let Value::Struct(fields) = value {
        push_fields(fields.ty(), Some(fields), out);
    }
}

/// A struct's fields; of no struct, what its zero value writes.
fn push_fields(ty: &Type, fields: Option<&Struct>, out: &mut Vec<u8>) {
    let mut order: Vec<(&Field, Option<&Value>)> = Vec::with_capacity(ty.fields.len());
    let mut present = fields.map(|fields| fields.fields().peekable());
    for (number, field) in ty.fields.iter().enumerate() {
        let next =
            present.as_mut().and_then(|present| present.next_if(|(at, ..)| usize::from(*at) == number));
        if field.tag != 0 {
            order.push((field, next.map(|(.., value)| value)));
        }
    }
    order.sort_by(|(left, _), (right, _)| path(left, 0).cmp(path(right, 0)));
    push_group(&order, 0, out);
}

/// The tags that lead to a field, from `depth` on.
fn path(field: &Field, depth: usize) -> impl Iterator<Item = u32> {
    field.wire.within.iter().copied().chain([field.tag]).skip(depth)
}

/// Fields that share the messages around them down to `depth`. Inlined messages are always written.
fn push_group(mut fields: &[(&Field, Option<&Value>)], depth: usize, out: &mut Vec<u8>) {
    while let Some((first, value)) = fields.first() {
        let Some(tag) = first.wire.within.get(depth) else {
            push_field(first, *value, out);
            fields = &fields[1..];
            continue;
        };
        let len = fields.iter().take_while(|(field, _)| field.wire.within.get(depth) == Some(tag)).count();
        let (group, rest) = fields.split_at(len);
        push_message(*tag, out, |out| push_group(group, depth + 1, out));
        fields = rest;
    }
}

fn push_field(field: &Field, value: Option<&Value>, out: &mut Vec<u8>) {
    let form = field.wire.form;
    match (value, &field.shape) {
        (Some(Value::List(items)), Shape::List(element)) if form != WireForm::Items => {
            items.iter().for_each(|item| push_value(field.tag, item, element, form, out));
        }
        (Some(Value::Map(map)), Shape::Map(element)) => push_map(field.tag, map, element, form, out),
        (Some(Value::Null), _) => push_absent(field, out),
        (Some(value), shape) => push_value(field.tag, value, shape, form, out),
        (None, _) => push_absent(field, out),
    }
}

fn push_map(tag: u32, map: &Map, element: &Shape, form: WireForm, out: &mut Vec<u8>) {
    for (key, value) in map.iter() {
        push_message(tag, out, |out| {
            push_bytes(1, key.as_bytes(), out);
            push_value(2, value, element, form, out);
        });
    }
}

/// What Go writes for a field that is not set: its zero value, unless it is a pointer, list, map or bytes.
fn push_absent(field: &Field, out: &mut Vec<u8>) {
    if matches!(field.presence, Presence::Given | Presence::Null) {
        return;
    }
    let tag = field.tag;
    match &field.shape {
        Shape::String => push_bytes(tag, b"", out),
        Shape::Bool | Shape::Int32 | Shape::Int64 => push_int(tag, 0, out),
        Shape::Double => push_double(tag, 0.0, out),
        Shape::Time | Shape::MicroTime => push_bytes(tag, b"", out),
        Shape::Any | Shape::Object if field.wire.form == WireForm::Plain => push_bytes(tag, b"", out),
        Shape::Duration => push_message(tag, out, |out| push_int(1, 0, out)),
        Shape::Quantity => push_message(tag, out, |out| push_bytes(1, b"0", out)),
        Shape::IntOrString => push_message(tag, out, |out| push_int_or_string(0, 0, "", out)),
        Shape::Struct(ty) => push_message(tag, out, |out| push_fields(ty, None, out)),
        Shape::Bytes | Shape::List(_) | Shape::Map(_) | Shape::Any | Shape::Object => {}
    }
}

/// A value at a tag. A value that does not fit its shape cannot come out of a decoder; it is written as nothing.
fn push_value(tag: u32, value: &Value, shape: &Shape, form: WireForm, out: &mut Vec<u8>) {
    match (shape, value) {
        (Shape::String, Value::String(text)) => push_bytes(tag, text.as_bytes(), out),
        (Shape::Bytes, Value::String(text)) => {
            push_bytes(tag, &text::BASE64.decode(&**text).unwrap_or_default(), out);
        }
        (Shape::Bool, Value::Bool(truth)) => push_int(tag, i64::from(*truth), out),
        (Shape::Int32 | Shape::Int64, Value::Int(number)) => push_int(tag, *number, out),
        (Shape::Double, Value::Float(number)) => push_double(tag, *number, out),
        (Shape::Double, Value::Int(number)) => push_double(tag, *number as f64, out),
        (Shape::Time | Shape::MicroTime, Value::String(text)) => {
            push_message(tag, out, |out| push_time(text, matches!(shape, Shape::MicroTime), out));
        }
        (Shape::Time | Shape::MicroTime, Value::Null) => push_bytes(tag, b"", out),
        (Shape::Duration, Value::String(text)) => {
            push_message(tag, out, |out| push_int(1, text::parse_duration(text).unwrap_or_default(), out));
        }
        (Shape::Quantity, Value::String(text)) => {
            push_message(tag, out, |out| push_bytes(1, text.as_bytes(), out))
        }
        (Shape::IntOrString, Value::Int(number)) => {
            push_message(tag, out, |out| push_int_or_string(0, *number, "", out));
        }
        (Shape::IntOrString, Value::String(text)) => {
            push_message(tag, out, |out| push_int_or_string(1, 0, text, out));
        }
        (Shape::Struct(_), Value::Struct(fields)) => {
            push_message(tag, out, |out| push_fields(fields.ty(), Some(fields), out));
        }
        (Shape::List(_), Value::List(items)) => {
            push_message(tag, out, |out| push_strings(1, items, out));
        }
        (Shape::Any, value) if form != WireForm::Plain => {
            push_message(tag, out, |out| push_schema(value, form, out));
        }
        (Shape::Any, value) => push_message(tag, out, |out| push_raw(value, out)),
        (Shape::Object, value) => push_message(tag, out, |out| push_object(value, out)),
        _ => {}
    }
}

fn push_double(tag: u32, number: f64, out: &mut Vec<u8>) {
    push_key(tag, 1, out);
    out.extend_from_slice(&number.to_bits().to_le_bytes());
}

fn push_time(text: &str, micros: bool, out: &mut Vec<u8>) {
    let Some(time) = text::parse_time(text) else { return };
    // Nanoseconds count forward, also before 1970.
    let nanos = time.as_nanosecond().rem_euclid(1_000_000_000);
    let seconds = time.as_nanosecond().div_euclid(1_000_000_000);
    push_int(1, i64::try_from(seconds).unwrap_or_default(), out);
    push_int(2, if micros { i64::try_from(nanos).unwrap_or_default() } else { 0 }, out);
}

fn push_int_or_string(kind: i64, number: i64, text: &str, out: &mut Vec<u8>) {
    push_int(1, kind, out);
    push_int(2, number, out);
    push_bytes(3, text.as_bytes(), out);
}

fn push_strings(tag: u32, items: &[Value], out: &mut Vec<u8>) {
    for text in items.iter().filter_map(Value::as_str) {
        push_bytes(tag, text.as_bytes(), out);
    }
}

/// A JSON schema, or what may stand in its place.
fn push_schema(value: &Value, form: WireForm, out: &mut Vec<u8>) {
    let message = |fields: &Struct, tag: u32, out: &mut Vec<u8>| {
        push_message(tag, out, |out| push_fields(fields.ty(), Some(fields), out));
    };
    match (form, value) {
        (WireForm::SchemaOrBool, Value::Struct(fields)) => {
            push_int(1, 1, out);
            message(fields, 2, out);
        }
        (WireForm::SchemaOrBool, value) => push_int(1, i64::from(value.as_bool() == Some(true)), out),
        (WireForm::SchemaOrArray | WireForm::SchemaOrStrings, Value::Struct(fields)) => {
            message(fields, 1, out)
        }
        (WireForm::SchemaOrArray, Value::List(items)) => {
            items.iter().filter_map(Value::as_struct).for_each(|fields| message(fields, 2, out));
        }
        (_, Value::List(items)) => push_strings(2, items, out),
        _ => {}
    }
}

fn push_raw(value: &Value, out: &mut Vec<u8>) {
    let mut raw = Vec::new();
    json::encode(value, &mut raw);
    push_bytes(1, &raw, out);
}

/// An object in a raw extension: an envelope where its type has a message, else JSON.
fn push_object(value: &Value, out: &mut Vec<u8>) {
    let header = |name: &str| value.str_at(&[name]).unwrap_or_default().to_owned();
    let meta = TypeMeta { api_version: header("apiVersion"), kind: header("kind") };
    match value {
        Value::Struct(fields)
            if fields.ty().fields.iter().any(|field| field.tag != 0) && !meta.kind.is_empty() =>
        {
            let (mut message, mut envelope) = (Vec::new(), Vec::new());
            encode(value, &mut message);
            wrap(&meta, &message, &mut envelope);
            push_bytes(1, &envelope, out);
        }
        Value::Null => {}
        value => push_raw(value, out),
    }
}
