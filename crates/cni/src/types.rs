//! The specification's documents: results, errors, versions.
//!
//! Results are held in the form of version 1.1.0 and written in the form of whatever version is asked for.
//! Source: CNI specification 1.1.0, "ADD Success", "Error", "Version Negotiation".

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Versions spoken, oldest first.
pub(crate) const VERSIONS: [&str; 5] = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];

/// Whether `version` is spoken here and at least `least` (one of [`VERSIONS`]).
pub(crate) fn at_least(version: &str, least: &str) -> bool {
    let at = |version| VERSIONS.iter().position(|known| *known == version);
    at(version).is_some_and(|version| Some(version) >= at(least))
}

/// The specification's error codes, as far as they are used here.
pub(crate) mod code {
    pub(crate) const INCOMPATIBLE_VERSION: u32 = 1;
    pub(crate) const UNSUPPORTED_FIELD: u32 = 2;
    pub(crate) const INVALID_ENVIRONMENT: u32 = 4;
    pub(crate) const IO: u32 = 5;
    pub(crate) const DECODE: u32 = 6;
    pub(crate) const INVALID_CONFIG: u32 = 7;
    pub(crate) const PLUGIN_NOT_AVAILABLE: u32 = 50;
    pub(crate) const INTERNAL: u32 = 999;
    /// Codes from here on are a plugin's own; ours for "CHECK found it otherwise".
    pub(crate) const CHECK: u32 = 100;
}

/// A plugin's failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{msg} ({code}){}{details}", if details.is_empty() { "" } else { ": " })]
pub(crate) struct PluginError {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) cni_version: String,
    #[serde(default)]
    pub(crate) code: u32,
    #[serde(default)]
    pub(crate) msg: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) details: String,
}

impl PluginError {
    pub(crate) fn new(code: u32, msg: impl Into<String>) -> Self {
        Self { cni_version: String::new(), code, msg: msg.into(), details: String::new() }
    }

    /// Something that the kernel or disk refused.
    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        let sources = std::iter::successors(error.source(), |error| error.source());
        let details = sources.map(ToString::to_string).collect::<Vec<_>>().join(": ");
        Self { details, ..Self::new(code::INTERNAL, error.to_string()) }
    }
}

macro_rules! internal {
    ($($kind:ty),*) => {$(
        impl From<$kind> for PluginError {
            fn from(error: $kind) -> Self {
                Self::internal(&error)
            }
        }
    )*};
}
internal!(mizzen_kernel::net::NetError, mizzen_kernel::netns::NetNsError, mizzen_kernel::nft::NftError);

impl From<std::io::Error> for PluginError {
    fn from(error: std::io::Error) -> Self {
        Self::new(code::IO, error.to_string())
    }
}

/// What ADD gives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Success {
    #[serde(default)]
    pub(crate) cni_version: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_empty")]
    pub(crate) interfaces: Vec<Interface>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_empty")]
    pub(crate) ips: Vec<Ip>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_empty")]
    pub(crate) routes: Vec<Route>,
    #[serde(default)]
    pub(crate) dns: Dns,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Interface {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) mac: String,
    /// Since 1.1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) mtu: Option<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) sandbox: String,
    /// What is not known here goes through.
    #[serde(flatten)]
    pub(crate) other: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ip {
    /// `4` or `6`; only before 1.0.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) interface: Option<usize>,
    /// The address with its prefix length, not the network.
    pub(crate) address: IpNet,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) gateway: Option<IpAddr>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Route {
    pub(crate) dst: IpNet,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) gw: Option<IpAddr>,
    #[serde(flatten)]
    pub(crate) other: Map<String, Value>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dns {
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_empty")]
    pub(crate) nameservers: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) domain: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_empty")]
    pub(crate) search: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_empty")]
    pub(crate) options: Vec<String>,
}

/// Plugins written in Go print empty lists as `null`.
pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

impl Success {
    /// In the form of `version`.
    pub(crate) fn in_version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.cni_version);
        let marked = !at_least(version, "1.0.0");
        for ip in &mut self.ips {
            let family = if ip.address.addr().is_ipv4() { "4" } else { "6" };
            ip.version = marked.then(|| family.to_owned());
        }
        if !at_least(version, "1.1.0") {
            for interface in &mut self.interfaces {
                interface.mtu = None;
                interface.other.clear();
            }
            for route in &mut self.routes {
                route.other.clear();
            }
        }
        self
    }

    /// Addresses of the interfaces that lie in a sandbox (or are not said to lie anywhere).
    pub(crate) fn sandbox_ips(&self) -> impl Iterator<Item = &Ip> {
        self.ips.iter().filter(|ip| match ip.interface.and_then(|at| self.interfaces.get(at)) {
            Some(interface) => !interface.sandbox.is_empty(),
            None => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        let check =
            |version, least, expect| assert_eq!(at_least(version, least), expect, "{version} {least}");
        check("1.0.0", "0.4.0", true);
        check("0.3.1", "0.4.0", false);
        check("0.2.0", "0.3.0", false);
        check("2.0.0", "0.3.0", false);
    }

    #[test]
    fn results_take_each_versions_form() {
        let text = r#"{"cniVersion":"1.0.0","interfaces":[{"name":"br"},{"name":"eth0","sandbox":"/x"}],
            "ips":[{"address":"10.1.0.2/24","gateway":"10.1.0.1","interface":1},
                   {"address":"10.1.0.1/24","interface":0}],
            "routes":null,"dns":{}}"#;
        let result: Success = serde_json::from_str(text).unwrap();
        let ips: Vec<String> = result.sandbox_ips().map(|ip| ip.address.to_string()).collect();
        assert_eq!(ips, ["10.1.0.2/24"]);
        let old = serde_json::to_value(result.clone().in_version("0.4.0")).unwrap();
        assert_eq!((&old["cniVersion"], &old["ips"][0]["version"]), (&"0.4.0".into(), &"4".into()));
        let new = serde_json::to_value(result.in_version("1.0.0")).unwrap();
        assert_eq!(new["ips"][0].get("version"), None);
    }
}
