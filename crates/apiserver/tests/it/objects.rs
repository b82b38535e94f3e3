//! Create, get, update: what every kind does.

use serde_json::json;

use crate::support::api;

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

#[tokio::test]
async fn a_config_map_is_created_read_and_updated() {
    let api = api();
    let map = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "a" }, "data": { "k": "v" },
    });
    let reply = api.post(MAPS, &map).await;
    let text = String::from_utf8_lossy(&reply.bytes).into_owned();
    let created = reply.expect(201);
    assert!(
        text.starts_with("{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\","),
        "{text}"
    );
    assert_eq!(created["metadata"]["namespace"], "default");
    assert!(created["metadata"]["uid"].as_str().is_some_and(|uid| uid.len() == 36));
    assert!(created["metadata"]["creationTimestamp"].is_string());
    let version = created["metadata"]["resourceVersion"].as_str().expect("a version").to_owned();
    let got = api.get(&format!("{MAPS}/a")).await.expect(200);
    assert_eq!(got, created);
    assert_eq!(api.get(&format!("{MAPS}/b")).await.expect(404)["message"], "configmaps \"b\" not found");
    let again = api.post(MAPS, &map).await.expect(409);
    assert_eq!(again["message"], "configmaps \"a\" already exists");

    let mut changed = got.clone();
    changed["data"]["k"] = "w".into();
    let updated = api.put(&format!("{MAPS}/a"), &changed).await.expect(200);
    assert_ne!(updated["metadata"]["resourceVersion"], version.as_str());
    let conflict = api.put(&format!("{MAPS}/a"), &changed).await.expect(409);
    assert_eq!(conflict["reason"], "Conflict");
    assert!(conflict["message"].as_str().is_some_and(|text| text.contains("the object has been modified")));
    // Nothing changes: nothing is written.
    let same = api.put(&format!("{MAPS}/a"), &updated).await.expect(200);
    assert_eq!(same["metadata"]["resourceVersion"], updated["metadata"]["resourceVersion"]);
}

#[tokio::test]
async fn names_are_generated() {
    let api = api();
    let map = json!({ "metadata": { "generateName": "x-" } });
    let created = api.post(MAPS, &map).await.expect(201);
    let name = created["metadata"]["name"].as_str().expect("a name");
    assert!(name.starts_with("x-") && name.len() == 7, "{name}");
    let nameless = api.post(MAPS, &json!({})).await.expect(422);
    assert_eq!(nameless["details"]["causes"][0]["field"], "metadata.name");
}

#[tokio::test]
async fn a_taken_name_with_a_prefix_says_that_the_server_could_not_make_one() {
    let api = api();
    let both = json!({ "metadata": { "name": "a", "generateName": "a-" } });
    api.post(MAPS, &both).await.expect(201);
    let taken = api.post(MAPS, &both).await.expect(409);
    let words =
        "configmaps \"a\" already exists, the server was not able to generate a unique name for the object";
    assert_eq!((&taken["message"], &taken["reason"]), (&json!(words), &json!("AlreadyExists")));
    assert_eq!(taken["details"]["retryAfterSeconds"], 1);
    let plain = api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await.expect(409);
    assert_eq!(plain["message"], "configmaps \"a\" already exists");
}

