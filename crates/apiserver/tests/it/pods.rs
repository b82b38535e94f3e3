//! Pods: defaults, grace, binding, eviction.

use bytes::Bytes;
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{Api, api};

const PODS: &str = "/api/v1/namespaces/default/pods";

async fn running(api: &Api, name: &str) -> Json {
    let pod = json!({
        "metadata": { "name": name, "labels": { "app": "web" } },
        "spec": { "containers": [{ "name": "c", "image": "i", "resources": { "requests": { "cpu": "1" } } }] },
    });
    let created = api.post(PODS, &pod).await.expect(201);
    assert_eq!(
        (&created["status"]["phase"], &created["status"]["qosClass"]),
        (&json!("Pending"), &json!("Burstable"))
    );
    let binding = json!({ "apiVersion": "v1", "kind": "Binding", "metadata": { "name": name }, "target": { "kind": "Node", "name": "n1" } });
    api.post(&format!("{PODS}/{name}/binding"), &binding).await.expect(201);
    let again = api.post(&format!("{PODS}/{name}/binding"), &binding).await.expect(409);
    assert!(
        again["message"].as_str().is_some_and(|text| text.contains("is already assigned to node \"n1\"")),
        "{again}"
    );
    let status =
        json!({ "status": { "phase": "Running", "conditions": [{ "type": "Ready", "status": "True" }] } });
    api.patch("strategic-merge", &format!("{PODS}/{name}/status"), &status).await.expect(200)
}

#[tokio::test]
async fn a_running_pod_gets_its_grace_period() {
    let api = api();
    let pod = running(&api, "p").await;
    assert_eq!((&pod["spec"]["nodeName"], &pod["status"]["phase"]), (&json!("n1"), &json!("Running")));
    let conditions = pod["status"]["conditions"].as_array().expect("conditions");
    assert!(conditions.iter().any(|one| one["type"] == "PodScheduled" && one["status"] == "True"), "{pod}");
    let pending = api.delete(&format!("{PODS}/p")).await.expect(200);
    assert_eq!(pending["metadata"]["deletionGracePeriodSeconds"], 30);
    let sooner = json!({ "gracePeriodSeconds": 5 }).to_string();
    let sooner = api.call(Method::DELETE, &format!("{PODS}/p"), &[], sooner).await.expect(200);
    assert_eq!(sooner["metadata"]["deletionGracePeriodSeconds"], 5);
    api.call(Method::DELETE, &format!("{PODS}/p?gracePeriodSeconds=0"), &[], Bytes::new()).await.expect(200);
    api.get(&format!("{PODS}/p")).await.expect(404);
}

#[tokio::test]
async fn an_unassigned_pod_goes_at_once() {
    let api = api();
    let pod =
        json!({ "metadata": { "name": "p" }, "spec": { "containers": [{ "name": "c", "image": "i" }] } });
    api.post(PODS, &pod).await.expect(201);
    let gone = api.delete(&format!("{PODS}/p")).await.expect(200);
    assert_eq!(gone["kind"], "Pod");
    api.get(&format!("{PODS}/p")).await.expect(404);
}

