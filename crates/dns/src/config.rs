//! What a DNS server is told.

use std::net::{IpAddr, SocketAddr};

/// Settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen, UDP and TCP.
    pub address: SocketAddr,
    /// The cluster's domain (kubelet's `--cluster-domain`).
    pub domain: String,
    /// The cluster's own DNS address, that of Service `kube-dns` (kubelet's `--cluster-dns`).
    pub service_address: IpAddr,
    /// Who is asked for names outside the domain, in order.
    pub upstreams: Vec<SocketAddr>,
    /// The node that it serves on: its endpoint of Service `kube-dns` is named after it. Empty: none is registered.
    pub node: String,
}

/// Why a DNS server stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address cannot be listened on.
    #[error("listen on {address}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The domain is no domain name.
    #[error("cluster domain {0:?}")]
    Domain(String),
}
