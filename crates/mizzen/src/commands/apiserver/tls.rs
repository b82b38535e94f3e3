//! The listener's certificates, and TLS towards kubelets.

use std::fs;
use std::io::Write as _;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use mizzen_apiserver::authn::client_verifier;
use mizzen_pki::{Authority, ServerRequest};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{CipherSuite, ProtocolVersion, SupportedProtocolVersion};

use super::flags::{ClusterFlags, ServingFlags};
use super::store::read;

/// How long a certificate that nobody gave is good.
const SELF_SIGNED_VALID: Duration = Duration::from_secs(365 * 24 * 3600);

/// A certificate for some names, and the one for all others.
#[derive(Debug)]
struct ByName {
    named: Vec<(Vec<String>, Arc<CertifiedKey>)>,
    other: Arc<CertifiedKey>,
}

impl ResolvesServerCert for ByName {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let name = hello.server_name().unwrap_or_default().to_ascii_lowercase();
        let own = self.named.iter().find(|(patterns, _)| patterns.iter().any(|own| is_for(own, &name)));
        Some(own.map_or(&self.other, |(_, key)| key).clone())
    }
}

/// Whether a name is the pattern's, or the one label more that `*.` stands for.
fn is_for(pattern: &str, name: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(rest) => name.split_once('.').is_some_and(|(first, own)| !first.is_empty() && own == rest),
        None => pattern == name,
    }
}

fn chain(pem: &str) -> Result<Vec<CertificateDer<'static>>> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>()?;
    if chain.is_empty() { bail!("there is no certificate in it") } else { Ok(chain) }
}

fn certified(cert: &Path, key: &Path, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>> {
    let chain = chain(&read(cert)?).with_context(|| cert.display().to_string())?;
    let private =
        PrivateKeyDer::from_pem_slice(read(key)?.as_bytes()).with_context(|| key.display().to_string())?;
    let pair = CertifiedKey::from_der(chain, private, provider);
    Ok(Arc::new(pair.with_context(|| format!("use {} with {}", cert.display(), key.display()))?))
}

/// Reads `CERT,KEY` or `CERT,KEY:NAME,NAME`.
fn named(text: &str, provider: &CryptoProvider) -> Result<(Vec<String>, Arc<CertifiedKey>)> {
    let wrong = || format!("--tls-sni-cert-key: {text:?} is not of the form CERT,KEY or CERT,KEY:NAME,…");
    let (files, names) = text.split_once(':').unwrap_or((text, ""));
    let (cert, key) = files.split_once(',').with_context(wrong)?;
    let pair = certified(Path::new(cert.trim()), Path::new(key.trim()), provider)?;
    let mut names: Vec<String> = names
        .split(',')
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() {
        names =
            mizzen_pki::dns_names(pair.cert.first().context("a chain is not empty")?).with_context(wrong)?;
    }
    Ok((names, pair))
}

/// The suites that rustls has, by Go's names.
fn suite(name: &str) -> Option<CipherSuite> {
    Some(match name {
        "TLS_AES_128_GCM_SHA256" => CipherSuite::TLS13_AES_128_GCM_SHA256,
        "TLS_AES_256_GCM_SHA384" => CipherSuite::TLS13_AES_256_GCM_SHA384,
        "TLS_CHACHA20_POLY1305_SHA256" => CipherSuite::TLS13_CHACHA20_POLY1305_SHA256,
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" => CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" => CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305" | "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" => {
            CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
        }
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" => CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" => CipherSuite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305" | "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" => {
            CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
        }
        _ => return None,
    })
}

/// ring's algorithms, without the suites of TLS 1.2 that are not named. Those of TLS 1.3 are not chosen, as in Go.
fn provider(names: &[String]) -> Result<CryptoProvider> {
    let mut provider = ring::default_provider();
    let mut wanted = Vec::new();
    for name in names {
        wanted.push(
            suite(name).with_context(|| format!("Cipher suite {name} not supported or doesn't exist"))?,
        );
    }
    if !wanted.is_empty() {
        provider
            .cipher_suites
            .retain(|own| own.version().version == ProtocolVersion::TLSv1_3 || wanted.contains(&own.suite()));
    }
    Ok(provider)
}

static NEWEST: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13];

fn versions(oldest: Option<&str>) -> Result<&'static [&'static SupportedProtocolVersion]> {
    match oldest {
        None | Some("" | "VersionTLS12") => Ok(rustls::ALL_VERSIONS),
        Some("VersionTLS13") => Ok(NEWEST),
        Some(old @ ("VersionTLS10" | "VersionTLS11")) => {
            bail!("--tls-min-version={old} is not supported: it is broken")
        }
        Some(other) => bail!("unknown tls version {other:?}"),
    }
}

