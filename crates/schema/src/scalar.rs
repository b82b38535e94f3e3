//! Scalars read as the shape asks, the same for every text encoding.

use std::borrow::Cow;

use crate::decode::DecodeError;
use crate::quantity;
use crate::table::Shape;
use crate::text;
use crate::value::{Map, Struct, Value};

/// A scalar as an encoding gives it; null is the caller's matter.
pub(crate) enum Scalar<'a> {
    Bool(bool),
    /// The number's text, in JSON's grammar.
    Number(&'a str),
    Text(Cow<'a, str>),
}

impl Scalar<'_> {
    const fn found(&self) -> &'static str {
        match self {
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
        }
    }
}

/// What a shape is called in errors.
pub(crate) fn expected(shape: &Shape) -> String {
    let plain = match shape {
        Shape::String => "string",
        Shape::Bytes => "[]uint8",
        Shape::Bool => "bool",
        Shape::Int32 => "int32",
        Shape::Int64 => "int64",
        Shape::Double => "float64",
        // These read a string themselves.
        Shape::Time | Shape::MicroTime | Shape::Duration => "string",
        Shape::Quantity => "resource.Quantity",
        Shape::IntOrString => "intstr.IntOrString",
        Shape::Object | Shape::Any => "map[string]interface {}",
        Shape::Map(element) => return format!("map[string]{}", expected(element)),
        Shape::List(element) => return format!("[]{}", expected(element)),
        Shape::Struct(ty) => {
            let mut names = ty.name.rsplit('.');
            let name = names.next().unwrap_or_default();
            return names.next().map_or_else(|| name.to_owned(), |version| format!("{version}.{name}"));
        }
    };
    plain.to_owned()
}

/// What is wrong with a text or number that no quantity is written as.
const NO_QUANTITY: &str =
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/// What is wrong with a text that is not base64: where the first character is that cannot be there.
fn no_base64(text: &str) -> DecodeError {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'\r' | b'\n');
    let at = text.bytes().position(|byte| !fits(byte)).unwrap_or(text.len());
    DecodeError::Text(format!("illegal base64 data at input byte {at}"))
}

/// Reads a scalar as `shape`.
pub(crate) fn read(shape: &Shape, scalar: Scalar<'_>) -> Result<Value, DecodeError> {
    let found = scalar.found();
    let mismatch = || DecodeError::mismatch(found, expected(shape));
    let unfit = |number: &str| DecodeError::mismatch(format!("number {number}"), expected(shape));
    let no_quantity = || DecodeError::Text(NO_QUANTITY.to_owned());
    let value = match (shape, scalar) {
        (Shape::Any, Scalar::Bool(truth)) | (Shape::Bool, Scalar::Bool(truth)) => Value::Bool(truth),
        (Shape::Any | Shape::String, Scalar::Text(text)) => Value::String(text.into_owned().into()),
        (Shape::Any, Scalar::Number(number)) => any_number(number).ok_or_else(mismatch)?,
        (Shape::Int32, Scalar::Number(number)) => {
            Value::Int(number.parse::<i32>().map_err(|_| unfit(number))?.into())
        }
        (Shape::Int64, Scalar::Number(number)) => Value::Int(number.parse().map_err(|_| unfit(number))?),
        (Shape::Double, Scalar::Number(number)) => Value::Float(finite(number).ok_or_else(mismatch)?),
        (Shape::IntOrString, Scalar::Text(text)) => Value::String(text.into_owned().into()),
        (Shape::IntOrString, Scalar::Number(number)) => {
            Value::Int(number.parse::<i32>().map_err(|_| mismatch())?.into())
        }
        (Shape::Quantity, Scalar::Text(text)) => {
            Value::String(quantity::canonical(text.trim()).ok_or_else(no_quantity)?)
        }
        (Shape::Quantity, Scalar::Number(number)) => {
            Value::String(quantity::canonical(number).ok_or_else(no_quantity)?)
        }
        (Shape::Bytes, Scalar::Text(text)) => {
            Value::String(text::bytes(&text).ok_or_else(|| no_base64(&text))?)
        }
        (Shape::Time, Scalar::Text(text)) => zero_is_null(text::time(&text).ok_or_else(mismatch)?),
        (Shape::MicroTime, Scalar::Text(text)) => zero_is_null(text::micro_time(&text).ok_or_else(mismatch)?),
        (Shape::Duration, Scalar::Text(text)) => Value::string(text::duration(&text).ok_or_else(mismatch)?),
        _ => return Err(mismatch()),
    };
    Ok(value)
}

/// Go's zero time means that there is none.
fn zero_is_null(text: String) -> Value {
    if text.starts_with("0001-01-01T00:00:00") { Value::Null } else { Value::string(text) }
}

/// A number where any JSON may be: an integer where it is written as one and fits.
fn any_number(number: &str) -> Option<Value> {
    match number.parse() {
        Ok(integer) => Some(Value::Int(integer)),
        Err(_) => finite(number).map(Value::Float),
    }
}

fn finite(number: &str) -> Option<f64> {
    number.parse().ok().filter(|number: &f64| number.is_finite())
}

/// What null means as an element of a list or map: the element's zero value.
pub(crate) fn zero(shape: &Shape) -> Value {
    match shape {
        Shape::String | Shape::Bytes => Value::string(""),
        Shape::Bool => Value::Bool(false),
        Shape::Int32 | Shape::Int64 | Shape::IntOrString => Value::Int(0),
        Shape::Double => Value::Float(0.0),
        Shape::Duration => Value::string("0s"),
        Shape::Quantity => Value::string("0"),
        Shape::Struct(ty) => Value::Struct(Struct::new(ty.clone())),
        Shape::List(_) => Value::List(Vec::new()),
        Shape::Map(_) => Value::Map(Map::new()),
        Shape::Time | Shape::MicroTime | Shape::Any | Shape::Object => Value::Null,
    }
}
