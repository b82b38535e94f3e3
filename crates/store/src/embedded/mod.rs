//! The durable engine: an append-only log under the in-memory index.

mod checkpoint;
mod disk;
mod engine;
mod flusher;
mod frame;
mod log;
mod record;
mod recover;
mod simulated;
mod store;

pub use disk::{Directory, Disk, DiskFile};
pub use recover::OpenError;
pub use simulated::{SimDisk, Survives};
pub use store::{Config, EmbeddedStore, Retention};
