//! What a cluster is, as asked for by `mizzen up` and kept in its `cluster.json`.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};

/// The LAN between the nodes: its own /16 inside the cluster's namespaces, so that it meets nobody's.
const LAN: [u8; 2] = [172, 30];
/// Host part of the first node's address.
const FIRST_NODE: u32 = 11;
/// Nodes of one cluster on one machine.
pub(crate) const NODES_MAX: u32 = 250;
/// The services' range.
pub(crate) const SERVICE_CIDR: &str = "10.96.0.0/16";
/// The pods' range; each node has a /24 of it.
pub(crate) const POD_CIDR: &str = "10.244.0.0/16";
/// The tenth service address.
pub(crate) const DNS_ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 96, 0, 10);
/// The first service address: Service `kubernetes`.
pub(crate) const KUBERNETES_ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 96, 0, 1);
/// The API server's port on the LAN.
pub(crate) const LAN_API_PORT: u16 = 6443;

/// A cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    /// Its name; also the kubeconfig's context.
    pub(crate) name: String,
    /// How many nodes.
    pub(crate) nodes: u32,
    /// The API server's port on 127.0.0.1.
    pub(crate) api_port: u16,
    /// Node ports that are reachable on the host's loopback address.
    #[serde(default)]
    pub(crate) publish: Vec<Publish>,
    /// The kubeconfig that has a context of this cluster.
    pub(crate) kubeconfig: PathBuf,
    /// Which built-in APIs are served, as `--runtime-config` says it.
    #[serde(default)]
    pub(crate) runtime_config: String,
    /// Feature gates of the API server, as `--feature-gates` says them.
    #[serde(default)]
    pub(crate) feature_gates: String,
    /// No node, no root, no disk.
    #[serde(default)]
    pub(crate) memory: bool,
}

/// `HOSTPORT:NODEPORT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Publish {
    /// On 127.0.0.1 of the host.
    pub(crate) host_port: u16,
    /// On the nodes.
    pub(crate) node_port: u16,
}

impl FromStr for Publish {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (host, node) = text.split_once(':').context("publish is HOSTPORT:NODEPORT, as 8080:30080")?;
        let port = |text: &str| match text.parse::<u16>() {
            Ok(port) if port > 0 => Ok(port),
            _ => bail!("{text:?} is not a port (1 to 65535)"),
        };
        Ok(Self { host_port: port(host)?, node_port: port(node)? })
    }
}

/// One node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    /// Its name, also its host name.
    pub(crate) name: String,
    /// Its address on the LAN.
    pub(crate) address: Ipv4Addr,
}

impl Settings {
    /// The nodes: the first is called as the cluster, further ones with a number.
    pub(crate) fn nodes(&self) -> Vec<Node> {
        let name = |number| match number {
            1 => self.name.clone(),
            number => format!("{}-{number}", self.name),
        };
        let address = |number: u32| {
            let [_, _, high, low] = (FIRST_NODE + number - 1).to_be_bytes();
            Ipv4Addr::new(LAN[0], LAN[1], high, low)
        };
        (1..=self.nodes).map(|number| Node { name: name(number), address: address(number) }).collect()
    }

    /// The LAN's own address, where the API server is for nodes and pods.
    pub(crate) fn lan_address(&self) -> Ipv4Addr {
        Ipv4Addr::new(LAN[0], LAN[1], 0, 1)
    }

    /// Bits of the LAN's network.
    pub(crate) const LAN_PREFIX_LEN: u8 = 16;

    /// Addresses that the API server's certificate must name.
    pub(crate) fn api_addresses(&self) -> Vec<IpAddr> {
        vec![Ipv4Addr::LOCALHOST.into(), KUBERNETES_ADDRESS.into(), self.lan_address().into()]
    }
}

/// Checks a cluster's name: it becomes a host name, a folder, a cgroup and a context.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let letters = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let ends = !name.starts_with('-') && !name.ends_with('-');
    ensure!(
        !name.is_empty() && name.len() <= 40 && letters && ends,
        "{name:?} cannot be a cluster's name: use up to 40 lower-case letters, digits and dashes"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(nodes: u32) -> Settings {
        Settings {
            name: "mizzen".to_owned(),
            nodes,
            api_port: 6443,
            publish: Vec::new(),
            kubeconfig: PathBuf::new(),
            runtime_config: String::new(),
            feature_gates: String::new(),
            memory: false,
        }
    }

    #[test]
    fn nodes_have_names_and_addresses() {
        let nodes = settings(NODES_MAX).nodes();
        assert_eq!(nodes[0].name, "mizzen");
        assert_eq!(nodes[0].address, Ipv4Addr::new(172, 30, 0, 11));
        assert_eq!(nodes[1].name, "mizzen-2");
        assert_eq!(nodes[249].address, Ipv4Addr::new(172, 30, 1, 4));
    }

    #[test]
    fn names_are_checked() {
        for good in ["mizzen", "a", "test-1"] {
            check_name(good).expect(good);
        }
        for bad in ["", "-a", "a-", "A", "a/b", "..", "a.b"] {
            check_name(bad).expect_err(bad);
        }
    }

    #[test]
    fn publish_is_read() {
        assert_eq!("8080:30080".parse::<Publish>().expect("well-formed").node_port, 30080);
        for bad in ["8080", "0:1", "1:0", "a:b", "1:99999", ""] {
            bad.parse::<Publish>().expect_err(bad);
        }
    }
}
