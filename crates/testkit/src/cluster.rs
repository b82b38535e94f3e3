//! A cluster for a test, in one call.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::kubectl::Kubectl;
use crate::tools::{free_port, mizzen, run};
use crate::wait::patience;

/// What kind of cluster.
#[derive(Debug, Clone)]
pub struct Options {
    /// Nodes; 0 with `memory`.
    pub nodes: u32,
    /// No node, no root, in memory.
    pub memory: bool,
    /// Node ports published on free ports of the host's loopback address.
    pub publish: Vec<u16>,
    /// Image archives to load into the nodes.
    pub images: Vec<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { nodes: 1, memory: false, publish: Vec::new(), images: Vec::new() }
    }
}

/// How long a cluster may take to come up.
const UP_PATIENCE: Duration = Duration::from_secs(120);

static SERIAL: AtomicU32 = AtomicU32::new(0);

/// A running cluster with a name, a folder and a kubeconfig of its own. Dropping it takes it down, also in a panic.
#[derive(Debug)]
pub struct Cluster {
    name: String,
    folder: TempDir,
    api_port: u16,
    published: Vec<(u16, u16)>,
    options: Options,
}

impl Cluster {
    /// Starts a cluster; returns when its nodes are Ready and the images loaded.
    pub fn up(options: Options) -> Result<Self> {
        let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
        let name = format!("test-{}-{serial}", std::process::id());
        let folder = tempfile::Builder::new().prefix("mizzen-").tempdir().context("a temporary folder")?;
        let mut published = Vec::new();
        for node_port in &options.publish {
            published.push((free_port()?, *node_port));
        }
        let cluster = Self { name, folder, api_port: free_port()?, published, options };
        cluster.start()?;
        for image in &cluster.options.images {
            cluster.load_image(image)?;
        }
        Ok(cluster)
    }

    /// `mizzen up` with this cluster's settings: starts what does not run.
    pub fn start(&self) -> Result<String> {
        let mut command = self.command("up");
        command.arg("--data-dir").arg(self.data_dir()).arg("--kubeconfig").arg(self.kubeconfig());
        command.args(["--api-port", &self.api_port.to_string()]);
        command.args(["--wait", &format!("{}s", patience(UP_PATIENCE).as_secs())]);
        if self.options.memory {
            command.arg("--memory");
        } else {
            command.args(["--nodes", &self.options.nodes.to_string()]);
        }
        for (host, node) in &self.published {
            command.args(["--publish", &format!("{host}:{node}")]);
        }
        run(&mut command)
    }

    /// `mizzen down`.
    pub fn down(&self) -> Result<String> {
        run(&mut self.command("down"))
    }

    /// `mizzen image load`.
    pub fn load_image(&self, archive: &Path) -> Result<String> {
        let mut command = Command::new(mizzen()?);
        run(command.args(["image", "load", "--name", &self.name]).arg(archive))
    }

    fn command(&self, verb: &str) -> Command {
        // A missing executable shows when the command is run.
        let mut command = Command::new(mizzen().unwrap_or_else(|_| "mizzen".into()));
        command.args([verb, "--name", &self.name]);
        command
    }

    /// The cluster's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the API server listens on 127.0.0.1.
    pub fn api_port(&self) -> u16 {
        self.api_port
    }

    /// The host's port that leads to this node port.
    pub fn published(&self, node_port: u16) -> Option<u16> {
        self.published.iter().find(|(_, node)| *node == node_port).map(|(host, _)| *host)
    }

    /// Its data.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Its administrator's kubeconfig.
    pub fn kubeconfig(&self) -> PathBuf {
        self.folder.path().join("kubeconfig")
    }

    /// kubectl for it.
    pub fn kubectl(&self) -> Kubectl {
        Kubectl::new(&self.kubeconfig())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.down() {
            eprintln!("cluster {} did not go down: {error:#}", self.name);
        }
    }
}