#[tokio::test]
async fn a_put_must_name_its_object_and_may_guard_it() {
    let api = api();
    let created = api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await.expect(201);
    let put = |metadata: serde_json::Value, code: u16| {
        let api = &api;
        async move {
            let body = json!({ "metadata": metadata });
            let refused = api.put(&format!("{MAPS}/a"), &body).await.expect(code);
            refused["message"].as_str().unwrap_or_default().to_owned()
        }
    };
    let words = "the name of the object (a based on URL) was undeterminable: name must be provided";
    assert_eq!(put(json!({}), 400).await, words);
    let words = "the name of the object (b) does not match the name on the URL (a)";
    assert_eq!(put(json!({ "name": "b" }), 400).await, words);
    let words = "the namespace of the provided object does not match the namespace sent on the request";
    assert_eq!(put(json!({ "name": "a", "namespace": "other" }), 400).await, words);
    let own = created["metadata"]["uid"].as_str().expect("a uid");
    let words = format!(
        "Operation cannot be fulfilled on configmaps \"a\": StorageError: invalid object, Code: 4, Key: \
         /registry/configmaps/default/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in \
         precondition: x, UID in object meta: {own}"
    );
    assert_eq!(put(json!({ "name": "a", "uid": "x" }), 409).await, words);
    let words = "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply \
                 your changes to the latest version and try again";
    assert_eq!(put(json!({ "name": "a", "resourceVersion": "1" }), 409).await, words);
    // What clients say of times, versions and links counts for nothing.
    let odd = json!({ "name": "a", "generation": 9, "selfLink": "/x", "creationTimestamp": "2001-01-01T00:00:00Z" });
    assert_eq!(put(odd, 200).await, "");
    let now = api.get(&format!("{MAPS}/a")).await.expect(200);
    for member in
        ["uid", "creationTimestamp", "resourceVersion", "generation", "selfLink", "deletionTimestamp"]
    {
        assert_eq!(now["metadata"][member], created["metadata"][member], "{member}");
    }
    // Leases are never written unseen; cluster-scoped objects have no namespace, whatever is sent.
    let leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    api.put(&format!("{leases}/l"), &json!({ "metadata": { "name": "l" } })).await.expect(201);
    let refused = api.put(&format!("{leases}/l"), &json!({ "metadata": { "name": "l" } })).await.expect(422);
    let words = "leases.coordination.k8s.io \"l\" is invalid: metadata.resourceVersion: Invalid value: 0: must be \
                 specified for an update";
    assert_eq!((&refused["message"], &refused["details"]["kind"]), (&json!(words), &json!("leases")));
    let placed = json!({ "metadata": { "name": "n", "namespace": "default" } });
    let made = api.post("/api/v1/namespaces", &placed).await.expect(201);
    assert!(made["metadata"]["namespace"].is_null());
}

#[tokio::test]
async fn bodies_must_be_of_the_kind() {
    let api = api();
    let refuse = |body: serde_json::Value, words: &'static str| {
        let api = &api;
        async move {
            let message =
                api.post(MAPS, &body).await.expect(400)["message"].as_str().unwrap_or_default().to_owned();
            assert!(message.contains(words), "{message}");
        }
    };
    refuse(
        json!({ "kind": "Pod", "apiVersion": "v1", "metadata": { "name": "a" } }),
        "cannot be handled as a ConfigMap",
    )
    .await;
    refuse(
        json!({ "apiVersion": "apps/v1", "metadata": { "name": "a" } }),
        "does not match the expected API version (v1)",
    )
    .await;
    refuse(json!({ "metadata": { "name": "a", "namespace": "b" } }), "the namespace of the provided object")
        .await;
    refuse(json!({ "metadata": { "name": 1 } }), "ConfigMap").await;
}

#[tokio::test]
async fn unknown_fields_warn_or_are_refused() {
    let api = api();
    let odd = |name: &str| json!({ "kind": "ConfigMap", "apiVersion": "v1", "metadata": { "name": name }, "dada": {} });
    let reply = api.post(MAPS, &odd("a")).await;
    assert_eq!(reply.warnings(), ["299 - \"unknown field \\\"dada\\\"\""]);
    reply.expect(201);
    let reply = api.post(&format!("{MAPS}?fieldValidation=Ignore"), &odd("b")).await;
    assert!(reply.warnings().is_empty());
    reply.expect(201);
    let refused = api.post(&format!("{MAPS}?fieldValidation=Strict"), &odd("c")).await.expect(400);
    let message = "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"dada\"";
    assert_eq!(refused["message"], message);
}

