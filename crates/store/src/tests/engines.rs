//! The conformance suite on every engine, and what only the durable one does.

use std::sync::Arc;

use bytes::Bytes;

use crate::*;

fn put(key: &str, value: &str) -> Txn {
    let (key, value) = (Bytes::copy_from_slice(key.as_bytes()), Bytes::copy_from_slice(value.as_bytes()));
    Txn { writes: vec![Write::Put { key, value, lease: None }], ..Txn::default() }
}

#[tokio::test(start_paused = true)]
async fn memory_conforms() {
    conformance::run(async || Arc::new(MemoryStore::new()) as Arc<dyn Store>).await;
}

#[tokio::test(start_paused = true)]
async fn embedded_conforms_on_a_simulated_disk() {
    conformance::run(async || {
        let config = Config { checkpoint_bytes: 4096, ..Config::default() };
        let store = EmbeddedStore::open_on(Arc::new(SimDisk::new()), config).await.unwrap();
        Arc::new(store) as Arc<dyn Store>
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn embedded_conforms_on_a_real_disk() {
    let directory = tempfile::tempdir().unwrap();
    let count = std::sync::atomic::AtomicU32::new(0);
    conformance::run(async || {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = directory.path().join(number.to_string());
        Arc::new(EmbeddedStore::open(&path, Config::default()).await.unwrap()) as Arc<dyn Store>
    })
    .await;
}

#[tokio::test]
async fn a_store_is_opened_by_one_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(directory.path(), Config::default()).await.unwrap();
    let second = EmbeddedStore::open(directory.path(), Config::default()).await;
    assert!(matches!(second, Err(OpenError::InUse)), "{second:?}");
    store.close().await.unwrap();
    let store = EmbeddedStore::open(directory.path(), Config::default()).await.unwrap();
    drop(store);
    EmbeddedStore::open(directory.path(), Config::default()).await.unwrap();
}

#[tokio::test]
async fn a_clean_stop_leaves_no_gap_and_an_unclean_one_does() {
    let disk = Arc::new(SimDisk::new());
    let store = EmbeddedStore::open_on(disk.clone(), Config::default()).await.unwrap();
    store.commit(put("a", "1")).await.unwrap();
    let first = store.revision();
    store.close().await.unwrap();
    drop(store);

    let store = EmbeddedStore::open_on(disk.clone(), Config::default()).await.unwrap();
    assert_eq!(store.revision(), first);
    store.commit(put("a", "2")).await.unwrap();
    assert_eq!(store.revision(), first.next());
    drop(store);

    let store = EmbeddedStore::open_on(disk, Config::default()).await.unwrap();
    assert_eq!(store.revision(), first.next());
    store.commit(put("a", "3")).await.unwrap();
    let after = store.revision();
    assert!(after > first.next().next());
    // Revisions in the gap are refused, those at its edges are not.
    for (at, expect) in [(first.next(), true), (first.next().next(), false), (after, true)] {
        let (start, end) = (Bytes::from_static(b"a"), Some(Bytes::from_static(b"b")));
        let result = store.range(Range { start: start.clone(), end, at: Some(at), limit: 0 }).await;
        assert_eq!(result.is_ok(), expect, "{result:?}");
        let watch = store.watch(WatchRequest { start, end: Bytes::from_static(b"b"), after: at }).await;
        assert_eq!(watch.is_ok(), expect);
    }
}

#[tokio::test(start_paused = true)]
async fn logged_writes_are_synced_within_a_second() {
    let disk = Arc::new(SimDisk::new());
    let store = EmbeddedStore::open_on(disk.clone(), Config::default()).await.unwrap();
    let before = disk.syncs();
    for round in 0..100 {
        let txn = Txn { durability: Durability::Logged, ..put("a", &round.to_string()) };
        store.commit(txn).await.unwrap();
    }
    assert_eq!(disk.syncs(), before, "acknowledged without a sync");
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(disk.syncs(), before + 1);
    let survivor = Arc::new(disk.after_power_loss(Survives::Nothing));
    let recovered = EmbeddedStore::open_on(survivor, Config::default()).await.unwrap();
    assert_eq!(recovered.revision(), store.revision());
}

#[tokio::test]
async fn writers_that_wait_share_a_sync() {
    let disk = Arc::new(SimDisk::new());
    let store = Arc::new(EmbeddedStore::open_on(disk.clone(), Config::default()).await.unwrap());
    let before = disk.syncs();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..64 {
        let store = store.clone();
        tasks.spawn(async move { store.commit(put(&format!("k{number}"), "v")).await.unwrap() });
    }
    tasks.join_all().await;
    assert_eq!(disk.syncs(), before + 1);
}

#[tokio::test]
async fn after_a_disk_error_all_writes_are_refused() {
    let disk = Arc::new(SimDisk::new());
    let store = EmbeddedStore::open_on(disk.clone(), Config::default()).await.unwrap();
    store.commit(put("a", "1")).await.unwrap();
    let visible = store.revision();
    disk.cut_at_sync(disk.syncs() + 1);
    for _ in 0..2 {
        let result = store.commit(put("a", "2")).await;
        assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
    }
    assert_eq!(store.revision(), visible);
    let (start, end) = (Bytes::from_static(b"a"), None);
    let read = store.range(Range { start, end, at: None, limit: 0 }).await.unwrap();
    assert_eq!(&read.entries[0].value[..], b"1", "reads go on, and never show what may be lost");
    assert!(matches!(store.close().await, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn history_is_kept_within_its_limits() {
    let check = async |retention: Retention, kept_max: u64| {
        let config = Config { retention, ..Config::default() };
        let store = EmbeddedStore::open_on(Arc::new(SimDisk::new()), config).await.unwrap();
        for round in 0..500 {
            store.commit(put(&format!("k{}", round % 5), &"x".repeat(1000))).await.unwrap();
        }
        let kept = store.revision().get() - store.oldest().get();
        assert!(kept > kept_max / 2 && kept <= kept_max, "{kept}");
    };
    check(Retention { revisions: 100, ..Retention::default() }, 102).await;
    check(Retention { bytes: 100_000, ..Retention::default() }, 110).await;
    check(Retention::default(), 500).await;
}

#[tokio::test(start_paused = true)]
async fn history_is_forgotten_by_age() {
    let age = std::time::Duration::from_secs(160);
    let config = Config { retention: Retention { age, ..Retention::default() }, ..Config::default() };
    let store = EmbeddedStore::open_on(Arc::new(SimDisk::new()), config).await.unwrap();
    for _ in 0..400 {
        store.commit(put("a", "1")).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    let kept = store.revision().get() - store.oldest().get();
    assert!((150..=175).contains(&kept), "{kept}");
}

#[tokio::test(start_paused = true)]
async fn leases_outlive_a_stop_and_end_after_it() {
    let disk = Arc::new(SimDisk::new());
    let config = Config { checkpoint_bytes: 512, ..Config::default() };
    let store = EmbeddedStore::open_on(disk.clone(), config.clone()).await.unwrap();
    let lease = store.lease_grant(60).await.unwrap();
    let (key, value) = (Bytes::from_static(b"leased"), Bytes::from_static(b"v"));
    let writes = vec![Write::Put { key, value, lease: Some(lease) }];
    store.commit(Txn { writes, ..Txn::default() }).await.unwrap();
    for round in 0..50 {
        store.commit(put("other", &round.to_string())).await.unwrap();
    }
    store.close().await.unwrap();
    drop(store);
    let store = EmbeddedStore::open_on(disk, config).await.unwrap();
    let (start, end, after) = (Bytes::from_static(b"l"), Bytes::from_static(b"m"), store.revision());
    let mut watch = store.watch(WatchRequest { start, end, after }).await.unwrap();
    let item = tokio::time::timeout(std::time::Duration::from_secs(61), watch.next()).await.unwrap().unwrap();
    assert!(matches!(item, WatchItem::Events(events) if events[0].current.is_none()));
}

#[tokio::test]
async fn checkpoints_keep_the_log_short() {
    let directory = tempfile::tempdir().unwrap();
    let config = Config {
        checkpoint_bytes: 64 << 10,
        retention: Retention { revisions: 10, ..Retention::default() },
        ..Config::default()
    };
    let store = EmbeddedStore::open(directory.path(), config.clone()).await.unwrap();
    for round in 0..2000 {
        store.commit(put(&format!("k{}", round % 10), &"x".repeat(1000))).await.unwrap();
    }
    assert!(store.size().await.unwrap() < 1 << 20, "{:?}", store.size().await);
    store.close().await.unwrap();
    drop(store);
    let length: u64 = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum();
    assert!(length < 1 << 20, "{length}");
    let store = EmbeddedStore::open(directory.path(), config).await.unwrap();
    assert_eq!(store.revision().get(), 2001);
}
