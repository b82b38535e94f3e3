//! What the server does with its store beside requests: asks whether it answers, and forgets history.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use mizzen_store::{Compare, Revision, Store, StoreError, Txn, TxnOutcome, Write};
use tokio::time::{Instant, sleep, timeout};
use tracing::{debug, warn};

use crate::registry::Registry;

/// How often the store is looked at for health.
const CHECK_EVERY: Duration = Duration::from_secs(2);

/// Whether the store answers in time.
#[derive(Debug, Default)]
pub(crate) struct Health {
    live_failed: AtomicBool,
    ready_failed: AtomicBool,
}

/// How long it may take.
#[derive(Debug, Clone, Copy)]
pub struct HealthTimeouts {
    /// `--etcd-healthcheck-timeout`.
    pub live: Duration,
    /// `--etcd-readycheck-timeout`.
    pub ready: Duration,
}

impl Default for HealthTimeouts {
    fn default() -> Self {
        Self { live: Duration::from_secs(2), ready: Duration::from_secs(2) }
    }
}

impl Health {
    /// The check `etcd`.
    pub(crate) fn is_failing(&self) -> bool {
        self.live_failed.load(Ordering::Acquire)
    }

    /// The check `etcd-readiness`.
    pub(crate) fn is_unready(&self) -> bool {
        self.ready_failed.load(Ordering::Acquire)
    }

    fn set(&self, live_failed: bool, ready_failed: bool) {
        self.live_failed.store(live_failed, Ordering::Release);
        self.ready_failed.store(ready_failed, Ordering::Release);
    }
}

/// Keeps the store's health known.
#[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
pub(crate) async fn watch_health(store: Arc<dyn Store>, health: Arc<Health>, limits: HealthTimeouts) {
    loop {
        sleep(CHECK_EVERY).await;
        let began = Instant::now();
        match timeout(limits.live.max(limits.ready), store.check()).await {
            Ok(Ok(())) => {
                let took = began.elapsed();
                health.set(took > limits.live, took > limits.ready);
            }
            Ok(Err(StoreError::Closed)) => return health.set(true, true),
            Ok(Err(error)) => {
                warn!(%error, "The store is unhealthy.");
                health.set(true, true);
            }
            Err(_) => {
                warn!("The store does not answer in time.");
                health.set(true, true);
            }
        }
    }
}

/// The key by which API servers agree on who compacts: kube-apiserver's.
const COMPACTION_KEY: &[u8] = b"compact_rev_key";

/// Every interval, forgets what was history at the interval before.
pub(crate) async fn compact(registry: Arc<Registry>, interval: Duration) {
    let mut turns = Turns::default();
    let mut before: Option<Revision> = None;
    loop {
        let due = if registry.store.is_shared() {
            turns.take(&registry, before).await
        } else {
            Ok(Turn { compacts: before, now: registry.store.revision() })
        };
        match due {
            Ok(turn) => {
                if let Some(revision) = turn.compacts {
                    forget(&registry, revision).await;
                }
                before = Some(turn.now);
            }
            Err(StoreError::Closed) => return,
            Err(error) => warn!(%error, "History could not be compacted, will retry."),
        }
        sleep(interval).await;
    }
}

async fn forget(registry: &Registry, revision: Revision) {
    registry.horizon.raise(revision.get());
    registry.refresh_caches();
    match registry.store.compact(revision).await {
        Ok(()) => debug!(revision = revision.get(), "History is compacted."),
        Err(StoreError::Closed) => {}
        Err(error) => warn!(%error, "History could not be compacted, will retry."),
    }
}

/// What a server does at an interval.
struct Turn {
    /// `None`: another server has the turn, or nothing is old enough.
    compacts: Option<Revision>,
    /// The revision that the next turn forgets.
    now: Revision,
}

/// Turns of servers that share a store: who writes the agreed key first has this one.
#[derive(Default)]
struct Turns {
    /// The key's last write that is known.
    known: Option<Revision>,
}

impl Turns {
    async fn take(&mut self, registry: &Registry, before: Option<Revision>) -> Result<Turn, StoreError> {
        let key = Bytes::from_static(COMPACTION_KEY);
        let value = before.map_or(0, Revision::get).to_string().into();
        let txn = Txn {
            compares: vec![Compare::ModRevision { key: key.clone(), expected: self.known }],
            writes: vec![Write::Put { key, value, lease: None }],
            ..Txn::default()
        };
        match registry.store.commit(txn).await? {
            TxnOutcome::Committed(now) => {
                self.known = Some(now);
                Ok(Turn { compacts: before, now })
            }
            TxnOutcome::Conflict(present) => {
                let present = present.into_iter().next().flatten();
                self.known = present.as_ref().map(|entry| entry.mod_revision);
                let told = present.and_then(|entry| std::str::from_utf8(&entry.value).ok()?.parse().ok());
                // What another forgot is too old for this server's clients as well.
                registry.horizon.raise(told.unwrap_or(0));
                Ok(Turn { compacts: None, now: registry.store.revision() })
            }
        }
    }
}
