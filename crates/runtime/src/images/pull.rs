//! Pulling: manifest, configuration, layers; what is there already is not fetched, and equal pulls share one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};
use tokio::sync::{OwnedMutexGuard, Semaphore};
use tokio_util::task::AbortOnDropHandle;

use super::digest::Digest;
use super::layer::{Place, Stack};
use super::manifest::{self, CONFIG_LEN_MAX, Descriptor, Document, Manifest};
use super::reference::Reference;
use super::registry::{FetchError, Repository};
use super::store::Record;
use super::transport::Connector;
use super::{Credentials, ImageError, Inner, RegistryConfig};

/// Layers of one pull that are fetched at the same time. Source: containerd's `max_concurrent_downloads`.
const DOWNLOADS_MAX: usize = 3;
/// Indexes within indexes.
const DEPTH_MAX: usize = 3;

type Outcome = Result<String, Arc<ImageError>>;
type Running = WeakShared<BoxFuture<'static, Outcome>>;
/// Reference, user, password: whoever may not read an image does not get it by asking at the same time.
type Key = (String, String, String);

/// Pulls under way, and what they share.
#[derive(Default)]
pub(crate) struct Pulls {
    config: RegistryConfig,
    connector: Connector,
    running: Mutex<BTreeMap<Key, Running>>,
    locks: Mutex<BTreeMap<String, Weak<tokio::sync::Mutex<()>>>>,
}

impl Pulls {
    pub(crate) fn new(config: RegistryConfig) -> Result<Self, ImageError> {
        let connector = Connector::new(&config.proxy)
            .map_err(|error| io::Error::other(format!("registry proxy: {error}")))?;
        Ok(Self { config, connector, ..Self::default() })
    }

    /// Serialises work on `key` among all pulls.
    async fn lock(&self, key: &str) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            locks.retain(|_, lock| lock.strong_count() > 0);
            match locks.get(key).and_then(Weak::upgrade) {
                Some(lock) => lock,
                None => {
                    let lock = Arc::new(tokio::sync::Mutex::new(()));
                    locks.insert(key.to_owned(), Arc::downgrade(&lock));
                    lock
                }
            }
        };
        lock.lock_owned().await
    }

    fn join(
        &self,
        key: Key,
        start: impl FnOnce() -> BoxFuture<'static, Outcome>,
    ) -> Shared<BoxFuture<'static, Outcome>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|_, pull| pull.upgrade().is_some());
        if let Some(pull) = running.get(&key).and_then(WeakShared::upgrade) {
            return pull;
        }
        let pull = start().shared();
        if let Some(weak) = pull.downgrade() {
            running.insert(key, weak);
        }
        pull
    }
}

/// Pulls `text`, or joins a pull of the same; gives the image's id. Dropped by all who wait, it stops.
pub(crate) async fn pull(
    inner: &Arc<Inner>,
    text: &str,
    credentials: &Credentials,
) -> Result<String, ImageError> {
    let reference = Reference::parse(text)?;
    let key = (reference.to_string(), credentials.username.clone(), credentials.password.clone());
    let shared = inner.pulls.join(key, || {
        let (inner, credentials) = (inner.clone(), credentials.clone());
        async move { Puller { inner, reference, credentials }.run().await.map_err(Arc::new) }.boxed()
    });
    shared.await.map_err(|error| match Arc::try_unwrap(error) {
        Ok(error) => error,
        Err(shared) => shared.copy(),
    })
}

struct Puller {
    inner: Arc<Inner>,
    reference: Reference,
    credentials: Credentials,
}

/// What the registry said about the image.
struct Found {
    /// All manifests on the way, to keep.
    documents: Vec<Vec<u8>>,
    /// What the reference leads to.
    target: Digest,
    manifest: Manifest,
}

