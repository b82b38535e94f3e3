//! kube-apiserver's flags: names, defaults and meaning. What is not here is in [`super::unsupported`].

use std::any::TypeId;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::{Arg, ArgAction, Args, ValueEnum};

use crate::logging::Verbosity;

/// Which engine keeps the objects when no etcd is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// A log in --data-dir
    Embedded,
    /// Nowhere: all is gone when the process ends
    Memory,
}

/// Where objects are kept.
#[derive(Args, Debug)]
pub(super) struct StoreFlags {
    /// Mizzen's own engines, used while no --etcd-servers are given
    #[arg(long, value_enum, default_value = "embedded")]
    pub(super) store: Engine,
    /// Where the embedded engine keeps objects
    #[arg(long, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// etcd servers, as http://HOST:PORT
    #[arg(long, value_delimiter = ',')]
    pub(super) etcd_servers: Vec<String>,
    /// What all keys begin with
    #[arg(long, default_value = "/registry")]
    pub(super) etcd_prefix: String,
    /// Authorities of etcd's certificates
    #[arg(long)]
    pub(super) etcd_cafile: Option<PathBuf>,
    /// Client certificate for etcd
    #[arg(long)]
    pub(super) etcd_certfile: Option<PathBuf>,
    /// Its private key
    #[arg(long)]
    pub(super) etcd_keyfile: Option<PathBuf>,
    /// How often history is compacted; 0: never
    #[arg(long, default_value = "5m", value_parser = duration)]
    pub(super) etcd_compaction_interval: Duration,
    /// How long the store may take before /livez and /healthz fail
    #[arg(long, default_value = "2s", value_parser = duration)]
    pub(super) etcd_healthcheck_timeout: Duration,
    /// How long the store may take before /readyz fails
    #[arg(long, default_value = "2s", value_parser = duration)]
    pub(super) etcd_readycheck_timeout: Duration,
    /// The storage backend: etcd3
    #[arg(long, default_value = "etcd3")]
    pub(super) storage_backend: String,
    /// How objects are encoded in etcd
    #[arg(long, default_value = PROTOBUF)]
    pub(super) storage_media_type: String,
    /// Objects that expire and are written within so many seconds share a lease
    #[arg(long, default_value_t = 60)]
    pub(super) lease_reuse_duration_seconds: u64,
    /// How long events are kept
    #[arg(long, default_value = "1h", value_parser = duration)]
    pub(super) event_ttl: Duration,
    /// Reads are answered from memory: always so
    #[arg(long, default_value_t = true, action = ArgAction::Set)]
    pub(super) watch_cache: bool,
    /// Deprecated: caches size themselves; 0 would be without
    #[arg(long, default_value_t = 100)]
    pub(super) default_watch_cache_size: u32,
    /// Deprecated, as resource[.group]#size: caches size themselves; 0 would be without
    #[arg(long, value_delimiter = ',')]
    pub(super) watch_cache_sizes: Vec<String>,
}

