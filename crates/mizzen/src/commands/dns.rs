//! DNS alone.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use http::StatusCode;
use mizzen_clock::Env;
use mizzen_component::{Endpoints, text};
use mizzen_dns::Metrics;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::components::{Connection, THREADS};
use crate::control::run_until_signal;
use crate::logging::{self, Verbosity};

/// Arguments of `mizzen dns`.
#[derive(Args, Debug)]
pub(crate) struct DnsArgs {
    #[command(flatten)]
    connection: Connection,
    /// Where to listen, UDP and TCP
    #[arg(long)]
    address: SocketAddr,
    /// The cluster's domain
    #[arg(long, default_value = "cluster.local")]
    cluster_domain: String,
    /// The address of Service kube-dns
    #[arg(long, default_value = "10.96.0.10")]
    cluster_dns: IpAddr,
    /// Who is asked for names outside the domain; may be given several times
    #[arg(long)]
    upstream: Vec<SocketAddr>,
    /// Make this server an endpoint of Service kube-dns, on this node
    #[arg(long, default_value = "")]
    node: String,
    /// Where /health is answered, as CoreDNS does on port 8080 [default: nowhere]
    #[arg(long)]
    health_address: Option<SocketAddr>,
    /// Where /ready is answered, as CoreDNS does on port 8181 [default: nowhere]
    #[arg(long)]
    ready_address: Option<SocketAddr>,
    /// Where /metrics is answered, as CoreDNS does on port 9153 [default: nowhere]
    #[arg(long)]
    metrics_address: Option<SocketAddr>,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// Starts the listeners for health, readiness and metrics.
async fn listen(
    args: &DnsArgs,
    metrics: &Metrics,
    tasks: &TaskTracker,
    cancel: &CancellationToken,
) -> Result<()> {
    let (counted, asked) = (metrics.clone(), metrics.clone());
    let health =
        Endpoints::default().with_answers(|path| (path == "/health").then(|| text(StatusCode::OK, "OK")));
    let ready = Endpoints::default().with_answers(move |path| {
        (path == "/ready").then(|| match asked.is_ready() {
            true => text(StatusCode::OK, "OK"),
            false => text(StatusCode::SERVICE_UNAVAILABLE, "kubernetes"),
        })
    });
    let measured =
        Endpoints { metrics: Some(Arc::new(move |text| counted.write(text))), ..Endpoints::default() };
    let parts =
        [(args.health_address, health), (args.ready_address, ready), (args.metrics_address, measured)];
    for (address, endpoints) in parts {
        let Some(address) = address else { continue };
        let listener = TcpListener::bind(address).await.with_context(|| format!("listen on {address}"))?;
        tasks.spawn(endpoints.serve_plain(listener, cancel.clone()));
    }
    Ok(())
}

/// Runs `mizzen dns`.
pub(crate) fn run(args: DnsArgs) -> Result<()> {
    logging::start_at(&args.verbosity);
    run_until_signal(THREADS, async |cancel| {
        let (metrics, tasks) = (Metrics::default(), TaskTracker::new());
        let until = cancel.child_token();
        listen(&args, &metrics, &tasks, &until).await?;
        let config = mizzen_dns::Config {
            address: args.address,
            domain: args.cluster_domain.clone(),
            service_address: args.cluster_dns,
            upstreams: args.upstream.clone(),
            node: args.node.clone(),
        };
        let client = args.connection.client(None).await?;
        let result = mizzen_dns::run(config, client, Env::system(), metrics, cancel).await;
        until.cancel();
        tasks.close();
        tasks.wait().await;
        Ok(result?)
    })
}
