//! The objects that every cluster has, made by the API server itself and kept while it runs.
//!
//! RBAC defaults, priority classes and flow-control objects are brought up to date at start; the system
//! namespaces, the `kubernetes` and `kube-dns` Services, the server's endpoints, the default ServiceCIDR and
//! the authentication ConfigMap are put back whenever a watch shows that they changed. Start at [`run`].

mod ensure;
mod flow_control;
mod peers;
pub(crate) mod policy;
mod rbac;
mod system;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use mizzen_client::{ApiResource, Client, Informers, ListParams, PartialObject};
use mizzen_clock::Env;
use mizzen_store::{Store, StoreError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::authn::ProxyHeadersConfig;
use crate::storage::Storage;
use peers::Peers;

const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(10);
/// How long changes are gathered before all is looked at again.
const GATHER: Duration = Duration::from_millis(50);

/// What the objects say.
#[derive(Debug, Clone)]
pub struct Config {
    /// `--service-cluster-ip-range`: one range a family, the first one's family leads.
    pub service_cidrs: Vec<IpNet>,
    /// Whose addresses Service `kubernetes` has.
    pub endpoints: Endpoints,
    /// `--secure-port` at those addresses.
    pub secure_port: u16,
    /// `--kubernetes-service-node-port`; 0 for none.
    pub kubernetes_service_node_port: u16,
    /// The address of Service `kube-dns`; `None`: no such Service is made.
    pub cluster_dns: Option<IpAddr>,
    /// `--client-ca-file`, its PEM; empty for none.
    pub client_ca_pem: String,
    /// `--requestheader-*`.
    pub proxy_headers: Option<ProxyHeadersConfig>,
}

/// Whose addresses Service `kubernetes` has: kube-apiserver's `--endpoint-reconciler-type`.
#[derive(Debug, Clone)]
pub enum Endpoints {
    /// These: of the one server that there is.
    Own(Vec<IpAddr>),
    /// Of all servers that share a store.
    Shared(SharedStore),
    /// Somebody else writes them.
    Others,
}

/// The API servers of a shared store.
#[derive(Debug, Clone)]
pub struct SharedStore(Arc<Peers>);

impl Endpoints {
    /// Of a server that is reached at `own`, by its store.
    pub(crate) fn of(own: Vec<IpAddr>, store: &Arc<dyn Store>, storage: &Storage) -> Self {
        if store.is_shared() && !own.is_empty() {
            return Self::Shared(SharedStore(Arc::new(Peers::new(store.clone(), storage, own))));
        }
        Self::Own(own)
    }

    fn peers(&self) -> Option<&Arc<Peers>> {
        match self {
            Self::Shared(SharedStore(peers)) => Some(peers),
            _ => None,
        }
    }
}

/// Why the objects could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    /// The API server refused or could not be reached.
    #[error("bootstrap {what}")]
    Api {
        /// Which object.
        what: String,
        /// Why.
        #[source]
        source: mizzen_client::Error,
    },
    /// The store of all servers does not answer.
    #[error("list the API servers")]
    Store(#[from] StoreError),
    /// No service range, or one that is too small.
    #[error("the service range has no address for the service kubernetes")]
    ServiceRange,
}

/// Makes the objects, calls `made`, and keeps them until `cancel`. Idempotent: what is there and right is not written.
/// `client` acts as the API server itself (`system:apiserver`). Returns early only when the configuration can
/// never work.
pub async fn run(
    client: Client,
    config: Config,
    env: Env,
    cancel: CancellationToken,
    made: impl FnOnce(),
) -> Result<(), BootstrapError> {
    let config = Arc::new(config);
    system::kubernetes_address(&config).ok_or(BootstrapError::ServiceRange)?;
    let client = client.with_field_manager("kube-apiserver");
    if cancel.run_until_cancelled(until_done(&client, &config, &env)).await.is_none() {
        return Ok(());
    }
    info!("The objects that every cluster has are there.");
    made();
    let informers = Informers::new(client.clone(), env.clone(), cancel.clone());
    let changed = watch(&informers, &config);
    let mut pause = Duration::ZERO;
    loop {
        let due = async {
            if pause.is_zero() {
                changed_or_due(&changed, &config).await;
                tokio::time::sleep(GATHER).await;
            } else {
                tokio::time::sleep(pause.mul_f64(0.5 + env.random.fraction())).await;
            }
            system::keep(&client, &config, &env).await
        };
        match cancel.run_until_cancelled(due).await {
            None => break,
            Some(Ok(())) => pause = Duration::ZERO,
            Some(Err(error)) => {
                report(&error);
                pause = (pause * 2).clamp(PAUSE_MIN, PAUSE_MAX);
            }
        }
    }
    informers.stopped().await;
    if let Some(peers) = config.endpoints.peers()
        && let Err(error) = peers.leave().await
    {
        warn!(%error, "Other API servers learn of this one's end by its silence.");
    }
    Ok(())
}

/// Waits for a change, or until other servers are to be told that this one is there.
async fn changed_or_due(changed: &Notify, config: &Config) {
    if config.endpoints.peers().is_none() {
        return changed.notified().await;
    }
    // Silence is the usual case.
    drop(tokio::time::timeout(peers::RENEW_EVERY, changed.notified()).await);
}

fn report(error: &BootstrapError) {
    let source = match error {
        BootstrapError::Api { source, .. } => format!("{source}: {}", source.source_text()),
        BootstrapError::Store(error) => error.to_string(),
        BootstrapError::ServiceRange => String::new(),
    };
    warn!(%error, source, "An object that every cluster has could not be made, will retry.");
}

/// Everything once, again and again until it succeeds.
async fn until_done(client: &Client, config: &Config, env: &Env) {
    let mut pause = PAUSE_MIN;
    while let Err(error) = once(client, config, env).await {
        report(&error);
        tokio::time::sleep(pause.mul_f64(0.5 + env.random.fraction())).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// Everything once. Namespaces come first, since the rest needs them.
async fn once(client: &Client, config: &Config, env: &Env) -> Result<(), BootstrapError> {
    system::namespaces(client).await?;
    let (rbac, kept, classes, flow) = futures::join!(
        rbac::reconcile(client),
        system::keep(client, config, env),
        system::priority_classes(client),
        flow_control::reconcile(client),
    );
    rbac.and(kept).and(classes).and(flow)
}

/// A bell that rings when one of the kept objects changes.
fn watch(informers: &Informers, config: &Config) -> Arc<Notify> {
    let bell = Arc::new(Notify::new());
    let follow = |resource: ApiResource, namespace: &str, field_selector: &str| {
        let params = ListParams { field_selector: field_selector.to_owned(), ..ListParams::default() };
        let (informer, bell) = (informers.select::<PartialObject>(resource, namespace, params), bell.clone());
        informer.subscribe(move |_| bell.notify_one());
    };
    follow(ensure::resource("", "v1", "namespaces", "Namespace", false), "", "");
    let named = "metadata.name=kubernetes";
    follow(ensure::resource("", "v1", "services", "Service", true), "default", named);
    follow(ensure::resource("", "v1", "endpoints", "Endpoints", true), "default", named);
    follow(
        ensure::resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true),
        "default",
        named,
    );
    follow(ensure::resource("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", false), "", named);
    let config_maps = ensure::resource("", "v1", "configmaps", "ConfigMap", true);
    follow(config_maps, "kube-system", "metadata.name=extension-apiserver-authentication");
    if config.cluster_dns.is_some() {
        let services = ensure::resource("", "v1", "services", "Service", true);
        follow(services, "kube-system", "metadata.name=kube-dns");
    }
    bell
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use bytes::Bytes;
    use futures::future::BoxFuture;
    use http::Method;
    use mizzen_client::{Body, Error, Transport, WatchStream, body_from};
    use serde_json::{Value as Json, json};

    use super::*;

    /// As much of an API server as keeping objects needs: by path, with conflicts, and with watches that
    /// never tell anything.
    #[derive(Clone, Default)]
    struct Server(Arc<Mutex<State>>);

    #[derive(Default)]
    struct State {
        objects: BTreeMap<String, Json>,
        revision: u64,
        writes: Vec<String>,
    }

    impl State {
        fn answer(&mut self, request: &http::Request<Bytes>) -> (u16, Json) {
            let path = request.uri().path().trim_end_matches("/status").to_owned();
            let failure = |code: u16, reason: &str| (code, json!({"code": code, "reason": reason}));
            let mut body: Json = serde_json::from_slice(request.body()).unwrap_or(Json::Null);
            match *request.method() {
                Method::GET => {
                    let last = path.rsplit('/').next().unwrap_or_default();
                    let paged = request.uri().query().is_some_and(|query| query.contains("limit="));
                    if paged || last.ends_with("roles") || last.ends_with("rolebindings") {
                        let own = self.objects.iter().filter(|(key, _)| Self::is_in(key, &path));
                        let items: Vec<&Json> = own.map(|(_, object)| object).collect();
                        return (200, json!({"metadata": {"resourceVersion": "1"}, "items": items}));
                    }
                    self.objects
                        .get(&path)
                        .map_or_else(|| failure(404, "NotFound"), |found| (200, found.clone()))
                }
                Method::POST => {
                    let key = format!("{path}/{}", body["metadata"]["name"].as_str().unwrap());
                    if self.objects.contains_key(&key) {
                        return failure(409, "AlreadyExists");
                    }
                    self.write("create", key, &mut body);
                    (201, body)
                }
                Method::PUT => {
                    let stored = &self.objects[&path]["metadata"]["resourceVersion"];
                    if body["metadata"]["resourceVersion"] != *stored {
                        return failure(409, "Conflict");
                    }
                    self.write("update", path, &mut body);
                    (200, body)
                }
                _ => {
                    self.objects.remove(&path);
                    self.writes.push(format!("delete {path}"));
                    (200, json!({}))
                }
            }
        }

        /// Whether an object's path lies in a collection's (of all namespaces, for namespaced resources).
        fn is_in(key: &str, collection: &str) -> bool {
            let (parent, _) = key.rsplit_once('/').unwrap_or_default();
            let (group, plural) = collection.rsplit_once('/').unwrap_or_default();
            parent == collection || parent.starts_with(group) && parent.ends_with(&format!("/{plural}"))
        }

        fn write(&mut self, verb: &str, key: String, body: &mut Json) {
            self.revision += 1;
            body["metadata"]["resourceVersion"] = json!(self.revision.to_string());
            self.writes.push(format!("{verb} {key}"));
            self.objects.insert(key, body.clone());
        }
    }

    impl Transport for Server {
        fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, Error>> {
            let (code, body) = self.0.lock().unwrap().answer(&request);
            Box::pin(
                async move { Ok(http::Response::builder().status(code).body(body_from(body.to_string()))?) },
            )
        }

        fn watch(&self, _: http::Request<Bytes>) -> BoxFuture<'_, Result<WatchStream, Error>> {
            let silent: WatchStream = Box::pin(futures::stream::pending());
            Box::pin(async move { Ok(silent) })
        }
    }

    impl Server {
        fn writes(&self) -> Vec<String> {
            std::mem::take(&mut self.0.lock().unwrap().writes)
        }

        fn change(&self, path: &str, change: impl FnOnce(&mut Json)) {
            change(self.0.lock().unwrap().objects.get_mut(path).expect("it is there"));
        }

        fn remove(&self, path: &str) {
            assert!(self.0.lock().unwrap().objects.remove(path).is_some(), "{path} was there");
        }
    }

    fn config() -> Config {
        Config {
            service_cidrs: vec!["10.96.0.0/16".parse().unwrap()],
            endpoints: Endpoints::Own(vec![IpAddr::from([10, 88, 0, 1])]),
            secure_port: 6443,
            kubernetes_service_node_port: 0,
            cluster_dns: Some(IpAddr::from([10, 96, 0, 10])),
            client_ca_pem: "CA".to_owned(),
            proxy_headers: None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn everything_once_and_then_nothing() {
        let (server, config) = (Server::default(), config());
        let client = Client::new(server.clone());
        let env = Env::seeded(1, "2026-01-01T00:00:00Z".parse().unwrap());
        once(&client, &config, &env).await.unwrap();
        let first = server.writes();
        let made = |path: &str| assert!(first.contains(&format!("create {path}")), "{path}");
        made("/api/v1/namespaces/kube-node-lease");
        made("/api/v1/namespaces/default/services/kubernetes");
        made("/api/v1/namespaces/kube-system/services/kube-dns");
        made("/api/v1/namespaces/default/endpoints/kubernetes");
        made("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes");
        made("/apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin");
        made("/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/rolebindings/system:mizzen:dns");
        made("/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical");
        made("/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/probes");
        made("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication");
        once(&client, &config, &env).await.unwrap();
        assert_eq!(server.writes(), [""; 0]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_spoiled_is_put_right() {
        let (server, config) = (Server::default(), config());
        let client = Client::new(server.clone());
        let env = Env::seeded(1, "2026-01-01T00:00:00Z".parse().unwrap());
        once(&client, &config, &env).await.unwrap();
        server.writes();
        let binding = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/system:node-proxier";
        let slice = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes";
        server.remove("/api/v1/namespaces/kube-public");
        server.change(slice, |slice| slice["endpoints"] = json!([]));
        server.change(binding, |binding| binding["roleRef"]["name"] = json!("view"));
        once(&client, &config, &env).await.unwrap();
        let mut writes = server.writes();
        writes.sort();
        let expect = [
            "create /api/v1/namespaces/kube-public".to_owned(),
            format!("create {binding}"),
            format!("delete {binding}"),
            format!("update {slice}"),
        ];
        assert_eq!(writes, expect);
    }

    #[tokio::test(start_paused = true)]
    async fn run_ends_with_its_token() {
        let cancel = CancellationToken::new();
        let env = Env::seeded(1, "2026-01-01T00:00:00Z".parse().unwrap());
        let running = tokio::spawn(run(Client::new(Server::default()), config(), env, cancel.clone(), || {}));
        tokio::time::sleep(Duration::from_secs(1)).await;
        cancel.cancel();
        running.await.unwrap().unwrap();
    }
}
