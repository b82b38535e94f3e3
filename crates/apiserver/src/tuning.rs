//! Limits and times of a server, each one of kube-apiserver's flags, with its default.

use std::time::Duration;

use crate::cache::CacheLimits;
use crate::storage::Storage;
use crate::upkeep::HealthTimeouts;

/// How the server behaves.
#[derive(Debug, Clone)]
pub struct Tuning {
    /// `--max-requests-inflight`.
    pub max_requests_inflight: usize,
    /// `--max-mutating-requests-inflight`.
    pub max_mutating_requests_inflight: usize,
    /// `--request-timeout`: how long a request which is no stream may take.
    pub request_timeout: Duration,
    /// `--min-request-timeout`: a watch without a timeout of its own ends after this, or up to twice that by chance.
    pub min_request_timeout: Duration,
    /// `--http2-max-streams-per-connection`.
    pub streams_max: u32,
    /// Most connections at a time; further ones wait in the listener's backlog.
    pub connections_max: usize,
    /// `--shutdown-delay-duration`: how long a server that was told to stop goes on, unready.
    pub shutdown_delay: Duration,
    /// `--event-ttl`.
    pub event_ttl: Duration,
    /// `--lease-reuse-duration-seconds`: objects written so close to each other expire together.
    pub lease_reuse: Duration,
    /// `--etcd-compaction-interval`: how far back lists, tokens and watches may go (up to twice that); zero: for
    /// ever.
    pub compaction_interval: Duration,
    /// `--etcd-prefix`, `--storage-media-type`.
    pub storage: Storage,
    /// `--etcd-healthcheck-timeout`, `--etcd-readycheck-timeout`.
    pub store_health: HealthTimeouts,
    /// Limits of the watch cache of each kind.
    pub cache: CacheLimits,
    /// `--service-account-extend-token-expiration`.
    pub extend_token_expiration: bool,
    /// `--service-account-max-token-expiration` in seconds; 0 for no limit.
    pub token_expiration_max_s: i64,
    /// `--service-account-jwks-uri`; empty: at the server's own address.
    pub jwks_uri: String,
    /// `--endpoint-reconciler-type`: whether the endpoints of Service `kubernetes` are written.
    pub reconciles_endpoints: bool,
    /// `--kubernetes-service-node-port`; 0 for none.
    pub kubernetes_service_node_port: u16,
    /// `--external-hostname`: where clients are told that the server is; empty: at its advertised address.
    pub external_hostname: String,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            max_requests_inflight: 400,
            max_mutating_requests_inflight: 200,
            request_timeout: Duration::from_secs(60),
            min_request_timeout: Duration::from_secs(1800),
            streams_max: 1000,
            connections_max: 16_384,
            shutdown_delay: Duration::ZERO,
            event_ttl: Duration::from_secs(3600),
            lease_reuse: Duration::from_secs(60),
            compaction_interval: Duration::from_secs(300),
            storage: Storage::default(),
            store_health: HealthTimeouts::default(),
            cache: CacheLimits::default(),
            extend_token_expiration: true,
            token_expiration_max_s: 0,
            jwks_uri: String::new(),
            reconciles_endpoints: true,
            kubernetes_service_node_port: 0,
            external_hostname: String::new(),
        }
    }
}
