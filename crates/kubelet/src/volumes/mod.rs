//! Volumes: made before a pod's containers start, kept up to date while they run, and taken away after them.

pub(crate) mod atomic;
pub(crate) mod claims;
pub(crate) mod config;
pub(crate) mod empty_dir;
pub(crate) mod host_path;
pub(crate) mod manager;
pub(crate) mod objects;
pub(crate) mod ownership;
pub(crate) mod projected;
pub(crate) mod subpath;
pub(crate) mod teardown;
pub(crate) mod tokens;

use std::path::PathBuf;

/// A volume that is ready to be mounted into containers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mounted {
    /// Where it is on the node.
    pub(crate) path: PathBuf,
    /// Nobody may write to it.
    pub(crate) read_only: bool,
    /// The mode for folders made in it for a subPath.
    pub(crate) mode: u32,
    /// It is an image, which the runtime mounts.
    pub(crate) image: Option<k8s_cri::v1::ImageSpec>,
}

/// Why a volume cannot be mounted; the text goes into a FailedMount event.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VolumeError {
    #[error("configmap \"{0}\" not found")]
    ConfigMapMissing(String),
    #[error("secret \"{0}\" not found")]
    SecretMissing(String),
    #[error("references non-existent {kind} key: {key}")]
    KeyMissing { kind: &'static str, key: String },
    #[error("invalid path \"{0}\" in a volume item")]
    ItemPath(String),
    #[error(transparent)]
    Field(#[from] crate::pods::env::EnvError),
    #[error("hostPath type check failed: {path} is not {wanted}")]
    HostPathType { path: String, wanted: &'static str },
    #[error("failed to fetch token: {0}")]
    Token(String),
    #[error("persistentvolumeclaim \"{0}\" not found")]
    ClaimMissing(String),
    #[error("{0}")]
    Claim(String),
    #[error("volume type {0} is not supported by this node")]
    Unsupported(&'static str),
    #[error("{0}")]
    Api(String),
    #[error("{what} {path}: {source}")]
    File {
        what: &'static str,
        path: String,
        #[source]
        source: std::io::Error,
    },
}

/// Wraps an IO error with what was tried and where.
pub(crate) fn file_error(
    what: &'static str,
    path: &std::path::Path,
) -> impl FnOnce(std::io::Error) -> VolumeError + use<> {
    let path = path.display().to_string();
    move |source| VolumeError::File { what, path, source }
}
