//! Suite `store`: the durable engine beside a bare log on the same disk, opening, memory, watches.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use bytes::Bytes;
use mizzen_store::{
    Config, EmbeddedStore, EtcdConfig, EtcdStore, MemoryStore, Range, Store, Txn, WatchItem, WatchRequest,
    Write,
};
use mizzen_testkit::Etcd;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::bare_log::BareLog;
use crate::measure::{median, now, resident_bytes};
use crate::report::{self, Entry};

const VALUE_LEN: usize = 1024;

/// Runs the suite.
pub(crate) fn run(quick: bool) -> anyhow::Result<Vec<Entry>> {
    let scratch = tempfile::tempdir_in(report::directory()?)?;
    let runtime = Runtime::new()?;
    let keys = if quick { 20_000 } else { 100_000 };
    // First, while the process is small.
    let mut entries = vec![runtime.block_on(memory(keys))?];
    for writers in [1, 16, 64] {
        let rounds = if quick { 3 } else { 7 };
        let time = Duration::from_millis(if quick { 300 } else { 1000 });
        entries.push(runtime.block_on(puts(scratch.path(), writers, rounds, time))?);
    }
    let time = Duration::from_millis(if quick { 500 } else { 3000 });
    if etcd_is_installed() {
        for writers in [1, 64] {
            entries.push(runtime.block_on(beside_etcd(scratch.path(), writers, time))?);
        }
    } else {
        println!("etcd is not installed: `cargo xtask setup test` brings it");
    }
    entries.push(runtime.block_on(open(&scratch.path().join("open"), keys))?);
    entries.push(runtime.block_on(live_watch(if quick { 2_000 } else { 10_000 }))?);
    entries.push(runtime.block_on(replay(keys))?);
    Ok(entries)
}

fn key(number: usize) -> Bytes {
    format!("/registry/pods/default/web-{number:08}").into()
}

fn put(number: usize) -> Txn {
    let value = Bytes::from(vec![b'x'; VALUE_LEN]);
    Txn { writes: vec![Write::Put { key: key(number), value, lease: None }], ..Txn::default() }
}

/// Durable puts of 1 KiB a second; the bound is a bare log, in turns with it.
async fn puts(scratch: &Path, writers: usize, rounds: usize, time: Duration) -> anyhow::Result<Entry> {
    let (mut engine_rates, mut bare_rates) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let bare = Arc::new(BareLog::create(&scratch.join(format!("bare-{writers}-{round}")))?);
        let target = bare.clone();
        bare_rates.push(drive(writers, time, move |number| append_bare(target.clone(), number)).await?);
        bare.stop();
        let path = scratch.join(format!("puts-{writers}-{round}"));
        let store = Arc::new(EmbeddedStore::open(&path, Config::default()).await?);
        let target = store.clone();
        engine_rates.push(drive(writers, time, move |number| commit(target.clone(), number)).await?);
        store.close().await?;
        fs::remove_dir_all(&path)?;
    }
    let name = format!("durable puts of 1 KiB, {writers} writers");
    Ok(Entry::rate(name, median(engine_rates), "puts/s", median(bare_rates)).goal(0.8))
}

