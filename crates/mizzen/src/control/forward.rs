//! Node ports on the host's loopback address.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use mizzen_component::accept;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::debug;

use super::lan::Lan;
use crate::cluster::settings::Publish;

/// Connections forwarded at once; further ones wait in the listener's backlog.
const CONNECTIONS_MAX: usize = 4096;

/// Forwards TCP connections on 127.0.0.1 to a node port, until `cancel`. Fails when a port cannot be listened on.
pub(crate) async fn run(
    publish: Vec<Publish>,
    nodes: Vec<Ipv4Addr>,
    lan: Lan,
    cancel: CancellationToken,
) -> Result<()> {
    let tasks = TaskTracker::new();
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    for Publish { host_port, node_port } in publish {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, host_port)).await;
        let listener = listener.with_context(|| format!("listen on 127.0.0.1:{host_port}"))?;
        let port = Port {
            targets: nodes.iter().map(|node| SocketAddr::from((*node, node_port))).collect(),
            lan: lan.clone(),
        };
        let (slots, own, cancel) = (slots.clone(), tasks.clone(), cancel.clone());
        tasks.spawn(async move {
            let forward = |client| {
                let port = port.clone();
                async move {
                    if let Err(error) = port.forward(client).await {
                        debug!(%error, "A forwarded connection broke.");
                    }
                }
            };
            accept(&listener, &slots, &own, &cancel, forward).await;
        });
    }
    cancel.cancelled().await;
    tasks.close();
    tasks.wait().await;
    Ok(())
}

#[derive(Clone)]
struct Port {
    targets: Vec<SocketAddr>,
    lan: Lan,
}

impl Port {
    async fn forward(&self, mut client: TcpStream) -> std::io::Result<()> {
        let mut last = std::io::Error::other("there is no node");
        for target in &self.targets {
            match self.lan.connect(*target).await {
                Ok(mut server) => {
                    return tokio::io::copy_bidirectional(&mut client, &mut server).await.map(drop);
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}
