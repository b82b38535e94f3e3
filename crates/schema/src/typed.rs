//! Between the tree and k8s-openapi's structs, by serde, without going through text.

use serde::{Serialize, de::DeserializeOwned};

use crate::table::TypeRef;
use crate::value::Value;

/// Why a tree and a struct do not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TypedError(pub String);

/// A struct out of a tree.
pub fn from_value<T: DeserializeOwned>(_value: &Value) -> Result<T, TypedError> {
    todo!()
}

/// A tree of type `ty` out of a struct.
pub fn to_value<T: Serialize>(_typed: &T, _ty: &TypeRef) -> Result<Value, TypedError> {
    todo!()
}
