//! Messages to tree.

use base64::Engine as _;
use jiff::Timestamp;

use super::wire::{Payload, Reader};
use super::{MAGIC, unwrap, utf8};
use crate::builtin;
use crate::decode::{DecodeError, Decoded, Options};
use crate::json;
use crate::quantity;
use crate::scalar::{self, expected};
use crate::table::{Field, Presence, Shape, TypeRef, Wire, WireForm};
use crate::text;
use crate::value::{Map, Struct, Value};

pub(super) fn message(bytes: &[u8], ty: &TypeRef, options: &Options) -> Result<Decoded, DecodeError> {
    let mut decoder = Decoder { depth_left: options.depth_max };
    let value = decoder.structure(bytes, ty).map(Value::Struct)?;
    Ok(Decoded { value, complaints: Vec::new() })
}

struct Decoder {
    depth_left: usize,
}

impl Decoder {
    fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        self.depth_left = self.depth_left.checked_sub(1).ok_or(DecodeError::Limit)?;
        let value = read(self);
        self.depth_left += 1;
        value
    }

    fn structure(&mut self, bytes: &[u8], ty: &TypeRef) -> Result<Struct, DecodeError> {
        let mut fields = Struct::new(ty.clone());
        self.nested(|decoder| decoder.fields(bytes, ty, &mut Vec::new(), &mut fields))?;
        Ok(fields)
    }

    /// Fields of one message; `within` are the tags of the inlined messages around it.
    fn fields(
        &mut self,
        bytes: &[u8],
        ty: &TypeRef,
        within: &mut Vec<u32>,
        fields: &mut Struct,
    ) -> Result<(), DecodeError> {
        let mut reader = Reader::new(bytes);
        // Fields come in order, mostly: look on from the last one.
        let mut hint = 0;
        while let Some((tag, payload)) = reader.next()? {
            let matches =
                |field: &Field| field.tag == tag && tag != 0 && field.wire.within == within.as_slice();
            let (before, after) = ty.fields.split_at(hint);
            let found = after
                .iter()
                .position(matches)
                .map(|at| hint + at)
                .or_else(|| before.iter().position(matches));
            if let Some(number) = found {
                hint = number;
                let number = u16::try_from(number).expect("field numbers are 16 bits");
                self.field(payload, number, ty, fields)?;
                continue;
            }
            within.push(tag);
            let inlined = ty.fields.iter().any(|field| field.wire.within.starts_with(within));
            if let (true, Payload::Bytes(bytes)) = (inlined, payload) {
                self.fields(bytes, ty, within, fields)?;
            }
            within.pop();
        }
        Ok(())
    }

    fn field(
        &mut self,
        payload: Payload<'_>,
        number: u16,
        ty: &TypeRef,
        fields: &mut Struct,
    ) -> Result<(), DecodeError> {
        let field = &ty.fields[usize::from(number)];
        let named = |error: DecodeError| error.within(&field.json, &ty.name);
        match &field.shape {
            Shape::List(element) if field.wire.form != WireForm::Items => {
                if fields.at(number).is_none() {
                    fields.set_at(number, Value::List(Vec::new()));
                }
                let Some(Value::List(items)) = fields.at_mut(number) else { return Ok(()) };
                self.element(payload, element, field.wire, items).map_err(named)
            }
            Shape::Map(element) => {
                if fields.at(number).is_none() {
                    fields.set_at(number, Value::Map(Map::new()));
                }
                let Some(Value::Map(map)) = fields.at_mut(number) else { return Ok(()) };
                self.entry(payload, element, field.wire, map).map_err(named)
            }
            shape => {
                let value = self.single(payload, shape, field.wire).map_err(named)?;
                let absent = value == Value::Null || (field.presence == Presence::NonZero && value.is_zero());
                if absent {
                    fields.remove_at(number);
                } else {
                    fields.set_at(number, value);
                }
                Ok(())
            }
        }
    }

    /// One element of a list, or many packed integers.
    fn element(
        &mut self,
        payload: Payload<'_>,
        element: &Shape,
        wire: Wire,
        items: &mut Vec<Value>,
    ) -> Result<(), DecodeError> {
        if let (Payload::Bytes(packed), Shape::Int32 | Shape::Int64 | Shape::Bool) = (payload, element) {
            let mut reader = Reader::new(packed);
            while !reader.is_empty() {
                let value = reader.varint()?;
                items.push(self.single(Payload::Varint(value), element, wire)?);
            }
            return Ok(());
        }
        items.push(self.single(payload, element, wire)?);
        Ok(())
    }

    fn entry(
        &mut self,
        payload: Payload<'_>,
        element: &Shape,
        wire: Wire,
        map: &mut Map,
    ) -> Result<(), DecodeError> {
        let Payload::Bytes(bytes) = payload else { return Err(DecodeError::mismatch("number", "object")) };
        let mut reader = Reader::new(bytes);
        let (mut key, mut value) = (String::new(), None);
        while let Some((tag, payload)) = reader.next()? {
            match (tag, payload) {
                (1, Payload::Bytes(text)) => utf8(text)?.clone_into(&mut key),
                (2, payload) => {
                    value = Some(self.single(payload, element, wire)?);
                }
                _ => {}
            }
        }
        map.insert(key, value.unwrap_or_else(|| scalar::zero(element)));
        Ok(())
    }

    fn single(&mut self, payload: Payload<'_>, shape: &Shape, wire: Wire) -> Result<Value, DecodeError> {
        let found = match payload {
            Payload::Bytes(_) => "bytes",
            _ => "number",
        };
        let mismatch = || DecodeError::mismatch(found, expected(shape));
        Ok(match (shape, payload) {
            (Shape::String, Payload::Bytes(bytes)) => Value::string(utf8(bytes)?),
            (Shape::Bytes, Payload::Bytes(bytes)) => Value::string(text::BASE64.encode(bytes)),
            (Shape::Bool, Payload::Varint(value)) => Value::Bool(value != 0),
            // Like Go, take the low bits.
            (Shape::Int32, Payload::Varint(value)) => Value::Int(i64::from(value as i32)),
            (Shape::Int64, Payload::Varint(value)) => Value::Int(value as i64),
            (Shape::Double, Payload::Fixed64(bits)) => {
                let number = f64::from_bits(bits);
                if !number.is_finite() {
                    return Err(mismatch());
                }
                Value::Float(number)
            }
            (Shape::Struct(ty), Payload::Bytes(bytes)) => Value::Struct(self.structure(bytes, ty)?),
            (Shape::Time | Shape::MicroTime, Payload::Bytes(bytes)) => {
                time(bytes, matches!(shape, Shape::MicroTime))?.ok_or_else(mismatch)?
            }
            (Shape::Duration, Payload::Bytes(bytes)) => {
                Value::string(text::format_duration(first_int(bytes)?))
            }
            (Shape::Quantity, Payload::Bytes(bytes)) => {
                let text = first_bytes(bytes)?.map(utf8).transpose()?.unwrap_or_default();
                Value::String(quantity::canonical(text.trim()).ok_or_else(mismatch)?)
            }
            (Shape::IntOrString, Payload::Bytes(bytes)) => int_or_string(bytes)?,
            (Shape::List(_), Payload::Bytes(bytes)) if wire.form == WireForm::Items => strings(bytes, 1)?,
            (Shape::Any, Payload::Bytes(bytes)) if wire.form != WireForm::Plain => {
                self.schema(bytes, wire.form)?
            }
            (Shape::Any | Shape::Object, Payload::Bytes(bytes)) => self.raw(first_bytes(bytes)?)?,
            _ => return Err(mismatch()),
        })
    }

    /// A raw extension's bytes: JSON, or an envelope of its own.
    fn raw(&mut self, bytes: Option<&[u8]>) -> Result<Value, DecodeError> {
        let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else { return Ok(Value::Null) };
        if !bytes.starts_with(MAGIC) {
            return self.nested(|decoder| {
                let options = Options { depth_max: decoder.depth_left, strict: false };
                Ok(json::decode_shape(bytes, &Shape::Any, &options)?.value)
            });
        }
        let (meta, message) = unwrap(bytes)?;
        let (group, version) = meta.api_version.rsplit_once('/').unwrap_or(("", &meta.api_version));
        let Some(ty) = builtin::kind(group, version, &meta.kind) else {
            return Err(DecodeError::UnknownKind { api_version: meta.api_version, kind: meta.kind });
        };
        let mut object = self.structure(message, &TypeRef::Static(ty))?;
        if ty.field("kind").is_some_and(|field| field.tag == 0) {
            object.set("kind", Value::string(meta.kind));
            object.set("apiVersion", Value::string(meta.api_version));
        }
        Ok(Value::Struct(object))
    }

    /// A JSON schema, or what may stand in its place.
    fn schema(&mut self, bytes: &[u8], form: WireForm) -> Result<Value, DecodeError> {
        let ty = json::schema_type();
        if form == WireForm::SchemaOrStrings {
            let mut reader = Reader::new(bytes);
            while let Some((tag, payload)) = reader.next()? {
                if let (1, Payload::Bytes(schema)) = (tag, payload) {
                    return Ok(Value::Struct(self.structure(schema, &ty)?));
                }
            }
            return strings(bytes, 2);
        }
        let mut reader = Reader::new(bytes);
        let (mut allows, mut schema, mut schemas) = (false, None, Vec::new());
        while let Some((tag, payload)) = reader.next()? {
            match (form, tag, payload) {
                (WireForm::SchemaOrBool, 1, Payload::Varint(value)) => allows = value != 0,
                (WireForm::SchemaOrBool, 2, Payload::Bytes(bytes))
                | (WireForm::SchemaOrArray, 1, Payload::Bytes(bytes)) => {
                    schema = Some(Value::Struct(self.structure(bytes, &ty)?));
                }
                (WireForm::SchemaOrArray, 2, Payload::Bytes(bytes)) => {
                    schemas.push(Value::Struct(self.structure(bytes, &ty)?));
                }
                _ => {}
            }
        }
        Ok(match (schema, form) {
            (_, WireForm::SchemaOrArray) if !schemas.is_empty() => Value::List(schemas),
            (Some(schema), _) => schema,
            (None, WireForm::SchemaOrBool) => Value::Bool(allows),
            (None, _) => Value::Null,
        })
    }
}

