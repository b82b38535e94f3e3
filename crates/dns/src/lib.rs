//! Cluster DNS: names of Services and pods, and everything else passed on.
//!
//! [`records`] answers from informers by the Kubernetes DNS specification (version 1.1.0), [`server`] speaks the
//! protocol over UDP and TCP, [`upstream`] passes other questions on unread, [`register`] makes this server an
//! endpoint of Service `kube-dns`. Start at [`run`].

mod config;
mod metrics;
mod records;
mod register;
mod server;
mod upstream;
mod view;

pub use config::{Config, Error};
pub use metrics::Metrics;

use std::sync::Arc;

use mizzen_client::{Client, Informers};
use mizzen_clock::Env;
use tokio::net::{TcpListener, UdpSocket};
use tokio_util::sync::CancellationToken;

use crate::records::Records;
use crate::server::Server;
use crate::upstream::Upstream;

/// Serves until `cancel`, and counts in `metrics`. Answers SERVFAIL until the caches are filled.
pub async fn run(
    config: Config,
    client: Client,
    env: Env,
    metrics: Metrics,
    cancel: CancellationToken,
) -> Result<(), Error> {
    let listen = |source| Error::Listen { address: config.address, source };
    let datagrams = UdpSocket::bind(config.address).await.map_err(listen)?;
    let streams = TcpListener::bind(config.address).await.map_err(listen)?;
    let informers = Informers::new(client.clone(), env, cancel.clone());
    let records = Arc::new(Records::new(&config, &informers)?);
    let upstream = Upstream::new(config.upstreams.clone());
    let server = Server::new(records.clone(), upstream, metrics.clone());
    let registered = register::run(&config, client, records.clone(), cancel.clone());
    let ready = async {
        if cancel.run_until_cancelled(records.synced()).await.is_some() {
            metrics.ready();
        }
    };
    tokio::join!(server.run(datagrams, streams, cancel.clone()), registered, ready);
    informers.stopped().await;
    Ok(())
}
