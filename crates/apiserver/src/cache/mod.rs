//! The watch cache: a kind's objects and recent events in memory, fed by the store's watch.
//!
//! One cache a kind and no lock shared between kinds. The objects are a persistent ordered map: a snapshot is a
//! pointer. Reads take the state's lock for as long as cloning that pointer takes.
//! [`feed`] fills it, [`list`] and [`watch`] answer from it, [`history`] keeps recent events,
//! [`selection`] chooses, [`token`] carries a list over pages.

mod feed;
mod history;
mod list;
mod selection;
mod snapshot;
mod token;
mod watch;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use mizzen_clock::Level;
use mizzen_store::{Store, StoreError};
use mizzen_trace::Recorder;
use tokio::sync::Notify;

pub(crate) use feed::run;
pub(crate) use history::{Event, Frame, type_name};
pub(crate) use list::{ListError, Listing, Version};
pub(crate) use selection::Selection;
pub(crate) use token::Token;
pub(crate) use watch::{Change, Start, WatchError, Watching};

use crate::layout::Layout;
use crate::object::Object;
use history::History;
use snapshot::Snapshot;
use watch::Watchers;

/// `NS/NAME` or `NAME`: in the order of the store's keys.
pub(crate) type Key = Arc<str>;

/// How long a read waits for the cache to catch up.
const WAIT_MAX: Duration = Duration::from_secs(3);

/// Limits of a cache.
#[derive(Debug, Clone, Copy)]
pub struct CacheLimits {
    /// Most events kept for watches that start in the past.
    pub events_max: usize,
    /// Most bytes of replaced objects that those events may keep alive.
    pub event_bytes_max: usize,
    /// Events that a watcher may lag behind before it is dropped.
    pub watcher_lag_max: usize,
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self { events_max: 1 << 16, event_bytes_max: 32 << 20, watcher_lag_max: 8192 }
    }
}

/// The cache of one kind.
pub(crate) struct WatchCache {
    pub(crate) layout: Arc<Layout>,
    store: Arc<dyn Store>,
    limits: CacheLimits,
    state: RwLock<State>,
    /// Locked before `state` where both are.
    watchers: Mutex<Watchers>,
    /// Revisions below are too old for lists, tokens and watches, even where they could still be had.
    horizon: Horizon,
    /// The store's revision when this server started: clients know of none before.
    since: u64,
    /// The store's revision when the first fill started, which may start further back.
    newest_at_start: AtomicU64,
    /// The newest revision known to be complete here; 0 until the first fill.
    revision: Level<u64>,
    /// Asks the feed to find out whether it is up to date.
    nudge: Notify,
    /// The newest revision that this server wrote.
    written: AtomicU64,
    /// Its kind has been replaced: no watch is kept any more.
    closed: AtomicBool,
    /// Learns when watchers are told.
    trace: Recorder,
}

/// The revision below which clients may not go back; shared by all caches, moved by compaction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Horizon(Arc<AtomicU64>);

impl Horizon {
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Acquire)
    }

    pub(crate) fn raise(&self, revision: u64) {
        self.0.fetch_max(revision, Ordering::AcqRel);
    }
}

/// What the lock guards.
struct State {
    objects: Snapshot,
    revision: u64,
    history: History,
    /// The revision of the newest change of an object.
    changed: u64,
}

/// What a cache holds, for metrics.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sizes {
    pub(crate) objects: usize,
    pub(crate) events: usize,
    pub(crate) watchers: usize,
}

/// The cache did not catch up in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Behind {
    pub(crate) wanted: u64,
    pub(crate) current: u64,
}

/// Why a cache cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CatchUpError {
    #[error("the cache is at {}, not yet at {}", .0.current, .0.wanted)]
    Behind(Behind),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Behind> for CatchUpError {
    fn from(behind: Behind) -> Self {
        Self::Behind(behind)
    }
}

