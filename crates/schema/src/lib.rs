//! What a type is: the generated tables of every built-in kind, and the tree of values over them.
//!
//! [`table`] describes types (fields with JSON name, protobuf tag, list type, merge key, default, docs);
//! [`value`] is an object in flight: a tree whose structs know their type, so that decoding, defaulting,
//! patching, validation and encoding are walks with the schema at hand.
//! Codecs turn bytes into trees and back: JSON, YAML, CBOR and protobuf.
//! This crate may not know HTTP, storage or any kind by name. Start at [`table::Type`].

mod build;
pub mod builtin;
pub mod cbor;
pub mod decode;
// Statics only, wide ones: formatting would take a line for every argument.
#[rustfmt::skip]
pub mod generated;
pub mod json;
pub mod protobuf;
pub mod quantity;
mod resources;
mod scalar;
pub mod structural;
pub mod table;
mod tables;
pub mod text;
pub mod typed;
pub mod value;
pub mod yaml;
