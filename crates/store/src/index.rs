//! The revisioned index: every key with its kept versions, and which keys each kept revision changed.
//!
//! A plain ordered map holds each key's versions in line. Because reads name a revision, versions newer than
//! it are simply not seen: a snapshot needs no copy and no persistent map, and writes that are not yet
//! durable can stand in the same map as those that are. Nothing here knows what is visible; callers do.

use std::collections::VecDeque;
use std::collections::btree_map::{BTreeMap, Entry};
use std::ops::Bound;

use bytes::Bytes;

use crate::api::{Event, KeyValue, LeaseId, Revision};

/// What a version costs beside its key and value (map entry, change entry), for the accounts.
const VERSION_OVERHEAD: u64 = 128;

/// Marks a version without a lease; leases are numbered from 1.
pub(crate) const NO_LEASE: LeaseId = LeaseId(0);

/// A key's state from one revision to its next change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) value: Bytes,
    pub(crate) mod_revision: Revision,
    pub(crate) create_revision: Revision,
    /// Counts from 1; 0 marks a deletion.
    pub(crate) version: u64,
    pub(crate) lease: LeaseId,
}

impl Version {
    pub(crate) fn is_deletion(&self) -> bool {
        self.version == 0
    }

    fn cost(&self, key: &Bytes) -> u64 {
        (key.len() + self.value.len()) as u64 + VERSION_OVERHEAD
    }

    /// `None` for a deletion.
    pub(crate) fn key_value(&self, key: &Bytes) -> Option<KeyValue> {
        (!self.is_deletion()).then(|| KeyValue {
            key: key.clone(),
            value: self.value.clone(),
            create_revision: self.create_revision,
            mod_revision: self.mod_revision,
            version: self.version,
        })
    }
}

/// One key's kept versions; `older` ascends and ends just before `newest`.
#[derive(Debug)]
struct History {
    newest: Version,
    older: Vec<Version>,
}

impl History {
    /// Adds a version above all others; gives the one before it, unless that is a deletion.
    fn supersede(&mut self, version: Version) -> Option<&Version> {
        assert!(self.newest.mod_revision < version.mod_revision, "a key's versions ascend");
        self.older.push(std::mem::replace(&mut self.newest, version));
        self.older.last().filter(|version| !version.is_deletion())
    }

    fn at(&self, revision: Revision) -> Option<&Version> {
        if self.newest.mod_revision <= revision {
            return Some(&self.newest);
        }
        let after = self.older.partition_point(|version| version.mod_revision <= revision);
        after.checked_sub(1).map(|last| &self.older[last])
    }

    fn before(&self, revision: Revision) -> Option<&Version> {
        if self.newest.mod_revision < revision {
            return Some(&self.newest);
        }
        let after = self.older.partition_point(|version| version.mod_revision < revision);
        after.checked_sub(1).map(|last| &self.older[last])
    }
}

/// The keys that one revision changed, in the order of its writes.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) revision: Revision,
    keys: Keys,
}

/// Nearly every transaction writes one key: no allocation for those.
#[derive(Clone, Debug)]
enum Keys {
    One(Bytes),
    Many(Box<[Bytes]>),
}

impl Change {
    pub(crate) fn new(revision: Revision, keys: Vec<Bytes>) -> Self {
        let keys = match <[Bytes; 1]>::try_from(keys) {
            Ok([key]) => Keys::One(key),
            Err(keys) => Keys::Many(keys.into_boxed_slice()),
        };
        Self { revision, keys }
    }

    pub(crate) fn keys(&self) -> &[Bytes] {
        match &self.keys {
            Keys::One(key) => std::slice::from_ref(key),
            Keys::Many(keys) => keys,
        }
    }
}

/// See the module's head.
#[derive(Debug, Default)]
pub(crate) struct Index {
    keys: BTreeMap<Bytes, History>,
    /// Ascending; every revision above the compacted one that changed something.
    changes: VecDeque<Change>,
    live_bytes: u64,
    history_bytes: u64,
}

