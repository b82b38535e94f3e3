//! The Container Network Interface: runs any standard plugin, and brings bridge, host-local, portmap,
//! bandwidth, loopback.
//!
//! A plugin is an executable that gets its orders by environment and standard input (CNI specification
//! 1.1.0). Start at [`Runner`] for the runtime's side, and [`plugin_main`] for the plugins'.

mod cache;
mod config;
mod exec;
mod plugin;
mod runner;
mod types;

pub use plugin::{NAMES, plugin_main};
pub use runner::{Attachment, Bandwidth, CniError, NetworkResult, PortMapping, Runner, write_bridge_config};
