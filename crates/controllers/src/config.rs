//! What the controllers are told.

use std::sync::Arc;
use std::time::Duration;

use mizzen_client::Client;

/// Gives each controller, by name (`deployment-controller`), the client of its own user, which is the service account
/// of that name in kube-system. Under [`SHARED_INFORMERS`](crate::SHARED_INFORMERS) it gives that of
/// `system:kube-controller-manager` itself, who may list and watch everything.
pub type Clients = Arc<dyn Fn(&str) -> Client + Send + Sync>;

/// Settings of the controllers, with kube-controller-manager's defaults.
#[derive(Debug, Clone)]
pub struct Config {
    /// Controllers to run, as `--controllers`: `*` for all on by default, `-NAME` to leave one out.
    pub controllers: Vec<String>,
    /// Pods' addresses, of which each node gets a part (`--cluster-cidr`); `None` allocates none.
    pub cluster_cidr: Option<ipnet::Ipv4Net>,
    /// Size of a node's part (`--node-cidr-mask-size`).
    pub node_cidr_mask_size: u8,
    /// The certificate authority that pods are given to know the API server by, as PEM (`--root-ca-file`).
    pub root_ca: String,
    /// What signs approved certificate signing requests (`--cluster-signing-cert-file`,
    /// `--cluster-signing-key-file`); `None`: nothing is signed.
    pub signing_authority: Option<mizzen_pki::Authority>,
    /// How long signed certificates live at most (`--cluster-signing-duration`).
    pub signing_duration: Duration,
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
            cluster_cidr: None,
            node_cidr_mask_size: 24,
            root_ca: String::new(),
            signing_authority: None,
            signing_duration: Duration::from_secs(365 * 24 * 3600),
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