impl Index {
    /// The key's newest version, if it is not a deletion.
    pub(crate) fn newest(&self, key: &[u8]) -> Option<&Version> {
        self.keys.get(key).map(|history| &history.newest).filter(|version| !version.is_deletion())
    }

    /// The key's newest version, a deletion too.
    pub(crate) fn newest_stored(&self, key: &[u8]) -> Option<&Version> {
        self.keys.get(key).map(|history| &history.newest)
    }

    /// Was the key changed at exactly this revision, and is that kept?
    pub(crate) fn has_version(&self, key: &[u8], revision: Revision) -> bool {
        let version = self.keys.get(key).and_then(|history| history.at(revision));
        version.is_some_and(|version| version.mod_revision == revision)
    }

    /// As [`Index::newest`], as it crosses the interface.
    pub(crate) fn newest_key_value(&self, key: &Bytes) -> Option<KeyValue> {
        self.newest(key).and_then(|version| version.key_value(key))
    }

    /// Writes a key at `revision`, which must be above all its versions; also gives the lease it had.
    pub(crate) fn put(
        &mut self,
        key: &Bytes,
        value: Bytes,
        lease: LeaseId,
        revision: Revision,
    ) -> (Event, LeaseId) {
        let mut version =
            Version { value, mod_revision: revision, create_revision: revision, version: 1, lease };
        self.live_bytes += version.cost(key);
        let mut occupied = match self.keys.entry(key.clone()) {
            Entry::Vacant(vacant) => {
                let current = version.key_value(key);
                vacant.insert(History { newest: version, older: Vec::new() });
                return (Event { key: key.clone(), revision, current, previous: None }, NO_LEASE);
            }
            Entry::Occupied(occupied) => occupied,
        };
        let history = occupied.get_mut();
        let (previous, old_lease) = (history.newest.key_value(key), history.newest.lease);
        if previous.is_some() {
            version.create_revision = history.newest.create_revision;
            version.version = history.newest.version + 1;
        }
        let current = version.key_value(key);
        let superseded = history.supersede(version);
        self.live_bytes -= superseded.map_or(0, |version| version.cost(key));
        self.history_bytes += superseded.map_or(0, |version| version.cost(key));
        (Event { key: key.clone(), revision, current, previous }, old_lease)
    }

    /// Deletes a key at `revision`; `None` when it does not exist. Also gives the lease it had.
    pub(crate) fn delete(&mut self, key: &Bytes, revision: Revision) -> Option<(Event, LeaseId)> {
        let history = self.keys.get_mut(key)?;
        let (previous, old_lease) = (history.newest.key_value(key)?, history.newest.lease);
        let deletion = Version {
            value: Bytes::new(),
            mod_revision: revision,
            create_revision: revision,
            version: 0,
            lease: NO_LEASE,
        };
        let cost = deletion.cost(key);
        let superseded = history.supersede(deletion).map_or(0, |version| version.cost(key));
        self.live_bytes -= superseded;
        self.history_bytes += superseded + cost;
        Some((Event { key: key.clone(), revision, current: None, previous: Some(previous) }, old_lease))
    }

    /// Adds a version above all that the key has.
    pub(crate) fn push(&mut self, key: &Bytes, version: Version) {
        let cost = version.cost(key);
        *if version.is_deletion() { &mut self.history_bytes } else { &mut self.live_bytes } += cost;
        let Some(history) = self.keys.get_mut(key) else {
            self.keys.insert(key.clone(), History { newest: version, older: Vec::new() });
            return;
        };
        let superseded = history.supersede(version).map_or(0, |version| version.cost(key));
        self.live_bytes -= superseded;
        self.history_bytes += superseded;
    }

    /// Notes which keys a revision changed; revisions ascend.
    pub(crate) fn record(&mut self, change: Change) {
        assert!(
            self.changes.back().is_none_or(|last| last.revision < change.revision),
            "revisions of changes ascend"
        );
        self.changes.push_back(change);
    }

