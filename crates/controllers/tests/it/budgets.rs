//! PodDisruptionBudgets count their pods, and evictions respect them.

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use mizzen_client::{ApiResource, Error, ObjectKey};
use serde_json::{Value as Json, json};

use crate::support::{World, deployment, replica_set, template};

/// (expected, desired, healthy, allowed) and the condition's reason.
async fn counts(world: &World, name: &str) -> (i32, i32, i32, i32, String) {
    let budget: PodDisruptionBudget = world.get("default", name).await.expect("the budget");
    let status = budget.status.unwrap_or_default();
    let reason = status.conditions.iter().flatten().map(|condition| condition.reason.clone()).next();
    (
        status.expected_pods,
        status.desired_healthy,
        status.current_healthy,
        status.disruptions_allowed,
        reason.unwrap_or_default(),
    )
}

async fn budget(world: &World, name: &str, app: &str, demand: Json) {
    let mut budget = json!({
        "metadata": { "name": name }, "spec": { "selector": { "matchLabels": { "app": app } } },
    });
    for (member, value) in demand.as_object().expect("an object") {
        budget["spec"][member] = value.clone();
    }
    world.create::<PodDisruptionBudget>(budget).await;
}

async fn evict(world: &World, pod: &str) -> Result<Json, Error> {
    let eviction = json!({ "apiVersion": "policy/v1", "kind": "Eviction", "metadata": { "name": pod } });
    let key = ObjectKey::new("default", pod);
    world.client.create_subresource::<_, Json>(&ApiResource::of::<Pod>(), &key, "eviction", &eviction).await
}

#[tokio::test(start_paused = true)]
async fn a_budget_follows_its_pods_and_what_they_are_scaled_to() {
    let world = World::new(&["a"]).await;
    budget(&world, "half", "web", json!({ "minAvailable": "50%" })).await;
    world
        .until("there are no pods", || async {
            counts(&world, "half").await == (0, 0, 0, 0, "InsufficientPods".to_owned())
        })
        .await;
    world.create::<Deployment>(deployment("web", 3)).await;
    let enough = |reason: &str| (3, 2, 3, 1, reason.to_owned());
    world.until("one may go", || async { counts(&world, "half").await == enough("SufficientPods") }).await;
    let mut names = world.pods("app=web").await.into_iter().filter_map(|pod| pod.metadata.name);
    let (name, other) = (names.next().expect("a pod"), names.next().expect("another"));
    // A silent node makes nothing of what follows.
    world.script().silent.insert("a".to_owned());
    evict(&world, &name).await.expect("evicted");
    let refused = evict(&world, &other).await.expect_err("refused");
    assert_eq!(refused.code(), Some(429));
    world.script().silent.clear();
    // The Deployment makes another, and the budget is whole again.
    world
        .until("one may go again", || async { counts(&world, "half").await == enough("SufficientPods") })
        .await;
    let now: PodDisruptionBudget = world.get("default", "half").await.expect("the budget");
    assert_eq!(now.status.expect("a status").disrupted_pods, None);
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_owner_counts() {
    let world = World::new(&["a"]).await;
    world.create::<ReplicaSet>(replica_set("set", 4)).await;
    budget(&world, "most", "set", json!({ "maxUnavailable": "25%" })).await;
    world
        .until("a set", || async {
            counts(&world, "most").await == (4, 3, 4, 1, "SufficientPods".to_owned())
        })
        .await;
    // Pods of nobody count only where their number says what is wanted.
    let mut bare = template("bare", "one");
    bare["metadata"]["name"] = json!("bare");
    world.create::<Pod>(bare).await;
    budget(&world, "one", "bare", json!({ "minAvailable": 1 })).await;
    budget(&world, "none", "bare2", json!({ "maxUnavailable": 1 })).await;
    world
        .until("a bare pod", || async {
            counts(&world, "one").await == (1, 1, 1, 0, "InsufficientPods".to_owned())
        })
        .await;
    // One whose owner nobody knows makes counting fail, and nothing may be disrupted.
    let mut odd = template("odd", "one");
    odd["metadata"]["name"] = json!("odd");
    odd["metadata"]["ownerReferences"] = json!([{
        "apiVersion": "example.com/v1", "kind": "Odd", "name": "x", "uid": "u", "controller": true,
    }]);
    world.create::<Pod>(odd).await;
    budget(&world, "odd", "odd", json!({ "maxUnavailable": 1 })).await;
    world.until("failure is told", || async { counts(&world, "odd").await.4 == "SyncFailed" }).await;
    let told = world.events("CalculateExpectedPodCountFailed").await;
    assert!(told[0].contains("found no controllers for pod \"odd\""), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn a_mark_that_nothing_came_of_is_taken_back() {
    let world = World::new(&["a"]).await;
    world.create::<ReplicaSet>(replica_set("set", 1)).await;
    let ready = || async {
        world
            .pods("app=set")
            .await
            .iter()
            .any(|pod| pod.spec.as_ref().is_some_and(|spec| spec.node_name.is_some()))
    };
    world.until("a pod", ready).await;
    let name = world.pods("app=set").await[0].metadata.name.clone().expect("a name");
    let now = k8s_openapi::apimachinery::pkg::apis::meta::v1::Time(world.env.now());
    let mark = json!({ "type": "DisruptionTarget", "status": "True", "lastTransitionTime": now });
    let status = json!({ "status": { "conditions": [mark] } });
    world.patch::<Pod>("default", &name, "status", status).await;
    let target = || async {
        let pod: Pod = world.get("default", &name).await.expect("the pod");
        let conditions = pod.status.unwrap_or_default().conditions.unwrap_or_default();
        let mark = conditions.into_iter().find(|condition| condition.type_ == "DisruptionTarget");
        mark.expect("the mark").status
    };
    world.pass(60).await;
    assert_eq!(target().await, "True");
    world.until("it is taken back", || async { target().await == "False" }).await;
}
