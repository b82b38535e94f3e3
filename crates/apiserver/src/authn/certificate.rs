//! X.509 client certificates: CN is the user, each O a group.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mizzen_clock::{Env, Map};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::{Authenticator, CREDENTIAL_ID, ConfigError, Peer, refused};
use crate::attributes::User;
use crate::status::ApiError;

/// The subject attribute that carries a user's uid (feature AllowParsingUserUIDFromCertAuth).
const USER_UID: &str = "1.3.6.1.4.1.57683.2";

/// Verifies chains of client certificates against authorities, at the environment's time.
pub(crate) struct Chains {
    verifier: Arc<dyn ClientCertVerifier>,
    env: Env,
}

impl Chains {
    pub(crate) fn new(ca_pem: &str, flag: &'static str, env: Env) -> Result<Self, ConfigError> {
        let malformed = || ConfigError::Authorities { flag };
        let mut roots = RootCertStore::empty();
        for cert in CertificateDer::pem_slice_iter(ca_pem.as_bytes()) {
            roots.add(cert.map_err(|_| malformed())?).map_err(|_| malformed())?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|_| malformed())?;
        Ok(Self { verifier, env })
    }

    /// Whether the peer's certificate leads to an authority, is valid now, and is for clients.
    pub(crate) fn accept(&self, peer: &Peer) -> bool {
        let Some((leaf, intermediates)) = peer.certificates.split_first() else { return false };
        let seconds = u64::try_from(self.env.now().as_second()).unwrap_or(0);
        let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        self.verifier.verify_client_cert(leaf, intermediates, now).is_ok()
    }
}

/// How long a good verdict counts, unless a certificate of the chain ends before.
const KNOWN_FOR: SignedDuration = SignedDuration::from_secs(60);
/// Verdicts that are kept at once.
const KNOWN_MAX: usize = 1024;

/// The authenticator of client certificates.
///
/// A signature costs more to verify than the rest of a small request, and a connection shows the same chain with each:
/// good verdicts are kept.
pub struct ClientCertificates {
    chains: Chains,
    /// By the leaf's bytes.
    known: Mutex<Map<Vec<u8>, Known>>,
}

/// A good verdict on a chain.
struct Known {
    intermediates: Vec<CertificateDer<'static>>,
    user: Option<User>,
    until: Timestamp,
}

impl ClientCertificates {
    /// Trusts the authorities in `ca_pem`.
    pub fn new(ca_pem: &str, env: Env) -> Result<Self, ConfigError> {
        let chains = Chains::new(ca_pem, "--client-ca-file", env)?;
        Ok(Self { chains, known: Mutex::default() })
    }

    fn recall(
        &self,
        leaf: &[u8],
        intermediates: &[CertificateDer<'_>],
        now: Timestamp,
    ) -> Option<Option<User>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let verdict = known.get(leaf)?;
        (verdict.intermediates == intermediates && now < verdict.until).then(|| verdict.user.clone())
    }

    fn keep(&self, leaf: &[u8], verdict: Known, now: Timestamp) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX {
            known.retain(|_, verdict| now < verdict.until);
        }
        if known.len() < KNOWN_MAX {
            known.insert(leaf.to_vec(), verdict);
        }
    }
}

#[async_trait]
impl Authenticator for ClientCertificates {
    async fn authenticate(&self, _headers: &http::HeaderMap, peer: &Peer) -> Result<Option<User>, ApiError> {
        let Some((leaf, intermediates)) = peer.certificates.split_first() else { return Ok(None) };
        let now = self.chains.env.now();
        if let Some(user) = self.recall(leaf, intermediates, now) {
            return Ok(user);
        }
        if !self.chains.accept(peer) {
            return Err(refused("no valid client certificate of a known authority"));
        }
        let user = user_of(leaf)?;
        if let Some(until) = valid_until(&peer.certificates, now) {
            let verdict = Known { intermediates: intermediates.to_vec(), user: user.clone(), until };
            self.keep(leaf, verdict, now);
        }
        Ok(user)
    }
}

