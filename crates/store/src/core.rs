//! What the in-process engines share: the state, how a transaction is judged and applied, what is visible.
//!
//! A transaction is applied to the index as soon as it is judged, so that the next one is judged against it;
//! it becomes visible to reads and watches when the engine publishes its revision, which it does in order
//! and never before the write is as durable as its class promises.
//!
//! Locks are taken in the order hub, state; neither is held while waiting for a disk or another task.

use std::collections::VecDeque;
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, RwLock};

use bytes::Bytes;

use crate::api::{
    Compare, KeyValue, LeaseId, Range, RangeResult, Revision, StoreError, Txn, WatchRequest, Write,
};
use crate::index::{Change, Index, NO_LEASE};
use crate::lease::Leases;
use crate::sync::{lock, read, write};
use crate::txn::{LEASE_DELETES_MAX, compare_key};
use crate::watch::{Group, History, Hub, ITEM_EVENTS_MAX, Past, Published, Source, Watcher};

/// A read looks at so many keys before it lets writers in between.
const SCAN_STEP: usize = 1024;
/// So many changes of history are looked at before others get their turn.
const HISTORY_STEP: usize = 2048;
/// Compaction looks at so many changes before it lets others in between.
const COMPACT_STEP: usize = 512;

/// Revisions that were possibly handed out and lost: those strictly between the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) after: Revision,
    pub(crate) until: Revision,
}

/// Everything, visible or not.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) index: Index,
    pub(crate) leases: Leases,
    /// The newest revision that was made.
    pub(crate) head: Revision,
    /// What the next transaction gets: `head.next()` but after an unclean stop.
    pub(crate) next: Revision,
    /// History below is gone.
    pub(crate) oldest: Revision,
    /// Ascending; only those that reach above `oldest`.
    pub(crate) gaps: Vec<Gap>,
    /// Hidden history above this must not be forgotten yet: a checkpoint up to it is being written.
    pub(crate) trim_limit: Option<Revision>,
    unpublished: VecDeque<Arc<Published>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            index: Index::default(),
            leases: Leases::default(),
            head: Revision::FIRST,
            next: Revision::FIRST.next(),
            oldest: Revision::FIRST,
            gaps: Vec::new(),
            trim_limit: None,
            unpublished: VecDeque::new(),
        }
    }
}

/// How a transaction was judged.
#[derive(Debug)]
pub(crate) enum Judged {
    /// Applied at this new revision.
    New(Revision),
    /// Nothing to do; the newest revision, perhaps not yet visible.
    Unchanged(Revision),
    /// A condition failed, seen at the newest revision.
    Conflict(Vec<Option<KeyValue>>),
}

impl State {
    fn judge(&mut self, txn: &Txn) -> Result<Judged, StoreError> {
        let holds = |compare: &Compare| {
            let Compare::ModRevision { key, expected } = compare;
            self.index.newest(key).map(|version| version.mod_revision) == *expected
        };
        if !txn.compares.iter().all(holds) {
            let value = |compare| self.index.newest_key_value(compare_key(compare));
            return Ok(Judged::Conflict(txn.compares.iter().map(value).collect()));
        }
        for entry in &txn.writes {
            if let Write::Put { lease: Some(lease), .. } = entry
                && !self.leases.is_usable(*lease)
            {
                return Err(StoreError::LeaseNotFound(*lease));
            }
        }
        let revision = self.next;
        if self.apply(revision, &txn.writes) {
            Ok(Judged::New(revision))
        } else {
            Ok(Judged::Unchanged(self.head))
        }
    }

    /// Does the writes at `revision`; false when they changed nothing, and then no revision is made.
    pub(crate) fn apply(&mut self, revision: Revision, writes: &[Write]) -> bool {
        let mut events = Vec::with_capacity(writes.len());
        let mut keys = Vec::with_capacity(writes.len());
        for entry in writes {
            let (key, new_lease, done) = match entry {
                Write::Put { key, value, lease } => {
                    let lease = lease.unwrap_or(NO_LEASE);
                    (key, lease, Some(self.index.put(key, value.clone(), lease, revision)))
                }
                Write::Delete { key } => (key, NO_LEASE, self.index.delete(key, revision)),
            };
            if let Some((event, old_lease)) = done {
                self.leases.reattach(key, old_lease, new_lease);
                keys.push(key.clone());
                events.push(event);
            }
        }
        if events.is_empty() {
            return false;
        }
        self.index.record(Change::new(revision, keys));
        self.unpublished.push_back(Arc::new(Published { revision, events }));
        self.head = revision;
        self.next = revision.next();
        true
    }

