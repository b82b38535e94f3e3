//! The runtime's side: finds the network configuration and runs its plugins.
//!
//! Results are kept on disk in libcni's form (`cniCacheV1`), with the configuration that made them, so that
//! DEL undoes what ADD did also after a restart and after the configuration changed.
//! Source: CNI specification 1.1.0, "Execution Protocol", "Lifecycle & Ordering"; Kubernetes' conventions for
//! `CNI_ARGS` and capabilities.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mizzen_kernel::net::Net;
use mizzen_kernel::netns::{NetNs, NetNsError};
use serde_json::{Map, Value};
use tracing::{debug, warn};

use crate::cache::{Cache, Cached};
use crate::config::Network;
use crate::exec::{Exec, Order};
use crate::types::{PluginError, Success, code};

/// The interface that a pod gets.
const INTERFACE: &str = "eth0";

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
    /// Limits of the pod's traffic.
    pub bandwidth: Option<Bandwidth>,
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

/// Limits in bits a second and bits; 0 for none. From the annotations `kubernetes.io/ingress-bandwidth` and
/// `kubernetes.io/egress-bandwidth`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Bandwidth {
    /// Into the pod.
    pub ingress_rate: u64,
    /// At once.
    pub ingress_burst: u64,
    /// Out of the pod.
    pub egress_rate: u64,
    /// At once.
    pub egress_burst: u64,
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

impl CniError {
    pub(crate) fn plugin(plugin: &str, error: PluginError) -> Self {
        let details = if error.details.is_empty() { String::new() } else { format!(": {}", error.details) };
        let message = format!("{}{details}", error.msg);
        Self::Plugin { plugin: plugin.to_owned(), code: error.code, message }
    }
}

/// Runs the plugins of the first configuration in a folder (by file name), read anew each time.
///
/// Operations on different attachments may run side by side; those on one must not.
#[derive(Debug, Clone)]
pub struct Runner(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config_dir: PathBuf,
    bin_dirs: Vec<PathBuf>,
    cache: Cache,
}

/// One attachment in the plugins' terms.
struct Target {
    container_id: String,
    netns: OsString,
    arguments: Vec<(String, String)>,
    capabilities: Map<String, Value>,
}

impl Attachment {
    fn target(&self) -> Result<Target, CniError> {
        let invalid = |what: &str| {
            let message = format!("{what} is not fit for a plugin's arguments");
            CniError::plugin("runtime", PluginError::new(code::INVALID_ENVIRONMENT, message))
        };
        if !crate::config::valid_name(&self.container_id) {
            return Err(invalid("the container's id"));
        }
        let mut arguments = vec![("IgnoreUnknown".to_owned(), "1".to_owned())];
        for (key, value) in [
            ("K8S_POD_NAMESPACE", &self.pod_namespace),
            ("K8S_POD_NAME", &self.pod_name),
            ("K8S_POD_INFRA_CONTAINER_ID", &self.container_id),
            ("K8S_POD_UID", &self.pod_uid),
        ] {
            // Separators in a value would be arguments of their own.
            if value.contains([';', '=', '\0']) {
                return Err(invalid(key));
            }
            arguments.push((key.to_owned(), value.clone()));
        }
        let mut capabilities = Map::new();
        let mappings: Vec<&PortMapping> =
            self.port_mappings.iter().filter(|mapping| mapping.host_port != 0).collect();
        if !mappings.is_empty() {
            capabilities.insert("portMappings".to_owned(), serde_json::json!(mappings));
        }
        if let Some(bandwidth) = self.bandwidth {
            capabilities.insert("bandwidth".to_owned(), serde_json::json!(bandwidth));
        }
        Ok(Target {
            container_id: self.container_id.clone(),
            netns: self.netns.clone().into_os_string(),
            arguments,
            capabilities,
        })
    }
}

