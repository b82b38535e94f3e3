//! The sandbox's settings, as the runtime gets them.

use std::collections::HashMap;

use k8s_cri::v1;
use k8s_openapi::api::core::v1::Pod;

use super::security::SecurityError;
use super::{dns, hosts, resources, security, spec};
use crate::cri::{POD_NAME, POD_NAMESPACE, POD_UID};
use crate::kubelet::Kubelet;

/// Labels by which a sandbox or container is found again.
pub(crate) fn pod_labels(pod: &Pod) -> HashMap<String, String> {
    HashMap::from([
        (POD_NAME.to_owned(), spec::name(pod).to_owned()),
        (POD_NAMESPACE.to_owned(), spec::namespace(pod).to_owned()),
        (POD_UID.to_owned(), spec::uid(pod).to_owned()),
    ])
}

/// The folder of a pod's logs.
pub(crate) fn log_dir(kubelet: &Kubelet, pod: &Pod) -> std::path::PathBuf {
    let name = format!("{}_{}_{}", spec::namespace(pod), spec::name(pod), spec::uid(pod));
    kubelet.config.pod_logs_dir.join(name)
}

fn protocol(text: Option<&str>) -> i32 {
    match text {
        Some("UDP") => v1::Protocol::Udp.into(),
        Some("SCTP") => v1::Protocol::Sctp.into(),
        _ => v1::Protocol::Tcp.into(),
    }
}

fn port_mappings(pod: &Pod) -> Vec<v1::PortMapping> {
    if spec::is_host_network(pod) {
        return Vec::new();
    }
    let containers = spec::all_containers(pod);
    let ports = containers.iter().flat_map(|(container, _)| container.ports.iter().flatten());
    let published = ports.filter_map(|port| port.host_port.filter(|host| *host > 0).map(|host| (port, host)));
    published
        .map(|(port, host_port)| v1::PortMapping {
            protocol: protocol(port.protocol.as_deref()),
            container_port: port.container_port,
            host_port,
            host_ip: port.host_ip.clone().unwrap_or_default(),
        })
        .collect()
}

/// The resources of the pod as a whole, for runtimes that size a sandbox by them.
fn pod_resources(kubelet: &Kubelet, pod: &Pod) -> v1::LinuxContainerResources {
    let period = kubelet.config.cpu_cfs_quota_period;
    let mut out = v1::LinuxContainerResources {
        cpu_shares: resources::cpu_shares(resources::pod_request(pod, "cpu")),
        memory_limit_in_bytes: resources::pod_limit(pod, "memory").unwrap_or(0),
        ..Default::default()
    };
    if let Some(milli) = resources::pod_limit(pod, "cpu").filter(|_| kubelet.config.cpu_cfs_quota) {
        out.cpu_period = i64::try_from(period.as_micros()).unwrap_or(100_000);
        out.cpu_quota = resources::cpu_quota(milli, period);
    }
    out
}

/// Makes the settings of the `attempt`th sandbox of a pod.
pub(crate) fn config(
    kubelet: &Kubelet,
    pod: &Pod,
    attempt: u32,
) -> Result<v1::PodSandboxConfig, SecurityError> {
    let config = &kubelet.config;
    let mut labels: HashMap<String, String> =
        pod.metadata.labels.clone().unwrap_or_default().into_iter().collect();
    labels.extend(pod_labels(pod));
    let context = security::sandbox(pod, config.seccomp_default, &config.root_dir)?;
    let sysctls =
        spec::spec(pod).security_context.iter().flat_map(|context| context.sysctls.iter().flatten());
    let linux = v1::LinuxPodSandboxConfig {
        cgroup_parent: kubelet.cgroups.pod_parent(resources::qos_class(pod), spec::uid(pod)),
        security_context: Some(context),
        sysctls: sysctls.map(|sysctl| (sysctl.name.replace('/', "."), sysctl.value.clone())).collect(),
        overhead: None,
        resources: Some(pod_resources(kubelet, pod)),
    };
    let hostname = if spec::is_host_network(pod) {
        String::new()
    } else {
        hosts::host_names(pod, &config.cluster_domain).0
    };
    Ok(v1::PodSandboxConfig {
        metadata: Some(v1::PodSandboxMetadata {
            name: spec::name(pod).to_owned(),
            uid: spec::uid(pod).to_owned(),
            namespace: spec::namespace(pod).to_owned(),
            attempt,
        }),
        hostname,
        log_directory: log_dir(kubelet, pod).display().to_string(),
        dns_config: Some(dns::pod_dns(pod, &kubelet.resolvers())),
        port_mappings: port_mappings(pod),
        labels,
        annotations: pod.metadata.annotations.clone().unwrap_or_default().into_iter().collect(),
        linux: Some(linux),
        windows: None,
    })
}
