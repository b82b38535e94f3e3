//! Text to tree, led by the schema.

use std::borrow::Cow;

use super::scan::Scanner;
use super::{SCHEMAS, STRINGS, schema_type};
use crate::decode::{Complaints, DecodeError, Decoded, Options};
use crate::scalar::{self, Scalar};
use crate::table::{Presence, Shape, TypeRef, WireForm};
use crate::value::{Entries, Map, Struct, Value};

pub(super) fn document(
    bytes: &[u8],
    shape: &Shape,
    form: WireForm,
    options: &Options,
) -> Result<Decoded, DecodeError> {
    let mut reader = Reader {
        scan: Scanner::new(bytes)?,
        complaints: Complaints::default(),
        strict: options.strict,
        depth_left: options.depth_max,
    };
    let value = reader.value(shape, form, false)?.unwrap_or_else(|| scalar::zero(shape));
    reader.scan.end()?;
    Ok(Decoded { value, complaints: reader.complaints.texts() })
}

struct Reader<'a> {
    scan: Scanner<'a>,
    complaints: Complaints,
    strict: bool,
    depth_left: usize,
}

impl<'a> Reader<'a> {
    /// A value; none for null, unless any JSON may be there. In a `custom` place a value of another type than the
    /// schema's is kept as it is: validation finds it.
    fn value(&mut self, shape: &Shape, form: WireForm, custom: bool) -> Result<Option<Value>, DecodeError> {
        let scalar = match self.scan.peek() {
            Some(b'{') => return self.nested(|reader| reader.object(shape, form, custom)).map(Some),
            Some(b'[') => return self.nested(|reader| reader.array(shape, form, custom)).map(Some),
            Some(b'n') => {
                self.scan.word("null")?;
                return Ok((custom || matches!(shape, Shape::Any | Shape::Object)).then_some(Value::Null));
            }
            Some(b't') => {
                self.scan.word("true")?;
                Scalar::Bool(true)
            }
            Some(b'f') => {
                self.scan.word("false")?;
                Scalar::Bool(false)
            }
            Some(b'"') => Scalar::Text(self.scan.string()?),
            Some(b'-' | b'0'..=b'9') => Scalar::Number(self.scan.number()?),
            _ => return Err(self.scan.unexpected("looking for beginning of value")),
        };
        scalar::read(if custom { &Shape::Any } else { shape }, scalar).map(Some)
    }

    fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        self.depth_left = self.depth_left.checked_sub(1).ok_or(DecodeError::Limit)?;
        self.scan.bump();
        let value = read(self);
        self.depth_left += 1;
        value
    }

    fn object(&mut self, shape: &Shape, form: WireForm, custom: bool) -> Result<Value, DecodeError> {
        match shape {
            Shape::Struct(ty) => self.fields(ty).map(Value::Struct),
            Shape::Map(element) => self.entries(element, form, custom).map(Value::Map),
            Shape::Any if is_schema(form) => self.fields(&schema_type()).map(Value::Struct),
            Shape::Any | Shape::Object => self.entries(&Shape::Any, WireForm::Plain, false).map(Value::Map),
            _ if custom => self.entries(&Shape::Any, WireForm::Plain, false).map(Value::Map),
            _ => Err(DecodeError::mismatch("object", scalar::expected(shape))),
        }
    }

    fn array(&mut self, shape: &Shape, form: WireForm, custom: bool) -> Result<Value, DecodeError> {
        let element = match (shape, form) {
            (Shape::List(element), _) => &**element,
            (Shape::Any, WireForm::SchemaOrArray) => SCHEMAS.element().unwrap_or(&Shape::Any),
            (Shape::Any, WireForm::SchemaOrStrings) => STRINGS.element().unwrap_or(&Shape::Any),
            (Shape::Any, _) => &Shape::Any,
            _ if custom => &Shape::Any,
            _ => return Err(DecodeError::mismatch("array", scalar::expected(shape))),
        };
        let mut items = Vec::new();
        if self.scan.take(b']') {
            return Ok(Value::List(items));
        }
        loop {
            let mark = self.complaints.mark();
            let item = self.value(element, WireForm::Plain, custom)?;
            self.complaints.at(mark, items.len());
            items.push(item.unwrap_or_else(|| scalar::zero(element)));
            if self.scan.take(b']') {
                return Ok(Value::List(items));
            }
            if !self.scan.take(b',') {
                return Err(self.scan.unexpected("after array element"));
            }
        }
    }

    fn entries(&mut self, element: &Shape, form: WireForm, custom: bool) -> Result<Map, DecodeError> {
        let mut entries = Entries::default();
        let mut first = true;
        while let Some(key) = self.key(&mut first)? {
            let mark = self.complaints.mark();
            let value = self.value(element, form, custom)?;
            self.complaints.within(mark, &key);
            let value = value.unwrap_or_else(|| scalar::zero(element));
            if self.strict && entries.has(&key) {
                self.complaints.duplicate(&key);
            }
            entries.push(key, value);
        }
        Ok(entries.into())
    }

    fn fields(&mut self, ty: &TypeRef) -> Result<Struct, DecodeError> {
        let mut fields = Struct::new(ty.clone());
        let mut seen = Seen::new(if self.strict { ty.fields.len() } else { 0 });
        let custom = matches!(ty, TypeRef::Shared(_));
        let mut unknown = Entries::default();
        let mut first = true;
        while let Some(key) = self.key(&mut first)? {
            let Some(number) = ty.number(&key) else {
                self.unknown(&key, ty, &mut unknown)?;
                continue;
            };
            let field = &ty.fields[usize::from(number)];
            let mark = self.complaints.mark();
            let value = self
                .value(&field.shape, field.wire.form, custom)
                .map_err(|error| error.within(&key, &ty.name))?;
            self.complaints.within(mark, &key);
            if self.strict && seen.twice(number) {
                self.complaints.duplicate(&key);
            }
            match kept(value, field.presence, ty) {
                Some(value) => fields.set_at(number, value),
                None => fields.remove_at(number),
            };
        }
        if ty.preserve_unknown {
            let unknown = Map::from(unknown);
            if !unknown.is_empty() {
                *fields.unknown_mut() = unknown;
            }
        }
        Ok(fields)
    }

    fn unknown(&mut self, key: &str, ty: &TypeRef, unknown: &mut Entries) -> Result<(), DecodeError> {
        if ty.preserve_unknown {
            let mark = self.complaints.mark();
            let value = self.value(&Shape::Any, WireForm::Plain, false)?.unwrap_or(Value::Null);
            self.complaints.within(mark, key);
            if self.strict && unknown.has(key) {
                self.complaints.duplicate(key);
            }
            unknown.push(key, value);
            return Ok(());
        }
        if self.strict {
            self.complaints.unknown(key);
        }
        self.skip()
    }

    /// The next key with its colon; none at the end of the object.
    fn key(&mut self, first: &mut bool) -> Result<Option<Cow<'a, str>>, DecodeError> {
        if self.scan.take(b'}') {
            return Ok(None);
        }
        if !std::mem::take(first) && !self.scan.take(b',') {
            return Err(self.scan.unexpected("after object key:value pair"));
        }
        if self.scan.peek() != Some(b'"') {
            return Err(self.scan.unexpected("looking for beginning of object key string"));
        }
        let key = self.scan.string()?;
        if !self.scan.take(b':') {
            return Err(self.scan.unexpected("after object key"));
        }
        Ok(Some(key))
    }

    /// Passes over a value; its grammar and depth count.
    fn skip(&mut self) -> Result<(), DecodeError> {
        match self.scan.peek() {
            Some(b'{') => self.nested(|reader| {
                let mut first = true;
                while reader.key(&mut first)?.is_some() {
                    reader.skip()?;
                }
                Ok(())
            }),
            Some(b'[') => self.nested(|reader| {
                if reader.scan.take(b']') {
                    return Ok(());
                }
                loop {
                    reader.skip()?;
                    if reader.scan.take(b']') {
                        return Ok(());
                    }
                    if !reader.scan.take(b',') {
                        return Err(reader.scan.unexpected("after array element"));
                    }
                }
            }),
            Some(b'n') => self.scan.word("null"),
            Some(b't') => self.scan.word("true"),
            Some(b'f') => self.scan.word("false"),
            Some(b'"') => self.scan.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.scan.number().map(drop),
            _ => Err(self.scan.unexpected("looking for beginning of value")),
        }
    }
}

/// Whether an object in this place is a JSON schema.
pub(super) const fn is_schema(form: WireForm) -> bool {
    matches!(form, WireForm::SchemaOrBool | WireForm::SchemaOrArray | WireForm::SchemaOrStrings)
}

/// What of a field's value is kept: null is absence for built-in types (custom resources may be nullable), and so
/// is a zero value where the field has no way to tell the two apart.
pub(super) fn kept(value: Option<Value>, presence: Presence, ty: &TypeRef) -> Option<Value> {
    let value = match (value, ty) {
        (Some(Value::Null) | None, TypeRef::Static(_)) => return None,
        (None, TypeRef::Shared(_)) => Value::Null,
        (Some(value), _) => value,
    };
    (presence != Presence::NonZero || !value.is_zero()).then_some(value)
}

/// Which fields have been read.
struct Seen(Vec<u64>);

impl Seen {
    fn new(len: usize) -> Self {
        Self(vec![0; len.div_ceil(64)])
    }

    /// Marks a field; whether it was marked before.
    fn twice(&mut self, number: u16) -> bool {
        let (word, bit) = (usize::from(number) / 64, 1_u64 << (number % 64));
        let before = self.0[word] & bit != 0;
        self.0[word] |= bit;
        before
    }
}
