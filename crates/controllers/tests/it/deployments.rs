//! Deployments roll.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentStatus, ReplicaSet};
use serde_json::json;

use crate::support::{World, deployment, template};

async fn status(world: &World, name: &str) -> DeploymentStatus {
    world.deployment(name).await.status.unwrap_or_default()
}

/// Whether `kubectl rollout status` would be content, with this many pods.
async fn is_rolled_out(world: &World, name: &str, replicas: i32) -> bool {
    let deployment = world.deployment(name).await;
    let status = deployment.status.unwrap_or_default();
    status.observed_generation == deployment.metadata.generation
        && status.replicas == Some(replicas)
        && status.updated_replicas == Some(replicas)
        && status.available_replicas == Some(replicas)
}

fn condition(status: &DeploymentStatus, type_: &str) -> (String, String) {
    let found = status.conditions.iter().flatten().find(|one| one.type_ == type_);
    let found = found.cloned().unwrap_or_default();
    (found.status, found.reason.unwrap_or_default())
}

async fn set_image(world: &World, name: &str, image: &str) {
    let patch = json!({"spec": {"template": {"spec": {"containers": [{"name": "c", "image": image}]}}}});
    world.patch::<Deployment>("default", name, "", patch).await;
}

fn revision(set: &ReplicaSet) -> String {
    let annotations = set.metadata.annotations.clone().unwrap_or_default();
    annotations.get("deployment.kubernetes.io/revision").cloned().unwrap_or_default()
}

fn wanted(set: &ReplicaSet) -> i32 {
    set.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1)
}

#[tokio::test(start_paused = true)]
async fn a_roll_out_and_back() {
    let world = World::new(&["a", "b"]).await;
    world.create::<Deployment>(deployment("web", 3)).await;
    world.until("the first roll-out", || is_rolled_out(&world, "web", 3)).await;
    let progressing = ("True".to_owned(), "NewReplicaSetAvailable".to_owned());
    assert_eq!(condition(&status(&world, "web").await, "Progressing"), progressing);

    set_image(&world, "web", "two").await;
    let safe = || async {
        // With a surge of one and none unavailable there are three or four, three of them available.
        let status = status(&world, "web").await;
        let (all, available) = (status.replicas.unwrap_or(0), status.available_replicas.unwrap_or(0));
        assert!((3..=4).contains(&all) && available >= 3, "{all} pods, {available} available");
        is_rolled_out(&world, "web", 3).await
    };
    world.until("the second roll-out", safe).await;
    let sets = world.sets().await;
    let mut revisions: Vec<_> = sets.iter().map(|set| (revision(set), wanted(set))).collect();
    revisions.sort();
    assert_eq!(revisions, [("1".to_owned(), 0), ("2".to_owned(), 3)]);

    // As `kubectl rollout undo` does it: the old template is put back.
    set_image(&world, "web", "one").await;
    world.until("the way back", || is_rolled_out(&world, "web", 3)).await;
    let sets = world.sets().await;
    let mut revisions: Vec<_> = sets.iter().map(|set| (revision(set), wanted(set))).collect();
    revisions.sort();
    assert_eq!(revisions, [("2".to_owned(), 0), ("3".to_owned(), 3)], "no third set, and a new revision");
    let own = world.deployment("web").await.metadata.annotations.unwrap_or_default();
    assert_eq!(own.get("deployment.kubernetes.io/revision").map(String::as_str), Some("3"));
}

