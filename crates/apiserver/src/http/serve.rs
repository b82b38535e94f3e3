//! Listening: TLS, HTTP/2 and HTTP/1.1 with upgrades, and a stop that lets requests finish.

use std::sync::Arc;
use std::time::Duration;

use http::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::filters::Sender;
use crate::authn::Peer;
use crate::connect::Body;
use crate::server::{Core, Server};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Longest time for a TLS handshake, and for the head of a request.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest time between the head's first and last byte.
const HEADER_TIMEOUT: Duration = Duration::from_secs(32);
/// Most connections at a time; further ones wait in the listener's backlog.
const CONNECTIONS_MAX: usize = 16_384;

/// Why the server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// No certificate was given.
    #[error("no TLS configuration")]
    NoTls,
}

impl Server {
    /// Answers connections until `cancel`, then lets requests that are no streams finish.
    pub async fn serve(&self, listener: TcpListener, cancel: CancellationToken) -> Result<(), ServeError> {
        let mut tls = rustls::ServerConfig::clone(self.tls.as_ref().ok_or(ServeError::NoTls)?);
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let stop = self.core.cancel.clone();
        // Streams end with the first, connections at the latest with the second.
        let (ending, ended) = (CancellationToken::new(), CancellationToken::new());
        // Who sends requests here must have seen that the server is not ready before it refuses them.
        let delayed = async {
            cancel.cancelled().await;
            self.core.drain();
            tokio::time::sleep(self.core.tuning.shutdown_delay).await;
        };
        tokio::pin!(delayed);
        loop {
            let accepted = tokio::select! {
                biased;
                () = &mut delayed => break,
                () = stop.cancelled() => break,
                accepted = accept(&listener, &places) => accepted,
            };
            let Some((stream, place)) = accepted else { continue };
            let (core, acceptor, watcher) = (self.core.clone(), acceptor.clone(), graceful.watcher());
            let (ending, ended) = (ending.clone(), ended.clone());
            self.tasks.spawn(async move {
                let _place = place;
                let handshake = tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream)).await;
                match handshake {
                    Ok(Ok(stream)) => {
                        let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
                        let peer = Peer {
                            certificates: certificates.iter().map(|one| one.clone().into_owned()).collect(),
                        };
                        let connection = connection(core, stream, peer, watcher, ending);
                        if ended.run_until_cancelled(connection).await.is_none() {
                            debug!("A connection was cut off.");
                        }
                    }
                    Ok(Err(error)) => debug!(%error, "A TLS handshake failed."),
                    Err(_) => debug!("A TLS handshake took too long."),
                }
            });
        }
        drop(listener);
        ending.cancel();
        if tokio::time::timeout(self.core.tuning.request_timeout, graceful.shutdown()).await.is_err() {
            warn!("Connections are still open at the end of the stop's time.");
        }
        ended.cancel();
        Ok(())
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.expect("the semaphore is never closed");
    match listener.accept().await {
        Ok((stream, _)) => {
            if let Err(error) = stream.set_nodelay(true) {
                debug!(%error, "A connection keeps Nagle's algorithm.");
            }
            Some((stream, place))
        }
        Err(error) => {
            // Out of descriptors, mostly: others must end first.
            warn!(%error, "A connection could not be accepted.");
            tokio::time::sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

async fn connection(
    core: Arc<Core>,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: Peer,
    watcher: hyper_util::server::graceful::Watcher,
    cancel: CancellationToken,
) {
    let (peer, streams_max) = (Arc::new(peer), core.tuning.streams_max);
    let service = service_fn(move |request: Request<Incoming>| {
        let (core, peer, cancel) = (core.clone(), peer.clone(), cancel.clone());
        async move {
            let request =
                request.map(|body| Body::new(body.map_err(|error| -> BoxError { Box::new(error) })));
            let response = core.respond(request, Sender::Peer(&peer)).await;
            // A stop ends streams, so that their connections can finish.
            Ok::<_, std::convert::Infallible>(response.map(|body| super::stream::until(body, cancel)))
        }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(streams_max)
        .keep_alive_interval(Some(Duration::from_secs(30)));
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    if let Err(error) = watcher.watch(connection.into_owned()).await {
        debug!(error, "A connection ended in an error.");
    }
}
