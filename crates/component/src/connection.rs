//! HTTP over one connection, plain or in TLS.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tracing::debug;

use crate::answer::Body;
use crate::review::User;

/// Time that a client has to finish its handshake or its headers.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest headers.
const HEAD_LEN_MAX: u32 = 64 << 10;

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
    let service = service_fn(|request| {
        let answered = handle(request);
        async move { Ok::<_, Infallible>(answered.await) }
    });
    let mut server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HANDSHAKE_TIMEOUT);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(250)
        .max_header_list_size(HEAD_LEN_MAX)
        .keep_alive_interval(Some(Duration::from_secs(30)));
    if let Err(error) = server.serve_connection_with_upgrades(TokioIo::new(stream), service).await {
        debug!(%error, "A connection ended with an error.");
    }
}
