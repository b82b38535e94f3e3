//! The engine that keeps everything in an etcd cluster (3.4 or newer), which several API servers may share.
//!
//! [`connect`] opens the connections, [`store`] makes requests, [`feed`] follows one watch of the whole key space and
//! hands its changes to the rings that all watches of this process share ([`crate::watch`]), [`history`] reads what
//! those have dropped, [`convert`] and [`error`] translate.
//!
//! **One watch.** Every revision changes some key, so a watch of all keys tells each revision there is, in order: that
//! it has come to revision N is known as soon as it has delivered N. Asking etcd for progress could not be relied on:
//! before 3.4.25 and 3.5.8 the answer overtakes events. A connection that is lost is made again, and the watch goes on
//! behind the last revision that was whole; what others write outside the API server's prefix passes through unseen.
//!
//! **Bounds.** Nothing is buffered for a slow watch but the ring of its range; it then reads history, in parts of about
//! [`history::PART_BYTES_MAX`] bytes, each through a stream of its own that is read to its end. The feed never waits for
//! anyone, so that it never holds up the connection's flow control. Ranges are read in pages, a message has at most
//! [`connect::MESSAGE_BYTES_MAX`].
//!
//! **Failures.** A read is tried again until [`EtcdConfig::request_timeout`]; a write only when it certainly never
//! reached a server, otherwise its outcome is unknown and [`StoreError::Unavailable`](crate::StoreError) says so.

mod config;
mod connect;
mod convert;
mod error;
mod feed;
mod history;
mod store;

pub use config::{EtcdConfig, EtcdTls};
pub use error::EtcdOpenError;
pub use store::EtcdStore;
