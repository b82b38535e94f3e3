//! Damaged files: refused, or an exact state of the past; never a panic, never something that was not written.

use std::sync::Arc;

use bytes::Bytes;

use crate::chance::Chance;
use crate::tests::model::{Model, random_txn, read};
use crate::*;

/// A store of some hundred transactions, closed or not, and its model.
async fn prepare(seed: u64, closed: bool) -> (SimDisk, Model) {
    let disk = SimDisk::new();
    let mut chance = Chance::new(seed);
    let mut model = Model::new();
    // One checkpoint and log behind it.
    let config = Config { checkpoint_bytes: 4096, ..Config::default() };
    let store = EmbeddedStore::open_on(Arc::new(disk.clone()), config).await.unwrap();
    for _ in 0..100 {
        let txn = Txn { durability: Durability::Synced, ..random_txn(&mut chance, &model) };
        if let TxnOutcome::Committed(revision) = store.commit(txn.clone()).await.unwrap()
            && revision.get() > model.newest().0
        {
            model.apply(&txn.writes, revision);
        }
    }
    if closed {
        store.close().await.unwrap();
    }
    drop(store);
    (disk, model)
}

/// Damages a file; true when it was only cut short, which no file can tell from a torn write.
fn damage(bytes: &mut Vec<u8>, chance: &mut Chance) -> bool {
    let at = chance.below(bytes.len());
    let kind = chance.below(5);
    match kind {
        0 => bytes[at] ^= 1 << chance.below(8),
        1 => bytes[at] = chance.next() as u8,
        2 => bytes.truncate(at),
        3 => {
            let end = (at + 1 + chance.below(600)).min(bytes.len());
            bytes[at..end].fill(0);
        }
        _ => {
            let from = chance.below(bytes.len());
            let count = chance.below(300).min(bytes.len() - at.max(from));
            bytes.copy_within(from..from + count, at);
        }
    }
    kind == 2
}

async fn check(closed: bool) {
    let mut refused = 0;
    let mut whole = 0;
    let mut earlier = 0;
    for seed in 0..40 {
        let (disk, model) = prepare(seed % 4, closed).await;
        let names = disk.list().unwrap();
        let mut chance = Chance::new(seed);
        for _ in 0..50 {
            let damaged = disk.after_power_loss(Survives::Everything);
            let name = &names[chance.below(names.len())];
            let mut cut_short = false;
            damaged.damage(name, |bytes| cut_short = damage(bytes, &mut chance)).unwrap();
            let Ok(store) = EmbeddedStore::open_on(Arc::new(damaged), Config::default()).await else {
                refused += 1;
                continue;
            };
            let revision = store.revision();
            let expect = model.states.get(&revision.get()).expect("a state that was");
            assert_eq!(read(&store, None).await.unwrap(), expect.values().cloned().collect::<Vec<_>>());
            match revision.get() == model.newest().0 {
                true => whole += 1,
                false => earlier += usize::from(!cut_short),
            }
            // The next revision was never used, whatever was lost.
            let (key, value) = (Bytes::from_static(b"k"), Bytes::new());
            let writes = vec![Write::Put { key, value, lease: None }];
            store.commit(Txn { writes, ..Txn::default() }).await.unwrap();
            assert!(store.revision().get() > model.newest().0);
        }
    }
    assert!(refused > 0 && whole > 0, "{refused} refused, {whole} whole, {earlier} earlier");
    if closed {
        // The mark of the close proves it, unless the damage took that with the last transactions.
        assert!(earlier * 50 < refused, "{refused} refused, {whole} whole, {earlier} earlier");
    }
}

#[tokio::test(start_paused = true)]
async fn damage_to_an_unclosed_store_yields_no_wrong_data() {
    check(false).await;
}

#[tokio::test(start_paused = true)]
async fn damage_to_a_closed_store_yields_no_wrong_data() {
    check(true).await;
}

#[tokio::test]
async fn a_missing_file_is_noticed() {
    let (disk, _) = prepare(1, true).await;
    for name in disk.list().unwrap() {
        let damaged = disk.after_power_loss(Survives::Everything);
        damaged.remove(&name).unwrap();
        let result = EmbeddedStore::open_on(Arc::new(damaged), Config::default()).await;
        assert!(matches!(result, Err(OpenError::Missing { .. })), "{name}: {result:?}");
    }
}

#[tokio::test]
async fn a_newer_format_is_refused() {
    let (disk, _) = prepare(1, true).await;
    for name in disk.list().unwrap() {
        let damaged = disk.after_power_loss(Survives::Everything);
        damaged
            .damage(&name, |bytes| {
                bytes[8] = 2;
                bytes[12..16].fill(0);
                let checksum = crc32c::crc32c(&bytes[..32]);
                bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
            })
            .unwrap();
        let result = EmbeddedStore::open_on(Arc::new(damaged), Config::default()).await;
        assert!(matches!(result, Err(OpenError::TooNew { version: 2, .. })), "{name}: {result:?}");
    }
}
