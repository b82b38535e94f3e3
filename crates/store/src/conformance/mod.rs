//! What every engine must do, as named checks on the trait; each takes a fresh, empty store.
//!
//! The watch promises are those of etcd's robustness tests: ordered, unique, atomic, reliable, resumable,
//! bookmarkable.

mod lease;
mod range;
mod txn;
mod watch;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::api::{
    Compare, Event, KeyValue, LeaseId, Range, RangeResult, Revision, Store, StoreError, Txn, TxnOutcome,
    Watch, WatchItem, WatchRequest, Write,
};

/// A named check; it panics when the store does not do as it must.
pub type Check = (&'static str, fn(Arc<dyn Store>) -> Pin<Box<dyn Future<Output = ()> + Send>>);

/// Nothing that is awaited takes longer.
const DEADLINE: Duration = Duration::from_secs(20);

macro_rules! checks {
    ($($module:ident::$name:ident),* $(,)?) => {
        /// All checks.
        pub const CHECKS: &[Check] =
            &[$((stringify!($name), |store| Box::pin($module::$name(store)))),*];
    };
}

checks![
    txn::commits_take_rising_revisions,
    txn::conditions_guard_writes,
    txn::a_conflict_tells_present_values,
    txn::a_transaction_without_change_makes_no_revision,
    txn::versions_count_since_creation,
    txn::malformed_transactions_are_refused,
    txn::concurrent_increments_are_not_lost,
    txn::a_closed_store_refuses,
    range::a_range_has_its_keys_in_order,
    range::limit_leaves_the_count_whole,
    range::reads_at_a_revision_are_stable,
    range::paging_at_a_revision_sees_one_state,
    range::a_future_revision_is_refused,
    range::compaction_forgets_what_is_below,
    watch::events_are_ordered_unique_atomic_and_reliable,
    watch::a_watch_resumes_behind_any_revision,
    watch::events_carry_previous_values,
    watch::progress_comes_after_all_earlier_events,
    watch::a_slow_watch_is_served_from_history,
    watch::an_idle_watch_outlives_compaction,
    watch::a_watch_behind_compaction_ends,
    watch::a_watch_from_the_future_is_refused,
    watch::a_watch_sees_only_its_range,
    watch::a_dropped_wait_loses_nothing,
    watch::closing_ends_watches,
    lease::a_lease_takes_its_keys_along,
    lease::a_lease_kept_alive_stays,
    lease::a_revoked_lease_is_gone,
    lease::a_key_written_anew_leaves_its_lease,
    lease::unknown_leases_are_refused,
];

/// Runs all checks, each on a store of its own.
pub async fn run<F>(make: impl Fn() -> F)
where
    F: Future<Output = Arc<dyn Store>>,
{
    for (name, check) in CHECKS {
        tracing::debug!(name, "Conformance check begins.");
        let outcome = tokio::spawn(check(make().await)).await;
        if let Err(error) = outcome {
            panic!("conformance check {name} failed: {error}");
        }
    }
}

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

fn put(key: &str, value: &str) -> Write {
    Write::Put { key: bytes(key), value: bytes(value), lease: None }
}

fn delete(key: &str) -> Write {
    Write::Delete { key: bytes(key) }
}

fn when(key: &str, expected: Option<Revision>) -> Compare {
    Compare::ModRevision { key: bytes(key), expected }
}

/// Commits without condition.
async fn write(store: &dyn Store, writes: Vec<Write>) -> Revision {
    match store.commit(Txn { writes, ..Txn::default() }).await.expect("commit") {
        TxnOutcome::Committed(revision) => revision,
        TxnOutcome::Conflict(_) => panic!("conflict without a condition"),
    }
}

fn request(start: &str, end: &str) -> Range {
    Range { start: bytes(start), end: Some(bytes(end)), at: None, limit: 0 }
}

/// All keys used here, at a revision or now.
async fn all(store: &dyn Store, at: Option<Revision>) -> Vec<KeyValue> {
    store.range(Range { at, ..request("a", "z") }).await.expect("range").entries
}

async fn get(store: &dyn Store, key: &str) -> Option<KeyValue> {
    let range = Range { start: bytes(key), end: None, at: None, limit: 0 };
    store.range(range).await.expect("range").entries.pop()
}

async fn watch(store: &dyn Store, after: Revision) -> Box<dyn Watch> {
    let request = WatchRequest { start: bytes("a"), end: bytes("z"), after };
    store.watch(request).await.expect("watch")
}

async fn next(watch: &mut dyn Watch) -> Result<WatchItem, StoreError> {
    tokio::time::timeout(DEADLINE, watch.next()).await.expect("an item before the deadline")
}

/// Reads until an event of `last` or a later revision has come.
async fn events_up_to(watch: &mut dyn Watch, last: Revision) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    while events.last().is_none_or(|event| event.revision < last) {
        match next(watch).await.expect("watch item") {
            WatchItem::Events(more) => events.extend(more),
            WatchItem::Progress(_) => {}
        }
    }
    events
}

fn keys(result: &RangeResult) -> Vec<&[u8]> {
    result.entries.iter().map(|entry| &entry.key[..]).collect()
}