impl Target {
    fn order<'a>(&'a self, command: &'a str) -> Order<'a> {
        Order {
            command,
            container_id: &self.container_id,
            netns: &self.netns,
            interface: INTERFACE,
            arguments: self
                .arguments
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect::<Vec<_>>()
                .join(";"),
        }
    }

    fn cached(&self, network: &Network, result: Option<Value>) -> Cached {
        Cached {
            container_id: self.container_id.clone(),
            interface: INTERFACE.to_owned(),
            network: network.name.clone(),
            config: network.bytes.clone(),
            arguments: self.arguments.clone(),
            capabilities: self.capabilities.clone(),
            result,
        }
    }

    /// An attachment as it was made, out of the cache; only its namespace is today's.
    fn from_cache(cached: &Cached, netns: OsString) -> Self {
        Self {
            container_id: cached.container_id.clone(),
            netns,
            arguments: cached.arguments.clone(),
            capabilities: cached.capabilities.clone(),
        }
    }
}

impl Runner {
    /// `config_dir` holds `*.conflist`, `bin_dirs` the plugins, `cache_dir` the results that DEL needs (also
    /// after a restart).
    pub fn new(config_dir: &Path, bin_dirs: &[PathBuf], cache_dir: &Path) -> Self {
        Self(Arc::new(Inner {
            config_dir: config_dir.to_owned(),
            bin_dirs: bin_dirs.to_owned(),
            cache: Cache::new(cache_dir),
        }))
    }

