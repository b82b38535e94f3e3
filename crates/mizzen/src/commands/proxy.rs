//! The service proxy alone, with kube-proxy's flags.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{ArgAction, Args};
use http::{Response, StatusCode};
use mizzen_clock::Env;
use mizzen_component::{Body, Endpoints, GoDuration, json};
use mizzen_proxy::{KubeProxyConfiguration, Metrics};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::warn;

use super::components::{Connection, THREADS, host_name};
use super::serving::feature_gates;
use crate::control::run_until_signal;
use crate::logging::{self, Verbosity};

/// Arguments of `mizzen proxy`. As with kube-proxy, a configuration file takes the place of all but --hostname-override.
#[derive(Args, Debug)]
pub(crate) struct ProxyArgs {
    /// A file of kind KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1)
    #[arg(long)]
    config: Option<PathBuf>,
    #[command(flatten)]
    connection: Connection,
    /// This node's name [default: the host name]
    #[arg(long)]
    hostname_override: Option<String>,
    /// How packets are led: nftables
    #[arg(long)]
    proxy_mode: Option<String>,
    /// Where pods' addresses are
    #[arg(long)]
    cluster_cidr: Option<String>,
    /// How local traffic is known: ClusterCIDR
    #[arg(long)]
    detect_local_mode: Option<String>,
    /// Masquerade everything that goes to a Service
    #[arg(long, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    masquerade_all: Option<bool>,
    /// Addresses of the node on which node ports answer
    #[arg(long, value_delimiter = ',')]
    nodeport_addresses: Option<Vec<String>>,
    /// Time between comparisons of all rules with the kernel's
    #[arg(long)]
    nftables_sync_period: Option<GoDuration>,
    /// Shortest time between two changes of the rules
    #[arg(long)]
    nftables_min_sync_period: Option<GoDuration>,
    /// The address of the health check; empty: none [default: 0.0.0.0:10256]
    #[arg(long)]
    healthz_bind_address: Option<String>,
    /// The address of the metrics; empty: none [default: 127.0.0.1:10249]
    #[arg(long)]
    metrics_bind_address: Option<String>,
    /// Stop when an address cannot be listened on
    #[arg(long, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    bind_address_hard_fail: Option<bool>,
    /// Features to switch
    #[arg(long, value_parser = feature_gates, default_value = "")]
    feature_gates: BTreeMap<String, bool>,
    #[command(flatten)]
    verbosity: Verbosity,
}

impl ProxyArgs {
    /// The file; without one, what the flags say.
    fn file(&self) -> Result<KubeProxyConfiguration> {
        let mut file = match &self.config {
            Some(path) => KubeProxyConfiguration::read(path)
                .with_context(|| format!("configuration {}", path.display()))?,
            None => KubeProxyConfiguration {
                mode: self.proxy_mode.clone(),
                cluster_cidr: self.cluster_cidr.clone(),
                detect_local_mode: self.detect_local_mode.clone(),
                node_port_addresses: self.nodeport_addresses.clone(),
                healthz_bind_address: self.healthz_bind_address.clone(),
                metrics_bind_address: self.metrics_bind_address.clone(),
                bind_address_hard_fail: self.bind_address_hard_fail,
                nftables: mizzen_proxy::Nftables {
                    masquerade_all: self.masquerade_all,
                    sync_period: self.nftables_sync_period,
                    min_sync_period: self.nftables_min_sync_period,
                    ..Default::default()
                },
                ..Default::default()
            },
        };
        if let Some(name) = &self.hostname_override {
            file.hostname_override = Some(name.clone());
        }
        Ok(file)
    }
}

/// An address with or without its port; empty: none.
fn address(given: Option<&str>, default: SocketAddr) -> Result<Option<SocketAddr>> {
    match given {
        None => Ok(Some(default)),
        Some("") => Ok(None),
        Some(text) => {
            let plain = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, default.port()));
            let address =
                plain.or_else(|_| text.parse()).with_context(|| format!("{text:?} is no address"))?;
            Ok(Some(address))
        }
    }
}

