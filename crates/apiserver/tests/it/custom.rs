//! Custom resources: served when defined, over restarts, and no more when their definition goes.

use std::sync::Arc;

use http::Method;
use mizzen_apiserver::attributes::User;
use mizzen_apiserver::{Config, Server};
use mizzen_clock::Env;
use mizzen_store::{MemoryStore, Store};
use serde_json::{Value as Json, json};

use crate::support::{Api, api, plugins};

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const THINGS: &str = "/apis/g.example/v1/things";

fn definition(properties: &Json) -> Json {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.g.example"},
        "spec": {"group": "g.example", "scope": "Cluster", "names": {"plural": "things", "kind": "Thing"}, "versions": [{
            "name": "v1", "served": true, "storage": true,
            "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                "spec": {"type": "object", "properties": properties}}}},
        }]},
    })
}

/// Waits until a condition of the definition holds.
async fn established(api: &Api) {
    for _ in 0..1000 {
        let crd = api.get(&format!("{DEFINITIONS}/things.g.example")).await.json();
        let conditions = crd["status"]["conditions"].as_array().cloned().unwrap_or_default();
        if conditions.iter().any(|own| own["type"] == "Established" && own["status"] == "True") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the definition is not established");
}

fn thing(name: &str, spec: &Json) -> Json {
    json!({"apiVersion": "g.example/v1", "kind": "Thing", "metadata": {"name": name}, "spec": spec})
}

#[tokio::test(start_paused = true)]
async fn a_schema_change_reads_old_objects_anew_and_ends_watches() {
    let api = api();
    api.post(DEFINITIONS, &definition(&json!({"a": {"type": "string"}}))).await.expect(201);
    established(&api).await;
    api.post(THINGS, &thing("x", &json!({"a": "1", "odd": 2}))).await.expect(201);
    let list = api.get(THINGS).await.expect(200);
    assert_eq!((&list["kind"], &list["items"][0]["kind"]), (&json!("ThingList"), &json!("Thing")));
    let path = format!("{DEFINITIONS}/things.g.example");
    let properties = json!({"b": {"type": "integer", "default": 7}});
    let change = json!({"spec": {"versions": definition(&properties)["spec"]["versions"]}});
    let watch = format!("{THINGS}?watch=true&timeoutSeconds=3000");
    let watching = api.get(&watch);
    let changing = async {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        api.patch("merge", &path, &change).await.expect(200);
    };
    let (watched, ()) = tokio::join!(watching, changing);
    assert_eq!(watched.code, 200, "the watch ended long before its time");
    for _ in 0..1000 {
        if api.get(&format!("{THINGS}/x")).await.json()["spec"] == json!({"b": 7}) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the object reads as before");
}

#[tokio::test(start_paused = true)]
async fn encodings() {
    let api = api();
    api.post(DEFINITIONS, &definition(&json!({"a": {"type": "string"}}))).await.expect(201);
    established(&api).await;
    api.post(THINGS, &thing("x", &json!({}))).await.expect(201);
    let path = format!("{THINGS}/x");
    let get = async |accept: &str| api.call(Method::GET, &path, &[("accept", accept)], "").await;
    assert_eq!(get("application/vnd.kubernetes.protobuf").await.code, 406);
    let partial = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    assert_eq!(get(partial).await.code, 200);
    let table = get("application/json;as=Table;g=meta.k8s.io;v=v1").await.expect(200);
    let names: Vec<&str> = table["columnDefinitions"]
        .as_array()
        .map(|columns| columns.iter().filter_map(|column| column["name"].as_str()).collect())
        .unwrap_or_default();
    assert_eq!(names, ["Name", "Age"]);
    assert_eq!(get("application/yaml").await.code, 200);
    let protobuf = [("content-type", "application/vnd.kubernetes.protobuf")];
    assert_eq!(api.call(Method::POST, THINGS, &protobuf, "k8s\0").await.code, 415);
    assert_eq!(api.patch("strategic-merge", &path, &json!({})).await.code, 415);
}

#[tokio::test(start_paused = true)]
async fn definitions_are_served_after_a_restart_and_go_with_their_objects() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let start = || {
        let server = Server::start(Config::new(|_| plugins()), store.clone(), Env::system());
        let client = server.client(User::new("admin", &["system:masters"]));
        Api { server, client }
    };
    let api = start();
    api.post(DEFINITIONS, &definition(&json!({"a": {"type": "string"}}))).await.expect(201);
    established(&api).await;
    api.post(THINGS, &thing("x", &json!({"a": "1"}))).await.expect(201);
    api.server.stop().await;

    let api = start();
    api.server.custom_resources_served().await;
    let kept = api.get(&format!("{THINGS}/x")).await.expect(200);
    assert_eq!(kept["spec"], json!({"a": "1"}));
    let crd = format!("{DEFINITIONS}/things.g.example");
    api.delete(&crd).await.expect(200);
    for _ in 0..1000 {
        if api.get(&crd).await.code == 404 && api.get(THINGS).await.code == 404 {
            let prefix = mizzen_store::Range {
                start: "/registry/g.example/".into(),
                end: Some("/registry/g.example0".into()),
                at: None,
                limit: 0,
            };
            assert!(store.range(prefix).await.unwrap().entries.is_empty());
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the definition does not go");
}
