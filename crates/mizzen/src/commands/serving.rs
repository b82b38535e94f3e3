//! What scheduler and controllers have in common when they run alone: their secure port, and the election of the one
//! that works.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use clap::{ArgAction, Args};
use k8s_openapi::api::core::v1::ConfigMap;
use mizzen_client::Client;
use mizzen_clock::{Env, Level};
use mizzen_component::{
    Check, Election, Endpoints, GoDuration, Health, Metrics, Reviews, ServingCert, server_tls,
};
use mizzen_metrics::Text;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::components::host_name;

/// The secure port of a component that runs alone.
#[derive(Args, Debug)]
pub(crate) struct SecureServing {
    /// The address to listen on
    #[arg(long, default_value = "0.0.0.0")]
    bind_address: IpAddr,
    /// Certificate of the listener [default: a self-signed one]
    #[arg(long, requires = "tls_private_key_file")]
    tls_cert_file: Option<PathBuf>,
    /// Its private key
    #[arg(long, requires = "tls_cert_file")]
    tls_private_key_file: Option<PathBuf>,
    /// Where a self-signed certificate is kept [default: nowhere]
    #[arg(long)]
    cert_dir: Option<PathBuf>,
    /// Whose client certificates are believed [default: those that the cluster says]
    #[arg(long)]
    client_ca_file: Option<PathBuf>,
    /// Kubeconfig of the user who asks about bearer tokens [default: none are believed]
    #[arg(long)]
    authentication_kubeconfig: Option<PathBuf>,
    /// Do not ask the cluster whose client certificates are believed
    #[arg(long, num_args = 0..=1, default_missing_value = "true", default_value_t = false, action = ArgAction::Set)]
    authentication_skip_lookup: bool,
    /// Go on when the cluster does not say whose client certificates are believed
    #[arg(long, num_args = 0..=1, default_missing_value = "true", default_value_t = true, action = ArgAction::Set)]
    authentication_tolerate_lookup_failure: bool,
    /// Kubeconfig of the user who asks what others may [default: they may nothing]
    #[arg(long)]
    authorization_kubeconfig: Option<PathBuf>,
    /// Paths that anybody may read
    #[arg(long, value_delimiter = ',', default_value = "/healthz,/readyz,/livez")]
    authorization_always_allow_paths: Vec<String>,
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("read {}", path.display()))
}

async fn client(kubeconfig: Option<&PathBuf>) -> Result<Option<Client>> {
    match kubeconfig {
        Some(path) => Ok(Some(Client::from_kubeconfig(path).await?)),
        None => Ok(None),
    }
}

impl SecureServing {
    /// Listens on `port` (0: not at all) and answers until `cancel`, in the returned future.
    async fn serve(
        &self,
        name: &str,
        port: u16,
        endpoints: Endpoints,
        cancel: CancellationToken,
    ) -> Result<impl Future<Output = ()>> {
        let mut serving = None;
        if port != 0 {
            let authentication = client(self.authentication_kubeconfig.as_ref()).await?;
            let authorization = client(self.authorization_kubeconfig.as_ref()).await?;
            let ca = self.client_ca(authentication.as_ref()).await?;
            let tls = server_tls(&self.certificate(name)?, ca.as_deref())?;
            let address = SocketAddr::new(self.bind_address, port);
            let listener =
                TcpListener::bind(address).await.with_context(|| format!("listen on {address}"))?;
            let reviews = Arc::new(Reviews::new(authentication, authorization, true));
            let open = self.authorization_always_allow_paths.clone();
            serving = Some((listener, TlsAcceptor::from(tls), reviews, open));
        }
        Ok(async move {
            match serving {
                Some((listener, tls, reviews, open)) => {
                    endpoints.serve_secure(listener, tls, reviews, open, cancel).await;
                }
                None => cancel.cancelled().await,
            }
        })
    }

