//! Certificate authorities and what they sign. Keys are ECDSA P-256.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::PkiError;
use crate::der::{
    BIT_STRING, OCTET_STRING, OID, SEQUENCE, SET, UTF8_STRING, bit_string, context, extension, pem, time,
    tlv, unpem, unsigned,
};

/// Certificates begin to be valid a little earlier than now: the clocks of two machines differ.
const BACKDATE: SignedDuration = SignedDuration::from_mins(5);
const AUTHORITY_VALID: SignedDuration = SignedDuration::from_hours(24 * 3650);

const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const PRIME256V1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const ORGANIZATION: &[u8] = &[0x55, 0x04, 0x0a];
const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 0x0e];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 0x23];
const EXT_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];

/// What a certificate's key may be used for (RFC 5280, 4.2.1.3 and 4.2.1.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// Key usage digitalSignature.
    DigitalSignature,
    /// Key usage nonRepudiation, also named contentCommitment.
    ContentCommitment,
    /// Key usage keyEncipherment.
    KeyEncipherment,
    /// Key usage dataEncipherment.
    DataEncipherment,
    /// Key usage keyAgreement.
    KeyAgreement,
    /// Key usage keyCertSign; the certificate is no authority's all the same.
    CertSign,
    /// Key usage cRLSign.
    CrlSign,
    /// Key usage encipherOnly.
    EncipherOnly,
    /// Key usage decipherOnly.
    DecipherOnly,
    /// Extended key usage serverAuth.
    ServerAuth,
    /// Extended key usage clientAuth.
    ClientAuth,
    /// Extended key usage codeSigning.
    CodeSigning,
    /// Extended key usage emailProtection.
    EmailProtection,
    /// Extended key usage ipsecEndSystem.
    IpsecEndSystem,
    /// Extended key usage ipsecTunnel.
    IpsecTunnel,
    /// Extended key usage ipsecUser.
    IpsecUser,
    /// Extended key usage timeStamping.
    Timestamping,
    /// Extended key usage OCSPSigning.
    OcspSigning,
    /// Extended key usage anyExtendedKeyUsage.
    Any,
}

/// `id-kp`: 1.3.6.1.5.5.7.3, without its last part.
const KEY_PURPOSE: [u8; 7] = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03];

impl Usage {
    /// The bit in `KeyUsage`, the first being the highest; 0 for extended usages.
    const fn bit(self) -> u16 {
        match self {
            Self::DigitalSignature => 0x8000,
            Self::ContentCommitment => 0x4000,
            Self::KeyEncipherment => 0x2000,
            Self::DataEncipherment => 0x1000,
            Self::KeyAgreement => 0x0800,
            Self::CertSign => 0x0400,
            Self::CrlSign => 0x0200,
            Self::EncipherOnly => 0x0100,
            Self::DecipherOnly => 0x0080,
            _ => 0,
        }
    }

    /// The object identifier of an extended usage.
    fn extended(self) -> Option<Vec<u8>> {
        let last = match self {
            Self::ServerAuth => 1,
            Self::ClientAuth => 2,
            Self::CodeSigning => 3,
            Self::EmailProtection => 4,
            Self::IpsecEndSystem => 5,
            Self::IpsecTunnel => 6,
            Self::IpsecUser => 7,
            Self::Timestamping => 8,
            Self::OcspSigning => 9,
            Self::Any => return Some([EXT_KEY_USAGE, &[0]].concat()),
            _ => return None,
        };
        Some([&KEY_PURPOSE[..], &[last]].concat())
    }
}

/// The `KeyUsage` bit string of these bits.
fn key_usage(bits: u16) -> Vec<u8> {
    let bytes = bits.to_be_bytes();
    let used = if bytes[1] == 0 { &bytes[..1] } else { &bytes[..] };
    let unused = used.last().map_or(0, |last| last.trailing_zeros());
    tlv(BIT_STRING, &[&[u8::try_from(unused).unwrap_or(0)], used])
}

/// A certificate authority. Clones share it.
#[derive(Clone)]
pub struct Authority(Arc<Inner>);

