//! The embedded container runtime behind CRI: images, sandboxes, containers, streaming.
//!
//! It knows no Kubernetes API object: only CRI, the OCI image and runtime specifications, and the kernel.

pub mod images;
