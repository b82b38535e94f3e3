//! Bytes to tree.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium_io::Read as _;
use ciborium_ll::{Decoder, Error, Header, simple, tag};

use crate::decode::{DecodeError, Decoded, Options};
use crate::json;
use crate::table::{Shape, TypeRef};
use crate::text::BASE64;
use crate::value::{Entries, Map, Value};

/// Byte strings that are expected to become text of another form: base64url, base64, hexadecimal.
const LATER_BASE64_URL: u64 = 21;
const LATER_BASE64: u64 = 22;
const LATER_BASE16: u64 = 23;
/// A time in seconds.
const EPOCH: u64 = 1;

/// Reads one CBOR object as type `ty`. Duplicate keys are errors: such maps are invalid.
pub fn decode(bytes: &[u8], ty: &TypeRef, options: &Options) -> Result<Decoded, DecodeError> {
    json::retype(tree(bytes, options)?, ty, options)
}

/// Reads one CBOR value of any shape.
pub fn decode_shape(bytes: &[u8], shape: &Shape, options: &Options) -> Result<Decoded, DecodeError> {
    json::retype_shape(tree(bytes, options)?, shape, options)
}

fn tree(bytes: &[u8], options: &Options) -> Result<Value, DecodeError> {
    let mut reader =
        Reader { decoder: Decoder::from(bytes), len: bytes.len(), depth_left: options.depth_max };
    let value = reader.value()?;
    let at = reader.decoder.offset();
    if at < bytes.len() {
        return Err(DecodeError::syntax(format!("cbor: {} bytes of extraneous data", bytes.len() - at), at));
    }
    Ok(value)
}

struct Reader<'a> {
    decoder: Decoder<&'a [u8]>,
    len: usize,
    depth_left: usize,
}