impl Puller {
    fn repository(&self) -> Result<Repository<'_>, FetchError> {
        let pulls = &self.inner.pulls;
        Repository::new(&pulls.connector, &pulls.config, &self.reference, &self.credentials)
    }

    async fn run(&self) -> Result<String, ImageError> {
        let image = self.reference.to_string();
        let named = |error: FetchError| error.for_image(&image);
        let repository = self.repository().map_err(named)?;
        let found = self.find(&repository).await.map_err(named)?;
        found.manifest.check_layers()?;
        let bytes = repository.small_blob(&found.manifest.config, CONFIG_LEN_MAX).await.map_err(named)?;
        let (config, diff_ids) = manifest::parse_config(&bytes, found.manifest.layers.len())?;
        let stack = Stack::new(&diff_ids);
        let _pin = self.inner.pin(stack.names());
        let layers = self.layers(&stack, &found.manifest.layers).await?;
        let inner = self.inner.clone();
        let mut record = Record {
            id: Digest::of(&bytes),
            manifests: BTreeSet::new(),
            layers,
            tags: self.reference.tagged().into_iter().collect(),
            digests: BTreeSet::from([format!("{}@{}", self.reference.name(), found.target)]),
            pinned: false,
            config: Some(Arc::new(config)),
        };
        let blobs: Vec<Digest> = found.manifest.layers.iter().map(|layer| layer.digest.clone()).collect();
        let finish = move || {
            for document in &found.documents {
                record.manifests.insert(inner.folders.write_blob(document)?);
            }
            let id = inner.folders.write_blob(&bytes)?;
            inner.state().add_image(record)?;
            for blob in &blobs {
                inner.folders.discard(&inner.folders.blob(blob))?;
            }
            inner.sweep();
            Ok(id.to_string())
        };
        self.inner.pool.run(finish).await
    }

    async fn find(&self, repository: &Repository<'_>) -> Result<Found, FetchError> {
        let mut documents = Vec::new();
        let mut name = self.reference.manifest();
        let mut target = None;
        for _ in 0..DEPTH_MAX {
            let (bytes, digest) = repository.manifest(&name).await?;
            let document = Document::parse(&bytes)?;
            documents.push(bytes);
            let target = target.get_or_insert(digest).clone();
            match document {
                Document::Image(manifest) => return Ok(Found { documents, target, manifest }),
                Document::Index(entries) => {
                    let chosen = manifest::choose(&entries).ok_or_else(|| {
                        let message = format!("no match for platform linux/{}", manifest::architecture());
                        ImageError::Malformed(message)
                    })?;
                    name = chosen.digest.to_string();
                }
            }
        }
        Err(ImageError::Malformed("indexes within indexes".to_owned()).into())
    }

    /// Fetches layers side by side and unpacks them in order; gives their names.
    async fn layers(&self, stack: &Stack, layers: &[Descriptor]) -> Result<Vec<String>, ImageError> {
        let permits = Arc::new(Semaphore::new(DOWNLOADS_MAX));
        let downloads: Vec<_> = stack
            .places()
            .iter()
            .zip(layers)
            .map(|(place, layer)| {
                let one = Self {
                    inner: self.inner.clone(),
                    reference: self.reference.clone(),
                    credentials: self.credentials.clone(),
                };
                let (place, layer, permits) = (place.clone(), layer.clone(), permits.clone());
                let download = async move {
                    let _permit = permits.acquire_owned().await.map_err(io::Error::other)?;
                    one.download(&place, &layer).await
                };
                AbortOnDropHandle::new(tokio::spawn(download))
            })
            .collect();
        let mut names: Vec<String> = Vec::new();
        for (place, download) in stack.places().iter().zip(downloads) {
            let file = download.await.map_err(io::Error::other)??;
            let _only = self.inner.pulls.lock(&format!("unpack {}", place.diff_id)).await;
            let name = match (self.inner.present(place), file) {
                (Some(name), _) => name,
                (None, Some(file)) => {
                    let (inner, place, below) = (self.inner.clone(), place.clone(), names.clone());
                    self.inner.pool.run(move || inner.ensure_layer(&place, &below, file, None)).await?
                }
                // It was there when the download was decided on, and pinned.
                (None, None) => return Err(io::Error::other("a pinned layer vanished").into()),
            };
            names.push(name);
        }
        Ok(names)
    }

    /// The layer's verified blob, at its beginning; `None` when the unpacked layer is there.
    async fn download(&self, place: &Place, layer: &Descriptor) -> Result<Option<File>, ImageError> {
        let _only = self.inner.pulls.lock(&format!("fetch {}", layer.digest)).await;
        if self.inner.present(place).is_some() {
            return Ok(None);
        }
        let blob = self.inner.folders.blob(&layer.digest);
        match File::open(&blob) {
            Ok(file) => return Ok(Some(file)),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            Err(_) => {}
        }
        let image = self.reference.to_string();
        let named = |error: FetchError| error.for_image(&image);
        let (path, mut file) = self.inner.folders.ingest_file()?;
        let fetched = self.repository().map_err(named)?.blob(layer, &mut file).await;
        if let Err(error) = fetched {
            std::fs::remove_file(path)?;
            return Err(named(error));
        }
        file.seek(SeekFrom::Start(0))?;
        std::fs::rename(path, blob)?;
        Ok(Some(file))
    }
}
