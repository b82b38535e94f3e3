//! The Container Runtime Interface: client and server halves of the same gRPC, and the streaming protocols beside it.
//!
//! Start at [`connect`] for a kubelet's side, [`streaming`] for a runtime's exec, attach and port-forward server.

pub use k8s_cri::v1;

pub mod streaming;
