//! What goes wrong in answering CRI, and which gRPC code that is.

use std::io;

use mizzen_cni::CniError;
use tonic::{Code, Status};

use crate::images::ImageError;
use crate::shim::ShimError;
use crate::spec::SpecError;

/// Why a call of CRI fails.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// No such object.
    #[error("{kind} {id:?} not found")]
    NotFound {
        /// `sandbox` or `container`.
        kind: &'static str,
        /// What was asked for.
        id: String,
    },
    /// The name is in use.
    #[error("name {0:?} is reserved")]
    Exists(String),
    /// The request makes no sense, or asks for what is not supported.
    #[error("{0}")]
    Invalid(String),
    /// The object is in a state that does not allow it.
    #[error("{0}")]
    State(String),
    /// It took too long.
    #[error("{0}")]
    Timeout(String),
    /// A shim failed.
    #[error(transparent)]
    Shim(#[from] ShimError),
    /// The kernel refused.
    #[error(transparent)]
    Kernel(#[from] mizzen_kernel::Error),
    /// An image is not there.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The network could not be attached.
    #[error("failed to setup network for sandbox {sandbox:?}")]
    Network {
        /// Sandbox id.
        sandbox: String,
        /// Why not.
        #[source]
        source: CniError,
    },
    /// The disk failed.
    #[error("{operation}")]
    Io {
        /// What was done.
        operation: String,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
}

impl RuntimeError {
    /// An error of reading or writing.
    pub(crate) fn io(operation: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let operation = operation.into();
        move |source| Self::Io { operation, source }
    }
}

impl From<SpecError> for RuntimeError {
    fn from(error: SpecError) -> Self {
        Self::Invalid(error.0)
    }
}

/// An error with all its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.ends_with(&more) {
            text += ": ";
            text += &more;
        }
        cause = inner.source();
    }
    text
}

impl From<RuntimeError> for Status {
    fn from(error: RuntimeError) -> Self {
        let code = match &error {
            RuntimeError::NotFound { .. } | RuntimeError::Image(ImageError::NotFound(_)) => Code::NotFound,
            RuntimeError::Exists(_) => Code::AlreadyExists,
            RuntimeError::Invalid(_) | RuntimeError::Image(ImageError::Reference(_)) => Code::InvalidArgument,
            RuntimeError::State(_) => Code::FailedPrecondition,
            RuntimeError::Timeout(_) => Code::DeadlineExceeded,
            _ => Code::Unknown,
        };
        Self::new(code, chain(&error))
    }
}
