//! Watches: one bounded ring of recent changes for each watched range, and history for whoever falls behind.
//!
//! Watchers of the same range share a ring, and a watcher is but a position. Publishing a change costs a
//! look at each distinct range, however many watchers there are; a watcher that reads too slowly costs
//! nothing: once the ring has dropped what it needs it reads the index's history, and once that is compacted
//! away it ends with [`StoreError::Compacted`]. What feeds the rings and reads history is a [`Source`].

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::Notify;

use crate::api::{Event, Revision, StoreError, Watch, WatchItem, WatchRequest};
use crate::sync::lock;

/// A ring keeps at most so many changes,
const RING_CHANGES_MAX: usize = 1024;
/// and about so many bytes of values.
const RING_BYTES_MAX: usize = 4 << 20;
/// An item holds about so many events; a revision is never split.
pub(crate) const ITEM_EVENTS_MAX: usize = 512;

/// What one revision changed, as events in the order of its writes.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) revision: Revision,
    pub(crate) events: Vec<Event>,
}

impl Published {
    pub(crate) fn bytes(&self) -> usize {
        let value = |kv: &Option<crate::api::KeyValue>| kv.as_ref().map_or(0, |kv| kv.value.len());
        self.events.iter().map(|event| value(&event.current) + value(&event.previous)).sum()
    }
}

/// The recent changes in one range: every one above `floor`.
#[derive(Debug)]
struct Ring {
    floor: Revision,
    changes: VecDeque<Arc<Published>>,
    bytes: usize,
    closed: bool,
}

impl Ring {
    fn push(&mut self, change: Arc<Published>) {
        self.bytes += change.bytes();
        self.changes.push_back(change);
        while self.changes.len() > RING_CHANGES_MAX || (self.bytes > RING_BYTES_MAX && self.changes.len() > 1)
        {
            self.pop();
        }
    }

    fn pop(&mut self) {
        if let Some(change) = self.changes.pop_front() {
            self.bytes -= change.bytes();
            self.floor = change.revision;
        }
    }
}

/// One watched range.
#[derive(Debug)]
pub(crate) struct Group {
    start: Bytes,
    end: Bytes,
    ring: Mutex<Ring>,
    changed: Notify,
    /// Somebody waits for a revision that may change nothing here.
    awaits_progress: AtomicBool,
}

impl Group {
    /// Whether a key is in the range.
    pub(crate) fn holds(&self, key: &[u8]) -> bool {
        self.start[..] <= *key && *key < self.end[..]
    }
}

/// All watched ranges, with the number of their watchers.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    groups: BTreeMap<(Bytes, Bytes), (usize, Arc<Group>)>,
    closed: bool,
}

impl Hub {
    /// Hands a change to the rings that it concerns. Changes come in order; the hub's lock is held.
    pub(crate) fn publish(&self, change: &Arc<Published>) {
        for (_, group) in self.groups.values() {
            if change.events.iter().any(|event| group.holds(&event.key)) {
                lock(&group.ring).push(change.clone());
                group.changed.notify_waiters();
            }
        }
    }

    /// Lets go of changes that history has let go of as well.
    pub(crate) fn compact(&self, oldest: Revision) {
        for (_, group) in self.groups.values() {
            let mut ring = lock(&group.ring);
            while ring.changes.front().is_some_and(|change| change.revision <= oldest) {
                ring.pop();
            }
        }
    }

    /// Wakes those who wait for progress; call when what was published is known to [`Source::published`].
    pub(crate) fn wake_for_progress(&self) {
        for (_, group) in self.groups.values() {
            if group.awaits_progress.swap(false, Ordering::SeqCst) {
                group.changed.notify_waiters();
            }
        }
    }

    /// Some changes up to `floor` are lost to the rings: who has not delivered them looks into history.
    pub(crate) fn skip_to(&self, floor: Revision) {
        for (_, group) in self.groups.values() {
            let mut ring = lock(&group.ring);
            ring.changes.clear();
            ring.bytes = 0;
            ring.floor = floor;
            drop(ring);
            group.changed.notify_waiters();
        }
    }

    /// Ends all watches once they have delivered what is there.
    pub(crate) fn close(&mut self) {
        self.closed = true;
        for (_, group) in self.groups.values() {
            lock(&group.ring).closed = true;
            group.changed.notify_waiters();
        }
    }

    fn join(&mut self, request: &WatchRequest, floor: Revision) -> Arc<Group> {
        let range = (request.start.clone(), request.end.clone());
        let (watchers, group) = self.groups.entry(range).or_insert_with(|| {
            let ring = Ring { floor, changes: VecDeque::new(), bytes: 0, closed: false };
            let group = Group {
                start: request.start.clone(),
                end: request.end.clone(),
                ring: Mutex::new(ring),
                changed: Notify::new(),
                awaits_progress: AtomicBool::new(false),
            };
            (0, Arc::new(group))
        });
        *watchers += 1;
        group.clone()
    }

    fn leave(&mut self, group: &Group) {
        let range = (group.start.clone(), group.end.clone());
        if let Some((watchers, _)) = self.groups.get_mut(&range) {
            *watchers -= 1;
            if *watchers == 0 {
                self.groups.remove(&range);
            }
        }
    }
}

/// Events of one range, and the revision up to which they are all that there are.
pub(crate) type Past = Result<(Vec<Event>, Revision), StoreError>;

