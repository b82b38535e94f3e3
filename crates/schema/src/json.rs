//! JSON in and out of the tree, in one pass.

use crate::decode::{DecodeError, Decoded, Options};
use crate::table::{Shape, TypeRef};
use crate::value::Value;

/// Reads an object of type `ty`. Field names match exactly; a wrong type of value is an error with its path.
pub fn decode(_bytes: &[u8], _ty: &TypeRef, _options: &Options) -> Result<Decoded, DecodeError> {
    todo!()
}

/// Reads a value of any shape ([`Shape::Any`] for free-form JSON).
pub fn decode_shape(_bytes: &[u8], _shape: &Shape, _options: &Options) -> Result<Decoded, DecodeError> {
    todo!()
}

/// Appends `value` as Kubernetes prints it: fields in the type's order, zero values by [`crate::table::Presence`],
/// maps sorted, no spaces, HTML characters escaped as Go does (`\u003c`).
pub fn encode(_value: &Value, _out: &mut Vec<u8>) {
    todo!()
}

/// A free-form tree (maps, no structs) read as type `ty`: what a JSON decode of its text would give.
pub fn retype(_value: Value, _ty: &TypeRef, _options: &Options) -> Result<Decoded, DecodeError> {
    todo!()
}
