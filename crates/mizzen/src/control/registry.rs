//! The way from the nodes to image registries: an HTTP CONNECT proxy on the LAN that dials from the host's network.
//!
//! Pods are refused: only the nodes' own addresses may use it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

/// The proxy's port on the LAN.
pub(crate) const PORT: u16 = 3128;
/// Connections at once.
const CONNECTIONS_MAX: usize = 256;
const DIAL_TIMEOUT: Duration = Duration::from_secs(30);
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves until `cancel`.
pub(crate) async fn run(listener: TcpListener, nodes: Vec<Ipv4Addr>, cancel: CancellationToken) {
    let tasks = TaskTracker::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else { break };
        let accepted = tokio::select! {
            () = cancel.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, from)) if is_node(from.ip(), &nodes) => {
                let (tunnels, cancel) = (tasks.clone(), cancel.clone());
                tasks.spawn(async move {
                    cancel.run_until_cancelled(serve(stream, tunnels, cancel.clone())).await;
                    drop(slot);
                });
            }
            Ok((_, from)) => debug!(%from, "A stranger is refused."),
            Err(error) => {
                warn!(%error, "A connection could not be accepted.");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    tasks.close();
    tasks.wait().await;
}

/// Whether an address is one of the nodes' own.
pub(crate) fn is_node(address: IpAddr, nodes: &[Ipv4Addr]) -> bool {
    matches!(address, IpAddr::V4(address) if nodes.contains(&address))
}

async fn serve(stream: TcpStream, tunnels: TaskTracker, cancel: CancellationToken) {
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
