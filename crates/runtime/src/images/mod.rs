//! Images: pulled or loaded, unpacked once a layer, handed to containers as overlayfs lower directories.

use std::path::{Path, PathBuf};

use oci_spec::image::ImageConfiguration;

/// The node's images. Clones share it.
#[derive(Clone)]
pub struct Images {}

/// How registries are reached.
#[derive(Debug, Clone, Default)]
pub struct RegistryConfig {
    /// HTTP CONNECT proxy (`http://10.0.0.1:3128`) through which every registry is reached; empty: directly.
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

impl Images {
    /// Opens (or makes) the image store in `root`.
    pub fn open(_root: &Path, _config: RegistryConfig) -> Result<Self, ImageError> {
        todo!()
    }

    /// Pulls an image; gives its id. Two pulls of the same share the work.
    pub async fn pull(&self, _reference: &str, _credentials: &Credentials) -> Result<String, ImageError> {
        todo!()
    }

    /// Loads a docker-archive or OCI-layout tar; gives the references it brought.
    pub async fn load(&self, _tar: &Path) -> Result<Vec<String>, ImageError> {
        todo!()
    }

    /// Finds an image by reference, digest or id (prefix).
    pub fn find(&self, _reference: &str) -> Option<Image> {
        todo!()
    }

    /// All images.
    pub fn list(&self) -> Vec<Image> {
        todo!()
    }

    /// Makes an image ready to run; its layers stay while any `Prepared` user named by `holder` holds them.
    pub fn prepare(&self, _reference: &str, _holder: &str) -> Result<Prepared, ImageError> {
        todo!()
    }

    /// `holder` (a container id) no longer needs its layers.
    pub fn release(&self, _holder: &str) {
        todo!()
    }

    /// Removes an image (all its references); layers go when nothing holds them. Fine when it is absent.
    pub fn remove(&self, _reference: &str) -> Result<(), ImageError> {
        todo!()
    }

    /// Where images live, bytes used and inodes used.
    pub fn usage(&self) -> (PathBuf, u64, u64) {
        todo!()
    }
}
