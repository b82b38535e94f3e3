//! Debian's docker-registry on the loopback address, for as long as the value lives.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use mizzen_testkit::{eventually_within, run as quiet};

use crate::shell::target;

/// The registry's port on 127.0.0.1.
pub(crate) const PORT: u16 = 5000;

/// A running registry; dropping it ends it.
pub(crate) struct Registry(Child);

impl Registry {
    /// Starts a registry whose blobs lie in `target/images/registry`.
    pub(crate) fn start() -> Result<Self> {
        let folder = target().join("images/registry");
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let settings = folder.join("settings.yaml");
        let text = format!(
            "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n\
             storage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: '127.0.0.1:{PORT}'}}\n",
            folder.display()
        );
        fs::write(&settings, text).context("write the registry's settings")?;
        let child = Command::new("docker-registry")
            .arg("serve")
            .arg(&settings)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("start docker-registry")?;
        let registry = Self(child);
        eventually_within(Duration::from_secs(20), "the registry listens", || {
            TcpStream::connect(("127.0.0.1", PORT)).map(drop).context("connect to the registry")
        })?;
        Ok(registry)
    }

    /// Pushes an archive under `name`.
    pub(crate) fn push(&self, archive: &Path, name: &str) -> Result<()> {
        let from = format!("oci-archive:{}", archive.display());
        let to = format!("docker://127.0.0.1:{PORT}/{name}");
        quiet(Command::new("skopeo").args(["copy", "--quiet", "--dest-tls-verify=false", &from, &to]))?;
        Ok(())
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        if let Err(error) = self.0.kill().and_then(|()| self.0.wait()) {
            eprintln!("the registry did not end: {error}");
        }
    }
}