#[tokio::test]
async fn dry_run_stores_nothing() {
    let api = api();
    let map = json!({ "metadata": { "name": "a" } });
    let dry = api.post(&format!("{MAPS}?dryRun=All"), &map).await.expect(201);
    assert!(dry["metadata"]["uid"].is_string() && dry["metadata"]["resourceVersion"].is_null(), "{dry}");
    api.get(&format!("{MAPS}/a")).await.expect(404);
    api.post(MAPS, &map).await.expect(201);
    let patched = api
        .patch("merge", &format!("{MAPS}/a?dryRun=All"), &json!({ "data": { "k": "v" } }))
        .await
        .expect(200);
    assert_eq!(patched["data"]["k"], "v");
    assert!(api.get(&format!("{MAPS}/a")).await.expect(200)["data"].is_null());
    api.call(http::Method::DELETE, &format!("{MAPS}/a?dryRun=All"), &[], bytes::Bytes::new())
        .await
        .expect(200);
    api.get(&format!("{MAPS}/a")).await.expect(200);
}

#[tokio::test]
async fn generation_follows_the_spec_and_status_is_apart() {
    let api = api();
    let path = "/apis/apps/v1/namespaces/default/deployments";
    let deployment = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "web" },
        "spec": {
            "replicas": 2, "selector": { "matchLabels": { "a": "b" } },
            "template": {
                "metadata": { "labels": { "a": "b" } },
                "spec": { "containers": [{ "name": "c", "image": "i" }] },
            },
        },
        "status": { "replicas": 7 },
    });
    let created = api.post(path, &deployment).await.expect(201);
    assert_eq!(created["metadata"]["generation"], 1);
    assert_eq!(created["status"]["replicas"], json!(null), "the client's status is dropped");
    assert_eq!(created["spec"]["strategy"]["type"], "RollingUpdate", "defaults are filled in");
    let web = format!("{path}/web");
    let scaled = api.patch("merge", &web, &json!({ "spec": { "replicas": 3 } })).await.expect(200);
    assert_eq!(scaled["metadata"]["generation"], 2);
    let labelled =
        api.patch("merge", &web, &json!({ "metadata": { "labels": { "x": "y" } } })).await.expect(200);
    assert_eq!(labelled["metadata"]["generation"], 2);
    let mut status = labelled.clone();
    status["status"]["observedGeneration"] = 2.into();
    status["spec"]["replicas"] = 9.into();
    let status = api.put(&format!("{web}/status"), &status).await.expect(200);
    assert_eq!(
        (&status["status"]["observedGeneration"], &status["spec"]["replicas"]),
        (&json!(2), &json!(3))
    );

    let scale = api.get(&format!("{web}/scale")).await.expect(200);
    assert_eq!((&scale["kind"], &scale["spec"]["replicas"]), (&json!("Scale"), &json!(3)));
    assert_eq!(scale["status"]["selector"], "a=b");
    let scale =
        api.patch("merge", &format!("{web}/scale"), &json!({ "spec": { "replicas": 5 } })).await.expect(200);
    assert_eq!(scale["spec"]["replicas"], 5);
    let web = api.get(&web).await.expect(200);
    assert_eq!((&web["spec"]["replicas"], &web["metadata"]["generation"]), (&json!(5), &json!(3)));
}

#[tokio::test]
async fn put_creates_where_the_kind_allows_it() {
    let api = api();
    let lease = json!({ "metadata": { "name": "l" }, "spec": { "holderIdentity": "me" } });
    let path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/l";
    api.put(path, &lease).await.expect(201);
    let guarded = api.put(path, &lease).await.expect(422);
    assert_eq!(guarded["details"]["causes"][0]["field"], "metadata.resourceVersion");
    let map = json!({ "metadata": { "name": "a" } });
    api.put("/api/v1/namespaces/default/configmaps/a", &map).await.expect(404);
}