/// The integer at tag 1.
fn first_int(bytes: &[u8]) -> Result<i64, DecodeError> {
    let mut reader = Reader::new(bytes);
    let mut value = 0;
    while let Some((tag, payload)) = reader.next()? {
        if let (1, Payload::Varint(read)) = (tag, payload) {
            value = read as i64;
        }
    }
    Ok(value)
}

/// The bytes at tag 1.
fn first_bytes(bytes: &[u8]) -> Result<Option<&[u8]>, DecodeError> {
    let mut reader = Reader::new(bytes);
    let mut value = None;
    while let Some((tag, payload)) = reader.next()? {
        if let (1, Payload::Bytes(read)) = (tag, payload) {
            value = Some(read);
        }
    }
    Ok(value)
}

fn strings(bytes: &[u8], at: u32) -> Result<Value, DecodeError> {
    let mut reader = Reader::new(bytes);
    let mut items = Vec::new();
    while let Some((tag, payload)) = reader.next()? {
        if let (true, Payload::Bytes(text)) = (tag == at, payload) {
            items.push(Value::string(utf8(text)?));
        }
    }
    Ok(Value::List(items))
}

/// Seconds and nanoseconds; an empty message is no time. None when out of range.
fn time(bytes: &[u8], micros: bool) -> Result<Option<Value>, DecodeError> {
    if bytes.is_empty() {
        return Ok(Some(Value::Null));
    }
    let mut reader = Reader::new(bytes);
    let (mut seconds, mut nanos) = (0, 0);
    while let Some((tag, payload)) = reader.next()? {
        match (tag, payload) {
            (1, Payload::Varint(value)) => seconds = value as i64,
            (2, Payload::Varint(value)) => nanos = value as i32,
            _ => {}
        }
    }
    if seconds == text::ZERO_TIME_S {
        return Ok(Some(Value::Null));
    }
    // Kubernetes drops what JSON cannot say.
    let nanos = if micros { nanos } else { 0 };
    let time = Timestamp::new(seconds, nanos).ok();
    let format = if micros { text::format_micro_time } else { text::format_time };
    // Before the year 0 RFC 3339 has no form.
    let year = |time: &Timestamp| time.as_second() >= -62_167_219_200;
    Ok(time.filter(year).map(|time| Value::string(format(time))))
}

fn int_or_string(bytes: &[u8]) -> Result<Value, DecodeError> {
    let mut reader = Reader::new(bytes);
    let (mut is_text, mut number, mut text) = (false, 0, "");
    while let Some((tag, payload)) = reader.next()? {
        match (tag, payload) {
            (1, Payload::Varint(value)) => is_text = value != 0,
            (2, Payload::Varint(value)) => number = i64::from(value as i32),
            (3, Payload::Bytes(value)) => text = utf8(value)?,
            _ => {}
        }
    }
    Ok(if is_text { Value::string(text) } else { Value::Int(number) })
}
