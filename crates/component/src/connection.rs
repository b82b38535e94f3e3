//! HTTP over one connection, plain or in TLS.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::answer::Body;
use crate::review::User;
use crate::serve::{Limits, serve_http};

/// Time that a client has to finish its handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves a connection in TLS; `handle` learns the user that the client's certificate names.
pub async fn serve_tls<F, R>(stream: TcpStream, tls: TlsAcceptor, handle: F)
where
    F: Fn(Option<Arc<User>>, Request<Incoming>) -> R + Send + Sync,
    R: Future<Output = Response<Body>> + Send + 'static,
{
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "A connection could not be set up.");
        return;
    }
    let stream = match tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => {
            debug!(%error, "A TLS handshake failed.");
            return;
        }
        Err(_) => return,
    };
    let (_, session) = stream.get_ref();
    let certificate = session.peer_certificates().and_then(|chain| chain.first());
    let user = certificate.and_then(|cert| User::from_certificate(cert.as_ref())).map(Arc::new);
    serve(stream, |request| handle(user.clone(), request)).await;
}

/// Serves a connection in plain text.
pub async fn serve_plain<F, R>(stream: TcpStream, handle: F)
where
    F: Fn(Request<Incoming>) -> R + Send + Sync,
    R: Future<Output = Response<Body>> + Send + 'static,
{
    serve(stream, handle).await;
}

async fn serve<S, F, R>(stream: S, handle: F)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    F: Fn(Request<Incoming>) -> R + Send + Sync,
    R: Future<Output = Response<Body>> + Send + 'static,
{
    // Who serves cuts connections off when it stops.
    let drain = CancellationToken::new();
    if let Err(error) = serve_http(stream, &Limits::default(), &drain, handle).await {
        debug!(error, "A connection ended with an error.");
    }
}
