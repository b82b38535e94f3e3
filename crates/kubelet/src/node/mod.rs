//! The Node object: registered, kept up to date, and its lease renewed.

pub(crate) mod classes;
pub(crate) mod conditions;
pub(crate) mod disk;
pub(crate) mod lease;
pub(crate) mod machine;
pub(crate) mod register;
pub(crate) mod report;
pub(crate) mod status;
