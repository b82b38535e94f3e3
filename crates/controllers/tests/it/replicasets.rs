//! ReplicaSets keep their number.

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::Pod;
use serde_json::json;

use crate::support::{World, replica_set, template};

async fn ready(world: &World, name: &str) -> (i32, i32) {
    let set: ReplicaSet = world.get("default", name).await.expect("the set");
    let status = set.status.unwrap_or_default();
    (status.replicas, status.ready_replicas.unwrap_or(0))
}

#[tokio::test(start_paused = true)]
async fn a_set_is_scaled_up_and_down() {
    let world = World::new(&["a", "b"]).await;
    world.create::<ReplicaSet>(replica_set("web", 3)).await;
    world.until("three are ready", || async { ready(&world, "web").await == (3, 3) }).await;
    assert_eq!(world.pods("app=web").await.len(), 3, "and not one more was made");
    assert_eq!(world.events("SuccessfulCreate").await.len(), 3);

    let scale = json!({"spec": {"replicas": 1}});
    world.patch::<ReplicaSet>("default", "web", "", scale).await;
    world.until("one is left", || async { ready(&world, "web").await == (1, 1) }).await;
    world.until("the others are gone", || async { world.pods("app=web").await.len() == 1 }).await;

    let pod = world.pods("app=web").await.remove(0);
    let name = pod.metadata.name.expect("a name");
    world.delete::<Pod>("default", &name, "Background").await;
    let replaced = || async {
        let pods = world.pods("app=web").await;
        pods.len() == 1 && pods[0].metadata.name.as_ref() != Some(&name)
    };
    world.until("another takes its place", replaced).await;
}

#[tokio::test(start_paused = true)]
async fn a_set_takes_what_matches_and_lets_go_what_does_not() {
    let world = World::new(&["a"]).await;
    let mut stray = template("web", "one");
    stray["metadata"]["name"] = json!("stray");
    world.create::<Pod>(stray).await;
    world.create::<ReplicaSet>(replica_set("web", 2)).await;
    world.until("two are ready", || async { ready(&world, "web").await == (2, 2) }).await;
    assert_eq!(world.pods("app=web").await.len(), 2, "the stray counts");
    let stray: Pod = world.get("default", "stray").await.expect("the stray");
    assert_eq!(stray.metadata.owner_references.as_ref().map(Vec::len), Some(1));

    let labels = json!({"metadata": {"labels": {"app": "other"}}});
    world.patch::<Pod>("default", "stray", "", labels).await;
    let released = || async {
        let stray: Pod = world.get("default", "stray").await.expect("the stray");
        stray.metadata.owner_references.unwrap_or_default().is_empty()
            && world.pods("app=web").await.len() == 2
    };
    world.until("the stray is free and replaced", released).await;
}