fn etcd_is_installed() -> bool {
    std::process::Command::new("etcd").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Durable puts of 1 KiB a second; the bound is an etcd on the same disk, through the engine that speaks to it.
async fn beside_etcd(scratch: &Path, writers: usize, time: Duration) -> anyhow::Result<Entry> {
    let server = Etcd::start_in(scratch)?;
    let etcd = Arc::new(EtcdStore::open(EtcdConfig::new(server.urls())).await?);
    let target = etcd.clone();
    let bound = drive(writers, time, move |number| commit(target.clone(), number)).await?;
    etcd.close().await?;
    drop(server);
    let path = scratch.join(format!("beside-etcd-{writers}"));
    let store = Arc::new(EmbeddedStore::open(&path, Config::default()).await?);
    let target = store.clone();
    let rate = drive(writers, time, move |number| commit(target.clone(), number)).await?;
    store.close().await?;
    fs::remove_dir_all(&path)?;
    let name = format!("durable puts of 1 KiB beside etcd's, {writers} writers");
    Ok(Entry::rate(name, rate, "puts/s", bound))
}

async fn append_bare(log: Arc<BareLog>, number: usize) -> anyhow::Result<()> {
    let key = key(number);
    let value = Bytes::from(vec![b'x'; VALUE_LEN]);
    log.append(&key, &value).await
}

async fn commit(store: Arc<impl Store>, number: usize) -> anyhow::Result<()> {
    store.commit(put(number)).await?;
    Ok(())
}

/// Calls a second that so many tasks make, each one after the other.
async fn drive<F>(
    writers: usize,
    time: Duration,
    call: impl Fn(usize) -> F + Clone + Send + 'static,
) -> anyhow::Result<f64>
where
    F: Future<Output = anyhow::Result<()>> + Send,
{
    let stop = Arc::new(AtomicBool::new(false));
    let start = now();
    let mut tasks = JoinSet::new();
    for writer in 0..writers {
        let (call, stop) = (call.clone(), stop.clone());
        tasks.spawn(async move {
            let mut done = 0;
            while !stop.load(Ordering::Relaxed) {
                call(writer * 1_000_000 + done).await?;
                done += 1;
            }
            anyhow::Ok(done)
        });
    }
    tokio::time::sleep(time).await;
    stop.store(true, Ordering::Relaxed);
    let mut done = 0;
    while let Some(task) = tasks.join_next().await {
        done += task??;
    }
    Ok(done as f64 / start.elapsed().as_secs_f64())
}

/// Commits so many keys with many writers.
async fn fill(store: Arc<dyn Store>, keys: usize) -> anyhow::Result<()> {
    const WRITERS: usize = 64;
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let store = store.clone();
        tasks.spawn(async move {
            for number in (writer..keys).step_by(WRITERS) {
                store.commit(put(number)).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok(())
}

/// Time to open; the bound is reading the same files.
async fn open(path: &Path, keys: usize) -> anyhow::Result<Entry> {
    let store = Arc::new(EmbeddedStore::open(path, Config::default()).await?);
    fill(store.clone(), keys).await?;
    store.close().await?;
    drop(store);
    let start = now();
    let mut bytes = 0;
    for entry in fs::read_dir(path)? {
        bytes += fs::read(entry?.path())?.len();
    }
    let bound = start.elapsed();
    ensure!(bytes > keys * VALUE_LEN, "the files hold all values");
    let start = now();
    let store = EmbeddedStore::open(path, Config::default()).await?;
    let opened = start.elapsed();
    let (start, end) = (Bytes::from_static(b"/"), Some(Bytes::from_static(b"0")));
    let found = store.range(Range { start, end, at: None, limit: 1 }).await?.count;
    ensure!(found == keys, "{found} keys after opening");
    store.close().await?;
    let name = format!("open with {keys} keys of 1 KiB");
    Ok(Entry::cost(name, opened.as_secs_f64() * 1e3, "ms", bound.as_secs_f64() * 1e3))
}

/// Resident memory for each key of the index; the bound is the bytes of key and value alone.
async fn memory(keys: usize) -> anyhow::Result<Entry> {
    let store = MemoryStore::new();
    let before = resident_bytes()?;
    for number in 0..keys {
        store.commit(put(number)).await?;
    }
    let grown = resident_bytes()?.saturating_sub(before);
    let bound = key(0).len() + VALUE_LEN;
    let name = format!("memory a key of 1 KiB, {keys} keys");
    Ok(Entry::cost(name, grown as f64 / keys as f64, "bytes", bound as f64))
}

/// Events a second to 100 watchers of one range while they are written; the bound is a broadcast channel.
async fn live_watch(writes: usize) -> anyhow::Result<Entry> {
    const WATCHERS: usize = 100;
    let store = Arc::new(MemoryStore::new());
    let mut tasks = JoinSet::new();
    for _ in 0..WATCHERS {
        let (start, end) = (Bytes::from_static(b"/"), Bytes::from_static(b"0"));
        let mut watch = store.watch(WatchRequest { start, end, after: store.revision() }).await?;
        tasks.spawn(async move {
            let mut seen = 0;
            while seen < writes {
                if let WatchItem::Events(events) = watch.next().await? {
                    seen += events.len();
                }
            }
            anyhow::Ok(())
        });
    }
    let start = now();
    for number in 0..writes {
        store.commit(put(number)).await?;
        tokio::task::yield_now().await;
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    let rate = (writes * WATCHERS) as f64 / start.elapsed().as_secs_f64();
    let bound = broadcast(writes, WATCHERS).await?;
    Ok(Entry::rate("live events to 100 watchers of one range", rate, "events/s", bound))
}

async fn broadcast(writes: usize, watchers: usize) -> anyhow::Result<f64> {
    let (sender, _) = tokio::sync::broadcast::channel::<Arc<Txn>>(writes);
    let mut tasks = JoinSet::new();
    for _ in 0..watchers {
        let mut receiver = sender.subscribe();
        tasks.spawn(async move {
            for _ in 0..writes {
                receiver.recv().await?;
            }
            anyhow::Ok(())
        });
    }
    let start = now();
    for number in 0..writes {
        sender.send(Arc::new(put(number))).context("the watchers are there")?;
        tokio::task::yield_now().await;
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok((writes * watchers) as f64 / start.elapsed().as_secs_f64())
}

/// Events a second to one watch that reads kept history from its start; the bound is a range over the same
/// entries.
async fn replay(keys: usize) -> anyhow::Result<Entry> {
    let store = MemoryStore::new();
    let after = store.revision();
    for number in 0..keys {
        store.commit(put(number)).await?;
    }
    let (start, end) = (Bytes::from_static(b"/"), Bytes::from_static(b"0"));
    let began = now();
    let range = Range { start: start.clone(), end: Some(end.clone()), at: None, limit: 0 };
    let found = store.range(range).await?.entries.len();
    let bound = keys as f64 / began.elapsed().as_secs_f64();
    ensure!(found == keys, "{found} keys");
    let mut watch = store.watch(WatchRequest { start, end, after }).await?;
    let began = now();
    let mut seen = 0;
    while seen < keys {
        if let WatchItem::Events(events) = watch.next().await? {
            seen += events.len();
        }
    }
    let rate = keys as f64 / began.elapsed().as_secs_f64();
    Ok(Entry::rate("events of history to one watch", rate, "events/s", bound))
}
