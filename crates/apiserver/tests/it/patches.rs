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
    let failed = [
        json!([{ "op": "test", "path": "/data/x", "value": "no" }]),
        json!([{ "op": "remove", "path": "/data/none" }]),
        json!([{ "op": "fly", "path": "/data/x" }]),
    ];
    for patch in failed {
        let refused = api.patch("json", &a, &patch).await.expect(422);
        let words = "the server rejected our request due to an error in our request";
        assert_eq!((&refused["message"], &refused["reason"]), (&json!(words), &json!("Invalid")), "{patch}");
    }
    api.patch("json", &a, &json!({})).await.expect(400);
    let many: Vec<_> =
        (0..10_001).map(|_| json!({ "op": "test", "path": "/data/x", "value": "3" })).collect();
    let refused = api.patch("json", &a, &json!(many)).await.expect(413);
    assert_eq!(refused["message"], "The allowed maximum operations in a JSON patch is 10000, got 10001");
    for ty in ["merge", "strategic-merge"] {
        let odd = json!({ "metadata": { "annotations": { "foo": ["bar"] } } });
        let refused = api.patch(ty, &a, &odd).await.expect(422);
        assert_eq!(refused["details"]["causes"][0]["field"], "patch", "{refused}");
    }
    let renamed = json!({ "metadata": { "name": "b" } });
    let words = "the name of the object (b) does not match the name on the URL (a)";
    assert_eq!(api.patch("merge", &a, &renamed).await.expect(400)["message"], words);
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

#[tokio::test]
async fn an_applied_configuration_names_only_fields_of_its_type() {
    let api = api();
    let apply = |object: serde_json::Value, query: &'static str| {
        let api = &api;
        async move { api.patch("apply", &format!("{MAPS}/a?fieldManager=one{query}"), &object).await }
    };
    let head = json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "a" } });
    let with = |member: &str, value: serde_json::Value| {
        let mut object = head.clone();
        object[member] = value;
        object
    };
    for query in ["", "&fieldValidation=Ignore", "&fieldValidation=Strict"] {
        let refused = apply(with("frob", json!(1)), query).await.expect(400);
        let words = "failed to create typed patch object (/a; v1, Kind=ConfigMap): .frob: field not declared in schema";
        assert_eq!(refused["message"], words, "{query}");
    }
    let owned = with("metadata", json!({ "name": "a", "managedFields": [{ "manager": "x" }] }));
    assert_eq!(apply(owned, "").await.expect(400)["message"], "metadata.managedFields must be nil");
    let other = with("metadata", json!({ "name": "b" }));
    let words = "the name of the object (b) does not match the name on the URL (a)";
    assert_eq!(apply(other, "").await.expect(400)["message"], words);
    let known = with("metadata", json!({ "name": "a", "uid": "u" }));
    let refused = apply(known.clone(), "").await.expect(409);
    let words = "Operation cannot be fulfilled on configmaps \"a\": uid mismatch: the provided object specified uid u, \
                 and no existing object was found";
    assert_eq!(refused["message"], words);
    apply(head.clone(), "").await.expect(201);
    apply(known, "").await.expect(422);
    apply(head.clone(), "&force=true&dryRun=All").await.expect(200);
}
