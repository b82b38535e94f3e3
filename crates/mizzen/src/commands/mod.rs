//! The subcommands, a file each.

pub(crate) mod down;
pub(crate) mod image;
pub(crate) mod status;
pub(crate) mod up;
