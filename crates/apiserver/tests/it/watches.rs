//! WATCH: order, selections, starts.

use futures::StreamExt;
use mizzen_client::{EventKind, WatchStream};
use serde_json::{Value as Json, json};

use crate::support::{Api, api};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

async fn watch(api: &Api, query: &str) -> WatchStream {
    use mizzen_client::ApiResource;
    let resource = ApiResource {
        group: String::new(),
        version: "v1".to_owned(),
        plural: "configmaps".to_owned(),
        kind: "ConfigMap".to_owned(),
        namespaced: true,
    };
    let mut params = mizzen_client::ListParams::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "labelSelector" => params.label_selector = value.into_owned(),
            "resourceVersion" => params.resource_version = Some(value.into_owned()),
            other => panic!("{other}"),
        }
    }
    api.client.watch(&resource, "default", &params).await.expect("a watch")
}

/// The next event that is no bookmark.
async fn next(events: &mut WatchStream) -> (EventKind, Json) {
    loop {
        let event = tokio::time::timeout(std::time::Duration::from_secs(10), events.next()).await;
        let event = event.expect("in time").expect("not ended").expect("no error");
        if event.kind != EventKind::Bookmark {
            return (event.kind, serde_json::from_slice(&event.object).expect("JSON"));
        }
    }
}

/// The frames of a watch that ends after a second.
async fn frames(api: &Api, path: &str, query: &str) -> Vec<Json> {
    let reply = api.get(&format!("{path}?{query}&timeoutSeconds=1")).await;
    assert_eq!(reply.code, 200, "{path} {query}");
    let text = String::from_utf8_lossy(&reply.bytes).into_owned();
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// `TYPE name` of each frame.
fn told(frames: &[Json]) -> Vec<String> {
    let text = |frame: &Json| {
        let name = frame["object"]["metadata"]["name"].as_str().unwrap_or_default();
        format!("{} {name}", frame["type"].as_str().unwrap_or_default())
    };
    frames.iter().map(text).collect()
}

#[tokio::test(start_paused = true)]
async fn where_watches_start() {
    let api = api();
    api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await.expect(201);
    let now = api.post(MAPS, &json!({ "metadata": { "name": "b" } })).await.expect(201);
    let now = now["metadata"]["resourceVersion"].as_str().expect("one").to_owned();
    api.post(MAPS, &json!({ "metadata": { "name": "c" } })).await.expect(201);
    let match_newer = "resourceVersionMatch=NotOlderThan";
    let check = |query: String, expect: &'static [&'static str]| {
        let api = &api;
        async move { assert_eq!(told(&frames(api, MAPS, &query).await), expect, "{query}") }
    };
    let all: &[&str] = &["ADDED a", "ADDED b", "ADDED c"];
    let all_marked: &[&str] = &["ADDED a", "ADDED b", "ADDED c", "BOOKMARK "];
    check("watch=1".into(), all).await;
    check("watch=1&resourceVersion=0".into(), all).await;
    check("watch=1&allowWatchBookmarks=true".into(), all_marked).await;
    check("watch=1&resourceVersion=0&allowWatchBookmarks=true".into(), all_marked).await;
    check(format!("watch=1&resourceVersion={now}"), &["ADDED c"]).await;
    check(format!("watch=1&sendInitialEvents=true&{match_newer}"), all).await;
    check(format!("watch=1&sendInitialEvents=true&{match_newer}&resourceVersion={now}"), all).await;
    check(
        format!("watch=1&sendInitialEvents=true&{match_newer}&resourceVersion=0&allowWatchBookmarks=1"),
        all_marked,
    )
    .await;
    check(format!("watch=1&sendInitialEvents=false&{match_newer}"), &[]).await;
    check(format!("watch=1&sendInitialEvents=false&{match_newer}&resourceVersion=0"), &[]).await;
    check(format!("watch=1&sendInitialEvents=false&{match_newer}&resourceVersion={now}"), &["ADDED c"]).await;
    // What is ahead of the store is waited for, and then told in the stream; a plain watch just waits.
    let query = format!("watch=1&sendInitialEvents=true&{match_newer}&resourceVersion=9999");
    let ahead = frames(&api, MAPS, &query).await;
    assert_eq!((&ahead[0]["type"], &ahead[0]["object"]["code"]), (&json!("ERROR"), &json!(504)));
    assert_eq!(ahead[0]["object"]["details"]["causes"][0]["reason"], "ResourceVersionTooLarge");
    check("watch=1&resourceVersion=9999".into(), &[]).await;
    let bad = api.get(&format!("{MAPS}?watch=1&resourceVersion=x")).await.expect(422);
    let words = "configmaps \"\" is invalid: resourceVersion: Invalid value: \"x\": \
                 strconv.ParseUint: parsing \"x\": invalid syntax";
    assert_eq!(bad["message"], words);
}

