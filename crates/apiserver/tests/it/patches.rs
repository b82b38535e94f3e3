//! PATCH: four kinds, and who owns what.

use serde_json::json;

use crate::support::api;

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

#[tokio::test]
async fn json_merge_and_strategic() {
    let api = api();
    api.post(MAPS, &json!({ "metadata": { "name": "a" }, "data": { "x": "1", "y": "2" } })).await.expect(201);
    let a = format!("{MAPS}/a");
    let patched = api
        .patch("json", &a, &json!([{ "op": "replace", "path": "/data/x", "value": "3" }]))
        .await
        .expect(200);
    assert_eq!(patched["data"], json!({ "x": "3", "y": "2" }));
    let patched = api.patch("merge", &a, &json!({ "data": { "y": null } })).await.expect(200);
    assert_eq!(patched["data"], json!({ "x": "3" }));
    let patched = api.patch("strategic-merge", &a, &json!({ "data": { "z": "4" } })).await.expect(200);
    assert_eq!(patched["data"], json!({ "x": "3", "z": "4" }));
    api.patch("json", &a, &json!([{ "op": "test", "path": "/data/x", "value": "no" }])).await.expect(422);
    let stale = json!({ "metadata": { "resourceVersion": "1" } });
    assert_eq!(api.patch("merge", &a, &stale).await.expect(409)["reason"], "Conflict");
    api.patch("merge", &format!("{MAPS}/b"), &json!({})).await.expect(404);
    api.patch("unknown", &a, &json!({})).await.expect(415);
}

#[tokio::test]
async fn apply_creates_and_tells_of_conflicts() {
    let api = api();
    let a = format!("{MAPS}/a?fieldManager=one");
    let map = |value: &str| json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "a" }, "data": { "k": value } });
    let applied = api.patch("apply", &a, &map("1")).await.expect(201);
    assert_eq!(applied["metadata"]["managedFields"][0]["manager"], "one");
    assert_eq!(applied["metadata"]["managedFields"][0]["operation"], "Apply");
    let other = format!("{MAPS}/a?fieldManager=two");
    let conflict = api.patch("apply", &other, &map("2")).await.expect(409);
    assert_eq!(conflict["message"], "Apply failed with 1 conflict: conflict with \"one\": .data.k");
    assert_eq!(conflict["details"]["causes"][0]["reason"], "FieldManagerConflict");
    let forced = api.patch("apply", &format!("{other}&force=true"), &map("2")).await.expect(200);
    assert_eq!(forced["data"]["k"], "2");
    api.patch("apply", &format!("{MAPS}/a"), &map("1")).await.expect(422);
}
