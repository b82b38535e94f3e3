//! The revisioned key-value store: one trait with etcd v3's semantics, and its engines.
//!
//! A store orders all writes into revisions: each successful transaction takes the next one.
//! Reads may ask for any kept revision, watches for the events after one.
//! This crate knows nothing of Kubernetes: keys and values are bytes. It may not depend on any other crate
//! of the workspace. Start at [`Store`].
//!
//! - [`MemoryStore`]: nothing outlives it.
//! - [`EmbeddedStore`]: the same index above an append-only log.
//! - [`EtcdStore`]: an etcd cluster, shared by several API servers (`etcd/mod.rs` says how).
//!
//! # Limits
//! A transaction has at most [`TXN_BYTES_MAX`] bytes of keys and values, [`ENTRY_OVERHEAD`] counted beside
//! each condition and write. What waits for the disk is bounded (32 MiB): further writers wait before they
//! are judged. A watch costs no buffer of its own; see [`Watch`] for what happens to a slow one. History is
//! bounded by [`Retention`].
//!
//! # Files of the embedded engine
//! A directory, locked by `flock` on `LOCK`, holds at most one checkpoint `checkpoint-N` and the logs `log-N`,
//! `log-N+1`, … (16 hexadecimal digits; without a checkpoint they begin at 1). Only the last log is written
//! to; each start begins a new one. `checkpoint-N` is what all logs below N led to; it is written as
//! `checkpoint-N.tmp`, synced, renamed, and after a sync of the directory what it replaces is removed. Numbers
//! are little-endian.
//!
//! A file begins with 32 bytes: `mizzenst`, format version (1), kind (1 log, 2 checkpoint), two zeros,
//! CRC-32C of the header (with itself as zero), u64 N, u64 length of the log before it. Then come frames, at
//! multiples of 8, each a batch that is read whole or not at all:
//!
//! | bytes | |
//! |---|---|
//! | 4 | `f7 6d 7a 1d` |
//! | 4 | length of the payload |
//! | 4 | CRC-32C over N, the frame's offset, and the frame but these four bytes |
//! | 4 | zero |
//! | 8 | how much of this file was durable when the frame was written |
//! | … | records, then zeros up to a multiple of 8 |
//!
//! A record is a tag and its fields; byte strings have a u32 length before them:
//!
//! | tag | record | fields |
//! |---|---|---|
//! | 1 | transaction | u64 revision, u32 count of writes: 1 put (key, i64 lease or 0, value), 2 delete (key) |
//! | 2 | lease granted | i64 id, i64 seconds |
//! | 3 | lease ended | i64 id |
//! | 4 | lease numbers used | i64 next |
//! | 5 | revisions reserved | u64 up to |
//! | 6 | history forgotten | u64 oldest kept |
//! | 7 | gap | u64 after, u64 until: the revisions between are never used |
//! | 8 | closed | |
//! | 16 | version (checkpoint) | key, u64 revision, u64 creation, u64 version (0 deleted), i64 lease, value |
//! | 17 | order (checkpoint) | u64 revision, u32 count, keys |
//! | 18 | end (checkpoint) | u64 newest, u64 oldest, u64 count of versions |
//!
//! **Durability.** A revision becomes visible when its frame is synced; one of class [`Durability::Logged`]
//! when its frame is written and it lies below a durable reservation. At a start after an unclean stop (the
//! last record is not *closed*) a gap up to the reservation is written first, so that no revision that
//! anyone may have seen is used again.
//!
//! **Damage.** Bytes of the last log that are no frame are a torn tail, and cut off, unless a later frame says
//! that they had been durable: then, and anywhere else, they are damage and the store does not open. A file
//! that is cut short at its end cannot be told from one that was never written further.
//!
//! **Versions.** A new writer always begins new files, so one directory may hold files of several versions. A
//! reader takes every version up to its own and refuses newer ones by name; a record that its file's version
//! does not know is damage. Any change of the format, a new tag too, raises the version. Version 1 is the
//! first: nothing older exists.

mod api;
mod chance;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod core;
mod embedded;
mod etcd;
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
pub use etcd::{EtcdConfig, EtcdOpenError, EtcdStore, EtcdTls};
pub use memory::MemoryStore;
pub use txn::{ENTRY_OVERHEAD, TXN_BYTES_MAX};