#[tokio::test]
async fn other_versions_and_encodings() {
    let api = api();
    let map = json!({ "metadata": { "name": "a" }, "data": { "k": "v" } });
    api.post(MAPS, &map).await.expect(201);
    let accept = |media: &'static str| {
        let api = &api;
        async move {
            api.call(http::Method::GET, &format!("{MAPS}/a"), &[("accept", media)], bytes::Bytes::new()).await
        }
    };
    let yaml = accept("application/yaml").await;
    assert!(String::from_utf8_lossy(&yaml.bytes).contains("kind: ConfigMap\n"));
    let protobuf = accept("application/vnd.kubernetes.protobuf").await;
    assert!(protobuf.bytes.starts_with(b"k8s\0"));
    assert_eq!(protobuf.headers["content-type"], "application/vnd.kubernetes.protobuf");
    let partial = accept("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1").await.expect(200);
    assert_eq!((&partial["kind"], &partial["data"]), (&json!("PartialObjectMetadata"), &json!(null)));
    accept("text/html").await.expect(406);
    let body = protobuf.bytes.clone();
    let headers = [("content-type", "application/vnd.kubernetes.protobuf")];
    let same = api.call(http::Method::PUT, &format!("{MAPS}/a"), &headers, body).await.expect(200);
    assert_eq!(same["data"]["k"], "v");
    let xml = api.call(http::Method::POST, MAPS, &[("content-type", "text/xml")], "x").await.expect(415);
    assert_eq!(xml["reason"], "UnsupportedMediaType");
    let huge = api.call(http::Method::POST, MAPS, &[], vec![b' '; (3 << 20) + 1]).await.expect(413);
    assert_eq!(huge["reason"], "RequestEntityTooLarge");
}

#[tokio::test]
async fn paths_that_are_no_resources() {
    let api = api();
    assert_eq!(api.get("/healthz").await.bytes, "ok");
    assert!(
        String::from_utf8_lossy(&api.get("/readyz?verbose").await.bytes).ends_with("readyz check passed\n")
    );
    assert_eq!(api.get("/livez/ping").await.bytes, "ok");
    assert_eq!(api.get("/version").await.expect(200)["gitVersion"], "v1.35.0");
    api.post(MAPS, &json!({ "metadata": { "name": "a" } })).await.expect(201);
    let metrics = api.get("/metrics").await;
    let text = String::from_utf8_lossy(&metrics.bytes).into_owned();
    assert!(text.contains("apiserver_request_total{verb=\"POST\",group=\"\",version=\"v1\",resource=\"configmaps\",subresource=\"\",code=\"201\"} 1"), "{text}");
    api.get("/nothing").await.expect(404);
    api.get("/api/v1/namespaces/default/nothing").await.expect(404);
}

#[tokio::test]
async fn who_may_nothing_gets_403() {
    use mizzen_apiserver::attributes::User;
    let api = api();
    let nobody = api.server.client(User::new("nobody", &[]));
    let reply = api.call_as(&nobody, http::Method::GET, MAPS, &[], bytes::Bytes::new()).await.expect(403);
    let message = "configmaps is forbidden: User \"nobody\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"default\"";
    assert_eq!(reply["message"], message);
    // Impersonation: admin as nobody.
    let as_nobody = [("impersonate-user", "nobody")];
    let reply = api.call(http::Method::GET, MAPS, &as_nobody, bytes::Bytes::new()).await.expect(403);
    assert_eq!(reply["message"], message);
}

#[tokio::test]
async fn one_object_in_several_versions() {
    let api = api();
    let path = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
    let scaler = json!({
        "apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler", "metadata": { "name": "h" },
        "spec": {
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "web" },
            "maxReplicas": 3, "targetCPUUtilizationPercentage": 70,
        },
    });
    let created = api.post(path, &scaler).await.expect(201);
    assert_eq!(
        (&created["apiVersion"], &created["spec"]["targetCPUUtilizationPercentage"]),
        (&json!("autoscaling/v1"), &json!(70))
    );
    let v2 = api.get("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/h").await.expect(200);
    assert_eq!(
        (&v2["apiVersion"], &v2["spec"]["metrics"][0]["resource"]["target"]["averageUtilization"]),
        (&json!("autoscaling/v2"), &json!(70))
    );
    let list = api.get(path).await.expect(200);
    assert_eq!(list["items"][0]["spec"]["targetCPUUtilizationPercentage"], 70);

    let event = json!({
        "metadata": { "name": "e" }, "reason": "R", "note": "words", "action": "a", "type": "Normal",
        "reportingController": "c", "reportingInstance": "i", "eventTime": "2026-01-01T00:00:00.000000Z",
        "regarding": { "kind": "Pod", "namespace": "default", "name": "p" },
    });
    api.post("/apis/events.k8s.io/v1/namespaces/default/events", &event).await.expect(201);
    let core = api.get("/api/v1/namespaces/default/events/e").await.expect(200);
    assert_eq!((&core["message"], &core["involvedObject"]["name"]), (&json!("words"), &json!("p")));
    let found = api.get("/api/v1/events?fieldSelector=involvedObject.name%3Dp,reason%3DR").await.expect(200);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(start_paused = true)]
