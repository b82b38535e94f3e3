//! What a controller has written and not yet seen: until it has, its cache is too old to act on.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mizzen_client::ObjectKey;
use mizzen_clock::Map;
use tokio::time::Instant;

/// After so long a write that was never seen counts as seen: a watch may have skipped it.
const TIMEOUT: Duration = Duration::from_secs(300);

struct Expected {
    creations: usize,
    /// Uids of objects whose deletion was asked for.
    deletions: BTreeSet<String>,
    since: Instant,
}

/// Expectations of one controller, by the key of the owner.
#[derive(Default)]
pub(crate) struct Expectations(Mutex<Map<ObjectKey, Expected>>);

#[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
fn now() -> Instant {
    Instant::now()
}

impl Expectations {
    fn lock(&self) -> MutexGuard<'_, Map<ObjectKey, Expected>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, owner: &ObjectKey, change: impl FnOnce(&mut Expected)) {
        let mut all = self.lock();
        let fresh = || Expected { creations: 0, deletions: BTreeSet::new(), since: now() };
        change(all.entry(owner.clone()).or_insert_with(fresh));
        all.retain(|_, expected| expected.creations > 0 || !expected.deletions.is_empty());
    }

    /// `count` creations are about to be asked for.
    pub(crate) fn create(&self, owner: &ObjectKey, count: usize) {
        self.change(owner, |expected| expected.creations += count);
    }

    /// A creation was seen, or failed.
    pub(crate) fn created(&self, owner: &ObjectKey) {
        self.change(owner, |expected| expected.creations = expected.creations.saturating_sub(1));
    }

    /// A deletion is about to be asked for.
    pub(crate) fn delete(&self, owner: &ObjectKey, uid: &str) {
        self.change(owner, |expected| {
            expected.deletions.insert(uid.to_owned());
        });
    }

    /// A deletion was seen, or failed.
    pub(crate) fn deleted(&self, owner: &ObjectKey, uid: &str) {
        self.change(owner, |expected| {
            expected.deletions.remove(uid);
        });
    }

    /// Whether everything has been seen (or has taken too long).
    pub(crate) fn are_met(&self, owner: &ObjectKey) -> bool {
        self.lock().get(owner).is_none_or(|expected| expected.since.elapsed() >= TIMEOUT)
    }

    /// The owner is gone.
    pub(crate) fn forget(&self, owner: &ObjectKey) {
        self.lock().remove(owner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn writes_are_awaited() {
        let (expectations, key) = (Expectations::default(), ObjectKey::new("a", "b"));
        assert!(expectations.are_met(&key));
        expectations.create(&key, 2);
        expectations.delete(&key, "u");
        expectations.created(&key);
        expectations.deleted(&key, "u");
        assert!(!expectations.are_met(&key));
        expectations.created(&key);
        expectations.created(&key);
        assert!(expectations.are_met(&key));
        expectations.create(&key, 1);
        tokio::time::advance(TIMEOUT).await;
        assert!(expectations.are_met(&key), "a write that is never seen is not waited for for ever");
    }
}
