//! The kubelet alone.

use std::net::IpAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use mizzen_client::Client;
use mizzen_clock::Env;

use super::components::host_name;
use crate::control::run_until_signal;
use crate::logging;

/// Arguments of `mizzen kubelet`: those of the kubelet's flags that it has.
#[derive(Args, Debug)]
pub(crate) struct KubeletArgs {
    /// Kubeconfig with the API server's address and the node's credentials
    #[arg(long)]
    kubeconfig: PathBuf,
    /// This node's name [default: the host name]
    #[arg(long)]
    hostname_override: Option<String>,
    /// The node's addresses
    #[arg(long, value_delimiter = ',')]
    node_ip: Vec<IpAddr>,
    /// The runtime's socket
    #[arg(long, default_value = "unix:///run/containerd/containerd.sock")]
    container_runtime_endpoint: String,
    /// Where pods' volumes are kept
    #[arg(long, default_value = "/var/lib/kubelet")]
    root_dir: PathBuf,
    /// Files of pods that run without the API server
    #[arg(long)]
    pod_manifest_path: Option<PathBuf>,
    /// The cluster's DNS addresses
    #[arg(long, value_delimiter = ',')]
    cluster_dns: Vec<IpAddr>,
    /// The cluster's domain
    #[arg(long, default_value = "cluster.local")]
    cluster_domain: String,
    /// The control group above all pods'
    #[arg(long, default_value = "")]
    cgroup_root: String,
    /// The address of the node's API
    #[arg(long, default_value = "0.0.0.0")]
    address: IpAddr,
    /// The port of the node's API
    #[arg(long, default_value_t = 10250)]
    port: u16,
    /// Whose client certificates are believed
    #[arg(long)]
    client_ca_file: Option<PathBuf>,
    /// Certificate of the node's API [default: a self-signed one]
    #[arg(long, requires = "tls_private_key_file")]
    tls_cert_file: Option<PathBuf>,
    /// Its private key
    #[arg(long, requires = "tls_cert_file")]
    tls_private_key_file: Option<PathBuf>,
    /// Pods on this node
    #[arg(long, default_value_t = 110)]
    max_pods: u32,
    /// Processors that the node reports [default: the machine's]
    #[arg(long)]
    node_cpus: Option<u32>,
    /// Bytes of memory that the node reports [default: the machine's]
    #[arg(long)]
    node_memory: Option<u64>,
}

fn read(path: &PathBuf) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}

/// Runs `mizzen kubelet`.
pub(crate) fn run(args: KubeletArgs) -> Result<()> {
    logging::start();
    run_until_signal(2, async |cancel| {
        let serving_cert = match (&args.tls_cert_file, &args.tls_private_key_file) {
            (Some(cert), Some(key)) => {
                Some(mizzen_kubelet::ServingCert { cert_pem: read(cert)?, key_pem: read(key)? })
            }
            _ => None,
        };
        let name = args.hostname_override.unwrap_or_else(host_name);
        let config = mizzen_kubelet::Config {
            node_ips: args.node_ip,
            root_dir: args.root_dir,
            pod_manifest_path: args.pod_manifest_path,
            cluster_dns: args.cluster_dns,
            cluster_domain: args.cluster_domain,
            cgroup_root: args.cgroup_root,
            address: args.address,
            port: args.port,
            client_ca_pem: args.client_ca_file.as_ref().map(read).transpose()?,
            serving_cert,
            max_pods: args.max_pods,
            node_cpus: args.node_cpus,
            node_memory: args.node_memory,
            ..mizzen_kubelet::Config::new(name, args.container_runtime_endpoint)
        };
        let client = Client::from_kubeconfig(&args.kubeconfig).await?;
        Ok(mizzen_kubelet::run(config, client, Env::system(), cancel).await?)
    })
}