    /// Whose client certificates are believed: as told, or as the cluster's
    /// `kube-system/extension-apiserver-authentication` says.
    async fn client_ca(&self, client: Option<&Client>) -> Result<Option<String>> {
        if let Some(path) = &self.client_ca_file {
            return read(path).map(Some);
        }
        let Some(client) = client.filter(|_| !self.authentication_skip_lookup) else { return Ok(None) };
        let found = client.get::<ConfigMap>("kube-system", "extension-apiserver-authentication").await;
        match found {
            Ok(map) => {
                let ca = map.and_then(|map| map.data).and_then(|mut data| data.remove("client-ca-file"));
                Ok(ca.filter(|pem| !pem.is_empty()))
            }
            Err(error) if self.authentication_tolerate_lookup_failure => {
                warn!(%error, "The cluster does not say whose client certificates are believed: none are.");
                Ok(None)
            }
            Err(error) => Err(anyhow!(error).context("look up whose client certificates are believed")),
        }
    }

    fn certificate(&self, name: &str) -> Result<ServingCert> {
        if let (Some(cert), Some(key)) = (&self.tls_cert_file, &self.tls_private_key_file) {
            return Ok(ServingCert { cert_pem: read(cert)?, key_pem: read(key)? });
        }
        let make = || {
            let addresses: Vec<IpAddr> =
                Some(self.bind_address).filter(|address| !address.is_unspecified()).into_iter().collect();
            ServingCert::self_signed(&host_name(), &addresses, Env::system().now())
        };
        let Some(folder) = &self.cert_dir else { return Ok(make()?) };
        let (cert, key) = (folder.join(format!("{name}.crt")), folder.join(format!("{name}.key")));
        if cert.exists() && key.exists() {
            return Ok(ServingCert { cert_pem: read(&cert)?, key_pem: read(&key)? });
        }
        let made = make()?;
        fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
        for (path, pem, mode) in [(&cert, &made.cert_pem, 0o644), (&key, &made.key_pem, 0o600)] {
            let write = || {
                let mut options = fs::OpenOptions::new();
                let mut file = options.create(true).truncate(true).write(true).mode(mode).open(path)?;
                file.write_all(pem.as_bytes())
            };
            write().with_context(|| format!("write {}", path.display()))?;
        }
        Ok(made)
    }
}

/// Which of several works. What is not given is as the configuration file says.
#[derive(Args, Debug)]
pub(crate) struct LeaderElection {
    /// Work only while holding the Lease
    #[arg(long, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    leader_elect: Option<bool>,
    /// How long a Lease that is not renewed holds [default: 15s]
    #[arg(long)]
    leader_elect_lease_duration: Option<GoDuration>,
    /// How long a leader tries to renew before it stops [default: 10s]
    #[arg(long)]
    leader_elect_renew_deadline: Option<GoDuration>,
    /// Pause between attempts [default: 2s]
    #[arg(long)]
    leader_elect_retry_period: Option<GoDuration>,
    /// What is held: Leases
    #[arg(long, value_parser = ["leases"])]
    leader_elect_resource_lock: Option<String>,
    /// The Lease's name [default: that of the component]
    #[arg(long)]
    leader_elect_resource_name: Option<String>,
    /// The Lease's namespace [default: kube-system]
    #[arg(long)]
    leader_elect_resource_namespace: Option<String>,
}

impl LeaderElection {
    /// The election of a component, after the file and the flags; `None`: it works at once.
    pub(crate) fn election(
        &self,
        component: &str,
        file: &mizzen_component::LeaderElection,
    ) -> Option<Election> {
        if !self.leader_elect.or(file.leader_elect).unwrap_or(true) {
            return None;
        }
        let mut election = Election::new(component, &host_name(), &Env::system());
        let set = |slot: &mut Duration, flag: Option<GoDuration>, file: Option<GoDuration>| {
            if let Some(GoDuration(given)) = flag.or(file) {
                *slot = given;
            }
        };
        set(&mut election.lease_duration, self.leader_elect_lease_duration, file.lease_duration);
        set(&mut election.renew_deadline, self.leader_elect_renew_deadline, file.renew_deadline);
        set(&mut election.retry_period, self.leader_elect_retry_period, file.retry_period);
        if let Some(name) = self.leader_elect_resource_name.as_ref().or(file.resource_name.as_ref()) {
            election.name.clone_from(name);
        }
        let namespace = self.leader_elect_resource_namespace.as_ref().or(file.resource_namespace.as_ref());
        if let Some(namespace) = namespace {
            election.namespace.clone_from(namespace);
        }
        Some(election)
    }
}

