//! The proxy at work: informers name Services that changed, and every few milliseconds the table follows.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ipnet::Ipv4Net;
use k8s_openapi::api::core::v1::{Node, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use mizzen_client::{ApiResource, Client, Informer, Informers, ListParams, Object, ObjectKey};
use mizzen_clock::Env;
use mizzen_kernel::nft::{Nft, NftError};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::backend::Backend;
use crate::health::HealthChecks;
use crate::metrics::Metrics;
use crate::planner::{NodeFacts, ServicePlan, plan};
use crate::render::Settings;
use crate::table::Table;

const SERVICE_NAME: &str = "kubernetes.io/service-name";
const ZONE: &str = "topology.kubernetes.io/zone";
const BY_SERVICE: &str = "service";
/// Shortest time between two syncs.
const MIN_SYNC: Duration = Duration::from_millis(10);
/// Longest pause after a failure.
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// What the proxy needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// This node's name, as pods carry it (`--hostname-override`).
    pub node_name: String,
    /// Where pods' addresses are (`--cluster-cidr`); empty: unknown, and nobody is taken for an outsider.
    pub cluster_cidrs: Vec<Ipv4Net>,
    /// Masquerade everything that goes to a Service (`--masquerade-all`).
    pub masquerade_all: bool,
    /// The bit of the packet mark between the choice of an endpoint and masquerading
    /// (`--iptables-masquerade-bit`).
    pub masquerade_bit: u8,
    /// Addresses of the node on which node ports answer (`--nodeport-addresses`); empty: all but loopback.
    pub node_port_addresses: Vec<Ipv4Net>,
    /// Shortest time between two syncs (`--iptables-min-sync-period`); at least 10 ms.
    pub min_sync_period: Duration,
    /// Time between two comparisons of the whole table with the kernel's (`--iptables-sync-period`).
    pub sync_period: Duration,
    /// Where load balancers' health checks are answered.
    pub health_bind: IpAddr,
    /// The `nft` program.
    pub nft: PathBuf,
    /// Counted into.
    pub metrics: Arc<Metrics>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            node_name: String::new(),
            cluster_cidrs: Vec::new(),
            masquerade_all: false,
            masquerade_bit: 14,
            node_port_addresses: Vec::new(),
            min_sync_period: MIN_SYNC,
            sync_period: Duration::from_secs(3600),
            health_bind: IpAddr::from([0, 0, 0, 0]),
            nft: PathBuf::from("nft"),
            metrics: Arc::default(),
        }
    }
}

