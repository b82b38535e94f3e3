//! LIST: selectors, pages, versions.

use serde_json::{Value as Json, json};

use crate::support::{Api, api};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

async fn fill(api: &Api, count: usize) {
    for at in 0..count {
        let labels = json!({ "even": (at % 2 == 0).to_string() });
        let map = json!({ "metadata": { "name": format!("m{at}"), "labels": labels } });
        api.post(MAPS, &map).await.expect(201);
    }
}

fn names(list: &Json) -> Vec<&str> {
    let items = list["items"].as_array().expect("items");
    items.iter().map(|item| item["metadata"]["name"].as_str().expect("a name")).collect()
}

#[tokio::test]
async fn a_list_has_all_and_its_items_no_kind() {
    let api = api();
    fill(&api, 3).await;
    let list = api.get(MAPS).await.expect(200);
    assert_eq!((&list["kind"], names(&list)), (&json!("ConfigMapList"), vec!["m0", "m1", "m2"]));
    assert!(list["items"][0]["kind"].is_null() && list["items"][0]["apiVersion"].is_null());
    assert!(list["items"][0]["metadata"]["resourceVersion"].is_string());
    assert_eq!(names(&api.get("/api/v1/configmaps").await.expect(200)).len(), 3);
    assert!(names(&api.get("/api/v1/namespaces/other/configmaps").await.expect(200)).is_empty());
}

#[tokio::test]
async fn selectors_choose() {
    let api = api();
    fill(&api, 4).await;
    let check = |query: &'static str, expect: &'static [&'static str]| {
        let api = &api;
        async move {
            let list = api.get(&format!("{MAPS}?{query}")).await.expect(200);
            assert_eq!(names(&list), expect, "{query}");
        }
    };
    check("labelSelector=even%3Dtrue", &["m0", "m2"]).await;
    check("labelSelector=even%20in%20(false)", &["m1", "m3"]).await;
    check("fieldSelector=metadata.name%3Dm1", &["m1"]).await;
    check("fieldSelector=metadata.name!%3Dm1", &["m0", "m2", "m3"]).await;
    check("fieldSelector=metadata.namespace%3Dother", &[]).await;
    let bad = api.get(&format!("{MAPS}?fieldSelector=data%3Dx")).await.expect(400);
    let words = "\"data\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";
    assert_eq!(bad["message"], words);
    let bad = api.get("/api/v1/pods?fieldSelector=spec.foo%3Dx").await.expect(400);
    assert_eq!(bad["message"], "field label not supported: spec.foo");
    api.get(&format!("{MAPS}?labelSelector=a%3D%3D%3D")).await.expect(400);
}

#[tokio::test]
async fn pages_are_of_one_snapshot() {
    let api = api();
    fill(&api, 5).await;
    let first = api.get(&format!("{MAPS}?limit=2")).await.expect(200);
    assert_eq!(names(&first), ["m0", "m1"]);
    assert_eq!(first["metadata"]["remainingItemCount"], 3);
    let token = first["metadata"]["continue"].as_str().expect("a token").to_owned();
    api.delete(&format!("{MAPS}/m2")).await.expect(200);
    api.patch("merge", &format!("{MAPS}/m3"), &json!({ "data": { "new": "yes" } })).await.expect(200);
    api.post(MAPS, &json!({ "metadata": { "name": "m9" } })).await.expect(201);
    let second = api.get(&format!("{MAPS}?limit=2&continue={token}")).await.expect(200);
    assert_eq!(names(&second), ["m2", "m3"]);
    assert!(second["items"][1]["data"].is_null(), "as it was");
    assert_eq!(second["metadata"]["resourceVersion"], first["metadata"]["resourceVersion"]);
    let token = second["metadata"]["continue"].as_str().expect("a token").to_owned();
    let last = api.get(&format!("{MAPS}?limit=2&continue={token}")).await.expect(200);
    assert_eq!(names(&last), ["m4"]);
    assert!(last["metadata"]["continue"].is_null() && last["metadata"]["remainingItemCount"].is_null());
}

