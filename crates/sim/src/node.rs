//! A node whose kubelet is a script: it does what the API shows of a kubelet, and runs nothing.

use std::time::Duration;

use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{Node, Pod};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, Time};
use mizzen_client::{
    ApiResource, Client, DeleteParams, Error, Informer, ListParams, ObjectKey, Outcome, Patch, Precondition,
    WorkQueue, work,
};
use mizzen_clock::Env;
use serde_json::{Value as Json, json};
use tokio_util::sync::CancellationToken;
use tracing::debug;

/// How often the lease is renewed.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// Longest start and stop of a container, in milliseconds.
const STEP_MAX_MS: u64 = 3000;
const WORKERS: usize = 2;

/// A scripted node.
#[derive(Clone)]
pub(crate) struct Kubelet {
    name: String,
    /// Which of the nodes it is: its pods' addresses follow from it.
    index: usize,
    client: Client,
    env: Env,
    pods: Informer<Pod>,
}

impl Kubelet {
    pub(crate) fn new(name: &str, index: usize, client: Client, env: Env) -> Self {
        Self { name: name.to_owned(), index, client, env, pods: Informer::new() }
    }

    /// Plays the node until `cancel`.
    pub(crate) async fn run(self, cancel: CancellationToken) {
        let queue = WorkQueue::<ObjectKey>::new();
        let own = queue.clone();
        self.pods.subscribe(move |change| own.add(change.object().key.clone()));
        let params =
            ListParams { field_selector: format!("spec.nodeName={}", self.name), ..ListParams::default() };
        let resource = ApiResource::of::<Pod>();
        let (client, env) = (self.client.clone(), self.env.clone());
        let watching = self.pods.run(client, resource, String::new(), params, env, cancel.clone());
        let own = self.clone();
        let reconcile = move |key: ObjectKey| {
            let own = own.clone();
            async move { own.reconcile(&key).await }
        };
        let working = work(&queue, WORKERS, cancel.clone(), reconcile);
        let beating = cancel.run_until_cancelled(self.beat());
        tokio::join!(watching, working, beating);
    }

    /// Registers the node, and then shows that it lives.
    async fn beat(&self) {
        loop {
            let pause = match self.renew().await {
                Ok(()) => RENEW_EVERY,
                Err(error) => {
                    debug!(node = self.name, %error, "The node cannot say that it lives.");
                    Duration::from_secs(1)
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn renew(&self) -> Result<(), Error> {
        let node = self.client.get::<Node>("", &self.name).await?;
        let conditions = node.and_then(|node| node.status).and_then(|status| status.conditions);
        match conditions {
            None => self.register().await?,
            Some(conditions) => {
                let is_ready = |one: &k8s_openapi::api::core::v1::NodeCondition| {
                    one.type_ == "Ready" && one.status == "True"
                };
                if !conditions.iter().any(is_ready) {
                    self.report().await?;
                }
            }
        }
        let lease = json!({
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": {"name": self.name, "namespace": "kube-node-lease"},
            "spec": {
                "holderIdentity": self.name, "leaseDurationSeconds": 40,
                "renewTime": MicroTime(self.env.now()),
            },
        });
        let resource = ApiResource::of::<Lease>();
        let key = ObjectKey::new("kube-node-lease", self.name.as_str());
        let patch = Patch::Merge(json!({"spec": lease["spec"]}));
        match self.client.patch_as::<Json>(&resource, &key, "", &patch).await {
            Err(error) if error.is_not_found() => {
                let lease: Lease = serde_json::from_value(lease).expect("a lease");
                self.client.create(&lease).await.map(drop)
            }
            other => other.map(drop),
        }
    }

    async fn register(&self) -> Result<(), Error> {
        let labels = json!({"kubernetes.io/hostname": self.name});
        let node = json!({"metadata": {"name": self.name, "labels": labels}});
        let node: Node = serde_json::from_value(node).expect("a node");
        match self.client.create(&node).await {
            Err(error) if !error.is_already_exists() => return Err(error),
            _ => {}
        }
        self.report().await
    }

    async fn report(&self) -> Result<(), Error> {
        let now = Time(self.env.now());
        let condition = |type_: &str, status: &str, reason: &str| {
            json!({
                "type": type_, "status": status, "reason": reason,
                "lastHeartbeatTime": now, "lastTransitionTime": now,
            })
        };
        let room = json!({"cpu": "8", "memory": "16Gi", "pods": "110"});
        let status = json!({
            "capacity": room, "allocatable": room,
            "conditions": [
                condition("Ready", "True", "KubeletReady"),
                condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
                condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
                condition("PIDPressure", "False", "KubeletHasSufficientPID"),
            ],
        });
        let patch = Patch::Strategic(json!({"status": status}));
        self.client.patch::<Node>("", &self.name, "status", &patch).await.map(drop)
    }

    async fn reconcile(&self, key: &ObjectKey) -> Result<Outcome, Error> {
        let Some(pod) = self.pods.get(key) else { return Ok(Outcome::Done) };
        let status = pod.value.status.clone().unwrap_or_default();
        let phase = status.phase.as_deref().unwrap_or("Pending");
        let ready =
            status.conditions.iter().flatten().any(|one| one.type_ == "Ready" && one.status == "True");
        let deleting = pod.value.metadata.deletion_timestamp.is_some();
        if !deleting && (ready || phase == "Failed" || phase == "Succeeded") {
            return Ok(Outcome::Done);
        }
        tokio::time::sleep(Duration::from_millis(self.env.random.below(STEP_MAX_MS))).await;
        let result = if deleting {
            let preconditions = Precondition { uid: Some(pod.uid.clone()), resource_version: None };
            let params = DeleteParams {
                grace_period_seconds: Some(0),
                preconditions: Some(preconditions),
                ..DeleteParams::default()
            };
            self.client.delete::<Pod>(&key.namespace, &key.name, &params).await.map(drop)
        } else {
            self.start(key, &pod.uid, status.pod_ip).await
        };
        match result {
            Err(error) if error.is_not_found() || error.is_conflict() => Ok(Outcome::Done),
            other => other.map(|()| Outcome::Done),
        }
    }

    async fn start(&self, key: &ObjectKey, uid: &str, address: Option<String>) -> Result<(), Error> {
        let fresh = || {
            format!(
                "10.{}.{}.{}",
                100 + self.index,
                self.env.random.below(250),
                1 + self.env.random.below(250)
            )
        };
        let address = address.unwrap_or_else(fresh);
        let now = Time(self.env.now());
        let condition = |type_: &str| json!({"type": type_, "status": "True", "lastTransitionTime": now});
        let status = json!({
            "phase": "Running", "podIP": address, "podIPs": [{"ip": address}], "startTime": now,
            "conditions": [condition("Initialized"), condition("ContainersReady"), condition("Ready")],
        });
        let patch = Patch::Strategic(json!({"metadata": {"uid": uid}, "status": status}));
        self.client.patch::<Pod>(&key.namespace, &key.name, "status", &patch).await.map(drop)
    }
}
