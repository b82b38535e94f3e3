//! Tree to text, as Go's encoding/json prints Kubernetes' types.

use crate::table::{Field, Presence, Shape, Type, TypeRef};
use crate::text;
use crate::value::{Map, Struct, Value};

/// Appends `value` as Kubernetes prints it: fields in the type's order, zero values by [`Presence`], maps sorted,
/// no spaces, HTML characters escaped as Go does (`\u003c`).
pub fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Int(number) => out.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes()),
        Value::Float(number) => text::push_float(*number, out),
        Value::String(text) => push_string(text, out),
        Value::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                encode(item, out);
            }
            out.push(b']');
        }
        Value::Map(map) => {
            out.push(b'{');
            let mut first = true;
            for (key, value) in map.iter() {
                push_key(key, &mut first, out);
                encode(value, out);
            }
            out.push(b'}');
        }
        Value::Struct(fields) => push_struct(fields, out),
    }
}

fn push_struct(fields: &Struct, out: &mut Vec<u8>) {
    out.push(b'{');
    let mut first = true;
    let mut present = fields.fields().peekable();
    let mut unknown = fields.unknown().map(Map::iter).into_iter().flatten().peekable();
    for (number, field) in fields.ty().fields.iter().enumerate() {
        // Custom resources print sorted, what their schema knows and what it does not.
        while let Some((key, value)) = unknown.next_if(|(key, _)| **key < *field.json) {
            push_key(key, &mut first, out);
            encode(value, out);
        }
        let value = present.next_if(|(at, ..)| usize::from(*at) == number).map(|(.., value)| value);
        push_field(field, value, &mut first, out);
    }
    for (key, value) in unknown {
        push_key(key, &mut first, out);
        encode(value, out);
    }
    out.push(b'}');
}

fn push_field(field: &Field, value: Option<&Value>, first: &mut bool, out: &mut Vec<u8>) {
    match (field.presence, value) {
        (Presence::NonZero, Some(value)) if value.is_zero() => {}
        (_, Some(value)) => {
            push_key(&field.json, first, out);
            encode(value, out);
        }
        (Presence::Always, None) => {
            push_key(&field.json, first, out);
            push_zero(&field.shape, out);
        }
        (Presence::Null, None) => {
            push_key(&field.json, first, out);
            out.extend_from_slice(b"null");
        }
        (Presence::NonZero | Presence::Given, None) => {}
    }
}

/// A shape's zero value, as it prints.
fn push_zero(shape: &Shape, out: &mut Vec<u8>) {
    match shape {
        Shape::String | Shape::Bytes => out.extend_from_slice(b"\"\""),
        Shape::Bool => out.extend_from_slice(b"false"),
        Shape::Int32 | Shape::Int64 | Shape::Double | Shape::IntOrString => out.push(b'0'),
        Shape::Duration => out.extend_from_slice(b"\"0s\""),
        Shape::Quantity => out.extend_from_slice(b"\"0\""),
        Shape::Struct(TypeRef::Static(ty)) => push_empty(ty, out),
        Shape::Struct(TypeRef::Shared(ty)) => push_empty(ty, out),
        Shape::Time | Shape::MicroTime | Shape::List(_) | Shape::Map(_) | Shape::Any | Shape::Object => {
            out.extend_from_slice(b"null");
        }
    }
}

/// A struct of which nothing is set.
fn push_empty(ty: &Type, out: &mut Vec<u8>) {
    out.push(b'{');
    let mut first = true;
    for field in ty.fields.iter() {
        push_field(field, None, &mut first, out);
    }
    out.push(b'}');
}

fn push_key(key: &str, first: &mut bool, out: &mut Vec<u8>) {
    if !std::mem::take(first) {
        out.push(b',');
    }
    push_string(key, out);
    out.push(b':');
}

/// Appends a string with its quotes.
pub(crate) fn push_string(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let bytes = text.as_bytes();
    out.push(b'"');
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        // U+2028 and U+2029 are e2 80 a8 and e2 80 a9.
        let special = match byte {
            b'"' | b'\\' | b'<' | b'>' | b'&' | 0..=0x1f => true,
            0xe2 => matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])),
            _ => false,
        };
        if !special {
            continue;
        }
        out.extend_from_slice(&bytes[from..at]);
        from = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            0xe2 => {
                let last = bytes[at + 2];
                out.extend_from_slice(if last == 0xa8 { b"\\u2028" } else { b"\\u2029" });
                from = at + 3;
            }
            _ => {
                out.extend_from_slice(b"\\u00");
                out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
        }
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}
