//! The server as a whole: what it is made of, its start and its stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use mizzen_client::Client;
use mizzen_clock::{Env, Level, Map};
use mizzen_store::Store;
use mizzen_trace::Recorder;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::action::Action;
use crate::admission::{Lookup, Plugin};
use crate::attributes::User;
use crate::authn::Authenticator;
use crate::authz::Authorizer;
use crate::catalog::Catalog;
use crate::connect::{Body, Connector};
use crate::custom;
use crate::enablement::RuntimeConfig;
use crate::features::FeatureGates;
use crate::http::ledger::Ledger;
use crate::http::metrics::Metrics;
use crate::inprocess::InProcess;
use crate::observe::Observer;
use crate::registry::Registry;
use crate::status::ApiError;
use crate::tables::Tables;
use crate::tuning::Tuning;
use crate::upkeep::{self, Health};

/// Serves paths that are no resources: discovery, OpenAPI, `/.well-known/…`.
#[async_trait]
pub trait Paths: Send + Sync + 'static {
    /// Answers a request, which is authorised already; `None`: another may know the path.
    async fn answer(
        &self,
        user: &User,
        request: &http::request::Parts,
        catalog: &Catalog,
    ) -> Result<Option<http::Response<Body>>, ApiError>;
}

/// What plugins may use of the server that they are made for.
#[derive(Clone)]
pub struct Hooks {
    /// Reads objects from the watch cache.
    pub lookup: Arc<dyn Lookup>,
    /// Clock and randomness.
    pub env: Env,
    /// What is served; discovery and OpenAPI follow it.
    pub catalog: Arc<Catalog>,
}

/// A connector, and what it answers for.
pub struct ConnectorRow {
    /// `pods`.
    pub resource: &'static str,
    /// `exec`.
    pub subresource: &'static str,
    /// What is done.
    pub connector: Arc<dyn Connector>,
}

/// An observer, and whose writes it is told of.
pub struct ObserverRow {
    /// Empty for the core group.
    pub group: &'static str,
    /// `services`.
    pub resource: &'static str,
    /// Who is told.
    pub observer: Arc<dyn Observer>,
}

/// The parts that are plugged in. The default has nobody who may do anything.
#[derive(Default)]
pub struct Plugins {
    /// Asked in turn.
    pub authenticators: Vec<Arc<dyn Authenticator>>,
    /// `None`: nothing is allowed.
    pub authorizer: Option<Arc<dyn Authorizer>>,
    /// In the order of kube-apiserver's plugins.
    pub admission: Vec<Arc<dyn Plugin>>,
    /// Virtual resources and subresources.
    pub actions: Vec<crate::actions::Served>,
    /// Streams and proxies.
    pub connectors: Vec<ConnectorRow>,
    /// Told how writes ended.
    pub observers: Vec<ObserverRow>,
    /// Asked in turn for paths that are no resources.
    pub paths: Vec<Arc<dyn Paths>>,
    /// Makes server-side tables; `None`: 406 for those who want nothing else.
    pub tables: Option<Arc<dyn Tables>>,
}

/// How the server is set up.
pub struct Config {
    /// Makes the plugins, once the server can be read.
    pub plugins: Box<dyn FnOnce(Hooks) -> Plugins + Send>,
    /// TLS of [`Server::serve`]; its client verifier should ask for certificates and not require them.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// `--anonymous-auth`: who shows no credentials is `system:anonymous`.
    pub anonymous: bool,
    /// `--runtime-config`.
    pub runtime_config: RuntimeConfig,
    /// `--feature-gates`.
    pub feature_gates: FeatureGates,
    /// Keeps what writes go through.
    pub trace: Recorder,
    /// Limits and times.
    pub tuning: Tuning,
    /// Resources (group, plural) whose caches are filled at start, besides those that the plugins read.
    pub eager: Vec<(&'static str, &'static str)>,
}

impl Config {
    /// kube-apiserver's defaults, with these plugins.
    pub fn new(plugins: impl FnOnce(Hooks) -> Plugins + Send + 'static) -> Self {
        Self {
            plugins: Box::new(plugins),
            tls: None,
            anonymous: true,
            runtime_config: RuntimeConfig::default(),
            feature_gates: FeatureGates::default(),
            trace: Recorder::default(),
            tuning: Tuning::default(),
            eager: Vec::new(),
        }
    }
}

/// All that a request needs.
pub(crate) struct Core {
    pub(crate) registry: Arc<Registry>,
    pub(crate) plugins: Plugins,
    pub(crate) actions: Map<(String, String, String), Arc<dyn Action>>,
    pub(crate) connectors: Map<(String, String), Arc<dyn Connector>>,
    pub(crate) anonymous: bool,
    pub(crate) features: FeatureGates,
    pub(crate) metrics: Metrics,
    /// Answers that clients have not read yet.
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) trace: Recorder,
    pub(crate) tuning: Tuning,
    ready: AtomicBool,
    /// Told to stop, but still answering.
    draining: AtomicBool,
    pub(crate) health: Arc<Health>,
    pub(crate) cancel: CancellationToken,
    /// Whether custom resources that were there at the start are served.
    custom_synced: Arc<Level<bool>>,
    pub(crate) tasks: TaskTracker,
}

