//! Power cut at every sync of a run, with all, some or none of the unsynced data surviving.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::chance::Chance;
use crate::tests::model::{Model, random_txn, read};
use crate::*;

/// What clients know when power goes.
#[derive(Default)]
struct Known {
    model: Model,
    /// The newest write acknowledged as on disk.
    synced: u64,
    /// The newest revision that anyone was told of.
    seen: u64,
    /// Sent, but without an answer: it may have happened.
    unanswered: Option<Txn>,
    leases: Vec<LeaseId>,
}

fn config() -> Config {
    Config { checkpoint_bytes: 1024, reservation: 8, ..Config::default() }
}

/// Runs transactions until `steps` are done or the disk fails.
async fn work(store: &EmbeddedStore, known: &mut Known, chance: &mut Chance, steps: usize) {
    for step in 0..steps {
        if step % 10 == 9 {
            match store.lease_grant(3600).await {
                Ok(lease) => {
                    assert!(!known.leases.contains(&lease), "a lease number was used twice");
                    known.leases.push(lease);
                }
                Err(StoreError::Unavailable(_)) => return,
                Err(other) => panic!("{other}"),
            }
        }
        if step % 16 == 15 {
            let middle = known.model.states.len() / 2;
            let revision = *known.model.states.keys().nth(middle).expect("the middle");
            match store.compact(Revision::new(revision).expect("above 0")).await {
                Ok(()) | Err(StoreError::Compacted { .. }) => {}
                Err(StoreError::Unavailable(_)) => return,
                Err(other) => panic!("{other}"),
            }
        }
        let txn = random_txn(chance, &known.model);
        match store.commit(txn.clone()).await {
            Ok(TxnOutcome::Committed(revision)) => {
                if revision.get() > known.model.newest().0 {
                    assert!(revision.get() > known.seen, "a revision was used twice");
                    known.model.apply(&txn.writes, revision);
                    known.seen = revision.get();
                    if txn.durability == Durability::Synced {
                        known.synced = revision.get();
                    }
                }
            }
            Ok(TxnOutcome::Conflict(_)) => {}
            Err(StoreError::Unavailable(_)) => {
                known.unanswered = Some(txn);
                return;
            }
            Err(other) => panic!("{other}"),
        }
    }
}

/// The recovered store must be a prefix of what was done, with everything acknowledged as on disk; the model
/// then forgets what was lost.
async fn check(store: &EmbeddedStore, known: &mut Known, survives: Survives) {
    let revision = store.revision();
    if let Some(txn) = known.unanswered.take()
        && revision.get() > known.model.newest().0
    {
        known.model.apply(&txn.writes, revision);
    }
    assert!(revision.get() >= known.synced, "an acknowledged write is lost");
    if survives == Survives::Everything {
        assert!(revision.get() >= known.seen, "the end of a process alone loses nothing");
    }
    assert!(known.model.states.contains_key(&revision.get()), "revision {revision} never was");
    known.model.states.retain(|at, _| *at <= revision.get());
    let kept: BTreeMap<_, _> = known.model.states.range(store.oldest().get()..).collect();
    for (at, keys) in kept {
        let entries = read(store, Revision::new(*at)).await.expect("a kept revision");
        assert_eq!(entries, keys.values().cloned().collect::<Vec<_>>(), "at {at}");
    }
    known.synced = revision.get();
    known.seen = known.seen.max(revision.get());
}

/// One run cut at one sync, and another cut in what follows. False when the run ended before the cut.
async fn cut_at(sync: u64, survives: Survives, seed: u64) -> bool {
    let disk = Arc::new(SimDisk::new());
    let mut known = Known { model: Model::new(), synced: 1, seen: 1, ..Known::default() };
    let mut chance = Chance::new(seed);
    disk.cut_at_sync(sync);
    let opened = EmbeddedStore::open_on(disk.clone(), config()).await;
    if let Ok(store) = &opened {
        work(store, &mut known, &mut chance, 60).await;
    }
    let was_cut = disk.syncs() >= sync;
    drop(opened);

    // Power goes again, perhaps while the store is being opened.
    let again = Arc::new(disk.after_power_loss(survives));
    again.cut_at_sync(1 + sync % 9);
    let opened = EmbeddedStore::open_on(again.clone(), config()).await;
    if let Ok(store) = &opened {
        check(store, &mut known, survives).await;
        work(store, &mut known, &mut chance, 20).await;
    }
    drop(opened);

    let last = Arc::new(again.after_power_loss(survives));
    let store = EmbeddedStore::open_on(last, config()).await.expect("opens after any loss of power");
    check(&store, &mut known, survives).await;
    work(&store, &mut known, &mut chance, 20).await;
    was_cut
}

#[tokio::test(start_paused = true)]
async fn a_cut_at_any_sync_loses_nothing_acknowledged() {
    let mut kinds = vec![Survives::Nothing, Survives::Everything];
    kinds.extend((0..6).map(Survives::Some));
    for survives in kinds {
        for seed in 0..2 {
            let mut sync = 1;
            while cut_at(sync, survives, seed).await {
                sync += 1;
            }
            assert!(sync > 40, "the run has many syncs: {sync}");
        }
    }
}
