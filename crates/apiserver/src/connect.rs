//! Subresources that are streams or another server's answers: log, exec, attach, portforward, proxy.

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;

use crate::attributes::{ResourceTarget, User};
use crate::status::ApiError;

/// A request's or answer's body.
pub type Body = UnsyncBoxBody<Bytes, Box<dyn std::error::Error + Send + Sync>>;

/// Answers a connect request. It is authorised and admitted already.
#[async_trait]
pub trait Connector: Send + Sync + 'static {
    /// `request` is as the client sent it (an upgrade rides in its extensions, `hyper::upgrade::on` takes it); an
    /// answer `101 Switching Protocols` hands the connection over to a task that the connector owns.
    async fn connect(
        &self,
        user: &User,
        target: &ResourceTarget,
        request: http::Request<Body>,
    ) -> Result<http::Response<Body>, ApiError>;
}