impl Core {
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Acquire)
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.cancel.is_cancelled() || self.draining.load(Ordering::Acquire)
    }

    /// From now on the server is not ready any more.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Release);
    }
}

/// A running API server. Clones share it.
#[derive(Clone)]
pub struct Server {
    pub(crate) core: Arc<Core>,
    pub(crate) tls: Option<Arc<rustls::ServerConfig>>,
    pub(crate) tasks: TaskTracker,
}

impl Server {
    /// Starts a server over a store: its caches and its compaction. It listens once [`Server::serve`] runs, and
    /// answers in process at once.
    pub fn start(config: Config, store: Arc<dyn Store>, env: Env) -> Self {
        let tasks = TaskTracker::new();
        let cancel = CancellationToken::new();
        let catalog = Arc::new(Catalog::builtin(&config.runtime_config, config.tuning.storage.clone()));
        let registry = Arc::new(Registry::new(
            store.clone(),
            env.clone(),
            catalog.clone(),
            &config,
            tasks.clone(),
            cancel.clone(),
        ));
        let plugins = (config.plugins)(Hooks { lookup: registry.clone(), env, catalog });
        // Both are set here and nowhere else.
        if registry.admission.set(plugins.admission.clone()).is_err() {
            unreachable!("a new registry has no plugins");
        }
        if let Some(authorizer) = &plugins.authorizer
            && registry.authorizer.set(authorizer.clone()).is_err()
        {
            unreachable!("a new registry has no authorizer");
        }
        let observers = plugins
            .observers
            .iter()
            .map(|row| ((row.group.to_owned(), row.resource.to_owned()), row.observer.clone()));
        if registry.observers.set(observers.collect()).is_err() {
            unreachable!("a new registry has no observers");
        }
        let rows = registry.catalog.rows();
        for kind in config.eager.iter().filter_map(|(group, plural)| rows.kind(group, plural)) {
            registry.cache(kind);
        }
        let actions = plugins.actions.iter().map(|row| {
            let key = (row.group.to_owned(), row.resource.to_owned(), row.subresource.to_owned());
            (key, row.action.clone())
        });
        let connectors = plugins
            .connectors
            .iter()
            .map(|row| ((row.resource.to_owned(), row.subresource.to_owned()), row.connector.clone()));
        let custom_synced = Arc::new(Level::new(false));
        let custom = custom::Controller::new(
            registry.clone(),
            User::new("system:apiserver", &["system:masters"]),
            tasks.clone(),
            cancel.clone(),
            custom_synced.clone(),
        );
        tasks.spawn(custom.run());
        let health = Arc::new(Health::default());
        let watching = upkeep::watch_health(store.clone(), health.clone(), config.tuning.store_health);
        tasks.spawn(cancel.clone().run_until_cancelled_owned(watching));
        if !config.tuning.compaction_interval.is_zero() {
            let compaction = upkeep::compact(registry.clone(), config.tuning.compaction_interval);
            tasks.spawn(cancel.clone().run_until_cancelled_owned(compaction));
        }
        let core = Core {
            actions: actions.collect(),
            connectors: connectors.collect(),
            registry,
            plugins,
            anonymous: config.anonymous,
            features: config.feature_gates,
            metrics: Metrics::new(
                config.tuning.max_requests_inflight,
                config.tuning.max_mutating_requests_inflight,
            ),
            ledger: Arc::default(),
            trace: config.trace,
            ready: AtomicBool::new(true),
            draining: AtomicBool::new(false),
            health,
            tuning: config.tuning,
            cancel,
            custom_synced,
            tasks: tasks.clone(),
        };
        Self { core: Arc::new(core), tls: config.tls, tasks }
    }

    /// A client in this process that acts as `user`, through the same filters as everyone.
    pub fn client(&self, user: User) -> Client {
        Client::new(InProcess::new(self.core.clone(), user))
    }

    /// Where parts of this process note what they do with objects, for `/debug/trace`.
    pub fn trace(&self) -> Recorder {
        self.core.trace.clone()
    }

    /// What is served.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.core.registry.catalog.clone()
    }

    /// Reads objects from the watch cache, without a request of its own.
    pub fn lookup(&self) -> Arc<dyn Lookup> {
        self.core.registry.clone()
    }

    /// Waits until the custom resources that were defined when the server started are served.
    pub async fn custom_resources_served(&self) {
        self.core.custom_synced.wait_for(|synced| *synced).await;
    }

    /// Says at `/readyz` whether the server is ready: false while its first objects are being made.
    pub fn set_ready(&self, ready: bool) {
        self.core.ready.store(ready, Ordering::Release);
    }

    /// Lets clients' history begin now, if the store was empty when this server started: nobody can have been told of
    /// a state in which a cluster's first objects were being made. Lists and watches from before get 410.
    pub fn begin_history(&self) {
        self.core.registry.begin_history();
    }

    /// Stops: ends watches, waits for connections and caches. The store is its owner's to close.
    pub async fn stop(&self) {
        self.core.cancel.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("stopping", &self.core.is_stopping()).finish_non_exhaustive()
    }
}
