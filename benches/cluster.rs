//! Clusters to measure: `mizzen up` as a user runs it, taken down when dropped.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use mizzen_testkit::{free_port, mizzen, run};
use tempfile::TempDir;

use crate::http2::Target;
use crate::measure::now;

static SERIAL: AtomicU32 = AtomicU32::new(0);

/// A running cluster.
pub(crate) struct Cluster {
    name: String,
    folder: TempDir,
    port: u16,
    /// How long `mizzen up` took.
    pub(crate) took: Duration,
    /// What it printed: phases and their seconds.
    pub(crate) phases: Vec<(String, f64)>,
}

impl Cluster {
    /// Starts one with a node, or (`memory`) an API server alone, in memory.
    pub(crate) fn up(memory: bool) -> Result<Self> {
        let name = format!("bench-{}-{}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
        let folder =
            tempfile::Builder::new().prefix("mizzen-bench-").tempdir().context("a temporary folder")?;
        let mut cluster = Self { name, folder, port: free_port()?, took: Duration::ZERO, phases: Vec::new() };
        let mut command = Command::new(mizzen()?);
        command.args(["up", "--name", &cluster.name, "--wait", "60s"]);
        command.arg("--api-port").arg(cluster.port.to_string());
        command.arg("--data-dir").arg(cluster.data());
        command.arg("--kubeconfig").arg(cluster.folder.path().join("kubeconfig"));
        if memory {
            command.arg("--memory");
        }
        let start = now();
        let printed = run(&mut command)?;
        cluster.took = start.elapsed();
        cluster.phases = phases(&printed);
        Ok(cluster)
    }

    /// `mizzen image load`.
    pub(crate) fn load_image(&self, archive: &Path) -> Result<()> {
        run(Command::new(mizzen()?).args(["image", "load", "--name", &self.name]).arg(archive))?;
        Ok(())
    }

    /// `mizzen down`; how long it took.
    pub(crate) fn down(&self) -> Result<Duration> {
        let start = now();
        run(Command::new(mizzen()?).args(["down", "--name", &self.name]))?;
        Ok(start.elapsed())
    }

    /// The cluster's folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Its API server, as the administrator.
    pub(crate) fn target(&self) -> Result<Target> {
        Target::new(&self.data().join("pki"), self.port)
    }

    /// The process with the API server.
    pub(crate) fn control_plane(&self) -> Result<u32> {
        let record = std::fs::read(self.data().join("run/control-plane.process"))?;
        let record: serde_json::Value = serde_json::from_slice(&record)?;
        let pid = record["pid"].as_u64().context("a record names a process")?;
        Ok(u32::try_from(pid)?)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.down() {
            eprintln!("cluster {} did not go down: {error:#}", self.name);
        }
    }
}

/// `  API server       0.12 s` and the like.
fn phases(printed: &str) -> Vec<(String, f64)> {
    let phase = |line: &str| {
        let (name, seconds) = line.strip_prefix("  ")?.strip_suffix(" s")?.trim_end().rsplit_once(' ')?;
        Some((name.trim().to_owned(), seconds.parse().ok()?))
    };
    printed.lines().filter_map(phase).collect()
}

/// A process of ours that ends with us.
pub(crate) struct Server {
    child: Child,
    port: u16,
    pki: PathBuf,
}

impl Server {
    /// `mizzen apiserver` with the embedded store, and nothing else beside it.
    pub(crate) fn durable(pki: &Path, data: &Path) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new(mizzen()?);
        command.args(["apiserver", "--bind-address", "127.0.0.1"]);
        command.arg("--secure-port").arg(port.to_string());
        command.arg("--data-dir").arg(data);
        for (flag, file) in [
            ("--tls-cert-file", "apiserver.crt"),
            ("--tls-private-key-file", "apiserver.key"),
            ("--client-ca-file", "ca.crt"),
            ("--service-account-signing-key-file", "service-account.key"),
        ] {
            command.arg(flag).arg(pki.join(file));
        }
        Self::start(command, port, pki)
    }

    /// This executable as the bare server; with a folder, it appends what it is sent to a log there.
    pub(crate) fn bare(pki: &Path, log: Option<&Path>) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["bare-server", "--port", &port.to_string(), "--pki"]).arg(pki);
        if let Some(log) = log {
            command.arg("--log").arg(log);
        }
        Self::start(command, port, pki)
    }

    fn start(mut command: Command, port: u16, pki: &Path) -> Result<Self> {
        let shown = format!("{command:?}");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().with_context(|| format!("start {shown}"))?;
        let mut server = Self { child, port, pki: pki.to_owned() };
        for _ in 0..1000 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
            ensure!(server.child.try_wait()?.is_none(), "{shown} ended");
            std::thread::sleep(Duration::from_millis(10));
        }
        anyhow::bail!("{shown} does not listen")
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn target(&self) -> Result<Target> {
        Target::new(&self.pki, self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
