//! The listeners: HTTPS for the API, plain HTTP on loopback for the health check.

use std::net::SocketAddr;
use std::sync::Arc;

use http::Request;
use hyper::body::Incoming;
use mizzen_component::{Check, Endpoints, Health, ServingCert, accept, serve_tls, server_tls};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::task::TaskTracker;

use super::auth::Gate;
use super::route;
use crate::error::Error;
use crate::kubelet::Kubelet;

/// Connections at a time; further ones wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 1024;

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
    let bad = |error: mizzen_component::TlsError| Error::Tls(error.to_string());
    let serving = match &config.serving_cert {
        Some(serving) => serving.clone(),
        None => {
            ServingCert::self_signed(&config.node_name, &config.node_ips, kubelet.env.now()).map_err(bad)?
        }
    };
    let tls = server_tls(&serving, config.client_ca_pem.as_deref()).map_err(bad)?;
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
        let ok = |name| Check::new(name, || Ok(()));
        let health = Health { live: vec![Check::ping(), ok("log"), ok("syncloop")], ..Health::default() };
        let component = Endpoints { health, ..Endpoints::default() };
        tracker.spawn(component.serve_plain(healthz, kubelet.cancel.clone()));
    }
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let connection = |stream: TcpStream| {
        let (kubelet, gate, tls) = (kubelet.clone(), gate.clone(), listeners.tls.clone());
        async move {
            serve_tls(stream, tls, |user, request: Request<Incoming>| {
                route::handle(kubelet.clone(), gate.clone(), user, request)
            })
            .await;
        }
    };
    accept(&listeners.api, &slots, &tracker, &kubelet.cancel, connection).await;
    tracker.close();
    tracker.wait().await;
}
