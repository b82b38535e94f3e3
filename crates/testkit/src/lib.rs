//! What end-to-end tests and the demo stand on: a cluster in one call, the real kubectl, images built from nothing.
//!
//! It never links the product: it runs the `mizzen` executable as a user would, and removes what it started, also
//! when a test panics. Start at [`Cluster`].

pub mod archive;
mod cluster;
mod containers;
mod etcd;
mod kubectl;
mod tools;
mod traces;
mod wait;

pub use cluster::{Cluster, Options};
pub use containers::{busybox_image, busybox_layer, testserver, testserver_image};
pub use etcd::Etcd;
pub use kubectl::{Kubectl, Said};
pub use tools::{free_port, mizzen, root, run, start_bound};
pub use traces::Traces;
pub use wait::{eventually, eventually_within, patience};
