//! The server with all its standard parts: authentication, authorisation, admission, allocation, actions, documents
//! and what every cluster has from the start. Start at [`Standard::start`].

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mizzen_clock::Env;
use mizzen_pki::TokenKey;
use mizzen_store::Store;
use mizzen_trace::Recorder;
use tokio_util::sync::CancellationToken;

use crate::admission::Loopback;
use crate::admission::plugins::Selection;
use crate::allocate::{AllocatorConfig, ServiceAllocator};
use crate::assemble::{self, Settings, SettingsError};
use crate::attributes::User;
use crate::authn::AuthnConfig;
use crate::bootstrap;
use crate::enablement::RuntimeConfig;
use crate::features::FeatureGates;
use crate::proxy::{Dialer, Proxy};
use crate::server::{Config, ConnectorRow, Plugins, Server};
use crate::trace::serve::Traces;
use crate::tuning::Tuning;

/// Resources whose caches are filled at start: every request's authorisation and most admission read them.
const EAGER: &[(&str, &str)] = &[
    ("", "namespaces"),
    ("", "serviceaccounts"),
    ("rbac.authorization.k8s.io", "roles"),
    ("rbac.authorization.k8s.io", "rolebindings"),
    ("rbac.authorization.k8s.io", "clusterroles"),
    ("rbac.authorization.k8s.io", "clusterrolebindings"),
];

/// How subresources that are streams reach the nodes.
#[derive(Clone)]
pub struct Nodes {
    /// Opens connections.
    pub dialer: Arc<dyn Dialer>,
    /// `--kubelet-client-certificate`, `--kubelet-client-key`, `--kubelet-certificate-authority`.
    pub tls: Arc<rustls::ClientConfig>,
    /// `--kubelet-preferred-address-types`; those that are names and no addresses are passed over.
    pub address_types: Vec<String>,
    /// How long a connection may take to be made.
    pub timeout: Duration,
}

impl Nodes {
    /// Nodes that are reached at their internal addresses, else at their external ones.
    pub fn new(dialer: Arc<dyn Dialer>, tls: Arc<rustls::ClientConfig>) -> Self {
        let address_types = ["InternalIP", "ExternalIP"].map(str::to_owned).to_vec();
        Self { dialer, tls, address_types, timeout: Duration::from_secs(30) }
    }
}

/// What a server is told; fields name kube-apiserver's flags.
#[derive(Clone)]
pub struct StandardConfig {
    /// TLS of the listeners (`--tls-cert-file`, `--tls-private-key-file`); `None`: only clients in process.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// Who is believed.
    pub authn: AuthnConfig,
    /// `--authorization-mode`.
    pub authorization_modes: Vec<String>,
    /// `--enable-admission-plugins`, `--disable-admission-plugins`.
    pub admission: Selection,
    /// `--runtime-config`.
    pub runtime_config: RuntimeConfig,
    /// `--feature-gates`.
    pub feature_gates: FeatureGates,
    /// `--service-account-signing-key-file`.
    pub token_key: TokenKey,
    /// `--service-account-issuer`.
    pub issuer: String,
    /// `--service-cluster-ip-range`, `--service-node-port-range`.
    pub services: AllocatorConfig,
    /// `--advertise-address`.
    pub advertise_addresses: Vec<IpAddr>,
    /// The port at those addresses.
    pub secure_port: u16,
    /// The address of Service `kube-dns`; `None` makes no such Service.
    pub cluster_dns: Option<IpAddr>,
    /// `None`: there are no nodes to reach.
    pub nodes: Option<Nodes>,
    /// Limits and times.
    pub tuning: Tuning,
}

/// A server with its standard parts.
#[derive(Clone)]
pub struct Standard {
    server: Server,
    allocator: Arc<ServiceAllocator>,
    bootstrap: bootstrap::Config,
    env: Env,
}

/// The API server's own user.
pub fn loopback_user() -> User {
    User::new("system:apiserver", &["system:masters"])
}

fn connectors(proxy: &Arc<Proxy>) -> Vec<ConnectorRow> {
    let row = |resource, subresource| ConnectorRow { resource, subresource, connector: proxy.clone() };
    let pods = ["log", "exec", "attach", "portforward", "proxy"].map(|subresource| row("pods", subresource));
    pods.into_iter().chain([row("services", "proxy"), row("nodes", "proxy")]).collect()
}