/// kube-apiserver's default for `--storage-media-type`.
pub(super) const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// How the server listens, and what it bears.
#[derive(Args, Debug)]
pub(super) struct ServingFlags {
    /// The address to listen on
    #[arg(long, default_value = "0.0.0.0")]
    pub(super) bind_address: IpAddr,
    /// The port to listen on
    #[arg(long, default_value_t = 6443)]
    pub(super) secure_port: u16,
    /// Where the cluster's members reach this server [default: --bind-address, or the address of the default route]
    #[arg(long)]
    pub(super) advertise_address: Option<IpAddr>,
    /// The name that clients are told for this server
    #[arg(long, default_value = "")]
    pub(super) external_hostname: String,
    /// Where the certificate is made when none is given
    #[arg(long, default_value = "/var/run/kubernetes")]
    pub(super) cert_dir: PathBuf,
    /// Certificate of the listener
    #[arg(long, requires = "tls_private_key_file")]
    pub(super) tls_cert_file: Option<PathBuf>,
    /// Its private key
    #[arg(long, requires = "tls_cert_file")]
    pub(super) tls_private_key_file: Option<PathBuf>,
    /// Certificates for certain names, as CERT,KEY or CERT,KEY:NAME,*.NAME; may be given several times
    #[arg(long)]
    pub(super) tls_sni_cert_key: Vec<String>,
    /// Oldest version of TLS: VersionTLS12 or VersionTLS13
    #[arg(long)]
    pub(super) tls_min_version: Option<String>,
    /// Cipher suites of TLS 1.2 [default: all that are sound]
    #[arg(long, value_delimiter = ',')]
    pub(super) tls_cipher_suites: Vec<String>,
    /// Let other processes listen on the same port
    #[arg(long, default_value_t = false, action = ArgAction::Set)]
    pub(super) permit_port_sharing: bool,
    /// Let the address be bound while old connections of it wait to end
    #[arg(long, default_value_t = false, action = ArgAction::Set)]
    pub(super) permit_address_sharing: bool,
    /// Streams of an HTTP/2 connection; 0: 1000
    #[arg(long, default_value_t = 0)]
    pub(super) http2_max_streams_per_connection: u32,
    /// Requests that read, at a time
    #[arg(long, default_value_t = 400)]
    pub(super) max_requests_inflight: usize,
    /// Requests that write, at a time
    #[arg(long, default_value_t = 200)]
    pub(super) max_mutating_requests_inflight: usize,
    /// How long a request may take
    #[arg(long, default_value = "1m", value_parser = duration)]
    pub(super) request_timeout: Duration,
    /// How many seconds a watch lasts at least that does not say
    #[arg(long, default_value_t = 1800)]
    pub(super) min_request_timeout: u64,
    /// How long the server goes on, unready, when it is told to stop
    #[arg(long, default_value = "0s", value_parser = duration)]
    pub(super) shutdown_delay_duration: Duration,
    /// Which APIs are served, as KEY=true|false
    #[arg(long, value_delimiter = ',')]
    pub(super) runtime_config: Vec<String>,
    /// Features, as NAME=true|false
    #[arg(long, value_delimiter = ',')]
    pub(super) feature_gates: Vec<String>,
    #[command(flatten)]
    pub(super) verbosity: Verbosity,
    /// How logs are written: text or json
    #[arg(long, default_value = "text")]
    pub(super) logging_format: String,
}

