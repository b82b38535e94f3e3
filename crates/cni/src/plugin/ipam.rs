//! Address management by delegation: another plugin is run with the same orders.
//!
//! Source: CNI specification 1.1.0, "Delegated Plugins".

use std::ffi::OsStr;

use crate::exec::{Exec, Order};
use crate::plugin::Call;
use crate::runner::CniError;
use crate::types::{PluginError, Success, code};

/// The plugin named in `ipam.type`; `None`: addresses are somebody else's matter.
fn kind(call: &Call) -> Result<Option<&str>, PluginError> {
    let kind = call.config.pointer("/ipam/type").and_then(|kind| kind.as_str()).unwrap_or_default();
    if kind.contains('/') || matches!(kind, "." | "..") {
        return Err(PluginError::new(code::INVALID_CONFIG, format!("{kind:?} is no IPAM plugin")));
    }
    Ok(Some(kind).filter(|kind| !kind.is_empty()))
}

/// Runs `command`; `None` when there is no IPAM plugin.
pub(crate) async fn delegate(call: &Call, command: &str) -> Result<Option<Success>, PluginError> {
    let Some(kind) = kind(call)? else { return Ok(None) };
    let arguments: Vec<String> = call.arguments.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let order = Order {
        command,
        container_id: &call.container_id,
        netns: OsStr::new(&call.netns),
        interface: &call.interface,
        arguments: arguments.join(";"),
    };
    let exec = Exec { bin_dirs: &call.path };
    let output = exec.run(kind, &order, &call.config).await.map_err(|error| match error {
        CniError::Plugin { code, message, .. } => PluginError::new(code, message),
        other => {
            let sources = std::error::Error::source(&other).map(ToString::to_string).unwrap_or_default();
            PluginError { details: sources, ..PluginError::new(code::INTERNAL, other.to_string()) }
        }
    })?;
    match output {
        Some(output) if command == "ADD" => serde_json::from_value(output).map(Some).map_err(|error| {
            PluginError::new(code::DECODE, format!("result of IPAM plugin {kind}: {error}"))
        }),
        None if command == "ADD" => {
            Err(PluginError::new(code::DECODE, format!("IPAM plugin {kind} gave no result")))
        }
        _ => Ok(Some(Success::default())),
    }
}