impl WatchCache {
    pub(crate) fn new(
        layout: Arc<Layout>,
        store: Arc<dyn Store>,
        horizon: Horizon,
        since: u64,
        limits: CacheLimits,
    ) -> Self {
        let state =
            State { objects: Snapshot::default(), revision: 0, history: History::default(), changed: 0 };
        Self {
            layout,
            store,
            limits,
            state: RwLock::new(state),
            watchers: Mutex::default(),
            horizon,
            since,
            newest_at_start: AtomicU64::new(0),
            revision: Level::new(0),
            nudge: Notify::new(),
            written: AtomicU64::new(0),
            closed: AtomicBool::new(false),
            trace: Recorder::default(),
        }
    }

    /// The same, that notes when watchers are told.
    #[must_use]
    pub(crate) fn tracing(self, trace: Recorder) -> Self {
        Self { trace, ..self }
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest revision known to be complete here.
    pub(crate) fn revision(&self) -> u64 {
        self.revision.get()
    }

    /// Rises with every change of an object, and at the latest when this server acknowledges it: who derived
    /// something at a lower generation and then [settles](Self::settle) sees all that was acknowledged.
    pub(crate) fn generation(&self) -> u64 {
        self.state().changed.max(self.written.load(Ordering::Acquire))
    }

    pub(crate) fn sizes(&self) -> Sizes {
        let (objects, events) = {
            let state = self.state();
            (state.objects.len(), state.history.len())
        };
        Sizes {
            objects,
            events,
            watchers: self.watchers.lock().unwrap_or_else(PoisonError::into_inner).len(),
        }
    }

    /// Waits until everything up to `revision` is here.
    pub(crate) async fn reach(&self, revision: u64) -> Result<(), Behind> {
        if self.revision() >= revision {
            return Ok(());
        }
        if self.store.is_shared() && self.store.revision().get() < revision {
            // Another server told of it: the feed asks for progress up to what is known.
            if let Err(error) = self.store.newest().await {
                tracing::debug!(%error, "How far the store is cannot be found out.");
            }
        }
        self.nudge.notify_one();
        self.wait_for(revision).await
    }

    async fn wait_for(&self, revision: u64) -> Result<(), Behind> {
        let reached = self.revision.wait_for(|current| *current >= revision);
        match tokio::time::timeout(WAIT_MAX, reached).await {
            Ok(_) => Ok(()),
            Err(_) => Err(Behind { wanted: revision, current: self.revision() }),
        }
    }

    /// Waits until everything that is acknowledged in the store now is here, whoever wrote it.
    pub(crate) async fn catch_up(&self) -> Result<(), CatchUpError> {
        let newest = self.store.newest().await?;
        Ok(self.reach(newest.get()).await?)
    }

    /// Notes that this server wrote an object of the kind.
    pub(crate) fn note_written(&self, revision: u64) {
        self.written.fetch_max(revision, Ordering::AcqRel);
    }

    /// Waits until what this server wrote and acknowledged is here: enough for those who read beside a request,
    /// and cheaper than [`WatchCache::catch_up`], which also learns what was written to other kinds.
    pub(crate) async fn settle(&self) -> Result<(), Behind> {
        self.wait_for(self.written.load(Ordering::Acquire).max(1)).await
    }

    /// Ends all watches, those to come too. Reads go on while the feed does.
    pub(crate) fn close(&self) {
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        self.closed.store(true, Ordering::Release);
        watchers.clear();
    }

    /// Lets the feed learn how far the store is, so that an idle kind does not seem old.
    pub(crate) fn refresh(&self) {
        self.nudge.notify_one();
    }

    /// Waits for the first fill, and for what was there when it started.
    pub(crate) async fn filled(&self) -> Result<(), Behind> {
        self.reach(1).await?;
        self.reach(self.newest_at_start.load(Ordering::Acquire)).await
    }

    /// The object under a local key, as of now or a little before.
    pub(crate) fn get(&self, key: &str) -> Option<Arc<Object>> {
        self.state().objects.get(key).cloned()
    }

    /// All objects as of now or a little before.
    pub(crate) fn snapshot(&self) -> (u64, Snapshot) {
        let state = self.state();
        (state.revision, state.objects.clone())
    }
}

impl fmt::Debug for WatchCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WatchCache").field("revision", &self.revision()).finish_non_exhaustive()
    }
}
