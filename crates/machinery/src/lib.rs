//! What can be done to an object: quantities, selectors, patches, server-side apply, defaulting, validation,
//! conversion.
//!
//! Pure functions over [`mizzen_schema::value::Value`] trees: nothing here waits, reads a clock, or knows of HTTP
//! or a store. Start at [`patch`], [`apply`], [`default`], [`validate`].

pub mod apply;
pub mod convert;
pub mod custom;
pub mod default;
mod edit;
pub mod field;
pub mod gated;
pub mod meta;
pub mod name;
pub mod patch;
pub mod qos;
pub mod quantity;
pub mod selector;
mod tree;
pub mod validate;