    /// Visits the existing keys of a range at a revision, at most `steps` stored keys; returns the key to go
    /// on behind when there may be more.
    pub(crate) fn scan(
        &self,
        from: Bound<&[u8]>,
        end: &[u8],
        at: Revision,
        steps: usize,
        mut visit: impl FnMut(&Bytes, &Version),
    ) -> Option<Bytes> {
        let (Bound::Included(start) | Bound::Excluded(start)) = from else { return None };
        if start >= end {
            return None;
        }
        let mut keys = self.keys.range::<[u8], _>((from, Bound::Excluded(end)));
        let mut last = None;
        for _ in 0..steps {
            let (key, history) = keys.next()?;
            if let Some(version) = history.at(at).filter(|version| !version.is_deletion()) {
                visit(key, version);
            }
            last = Some(key);
        }
        keys.next().and(last).cloned()
    }

    /// A key's value at a revision.
    pub(crate) fn get_at(&self, key: &Bytes, at: Revision) -> Option<KeyValue> {
        self.keys.get(key)?.at(at)?.key_value(key)
    }

    /// Every version of every key behind `after`, deletions too, at most `steps` keys; returns the key to go
    /// on behind.
    pub(crate) fn scan_versions(
        &self,
        after: Option<&Bytes>,
        steps: usize,
        mut visit: impl FnMut(&Bytes, &Version),
    ) -> Option<Bytes> {
        let from = after.map_or(Bound::Unbounded, |key| Bound::Excluded(&key[..]));
        let mut last = None;
        for (key, history) in self.keys.range::<[u8], _>((from, Bound::Unbounded)).take(steps) {
            for version in history.older.iter().chain([&history.newest]) {
                visit(key, version);
            }
            last = Some(key);
        }
        last.cloned()
    }

    /// The changes above `after`, ascending.
    pub(crate) fn changes_after(&self, after: Revision) -> impl Iterator<Item = &Change> {
        let first = self.changes.partition_point(|change| change.revision <= after);
        self.changes.range(first..)
    }

    /// How many revisions are kept as changes.
    pub(crate) fn change_count(&self) -> usize {
        self.changes.len()
    }

    /// The revision of the `n`th oldest kept change.
    pub(crate) fn nth_change(&self, n: usize) -> Option<Revision> {
        self.changes.get(n).map(|change| change.revision)
    }

    /// The event of one kept change of one key.
    pub(crate) fn event(&self, key: &Bytes, revision: Revision) -> Event {
        let history = self.keys.get(key).expect("a kept change's key is kept");
        let current = history.at(revision).expect("a kept change's version is kept");
        debug_assert_eq!(current.mod_revision, revision);
        let previous = history.before(revision).and_then(|version| version.key_value(key));
        Event { key: key.clone(), revision, current: current.key_value(key), previous }
    }

    /// Forgets what only revisions below `oldest` can see, at most `steps` changes; true when done.
    pub(crate) fn compact(&mut self, oldest: Revision, steps: usize) -> bool {
        for _ in 0..steps {
            let Some(change) = self.changes.pop_front_if(|change| change.revision <= oldest) else {
                if self.changes.capacity() > 4 * self.changes.len() + 1024 {
                    self.changes.shrink_to(2 * self.changes.len());
                }
                return true;
            };
            for key in change.keys() {
                self.trim(key, oldest);
            }
        }
        false
    }

