//! What happens in a run: troubles and changes by chance, then peace, in which all must come to what was asked for.

use std::time::Duration;

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Pod, Service, ServiceAccount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_client::{ApiResource, DeleteParams, Error, ListParams, ObjectKey, Patch};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio::time::Instant;
use tracing::{debug, info};

use crate::Outcome;
use crate::check;
use crate::world::{NODES, World};

/// Things that happen in a run.
const STEPS: usize = 30;
/// Longest time between two of them, in seconds.
const STEP_MAX_S: u64 = 15;
/// How long it may take to come to rest: back-off after many failures is up to 1,000 seconds.
const PATIENCE: Duration = Duration::from_secs(3600);
/// How often it is looked whether it has.
const LOOK: Duration = Duration::from_secs(5);
/// How long things are left alone once they look right.
const REST: Duration = Duration::from_secs(30);

/// Deployments of the run.
pub(crate) const APPS: [&str; 2] = ["web", "api"];

#[allow(clippy::disallowed_methods)] // tokio's instant: virtual.
fn now() -> Instant {
    Instant::now()
}

/// Runs a seed.
pub(crate) async fn run(seed: u64) -> Outcome {
    let start = now();
    let world = World::start(seed);
    world.wait_for_default_account().await;
    for app in APPS {
        world.deploy(app).await;
    }
    world.faults.trouble(true);
    for step in 0..STEPS {
        let pause = Duration::from_millis(world.env.random.below(STEP_MAX_S * 1000));
        tokio::time::sleep(pause).await;
        world.step(step).await;
    }
    world.faults.end();
    info!("The troubles are over.");
    let violations = world.settle().await;
    info!(elapsed = ?start.elapsed(), "It came to rest.");
    let journal = world.journal.clone();
    world.stop().await;
    let journal = journal.take();
    let mut all = violations;
    all.extend(check::journal(&journal));
    Outcome { journal, violations: all, elapsed: start.elapsed() }
}

fn object<K: DeserializeOwned>(json: Json) -> K {
    serde_json::from_value(json).expect("an object of this kind")
}

impl World {
    async fn wait_for_default_account(&self) {
        let there = async {
            while !matches!(self.client.get::<ServiceAccount>("default", "default").await, Ok(Some(_))) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, there).await.expect("the namespace default gets its account");
    }

    async fn deploy(&self, app: &str) {
        let deployment = json!({
            "metadata": {"name": app, "namespace": "default"},
            "spec": {
                "replicas": 3, "selector": {"matchLabels": {"app": app}},
                "template": {
                    "metadata": {"labels": {"app": app}},
                    "spec": {"containers": [{"name": "c", "image": "v0"}]},
                },
            },
        });
        let service = json!({
            "metadata": {"name": app, "namespace": "default"},
            "spec": {"selector": {"app": app}, "ports": [{"port": 80}]},
        });
        self.client.create(&object::<Deployment>(deployment)).await.expect("a deployment");
        self.client.create(&object::<Service>(service)).await.expect("a service");
    }

    async fn change(&self, app: &str, spec: Json) {
        let patch = Patch::Strategic(json!({"spec": spec}));
        self.client.patch::<Deployment>("default", app, "", &patch).await.expect("the deployment is there");
    }

    /// Something happens.
    async fn step(&self, step: usize) {
        let below = |bound: u64| self.env.random.below(bound);
        let app = APPS[usize::from(below(2) == 1)];
        match below(9) {
            0 | 1 => self.change(app, json!({"replicas": below(7)})).await,
            2 | 3 => {
                let container = json!({"name": "c", "image": format!("v{}", below(4))});
                self.change(app, json!({"template": {"spec": {"containers": [container]}}})).await;
            }
            4 => self.change(app, json!({"paused": below(2) == 1})).await,
            5 => self.delete_a_pod().await,
            6 => self.faults.cut(NODES[usize::from(below(2) == 1)]),
            7 => NODES.iter().for_each(|name| self.faults.heal(name)),
            _ => self.namespace_comes_and_goes(step).await,
        }
    }

    async fn delete_a_pod(&self) {
        let pods = self.client.list::<Pod>("default", &ListParams::default()).await.expect("a list").items;
        let Some(at) = usize::try_from(self.env.random.below(pods.len() as u64)).ok() else { return };
        let Some(pod) = pods.get(at) else { return };
        let name = pod.metadata.name.clone().unwrap_or_default();
        match self.client.delete::<Pod>("default", &name, &DeleteParams::default()).await {
            Err(error) => assert!(error.is_conflict(), "{error}"),
            Ok(_) => info!(name, "A pod is deleted."),
        }
    }

    /// A namespace is made with something in it, and deleted.
    async fn namespace_comes_and_goes(&self, step: usize) {
        let name = format!("team-{step}");
        let namespace = json!({"metadata": {"name": name}});
        self.client.create(&object::<Namespace>(namespace)).await.expect("a namespace");
        let owner = json!({"metadata": {"name": "owner", "namespace": name}});
        let owner = self.client.create(&object::<ConfigMap>(owner)).await.expect("a map");
        let reference = json!({
            "apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": owner.metadata.uid,
        });
        let dependent =
            json!({"metadata": {"name": "dependent", "namespace": name, "ownerReferences": [reference]}});
        self.client.create(&object::<ConfigMap>(dependent)).await.expect("a map");
        let params = DeleteParams::default();
        self.client.delete::<Namespace>("", &name, &params).await.expect("a deletion");
    }

    /// Waits until all is as it was asked for, and stays so; tells what is not.
    async fn settle(&self) -> Vec<String> {
        for app in APPS {
            self.change(app, json!({"paused": false})).await;
        }
        let start = now();
        loop {
            let mut wrong = check::state(&self.client).await;
            debug!(elapsed = ?start.elapsed(), first = wrong.first(), "It is looked whether all is well.");
            if wrong.is_empty() {
                tokio::time::sleep(REST).await;
                wrong = check::state(&self.client).await;
                if wrong.is_empty() {
                    return wrong;
                }
            }
            if start.elapsed() > PATIENCE {
                return wrong;
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// All objects of a kind, in all namespaces.
pub(crate) async fn list(client: &mizzen_client::Client, resource: &ApiResource) -> Vec<Json> {
    let page: Result<_, Error> = client.list_raw(resource, "", &ListParams::default()).await;
    let page = page.expect("the administrator may list everything");
    page.items.iter().map(|item| serde_json::from_slice(item).expect("an object is JSON")).collect()
}

/// The key of an object.
pub(crate) fn key(object: &Json) -> ObjectKey {
    let meta: ObjectMeta = serde_json::from_value(object["metadata"].clone()).unwrap_or_default();
    ObjectKey::of(&meta)
}
