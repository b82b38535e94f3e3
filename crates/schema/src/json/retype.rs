//! A free-form tree read as a type.

use std::borrow::Cow;

use super::read::{is_schema, kept};
use super::{SCHEMAS, STRINGS, schema_type};
use crate::decode::{Complaints, DecodeError, Decoded, Options};
use crate::scalar::{self, Scalar};
use crate::table::{Shape, TypeRef, WireForm};
use crate::text;
use crate::value::{Map, Struct, Value};

/// A free-form tree (maps, no structs) read as type `ty`: what a JSON decode of its text would give.
pub fn retype(value: Value, ty: &TypeRef, options: &Options) -> Result<Decoded, DecodeError> {
    retype_shape(value, &Shape::Struct(ty.clone()), options)
}

/// A free-form tree as a value in a custom resource's place of this shape; what is nested too deep is null.
pub fn retype_custom(value: Value, shape: &Shape) -> Value {
    let options = Options::default();
    let mut reader =
        Reader { complaints: Complaints::default(), strict: false, depth_left: options.depth_max };
    reader.value(value, shape, WireForm::Plain, true).ok().flatten().unwrap_or(Value::Null)
}

/// The same for any shape.
pub(crate) fn retype_shape(value: Value, shape: &Shape, options: &Options) -> Result<Decoded, DecodeError> {
    let mut reader =
        Reader { complaints: Complaints::default(), strict: options.strict, depth_left: options.depth_max };
    let value = reader.value(value, shape, WireForm::Plain, false)?.unwrap_or_else(|| scalar::zero(shape));
    Ok(Decoded { value, complaints: reader.complaints.texts() })
}

struct Reader {
    complaints: Complaints,
    strict: bool,
    depth_left: usize,
}

impl Reader {
    /// A value; none for null, unless any JSON may be there. In a `custom` place a value of another type than the
    /// schema's is kept as it is: validation finds it.
    fn value(
        &mut self,
        value: Value,
        shape: &Shape,
        form: WireForm,
        custom: bool,
    ) -> Result<Option<Value>, DecodeError> {
        let read = match value {
            Value::Null => {
                return Ok((custom || matches!(shape, Shape::Any | Shape::Object)).then_some(Value::Null));
            }
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) if custom => Ok(value),
            Value::Bool(truth) => scalar::read(shape, Scalar::Bool(truth)),
            Value::Int(number) => scalar::read(shape, Scalar::Number(itoa::Buffer::new().format(number))),
            Value::Float(number) => {
                let mut digits = Vec::new();
                text::push_float(number, &mut digits);
                let digits = String::from_utf8(digits).expect("numbers are ASCII");
                match shape {
                    Shape::Any | Shape::Double if number.is_finite() => Ok(Value::Float(number)),
                    _ => scalar::read(shape, Scalar::Number(&digits)),
                }
            }
            Value::String(text) => match shape {
                // As it came: no copy.
                Shape::Any | Shape::String | Shape::IntOrString => Ok(Value::String(text)),
                _ => scalar::read(shape, Scalar::Text(Cow::Borrowed(&text))),
            },
            Value::List(items) => self.nested(|reader| reader.list(items, shape, form, custom)),
            Value::Map(map) => self.nested(|reader| reader.object(map, shape, form, custom)),
            Value::Struct(fields) => match shape {
                Shape::Struct(ty) if fields.ty() == ty => Ok(Value::Struct(fields)),
                _ => self.nested(|reader| reader.object(loosen(fields), shape, form, custom)),
            },
        };
        read.map(Some)
    }

    fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        self.depth_left = self.depth_left.checked_sub(1).ok_or(DecodeError::Limit)?;
        let value = read(self);
        self.depth_left += 1;
        value
    }

    fn list(
        &mut self,
        items: Vec<Value>,
        shape: &Shape,
        form: WireForm,
        custom: bool,
    ) -> Result<Value, DecodeError> {
        let element = match (shape, form) {
            (Shape::List(element), _) => &**element,
            (Shape::Any, WireForm::SchemaOrArray) => SCHEMAS.element().unwrap_or(&Shape::Any),
            (Shape::Any, WireForm::SchemaOrStrings) => STRINGS.element().unwrap_or(&Shape::Any),
            (Shape::Any, _) => &Shape::Any,
            _ if custom => &Shape::Any,
            _ => return Err(DecodeError::mismatch("array", scalar::expected(shape))),
        };
        let mut read = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            let mark = self.complaints.mark();
            let item = self.value(item, element, WireForm::Plain, custom)?;
            self.complaints.at(mark, index);
            read.push(item.unwrap_or_else(|| scalar::zero(element)));
        }
        Ok(Value::List(read))
    }

    fn object(
        &mut self,
        map: Map,
        shape: &Shape,
        form: WireForm,
        custom: bool,
    ) -> Result<Value, DecodeError> {
        match shape {
            Shape::Struct(ty) => self.fields(map, ty).map(Value::Struct),
            Shape::Map(element) => self.entries(map, element, form, custom).map(Value::Map),
            Shape::Any if is_schema(form) => self.fields(map, &schema_type()).map(Value::Struct),
            Shape::Any | Shape::Object => {
                self.entries(map, &Shape::Any, WireForm::Plain, false).map(Value::Map)
            }
            _ if custom => self.entries(map, &Shape::Any, WireForm::Plain, false).map(Value::Map),
            _ => Err(DecodeError::mismatch("object", scalar::expected(shape))),
        }
    }

    fn entries(
        &mut self,
        map: Map,
        element: &Shape,
        form: WireForm,
        custom: bool,
    ) -> Result<Map, DecodeError> {
        let mut read = Map::new();
        for (key, value) in map {
            let mark = self.complaints.mark();
            let value = self.value(value, element, form, custom)?;
            self.complaints.within(mark, &key);
            read.insert(key, value.unwrap_or_else(|| scalar::zero(element)));
        }
        Ok(read)
    }

    fn fields(&mut self, map: Map, ty: &TypeRef) -> Result<Struct, DecodeError> {
        let mut fields = Struct::new(ty.clone());
        let custom = matches!(ty, TypeRef::Shared(_));
        for (key, value) in map {
            let Some(number) = ty.number(&key) else {
                if ty.preserve_unknown {
                    let value =
                        self.value(value, &Shape::Any, WireForm::Plain, false)?.unwrap_or(Value::Null);
                    fields.unknown_mut().insert(key, value);
                } else if self.strict {
                    self.complaints.unknown(&key);
                }
                continue;
            };
            let field = &ty.fields[usize::from(number)];
            let mark = self.complaints.mark();
            let value = self
                .value(value, &field.shape, field.wire.form, custom)
                .map_err(|error| error.within(&key, &ty.name))?;
            self.complaints.within(mark, &key);
            if let Some(value) = kept(value, field.presence, ty) {
                fields.set_at(number, value);
            }
        }
        Ok(fields)
    }
}

/// A struct's fields by name.
fn loosen(fields: Struct) -> Map {
    let known = fields.fields().map(|(_, field, value)| (field.json.as_ref().into(), value.clone()));
    let unknown = fields.unknown().into_iter().flat_map(Map::iter);
    known.chain(unknown.map(|(key, value)| (key.into(), value.clone()))).collect()
}
