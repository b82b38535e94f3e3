//! KubeletConfiguration, version kubelet.config.k8s.io/v1beta1.
//!
//! Fields with a meaning here are read into a [`Config`]. Of the others, those whose value does not matter here are
//! passed over; the rest may have their default only, so that nobody relies on what does not happen.
//! Source: the reference page "Kubelet Configuration (v1beta1)".

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use k8s_openapi::api::core::v1::Taint;
use mizzen_component::{ConfigError, FileError, GoDuration, ServingCert, read_config};
use mizzen_machinery::quantity::Quantity;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::Config;

/// The file's apiVersion.
pub const API_VERSION: &str = "kubelet.config.k8s.io/v1beta1";
const KIND: &str = "KubeletConfiguration";

/// The file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[allow(missing_docs)] // The reference page says what the fields are.
pub struct KubeletConfiguration {
    pub static_pod_path: Option<String>,
    pub pod_logs_dir: Option<String>,
    pub address: Option<IpAddr>,
    pub port: Option<u16>,
    pub tls_cert_file: Option<String>,
    pub tls_private_key_file: Option<String>,
    pub authentication: Authentication,
    pub authorization: Authorization,
    pub enable_debugging_handlers: Option<bool>,
    pub healthz_port: Option<u16>,
    pub healthz_bind_address: Option<IpAddr>,
    pub cluster_domain: Option<String>,
    #[serde(rename = "clusterDNS")]
    pub cluster_dns: Option<Vec<IpAddr>>,
    pub streaming_connection_idle_timeout: Option<GoDuration>,
    pub node_status_update_frequency: Option<GoDuration>,
    pub node_status_report_frequency: Option<GoDuration>,
    pub node_lease_duration_seconds: Option<u32>,
    #[serde(rename = "imageMinimumGCAge")]
    pub image_minimum_gc_age: Option<GoDuration>,
    #[serde(rename = "imageGCHighThresholdPercent")]
    pub image_gc_high_threshold_percent: Option<u8>,
    #[serde(rename = "imageGCLowThresholdPercent")]
    pub image_gc_low_threshold_percent: Option<u8>,
    pub cgroup_root: Option<String>,
    #[serde(rename = "cgroupsPerQOS")]
    pub cgroups_per_qos: Option<bool>,
    pub runtime_request_timeout: Option<GoDuration>,
    pub max_pods: Option<u32>,
    pub pod_pids_limit: Option<i64>,
    pub resolv_conf: Option<String>,
    #[serde(rename = "cpuCFSQuota")]
    pub cpu_cfs_quota: Option<bool>,
    #[serde(rename = "cpuCFSQuotaPeriod")]
    pub cpu_cfs_quota_period: Option<GoDuration>,
    pub eviction_hard: Option<BTreeMap<String, String>>,
    pub eviction_soft: Option<BTreeMap<String, String>>,
    pub eviction_soft_grace_period: Option<BTreeMap<String, GoDuration>>,
    pub eviction_pressure_transition_period: Option<GoDuration>,
    pub eviction_max_pod_grace_period: Option<i64>,
    pub serialize_image_pulls: Option<bool>,
    pub max_parallel_image_pulls: Option<usize>,
    pub allowed_unsafe_sysctls: Option<Vec<String>>,
    pub container_log_max_size: Option<String>,
    pub container_log_max_files: Option<usize>,
    pub system_reserved: Option<BTreeMap<String, String>>,
    pub kube_reserved: Option<BTreeMap<String, String>>,
    pub enforce_node_allocatable: Option<Vec<String>>,
    pub seccomp_default: Option<bool>,
    pub register_with_taints: Option<Vec<Taint>>,
    pub register_node: Option<bool>,
    #[serde(rename = "providerID")]
    pub provider_id: Option<String>,
    pub container_runtime_endpoint: Option<String>,
    pub image_service_endpoint: Option<String>,
    pub crash_loop_back_off: CrashLoopBackOff,
    /// Everything else.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

/// `authentication`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct Authentication {
    pub x509: X509,
    pub webhook: WebhookAuthentication,
    pub anonymous: Anonymous,
}

/// `authentication.x509`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct X509 {
    #[serde(rename = "clientCAFile")]
    pub client_ca_file: Option<String>,
}

/// `authentication.webhook`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct WebhookAuthentication {
    pub enabled: Option<bool>,
    /// Answers are remembered for the default time whatever it says.
    #[serde(rename = "cacheTTL")]
    pub cache_ttl: Option<GoDuration>,
}

