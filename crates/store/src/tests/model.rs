//! Random operations beside a naive model that copies everything at each revision.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use crate::chance::Chance;
use crate::*;

/// All keys at a revision.
pub(super) type Keys = BTreeMap<Bytes, KeyValue>;

/// The store as one would explain it.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    /// What each revision looked like.
    pub(super) states: BTreeMap<u64, Keys>,
    /// The keys that each revision wrote, in order.
    changes: BTreeMap<u64, Vec<Bytes>>,
}

impl Model {
    pub(super) fn new() -> Self {
        Self { states: BTreeMap::from([(1, Keys::new())]), changes: BTreeMap::new() }
    }

    pub(super) fn newest(&self) -> (u64, &Keys) {
        let (revision, keys) = self.states.last_key_value().expect("the first state");
        (*revision, keys)
    }

    pub(super) fn holds(&self, txn: &Txn) -> bool {
        txn.compares.iter().all(|Compare::ModRevision { key, expected }| {
            self.newest().1.get(key).map(|entry| entry.mod_revision) == *expected
        })
    }

    /// Does the writes at a revision that the store chose.
    pub(super) fn apply(&mut self, writes: &[Write], revision: Revision) {
        let mut keys = self.newest().1.clone();
        let mut changed = Vec::new();
        for write in writes {
            match write {
                Write::Put { key, value, .. } => {
                    let old = keys.get(key);
                    let entry = KeyValue {
                        key: key.clone(),
                        value: value.clone(),
                        create_revision: old.map_or(revision, |old| old.create_revision),
                        mod_revision: revision,
                        version: old.map_or(1, |old| old.version + 1),
                    };
                    keys.insert(key.clone(), entry);
                    changed.push(key.clone());
                }
                Write::Delete { key } => {
                    if keys.remove(key).is_some() {
                        changed.push(key.clone());
                    }
                }
            }
        }
        self.states.insert(revision.get(), keys);
        self.changes.insert(revision.get(), changed);
    }

    /// The events above a revision.
    fn events_after(&self, after: u64) -> Vec<Event> {
        let changes = self.changes.range(after + 1..);
        let events = changes.flat_map(|(revision, keys)| {
            let before = self.states.range(..revision).next_back().expect("an earlier state").1;
            let now = &self.states[revision];
            keys.iter().map(move |key| Event {
                key: key.clone(),
                revision: Revision::new(*revision).expect("above 0"),
                current: now.get(key).cloned(),
                previous: before.get(key).cloned(),
            })
        });
        events.collect()
    }
}

pub(super) fn random_txn(chance: &mut Chance, model: &Model) -> Txn {
    let mut txn = Txn::default();
    let mut used = Vec::new();
    for _ in 0..=chance.below(4) {
        let key = Bytes::from(format!("k{}", chance.below(12)));
        if used.contains(&key) {
            continue;
        }
        used.push(key.clone());
        if chance.below(4) == 0 {
            let present = model.newest().1.get(&key).map(|entry| entry.mod_revision);
            let expected = if chance.below(4) == 0 { Revision::new(2) } else { present };
            txn.compares.push(Compare::ModRevision { key: key.clone(), expected });
        }
        txn.writes.push(match chance.below(4) {
            0 => Write::Delete { key },
            _ => {
                let value = format!("{:x}", chance.next()).repeat(1 + chance.below(8)).into();
                Write::Put { key, value, lease: None }
            }
        });
    }
    if chance.below(3) == 0 {
        txn.durability = Durability::Logged;
    }
    txn
}

pub(super) async fn read(store: &dyn Store, at: Option<Revision>) -> Result<Vec<KeyValue>, StoreError> {
    let range = Range { start: Bytes::from_static(b"a"), end: Some(Bytes::from_static(b"z")), at, limit: 0 };
    store.range(range).await.map(|result| result.entries)
}