#[tokio::test]
async fn versions_are_honoured() {
    let api = api();
    fill(&api, 1).await;
    let old = api.get(MAPS).await.expect(200)["metadata"]["resourceVersion"]
        .as_str()
        .expect("a version")
        .to_owned();
    api.post(MAPS, &json!({ "metadata": { "name": "z" } })).await.expect(201);
    let list = |query: String| {
        let api = &api;
        async move { api.get(&format!("{MAPS}?{query}")).await }
    };
    let exact = list(format!("resourceVersion={old}&resourceVersionMatch=Exact")).await.expect(200);
    assert_eq!((names(&exact), &exact["metadata"]["resourceVersion"]), (vec!["m0"], &json!(old)));
    // Now the cache is that new.
    list(String::new()).await.expect(200);
    let newer = list(format!("resourceVersion={old}&resourceVersionMatch=NotOlderThan")).await.expect(200);
    assert_eq!(names(&newer), ["m0", "z"]);
    list("resourceVersion=0".to_owned()).await.expect(200);
    list("resourceVersion=1&resourceVersionMatch=x".to_owned()).await.expect(422);
    let first = list("limit=1".to_owned()).await.expect(200);
    let token = first["metadata"]["continue"].as_str().expect("a token");
    // Of all that the cache has, a limit takes nothing away; a continued list keeps to it.
    let any = list("resourceVersion=0&limit=1".to_owned()).await.expect(200);
    assert_eq!((names(&any), &any["metadata"]["continue"]), (vec!["m0", "z"], &Json::Null));
    let rest = list(format!("resourceVersion=0&limit=1&continue={token}")).await.expect(200);
    assert_eq!(names(&rest), ["z"]);
    let legacy = list(format!("resourceVersion={old}&limit=5")).await.expect(200);
    assert_eq!(names(&legacy), ["m0"]);
    let check = |query: String, code: u16, expect: &'static str| {
        let list = &list;
        async move {
            let refused = list(query.clone()).await.expect(code);
            let message = refused["message"].as_str().unwrap_or_default().to_owned();
            assert!(message.contains(expect), "{query}: {message}");
        }
    };
    let not_with = "specifying resource version is not allowed when using continue";
    check(format!("resourceVersion={old}&continue={token}"), 400, not_with).await;
    check(format!("resourceVersion=x&continue={token}"), 422, "Invalid value: \"x\"").await;
    check("continue=nonsense".into(), 400, "continue key is not valid").await;
    check("labelSelector=a%20b".into(), 400, "unable to parse requirement").await;
}

#[tokio::test(start_paused = true)]
async fn the_future_is_waited_for_and_then_timed_out() {
    let api = api();
    fill(&api, 1).await;
    for query in ["resourceVersion=9999", "resourceVersion=9999&resourceVersionMatch=Exact"] {
        let late = api.get(&format!("{MAPS}?{query}")).await.expect(504);
        assert_eq!(late["reason"], "Timeout");
        let message = late["message"].as_str().unwrap_or_default();
        assert!(message.starts_with("Timeout: Too large resource version: 9999, current: "), "{message}");
        assert_eq!(late["details"]["causes"][0]["reason"], "ResourceVersionTooLarge");
        assert_eq!(late["details"]["causes"][0]["message"], "Too large resource version");
        assert_eq!(late["details"]["retryAfterSeconds"], 1);
    }
    api.get(&format!("{MAPS}/m0?resourceVersion=9999")).await.expect(504);
}

#[tokio::test(start_paused = true)]
async fn old_tokens_expire_with_a_token_for_the_rest() {
    let api = api();
    fill(&api, 3).await;
    let first = api.get(&format!("{MAPS}?limit=1")).await.expect(200);
    let token = first["metadata"]["continue"].as_str().expect("a token").to_owned();
    fill_other(&api).await;
    tokio::time::sleep(std::time::Duration::from_secs(301)).await;
    fill_other(&api).await;
    tokio::time::sleep(std::time::Duration::from_secs(301)).await;
    let response = api.client.send(
        http::Request::get(format!("{MAPS}?limit=1&continue={token}"))
            .body(bytes::Bytes::new())
            .expect("a request"),
    );
    let mizzen_client::Error::Api(status) = response.await.expect_err("too old") else {
        panic!("not a status")
    };
    assert_eq!((status.code, status.reason.as_str()), (410, "Expired"));
    assert!(status.message.starts_with("The provided continue parameter is too old"));
    let old = first["metadata"]["resourceVersion"].as_str().expect("a version");
    let gone = api.get(&format!("{MAPS}?watch=1&resourceVersion={old}")).await.expect(200);
    // Once a watch is accepted, its failures are events.
    assert_eq!((&gone["type"], &gone["object"]["reason"]), (&json!("ERROR"), &json!("Expired")));
}

async fn fill_other(api: &Api) {
    api.post("/api/v1/namespaces/default/secrets", &json!({ "metadata": { "generateName": "s" } }))
        .await
        .expect(201);
}
