//! What the engine is told.

use std::time::Duration;

/// How an etcd cluster is reached.
#[derive(Clone, Debug)]
pub struct EtcdConfig {
    /// `http://HOST:PORT`, `https://HOST:PORT`, or `HOST:PORT` with [`EtcdConfig::tls`] deciding; any of them may answer.
    pub endpoints: Vec<String>,
    /// Certificates; `None` trusts the machine's authorities where an endpoint is `https`.
    pub tls: Option<EtcdTls>,
    /// How long a request may take, attempts and reconnecting included.
    pub request_timeout: Duration,
    /// How long a connection attempt may take.
    pub connect_timeout: Duration,
    /// How long opening the store may take.
    pub open_timeout: Duration,
    /// Whether events carry the values that they replace: costs etcd a read and the wire as much again.
    pub previous_values: bool,
}

/// PEM texts; empty for none.
#[derive(Clone, Default)]
pub struct EtcdTls {
    /// `--etcd-cafile`: whose server certificates are believed.
    pub ca_pem: String,
    /// `--etcd-certfile`: the client's certificate.
    pub cert_pem: String,
    /// `--etcd-keyfile`: its key.
    pub key_pem: String,
}

impl std::fmt::Debug for EtcdTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EtcdTls").field("has_client", &!self.cert_pem.is_empty()).finish_non_exhaustive()
    }
}

impl EtcdConfig {
    /// These endpoints, with everything else as it usually is.
    pub fn new(endpoints: Vec<String>) -> Self {
        Self {
            endpoints,
            tls: None,
            request_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(20),
            open_timeout: Duration::from_secs(60),
            previous_values: false,
        }
    }
}
