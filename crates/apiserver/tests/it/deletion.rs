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
        refused["message"].as_str().is_some_and(
            |text| text.contains("the UID in the precondition (x) does not match the UID in record")
        ),
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
async fn preconditions_and_options_in_kubernetes_words() {
    let api = api();
    let created = api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await.expect(201);
    let own = |member: &str| created["metadata"][member].as_str().expect("set").to_owned();
    let refused = |wrong: serde_json::Value| {
        let api = &api;
        async move {
            let body = json!({ "preconditions": wrong }).to_string();
            let refused = api.call(Method::DELETE, &format!("{MAPS}/a"), &[], body).await.expect(409);
            assert_eq!(refused["details"]["kind"], "ConfigMap");
            refused["message"].as_str().expect("a message").to_owned()
        }
    };
    let told = refused(json!({ "uid": "x" })).await;
    let uid = own("uid");
    assert_eq!(
        told,
        format!(
            "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (x) does not match the \
             UID in record ({uid}). The object might have been deleted and then recreated"
        )
    );
    let told = refused(json!({ "resourceVersion": "1" })).await;
    let version = own("resourceVersion");
    assert_eq!(
        told,
        format!(
            "Operation cannot be fulfilled on ConfigMap \"a\": the ResourceVersion in the precondition (1) does not \
             match the ResourceVersion in record ({version}). The object might have been modified"
        )
    );
    let dry = api.call(Method::DELETE, &format!("{MAPS}/a?dryRun=All"), &[], Bytes::new()).await.expect(200);
    assert_eq!(dry["status"], "Success");
    let body = json!({ "kind": "DeleteOptions", "apiVersion": "v1", "preconditions": { "resourceVersion": version } });
    api.call(Method::DELETE, &format!("{MAPS}/a"), &[], body.to_string()).await.expect(200);
}

#[tokio::test]
async fn orphans_and_a_second_deletion() {
    let api = api();
    let held = json!({ "metadata": { "name": "a", "finalizers": ["example.com/f"] } });
    api.post(MAPS, &held).await.expect(201);
    let delete = |body: serde_json::Value| {
        let api = &api;
        async move { api.call(Method::DELETE, &format!("{MAPS}/a"), &[], body.to_string()).await }
    };
    let pending = delete(json!({ "orphanDependents": true })).await.expect(200);
    assert_eq!(pending["metadata"]["finalizers"], json!(["example.com/f", "orphan"]));
    // Asked for again, another policy takes the place of the first; what was asked the old way is accepted.
    let pending = delete(json!({ "propagationPolicy": "Foreground" })).await.expect(200);
    assert_eq!(pending["metadata"]["finalizers"], json!(["example.com/f", "foregroundDeletion"]));
    let pending = delete(json!({ "orphanDependents": false })).await.expect(202);
    assert_eq!(pending["metadata"]["finalizers"], json!(["example.com/f"]));
    // A deletion never gets new finalizers.
    let more = json!({ "metadata": { "finalizers": ["example.com/f", "example.com/g"] } });
    api.patch("merge", &format!("{MAPS}/a"), &more).await.expect(422);
    api.patch("merge", &format!("{MAPS}/a"), &json!({ "metadata": { "finalizers": [] } })).await.expect(200);
    api.get(&format!("{MAPS}/a")).await.expect(404);
}

#[tokio::test]
async fn collections_by_page_and_for_trial() {
    let api = api();
    for name in ["a", "b", "c"] {
        api.post(MAPS, &json!({ "metadata": { "name": name } })).await.expect(201);
    }
    let names = |list: &serde_json::Value| -> Vec<String> {
        let items = list["items"].as_array().expect("items");
        items.iter().map(|item| item["metadata"]["name"].as_str().expect("a name").to_owned()).collect()
    };
    let dry = api.delete(&format!("{MAPS}?dryRun=All")).await.expect(200);
    assert_eq!((names(&dry).len(), &dry["kind"]), (3, &json!("ConfigMapList")));
    let page = api.delete(&format!("{MAPS}?limit=2")).await.expect(200);
    assert_eq!(names(&page), ["a", "b"]);
    assert!(page["metadata"]["continue"].is_string());
    assert_eq!(names(&api.get(MAPS).await.expect(200)), ["c"]);
    let orphaned = api.delete(&format!("{MAPS}?propagationPolicy=Orphan")).await.expect(200);
    assert!(orphaned["items"][0]["metadata"]["deletionTimestamp"].is_null(), "as it was found");
    let left = api.get(&format!("{MAPS}/c")).await.expect(200);
    assert_eq!(left["metadata"]["finalizers"], json!(["orphan"]));
    let refused = api.delete(&format!("{MAPS}?resourceVersionMatch=Exact")).await.expect(422);
    assert!(refused["message"].as_str().is_some_and(|text| text.starts_with("ListOptions.meta.k8s.io")));
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
