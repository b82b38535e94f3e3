//! The kubelet: runs the pods that are assigned to its node, through a container runtime behind CRI.
//!
//! [`run`] is the whole of it. Pods come from the API or from files ([`pods::manifest`]); each has a worker
//! ([`pods::worker`]) that compares what is wanted with what the runtime has and takes the next step
//! ([`pods::actions`] decides, [`pods::sync`] does). Around them: [`volumes`], [`probes`], [`images`], [`cgroups`],
//! [`eviction`], the node's own object ([`node`]) and its HTTPS API ([`server`]).
//!
//! Nothing here stops a container because the kubelet stops: everything is found again in the runtime and the API.

mod cgroups;
mod config;
mod config_file;
mod cri;
mod error;
mod eviction;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod images;
mod kubelet;
mod logs;
mod node;
mod pods;
mod probes;
mod server;
mod volumes;

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use mizzen_client::{Change, Client};
use mizzen_clock::Env;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub use config::{Config, KUBELET_VERSION};
pub use config_file::{API_VERSION, KubeletConfiguration};
pub use error::Error;
pub use mizzen_component::ServingCert;

use crate::kubelet::Kubelet;
use crate::pods::worker::Worker;
use crate::pods::{decide, manifest, mirror, pleg, spec};

/// Time between rounds of image removal.
const IMAGE_GC: Duration = Duration::from_secs(300);

impl Kubelet {
    /// Takes in a pod's newest state, and starts its worker if it has none.
    pub(crate) fn upsert(self: &Arc<Self>, pod: Arc<Pod>) {
        if let Some(mailbox) = self.mailboxes.put(pod) {
            self.workers.spawn(Worker::new(self.clone(), mailbox).run());
        }
    }

    /// Follows the API's pods. Mirror pods only show what runs anyway.
    fn follow_pods(self: &Arc<Self>) {
        let kubelet = Arc::downgrade(self);
        self.pods.subscribe(move |change| {
            let Some(kubelet) = kubelet.upgrade() else { return };
            let object = change.object();
            if spec::is_mirror(&object.value) {
                return;
            }
            match change {
                Change::Added(_) | Change::Updated(_, _) => kubelet.upsert(Arc::new(object.value.clone())),
                Change::Deleted(_) => kubelet.mailboxes.remove(&object.uid),
            }
        });
    }
}

async fn image_gc(kubelet: Arc<Kubelet>) {
    let mut ticks = tokio::time::interval(IMAGE_GC);
    ticks.reset();
    while kubelet.cancel.run_until_cancelled(ticks.tick()).await.is_some() {
        match kubelet.cancel.run_until_cancelled(kubelet.image_gc.round(&kubelet.config)).await {
            None => return,
            Some(Ok(())) => {}
            Some(Err(error)) => warn!(%error, "Unused images could not be removed, will retry."),
        }
    }
}

/// Runs a kubelet until `cancel`; returns when its tasks have stopped. Containers go on running.
///
/// # Errors
/// Settings that make no sense, folders that cannot be made, ports that are taken. What can get better (a runtime or an
/// API server that is not there yet) is waited for.
pub async fn run(config: Config, client: Client, env: Env, cancel: CancellationToken) -> Result<(), Error> {
    if config.node_name.is_empty() {
        return Err(Error::Config { name: "node_name", reason: "must not be empty".to_owned() });
    }
    let stop = cancel.child_token();
    let (kubelet, events) = Kubelet::new(config, client, env, stop.clone())?;
    kubelet.make_folders()?;
    let listeners = server::listen(&kubelet).await?;
    info!(node = kubelet.config.node_name, "The kubelet starts.");
    let mut tasks = JoinSet::new();
    tasks.spawn(events);
    tasks.spawn(server::serve(kubelet.clone(), listeners));
    tasks.spawn(kubelet.clone().watch_runtime());
    tasks.spawn(node::classes::run(kubelet.clone()));
    let statuses = kubelet.statuses.clone();
    let token = stop.clone();
    tasks.spawn(async move { statuses.run(token).await });
    kubelet.follow_pods();
    kubelet.watch_node();
    tasks.spawn(node::report::run(kubelet.clone()));
    tasks.spawn(node::lease::run(kubelet.clone()));
    tasks.spawn(pleg::run(kubelet.clone()));
    tasks.spawn(decide::run(kubelet.clone()));
    tasks.spawn(mirror::run(kubelet.clone()));
    tasks.spawn(image_gc(kubelet.clone()));
    tasks.spawn(logs::rotate::run(kubelet.clone()));
    tasks.spawn(eviction::manager::run(kubelet.clone()));
    if let Some(path) = kubelet.config.pod_manifest_path.clone() {
        tasks.spawn(manifest::run(kubelet.clone(), path));
    }
    while let Some(ended) = tasks.join_next().await {
        if let Err(error) = ended {
            // Half a kubelet is worse than one that its supervisor starts again.
            warn!(%error, "A part of the kubelet panicked, it stops.");
            stop.cancel();
        }
    }
    kubelet.workers.close();
    kubelet.workers.wait().await;
    kubelet.probes.stopped().await;
    kubelet.volumes.objects.stopped().await;
    kubelet.informers.stopped().await;
    info!("The kubelet has stopped.");
    Ok(())
}
