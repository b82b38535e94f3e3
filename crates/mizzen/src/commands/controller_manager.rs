//! The controllers alone, with kube-controller-manager's flags.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, ensure};
use clap::{ArgAction, Args};
use mizzen_client::{Client, Queues};
use mizzen_clock::Env;
use mizzen_component::GoDuration;
use mizzen_controllers::{Clients, Config, SHARED_INFORMERS, Signer, Workers};
use mizzen_pki::TokenKey;

use super::components::{Connection, THREADS, read};
use super::serving::{Alone, LeaderElection, SecureServing, feature_gates, port};
use crate::control::run_until_signal;
use crate::logging::{self, Verbosity};

/// Arguments of `mizzen controller-manager`.
#[derive(Args, Debug)]
pub(crate) struct ControllerManagerArgs {
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    serving: SecureServing,
    /// The port of health and metrics; 0: none
    #[arg(long, default_value = "10257", value_parser = port)]
    secure_port: u16,
    #[command(flatten)]
    election: LeaderElection,
    /// Controllers to run: '*' for all that are on by default, 'NAME' for one, '-NAME' for none of it
    #[arg(long, value_delimiter = ',', default_value = "*", allow_hyphen_values = true)]
    controllers: Vec<String>,
    /// Each controller acts as a service account of its own
    #[arg(long, num_args = 0..=1, default_missing_value = "true", default_value_t = false, action = ArgAction::Set)]
    use_service_account_credentials: bool,
    /// The key that signs tokens of service accounts that are kept in Secrets
    #[arg(long)]
    service_account_private_key_file: Option<PathBuf>,
    /// The certificate authority that pods know the API server by
    #[arg(long)]
    root_ca_file: Option<PathBuf>,
    /// The certificate of the authority that signs for the cluster
    #[arg(long, requires = "cluster_signing_key_file")]
    cluster_signing_cert_file: Option<PathBuf>,
    /// Its key
    #[arg(long, requires = "cluster_signing_cert_file")]
    cluster_signing_key_file: Option<PathBuf>,
    /// How long certificates that it signs are good at most
    #[arg(long, default_value = "8760h0m0s")]
    cluster_signing_duration: GoDuration,
    /// The cluster's name; there is no cloud provider that asks for it
    #[arg(long, default_value = "kubernetes")]
    cluster_name: String,
    #[command(flatten)]
    nodes: NodeArgs,
    #[command(flatten)]
    workers: WorkerArgs,
    /// Ended pods above this number are deleted; 0: never
    #[arg(long, default_value_t = 12_500)]
    terminated_pod_gc_threshold: usize,
    /// Requests a second; the API server's own limits hold, this one is taken for compatibility
    #[arg(long, default_value_t = 20.0)]
    kube_api_qps: f32,
    /// Requests at once; as --kube-api-qps
    #[arg(long, default_value_t = 30)]
    kube_api_burst: i32,
    /// Time between resyncs; there are none, since watches miss nothing
    #[arg(long, default_value = "12h0m0s")]
    min_resync_period: GoDuration,
    /// Features to switch
    #[arg(long, value_parser = feature_gates, default_value = "")]
    feature_gates: BTreeMap<String, bool>,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// What nodes get and how they are watched over.
#[derive(Args, Debug)]
struct NodeArgs {
    /// Pods' addresses, of which each node gets a part
    #[arg(long)]
    cluster_cidr: Option<ipnet::Ipv4Net>,
    /// Whether nodes get parts of --cluster-cidr
    #[arg(long, num_args = 0..=1, default_missing_value = "true", default_value_t = false, action = ArgAction::Set)]
    allocate_node_cidrs: bool,
    /// Size of a node's part of --cluster-cidr
    #[arg(long, alias = "node-cidr-mask-size-ipv4", default_value_t = 24)]
    node_cidr_mask_size: u8,
    /// How long a node may be silent before it counts as gone
    #[arg(long, default_value = "50s")]
    node_monitor_grace_period: GoDuration,
    /// How often silent nodes are looked for
    #[arg(long, default_value = "5s")]
    node_monitor_period: GoDuration,
}

/// How many objects of a kind are reconciled at once.
#[derive(Args, Debug)]
struct WorkerArgs {
    /// Deployments reconciled at once
    #[arg(long, default_value_t = 5)]
    concurrent_deployment_syncs: usize,
    /// ReplicaSets reconciled at once
    #[arg(long, default_value_t = 5)]
    concurrent_replicaset_syncs: usize,
    /// Endpoints reconciled at once
    #[arg(long, default_value_t = 5)]
    concurrent_endpoint_syncs: usize,
    /// Services whose EndpointSlices are reconciled at once
    #[arg(long, default_value_t = 5)]
    concurrent_service_endpoint_syncs: usize,
    /// Endpoints mirrored at once
    #[arg(long, default_value_t = 5)]
    mirroring_concurrent_service_endpoint_syncs: usize,
    /// Namespaces emptied at once
    #[arg(long, default_value_t = 10)]
    concurrent_namespace_syncs: usize,
    /// Objects collected at once
    #[arg(long, default_value_t = 20)]
    concurrent_gc_syncs: usize,
    /// Secrets with tokens reconciled at once
    #[arg(long, default_value_t = 5)]
    concurrent_serviceaccount_token_syncs: usize,
}

impl WorkerArgs {
    fn workers(&self) -> Result<Workers> {
        let workers = Workers {
            deployments: self.concurrent_deployment_syncs,
            replica_sets: self.concurrent_replicaset_syncs,
            endpoints: self.concurrent_endpoint_syncs,
            endpoint_slices: self.concurrent_service_endpoint_syncs,
            mirrored_endpoints: self.mirroring_concurrent_service_endpoint_syncs,
            namespaces: self.concurrent_namespace_syncs,
            garbage: self.concurrent_gc_syncs,
            account_tokens: self.concurrent_serviceaccount_token_syncs,
        };
        let all = [
            workers.deployments,
            workers.replica_sets,
            workers.endpoints,
            workers.endpoint_slices,
            workers.mirrored_endpoints,
            workers.namespaces,
            workers.garbage,
            workers.account_tokens,
        ];
        ensure!(all.iter().all(|count| (1..=1000).contains(count)), "--concurrent-…-syncs must be 1 to 1000");
        Ok(workers)
    }
}

fn config(args: &ControllerManagerArgs) -> Result<Config> {
    let text = |path: &Option<PathBuf>| path.as_deref().map(read).transpose();
    let signer = match (text(&args.cluster_signing_cert_file)?, text(&args.cluster_signing_key_file)?) {
        (Some(cert_pem), Some(key_pem)) => Some(Signer { cert_pem, key_pem }),
        _ => None,
    };
    let token_key =
        text(&args.service_account_private_key_file)?.map(|pem| TokenKey::load(&pem)).transpose()?;
    Ok(Config {
        controllers: args.controllers.clone(),
        workers: args.workers.workers()?,
        signer,
        signing_duration: args.cluster_signing_duration.0,
        token_key,
        cluster_cidr: args.nodes.cluster_cidr.filter(|_| args.nodes.allocate_node_cidrs),
        node_cidr_mask_size: args.nodes.node_cidr_mask_size,
        root_ca: text(&args.root_ca_file)?.unwrap_or_default(),
        node_monitor_grace_period: args.nodes.node_monitor_grace_period.0,
        node_monitor_period: args.nodes.node_monitor_period.0,
        terminated_pod_gc_threshold: args.terminated_pod_gc_threshold,
    })
}

/// Each controller's client: the kubeconfig's own user, or service accounts in kube-system.
async fn clients(own: &Client, kubeconfig: &Path, accounts: bool, env: &Env) -> Result<Clients> {
    let own = own.clone();
    if !accounts {
        return Ok(Arc::new(move |_: &str| own.clone()));
    }
    let bare = Client::from_kubeconfig_without_credentials(kubeconfig).await?;
    let env = env.clone();
    Ok(Arc::new(move |name: &str| match name {
        SHARED_INFORMERS => own.clone(),
        name => own.as_service_account(&bare, "kube-system", name, env.clone()),
    }))
}

/// Runs `mizzen controller-manager`.
pub(crate) fn run(args: ControllerManagerArgs) -> Result<()> {
    logging::start_at(&args.verbosity);
    let config = config(&args)?;
    run_until_signal(THREADS, async |cancel| {
        let env = Env::system();
        let kubeconfig = args.connection.path(None)?;
        let client = Client::from_kubeconfig(&kubeconfig).await?;
        let clients = clients(&client, &kubeconfig, args.use_service_account_credentials, &env).await?;
        let queues = Queues::default();
        let counted = queues.clone();
        let alone = Alone {
            name: "kube-controller-manager",
            serving: &args.serving,
            port: args.secure_port,
            election: args.election.election("kube-controller-manager", &Default::default()),
            metrics: Arc::new(move |text| counted.write(text)),
            configz: serde_json::Value::Null,
            client,
            env: env.clone(),
        };
        alone
            .run(cancel, |cancel| async {
                Ok(mizzen_controllers::run(config, clients, env, queues, cancel).await?)
            })
            .await
    })
}
