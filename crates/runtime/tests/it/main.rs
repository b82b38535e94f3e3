//! The runtime with real containers: each test has mount and network namespaces, folders and a control group of its
//! own, and leaves none of them. Needs the super-user, and busybox (Debian: busybox-static) for an image.

mod containers;
mod image;
mod node;
mod recovery;
mod streaming;