    fn exec(&self) -> Exec<'_> {
        Exec { bin_dirs: &self.0.bin_dirs }
    }

    /// Whether a network configuration is there, with its plugins.
    pub fn ready(&self) -> Result<(), CniError> {
        let network = Network::first_in(&self.0.config_dir)?;
        for plugin in &network.plugins {
            let path = self.exec().find(&plugin.kind)?;
            let mode = std::fs::metadata(&path)
                .map_err(|source| CniError::Run { plugin: plugin.kind.clone(), source })?
                .permissions()
                .mode();
            if mode & 0o111 == 0 {
                let source = io::Error::new(
                    io::ErrorKind::PermissionDenied,
                    format!("{} is not executable", path.display()),
                );
                return Err(CniError::Run { plugin: plugin.kind.clone(), source });
            }
        }
        Ok(())
    }

    /// Asks the plugins whether they could ADD now (since 1.1.0; before, [`Runner::ready`] is all there is).
    pub async fn status(&self) -> Result<(), CniError> {
        self.ready()?;
        let network = Network::first_in(&self.0.config_dir)?;
        if !network.at_least("1.1.0") {
            return Ok(());
        }
        for plugin in &network.plugins {
            let input = plugin.input(&network, &Map::new(), None, &Map::new());
            self.exec().run(&plugin.kind, &Order::plain("STATUS"), &input).await?;
        }
        Ok(())
    }

    /// Attaches `lo` and `eth0`. After a failure everything is undone; one that is attached is refused.
    pub async fn add(&self, attachment: &Attachment) -> Result<NetworkResult, CniError> {
        let network = Network::first_in(&self.0.config_dir)?;
        match self.known(&attachment.container_id)? {
            Some((_, cached)) if cached.result.is_some() => {
                let message = "the container is attached already";
                return Err(CniError::plugin("runtime", PluginError::new(code::INVALID_CONFIG, message)));
            }
            // Somebody was interrupted.
            Some(_) => self.delete(attachment).await?,
            None => {}
        }
        let target = attachment.target()?;
        loopback_up(&attachment.netns).await?;
        let storage = |source| CniError::Run { plugin: "cache".to_owned(), source };
        // What ADD is about to do can be undone, even after a crash in its midst.
        self.0.cache.write(&target.cached(&network, None)).map_err(storage)?;
        let added = match self.add_chain(&network, &target).await {
            Ok(result) => {
                let written = self.0.cache.write(&target.cached(&network, Some(result.clone())));
                written.map_err(storage).and_then(|()| parse_result(&network, &result))
            }
            Err(error) => Err(error),
        };
        if added.is_err()
            && let Err(error) = self.delete(attachment).await
        {
            warn!(container = target.container_id, %error, "Could not undo a failed attachment.");
        }
        added
    }

    async fn add_chain(&self, network: &Network, target: &Target) -> Result<Value, CniError> {
        let mut previous = None;
        for plugin in &network.plugins {
            let input = plugin.input(network, &target.capabilities, previous.as_ref(), &Map::new());
            let output = self.exec().run(&plugin.kind, &target.order("ADD"), &input).await?;
            previous = Some(output.ok_or_else(|| {
                CniError::plugin(&plugin.kind, PluginError::new(code::DECODE, "ADD gave no result"))
            })?);
        }
        Ok(previous.expect("a configuration has at least one plugin"))
    }

    /// Compares what is there with what ADD made (since 0.4.0).
    pub async fn check(&self, attachment: &Attachment) -> Result<(), CniError> {
        let Some((network, cached)) = self.known(&attachment.container_id)? else {
            let message = "the container is not attached";
            return Err(CniError::plugin("runtime", PluginError::new(code::CHECK, message)));
        };
        if !network.at_least("0.4.0") || network.disable_check {
            return Ok(());
        }
        let target = Target::from_cache(&cached, attachment.netns.clone().into_os_string());
        for plugin in &network.plugins {
            let input = plugin.input(&network, &target.capabilities, cached.result.as_ref(), &Map::new());
            self.exec().run(&plugin.kind, &target.order("CHECK"), &input).await?;
        }
        Ok(())
    }

    /// Detaches; fine when it is not attached (any more), or the namespace is gone.
    pub async fn delete(&self, attachment: &Attachment) -> Result<(), CniError> {
        let netns = if attachment.netns.exists() { attachment.netns.clone() } else { PathBuf::new() };
        match self.known(&attachment.container_id)? {
            Some((network, cached)) => {
                let target = Target::from_cache(&cached, netns.into_os_string());
                self.delete_chain(&network, &target, cached.result.as_ref()).await
            }
            None => {
                debug!(container = attachment.container_id, "Nothing is attached.");
                Ok(())
            }
        }
    }

    async fn delete_chain(
        &self,
        network: &Network,
        target: &Target,
        result: Option<&Value>,
    ) -> Result<(), CniError> {
        // All are asked, and the first failure is reported: what one holds must not keep the others'.
        let mut failure = None;
        for plugin in network.plugins.iter().rev() {
            let previous = result.filter(|_| network.at_least("0.4.0"));
            let input = plugin.input(network, &target.capabilities, previous, &Map::new());
            if let Err(error) = self.exec().run(&plugin.kind, &target.order("DEL"), &input).await {
                warn!(plugin = plugin.kind, container = target.container_id, %error, "A plugin failed to detach.");
                failure.get_or_insert(error);
            }
        }
        if let Some(error) = failure {
            return Err(error);
        }
        let removed = self.0.cache.remove(&network.name, &target.container_id, INTERFACE);
        removed.map_err(|source| CniError::Run { plugin: "cache".to_owned(), source })
    }

    /// What is attached under a container's id, with the configuration of that time.
    fn known(&self, container_id: &str) -> Result<Option<(Network, Cached)>, CniError> {
        let failed = |source| CniError::Run { plugin: "cache".to_owned(), source };
        let Some(cached) = self.0.cache.find(container_id, INTERFACE).map_err(failed)? else {
            return Ok(None);
        };
        let network = Network::parse(cached.config.clone())
            .map_err(|message| CniError::Config { path: self.0.cache.path().to_owned(), message })?;
        Ok(Some((network, cached)))
    }

    /// Detaches every container but those of `valid` ids, then lets plugins collect what is left (since
    /// 1.1.0).
    pub async fn collect(&self, valid: &BTreeSet<String>) -> Result<(), CniError> {
        let failed = |source| CniError::Run { plugin: "cache".to_owned(), source };
        for cached in self.0.cache.list().map_err(failed)? {
            if valid.contains(&cached.container_id) {
                continue;
            }
            let stale = Attachment { container_id: cached.container_id, ..Attachment::default() };
            self.delete(&stale).await?;
        }
        let network = Network::first_in(&self.0.config_dir)?;
        if !network.at_least("1.1.0") || network.disable_gc {
            return Ok(());
        }
        let attachments: Vec<Value> =
            valid.iter().map(|id| serde_json::json!({"containerID": id, "ifname": INTERFACE})).collect();
        let extra = Map::from_iter([("cni.dev/valid-attachments".to_owned(), Value::Array(attachments))]);
        for plugin in &network.plugins {
            let input = plugin.input(&network, &Map::new(), None, &extra);
            self.exec().run(&plugin.kind, &Order::plain("GC"), &input).await?;
        }
        Ok(())
    }
}

