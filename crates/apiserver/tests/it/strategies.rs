//! What the server makes of objects, kind by kind: fields of features that are off, selectors, generations.

use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Api, api, api_with};

async fn send(api: &Api, method: Method, path: &str, body: &Json) -> Json {
    let media = if method == Method::PATCH { "application/merge-patch+json" } else { "application/json" };
    let reply = api.call(method, path, &[("content-type", media)], body.to_string()).await;
    assert!(reply.code < 300, "{path}: {}", String::from_utf8_lossy(&reply.bytes));
    reply.json()
}

const PODS: &str = "/api/v1/namespaces/default/pods";

fn pod(more: Json) -> Json {
    let mut pod = json!({"metadata": {"name": "p", "labels": {"a": "1"}}, "spec": {"containers": [
        {"name": "c", "image": "i", "lifecycle": {"stopSignal": "SIGTERM"}}],
        "os": {"name": "linux"}, "workloadRef": {"name": "w", "podGroup": "g"}}});
    pod["spec"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    pod
}

#[tokio::test]
async fn fields_of_features_that_are_off_are_dropped() {
    let plain = api();
    let created = send(&plain, Method::POST, PODS, &pod(json!({}))).await;
    assert_eq!(created["spec"].get("workloadRef"), None);
    assert_eq!(created["spec"]["containers"][0].get("lifecycle"), None);
    let lease = json!({"metadata": {"name": "l"}, "spec": {"holderIdentity": "h", "strategy": "OldestEmulationVersion"}});
    let leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
    let created = send(&plain, Method::POST, leases, &lease).await;
    assert_eq!(created["spec"], json!({"holderIdentity": "h"}));
    let gates = "GenericWorkload=true,ContainerStopSignals=true,CoordinatedLeaderElection=true";
    let asked = api_with(|config| config.feature_gates = gates.parse().unwrap());
    let created = send(&asked, Method::POST, PODS, &pod(json!({}))).await;
    assert_eq!(created["spec"]["workloadRef"], json!({"name": "w", "podGroup": "g"}));
    assert_eq!(created["spec"]["containers"][0]["lifecycle"]["stopSignal"], "SIGTERM");
    let created = send(&asked, Method::POST, leases, &lease).await;
    assert_eq!(created["spec"]["strategy"], "OldestEmulationVersion");
}

#[tokio::test]
async fn keys_of_own_labels_become_requirements() {
    let api = api();
    let spread = json!({"topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "z",
        "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {}, "matchLabelKeys": ["a"]}]});
    let created = send(&api, Method::POST, PODS, &pod(spread)).await;
    let expect = json!([{"key": "a", "operator": "In", "values": ["1"]}]);
    assert_eq!(created["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchExpressions"], expect);
    // Once: a later write adds nothing.
    let path = format!("{PODS}/p");
    let patched = send(&api, Method::PATCH, &path, &json!({"metadata": {"labels": {"b": "2"}}})).await;
    assert_eq!(patched["spec"], created["spec"]);
}

/// What is created, then changed step by step, with the generation after each.
#[tokio::test]
async fn generations_rise_with_what_users_want() {
    let api = api();
    let template =
        json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let selector = json!({"matchLabels": {"a": "b"}});
    let workload = json!({"selector": selector, "template": template});
    let label = json!({"metadata": {"labels": {"x": "y"}}});
    let note = json!({"metadata": {"annotations": {"x": "y"}}});
    let replicas = json!({"spec": {"replicas": 3}});
    let cases: &[(&str, Json, &[(&Json, Option<i64>)])] = &[
        (
            "/apis/apps/v1/namespaces/default/deployments",
            json!({"spec": workload}),
            &[(&label, Some(1)), (&note, Some(2)), (&replicas, Some(3)), (&replicas, Some(3))],
        ),
        (
            "/apis/apps/v1/namespaces/default/replicasets",
            json!({"spec": workload}),
            &[(&label, Some(1)), (&note, Some(1)), (&replicas, Some(2))],
        ),
        (
            "/apis/apps/v1/namespaces/default/statefulsets",
            json!({"spec": workload}),
            &[(&note, Some(1)), (&replicas, Some(2))],
        ),
        (
            "/apis/apps/v1/namespaces/default/daemonsets",
            json!({"spec": workload}),
            &[(&note, Some(1)), (&json!({"spec": {"minReadySeconds": 1}}), Some(2))],
        ),
        (
            "/api/v1/namespaces/default/replicationcontrollers",
            json!({"spec": {"template": template}}),
            &[(&label, Some(1)), (&replicas, Some(2))],
        ),
        (
            "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
            json!({"spec": {"maxUnavailable": 1}}),
            &[(&label, Some(1)), (&json!({"spec": {"maxUnavailable": 2}}), Some(2))],
        ),
        (
            "/apis/scheduling.k8s.io/v1/priorityclasses",
            json!({"value": 1}),
            &[(&label, Some(1)), (&json!({"description": "d"}), Some(1))],
        ),
        (
            "/api/v1/namespaces/default/services",
            json!({"spec": {"ports": [{"port": 1}]}}),
            &[(&json!({"spec": {"ports": [{"port": 2}]}}), None)],
        ),
        ("/api/v1/namespaces/default/configmaps", json!({}), &[(&json!({"data": {"k": "v"}}), None)]),
        (
            "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies",
            json!({"spec": {"podSelector": {}}}),
            &[(&label, Some(1)), (&json!({"spec": {"policyTypes": ["Egress"]}}), Some(2))],
        ),
        (
            "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
            json!({"addressType": "IPv4"}),
            &[(&note, Some(1)), (&label, Some(2)), (&json!({"ports": [{"port": 1}]}), Some(3))],
        ),
        (
            "/api/v1/namespaces/default/podtemplates",
            json!({"template": template}),
            &[(&label, Some(1)), (&json!({"template": {"metadata": {"labels": {"c": "d"}}}}), Some(2))],
        ),
    ];
    for (path, object, steps) in cases {
        let mut object = object.clone();
        object["metadata"] = json!({"name": "a"});
        let created = send(&api, Method::POST, path, &object).await;
        let first = steps[0].1.map(|_| 1);
        assert_eq!(created["metadata"]["generation"].as_i64(), first, "{path}");
        for (step, expect) in *steps {
            let changed = send(&api, Method::PATCH, &format!("{path}/a"), step).await;
            assert_eq!(changed["metadata"]["generation"].as_i64(), *expect, "{path} {step}");
        }
        // To be marked as deleted counts, too.
        let held = json!({"metadata": {"finalizers": ["x.io/y"]}});
        let held = send(&api, Method::PATCH, &format!("{path}/a"), &held).await;
        let deleted = api.call(Method::DELETE, &format!("{path}/a"), &[], "").await;
        assert_eq!(deleted.code, 200, "{path}");
        let marked = api.call(Method::GET, &format!("{path}/a"), &[], "").await.expect(200);
        let generation = |object: &Json| object["metadata"]["generation"].as_i64();
        assert_eq!(generation(&marked), generation(&held).map(|number| number + 1), "{path}");
        // And to let go of it does not.
        let free = json!({"metadata": {"finalizers": null}});
        let freed = send(&api, Method::PATCH, &format!("{path}/a"), &free).await;
        assert_eq!(generation(&freed), generation(&marked), "{path}");
    }
}

#[tokio::test]
async fn status_raises_nothing_and_changes_nothing_else() {
    let api = api();
    let path = "/apis/apps/v1/namespaces/default/deployments";
    let template =
        json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let object = json!({"metadata": {"name": "a"}, "status": {"replicas": 7},
        "spec": {"selector": {"matchLabels": {"a": "b"}}, "template": template}});
    let created = send(&api, Method::POST, path, &object).await;
    assert_eq!(created["status"], json!({}));
    let change = json!({"metadata": {"labels": {"x": "y"}, "annotations": {"x": "y"}}, "spec": {"replicas": 3},
        "status": {"replicas": 2}});
    let status = send(&api, Method::PATCH, &format!("{path}/a/status"), &change).await;
    assert_eq!(status["status"]["replicas"], 2);
    assert_eq!((&status["spec"], &status["metadata"]["generation"]), (&created["spec"], &json!(1)));
    assert_eq!(status["metadata"]["annotations"], json!({"x": "y"}));
    assert_eq!(status["metadata"].get("labels"), None);
    // And the other way round.
    let patched = send(&api, Method::PATCH, &format!("{path}/a"), &json!({"status": {"replicas": 9}})).await;
    assert_eq!(patched["status"]["replicas"], 2);
}

#[tokio::test]
async fn small_things_of_some_kinds() {
    let api = api();
    let account =
        json!({"metadata": {"name": "a"}, "secrets": [{"name": "s", "namespace": "n", "kind": "Secret"}]});
    let created = send(&api, Method::POST, "/api/v1/namespaces/default/serviceaccounts", &account).await;
    assert_eq!(created["secrets"], json!([{"name": "s"}]));
    let claim = json!({"metadata": {"name": "a"}, "spec": {"accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}}, "dataSource": {"kind": "PersistentVolumeClaim", "name": "b"}}});
    let claims = "/api/v1/namespaces/default/persistentvolumeclaims";
    let created = send(&api, Method::POST, claims, &claim).await;
    assert_eq!(
        created["spec"]["dataSourceRef"],
        json!({"apiGroup": null, "kind": "PersistentVolumeClaim", "name": "b"})
    );
    let volume = json!({"metadata": {"name": "a"}, "spec": {"accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "1Gi"}, "hostPath": {"path": "/x"}}});
    let created = send(&api, Method::POST, "/api/v1/persistentvolumes", &volume).await;
    assert!(created["status"]["lastPhaseTransitionTime"].is_string(), "{created}");
}