/// Who is believed, and what they may do.
#[derive(Args, Debug)]
pub(super) struct AccessFlags {
    /// Whose client certificates are believed
    #[arg(long)]
    pub(super) client_ca_file: Option<PathBuf>,
    /// Tokens, users and groups, a line each
    #[arg(long)]
    pub(super) token_auth_file: Option<PathBuf>,
    /// Whether bootstrap tokens are believed
    #[arg(long, default_value_t = false, action = ArgAction::Set)]
    pub(super) enable_bootstrap_token_auth: bool,
    /// Whether who shows no credentials is system:anonymous
    #[arg(long, default_value_t = true, action = ArgAction::Set)]
    pub(super) anonymous_auth: bool,
    /// Authorizers, in order
    #[arg(long, value_delimiter = ',', default_value = "AlwaysAllow")]
    pub(super) authorization_mode: Vec<String>,
    /// Admission plugins to switch on
    #[arg(long, value_delimiter = ',')]
    pub(super) enable_admission_plugins: Vec<String>,
    /// Admission plugins to switch off
    #[arg(long, value_delimiter = ',')]
    pub(super) disable_admission_plugins: Vec<String>,
    /// The authority of front proxies
    #[arg(long)]
    pub(super) requestheader_client_ca_file: Option<PathBuf>,
    /// Common names of front proxies; none: all that the authority signed
    #[arg(long, value_delimiter = ',')]
    pub(super) requestheader_allowed_names: Vec<String>,
    /// Headers that name the user
    #[arg(long, value_delimiter = ',', default_value = "x-remote-user")]
    pub(super) requestheader_username_headers: Vec<String>,
    /// Headers that tell the user's uid
    #[arg(long, value_delimiter = ',')]
    pub(super) requestheader_uid_headers: Vec<String>,
    /// Headers that name groups
    #[arg(long, value_delimiter = ',', default_value = "x-remote-group")]
    pub(super) requestheader_group_headers: Vec<String>,
    /// What headers with more of the user begin with
    #[arg(long, value_delimiter = ',', default_value = "x-remote-extra-")]
    pub(super) requestheader_extra_headers_prefix: Vec<String>,
    /// The key that signs service-account tokens
    #[arg(long)]
    pub(super) service_account_signing_key_file: PathBuf,
    /// Keys by which tokens are verified; may be given several times [default: the signing key]
    #[arg(long)]
    pub(super) service_account_key_file: Vec<PathBuf>,
    /// Who issues tokens; further ones are believed as well
    #[arg(long, default_value = "https://kubernetes.default.svc.cluster.local")]
    pub(super) service_account_issuer: Vec<String>,
    /// Where clients find the keys [default: at this server]
    #[arg(long, default_value = "")]
    pub(super) service_account_jwks_uri: String,
    /// How long a token lasts at most; 0: as long as is asked for
    #[arg(long, default_value = "0s", value_parser = duration)]
    pub(super) service_account_max_token_expiration: Duration,
    /// Tokens for pods last a year, and say when they should have been renewed
    #[arg(long, default_value_t = true, action = ArgAction::Set)]
    pub(super) service_account_extend_token_expiration: bool,
    /// Tokens for pods are bound to them: always so
    #[arg(long, default_value_t = true, action = ArgAction::Set)]
    pub(super) service_account_lookup: bool,
    /// Whom tokens are for [default: the issuer]
    #[arg(long, value_delimiter = ',')]
    pub(super) api_audiences: Vec<String>,
    /// Whether pods may be privileged: true
    #[arg(long, default_value_t = true, action = ArgAction::Set)]
    pub(super) allow_privileged: bool,
}

/// Services, and the way to nodes.
#[derive(Args, Debug)]
pub(super) struct ClusterFlags {
    /// The services' addresses: one range a family
    #[arg(long, value_delimiter = ',', default_value = "10.0.0.0/24")]
    pub(super) service_cluster_ip_range: Vec<ipnet::IpNet>,
    /// The services' node ports, as FIRST-LAST
    #[arg(long, default_value = "30000-32767", value_parser = ports)]
    pub(super) service_node_port_range: RangeInclusive<u16>,
    /// The node port of Service kubernetes; 0: none
    #[arg(long, default_value_t = 0)]
    pub(super) kubernetes_service_node_port: u16,
    /// Who writes the endpoints of Service kubernetes: lease (all servers together) or none
    #[arg(long, default_value = "lease")]
    pub(super) endpoint_reconciler_type: String,
    /// Client certificate for kubelets
    #[arg(long, requires = "kubelet_client_key")]
    pub(super) kubelet_client_certificate: Option<PathBuf>,
    /// Its private key
    #[arg(long, requires = "kubelet_client_certificate")]
    pub(super) kubelet_client_key: Option<PathBuf>,
    /// Authorities of the kubelets' certificates [default: any certificate is taken]
    #[arg(long)]
    pub(super) kubelet_certificate_authority: Option<PathBuf>,
    /// By which of its addresses a node is reached, in order; names are passed over
    #[arg(
        long,
        value_delimiter = ',',
        default_value = "Hostname,InternalDNS,InternalIP,ExternalDNS,ExternalIP"
    )]
    pub(super) kubelet_preferred_address_types: Vec<String>,
    /// How long a connection to a kubelet may take to be made
    #[arg(long, default_value = "5s", value_parser = duration)]
    pub(super) kubelet_timeout: Duration,
}

/// A boolean flag takes its value behind `=` alone, as Go's do; without one it is true.
pub(super) fn switch(arg: Arg) -> Arg {
    let is_bool = arg.get_value_parser().type_id() == TypeId::of::<bool>();
    if !is_bool || !matches!(arg.get_action(), ArgAction::Set) {
        return arg;
    }
    arg.num_args(0..=1).require_equals(true).default_missing_value("true")
}

