//! Tree to bytes.

use base64::Engine as _;
use ciborium_ll::{Encoder, Header, simple};

use super::PREFIX;
use crate::json;
use crate::table::Shape;
use crate::text::BASE64;
use crate::value::Value;

/// A byte string that is expected to become base64.
const LATER_BASE64: u64 = 22;

/// Appends an object, enclosed in the tag of self-described CBOR.
pub fn encode(value: &Value, out: &mut Vec<u8>) {
    let shape = match value {
        Value::Struct(fields) => Shape::Struct(fields.ty().clone()),
        _ => Shape::Any,
    };
    out.extend_from_slice(PREFIX);
    let mut writer = Writer(Encoder::from(&mut *out));
    writer.value(&json::plain(value), &shape);
}

/// Appends an event of a watch around an object that [`encode`] made.
pub fn encode_event(kind: &str, object: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(PREFIX);
    let mut writer = Writer(Encoder::from(&mut *out));
    writer.head(Header::Map(Some(2)));
    writer.string(b"type");
    writer.string(kind.as_bytes());
    writer.string(b"object");
    out.extend_from_slice(object);
}

struct Writer<'a>(Encoder<&'a mut Vec<u8>>);

impl Writer<'_> {
    fn head(&mut self, header: Header) {
        self.0.push(header).expect("vectors take all bytes");
    }

    fn string(&mut self, bytes: &[u8]) {
        self.0.bytes(bytes, None).expect("vectors take all bytes");
    }

    fn value(&mut self, value: &Value, shape: &Shape) {
        match value {
            Value::Null | Value::Struct(_) => self.head(Header::Simple(simple::NULL)),
            Value::Bool(flag) => self.head(Header::Simple(if *flag { simple::TRUE } else { simple::FALSE })),
            Value::Int(number) => self.head(match u64::try_from(*number) {
                Ok(size) => Header::Positive(size),
                Err(_) => Header::Negative(!number.cast_unsigned()),
            }),
            Value::Float(number) => self.head(Header::Float(*number)),
            Value::String(text) => match (shape, BASE64.decode(&**text)) {
                (Shape::Bytes, Ok(bytes)) => {
                    self.head(Header::Tag(LATER_BASE64));
                    self.string(&bytes);
                }
                _ => self.string(text.as_bytes()),
            },
            Value::List(items) => {
                let element = match shape {
                    Shape::List(element) => element,
                    _ => &Shape::Any,
                };
                self.head(Header::Array(Some(items.len())));
                items.iter().for_each(|item| self.value(item, element));
            }
            Value::Map(map) => {
                let mut entries: Vec<(&str, &Value)> = map.iter().collect();
                // The length stands before the letters.
                entries.sort_by_key(|(key, _)| (key.len(), *key));
                self.head(Header::Map(Some(entries.len())));
                for (key, value) in entries {
                    self.string(key.as_bytes());
                    self.value(value, inner(shape, key));
                }
            }
        }
    }
}

/// The shape of a member.
fn inner<'a>(shape: &'a Shape, key: &str) -> &'a Shape {
    match shape {
        Shape::Struct(ty) => {
            ty.number(key).map_or(&Shape::Any, |number| &ty.fields[usize::from(number)].shape)
        }
        Shape::Map(element) => element,
        _ => &Shape::Any,
    }
}
