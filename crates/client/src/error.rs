//! What goes wrong between a component and the API server.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `metav1.Status`, as much of it as clients act on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// `Success` or `Failure`.
    pub status: String,
    /// For people.
    pub message: String,
    /// `NotFound`, `Conflict`, …
    pub reason: String,
    /// HTTP status code.
    pub code: u16,
    /// What it is about.
    pub details: Option<StatusDetails>,
}

/// `metav1.StatusDetails`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatusDetails {
    /// The object's name.
    pub name: String,
    /// Its resource or kind.
    pub kind: String,
    /// Single reasons.
    pub causes: Vec<StatusCause>,
    /// When to try again; 0 for no advice.
    pub retry_after_seconds: u32,
}

/// `metav1.StatusCause`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatusCause {
    /// `FieldValueInvalid`, `NamespaceTerminating`, …
    pub reason: String,
    /// For people.
    pub message: String,
    /// A field path.
    pub field: String,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} {})", self.message, self.code, self.reason)
    }
}

/// A failed call.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server answered with a failure.
    #[error("{0}")]
    Api(Box<Status>),
    /// The server could not be reached, or the connection broke: whether a write happened is unknown.
    #[error("the API server cannot be reached")]
    Transport(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The answer is not what was asked for.
    #[error("decode the answer to {what}")]
    Decode {
        /// The request's path.
        what: String,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// The request cannot be put into HTTP (a name with control characters, say).
    #[error("malformed request")]
    Request(#[from] http::Error),
    /// The kubeconfig is missing or wrong.
    #[error("kubeconfig {path}")]
    Kubeconfig {
        /// Which file.
        path: String,
        /// What is wrong with it.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// The HTTP status code, when the server answered.
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Api(status) => Some(status.code),
            _ => None,
        }
    }

    /// All sources in one line; empty for none.
    pub fn source_text(&self) -> String {
        let sources = std::iter::successors(std::error::Error::source(self), |error| error.source());
        sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    }

    fn has_reason(&self, reason: &str) -> bool {
        matches!(self, Self::Api(status) if status.reason == reason)
    }

    /// 404.
    pub fn is_not_found(&self) -> bool {
        self.code() == Some(404)
    }

    /// 409: an old resource version or a failed precondition.
    pub fn is_conflict(&self) -> bool {
        self.has_reason("Conflict")
    }

    /// 409: the name is taken.
    pub fn is_already_exists(&self) -> bool {
        self.has_reason("AlreadyExists")
    }

    /// 410: the resource version is too old.
    pub fn is_gone(&self) -> bool {
        self.code() == Some(410)
    }

    /// The namespace is being deleted: nothing can be created in it any more.
    pub fn is_namespace_terminating(&self) -> bool {
        let Self::Api(status) = self else { return false };
        let causes = status.details.iter().flat_map(|details| &details.causes);
        status.code == 403 && causes.into_iter().any(|cause| cause.reason == "NamespaceTerminating")
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Api(status) => matches!(status.code, 429 | 500 | 502 | 503 | 504),
            Self::Transport(_) => true,
            Self::Decode { .. } | Self::Request(_) | Self::Kubeconfig { .. } => false,
        }
    }
}

/// `Ok(None)` for 404.
pub(crate) fn optional<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