#[tokio::test(start_paused = true)]
async fn a_paused_roll_out_waits_and_still_scales() {
    let world = World::new(&["a"]).await;
    world.create::<Deployment>(deployment("web", 2)).await;
    world.until("the first roll-out", || is_rolled_out(&world, "web", 2)).await;
    world.patch::<Deployment>("default", "web", "", json!({"spec": {"paused": true}})).await;
    set_image(&world, "web", "two").await;
    world.pass(10).await;
    assert_eq!(world.sets().await.len(), 1, "nothing rolls");
    world.patch::<Deployment>("default", "web", "", json!({"spec": {"replicas": 4}})).await;
    let scaled = || async { world.sets().await.first().map(wanted) == Some(4) };
    world.until("the old set is scaled", scaled).await;
    let progressing = ("Unknown".to_owned(), "DeploymentPaused".to_owned());
    assert_eq!(condition(&status(&world, "web").await, "Progressing"), progressing);
    world.patch::<Deployment>("default", "web", "", json!({"spec": {"paused": false}})).await;
    world.until("the second roll-out", || is_rolled_out(&world, "web", 4)).await;
    assert_eq!(world.sets().await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn scaling_in_mid_roll_is_shared_by_the_sets() {
    let world = World::new(&["a", "b"]).await;
    world.create::<Deployment>(deployment("web", 4)).await;
    world.until("the first roll-out", || is_rolled_out(&world, "web", 4)).await;
    world.script().broken.insert("two".to_owned());
    set_image(&world, "web", "two").await;
    let stuck = || async { status(&world, "web").await.updated_replicas == Some(1) };
    world.until("the roll-out is stuck at the surge", stuck).await;
    world.patch::<Deployment>("default", "web", "", json!({"spec": {"replicas": 8}})).await;
    let scaled = || async {
        let sets = world.sets().await;
        sets.iter().map(wanted).sum::<i32>() == 9 && sets.iter().all(|set| wanted(set) > 0)
    };
    world.until("both sets have their share", scaled).await;
    world.script().broken.clear();
    world.until("the roll-out goes on", || is_rolled_out(&world, "web", 8)).await;
}

#[tokio::test(start_paused = true)]
async fn recreate_never_mixes() {
    let world = World::new(&["a"]).await;
    let mut object = deployment("web", 2);
    object["spec"]["strategy"] = json!({"type": "Recreate"});
    world.create::<Deployment>(object).await;
    world.until("the first roll-out", || is_rolled_out(&world, "web", 2)).await;
    set_image(&world, "web", "two").await;
    let unmixed = || async {
        let pods = world.pods("app=web").await;
        let images: std::collections::BTreeSet<_> =
            pods.iter().filter_map(|pod| pod.spec.as_ref()?.containers.first()?.image.clone()).collect();
        assert!(images.len() <= 1, "{images:?}");
        is_rolled_out(&world, "web", 2).await
    };
    world.until("the second roll-out", unmixed).await;
}

#[tokio::test(start_paused = true)]
async fn a_roll_out_without_progress_is_late() {
    let world = World::new(&["a"]).await;
    let mut object = deployment("web", 2);
    object["spec"]["progressDeadlineSeconds"] = json!(30);
    world.create::<Deployment>(object).await;
    world.until("the first roll-out", || is_rolled_out(&world, "web", 2)).await;
    world.script().broken.insert("two".to_owned());
    set_image(&world, "web", "two").await;
    world.pass(20).await;
    assert_eq!(condition(&status(&world, "web").await, "Progressing").0, "True");
    let late = ("False".to_owned(), "ProgressDeadlineExceeded".to_owned());
    let is_late = || async { condition(&status(&world, "web").await, "Progressing") == late };
    world.until("it is late", is_late).await;
    assert_eq!(condition(&status(&world, "web").await, "Available").0, "True");
    // A template that works ends it.
    set_image(&world, "web", "three").await;
    world.until("the roll-out", || is_rolled_out(&world, "web", 2)).await;
    let done = ("True".to_owned(), "NewReplicaSetAvailable".to_owned());
    assert_eq!(condition(&status(&world, "web").await, "Progressing"), done);
}

#[tokio::test(start_paused = true)]
async fn old_revisions_are_forgotten() {
    let world = World::new(&["a"]).await;
    let mut object = deployment("web", 1);
    object["spec"]["revisionHistoryLimit"] = json!(1);
    world.create::<Deployment>(object).await;
    for image in ["two", "three", "four"] {
        world.until("a roll-out", || is_rolled_out(&world, "web", 1)).await;
        set_image(&world, "web", image).await;
    }
    let kept = || async { is_rolled_out(&world, "web", 1).await && world.sets().await.len() == 2 };
    world.until("one old set is kept", kept).await;
    let template = template("web", "three");
    let images = world
        .sets()
        .await
        .into_iter()
        .filter_map(|set| set.spec?.template?.spec?.containers.into_iter().next()?.image);
    let images: std::collections::BTreeSet<String> = images.collect();
    assert!(images.contains(template["spec"]["containers"][0]["image"].as_str().expect("an image")));
}