/// Switches by name, as `--feature-gates` takes them. Mizzen has none of its own: names are checked for form alone.
pub(crate) fn feature_gates(text: &str) -> Result<BTreeMap<String, bool>> {
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair
                .split_once('=')
                .with_context(|| format!("missing bool value for feature gate {pair:?}"))?;
            let value = match value {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
                "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
                other => anyhow::bail!("invalid value {other:?} of feature gate {name:?}, must be a boolean"),
            };
            Ok((name.to_owned(), value))
        })
        .collect()
}

/// How a component runs alone.
pub(crate) struct Alone<'a> {
    /// As its Lease and its certificate are named.
    pub(crate) name: &'static str,
    pub(crate) serving: &'a SecureServing,
    pub(crate) port: u16,
    pub(crate) election: Option<Election>,
    pub(crate) metrics: Metrics,
    pub(crate) configz: serde_json::Value,
    /// The component's own user.
    pub(crate) client: Client,
    pub(crate) env: Env,
}

impl Alone<'_> {
    /// Serves the secure port from now on, and does the work once it is this process' turn. A leader that loses the
    /// Lease ends with an error: somebody else works by then.
    pub(crate) async fn run<F, R>(self, cancel: CancellationToken, work: F) -> Result<()>
    where
        F: FnOnce(CancellationToken) -> R,
        R: Future<Output = Result<()>>,
    {
        if let Some(election) = &self.election {
            election.check()?;
        }
        let leading = Arc::new(Level::new(self.election.is_none()));
        let endpoints = self.endpoints(leading.clone());
        let until = cancel.child_token();
        let serving = self.serving.serve(self.name, self.port, endpoints, until.clone()).await?;
        let working = async {
            let _stop = until.drop_guard();
            let Some(election) = &self.election else { return work(cancel).await };
            let done = election.lead(&self.client, &self.env, &leading, &cancel, work).await;
            done?.unwrap_or(Ok(()))
        };
        let (result, ()) = tokio::join!(working, serving);
        result
    }

    fn endpoints(&self, leading: Arc<Level<bool>>) -> Endpoints {
        let (name, metrics) = (self.name, self.metrics.clone());
        let elects = self.election.is_some();
        let started = self.env.now().as_second();
        let write = move |text: &mut Text| {
            metrics(text);
            if elects {
                let family = "leader_election_master_status";
                let help = "[ALPHA] Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, \
                            1 indicates master. 'name' is the string used to identify the lease.";
                text.family(family, "gauge", help);
                text.sample(family, &[("name", name)], f64::from(u8::from(leading.get())));
            }
            let help = "Start time of the process since unix epoch in seconds.";
            text.single("process_start_time_seconds", "gauge", help, started as f64);
        };
        Endpoints {
            health: Health { live: vec![Check::ping()], ready: vec![Check::ping()] },
            metrics: Some(Arc::new(write)),
            configz: self.configz.clone(),
            answers: None,
        }
    }
}

/// Refuses a port that is none.
pub(crate) fn port(text: &str) -> Result<u16> {
    let number: u32 = text.parse().with_context(|| format!("{text:?} is no port"))?;
    ensure!(number <= 65_535, "{number} is not a valid port number between 0 and 65535, inclusive");
    Ok(u16::try_from(number)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_are_switches() {
        let check = |text: &str, expect: Result<&[(&str, bool)], &str>| {
            let got = feature_gates(text).map_err(|error| error.to_string());
            let expect =
                expect.map(|pairs| pairs.iter().map(|(name, on)| ((*name).to_owned(), *on)).collect());
            assert_eq!(got, expect.map_err(str::to_owned), "{text}");
        };
        check("", Ok(&[]));
        check("A=true,B=false", Ok(&[("A", true), ("B", false)]));
        check("A", Err("missing bool value for feature gate \"A\""));
        check("A=maybe", Err("invalid value \"maybe\" of feature gate \"A\", must be a boolean"));
    }
}
