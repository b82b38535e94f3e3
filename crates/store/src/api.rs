//! The trait that every engine fulfils, and the values that cross it.

use std::fmt;
use std::num::NonZeroU64;

use async_trait::async_trait;
use bytes::Bytes;

/// A point in the store's history; each committed transaction makes one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Revision(NonZeroU64);

impl Revision {
    /// The revision of a store that holds nothing yet (etcd starts at 1 as well).
    pub const FIRST: Self = Self(NonZeroU64::MIN);

    /// `None` for 0.
    pub const fn new(number: u64) -> Option<Self> {
        match NonZeroU64::new(number) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The number, at least 1.
    pub const fn get(self) -> u64 {
        self.0.get()
    }

    /// The revision after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How durable a write must be before it is acknowledged (and before anyone can read it).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Durability {
    /// On disk: one fsync is shared by all writers that wait for it.
    #[default]
    Synced,
    /// In the log file, synced within a second: for Leases and Events.
    Logged,
}

/// A key's value at some revision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyValue {
    /// The whole key.
    pub key: Bytes,
    /// The value, shared and immutable.
    pub value: Bytes,
    /// The transaction that created the key (since it was last deleted).
    pub create_revision: Revision,
    /// The transaction that wrote this value.
    pub mod_revision: Revision,
    /// 1 at creation, one more at each write since.
    pub version: u64,
}

/// Which keys to read: `start <= key < end`, in byte order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Range {
    /// First key.
    pub start: Bytes,
    /// One past the last key; `None` reads `start` alone.
    pub end: Option<Bytes>,
    /// At this revision; `None` reads the newest that is visible.
    pub at: Option<Revision>,
    /// At most so many entries; 0 for all.
    pub limit: usize,
}

/// What a range found.
#[derive(Clone, Debug)]
pub struct RangeResult {
    /// Entries in key order.
    pub entries: Vec<KeyValue>,
    /// The store's newest visible revision when it was read.
    pub revision: Revision,
    /// How many keys are in the range in all, those beyond `limit` too.
    pub count: usize,
}

/// A condition on one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Compare {
    /// The key's last write was at this revision; `None`: the key does not exist.
    ModRevision {
        /// The key.
        key: Bytes,
        /// What it must be.
        expected: Option<Revision>,
    },
}

/// One write of a transaction. A transaction writes a key at most once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// Sets a key.
    Put {
        /// The key.
        key: Bytes,
        /// Its new value.
        value: Bytes,
        /// The key goes when this lease ends.
        lease: Option<LeaseId>,
    },
    /// Removes a key; nothing happens when it is absent.
    Delete {
        /// The key.
        key: Bytes,
    },
}

/// Writes that happen together, at one revision, if all conditions hold.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Txn {
    /// All must hold.
    pub compares: Vec<Compare>,
    /// Done in order.
    pub writes: Vec<Write>,
    /// When to acknowledge.
    pub durability: Durability,
}

/// What became of a transaction.
#[derive(Clone, Debug)]
pub enum TxnOutcome {
    /// Done, at this revision. A transaction that changed nothing (no write, or only deletes of absent keys)
    /// reports the current revision and makes none.
    Committed(Revision),
    /// A condition failed; nothing was written. The present value of each compared key, in their order.
    Conflict(Vec<Option<KeyValue>>),
}

/// Names a lease.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct LeaseId(pub i64);

/// One change of one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// The key.
    pub key: Bytes,
    /// The transaction that did it.
    pub revision: Revision,
    /// The new value; `None`: deleted.
    pub current: Option<KeyValue>,
    /// The key's value just before; `None`: it did not exist, it was compacted away, or the engine was told to
    /// leave it out.
    pub previous: Option<KeyValue>,
}

/// What to watch.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WatchRequest {
    /// First key.
    pub start: Bytes,
    /// One past the last key.
    pub end: Bytes,
    /// Events with a revision above this one.
    pub after: Revision,
}

/// What a watch delivers.
#[derive(Clone, Debug)]
pub enum WatchItem {
    /// All events of one or more whole revisions, in order: a revision is never split over two items.
    Events(Vec<Event>),
    /// Every event up to and with this revision has been delivered.
    Progress(Revision),
}

