//! The kubelet alone, with the flags of Kubernetes' kubelet.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{ArgAction, Args};
use k8s_openapi::api::core::v1::Taint;
use mizzen_clock::Env;
use mizzen_component::GoDuration;
use mizzen_kubelet::{Config, KubeletConfiguration};

use super::components::{Connection, host_name};
use super::serving::feature_gates;
use crate::control::run_until_signal;
use crate::logging::{self, Verbosity};

/// Arguments of `mizzen kubelet`. Flags win over the configuration file.
#[derive(Args, Debug)]
pub(crate) struct KubeletArgs {
    /// A file of kind KubeletConfiguration (kubelet.config.k8s.io/v1beta1)
    #[arg(long)]
    config: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    node: NodeFlags,
    #[command(flatten)]
    file: FileFlags,
    /// Features to switch
    #[arg(long, value_parser = feature_gates, default_value = "")]
    feature_gates: BTreeMap<String, bool>,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// What only flags say: it differs from node to node.
#[derive(Args, Debug)]
struct NodeFlags {
    /// This node's name [default: the host name]
    #[arg(long)]
    hostname_override: Option<String>,
    /// The node's addresses
    #[arg(long, value_delimiter = ',')]
    node_ip: Vec<IpAddr>,
    /// Labels of the Node when it registers
    #[arg(long, value_delimiter = ',', value_parser = pair)]
    node_labels: Vec<(String, String)>,
    /// Where pods' volumes are kept
    #[arg(long, default_value = "/var/lib/kubelet")]
    root_dir: PathBuf,
    /// Processors that the node reports [default: the machine's]
    #[arg(long)]
    node_cpus: Option<u32>,
    /// Bytes of memory that the node reports [default: the machine's]
    #[arg(long)]
    node_memory: Option<u64>,
}

/// What the configuration file says too.
#[derive(Args, Debug)]
struct FileFlags {
    /// The runtime's socket [default: unix:///run/containerd/containerd.sock]
    #[arg(long)]
    container_runtime_endpoint: Option<String>,
    /// Where images are, when not at the runtime's socket
    #[arg(long)]
    image_service_endpoint: Option<String>,
    /// Files of pods that run without the API server
    #[arg(long)]
    pod_manifest_path: Option<String>,
    /// The cluster's DNS addresses
    #[arg(long, value_delimiter = ',')]
    cluster_dns: Option<Vec<IpAddr>>,
    /// The cluster's domain [default: cluster.local]
    #[arg(long)]
    cluster_domain: Option<String>,
    /// The node's resolver file; empty: none
    #[arg(long)]
    resolv_conf: Option<String>,
    /// The control group above all pods'
    #[arg(long)]
    cgroup_root: Option<String>,
    /// Whether classes and pods have control groups
    #[arg(long, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    cgroups_per_qos: Option<bool>,
    /// How control groups are made: cgroupfs
    #[arg(long, value_parser = ["cgroupfs"])]
    cgroup_driver: Option<String>,
    /// The address of the node's API [default: 0.0.0.0]
    #[arg(long)]
    address: Option<IpAddr>,
    /// The port of the node's API [default: 10250]
    #[arg(long)]
    port: Option<u16>,
    /// The address of the health check [default: 127.0.0.1]
    #[arg(long)]
    healthz_bind_address: Option<IpAddr>,
    /// The port of the health check; 0: none [default: 10248]
    #[arg(long)]
    healthz_port: Option<u16>,
    /// Whose client certificates are believed
    #[arg(long)]
    client_ca_file: Option<String>,
    /// Whether who shows no credentials is system:anonymous
    #[arg(long, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    anonymous_auth: Option<bool>,
    /// Whether the API server is asked about bearer tokens
    #[arg(long, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    authentication_token_webhook: Option<bool>,
    /// Who says what callers may: Webhook
    #[arg(long)]
    authorization_mode: Option<String>,
    /// Certificate of the node's API [default: a self-signed one]
    #[arg(long, requires = "tls_private_key_file")]
    tls_cert_file: Option<String>,
    /// Its private key
    #[arg(long, requires = "tls_cert_file")]
    tls_private_key_file: Option<String>,
    /// Whether the node makes its Node object
    #[arg(long, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    register_node: Option<bool>,
    /// Taints of the Node when it registers: KEY=VALUE:EFFECT
    #[arg(long, value_delimiter = ',', value_parser = taint)]
    register_with_taints: Option<Vec<Taint>>,
    /// The node's name at its cloud
    #[arg(long)]
    provider_id: Option<String>,
    #[command(flatten)]
    limits: LimitFlags,
}

/// How much pods may use, and when they must go.
#[derive(Args, Debug)]
struct LimitFlags {
    /// Pods on this node [default: 110]
    #[arg(long)]
    max_pods: Option<u32>,
    /// Processes of a pod
    #[arg(long, allow_hyphen_values = true)]
    pod_max_pids: Option<i64>,
    /// Resources kept for the system: cpu=200m,memory=500Mi
    #[arg(long, value_delimiter = ',', value_parser = pair)]
    system_reserved: Option<Vec<(String, String)>>,
    /// Resources kept for Kubernetes
    #[arg(long, value_delimiter = ',', value_parser = pair)]
    kube_reserved: Option<Vec<(String, String)>>,
    /// What is kept to its part: pods, none
    #[arg(long, value_delimiter = ',')]
    enforce_node_allocatable: Option<Vec<String>>,
    /// When pods are evicted at once: memory.available<100Mi
    #[arg(long, value_delimiter = ',', value_parser = threshold)]
    eviction_hard: Option<Vec<(String, String)>>,
    /// When pods are evicted after a grace period
    #[arg(long, value_delimiter = ',', value_parser = threshold)]
    eviction_soft: Option<Vec<(String, String)>>,
    /// Those grace periods: memory.available=90s
    #[arg(long, value_delimiter = ',', value_parser = pair)]
    eviction_soft_grace_period: Option<Vec<(String, String)>>,
    /// Longest time that such a pod has to stop, in seconds
    #[arg(long)]
    eviction_max_pod_grace_period: Option<i64>,
    /// How long a node stays under pressure after the last sign of it
    #[arg(long)]
    eviction_pressure_transition_period: Option<GoDuration>,
    /// Use of the disk, in percent, from which images are removed
    #[arg(long)]
    image_gc_high_threshold: Option<u8>,
    /// Use of the disk, in percent, down to which images are removed
    #[arg(long)]
    image_gc_low_threshold: Option<u8>,
    /// How long an image is kept at least
    #[arg(long)]
    minimum_image_ttl_duration: Option<GoDuration>,
    /// One pull at a time
    #[arg(long, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    serialize_image_pulls: Option<bool>,
    /// Size from which a container's log is rotated
    #[arg(long)]
    container_log_max_size: Option<String>,
    /// Log files of a container
    #[arg(long)]
    container_log_max_files: Option<usize>,
}

fn split(text: &str, by: char) -> Result<(String, String)> {
    let (name, value) =
        text.split_once(by).with_context(|| format!("{text:?} is not of the form NAME{by}VALUE"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn pair(text: &str) -> Result<(String, String)> {
    split(text, '=')
}

fn threshold(text: &str) -> Result<(String, String)> {
    split(text, '<')
}

/// `KEY=VALUE:EFFECT`, `KEY:EFFECT`.
fn taint(text: &str) -> Result<Taint> {
    let (rest, effect) = text.rsplit_once(':').with_context(|| format!("invalid taint spec: {text}"))?;
    if !matches!(effect, "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
        bail!("invalid taint effect: {effect}, unsupported taint effect");
    }
    let (key, value) = match rest.split_once('=') {
        Some((key, value)) => (key, Some(value.to_owned())),
        None => (rest, None),
    };
    Ok(Taint { key: key.to_owned(), value, effect: effect.to_owned(), time_added: None })
}

/// Puts what a flag says in the place of what the file does.
fn over<T>(slot: &mut Option<T>, flag: Option<T>) {
    if flag.is_some() {
        *slot = flag;
    }
}

fn map(pairs: Option<Vec<(String, String)>>) -> Option<BTreeMap<String, String>> {
    pairs.map(|pairs| pairs.into_iter().collect())
}

impl FileFlags {
    fn apply(self, file: &mut KubeletConfiguration) -> Result<()> {
        over(&mut file.container_runtime_endpoint, self.container_runtime_endpoint);
        over(&mut file.image_service_endpoint, self.image_service_endpoint);
        over(&mut file.static_pod_path, self.pod_manifest_path);
        over(&mut file.cluster_dns, self.cluster_dns);
        over(&mut file.cluster_domain, self.cluster_domain);
        over(&mut file.resolv_conf, self.resolv_conf);
        over(&mut file.cgroup_root, self.cgroup_root);
        over(&mut file.cgroups_per_qos, self.cgroups_per_qos);
        over(&mut file.address, self.address);
        over(&mut file.port, self.port);
        over(&mut file.healthz_bind_address, self.healthz_bind_address);
        over(&mut file.healthz_port, self.healthz_port);
        over(&mut file.authentication.x509.client_ca_file, self.client_ca_file);
        over(&mut file.authentication.anonymous.enabled, self.anonymous_auth);
        over(&mut file.authentication.webhook.enabled, self.authentication_token_webhook);
        over(&mut file.authorization.mode, self.authorization_mode);
        over(&mut file.tls_cert_file, self.tls_cert_file);
        over(&mut file.tls_private_key_file, self.tls_private_key_file);
        over(&mut file.register_node, self.register_node);
        over(&mut file.register_with_taints, self.register_with_taints);
        over(&mut file.provider_id, self.provider_id);
        self.limits.apply(file)
    }
}

impl LimitFlags {
    fn apply(self, file: &mut KubeletConfiguration) -> Result<()> {
        over(&mut file.max_pods, self.max_pods);
        over(&mut file.pod_pids_limit, self.pod_max_pids);
        over(&mut file.system_reserved, map(self.system_reserved));
        over(&mut file.kube_reserved, map(self.kube_reserved));
        over(&mut file.enforce_node_allocatable, self.enforce_node_allocatable);
        over(&mut file.eviction_hard, map(self.eviction_hard));
        over(&mut file.eviction_soft, map(self.eviction_soft));
        if let Some(pairs) = self.eviction_soft_grace_period {
            let parse =
                |(name, text): (String, String)| -> Result<_> { Ok((name, text.parse::<GoDuration>()?)) };
            let all = pairs.into_iter().map(parse).collect::<Result<_>>();
            file.eviction_soft_grace_period = Some(all.context("--eviction-soft-grace-period")?);
        }
        over(&mut file.eviction_max_pod_grace_period, self.eviction_max_pod_grace_period);
        over(&mut file.eviction_pressure_transition_period, self.eviction_pressure_transition_period);
        over(&mut file.image_gc_high_threshold_percent, self.image_gc_high_threshold);
        over(&mut file.image_gc_low_threshold_percent, self.image_gc_low_threshold);
        over(&mut file.image_minimum_gc_age, self.minimum_image_ttl_duration);
        over(&mut file.serialize_image_pulls, self.serialize_image_pulls);
        over(&mut file.container_log_max_size, self.container_log_max_size);
        over(&mut file.container_log_max_files, self.container_log_max_files);
        Ok(())
    }
}

/// What file and flags say together.
fn config(file: Option<&PathBuf>, node: NodeFlags, flags: FileFlags) -> Result<Config> {
    let mut settings = match file {
        Some(path) => {
            KubeletConfiguration::read(path).with_context(|| format!("configuration {}", path.display()))?
        }
        None => KubeletConfiguration::default(),
    };
    flags.apply(&mut settings)?;
    let name = node.hostname_override.unwrap_or_else(host_name);
    let mut config = settings.settings(&name, "unix:///run/containerd/containerd.sock")?;
    config.node_ips = node.node_ip;
    config.node_labels = node.node_labels.into_iter().collect();
    config.root_dir = node.root_dir;
    config.node_cpus = node.node_cpus;
    config.node_memory = node.node_memory;
    Ok(config)
}

/// Runs `mizzen kubelet`.
pub(crate) fn run(args: KubeletArgs) -> Result<()> {
    logging::start_at(&args.verbosity);
    let config = config(args.config.as_ref(), args.node, args.file)?;
    run_until_signal(2, async |cancel| {
        let client = args.connection.client(None).await?;
        Ok(mizzen_kubelet::run(config, client, Env::system(), cancel).await?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taints_are_read() {
        let check = |text: &str, expect: Option<(&str, Option<&str>, &str)>| {
            let got = taint(text).ok();
            let got =
                got.as_ref().map(|taint| (taint.key.as_str(), taint.value.as_deref(), taint.effect.as_str()));
            assert_eq!(got, expect, "{text}");
        };
        check("a=b:NoSchedule", Some(("a", Some("b"), "NoSchedule")));
        check("a:NoExecute", Some(("a", None, "NoExecute")));
        check("a=b", None);
        check("a=b:Never", None);
    }

    #[test]
    fn thresholds_are_read() {
        let expect = ("memory.available".to_owned(), "100Mi".to_owned());
        assert_eq!(threshold("memory.available<100Mi").expect("a threshold"), expect);
        threshold("memory.available=100Mi").expect_err("not a threshold");
    }
}