/// kube-proxy's answer to health checks of load balancers.
fn health(metrics: &Metrics, env: &Env, path: &str) -> Option<Response<Body>> {
    let now = env.now();
    let health = metrics.health(now);
    let (well, eligible) = match path {
        "/healthz" => (health.live && health.node_eligible, Some(health.node_eligible)),
        "/livez" => (health.live, None),
        _ => return None,
    };
    let mut body = serde_json::json!({
        "lastUpdated": health.last_updated.map(|time| time.to_string()).unwrap_or_default(),
        "currentTime": now.to_string(),
    });
    if let Some(eligible) = eligible {
        body["nodeEligible"] = eligible.into();
    }
    let mut response = json(&body);
    if !well {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Some(response)
}

/// Starts the listeners for health and metrics.
async fn listen(
    file: &KubeProxyConfiguration,
    metrics: &Arc<Metrics>,
    tasks: &TaskTracker,
    cancel: &CancellationToken,
) -> Result<()> {
    let env = Env::system();
    let (asked, counted) = (metrics.clone(), metrics.clone());
    let healthz = Endpoints::default().with_answers(move |path| health(&asked, &env, path));
    let configz = serde_json::json!({ "kubeproxy.config.k8s.io": serde_json::to_value(file)? });
    let measured = Endpoints {
        metrics: Some(Arc::new(move |text| counted.write(text))),
        configz,
        ..Endpoints::default()
    }
    .with_answers(|path| match path {
        "/proxyMode" => Some(mizzen_component::text(StatusCode::OK, "nftables")),
        "/healthz" => Some(mizzen_component::text(StatusCode::OK, "ok")),
        _ => None,
    });
    let given = [
        (file.healthz_bind_address.as_deref(), SocketAddr::from(([0, 0, 0, 0], 10256)), healthz),
        (file.metrics_bind_address.as_deref(), SocketAddr::from(([127, 0, 0, 1], 10249)), measured),
    ];
    for (given, default, endpoints) in given {
        let Some(address) = address(given, default)? else { continue };
        match TcpListener::bind(address).await {
            Ok(listener) => {
                tasks.spawn(endpoints.serve_plain(listener, cancel.clone()));
            }
            Err(error) if file.bind_address_hard_fail == Some(true) => {
                return Err(error).with_context(|| format!("listen on {address}"));
            }
            Err(error) => warn!(%address, %error, "Could not listen for health checks or metrics."),
        }
    }
    Ok(())
}

/// Runs `mizzen proxy`.
pub(crate) fn run(args: ProxyArgs) -> Result<()> {
    logging::start_at(&args.verbosity);
    let file = args.file()?;
    let mut config = file.settings(&host_name())?;
    let metrics = Arc::<Metrics>::default();
    config.metrics = metrics.clone();
    if let Some(score) = file.oom_score_adj
        && let Err(error) = std::fs::write("/proc/self/oom_score_adj", score.to_string())
    {
        warn!(score, %error, "The proxy's OOM score could not be set.");
    }
    run_until_signal(THREADS, async |cancel| {
        let (tasks, until) = (TaskTracker::new(), cancel.child_token());
        let client = args.connection.client(file.client_connection.kubeconfig.as_deref()).await?;
        listen(&file, &metrics, &tasks, &until).await?;
        let result = mizzen_proxy::run(config, client, Env::system(), cancel).await;
        until.cancel();
        tasks.close();
        tasks.wait().await;
        Ok(result?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let default = SocketAddr::from(([127, 0, 0, 1], 10249));
        let check = |given: Option<&str>, expect: Option<&str>| {
            let got = address(given, default).expect("an address").map(|address| address.to_string());
            assert_eq!(got.as_deref(), expect, "{given:?}");
        };
        check(None, Some("127.0.0.1:10249"));
        check(Some(""), None);
        check(Some("0.0.0.0"), Some("0.0.0.0:10249"));
        check(Some("0.0.0.0:1"), Some("0.0.0.0:1"));
        address(Some("nowhere"), default).expect_err("no address");
    }
}
