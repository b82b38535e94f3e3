//! A server's TLS: its certificate, and the authority that signs its clients'.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use mizzen_pki::{Authority, ServerRequest};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

/// How long a certificate that a component makes for itself is good.
const SELF_SIGNED_VALID: Duration = Duration::from_secs(365 * 24 * 3600);

/// A server's certificate chain and key, as PEM.
#[derive(Clone)]
pub struct ServingCert {
    /// The chain, its own certificate first.
    pub cert_pem: String,
    /// The key.
    pub key_pem: String,
}

impl std::fmt::Debug for ServingCert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServingCert").finish_non_exhaustive()
    }
}

/// A certificate, key or authority cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TlsError(String);

fn bad(text: impl std::fmt::Display) -> TlsError {
    TlsError(text.to_string())
}

impl ServingCert {
    /// A certificate of an authority that exists for this one alone, as components without one make.
    pub fn self_signed(name: &str, addresses: &[IpAddr], now: Timestamp) -> Result<Self, TlsError> {
        let authority = Authority::create(&format!("{name}-ca"), now).map_err(bad)?;
        let request = ServerRequest { name, dns_names: &[name], addresses, valid: SELF_SIGNED_VALID };
        let made = authority.server(&request, now).map_err(bad)?;
        Ok(Self { cert_pem: made.cert_pem, key_pem: made.key_pem })
    }
}

/// Makes a server's TLS. Where `client_ca_pem` says who signs clients' certificates, these are asked for, not required: a
/// token may come instead.
pub fn server_tls(serving: &ServingCert, client_ca_pem: Option<&str>) -> Result<Arc<ServerConfig>, TlsError> {
    let chain = CertificateDer::pem_slice_iter(serving.cert_pem.as_bytes());
    let chain: Vec<CertificateDer<'static>> = chain.collect::<Result<_, _>>().map_err(bad)?;
    let key = PrivateKeyDer::from_pem_slice(serving.key_pem.as_bytes()).map_err(bad)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(bad)?;
    let builder = match client_ca_pem {
        Some(pem) => {
            let mut roots = RootCertStore::empty();
            for cert in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                roots.add(cert.map_err(bad)?).map_err(bad)?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.allow_unauthenticated().build().map_err(bad)?)
        }
        None => builder.with_no_client_auth(),
    };
    let mut tls = builder.with_single_cert(chain, key).map_err(bad)?;
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(tls))
}