struct Inner {
    cert_pem: String,
    key_pem: String,
    /// The subject, as DER: the issuer of what it signs.
    name: Vec<u8>,
    key_id: Vec<u8>,
    key: EcdsaKeyPair,
    not_after: Timestamp,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("cert_pem", &self.0.cert_pem).finish_non_exhaustive()
    }
}

/// A certificate with its key, both as PEM.
#[derive(Clone)]
pub struct Certified {
    /// The certificate.
    pub cert_pem: String,
    /// Its private key (PKCS #8).
    pub key_pem: String,
}

impl std::fmt::Debug for Certified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Certified").field("cert_pem", &self.cert_pem).finish_non_exhaustive()
    }
}

/// A client certificate: a user and groups.
#[derive(Debug, Clone)]
pub struct ClientRequest<'a> {
    /// Common name: the user.
    pub user: &'a str,
    /// Organisations: the groups.
    pub groups: &'a [&'a str],
    /// How long it is valid.
    pub valid: Duration,
}

/// A server certificate.
#[derive(Debug, Clone)]
pub struct ServerRequest<'a> {
    /// Common name.
    pub name: &'a str,
    /// DNS names.
    pub dns_names: &'a [&'a str],
    /// Addresses.
    pub addresses: &'a [IpAddr],
    /// How long it is valid.
    pub valid: Duration,
}

/// What is signed, each part as DER.
struct Contents<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
    public_key: &'a [u8],
    not_before: Timestamp,
    not_after: Timestamp,
    extensions: Vec<Vec<u8>>,
}

impl Authority {
    /// A new self-signed authority, valid for ten years.
    pub fn create(common_name: &str, now: Timestamp) -> Result<Self, PkiError> {
        let (key, key_pem) = new_key()?;
        let name = distinguished_name(common_name, &[]);
        let spki = public_key_info(&key);
        let key_id = key_identifier(key.public_key().as_ref());
        let contents = Contents {
            issuer: &name,
            subject: &name,
            public_key: &spki,
            not_before: now.checked_sub(BACKDATE).map_err(|_| PkiError::Validity)?,
            not_after: now.checked_add(AUTHORITY_VALID).map_err(|_| PkiError::Validity)?,
            extensions: vec![
                // digitalSignature, keyEncipherment, keyCertSign: as kubeadm's authorities.
                extension(KEY_USAGE, true, &tlv(BIT_STRING, &[&[2, 0xa4]])),
                extension(BASIC_CONSTRAINTS, true, &tlv(SEQUENCE, &[&[0x01, 0x01, 0xff]])),
                extension(SUBJECT_KEY_ID, false, &tlv(OCTET_STRING, &[&key_id])),
                extension(SUBJECT_ALT_NAME, false, &alt_names(&[common_name], &[])),
            ],
        };
        let cert_pem = pem("CERTIFICATE", &contents.sign(&key)?);
        let not_after = contents.not_after;
        Ok(Self(Arc::new(Inner { cert_pem, key_pem, name, key_id, key, not_after })))
    }

    /// One made earlier: a certificate with its P-256 key in PKCS #8.
    pub fn load(cert_pem: &str, key_pem: &str) -> Result<Self, PkiError> {
        let der = unpem("CERTIFICATE", cert_pem)?;
        let (_, cert) = X509Certificate::from_der(&der).map_err(|_| PkiError::Malformed("certificate"))?;
        let key = load_key(key_pem, &ECDSA_P256_SHA256_ASN1_SIGNING)?;
        if cert.public_key().subject_public_key.data.as_ref() != key.public_key().as_ref() {
            return Err(PkiError::Malformed("pair of certificate and key"));
        }
        if !cert.is_ca() {
            return Err(PkiError::Malformed("authority: the certificate may not sign others"));
        }
        Ok(Self(Arc::new(Inner {
            cert_pem: cert_pem.to_owned(),
            key_pem: key_pem.to_owned(),
            name: cert.subject().as_raw().to_vec(),
            key_id: subject_key_id(&cert).unwrap_or_else(|| key_identifier(key.public_key().as_ref())),
            key,
            not_after: end_of(&cert)?,
        })))
    }

