//! Endpoints follow pods.

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::{Endpoints, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use serde_json::json;

use crate::support::{World, replica_set};

async fn slices(world: &World, service: &str) -> Vec<EndpointSlice> {
    world.list(&format!("kubernetes.io/service-name={service}")).await
}

/// How many addresses are ready, and how many are not.
async fn counts(world: &World, service: &str) -> ((usize, usize), (usize, usize)) {
    let endpoints: Option<Endpoints> = world.get("default", service).await;
    let subsets = endpoints.and_then(|endpoints| endpoints.subsets).unwrap_or_default();
    let len = |list: Option<&Vec<_>>| list.map_or(0, Vec::len);
    let classic = subsets.iter().fold((0, 0), |(ready, not), subset| {
        (ready + len(subset.addresses.as_ref()), not + len(subset.not_ready_addresses.as_ref()))
    });
    let mut modern = (0, 0);
    for endpoint in slices(world, service).await.iter().flat_map(|slice| &slice.endpoints) {
        match endpoint.conditions.as_ref().and_then(|conditions| conditions.ready) {
            Some(true) => modern.0 += 1,
            _ => modern.1 += 1,
        }
    }
    (classic, modern)
}

#[tokio::test(start_paused = true)]
async fn endpoints_follow_readiness() {
    let world = World::new(&["a", "b"]).await;
    let service = json!({
        "metadata": {"name": "web", "labels": {"tier": "front"}},
        "spec": {
            "selector": {"app": "web"}, "trafficDistribution": "PreferClose",
            "ports": [{"name": "http", "port": 80, "targetPort": "web"}],
        },
    });
    world.create::<Service>(service).await;
    world.until("an empty slice", || async { slices(&world, "web").await.len() == 1 }).await;
    world.script().broken.insert("one".to_owned());
    world.create::<ReplicaSet>(replica_set("web", 3)).await;
    let none_ready = || async { counts(&world, "web").await == ((0, 3), (0, 3)) };
    world.until("three that are not ready", none_ready).await;
    // Times in objects have no fractions: the change has to be in another second.
    world.pass(2).await;
    world.script().broken.clear();
    let all_ready = || async { counts(&world, "web").await == ((3, 0), (3, 0)) };
    world.until("three that are", all_ready).await;

    let slices = slices(&world, "web").await;
    assert_eq!(slices.len(), 1, "the empty slice was used again");
    let slice = &slices[0];
    let labels = slice.metadata.labels.clone().unwrap_or_default();
    let label = |name: &str| labels.get(name).map(String::as_str);
    assert_eq!(label("endpointslice.kubernetes.io/managed-by"), Some("endpointslice-controller.k8s.io"));
    assert_eq!(label("tier"), Some("front"));
    let port = slice.ports.clone().unwrap_or_default().remove(0);
    assert_eq!((port.name.as_deref(), port.port), (Some("http"), Some(8080)));
    let endpoint = &slice.endpoints[0];
    let (node, zone) = (endpoint.node_name.clone().expect("a node"), endpoint.zone.clone());
    assert_eq!(zone, Some(format!("zone-{node}")));
    let hints = endpoint.hints.clone().and_then(|hints| hints.for_zones).unwrap_or_default();
    assert_eq!(Some(&hints[0].name), zone.as_ref());
    let annotations = slice.metadata.annotations.clone().unwrap_or_default();
    assert!(annotations.contains_key("endpoints.kubernetes.io/last-change-trigger-time"));

    world.patch::<ReplicaSet>("default", "web", "", json!({"spec": {"replicas": 1}})).await;
    world.until("one is left", || async { counts(&world, "web").await == ((1, 0), (1, 0)) }).await;

    world.delete::<Service>("default", "web", "Background").await;
    let gone = || async {
        counts(&world, "web").await == ((0, 0), (0, 0))
            && world.get::<Endpoints>("default", "web").await.is_none()
            && world.list::<EndpointSlice>("kubernetes.io/service-name=web").await.is_empty()
    };
    world.until("all went with the Service", gone).await;
}

#[tokio::test(start_paused = true)]
async fn many_endpoints_are_spread_over_slices() {
    let world = World::new(&["a", "b"]).await;
    let service = json!({
        "metadata": {"name": "web"},
        "spec": {"clusterIP": "None", "selector": {"app": "web"}, "ports": [{"port": 80}]},
    });
    world.create::<Service>(service).await;
    world.create::<ReplicaSet>(replica_set("web", 120)).await;
    world.until("all are ready", || async { counts(&world, "web").await == ((120, 0), (120, 0)) }).await;
    let slices = slices(&world, "web").await;
    assert!(slices.iter().all(|slice| slice.endpoints.len() <= 100));
    assert!((2..=3).contains(&slices.len()), "{}", slices.len());
    let headless = "service.kubernetes.io/headless";
    assert!(
        slices.iter().all(|slice| slice
            .metadata
            .labels
            .as_ref()
            .is_some_and(|all| all.contains_key(headless)))
    );
}

#[tokio::test(start_paused = true)]
async fn hand_made_endpoints_are_mirrored() {
    let world = World::new(&[]).await;
    let service = json!({"metadata": {"name": "db"}, "spec": {"ports": [{"name": "sql", "port": 5432}]}});
    world.create::<Service>(service).await;
    let endpoints = json!({
        "metadata": {"name": "db", "labels": {"own": "yes"}},
        "subsets": [{"addresses": [{"ip": "192.0.2.7"}], "ports": [{"name": "sql", "port": 5432}]}],
    });
    world.create::<Endpoints>(endpoints).await;
    world.until("a mirror", || async { slices(&world, "db").await.len() == 1 }).await;
    let slice = slices(&world, "db").await.remove(0);
    let labels = slice.metadata.labels.unwrap_or_default();
    assert_eq!(labels.get("own").map(String::as_str), Some("yes"));
    let manager = labels.get("endpointslice.kubernetes.io/managed-by").map(String::as_str);
    assert_eq!(manager, Some("endpointslicemirroring-controller.k8s.io"));
    assert_eq!(slice.endpoints[0].addresses, ["192.0.2.7"]);
    world.delete::<Endpoints>("default", "db", "Background").await;
    world.until("the mirror is gone", || async { slices(&world, "db").await.is_empty() }).await;
}
