//! A control plane for a test, and nodes that only pretend.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use k8s_openapi::Resource;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{Namespace, Node, Pod, ServiceAccount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, Time};
use mizzen_apiserver::allocate::AllocatorConfig;
use mizzen_apiserver::attributes::User;
use mizzen_apiserver::authn::AuthnConfig;
use mizzen_apiserver::standard::{Standard, StandardConfig};
use mizzen_client::{ApiResource, Client, ListParams, ObjectKey, Patch, Queues};
use mizzen_clock::Env;
use mizzen_controllers::{Config, SHARED_INFORMERS, Signer};
use mizzen_pki::{Authority, TokenKey};
use mizzen_store::MemoryStore;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio_util::sync::CancellationToken;

/// How long a condition is waited for, in virtual time.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often pretended nodes look around.
const LOOK: Duration = Duration::from_millis(100);

/// What the pretended nodes are to do.
#[derive(Default)]
pub(crate) struct Script {
    /// Nodes that say nothing any more, nor do what they are told.
    pub(crate) silent: BTreeSet<String>,
    /// Images that never become ready.
    pub(crate) broken: BTreeSet<String>,
}

/// A control plane with controllers.
pub(crate) struct World {
    pub(crate) client: Client,
    pub(crate) env: Env,
    script: Arc<Mutex<Script>>,
    cancel: CancellationToken,
}

impl Drop for World {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

fn user(name: &str) -> User {
    if name == SHARED_INFORMERS {
        return User::new("system:kube-controller-manager", &[]);
    }
    let groups = ["system:serviceaccounts", "system:serviceaccounts:kube-system"];
    User::new(format!("system:serviceaccount:kube-system:{name}"), &groups)
}

fn api_server(env: &Env) -> Standard {
    let key = TokenKey::create().expect("a key");
    let issuer = "https://kubernetes.default.svc.cluster.local".to_owned();
    let authn = AuthnConfig {
        token_keys: vec![key.clone()],
        issuers: vec![issuer.clone()],
        ..AuthnConfig::default()
    };
    let config = StandardConfig {
        tls: None,
        authn,
        authorization_modes: vec!["Node".to_owned(), "RBAC".to_owned()],
        admission: Default::default(),
        runtime_config: Default::default(),
        feature_gates: Default::default(),
        token_key: key,
        issuer,
        services: AllocatorConfig {
            service_cidrs: vec!["10.96.0.0/16".parse().expect("a range")],
            node_ports: 30_000..=32_767,
        },
        advertise_addresses: vec!["192.0.2.1".parse().expect("an address")],
        secure_port: 6443,
        cluster_dns: None,
        nodes: None,
        tuning: Default::default(),
    };
    Standard::start(config, Arc::new(MemoryStore::new()), env.clone()).expect("a server")
}

impl World {
    /// A control plane with all controllers and these nodes.
    pub(crate) async fn new(nodes: &[&str]) -> Self {
        // With RUST_LOG a failed test shows what went on; the second test of a process finds it done.
        let log =
            tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env());
        drop(log.with_test_writer().try_init());
        // The time at which the tests began to be written; any would do.
        let env = Env::seeded(7, "2026-01-01T00:00:00Z".parse().expect("a time"));
        let standard = api_server(&env);
        let cancel = CancellationToken::new();
        let (own, until) = (standard.clone(), cancel.clone());
        tokio::spawn(async move { own.run(until, || {}).await.expect("the first objects") });
        let authority = Authority::create("kubernetes", env.now()).expect("an authority");
        let config = Config {
            cluster_cidr: Some("10.244.0.0/16".parse().expect("a range")),
            root_ca: "A certificate".to_owned(),
            signer: Some(Signer {
                cert_pem: authority.cert_pem().to_owned(),
                key_pem: authority.key_pem().to_owned(),
            }),
            token_key: Some(TokenKey::create().expect("a key")),
            ..Config::default()
        };
        let server = standard.server().clone();
        let own = server.clone();
        let clients: mizzen_controllers::Clients = Arc::new(move |name: &str| own.client(user(name)));
        let running =
            mizzen_controllers::run(config, clients, env.clone(), Queues::default(), cancel.clone());
        tokio::spawn(async move { running.await.expect("right settings") });
        let client = server.client(User::new("admin", &["system:masters"]));
        let world = Self { client, env, script: Arc::default(), cancel };
        world
            .until("the service account", || async {
                world.get::<ServiceAccount>("default", "default").await.is_some()
            })
            .await;
        for name in nodes {
            world.add_node(name).await;
        }
        let agent =
            Agent { client: world.client.clone(), env: world.env.clone(), script: world.script.clone() };
        tokio::spawn(world.cancel.clone().run_until_cancelled_owned(agent.run()));
        world
    }

    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn add_node(&self, name: &str) {
        let node = json!({
            "metadata": {"name": name, "labels": {"topology.kubernetes.io/zone": format!("zone-{name}")}},
        });
        self.create::<Node>(node).await;
        let condition = json!({"type": "Ready", "status": "True", "reason": "KubeletReady"});
        let status = json!({"status": {"conditions": [condition]}});
        self.patch::<Node>("", name, "status", status).await;
    }

