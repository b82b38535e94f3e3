//! The Container Network Interface: runs any standard plugin, and brings bridge, host-local, portmap, loopback.
//!
//! A plugin is an executable that gets its orders by environment and standard input (CNI specification 1.0.0).
//! Start at [`Runner`] for the runtime's side, and [`plugin_main`] for the plugins'.

mod runner;

pub use runner::{Attachment, CniError, NetworkResult, PortMapping, Runner, write_bridge_config};

/// Runs as the plugin called `name` (`bridge`, `host-local`, `portmap`, `loopback`, `bandwidth`), reading its orders
/// from the environment and standard input; gives the exit code. `None`: no plugin of that name.
pub fn plugin_main(_name: &str) -> Option<i32> {
    todo!()
}
