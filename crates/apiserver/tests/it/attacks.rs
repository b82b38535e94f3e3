//! Known attacks on servers of this kind, each refused in bounded time: the names are those of public lists.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Api, api, api_with};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

/// Sends a body that is to be refused, and not slowly: builds of tests are not optimised, and machines busy.
async fn refused(api: &Api, method: Method, path: &str, media: &str, body: impl Into<Bytes>) -> u16 {
    let headers = [("content-type", media)];
    let call = api.call(method, path, &headers, body);
    let reply = tokio::time::timeout(Duration::from_secs(30), call).await.expect("an answer in time");
    assert!((400..500).contains(&reply.code), "{path} {media}: {}", reply.code);
    assert_eq!(api.get("/healthz").await.bytes, "ok");
    reply.code
}

/// Every way into a decoder.
async fn everywhere(api: &Api, json: &[u8]) {
    api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await;
    let named = format!("{MAPS}/a");
    let reviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    for (method, path, media) in [
        (Method::POST, MAPS, "application/json"),
        (Method::POST, MAPS, "application/yaml"),
        (Method::POST, reviews, "application/json"),
        (Method::PUT, named.as_str(), "application/json"),
        (Method::PATCH, &named, "application/json-patch+json"),
        (Method::PATCH, &named, "application/merge-patch+json"),
        (Method::PATCH, &named, "application/strategic-merge-patch+json"),
        (Method::PATCH, &format!("{named}?fieldManager=m"), "application/apply-patch+yaml"),
        (Method::DELETE, &named, "application/json"),
    ] {
        refused(api, method, path, media, json.to_vec()).await;
    }
}

#[tokio::test]
async fn go_2022_0965_a_million_levels() {
    let api = api();
    everywhere(&api, &vec![b'['; 1_000_000]).await;
    everywhere(&api, &b"{\"a\":".repeat(500_000)).await;
    everywhere(&api, &b"{\"metadata\":{\"labels\":".repeat(100_000)).await;
}

#[tokio::test]
async fn go_2022_0965_binary_encodings() {
    let api = api_with(|config| config.feature_gates = "CBORServingAndStorage=true".parse().expect("a gate"));
    for byte in [0x81, 0xc6, 0x9f, 0xbf] {
        refused(&api, Method::POST, MAPS, "application/cbor", vec![byte; 1_000_000]).await;
    }
    // A message in a message in a message: a JSON schema in itself, by length prefixes that lie.
    let mut nested = b"k8s\0".to_vec();
    nested.extend([0x0a, 0xff, 0xff, 0x3f].repeat(200_000));
    refused(&api, Method::POST, MAPS, "application/vnd.kubernetes.protobuf", nested).await;
}

#[tokio::test]
async fn cve_2019_11253_bombs() {
    let api = api();
    let mut bomb = "kind: ConfigMap\nmetadata: {name: a}\nx0: &x0 [1,1,1,1,1,1,1,1,1,1]\n".to_owned();
    for level in 1..10 {
        let before = format!("*x{}", level - 1);
        bomb.push_str(&format!("x{level}: &x{level} [{}]\n", vec![before; 10].join(",")));
    }
    refused(&api, Method::POST, MAPS, "application/yaml", bomb.clone()).await;
    let apply = format!("{MAPS}/a?fieldManager=m");
    refused(&api, Method::PATCH, &apply, "application/apply-patch+yaml", bomb).await;
    // Ten million levels are too long before they are too deep.
    assert_eq!(refused(&api, Method::POST, MAPS, "application/json", vec![b'['; 10_000_000]).await, 413);
}