/// Refuses versions and suites that are not to be had.
pub(super) fn check(flags: &ServingFlags) -> Result<()> {
    versions(flags.tls_min_version.as_deref())?;
    provider(&flags.tls_cipher_suites).map(drop)
}

/// TLS of the listener. Without a certificate one is made in --cert-dir, good for these names and addresses.
pub(super) fn server(
    flags: &ServingFlags,
    names: &[&str],
    addresses: &[IpAddr],
    now: Timestamp,
) -> Result<Arc<rustls::ServerConfig>> {
    let provider = provider(&flags.tls_cipher_suites)?;
    let other = match (&flags.tls_cert_file, &flags.tls_private_key_file) {
        (Some(cert), Some(key)) => certified(cert, key, &provider)?,
        _ => {
            let (cert, key) = (flags.cert_dir.join("apiserver.crt"), flags.cert_dir.join("apiserver.key"));
            if !(cert.is_file() && key.is_file()) {
                self_signed(&cert, &key, names, addresses, now)?;
            }
            certified(&cert, &key, &provider)?
        }
    };
    let named = flags.tls_sni_cert_key.iter().map(|text| named(text, &provider)).collect::<Result<_>>()?;
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(versions(flags.tls_min_version.as_deref())?)
        .context("choose cipher suites")?
        .with_client_cert_verifier(client_verifier())
        .with_cert_resolver(Arc::new(ByName { named, other }));
    Ok(Arc::new(config))
}

fn self_signed(cert: &Path, key: &Path, names: &[&str], addresses: &[IpAddr], now: Timestamp) -> Result<()> {
    let authority = Authority::create(&format!("{}-ca", names.first().unwrap_or(&"apiserver")), now)?;
    let request = ServerRequest {
        name: names.first().unwrap_or(&"apiserver"),
        dns_names: names,
        addresses,
        valid: SELF_SIGNED_VALID,
    };
    let made = authority.server(&request, now)?;
    if let Some(folder) = cert.parent() {
        fs::create_dir_all(folder).with_context(|| format!("make --cert-dir {}", folder.display()))?;
    }
    let write = |path: &Path, text: &str, mode: u32| {
        let mut options = fs::OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(mode).open(path);
        file.and_then(|mut file| file.write_all(text.as_bytes()))
            .with_context(|| format!("write {}", path.display()))
    };
    write(cert, &format!("{}{}", made.cert_pem, authority.cert_pem()), 0o644)?;
    write(key, &made.key_pem, 0o600)
}

/// TLS towards kubelets.
pub(super) fn kubelets(flags: &ClusterFlags) -> Result<Arc<rustls::ClientConfig>> {
    let builder = rustls::ClientConfig::builder();
    let builder = match &flags.kubelet_certificate_authority {
        Some(path) => {
            let mut roots = rustls::RootCertStore::empty();
            for authority in chain(&read(path)?).with_context(|| path.display().to_string())? {
                roots.add(authority).with_context(|| path.display().to_string())?;
            }
            builder.with_root_certificates(roots)
        }
        None => builder.dangerous().with_custom_certificate_verifier(mizzen_pki::unverified()),
    };
    let (Some(cert), Some(key)) = (&flags.kubelet_client_certificate, &flags.kubelet_client_key) else {
        return Ok(Arc::new(builder.with_no_client_auth()));
    };
    let own = chain(&read(cert)?).with_context(|| cert.display().to_string())?;
    let key =
        PrivateKeyDer::from_pem_slice(read(key)?.as_bytes()).with_context(|| key.display().to_string())?;
    Ok(Arc::new(builder.with_client_auth_cert(own, key).context("use the client certificate for kubelets")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_one_label() {
        let check = |pattern, name, expect| assert_eq!(is_for(pattern, name), expect, "{pattern} {name}");
        check("a.example", "a.example", true);
        check("a.example", "b.example", false);
        check("*.example", "a.example", true);
        check("*.example", "a.b.example", false);
        check("*.example", "example", false);
        check("*.example", ".example", false);
    }

    #[test]
    fn suites_and_versions() {
        assert!(provider(&["TLS_RSA_WITH_RC4_128_SHA".to_owned()]).is_err());
        let chosen = provider(&["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256".to_owned()]).unwrap().cipher_suites;
        let old = chosen.iter().filter(|own| own.version().version == ProtocolVersion::TLSv1_2).count();
        assert_eq!((old, chosen.len() > 1), (1, true), "TLS 1.3 keeps its suites");
        for (text, expect) in [(None, 2), (Some("VersionTLS12"), 2), (Some("VersionTLS13"), 1)] {
            assert_eq!(versions(text).unwrap().len(), expect);
        }
        versions(Some("VersionTLS10")).unwrap_err();
        versions(Some("SSL3")).unwrap_err();
    }
}
