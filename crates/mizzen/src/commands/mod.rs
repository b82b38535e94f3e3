//! The subcommands, a file each.

pub(crate) mod apiserver;
pub(crate) mod components;
pub(crate) mod controller_manager;
pub(crate) mod dns;
pub(crate) mod down;
pub(crate) mod image;
pub(crate) mod kubelet;
pub(crate) mod proxy;
pub(crate) mod scheduler;
pub(crate) mod serving;
pub(crate) mod status;
pub(crate) mod up;
