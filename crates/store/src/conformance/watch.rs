//! Watches.

use super::*;

/// Writes `count` transactions of one to three keys; returns the expected events as (revision, key).
async fn scribble(store: &dyn Store, count: usize) -> Vec<(Revision, Bytes)> {
    let mut expected = Vec::new();
    for round in 0..count {
        let names = (0..=round % 3).map(|part| format!("k{}", (round * 7 + part * 3) % 11));
        let names: Vec<String> = names.collect();
        let value = round.to_string();
        let revision = write(store, names.iter().map(|name| put(name, &value)).collect()).await;
        expected.extend(names.iter().map(|name| (revision, bytes(name))));
    }
    expected
}

fn seen(events: &[Event]) -> Vec<(Revision, Bytes)> {
    events.iter().map(|event| (event.revision, event.key.clone())).collect()
}

pub(super) async fn events_are_ordered_unique_atomic_and_reliable(store: Arc<dyn Store>) {
    let start = store.revision();
    let mut watch = watch(&*store, start).await;
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..4 {
        let store = store.clone();
        tasks.spawn(async move {
            for round in 0..50 {
                let value = format!("{task}/{round}");
                let writes = vec![put(&format!("p{task}"), &value), put("q", &value)];
                write(&*store, writes).await;
            }
        });
    }
    let mut revisions: Vec<Revision> = Vec::new();
    let mut last = start;
    while revisions.len() < 200 {
        let WatchItem::Events(events) = next(&mut *watch).await.expect("item") else { continue };
        assert!(!events.is_empty());
        assert!(events[0].revision > last, "ordered and unique, over items too");
        last = events[events.len() - 1].revision;
        assert!(events.is_sorted_by_key(|event| event.revision), "ordered within an item");
        for of_one in events.chunk_by(|one, other| one.revision == other.revision) {
            let values: Vec<_> =
                of_one.iter().map(|event| event.current.as_ref().map(|kv| &kv.value)).collect();
            assert_eq!(values.len(), 2, "a revision is whole within an item");
            assert_eq!(values[0], values[1]);
            assert_eq!(of_one[1].key, "q", "in the order of its writes");
            revisions.push(of_one[0].revision);
        }
        assert!(store.revision() >= last, "what is delivered can be read");
    }
    tokio::time::timeout(DEADLINE, tasks.join_all()).await.expect("writers end");
    let expected: Vec<Revision> =
        (1..=200).map(|step| Revision::new(start.get() + step).expect("above 0")).collect();
    assert_eq!(revisions, expected, "reliable: none is missing");
}

pub(super) async fn a_watch_resumes_behind_any_revision(store: Arc<dyn Store>) {
    let start = store.revision();
    let expected = scribble(&*store, 40).await;
    let last = store.revision();
    for after in start.get()..last.get() {
        let after = Revision::new(after).expect("above 0");
        let mut watch = watch(&*store, after).await;
        let events = events_up_to(&mut *watch, last).await;
        let rest: Vec<_> = expected.iter().filter(|(revision, _)| *revision > after).cloned().collect();
        assert_eq!(seen(&events), rest, "after {after}");
    }
}

pub(super) async fn events_carry_previous_values(store: Arc<dyn Store>) {
    let start = store.revision();
    let mut live = watch(&*store, start).await;
    write(&*store, vec![put("k", "1")]).await;
    let first = get(&*store, "k").await;
    write(&*store, vec![put("k", "2")]).await;
    let second = get(&*store, "k").await;
    write(&*store, vec![delete("k")]).await;
    let last = write(&*store, vec![put("k", "3")]).await;
    let third = get(&*store, "k").await;
    let expected =
        [(first.clone(), None), (second.clone(), first), (None, second.clone()), (third.clone(), None)];
    let mut late = watch(&*store, start).await;
    for watch in [&mut live, &mut late] {
        let events = events_up_to(&mut **watch, last).await;
        let values: Vec<_> = events.into_iter().map(|event| (event.current, event.previous)).collect();
        assert_eq!(values, expected);
    }
}

pub(super) async fn progress_comes_after_all_earlier_events(store: Arc<dyn Store>) {
    let start = store.revision();
    let mut watch = watch(&*store, start).await;
    watch.request_progress().await.expect("request");
    match next(&mut *watch).await.expect("item") {
        WatchItem::Progress(revision) => assert_eq!(revision, start),
        other => panic!("{other:?}"),
    }
    let last = write(&*store, vec![put("k", "1"), put("l", "1")]).await;
    // Not in the watched range, but a revision all the same.
    let newest = write(&*store, vec![put("zz", "1")]).await;
    watch.request_progress().await.expect("request");
    let mut events = 0;
    loop {
        match next(&mut *watch).await.expect("item") {
            WatchItem::Events(more) => events += more.len(),
            WatchItem::Progress(revision) => {
                assert_eq!(events, 2, "events up to {last} come first");
                assert!(revision >= newest);
                break;
            }
        }
    }
}