#[tokio::test]
async fn eviction_respects_the_budget() {
    let api = api();
    running(&api, "p").await;
    running(&api, "q").await;
    let budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    let budget = json!({ "metadata": { "name": "b" }, "spec": { "minAvailable": 1, "selector": { "matchLabels": { "app": "web" } } } });
    api.post(budgets, &budget).await.expect(201);
    let evict = |name: &'static str| {
        let api = &api;
        async move {
            let eviction =
                json!({ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": name } });
            api.post(&format!("{PODS}/{name}/eviction"), &eviction).await
        }
    };
    let early = evict("p").await.expect(429);
    assert!(
        early["details"]["causes"][0]["message"]
            .as_str()
            .is_some_and(|text| text.contains("is still being processed"))
    );
    let status = json!({ "status": {
        "observedGeneration": 1, "disruptionsAllowed": 1, "currentHealthy": 2, "desiredHealthy": 1, "expectedPods": 2,
    } });
    api.patch("merge", &format!("{budgets}/b/status"), &status).await.expect(200);
    let dry = json!({ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": "p" }, "deleteOptions": { "dryRun": ["All"] } });
    api.post(&format!("{PODS}/p/eviction"), &dry).await.expect(201);
    let evicted = evict("p").await.expect(201);
    assert_eq!((&evicted["kind"], &evicted["status"]), (&json!("Status"), &json!("Success")));
    let going = api.get(&format!("{PODS}/p")).await.expect(200);
    assert!(going["metadata"]["deletionTimestamp"].is_string());
    let conditions = going["status"]["conditions"].as_array().expect("conditions");
    let target = conditions.iter().find(|one| one["type"] == "DisruptionTarget").expect("why it goes");
    assert_eq!(
        (&target["reason"], &target["message"]),
        (&json!("EvictionByEvictionAPI"), &json!("Eviction API: evicting"))
    );
    let refused = evict("q").await.expect(429);
    assert_eq!(refused["message"], "Cannot evict pod as it would violate the pod's disruption budget.");
    assert_eq!(refused["details"]["causes"][0]["reason"], "DisruptionBudget");
    let budget = api.get(&format!("{budgets}/b")).await.expect(200);
    assert!(budget["status"]["disruptedPods"]["p"].is_string(), "{budget}");
}

#[tokio::test]
async fn eviction_in_all_its_cases() {
    let api = api();
    let budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
    let evict = |name: &'static str, extra: Json| {
        let api = &api;
        async move {
            let mut eviction =
                json!({ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": name } });
            if !extra.is_null() {
                eviction["deleteOptions"] = extra;
            }
            api.post(&format!("{PODS}/{name}/eviction"), &eviction).await
        }
    };
    // Without a budget.
    running(&api, "a").await;
    evict("a", Json::Null).await.expect(201);
    evict("nobody", Json::Null).await.expect(404);
    let old = json!({ "apiVersion": "policy/v1beta1", "kind": "Eviction", "metadata": { "name": "a" } });
    api.post(&format!("{PODS}/a/eviction"), &old).await.expect(400);
    let other = json!({ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": "b" } });
    api.post(&format!("{PODS}/a/eviction"), &other).await.expect(400);
    // A budget that allows nothing.
    let budget = |name: &str, policy: &str| {
        json!({ "metadata": { "name": name }, "spec": {
            "minAvailable": 2, "unhealthyPodEvictionPolicy": policy, "selector": { "matchLabels": { "app": "web" } },
        } })
    };
    api.post(budgets, &budget("one", "IfHealthyBudget")).await.expect(201);
    let status = |healthy: i32| {
        json!({ "status": { "observedGeneration": 1, "disruptionsAllowed": 0, "currentHealthy": healthy,
            "desiredHealthy": 2, "expectedPods": 2 } })
    };
    api.patch("merge", &format!("{budgets}/one/status"), &status(1)).await.expect(200);
    // One that does not run yet disrupts nothing, nor one that has ended.
    let pod = json!({
        "metadata": { "name": "pending", "labels": { "app": "web" } },
        "spec": { "containers": [{ "name": "c", "image": "i" }] },
    });
    api.post(PODS, &pod).await.expect(201);
    evict("pending", Json::Null).await.expect(201);
    running(&api, "ended").await;
    let phase = json!({ "status": { "phase": "Succeeded" } });
    api.patch("merge", &format!("{PODS}/ended/status"), &phase).await.expect(200);
    evict("ended", Json::Null).await.expect(201);
    // A running one does; when it is not ready, it depends on the budget's health.
    running(&api, "b").await;
    let refused = evict("b", Json::Null).await.expect(429);
    assert_eq!(refused["details"]["retryAfterSeconds"], 10);
    let cause = &refused["details"]["causes"][0];
    assert_eq!(cause["message"], "The disruption budget one needs 2 healthy pods and has 1 currently");
    let unready = json!({ "status": { "conditions": [{ "type": "Ready", "status": "False" }] } });
    api.patch("strategic-merge", &format!("{PODS}/b/status"), &unready).await.expect(200);
    evict("b", Json::Null).await.expect(429);
    api.patch("merge", &format!("{budgets}/one/status"), &status(2)).await.expect(200);
    evict("b", Json::Null).await.expect(201);
    // The other policy lets those that are not ready go whatever happens.
    api.delete(&format!("{budgets}/one")).await.expect(200);
    api.post(budgets, &budget("always", "AlwaysAllow")).await.expect(201);
    running(&api, "c").await;
    api.patch("strategic-merge", &format!("{PODS}/c/status"), &unready).await.expect(200);
    let wrong = json!({ "preconditions": { "uid": "x" } });
    evict("c", wrong).await.expect(409);
    evict("c", json!({ "gracePeriodSeconds": 0 })).await.expect(201);
    api.get(&format!("{PODS}/c")).await.expect(404);
    // Two budgets for one pod are one too many.
    api.post(budgets, &budget("second", "AlwaysAllow")).await.expect(201);
    running(&api, "d").await;
    let refused = evict("d", Json::Null).await.expect(500);
    let words =
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    assert_eq!(refused["message"], words);
}

#[tokio::test]
async fn grace_periods_are_shortened_and_never_negative() {
    let api = api();
    running(&api, "p").await;
    let delete = |query: &'static str| {
        let api = &api;
        async move { api.call(Method::DELETE, &format!("{PODS}/p{query}"), &[], Bytes::new()).await }
    };
    let grace = |pod: &Json| pod["metadata"]["deletionGracePeriodSeconds"].as_i64();
    assert_eq!(grace(&delete("?gracePeriodSeconds=20").await.expect(200)), Some(20));
    // A longer one changes nothing, nor does none.
    assert_eq!(grace(&delete("?gracePeriodSeconds=60").await.expect(200)), Some(20));
    assert_eq!(grace(&delete("").await.expect(200)), Some(20));
    assert_eq!(grace(&delete("?gracePeriodSeconds=-5").await.expect(200)), Some(1));
    delete("?gracePeriodSeconds=0").await.expect(200);
    api.get(&format!("{PODS}/p")).await.expect(404);
    let pod = json!({
        "metadata": { "name": "q" },
        "spec": { "nodeName": "n1", "terminationGracePeriodSeconds": 0, "containers": [{ "name": "c", "image": "i" }] },
    });
    api.post(PODS, &pod).await.expect(201);
    api.delete(&format!("{PODS}/q")).await.expect(200);
    api.get(&format!("{PODS}/q")).await.expect(404);
}
