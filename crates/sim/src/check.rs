//! What must hold: of the state that a run comes to, and of the way there.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{ConfigMap, Endpoints, Namespace, Node, Pod};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use mizzen_client::{ApiResource, Client};
use serde_json::{Value as Json, json};

use crate::journal::Journal;
use crate::scenario::{APPS, key, list};

/// What is not (yet) as it was asked for.
pub(crate) async fn state(client: &Client) -> Vec<String> {
    let mut wrong = Vec::new();
    let pods = list(client, &ApiResource::of::<Pod>()).await;
    let nodes = list(client, &ApiResource::of::<Node>()).await;
    deployments(client, &pods, &mut wrong).await;
    endpoints(client, &pods, &mut wrong).await;
    for node in &nodes {
        let ready = node["status"]["conditions"].as_array().is_some_and(|all| {
            all.iter().any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
        });
        if !ready || node["spec"]["taints"].as_array().is_some_and(|taints| !taints.is_empty()) {
            wrong.push(format!("node {} is not well: {}", key(node), node["spec"]));
        }
    }
    let ranges: BTreeSet<&str> = nodes.iter().filter_map(|node| node["spec"]["podCIDR"].as_str()).collect();
    if ranges.len() != nodes.len() {
        wrong.push(format!("{} nodes have {ranges:?}", nodes.len()));
    }
    garbage(client, &pods, &mut wrong).await;
    wrong
}

fn is_ready(pod: &Json) -> bool {
    pod["status"]["conditions"].as_array().is_some_and(|all| {
        all.iter().any(|condition| condition["type"] == "Ready" && condition["status"] == "True")
    })
}

async fn deployments(client: &Client, pods: &[Json], wrong: &mut Vec<String>) {
    for deployment in list(client, &ApiResource::of::<Deployment>()).await {
        let (name, spec, status) = (key(&deployment), &deployment["spec"], &deployment["status"]);
        let wanted = spec["replicas"].as_i64().unwrap_or(1);
        let is = |field: &str| status[field].as_i64().unwrap_or(0) == wanted;
        let observed = status["observedGeneration"] == deployment["metadata"]["generation"];
        if !observed
            || !["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"]
                .iter()
                .all(|field| is(field))
        {
            wrong.push(format!("deployment {name} wants {wanted} and has {status}"));
        }
        let image = &spec["template"]["spec"]["containers"][0]["image"];
        let own = pods.iter().filter(|pod| pod["metadata"]["labels"]["app"] == json!(name.name));
        let own: Vec<&Json> = own.collect();
        if own.len() as i64 != wanted || !own.iter().all(|pod| is_ready(pod)) {
            wrong.push(format!("deployment {name} wants {wanted} and has {} pods", own.len()));
        }
        if !own.iter().all(|pod| pod["spec"]["containers"][0]["image"] == *image) {
            wrong.push(format!("deployment {name} has pods of an old template"));
        }
    }
}

async fn endpoints(client: &Client, pods: &[Json], wrong: &mut Vec<String>) {
    let slices = list(client, &ApiResource::of::<EndpointSlice>()).await;
    let classic = list(client, &ApiResource::of::<Endpoints>()).await;
    for app in APPS {
        let own = pods.iter().filter(|pod| pod["metadata"]["labels"]["app"] == app && is_ready(pod));
        let expect: BTreeSet<&str> = own.filter_map(|pod| pod["status"]["podIP"].as_str()).collect();
        let is_its = |slice: &&Json| slice["metadata"]["labels"]["kubernetes.io/service-name"] == app;
        let all = slices.iter().filter(is_its).filter_map(|slice| slice["endpoints"].as_array()).flatten();
        let ready = all.filter(|endpoint| endpoint["conditions"]["ready"] == true);
        let found: BTreeSet<&str> = ready.filter_map(|endpoint| endpoint["addresses"][0].as_str()).collect();
        if found != expect {
            wrong.push(format!("service {app} has slices with {found:?} and not {expect:?}"));
        }
        let own = classic.iter().find(|endpoints| endpoints["metadata"]["name"] == app);
        let subsets = own.and_then(|endpoints| endpoints["subsets"].as_array()).into_iter().flatten();
        let addresses = subsets.filter_map(|subset| subset["addresses"].as_array()).flatten();
        let found: BTreeSet<&str> = addresses.filter_map(|address| address["ip"].as_str()).collect();
        if found != expect {
            wrong.push(format!("service {app} has endpoints {found:?} and not {expect:?}"));
        }
    }
}

async fn garbage(client: &Client, pods: &[Json], wrong: &mut Vec<String>) {
    let sets = list(client, &ApiResource::of::<ReplicaSet>()).await;
    let maps = list(client, &ApiResource::of::<ConfigMap>()).await;
    let namespaces = list(client, &ApiResource::of::<Namespace>()).await;
    let deployments = list(client, &ApiResource::of::<Deployment>()).await;
    for namespace in &namespaces {
        if !namespace["metadata"]["deletionTimestamp"].is_null() {
            wrong.push(format!("namespace {} is still there: {}", key(namespace), namespace["status"]));
        }
    }
    let all = || pods.iter().chain(&sets).chain(&maps).chain(&deployments);
    let uids: BTreeSet<&str> = all().filter_map(|object| object["metadata"]["uid"].as_str()).collect();
    for object in all() {
        for owner in object["metadata"]["ownerReferences"].as_array().into_iter().flatten() {
            if !owner["uid"].as_str().is_some_and(|uid| uids.contains(uid)) {
                wrong.push(format!("{} is garbage", key(object)));
            }
        }
    }
}

/// What must hold at every moment.
pub(crate) fn journal(journal: &Journal) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut revision = 0;
    let mut bound: BTreeMap<String, String> = BTreeMap::new();
    let mut ranges: BTreeMap<String, String> = BTreeMap::new();
    for entry in &journal.0 {
        if entry.revision < revision {
            wrong.push(format!("revision {} after {revision}", entry.revision));
        }
        revision = entry.revision;
        let value = entry.value.as_ref().and_then(|value| serde_json::from_slice::<Json>(value).ok());
        let Some(value) = value else {
            ranges.retain(|_, node| *node != entry.key);
            continue;
        };
        match value["kind"].as_str() {
            Some("Pod") => {
                let uid = value["metadata"]["uid"].as_str().unwrap_or_default();
                let Some(node) = value["spec"]["nodeName"].as_str() else { continue };
                let before = bound.insert(uid.to_owned(), node.to_owned());
                if before.as_ref().is_some_and(|before| before != node) {
                    wrong.push(format!("pod {} was bound twice", entry.key));
                }
            }
            Some("Node") => {
                let Some(range) = value["spec"]["podCIDR"].as_str() else { continue };
                let before = ranges.insert(range.to_owned(), entry.key.clone());
                if before.is_some_and(|before| before != entry.key) {
                    wrong.push(format!("{range} was given twice"));
                }
            }
            _ => {}
        }
    }
    wrong
}
