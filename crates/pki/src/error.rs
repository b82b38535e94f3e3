//! What goes wrong with keys and certificates.

/// Why a certificate, key, token or kubeconfig could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// PEM or DER that is not what it should be.
    #[error("malformed {0}")]
    Malformed(&'static str),
    /// A signature could not be made.
    #[error("sign")]
    Sign,
    /// A certificate signing request whose signature does not prove possession of its key.
    #[error("the request is not signed by its own key")]
    NotPossessed,
    /// A moment that certificates cannot express.
    #[error("validity out of range")]
    Validity,
    /// A file could not be read or written.
    #[error("file {path}")]
    File {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Somebody else holds the lock of a kubeconfig.
    #[error("{path} is locked by another program (remove {path}.lock if it is not)")]
    Locked {
        /// The kubeconfig.
        path: String,
    },
    /// A kubeconfig is not one.
    #[error("kubeconfig {path}")]
    Kubeconfig {
        /// Which.
        path: String,
        /// What is wrong with it.
        #[source]
        source: serde_yaml_ng::Error,
    },
}