/// A second watch that resumes from one of the first's initial events sees what the first sees after it.
#[tokio::test(start_paused = true)]
async fn initial_events_come_as_they_were_written() {
    let api = api();
    for name in ["c", "a", "b"] {
        api.post(MAPS, &json!({ "metadata": { "name": name } })).await.expect(201);
    }
    for query in ["watch=1", "watch=1&resourceVersion=0"] {
        let first = frames(&api, MAPS, query).await;
        assert_eq!(told(&first), ["ADDED c", "ADDED a", "ADDED b"], "{query}");
        for (index, event) in first.iter().enumerate() {
            let revision = event["object"]["metadata"]["resourceVersion"].as_str().expect("one");
            let resumed = frames(&api, MAPS, &format!("watch=1&resourceVersion={revision}")).await;
            assert_eq!(told(&resumed), told(&first)[index + 1..], "{query}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn one_object_by_name_or_by_an_old_path() {
    let api = api();
    for name in ["a", "b"] {
        api.post(MAPS, &json!({ "metadata": { "name": name } })).await.expect(201);
    }
    let check = |path: &'static str, query: &'static str, expect: &'static [&'static str]| {
        let api = &api;
        async move { assert_eq!(told(&frames(api, path, query).await), expect, "{path} {query}") }
    };
    check(MAPS, "watch=1&fieldSelector=metadata.name%3Db", &["ADDED b"]).await;
    check("/api/v1/configmaps", "watch=1&fieldSelector=metadata.name%3Db", &["ADDED b"]).await;
    // Below the object itself nothing is watched.
    let read = api.get("/api/v1/namespaces/default/configmaps/b?watch=1").await.expect(200);
    assert_eq!(read["metadata"]["name"], "b");
    check("/api/v1/watch/namespaces/default/configmaps/a", "", &["ADDED a"]).await;
    check("/api/v1/watch/namespaces/default/configmaps", "", &["ADDED a", "ADDED b"]).await;
    check("/api/v1/watch/configmaps", "", &["ADDED a", "ADDED b"]).await;
    check("/api/v1/watch/namespaces/other/configmaps", "", &[]).await;
    let other = "/api/v1/watch/namespaces/default/configmaps/a?fieldSelector=metadata.name%3Db";
    let refused = api.get(other).await.expect(400);
    assert_eq!(refused["message"], "fieldSelector metadata.name doesn't match requested name");
}

async fn expect(events: &mut WatchStream, kind: EventKind, name: &str) -> Json {
    let (got, object) = next(events).await;
    assert_eq!((got, object["metadata"]["name"].as_str()), (kind, Some(name)), "{object}");
    object
}

#[tokio::test]
async fn all_that_happens_in_order() {
    let api = api();
    let start =
        api.get(MAPS).await.expect(200)["metadata"]["resourceVersion"].as_str().expect("one").to_owned();
    let mut events = watch(&api, &format!("resourceVersion={start}")).await;
    let created = api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await.expect(201);
    let changed =
        api.patch("merge", &format!("{MAPS}/a"), &json!({ "data": { "k": "v" } })).await.expect(200);
    api.delete(&format!("{MAPS}/a")).await.expect(200);
    assert_eq!(expect(&mut events, EventKind::Added, "a").await, created);
    assert_eq!(expect(&mut events, EventKind::Modified, "a").await, changed);
    let last = expect(&mut events, EventKind::Deleted, "a").await;
    assert_eq!(last["data"]["k"], "v");
    assert_ne!(last["metadata"]["resourceVersion"], changed["metadata"]["resourceVersion"]);
    // Another watch from the past sees the same.
    let mut again = watch(&api, &format!("resourceVersion={start}")).await;
    expect(&mut again, EventKind::Added, "a").await;
    expect(&mut again, EventKind::Modified, "a").await;
    assert_eq!(expect(&mut again, EventKind::Deleted, "a").await, last);
}

#[tokio::test]
async fn objects_enter_and_leave_a_selection() {
    let api = api();
    let map = |name: &str, on: &str| json!({ "metadata": { "name": name, "labels": { "on": on } } });
    api.post(MAPS, &map("a", "yes")).await.expect(201);
    api.post(MAPS, &map("b", "no")).await.expect(201);
    let mut events = watch(&api, "labelSelector=on%3Dyes").await;
    expect(&mut events, EventKind::Added, "a").await;
    let on = |value: &str| json!({ "metadata": { "labels": { "on": value } } });
    let entered = api.patch("merge", &format!("{MAPS}/b"), &on("yes")).await.expect(200);
    assert_eq!(expect(&mut events, EventKind::Added, "b").await, entered);
    let left = api.patch("merge", &format!("{MAPS}/b"), &on("no")).await.expect(200);
    let gone = expect(&mut events, EventKind::Deleted, "b").await;
    assert_eq!(gone["metadata"]["labels"]["on"], "yes", "as it last was in the selection");
    assert_eq!(gone["metadata"]["resourceVersion"], left["metadata"]["resourceVersion"]);
}

#[tokio::test]
async fn http_frames_with_initial_events_and_a_timeout() {
    let api = api();
    api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await.expect(201);
    let query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=1";
    let reply = api.get(&format!("{MAPS}?{query}")).await;
    let text = String::from_utf8_lossy(&reply.bytes).into_owned();
    let lines: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(
        (lines[0]["type"].as_str(), lines[0]["object"]["metadata"]["name"].as_str()),
        (Some("ADDED"), Some("a"))
    );
    assert_eq!(lines[1]["type"], "BOOKMARK");
    assert_eq!(lines[1]["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"], "true");
    assert_eq!(lines[1]["object"]["kind"], "ConfigMap");
    let refused = api.get(&format!("{MAPS}?watch=1&sendInitialEvents=true")).await.expect(422);
    assert_eq!(refused["details"]["causes"][0]["field"], "resourceVersionMatch");
}

#[tokio::test]
async fn pods_by_node() {
    use mizzen_client::{ApiResource, ListParams};
    let api = api();
    let resource = ApiResource::of::<k8s_openapi::api::core::v1::Pod>();
    let params = ListParams { field_selector: "spec.nodeName=n1".to_owned(), ..ListParams::default() };
    let mut events = api.client.watch(&resource, "", &params).await.expect("a watch");
    let pods = "/api/v1/namespaces/default/pods";
    let pod =
        json!({ "metadata": { "name": "p" }, "spec": { "containers": [{ "name": "c", "image": "i" }] } });
    api.post(pods, &pod).await.expect(201);
    let binding = json!({ "target": { "kind": "Node", "name": "n1" } });
    api.post(&format!("{pods}/p/binding"), &binding).await.expect(201);
    let bound = expect(&mut events, EventKind::Added, "p").await;
    assert_eq!(bound["spec"]["nodeName"], "n1");
    let list = api.get("/api/v1/pods?fieldSelector=spec.nodeName%3Dn1").await.expect(200);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    let list = api.get("/api/v1/pods?fieldSelector=spec.nodeName%3Dn2").await.expect(200);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn a_watcher_that_reads_nothing_is_dropped_and_others_are_not() {
    let api = crate::support::api_with(|config| config.tuning.cache.watcher_lag_max = 8);
    let start =
        api.get(MAPS).await.expect(200)["metadata"]["resourceVersion"].as_str().expect("one").to_owned();
    let mut slow = watch(&api, &format!("resourceVersion={start}")).await;
    let mut fast = watch(&api, &format!("resourceVersion={start}")).await;
    for at in 0..20 {
        api.post(MAPS, &json!({ "metadata": { "name": format!("m{at}") } })).await.expect(201);
        expect(&mut fast, EventKind::Added, &format!("m{at}")).await;
    }
    let mut seen = 0;
    while let Some(event) = slow.next().await {
        event.expect("no error");
        seen += 1;
    }
    assert_eq!(seen, 8, "what was queued, then the end");
}

#[tokio::test]
async fn protobuf_frames() {
    let api = api();
    api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await.expect(201);
    let headers = [("accept", "application/vnd.kubernetes.protobuf;stream=watch")];
    let path = format!("{MAPS}?watch=1&timeoutSeconds=1");
    let reply = api.call(http::Method::GET, &path, &headers, bytes::Bytes::new()).await;
    assert_eq!(reply.headers["content-type"], "application/vnd.kubernetes.protobuf;stream=watch");
    let len = u32::from_be_bytes(reply.bytes[..4].try_into().expect("four bytes")) as usize;
    assert_eq!(reply.bytes.len(), len + 4);
    // Field 1: the type; field 2: the raw object in its envelope.
    assert_eq!(&reply.bytes[4..11], b"\x0a\x05ADDED");
    assert!(reply.bytes.windows(4).any(|window| window == b"k8s\0"));
}