impl Reader<'_> {
    fn invalid(&mut self, message: impl Into<String>) -> DecodeError {
        DecodeError::syntax(message, self.decoder.offset())
    }

    fn header(&mut self) -> Result<Header, DecodeError> {
        self.decoder.pull().map_err(|error| match error {
            Error::Io(_) => DecodeError::syntax("unexpected EOF", self.len),
            Error::Syntax(at) => DecodeError::syntax("cbor: invalid initial byte", at),
        })
    }

    fn value(&mut self) -> Result<Value, DecodeError> {
        let header = self.header()?;
        self.value_of(header)
    }

    fn value_of(&mut self, header: Header) -> Result<Value, DecodeError> {
        let number = |number: u64| i64::try_from(number).ok();
        match header {
            Header::Positive(size) => match number(size) {
                Some(size) => Ok(Value::Int(size)),
                None => Err(self.invalid(format!("cbor: {size} overflows Go's int64"))),
            },
            // As many as `size` below -1.
            Header::Negative(size) => match number(size) {
                Some(size) => Ok(Value::Int(-1 - size)),
                None => Err(self.invalid(format!("cbor: -1-{size} overflows Go's int64"))),
            },
            Header::Float(size) if size.is_finite() => Ok(Value::Float(size)),
            Header::Float(_) => Err(self.invalid("cbor: NaN and infinities have no JSON representation")),
            Header::Simple(simple::FALSE) => Ok(Value::Bool(false)),
            Header::Simple(simple::TRUE) => Ok(Value::Bool(true)),
            Header::Simple(simple::NULL) => Ok(Value::Null),
            Header::Simple(other) => {
                Err(self.invalid(format!("cbor: simple value {other} is not recognized")))
            }
            Header::Tag(number) => self.nested(|reader| reader.tagged(number)),
            Header::Bytes(len) => self.bytes(len).and_then(|bytes| self.text(bytes)),
            Header::Text(len) => self.bytes_of(len, true).and_then(|bytes| self.text(bytes)),
            Header::Array(len) => self.nested(|reader| reader.array(len)),
            Header::Map(len) => self.nested(|reader| reader.map(len)),
            Header::Break => Err(self.invalid("cbor: unexpected \"break\" code")),
        }
    }

    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Value, DecodeError>,
    ) -> Result<Value, DecodeError> {
        self.depth_left = self.depth_left.checked_sub(1).ok_or(DecodeError::Limit)?;
        let value = read(self);
        self.depth_left += 1;
        value
    }

    fn tagged(&mut self, number: u64) -> Result<Value, DecodeError> {
        match number {
            tag::BIGPOS | tag::BIGNEG => Err(self.invalid("cbor: bignums are not accepted")),
            LATER_BASE64_URL | LATER_BASE64 | LATER_BASE16 => {
                let header = self.header()?;
                let Header::Bytes(len) = header else { return self.value_of(header) };
                let bytes = self.bytes(len)?;
                Ok(Value::String(
                    match number {
                        LATER_BASE64 => BASE64.encode(bytes),
                        LATER_BASE64_URL => URL_SAFE_NO_PAD.encode(bytes),
                        _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
                    }
                    .into(),
                ))
            }
            EPOCH => {
                let time = match self.value()? {
                    Value::Int(seconds) => jiff::Timestamp::from_second(seconds).ok(),
                    Value::Float(seconds) => jiff::SignedDuration::try_from_secs_f64(seconds)
                        .ok()
                        .and_then(|span| jiff::Timestamp::from_duration(span).ok()),
                    _ => None,
                };
                match time {
                    Some(time) => Ok(Value::string(time.to_string())),
                    None => Err(self.invalid("cbor: tag 1 is not on a time")),
                }
            }
            // What a tag adds has no place in the tree.
            _ => self.value(),
        }
    }

    /// The bytes of a byte string.
    fn bytes(&mut self, len: Option<usize>) -> Result<Vec<u8>, DecodeError> {
        self.bytes_of(len, false)
    }

    fn bytes_of(&mut self, len: Option<usize>, is_text: bool) -> Result<Vec<u8>, DecodeError> {
        let mut bytes = Vec::new();
        if let Some(len) = len {
            self.append(len, &mut bytes)?;
            return Ok(bytes);
        }
        loop {
            match self.header()? {
                Header::Break => return Ok(bytes),
                Header::Bytes(Some(len)) if !is_text => self.append(len, &mut bytes)?,
                Header::Text(Some(len)) if is_text => self.append(len, &mut bytes)?,
                _ => return Err(self.invalid("cbor: a string's pieces are of another type")),
            }
        }
    }

    fn append(&mut self, len: usize, to: &mut Vec<u8>) -> Result<(), DecodeError> {
        // What is claimed is only believed when it is there.
        if len > self.len.saturating_sub(self.decoder.offset()) {
            return Err(DecodeError::syntax("unexpected EOF", self.len));
        }
        let start = to.len();
        to.resize(start + len, 0);
        let read = self.decoder.read_exact(&mut to[start..]);
        read.map_err(|_| DecodeError::syntax("unexpected EOF", self.len))
    }

    fn text(&mut self, bytes: Vec<u8>) -> Result<Value, DecodeError> {
        let at = self.decoder.offset();
        let text = String::from_utf8(bytes).map_err(|_| DecodeError::Utf8 { at })?;
        Ok(Value::String(text.into()))
    }

    fn array(&mut self, len: Option<usize>) -> Result<Value, DecodeError> {
        let mut items = Vec::new();
        let mut left = len;
        while left != Some(0) {
            match (self.header()?, &mut left) {
                (Header::Break, None) => break,
                (header, left) => {
                    items.push(self.value_of(header)?);
                    if let Some(left) = left {
                        *left -= 1;
                    }
                }
            }
        }
        Ok(Value::List(items))
    }

    fn map(&mut self, len: Option<usize>) -> Result<Value, DecodeError> {
        let mut entries = Entries::default();
        let mut left = len;
        while left != Some(0) {
            let key = match (self.header()?, &mut left) {
                (Header::Break, None) => break,
                (header @ (Header::Bytes(_) | Header::Text(_)), left) => {
                    if let Some(left) = left {
                        *left -= 1;
                    }
                    self.value_of(header)?
                }
                (..) => return Err(self.invalid("cbor: a map's key is no string")),
            };
            let Value::String(key) = key else { return Err(self.invalid("cbor: a map's key is no string")) };
            let value = self.value()?;
            if entries.has(&key) {
                return Err(self.invalid(format!("cbor: found duplicate map key {key:?}")));
            }
            entries.push(key, value);
        }
        Ok(Value::Map(Map::from(entries)))
    }
}
