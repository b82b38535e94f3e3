//! The API server alone, with kube-apiserver's flags.
//!
//! [`flags`] are those that it has, [`unsupported`] those that it refuses by name, [`gates`] the names of features;
//! [`store`] opens what keeps the objects, [`tls`] makes the listener's certificates, [`listen`] its socket.

mod flags;
mod gate_names;
mod gates;
mod listen;
mod store;
mod tls;
mod unsupported;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use async_trait::async_trait;
use clap::Args;
use mizzen_apiserver::admission::plugins::Selection;
use mizzen_apiserver::allocate::AllocatorConfig;
use mizzen_apiserver::authn::{AuthnConfig, ProxyHeadersConfig};
use mizzen_apiserver::enablement::RuntimeConfig;
use mizzen_apiserver::proxy::Dialer;
use mizzen_apiserver::standard::{Nodes, Standard, StandardConfig};
use mizzen_apiserver::tuning::Tuning;
use mizzen_apiserver::upkeep::HealthTimeouts;
use mizzen_clock::Env;
use mizzen_pki::TokenKey;
use tokio::net::TcpStream;
use tracing::warn;

use self::flags::{AccessFlags, ClusterFlags, ServingFlags, StoreFlags};
use self::store::{read, read_or_empty};
use self::unsupported::Unsupported;
use crate::control::apiserver::connections_max;
use crate::control::run_until_signal;
use crate::logging;

/// Arguments of `mizzen apiserver`.
#[derive(Args, Debug)]
#[command(mut_args = flags::switch)]
pub(crate) struct ApiserverArgs {
    #[command(flatten, next_help_heading = "Store")]
    store: StoreFlags,
    #[command(flatten, next_help_heading = "Serving")]
    serving: ServingFlags,
    #[command(flatten, next_help_heading = "Access")]
    access: AccessFlags,
    #[command(flatten, next_help_heading = "Cluster")]
    cluster: ClusterFlags,
    #[command(flatten)]
    _unsupported: Unsupported,
}

/// Dials nodes and pods from the network that this process is in.
struct HostDialer;

#[async_trait]
impl Dialer for HostDialer {
    async fn dial(&self, to: SocketAddr) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

impl AccessFlags {
    fn check(&self) -> Result<()> {
        ensure!(self.allow_privileged, "--allow-privileged=false is not supported yet");
        ensure!(self.service_account_lookup, "--service-account-lookup=false is not supported yet");
        if let Some(mode) =
            self.authorization_mode.iter().find(|mode| matches!(mode.as_str(), "ABAC" | "Webhook"))
        {
            bail!("--authorization-mode={mode} is not supported yet");
        }
        let longest = self.service_account_max_token_expiration;
        ensure!(
            longest.is_zero() || longest >= Duration::from_secs(3600),
            "the service-account-max-token-expiration must be between 1 hour and 2^32 seconds"
        );
        Ok(())
    }

    /// The signing key, and all by which tokens are verified.
    fn token_keys(&self) -> Result<(TokenKey, Vec<TokenKey>)> {
        let load = |path| TokenKey::load_all(&read(path)?).with_context(|| path.display().to_string());
        let path = &self.service_account_signing_key_file;
        let signing = TokenKey::load(&read(path)?).with_context(|| path.display().to_string())?;
        let mut keys = vec![signing.clone()];
        for path in &self.service_account_key_file {
            keys.extend(load(path)?.into_iter().filter(|key| key.id() != signing.id()));
        }
        Ok((signing, keys))
    }

    fn proxy_headers(&self) -> Result<Option<ProxyHeadersConfig>> {
        let Some(path) = &self.requestheader_client_ca_file else { return Ok(None) };
        Ok(Some(ProxyHeadersConfig {
            client_ca_pem: read(path)?,
            allowed_names: self.requestheader_allowed_names.clone(),
            username_headers: self.requestheader_username_headers.clone(),
            uid_headers: self.requestheader_uid_headers.clone(),
            group_headers: self.requestheader_group_headers.clone(),
            extra_headers_prefix: self.requestheader_extra_headers_prefix.clone(),
        }))
    }

    fn authn(&self, token_keys: Vec<TokenKey>) -> Result<AuthnConfig> {
        let all_allowed = self.authorization_mode.iter().any(|mode| mode == "AlwaysAllow");
        if all_allowed && self.anonymous_auth {
            warn!(
                "AnonymousAuth is not allowed with the AlwaysAllow authorizer. Resetting AnonymousAuth to false."
            );
        }
        Ok(AuthnConfig {
            client_ca_pem: read_or_empty(self.client_ca_file.as_ref())?,
            token_keys,
            issuers: self.service_account_issuer.clone(),
            api_audiences: self.api_audiences.clone(),
            static_tokens_csv: read_or_empty(self.token_auth_file.as_ref())?,
            bootstrap_tokens: self.enable_bootstrap_token_auth,
            proxy_headers: self.proxy_headers()?,
            anonymous: self.anonymous_auth && !all_allowed,
        })
    }
}

impl ApiserverArgs {
    fn check(&self) -> Result<()> {
        ensure!(
            self.serving.secure_port != 0,
            "--secure-port 0 must be between 1 and 65535, inclusive. It cannot be turned off with 0"
        );
        ensure!(
            matches!(self.cluster.endpoint_reconciler_type.as_str(), "lease" | "none"),
            "--endpoint-reconciler-type={} is not supported yet",
            self.cluster.endpoint_reconciler_type
        );
        ensure!(
            self.cluster.service_cluster_ip_range.len() <= 2,
            "--service-cluster-ip-range must not hold more than two values"
        );
        gates::check(&self.serving.feature_gates).context("--feature-gates")?;
        self.runtime_config()?;
        tls::check(&self.serving)?;
        self.store.check()?;
        self.access.check()
    }

