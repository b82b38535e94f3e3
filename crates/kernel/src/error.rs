//! What failed, and the kernel's reason.

use std::io;

/// A request that the kernel refused.
#[derive(Debug, thiserror::Error)]
#[error("{operation}: {error}")]
pub struct Error {
    operation: String,
    error: io::Error,
}

/// The result of asking the kernel.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// `operation` failed as `error` says.
    pub fn new(operation: impl Into<String>, error: impl Into<io::Error>) -> Self {
        Self { operation: operation.into(), error: error.into() }
    }

    /// `operation` was refused before the kernel was asked.
    pub fn invalid(operation: impl Into<String>, why: &str) -> Self {
        Self::new(operation, io::Error::new(io::ErrorKind::InvalidInput, why))
    }

    /// The kernel's reason.
    pub fn io(&self) -> &io::Error {
        &self.error
    }

    /// Whether the kernel gave this error number.
    pub fn is(&self, errno: rustix::io::Errno) -> bool {
        self.error.raw_os_error() == Some(errno.raw_os_error())
    }

    /// Whether what was asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        self.error.kind() == io::ErrorKind::NotFound
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::new(error.error.kind(), error)
    }
}

/// Names the operation that an error came from.
pub(crate) trait Context<T> {
    /// Names it with a constant.
    fn doing(self, operation: &str) -> Result<T>;
    /// Names it with a text made only on failure.
    fn doing_with(self, operation: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Into<io::Error>> Context<T> for std::result::Result<T, E> {
    fn doing(self, operation: &str) -> Result<T> {
        self.map_err(|error| Error::new(operation, error))
    }

    fn doing_with(self, operation: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Error::new(operation(), error))
    }
}

/// The error that the last C library call left behind.
pub(crate) fn last(operation: &str) -> Error {
    Error::new(operation, io::Error::last_os_error())
}
