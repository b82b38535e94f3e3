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
    evict("p").await.expect(201);
    assert!(api.get(&format!("{PODS}/p")).await.expect(200)["metadata"]["deletionTimestamp"].is_string());
    let refused = evict("q").await.expect(429);
    assert_eq!(refused["message"], "Cannot evict pod as it would violate the pod's disruption budget.");
    assert_eq!(refused["details"]["causes"][0]["reason"], "DisruptionBudget");
    let budget = api.get(&format!("{budgets}/b")).await.expect(200);
    assert!(budget["status"]["disruptedPods"]["p"].is_string(), "{budget}");
}
