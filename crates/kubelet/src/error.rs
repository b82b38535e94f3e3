//! What goes wrong in a kubelet as a whole.

/// Why a kubelet cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting makes no sense.
    #[error("setting {name}: {reason}")]
    Config {
        /// Which.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A folder or file of the kubelet's own cannot be used.
    #[error("{what} {path}")]
    File {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A listener cannot be opened.
    #[error("listen on {address}")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The serving certificate or client authority cannot be used.
    #[error("TLS of the node's API: {0}")]
    Tls(String),
    /// The runtime's endpoint is malformed.
    #[error("container runtime endpoint")]
    Endpoint(#[source] tonic::transport::Error),
}

/// An error with all its sources in one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let message = inner.to_string();
        if !text.ends_with(&message) {
            text = format!("{text}: {message}");
        }
        source = inner.source();
    }
    text
}
