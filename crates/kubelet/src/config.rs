//! Settings of a kubelet.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use k8s_openapi::api::core::v1::Taint;
use mizzen_component::ServingCert;

/// The Kubernetes release whose behaviour this kubelet has.
pub const KUBELET_VERSION: &str = "v1.35.0";

/// Everything that a kubelet is told. Each field names the Kubernetes flag or `KubeletConfiguration` field it has
/// its meaning from; [`Config::new`] gives Kubernetes' defaults.
#[derive(Clone, Debug)]
pub struct Config {
    /// `--hostname-override`: the Node's name.
    pub node_name: String,
    /// `--node-ip`: the addresses that the Node reports; the first is the primary one.
    pub node_ips: Vec<IpAddr>,
    /// `containerRuntimeEndpoint`: `unix:///path` or a path.
    pub container_runtime_endpoint: String,
    /// `imageServiceEndpoint`: where images are, when not at the runtime endpoint.
    pub image_service_endpoint: Option<String>,
    /// `--root-dir`: pods' volumes and state.
    pub root_dir: PathBuf,
    /// `podLogsDir`: containers' logs.
    pub pod_logs_dir: PathBuf,
    /// `staticPodPath`: a manifest or a folder of them.
    pub pod_manifest_path: Option<PathBuf>,
    /// `clusterDNS`.
    pub cluster_dns: Vec<IpAddr>,
    /// `clusterDomain`.
    pub cluster_domain: String,
    /// `resolvConf`: the node's resolver file; empty for none.
    pub resolv_conf: PathBuf,
    /// The node's own hosts file, shown to pods in its network namespace (`/etc/hosts`).
    pub hosts_file: PathBuf,
    /// `maxPods`.
    pub max_pods: u32,
    /// `podPidsLimit`: at most so many processes a pod; none or below 1 for no limit.
    pub pod_pids_limit: Option<i64>,
    /// `systemReserved`: resource to quantity.
    pub system_reserved: BTreeMap<String, String>,
    /// `kubeReserved`: resource to quantity.
    pub kube_reserved: BTreeMap<String, String>,
    /// `enforceNodeAllocatable` names `pods`: together they are kept to what is not reserved.
    pub enforce_node_allocatable: bool,
    /// CPUs that the node reports instead of the machine's (several nodes share one machine).
    pub node_cpus: Option<u32>,
    /// Bytes of memory that the node reports instead of the machine's.
    pub node_memory: Option<u64>,
    /// `cgroupRoot`: under which `kubepods` lies, relative to each hierarchy's mount; empty for the root.
    pub cgroup_root: String,
    /// `cgroupsPerQOS`: make the cgroups of QoS classes and pods.
    pub cgroups_per_qos: bool,
    /// `cpuCFSQuota`: enforce CPU limits.
    pub cpu_cfs_quota: bool,
    /// `cpuCFSQuotaPeriod`.
    pub cpu_cfs_quota_period: Duration,
    /// `address`: where the node's API listens.
    pub address: IpAddr,
    /// `port`: of the node's API.
    pub port: u16,
    /// `tlsCertFile`, `tlsPrivateKeyFile`; none makes a self-signed certificate.
    pub serving_cert: Option<ServingCert>,
    /// `authentication.x509.clientCAFile`, as PEM.
    pub client_ca_pem: Option<String>,
    /// `authentication.webhook.enabled`: bearer tokens by TokenReview.
    pub authentication_webhook: bool,
    /// `authentication.anonymous.enabled`.
    pub anonymous_auth: bool,
    /// `enableDebuggingHandlers`: logs, exec and what is like them.
    pub enable_debugging_handlers: bool,
    /// `healthzBindAddress` and `healthzPort`; none for no listener.
    pub healthz: Option<SocketAddr>,
    /// `evictionHard`: signal to threshold (`100Mi` or `10%`).
    pub eviction_hard: BTreeMap<String, String>,
    /// `evictionSoft`.
    pub eviction_soft: BTreeMap<String, String>,
    /// `evictionSoftGracePeriod`: for each of `eviction_soft`.
    pub eviction_soft_grace_period: BTreeMap<String, Duration>,
    /// `evictionMaxPodGracePeriod`: seconds.
    pub eviction_max_pod_grace_period: i64,
    /// `evictionPressureTransitionPeriod`.
    pub eviction_pressure_transition_period: Duration,
    /// `imageGCHighThresholdPercent`; 100 or more is off.
    pub image_gc_high_threshold_percent: u8,
    /// `imageGCLowThresholdPercent`.
    pub image_gc_low_threshold_percent: u8,
    /// `imageMinimumGCAge`.
    pub image_minimum_gc_age: Duration,
    /// `nodeStatusUpdateFrequency`: how often status is computed.
    pub node_status_update_frequency: Duration,
    /// `nodeStatusReportFrequency`: how often it is sent though nothing changed.
    pub node_status_report_frequency: Duration,
    /// `nodeLeaseDurationSeconds`; renewed after a quarter of it.
    pub node_lease_duration_seconds: u32,
    /// `providerID`.
    pub provider_id: Option<String>,
    /// `--node-labels`.
    pub node_labels: BTreeMap<String, String>,
    /// `registerWithTaints`.
    pub register_with_taints: Vec<Taint>,
    /// `registerNode`.
    pub register_node: bool,
    /// `serializeImagePulls`: one pull at a time.
    pub serialize_image_pulls: bool,
    /// `maxParallelImagePulls` when not serialised; none for no bound.
    pub max_parallel_image_pulls: Option<usize>,
    /// `containerLogMaxSize`: bytes; 0 is off.
    pub container_log_max_size: u64,
    /// `containerLogMaxFiles`.
    pub container_log_max_files: usize,
    /// `allowedUnsafeSysctls`: names, or prefixes that end in `*`.
    pub allowed_unsafe_sysctls: Vec<String>,
    /// `seccompDefault`: RuntimeDefault where a pod says nothing.
    pub seccomp_default: bool,
    /// `runtimeRequestTimeout`: for calls that should be quick.
    pub runtime_request_timeout: Duration,
    /// `crashLoopBackOff.maxContainerRestartPeriod`.
    pub max_container_restart_period: Duration,
    /// `streamingConnectionIdleTimeout`.
    pub streaming_connection_idle_timeout: Duration,
}

