//! What all parts of a kubelet share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures::future::BoxFuture;
use k8s_cri::v1;
use k8s_openapi::api::core::v1::{Node, ObjectReference, Pod};
use mizzen_client::{ApiResource, Client, EventType, Informer, Informers, ListParams, ObjectKey, Recorder};
use mizzen_clock::Env;
use mizzen_kernel::cgroup::Layout;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::warn;

use crate::cgroups::PodCgroups;
use crate::config::Config;
use crate::cri::Cri;
use crate::error::Error;
use crate::images::gc::ImageGc;
use crate::images::puller::Puller;
use crate::node::conditions::Health;
use crate::node::machine::Machine;
use crate::node::status as node_status;
use crate::pods::allocation::Allocations;
use crate::pods::dns::{self, Resolvers};
use crate::pods::env::PodFacts;
use crate::pods::registry::Mailboxes;
use crate::pods::services::ServiceView;
use crate::pods::status_manager::StatusManager;
use crate::pods::{resources, spec};
use crate::probes::Probes;
use crate::volumes::manager::Volumes;
use crate::volumes::objects::Objects;
use crate::volumes::tokens::Tokens;

/// How long a caller waits for the list of Services.
const SERVICES_TIMEOUT: Duration = Duration::from_secs(10);

/// Who the runtime is.
#[derive(Debug, Clone, Default)]
pub(crate) struct RuntimeInfo {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) handlers: Vec<v1::RuntimeHandler>,
}

/// A kubelet.
pub(crate) struct Kubelet {
    pub(crate) config: Config,
    pub(crate) client: Client,
    pub(crate) env: Env,
    pub(crate) cri: Cri,
    pub(crate) recorder: Recorder,
    /// What each pod's worker has done, for who asks.
    pub(crate) trace: mizzen_trace::Recorder,
    pub(crate) machine: Machine,
    pub(crate) cgroups: PodCgroups,
    pub(crate) mailboxes: Mailboxes,
    pub(crate) allocations: Allocations,
    pub(crate) statuses: StatusManager,
    pub(crate) probes: Probes,
    pub(crate) volumes: Volumes,
    pub(crate) puller: Puller,
    pub(crate) image_gc: ImageGc,
    pub(crate) informers: Informers,
    pub(crate) pods: Informer<Pod>,
    services: Informer<ServiceView>,
    nodes: Informer<Node>,
    runtime: RwLock<RuntimeInfo>,
    pub(crate) health: watch::Sender<Health>,
    pub(crate) pod_cidr: watch::Sender<String>,
    pub(crate) node_changed: Notify,
    /// Static pods were read at least once (or there are none).
    pub(crate) statics_read: AtomicBool,
    pub(crate) workers: TaskTracker,
    pub(crate) cancel: CancellationToken,
}

impl Kubelet {
    /// Puts the parts together; nothing runs yet but the informers. The second value writes events: the caller runs it.
    pub(crate) fn new(
        config: Config,
        client: Client,
        env: Env,
        cancel: CancellationToken,
    ) -> Result<(Arc<Self>, BoxFuture<'static, ()>), Error> {
        let cri = Cri::new(&config)?;
        let (recorder, events) =
            Recorder::new(client.clone(), env.clone(), "kubelet", &config.node_name, cancel.clone());
        let events: BoxFuture<'static, ()> = Box::pin(events);
        let mailboxes = Mailboxes::default();
        let informers = Informers::new(client.clone(), env.clone(), cancel.clone());
        let on_node = |field: &str| ListParams {
            field_selector: format!("{field}={}", config.node_name),
            ..ListParams::default()
        };
        let pods = informers.select(ApiResource::of::<Pod>(), "", on_node("spec.nodeName"));
        let nodes = informers.select(ApiResource::of::<Node>(), "", on_node("metadata.name"));
        let services = informers.project::<k8s_openapi::api::core::v1::Service, ServiceView>();
        let objects = Objects::new(client.clone(), env.clone(), mailboxes.clone(), cancel.clone());
        let tokens = Tokens::new(client.clone(), env.clone());
        let volumes = Volumes { client: client.clone(), env: env.clone(), objects, tokens };
        let probes =
            Probes::new(cri.clone(), env.clone(), recorder.clone(), mailboxes.clone(), cancel.clone());
        let puller = Puller::new(cri.clone(), env.clone(), recorder.clone(), &config);
        let layout = Layout::discover().map_err(|error| Error::File {
            what: "read",
            path: "/proc/self/mountinfo".to_owned(),
            source: error.into(),
        })?;
        let cgroups = PodCgroups::new(layout, &config.cgroup_root, config.cgroups_per_qos);
        let starting = Health {
            runtime: Some("container runtime status check may not have completed yet".to_owned()),
            ..Health::default()
        };
        let no_statics = config.pod_manifest_path.is_none();
        let kubelet = Self {
            trace: mizzen_trace::Recorder::new(env.clone()),
            machine: Machine::read(&config),
            image_gc: ImageGc::new(cri.clone(), env.clone()),
            statuses: StatusManager::new(client.clone()),
            allocations: Allocations::new(&config.root_dir),
            cgroups,
            config,
            client,
            env,
            cri,
            recorder,
            mailboxes,
            probes,
            volumes,
            puller,
            informers,
            pods,
            services,
            nodes,
            runtime: RwLock::default(),
            health: watch::Sender::new(starting),
            pod_cidr: watch::Sender::new(String::new()),
            node_changed: Notify::new(),
            statics_read: AtomicBool::new(no_statics),
            workers: TaskTracker::new(),
            cancel,
        };
        Ok((Arc::new(kubelet), events))
    }

