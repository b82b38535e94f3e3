//! Listening: TLS, HTTP/2 and HTTP/1.1 with upgrades, and a stop that lets requests finish.

use std::sync::Arc;
use std::time::Duration;

use http::Request;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use mizzen_component::{Limits, serve_http};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use super::filters::Sender;
use crate::authn::Peer;
use crate::connect::Body;
use crate::server::{Core, Server};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Longest time for a TLS handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest time between the head's first and last byte (kube-apiserver's).
const HEADER_TIMEOUT: Duration = Duration::from_secs(32);
/// Longest head of a request: selectors are long. kube-apiserver takes four times as much, and has it in memory.
const HEAD_LEN_MAX: u32 = 256 << 10;
/// How long a connection may stay without a request (kube-apiserver's).
const IDLE_TIMEOUT: Duration = Duration::from_secs(90);

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
        let connections = TaskTracker::new();
        let places = Arc::new(Semaphore::new(self.core.tuning.connections_max));
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
            let (core, acceptor) = (self.core.clone(), acceptor.clone());
            let (ending, ended) = (ending.clone(), ended.clone());
            self.tasks.spawn(connections.track_future(async move {
                let _place = place;
                let handshake = tokio::time::timeout(HANDSHAKE_TIMEOUT, acceptor.accept(stream));
                let Some(handshake) = ending.run_until_cancelled(handshake).await else { return };
                match handshake {
                    Ok(Ok(stream)) => {
                        let certificates = stream.get_ref().1.peer_certificates().unwrap_or_default();
                        let peer = Peer {
                            certificates: certificates.iter().map(|one| one.clone().into_owned()).collect(),
                        };
                        let connection = connection(core, stream, peer, ending);
                        if ended.run_until_cancelled(connection).await.is_none() {
                            debug!("A connection was cut off.");
                        }
                    }
                    Ok(Err(error)) => debug!(%error, "A TLS handshake failed."),
                    Err(_) => debug!("A TLS handshake took too long."),
                }
            }));
        }
        drop(listener);
        ending.cancel();
        connections.close();
        if tokio::time::timeout(self.core.tuning.request_timeout, connections.wait()).await.is_err() {
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
    ending: CancellationToken,
) {
    let limits = Limits {
        streams_max: core.tuning.streams_max,
        head_len_max: HEAD_LEN_MAX,
        head_timeout: HEADER_TIMEOUT,
        idle_timeout: IDLE_TIMEOUT,
        stall_timeout: core.tuning.request_timeout,
    };
    let (peer, drain) = (Arc::new(peer), ending.clone());
    let handle = move |request: Request<Incoming>| {
        let (core, peer, ending) = (core.clone(), peer.clone(), ending.clone());
        async move {
            let request =
                request.map(|body| Body::new(body.map_err(|error| -> BoxError { Box::new(error) })));
            let response = core.respond(request, Sender::Peer(&peer)).await;
            // A stop ends streams, so that their connections can finish.
            response.map(|body| super::stream::until(body, ending))
        }
    };
    if let Err(error) = serve_http(stream, &limits, &drain, handle).await {
        debug!(error, "A connection ended in an error.");
    }
}
