//! The API server's settings in a cluster that `mizzen up` made.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, Result};
use async_trait::async_trait;
use mizzen_apiserver::admission::plugins::Selection;
use mizzen_apiserver::allocate::AllocatorConfig;
use mizzen_apiserver::authn::{AuthnConfig, client_verifier};
use mizzen_apiserver::proxy::Dialer;
use mizzen_apiserver::standard::{Nodes, StandardConfig};
use mizzen_apiserver::storage::{Encoding, Storage};
use mizzen_apiserver::tuning::Tuning;
use mizzen_pki::TokenKey;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tracing::warn;

use super::lan::Lan;
use crate::cluster::layout::Layout;
use crate::cluster::settings::{DNS_ADDRESS, LAN_API_PORT, SERVICE_CIDR, Settings};

/// Who issues service-account tokens.
const ISSUER: &str = "https://kubernetes.default.svc.cluster.local";

#[async_trait]
impl Dialer for Lan {
    async fn dial(&self, to: SocketAddr) -> io::Result<TcpStream> {
        self.connect(to).await
    }
}

fn read(layout: &Layout, file: &str) -> Result<String> {
    let path = layout.pki(file);
    std::fs::read_to_string(&path).with_context(|| format!("read {}", path.display()))
}

fn chain(pem: &str) -> Result<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().context("read a certificate")
}

/// TLS of a listener that asks for client certificates and leaves their verification to authentication.
fn server_tls(cert_pem: &str, key_pem: &str) -> Result<Arc<rustls::ServerConfig>> {
    let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).context("read a private key")?;
    let config = rustls::ServerConfig::builder()
        .with_client_cert_verifier(client_verifier())
        .with_single_cert(chain(cert_pem)?, key)
        .context("use the server's certificate")?;
    Ok(Arc::new(config))
}

/// TLS towards kubelets, whose certificates `ca_pem` signed.
pub(crate) fn kubelet_tls(ca_pem: &str, cert_pem: &str, key_pem: &str) -> Result<Arc<rustls::ClientConfig>> {
    let mut roots = rustls::RootCertStore::empty();
    for certificate in chain(ca_pem)? {
        roots.add(certificate).context("trust the cluster's authority")?;
    }
    let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).context("read a private key")?;
    let config = rustls::ClientConfig::builder()
        .with_root_certificates(roots)
        .with_client_auth_cert(chain(cert_pem)?, key)
        .context("use the client certificate for kubelets")?;
    Ok(Arc::new(config))
}

/// As many connections as leave a quarter of the files that this process may open to everything else.
pub(crate) fn connections_max() -> usize {
    let most = Tuning::default().connections_max;
    match mizzen_kernel::limits::raise_open_files() {
        Ok(files) => most.min(usize::try_from(files - files / 4).unwrap_or(most)),
        Err(error) => {
            warn!(%error, "The number of open files stays as it is.");
            most
        }
    }
}

/// The standard server of a cluster.
pub(crate) fn standard_config(
    layout: &Layout,
    settings: &Settings,
    lan: Option<Lan>,
) -> Result<StandardConfig> {
    let ca = read(layout, "ca.crt")?;
    let token_key = TokenKey::load(&read(layout, "service-account.key")?)?;
    let nodes = match lan {
        Some(lan) => {
            let (cert, key) = (
                read(layout, "apiserver-kubelet-client.crt")?,
                read(layout, "apiserver-kubelet-client.key")?,
            );
            Some(Nodes::new(Arc::new(lan), kubelet_tls(&ca, &cert, &key)?))
        }
        None => None,
    };
    // Without nodes there is nobody for whom Service `kubernetes` would need endpoints.
    let advertise: Vec<IpAddr> = match settings.memory {
        true => Vec::new(),
        false => vec![settings.lan_address().into()],
    };
    Ok(StandardConfig {
        tls: Some(server_tls(&read(layout, "apiserver.crt")?, &read(layout, "apiserver.key")?)?),
        authn: AuthnConfig {
            client_ca_pem: ca,
            token_keys: vec![token_key.clone()],
            issuers: vec![ISSUER.to_owned()],
            api_audiences: Vec::new(),
            static_tokens_csv: String::new(),
            bootstrap_tokens: true,
            proxy_headers: None,
            anonymous: true,
        },
        authorization_modes: vec!["Node".to_owned(), "RBAC".to_owned()],
        admission: Selection::default(),
        runtime_config: settings.runtime_config.parse().context("the runtime config")?,
        feature_gates: settings.feature_gates.parse().context("the feature gates")?,
        token_key,
        issuer: ISSUER.to_owned(),
        services: AllocatorConfig {
            service_cidrs: vec![SERVICE_CIDR.parse().context("the services' range")?],
            node_ports: 30_000..=32_767,
        },
        advertise_addresses: advertise,
        secure_port: if settings.memory { settings.api_port } else { LAN_API_PORT },
        cluster_dns: (!settings.memory).then_some(DNS_ADDRESS.into()),
        nodes,
        tuning: Tuning {
            storage: Storage {
                encoding: if settings.etcd.is_empty() { Encoding::Json } else { Encoding::Protobuf },
                ..Storage::default()
            },
            connections_max: connections_max(),
            ..Tuning::default()
        },
    })
}
