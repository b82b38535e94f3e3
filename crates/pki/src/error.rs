//! What goes wrong with keys and certificates.

/// Why a certificate, key or token could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// Certificate generation failed.
    #[error("make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// PEM or DER that is not what it should be.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// A signature could not be made.
    #[error("sign")]
    Sign,
    /// A file could not be read or written.
    #[error("file {path}")]
    File {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}
