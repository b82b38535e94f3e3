//! KubeProxyConfiguration, version kubeproxy.config.k8s.io/v1alpha1.
//!
//! Every field is read; one that asks for what is not there is refused by name. Source: the reference page "kube-proxy
//! Configuration (v1alpha1)".

use std::path::Path;

use ipnet::{IpNet, Ipv4Net};
use mizzen_component::{ClientConnection, ConfigError, GoDuration, read_config};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::run::Config;

/// The file's apiVersion.
pub const API_VERSION: &str = "kubeproxy.config.k8s.io/v1alpha1";
const KIND: &str = "KubeProxyConfiguration";

/// The file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[allow(missing_docs)] // The reference page says what the fields are.
pub struct KubeProxyConfiguration {
    pub feature_gates: Value,
    pub client_connection: ClientConnection,
    pub logging: Value,
    pub hostname_override: Option<String>,
    pub bind_address: Option<String>,
    pub healthz_bind_address: Option<String>,
    pub metrics_bind_address: Option<String>,
    pub bind_address_hard_fail: Option<bool>,
    pub enable_profiling: Option<bool>,
    pub show_hidden_metrics_for_version: Option<String>,
    pub mode: Option<String>,
    /// Of another mode: read, and of no meaning.
    pub iptables: Value,
    /// As `iptables`.
    pub ipvs: Value,
    pub nftables: Nftables,
    /// As `iptables`.
    pub winkernel: Value,
    pub detect_local_mode: Option<String>,
    pub detect_local: Value,
    #[serde(rename = "clusterCIDR")]
    pub cluster_cidr: Option<String>,
    pub node_port_addresses: Option<Vec<String>>,
    pub oom_score_adj: Option<i32>,
    pub conntrack: Conntrack,
    pub config_sync_period: Option<GoDuration>,
    pub port_range: Option<String>,
    pub windows_run_as_service: Option<bool>,
}

/// `nftables`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Nftables {
    pub masquerade_bit: Option<u8>,
    pub masquerade_all: Option<bool>,
    pub sync_period: Option<GoDuration>,
    pub min_sync_period: Option<GoDuration>,
}

/// `conntrack`: settings of the kernel that belong to the whole machine.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Conntrack {
    pub max_per_core: Option<i32>,
    pub min: Option<i32>,
    pub tcp_established_timeout: Option<GoDuration>,
    pub tcp_close_wait_timeout: Option<GoDuration>,
    pub tcp_be_liberal: Option<bool>,
    pub udp_timeout: Option<GoDuration>,
    pub udp_stream_timeout: Option<GoDuration>,
}

