//! The control plane's process: store, API server, scheduler and controllers, what connects the host with the
//! cluster's LAN, and the keeper of the nodes' processes.

pub(crate) mod apiserver;
mod components;
pub(crate) mod forward;
pub(crate) mod lan;
mod nodes;
pub(crate) mod registry;
mod relay;
pub(crate) mod supervise;

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use mizzen_clock::Env;
use mizzen_pki::{Authority, TokenKey};
use mizzen_store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, info};

use crate::cluster::layout::Layout;
use crate::cluster::network;
use crate::cluster::settings::{LAN_API_PORT, Settings};
use crate::control::lan::Lan;

pub(crate) use apiserver::standard_config;

/// Arguments of the control plane's process.
#[derive(Args, Debug)]
pub(crate) struct ControlPlaneArgs {
    #[arg(long)]
    name: String,
    #[arg(long)]
    data_dir: PathBuf,
}

/// Waits for SIGTERM or SIGINT.
pub(crate) async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// A runtime for a process of its own; returns when `work` does, or soon after a signal.
pub(crate) fn run_until_signal<F>(threads: usize, work: impl FnOnce(CancellationToken) -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    // The provider may be there already: any will do.
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        info!("A cryptographic provider was installed before.");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .max_blocking_threads(64)
        .enable_all()
        .build()
        .context("start an async runtime")?;
    runtime.block_on(async {
        let cancel = CancellationToken::new();
        let work = work(cancel.clone());
        tokio::pin!(work);
        tokio::select! {
            result = &mut work => return result,
            signal = told_to_stop() => signal.context("wait for signals")?,
        }
        info!("Told to stop.");
        cancel.cancel();
        work.await
    })
}

/// Runs the control plane of a cluster until it is told to stop.
pub(crate) fn run(args: &ControlPlaneArgs) -> Result<()> {
    logging_and_name("mizzen-control")?;
    let layout = Layout::new(&args.name, Some(&args.data_dir));
    let settings = layout.settings()?.context("the cluster has no settings")?;
    if !settings.memory {
        network::enter_cgroup(&format!("{}/control-plane", network::cluster_cgroup(layout.name())))?;
    }
    run_until_signal(2, |cancel| serve(layout, settings, cancel))
}

/// Starts logging and names the process, so that people find it.
pub(crate) fn logging_and_name(name: &str) -> Result<()> {
    crate::logging::start();
    // A process group of its own is not enough: the terminal's end must not be ours.
    if let Err(error) = rustix::process::setsid() {
        tracing::debug!(%error, "The process leads its session already.");
    }
    mizzen_kernel::process::set_name(name).context("name the process")
}

async fn open_store(layout: &Layout, settings: &Settings) -> Result<Arc<dyn Store>> {
    if !settings.etcd.is_empty() {
        let config = mizzen_store::EtcdConfig::new(settings.etcd.clone());
        return Ok(Arc::new(mizzen_store::EtcdStore::open(config).await.context("connect to etcd")?));
    }
    if settings.memory {
        return Ok(Arc::new(mizzen_store::MemoryStore::new()));
    }
    let store = mizzen_store::EmbeddedStore::open(&layout.store(), mizzen_store::Config::default()).await;
    Ok(Arc::new(store.with_context(|| format!("open the store in {}", layout.store().display()))?))
}

async fn serve(layout: Layout, settings: Settings, cancel: CancellationToken) -> Result<()> {
    let env = Env::system();
    let lan = match settings.memory {
        true => None,
        false => Some(Lan::new(network::lan(&layout)?)),
    };
    let store = open_store(&layout, &settings).await?;
    let config = standard_config(&layout, &settings, lan.clone())?;
    let standard = mizzen_apiserver::standard::Standard::start(config, store.clone(), env.clone())?;
    let server = standard.server().clone();
    let tasks = TaskTracker::new();
    let host = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.api_port)).await;
    let host = host.with_context(|| format!("listen on 127.0.0.1:{}", settings.api_port))?;
    spawn_serve(&tasks, &server, host, cancel.clone());
    let own = standard.clone();
    let stop = cancel.clone();
    let (made, is_made) = tokio::sync::oneshot::channel();
    tasks.spawn(async move {
        if let Err(error) = own
            .run(stop.clone(), || {
                if made.send(()).is_err() {
                    info!("Nobody waits for the first objects any more.");
                }
            })
            .await
        {
            error!(
                error = format!("{:#}", anyhow::Error::new(error)),
                "The cluster's first objects cannot be made."
            );
            stop.cancel();
        }
    });
    info!(port = settings.api_port, "The API server listens.");
    if let Some(lan) = &lan {
        serve_lan(&tasks, &server, &layout, &settings, lan, &cancel).await?;
    }
    // Before the roles are there, nothing is allowed to anybody.
    if cancel.run_until_cancelled(is_made).await.is_some() {
        let read =
            |name: &str| std::fs::read_to_string(layout.pki(name)).with_context(|| format!("read {name}"));
        let authority = Authority::load(&read("ca.crt")?, &read("ca.key")?);
        let authority = authority.context("load the certificate authority")?;
        let key = TokenKey::load(&read("service-account.key")?)?;
        components::spawn(&tasks, &server, &settings, (authority, key), &env, &cancel);
        if let Some(lan) = &lan {
            nodes::spawn(&tasks, &layout, &settings, &cancel);
            nodes::spawn_routes(&tasks, &server, lan, &env, &cancel);
        }
    }
    cancel.cancelled().await;
    tasks.close();
    tasks.wait().await;
    server.stop().await;
    store.close().await.context("close the store")?;
    info!("Stopped.");
    Ok(())
}

fn spawn_serve(
    tasks: &TaskTracker,
    server: &mizzen_apiserver::Server,
    listener: TcpListener,
    cancel: CancellationToken,
) {
    let server = server.clone();
    tasks.spawn(async move {
        if let Err(error) = server.serve(listener, cancel).await {
            error!(%error, "The API server does not listen.");
        }
    });
}

/// What the nodes find: on the LAN, the API server and the way to the host's resolvers; the way to registries.
async fn serve_lan(
    tasks: &TaskTracker,
    server: &mizzen_apiserver::Server,
    layout: &Layout,
    settings: &Settings,
    lan: &Lan,
    cancel: &CancellationToken,
) -> Result<()> {
    let address = IpAddr::V4(settings.lan_address());
    let nodes: Vec<Ipv4Addr> = settings.nodes().iter().map(|node| node.address).collect();
    spawn_serve(tasks, server, lan.listen(address, LAN_API_PORT)?, cancel.clone());
    let listener = registry::listen(&layout.run(registry::SOCKET))?;
    tasks.spawn(registry::run(listener, cancel.clone()));
    let (datagrams, streams) = (lan.datagrams(address, relay::PORT)?, lan.listen(address, relay::PORT)?);
    tasks.spawn(relay::run(datagrams, streams, nodes.clone(), cancel.clone()));
    let forward = forward::run(settings.publish.clone(), nodes, lan.clone(), cancel.clone());
    tasks.spawn(async move {
        if let Err(error) = forward.await {
            error!(error = format!("{error:#}"), "Node ports are not published.");
        }
    });
    Ok(())
}
