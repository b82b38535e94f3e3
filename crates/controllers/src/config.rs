//! What the controllers are told.

use std::sync::Arc;
use std::time::Duration;

use mizzen_client::Client;

/// Gives each controller, by name (`deployment-controller`), the client of its own user, which is the service account
/// of that name in kube-system. Under [`SHARED_INFORMERS`](crate::SHARED_INFORMERS) it gives that of
/// `system:kube-controller-manager` itself, who may list and watch everything.
pub type Clients = Arc<dyn Fn(&str) -> Client + Send + Sync>;

/// How many objects of a kind are reconciled at once.
#[derive(Debug, Clone)]
pub struct Workers {
    /// `--concurrent-deployment-syncs`.
    pub deployments: usize,
    /// `--concurrent-replicaset-syncs`.
    pub replica_sets: usize,
    /// `--concurrent-endpoint-syncs`.
    pub endpoints: usize,
    /// `--concurrent-service-endpoint-syncs`.
    pub endpoint_slices: usize,
    /// `--mirroring-concurrent-service-endpoint-syncs`.
    pub mirrored_endpoints: usize,
    /// `--concurrent-namespace-syncs`.
    pub namespaces: usize,
    /// `--concurrent-gc-syncs`.
    pub garbage: usize,
    /// `--concurrent-serviceaccount-token-syncs`.
    pub account_tokens: usize,
}

impl Default for Workers {
    fn default() -> Self {
        Self {
            deployments: 5,
            replica_sets: 5,
            endpoints: 5,
            endpoint_slices: 5,
            mirrored_endpoints: 5,
            namespaces: 10,
            garbage: 20,
            account_tokens: 5,
        }
    }
}

/// A certificate authority that signs for the cluster, as PEM.
#[derive(Clone)]
pub struct Signer {
    /// Its certificate (`--cluster-signing-cert-file`).
    pub cert_pem: String,
    /// Its key (`--cluster-signing-key-file`).
    pub key_pem: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

/// Settings of the controllers, with kube-controller-manager's defaults.
#[derive(Debug, Clone)]
pub struct Config {
    /// Controllers to run, as `--controllers`: `*` for all on by default, `-NAME` to leave one out.
    pub controllers: Vec<String>,
    /// Reconciles at once.
    pub workers: Workers,
    /// Who signs certificates that are asked for; `None`: nobody does.
    pub signer: Option<Signer>,
    /// How long the certificates so signed are good at most (`--cluster-signing-duration`).
    pub signing_duration: Duration,
    /// Signs tokens of service accounts that are kept in Secrets, and who issues them
    /// (`--service-account-private-key-file`); `None`: none are made.
    pub token_key: Option<mizzen_pki::TokenKey>,
    /// Pods' addresses, of which each node gets a part (`--cluster-cidr`); `None` allocates none.
    pub cluster_cidr: Option<ipnet::Ipv4Net>,
    /// Size of a node's part (`--node-cidr-mask-size`).
    pub node_cidr_mask_size: u8,
    /// The certificate authority that pods are given to know the API server by, as PEM (`--root-ca-file`).
    pub root_ca: String,
    /// How long a node may be silent before it counts as gone (`--node-monitor-grace-period`).
    pub node_monitor_grace_period: Duration,
    /// How often silent nodes are looked for (`--node-monitor-period`).
    pub node_monitor_period: Duration,
    /// Ended pods above this number are deleted (`--terminated-pod-gc-threshold`); 0: never.
    pub terminated_pod_gc_threshold: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            controllers: vec!["*".to_owned()],
            workers: Workers::default(),
            signer: None,
            signing_duration: Duration::from_secs(365 * 24 * 3600),
            token_key: None,
            cluster_cidr: None,
            node_cidr_mask_size: 24,
            root_ca: String::new(),
            node_monitor_grace_period: Duration::from_secs(50),
            node_monitor_period: Duration::from_secs(5),
            terminated_pod_gc_threshold: 12_500,
        }
    }
}

/// Why the controllers did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting makes no sense.
    #[error("{flag}: {message}")]
    Config {
        /// The flag's name.
        flag: &'static str,
        /// What is wrong.
        message: String,
    },
}