    /// Waits until something holds.
    pub(crate) async fn until<F: Future<Output = bool>>(&self, what: &str, holds: impl Fn() -> F) {
        let waiting = async {
            while !holds().await {
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("not within time: {what}"));
    }

    /// Lets time go by.
    pub(crate) async fn pass(&self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }

    pub(crate) async fn create<K>(&self, object: Json) -> K
    where
        K: Resource<Scope: Scope> + DeserializeOwned,
    {
        let resource = resource::<K>();
        let namespace = object["metadata"]["namespace"].as_str().unwrap_or_default().to_owned();
        let namespace = if resource.namespaced && namespace.is_empty() { "default" } else { &namespace };
        let path = resource.path(namespace, "", "");
        let body = object.to_string().into();
        let created = self.client.request(http::Method::POST, &path, "application/json", body).await;
        let created = created.unwrap_or_else(|error| panic!("create {object}: {error}"));
        serde_json::from_slice(&created).expect("an object")
    }

    pub(crate) async fn get<K: Resource<Scope: Scope> + DeserializeOwned>(
        &self,
        namespace: &str,
        name: &str,
    ) -> Option<K> {
        self.client.get_as(&resource::<K>(), &ObjectKey::new(namespace, name)).await.expect("an answer")
    }

    pub(crate) async fn list<K: Resource<Scope: Scope> + DeserializeOwned>(&self, labels: &str) -> Vec<K> {
        let params = ListParams { label_selector: labels.to_owned(), ..ListParams::default() };
        let resource = resource::<K>();
        let namespace = if resource.namespaced { "default" } else { "" };
        let page = self.client.list_raw(&resource, namespace, &params).await.expect("a list");
        page.items.iter().map(|item| serde_json::from_slice(item).expect("an object")).collect()
    }

    pub(crate) async fn patch<K: Resource<Scope: Scope> + DeserializeOwned>(
        &self,
        namespace: &str,
        name: &str,
        subresource: &str,
        patch: Json,
    ) -> K {
        let key = ObjectKey::new(namespace, name);
        let patched =
            self.client.patch_as(&resource::<K>(), &key, subresource, &Patch::Strategic(patch)).await;
        patched.unwrap_or_else(|error| panic!("patch {key}: {error}"))
    }

    /// Deletes an object, with a propagation policy.
    pub(crate) async fn delete<K: Resource<Scope: Scope>>(
        &self,
        namespace: &str,
        name: &str,
        policy: &'static str,
    ) {
        let params = mizzen_client::DeleteParams {
            propagation_policy: Some(policy),
            ..mizzen_client::DeleteParams::default()
        };
        let key = ObjectKey::new(namespace, name);
        assert!(self.client.delete_as(&resource::<K>(), &key, &params).await.expect("a deletion"), "{key}");
    }

    pub(crate) async fn pods(&self, labels: &str) -> Vec<Pod> {
        self.list(labels).await
    }

    pub(crate) async fn sets(&self) -> Vec<ReplicaSet> {
        self.list("").await
    }

    pub(crate) async fn deployment(&self, name: &str) -> Deployment {
        self.get("default", name).await.expect("the deployment")
    }

    pub(crate) async fn namespace(&self, name: &str) -> Option<Namespace> {
        self.get("", name).await
    }

    /// The messages of events with this reason.
    pub(crate) async fn events(&self, reason: &str) -> Vec<String> {
        let events: Vec<k8s_openapi::api::core::v1::Event> = self.list("").await;
        let own = events.into_iter().filter(|event| event.reason.as_deref() == Some(reason));
        own.filter_map(|event| event.message).collect()
    }
}

/// As the client's own, which is sealed in its crate.
pub(crate) trait Scope {
    const NAMESPACED: bool;
}

impl Scope for k8s_openapi::NamespaceResourceScope {
    const NAMESPACED: bool = true;
}

impl Scope for k8s_openapi::ClusterResourceScope {
    const NAMESPACED: bool = false;
}

pub(crate) fn resource<K: Resource<Scope: Scope>>() -> ApiResource {
    ApiResource {
        group: K::GROUP.to_owned(),
        version: K::VERSION.to_owned(),
        plural: K::URL_PATH_SEGMENT.to_owned(),
        kind: K::KIND.to_owned(),
        namespaced: K::Scope::NAMESPACED,
    }
}

/// Binds pods and does what kubelets do, as far as the API sees it.
struct Agent {
    client: Client,
    env: Env,
    script: Arc<Mutex<Script>>,
}

impl Agent {
    async fn run(self) {
        let mut round = 0usize;
        for look in 0usize.. {
            if look.is_multiple_of(50) {
                self.renew().await;
            }
            let pods = self.client.list::<Pod>("", &ListParams::default()).await.expect("pods");
            for pod in pods.items {
                round += 1;
                self.look_after(pod, round).await;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    fn is_silent(&self, node: &str) -> bool {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).silent.contains(node)
    }

    async fn nodes(&self) -> Vec<String> {
        let nodes = self.client.list::<Node>("", &ListParams::default()).await.expect("nodes");
        let names = nodes.items.into_iter().filter_map(|node| node.metadata.name);
        names.filter(|name| !self.is_silent(name)).collect()
    }

    async fn renew(&self) {
        for name in self.nodes().await {
            let lease = json!({
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": {"name": name, "namespace": "kube-node-lease"},
                "spec": {
                    "holderIdentity": name, "leaseDurationSeconds": 40,
                    "renewTime": MicroTime(self.env.now()),
                },
            });
            let patch = Patch::Apply { object: lease, force: true };
            let renewed = self.client.patch::<Lease>("kube-node-lease", &name, "", &patch).await;
            renewed.expect("a lease");
        }
    }

    async fn look_after(&self, pod: Pod, round: usize) {
        let key = ObjectKey::of(&pod.metadata);
        let spec = pod.spec.unwrap_or_default();
        let status = pod.status.unwrap_or_default();
        let Some(node) = spec.node_name else {
            return self.bind(&key, round).await;
        };
        if self.is_silent(&node) {
            return;
        }
        if pod.metadata.deletion_timestamp.is_some() {
            let params = mizzen_client::DeleteParams {
                grace_period_seconds: Some(0),
                ..mizzen_client::DeleteParams::default()
            };
            self.client.delete::<Pod>(&key.namespace, &key.name, &params).await.expect("a deletion");
            return;
        }
        let ready =
            status.conditions.iter().flatten().any(|one| one.type_ == "Ready" && one.status == "True");
        let image = spec.containers.first().and_then(|container| container.image.clone()).unwrap_or_default();
        let broken = self.script.lock().unwrap_or_else(PoisonError::into_inner).broken.contains(&image);
        if ready
            || (broken && status.phase.as_deref() == Some("Running"))
            || status.phase.as_deref() == Some("Failed")
        {
            return;
        }
        let address = format!("10.244.{}.{}", round / 250 % 250, round % 250 + 1);
        let address = status.pod_ip.unwrap_or(address);
        let condition = json!({
            "type": "Ready", "status": if broken { "False" } else { "True" },
            "lastTransitionTime": Time(self.env.now()),
        });
        let patch = Patch::Strategic(json!({"status": {
            "phase": "Running", "podIP": address, "podIPs": [{"ip": address}], "conditions": [condition],
        }}));
        self.tolerate(self.client.patch::<Pod>(&key.namespace, &key.name, "status", &patch).await);
    }

    async fn bind(&self, key: &ObjectKey, round: usize) {
        let nodes = self.nodes().await;
        let Some(node) = nodes.get(round % nodes.len().max(1)) else { return };
        let binding = json!({
            "apiVersion": "v1", "kind": "Binding",
            "metadata": {"name": key.name}, "target": {"kind": "Node", "name": node},
        });
        let resource = ApiResource::of::<Pod>();
        self.tolerate(self.client.create_subresource::<_, Json>(&resource, key, "binding", &binding).await);
    }

    /// Pods go, and change, while they are looked after.
    fn tolerate<T: Debug>(&self, result: Result<T, mizzen_client::Error>) {
        if let Err(error) = result {
            assert!(error.is_not_found() || error.is_conflict(), "{error}");
        }
    }
}

/// A pod template with one container.
pub(crate) fn template(app: &str, image: &str) -> Json {
    json!({
        "metadata": {"labels": {"app": app}},
        "spec": {"containers": [{"name": "c", "image": image, "ports": [{"name": "web", "containerPort": 8080}]}]},
    })
}

/// A set of pods.
pub(crate) fn replica_set(name: &str, replicas: i32) -> Json {
    json!({
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template(name, "one"),
        },
    })
}

/// A deployment whose pods roll one by one.
pub(crate) fn deployment(name: &str, replicas: i32) -> Json {
    json!({
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template(name, "one"),
            "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        },
    })
}
