//! The API server alone, with the flags of kube-apiserver that it has.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use clap::Args;
use mizzen_apiserver::admission::plugins::Selection;
use mizzen_apiserver::allocate::AllocatorConfig;
use mizzen_apiserver::authn::AuthnConfig;
use mizzen_apiserver::enablement::RuntimeConfig;
use mizzen_apiserver::features::FeatureGates;
use mizzen_apiserver::standard::{Standard, StandardConfig};
use mizzen_clock::Env;
use mizzen_pki::TokenKey;
use mizzen_store::{EmbeddedStore, Store};
use tokio::net::TcpListener;

use crate::control::{run_until_signal, server_tls};
use crate::logging;

/// Arguments of `mizzen apiserver`.
#[derive(Args, Debug)]
pub(crate) struct ApiserverArgs {
    /// Where objects are kept
    #[arg(long)]
    data_dir: PathBuf,
    /// The address to listen on
    #[arg(long, default_value = "0.0.0.0")]
    bind_address: IpAddr,
    /// The port to listen on
    #[arg(long, default_value_t = 6443)]
    secure_port: u16,
    /// Where the cluster's members reach this server [default: --bind-address]
    #[arg(long)]
    advertise_address: Option<IpAddr>,
    /// Certificate of the listener
    #[arg(long)]
    tls_cert_file: PathBuf,
    /// Its private key
    #[arg(long)]
    tls_private_key_file: PathBuf,
    /// Whose client certificates are believed
    #[arg(long)]
    client_ca_file: Option<PathBuf>,
    /// Tokens, users and groups, a line each
    #[arg(long)]
    token_auth_file: Option<PathBuf>,
    /// Whether bootstrap tokens are believed
    #[arg(long)]
    enable_bootstrap_token_auth: bool,
    /// Whether who shows no credentials is system:anonymous
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    anonymous_auth: bool,
    /// Authorizers, in order
    #[arg(long, value_delimiter = ',', default_value = "Node,RBAC")]
    authorization_mode: Vec<String>,
    /// Admission plugins to switch on
    #[arg(long, value_delimiter = ',')]
    enable_admission_plugins: Vec<String>,
    /// Admission plugins to switch off
    #[arg(long, value_delimiter = ',')]
    disable_admission_plugins: Vec<String>,
    /// The key that signs service-account tokens
    #[arg(long)]
    service_account_signing_key_file: PathBuf,
    /// Who issues them
    #[arg(long, default_value = "https://kubernetes.default.svc.cluster.local")]
    service_account_issuer: String,
    /// The services' addresses
    #[arg(long, default_value = "10.96.0.0/16")]
    service_cluster_ip_range: ipnet::IpNet,
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}

fn read_or_empty(path: Option<&PathBuf>) -> Result<String> {
    path.map_or(Ok(String::new()), |path| read(path))
}

/// Runs `mizzen apiserver`.
pub(crate) fn run(args: ApiserverArgs) -> Result<()> {
    logging::start();
    ensure!(args.secure_port != 0, "--secure-port cannot be 0");
    run_until_signal(2, async |cancel| {
        let store = EmbeddedStore::open(&args.data_dir, mizzen_store::Config::default()).await;
        let store: Arc<dyn Store> =
            Arc::new(store.with_context(|| format!("open the store in {}", args.data_dir.display()))?);
        let token_key = TokenKey::load(&read(&args.service_account_signing_key_file)?)?;
        let config = StandardConfig {
            tls: Some(server_tls(&read(&args.tls_cert_file)?, &read(&args.tls_private_key_file)?)?),
            authn: AuthnConfig {
                client_ca_pem: read_or_empty(args.client_ca_file.as_ref())?,
                token_keys: vec![token_key.clone()],
                issuers: vec![args.service_account_issuer.clone()],
                api_audiences: Vec::new(),
                static_tokens_csv: read_or_empty(args.token_auth_file.as_ref())?,
                bootstrap_tokens: args.enable_bootstrap_token_auth,
                proxy_headers: None,
                anonymous: args.anonymous_auth,
            },
            authorization_modes: args.authorization_mode,
            admission: Selection {
                enable: args.enable_admission_plugins,
                disable: args.disable_admission_plugins,
            },
            runtime_config: RuntimeConfig::default(),
            feature_gates: FeatureGates::default(),
            token_key,
            issuer: args.service_account_issuer,
            services: AllocatorConfig {
                service_cidrs: vec![args.service_cluster_ip_range],
                node_ports: 30_000..=32_767,
            },
            advertise_addresses: vec![args.advertise_address.unwrap_or(args.bind_address)],
            secure_port: args.secure_port,
            cluster_dns: None,
            nodes: None,
        };
        let standard = Standard::start(config, store.clone(), Env::system())?;
        let address = (args.bind_address, args.secure_port);
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| format!("listen on {}:{}", address.0, address.1))?;
        let (served, kept) = tokio::join!(
            standard.server().serve(listener, cancel.clone()),
            standard.run(cancel.clone(), || {})
        );
        standard.server().stop().await;
        store.close().await.context("close the store")?;
        served?;
        Ok(kept?)
    })
}
