//! ConfigMaps and Secrets that pods of this node refer to, each kept fresh by a watch of its own for as long as a pod
//! refers to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use mizzen_client::{ApiResource, Client, Informer, ListParams, Object, ObjectKey};
use mizzen_clock::Env;
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::VolumeError;
use crate::pods::registry::Mailboxes;

/// How long a first list may take.
const SYNC_TIMEOUT: Duration = Duration::from_secs(10);

struct Watched<K> {
    informer: Informer<K>,
    /// Pods that refer to it.
    users: Arc<Mutex<BTreeSet<String>>>,
    cancel: CancellationToken,
}

struct Shared {
    client: Client,
    env: Env,
    cancel: CancellationToken,
    tasks: TaskTracker,
    mailboxes: Mailboxes,
    config_maps: Mutex<BTreeMap<ObjectKey, Watched<ConfigMap>>>,
    secrets: Mutex<BTreeMap<ObjectKey, Watched<Secret>>>,
}

/// The watched objects. Clones share them.
#[derive(Clone)]
pub(crate) struct Objects(Arc<Shared>);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Objects {
    /// None watched yet; watches end with `cancel`.
    pub(crate) fn new(client: Client, env: Env, mailboxes: Mailboxes, cancel: CancellationToken) -> Self {
        Self(Arc::new(Shared {
            client,
            env,
            cancel,
            tasks: TaskTracker::new(),
            mailboxes,
            config_maps: Mutex::default(),
            secrets: Mutex::default(),
        }))
    }

    /// A ConfigMap that pod `uid` refers to from now on; `None` when there is none.
    pub(crate) async fn config_map(
        &self,
        uid: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Arc<Object<ConfigMap>>>, VolumeError> {
        let informer = self.watch(&self.0.config_maps, uid, namespace, name, ApiResource::of::<ConfigMap>());
        self.read(&informer, namespace, name, "configmap", &ApiResource::of::<ConfigMap>()).await
    }

    /// A Secret that pod `uid` refers to from now on; `None` when there is none.
    pub(crate) async fn secret(
        &self,
        uid: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Arc<Object<Secret>>>, VolumeError> {
        let informer = self.watch(&self.0.secrets, uid, namespace, name, ApiResource::of::<Secret>());
        self.read(&informer, namespace, name, "secret", &ApiResource::of::<Secret>()).await
    }

    /// Pod `uid` refers to nothing any more: what no other pod refers to is no longer watched.
    pub(crate) fn release(&self, uid: &str) {
        fn release_from<K>(map: &Mutex<BTreeMap<ObjectKey, Watched<K>>>, uid: &str) {
            lock(map).retain(|_, watched| {
                let mut users = lock(&watched.users);
                users.remove(uid);
                if users.is_empty() {
                    watched.cancel.cancel();
                }
                !users.is_empty()
            });
        }
        release_from(&self.0.config_maps, uid);
        release_from(&self.0.secrets, uid);
    }

    /// Waits until all watches have ended, after the token was cancelled.
    pub(crate) async fn stopped(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    fn watch<K>(
        &self,
        map: &Mutex<BTreeMap<ObjectKey, Watched<K>>>,
        uid: &str,
        namespace: &str,
        name: &str,
        resource: ApiResource,
    ) -> Informer<K>
    where
        K: DeserializeOwned + Send + Sync + 'static,
    {
        let mut map = lock(map);
        let watched = map.entry(ObjectKey::new(namespace, name)).or_insert_with(|| {
            let informer = Informer::<K>::new();
            let users = Arc::new(Mutex::new(BTreeSet::<String>::new()));
            let cancel = self.0.cancel.child_token();
            let (mailboxes, interested) = (self.0.mailboxes.clone(), users.clone());
            informer.subscribe(move |_| {
                for uid in lock(&interested).iter() {
                    mailboxes.poke(uid);
                }
            });
            let params =
                ListParams { field_selector: format!("metadata.name={name}"), ..ListParams::default() };
            let (client, env, namespace) = (self.0.client.clone(), self.0.env.clone(), namespace.to_owned());
            let (running, token) = (informer.clone(), cancel.clone());
            self.0.tasks.spawn(async move {
                running.run(client, resource, namespace, params, env, token).await;
            });
            Watched { informer, users, cancel }
        });
        lock(&watched.users).insert(uid.to_owned());
        watched.informer.clone()
    }

    async fn read<K>(
        &self,
        informer: &Informer<K>,
        namespace: &str,
        name: &str,
        kind: &str,
        resource: &ApiResource,
    ) -> Result<Option<Arc<Object<K>>>, VolumeError>
    where
        K: DeserializeOwned + Send + Sync + 'static,
    {
        let key = ObjectKey::new(namespace, name);
        if tokio::time::timeout(SYNC_TIMEOUT, informer.synced()).await.is_ok() {
            return Ok(informer.get(&key));
        }
        // The watch does not come up: a read tells people why.
        match self.0.client.get_as::<mizzen_client::PartialObject>(resource, &key).await {
            Err(error) => Err(VolumeError::Api(format!("failed to fetch {kind} {key}: {error}"))),
            Ok(_) => Err(VolumeError::Api(format!("timed out waiting for {kind} {key}"))),
        }
    }
}
