//! The nodes' processes: started, and started again when they end. They outlive this process, and the next one finds
//! them by their records.

use std::time::Duration;

use anyhow::Result;
use mizzen_apiserver::Server;
use mizzen_apiserver::attributes::User;
use mizzen_clock::Env;
use tokio::io::unix::AsyncFd;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, info, warn};

use super::lan::Lan;
use crate::cluster::layout::Layout;
use crate::cluster::process::{Process, running, start};
use crate::cluster::settings::Settings;

/// Pauses between starts, doubling while a node ends soon.
const PAUSE_MIN: Duration = Duration::from_millis(200);
const PAUSE_MAX: Duration = Duration::from_secs(20);
/// A node that ran so long did not end soon.
const SETTLED: Duration = Duration::from_secs(60);

/// The record of a node's process.
pub(crate) fn role(node: &str) -> String {
    format!("node-{node}")
}

/// Keeps every node's process running until `cancel`, and leaves them running then.
pub(super) fn spawn(tasks: &TaskTracker, layout: &Layout, settings: &Settings, cancel: &CancellationToken) {
    for node in settings.nodes() {
        tasks.spawn(keep(layout.clone(), node.name, cancel.clone()));
    }
}

async fn keep(layout: Layout, node: String, cancel: CancellationToken) {
    let mut pause = PAUSE_MIN;
    loop {
        let started = tokio::time::Instant::now();
        match ensure(&layout, &node) {
            Ok(process) => match cancel.run_until_cancelled(ended(process)).await {
                None => return,
                Some(Ok(())) => warn!(node, "A node's process ended, starting it again."),
                Some(Err(failure)) => {
                    error!(node, error = format!("{failure:#}"), "A node's process cannot be watched.")
                }
            },
            Err(failure) => {
                error!(node, error = format!("{failure:#}"), "A node's process cannot be started.")
            }
        }
        pause = if started.elapsed() > SETTLED { PAUSE_MIN } else { (pause * 2).min(PAUSE_MAX) };
        if cancel.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
    }
}

fn ensure(layout: &Layout, node: &str) -> Result<Process> {
    let role = role(node);
    if let Some(process) = running(layout, &role)? {
        info!(node, pid = process.pid, "The node's process runs already.");
        return Ok(process);
    }
    let data = layout.data().to_string_lossy().into_owned();
    start(layout, &role, &["node", "--name", layout.name(), "--data-dir", &data, "--node", node])
}

/// Waits until a process has ended. Our own children are collected; others are by whoever has them.
async fn ended(process: Process) -> Result<()> {
    let Ok(handle) = mizzen_kernel::process::open(process.pid) else { return Ok(()) };
    if !process.is_alive() {
        return Ok(());
    }
    // A process descriptor becomes readable when its process ends.
    #[allow(deprecated)]
    // What replaces it is unsafe; the descriptor is owned and closed by this value alone.
    let handle = AsyncFd::new(handle)?;
    drop(handle.readable().await?);
    if let Err(error) = mizzen_kernel::process::wait(process.pid) {
        tracing::debug!(%error, "It was no child of ours.");
    }
    Ok(())
}

/// Keeps the LAN's routes to the nodes' pods, for what the API server dials.
pub(super) fn spawn_routes(
    tasks: &TaskTracker,
    server: &Server,
    lan: &Lan,
    env: &Env,
    cancel: &CancellationToken,
) {
    let client = server.client(User::new("system:apiserver", &["system:masters"]));
    let (namespace, env, cancel) = (lan.namespace().clone(), env.clone(), cancel.clone());
    tasks.spawn(async move {
        let routes = namespace.run(move || crate::node::routes::run(None, "lan", client, env, cancel)).await;
        match routes {
            Ok(Ok(())) => {}
            Ok(Err(error)) => error!(%error, "The LAN has no routes to pods."),
            Err(error) => error!(%error, "The LAN has no routes to pods."),
        }
    });
}