    /// As [`Index::compact`] for an index whose changes below `oldest` were never recorded.
    pub(crate) fn trim_all(&mut self, oldest: Revision) {
        let has_old = |history: &History| !history.older.is_empty() || history.newest.is_deletion();
        let keys: Vec<Bytes> =
            self.keys.iter().filter(|(_, history)| has_old(history)).map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.trim(&key, oldest);
        }
    }

    fn trim(&mut self, key: &Bytes, oldest: Revision) {
        let Some(history) = self.keys.get_mut(key) else { return };
        if history.newest.mod_revision <= oldest && history.newest.is_deletion() {
            for version in history.older.iter().chain([&history.newest]) {
                self.history_bytes -= version.cost(key);
            }
            self.keys.remove(key);
            return;
        }
        let mut drop_count = if history.newest.mod_revision <= oldest {
            history.older.len()
        } else {
            history.older.partition_point(|version| version.mod_revision <= oldest).saturating_sub(1)
        };
        // The version seen at `oldest` itself stays, unless it only says that the key did not exist.
        let seen = history.older.get(drop_count);
        drop_count += usize::from(seen.is_some_and(|seen| seen.mod_revision <= oldest && seen.is_deletion()));
        for version in history.older.drain(..drop_count) {
            self.history_bytes -= version.cost(key);
        }
        history.older.shrink_to_fit();
    }

    /// Bytes of the newest values.
    pub(crate) fn live_bytes(&self) -> u64 {
        self.live_bytes
    }

    /// Bytes of superseded values and deletions.
    pub(crate) fn history_bytes(&self) -> u64 {
        self.history_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rev(number: u64) -> Revision {
        Revision::new(number).unwrap()
    }

    /// Puts and deletes of one key, as "put at 2, delete at 4": (2, true), (4, false).
    fn index(writes: &[(u64, bool)]) -> Index {
        let mut index = Index::default();
        let key = Bytes::from_static(b"k");
        for &(number, put) in writes {
            if put {
                index.put(&key, Bytes::from(number.to_string()), NO_LEASE, rev(number));
            } else {
                index.delete(&key, rev(number)).unwrap();
            }
            index.record(Change::new(rev(number), vec![key.clone()]));
        }
        index
    }

    #[test]
    fn compaction_keeps_what_newer_revisions_see() {
        #[track_caller]
        fn check(writes: &[(u64, bool)], oldest: u64, kept: &[u64]) {
            let mut index = index(writes);
            let before: Vec<_> =
                (oldest..12).map(|at| index.get_at(&Bytes::from_static(b"k"), rev(at))).collect();
            assert!(index.compact(rev(oldest), usize::MAX));
            let after: Vec<_> =
                (oldest..12).map(|at| index.get_at(&Bytes::from_static(b"k"), rev(at))).collect();
            assert_eq!(before, after);
            let mut versions = Vec::new();
            index.scan_versions(None, usize::MAX, |_, version| versions.push(version.mod_revision.get()));
            assert_eq!(versions, kept);
            if kept.is_empty() {
                assert_eq!((index.live_bytes(), index.history_bytes()), (0, 0));
            }
        }
        check(&[(2, true)], 2, &[2]);
        check(&[(2, true), (4, true)], 3, &[2, 4]);
        check(&[(2, true), (4, true)], 4, &[4]);
        check(&[(2, true), (4, false)], 3, &[2, 4]);
        check(&[(2, true), (4, false)], 4, &[]);
        check(&[(2, true), (4, false), (6, true)], 5, &[6]);
        check(&[(2, true), (4, false), (6, true), (8, true)], 6, &[6, 8]);
    }

    #[test]
    fn scan_resumes_behind_the_key_it_stopped_at() {
        let mut index = Index::default();
        for number in 2..7u64 {
            index.put(&Bytes::from(format!("k{number}")), Bytes::new(), NO_LEASE, rev(number));
        }
        let mut seen = Vec::new();
        let mut from = Bound::Included(Bytes::from_static(b"k"));
        loop {
            let resume = index.scan(from.as_ref().map(|key| &key[..]), b"l", rev(99), 2, |key, _| {
                seen.push(key.clone());
            });
            let Some(last) = resume else { break };
            from = Bound::Excluded(last);
        }
        assert_eq!(seen.len(), 5);
        assert!(index.scan(Bound::Included(b"z"), b"a", rev(99), 2, |_, _| ()).is_none());
    }
}
