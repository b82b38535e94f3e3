//! Kubernetes' protobuf: the `k8s\0` envelope and the messages of built-in types.

use crate::decode::{DecodeError, Decoded, Options};
use crate::table::TypeRef;
use crate::value::Value;

/// What the envelope says of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeMeta {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
}

/// Splits an envelope (`k8s\0` + `runtime.Unknown`) into its type header and the message's bytes.
pub fn unwrap(_bytes: &[u8]) -> Result<(TypeMeta, &[u8]), DecodeError> {
    todo!()
}

/// Appends an envelope around `message`.
pub fn wrap(_meta: &TypeMeta, _message: &[u8], _out: &mut Vec<u8>) {
    todo!()
}

/// Reads a bare message of type `ty`.
pub fn decode(_message: &[u8], _ty: &TypeRef, _options: &Options) -> Result<Decoded, DecodeError> {
    todo!()
}

/// Appends the bare message of a struct value; `kind` and `apiVersion` are not part of it.
pub fn encode(_value: &Value, _out: &mut Vec<u8>) {
    todo!()
}
