//! A cache of one resource, kept by list and watch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use mizzen_clock::{Env, Level, Map};
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::error::{Error, Status};
use crate::object::ObjectKey;
use crate::resource::ApiResource;
use crate::transport::{EventKind, WatchEvent};
use crate::verbs::{Client, ListParams};
use crate::watch::{Versioned, VersionedMeta};

/// Objects a page when a cache is filled.
const PAGE: usize = 5000;
/// Longest pause between attempts to reach the server.
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// A cached object.
#[derive(Debug)]
pub struct Object<T> {
    /// Namespace and name.
    pub key: ObjectKey,
    /// The object's uid.
    pub uid: String,
    /// Opaque; equal for equal objects.
    pub resource_version: String,
    /// What the informer's user declared of it.
    pub value: T,
}

/// What happened to an object.
#[derive(Debug)]
pub enum Change<'a, T> {
    /// It is new to the cache.
    Added(&'a Arc<Object<T>>),
    /// It changed, from the first to the second.
    Updated(&'a Arc<Object<T>>, &'a Arc<Object<T>>),
    /// It is gone; this is the last state known.
    Deleted(&'a Arc<Object<T>>),
}

impl<T> Change<'_, T> {
    /// The object as it is now (or was last).
    pub fn object(&self) -> &Arc<Object<T>> {
        match self {
            Self::Added(object) | Self::Updated(_, object) | Self::Deleted(object) => object,
        }
    }
}

