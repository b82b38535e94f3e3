//! Leases; they follow tokio's time, which the caller may have paused.

use super::*;
use tokio::time::Instant;

async fn put_leased(store: &dyn Store, key: &str, lease: LeaseId) -> Result<Revision, StoreError> {
    let writes = vec![Write::Put { key: bytes(key), value: bytes("v"), lease: Some(lease) }];
    match store.commit(Txn { writes, ..Txn::default() }).await? {
        TxnOutcome::Committed(revision) => Ok(revision),
        TxnOutcome::Conflict(_) => panic!("conflict without a condition"),
    }
}

#[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
fn now() -> Instant {
    Instant::now()
}

pub(super) async fn a_lease_takes_its_keys_along(store: Arc<dyn Store>) {
    let granted = now();
    let lease = store.lease_grant(1).await.expect("grant");
    put_leased(&*store, "a", lease).await.expect("put");
    let last = put_leased(&*store, "b", lease).await.expect("put");
    write(&*store, vec![put("c", "stays")]).await;
    let mut watch = watch(&*store, last.next()).await;
    let WatchItem::Events(events) = next(&mut *watch).await.expect("item") else {
        panic!("no progress asked")
    };
    assert!(now() - granted >= Duration::from_secs(1), "not before its time");
    assert_eq!(events.len(), 2, "both at one revision");
    assert!(events.iter().all(|event| event.current.is_none() && event.previous.is_some()));
    assert_eq!(events[0].revision, events[1].revision);
    assert_eq!(all(&*store, None).await.len(), 1);
    // The keys go first, then the lease itself.
    let gone = async {
        while store.lease_keep_alive(lease).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(DEADLINE, gone).await.expect("the lease ends");
}

pub(super) async fn a_lease_kept_alive_stays(store: Arc<dyn Store>) {
    let lease = store.lease_grant(1).await.expect("grant");
    put_leased(&*store, "a", lease).await.expect("put");
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        store.lease_keep_alive(lease).await.expect("keep alive");
    }
    assert!(get(&*store, "a").await.is_some());
    let mut watch = watch(&*store, store.revision()).await;
    let item = next(&mut *watch).await.expect("item");
    assert!(matches!(item, WatchItem::Events(events) if events[0].current.is_none()));
}

pub(super) async fn a_revoked_lease_is_gone(store: Arc<dyn Store>) {
    let lease = store.lease_grant(3600).await.expect("grant");
    put_leased(&*store, "a", lease).await.expect("put");
    write(&*store, vec![put("b", "stays")]).await;
    store.lease_revoke(lease).await.expect("revoke");
    assert_eq!(get(&*store, "a").await, None);
    assert!(get(&*store, "b").await.is_some());
    for result in [store.lease_keep_alive(lease).await, store.lease_revoke(lease).await] {
        assert!(matches!(result, Err(StoreError::LeaseNotFound(id)) if id == lease), "{result:?}");
    }
    let next = store.lease_grant(3600).await.expect("grant");
    assert_ne!(next, lease, "lease numbers are not used again");
}

pub(super) async fn a_key_written_anew_leaves_its_lease(store: Arc<dyn Store>) {
    let one = store.lease_grant(3600).await.expect("grant");
    let other = store.lease_grant(3600).await.expect("grant");
    for key in ["a", "b", "c"] {
        put_leased(&*store, key, one).await.expect("put");
    }
    write(&*store, vec![put("a", "without"), delete("c")]).await;
    put_leased(&*store, "b", other).await.expect("put");
    write(&*store, vec![put("c", "created anew")]).await;
    store.lease_revoke(one).await.expect("revoke");
    assert_eq!(all(&*store, None).await.len(), 3);
    store.lease_revoke(other).await.expect("revoke");
    assert_eq!(get(&*store, "b").await, None);
}

pub(super) async fn unknown_leases_are_refused(store: Arc<dyn Store>) {
    let unknown = LeaseId(4711);
    let before = store.revision();
    let result = put_leased(&*store, "a", unknown).await;
    assert!(matches!(result, Err(StoreError::LeaseNotFound(id)) if id == unknown), "{result:?}");
    assert_eq!(store.revision(), before);
    for ttl_s in [0, -1, i64::MAX] {
        assert!(matches!(store.lease_grant(ttl_s).await, Err(StoreError::Malformed(_))));
    }
}
