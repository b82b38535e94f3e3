//! Clears up after pods and containers.

use std::io;
use std::sync::Arc;

use k8s_openapi::api::core::v1::Pod;
use tracing::{debug, warn};

use super::{sandbox, spec};
use crate::cri::{CriError, PodRuntime};
use crate::kubelet::Kubelet;
use crate::volumes::teardown;

/// Takes away what a pod that ended holds: volumes, cgroup, watches.
pub(crate) async fn reclaim(kubelet: &Arc<Kubelet>, uid: &str) -> io::Result<()> {
    kubelet.volumes.release(uid);
    let dir = kubelet.config.pod_dir(uid);
    // Unmounting and deleting may take long: not on a thread that others wait for.
    let (kubelet, uid) = (kubelet.clone(), uid.to_owned());
    let removed = tokio::task::spawn_blocking(move || {
        teardown::remove(&dir.join("volume-subpaths"))?;
        teardown::remove(&dir.join("volumes"))?;
        kubelet.cgroups.remove_pod(&uid)
    });
    removed.await.map_err(io::Error::other)?
}

/// Removes the last of a pod that is gone from the API: containers, sandboxes, logs, its folder.
pub(crate) async fn remove_remains(
    kubelet: &Kubelet,
    pod: &Pod,
    runtime: &PodRuntime,
) -> Result<(), CriError> {
    for container in &runtime.containers {
        kubelet.cri.remove_container(container.id()).await?;
    }
    for sandbox in &runtime.sandboxes {
        kubelet.cri.stop_sandbox(&sandbox.id).await?;
        kubelet.cri.remove_sandbox(&sandbox.id).await?;
    }
    let mut dirs = vec![kubelet.config.pod_dir(spec::uid(pod))];
    if !spec::name(pod).is_empty() {
        dirs.push(sandbox::log_dir(kubelet, pod));
    }
    let removed = tokio::task::spawn_blocking(move || dirs.iter().try_for_each(|dir| teardown::remove(dir)));
    match removed.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => warn!(pod = %spec::key(pod), %error, "A pod's folder could not be removed."),
        Err(error) => warn!(pod = %spec::key(pod), %error, "A pod's folder could not be removed."),
    }
    Ok(())
}

/// Removes all exited containers of this name but the newest, whose logs and state people still ask for.
pub(crate) async fn remove_old_attempts(kubelet: &Kubelet, runtime: &PodRuntime, name: &str) {
    let own = runtime.containers.iter().filter(|container| container.name() == name && container.is_exited());
    for old in own.skip(1) {
        match kubelet.cri.remove_container(old.id()).await {
            Ok(()) => debug!(container = old.id(), "An old container is removed."),
            Err(error) => {
                warn!(container = old.id(), %error, "An old container could not be removed.");
                continue;
            }
        }
        let log = std::path::Path::new(&old.status.log_path);
        crate::logs::rotate::remove_all(log);
    }
    let ready = runtime.ready_sandbox().map(|sandbox| sandbox.id.as_str());
    let old_sandboxes = runtime.sandboxes.iter().filter(|sandbox| Some(sandbox.id.as_str()) != ready);
    for sandbox in old_sandboxes {
        let used = runtime.containers.iter().any(|container| container.sandbox_id == sandbox.id);
        if used {
            continue;
        }
        if let Err(error) = kubelet.cri.remove_sandbox(&sandbox.id).await {
            warn!(sandbox = sandbox.id, %error, "An old sandbox could not be removed.");
        }
    }
}

/// Removes what pods of an earlier time left behind: folders and cgroups without a worker.
pub(crate) async fn sweep(kubelet: &Arc<Kubelet>) {
    let known: Vec<String> = kubelet.mailboxes.all().into_iter().map(|(uid, _)| uid).collect();
    let entries = std::fs::read_dir(kubelet.config.root_dir.join("pods")).into_iter().flatten().flatten();
    let folders = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut orphans: Vec<String> =
        folders.chain(kubelet.cgroups.pods()).filter(|uid| !known.contains(uid)).collect();
    orphans.sort_unstable();
    orphans.dedup();
    for uid in orphans {
        if let Err(error) = reclaim(kubelet, &uid).await {
            warn!(uid, %error, "The remains of an old pod could not be removed.");
            continue;
        }
        let dir = kubelet.config.pod_dir(&uid);
        let removed = tokio::task::spawn_blocking(move || teardown::remove(&dir)).await;
        if let Ok(Err(error)) = removed {
            warn!(uid, %error, "The folder of an old pod could not be removed.");
        }
    }
}
