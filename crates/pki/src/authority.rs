//! Certificate authorities and what they sign. Keys are ECDSA P-256.

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;

use crate::PkiError;

/// A certificate authority.
#[derive(Clone)]
pub struct Authority {}

/// A certificate with its key, both as PEM.
#[derive(Clone)]
pub struct Certified {
    /// The certificate.
    pub cert_pem: String,
    /// Its private key (PKCS #8).
    pub key_pem: String,
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

impl Authority {
    /// A new self-signed authority, valid for ten years.
    pub fn create(_common_name: &str, _now: Timestamp) -> Result<Self, PkiError> {
        todo!()
    }

    /// One made earlier.
    pub fn load(_cert_pem: &str, _key_pem: &str) -> Result<Self, PkiError> {
        todo!()
    }

    /// Its certificate.
    pub fn cert_pem(&self) -> &str {
        todo!()
    }

    /// Its private key: for storing it, with mode 0600.
    pub fn key_pem(&self) -> &str {
        todo!()
    }

    /// Signs a client certificate.
    pub fn client(&self, _request: &ClientRequest<'_>, _now: Timestamp) -> Result<Certified, PkiError> {
        todo!()
    }

    /// Signs a server certificate (usable as a client too, as kubelets' are not; extended key usage serverAuth).
    pub fn server(&self, _request: &ServerRequest<'_>, _now: Timestamp) -> Result<Certified, PkiError> {
        todo!()
    }
}