fn parse_result(network: &Network, result: &Value) -> Result<NetworkResult, CniError> {
    let last = &network.plugins[network.plugins.len() - 1].kind;
    let success: Success = serde_json::from_value(result.clone())
        .map_err(|error| CniError::plugin(last, PluginError::new(code::DECODE, error.to_string())))?;
    Ok(NetworkResult { addresses: success.sandbox_ips().map(|ip| ip.address.addr()).collect() })
}

async fn loopback_up(netns: &Path) -> Result<(), CniError> {
    let up = async || -> Result<(), PluginError> {
        let inside = NetNs::open(netns)?;
        let done: Result<Result<(), PluginError>, NetNsError> = inside
            .run(async || {
                let net = Net::open()?;
                let lo = net.expect_link("lo").await?;
                Ok(net.set_up(lo.index).await?)
            })
            .await;
        done?
    };
    up().await.map_err(|error| CniError::plugin("loopback", error))
}

/// Writes the configuration of the built-in bridge network for this pod range, as `10-mizzen.conflist` in
/// `config_dir`, by rename. The same again changes nothing. Which addresses are given out is kept below `data_dir`: a
/// folder of its own for each node, since nodes of several clusters may share the machine and its ranges.
pub fn write_bridge_config(
    config_dir: &Path,
    data_dir: &Path,
    pod_cidr: &str,
    mtu: Option<u32>,
) -> Result<(), CniError> {
    let path = config_dir.join("10-mizzen.conflist");
    let failed = |message: String| CniError::Config { path: path.clone(), message };
    let subnet: ipnet::IpNet =
        pod_cidr.parse().map_err(|_| failed(format!("{pod_cidr:?} is no pod range")))?;
    let default = if subnet.addr().is_ipv4() { "0.0.0.0/0" } else { "::/0" };
    let mut bridge = serde_json::json!({
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": true,
        "hairpinMode": true,
        "ipMasq": false,
        "ipam": {
            "type": "host-local",
            "dataDir": data_dir,
            "ranges": [[{"subnet": subnet.trunc().to_string()}]],
            "routes": [{"dst": default}],
        },
    });
    if let Some(mtu) = mtu {
        bridge["mtu"] = mtu.into();
    }
    let config = serde_json::json!({
        "cniVersion": "1.1.0",
        "name": "mizzen",
        "plugins": [
            bridge,
            {"type": "portmap", "capabilities": {"portMappings": true}},
            {"type": "bandwidth", "capabilities": {"bandwidth": true}},
        ],
    });
    let text = serde_json::to_vec_pretty(&config).map_err(|error| failed(error.to_string()))?;
    if std::fs::read(&path).is_ok_and(|now| now == text) {
        return Ok(());
    }
    std::fs::create_dir_all(config_dir)
        .and_then(|()| crate::cache::write_by_rename(&path, &text))
        .map_err(|error| failed(error.to_string()))
}