/// A running watch; dropping it ends it.
#[async_trait]
pub trait Watch: Send {
    /// The next item. Errors end the watch: [`StoreError::Compacted`] when it fell behind history or started
    /// too early, [`StoreError::Closed`] when the store stops. Safe to cancel: no item is lost.
    async fn next(&mut self) -> Result<WatchItem, StoreError>;

    /// Asks for a [`WatchItem::Progress`] as soon as all events up to now have been delivered.
    async fn request_progress(&mut self) -> Result<(), StoreError>;
}

/// Why a store did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The revision is older than kept history.
    #[error("revision {requested} is compacted, the oldest kept is {oldest}")]
    Compacted {
        /// What was asked for.
        requested: Revision,
        /// The oldest that can be had.
        oldest: Revision,
    },
    /// The revision does not exist yet (or lies in the gap that an unclean stop left).
    #[error("revision {requested} is in the future, the newest is {newest}")]
    Future {
        /// What was asked for.
        requested: Revision,
        /// The newest there is.
        newest: Revision,
    },
    /// No such lease.
    #[error("lease {0:?} not found")]
    LeaseNotFound(LeaseId),
    /// The engine refuses the transaction as malformed (a key written twice, too large).
    #[error("malformed transaction: {0}")]
    Malformed(&'static str),
    /// The disk or the network failed; whether the write happened is unknown. After a disk error the engine
    /// refuses all further writes.
    #[error("store unavailable")]
    Unavailable(#[source] std::sync::Arc<std::io::Error>),
    /// No room is left; reads go on.
    #[error("etcdserver: mvcc: database space exceeded")]
    Full,
    /// The store is stopping.
    #[error("store is closed")]
    Closed,
}

/// A store with etcd v3's semantics.
///
/// Promises, for every engine (see `conformance`): revisions rise by one a committed transaction and never
/// repeat; nothing is visible to a read or a watch before it is as durable as its class promises; reads at a
/// revision are stable; watches are ordered, unique, atomic, reliable, resumable and bookmarkable.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// The newest revision that is known here: all that was committed, read or watched through this store has it
    /// or an older one.
    fn revision(&self) -> Revision;

    /// The newest revision that is acknowledged to anyone, also to those who write to the same store from
    /// elsewhere.
    async fn newest(&self) -> Result<Revision, StoreError> {
        Ok(self.revision())
    }

    /// Whether others write to the same store, and compact it.
    fn is_shared(&self) -> bool {
        false
    }

    /// The oldest revision that `range` and `watch` still accept, as far as it is known here.
    fn oldest(&self) -> Revision;

    /// Reads a range.
    async fn range(&self, range: Range) -> Result<RangeResult, StoreError>;

    /// Commits a transaction. When the returned future is dropped, the transaction may still happen.
    async fn commit(&self, txn: Txn) -> Result<TxnOutcome, StoreError>;

    /// Starts a watch. `after` below [`Store::oldest`] gives [`StoreError::Compacted`].
    async fn watch(&self, request: WatchRequest) -> Result<Box<dyn Watch>, StoreError>;

    /// Forgets history below `revision`, which itself stays readable.
    async fn compact(&self, revision: Revision) -> Result<(), StoreError>;

    /// Grants a lease of `ttl_s` seconds.
    async fn lease_grant(&self, ttl_s: i64) -> Result<LeaseId, StoreError>;

    /// Starts the lease's time anew.
    async fn lease_keep_alive(&self, lease: LeaseId) -> Result<(), StoreError>;

    /// Ends a lease and deletes its keys.
    async fn lease_revoke(&self, lease: LeaseId) -> Result<(), StoreError>;

    /// Whether the store answers reads.
    async fn check(&self) -> Result<(), StoreError> {
        self.size().await.map(drop)
    }

    /// Bytes held on disk (or in memory, for an engine without one).
    async fn size(&self) -> Result<u64, StoreError>;

    /// Stops: waits for what was accepted, then refuses.
    async fn close(&self) -> Result<(), StoreError>;
}
