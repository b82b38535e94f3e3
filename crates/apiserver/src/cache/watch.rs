//! WATCH from the cache: each watcher has a bounded queue of shared events.
//!
//! An event goes only to watchers that could select it: those without a trigger, and those whose trigger the object
//! has or had. A watcher whose queue is full is dropped: its stream ends, and the client watches again.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use mizzen_client::EventKind;
use mizzen_clock::Map;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::history::Event;
use super::selection::trigger_of;
use super::snapshot::Snapshot;
use super::{Selection, WatchCache};
use crate::layout::Layout;
use crate::object::Object;

/// Initial objects looked through at a time.
const INITIAL_BATCH: usize = 256;

/// Where a watch starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// With all that is selected now, as if just added; `mark_end`: then a bookmark says so.
    State { mark_end: bool },
    /// With the events after a revision.
    After(u64),
}

/// Why a watch did not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WatchError {
    #[error("too old resource version: {requested} ({oldest})")]
    Expired { requested: u64, oldest: u64 },
}

/// One thing that a watcher is told.
#[derive(Debug)]
pub(crate) enum Change {
    /// A change, as this watcher sees it.
    Event(EventKind, Arc<Event>),
    /// An object that was there when the watch started.
    Initial(Arc<Object>),
    /// All up to this revision has been told; `initial_end`: the initial objects too.
    Bookmark { revision: u64, initial_end: bool },
}

/// The registered watchers of a kind.
#[derive(Default)]
pub(super) struct Watchers {
    next_id: u64,
    by_trigger: Map<Box<str>, Vec<Watcher>>,
    others: Vec<Watcher>,
}

struct Watcher {
    id: u64,
    selection: Arc<Selection>,
    /// Events up to here are not for it.
    after: u64,
    queue: mpsc::Sender<(EventKind, Arc<Event>)>,
}

impl Watcher {
    /// Queues the event if it concerns the watcher; false: the watcher is to be dropped.
    fn tell(&self, event: &Arc<Event>, layout: &Layout) -> bool {
        if event.revision <= self.after {
            return true;
        }
        let Some(kind) = seen_as(event, &self.selection, layout) else { return true };
        self.queue.try_send((kind, event.clone())).is_ok()
    }
}

/// What an event is to those who see only the selection.
fn seen_as(event: &Event, selection: &Selection, layout: &Layout) -> Option<EventKind> {
    let before = event.previous.as_ref().is_some_and(|previous| selection.matches(previous, layout));
    let after = !event.deleted && selection.matches(&event.object, layout);
    match (before, after) {
        (false, true) => Some(EventKind::Added),
        (true, true) => Some(EventKind::Modified),
        (true, false) => Some(EventKind::Deleted),
        (false, false) => None,
    }
}

impl Watchers {
    pub(super) fn len(&self) -> usize {
        self.others.len() + self.by_trigger.values().map(Vec::len).sum::<usize>()
    }

    fn add(&mut self, mut watcher: Watcher) -> u64 {
        self.next_id += 1;
        watcher.id = self.next_id;
        let list = match watcher.selection.trigger.clone() {
            Some(value) => self.by_trigger.entry(value).or_default(),
            None => &mut self.others,
        };
        list.push(watcher);
        self.next_id
    }

    fn remove(&mut self, id: u64, trigger: Option<&str>) {
        let Some(value) = trigger else {
            self.others.retain(|watcher| watcher.id != id);
            return;
        };
        if let Some(list) = self.by_trigger.get_mut(value) {
            list.retain(|watcher| watcher.id != id);
            if list.is_empty() {
                self.by_trigger.remove(value);
            }
        }
    }

    /// Ends all watches.
    pub(super) fn clear(&mut self) {
        self.by_trigger.clear();
        self.others.clear();
    }

    /// Queues an event for everyone whom it concerns.
    pub(super) fn dispatch(&mut self, event: &Arc<Event>, layout: &Layout) {
        self.others.retain(|watcher| watcher.tell(event, layout));
        if self.by_trigger.is_empty() {
            return;
        }
        let now = trigger_of(&event.object, layout);
        let before = event.previous.as_ref().and_then(|previous| trigger_of(previous, layout));
        if let Some(list) = now.as_deref().and_then(|value| self.by_trigger.get_mut(value)) {
            list.retain(|watcher| watcher.tell(event, layout));
        }
        if before != now
            && let Some(list) = before.as_deref().and_then(|value| self.by_trigger.get_mut(value))
        {
            list.retain(|watcher| watcher.tell(event, layout));
        }
    }
}

/// A running watch; dropping it ends it.
pub(crate) struct Watching {
    cache: Arc<WatchCache>,
    id: u64,
    selection: Arc<Selection>,
    queue: mpsc::Receiver<(EventKind, Arc<Event>)>,
    /// Told before anything from the queue.
    backlog: VecDeque<Change>,
    initial: Option<Initial>,
    /// When to end.
    deadline: Instant,
    /// When the next bookmark is due; `None`: the client wants none.
    bookmark: Option<Instant>,
    /// The last one was told, or the watch is too short for it.
    last_bookmark: bool,
}

