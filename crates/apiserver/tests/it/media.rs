//! Media types, what is answered where there is nothing, and the paths that are no resources.

use bytes::Bytes;
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Api, Reply, api, api_with};

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

async fn accept(api: &Api, path: &str, media: &str) -> Reply {
    api.call(Method::GET, path, &[("accept", media)], Bytes::new()).await
}

/// An API with one ConfigMap, `a`.
async fn with_a_map() -> Api {
    let api = api();
    api.post(MAPS, &json!({ "metadata": { "name": "a" }, "data": { "k": "<v>" } })).await.expect(201);
    api
}

#[tokio::test]
async fn what_cannot_be_made_is_refused_in_kubernetes_words() {
    let api = with_a_map().await;
    let refused = accept(&api, &format!("{MAPS}/a"), "text/html").await.expect(406);
    assert_eq!(
        refused,
        json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, \
                        application/vnd.kubernetes.protobuf",
            "reason": "NotAcceptable", "details": {}, "code": 406,
        })
    );
    let table = "application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io";
    let refused = accept(&api, MAPS, table).await.expect(406);
    assert_eq!(
        refused,
        json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": "only the following media types are accepted: application/json, application/yaml, \
                        application/vnd.kubernetes.protobuf",
            "reason": "NotAcceptable", "code": 406,
        })
    );
    // The refusal itself has a YAML form.
    let yaml = accept(&api, &format!("{MAPS}?watch=1"), "application/yaml").await;
    let text = String::from_utf8_lossy(&yaml.bytes).into_owned();
    let message = "only the following media types are accepted: application/json;stream=watch,";
    assert!(yaml.code == 406 && text.contains(message), "{text}");
}

#[tokio::test]
async fn bodies_of_unknown_types_are_refused() {
    let api = with_a_map().await;
    let send = |method: Method, path: &'static str, media: &'static str| {
        let api = &api;
        async move { api.call(method, path, &[("content-type", media)], "{}").await }
    };
    let named = "/api/v1/namespaces/default/configmaps/a";
    let posted = send(Method::POST, "/api/v1/namespaces/default/configmaps", "text/xml").await.expect(415);
    assert_eq!(
        posted,
        json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": "the body of the request was in an unknown format - accepted media types include: \
                        application/json, application/yaml, application/vnd.kubernetes.protobuf",
            "reason": "UnsupportedMediaType", "code": 415,
        })
    );
    for media in ["application/json", "application/vnd.kubernetes.protobuf"] {
        let patched = send(Method::PATCH, named, media).await.expect(415);
        assert_eq!(
            (&patched["message"], &patched["reason"], &patched["details"]),
            (&json!("415: Unsupported Media Type"), &json!("UnsupportedMediaType"), &json!({}))
        );
    }
    send(Method::POST, "/apis/authentication.k8s.io/v1/tokenreviews", "application/json; charset=utf-8")
        .await
        .expect(404);
}

#[tokio::test]
async fn metadata_alone_must_be_asked_for_as_what_it_is() {
    let api = with_a_map().await;
    let one = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    let many = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1beta1";
    let object = accept(&api, &format!("{MAPS}/a"), one).await.expect(200);
    assert_eq!((&object["kind"], &object["data"]), (&json!("PartialObjectMetadata"), &Json::Null));
    let list = accept(&api, MAPS, many).await.expect(200);
    assert_eq!(list["apiVersion"], "meta.k8s.io/v1beta1");
    assert_eq!(list["items"][0]["apiVersion"], "meta.k8s.io/v1beta1");
    let wrong = accept(&api, MAPS, one).await.expect(406);
    assert_eq!(
        wrong["message"],
        "you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)"
    );
    let wrong = accept(&api, &format!("{MAPS}/a"), many).await.expect(406);
    assert_eq!(
        wrong["message"],
        "you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)"
    );
}