    /// Its certificate.
    pub fn cert_pem(&self) -> &str {
        &self.0.cert_pem
    }

    /// Its private key: for storing it, with mode 0600.
    pub fn key_pem(&self) -> &str {
        &self.0.key_pem
    }

    /// Signs a client certificate for a new key.
    pub fn client(&self, request: &ClientRequest<'_>, now: Timestamp) -> Result<Certified, PkiError> {
        let subject = distinguished_name(request.user, request.groups);
        let usages = [Usage::DigitalSignature, Usage::KeyEncipherment, Usage::ClientAuth];
        self.certify(&subject, None, &usages, request.valid, now)
    }

    /// Signs a server certificate for a new key.
    pub fn server(&self, request: &ServerRequest<'_>, now: Timestamp) -> Result<Certified, PkiError> {
        let subject = distinguished_name(request.name, &[]);
        let names = alt_names(request.dns_names, request.addresses);
        let none = request.dns_names.is_empty() && request.addresses.is_empty();
        let usages = [Usage::DigitalSignature, Usage::KeyEncipherment, Usage::ServerAuth];
        self.certify(&subject, Some(names).filter(|_| !none), &usages, request.valid, now)
    }

    fn certify(
        &self,
        subject: &[u8],
        alt_names: Option<Vec<u8>>,
        usages: &[Usage],
        valid: Duration,
        now: Timestamp,
    ) -> Result<Certified, PkiError> {
        let (key, key_pem) = new_key()?;
        let spki = public_key_info(&key);
        let cert_pem = self.issue(subject, &spki, alt_names, usages, valid, now)?;
        Ok(Certified { cert_pem, key_pem })
    }

    /// Signs a certificate (PEM) over a subject and public key that somebody else chose; the caller has made
    /// sure that they may have it. It never outlives the authority's own certificate.
    pub(crate) fn issue(
        &self,
        subject: &[u8],
        public_key_info: &[u8],
        alt_names: Option<Vec<u8>>,
        usages: &[Usage],
        valid: Duration,
        now: Timestamp,
    ) -> Result<String, PkiError> {
        let bits = usages.iter().fold(0, |bits, usage| bits | usage.bit());
        let extended: Vec<u8> =
            usages.iter().filter_map(|usage| usage.extended()).flat_map(|oid| tlv(OID, &[&oid])).collect();
        let mut extensions = Vec::new();
        if bits != 0 {
            extensions.push(extension(KEY_USAGE, true, &key_usage(bits)));
        }
        if !extended.is_empty() {
            extensions.push(extension(EXT_KEY_USAGE, false, &tlv(SEQUENCE, &[&extended])));
        }
        extensions.push(extension(BASIC_CONSTRAINTS, true, &tlv(SEQUENCE, &[])));
        let issuer_key = tlv(context(0, false), &[&self.0.key_id]);
        extensions.push(extension(AUTHORITY_KEY_ID, false, &tlv(SEQUENCE, &[&issuer_key])));
        if let Some(names) = alt_names {
            extensions.push(extension(SUBJECT_ALT_NAME, false, &names));
        }
        let contents = Contents {
            issuer: &self.0.name,
            subject,
            public_key: public_key_info,
            not_before: now.checked_sub(BACKDATE).map_err(|_| PkiError::Validity)?,
            not_after: now.checked_add(valid).map_err(|_| PkiError::Validity)?.min(self.0.not_after),
            extensions,
        };
        Ok(pem("CERTIFICATE", &contents.sign(&self.0.key)?))
    }
}

fn end_of(cert: &X509Certificate<'_>) -> Result<Timestamp, PkiError> {
    Timestamp::from_second(cert.validity().not_after.timestamp()).map_err(|_| PkiError::Validity)
}

/// When a certificate (PEM) ends.
pub fn valid_until(cert_pem: &str) -> Result<Timestamp, PkiError> {
    let der = unpem("CERTIFICATE", cert_pem)?;
    let (_, cert) = X509Certificate::from_der(&der).map_err(|_| PkiError::Malformed("certificate"))?;
    end_of(&cert)
}

