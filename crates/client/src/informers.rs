//! One cache a resource, shared by all who ask for the same.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use k8s_openapi::Resource;
use mizzen_clock::Env;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::informer::Informer;
use crate::resource::{ApiResource, Scoped};
use crate::verbs::{Client, ListParams};

type Slot = (TypeId, ApiResource, String, ListParams);

/// Informers of one component: asking twice for the same gives the same cache. Clones share it.
#[derive(Clone)]
pub struct Informers(Arc<Shared>);

struct Shared {
    client: Client,
    env: Env,
    cancel: CancellationToken,
    tasks: TaskTracker,
    slots: Mutex<BTreeMap<Slot, Arc<dyn Any + Send + Sync>>>,
}

impl Informers {
    /// None yet; those asked for run until `cancel`.
    pub fn new(client: Client, env: Env, cancel: CancellationToken) -> Self {
        let slots = Mutex::new(BTreeMap::new());
        Self(Arc::new(Shared { client, env, cancel, tasks: TaskTracker::new(), slots }))
    }

    /// The informer of a built-in kind in all namespaces, keeping whole objects.
    pub fn of<K>(&self) -> Informer<K>
    where
        K: Resource<Scope: Scoped> + DeserializeOwned + Send + Sync + 'static,
    {
        self.select::<K>(ApiResource::of::<K>(), "", ListParams::default())
    }

    /// The informer of a built-in kind in all namespaces, keeping of each object what `T` declares.
    pub fn project<K, T>(&self) -> Informer<T>
    where
        K: Resource<Scope: Scoped>,
        T: DeserializeOwned + Send + Sync + 'static,
    {
        self.select::<T>(ApiResource::of::<K>(), "", ListParams::default())
    }

    /// The informer of any resource, in one namespace (empty: all) and with selectors.
    pub fn select<T>(&self, resource: ApiResource, namespace: &str, params: ListParams) -> Informer<T>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        let slot = (TypeId::of::<T>(), resource.clone(), namespace.to_owned(), params.clone());
        let mut slots = self.0.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(informer) = slots.get(&slot).and_then(|any| any.downcast_ref::<Informer<T>>()) {
            return informer.clone();
        }
        let informer = Informer::<T>::new();
        slots.insert(slot, Arc::new(informer.clone()));
        let shared = self.0.clone();
        let (running, namespace) = (informer.clone(), namespace.to_owned());
        self.0.tasks.spawn(async move {
            let (client, env, cancel) = (shared.client.clone(), shared.env.clone(), shared.cancel.clone());
            drop(shared);
            running.run(client, resource, namespace, params, env, cancel).await;
        });
        informer
    }

    /// The client that the informers use.
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Waits until all informers have stopped, after the token was cancelled.
    pub async fn stopped(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}
