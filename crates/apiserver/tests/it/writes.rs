//! Whose object a write is: name, namespace, uid and resourceVersion, by PUT, PATCH and apply.

use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Api, api};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";
const LEASES: &str = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
const MERGE: &str = "application/merge-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

async fn put(api: &Api, path: &str, body: &Json) -> (u16, Json) {
    send(api, Method::PUT, path, "application/json", body).await
}

async fn send(api: &Api, method: Method, path: &str, media: &str, body: &Json) -> (u16, Json) {
    let reply = api.call(method, path, &[("content-type", media)], body.to_string()).await;
    (reply.code, reply.json())
}

fn check((code, found): (u16, Json), expect: (u16, &str, &str)) {
    let message = found["message"].as_str().unwrap_or_default();
    assert_eq!((code, found["reason"].as_str().unwrap_or_default(), message), expect, "{found}");
}

async fn create(api: &Api, path: &str, body: &Json) -> Json {
    let (code, created) = send(api, Method::POST, path, "application/json", body).await;
    assert_eq!(code, 201, "{created}");
    created
}

#[tokio::test]
async fn put_names_the_object() {
    let api = api();
    create(&api, MAPS, &json!({"metadata": {"name": "a"}})).await;
    let named = format!("{MAPS}/a");
    let missing = "the name of the object (a based on URL) was undeterminable: name must be provided";
    check(put(&api, &named, &json!({})).await, (400, "BadRequest", missing));
    check(put(&api, &named, &json!({"metadata": {"generateName": "a"}})).await, (400, "BadRequest", missing));
    let other = "the name of the object (b) does not match the name on the URL (a)";
    check(put(&api, &named, &json!({"metadata": {"name": "b"}})).await, (400, "BadRequest", other));
    let elsewhere = "the namespace of the provided object does not match the namespace sent on the request";
    let body = json!({"metadata": {"name": "a", "namespace": "kube-system"}});
    check(put(&api, &named, &body).await, (400, "BadRequest", elsewhere));
    // All of it before the object is looked for.
    let gone = format!("{MAPS}/c");
    check(put(&api, &gone, &body).await, (400, "BadRequest", elsewhere));
    let other = "the name of the object (b) does not match the name on the URL (c)";
    check(put(&api, &gone, &json!({"metadata": {"name": "b"}})).await, (400, "BadRequest", other));
    let found = put(&api, &gone, &json!({"metadata": {"name": "c"}})).await;
    check(found, (404, "NotFound", "configmaps \"c\" not found"));
    // Kind and version may be left out, but not be others.
    let (code, _) = put(&api, &named, &json!({"metadata": {"name": "a"}, "data": {"k": "v"}})).await;
    assert_eq!(code, 200);
    let version = "the API version in the data (v2) does not match the expected API version (v1)";
    let body = json!({"apiVersion": "v2", "kind": "ConfigMap", "metadata": {"name": "a"}});
    check(put(&api, &named, &body).await, (400, "BadRequest", version));
    let body = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}});
    assert_eq!(put(&api, &named, &body).await.0, 400);
}

#[tokio::test]
async fn uids_are_preconditions_of_put_and_immutable_to_patches() {
    let api = api();
    let created = create(&api, MAPS, &json!({"metadata": {"name": "a"}})).await;
    let named = format!("{MAPS}/a");
    let (code, found) = put(&api, &named, &json!({"metadata": {"name": "a", "uid": "other"}})).await;
    assert_eq!((code, &found["reason"]), (409, &json!("Conflict")));
    assert!(found["message"].as_str().unwrap_or_default().contains("UID in precondition: other"), "{found}");
    let own = json!({"metadata": {"name": "a", "uid": created["metadata"]["uid"]}});
    assert_eq!(put(&api, &named, &own).await.0, 200);
    let other = json!({"metadata": {"uid": "other"}});
    let message = "ConfigMap \"a\" is invalid: metadata.uid: Invalid value: \"other\": field is immutable";
    check(send(&api, Method::PATCH, &named, MERGE, &other).await, (422, "Invalid", message));
    let strategic = "application/strategic-merge-patch+json";
    check(send(&api, Method::PATCH, &named, strategic, &other).await, (422, "Invalid", message));
    let none = json!({"metadata": {"uid": null}});
    let (code, patched) = send(&api, Method::PATCH, &named, MERGE, &none).await;
    assert_eq!((code, &patched["metadata"]["uid"]), (200, &created["metadata"]["uid"]));
    let applied = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "uid": "other"}});
    let apply = format!("{named}?fieldManager=m");
    check(send(&api, Method::PATCH, &apply, APPLY, &applied).await, (422, "Invalid", message));
    // Nobody marks an object as deleted by writing it.
    let marked =
        json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z", "deletionGracePeriodSeconds": 5}});
    let message = "ConfigMap \"a\" is invalid: [metadata.deletionTimestamp: Invalid value: \"2026-01-01T00:00:00Z\": \
                   field is immutable, metadata.deletionGracePeriodSeconds: Invalid value: 5: field is immutable]";
    check(send(&api, Method::PATCH, &named, MERGE, &marked).await, (422, "Invalid", message));
    // Other times are the server's, whatever is sent.
    let (code, patched) = send(
        &api,
        Method::PATCH,
        &named,
        MERGE,
        &json!({"metadata": {"creationTimestamp": null, "generation": 7}}),
    )
    .await;
    assert_eq!(
        (code, &patched["metadata"]["creationTimestamp"]),
        (200, &created["metadata"]["creationTimestamp"])
    );
    assert!(patched["metadata"].get("generation").is_none());
}

#[tokio::test]
async fn some_kinds_are_not_written_over_blindly() {
    let api = api();
    let created = create(&api, LEASES, &json!({"metadata": {"name": "a"}})).await;
    let named = format!("{LEASES}/a");
    let blind = "leases.coordination.k8s.io \"a\" is invalid: metadata.resourceVersion: Invalid value: 0: must be \
                 specified for an update";
    check(put(&api, &named, &json!({"metadata": {"name": "a"}})).await, (422, "Invalid", blind));
    let none = json!({"metadata": {"resourceVersion": null}});
    check(send(&api, Method::PATCH, &named, MERGE, &none).await, (422, "Invalid", blind));
    let (code, _) = send(&api, Method::PATCH, &named, MERGE, &json!({"spec": {"holderIdentity": "h"}})).await;
    assert_eq!(code, 200);
    let stale = json!({"metadata": {"name": "a", "resourceVersion": created["metadata"]["resourceVersion"]}});
    let (code, found) = put(&api, &named, &stale).await;
    assert_eq!((code, &found["reason"]), (409, &json!("Conflict")));
    // The others may be.
    create(&api, MAPS, &json!({"metadata": {"name": "a"}})).await;
    assert_eq!(put(&api, &format!("{MAPS}/a"), &json!({"metadata": {"name": "a"}})).await.0, 200);
    for (path, body) in [
        (
            "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
            json!({"metadata": {"name": "a"}, "spec": {}}),
        ),
        ("/apis/storage.k8s.io/v1/csidrivers", json!({"metadata": {"name": "a"}, "spec": {}})),
        ("/apis/node.k8s.io/v1/runtimeclasses", json!({"metadata": {"name": "a"}, "handler": "h"})),
    ] {
        create(&api, path, &body).await;
        let (code, found) = put(&api, &format!("{path}/a"), &body).await;
        let message = found["message"].as_str().unwrap_or_default();
        assert!(code == 422 && message.ends_with("must be specified for an update"), "{path}: {found}");
    }
}