impl Contents<'_> {
    fn sign(&self, key: &EcdsaKeyPair) -> Result<Vec<u8>, PkiError> {
        let random = SystemRandom::new();
        let mut serial = [0u8; 16];
        random.fill(&mut serial).map_err(|_| PkiError::Sign)?;
        // Positive, and never zero (RFC 5280, 4.1.2.2).
        serial[0] = serial[0] & 0x7f | 0x40;
        let algorithm = tlv(SEQUENCE, &[&tlv(OID, &[ECDSA_WITH_SHA256])]);
        let validity = tlv(SEQUENCE, &[&time(self.not_before)?, &time(self.not_after)?]);
        let extensions = tlv(SEQUENCE, &[&self.extensions.concat()]);
        let to_be_signed = tlv(
            SEQUENCE,
            &[
                &tlv(context(0, true), &[&unsigned(&[2])]),
                &unsigned(&serial),
                &algorithm,
                self.issuer,
                &validity,
                self.subject,
                self.public_key,
                &tlv(context(3, true), &[&extensions]),
            ],
        );
        let signature = key.sign(&random, &to_be_signed).map_err(|_| PkiError::Sign)?;
        Ok(tlv(SEQUENCE, &[&to_be_signed, &algorithm, &bit_string(signature.as_ref())]))
    }
}

/// A new key, and its PKCS #8 PEM.
pub(crate) fn new_key() -> Result<(EcdsaKeyPair, String), PkiError> {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random)
        .map_err(|_| PkiError::Malformed("new key"))?;
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, document.as_ref(), &random)
        .map_err(|_| PkiError::Malformed("new key"))?;
    Ok((key, pem("PRIVATE KEY", document.as_ref())))
}

pub(crate) fn load_key(
    key_pem: &str,
    algorithm: &'static ring::signature::EcdsaSigningAlgorithm,
) -> Result<EcdsaKeyPair, PkiError> {
    let der = unpem("PRIVATE KEY", key_pem)?;
    EcdsaKeyPair::from_pkcs8(algorithm, &der, &SystemRandom::new())
        .map_err(|_| PkiError::Malformed("ECDSA P-256 key"))
}

/// `SubjectPublicKeyInfo` of a P-256 key.
pub(crate) fn public_key_info(key: &EcdsaKeyPair) -> Vec<u8> {
    let algorithm = tlv(SEQUENCE, &[&tlv(OID, &[EC_PUBLIC_KEY]), &tlv(OID, &[PRIME256V1])]);
    tlv(SEQUENCE, &[&algorithm, &bit_string(key.public_key().as_ref())])
}

/// Organisations first, then the common name, as Go writes subjects.
pub(crate) fn distinguished_name(common_name: &str, organizations: &[&str]) -> Vec<u8> {
    let attribute = |oid: &[u8], text: &str| {
        let pair = tlv(SEQUENCE, &[&tlv(OID, &[oid]), &tlv(UTF8_STRING, &[text.as_bytes()])]);
        tlv(SET, &[&pair])
    };
    let mut parts: Vec<u8> =
        organizations.iter().flat_map(|organization| attribute(ORGANIZATION, organization)).collect();
    parts.extend(attribute(COMMON_NAME, common_name));
    tlv(SEQUENCE, &[&parts])
}

pub(crate) fn alt_names(dns_names: &[&str], addresses: &[IpAddr]) -> Vec<u8> {
    all_alt_names(dns_names, addresses, &[], &[])
}

/// Alternative names of every kind that a request may have.
pub(crate) fn all_alt_names(
    dns_names: &[&str],
    addresses: &[IpAddr],
    emails: &[String],
    uris: &[String],
) -> Vec<u8> {
    let mut names = Vec::new();
    for email in emails {
        names.extend(tlv(context(1, false), &[email.as_bytes()]));
    }
    for uri in uris {
        names.extend(tlv(context(6, false), &[uri.as_bytes()]));
    }
    for name in dns_names {
        names.extend(tlv(context(2, false), &[name.as_bytes()]));
    }
    for address in addresses {
        names.extend(match address {
            IpAddr::V4(address) => tlv(context(7, false), &[&address.octets()]),
            IpAddr::V6(address) => tlv(context(7, false), &[&address.octets()]),
        });
    }
    tlv(SEQUENCE, &[&names])
}

