//! What the node asks of the Linux kernel, as safe functions.
//!
//! Namespaces and processes ([`namespace`], [`process`]), mounts by file descriptor ([`mount`]), paths inside a root
//! that somebody hostile may own ([`path`]), control groups of either version ([`cgroup`]), and what is taken from a
//! process before it runs somebody else's program ([`caps`], [`seccomp`], [`apparmor`], [`limits`]); links, addresses and routes
//! ([`net`]), sockets and threads in another network namespace ([`netns`]), packet rules ([`nft`]).
//!
//! This crate and the shim are the only ones with `unsafe`; each block says why it is needed and why it holds.
//! Nothing here knows of containers, pods or Kubernetes. The kernel must be Linux 5.6 or newer (openat2, pidfds, the
//! mount API by file descriptor); what came later is used where it is there.

pub mod apparmor;
pub mod caps;
pub mod cgroup;
#[cfg(feature = "net")]
pub mod conntrack;
mod error;
pub mod limits;
pub mod mount;
pub mod namespace;
#[cfg(feature = "net")]
pub mod net;
#[cfg(feature = "net")]
pub mod netns;
#[cfg(feature = "net")]
pub mod nft;
pub mod path;
pub mod process;
pub mod seccomp;
pub mod signal;
pub mod socket;
pub mod terminal;

pub use error::{Error, Result};

pub(crate) use error::Context;
