//! TLS of the node's API: its certificate, and the authority that signs its clients'.

use std::sync::Arc;
use std::time::Duration;

use mizzen_pki::{Authority, ServerRequest};
use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;

use crate::config::{Config, ServingCert};
use crate::error::Error;

fn bad(text: impl std::fmt::Display) -> Error {
    Error::Tls(text.to_string())
}

/// A certificate of an authority that exists for this one alone, as kubelets without one make.
fn self_signed(config: &Config, now: jiff::Timestamp) -> Result<ServingCert, Error> {
    let authority = Authority::create(&format!("{}-ca", config.node_name), now).map_err(bad)?;
    let request = ServerRequest {
        name: &config.node_name,
        dns_names: &[&config.node_name],
        addresses: &config.node_ips,
        valid: Duration::from_secs(365 * 24 * 3600),
    };
    let made = authority.server(&request, now).map_err(bad)?;
    Ok(ServingCert { cert_pem: made.cert_pem, key_pem: made.key_pem })
}

/// Makes the server's TLS. Client certificates are asked for, not required: a token may come instead.
pub(crate) fn config(config: &Config, now: jiff::Timestamp) -> Result<Arc<ServerConfig>, Error> {
    let serving = match &config.serving_cert {
        Some(serving) => serving.clone(),
        None => self_signed(config, now)?,
    };
    let chain = CertificateDer::pem_slice_iter(serving.cert_pem.as_bytes());
    let chain: Vec<CertificateDer<'static>> = chain.collect::<Result<_, _>>().map_err(bad)?;
    let key = PrivateKeyDer::from_pem_slice(serving.key_pem.as_bytes()).map_err(bad)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(bad)?;
    let builder = match &config.client_ca_pem {
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
