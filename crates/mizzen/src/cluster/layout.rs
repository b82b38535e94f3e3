//! Where a cluster's files are.
//!
//! Everything lies below one folder; `/run/mizzen/NAME` (or, without root, a folder of the user's) only points to it,
//! so that `down` and `status` find a cluster by its name.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rustix::process::geteuid;

use super::settings::Settings;

/// The paths of one cluster.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    name: String,
    data: PathBuf,
}

/// What `down` removes in a cluster's folder; anything else there is not ours.
const OURS: &[&str] = &["cluster.json", "pki", "store", "run", "logs", "credentials", "nodes", "up.lock"];

/// Where clusters are found by name.
fn registry() -> PathBuf {
    if geteuid().is_root() {
        return "/run/mizzen".into();
    }
    match std::env::var_os("XDG_RUNTIME_DIR") {
        Some(folder) => PathBuf::from(folder).join("mizzen"),
        None => std::env::temp_dir().join(format!("mizzen-{}", geteuid().as_raw())),
    }
}

/// Makes a folder (and those above it) that only its owner may read.
pub(crate) fn private_folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(path).with_context(|| format!("make folder {}", path.display()))
}

/// Writes a file by rename, readable by its owner alone.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let new = path.with_extension("new");
    let write = || -> io::Result<()> {
        fs::write(&new, "")?;
        fs::set_permissions(&new, fs::Permissions::from_mode(0o600))?;
        fs::write(&new, bytes)?;
        fs::rename(&new, path)
    };
    write().with_context(|| format!("write {}", path.display()))
}

/// Listens on a Unix socket that only its owner may open, in place of whatever was at `path`. Bound in a folder that
/// only its owner may enter, and moved from there, so that there is no moment at which others could connect.
pub(crate) fn private_socket(path: &Path) -> Result<tokio::net::UnixListener> {
    let listen = || -> io::Result<tokio::net::UnixListener> {
        let folder = path.with_extension(format!("new-{}", std::process::id()));
        absent_is_fine(fs::remove_dir_all(&folder))?;
        fs::DirBuilder::new().mode(0o700).create(&folder)?;
        let new = folder.join("s");
        let listener = tokio::net::UnixListener::bind(&new)?;
        fs::set_permissions(&new, fs::Permissions::from_mode(0o600))?;
        fs::rename(&new, path)?;
        fs::remove_dir(&folder)?;
        Ok(listener)
    };
    listen().with_context(|| format!("listen on {}", path.display()))
}

impl Layout {
    /// The cluster called `name`, in `data` or where such clusters live by default.
    pub(crate) fn new(name: &str, data: Option<&Path>) -> Self {
        let data = match data {
            Some(data) => std::path::absolute(data).unwrap_or_else(|_| data.to_owned()),
            None if geteuid().is_root() => Path::new("/var/lib/mizzen").join(name),
            None => registry().join("data").join(name),
        };
        Self { name: name.to_owned(), data }
    }

    /// A running (or broken) cluster by name; `None` when there is none of that name.
    pub(crate) fn find(name: &str) -> Result<Option<Self>> {
        match fs::read_link(registry().join(name)) {
            Ok(data) => Ok(Some(Self { name: name.to_owned(), data })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("find cluster {name:?}")),
        }
    }

    /// All clusters of this machine (of this user), by name.
    pub(crate) fn all() -> Result<Vec<Self>> {
        let entries = match fs::read_dir(registry()) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).context("list clusters"),
        };
        let mut all = Vec::new();
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if name != "data" {
                all.extend(Self::find(&name)?);
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// Makes the folders, and the cluster findable by its name.
    pub(crate) fn create(&self) -> Result<()> {
        for folder in ["", "pki", "run", "logs", "credentials", "nodes"] {
            private_folder(&self.data.join(folder))?;
        }
        private_folder(&registry())?;
        let link = registry().join(&self.name);
        let new = registry().join(format!(".{}.{}", self.name, std::process::id()));
        let point = || -> io::Result<()> {
            std::os::unix::fs::symlink(&self.data, &new)?;
            fs::rename(&new, &link)
        };
        point().with_context(|| format!("write {}", link.display()))
    }

    /// Removes everything that is the cluster's; fine when nothing is there.
    pub(crate) fn remove(&self) -> Result<()> {
        for own in OURS {
            let path = self.data.join(own);
            let removed = match fs::symlink_metadata(&path) {
                Ok(data) if data.is_dir() => fs::remove_dir_all(&path),
                Ok(_) => fs::remove_file(&path),
                Err(error) => Err(error),
            };
            absent_is_fine(removed).with_context(|| format!("remove {}", path.display()))?;
        }
        // Folders go when nothing else is in them.
        for folder in [Some(&*self.data), self.data.parent().filter(|folder| folder.ends_with("mizzen"))] {
            match folder.map(fs::remove_dir) {
                Some(Err(error)) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
                Some(other) => absent_is_fine(other).context("remove the cluster's folder")?,
                None => {}
            }
        }
        absent_is_fine(fs::remove_file(registry().join(&self.name))).context("forget the cluster's name")?;
        match fs::remove_dir(registry()) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
            other => absent_is_fine(other).context("remove the list of clusters"),
        }
    }

    /// The cluster's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The folder of everything.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Certificates and keys.
    pub(crate) fn pki(&self, file: &str) -> PathBuf {
        self.data.join("pki").join(file)
    }

    /// The store.
    pub(crate) fn store(&self) -> PathBuf {
        self.data.join("store")
    }

    /// A component's log.
    pub(crate) fn log(&self, component: &str) -> PathBuf {
        self.data.join("logs").join(format!("{component}.log"))
    }

    /// A component's kubeconfig.
    pub(crate) fn kubeconfig(&self, component: &str) -> PathBuf {
        self.data.join("credentials").join(format!("{component}.kubeconfig"))
    }

    /// Records of processes, and sockets.
    pub(crate) fn run(&self, file: &str) -> PathBuf {
        self.data.join("run").join(file)
    }

    /// A node's folder.
    pub(crate) fn node(&self, node: &str) -> PathBuf {
        self.data.join("nodes").join(node)
    }

    /// Held by whoever changes the cluster.
    pub(crate) fn lock(&self) -> PathBuf {
        self.data.join("up.lock")
    }

    /// The settings; `None` before the first `up`.
    pub(crate) fn settings(&self) -> Result<Option<Settings>> {
        let path = self.data.join("cluster.json");
        match fs::read(&path) {
            Ok(bytes) => {
                let settings = serde_json::from_slice(&bytes);
                Ok(Some(settings.with_context(|| format!("read {}", path.display()))?))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("read {}", path.display())),
        }
    }

    /// Keeps the settings.
    pub(crate) fn save(&self, settings: &Settings) -> Result<()> {
        write_private(&self.data.join("cluster.json"), &serde_json::to_vec_pretty(settings)?)
    }
}

fn absent_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}
