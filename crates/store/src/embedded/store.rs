//! The engine's handle: opening, the calls of [`Store`], closing.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;
use tracing::info;

use crate::api::{
    LeaseId, Range, RangeResult, Revision, Store, StoreError, Txn, TxnOutcome, Watch, WatchRequest,
};
use crate::core::Core;
use crate::embedded::disk::{Directory, Disk};
use crate::embedded::engine::{Engine, reserve_above};
use crate::embedded::flusher::{Flusher, Sizes};
use crate::embedded::frame;
use crate::embedded::log::Log;
use crate::embedded::record::Record;
use crate::embedded::recover::{OpenError, recover};
use crate::lease::{LeaseHost, Reaper};
use crate::sync::lock;

/// How much history is kept; the first limit that is reached forgets the oldest part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// At most so many revisions.
    pub revisions: u64,
    /// None older than this. Counted anew after a start.
    pub age: Duration,
    /// At most so many bytes of values that were replaced or deleted; they are held in memory.
    pub bytes: u64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { revisions: 100_000, age: Duration::from_secs(24 * 3600), bytes: 32 << 20 }
    }
}

/// How the engine behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How much history is kept.
    pub retention: Retention,
    /// [`Durability::Logged`](crate::Durability::Logged) writes are synced this long after the first of them.
    pub logged_sync_interval: Duration,
    /// A checkpoint is written when the log behind the last one is longer than this and than twice that one.
    pub checkpoint_bytes: u64,
    /// So many revisions are reserved on disk at a time; an unclean stop skips about as many.
    pub reservation: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            retention: Retention::default(),
            logged_sync_interval: Duration::from_millis(500),
            checkpoint_bytes: 32 << 20,
            reservation: 10_000,
        }
    }
}

/// A store in a directory. Dropping it without [`Store::close`] is an unclean stop: nothing acknowledged is
/// lost, but the next start begins at higher revisions.
#[derive(Debug)]
pub struct EmbeddedStore {
    engine: Arc<Engine>,
    reaper: Reaper,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl EmbeddedStore {
    /// Opens the store in a directory, or begins one. Needs a tokio runtime, whose time leases follow.
    pub async fn open(path: &Path, config: Config) -> Result<Self, OpenError> {
        let disk = Directory::new(path).map_err(|source| OpenError::Disk {
            action: "create",
            file: path.display().to_string(),
            source,
        })?;
        Self::open_on(Arc::new(disk), config).await
    }

    /// As [`EmbeddedStore::open`], on any disk.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    pub async fn open_on(disk: Arc<dyn Disk>, config: Config) -> Result<Self, OpenError> {
        let now = Instant::now();
        let opened = if disk.is_simulated() {
            open(disk.clone(), now, config.reservation)?
        } else {
            let (disk, reservation) = (disk.clone(), config.reservation);
            let opening = tokio::task::spawn_blocking(move || open(disk, now, reservation));
            opening.await.map_err(|source| disk_error("open", io::Error::other(source)))??
        };
        Self::start(disk.as_ref(), config, opened)
    }

    fn start(disk: &dyn Disk, config: Config, opened: Opened) -> Result<Self, OpenError> {
        let Opened { core, reserved, flusher, size } = opened;
        let store = if disk.is_simulated() {
            let engine = Engine::new(core, config, reserved, Some(flusher));
            Self { engine, reaper: Reaper::default(), thread: Mutex::new(None) }
        } else {
            let engine = Engine::new(core, config, reserved, None);
            let shared = engine.clone();
            let builder = std::thread::Builder::new().name("store-log".to_owned());
            let thread =
                builder.spawn(move || shared.run(flusher)).map_err(|source| disk_error("start", source))?;
            Self { engine, reaper: Reaper::default(), thread: Mutex::new(Some(thread)) }
        };
        store.engine.set_size(size);
        if store.engine.with_leases(|leases| leases.iter().next().is_some()) {
            store.reaper.granted(&store.engine);
        }
        Ok(store)
    }
}

fn disk_error(action: &'static str, source: io::Error) -> OpenError {
    OpenError::Disk { action, file: "log".to_owned(), source }
}

/// A store that has been read and may write.
struct Opened {
    core: Arc<Core>,
    reserved: Revision,
    flusher: Flusher,
    size: u64,
}

fn open(disk: Arc<dyn Disk>, now: Instant, reservation: u64) -> Result<Opened, OpenError> {
    let guard = disk.lock().map_err(|source| match source.kind() {
        io::ErrorKind::WouldBlock => OpenError::InUse,
        _ => OpenError::Disk { action: "lock", file: "LOCK".to_owned(), source },
    })?;
    let recovered = recover(disk.as_ref(), now)?;
    let reserved = reserve_above(recovered.state.next, reservation);
    let mut log = Log::create(disk.clone(), recovered.next_sequence, recovered.previous_len)
        .map_err(|source| disk_error("begin", source))?;
    let mut first = Vec::new();
    frame::begin(&mut first);
    if let Some(gap) = recovered.gap {
        info!(after = %gap.after, until = %gap.until, "Store was not closed, revisions between are skipped.");
        Record::Gap(gap).encode(&mut first);
    }
    Record::Reserve { up_to: reserved }.encode(&mut first);
    log.append(&mut first).and_then(|()| log.sync()).map_err(|source| disk_error("begin", source))?;
    let sizes = Sizes {
        log_bytes: recovered.log_bytes,
        log_files: recovered.log_files,
        checkpoint_len: Arc::new(AtomicU64::new(recovered.checkpoint_len)),
    };
    let size = log.len() + recovered.log_bytes + recovered.checkpoint_len;
    let flusher = Flusher::new(disk, log, guard, sizes, reserved);
    Ok(Opened { core: Core::new(recovered.state), reserved, flusher, size })
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        self.engine.stop();
        if let Some(thread) = lock(&self.thread).take()
            && thread.join().is_err()
        {
            tracing::error!("Thread that writes the log had panicked.");
        }
    }
}

#[async_trait]
impl Store for EmbeddedStore {
    fn revision(&self) -> Revision {
        self.engine.core.visible()
    }

    fn oldest(&self) -> Revision {
        self.engine.core.oldest()
    }

    async fn range(&self, range: Range) -> Result<RangeResult, StoreError> {
        self.engine.core.range(&range)
    }

    async fn commit(&self, txn: Txn) -> Result<TxnOutcome, StoreError> {
        self.engine.commit(txn).await
    }

    async fn watch(&self, request: WatchRequest) -> Result<Box<dyn Watch>, StoreError> {
        Ok(Box::new(self.engine.core.watch(&request)?))
    }

    async fn compact(&self, revision: Revision) -> Result<(), StoreError> {
        self.engine.compact(revision).await
    }

    async fn lease_grant(&self, ttl_s: i64) -> Result<LeaseId, StoreError> {
        let lease = self.engine.lease_grant(ttl_s).await?;
        self.reaper.granted(&self.engine);
        Ok(lease)
    }

    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    async fn lease_keep_alive(&self, lease: LeaseId) -> Result<(), StoreError> {
        self.engine.check_open()?;
        self.engine.with_leases(|leases| leases.keep_alive(lease, Instant::now()))
    }

    async fn lease_revoke(&self, lease: LeaseId) -> Result<(), StoreError> {
        self.engine.end_lease(lease).await
    }

    async fn size(&self) -> Result<u64, StoreError> {
        if self.engine.core.is_closed() {
            return Err(StoreError::Closed);
        }
        Ok(self.engine.size.load(Ordering::Relaxed))
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.reaper.stop();
        self.engine.close().await
    }
}
