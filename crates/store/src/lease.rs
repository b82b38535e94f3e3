//! Leases: who is alive until when, which keys go with it, and the task that ends those whose time is up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::warn;

use crate::api::{LeaseId, StoreError};
use crate::index::NO_LEASE;
use crate::sync::lock;

/// The longest lease, as etcd has it.
pub(crate) const TTL_S_MAX: i64 = 9_000_000_000;

/// How long to wait before a lease that could not be ended is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

#[derive(Debug)]
struct Lease {
    ttl_s: i64,
    /// `None` while it is being ended: it can no longer be kept alive or used.
    deadline: Option<Instant>,
    keys: BTreeSet<Bytes>,
}

/// All leases of a store.
#[derive(Debug)]
pub(crate) struct Leases {
    leases: BTreeMap<LeaseId, Lease>,
    deadlines: BTreeSet<(Instant, LeaseId)>,
    next: i64,
}

impl Default for Leases {
    fn default() -> Self {
        Self { leases: BTreeMap::new(), deadlines: BTreeSet::new(), next: 1 }
    }
}

impl Leases {
    /// Refuses a time that is not positive or beyond all measure.
    pub(crate) fn check_ttl(ttl_s: i64) -> Result<(), StoreError> {
        match ttl_s {
            1..=TTL_S_MAX => Ok(()),
            _ => Err(StoreError::Malformed("lease time is not between 1 and 9000000000 seconds")),
        }
    }

    /// Grants a lease that never existed before.
    pub(crate) fn grant(&mut self, ttl_s: i64, now: Instant) -> LeaseId {
        let id = LeaseId(self.next);
        self.restore(id, ttl_s, now);
        id
    }

    /// Adds a lease read from the log; its time starts anew, as etcd's does at a change of leader.
    pub(crate) fn restore(&mut self, id: LeaseId, ttl_s: i64, now: Instant) {
        self.reserve_to(id.0.saturating_add(1));
        let deadline = deadline(now, ttl_s);
        self.deadlines.insert((deadline, id));
        self.leases.insert(id, Lease { ttl_s, deadline: Some(deadline), keys: BTreeSet::new() });
    }

    /// The number that the next lease gets.
    pub(crate) fn next_id(&self) -> i64 {
        self.next
    }

    /// No lease below this number is granted again.
    pub(crate) fn reserve_to(&mut self, next: i64) {
        self.next = self.next.max(next);
    }

    /// May keys be attached to it?
    pub(crate) fn is_usable(&self, id: LeaseId) -> bool {
        self.leases.get(&id).is_some_and(|lease| lease.deadline.is_some())
    }

    pub(crate) fn keep_alive(&mut self, id: LeaseId, now: Instant) -> Result<(), StoreError> {
        let lease = self.leases.get_mut(&id).ok_or(StoreError::LeaseNotFound(id))?;
        let old = lease.deadline.ok_or(StoreError::LeaseNotFound(id))?;
        let new = deadline(now, lease.ttl_s);
        lease.deadline = Some(new);
        self.deadlines.remove(&(old, id));
        self.deadlines.insert((new, id));
        Ok(())
    }

    /// A key's lease changes from one to another; either may be [`NO_LEASE`].
    pub(crate) fn reattach(&mut self, key: &Bytes, old: LeaseId, new: LeaseId) {
        if old == new {
            return;
        }
        if old != NO_LEASE
            && let Some(lease) = self.leases.get_mut(&old)
        {
            lease.keys.remove(key);
        }
        if new != NO_LEASE
            && let Some(lease) = self.leases.get_mut(&new)
        {
            lease.keys.insert(key.clone());
        }
    }

    /// Makes a lease unusable and gives some of its keys, at most `count`. The caller deletes them before it
    /// lets anyone else at the state, and asks again until there is none.
    pub(crate) fn begin_end(&mut self, id: LeaseId, count: usize) -> Result<Vec<Bytes>, StoreError> {
        let lease = self.leases.get_mut(&id).ok_or(StoreError::LeaseNotFound(id))?;
        if let Some(deadline) = lease.deadline.take() {
            self.deadlines.remove(&(deadline, id));
        }
        Ok(lease.keys.iter().take(count).cloned().collect())
    }

    /// Forgets a lease.
    pub(crate) fn end(&mut self, id: LeaseId) {
        if let Some(lease) = self.leases.remove(&id)
            && let Some(deadline) = lease.deadline
        {
            self.deadlines.remove(&(deadline, id));
        }
    }

    /// Every lease and its time.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (LeaseId, i64)> {
        self.leases.iter().map(|(id, lease)| (*id, lease.ttl_s))
    }

    /// The lease that ends first.
    fn first(&self) -> Option<(Instant, LeaseId)> {
        self.deadlines.first().copied()
    }

    /// Lets a lease that could not be ended be tried again later.
    fn postpone(&mut self, id: LeaseId, until: Instant) {
        if let Some(lease) = self.leases.get_mut(&id)
            && lease.deadline.is_none()
        {
            // The deadline set is only what the task looks at; the lease itself stays unusable.
            self.deadlines.insert((until, id));
        }
    }

    fn take_postponed(&mut self, at: Instant, id: LeaseId) {
        self.deadlines.remove(&(at, id));
    }
}

fn deadline(now: Instant, ttl_s: i64) -> Instant {
    let ttl = Duration::from_secs(ttl_s.unsigned_abs());
    now.checked_add(ttl).unwrap_or_else(|| now + Duration::from_secs(u32::MAX.into()))
}

/// An engine whose leases end by themselves.
pub(crate) trait LeaseHost: Send + Sync + 'static {
    /// Runs with the leases locked.
    fn with_leases<T>(&self, work: impl FnOnce(&mut Leases) -> T) -> T;

    /// Deletes the lease's keys and the lease.
    fn end_lease(&self, id: LeaseId) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Owns the task that ends leases; the task starts with the first lease and stops when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Reaper {
    changed: Arc<Notify>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Reaper {
    /// Call after each grant, inside a tokio runtime: the task may have to wake earlier than it meant to.
    pub(crate) fn granted<H: LeaseHost>(&self, host: &Arc<H>) {
        let mut task = lock(&self.task);
        if task.as_ref().is_none_or(JoinHandle::is_finished) {
            *task = Some(tokio::spawn(reap(Arc::downgrade(host), self.changed.clone())));
        }
        self.changed.notify_one();
    }

    /// Stops the task; leases no longer end by themselves.
    pub(crate) fn stop(&self) {
        if let Some(task) = lock(&self.task).take() {
            task.abort();
        }
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        self.stop();
    }
}

#[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
async fn reap<H: LeaseHost>(host: Weak<H>, changed: Arc<Notify>) {
    loop {
        let Some(strong) = host.upgrade() else { return };
        let first = strong.with_leases(|leases| leases.first());
        let Some((at, id)) = first else {
            drop(strong);
            changed.notified().await;
            continue;
        };
        if at > Instant::now() {
            drop(strong);
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(at) => {}
                () = changed.notified() => {}
            }
            continue;
        }
        strong.with_leases(|leases| leases.take_postponed(at, id));
        match strong.end_lease(id).await {
            Ok(()) | Err(StoreError::LeaseNotFound(_)) => {}
            Err(StoreError::Closed) => return,
            Err(error) => {
                warn!(lease = id.0, %error, "Lease could not be ended, will retry.");
                strong.with_leases(|leases| leases.postpone(id, Instant::now() + RETRY_AFTER));
            }
        }
    }
}