/// The extension that a request asks for with these names.
pub(crate) fn alt_names_extension(dns_names: &[&str], addresses: &[IpAddr]) -> Vec<u8> {
    extension(SUBJECT_ALT_NAME, false, &alt_names(dns_names, addresses))
}

pub(crate) fn signature_algorithm() -> Vec<u8> {
    tlv(SEQUENCE, &[&tlv(OID, &[ECDSA_WITH_SHA256])])
}

fn key_identifier(public_key: &[u8]) -> Vec<u8> {
    Sha256::digest(public_key)[..20].to_vec()
}

fn subject_key_id(cert: &X509Certificate<'_>) -> Option<Vec<u8>> {
    use x509_parser::extensions::ParsedExtension;
    cert.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0.to_vec()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::RootCertStore;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, UnixTime};
    use rustls::server::WebPkiClientVerifier;

    use super::*;

    const DAY: Duration = Duration::from_secs(86_400);

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn accepted(authority: &Authority, leaf: &str, at: Timestamp) -> bool {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(authority.cert_pem().as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let leaf = CertificateDer::from_pem_slice(leaf.as_bytes()).unwrap();
        let at = UnixTime::since_unix_epoch(Duration::from_secs(at.as_second() as u64));
        verifier.verify_client_cert(&leaf, &[], at).is_ok()
    }

    #[test]
    fn clients_are_verified_by_their_authority_alone() {
        let authority = Authority::create("kubernetes", now()).unwrap();
        let other = Authority::create("kubernetes", now()).unwrap();
        let request = ClientRequest { user: "jane", groups: &["dev", "ops", "all"], valid: DAY };
        let client = authority.client(&request, now()).unwrap();
        assert!(accepted(&authority, &client.cert_pem, now()));
        assert!(!accepted(&authority, &client.cert_pem, now() + SignedDuration::from_hours(25)));
        assert!(!accepted(&authority, &client.cert_pem, now() - SignedDuration::from_hours(1)));
        assert!(!accepted(&other, &client.cert_pem, now()));
        let server = ServerRequest {
            name: "kube-apiserver",
            dns_names: &["kubernetes"],
            addresses: &[IpAddr::from([127, 0, 0, 1])],
            valid: DAY,
        };
        let server = authority.server(&server, now()).unwrap();
        assert!(!accepted(&authority, &server.cert_pem, now()), "a server certificate is no client's");

        let der = unpem("CERTIFICATE", &client.cert_pem).unwrap();
        let (_, cert) = X509Certificate::from_der(&der).unwrap();
        let names: Vec<_> = cert.subject().iter_organization().map(|o| o.as_str().unwrap()).collect();
        assert_eq!(names, ["dev", "ops", "all"]);
        assert_eq!(cert.subject().iter_common_name().next().unwrap().as_str().unwrap(), "jane");
    }

    #[test]
    fn load_gives_the_same_authority() {
        let authority = Authority::create("kubernetes", now()).unwrap();
        let again = Authority::load(authority.cert_pem(), authority.key_pem()).unwrap();
        let request = ClientRequest { user: "jane", groups: &[], valid: DAY };
        assert!(accepted(&authority, &again.client(&request, now()).unwrap().cert_pem, now()));
        let other = Authority::create("kubernetes", now()).unwrap();
        assert!(Authority::load(authority.cert_pem(), other.key_pem()).is_err());
        assert!(!format!("{authority:?}").contains("PRIVATE"));
    }

    #[test]
    fn far_moments_are_generalized_time() {
        let late: Timestamp = "2049-06-01T00:00:00Z".parse().unwrap();
        let authority = Authority::create("kubernetes", late).unwrap();
        let der = unpem("CERTIFICATE", authority.cert_pem()).unwrap();
        let (_, cert) = X509Certificate::from_der(&der).unwrap();
        assert_eq!(cert.validity().not_before.timestamp(), late.as_second() - 300);
        assert_eq!(cert.validity().not_after.timestamp(), late.as_second() + 3650 * 86_400);
    }
}