/// Why the proxy cannot work at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no usable `nft`.
    #[error("nftables cannot be used")]
    Nft(#[from] NftError),
    /// The configuration makes no sense.
    #[error("invalid proxy configuration: {0}")]
    Config(&'static str),
}

/// Services whose plan must be made anew.
#[derive(Clone, Default)]
struct Dirty(Arc<DirtyInner>);

#[derive(Default)]
struct DirtyInner {
    services: Mutex<BTreeSet<ObjectKey>>,
    notify: Notify,
}

impl Dirty {
    fn mark(&self, services: impl IntoIterator<Item = ObjectKey>) {
        self.0.services.lock().unwrap_or_else(PoisonError::into_inner).extend(services);
        self.0.notify.notify_one();
    }

    fn take(&self) -> BTreeSet<ObjectKey> {
        std::mem::take(&mut *self.0.services.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The Service that a slice belongs to.
fn service_of(slice: &Object<EndpointSlice>) -> Option<ObjectKey> {
    let name = slice.value.metadata.labels.as_ref()?.get(SERVICE_NAME)?;
    Some(ObjectKey::new(&slice.key.namespace, name))
}

fn index_key(service: &ObjectKey) -> String {
    format!("{}/{}", service.namespace, service.name)
}

/// Whether a node is on its way out, so that load balancers should not send it new connections.
fn leaves(change: &mizzen_client::Change<'_, Node>) -> bool {
    let node = &change.object().value;
    let taints = node.spec.iter().flat_map(|spec| spec.taints.iter().flatten());
    matches!(change, mizzen_client::Change::Deleted(_))
        || node.metadata.deletion_timestamp.is_some()
        || taints.into_iter().any(|taint| taint.key == "ToBeDeletedByClusterAutoscaler")
}

struct Sources {
    services: Informer<Service>,
    slices: Informer<EndpointSlice>,
    node: Informer<Node>,
}

impl Sources {
    fn start(informers: &Informers, config: &Config, dirty: &Dirty) -> Self {
        // As kube-proxy: what another proxy serves, and headless Services, are not even looked at.
        let label_selector =
            "!service.kubernetes.io/service-proxy-name,!service.kubernetes.io/headless".to_owned();
        let params = ListParams { label_selector, ..ListParams::default() };
        let only_own = ListParams {
            field_selector: format!("metadata.name={}", config.node_name),
            ..ListParams::default()
        };
        let sources = Self {
            services: informers.select(ApiResource::of::<Service>(), "", params.clone()),
            slices: informers.select(ApiResource::of::<EndpointSlice>(), "", params),
            node: informers.select(ApiResource::of::<Node>(), "", only_own),
        };
        sources.slices.index(BY_SERVICE, |slice| service_of(slice).iter().map(index_key).collect());
        let (mark, metrics) = (dirty.clone(), config.metrics.clone());
        sources.services.subscribe(move |change| {
            metrics.service_changes.fetch_add(1, Ordering::Relaxed);
            mark.mark([change.object().key.clone()]);
        });
        let (mark, metrics) = (dirty.clone(), config.metrics.clone());
        sources.slices.subscribe(move |change| {
            metrics.endpoint_changes.fetch_add(1, Ordering::Relaxed);
            // A slice may change hands.
            let before = if let mizzen_client::Change::Updated(before, _) = change {
                service_of(before)
            } else {
                None
            };
            mark.mark(service_of(change.object()).into_iter().chain(before));
        });
        let (mark, metrics) = (dirty.clone(), config.metrics.clone());
        sources.node.subscribe(move |change| {
            metrics.node_leaves.store(leaves(change), Ordering::Relaxed);
            mark.mark([]);
        });
        sources
    }

    fn zone(&self) -> Option<String> {
        let nodes = self.node.list();
        let labels = nodes.first()?.value.metadata.labels.as_ref()?;
        labels.get(ZONE).filter(|zone| !zone.is_empty()).cloned()
    }

    fn plan(&self, service: &ObjectKey, node: &NodeFacts) -> ServicePlan {
        let Some(object) = self.services.get(service) else { return ServicePlan::default() };
        let slices = self.slices.by_index(BY_SERVICE, &index_key(service));
        plan(&object.value, slices.iter().map(|slice| &slice.value), node)
    }
}

/// Keeps the node's table until `cancel`; leaves it as it is then, so that connections go on.
///
/// Works on the network namespace of the process. Returns early only when nftables cannot be used at all.
pub async fn run(config: Config, client: Client, env: Env, cancel: CancellationToken) -> Result<(), Error> {
    if config.masquerade_bit > 31 {
        return Err(Error::Config("the masquerade bit must be within [0, 31]"));
    }
    let nft = Nft::new(&config.nft);
    nft.check("").await?;
    let settings = Settings {
        cluster_cidrs: config.cluster_cidrs.clone(),
        node_port_addresses: config.node_port_addresses.clone(),
        mark: 1 << config.masquerade_bit,
    };
    let dirty = Dirty::default();
    let informers = Informers::new(client, env.clone(), cancel.clone());
    let sources = Sources::start(&informers, &config, &dirty);
    let all_there = async {
        // Rules out of half a list would cut off Services that only come later.
        tokio::join!(sources.services.synced(), sources.slices.synced(), sources.node.synced());
    };
    if cancel.run_until_cancelled(all_there).await.is_some() {
        let facts = NodeFacts {
            name: config.node_name.clone(),
            zone: sources.zone(),
            masquerade_all: config.masquerade_all,
        };
        let mut proxy = Proxy {
            health: HealthChecks::new(config.health_bind),
            table: Table::new(settings),
            backend: Backend::new(nft),
            config,
            env,
            dirty,
            sources,
            facts,
            comparing: false,
        };
        proxy.work(&cancel).await;
        proxy.health.clear();
    }
    informers.stopped().await;
    Ok(())
}

struct Proxy {
    config: Config,
    env: Env,
    dirty: Dirty,
    sources: Sources,
    facts: NodeFacts,
    table: Table,
    backend: Backend,
    health: HealthChecks,
    /// The next sync is one that only looks whether all is as it was.
    comparing: bool,
}

impl Proxy {
    async fn work(&mut self, cancel: &CancellationToken) {
        let mut compare = tokio::time::interval(self.config.sync_period.max(Duration::from_secs(1)));
        // The first one compares anyway.
        compare.tick().await;
        let mut pause = Duration::from_millis(100);
        loop {
            let began = now();
            let wait = match self.sync().await {
                Ok(()) => {
                    pause = Duration::from_millis(100);
                    self.config.min_sync_period.max(MIN_SYNC)
                }
                Err(error) => {
                    self.config.metrics.failed(self.env.now());
                    warn!(%error, "Could not bring the rules up to date, will retry.");
                    self.dirty.mark([]);
                    pause = (pause * 2).min(PAUSE_MAX);
                    pause.mul_f64(0.5 + self.env.random.fraction() / 2.0)
                }
            };
            tokio::select! {
                biased;
                () = cancel.cancelled() => return,
                () = sleep_until(began + wait) => {}
            }
            tokio::select! {
                biased;
                () = cancel.cancelled() => return,
                () = self.dirty.0.notify.notified() => {}
                _ = compare.tick() => {
                    self.backend.distrust();
                    self.comparing = true;
                }
            }
        }
    }

    /// Plans what changed and applies it.
    async fn sync(&mut self) -> Result<(), NftError> {
        let began = now();
        let mut services = self.dirty.take();
        let zone = self.sources.zone();
        if zone != self.facts.zone {
            self.facts.zone = zone;
            services.extend(self.sources.services.list().iter().map(|service| service.key.clone()));
        }
        for service in &services {
            let plan = self.sources.plan(service, &self.facts);
            self.health.set(service, plan.health).await;
            self.table.update(service, plan);
        }
        let synced = self.backend.sync(&mut self.table).await?;
        let metrics = &self.config.metrics;
        // Somebody else wrote into our table, or an earlier sync forgot something.
        if std::mem::take(&mut self.comparing) && services.is_empty() && synced.changed {
            metrics.resync_faults.fetch_add(1, Ordering::Relaxed);
        }
        metrics.succeeded(self.env.now());
        metrics.syncs.fetch_add(1, Ordering::Relaxed);
        metrics.full_syncs.fetch_add(u64::from(synced.full), Ordering::Relaxed);
        let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        metrics.sync_us.fetch_add(took, Ordering::Relaxed);
        metrics.services.store(self.table.plans().len() as u64, Ordering::Relaxed);
        debug!(
            services = services.len(),
            took_us = took,
            full = synced.full,
            changed = synced.changed,
            "Synced."
        );
        Ok(())
    }
}

#[allow(clippy::disallowed_methods)] // tokio's clock, which simulation owns.
fn now() -> Instant {
    Instant::now()
}
