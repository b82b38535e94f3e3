//! The objects that every cluster has, made by the API server itself and kept while it runs.
//!
//! RBAC defaults, priority classes and flow-control objects are brought up to date at start; the system namespaces,
//! the `kubernetes` and `kube-dns` Services, the server's endpoints, the default ServiceCIDR and the authentication
//! ConfigMap are put back whenever a watch shows that they changed. Start at [`run`].

mod ensure;
mod flow_control;
pub(crate) mod policy;
mod rbac;
mod system;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use mizzen_client::{ApiResource, Client, Informers, ListParams, PartialObject};
use mizzen_clock::Env;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::authn::ProxyHeadersConfig;

const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(10);
/// How long changes are gathered before all is looked at again.
const GATHER: Duration = Duration::from_millis(50);

/// What the objects say.
#[derive(Debug, Clone)]
pub struct Config {
    /// `--service-cluster-ip-range`: one range a family, the first one's family leads.
    pub service_cidrs: Vec<IpNet>,
    /// `--advertise-address`: where the members of the cluster reach this API server.
    pub advertise_addresses: Vec<IpAddr>,
    /// `--secure-port` at those addresses.
    pub secure_port: u16,
    /// `--kubernetes-service-node-port`; 0 for none.
    pub kubernetes_service_node_port: u16,
    /// The address of Service `kube-dns`; `None`: no such Service is made.
    pub cluster_dns: Option<IpAddr>,
    /// `--client-ca-file`, its PEM; empty for none.
    pub client_ca_pem: String,
    /// `--requestheader-*`.
    pub proxy_headers: Option<ProxyHeadersConfig>,
}

/// Why the objects could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    /// The API server refused or could not be reached.
    #[error("bootstrap {what}")]
    Api {
        /// Which object.
        what: String,
        /// Why.
        #[source]
        source: mizzen_client::Error,
    },
    /// No service range, or one that is too small.
    #[error("the service range has no address for the service kubernetes")]
    ServiceRange,
}

/// Makes the objects and keeps them until `cancel`. Idempotent: what is there and right is not written. `client`
/// acts as the API server itself (`system:apiserver`). Returns early only when the configuration can never work.
pub async fn run(
    client: Client,
    config: Config,
    env: Env,
    cancel: CancellationToken,
) -> Result<(), BootstrapError> {
    let config = Arc::new(config);
    system::kubernetes_address(&config).ok_or(BootstrapError::ServiceRange)?;
    let client = client.with_field_manager("kube-apiserver");
    if cancel.run_until_cancelled(until_done(&client, &config, &env)).await.is_none() {
        return Ok(());
    }
    info!("The objects that every cluster has are there.");
    let informers = Informers::new(client.clone(), env.clone(), cancel.clone());
    let changed = watch(&informers, &config);
    let mut pause = Duration::ZERO;
    loop {
        let due = async {
            if pause.is_zero() {
                changed.notified().await;
                tokio::time::sleep(GATHER).await;
            } else {
                tokio::time::sleep(pause.mul_f64(0.5 + env.random.fraction())).await;
            }
            system::keep(&client, &config, &env).await
        };
        match cancel.run_until_cancelled(due).await {
            None => break,
            Some(Ok(())) => pause = Duration::ZERO,
            Some(Err(error)) => {
                report(&error);
                pause = (pause * 2).clamp(PAUSE_MIN, PAUSE_MAX);
            }
        }
    }
    informers.stopped().await;
    Ok(())
}

fn report(error: &BootstrapError) {
    let source = match error {
        BootstrapError::Api { source, .. } => format!("{source}: {}", source.source_text()),
        BootstrapError::ServiceRange => String::new(),
    };
    warn!(%error, source, "An object that every cluster has could not be made, will retry.");
}

/// Everything once, again and again until it succeeds.
async fn until_done(client: &Client, config: &Config, env: &Env) {
    let mut pause = PAUSE_MIN;
    while let Err(error) = once(client, config, env).await {
        report(&error);
        tokio::time::sleep(pause.mul_f64(0.5 + env.random.fraction())).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// Everything once. Namespaces come first, since the rest needs them.
async fn once(client: &Client, config: &Config, env: &Env) -> Result<(), BootstrapError> {
    system::namespaces(client).await?;
    let (rbac, kept, classes, flow) = futures::join!(
        rbac::reconcile(client),
        system::keep(client, config, env),
        system::priority_classes(client),
        flow_control::reconcile(client),
    );
    rbac.and(kept).and(classes).and(flow)
}

/// A bell that rings when one of the kept objects changes.
fn watch(informers: &Informers, config: &Config) -> Arc<Notify> {
    let bell = Arc::new(Notify::new());
    let mut follow = |resource: ApiResource, namespace: &str, field_selector: &str| {
        let params = ListParams { field_selector: field_selector.to_owned(), ..ListParams::default() };
        let (informer, bell) = (informers.select::<PartialObject>(resource, namespace, params), bell.clone());
        informer.subscribe(move |_| bell.notify_one());
    };
    follow(ensure::resource("", "v1", "namespaces", "Namespace", false), "", "");
    let named = "metadata.name=kubernetes";
    follow(ensure::resource("", "v1", "services", "Service", true), "default", named);
    follow(ensure::resource("", "v1", "endpoints", "Endpoints", true), "default", named);
    follow(
        ensure::resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true),
        "default",
        named,
    );
    follow(ensure::resource("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", false), "", named);
    let config_maps = ensure::resource("", "v1", "configmaps", "ConfigMap", true);
    follow(config_maps, "kube-system", "metadata.name=extension-apiserver-authentication");
    if config.cluster_dns.is_some() {
        let services = ensure::resource("", "v1", "services", "Service", true);
        follow(services, "kube-system", "metadata.name=kube-dns");
    }
    bell
}
