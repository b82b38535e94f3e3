//! How long a container that keeps failing waits: 10 s, doubled each time, forgotten after a long good run.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The first wait.
pub(crate) const INITIAL: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy)]
struct Entry {
    wait: Duration,
    updated: Timestamp,
}

/// Waits by name (a container, an image).
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    max: Duration,
    entries: BTreeMap<String, Entry>,
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

impl Backoff {
    /// With waits of at most `max`.
    pub(crate) fn new(max: Duration) -> Self {
        Self { max, entries: BTreeMap::new() }
    }

    /// A wait is forgotten when the event that would extend it comes this long after it was set.
    fn is_expired(&self, entry: &Entry, event: Timestamp) -> bool {
        event.duration_since(entry.updated) > signed(self.max * 2)
    }

    /// How much longer `name` waits after what happened at `event`; zero when it may go on.
    pub(crate) fn remaining(&self, name: &str, event: Timestamp, now: Timestamp) -> Duration {
        let Some(entry) = self.entries.get(name) else { return Duration::ZERO };
        if self.is_expired(entry, event) {
            return Duration::ZERO;
        }
        let left = signed(entry.wait) - now.duration_since(event);
        Duration::try_from(left).unwrap_or_default()
    }

    /// How much longer `name` waits when its wait counts from when it was set.
    pub(crate) fn since_update(&self, name: &str, now: Timestamp) -> Duration {
        match self.entries.get(name) {
            Some(entry) => self.remaining(name, entry.updated, now),
            None => Duration::ZERO,
        }
    }

    /// The wait set for `name`.
    pub(crate) fn wait(&self, name: &str) -> Duration {
        self.entries.get(name).map_or(Duration::ZERO, |entry| entry.wait)
    }

    /// Sets the next wait, because `name` is tried again after what happened at `event`.
    pub(crate) fn next(&mut self, name: &str, event: Timestamp, now: Timestamp) {
        let wait = match self.entries.get(name) {
            Some(entry) if !self.is_expired(entry, event) => (entry.wait * 2).min(self.max),
            _ => INITIAL.min(self.max),
        };
        self.entries.insert(name.to_owned(), Entry { wait, updated: now });
    }

    /// Forgets a name.
    pub(crate) fn forget(&mut self, name: &str) {
        self.entries.remove(name);
    }

    /// Forgets names whose wait has long passed, so that the map stays small.
    pub(crate) fn prune(&mut self, now: Timestamp) {
        let max = signed(self.max * 2);
        self.entries.retain(|_, entry| now.duration_since(entry.updated) <= max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    #[test]
    fn doubles_and_resets() {
        let mut backoff = Backoff::new(Duration::from_secs(300));
        assert_eq!(backoff.remaining("a", at(0), at(0)), Duration::ZERO, "the first restart is at once");
        let mut now = 0;
        for expect in [10, 20, 40, 80, 160, 300, 300] {
            backoff.next("a", at(now), at(now));
            assert_eq!(backoff.remaining("a", at(now), at(now)), Duration::from_secs(expect));
            assert_eq!(backoff.remaining("a", at(now), at(now + expect as i64)), Duration::ZERO);
            now += expect as i64;
        }
        let later = now + 601;
        assert_eq!(backoff.remaining("a", at(later), at(later)), Duration::ZERO, "a long good run forgives");
        backoff.next("a", at(later), at(later));
        assert_eq!(backoff.wait("a"), INITIAL);
    }
}
