//! The engine for tests and for `--memory`: nothing outlives it.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::time::Instant;

use crate::api::{
    LeaseId, Range, RangeResult, Revision, Store, StoreError, Txn, TxnOutcome, Watch, WatchRequest,
};
use crate::core::{Core, Judged, State};
use crate::lease::{LeaseHost, Leases, Reaper};
use crate::txn;

/// A store in memory. No call waits for another thread or for time, so that runs under a seed repeat exactly;
/// only leases need a tokio runtime, whose (possibly paused) time they follow.
#[derive(Debug)]
pub struct MemoryStore {
    host: Arc<Host>,
    reaper: Reaper,
}

#[derive(Debug)]
struct Host {
    core: Arc<Core>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self { host: Arc::new(Host { core: Core::new(State::default()) }), reaper: Reaper::default() }
    }

    fn check_open(&self) -> Result<&Arc<Core>, StoreError> {
        if self.host.core.is_closed() { Err(StoreError::Closed) } else { Ok(&self.host.core) }
    }
}

impl Host {
    fn commit(&self, txn: &Txn) -> Result<TxnOutcome, StoreError> {
        Ok(match self.core.judge(txn)? {
            Judged::New(revision) => {
                self.core.publish(revision);
                TxnOutcome::Committed(revision)
            }
            Judged::Unchanged(revision) => {
                // Another thread may be about to publish what this one saw.
                self.core.publish(revision);
                TxnOutcome::Committed(revision)
            }
            Judged::Conflict(present) => {
                self.core.publish(self.core.read_state(|state| state.head));
                TxnOutcome::Conflict(present)
            }
        })
    }
}

impl LeaseHost for Host {
    fn with_leases<T>(&self, work: impl FnOnce(&mut Leases) -> T) -> T {
        self.core.with_state(|state| work(&mut state.leases))
    }

    async fn end_lease(&self, id: LeaseId) -> Result<(), StoreError> {
        while let Some((revision, _)) = self.core.end_lease_step(id)? {
            self.core.publish(revision);
        }
        Ok(())
    }
}

#[async_trait]
impl Store for MemoryStore {
    fn revision(&self) -> Revision {
        self.host.core.visible()
    }

    fn oldest(&self) -> Revision {
        self.host.core.oldest()
    }

    async fn range(&self, range: Range) -> Result<RangeResult, StoreError> {
        self.host.core.range(&range)
    }

    async fn commit(&self, txn: Txn) -> Result<TxnOutcome, StoreError> {
        self.check_open()?;
        txn::check(&txn)?;
        self.host.commit(&txn)
    }

    async fn watch(&self, request: WatchRequest) -> Result<Box<dyn Watch>, StoreError> {
        Ok(Box::new(self.host.core.watch(&request)?))
    }

    async fn compact(&self, revision: Revision) -> Result<(), StoreError> {
        if self.host.core.check_compact(revision)? {
            self.host.core.hide_below(revision);
            while !self.host.core.trim_step() {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    async fn lease_grant(&self, ttl_s: i64) -> Result<LeaseId, StoreError> {
        self.check_open()?;
        Leases::check_ttl(ttl_s)?;
        let lease = self.host.with_leases(|leases| leases.grant(ttl_s, Instant::now()));
        self.reaper.granted(&self.host);
        Ok(lease)
    }

    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    async fn lease_keep_alive(&self, lease: LeaseId) -> Result<(), StoreError> {
        self.check_open()?;
        self.host.with_leases(|leases| leases.keep_alive(lease, Instant::now()))
    }

    async fn lease_revoke(&self, lease: LeaseId) -> Result<(), StoreError> {
        self.check_open()?;
        self.host.end_lease(lease).await
    }

    async fn size(&self) -> Result<u64, StoreError> {
        self.check_open()?;
        Ok(self.host.core.read_state(|state| state.index.live_bytes() + state.index.history_bytes()))
    }

    async fn close(&self) -> Result<(), StoreError> {
        self.reaper.stop();
        self.host.core.close();
        Ok(())
    }
}
