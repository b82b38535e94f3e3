//! The garbage collector: objects whose owners are gone go too.
//!
//! It watches the metadata of everything that can be deleted and keeps the graph of owners. What the graph suggests is
//! always verified by a live read before anything is deleted.
//! Source: "Garbage Collection" and "Owners and Dependents" in the Kubernetes documentation.

mod collect;
mod graph;
mod monitors;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use mizzen_client::{ApiResource, EventType, WorkQueue, work};
use tokio::sync::Notify;

use self::graph::{Graph, Identity, Work};
use crate::context::{Context, about};
use crate::discovery::Served;

#[derive(Clone)]
struct Controller {
    context: Context,
    graph: Arc<Mutex<Graph>>,
    /// What was last discovered.
    served: Arc<RwLock<Served>>,
    /// Asks for a new discovery.
    stale: Arc<Notify>,
    /// Uids of what may be garbage.
    delete: WorkQueue<String>,
    /// Uids of owners that leave their dependents behind.
    orphan: WorkQueue<String>,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller {
        graph: Arc::default(),
        served: Arc::default(),
        stale: Arc::default(),
        delete: context.queue("garbage_collector_attempt_to_delete"),
        orphan: context.queue("garbage_collector_attempt_to_orphan"),
        context: context.clone(),
    };
    let cancel = context.cancel.clone();
    let (synced, is_synced) = tokio::sync::oneshot::channel();
    let watching = monitors::run(controller.clone(), synced);
    let working = async {
        // Nothing is judged by half a graph.
        if !matches!(cancel.run_until_cancelled(is_synced).await, Some(Ok(()))) {
            return;
        }
        let (own, other) = (controller.clone(), controller.clone());
        let delete = move |uid: String| {
            let own = own.clone();
            async move { own.attempt_delete(&uid).await }
        };
        let orphan = move |uid: String| {
            let other = other.clone();
            async move { other.attempt_orphan(&uid).await }
        };
        tokio::join!(
            work(&controller.delete, context.config.workers.garbage, cancel.clone(), delete),
            work(&controller.orphan, context.config.workers.garbage, cancel.clone(), orphan),
        );
    };
    tokio::join!(watching, working);
}

impl Controller {
    fn graph(&self) -> MutexGuard<'_, Graph> {
        self.graph.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, work: Work) {
        work.delete.into_iter().for_each(|uid| self.delete.add(uid));
        work.orphan.into_iter().for_each(|uid| self.orphan.add(uid));
    }

    /// The resource of a kind; a kind that is not known asks for a new discovery.
    fn resource(&self, api_version: &str, kind: &str) -> Option<ApiResource> {
        let found = {
            let served = self.served.read().unwrap_or_else(PoisonError::into_inner);
            served.of_kind(api_version, kind).cloned()
        };
        if found.is_none() {
            self.stale.notify_one();
        }
        found
    }

    /// An owner that cannot be one: it lives in another namespace, or in one where its dependent lives in none.
    fn complain(&self, dependent: &Identity, uid: &str, owner: &OwnerReference) {
        let Some(resource) = &dependent.resource else { return };
        let reference = format!(
            "[{}/{}, namespace: {}, name: {}, uid: {}]",
            owner.api_version, owner.kind, dependent.key.namespace, owner.name, owner.uid
        );
        let message =
            format!("ownerRef {reference} does not exist in namespace {:?}", dependent.key.namespace);
        let about = about(resource, &dependent.key, uid, "");
        self.context.events.event(&about, EventType::Warning, "OwnerRefInvalidNamespace", message);
    }
}
