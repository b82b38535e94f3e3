//! What configuration files of several components have in common. Source: the reference pages of
//! `k8s.io/component-base/config`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::duration::GoDuration;
use crate::file::FileError;

/// `clientConnection`: how the API server is reached.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ClientConnection {
    /// Where the API server and the credentials for it are found.
    pub kubeconfig: Option<String>,
    /// Taken for compatibility: JSON is what is spoken.
    pub accept_content_types: Option<String>,
    /// As [`ClientConnection::accept_content_types`].
    pub content_type: Option<String>,
    /// Taken for compatibility: the API server's own limits keep clients from each other's way.
    pub qps: Option<f64>,
    /// As [`ClientConnection::qps`].
    pub burst: Option<i32>,
}

/// `leaderElection`: which of several works.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LeaderElection {
    /// On unless switched off.
    pub leader_elect: Option<bool>,
    /// How long a Lease that is not renewed holds.
    pub lease_duration: Option<GoDuration>,
    /// How long a leader tries to renew.
    pub renew_deadline: Option<GoDuration>,
    /// Pause between attempts.
    pub retry_period: Option<GoDuration>,
    /// `leases`.
    pub resource_lock: Option<String>,
    /// The Lease's name.
    pub resource_name: Option<String>,
    /// Its namespace.
    pub resource_namespace: Option<String>,
}

/// A setting that asks for what is not there, or makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// A field's value.
    #[error("{field}: {message}")]
    Field {
        /// Its place in the file.
        field: String,
        /// Why not.
        message: String,
    },
    /// A file that it names cannot be read.
    #[error("read {path}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl ConfigError {
    /// A field's value is refused.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Field { field: field.into(), message: message.into() }
    }
}