#[tokio::test]
async fn cve_2019_1002100_json_patch_copies() {
    let api = api();
    api.post(MAPS, &json!({ "metadata": { "name": "a" }, "data": { "k": "0123456789" } })).await.expect(201);
    let copies: Vec<Json> = (0..40)
        .map(|number| json!({ "op": "copy", "from": "/data", "path": format!("/data/x{number}") }))
        .collect();
    let body = Json::from(copies).to_string();
    refused(&api, Method::PATCH, &format!("{MAPS}/a"), "application/json-patch+json", body).await;
    let many = Json::from(vec![json!({ "op": "test", "path": "/data/k", "value": "0123456789" }); 10_001]);
    let media = "application/json-patch+json";
    assert_eq!(refused(&api, Method::PATCH, &format!("{MAPS}/a"), media, many.to_string()).await, 413);
}

#[tokio::test]
async fn cve_2019_11254_pathological_yaml() {
    let api = api();
    let start = "kind: ConfigMap\nmetadata: {name: a}\n";
    for text in [
        format!("{start}data: {{k: \"{}\"", "\\\n ".repeat(100_000)),
        format!("{start}{}", "? ".repeat(100_000)),
        format!("{start}{}", "- ".repeat(500_000)),
        format!("{start}{}:", "!!str ".repeat(100_000)),
        format!("{start}x: {}", "&a ".repeat(100_000)),
    ] {
        refused(&api, Method::POST, MAPS, "application/yaml", text).await;
    }
}

#[tokio::test]
async fn keys_in_any_order_cost_little() {
    let api = api();
    let keys: Vec<String> = (0..200_000_u32).rev().map(|number| format!("\"{number:06}\":\"\"")).collect();
    let body = format!("{{\"metadata\":{{\"name\":\"a\"}},\"data\":{{{}}}}}", keys.join(","));
    // Too large to be kept, which is known once it is read.
    refused(&api, Method::POST, MAPS, "application/json", body).await;
}

#[tokio::test]
async fn cut_and_malformed_bodies() {
    let api = api();
    let whole = br#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a"},"data":{"k":"\u00e9"}}"#;
    for end in 0..whole.len() {
        refused(&api, Method::POST, MAPS, "application/json", whole[..end].to_vec()).await;
    }
    for body in [
        &b"{\"data\":{\"k\":\"\xff\"}}"[..],
        b"{\"metadata\":{\"generation\":9223372036854775808}}",
        b"{\"metadata\":{\"generation\":1e400}}",
        b"{\"metadata\":{\"generation\":1.5}}",
        b"\0",
        b"{}{}",
    ] {
        refused(&api, Method::POST, MAPS, "application/json", body.to_vec()).await;
    }
}

#[tokio::test]
async fn huge_selectors_and_queries() {
    let api = api();
    let long = "a".repeat(60_000);
    for query in [
        format!("labelSelector={long}"),
        format!("labelSelector=a+in+({}", "b,".repeat(30_000)),
        format!("fieldSelector={long}"),
        format!("continue={long}"),
        format!("labelSelector={}", "%21".repeat(20_000)),
    ] {
        refused(&api, Method::GET, &format!("{MAPS}?{query}"), "", Bytes::new()).await;
    }
}

#[tokio::test]
async fn cve_2020_8552_metrics_stay_bounded() {
    let api = api();
    for number in 0..2_000 {
        api.get(&format!("/apis/g{number}/v{number}/r{number}?q={number}")).await;
        api.get(&format!("/api/v1/namespaces/n{number}/configmaps/c{number}")).await;
    }
    let metrics = api.get("/metrics").await.bytes;
    assert!(metrics.len() < 256 << 10, "{} bytes of metrics", metrics.len());
}

#[tokio::test]
async fn cve_2015_5305_no_path_leaves_its_place() {
    let api = api();
    for path in [
        "/api/v1/namespaces/default/configmaps/%2e%2e",
        "/api/v1/namespaces/%2e%2e/configmaps",
        "/api/v1/namespaces/default/configmaps/a%2fb",
        "/api/v1/namespaces/default/configmaps/a%00b",
    ] {
        refused(&api, Method::GET, path, "", Bytes::new()).await;
    }
    let name = json!({ "metadata": { "name": "../../x" } });
    assert_eq!(api.post(MAPS, &name).await.code, 422);
}
