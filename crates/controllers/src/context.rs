//! What a controller is given, and what all of them do with it.

use std::fmt::Debug;
use std::future::Future;
use std::hash::Hash;

use futures::future::BoxFuture;
use k8s_openapi::api::core::v1::ObjectReference;
use mizzen_client::{
    ApiResource, Client, Error, Informer, Informers, ObjectKey, Queues, Recorder, WorkQueue, work,
};
use mizzen_clock::Env;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::config::Config;

/// A controller's surroundings. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Context {
    /// Settings of all controllers.
    pub(crate) config: Config,
    /// The controller's own user.
    pub(crate) client: Client,
    /// Work queues of all controllers, by the names under which they are counted.
    pub(crate) queues: Queues,
    /// Caches that all controllers share.
    pub(crate) informers: Informers,
    /// Time and chance.
    pub(crate) env: Env,
    /// Events in the controller's name.
    pub(crate) events: Recorder,
    /// Tells the controller to stop.
    pub(crate) cancel: CancellationToken,
}

/// A failed reconcile; the work queue tries again with back-off.
pub(crate) type Reconcile = Result<mizzen_client::Outcome, Error>;

/// A cache that can be waited for, whatever it keeps.
pub(crate) trait Cache: Send + Sync {
    /// Waits until its first list is in.
    fn synced(&self) -> BoxFuture<'_, ()>;
}

impl<T: DeserializeOwned + Send + Sync + 'static> Cache for Informer<T> {
    fn synced(&self) -> BoxFuture<'_, ()> {
        Box::pin(Informer::synced(self))
    }
}

impl Context {
    /// A work queue that is counted under this name.
    pub(crate) fn queue<K: Clone + Eq + Hash + Send + Sync + 'static>(
        &self,
        name: &'static str,
    ) -> WorkQueue<K> {
        let queue = WorkQueue::new();
        self.queues.follow(name, &queue);
        queue
    }

    /// How every controller starts, once it has subscribed: waits until its caches are filled, then reconciles the keys
    /// of its queue, `workers` at once, until it is told to stop.
    pub(crate) async fn serve<C, K, F, R>(
        &self,
        controller: &C,
        queue: &WorkQueue<K>,
        workers: usize,
        caches: &[&dyn Cache],
        reconcile: F,
    ) where
        C: Clone + Send + Sync + 'static,
        K: Clone + Eq + Hash + Send + Sync + Debug + 'static,
        F: Fn(C, K) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Reconcile> + Send + 'static,
    {
        for cache in caches {
            if self.cancel.run_until_cancelled(cache.synced()).await.is_none() {
                return;
            }
        }
        let own = controller.clone();
        work(queue, workers, self.cancel.clone(), move |key| reconcile(own.clone(), key)).await;
    }
}

/// What an event says that it is about.
pub(crate) fn about(resource: &ApiResource, key: &ObjectKey, uid: &str, version: &str) -> ObjectReference {
    ObjectReference {
        api_version: Some(resource.api_version()),
        kind: Some(resource.kind.clone()),
        namespace: Some(key.namespace.clone()).filter(|namespace| !namespace.is_empty()),
        name: Some(key.name.clone()),
        uid: Some(uid.to_owned()),
        resource_version: Some(version.to_owned()).filter(|version| !version.is_empty()),
        ..ObjectReference::default()
    }
}

/// What the API server said, without the code that only logs want.
pub(crate) fn text(error: &Error) -> String {
    match error {
        Error::Api(status) => status.message.clone(),
        other => other.to_string(),
    }
}
