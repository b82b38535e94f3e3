//! The components, put together.

use std::sync::Arc;

use mizzen_apiserver::allocate::AllocatorConfig;
use mizzen_apiserver::attributes::User;
use mizzen_apiserver::authn::AuthnConfig;
use mizzen_apiserver::standard::{Standard, StandardConfig};
use mizzen_client::Client;
use mizzen_clock::Env;
use mizzen_controllers::SHARED_INFORMERS;
use mizzen_pki::TokenKey;
use mizzen_store::{MemoryStore, Store};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::faults::{Faults, Link};
use crate::journal::Writer;
use crate::node::Kubelet;

/// The nodes.
pub(crate) const NODES: [&str; 2] = ["node-0", "node-1"];

/// A running control plane.
pub(crate) struct World {
    /// An administrator's client, which the network never troubles.
    pub(crate) client: Client,
    pub(crate) env: Env,
    pub(crate) faults: Arc<Faults>,
    pub(crate) journal: Writer,
    standard: Standard,
    store: Arc<dyn Store>,
    cancel: CancellationToken,
    tasks: TaskTracker,
}

fn controller(name: &str) -> User {
    if name == SHARED_INFORMERS {
        return User::new("system:kube-controller-manager", &[]);
    }
    let groups = ["system:serviceaccounts", "system:serviceaccounts:kube-system"];
    User::new(format!("system:serviceaccount:kube-system:{name}"), &groups)
}

fn api_server(store: &Arc<dyn Store>, env: &Env) -> Standard {
    let key = TokenKey::create().expect("the system has entropy");
    let issuer = "https://kubernetes.default.svc.cluster.local".to_owned();
    let config = StandardConfig {
        tls: None,
        authn: AuthnConfig {
            token_keys: vec![key.clone()],
            issuers: vec![issuer.clone()],
            ..AuthnConfig::default()
        },
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
    Standard::start(config, store.clone(), env.clone()).expect("right settings")
}

impl World {
    /// Starts everything under a seed. Must be called within a runtime whose time is paused.
    pub(crate) fn start(seed: u64) -> Self {
        let env = Env::seeded(seed, "2026-01-01T00:00:00Z".parse().expect("a time"));
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let (journal, tasks, cancel) = (Writer::default(), TaskTracker::new(), CancellationToken::new());
        tasks.spawn(journal.clone().follow(store.clone()));
        let standard = api_server(&store, &env);
        let world = Self {
            client: standard.server().client(User::new("admin", &["system:masters"])),
            env,
            faults: Faults::new(seed),
            journal,
            standard,
            store,
            cancel,
            tasks,
        };
        world.spawn_control_plane();
        for (index, name) in NODES.into_iter().enumerate() {
            let user = User::new(format!("system:node:{name}"), &["system:nodes"]);
            let kubelet = Kubelet::new(name, index, world.link(name, user), world.env.clone());
            world.tasks.spawn(kubelet.run(world.cancel.clone()));
        }
        world
    }

    fn link(&self, name: &str, user: User) -> Client {
        Link::client(name, self.standard.server().client(user), &self.faults)
    }

    fn spawn_control_plane(&self) {
        let (own, until) = (self.standard.clone(), self.cancel.clone());
        self.tasks.spawn(async move { own.run(until, || {}).await.expect("right settings") });
        let scheduler = mizzen_scheduler::run(
            mizzen_scheduler::Config::default(),
            self.link("scheduler", User::new("system:kube-scheduler", &[])),
            self.env.clone(),
            mizzen_scheduler::Metrics::default(),
            self.standard.server().trace(),
            self.cancel.clone(),
        );
        self.tasks.spawn(async move { scheduler.await.expect("right settings") });
        let config = mizzen_controllers::Config {
            cluster_cidr: Some("10.244.0.0/16".parse().expect("a range")),
            root_ca: "A certificate".to_owned(),
            ..mizzen_controllers::Config::default()
        };
        let (server, faults) = (self.standard.server().clone(), self.faults.clone());
        let clients: mizzen_controllers::Clients =
            Arc::new(move |name: &str| Link::client("controllers", server.client(controller(name)), &faults));
        let controllers = mizzen_controllers::run(
            config,
            clients,
            self.env.clone(),
            mizzen_client::Queues::default(),
            self.cancel.clone(),
        );
        self.tasks.spawn(async move { controllers.await.expect("right settings") });
    }

    /// Stops everything, and waits for it.
    pub(crate) async fn stop(self) {
        self.cancel.cancel();
        self.standard.server().stop().await;
        self.store.close().await.expect("a store in memory closes");
        self.tasks.close();
        self.tasks.wait().await;
    }
}