    /// Forgets what was applied without being meant for watches: the log as it is read at open.
    pub(crate) fn drop_unpublished(&mut self) {
        self.unpublished.clear();
    }

    /// Can this revision be read, given what is visible?
    fn check_revision(&self, requested: Revision, visible: Revision) -> Result<(), StoreError> {
        if requested < self.oldest {
            return Err(StoreError::Compacted { requested, oldest: self.oldest });
        }
        let in_gap = |gap: &Gap| gap.after < requested && requested < gap.until;
        if requested > visible || self.gaps.iter().any(in_gap) {
            return Err(StoreError::Future { requested, newest: visible });
        }
        Ok(())
    }

    /// Moves the oldest readable revision up; what it hides is forgotten by
    /// [`Core::trim_step`].
    pub(crate) fn set_oldest(&mut self, oldest: Revision) {
        self.oldest = self.oldest.max(oldest);
        let oldest = self.oldest;
        self.gaps.retain(|gap| gap.until > oldest);
    }
}

/// See the module's head.
#[derive(Debug)]
pub(crate) struct Core {
    state: RwLock<State>,
    hub: Mutex<Hub>,
    /// What reads see.
    visible: AtomicU64,
    /// What the rings of all watches have been given.
    published: AtomicU64,
    closed: AtomicBool,
}

impl Core {
    /// All of `state` is visible.
    pub(crate) fn new(mut state: State) -> Arc<Self> {
        state.drop_unpublished();
        let visible = state.head.get();
        Arc::new(Self {
            state: RwLock::new(state),
            hub: Mutex::new(Hub::default()),
            visible: AtomicU64::new(visible),
            published: AtomicU64::new(visible),
            closed: AtomicBool::new(false),
        })
    }

    pub(crate) fn visible(&self) -> Revision {
        Revision::new(self.visible.load(Ordering::Acquire)).expect("revisions start at 1")
    }

    pub(crate) fn published(&self) -> Revision {
        Revision::new(self.published.load(Ordering::Acquire)).expect("revisions start at 1")
    }

    pub(crate) fn oldest(&self) -> Revision {
        read(&self.state).oldest
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(crate) fn hub(&self) -> MutexGuard<'_, Hub> {
        lock(&self.hub)
    }

