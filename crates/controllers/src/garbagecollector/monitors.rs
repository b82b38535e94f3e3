//! Watching everything: an informer of metadata for each resource that can be deleted, following what is served.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1::APIService;
use mizzen_client::{ApiResource, Change, Informer, ListParams, Object, PartialObject};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::warn;

use super::Controller;
use super::graph::Identity;
use crate::discovery::{Served, discover};

/// How long changes of what is served are gathered.
const GATHER: Duration = Duration::from_millis(500);
/// Between attempts to discover.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(30);
/// How long a first list may take before the rest begins without it (a conversion webhook may be down).
const SYNC_PATIENCE: Duration = Duration::from_secs(30);

struct Monitor {
    informer: Informer<PartialObject>,
    cancel: CancellationToken,
}

/// Keeps the monitors until the controller is told to stop; tells `synced` when all have their first list.
pub(super) async fn run(controller: Controller, synced: oneshot::Sender<()>) {
    let cancel = controller.context.cancel.clone();
    let tasks = TaskTracker::new();
    let mut monitors: BTreeMap<ApiResource, Monitor> = BTreeMap::new();
    watch_definitions(&controller);
    let mut synced = Some(synced);
    let mut pause = PAUSE_MIN;
    loop {
        match cancel.run_until_cancelled(discover(&controller.context.client)).await {
            None => break,
            Some(Ok(served)) => {
                let failed = !served.failed.is_empty();
                follow(&controller, &tasks, &mut monitors, served);
                let first = async {
                    let all = monitors.values().map(|monitor| monitor.informer.synced());
                    let all = futures::future::join_all(all);
                    if tokio::time::timeout(SYNC_PATIENCE, all).await.is_err() {
                        warn!("Some resources could not be listed, garbage among them is not collected.");
                    }
                };
                if synced.is_some() && cancel.run_until_cancelled(first).await.is_none() {
                    break;
                }
                if synced.take().is_some_and(|synced| synced.send(()).is_err()) {
                    // Nobody waits any more: the controller stops.
                    break;
                }
                pause = if failed { (pause * 2).min(PAUSE_MAX) } else { PAUSE_MIN };
                let next = async {
                    if failed {
                        tokio::time::sleep(pause).await;
                    } else {
                        controller.stale.notified().await;
                        tokio::time::sleep(GATHER).await;
                    }
                };
                if cancel.run_until_cancelled(next).await.is_none() {
                    break;
                }
            }
            Some(Err(error)) => {
                warn!(%error, "What is served could not be discovered, will retry.");
                pause = (pause * 2).min(PAUSE_MAX);
                if cancel.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                    break;
                }
            }
        }
    }
    monitors.values().for_each(|monitor| monitor.cancel.cancel());
    tasks.close();
    tasks.wait().await;
}

/// What is served changes with these.
fn watch_definitions(controller: &Controller) {
    let informers = &controller.context.informers;
    let stale = controller.stale.clone();
    informers.project::<CustomResourceDefinition, PartialObject>().subscribe(move |_| stale.notify_one());
    let stale = controller.stale.clone();
    informers.project::<APIService, PartialObject>().subscribe(move |_| stale.notify_one());
}

/// What is never owned by anything that matters, and changes all the time.
fn is_ignored(api: &ApiResource) -> bool {
    api.plural == "events" && matches!(api.group.as_str(), "" | "events.k8s.io")
}

/// Starts and stops monitors as resources come and go.
fn follow(
    controller: &Controller,
    tasks: &TaskTracker,
    monitors: &mut BTreeMap<ApiResource, Monitor>,
    served: Served,
) {
    let wanted: Vec<ApiResource> = served
        .preferred()
        .filter(|resource| ["delete", "list", "watch"].iter().all(|verb| resource.can(verb)))
        .map(|resource| resource.api.clone())
        .filter(|api| !is_ignored(api))
        .collect();
    let failed: Vec<String> = served.failed.iter().map(|(group_version, _)| group_version.clone()).collect();
    *controller.served.write().unwrap_or_else(PoisonError::into_inner) = served;
    let gone: Vec<ApiResource> = monitors
        .keys()
        // A group that does not answer is not gone.
        .filter(|api| !wanted.contains(api) && !failed.contains(&api.api_version()))
        .cloned()
        .collect();
    for api in gone {
        if let Some(monitor) = monitors.remove(&api) {
            monitor.cancel.cancel();
        }
        // Its objects went with it; in another version they come again as the same objects.
        let moved = wanted.iter().any(|other| other.group == api.group && other.plural == api.plural);
        if !moved {
            let uids = controller.graph().of_resource(&api);
            for uid in uids {
                let work = controller.graph().gone(&uid);
                controller.add(work);
            }
        }
    }
    for api in wanted {
        monitors.entry(api.clone()).or_insert_with(|| start(controller, tasks, api));
    }
}

fn start(controller: &Controller, tasks: &TaskTracker, api: ApiResource) -> Monitor {
    let informer = Informer::<PartialObject>::new();
    let cancel = controller.context.cancel.child_token();
    let (own, resource) = (controller.clone(), api.clone());
    informer.subscribe(move |change| own.changed(&resource, change));
    let running = informer.clone();
    let client = controller.context.informers.client().clone();
    let (env, until) = (controller.context.env.clone(), cancel.clone());
    tasks.spawn(async move {
        running.run(client, api, String::new(), ListParams::default(), env, until).await;
    });
    Monitor { informer, cancel }
}

impl Controller {
    fn changed(&self, resource: &ApiResource, change: &Change<'_, PartialObject>) {
        let work = match change {
            Change::Added(object) | Change::Updated(_, object) => {
                self.graph().seen(identity(resource, object), &object.value.metadata)
            }
            Change::Deleted(object) => self.graph().gone(&object.uid),
        };
        self.add(work);
    }
}

fn identity(resource: &ApiResource, object: &Object<PartialObject>) -> Identity {
    Identity {
        api_version: resource.api_version(),
        kind: resource.kind.clone(),
        key: object.key.clone(),
        resource: Some(resource.clone()),
    }
}
