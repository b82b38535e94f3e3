//! The runtime's side: finds the network configuration and runs its plugins.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// What to attach.
#[derive(Debug, Clone, Default)]
pub struct Attachment {
    /// The sandbox's id.
    pub container_id: String,
    /// A path that opens as the network namespace: `/proc/PID/ns/net`.
    pub netns: PathBuf,
    /// `K8S_POD_NAMESPACE`.
    pub pod_namespace: String,
    /// `K8S_POD_NAME`.
    pub pod_name: String,
    /// `K8S_POD_UID`.
    pub pod_uid: String,
    /// Host ports.
    pub port_mappings: Vec<PortMapping>,
}

/// A host port that leads to a pod's.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PortMapping {
    /// On the node.
    pub host_port: u16,
    /// In the pod.
    pub container_port: u16,
    /// `tcp`, `udp`, `sctp`.
    pub protocol: String,
    /// Only on this address of the node; empty: all.
    #[serde(default, rename = "hostIP", skip_serializing_if = "String::is_empty")]
    pub host_ip: String,
}

/// What an attachment got.
#[derive(Debug, Clone, Default)]
pub struct NetworkResult {
    /// Addresses of `eth0`, in the order of the ranges.
    pub addresses: Vec<IpAddr>,
}

/// Why a network could not be attached.
#[derive(Debug, thiserror::Error)]
pub enum CniError {
    /// There is no network configuration: the node is not ready.
    #[error("cni config uninitialized: no network configuration in {0}")]
    NoConfig(PathBuf),
    /// A configuration is malformed.
    #[error("network configuration {path}: {message}")]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
    },
    /// A plugin failed: its own code and words.
    #[error("plugin {plugin} failed ({code}): {message}")]
    Plugin {
        /// Which.
        plugin: String,
        /// The specification's error code.
        code: u32,
        /// Its words.
        message: String,
    },
    /// A plugin could not be run.
    #[error("run plugin {plugin}")]
    Run {
        /// Which.
        plugin: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Runs the plugins of the first configuration in a folder (by file name), read anew when it changes.
#[derive(Debug, Clone)]
pub struct Runner {}

impl Runner {
    /// `config_dir` holds `*.conflist`, `bin_dirs` the plugins, `cache_dir` the results that DEL needs (also after a
    /// restart).
    pub fn new(_config_dir: &Path, _bin_dirs: &[PathBuf], _cache_dir: &Path) -> Self {
        todo!()
    }

    /// Whether a network configuration is there.
    pub fn ready(&self) -> Result<(), CniError> {
        todo!()
    }

    /// Attaches `lo` and `eth0`.
    pub async fn add(&self, _attachment: &Attachment) -> Result<NetworkResult, CniError> {
        todo!()
    }

    /// Detaches; fine when it is not attached (any more), or the namespace is gone.
    pub async fn delete(&self, _attachment: &Attachment) -> Result<(), CniError> {
        todo!()
    }
}

/// Writes the configuration of the built-in bridge network for this pod range, as `10-mizzen.conflist` in
/// `config_dir`, by rename.
pub fn write_bridge_config(_config_dir: &Path, _pod_cidr: &str, _mtu: Option<u32>) -> Result<(), CniError> {
    todo!()
}