/// Until when a chain that is good now surely is; `None` if that cannot be said.
fn valid_until(chain: &[CertificateDer<'_>], now: Timestamp) -> Option<Timestamp> {
    let mut until = now.checked_add(KNOWN_FOR).ok()?;
    for certificate in chain {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        until = until.min(Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()?);
    }
    Some(until)
}

/// The user that a verified certificate names; `None` when it has no common name.
fn user_of(leaf: &CertificateDer<'_>) -> Result<Option<User>, ApiError> {
    let (_, cert) = X509Certificate::from_der(leaf).map_err(|_| refused("malformed certificate"))?;
    let subject = cert.subject();
    let Some(name) = subject.iter_common_name().last().and_then(|name| name.as_str().ok()) else {
        return Ok(None);
    };
    if name.is_empty() {
        return Ok(None);
    }
    let groups = subject.iter_organization().map(|group| group.as_str().map(str::to_owned));
    let groups: Result<Vec<String>, _> = groups.collect();
    let uid = subject
        .iter_attributes()
        .find(|attribute| attribute.attr_type().to_id_string() == USER_UID)
        .and_then(|attribute| attribute.as_str().ok());
    let credential = format!("X509SHA256={}", hex::encode(Sha256::digest(leaf)));
    Ok(Some(User {
        name: name.to_owned(),
        uid: uid.unwrap_or_default().to_owned(),
        groups: groups.map_err(|_| refused("an organisation that is no text"))?,
        extra: BTreeMap::from([(CREDENTIAL_ID.to_owned(), vec![credential])]),
    }))
}

/// The common name of a certificate, or empty.
pub(crate) fn common_name(leaf: &CertificateDer<'_>) -> String {
    let Ok((_, cert)) = X509Certificate::from_der(leaf) else { return String::new() };
    let name = cert.subject().iter_common_name().last().and_then(|name| name.as_str().ok());
    name.unwrap_or_default().to_owned()
}

#[cfg(test)]
pub(crate) mod tests {
    use mizzen_pki::{Authority, ClientRequest};

    use super::*;

    pub(crate) fn env() -> Env {
        Env::seeded(1, "2026-01-01T00:00:00Z".parse().unwrap())
    }

    pub(crate) fn peer(authority: &Authority, user: &str, groups: &[&str]) -> Peer {
        let request = ClientRequest { user, groups, valid: Duration::from_secs(3600) };
        let client = authority.client(&request, env().now()).unwrap();
        let der = CertificateDer::from_pem_slice(client.cert_pem.as_bytes()).unwrap();
        Peer { certificates: vec![der] }
    }

    #[tokio::test(start_paused = true)]
    async fn certificates_of_the_authority_count() {
        let env = env();
        let ours = Authority::create("kubernetes", env.now()).unwrap();
        let other = Authority::create("kubernetes", env.now()).unwrap();
        let authn = ClientCertificates::new(ours.cert_pem(), env.clone()).unwrap();
        let headers = http::HeaderMap::new();
        let found = authn.authenticate(&headers, &peer(&ours, "jane", &["a", "b"])).await.unwrap().unwrap();
        assert_eq!((found.name.as_str(), found.groups), ("jane", vec!["a".to_owned(), "b".to_owned()]));
        assert!(found.extra[CREDENTIAL_ID][0].starts_with("X509SHA256="));
        assert_eq!(authn.authenticate(&headers, &Peer::default()).await, Ok(None));
        assert_eq!(authn.authenticate(&headers, &peer(&ours, "", &[])).await, Ok(None));
        let error = authn.authenticate(&headers, &peer(&other, "jane", &[])).await.unwrap_err();
        assert_eq!(error.code, 401);
        let jane = peer(&ours, "jane", &[]);
        assert!(authn.authenticate(&headers, &jane).await.unwrap().is_some());
        assert!(authn.authenticate(&headers, &jane).await.unwrap().is_some(), "known by now");
        let longer =
            Peer { certificates: [&jane.certificates[..], &peer(&other, "x", &[]).certificates].concat() };
        assert!(authn.recall(&jane.certificates[0], &longer.certificates[1..], env.now()).is_none());
        tokio::time::advance(Duration::from_secs(3595)).await;
        assert!(authn.authenticate(&headers, &jane).await.unwrap().is_some(), "for its last seconds");
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(authn.authenticate(&headers, &jane).await.unwrap_err().code, 401, "expired");
    }

    #[test]
    fn a_bundle_must_hold_authorities() {
        assert!(ClientCertificates::new("nothing", env()).is_err());
    }
}
