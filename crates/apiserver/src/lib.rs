//! The API server: HTTP filters, the generic REST engine, admission, watch cache, discovery and OpenAPI.
//!
//! It joins schema, machinery and store; it is the only component that sees a store.
//! No kind has a handler of its own: a kind is a row of the schema table and a small strategy.
//! Start at [`attributes`] for what a request is, and [`status`] for how it fails.

pub mod action;
pub mod actions;
pub mod admission;
pub mod allocate;
pub mod attributes;
pub mod authn;
pub mod authz;
pub mod bootstrap;
pub mod connect;
pub mod discovery;
pub mod openapi;
pub mod status;
pub mod table;
