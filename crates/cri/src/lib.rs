//! The Container Runtime Interface: client and server halves of the same gRPC, and the streaming protocols beside it.
//!
//! Start at [`connect`] for a kubelet's side, [`streaming`] for a runtime's exec, attach and port-forward server.

mod client;
pub mod streaming;

pub use client::{Clients, ConnectError, connect};
pub use k8s_cri::v1;
