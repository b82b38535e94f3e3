//! Watches: one bounded ring of recent changes for each watched range, and history for whoever falls behind.
//!
//! Watchers of the same range share a ring, and a watcher is but a position. Publishing a change costs a
//! look at each distinct range, however many watchers there are; a watcher that reads too slowly costs
//! nothing: once the ring has dropped what it needs it reads the index's history, and once that is compacted
//! away it ends with [`StoreError::Compacted`].

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::Notify;

use crate::api::{Event, Revision, StoreError, Watch, WatchItem, WatchRequest};
use crate::core::Core;
use crate::sync::lock;

/// A ring keeps at most so many changes,
const RING_CHANGES_MAX: usize = 1024;
/// and about so many bytes of values.
const RING_BYTES_MAX: usize = 4 << 20;
/// An item holds about so many events; a revision is never split.
const ITEM_EVENTS_MAX: usize = 512;
/// So many changes of history are looked at before others get their turn.
const SCAN_STEP: usize = 2048;

/// What one revision changed, as events in the order of its writes.
#[derive(Debug)]
pub(crate) struct Published {
    pub(crate) revision: Revision,
    pub(crate) events: Vec<Event>,
}

impl Published {
    fn bytes(&self) -> usize {
        let value = |kv: &Option<crate::api::KeyValue>| kv.as_ref().map_or(0, |kv| kv.value.len());
        self.events.iter().map(|event| value(&event.current) + value(&event.previous)).sum()
    }
}

/// The key that an event is about.
pub(crate) fn event_key(event: &Event) -> &Bytes {
    let change = event.current.as_ref().or(event.previous.as_ref());
    &change.expect("an event has a current or a previous value").key
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

#[derive(Debug)]
struct Group {
    start: Bytes,
    end: Bytes,
    ring: Mutex<Ring>,
    changed: Notify,
}

impl Group {
    fn holds(&self, key: &[u8]) -> bool {
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
            if change.events.iter().any(|event| group.holds(event_key(event))) {
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

/// A position in the events of one range.
#[derive(Debug)]
pub(crate) struct Watcher {
    core: Arc<Core>,
    group: Arc<Group>,
    /// Everything up to here has been delivered.
    cursor: Revision,
    /// Progress was asked for when this was the newest revision.
    progress_due: Option<Revision>,
}

/// What a look at ring or history gave.
enum Step {
    Item(WatchItem),
    /// Nothing of interest yet, but there is more history to look at.
    Again,
    Wait,
}

impl Watcher {
    /// Starts a watch; the hub's lock is held, so that no change is missed or doubled.
    pub(crate) fn start(
        core: &Arc<Core>,
        mut hub: MutexGuard<'_, Hub>,
        request: &WatchRequest,
        newest: Revision,
    ) -> Result<Self, StoreError> {
        if hub.closed {
            return Err(StoreError::Closed);
        }
        let group = hub.join(request, newest);
        Ok(Self { core: core.clone(), group, cursor: request.after, progress_due: None })
    }

    fn step(&mut self) -> Result<Step, StoreError> {
        if let Some(due) = self.progress_due
            && due <= self.cursor
        {
            self.progress_due = None;
            return Ok(Step::Item(WatchItem::Progress(self.cursor)));
        }
        // Read before the ring: all changes up to it are in the ring by then.
        let published = self.core.published();
        let ring = lock(&self.group.ring);
        if self.cursor < ring.floor {
            drop(ring);
            return self.step_history(published);
        }
        let first = ring.changes.partition_point(|change| change.revision <= self.cursor);
        let mut events = Vec::new();
        for change in ring.changes.range(first..) {
            if events.len() >= ITEM_EVENTS_MAX {
                break;
            }
            events.extend(change.events.iter().filter(|event| self.group.holds(event_key(event))).cloned());
            self.cursor = change.revision;
        }
        if !events.is_empty() {
            return Ok(Step::Item(WatchItem::Events(events)));
        }
        self.cursor = self.cursor.max(published);
        if self.progress_due.is_some() {
            return Ok(Step::Again);
        }
        if ring.closed { Err(StoreError::Closed) } else { Ok(Step::Wait) }
    }

    fn step_history(&mut self, published: Revision) -> Result<Step, StoreError> {
        let mut events = Vec::new();
        let group = &self.group;
        self.cursor = self.core.read_changes(self.cursor, published, SCAN_STEP, |index, change| {
            for key in change.keys().iter().filter(|key| group.holds(key)) {
                events.push(index.event(key, change.revision));
            }
            events.len() < ITEM_EVENTS_MAX
        })?;
        Ok(if events.is_empty() { Step::Again } else { Step::Item(WatchItem::Events(events)) })
    }
}

#[async_trait]
impl Watch for Watcher {
    async fn next(&mut self) -> Result<WatchItem, StoreError> {
        let group = self.group.clone();
        loop {
            let changed = group.changed.notified();
            let mut changed = std::pin::pin!(changed);
            changed.as_mut().enable();
            match self.step()? {
                Step::Item(item) => return Ok(item),
                Step::Again => tokio::task::yield_now().await,
                Step::Wait => changed.await,
            }
        }
    }

    async fn request_progress(&mut self) -> Result<(), StoreError> {
        if self.core.is_closed() {
            return Err(StoreError::Closed);
        }
        let due = self.core.published();
        // An earlier request that is still open is answered by the later one's progress at the latest.
        self.progress_due.get_or_insert(due);
        Ok(())
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.core.hub().leave(&self.group);
    }
}
