//! Reads.

use super::*;

async fn fill(store: &dyn Store, count: usize) {
    for number in 0..count {
        write(store, vec![put(&format!("k{number:04}"), "v")]).await;
    }
}

pub(super) async fn a_range_has_its_keys_in_order(store: Arc<dyn Store>) {
    write(&*store, ["b", "a/2", "c", "a", "a/1", "a0"].map(|key| put(key, key)).to_vec()).await;
    let check = async |start: &str, end: &str, expect: &[&str]| {
        let result = store.range(request(start, end)).await.expect("range");
        assert_eq!(keys(&result), expect.iter().map(|key| key.as_bytes()).collect::<Vec<_>>());
        assert_eq!(result.count, expect.len());
        assert_eq!(result.revision, store.revision());
    };
    check("a", "z", &["a", "a/1", "a/2", "a0", "b", "c"]).await;
    check("a/", "a0", &["a/1", "a/2"]).await;
    check("b", "c", &["b"]).await;
    check("b", "b", &[]).await;
    check("c", "a", &[]).await;
    check("d", "z", &[]).await;
    assert_eq!(get(&*store, "a/1").await.map(|entry| entry.value), Some(bytes("a/1")));
    assert_eq!(get(&*store, "a/").await, None);
}

pub(super) async fn limit_leaves_the_count_whole(store: Arc<dyn Store>) {
    fill(&*store, 10).await;
    for limit in 0..12 {
        let result = store.range(Range { limit, ..request("a", "z") }).await.expect("range");
        assert_eq!(result.count, 10);
        assert_eq!(result.entries.len(), if limit == 0 { 10 } else { limit.min(10) });
    }
}

pub(super) async fn reads_at_a_revision_are_stable(store: Arc<dyn Store>) {
    let mut states = vec![(store.revision(), all(&*store, None).await)];
    for round in 0..30 {
        let key = format!("k{}", round % 4);
        let writes = match round % 7 {
            5 => vec![delete(&key)],
            3 => vec![put(&key, &round.to_string()), delete("k1x"), put("k9", &round.to_string())],
            _ => vec![put(&key, &round.to_string())],
        };
        let revision = write(&*store, writes).await;
        states.push((revision, all(&*store, None).await));
    }
    for (revision, entries) in &states {
        assert_eq!(&all(&*store, Some(*revision)).await, entries, "at {revision}");
    }
    // Compaction changes nothing of what is still kept.
    let oldest = states[states.len() / 2].0;
    store.compact(oldest).await.expect("compact");
    for (revision, entries) in states.iter().filter(|(revision, _)| *revision >= oldest) {
        assert_eq!(&all(&*store, Some(*revision)).await, entries, "at {revision} after compaction");
    }
}

pub(super) async fn paging_at_a_revision_sees_one_state(store: Arc<dyn Store>) {
    fill(&*store, 25).await;
    let at = store.revision();
    let whole = all(&*store, Some(at)).await;
    let mut paged = Vec::new();
    let mut start = bytes("a");
    loop {
        let range = Range { start: start.clone(), at: Some(at), limit: 4, ..request("a", "z") };
        let page = store.range(range).await.expect("page");
        assert_eq!(page.count, whole.len() - paged.len());
        let rest = page.count - page.entries.len();
        paged.extend(page.entries);
        if rest == 0 {
            break;
        }
        let last = paged.last().expect("a page that leaves a rest is not empty");
        start = [&last.key[..], b"\0"].concat().into();
        // Others write meanwhile.
        let writes = vec![put("k00005x", "new"), delete("k0020"), put("k0022", "changed")];
        write(&*store, writes).await;
    }
    assert_eq!(paged, whole);
}

pub(super) async fn a_future_revision_is_refused(store: Arc<dyn Store>) {
    let newest = write(&*store, vec![put("a", "1")]).await;
    let future = newest.next();
    let result = store.range(Range { at: Some(future), ..request("a", "z") }).await;
    assert!(matches!(result, Err(StoreError::Future { .. })), "{result:?}");
    let result = store.compact(future).await;
    assert!(matches!(result, Err(StoreError::Future { .. })), "{result:?}");
    write(&*store, vec![put("a", "2")]).await;
    assert_eq!(all(&*store, Some(future)).await.len(), 1);
}

pub(super) async fn compaction_forgets_what_is_below(store: Arc<dyn Store>) {
    let first = write(&*store, vec![put("a", "1"), put("b", "1")]).await;
    let second = write(&*store, vec![put("a", "2"), delete("b")]).await;
    let third = write(&*store, vec![put("a", "3")]).await;
    store.compact(second).await.expect("compact");
    assert_eq!(store.oldest(), second);
    let result = store.range(Range { at: Some(first), ..request("a", "z") }).await;
    match result {
        Err(StoreError::Compacted { requested, oldest }) => assert_eq!((requested, oldest), (first, second)),
        other => panic!("{other:?}"),
    }
    assert_eq!(all(&*store, Some(second)).await[0].value, bytes("2"));
    assert_eq!(all(&*store, Some(second)).await.len(), 1);
    assert_eq!(all(&*store, Some(third)).await[0].value, bytes("3"));
    store.compact(second).await.expect("compacting to the same revision again is no error");
    let result = store.compact(first).await;
    assert!(matches!(result, Err(StoreError::Compacted { .. })), "{result:?}");
    store.compact(third).await.expect("compacting to the newest revision");
    assert_eq!(all(&*store, None).await[0].version, 3);
    assert_eq!(write(&*store, vec![put("b", "4")]).await, third.next());
    assert_eq!(get(&*store, "b").await.expect("it exists").version, 1);
}