    fn runtime_config(&self) -> Result<RuntimeConfig> {
        self.serving.runtime_config.join(",").parse().context("--runtime-config")
    }

    fn tuning(&self) -> Tuning {
        let (serving, access) = (&self.serving, &self.access);
        let streams = serving.http2_max_streams_per_connection;
        Tuning {
            max_requests_inflight: serving.max_requests_inflight,
            max_mutating_requests_inflight: serving.max_mutating_requests_inflight,
            request_timeout: serving.request_timeout,
            min_request_timeout: Duration::from_secs(serving.min_request_timeout),
            streams_max: if streams == 0 { Tuning::default().streams_max } else { streams },
            connections_max: connections_max(),
            shutdown_delay: serving.shutdown_delay_duration,
            event_ttl: self.store.event_ttl,
            lease_reuse: Duration::from_secs(self.store.lease_reuse_duration_seconds),
            compaction_interval: self.store.etcd_compaction_interval,
            storage: store::storage(&self.store),
            store_health: HealthTimeouts {
                live: self.store.etcd_healthcheck_timeout,
                ready: self.store.etcd_readycheck_timeout,
            },
            extend_token_expiration: access.service_account_extend_token_expiration,
            token_expiration_max_s: i64::try_from(access.service_account_max_token_expiration.as_secs())
                .unwrap_or(i64::MAX),
            jwks_uri: access.service_account_jwks_uri.clone(),
            reconciles_endpoints: self.cluster.endpoint_reconciler_type == "lease",
            kubernetes_service_node_port: self.cluster.kubernetes_service_node_port,
            external_hostname: serving.external_hostname.clone(),
            ..Tuning::default()
        }
    }

    fn config(&self, env: &Env) -> Result<StandardConfig> {
        let (signing, keys) = self.access.token_keys()?;
        let advertise =
            self.serving.advertise_address.or_else(|| listen::advertised(self.serving.bind_address));
        if advertise.is_none() {
            warn!(
                "There is no address at which others reach this server: Service kubernetes has no endpoint."
            );
        }
        let service: Option<IpAddr> = self.cluster.service_cluster_ip_range.first().map(first_address);
        let addresses: Vec<IpAddr> =
            advertise.into_iter().chain(service).chain([IpAddr::from([127, 0, 0, 1])]).collect();
        let mut names = vec!["kubernetes.default.svc", "kubernetes.default", "kubernetes", "localhost"];
        if !self.serving.external_hostname.is_empty() {
            names.insert(0, &self.serving.external_hostname);
        }
        let nodes = Nodes {
            address_types: self.cluster.kubelet_preferred_address_types.clone(),
            timeout: self.cluster.kubelet_timeout,
            ..Nodes::new(Arc::new(HostDialer), tls::kubelets(&self.cluster)?)
        };
        Ok(StandardConfig {
            tls: Some(tls::server(&self.serving, &names, &addresses, env.now())?),
            authn: self.access.authn(keys)?,
            authorization_modes: self.access.authorization_mode.clone(),
            admission: Selection {
                enable: self.access.enable_admission_plugins.clone(),
                disable: self.access.disable_admission_plugins.clone(),
            },
            runtime_config: self.runtime_config()?,
            feature_gates: self.serving.feature_gates.join(",").parse().context("--feature-gates")?,
            token_key: signing,
            issuer: self.access.service_account_issuer.first().cloned().unwrap_or_default(),
            services: AllocatorConfig {
                service_cidrs: self.cluster.service_cluster_ip_range.clone(),
                node_ports: self.cluster.service_node_port_range.clone(),
            },
            advertise_addresses: advertise.into_iter().collect(),
            secure_port: self.serving.secure_port,
            cluster_dns: None,
            nodes: Some(nodes),
            tuning: self.tuning(),
        })
    }
}

/// The address of Service kubernetes: the range's first.
fn first_address(range: &ipnet::IpNet) -> IpAddr {
    match range.network() {
        IpAddr::V4(network) => IpAddr::from((u32::from(network).saturating_add(1)).to_be_bytes()),
        IpAddr::V6(network) => IpAddr::from((u128::from(network).saturating_add(1)).to_be_bytes()),
    }
}

/// Runs `mizzen apiserver`.
pub(crate) fn run(args: ApiserverArgs) -> Result<()> {
    logging::start_in(&args.serving.verbosity, &args.serving.logging_format)?;
    args.check()?;
    run_until_signal(2, async |cancel| {
        let env = Env::system();
        let config = args.config(&env)?;
        let listener = listen::listen(&args.serving)?;
        let store = store::open(&args.store).await?;
        let standard = Standard::start(config, store.clone(), env)?;
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
