//! The last step of a write: encode once, commit under a compare.

use std::sync::Arc;

use mizzen_schema::value::Value;
use mizzen_store::{Compare, LeaseId, Revision, Txn, TxnOutcome};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Registry, store_error};
use crate::catalog::Kind;
use crate::object::Object;
use crate::status::ApiError;
use crate::storage::Encoded;

/// Objects that share a lease: those written within so many seconds of each other.
const LEASE_SHARED_S: u64 = 60;

/// The lease that expiring objects written now are put under, so that a burst of events needs but one.
#[derive(Debug, Default)]
pub(super) struct Leases {
    current: Mutex<Option<(Instant, i64, LeaseId)>>,
}

/// What a commit under a compare came to.
pub(super) enum Committed {
    Done(Arc<Object>),
    /// Somebody was faster.
    Conflict,
}

/// An object's bytes as they are kept and stored: without resourceVersion.
pub(super) fn encode(kind: &Kind, value: &mut Value) -> Encoded {
    kind.layout.form().encode(value)
}

impl Registry {
    /// Stores an object if the key is still at `expected` (`None`: absent).
    pub(super) async fn put(
        &self,
        kind: &Kind,
        local: &str,
        object: Encoded,
        expected: Option<u64>,
    ) -> Result<Committed, ApiError> {
        let lease = self.lease(kind.rules().ttl_s).await?;
        let txn = Txn {
            compares: vec![compare(kind, local, expected)],
            writes: vec![kind.layout.put(local, object.stored, lease)],
            durability: kind.rules().durability,
        };
        match self.store.commit(txn).await.map_err(store_error)? {
            TxnOutcome::Committed(revision) => {
                note(kind, revision);
                let object =
                    Object::new(object.json, revision.get(), &kind.layout).map_err(ApiError::internal)?;
                Ok(Committed::Done(Arc::new(object)))
            }
            TxnOutcome::Conflict(_) => Ok(Committed::Conflict),
        }
    }

    /// Removes an object if it is still the same; its last state, at the revision of the removal.
    pub(super) async fn remove(
        &self,
        kind: &Kind,
        local: &str,
        object: &Object,
    ) -> Result<Committed, ApiError> {
        let txn = Txn {
            compares: vec![compare(kind, local, Some(object.revision()))],
            writes: vec![kind.layout.delete(local)],
            durability: kind.rules().durability,
        };
        match self.store.commit(txn).await.map_err(store_error)? {
            TxnOutcome::Committed(revision) => {
                note(kind, revision);
                Ok(Committed::Done(Arc::new(object.at(revision.get()))))
            }
            TxnOutcome::Conflict(_) => Ok(Committed::Conflict),
        }
    }

    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    async fn lease(&self, ttl_s: i64) -> Result<Option<LeaseId>, ApiError> {
        if ttl_s == 0 {
            return Ok(None);
        }
        let mut current = self.leases.current.lock().await;
        let now = Instant::now();
        if let Some((until, of, lease)) = *current
            && now < until
            && of == ttl_s
        {
            return Ok(Some(lease));
        }
        let shared = i64::try_from(LEASE_SHARED_S).unwrap_or(i64::MAX);
        let lease = self.store.lease_grant(ttl_s.saturating_add(shared)).await.map_err(store_error)?;
        *current = Some((now + std::time::Duration::from_secs(LEASE_SHARED_S), ttl_s, lease));
        Ok(Some(lease))
    }
}

fn note(kind: &Kind, revision: Revision) {
    if let Some(cache) = kind.cache.get() {
        cache.note_written(revision.get());
    }
}

fn compare(kind: &Kind, local: &str, expected: Option<u64>) -> Compare {
    Compare::ModRevision { key: kind.layout.key(local), expected: expected.and_then(Revision::new) }
}
