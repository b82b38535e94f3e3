//! Pods that wait for a node: those to be tried now, by priority and age; those that failed and back off; those that
//! fit nowhere until something changes.

use std::collections::BTreeMap;
use std::time::Duration;

use mizzen_client::ObjectKey;
use mizzen_clock::Map;
use tokio::time::Instant;

/// A pod that fits nowhere is tried again after so long even when nothing seems to have changed
/// (`podMaxInUnschedulablePodsDuration`).
const UNSCHEDULABLE_MAX: Duration = Duration::from_secs(300);

/// Where a pod stands in the order: higher priority first, then the one that came first.
type Rank = (i64, u64);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Active(Rank),
    /// Until then; the number keeps equal times apart.
    Waiting(Instant, u64),
    Unschedulable(Instant, u64),
    /// Taken out by [`Queue::pop`].
    Tried,
}

#[derive(Debug)]
struct Entry {
    place: Place,
    priority: i32,
    arrival: u64,
    attempts: u32,
    /// Something changed while it was being tried.
    stirred: bool,
}

/// The queue.
#[derive(Debug)]
pub(crate) struct Queue {
    /// First and longest pause after a failed attempt (`podInitialBackoffSeconds`, `podMaxBackoffSeconds`).
    backoff: (Duration, Duration),
    entries: Map<ObjectKey, Entry>,
    active: BTreeMap<Rank, ObjectKey>,
    waiting: BTreeMap<(Instant, u64), ObjectKey>,
    unschedulable: BTreeMap<(Instant, u64), ObjectKey>,
    serial: u64,
}

impl Queue {
    /// An empty queue with these first and longest pauses after failed attempts.
    pub(crate) fn new(first: Duration, longest: Duration) -> Self {
        Self {
            backoff: (first, longest),
            entries: Map::default(),
            active: BTreeMap::new(),
            waiting: BTreeMap::new(),
            unschedulable: BTreeMap::new(),
            serial: 0,
        }
    }

    /// How many pods are to be tried now, wait for a pause to end, wait for a change.
    pub(crate) fn lengths(&self) -> [usize; 3] {
        [self.active.len(), self.waiting.len(), self.unschedulable.len()]
    }

    fn leave(&mut self, place: Place) {
        match place {
            Place::Active(rank) => drop(self.active.remove(&rank)),
            Place::Waiting(at, serial) => drop(self.waiting.remove(&(at, serial))),
            Place::Unschedulable(at, serial) => drop(self.unschedulable.remove(&(at, serial))),
            Place::Tried => {}
        }
    }

    fn enter(&mut self, key: &ObjectKey, place: impl FnOnce(&Entry, u64) -> Place) {
        self.serial += 1;
        let serial = self.serial;
        let Some(entry) = self.entries.get_mut(key) else { return };
        let new = place(entry, serial);
        let old = std::mem::replace(&mut entry.place, new);
        self.leave(old);
        match new {
            Place::Active(rank) => drop(self.active.insert(rank, key.clone())),
            Place::Waiting(at, serial) => drop(self.waiting.insert((at, serial), key.clone())),
            Place::Unschedulable(at, serial) => drop(self.unschedulable.insert((at, serial), key.clone())),
            Place::Tried => {}
        }
    }

    fn activate(&mut self, key: &ObjectKey) {
        // Sorted ascending: higher priorities must come first.
        self.enter(key, |entry, _| Place::Active((-i64::from(entry.priority), entry.arrival)));
    }

    /// A pod wants a node, or has changed while it waits: it is tried (again).
    pub(crate) fn add(&mut self, key: &ObjectKey, priority: i32) {
        self.serial += 1;
        let arrival = self.serial;
        let entry = self.entries.entry(key.clone()).or_insert(Entry {
            place: Place::Tried,
            priority,
            arrival,
            attempts: 0,
            stirred: false,
        });
        let is_new = entry.arrival == arrival;
        entry.priority = priority;
        match entry.place {
            Place::Tried if !is_new => entry.stirred = true,
            // Its own pause still counts.
            Place::Waiting(..) => {}
            _ => self.activate(key),
        }
    }