/// Commits one random transaction and compares.
async fn commit(store: &dyn Store, model: &mut Model, chance: &mut Chance) {
    let txn = random_txn(chance, model);
    let holds = model.holds(&txn);
    match store.commit(txn.clone()).await.unwrap() {
        TxnOutcome::Committed(revision) => {
            assert!(holds);
            if revision.get() > model.newest().0 {
                model.apply(&txn.writes, revision);
            } else {
                assert_eq!(revision.get(), model.newest().0);
                let absent = |write: &Write| match write {
                    Write::Delete { key } => !model.newest().1.contains_key(key),
                    Write::Put { .. } => false,
                };
                assert!(txn.writes.iter().all(absent), "nothing was changed");
            }
        }
        TxnOutcome::Conflict(present) => {
            assert!(!holds);
            let keys = txn.compares.iter().map(|Compare::ModRevision { key, .. }| key);
            let expect: Vec<_> = keys.map(|key| model.newest().1.get(key).cloned()).collect();
            assert_eq!(present, expect);
        }
    }
}

/// Reads at a random revision and compares, refusals too.
async fn check_read(store: &dyn Store, model: &Model, chance: &mut Chance) {
    let newest = model.newest().0;
    let at = 1 + chance.below(newest as usize + 1) as u64;
    let result = read(store, Revision::new(at)).await;
    if at < store.oldest().get() {
        assert!(matches!(result, Err(StoreError::Compacted { .. })), "{result:?}");
    } else if let Some(keys) = model.states.get(&at) {
        assert_eq!(result.unwrap(), keys.values().cloned().collect::<Vec<_>>(), "at {at}");
    } else {
        assert!(matches!(result, Err(StoreError::Future { .. })), "{at}: {result:?}");
    }
}

/// Watches from a random kept revision to now and compares.
async fn check_watch(store: &dyn Store, model: &Model, chance: &mut Chance) {
    let kept: Vec<u64> = model.states.range(store.oldest().get()..).map(|(revision, _)| *revision).collect();
    let after = kept[chance.below(kept.len())];
    let request = WatchRequest {
        start: Bytes::from_static(b"a"),
        end: Bytes::from_static(b"z"),
        after: Revision::new(after).unwrap(),
    };
    let mut watch = store.watch(request).await.unwrap();
    watch.request_progress().await.unwrap();
    let mut events = Vec::new();
    while let WatchItem::Events(more) = watch.next().await.unwrap() {
        events.extend(more);
    }
    assert_eq!(events, model.events_after(after), "after {after}");
}

async fn run(mut store: Arc<dyn Store>, disk: Option<(Arc<SimDisk>, Config)>, seed: u64) {
    let mut chance = Chance::new(seed);
    let mut model = Model::new();
    for _ in 0..400 {
        match chance.below(20) {
            0..12 => commit(&*store, &mut model, &mut chance).await,
            12..15 => check_read(&*store, &model, &mut chance).await,
            15..17 => check_watch(&*store, &model, &mut chance).await,
            17 => {
                let kept: Vec<u64> = model.states.keys().copied().collect();
                let revision = Revision::new(kept[chance.below(kept.len())]).unwrap();
                let result = store.compact(revision).await;
                assert!(matches!(result, Ok(()) | Err(StoreError::Compacted { .. })), "{result:?}");
            }
            18 => {
                let entries = read(&*store, None).await.unwrap();
                assert_eq!(entries, model.newest().1.values().cloned().collect::<Vec<_>>());
            }
            _ => {
                let Some((disk, config)) = &disk else { continue };
                if chance.flip() {
                    store.close().await.unwrap();
                }
                drop(store);
                store = Arc::new(EmbeddedStore::open_on(disk.clone(), config.clone()).await.unwrap());
                assert_eq!(store.revision().get(), model.newest().0);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn memory_behaves_as_the_model() {
    for seed in 0..100 {
        run(Arc::new(MemoryStore::new()), None, seed).await;
    }
}

#[tokio::test(start_paused = true)]
async fn embedded_behaves_as_the_model_over_restarts() {
    for seed in 0..100 {
        let disk = Arc::new(SimDisk::new());
        let config = Config { checkpoint_bytes: 2048, ..Config::default() };
        let store = EmbeddedStore::open_on(disk.clone(), config.clone()).await.unwrap();
        run(Arc::new(store), Some((disk, config)), seed).await;
    }
}
