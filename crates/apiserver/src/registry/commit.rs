//! The last step of a write: encode once, commit under a compare.

use std::sync::Arc;

use mizzen_schema::value::Value;
use mizzen_store::{Compare, Durability, LeaseId, Revision, Txn, TxnOutcome};
use tokio::sync::Mutex;
use tokio::time::{Duration, Instant};

use super::{Registry, store_error};
use crate::catalog::Kind;
use crate::object::Object;
use crate::status::ApiError;
use crate::storage::Encoded;
use crate::trace::steps;

/// The lease that expiring objects written now are put under, so that a burst of events needs but one.
#[derive(Debug)]
pub(super) struct Leases {
    /// What expiring objects live, with what those live longer that share the lease of earlier ones.
    ttl_s: i64,
    reuse: Duration,
    /// Until when the lease is shared.
    current: Mutex<Option<(Instant, LeaseId)>>,
}

impl Leases {
    /// Leases of `ttl`, each for all objects that are written within `reuse`.
    pub(super) fn new(ttl: Duration, reuse: Duration) -> Self {
        let ttl_s = i64::try_from((ttl + reuse).as_secs()).unwrap_or(i64::MAX).max(1);
        Self { ttl_s, reuse, current: Mutex::default() }
    }
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
        let lease = self.lease(kind.rules().expires).await?;
        let txn = Txn {
            compares: vec![compare(kind, local, expected)],
            writes: vec![kind.layout.put(local, object.stored, lease)],
            durability: kind.rules().durability,
        };
        steps::mark("encoding");
        match self.store.commit(txn).await.map_err(store_error)? {
            TxnOutcome::Committed(revision) => {
                note(kind, revision);
                let object =
                    Object::new(object.json, revision.get(), &kind.layout).map_err(ApiError::internal)?;
                stored(kind, &object);
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
                stored(kind, object);
                Ok(Committed::Done(Arc::new(object.at(revision.get()))))
            }
            TxnOutcome::Conflict(_) => Ok(Committed::Conflict),
        }
    }

    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    async fn lease(&self, expires: bool) -> Result<Option<LeaseId>, ApiError> {
        if !expires {
            return Ok(None);
        }
        let leases = &self.leases;
        let mut current = leases.current.lock().await;
        let now = Instant::now();
        if let Some((until, lease)) = *current
            && now < until
        {
            return Ok(Some(lease));
        }
        let lease = self.store.lease_grant(leases.ttl_s).await.map_err(store_error)?;
        *current = Some((now + leases.reuse, lease));
        Ok(Some(lease))
    }
}

/// Tells the request's trace; leases and events would soon be all that it has.
fn stored(kind: &Kind, object: &Object) {
    if kind.rules().durability == Durability::Synced {
        steps::stored(kind, object);
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
