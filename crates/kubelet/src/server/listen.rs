//! The listeners: HTTPS for the API, plain HTTP on loopback for the health check.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use super::auth::{Gate, User};
use super::{route, text, tls};
use crate::error::Error;
use crate::kubelet::Kubelet;

/// Connections at a time; further ones wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 1024;
/// Time that a client has to finish its handshake or its headers.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// What is listened on.
pub(crate) struct Listeners {
    api: TcpListener,
    healthz: Option<TcpListener>,
    tls: TlsAcceptor,
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(|source| Error::Listen { address, source })
}

/// Opens the listeners.
pub(crate) async fn listen(kubelet: &Kubelet) -> Result<Listeners, Error> {
    let config = &kubelet.config;
    let tls = tls::config(config, kubelet.env.now())?;
    let healthz = match config.healthz {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let api = bind(SocketAddr::new(config.address, config.port)).await?;
    Ok(Listeners { api, healthz, tls: TlsAcceptor::from(tls) })
}

/// Serves until the kubelet stops; open streams are cut then.
pub(crate) async fn serve(kubelet: Arc<Kubelet>, listeners: Listeners) {
    let gate = Arc::new(Gate::new(kubelet.client.clone(), &kubelet.config));
    let tracker = TaskTracker::new();
    if let Some(healthz) = listeners.healthz {
        tracker.spawn(serve_healthz(kubelet.clone(), healthz));
    }
    let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        // The semaphore is never closed.
        let Some(Ok(permit)) = kubelet.cancel.run_until_cancelled(permits.clone().acquire_owned()).await
        else {
            break;
        };
        let stream = match kubelet.cancel.run_until_cancelled(listeners.api.accept()).await {
            None => break,
            Some(Ok((stream, _))) => stream,
            Some(Err(error)) => {
                warn!(%error, "A connection could not be accepted.");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (kubelet, gate, tls) = (kubelet.clone(), gate.clone(), listeners.tls.clone());
        tracker.spawn(async move {
            let cancel = kubelet.cancel.clone();
            cancel.run_until_cancelled(connection(kubelet, gate, tls, stream)).await;
            drop(permit);
        });
    }
    tracker.close();
    tracker.wait().await;
}

async fn connection(kubelet: Arc<Kubelet>, gate: Arc<Gate>, tls: TlsAcceptor, stream: TcpStream) {
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
    let service = service_fn(move |request: Request<Incoming>| {
        let (kubelet, gate, user) = (kubelet.clone(), gate.clone(), user.clone());
        async move { Ok::<_, std::convert::Infallible>(route::handle(kubelet, gate, user, request).await) }
    });
    let mut server = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HANDSHAKE_TIMEOUT);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(250)
        .max_header_list_size(64 << 10)
        .keep_alive_interval(Some(Duration::from_secs(30)));
    if let Err(error) = server.serve_connection_with_upgrades(TokioIo::new(stream), service).await {
        debug!(%error, "A connection ended with an error.");
    }
}

async fn serve_healthz(kubelet: Arc<Kubelet>, listener: TcpListener) {
    while let Some(accepted) = kubelet.cancel.run_until_cancelled(listener.accept()).await {
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let service = service_fn(|request: Request<Incoming>| async move {
            let response = match request.uri().path() {
                "/healthz" | "/healthz/ping" | "/healthz/log" => text(StatusCode::OK, "ok"),
                _ => text(StatusCode::NOT_FOUND, "404 page not found\n"),
            };
            Ok::<_, std::convert::Infallible>(response)
        });
        let mut server = hyper::server::conn::http1::Builder::new();
        server.timer(TokioTimer::new()).header_read_timeout(HANDSHAKE_TIMEOUT).keep_alive(false);
        let served = server.serve_connection(TokioIo::new(stream), service);
        // One at a time is enough for a loopback check; a slow client is cut off.
        if let Some(Ok(Err(error))) =
            kubelet.cancel.run_until_cancelled(tokio::time::timeout(HANDSHAKE_TIMEOUT, served)).await
        {
            debug!(%error, "A health check ended with an error.");
        }
    }
}
