//! CBOR (RFC 8949) in and out of the tree, by the conventions of KEP-4222.
//!
//! An object is enclosed in the tag of self-described CBOR. Strings and names go as byte strings, bytes as byte
//! strings that are expected to become base64 (tag 22), keys sorted by their encoding, numbers in their shortest
//! form: equal objects have equal bytes. What is read may be any valid CBOR that JSON could say as well.

mod read;
mod write;

pub use read::{decode, decode_shape};
pub use write::{encode, encode_event};

/// The head of the tag 55799, which starts every object.
pub const PREFIX: &[u8] = &[0xd9, 0xd9, 0xf7];

#[cfg(test)]
mod tests;
