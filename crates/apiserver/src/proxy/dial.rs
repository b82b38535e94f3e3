//! Connections to nodes, pods and Services.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use async_trait::async_trait;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Proxy;
use crate::status::ApiError;

/// Longest wait for a connection, TLS included.
const DIAL_TIMEOUT: Duration = Duration::from_secs(30);

/// Opens TCP connections into the cluster's network.
#[async_trait]
pub trait Dialer: Send + Sync + 'static {
    /// Connects to an address of a node or pod.
    async fn dial(&self, to: SocketAddr) -> io::Result<TcpStream>;
}

/// How a connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// Plain.
    None,
    /// TLS without verification: whoever asks for `https:` on a pod's own port knows no authority either.
    Unverified,
    /// TLS with the cluster's authority, both ways.
    Kubelet,
}

/// Whom to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) address: SocketAddr,
    pub(crate) security: Security,
}

/// Any connection.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Addresses that nobody is helped to reach: this machine's own, link-local ones (metadata services), and those that
/// are no host's. Source: CVE-2022-3294, CVE-2020-8562.
fn forbidden(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            ip.is_loopback()
                || ip.is_link_local()
                || ip.is_multicast()
                || ip.is_unspecified()
                || ip.is_broadcast()
        }
        IpAddr::V6(ip) => {
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_unicast_link_local()
                || ip.to_ipv4_mapped().is_some_and(|mapped| forbidden(IpAddr::V4(mapped)))
        }
    }
}

impl Proxy {
    pub(crate) async fn connect(&self, endpoint: &Endpoint) -> Result<Box<dyn Stream>, ApiError> {
        let address = endpoint.address;
        if forbidden(address.ip()) {
            return Err(ApiError::bad_request(format!("address {} not allowed", address.ip())));
        }
        let dial = async {
            let stream = self.dialer.dial(address).await?;
            let config = match endpoint.security {
                Security::None => return Ok(Box::new(stream) as Box<dyn Stream>),
                Security::Unverified => mizzen_pki::unverified_client(),
                Security::Kubelet => self.kubelet_tls.clone(),
            };
            let name = ServerName::from(address.ip());
            let stream = TlsConnector::from(config).connect(name, stream).await?;
            Ok::<_, io::Error>(Box::new(stream) as Box<dyn Stream>)
        };
        match tokio::time::timeout(DIAL_TIMEOUT, dial).await {
            Ok(Ok(stream)) => Ok(stream),
            Ok(Err(error)) => Err(unreachable(address, &error)),
            Err(_) => Err(unreachable(address, &"i/o timeout")),
        }
    }
}

fn unreachable(address: SocketAddr, error: &dyn std::fmt::Display) -> ApiError {
    ApiError::unavailable(format!("error trying to reach service: dial tcp {address}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_and_metadata_addresses_are_forbidden() {
        for bad in
            ["127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "::1", "fe80::1", "::ffff:127.0.0.1"]
        {
            assert!(forbidden(bad.parse().expect("an address")), "{bad}");
        }
        for good in ["10.244.0.2", "172.30.0.11", "2001:db8::1"] {
            assert!(!forbidden(good.parse().expect("an address")), "{good}");
        }
    }
}