    /// A pod needs no node any more.
    pub(crate) fn remove(&mut self, key: &ObjectKey) {
        if let Some(entry) = self.entries.remove(key) {
            self.leave(entry.place);
        }
    }

    /// The pod to be tried next.
    pub(crate) fn pop(&mut self, now: Instant) -> Option<ObjectKey> {
        self.promote(now);
        let (_, key) = self.active.pop_first()?;
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.place = Place::Tried;
            entry.stirred = false;
            entry.attempts += 1;
        }
        Some(key)
    }

    /// It fits nowhere: it waits until something changes.
    pub(crate) fn unschedulable(&mut self, key: &ObjectKey, now: Instant) {
        if self.entries.get(key).is_some_and(|entry| entry.stirred) {
            return self.failed(key, now);
        }
        self.enter(key, |_, serial| Place::Unschedulable(now + UNSCHEDULABLE_MAX, serial));
    }

    /// The attempt failed for a reason of its own: it is tried again after a pause.
    pub(crate) fn failed(&mut self, key: &ObjectKey, now: Instant) {
        let (first, longest) = self.backoff;
        let pause =
            |attempts: u32| first.saturating_mul(1 << attempts.saturating_sub(1).min(10)).min(longest);
        self.enter(key, |entry, serial| Place::Waiting(now + pause(entry.attempts), serial));
    }

    /// Something changed that may let pods fit (a node, a pod that went).
    pub(crate) fn stir(&mut self, now: Instant) {
        for key in std::mem::take(&mut self.unschedulable).into_values() {
            self.failed(&key, now);
        }
        for entry in self.entries.values_mut().filter(|entry| entry.place == Place::Tried) {
            entry.stirred = true;
        }
    }

    fn promote(&mut self, now: Instant) {
        let due = |map: &BTreeMap<(Instant, u64), ObjectKey>| {
            let first = map.first_key_value().filter(|((at, _), _)| *at <= now);
            first.map(|(_, key)| key.clone())
        };
        while let Some(key) = due(&self.waiting).or_else(|| due(&self.unschedulable)) {
            self.activate(&key);
        }
    }

    /// When the next pause ends.
    pub(crate) fn next_due(&self) -> Option<Instant> {
        let first = |map: &BTreeMap<(Instant, u64), ObjectKey>| map.keys().next().map(|(at, _)| *at);
        first(&self.waiting).into_iter().chain(first(&self.unschedulable)).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF_MIN: Duration = Duration::from_secs(1);

    fn key(name: &str) -> ObjectKey {
        ObjectKey::new("default", name)
    }

    #[allow(clippy::disallowed_methods)] // Any instant will do.
    fn start() -> Instant {
        Instant::now()
    }

    #[test]
    fn priority_then_arrival() {
        let (mut queue, now) = (Queue::new(BACKOFF_MIN, BACKOFF_MIN * 10), start());
        for (name, priority) in [("a", 0), ("b", 5), ("c", 5), ("d", -1)] {
            queue.add(&key(name), priority);
        }
        let order: Vec<String> = std::iter::from_fn(|| queue.pop(now)).map(|key| key.name).collect();
        assert_eq!(order, ["b", "c", "a", "d"]);
    }

    #[test]
    fn what_fits_nowhere_waits_for_a_change() {
        let (mut queue, now) = (Queue::new(BACKOFF_MIN, BACKOFF_MIN * 10), start());
        queue.add(&key("a"), 0);
        assert_eq!(queue.pop(now), Some(key("a")));
        queue.unschedulable(&key("a"), now);
        assert_eq!(queue.pop(now + Duration::from_secs(100)), None);
        queue.stir(now);
        assert_eq!(queue.pop(now), None, "its pause is not over");
        assert_eq!(queue.pop(now + BACKOFF_MIN), Some(key("a")));
        queue.stir(now);
        queue.unschedulable(&key("a"), now);
        assert_eq!(queue.pop(now + BACKOFF_MIN * 2), Some(key("a")), "a change while it was tried counts");
        queue.unschedulable(&key("a"), now);
        assert_eq!(queue.pop(now + UNSCHEDULABLE_MAX), Some(key("a")));
        queue.remove(&key("a"));
        queue.failed(&key("a"), now);
        assert_eq!(queue.next_due(), None);
    }
}
