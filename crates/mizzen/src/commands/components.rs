//! What components that run alone have in common: they find the API server through a kubeconfig.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use mizzen_client::Client;

/// Threads of a component that runs alone.
pub(crate) const THREADS: usize = 2;

/// What every component takes.
#[derive(Args, Debug)]
pub(crate) struct Connection {
    /// Kubeconfig with the API server's address and the component's own credentials [default: the configuration file's]
    #[arg(long)]
    kubeconfig: Option<PathBuf>,
}

impl Connection {
    /// The kubeconfig: the flag's, or else the one that the configuration file names.
    pub(crate) fn path(&self, file: Option<&str>) -> Result<PathBuf> {
        let file = file.filter(|path| !path.is_empty()).map(PathBuf::from);
        self.kubeconfig.clone().or(file).context("--kubeconfig is required: it says where the API server is")
    }

    /// A client of the API server.
    pub(crate) async fn client(&self, file: Option<&str>) -> Result<Client> {
        Ok(Client::from_kubeconfig(&self.path(file)?).await?)
    }
}

/// The host's name.
pub(crate) fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().to_lowercase()
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}
