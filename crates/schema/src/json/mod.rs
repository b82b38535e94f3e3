//! JSON in and out of the tree, in one pass.

mod encode;
mod read;
mod retype;
mod scan;

pub use encode::encode;
pub use retype::{retype, retype_custom};

use crate::decode::{DecodeError, Decoded, Options};
use crate::table::{Shape, TypeRef, WireForm};
use crate::value::Value;

pub(crate) use retype::retype_shape;

/// Reads an object of type `ty`. Field names match exactly; a wrong type of value is an error with its path.
pub fn decode(bytes: &[u8], ty: &TypeRef, options: &Options) -> Result<Decoded, DecodeError> {
    read::document(bytes, &Shape::Struct(ty.clone()), WireForm::Plain, options)
}

/// Deeper than any decoder lets objects be, with their list around them.
const DEPTH_MAX: usize = 1000;

/// A value as its JSON has it: free-form, without what JSON leaves out. For encodings that follow JSON's names.
pub(crate) fn plain(value: &Value) -> Value {
    let mut text = Vec::with_capacity(1024);
    encode(value, &mut text);
    let options = Options { depth_max: DEPTH_MAX, strict: false };
    decode_shape(&text, &Shape::Any, &options).map_or(Value::Null, |decoded| decoded.value)
}

/// Reads a value of any shape ([`Shape::Any`] for free-form JSON).
pub fn decode_shape(bytes: &[u8], shape: &Shape, options: &Options) -> Result<Decoded, DecodeError> {
    read::document(bytes, shape, WireForm::Plain, options)
}

/// The type behind the forms that are a JSON schema or something else.
pub(crate) fn schema_type() -> TypeRef {
    TypeRef::Static(&crate::generated::apiextensions_v1::JSON_SCHEMA_PROPS)
}

/// The shape of a form that is a JSON schema or something else, once it is seen to be a list.
pub(crate) static STRINGS: Shape = Shape::List(crate::table::Element::Static(&Shape::String));

/// The same, of schemas.
pub(crate) static SCHEMAS: Shape = Shape::List(crate::table::Element::Static(&Shape::Struct(
    TypeRef::Static(&crate::generated::apiextensions_v1::JSON_SCHEMA_PROPS),
)));

#[cfg(test)]
mod tests;