/// `authentication.anonymous`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct Anonymous {
    pub enabled: Option<bool>,
}

/// `authorization`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct Authorization {
    pub mode: Option<String>,
    pub webhook: WebhookAuthorization,
}

/// `authorization.webhook`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs)]
pub struct WebhookAuthorization {
    #[serde(rename = "cacheAuthorizedTTL")]
    pub cache_authorized_ttl: Option<GoDuration>,
    #[serde(rename = "cacheUnauthorizedTTL")]
    pub cache_unauthorized_ttl: Option<GoDuration>,
}

/// `crashLoopBackOff`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct CrashLoopBackOff {
    pub max_container_restart_period: Option<GoDuration>,
}

/// Fields whose value changes nothing here: limits of clients that have none, ways of doing things that are done another
/// way, the machinery of other platforms.
const OF_NO_MATTER: &[&str] = &[
    "configMapAndSecretChangeDetectionStrategy",
    "containerLogMaxWorkers",
    "containerLogMonitorInterval",
    "contentType",
    "cpuManagerReconcilePeriod",
    "enableContentionProfiling",
    "enableControllerAttachDetach",
    "enableDebugFlagsHandler",
    "enableProfilingHandler",
    "eventBurst",
    "eventRecordQPS",
    "failSwapOn",
    "featureGates",
    "fileCheckFrequency",
    "hairpinMode",
    "httpCheckFrequency",
    "iptablesDropBit",
    "iptablesMasqueradeBit",
    "kubeAPIBurst",
    "kubeAPIQPS",
    "logging",
    "makeIPTablesUtilChains",
    "maxOpenFiles",
    "memoryThrottlingFactor",
    "nodeStatusMaxImages",
    "oomScoreAdj",
    "protectKernelDefaults",
    "registryBurst",
    "registryPullQPS",
    "showHiddenMetricsForVersion",
    "singleProcessOOMKill",
    "syncFrequency",
    "topologyManagerScope",
    "volumePluginDir",
    "volumeStatsAggPeriod",
];

