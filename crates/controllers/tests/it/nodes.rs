//! Nodes get addresses, fall silent, and come back.

use std::collections::BTreeSet;

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::{Node, Pod};
use serde_json::json;

use crate::support::{World, replica_set};

async fn ranges(world: &World) -> Vec<String> {
    let nodes: Vec<Node> = world.list("").await;
    nodes.into_iter().filter_map(|node| node.spec?.pod_cidr).collect()
}

fn taints(node: &Node) -> BTreeSet<(String, String)> {
    let all = node.spec.iter().flat_map(|spec| spec.taints.iter().flatten());
    all.map(|taint| (taint.key.clone(), taint.effect.clone())).collect()
}

fn ready(node: &Node) -> String {
    let conditions = node.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let mut ready = conditions.filter(|condition| condition.type_ == "Ready");
    ready.next().map(|condition| condition.status.clone()).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn ranges_are_unique_and_given_again() {
    let world = World::new(&["a", "b", "c"]).await;
    world.until("all have one", || async { ranges(&world).await.len() == 3 }).await;
    let all: BTreeSet<String> = ranges(&world).await.into_iter().collect();
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(all.iter().all(|range| range.starts_with("10.244.") && range.ends_with(".0/24")), "{all:?}");
    world.delete::<Node>("", "b", "Background").await;
    world.add_node("d").await;
    world.until("the new one has one", || async { ranges(&world).await.len() == 3 }).await;
}

#[tokio::test(start_paused = true)]
async fn a_silent_node_loses_its_pods() {
    let world = World::new(&["a", "b"]).await;
    let mut set = replica_set("web", 4);
    set["spec"]["template"]["spec"]["tolerations"] = json!([{
        "key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute",
        "tolerationSeconds": 30,
    }]);
    world.create::<ReplicaSet>(set).await;
    let on = |pods: &[Pod], node: &str| {
        let is_on =
            |pod: &&Pod| pod.spec.as_ref().is_some_and(|spec| spec.node_name.as_deref() == Some(node));
        pods.iter().filter(is_on).count()
    };
    let running = || async {
        let pods = world.pods("app=web").await;
        on(&pods, "a") > 0 && on(&pods, "b") > 0 && on(&pods, "a") + on(&pods, "b") == 4
    };
    world.until("pods run on both nodes", running).await;
    world.pass(70).await;
    let node: Node = world.get("", "a").await.expect("a node");
    assert_eq!((ready(&node), taints(&node)), ("True".to_owned(), BTreeSet::new()), "leases count");

    world.script().silent.insert("a".to_owned());
    world.pass(40).await;
    let node: Node = world.get("", "a").await.expect("a node");
    assert_eq!(ready(&node), "True", "it has not been silent for long enough");
    let unknown = || async {
        let node: Node = world.get("", "a").await.expect("a node");
        let key = "node.kubernetes.io/unreachable".to_owned();
        let expect = BTreeSet::from([(key.clone(), "NoSchedule".to_owned()), (key, "NoExecute".to_owned())]);
        ready(&node) == "Unknown" && taints(&node) == expect
    };
    world.until("it is unreachable", unknown).await;
    let not_ready = || async {
        let pods = world.pods("app=web").await;
        pods.iter()
            .filter(|pod| pod.spec.as_ref().is_some_and(|spec| spec.node_name.as_deref() == Some("a")))
            .all(|pod| {
                let conditions = pod.status.iter().flat_map(|status| status.conditions.iter().flatten());
                conditions.into_iter().any(|one| one.type_ == "Ready" && one.status == "False")
            })
    };
    world.until("its pods are not ready", not_ready).await;
    world.pass(20).await;
    let deleting = |pods: &[Pod]| pods.iter().filter(|pod| pod.metadata.deletion_timestamp.is_some()).count();
    assert_eq!(deleting(&world.pods("app=web").await), 0, "they are tolerated for a while");
    let moved = || async {
        let pods = world.pods("app=web").await;
        on(&pods, "b") == 4 && deleting(&pods) == on(&pods, "a")
    };
    world.until("others run elsewhere", moved).await;
    assert!(!world.events("TaintManagerEviction").await.is_empty());
    let pods = world.pods("app=web").await;
    let lost = pods.iter().find(|pod| pod.metadata.deletion_timestamp.is_some()).expect("a lost pod");
    let conditions = lost.status.iter().flat_map(|status| status.conditions.iter().flatten());
    let target = conditions.into_iter().find(|one| one.type_ == "DisruptionTarget").expect("a reason");
    assert_eq!(target.reason.as_deref(), Some("DeletionByTaintManager"));

    // It comes back: what it was told to stop is gone, and so are the taints.
    world.script().silent.clear();
    let condition = json!({"type": "Ready", "status": "True", "reason": "KubeletReady"});
    world.patch::<Node>("", "a", "status", json!({"status": {"conditions": [condition]}})).await;
    let back = || async {
        let node: Node = world.get("", "a").await.expect("a node");
        ready(&node) == "True" && taints(&node).is_empty() && world.pods("app=web").await.len() == 4
    };
    world.until("it is back", back).await;
}

#[tokio::test(start_paused = true)]
async fn pods_of_a_node_that_is_gone_go_too() {
    let world = World::new(&["a"]).await;
    let pod = json!({
        "metadata": {"name": "lone"},
        "spec": {"nodeName": "nowhere", "containers": [{"name": "c", "image": "one"}]},
    });
    world.script().silent.insert("nowhere".to_owned());
    world.create::<Pod>(pod).await;
    world.pass(30).await;
    assert!(world.get::<Pod>("default", "lone").await.is_some());
    let gone = || async { world.get::<Pod>("default", "lone").await.is_none() };
    world.until("it is gone", gone).await;
}

#[tokio::test(start_paused = true)]
async fn conditions_become_taints() {
    let world = World::new(&["a"]).await;
    let condition = json!({"type": "DiskPressure", "status": "True"});
    world.patch::<Node>("", "a", "status", json!({"status": {"conditions": [condition]}})).await;
    world.patch::<Node>("", "a", "", json!({"spec": {"unschedulable": true}})).await;
    let tainted = || async {
        let node: Node = world.get("", "a").await.expect("a node");
        let taint = |key: &str| (format!("node.kubernetes.io/{key}"), "NoSchedule".to_owned());
        taints(&node) == BTreeSet::from([taint("disk-pressure"), taint("unschedulable")])
    };
    world.until("it is tainted", tainted).await;
}