async fn events_go_by_themselves() {
    let api = api();
    let events = "/api/v1/namespaces/default/events";
    let event = json!({ "metadata": { "name": "e" }, "involvedObject": { "namespace": "default" } });
    api.post(events, &event).await.expect(201);
    tokio::time::sleep(std::time::Duration::from_secs(3599)).await;
    api.get(&format!("{events}/e")).await.expect(200);
    tokio::time::sleep(std::time::Duration::from_secs(62)).await;
    api.get(&format!("{events}/e")).await.expect(404);
}

#[tokio::test]
async fn discovery_and_openapi() {
    let api = api();
    assert_eq!(api.get("/api").await.expect(200)["versions"], json!(["v1"]));
    let pods = api.get("/api/v1").await.expect(200);
    let names: Vec<&str> = pods["resources"]
        .as_array()
        .expect("resources")
        .iter()
        .filter_map(|row| row["name"].as_str())
        .collect();
    assert!(names.contains(&"pods") && names.contains(&"pods/log"), "{names:?}");
    let media = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    let reply = api.call(http::Method::GET, "/apis", &[("accept", media)], bytes::Bytes::new()).await;
    let tag = reply.headers["etag"].to_str().expect("text").to_owned();
    assert_eq!(reply.json()["kind"], "APIGroupDiscoveryList");
    let headers = [("accept", media), ("if-none-match", tag.as_str())];
    let request = api.call(http::Method::GET, "/apis", &headers, bytes::Bytes::new()).await;
    assert_eq!(request.code, 304);
    let v3 = api.get("/openapi/v3").await.expect(200);
    let url = v3["paths"]["apis/apps/v1"]["serverRelativeURL"].as_str().expect("a URL").to_owned();
    let reply = api.get(&url).await;
    assert_eq!(reply.headers["cache-control"], "public, immutable");
    reply.expect(200);
    api.get("/apis/none").await.expect(404);
}

#[tokio::test]
async fn tables_of_objects_lists_and_events() {
    let api = api();
    api.post(MAPS, &json!({ "metadata": { "name": "a" }, "data": { "k": "v" } })).await.expect(201);
    let headers = [("accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")];
    let get = |path: String| {
        let api = &api;
        async move { api.call(http::Method::GET, &path, &headers, bytes::Bytes::new()).await }
    };
    for path in [MAPS.to_owned(), format!("{MAPS}/a")] {
        let table = get(path).await.expect(200);
        assert_eq!(
            (&table["kind"], &table["columnDefinitions"][0]["name"]),
            (&json!("Table"), &json!("Name"))
        );
        assert_eq!((&table["rows"][0]["cells"][0], &table["rows"][0]["cells"][1]), (&json!("a"), &json!(1)));
        assert_eq!(table["rows"][0]["object"]["kind"], "PartialObjectMetadata");
    }
    let events = get(format!("{MAPS}?watch=1&timeoutSeconds=1")).await;
    let event: serde_json::Value = serde_json::from_slice(events.bytes.trim_ascii()).expect("one line");
    assert_eq!((&event["type"], &event["object"]["rows"][0]["cells"][0]), (&json!("ADDED"), &json!("a")));
}
