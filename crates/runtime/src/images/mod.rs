//! Images: pulled or loaded, unpacked once a layer, handed to containers as overlayfs lower directories.
//!
//! `reference` and `digest` are names; `transport`, `registry` and `pull` bring images from outside,
//! `archive` from a tar; `tarball` and `unpack` turn a layer into a folder, `layer` puts it in place, and
//! `store` keeps account of it all.

mod archive;
mod digest;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod layer;
mod manifest;
mod pool;
mod pull;
impl std::fmt::Debug for Images {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Images").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod pull_tests;
mod reference;
mod registry;
mod store;
mod tarball;
#[cfg(test)]
mod tests;
mod transport;
mod unpack;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use oci_spec::image::ImageConfiguration;
use tracing::warn;

use pool::Pool;
use store::{Folders, State};

/// The node's images. Clones share it.
#[derive(Clone)]
pub struct Images(Arc<Inner>);

/// What clones share.
struct Inner {
    state: Mutex<State>,
    folders: Arc<Folders>,
    pool: Pool,
    pulls: pull::Pulls,
}

/// How registries are reached.
#[derive(Debug, Clone, Default)]
pub struct RegistryConfig {
    /// HTTP CONNECT proxy through which every registry is reached, at `http://user:password@10.0.0.1:3128` or
    /// `unix:///path/of/socket`; empty: directly.
    pub proxy: String,
    /// Registries that speak plain HTTP, besides those on loopback.
    pub insecure: Vec<String>,
}

/// User and password for one pull.
#[derive(Clone, Default)]
pub struct Credentials {
    /// User name; empty for anonymous.
    pub username: String,
    /// Password or token.
    pub password: String,
}

/// An image on the node.
#[derive(Debug, Clone)]
pub struct Image {
    /// `sha256:…` of its configuration.
    pub id: String,
    /// `docker.io/library/nginx:1.27`.
    pub tags: Vec<String>,
    /// `docker.io/library/nginx@sha256:…`.
    pub digests: Vec<String>,
    /// Bytes on disk.
    pub size: u64,
    /// User, command, environment, …
    pub config: ImageConfiguration,
    /// Never garbage-collected.
    pub pinned: bool,
}

/// An image made ready to run.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The image.
    pub image: Image,
    /// Unpacked layers, topmost first: overlayfs `lowerdir`s.
    pub layers: Vec<PathBuf>,
}

/// Why an image is not there.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// No such image on the node.
    #[error("image {0:?} not found")]
    NotFound(String),
    /// Not an image reference.
    #[error("invalid reference {0:?}")]
    Reference(String),
    /// The registry refused or failed: its words.
    #[error("failed to pull {image:?}: {message}")]
    Pull {
        /// What was pulled.
        image: String,
        /// Why not.
        message: String,
        /// 401 or 403, or it does not exist: trying again soon is of no use.
        denied: bool,
    },
    /// The archive or a layer is malformed or hostile.
    #[error("malformed image: {0}")]
    Malformed(String),
    /// The disk failed.
    #[error("image storage")]
    Io(#[from] std::io::Error),
}

impl ImageError {
    /// The same again, for all who waited for one pull.
    fn copy(&self) -> Self {
        match self {
            Self::NotFound(image) => Self::NotFound(image.clone()),
            Self::Reference(text) => Self::Reference(text.clone()),
            Self::Pull { image, message, denied } => {
                Self::Pull { image: image.clone(), message: message.clone(), denied: *denied }
            }
            Self::Malformed(what) => Self::Malformed(what.clone()),
            Self::Io(error) => Self::Io(std::io::Error::new(error.kind(), error.to_string())),
        }
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the pool delete what was discarded.
    fn sweep(&self) {
        let folders = self.folders.clone();
        if !self.pool.submit(move || folders.empty("trash")) {
            tracing::debug!("The pool is busy, the next sweep will delete more.");
        }
    }
}

impl Images {
    /// Opens (or makes) the image store in `root`. Needs root privileges; one process at a time.
    pub fn open(root: &Path, config: RegistryConfig) -> Result<Self, ImageError> {
        let state = State::open(root)?;
        let folders = state.folders();
        let pulls = pull::Pulls::new(config)?;
        Ok(Self(Arc::new(Inner { state: Mutex::new(state), folders, pool: Pool::start()?, pulls })))
    }

    /// Pulls an image; gives its id. Two pulls of the same share the work.
    pub async fn pull(&self, reference: &str, credentials: &Credentials) -> Result<String, ImageError> {
        pull::pull(&self.0, reference, credentials).await
    }

    /// Loads a docker-archive or OCI-layout tar; gives the references it brought.
    pub async fn load(&self, tar: &Path) -> Result<Vec<String>, ImageError> {
        let (inner, tar) = (self.0.clone(), tar.to_owned());
        self.0.pool.run(move || archive::load(&inner, &tar)).await
    }

    /// Finds an image by reference, digest or id (prefix).
    pub fn find(&self, reference: &str) -> Option<Image> {
        let state = self.0.state();
        state.image(&state.resolve(reference)?)
    }

    /// All images.
    pub fn list(&self) -> Vec<Image> {
        self.0.state().images()
    }

    /// Makes an image ready to run; its layers stay while any `Prepared` user named by `holder` holds them.
    /// Holders are remembered over restarts.
    pub fn prepare(&self, reference: &str, holder: &str) -> Result<Prepared, ImageError> {
        let mut state = self.0.state();
        let not_found = || ImageError::NotFound(reference.to_owned());
        let id = state.resolve(reference).ok_or_else(not_found)?;
        let layers = state.hold(&id, holder)?;
        let image = state.image(&id).ok_or_else(not_found)?;
        Ok(Prepared { image, layers })
    }

    /// `holder` (a container id) no longer needs its layers.
    pub fn release(&self, holder: &str) {
        if let Err(error) = self.0.state().release(holder) {
            warn!(holder, %error, "Could not release layers, will try again at the next start.");
        }
        self.0.sweep();
    }

    /// Removes an image (all its references); layers go when nothing holds them. Fine when it is absent.
    pub fn remove(&self, reference: &str) -> Result<(), ImageError> {
        let removed = {
            let mut state = self.0.state();
            match state.resolve(reference) {
                Some(id) => state.remove(&id),
                None => Ok(()),
            }
        };
        self.0.sweep();
        removed
    }

    /// Where images live, bytes used and inodes used.
    pub fn usage(&self) -> (PathBuf, u64, u64) {
        let (bytes, inodes) = self.0.state().usage();
        (self.0.folders.root().to_owned(), bytes, inodes)
    }
}
