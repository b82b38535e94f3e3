//! DELETE: finalizers, preconditions, collections, namespaces.

use bytes::Bytes;
use http::Method;
use serde_json::json;

use crate::support::api;

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

#[tokio::test]
async fn gone_at_once_or_when_the_finalizers_are() {
    let api = api();
    api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await.expect(201);
    let status = api.delete(&format!("{MAPS}/a")).await.expect(200);
    assert_eq!((&status["kind"], &status["status"]), (&json!("Status"), &json!("Success")));
    assert_eq!((&status["details"]["kind"], &status["details"]["name"]), (&json!("configmaps"), &json!("a")));
    api.get(&format!("{MAPS}/a")).await.expect(404);
    api.delete(&format!("{MAPS}/a")).await.expect(404);

    api.post(MAPS, &json!({ "metadata": { "name": "b", "finalizers": ["example.com/f"] } }))
        .await
        .expect(201);
    let pending = api.delete(&format!("{MAPS}/b")).await.expect(200);
    assert!(pending["metadata"]["deletionTimestamp"].is_string());
    assert_eq!(pending["metadata"]["deletionGracePeriodSeconds"], 0);
    let patch = json!({ "metadata": { "finalizers": null } });
    api.patch("merge", &format!("{MAPS}/b"), &patch).await.expect(200);
    api.get(&format!("{MAPS}/b")).await.expect(404);
}

#[tokio::test]
async fn foreground_and_preconditions() {
    let api = api();
    let created = api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await.expect(201);
    let wrong = json!({ "preconditions": { "uid": "x" } }).to_string();
    let refused = api.call(Method::DELETE, &format!("{MAPS}/a"), &[], wrong).await.expect(409);
    assert!(
        refused["message"].as_str().is_some_and(|text| text.contains("Precondition failed: UID")),
        "{refused}"
    );
    let right = json!({
        "propagationPolicy": "Foreground", "preconditions": { "uid": created["metadata"]["uid"] },
    });
    let pending = api.call(Method::DELETE, &format!("{MAPS}/a"), &[], right.to_string()).await.expect(200);
    assert_eq!(pending["metadata"]["finalizers"], json!(["foregroundDeletion"]));
    api.call(Method::DELETE, &format!("{MAPS}/a?propagationPolicy=x"), &[], Bytes::new()).await.expect(422);
}

#[tokio::test]
async fn collections_by_selector() {
    let api = api();
    for (name, on) in [("a", "yes"), ("b", "no"), ("c", "yes")] {
        api.post(MAPS, &json!({ "metadata": { "name": name, "labels": { "on": on } } })).await.expect(201);
    }
    let list = api.delete(&format!("{MAPS}?labelSelector=on%3Dyes")).await.expect(200);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    let left = api.get(MAPS).await.expect(200);
    assert_eq!(left["items"][0]["metadata"]["name"], "b");
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_namespace_terminates_first() {
    let api = api();
    let path = "/api/v1/namespaces";
    let created = api.post(path, &json!({ "metadata": { "name": "n" } })).await.expect(201);
    assert_eq!(
        (&created["status"]["phase"], &created["spec"]["finalizers"]),
        (&json!("Active"), &json!(["kubernetes"]))
    );
    assert_eq!(created["metadata"]["labels"]["kubernetes.io/metadata.name"], "n");
    assert!(created["metadata"]["namespace"].is_null());
    let pending = api.delete(&format!("{path}/n")).await.expect(200);
    assert_eq!(pending["status"]["phase"], "Terminating");
    let mut done = pending.clone();
    done["spec"]["finalizers"] = json!([]);
    api.put(&format!("{path}/n/finalize"), &done).await.expect(200);
    api.get(&format!("{path}/n")).await.expect(404);
}
