//! What every namespace has, and its end.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod, ServiceAccount};
use k8s_openapi::api::rbac::v1::ClusterRole;
use serde_json::json;

use crate::support::{World, deployment};

async fn root_ca(world: &World, namespace: &str) -> Option<String> {
    let map: ConfigMap = world.get(namespace, "kube-root-ca.crt").await?;
    map.data?.remove("ca.crt")
}

#[tokio::test(start_paused = true)]
async fn every_namespace_has_an_account_and_the_root_ca() {
    let world = World::new(&[]).await;
    world.create::<Namespace>(json!({"metadata": {"name": "team"}})).await;
    let there = || async {
        world.get::<ServiceAccount>("team", "default").await.is_some()
            && root_ca(&world, "team").await.as_deref() == Some("A certificate")
    };
    world.until("both are there", there).await;
    world.delete::<ServiceAccount>("team", "default", "Background").await;
    let spoilt = json!({"data": {"ca.crt": "Another"}});
    world.patch::<ConfigMap>("team", "kube-root-ca.crt", "", spoilt).await;
    world.until("both are put right", there).await;
    world.delete::<ConfigMap>("team", "kube-root-ca.crt", "Background").await;
    world.until("it comes again", there).await;
}

#[tokio::test(start_paused = true)]
async fn roles_are_aggregated() {
    let world = World::new(&[]).await;
    let filled = || async {
        let view: Option<ClusterRole> = world.get("", "view").await;
        view.and_then(|view| view.rules).is_some_and(|rules| !rules.is_empty())
    };
    world.until("view has rules", filled).await;
}

#[tokio::test(start_paused = true)]
async fn a_namespace_goes_with_all_that_is_in_it() {
    let world = World::new(&["a"]).await;
    world.create::<Namespace>(json!({"metadata": {"name": "team"}})).await;
    let there = || async { world.get::<ServiceAccount>("team", "default").await.is_some() };
    world.until("the account", there).await;
    let mut object = deployment("web", 2);
    object["metadata"]["namespace"] = json!("team");
    world.create::<Deployment>(object).await;
    let running = || async {
        let deployment: Option<Deployment> = world.get("team", "web").await;
        deployment.and_then(|one| one.status?.available_replicas) == Some(2)
    };
    world.until("the pods run", running).await;
    let held = json!({"metadata": {"name": "held", "namespace": "team", "finalizers": ["example.com/hold"]}});
    world.create::<ConfigMap>(held).await;
    world.delete::<Namespace>("", "team", "Background").await;

    let message = |namespace: &Namespace, type_: &str| {
        let conditions = namespace.status.as_ref().and_then(|status| status.conditions.clone());
        let found = conditions.unwrap_or_default().into_iter().find(|one| one.type_ == type_);
        found.and_then(|one| one.message).unwrap_or_default()
    };
    let waits = || async {
        let namespace = world.namespace("team").await.expect("it waits for the finalizer");
        message(&namespace, "NamespaceContentRemaining")
            == "Some resources are remaining: configmaps. has 1 resource instances"
    };
    world.until("only what is held is left", waits).await;
    let namespace = world.namespace("team").await.expect("it waits");
    assert_eq!(
        message(&namespace, "NamespaceFinalizersRemaining"),
        "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances"
    );
    assert_eq!(
        message(&namespace, "NamespaceDeletionDiscoveryFailure"),
        "All resources successfully discovered"
    );
    assert!(world.get::<Deployment>("team", "web").await.is_none());

    world.patch::<ConfigMap>("team", "held", "", json!({"metadata": {"finalizers": null}})).await;
    world.until("it is gone", || async { world.namespace("team").await.is_none() }).await;
    assert!(world.get::<Pod>("team", "web").await.is_none());
}
