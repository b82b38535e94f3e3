//! What a controller is given, and what all of them do with it.

use std::fmt::Debug;
use std::future::Future;
use std::hash::Hash;

use k8s_openapi::api::core::v1::ObjectReference;
use mizzen_client::{ApiResource, Client, Error, Informers, ObjectKey, Recorder, WorkQueue, work};
use mizzen_clock::Env;
use tokio_util::sync::CancellationToken;

use crate::config::Config;

/// A controller's surroundings. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Context {
    /// Settings of all controllers.
    pub(crate) config: Config,
    /// The controller's own user.
    pub(crate) client: Client,
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

impl Context {
    /// Waits until the caches are filled, then works on the queue until the controller is told to stop.
    pub(crate) async fn serve<K, F, R>(
        &self,
        queue: &WorkQueue<K>,
        workers: usize,
        synced: impl Future<Output = ()>,
        reconcile: F,
    ) where
        K: Clone + Eq + Hash + Send + Sync + Debug + 'static,
        F: Fn(K) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Reconcile> + Send + 'static,
    {
        if self.cancel.run_until_cancelled(synced).await.is_some() {
            work(queue, workers, self.cancel.clone(), reconcile).await;
        }
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
