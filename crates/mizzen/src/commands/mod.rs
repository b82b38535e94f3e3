//! The subcommands, a file each.

pub(crate) mod apiserver;
pub(crate) mod components;
pub(crate) mod down;
pub(crate) mod image;
pub(crate) mod kubelet;
pub(crate) mod status;
pub(crate) mod up;
