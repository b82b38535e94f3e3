//! The embedded container runtime behind CRI: images, sandboxes, containers, streaming.
//!
//! It knows no Kubernetes API object: only CRI, the OCI image and runtime specifications, and the kernel. [`run`] serves
//! CRI on a Unix socket; `sandbox` and `container` are what its calls do, `spec` and `security` what CRI's words mean,
//! `shim` the way to the processes that hold the pods, and `recover` how a new runtime finds them again.
//!
//! Invariant: whatever runs, runs under a shim. This process may end at any moment, and nothing else notices.

mod apparmor;
mod container;
mod error;
mod events;
mod exec;
pub mod images;
mod inventory;
mod record;
mod recover;
mod runtime;
mod sandbox;
mod security;
mod server;
mod shim;
mod spec;
mod stats;
mod streams;

use std::path::PathBuf;

use mizzen_clock::Env;
use tokio_util::sync::CancellationToken;

use images::{ImageError, RegistryConfig};

pub use error::RuntimeError;
pub use shim::{ShimError, install as install_shim};

/// How the runtime runs.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// What outlives a restart of the machine: images, containers' files and records (containerd's `--root`).
    pub root: PathBuf,
    /// What does not: sockets of shims, shared memory (containerd's `--state`). Its path must be short: the sockets'
    /// paths below it may have 107 bytes.
    pub state: PathBuf,
    /// Where CRI is served (kubelet's `--container-runtime-endpoint`).
    pub socket: PathBuf,
    /// Network configurations (containerd's `conf_dir`).
    pub cni_config_dir: PathBuf,
    /// Network plugins (containerd's `bin_dir`).
    pub cni_bin_dirs: Vec<PathBuf>,
    /// Results of network plugins, which detaching needs.
    pub cni_cache_dir: PathBuf,
    /// Largest packet on the pods' network; `None`: the link's.
    pub mtu: Option<u32>,
    /// How registries are reached.
    pub registry: RegistryConfig,
    /// The image store, for those who have opened it already; `None`: it is opened below `root`, with `registry`.
    pub images: Option<images::Images>,
    /// Control group, from the root of the hierarchies, for sandboxes that name none (kubelet's `--cgroup-root`).
    pub cgroup_parent: String,
    /// The AppArmor profile that confines containers which name none; it is loaded when it is needed, and stays.
    pub apparmor_profile: String,
}

/// Why the runtime does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The image store can't be opened.
    #[error("open the image store")]
    Images(#[from] ImageError),
    /// The shim can't be installed.
    #[error(transparent)]
    Shim(#[from] ShimError),
    /// The kernel lacks something.
    #[error(transparent)]
    Kernel(#[from] mizzen_kernel::Error),
    /// A folder or socket can't be made.
    #[error("{path}")]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The server failed.
    #[error("serve CRI")]
    Serve(#[from] tonic::transport::Error),
}

/// Serves CRI until `cancel`; sandboxes and containers go on without it, and the next run finds them.
pub async fn run(config: Config, env: Env, cancel: CancellationToken) -> Result<(), Error> {
    let runtime = runtime::Runtime::open(config, env, cancel.clone())?;
    runtime.recover().await;
    let served = server::serve(&runtime, cancel.clone()).await;
    cancel.cancel();
    runtime.finish().await;
    served
}
