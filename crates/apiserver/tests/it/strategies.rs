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
    pod["spec"].as_object_mut().expect("members").extend(more.as_object().expect("members").clone());
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
    let asked = api_with(|config| config.feature_gates = gates.parse().expect("gates"));
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

/// Creates an object and changes it step by step: each change with the generation after it.
async fn check_generations(api: &Api, path: &str, mut object: Json, steps: &[(&Json, Option<i64>)]) {
    let generation = |object: &Json| object["metadata"]["generation"].as_i64();
    object["metadata"] = json!({"name": "a"});
    let created = send(api, Method::POST, path, &object).await;
    assert_eq!(generation(&created), steps.first().and_then(|(_, last)| last.map(|_| 1)), "{path}");
    let named = format!("{path}/a");
    for (step, expect) in steps {
        let changed = send(api, Method::PATCH, &named, step).await;
        assert_eq!(generation(&changed), *expect, "{path} {step}");
    }
    // To be marked as deleted counts, too.
    let held = send(api, Method::PATCH, &named, &json!({"metadata": {"finalizers": ["x.io/y"]}})).await;
    api.call(Method::DELETE, &named, &[], "").await.expect(200);
    let marked = api.call(Method::GET, &named, &[], "").await.expect(200);
    assert_eq!(generation(&marked), generation(&held).map(|number| number + 1), "{path}");
    // And to let go of it does not.
    let freed = send(api, Method::PATCH, &named, &json!({"metadata": {"finalizers": null}})).await;
    assert_eq!(generation(&freed), generation(&marked), "{path}");
}

#[tokio::test]
async fn generations_of_workloads_rise_with_what_users_want() {
    let api = api();
    let template =
        json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let workload = json!({"spec": {"selector": {"matchLabels": {"a": "b"}}, "template": template}});
    let label = json!({"metadata": {"labels": {"x": "y"}}});
    let note = json!({"metadata": {"annotations": {"x": "y"}}});
    let (replicas, ready) = (json!({"spec": {"replicas": 3}}), json!({"spec": {"minReadySeconds": 1}}));
    let apps = "/apis/apps/v1/namespaces/default";
    let steps = [(&label, Some(1)), (&note, Some(2)), (&replicas, Some(3)), (&replicas, Some(3))];
    check_generations(&api, &format!("{apps}/deployments"), workload.clone(), &steps).await;
    let steps = [(&label, Some(1)), (&note, Some(1)), (&replicas, Some(2))];
    check_generations(&api, &format!("{apps}/replicasets"), workload.clone(), &steps).await;
    check_generations(&api, &format!("{apps}/statefulsets"), workload.clone(), &steps).await;
    check_generations(&api, &format!("{apps}/daemonsets"), workload, &[(&note, Some(1)), (&ready, Some(2))])
        .await;
    let core = "/api/v1/namespaces/default";
    let controller = json!({"spec": {"template": template}});
    check_generations(&api, &format!("{core}/replicationcontrollers"), controller, &steps).await;
    let change = json!({"template": {"metadata": {"labels": {"c": "d"}}}});
    let steps = [(&label, Some(1)), (&change, Some(2))];
    check_generations(&api, &format!("{core}/podtemplates"), json!({"template": template}), &steps).await;
}

#[tokio::test]
async fn generations_of_other_kinds() {
    let api = api();
    let label = json!({"metadata": {"labels": {"x": "y"}}});
    let note = json!({"metadata": {"annotations": {"x": "y"}}});
    let budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    let (budget, more) = (json!({"spec": {"maxUnavailable": 1}}), json!({"spec": {"maxUnavailable": 2}}));
    check_generations(&api, budgets, budget, &[(&label, Some(1)), (&more, Some(2))]).await;
    let (class, words) = (json!({"value": 1}), json!({"description": "d"}));
    let classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
    check_generations(&api, classes, class, &[(&label, Some(1)), (&words, Some(1))]).await;
    let policies = "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies";
    let (policy, types) =
        (json!({"spec": {"podSelector": {}}}), json!({"spec": {"policyTypes": ["Egress"]}}));
    check_generations(&api, policies, policy, &[(&label, Some(1)), (&types, Some(2))]).await;
    let slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
    let (slice, ports) = (json!({"addressType": "IPv4"}), json!({"ports": [{"port": 1}]}));
    let steps = [(&note, Some(1)), (&label, Some(2)), (&ports, Some(3))];
    check_generations(&api, slices, slice, &steps).await;
    // These have none.
    let core = "/api/v1/namespaces/default";
    let (one, two) = (json!({"spec": {"ports": [{"port": 1}]}}), json!({"spec": {"ports": [{"port": 2}]}}));
    check_generations(&api, &format!("{core}/services"), one, &[(&two, None)]).await;
    let data = json!({"data": {"k": "v"}});
    check_generations(&api, &format!("{core}/configmaps"), json!({}), &[(&data, None)]).await;
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