/// Reads `90s`, `5m0s`, `1h30m`, `0`.
fn duration(text: &str) -> Result<Duration> {
    if text == "0" { Ok(Duration::ZERO) } else { crate::commands::up::duration(text) }
}

/// Reads `30000-32767`, `30000+10` or `30000`.
fn ports(text: &str) -> Result<RangeInclusive<u16>> {
    let port = |text: &str| text.trim().parse::<u16>().with_context(|| format!("{text:?} is not a port"));
    let range = match (text.split_once('-'), text.split_once('+')) {
        (Some((first, last)), _) => port(first)?..=port(last)?,
        (None, Some((first, more))) => {
            let last = port(first)?.checked_add(port(more)?);
            port(first)?..=last.context("the last port is above 65535")?
        }
        (None, None) => port(text)?..=port(text)?,
    };
    ensure!(*range.start() > 0 && !range.is_empty(), "{text:?} is not a range of ports");
    Ok(range)
}

impl StoreFlags {
    /// Refuses what cannot be.
    pub(super) fn check(&self) -> Result<()> {
        ensure!(self.storage_backend == "etcd3", "--storage-backend: only etcd3 is known");
        ensure!(self.watch_cache, "--watch-cache=false is not supported yet");
        ensure!(self.default_watch_cache_size > 0, "--default-watch-cache-size=0 is not supported yet");
        for size in &self.watch_cache_sizes {
            match size.split_once('#').map(|(_, size)| size.trim().parse::<u32>()) {
                Some(Ok(0)) => bail!("--watch-cache-sizes={size} is not supported yet"),
                Some(Ok(_)) => {}
                _ => bail!("--watch-cache-sizes: {size:?} is not of the form resource[.group]#size"),
            }
        }
        if !matches!(self.storage_media_type.as_str(), PROTOBUF | "application/json") {
            bail!("--storage-media-type {:?} is not supported yet", self.storage_media_type);
        }
        ensure!(
            self.etcd_certfile.is_some() == self.etcd_keyfile.is_some(),
            "--etcd-certfile and --etcd-keyfile go together"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::apiserver::ApiserverArgs;

    #[test]
    fn switches_take_values_behind_an_equals_sign() {
        let check = |arguments: &[&str], expect: Option<bool>| {
            let command = ApiserverArgs::augment_args(clap::Command::new("apiserver"));
            let key = "--service-account-signing-key-file=key";
            let matches = command.try_get_matches_from([&["apiserver", key], arguments].concat());
            let got = matches.ok().and_then(|matches| matches.get_one::<bool>("anonymous_auth").copied());
            assert_eq!(got, expect, "{arguments:?}");
        };
        check(&[], Some(true));
        check(&["--anonymous-auth"], Some(true));
        check(&["--anonymous-auth=true"], Some(true));
        check(&["--anonymous-auth=false"], Some(false));
        check(&["--anonymous-auth", "false"], None);
        check(&["--anonymous-auth=perhaps"], None);
    }

    #[test]
    fn durations_as_go_prints_them() {
        let check = |text: &str, seconds| {
            assert_eq!(duration(text).ok(), Some(Duration::from_secs(seconds)), "{text}");
        };
        check("0", 0);
        check("0s", 0);
        check("90s", 90);
        check("5m0s", 300);
        check("1h0m0s", 3600);
        duration("soon").expect_err("no duration");
    }

    #[test]
    fn port_ranges() {
        let check =
            |text: &str, expect: Option<RangeInclusive<u16>>| assert_eq!(ports(text).ok(), expect, "{text}");
        check("30000-32767", Some(30_000..=32_767));
        check("30000+10", Some(30_000..=30_010));
        check("30000", Some(30_000..=30_000));
        check("2-1", None);
        check("0-1", None);
        check("1-70000", None);
        check("", None);
    }
}
