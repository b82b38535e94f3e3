//! Dependents go with their owners, or are left behind.

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use serde_json::{Value as Json, json};

use crate::support::{World, deployment, replica_set};

async fn running(world: &World, count: usize) {
    let running = || async {
        let pods = world.pods("app=web").await;
        pods.len() == count && pods.iter().all(|pod| pod.metadata.owner_references.is_some())
    };
    world.until("the pods are there", running).await;
}

#[tokio::test(start_paused = true)]
async fn a_deployment_takes_everything_with_it() {
    let world = World::new(&["a"]).await;
    world.create::<Deployment>(deployment("web", 2)).await;
    running(&world, 2).await;
    world.delete::<Deployment>("default", "web", "Background").await;
    let gone = || async { world.sets().await.is_empty() && world.pods("app=web").await.is_empty() };
    world.until("all is gone", gone).await;
}

#[tokio::test(start_paused = true)]
async fn in_the_foreground_the_owner_goes_last() {
    let world = World::new(&["a"]).await;
    world.create::<Deployment>(deployment("web", 2)).await;
    running(&world, 2).await;
    world.delete::<Deployment>("default", "web", "Foreground").await;
    let gone = || async {
        let owner: Option<Deployment> = world.get("default", "web").await;
        let left = (world.sets().await.len(), world.pods("app=web").await.len());
        match owner {
            Some(owner) => {
                assert!(owner.metadata.deletion_timestamp.is_some());
                false
            }
            None => {
                assert_eq!(left, (0, 0), "the owner went before its dependents");
                true
            }
        }
    };
    world.until("all is gone", gone).await;
}

#[tokio::test(start_paused = true)]
async fn orphans_stay() {
    let world = World::new(&["a"]).await;
    world.create::<ReplicaSet>(replica_set("web", 2)).await;
    running(&world, 2).await;
    world.delete::<ReplicaSet>("default", "web", "Orphan").await;
    let gone = || async { world.get::<ReplicaSet>("default", "web").await.is_none() };
    world.until("the owner is gone", gone).await;
    world.pass(60).await;
    let pods = world.pods("app=web").await;
    assert_eq!(pods.len(), 2);
    assert!(pods.iter().all(|pod| pod.metadata.owner_references.clone().unwrap_or_default().is_empty()));
}

fn map(namespace: &str, name: &str, owners: &[Json]) -> Json {
    json!({"metadata": {"name": name, "namespace": namespace, "ownerReferences": owners}})
}

fn owner(map: &ConfigMap) -> Json {
    let meta = &map.metadata;
    json!({"apiVersion": "v1", "kind": "ConfigMap", "name": meta.name, "uid": meta.uid})
}

#[tokio::test(start_paused = true)]
async fn absent_owners_are_verified() {
    let world = World::new(&[]).await;
    let real: ConfigMap = world.create(map("default", "real", &[])).await;
    let absent = json!({"apiVersion": "v1", "kind": "ConfigMap", "name": "real", "uid": "no-such-uid"});
    world.create::<ConfigMap>(map("default", "lost", std::slice::from_ref(&absent))).await;
    world.create::<ConfigMap>(map("default", "half", &[absent.clone(), owner(&real)])).await;
    world.create::<ConfigMap>(map("default", "own", &[owner(&real)])).await;
    let cleared = || async {
        let half: ConfigMap = world.get("default", "half").await.expect("it has an owner");
        let owners = half.metadata.owner_references.unwrap_or_default();
        world.get::<ConfigMap>("default", "lost").await.is_none() && owners.len() == 1
    };
    world.until("what has no owner is gone", cleared).await;
    assert!(world.get::<ConfigMap>("default", "own").await.is_some());
}

#[tokio::test(start_paused = true)]
async fn owners_are_of_the_same_namespace() {
    let world = World::new(&[]).await;
    world.create::<Namespace>(json!({"metadata": {"name": "team"}})).await;
    let there: ConfigMap = world.create(map("team", "owner", &[])).await;
    world.create::<ConfigMap>(map("team", "proper", &[owner(&there)])).await;
    world.pass(1).await;
    world.create::<ConfigMap>(map("default", "stray", &[owner(&there)])).await;
    let gone = || async { world.get::<ConfigMap>("default", "stray").await.is_none() };
    world.until("the stray has no owner", gone).await;
    world.pass(5).await;
    assert_eq!(world.events("OwnerRefInvalidNamespace").await.len(), 1);
    assert!(world.get::<ConfigMap>("team", "proper").await.is_some());
    assert!(world.get::<ConfigMap>("team", "owner").await.is_some());
}