type Handler<T> = Box<dyn Fn(&Change<'_, T>) + Send + Sync>;
type IndexFn<T> = Box<dyn Fn(&Object<T>) -> Vec<String> + Send + Sync>;

struct Index<T> {
    name: &'static str,
    values_of: IndexFn<T>,
    keys: Map<String, BTreeSet<ObjectKey>>,
}

struct Cache<T> {
    objects: BTreeMap<ObjectKey, Arc<Object<T>>>,
    indexes: Vec<Index<T>>,
}

struct Shared<T> {
    cache: RwLock<Cache<T>>,
    /// Held while handlers run, so that each sees changes in order. Taken before `cache`.
    handlers: Mutex<Vec<Handler<T>>>,
    synced: Level<bool>,
}

/// A cache of one resource (or of what a selector leaves of it). Clones share it.
///
/// `T` is what the cache keeps of an object: any type that deserialises from it, so a struct with a few of the
/// kind's fields keeps only those.
pub struct Informer<T>(Arc<Shared<T>>);

impl<T> Clone for Informer<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Default for Informer<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Informer<T> {
    /// An empty cache, to be filled by [`Informer::run`].
    pub fn new() -> Self {
        Self(Arc::new(Shared {
            cache: RwLock::new(Cache { objects: BTreeMap::new(), indexes: Vec::new() }),
            handlers: Mutex::new(Vec::new()),
            synced: Level::new(false),
        }))
    }

    fn cache(&self) -> RwLockReadGuard<'_, Cache<T>> {
        self.0.cache.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn handlers(&self) -> MutexGuard<'_, Vec<Handler<T>>> {
        self.0.handlers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls `handler` for every change from now on, and as `Added` for what is there already. Handlers must be
    /// quick (add a key to a queue) and may read the cache, which is then at least as new as the change.
    pub fn subscribe(&self, handler: impl Fn(&Change<'_, T>) + Send + Sync + 'static) {
        let mut handlers = self.handlers();
        for object in self.list() {
            handler(&Change::Added(&object));
        }
        handlers.push(Box::new(handler));
    }

    /// Adds an index: `values_of` gives the values under which an object is found by [`Informer::by_index`].
    /// An index of this name that is there already stays.
    pub fn index(
        &self,
        name: &'static str,
        values_of: impl Fn(&Object<T>) -> Vec<String> + Send + Sync + 'static,
    ) {
        let mut cache = self.0.cache.write().unwrap_or_else(PoisonError::into_inner);
        if cache.indexes.iter().any(|index| index.name == name) {
            return;
        }
        let mut index = Index { name, values_of: Box::new(values_of), keys: Map::default() };
        for object in cache.objects.values() {
            index.add(object);
        }
        cache.indexes.push(index);
    }

    /// The cached object.
    pub fn get(&self, key: &ObjectKey) -> Option<Arc<Object<T>>> {
        self.cache().objects.get(key).cloned()
    }

    /// All cached objects, by namespace and name.
    pub fn list(&self) -> Vec<Arc<Object<T>>> {
        self.cache().objects.values().cloned().collect()
    }

    /// The cached objects of a namespace, by name.
    pub fn list_in(&self, namespace: &str) -> Vec<Arc<Object<T>>> {
        let cache = self.cache();
        let from = ObjectKey::new(namespace, "");
        let own = cache.objects.range(from..).take_while(|(key, _)| key.namespace == namespace);
        own.map(|(_, object)| object.clone()).collect()
    }

    /// The objects that an index files under `value`, by namespace and name.
    ///
    /// # Panics
    /// When there is no such index.
    pub fn by_index(&self, name: &str, value: &str) -> Vec<Arc<Object<T>>> {
        let cache = self.cache();
        let index = cache.indexes.iter().find(|index| index.name == name).expect("the index was added");
        let keys = index.keys.get(value).into_iter().flatten();
        keys.filter_map(|key| cache.objects.get(key).cloned()).collect()
    }

    /// How many objects are cached.
    pub fn len(&self) -> usize {
        self.cache().objects.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the first list is in.
    pub fn has_synced(&self) -> bool {
        self.0.synced.get()
    }

    /// Waits until the first list is in.
    pub async fn synced(&self) {
        self.0.synced.wait_for(|synced| *synced).await;
    }

    /// Keeps the cache until `cancel`: lists, watches, and lists again when the server has forgotten where we
    /// were. Only one task may run it.
    pub async fn run(
        &self,
        client: Client,
        resource: ApiResource,
        namespace: String,
        params: ListParams,
        env: Env,
        cancel: CancellationToken,
    ) {
        let mut reflector = Reflector { informer: self, client, resource, namespace, params, version: None };
        let mut pause = Duration::from_millis(50);
        loop {
            let Some(ended) = cancel.run_until_cancelled(reflector.follow()).await else { return };
            match ended {
                Ok(()) => pause = Duration::from_millis(50),
                Err(error) if error.is_gone() => {
                    debug!(resource = reflector.resource.plural, "The watch is too old, listing again.");
                    reflector.version = None;
                }
                Err(error) => {
                    let resource = &reflector.resource.plural;
                    warn!(resource, %error, source = error.source_text(), "The watch broke, will retry.");
                    pause = (pause * 2).min(PAUSE_MAX);
                }
            }
            let jittered = pause.mul_f64(0.5 + env.random.fraction());
            if cancel.run_until_cancelled(tokio::time::sleep(jittered)).await.is_none() {
                return;
            }
        }
    }

    fn set(&self, object: Arc<Object<T>>) {
        let handlers = self.handlers();
        let old = {
            let mut cache = self.0.cache.write().unwrap_or_else(PoisonError::into_inner);
            cache.set(object.clone())
        };
        let change = match &old {
            // A list after a lost watch brings most objects unchanged.
            Some(old) if old.uid == object.uid && old.resource_version == object.resource_version => return,
            Some(old) if old.uid != object.uid => {
                handlers.iter().for_each(|handler| handler(&Change::Deleted(old)));
                Change::Added(&object)
            }
            Some(old) => Change::Updated(old, &object),
            None => Change::Added(&object),
        };
        handlers.iter().for_each(|handler| handler(&change));
    }

    fn remove(&self, key: &ObjectKey, last: Option<Arc<Object<T>>>) {
        let handlers = self.handlers();
        let old = {
            let mut cache = self.0.cache.write().unwrap_or_else(PoisonError::into_inner);
            cache.remove(key)
        };
        let Some(old) = old else { return };
        let change = Change::Deleted(last.as_ref().unwrap_or(&old));
        handlers.iter().for_each(|handler| handler(&change));
    }
}

impl<T> Index<T> {
    fn add(&mut self, object: &Object<T>) {
        for value in (self.values_of)(object) {
            self.keys.entry(value).or_default().insert(object.key.clone());
        }
    }

    fn remove(&mut self, object: &Object<T>) {
        for value in (self.values_of)(object) {
            if let Some(keys) = self.keys.get_mut(&value) {
                keys.remove(&object.key);
                if keys.is_empty() {
                    self.keys.remove(&value);
                }
            }
        }
    }
}

impl<T> Cache<T> {
    fn set(&mut self, object: Arc<Object<T>>) -> Option<Arc<Object<T>>> {
        let old = self.objects.insert(object.key.clone(), object.clone());
        for index in &mut self.indexes {
            if let Some(old) = &old {
                index.remove(old);
            }
            index.add(&object);
        }
        old
    }

    fn remove(&mut self, key: &ObjectKey) -> Option<Arc<Object<T>>> {
        let old = self.objects.remove(key)?;
        for index in &mut self.indexes {
            index.remove(&old);
        }
        Some(old)
    }
}

struct Reflector<'a, T> {
    informer: &'a Informer<T>,
    client: Client,
    resource: ApiResource,
    namespace: String,
    params: ListParams,
    /// Where the next watch goes on; `None`: list first.
    version: Option<String>,
}

impl<T: DeserializeOwned + Send + Sync + 'static> Reflector<'_, T> {
    /// Lists if need be, then watches until the watch ends.
    async fn follow(&mut self) -> Result<(), Error> {
        if self.version.is_none() {
            let version = self.list().await?;
            self.version = Some(version);
            self.informer.0.synced.set(true);
        }
        let params = ListParams { resource_version: self.version.clone(), ..self.params.clone() };
        let mut events = self.client.watch(&self.resource, &self.namespace, &params).await?;
        while let Some(event) = events.next().await {
            self.handle(event?)?;
        }
        Ok(())
    }

    async fn list(&self) -> Result<String, Error> {
        let mut seen = BTreeSet::new();
        let mut params = ListParams { limit: PAGE, ..self.params.clone() };
        loop {
            let page = self.client.list_raw(&self.resource, &self.namespace, &params).await?;
            for item in &page.items {
                let object = self.decode(item)?;
                seen.insert(object.key.clone());
                self.informer.set(object);
            }
            if page.continue_token.is_empty() {
                let gone: Vec<ObjectKey> = {
                    let cache = self.informer.cache();
                    cache.objects.keys().filter(|key| !seen.contains(key)).cloned().collect()
                };
                for key in gone {
                    self.informer.remove(&key, None);
                }
                return Ok(page.resource_version);
            }
            params.continue_token = page.continue_token;
        }
    }

    fn handle(&mut self, event: WatchEvent) -> Result<(), Error> {
        match event.kind {
            EventKind::Added | EventKind::Modified => {
                let object = self.decode(&event.object)?;
                self.version = Some(object.resource_version.clone());
                self.informer.set(object);
            }
            EventKind::Deleted => {
                let object = self.decode(&event.object)?;
                self.version = Some(object.resource_version.clone());
                self.informer.remove(&object.key.clone(), Some(object));
            }
            EventKind::Bookmark => {
                let bookmark: Versioned = self.parse(&event.object)?;
                self.version = Some(bookmark.metadata.resource_version);
            }
            EventKind::Error => {
                return Err(Error::Api(Box::new(self.parse::<Status>(&event.object)?)));
            }
        }
        Ok(())
    }

    fn parse<V: DeserializeOwned>(&self, bytes: &Bytes) -> Result<V, Error> {
        let what = || self.resource.path(&self.namespace, "", "");
        serde_json::from_slice(bytes).map_err(|source| Error::Decode { what: what(), source })
    }

    fn decode(&self, bytes: &Bytes) -> Result<Arc<Object<T>>, Error> {
        let VersionedMeta { namespace, name, uid, resource_version } =
            self.parse::<Versioned>(bytes)?.metadata;
        let value = self.parse(bytes)?;
        Ok(Arc::new(Object { key: ObjectKey { namespace, name }, uid, resource_version, value }))
    }
}