    pub(crate) fn with_state<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut write(&self.state))
    }

    pub(crate) fn read_state<T>(&self, work: impl FnOnce(&State) -> T) -> T {
        work(&read(&self.state))
    }

    /// Judges a (checked) transaction and applies it; it is not visible yet.
    pub(crate) fn judge(&self, txn: &Txn) -> Result<Judged, StoreError> {
        write(&self.state).judge(txn)
    }

    /// Makes everything up to `up_to` visible, in order, also to watches.
    pub(crate) fn publish(&self, up_to: Revision) {
        let hub = lock(&self.hub);
        let changes: Vec<_> = {
            let mut state = write(&self.state);
            let count = state.unpublished.partition_point(|change| change.revision <= up_to);
            state.unpublished.drain(..count).collect()
        };
        let Some(last) = changes.last() else { return };
        // First to reads: who has seen an event can read its revision.
        self.visible.store(last.revision.get(), Ordering::Release);
        for change in &changes {
            hub.publish(change);
        }
        self.published.store(last.revision.get(), Ordering::Release);
    }

    /// Reads a range; never waits for anything but the locks.
    pub(crate) fn range(&self, range: &Range) -> Result<RangeResult, StoreError> {
        if self.is_closed() {
            return Err(StoreError::Closed);
        }
        // A read of the newest revision may be overtaken by compaction; the second try holds the lock.
        match self.range_in_steps(range, SCAN_STEP) {
            Err(StoreError::Compacted { .. }) if range.at.is_none() => self.range_in_steps(range, usize::MAX),
            result => result,
        }
    }

    fn range_in_steps(&self, range: &Range, steps: usize) -> Result<RangeResult, StoreError> {
        let mut state = read(&self.state);
        let revision = self.visible();
        let at = range.at.unwrap_or(revision);
        state.check_revision(at, revision)?;
        let mut result = RangeResult { entries: Vec::new(), revision, count: 0 };
        let Some(end) = &range.end else {
            result.entries.extend(state.index.get_at(&range.start, at));
            result.count = result.entries.len();
            return Ok(result);
        };
        let limit = if range.limit == 0 { usize::MAX } else { range.limit };
        let mut resume: Option<Bytes> = None;
        loop {
            let from = match &resume {
                None => Bound::Included(&range.start[..]),
                Some(key) => Bound::Excluded(&key[..]),
            };
            resume = state.index.scan(from, end, at, steps, |key, version| {
                if result.count < limit {
                    result.entries.extend(version.key_value(key));
                }
                result.count += 1;
            });
            if resume.is_none() {
                return Ok(result);
            }
            drop(state);
            state = read(&self.state);
            if at < state.oldest {
                return Err(StoreError::Compacted { requested: at, oldest: state.oldest });
            }
        }
    }

    /// Visits the changes in `(after, up_to]`, at most `steps` or until `visit` has enough; returns the
    /// revision up to which all have been visited.
    pub(crate) fn read_changes(
        &self,
        after: Revision,
        up_to: Revision,
        steps: usize,
        mut visit: impl FnMut(&Index, &Change) -> bool,
    ) -> Result<Revision, StoreError> {
        let state = read(&self.state);
        if after < state.oldest {
            return Err(StoreError::Compacted { requested: after, oldest: state.oldest });
        }
        let mut cursor = after;
        for (step, change) in state.index.changes_after(after).enumerate() {
            if change.revision > up_to {
                break;
            }
            if step == steps {
                return Ok(cursor);
            }
            cursor = change.revision;
            if !visit(&state.index, change) {
                return Ok(cursor);
            }
        }
        Ok(cursor.max(up_to))
    }

    pub(crate) fn watch(self: &Arc<Self>, request: &WatchRequest) -> Result<Watcher<Self>, StoreError> {
        let hub = lock(&self.hub);
        let published = self.published();
        read(&self.state).check_revision(request.after, published)?;
        Watcher::start(self, hub, request, published)
    }

    /// May history below `revision` be forgotten? `Ok(false)`: it already is.
    pub(crate) fn check_compact(&self, revision: Revision) -> Result<bool, StoreError> {
        if self.is_closed() {
            return Err(StoreError::Closed);
        }
        let state = read(&self.state);
        state.check_revision(revision, self.visible())?;
        Ok(revision > state.oldest)
    }

    /// Hides history below `revision`; [`Core::trim_step`] then forgets it.
    pub(crate) fn hide_below(&self, revision: Revision) {
        write(&self.state).set_oldest(revision);
        lock(&self.hub).compact(revision);
    }

    /// Forgets a part of the hidden history, true when none is left (or none that may go at present). Call
    /// until it is true, letting others in between.
    pub(crate) fn trim_step(&self) -> bool {
        let mut state = write(&self.state);
        let oldest = state.trim_limit.map_or(state.oldest, |limit| limit.min(state.oldest));
        state.index.compact(oldest, COMPACT_STEP)
    }

    /// Refuses everything from now on; watches end after what they have.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
        lock(&self.hub).close();
    }

    /// Makes a lease unusable and deletes some of its keys at one revision, which is not visible yet; `None`
    /// when no key was left, and then the lease is gone.
    pub(crate) fn end_lease_step(&self, id: LeaseId) -> Result<Option<(Revision, Vec<Write>)>, StoreError> {
        let mut state = write(&self.state);
        let keys = state.leases.begin_end(id, LEASE_DELETES_MAX)?;
        if keys.is_empty() {
            state.leases.end(id);
            return Ok(None);
        }
        let deletes: Vec<Write> = keys.into_iter().map(|key| Write::Delete { key }).collect();
        let revision = state.next;
        assert!(state.apply(revision, &deletes), "a lease's keys exist");
        Ok(Some((revision, deletes)))
    }
}

impl Core {
    fn past(&self, group: &Group, after: Revision, up_to: Revision) -> Past {
        let mut events = Vec::new();
        let cursor = self.read_changes(after, up_to, HISTORY_STEP, |index, change| {
            for key in change.keys().iter().filter(|key| group.holds(key)) {
                events.push(index.event(key, change.revision));
            }
            events.len() < ITEM_EVENTS_MAX
        })?;
        Ok((events, cursor))
    }
}

impl Source for Core {
    fn published(&self) -> Revision {
        Core::published(self)
    }

    fn due(&self) -> Revision {
        Core::published(self)
    }

    fn hub(&self) -> MutexGuard<'_, Hub> {
        Core::hub(self)
    }

    fn is_closed(&self) -> bool {
        Core::is_closed(self)
    }

    fn history(self: &Arc<Self>, group: &Arc<Group>, after: Revision, up_to: Revision) -> History {
        History::Read(self.past(group, after, up_to))
    }
}
