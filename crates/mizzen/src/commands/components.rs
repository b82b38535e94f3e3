//! Scheduler, controllers, proxy and DNS, each alone: they find the API server through a kubeconfig, and take the flags
//! that their Kubernetes counterparts name.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use mizzen_client::Client;
use mizzen_clock::Env;
use mizzen_controllers::Clients;

use crate::commands::up::duration;
use crate::control::run_until_signal;
use crate::logging;

/// Threads of a component that runs alone.
const THREADS: usize = 2;

/// What every component takes.
#[derive(Args, Debug)]
pub(crate) struct Connection {
    /// Kubeconfig with the API server's address and the component's own credentials
    #[arg(long)]
    kubeconfig: PathBuf,
}

impl Connection {
    async fn client(&self) -> Result<Client> {
        Ok(Client::from_kubeconfig(&self.kubeconfig).await?)
    }
}

/// Arguments of `mizzen scheduler`.
#[derive(Args, Debug)]
pub(crate) struct SchedulerArgs {
    #[command(flatten)]
    connection: Connection,
    /// Pods that name this scheduler are ours
    #[arg(long, default_value = "default-scheduler")]
    scheduler_name: String,
    /// How many percent of the nodes are scored; 0 adapts to the cluster's size
    #[arg(long, default_value_t = 0)]
    percentage_of_nodes_to_score: u32,
}

/// Runs `mizzen scheduler`.
pub(crate) fn scheduler(args: SchedulerArgs) -> Result<()> {
    logging::start();
    run_until_signal(THREADS, async |cancel| {
        let config = mizzen_scheduler::Config {
            scheduler_name: args.scheduler_name,
            percentage_of_nodes_to_score: args.percentage_of_nodes_to_score,
            ..mizzen_scheduler::Config::default()
        };
        let client = args.connection.client().await?;
        Ok(mizzen_scheduler::run(config, client, Env::system(), cancel).await?)
    })
}

/// Arguments of `mizzen controller-manager`.
#[derive(Args, Debug)]
pub(crate) struct ControllerManagerArgs {
    #[command(flatten)]
    connection: Connection,
    /// Controllers to run: '*' for all that are on by default, 'NAME' for one, '-NAME' for none of it
    #[arg(long, value_delimiter = ',', default_value = "*", allow_hyphen_values = true)]
    controllers: Vec<String>,
    /// Pods' addresses, of which each node gets a part
    #[arg(long)]
    cluster_cidr: Option<ipnet::Ipv4Net>,
    /// Whether nodes get parts of --cluster-cidr
    #[arg(long, num_args = 0..=1, default_missing_value = "true", default_value_t = false, action = clap::ArgAction::Set)]
    allocate_node_cidrs: bool,
    /// Size of a node's part of --cluster-cidr
    #[arg(long, default_value_t = 24)]
    node_cidr_mask_size: u8,
    /// The certificate authority that pods know the API server by
    #[arg(long)]
    root_ca_file: Option<PathBuf>,
    /// How long a node may be silent before it counts as gone
    #[arg(long, default_value = "50s", value_parser = duration)]
    node_monitor_grace_period: Duration,
    /// How often silent nodes are looked for
    #[arg(long, default_value = "5s", value_parser = duration)]
    node_monitor_period: Duration,
    /// Ended pods above this number are deleted; 0: never
    #[arg(long, default_value_t = 12_500)]
    terminated_pod_gc_threshold: usize,
}

/// Runs `mizzen controller-manager`.
pub(crate) fn controller_manager(args: ControllerManagerArgs) -> Result<()> {
    logging::start();
    run_until_signal(THREADS, async |cancel| {
        let root_ca = match &args.root_ca_file {
            Some(path) => {
                std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?
            }
            None => String::new(),
        };
        let config = mizzen_controllers::Config {
            controllers: args.controllers,
            cluster_cidr: args.cluster_cidr.filter(|_| args.allocate_node_cidrs),
            node_cidr_mask_size: args.node_cidr_mask_size,
            root_ca,
            node_monitor_grace_period: args.node_monitor_grace_period,
            node_monitor_period: args.node_monitor_period,
            terminated_pod_gc_threshold: args.terminated_pod_gc_threshold,
        };
        let client = args.connection.client().await?;
        // All controllers act as the one user of the kubeconfig.
        let clients: Clients = Arc::new(move |_: &str| client.clone());
        Ok(mizzen_controllers::run(config, clients, Env::system(), cancel).await?)
    })
}

/// Arguments of `mizzen proxy`.
#[derive(Args, Debug)]
pub(crate) struct ProxyArgs {
    #[command(flatten)]
    connection: Connection,
    /// This node's name [default: the host name]
    #[arg(long)]
    hostname_override: Option<String>,
    /// Where pods' addresses are
    #[arg(long)]
    cluster_cidr: Option<ipnet::Ipv4Net>,
    /// Masquerade everything that goes to a Service
    #[arg(long)]
    masquerade_all: bool,
    /// Addresses of the node on which node ports answer
    #[arg(long, value_delimiter = ',')]
    nodeport_addresses: Vec<ipnet::Ipv4Net>,
}

/// The host's name.
pub(crate) fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().to_lowercase()
}

/// Runs `mizzen proxy`.
pub(crate) fn proxy(args: ProxyArgs) -> Result<()> {
    logging::start();
    run_until_signal(THREADS, async |cancel| {
        let config = mizzen_proxy::Config {
            node_name: args.hostname_override.unwrap_or_else(host_name),
            cluster_cidrs: args.cluster_cidr.into_iter().collect(),
            masquerade_all: args.masquerade_all,
            node_port_addresses: args.nodeport_addresses,
            ..mizzen_proxy::Config::default()
        };
        let client = args.connection.client().await?;
        Ok(mizzen_proxy::run(config, client, Env::system(), cancel).await?)
    })
}

/// Arguments of `mizzen dns`.
#[derive(Args, Debug)]
pub(crate) struct DnsArgs {
    #[command(flatten)]
    connection: Connection,
    /// Where to listen, UDP and TCP
    #[arg(long)]
    address: SocketAddr,
    /// The cluster's domain
    #[arg(long, default_value = "cluster.local")]
    cluster_domain: String,
    /// The address of Service kube-dns
    #[arg(long, default_value = "10.96.0.10")]
    cluster_dns: IpAddr,
    /// Who is asked for names outside the domain; may be given several times
    #[arg(long)]
    upstream: Vec<SocketAddr>,
    /// Make this server an endpoint of Service kube-dns, on this node
    #[arg(long, default_value = "")]
    node: String,
}

/// Runs `mizzen dns`.
pub(crate) fn dns(args: DnsArgs) -> Result<()> {
    logging::start();
    run_until_signal(THREADS, async |cancel| {
        let config = mizzen_dns::Config {
            address: args.address,
            domain: args.cluster_domain,
            service_address: args.cluster_dns,
            upstreams: args.upstream,
            node: args.node,
        };
        let client = args.connection.client().await?;
        Ok(mizzen_dns::run(config, client, Env::system(), cancel).await?)
    })
}