/// Objects that were there at the start and are still to be told.
struct Initial {
    objects: Snapshot,
    after: String,
    revision: u64,
    mark_end: bool,
}

/// How often bookmarks come.
const BOOKMARK_EVERY: Duration = Duration::from_secs(60);
/// How long before its end a watch gets a last one.
const BOOKMARK_BEFORE_END: Duration = Duration::from_secs(2);

impl WatchCache {
    /// Starts a watch that ends after `timeout`.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    pub(crate) fn watch(
        self: &Arc<Self>,
        selection: Selection,
        start: Start,
        timeout: Duration,
        bookmarks: bool,
    ) -> Result<Watching, WatchError> {
        let selection = Arc::new(selection);
        let (queue, inbox) = mpsc::channel(self.limits.watcher_lag_max);
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        let (after, backlog, initial) = {
            let state = self.state();
            match start {
                Start::State { mark_end } => {
                    let objects = state.objects.clone();
                    let revision = state.revision;
                    let initial = Initial { objects, after: String::new(), revision, mark_end };
                    (revision, VecDeque::new(), Some(initial))
                }
                Start::After(requested) => {
                    let oldest = state.history.after().max(self.horizon.get());
                    if requested < oldest {
                        return Err(WatchError::Expired { requested, oldest });
                    }
                    let seen = |event: &Arc<Event>| {
                        seen_as(event, &selection, &self.layout)
                            .map(|kind| Change::Event(kind, event.clone()))
                    };
                    let backlog = state.history.since(requested).filter_map(seen).collect();
                    (requested.max(state.revision), backlog, None)
                }
            }
        };
        let watcher = Watcher { id: 0, selection: selection.clone(), after, queue };
        // Of a kind that has been replaced, what was asked for is told, and the watch ends.
        let id = if self.closed.load(Ordering::Acquire) { 0 } else { watchers.add(watcher) };
        drop(watchers);
        let now = Instant::now();
        Ok(Watching {
            cache: self.clone(),
            id,
            selection,
            queue: inbox,
            backlog,
            initial,
            deadline: now + timeout,
            bookmark: bookmarks.then_some(now + BOOKMARK_EVERY),
            last_bookmark: timeout <= BOOKMARK_BEFORE_END,
        })
    }
}

impl Watching {
    /// The next thing to tell; `None`: the watch has ended. Safe to cancel.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    pub(crate) async fn next(&mut self) -> Option<Change> {
        loop {
            if let Some(change) = self.backlog.pop_front() {
                return Some(change);
            }
            if self.initial.is_some() {
                self.more_initial();
                continue;
            }
            let before_end = self.deadline - BOOKMARK_BEFORE_END;
            let due = match self.bookmark {
                Some(_) if self.last_bookmark => None,
                Some(due) => Some(due.min(before_end)),
                None => None,
            };
            tokio::select! {
                biased;
                event = self.queue.recv() => {
                    let (kind, event) = event?;
                    return Some(Change::Event(kind, event));
                }
                () = tokio::time::sleep_until(self.deadline) => return None,
                () = tokio::time::sleep_until(due.unwrap_or(self.deadline)), if due.is_some() => {
                    let now = Instant::now();
                    self.last_bookmark = now >= before_end;
                    self.bookmark = Some(now + BOOKMARK_EVERY);
                    self.queue_bookmark().await;
                }
            }
        }
    }

    /// Learns how far the cache is, and queues what came up to there before the bookmark that says so.
    async fn queue_bookmark(&mut self) {
        // Not catching up only means that the bookmark is a little old.
        if let Err(behind) = self.cache.catch_up().await {
            tracing::debug!(wanted = behind.wanted, current = behind.current, "A bookmark is late.");
        }
        let revision = self.cache.revision();
        while let Ok((kind, event)) = self.queue.try_recv() {
            self.backlog.push_back(Change::Event(kind, event));
        }
        // Of events that came after the revision was read, some may already be in the backlog: they must not be
        // told before a bookmark that is older than they are.
        let newest = self.backlog.iter().map(|change| match change {
            Change::Event(_, event) => event.revision,
            _ => 0,
        });
        let revision = newest.max().unwrap_or(0).max(revision);
        self.backlog.push_back(Change::Bookmark { revision, initial_end: false });
    }

    fn more_initial(&mut self) {
        let Some(initial) = &mut self.initial else { return };
        let layout = &self.cache.layout;
        let mut seen = 0;
        let mut last = None;
        for (key, object) in
            self.cache.candidates(&initial.objects, &self.selection, &initial.after).take(INITIAL_BATCH)
        {
            seen += 1;
            last = Some(key.to_string());
            if self.selection.matches(object, layout) {
                self.backlog.push_back(Change::Initial(object.clone()));
            }
        }
        match last {
            Some(last) if seen == INITIAL_BATCH => initial.after = last,
            _ => {
                if initial.mark_end {
                    let revision = initial.revision;
                    self.backlog.push_back(Change::Bookmark { revision, initial_end: true });
                }
                self.initial = None;
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let mut watchers = self.cache.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.remove(self.id, self.selection.trigger.as_deref());
    }
}