impl Standard {
    /// Starts a server over a store. It answers in process at once; [`Standard::run`] makes what every cluster has,
    /// and until then it is not ready.
    pub fn start(config: StandardConfig, store: Arc<dyn Store>, env: Env) -> Result<Self, SettingsError> {
        let loopback = Loopback::default();
        let tuning = &config.tuning;
        let address = match config.advertise_addresses.first() {
            _ if !tuning.external_hostname.is_empty() => {
                Some(format!("{}:{}", tuning.external_hostname, config.secure_port))
            }
            address => address.map(|ip| SocketAddr::new(*ip, config.secure_port).to_string()),
        };
        let settings = Settings {
            authn: config.authn.clone(),
            authorization_modes: config.authorization_modes.clone(),
            admission: config.admission.clone(),
            token_key: config.token_key.clone(),
            issuer: config.issuer.clone(),
            extend_token_expiration: tuning.extend_token_expiration,
            token_expiration_max_s: tuning.token_expiration_max_s,
            jwks_uri: tuning.jwks_uri.clone(),
            services: config.services.clone(),
            server_address: address.unwrap_or_else(|| format!("127.0.0.1:{}", config.secure_port)),
            loopback: loopback.clone(),
        };
        // The server asks for its plugins while it starts; what came of it is handed out through here.
        let made = Arc::new(Mutex::new(None));
        let recorder = Recorder::new(env.clone());
        let (tell, nodes, trace) = (made.clone(), config.nodes.clone(), recorder.clone());
        let mut server_config = Config::new(move |hooks| {
            let (plugins, outcome) = match assemble::standard(&hooks, &settings) {
                Ok((mut plugins, allocator)) => {
                    let proxy = nodes.map(|nodes| Arc::new(Proxy::new(hooks.lookup.clone(), nodes)));
                    plugins.connectors = proxy.as_ref().map(connectors).unwrap_or_default();
                    plugins.paths.push(Arc::new(Traces::new(trace, hooks.lookup.clone(), proxy)));
                    (plugins, Ok(allocator))
                }
                // Nothing is allowed by a server without parts, and it is dropped at once.
                Err(error) => (Plugins::default(), Err(error)),
            };
            *tell.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            plugins
        });
        server_config.tls = config.tls.clone();
        server_config.trace = recorder;
        server_config.feature_gates = config.feature_gates.clone();
        server_config.runtime_config = config.runtime_config.clone();
        server_config.anonymous = config.authn.anonymous;
        server_config.eager = EAGER.to_vec();
        server_config.tuning = tuning.clone();
        let shared_store = store.clone();
        let server = Server::start(server_config, store, env.clone());
        server.set_ready(false);
        let outcome = made.lock().unwrap_or_else(PoisonError::into_inner).take();
        let allocator = outcome.expect("the server asked for its plugins")?;
        loopback.set(server.client(loopback_user()));
        let own = config.advertise_addresses.clone();
        let endpoints = match tuning.reconciles_endpoints {
            true => bootstrap::Endpoints::of(own, &shared_store, &tuning.storage),
            false => bootstrap::Endpoints::Others,
        };
        let bootstrap = bootstrap::Config {
            service_cidrs: config.services.service_cidrs.clone(),
            endpoints,
            secure_port: config.secure_port,
            kubernetes_service_node_port: tuning.kubernetes_service_node_port,
            cluster_dns: config.cluster_dns,
            client_ca_pem: config.authn.client_ca_pem.clone(),
            proxy_headers: config.authn.proxy_headers.clone(),
        };
        Ok(Self { server, allocator, bootstrap, env })
    }

    /// The server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Makes what every cluster has, says that the server is ready, calls `made`, and keeps both that and what is allocated in
    /// order until `cancel`.
    pub async fn run(
        &self,
        cancel: CancellationToken,
        made: impl FnOnce(),
    ) -> Result<(), bootstrap::BootstrapError> {
        if cancel.run_until_cancelled(self.server.custom_resources_served()).await.is_none() {
            return Ok(());
        }
        let client = self.server.client(loopback_user());
        let ready = || {
            self.server.begin_history();
            self.server.set_ready(true);
            made();
        };
        let kept = bootstrap::run(client, self.bootstrap.clone(), self.env.clone(), cancel.clone(), ready);
        let (kept, ()) = tokio::join!(kept, self.allocator.run(cancel));
        kept
    }
}

impl std::fmt::Debug for Standard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Standard").field("server", &self.server).finish_non_exhaustive()
    }
}