    /// Makes the folders that the kubelet works in.
    pub(crate) fn make_folders(&self) -> Result<(), Error> {
        use std::os::unix::fs::PermissionsExt;
        let make = |path: PathBuf, mode: u32| {
            let failed =
                |source| Error::File { what: "make folder", path: path.display().to_string(), source };
            std::fs::create_dir_all(&path).map_err(failed)?;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).map_err(failed)
        };
        make(self.config.root_dir.clone(), 0o750)?;
        make(self.config.root_dir.join("pods"), 0o750)?;
        make(self.config.pod_logs_dir.clone(), 0o755)
    }

    /// The Node as the API has it.
    pub(crate) fn node(&self) -> Option<Arc<Node>> {
        let object = self.nodes.get(&ObjectKey::new("", &self.config.node_name))?;
        Some(Arc::new(object.value.clone()))
    }

    /// Calls `changed` whenever the Node object changes.
    pub(crate) fn watch_node(self: &Arc<Self>) {
        let kubelet = Arc::downgrade(self);
        self.nodes.subscribe(move |_| {
            if let Some(kubelet) = kubelet.upgrade() {
                kubelet.node_changed.notify_one();
            }
        });
    }

    /// All sources have told their pods: what the runtime has beyond them is not wanted.
    pub(crate) fn sources_are_read(&self) -> bool {
        self.pods.has_synced() && self.statics_read.load(Ordering::Acquire)
    }

    pub(crate) fn runtime_info(&self) -> RuntimeInfo {
        self.runtime.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says something about the node, whose name comes first.
    pub(crate) fn node_event(&self, kind: EventType, reason: &str, message: &str) {
        self.node_says(kind, reason, &format!("Node {} {message}", self.config.node_name));
    }

    /// Says something about the node.
    pub(crate) fn node_says(&self, kind: EventType, reason: &str, message: &str) {
        let name = self.config.node_name.clone();
        let about = ObjectReference {
            kind: Some("Node".to_owned()),
            name: Some(name.clone()),
            // Kubernetes names nodes by name here, so that events outlive the object.
            uid: Some(name),
            ..ObjectReference::default()
        };
        self.recorder.event(&about, kind, reason, message);
    }

    /// Says something about a pod.
    pub(crate) fn pod_event(&self, pod: &Pod, kind: EventType, reason: &str, message: impl Into<String>) {
        self.recorder.event(&spec::reference(pod), kind, reason, message);
    }

    /// The resolvers that pods may use; the node's file is read anew.
    pub(crate) fn resolvers(&self) -> Resolvers {
        let text = std::fs::read_to_string(&self.config.resolv_conf).unwrap_or_default();
        Resolvers {
            cluster_dns: self.config.cluster_dns.clone(),
            cluster_domain: self.config.cluster_domain.clone(),
            node: dns::parse_resolv_conf(&text),
        }
    }

    /// What a container may learn of its pod and node.
    pub(crate) fn pod_facts(&self, pod: &Pod, pod_ips: Vec<String>) -> PodFacts {
        let allocatable = node_status::allocatable(self);
        let amount =
            |name: &str| allocatable.get(name).map_or(0, |quantity| resources::amount(name, quantity));
        let host_ips: Vec<String> = self.config.node_ips.iter().map(ToString::to_string).collect();
        let pod_ips = if spec::is_host_network(pod) { host_ips.clone() } else { pod_ips };
        PodFacts {
            pod_ips,
            host_ips,
            allocatable_cpu: amount("cpu"),
            allocatable_memory: amount("memory"),
            allocatable_storage: amount("ephemeral-storage"),
        }
    }

    /// The variables of the Services that a pod is told of; none when the API does not tell in time.
    pub(crate) async fn service_variables(
        &self,
        pod: &Pod,
    ) -> Option<std::collections::BTreeMap<String, String>> {
        tokio::time::timeout(SERVICES_TIMEOUT, self.services.synced()).await.ok()?;
        let mut variables = std::collections::BTreeMap::new();
        let master = self.services.get(&ObjectKey::new("default", "kubernetes"));
        if spec::spec(pod).enable_service_links != Some(false) {
            for service in self.services.list_in(spec::namespace(pod)) {
                variables.extend(crate::pods::services::variables(&service.key.name, &service.value));
            }
        }
        if let Some(master) = master {
            variables.extend(crate::pods::services::variables("kubernetes", &master.value));
        }
        Some(variables)
    }

    /// The pod as the API has it: a static pod is there as its mirror.
    pub(crate) fn in_api(&self, pod: &Pod) -> Option<Arc<mizzen_client::Object<Pod>>> {
        let object = self.pods.get(&spec::key(pod))?;
        let same = if spec::is_static(pod) {
            spec::is_mirror(&object.value)
        } else {
            object.uid == pod.metadata.uid.as_deref().unwrap_or_default()
        };
        same.then_some(object)
    }

    /// Changes what is known of the node's health.
    pub(crate) fn set_health(&self, change: impl FnOnce(&mut Health)) {
        self.health.send_if_modified(|health| {
            let before = health.clone();
            change(health);
            *health != before
        });
    }

    /// Pods' cgroups are named by the cgroupfs driver's rules: a runtime that goes by systemd's would put containers
    /// elsewhere. One that does not say is taken at its word.
    async fn check_cgroup_driver(&self) {
        let Ok(answer) = self.cri.runtime_config().await else { return };
        let systemd = answer.linux.is_some_and(|linux| linux.cgroup_driver() == v1::CgroupDriver::Systemd);
        if systemd {
            warn!("The container runtime uses the systemd cgroup driver; this kubelet needs cgroupfs.");
        }
        let fault =
            systemd.then(|| "the container runtime's cgroup driver is systemd, not cgroupfs".to_owned());
        self.set_health(|health| health.driver = fault);
    }

    /// Asks the runtime how it is.
    pub(crate) async fn check_runtime(&self) {
        if self.runtime_info().name.is_empty() {
            match self.cri.version().await {
                Ok(version) => {
                    self.check_cgroup_driver().await;
                    let mut runtime = self.runtime.write().unwrap_or_else(PoisonError::into_inner);
                    runtime.name = version.runtime_name;
                    runtime.version = version.runtime_version;
                }
                Err(error) => {
                    self.set_health(|health| {
                        health.runtime = Some(format!("container runtime is down: {error}"))
                    });
                    return;
                }
            }
        }
        match self.cri.status().await {
            Ok(answer) => {
                self.runtime.write().unwrap_or_else(PoisonError::into_inner).handlers =
                    answer.runtime_handlers;
                let conditions = answer.status.unwrap_or_default().conditions;
                let fault = |name: &str| {
                    let found = conditions.iter().find(|condition| condition.r#type == name);
                    match found {
                        Some(condition) if condition.status => None,
                        Some(condition) => Some(format!(
                            "{name}=false reason:{} message:{}",
                            condition.reason, condition.message
                        )),
                        None => Some(format!("{name} is not reported")),
                    }
                };
                let runtime =
                    fault("RuntimeReady").map(|text| format!("container runtime not ready: {text}"));
                let network = fault("NetworkReady");
                let recovered = network.is_none() && self.health.borrow().network.is_some();
                self.set_health(|health| {
                    health.runtime = runtime;
                    health.network = network;
                });
                if recovered {
                    self.mailboxes.poke_all();
                }
            }
            Err(error) => {
                warn!(%error, "The container runtime does not answer.");
                self.set_health(|health| {
                    health.runtime = Some(format!("container runtime is down: {error}"))
                });
            }
        }
    }

    /// Watches the runtime's health until the kubelet stops: often while it is bad, seldom while it is good.
    pub(crate) async fn watch_runtime(self: Arc<Self>) {
        loop {
            self.check_runtime().await;
            let bad = {
                let health = self.health.borrow();
                health.runtime.is_some() || health.network.is_some()
            };
            let wait = if bad { Duration::from_millis(100) } else { Duration::from_secs(5) };
            if self.cancel.run_until_cancelled(tokio::time::sleep(wait)).await.is_none() {
                return;
            }
        }
    }
}