#[tokio::test]
async fn tables_of_both_versions_and_their_options() {
    let api = with_a_map().await;
    let older = "application/json;as=Table;g=meta.k8s.io;v=v1beta1";
    let table = accept(&api, MAPS, older).await.expect(200);
    assert_eq!(table["apiVersion"], "meta.k8s.io/v1beta1");
    assert_eq!(table["rows"][0]["object"]["apiVersion"], "meta.k8s.io/v1beta1");
    let whole = accept(&api, &format!("{MAPS}?includeObject=Object"), older).await.expect(200);
    assert_eq!(whole["rows"][0]["object"]["data"]["k"], "<v>");
    let refused = accept(&api, &format!("{MAPS}?includeObject=x"), older).await.expect(400);
    assert_eq!(
        refused["message"],
        "Unable to convert to Table as requested: includeObject: Invalid value: \"x\": must be 'Metadata', \
         'Object', 'None', or empty"
    );
    // Written objects are shown as tables too, and of a watch the first event alone tells the columns.
    let headers = [("accept", older), ("content-type", "application/merge-patch+json")];
    let patched = api.call(Method::PATCH, &format!("{MAPS}/a"), &headers, r#"{"data":{"x":"y"}}"#).await;
    assert_eq!(patched.expect(200)["rows"][0]["cells"][1], 2);
    api.post(MAPS, &json!({ "metadata": { "name": "b" } })).await.expect(201);
    let events = accept(&api, &format!("{MAPS}?watch=1&timeoutSeconds=1"), older).await;
    let events: Vec<Json> = events
        .bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    assert!(events[0]["object"]["columnDefinitions"][0]["name"].is_string(), "{events:?}");
    assert_eq!(events[1]["object"]["columnDefinitions"], Json::Null);
}

#[tokio::test]
async fn people_get_line_breaks() {
    let api = with_a_map().await;
    let curl = [("user-agent", "curl/8.0")];
    let text = async |path: &str, headers: &[(&str, &str)]| {
        let reply = api.call(Method::GET, path, headers, Bytes::new()).await;
        String::from_utf8(reply.bytes.to_vec()).expect("text")
    };
    let pretty = text(&format!("{MAPS}/a"), &curl).await;
    assert!(pretty.starts_with("{\n  \"kind\": \"ConfigMap\",\n  \"apiVersion\": \"v1\",\n"), "{pretty}");
    assert!(pretty.contains("\\u003cv\\u003e") && pretty.ends_with("\n}"), "{pretty}");
    assert_eq!(text(&format!("{MAPS}/a?pretty=true"), &[]).await, pretty);
    assert!(!text(&format!("{MAPS}/a?pretty=false"), &curl).await.contains("\n  "));
    assert!(text(&format!("{MAPS}/none"), &curl).await.starts_with("{\n  \"kind\": \"Status\",\n"));
    assert!(text(MAPS, &curl).await.contains("\"items\": [\n    {\n"));
}

#[tokio::test]
async fn where_there_is_nothing() {
    let api = api();
    let plain = async |path: &str| {
        let reply = api.get(path).await;
        assert_eq!((reply.code, &reply.bytes[..]), (404, &b"404 page not found\n"[..]), "{path}");
        assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8", "{path}");
    };
    for path in ["/nothing", "/logs", "/debug/pprof/", "/apis/none", "/apis/none/v1/x", "/healthz/none"] {
        plain(path).await;
    }
    for path in ["/api/v2", "/api/v1/none", "/apis/apps/v9/deployments", "/apis/apps/v1/none", "/version/x"] {
        let status = api.get(path).await.expect(404);
        assert_eq!(
            status,
            json!({
                "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                "message": "the server could not find the requested resource",
                "reason": "NotFound", "details": {}, "code": 404,
            }),
            "{path}"
        );
    }
    for (method, path) in [
        (Method::OPTIONS, MAPS),
        (Method::HEAD, MAPS),
        (Method::PUT, MAPS),
        (Method::POST, "/version"),
        (Method::POST, "/api/v1/pods"),
    ] {
        let reply = api.call(method.clone(), path, &[], Bytes::new()).await;
        assert_eq!(reply.code, 405, "{method} {path}");
    }
}

#[tokio::test]
async fn all_paths_are_listed() {
    let api = api();
    let list = api.get("/").await.expect(200);
    let paths: Vec<&str> = list["paths"].as_array().expect("paths").iter().filter_map(Json::as_str).collect();
    for path in [
        "/.well-known/openid-configuration",
        "/api/v1",
        "/apis",
        "/apis/apps",
        "/apis/apps/v1",
        "/healthz/ping",
        "/livez",
        "/metrics",
        "/openapi/v3",
        "/openid/v1/jwks",
        "/readyz/shutdown",
        "/version",
    ] {
        assert!(paths.contains(&path), "{path} is not in {paths:?}");
    }
    assert!(paths.is_sorted());
    assert!(!paths.iter().any(|path| path.contains("alpha") || path.contains("beta")), "{paths:?}");
}

#[tokio::test]
async fn health_tells_of_its_checks() {
    let api = api();
    let text = async |path: &str| {
        let reply = api.get(path).await;
        (reply.code, String::from_utf8(reply.bytes.to_vec()).expect("text"))
    };
    assert_eq!(text("/healthz").await, (200, "ok".to_owned()));
    assert_eq!(text("/livez/poststarthook/rbac/bootstrap-roles").await, (200, "ok".to_owned()));
    let (_, verbose) = text("/readyz?verbose&exclude=etcd&exclude=b&exclude=a").await;
    assert!(
        verbose.starts_with("[+]ping ok\n[+]log ok\n[+]etcd excluded: ok\n[+]etcd-readiness ok\n"),
        "{verbose}"
    );
    assert!(
        verbose.ends_with(
            "[+]shutdown ok\nwarn: some health checks cannot be excluded: no matches for \"a\",\"b\"\n\
             readyz check passed\n"
        ),
        "{verbose}"
    );
    api.server.set_ready(false);
    let (code, failed) = text("/readyz").await;
    assert_eq!(code, 500);
    assert!(failed.contains("[-]poststarthook/rbac/bootstrap-roles failed: reason withheld\n"), "{failed}");
    assert!(failed.ends_with("readyz check failed\n"), "{failed}");
}

#[tokio::test]
async fn versions_are_served_as_configured() {
    let api = api();
    api.get("/apis/resource.k8s.io/v1beta1/deviceclasses").await.expect(404);
    api.get("/apis/storagemigration.k8s.io").await;
    let api = api_with(|config| {
        config.runtime_config =
            "resource.k8s.io/v1beta1=true,batch/v1/cronjobs=false".parse().expect("settings");
    });
    let reply = api.get("/apis/resource.k8s.io/v1beta1/deviceclasses").await;
    assert_eq!(
        reply.warnings(),
        ["299 - \"resource.k8s.io/v1beta1 DeviceClass is deprecated in v1.35+, unavailable in v1.38+\""]
    );
    reply.expect(200);
    api.get("/apis/batch/v1/cronjobs").await.expect(404);
    api.get("/apis/batch/v1/jobs").await.expect(200);
    let groups = api.get("/apis/resource.k8s.io").await.expect(200);
    assert_eq!(groups["versions"].as_array().map(Vec::len), Some(2));
}
