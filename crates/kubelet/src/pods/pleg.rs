//! Learns what happens to containers: from the runtime's stream of events, or by listing where it has none.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use k8s_cri::v1;
use k8s_openapi::api::core::v1::{Pod, PodSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use tracing::{debug, info, warn};

use super::cleanup;
use super::worker::Worker;
use crate::cri::{CriError, POD_NAME, POD_NAMESPACE, POD_UID};
use crate::kubelet::Kubelet;

/// Time between lists where there are no events.
const RELIST: Duration = Duration::from_secs(1);
/// Time between lists beside the events: a safety net.
const RELIST_WITH_EVENTS: Duration = Duration::from_secs(300);

/// What one list showed: container or sandbox id to its pod and state.
type Snapshot = BTreeMap<String, (String, i32)>;

struct Listed {
    snapshot: Snapshot,
    /// Namespace and name of each pod that the runtime has something of.
    pods: BTreeMap<String, (String, String)>,
}

async fn list(kubelet: &Kubelet) -> Result<Listed, CriError> {
    let (sandboxes, containers) =
        tokio::try_join!(kubelet.cri.list_sandboxes(None), kubelet.cri.list_containers(None))?;
    let mut listed = Listed { snapshot: Snapshot::new(), pods: BTreeMap::new() };
    let sandboxes = sandboxes.into_iter().map(|sandbox| (sandbox.id, sandbox.labels, sandbox.state));
    let containers =
        containers.into_iter().map(|container| (container.id, container.labels, container.state + 100));
    for (id, labels, state) in sandboxes.chain(containers) {
        // What is not a kubelet's is none of our business.
        let Some(uid) = labels.get(POD_UID).cloned() else { continue };
        let text = |name: &str| labels.get(name).cloned().unwrap_or_default();
        listed.pods.insert(uid.clone(), (text(POD_NAMESPACE), text(POD_NAME)));
        listed.snapshot.insert(id, (uid, state));
    }
    Ok(listed)
}

/// Uids of pods of which something differs.
fn changed(old: &Snapshot, new: &Snapshot) -> std::collections::BTreeSet<String> {
    let mut uids = std::collections::BTreeSet::new();
    for (id, (uid, state)) in new {
        if old.get(id).is_none_or(|(_, before)| before != state) {
            uids.insert(uid.clone());
        }
    }
    uids.extend(old.iter().filter(|(id, _)| !new.contains_key(*id)).map(|(_, (uid, _))| uid.clone()));
    uids
}

/// Lists, and wakes the workers of pods that changed. Pods that nobody wants are taken down.
async fn relist(kubelet: &Arc<Kubelet>, old: &mut Snapshot) -> Result<(), CriError> {
    let listed = list(kubelet).await?;
    for uid in changed(old, &listed.snapshot) {
        kubelet.mailboxes.poke(&uid);
    }
    *old = listed.snapshot;
    // Before all pods are known, none is unwanted.
    if kubelet.sources_are_read() {
        for (uid, (namespace, name)) in listed.pods {
            if kubelet.mailboxes.get(&uid).is_none() {
                take_down(kubelet, &uid, namespace, name);
            }
        }
    }
    Ok(())
}

/// Starts a worker that ends a pod of which only the runtime knows.
fn take_down(kubelet: &Arc<Kubelet>, uid: &str, namespace: String, name: String) {
    info!(uid, namespace, name, "A pod that nobody wants any more is stopped.");
    let metadata = ObjectMeta {
        uid: Some(uid.to_owned()),
        namespace: Some(namespace),
        name: Some(name),
        ..ObjectMeta::default()
    };
    let pod = Arc::new(Pod { metadata, spec: None::<PodSpec>, status: None });
    if let Some(mailbox) = kubelet.mailboxes.put(pod) {
        kubelet.mailboxes.remove(uid);
        kubelet.workers.spawn(Worker::new(kubelet.clone(), mailbox).run());
    }
}

fn pod_of(event: &v1::ContainerEventResponse) -> Option<&str> {
    let of_sandbox = event.pod_sandbox_status.as_ref().and_then(|sandbox| sandbox.labels.get(POD_UID));
    let mut of_containers = event.containers_statuses.iter().filter_map(|status| status.labels.get(POD_UID));
    of_sandbox.or_else(|| of_containers.next()).map(String::as_str)
}

/// Follows the stream of events until it breaks, or a list is due.
async fn follow(kubelet: &Arc<Kubelet>, snapshot: &mut Snapshot) -> Result<(), CriError> {
    let mut events = kubelet.cri.events().await?;
    // Whatever happened before the stream began.
    relist(kubelet, snapshot).await?;
    let mut ticks = tokio::time::interval(RELIST_WITH_EVENTS);
    ticks.reset();
    loop {
        tokio::select! {
            event = events.message() => match event? {
                Some(event) => match pod_of(&event) {
                    Some(uid) => kubelet.mailboxes.poke(uid),
                    None => relist(kubelet, snapshot).await?,
                },
                None => return Ok(()),
            },
            _ = ticks.tick() => relist(kubelet, snapshot).await?,
        }
    }
}

/// Watches containers until the kubelet stops.
pub(crate) async fn run(kubelet: Arc<Kubelet>) {
    let mut snapshot = Snapshot::new();
    let mut has_events = true;
    let mut last_good = tokio::time::Instant::now();
    let mut swept = false;
    loop {
        let round = async {
            if has_events {
                follow(&kubelet, &mut snapshot).await
            } else {
                relist(&kubelet, &mut snapshot).await
            }
        };
        let Some(result) = kubelet.cancel.run_until_cancelled(round).await else { return };
        match result {
            Ok(()) => last_good = tokio::time::Instant::now(),
            Err(error) if has_events && error.is_unimplemented() => {
                info!("The runtime has no stream of events, its containers are listed each second.");
                has_events = false;
                continue;
            }
            Err(error) => debug!(%error, "Containers could not be listed, will retry."),
        }
        let overdue = last_good.elapsed();
        let fault = (overdue > crate::node::conditions::PLEG_PATIENCE && !has_events).then(|| {
            format!(
                "PLEG is not healthy: pleg was last seen active {}s ago; threshold is 3m0s",
                overdue.as_secs()
            )
        });
        if fault.is_some() {
            warn!("The runtime has not listed its containers for long.");
        }
        kubelet.set_health(|health| health.pleg = fault);
        if !swept && kubelet.sources_are_read() {
            swept = true;
            cleanup::sweep(&kubelet).await;
        }
        if kubelet.cancel.run_until_cancelled(tokio::time::sleep(RELIST)).await.is_none() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_changes() {
        let snapshot = |list: &[(&str, &str, i32)]| -> Snapshot {
            list.iter().map(|(id, uid, state)| ((*id).to_owned(), ((*uid).to_owned(), *state))).collect()
        };
        let old = snapshot(&[("c1", "a", 1), ("c2", "b", 1), ("c3", "c", 1)]);
        let new = snapshot(&[("c1", "a", 2), ("c2", "b", 1), ("c4", "d", 0)]);
        let got: Vec<String> = changed(&old, &new).into_iter().collect();
        assert_eq!(got, ["a", "c", "d"]);
    }
}
