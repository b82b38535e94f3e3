//! Kubernetes' protobuf: the `k8s\0` envelope and the messages of built-in types.
//!
//! Messages follow what gogo's generator writes for Kubernetes' types: fields ascending by tag, values that are no
//! pointers always written, maps sorted, unknown fields passed over.

mod read;
mod wire;
mod write;

pub use write::encode;

use crate::decode::{DecodeError, Decoded, Options};
use crate::table::TypeRef;
use wire::{Payload, Reader, push_bytes};

/// What envelopes begin with.
pub const MAGIC: &[u8; 4] = b"k8s\0";

/// What the envelope says of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeMeta {
    /// `apps/v1`.
    pub api_version: String,
    /// `Deployment`.
    pub kind: String,
}

/// Splits an envelope (`k8s\0` + `runtime.Unknown`) into its type header and the message's bytes.
pub fn unwrap(bytes: &[u8]) -> Result<(TypeMeta, &[u8]), DecodeError> {
    let Some(unknown) = bytes.strip_prefix(MAGIC) else {
        return Err(DecodeError::syntax("provided data does not appear to be a protobuf message", 0));
    };
    let mut meta = TypeMeta { api_version: String::new(), kind: String::new() };
    let mut message: &[u8] = &[];
    let mut reader = Reader::new(unknown);
    while let Some((tag, payload)) = reader.next()? {
        match (tag, payload) {
            (1, Payload::Bytes(header)) => {
                let mut reader = Reader::new(header);
                while let Some((tag, payload)) = reader.next()? {
                    match (tag, payload) {
                        (1, Payload::Bytes(text)) => meta.api_version = utf8(text)?.to_owned(),
                        (2, Payload::Bytes(text)) => meta.kind = utf8(text)?.to_owned(),
                        _ => {}
                    }
                }
            }
            (2, Payload::Bytes(raw)) => message = raw,
            _ => {}
        }
    }
    Ok((meta, message))
}

/// Appends an envelope around `message`.
pub fn wrap(meta: &TypeMeta, message: &[u8], out: &mut Vec<u8>) {
    let mut header = Vec::with_capacity(meta.api_version.len() + meta.kind.len() + 4);
    push_bytes(1, meta.api_version.as_bytes(), &mut header);
    push_bytes(2, meta.kind.as_bytes(), &mut header);
    out.extend_from_slice(MAGIC);
    push_bytes(1, &header, out);
    push_bytes(2, message, out);
    // No content encoding; the content type is protobuf's own.
    push_bytes(3, b"", out);
    push_bytes(4, b"", out);
}

/// Reads a bare message of type `ty`.
pub fn decode(message: &[u8], ty: &TypeRef, options: &Options) -> Result<Decoded, DecodeError> {
    read::message(message, ty, options)
}

fn utf8(bytes: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(bytes).map_err(|error| DecodeError::Utf8 { at: error.valid_up_to() })
}

#[cfg(test)]
mod tests;
