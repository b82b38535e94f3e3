//! Transactions.

use super::*;

pub(super) async fn commits_take_rising_revisions(store: Arc<dyn Store>) {
    let start = store.revision();
    for step in 1..=5 {
        let revision = write(&*store, vec![put("k", "v")]).await;
        assert_eq!(revision.get(), start.get() + step);
        assert_eq!(store.revision(), revision, "visible once acknowledged");
    }
}

pub(super) async fn conditions_guard_writes(store: Arc<dyn Store>) {
    let first = write(&*store, vec![put("a", "1")]).await;
    let check = async |compares: Vec<Compare>, expect: bool| {
        let txn = Txn { compares, writes: vec![put("b", "2")], ..Txn::default() };
        let committed = matches!(store.commit(txn).await.expect("commit"), TxnOutcome::Committed(_));
        assert_eq!(committed, expect);
    };
    check(vec![when("a", None)], false).await;
    check(vec![when("a", Some(first.next()))], false).await;
    assert_eq!(get(&*store, "b").await, None);
    check(vec![when("a", Some(first)), when("b", None)], true).await;
    check(vec![when("a", Some(first)), when("b", None)], false).await;
    write(&*store, vec![delete("a")]).await;
    check(vec![when("a", Some(first))], false).await;
    check(vec![when("a", None)], true).await;
}

pub(super) async fn a_conflict_tells_present_values(store: Arc<dyn Store>) {
    let first = write(&*store, vec![put("a", "1")]).await;
    let compares = vec![when("a", Some(first)), when("b", Some(first)), when("c", None)];
    match store.commit(Txn { compares, ..Txn::default() }).await.expect("commit") {
        TxnOutcome::Conflict(present) => assert_eq!(present, [get(&*store, "a").await, None, None]),
        TxnOutcome::Committed(_) => panic!("the condition on b does not hold"),
    }
}

pub(super) async fn a_transaction_without_change_makes_no_revision(store: Arc<dyn Store>) {
    let now = write(&*store, vec![put("a", "1")]).await;
    assert_eq!(write(&*store, vec![]).await, now);
    assert_eq!(write(&*store, vec![delete("b"), delete("c")]).await, now);
    assert_eq!(store.revision(), now);
    assert_eq!(write(&*store, vec![put("a", "1")]).await, now.next(), "the same value is a write");
    assert_eq!(write(&*store, vec![delete("b"), delete("a")]).await, now.next().next());
}

pub(super) async fn versions_count_since_creation(store: Arc<dyn Store>) {
    let check = async |create_revision: Revision, mod_revision: Revision, version: u64| {
        let entry = get(&*store, "k").await.expect("it exists");
        assert_eq!(
            (entry.create_revision, entry.mod_revision, entry.version),
            (create_revision, mod_revision, version)
        );
    };
    let first = write(&*store, vec![put("k", "1")]).await;
    check(first, first, 1).await;
    let second = write(&*store, vec![put("k", "2")]).await;
    check(first, second, 2).await;
    write(&*store, vec![delete("k")]).await;
    assert_eq!(get(&*store, "k").await, None);
    let third = write(&*store, vec![put("k", "3"), put("l", "3")]).await;
    check(third, third, 1).await;
}

pub(super) async fn malformed_transactions_are_refused(store: Arc<dyn Store>) {
    let before = store.revision();
    let check = async |writes: Vec<Write>| {
        let result = store.commit(Txn { writes, ..Txn::default() }).await;
        assert!(matches!(result, Err(StoreError::Malformed(_))), "{result:?}");
    };
    check(vec![put("a", "1"), put("a", "2")]).await;
    check(vec![put("a", "1"), delete("a")]).await;
    check(vec![put("", "1")]).await;
    check(vec![put("a", &"x".repeat(crate::TXN_BYTES_MAX))]).await;
    assert_eq!(store.revision(), before);
}

pub(super) async fn concurrent_increments_are_not_lost(store: Arc<dyn Store>) {
    const TASKS: u64 = 8;
    const ROUNDS: u64 = 10;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..TASKS {
        let store = store.clone();
        tasks.spawn(async move {
            let mut done = 0;
            while done < ROUNDS {
                let present = get(&*store, "n").await;
                let number: u64 = present.as_ref().map_or(0, |entry| {
                    std::str::from_utf8(&entry.value).expect("text").parse().expect("a number")
                });
                let compares = vec![when("n", present.map(|entry| entry.mod_revision))];
                let writes = vec![put("n", &(number + 1).to_string())];
                let outcome = store.commit(Txn { compares, writes, ..Txn::default() }).await;
                done += u64::from(matches!(outcome.expect("commit"), TxnOutcome::Committed(_)));
            }
        });
    }
    tokio::time::timeout(DEADLINE, tasks.join_all()).await.expect("in time");
    let entry = get(&*store, "n").await.expect("it exists");
    assert_eq!(entry.value, bytes(&(TASKS * ROUNDS).to_string()));
    assert_eq!(entry.version, TASKS * ROUNDS);
}

pub(super) async fn a_closed_store_refuses(store: Arc<dyn Store>) {
    write(&*store, vec![put("a", "1")]).await;
    store.close().await.expect("close");
    store.close().await.expect("closing again is no error");
    let result = store.commit(Txn { writes: vec![put("a", "2")], ..Txn::default() }).await;
    assert!(matches!(result, Err(StoreError::Closed)), "{result:?}");
    assert!(matches!(store.range(request("a", "z")).await, Err(StoreError::Closed)));
    assert!(matches!(store.compact(store.revision()).await, Err(StoreError::Closed)));
    assert!(matches!(store.lease_grant(10).await, Err(StoreError::Closed)));
}
