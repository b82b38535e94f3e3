//! Authentication: who asks.

use async_trait::async_trait;
use rustls::pki_types::CertificateDer;

use crate::attributes::User;
use crate::status::ApiError;

/// What the connection itself tells of the client: its certificate chain (not yet verified against the client CA
/// when the listener asks but does not require), leaf first; empty for none.
#[derive(Debug, Clone, Default)]
pub struct Peer {
    /// Leaf first.
    pub certificates: Vec<CertificateDer<'static>>,
}

/// Tells who asks. Several are asked in turn: the first user found counts.
#[async_trait]
pub trait Authenticator: Send + Sync + 'static {
    /// `Ok(None)`: this authenticator has no opinion (no credentials of its sort). An error is a credential of its
    /// sort that is wrong: 401.
    async fn authenticate(&self, headers: &http::HeaderMap, peer: &Peer) -> Result<Option<User>, ApiError>;
}
