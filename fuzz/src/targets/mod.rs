//! The targets, by who reads.

pub(crate) mod machinery;
pub(crate) mod node;
pub(crate) mod schema;
pub(crate) mod server;