pub(super) async fn a_slow_watch_is_served_from_history(store: Arc<dyn Store>) {
    let start = store.revision();
    let mut watch = watch(&*store, start).await;
    let mut tasks = tokio::task::JoinSet::new();
    // More than any buffer holds, before the watch is looked at.
    for task in 0..16 {
        let store = store.clone();
        tasks.spawn(async move {
            for round in 0..400 {
                write(&*store, vec![put(&format!("k{task}"), &round.to_string())]).await;
            }
        });
    }
    tokio::time::timeout(DEADLINE, tasks.join_all()).await.expect("writers end");
    let events = events_up_to(&mut *watch, store.revision()).await;
    assert_eq!(events.len(), 6400);
    assert!(events.is_sorted_by(|one, other| one.revision < other.revision));
    let last = write(&*store, vec![put("k", "live again")]).await;
    assert_eq!(events_up_to(&mut *watch, last).await.len(), 1);
}

pub(super) async fn an_idle_watch_outlives_compaction(store: Arc<dyn Store>) {
    let mut watch = watch(&*store, store.revision()).await;
    let mut newest = store.revision();
    for _ in 0..5 {
        newest = write(&*store, vec![put("zz", "not watched")]).await;
    }
    store.compact(newest).await.expect("compact");
    let last = write(&*store, vec![put("k", "watched")]).await;
    let events = events_up_to(&mut *watch, last).await;
    assert_eq!(seen(&events), [(last, bytes("k"))]);
}

pub(super) async fn a_watch_behind_compaction_ends(store: Arc<dyn Store>) {
    let start = store.revision();
    let mut behind = watch(&*store, start).await;
    scribble(&*store, 20).await;
    let newest = store.revision();
    store.compact(newest).await.expect("compact");
    let request = WatchRequest { start: bytes("a"), end: bytes("z"), after: start };
    let result = store.watch(request).await.map(|_| ());
    assert!(matches!(result, Err(StoreError::Compacted { .. })), "{result:?}");
    // One that was behind either has what it missed at hand or ends: it never leaves out events.
    match next(&mut *behind).await {
        Err(StoreError::Compacted { oldest, .. }) => assert_eq!(oldest, newest),
        Ok(WatchItem::Events(events)) => assert_eq!(events[0].revision, start.next()),
        other => panic!("{other:?}"),
    }
    let mut fresh = watch(&*store, newest).await;
    let last = write(&*store, vec![put("k", "1")]).await;
    assert_eq!(events_up_to(&mut *fresh, last).await.len(), 1);
}

pub(super) async fn a_watch_from_the_future_is_refused(store: Arc<dyn Store>) {
    let after = store.revision().next();
    let result = store.watch(WatchRequest { start: bytes("a"), end: bytes("z"), after }).await.map(|_| ());
    assert!(matches!(result, Err(StoreError::Future { .. })), "{result:?}");
}

pub(super) async fn a_watch_sees_only_its_range(store: Arc<dyn Store>) {
    let request = |start, end| WatchRequest { start: bytes(start), end: bytes(end), after: store.revision() };
    let mut narrow = store.watch(request("b", "c")).await.expect("watch");
    let mut empty = store.watch(request("c", "b")).await.expect("watch");
    let last = write(&*store, ["a", "b", "b/1", "c"].map(|key| put(key, "1")).to_vec()).await;
    let events = events_up_to(&mut *narrow, last).await;
    assert_eq!(seen(&events), [(last, bytes("b")), (last, bytes("b/1"))]);
    empty.request_progress().await.expect("request");
    let item = next(&mut *empty).await;
    assert!(matches!(item, Ok(WatchItem::Progress(revision)) if revision == last), "{item:?}");
}

pub(super) async fn a_dropped_wait_loses_nothing(store: Arc<dyn Store>) {
    let start = store.revision();
    let mut watch = watch(&*store, start).await;
    let writer = {
        let store = store.clone();
        tokio::spawn(async move { scribble(&*store, 30).await })
    };
    let mut events = Vec::new();
    while !writer.is_finished() {
        tokio::select! {
            biased;
            item = watch.next() => {
                if let WatchItem::Events(more) = item.expect("item") {
                    events.extend(more);
                }
            }
            () = tokio::task::yield_now() => {}
        }
    }
    let expected = writer.await.expect("writer");
    if events.last().is_none_or(|event| event.revision < store.revision()) {
        events.extend(events_up_to(&mut *watch, store.revision()).await);
    }
    assert_eq!(seen(&events), expected);
}

pub(super) async fn closing_ends_watches(store: Arc<dyn Store>) {
    let mut waiting = watch(&*store, store.revision()).await;
    let waiter = tokio::spawn(async move { waiting.next().await });
    tokio::task::yield_now().await;
    store.close().await.expect("close");
    let result = tokio::time::timeout(DEADLINE, waiter).await.expect("in time").expect("no panic");
    assert!(matches!(result, Err(StoreError::Closed)), "{result:?}");
}