/// A read of history.
pub(crate) enum History {
    /// Done.
    Read(Past),
    /// Under way; it is waited for to its end, whatever its reader is told meanwhile.
    Reading(Pin<Box<dyn Future<Output = Past> + Send>>),
}

/// What feeds the rings, and knows the changes that they have dropped.
pub(crate) trait Source: Send + Sync + 'static {
    /// The revision up to which the rings have been given all changes.
    fn published(&self) -> Revision;

    /// What a progress that is asked for now has to reach.
    fn due(&self) -> Revision;

    /// All watched ranges.
    fn hub(&self) -> MutexGuard<'_, Hub>;

    /// Whether the store refuses.
    fn is_closed(&self) -> bool;

    /// Events of `group` after one revision, of whole revisions, not beyond `up_to` and about
    /// [`ITEM_EVENTS_MAX`] of them.
    fn history(self: &Arc<Self>, group: &Arc<Group>, after: Revision, up_to: Revision) -> History;
}

/// A position in the events of one range.
pub(crate) struct Watcher<S: Source> {
    source: Arc<S>,
    group: Arc<Group>,
    /// Everything up to here has been delivered.
    cursor: Revision,
    /// Progress was asked for when this was the newest revision.
    progress_due: Option<Revision>,
    reading: Option<Pin<Box<dyn Future<Output = Past> + Send>>>,
}

impl<S: Source> fmt::Debug for Watcher<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watcher").field("cursor", &self.cursor).finish_non_exhaustive()
    }
}

/// What a look at ring or history gave.
enum Step {
    Item(WatchItem),
    /// Nothing of interest yet, but there is more history to look at.
    Again,
    /// History is being read.
    Read,
    Wait,
}

impl<S: Source> Watcher<S> {
    /// Starts a watch; the hub's lock is held, so that no change is missed or doubled.
    pub(crate) fn start(
        source: &Arc<S>,
        mut hub: MutexGuard<'_, Hub>,
        request: &WatchRequest,
        newest: Revision,
    ) -> Result<Self, StoreError> {
        if hub.closed {
            return Err(StoreError::Closed);
        }
        let group = hub.join(request, newest);
        Ok(Self { source: source.clone(), group, cursor: request.after, progress_due: None, reading: None })
    }

    /// The progress that was asked for, if all before it has been delivered.
    fn progress(&mut self) -> Option<Step> {
        let due = self.progress_due?;
        if due > self.cursor {
            return None;
        }
        self.progress_due = None;
        Some(Step::Item(WatchItem::Progress(self.cursor)))
    }

    fn step(&mut self) -> Result<Step, StoreError> {
        if let Some(progress) = self.progress() {
            return Ok(progress);
        }
        if self.progress_due.is_some() {
            // Before `published` is read: what is published after that wakes this watch.
            self.group.awaits_progress.store(true, Ordering::SeqCst);
        }
        // Read before the ring: all changes up to it are in the ring by then.
        let published = self.source.published();
        let ring = lock(&self.group.ring);
        if self.cursor < ring.floor {
            let floor = ring.floor;
            drop(ring);
            return match self.source.history(&self.group, self.cursor, published.max(floor)) {
                History::Read(past) => self.take_past(past),
                History::Reading(reading) => {
                    self.reading = Some(reading);
                    Ok(Step::Read)
                }
            };
        }
        let first = ring.changes.partition_point(|change| change.revision <= self.cursor);
        let mut events = Vec::new();
        for change in ring.changes.range(first..) {
            if events.len() >= ITEM_EVENTS_MAX {
                break;
            }
            events.extend(change.events.iter().filter(|event| self.group.holds(&event.key)).cloned());
            self.cursor = change.revision;
        }
        if !events.is_empty() {
            return Ok(Step::Item(WatchItem::Events(events)));
        }
        self.cursor = self.cursor.max(published);
        let closed = ring.closed;
        drop(ring);
        match self.progress() {
            Some(progress) => Ok(progress),
            None if closed => Err(StoreError::Closed),
            None => Ok(Step::Wait),
        }
    }

    fn take_past(&mut self, past: Past) -> Result<Step, StoreError> {
        let (events, cursor) = past?;
        self.cursor = cursor;
        Ok(if events.is_empty() { Step::Again } else { Step::Item(WatchItem::Events(events)) })
    }
}

#[async_trait]
impl<S: Source> Watch for Watcher<S> {
    async fn next(&mut self) -> Result<WatchItem, StoreError> {
        let group = self.group.clone();
        loop {
            let changed = group.changed.notified();
            let mut changed = std::pin::pin!(changed);
            changed.as_mut().enable();
            let step = match &mut self.reading {
                Some(reading) => {
                    let past = reading.await;
                    self.reading = None;
                    self.take_past(past)?
                }
                None => self.step()?,
            };
            match step {
                Step::Item(item) => return Ok(item),
                Step::Again => tokio::task::yield_now().await,
                Step::Read => {}
                Step::Wait => changed.await,
            }
        }
    }

    async fn request_progress(&mut self) -> Result<(), StoreError> {
        if self.source.is_closed() {
            return Err(StoreError::Closed);
        }
        let due = self.source.due();
        // An earlier request that is still open is answered by the later one's progress at the latest.
        self.progress_due.get_or_insert(due);
        Ok(())
    }
}

impl<S: Source> Drop for Watcher<S> {
    fn drop(&mut self) {
        self.source.hub().leave(&self.group);
    }
}