/// Fields of which only the default (and what is empty) is there.
const DEFAULT_ONLY: &[(&str, &str)] = &[
    ("cgroupDriver", r#""cgroupfs""#),
    ("cpuManagerPolicy", r#""none""#),
    ("cpuManagerPolicyOptions", "{}"),
    ("enableSystemLogHandler", "true"),
    ("enableSystemLogQuery", "false"),
    ("evictionMinimumReclaim", "{}"),
    ("imageMaximumGCAge", r#""0s""#),
    ("imagePullCredentialsVerificationPolicy", r#""NeverVerifyPreloadedImages""#),
    ("kubeReservedCgroup", r#""""#),
    ("kubeletCgroups", r#""""#),
    ("localStorageCapacityIsolation", "true"),
    ("memoryManagerPolicy", r#""None""#),
    ("memorySwap", "{}"),
    ("mergeDefaultEvictionSettings", "false"),
    ("podCIDR", r#""""#),
    ("podsPerCore", "0"),
    ("preloadedImagesVerificationAllowlist", "[]"),
    ("qosReserved", "{}"),
    ("readOnlyPort", "0"),
    ("reservedMemory", "[]"),
    ("reservedSystemCPUs", r#""""#),
    ("rotateCertificates", "false"),
    ("serverTLSBootstrap", "false"),
    ("shutdownGracePeriod", r#""0s""#),
    ("shutdownGracePeriodByPodPriority", "[]"),
    ("shutdownGracePeriodCriticalPods", r#""0s""#),
    ("staticPodURL", r#""""#),
    ("staticPodURLHeader", "{}"),
    ("systemCgroups", r#""""#),
    ("systemReservedCgroup", r#""""#),
    ("tlsCipherSuites", "[]"),
    ("tlsCurvePreferences", "[]"),
    ("tlsMinVersion", r#""VersionTLS12""#),
    ("topologyManagerPolicy", r#""none""#),
    ("topologyManagerPolicyOptions", "{}"),
    ("tracing", "null"),
    ("userNamespaces", "{}"),
];

fn read(path: &str) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: path.into(), source })
}

/// Puts a value that is given in the place of the default.
fn set<T>(slot: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *slot = given;
    }
}

/// The same for times, of which zero means the default.
fn set_time(slot: &mut Duration, given: Option<GoDuration>) {
    set(slot, given.map(|given| given.0).filter(|time| !time.is_zero()));
}

/// A text that is not empty.
fn text(given: Option<&String>) -> Option<&String> {
    given.filter(|text| !text.is_empty())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(on) => !on,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty() || text == "0s",
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(is_empty),
    }
}

impl KubeletConfiguration {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let file: Self = read_config(path, API_VERSION, KIND)?;
        file.check()?;
        Ok(file)
    }

    /// What it says, over Kubernetes' defaults, for a node of this name whose runtime listens at `endpoint` unless the file
    /// says otherwise.
    pub fn settings(&self, node_name: &str, endpoint: &str) -> Result<Config, ConfigError> {
        self.check()?;
        let endpoint = text(self.container_runtime_endpoint.as_ref()).map_or(endpoint, String::as_str);
        let mut config = Config::new(node_name, endpoint);
        self.set_listeners(&mut config)?;
        self.set_node(&mut config);
        self.set_limits(&mut config)?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        let mut unknown = Vec::new();
        for (name, value) in &self.rest {
            if is_empty(value) && DEFAULT_ONLY.iter().any(|(own, _)| own == name) {
                // Switched off what is on by default is not nothing.
                let off = *value == Value::Bool(false);
                let on = DEFAULT_ONLY.iter().any(|(own, default)| own == name && *default == "true");
                if !(off && on) {
                    continue;
                }
            }
            match DEFAULT_ONLY.iter().find(|(own, _)| own == name) {
                Some((_, default)) => {
                    let given = value.to_string();
                    if given != *default {
                        return Err(ConfigError::field(
                            name,
                            format!("{given} is not available yet; only {default} is"),
                        ));
                    }
                }
                None if OF_NO_MATTER.contains(&name.as_str()) => {}
                None => unknown.push(name.clone()),
            }
        }
        if !unknown.is_empty() {
            return Err(FileError::Unknown(unknown).into());
        }
        match self.authorization.mode.as_deref() {
            None | Some("" | "Webhook") => {}
            Some(mode) => {
                let message = format!("mode {mode:?} is not available; use \"Webhook\"");
                return Err(ConfigError::field("authorization.mode", message));
            }
        }
        self.check_enforcement()?;
        let (high, low) = (self.image_gc_high_threshold_percent, self.image_gc_low_threshold_percent);
        if low.unwrap_or(80) >= high.unwrap_or(85) {
            let message = "must be less than imageGCHighThresholdPercent";
            return Err(ConfigError::field("imageGCLowThresholdPercent", message));
        }
        Ok(())
    }

    /// Whether pods are kept to what is not reserved, as `enforceNodeAllocatable` says.
    fn enforces_pods(&self) -> bool {
        let names = self.enforce_node_allocatable.as_ref();
        names.is_none_or(|names| names.iter().any(|name| name == "pods"))
    }

    fn check_enforcement(&self) -> Result<(), ConfigError> {
        let refuse = |message: String| Err(ConfigError::field("enforceNodeAllocatable", message));
        // A flag that names nothing is an empty name.
        let names = self.enforce_node_allocatable.as_deref().unwrap_or_default();
        let names: Vec<&str> = names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        if names.contains(&"none") && names.len() > 1 {
            return refuse("may not contain additional enforcements when \"none\" is specified".to_owned());
        }
        if let Some(other) = names.iter().find(|name| !matches!(**name, "pods" | "none")) {
            return refuse(format!("{other:?} is not available yet; only \"pods\" and \"none\" are"));
        }
        if self.cgroups_per_qos == Some(false) && self.enforces_pods() {
            return refuse("is not supported unless cgroupsPerQOS is set to true".to_owned());
        }
        Ok(())
    }

    fn set_listeners(&self, config: &mut Config) -> Result<(), ConfigError> {
        set(&mut config.address, self.address);
        set(&mut config.port, self.port.filter(|port| *port != 0));
        match (text(self.tls_cert_file.as_ref()), text(self.tls_private_key_file.as_ref())) {
            (Some(cert), Some(key)) => {
                config.serving_cert = Some(ServingCert { cert_pem: read(cert)?, key_pem: read(key)? });
            }
            (None, None) => {}
            _ => return Err(ConfigError::field("tlsCertFile", "it and tlsPrivateKeyFile go together")),
        }
        let ca = text(self.authentication.x509.client_ca_file.as_ref());
        config.client_ca_pem = ca.map(|path| read(path)).transpose()?;
        set(&mut config.authentication_webhook, self.authentication.webhook.enabled);
        set(&mut config.anonymous_auth, self.authentication.anonymous.enabled);
        set(&mut config.enable_debugging_handlers, self.enable_debugging_handlers);
        if let Some(health) = &mut config.healthz {
            let address = self.healthz_bind_address.unwrap_or(health.ip());
            *health = SocketAddr::new(address, self.healthz_port.unwrap_or(health.port()));
        }
        config.healthz = config.healthz.filter(|health| health.port() != 0);
        set_time(&mut config.streaming_connection_idle_timeout, self.streaming_connection_idle_timeout);
        Ok(())
    }

    fn set_node(&self, config: &mut Config) {
        config.image_service_endpoint = text(self.image_service_endpoint.as_ref()).cloned();
        config.pod_manifest_path = text(self.static_pod_path.as_ref()).map(PathBuf::from);
        set(&mut config.pod_logs_dir, text(self.pod_logs_dir.as_ref()).map(PathBuf::from));
        set(&mut config.cluster_domain, self.cluster_domain.clone());
        set(&mut config.cluster_dns, self.cluster_dns.clone());
        // Given but empty, pods get nothing of the node's resolvers.
        set(&mut config.resolv_conf, self.resolv_conf.as_ref().map(PathBuf::from));
        set(&mut config.cgroup_root, self.cgroup_root.clone());
        set(&mut config.cgroups_per_qos, self.cgroups_per_qos);
        set(&mut config.register_node, self.register_node);
        set(&mut config.register_with_taints, self.register_with_taints.clone());
        config.provider_id = text(self.provider_id.as_ref()).cloned();
        set_time(&mut config.node_status_update_frequency, self.node_status_update_frequency);
        set_time(&mut config.node_status_report_frequency, self.node_status_report_frequency);
        let lease = self.node_lease_duration_seconds.filter(|seconds| *seconds != 0);
        set(&mut config.node_lease_duration_seconds, lease);
        set_time(&mut config.runtime_request_timeout, self.runtime_request_timeout);
        let restart = self.crash_loop_back_off.max_container_restart_period;
        set_time(&mut config.max_container_restart_period, restart);
    }

    fn set_limits(&self, config: &mut Config) -> Result<(), ConfigError> {
        set(&mut config.max_pods, self.max_pods.filter(|number| *number != 0));
        config.pod_pids_limit = self.pod_pids_limit.filter(|limit| *limit > 0);
        set(&mut config.cpu_cfs_quota, self.cpu_cfs_quota);
        set_time(&mut config.cpu_cfs_quota_period, self.cpu_cfs_quota_period);
        set(&mut config.system_reserved, self.system_reserved.clone());
        set(&mut config.kube_reserved, self.kube_reserved.clone());
        config.enforce_node_allocatable = self.enforces_pods();
        set(&mut config.eviction_hard, self.eviction_hard.clone());
        set(&mut config.eviction_soft, self.eviction_soft.clone());
        let grace = self.eviction_soft_grace_period.as_ref();
        let grace = grace.map(|all| all.iter().map(|(name, time)| (name.clone(), time.0)).collect());
        set(&mut config.eviction_soft_grace_period, grace);
        set(&mut config.eviction_max_pod_grace_period, self.eviction_max_pod_grace_period);
        set_time(&mut config.eviction_pressure_transition_period, self.eviction_pressure_transition_period);
        set_time(&mut config.image_minimum_gc_age, self.image_minimum_gc_age);
        set(&mut config.image_gc_high_threshold_percent, self.image_gc_high_threshold_percent);
        set(&mut config.image_gc_low_threshold_percent, self.image_gc_low_threshold_percent);
        set(&mut config.serialize_image_pulls, self.serialize_image_pulls);
        config.max_parallel_image_pulls = self.max_parallel_image_pulls;
        set(&mut config.allowed_unsafe_sysctls, self.allowed_unsafe_sysctls.clone());
        set(&mut config.seccomp_default, self.seccomp_default);
        set(&mut config.container_log_max_files, self.container_log_max_files);
        if let Some(size) = text(self.container_log_max_size.as_ref()) {
            let quantity = size.parse::<Quantity>();
            let bytes = quantity
                .map_err(|error| ConfigError::field("containerLogMaxSize", error.to_string()))?
                .value();
            config.container_log_max_size = u64::try_from(bytes).unwrap_or(0);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use mizzen_component::parse_config;

    use super::*;

    fn settings(text: &str) -> Result<Config, String> {
        let text = format!("apiVersion: {API_VERSION}\nkind: {KIND}\n{text}");
        let file = parse_config::<KubeletConfiguration>(&text, API_VERSION, KIND).map_err(ConfigError::from);
        file.and_then(|file| file.settings("n", "unix:///run/c.sock")).map_err(|error| error.to_string())
    }

    #[test]
    fn what_kubeadm_writes_is_taken() {
        let text = "
authentication: {anonymous: {enabled: false}, webhook: {cacheTTL: 0s, enabled: true}}
authorization: {mode: Webhook, webhook: {cacheAuthorizedTTL: 0s, cacheUnauthorizedTTL: 0s}}
cgroupDriver: cgroupfs
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
containerRuntimeEndpoint: \"\"
cpuManagerReconcilePeriod: 0s
crashLoopBackOff: {}
evictionHard: {memory.available: 5%}
evictionPressureTransitionPeriod: 0s
fileCheckFrequency: 0s
healthzBindAddress: 127.0.0.1
healthzPort: 10248
imageMaximumGCAge: 0s
logging: {flushFrequency: 0, verbosity: 0}
memorySwap: {}
nodeStatusReportFrequency: 0s
rotateCertificates: false
shutdownGracePeriod: 0s
staticPodPath: /etc/kubernetes/manifests
maxPods: 50
systemReserved: {cpu: 100m}
";
        let config = settings(text).expect("taken");
        assert_eq!((config.max_pods, config.cluster_dns.len()), (50, 1));
        assert_eq!(config.container_runtime_endpoint, "unix:///run/c.sock");
        assert_eq!(config.eviction_pressure_transition_period, Duration::from_secs(300));
        assert_eq!(config.node_status_report_frequency, Duration::from_secs(300));
        assert_eq!(config.pod_manifest_path.as_deref(), Some(Path::new("/etc/kubernetes/manifests")));
        assert_eq!(config.eviction_hard.len(), 1);
    }

    #[test]
    fn pods_are_kept_to_their_part_unless_told_otherwise() {
        let check = |text: &str, expect: bool| {
            assert_eq!(settings(text).expect("taken").enforce_node_allocatable, expect, "{text}");
        };
        check("", true);
        check("enforceNodeAllocatable: [pods]", true);
        check("enforceNodeAllocatable: []", false);
        check("enforceNodeAllocatable: [none]", false);
        check("enforceNodeAllocatable: [\"\"]", false);
        check("cgroupsPerQOS: false\nenforceNodeAllocatable: []", false);
    }

    #[test]
    fn what_is_not_there_is_refused_by_name() {
        let check =
            |text: &str, expect: &str| assert_eq!(settings(text).err().as_deref(), Some(expect), "{text}");
        check(
            "cpuManagerPolicy: static",
            "cpuManagerPolicy: \"static\" is not available yet; only \"none\" is",
        );
        check(
            "enableSystemLogHandler: false",
            "enableSystemLogHandler: false is not available yet; only true is",
        );
        check("rotateCertificates: true", "rotateCertificates: true is not available yet; only false is");
        check(
            "authorization: {mode: AlwaysAllow}",
            "authorization.mode: mode \"AlwaysAllow\" is not available; use \"Webhook\"",
        );
        check(
            "enforceNodeAllocatable: [pods, system-reserved]",
            "enforceNodeAllocatable: \"system-reserved\" is not available yet; only \"pods\" and \"none\" are",
        );
        check(
            "enforceNodeAllocatable: [none, pods]",
            "enforceNodeAllocatable: may not contain additional enforcements when \"none\" is specified",
        );
        check(
            "cgroupsPerQOS: false",
            "enforceNodeAllocatable: is not supported unless cgroupsPerQOS is set to true",
        );
        check("maxPod: 5", "strict decoding error: unknown field \"maxPod\"");
        check(
            "authentication: {x509: {clientCaFile: a}}",
            "strict decoding error: unknown field \"authentication.x509.clientCaFile\"",
        );
        check(
            "imageGCLowThresholdPercent: 90",
            "imageGCLowThresholdPercent: must be less than imageGCHighThresholdPercent",
        );
        assert!(settings("healthzPort: 0").expect("taken").healthz.is_none());
    }
}
