//! The revisioned key-value store: one trait with etcd v3's semantics, and its engines.
//!
//! A store orders all writes into revisions: each successful transaction takes the next one.
//! Reads may ask for any kept revision, watches for the events after one.
//! This crate knows nothing of Kubernetes: keys and values are bytes. It may not depend on any other crate
//! of the workspace. Start at [`Store`].

mod api;
mod chance;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod core;
mod embedded;
mod index;
mod lease;
mod memory;
mod sync;
#[cfg(test)]
mod tests;
mod txn;
mod watch;

pub use api::*;
pub use embedded::{
    Config, Directory, Disk, DiskFile, EmbeddedStore, OpenError, Retention, SimDisk, Survives,
};
pub use memory::MemoryStore;
pub use txn::{ENTRY_OVERHEAD, TXN_BYTES_MAX};