impl KubeProxyConfiguration {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        Ok(read_config(path, API_VERSION, KIND)?)
    }

    /// What it says, over kube-proxy's defaults; `host` is the machine's name.
    pub fn settings(&self, host: &str) -> Result<Config, ConfigError> {
        self.check()?;
        let cluster_cidrs = self.cluster_cidr.iter().flat_map(|text| text.split(',')).map(str::trim);
        let cluster_cidrs = cluster_cidrs.filter(|text| !text.is_empty());
        let addresses = self.node_port_addresses.iter().flatten().map(String::as_str);
        // `primary` is the node's own address: every local one but loopback, which is the default.
        let addresses = addresses.filter(|text| *text != "primary");
        let name = self.hostname_override.clone().filter(|name| !name.is_empty());
        let mut config = Config {
            node_name: name.unwrap_or_else(|| host.to_owned()),
            cluster_cidrs: ranges("clusterCIDR", cluster_cidrs)?,
            node_port_addresses: ranges("nodePortAddresses", addresses)?,
            ..Config::default()
        };
        let Nftables { masquerade_bit, masquerade_all, sync_period, min_sync_period } = self.nftables;
        config.masquerade_bit = masquerade_bit.unwrap_or(config.masquerade_bit);
        config.masquerade_all = masquerade_all.unwrap_or(config.masquerade_all);
        if let Some(GoDuration(period)) = sync_period.filter(|period| !period.0.is_zero()) {
            config.sync_period = period;
        }
        config.min_sync_period = min_sync_period.map_or(config.min_sync_period, |period| period.0);
        if config.masquerade_bit > 31 {
            let message =
                format!("Invalid value: {}: must be within the range [0, 31]", config.masquerade_bit);
            return Err(ConfigError::field("nftables.masqueradeBit", message));
        }
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        match self.mode.as_deref() {
            None | Some("" | "nftables") => {}
            Some(mode @ ("iptables" | "ipvs")) => {
                return Err(ConfigError::field(
                    "mode",
                    format!("the {mode:?} mode is not available yet; use \"nftables\""),
                ));
            }
            Some(mode) => {
                let message = format!(
                    "Invalid value: {mode:?}: must be iptables,ipvs,nftables or blank (blank means \
                                       the best-available proxy)"
                );
                return Err(ConfigError::field("mode", message));
            }
        }
        match self.detect_local_mode.as_deref() {
            None | Some("" | "ClusterCIDR") => {}
            Some(mode) => {
                let message =
                    format!("detecting local traffic by {mode:?} is not available yet; use \"ClusterCIDR\"");
                return Err(ConfigError::field("detectLocalMode", message));
            }
        }
        let Conntrack {
            max_per_core,
            min,
            tcp_established_timeout,
            tcp_close_wait_timeout,
            tcp_be_liberal,
            udp_timeout,
            udp_stream_timeout,
        } = self.conntrack;
        let times = [tcp_established_timeout, tcp_close_wait_timeout, udp_timeout, udp_stream_timeout];
        let asked = [max_per_core, min].into_iter().flatten().any(|number| number != 0)
            || times.into_iter().flatten().any(|time| !time.0.is_zero())
            || tcp_be_liberal == Some(true);
        if asked {
            let message = "the kernel's connection tracking is left as it is; use null or 0";
            return Err(ConfigError::field("conntrack", message));
        }
        Ok(())
    }
}

/// The IPv4 ranges among these; others are passed over, since IPv6 is not served yet.
fn ranges<'a>(
    field: &'static str,
    texts: impl Iterator<Item = &'a str>,
) -> Result<Vec<Ipv4Net>, ConfigError> {
    let mut ranges = Vec::new();
    for text in texts {
        match text.parse::<IpNet>() {
            Ok(IpNet::V4(range)) => ranges.push(range),
            Ok(IpNet::V6(_)) => {}
            Err(_) => {
                let message =
                    format!("Invalid value: {text:?}: must be a valid CIDR block (e.g. 10.100.0.0/16)");
                return Err(ConfigError::field(field, message));
            }
        }
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use mizzen_component::parse_config;

    use super::*;

    #[test]
    fn settings_of_files() {
        let check = |text: &str, expect: Result<(&str, usize), &str>| {
            let text = format!("apiVersion: {API_VERSION}\nkind: {KIND}\n{text}");
            let read =
                parse_config::<KubeProxyConfiguration>(&text, API_VERSION, KIND).map_err(ConfigError::from);
            let got = read.and_then(|file| file.settings("host"));
            let got = got.map(|config| (config.node_name, config.cluster_cidrs.len()));
            let expect = expect.map(|(name, ranges)| (name.to_owned(), ranges)).map_err(str::to_owned);
            assert_eq!(got.map_err(|error| error.to_string()), expect, "{text}");
        };
        check("", Ok(("host", 0)));
        check("hostnameOverride: a\nclusterCIDR: 10.244.0.0/16,fd00::/64\nmode: nftables", Ok(("a", 1)));
        check(
            "iptables: {masqueradeAll: false, syncPeriod: 0s}\nconntrack: {maxPerCore: null, min: 0}\noomScoreAdj: null",
            Ok(("host", 0)),
        );
        check("mode: ipvs", Err("mode: the \"ipvs\" mode is not available yet; use \"nftables\""));
        check(
            "conntrack: {min: 5}",
            Err("conntrack: the kernel's connection tracking is left as it is; use null or 0"),
        );
        check(
            "clusterCIDR: nonsense",
            Err("clusterCIDR: Invalid value: \"nonsense\": must be a valid CIDR block (e.g. 10.100.0.0/16)"),
        );
        check("hostnameOveride: a", Err("strict decoding error: unknown field \"hostnameOveride\""));
    }
}
