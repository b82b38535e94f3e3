//! The way from the nodes to image registries: an HTTP CONNECT proxy that dials from the host's network.
//!
//! It reaches everything that the host does, its loopback address too. So it listens on a Unix socket that only root may
//! open, not on the LAN, where a pod in the node's network could use it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use mizzen_component::accept;
use tokio::net::{TcpStream, UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::debug;

use crate::cluster::layout::private_socket;

/// The proxy's socket among a cluster's.
pub(crate) const SOCKET: &str = "registries.sock";
/// Connections at once.
const CONNECTIONS_MAX: usize = 256;
const DIAL_TIMEOUT: Duration = Duration::from_secs(30);
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Listens on the socket at `path`.
pub(crate) fn listen(path: &Path) -> Result<UnixListener> {
    private_socket(path)
}

/// Serves until `cancel`.
pub(crate) async fn run(listener: UnixListener, cancel: CancellationToken) {
    let tasks = TaskTracker::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let tunnel = |stream| serve(stream, tasks.clone(), cancel.clone());
    accept(&listener, &slots, &tasks, &cancel, tunnel).await;
    tasks.close();
    tasks.wait().await;
}

async fn serve(stream: UnixStream, tunnels: TaskTracker, cancel: CancellationToken) {
    let service = service_fn(move |request| connect(request, tunnels.clone(), cancel.clone()));
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    if let Err(error) = connection.await {
        debug!(%error, "A proxy connection broke.");
    }
}

async fn connect(
    request: Request<Incoming>,
    tunnels: TaskTracker,
    cancel: CancellationToken,
) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let refuse = |code: StatusCode, why: String| {
        let mut response = Response::new(Full::new(Bytes::from(why)));
        *response.status_mut() = code;
        Ok(response)
    };
    let target = match (request.method(), request.uri().authority()) {
        (&Method::CONNECT, Some(target)) if target.port().is_some() => target.to_string(),
        _ => return refuse(StatusCode::METHOD_NOT_ALLOWED, "only CONNECT host:port\n".to_owned()),
    };
    let mut upstream = match tokio::time::timeout(DIAL_TIMEOUT, TcpStream::connect(&target)).await {
        Ok(Ok(upstream)) => upstream,
        Ok(Err(error)) => return refuse(StatusCode::BAD_GATEWAY, format!("dial {target}: {error}\n")),
        Err(_) => return refuse(StatusCode::GATEWAY_TIMEOUT, format!("dial {target}: timed out\n")),
    };
    tunnels.spawn(async move {
        let copied = cancel.run_until_cancelled(async {
            let client = hyper::upgrade::on(request).await.map_err(std::io::Error::other)?;
            tokio::io::copy_bidirectional(&mut TokioIo::new(client), &mut upstream).await
        });
        if let Some(Err(error)) = copied.await {
            debug!(%error, "A tunnel broke.");
        }
    });
    Ok(Response::new(Full::default()))
}