impl Config {
    /// Kubernetes' defaults for a node of this name whose runtime listens at `endpoint`.
    pub fn new(node_name: impl Into<String>, endpoint: impl Into<String>) -> Self {
        let pairs = |list: &[(&str, &str)]| {
            list.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        Self {
            node_name: node_name.into(),
            node_ips: Vec::new(),
            container_runtime_endpoint: endpoint.into(),
            image_service_endpoint: None,
            root_dir: "/var/lib/kubelet".into(),
            pod_logs_dir: "/var/log/pods".into(),
            pod_manifest_path: None,
            cluster_dns: Vec::new(),
            cluster_domain: "cluster.local".to_owned(),
            resolv_conf: "/etc/resolv.conf".into(),
            hosts_file: "/etc/hosts".into(),
            max_pods: 110,
            pod_pids_limit: None,
            system_reserved: BTreeMap::new(),
            kube_reserved: BTreeMap::new(),
            enforce_node_allocatable: true,
            node_cpus: None,
            node_memory: None,
            cgroup_root: String::new(),
            cgroups_per_qos: true,
            cpu_cfs_quota: true,
            cpu_cfs_quota_period: Duration::from_millis(100),
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            port: 10250,
            serving_cert: None,
            client_ca_pem: None,
            authentication_webhook: true,
            anonymous_auth: false,
            enable_debugging_handlers: true,
            healthz: Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 10248))),
            eviction_hard: pairs(&[
                ("memory.available", "100Mi"),
                ("nodefs.available", "10%"),
                ("nodefs.inodesFree", "5%"),
                ("imagefs.available", "15%"),
                ("imagefs.inodesFree", "5%"),
            ]),
            eviction_soft: BTreeMap::new(),
            eviction_soft_grace_period: BTreeMap::new(),
            eviction_max_pod_grace_period: 0,
            eviction_pressure_transition_period: Duration::from_secs(300),
            image_gc_high_threshold_percent: 85,
            image_gc_low_threshold_percent: 80,
            image_minimum_gc_age: Duration::from_secs(120),
            node_status_update_frequency: Duration::from_secs(10),
            node_status_report_frequency: Duration::from_secs(300),
            node_lease_duration_seconds: 40,
            provider_id: None,
            node_labels: BTreeMap::new(),
            register_with_taints: Vec::new(),
            register_node: true,
            serialize_image_pulls: true,
            max_parallel_image_pulls: None,
            container_log_max_size: 10 << 20,
            container_log_max_files: 5,
            allowed_unsafe_sysctls: Vec::new(),
            seccomp_default: false,
            runtime_request_timeout: Duration::from_secs(120),
            max_container_restart_period: Duration::from_secs(300),
            streaming_connection_idle_timeout: Duration::from_secs(4 * 3600),
        }
    }

    /// The folder of a pod's own files.
    pub(crate) fn pod_dir(&self, uid: &str) -> PathBuf {
        self.root_dir.join("pods").join(uid)
    }
}
