//! Certificate signing requests: made by kubelets, signed by the certificate controllers.

use std::net::IpAddr;
use std::time::Duration;

use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::signature;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer;

use crate::PkiError;
use crate::authority::{
    Authority, Usage, all_alt_names, alt_names_extension, distinguished_name, new_key, public_key_info,
    signature_algorithm,
};
use crate::der::{OID, SEQUENCE, SET, bit_string, context, pem, tlv, unpem, unsigned};

const LABEL: &str = "CERTIFICATE REQUEST";
const EXTENSION_REQUEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e];

/// A request that was read, and whose signature proves that the requester has the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningRequest {
    /// Common name.
    pub common_name: String,
    /// Organisations.
    pub organizations: Vec<String>,
    /// DNS names asked for.
    pub dns_names: Vec<String>,
    /// Addresses asked for.
    pub addresses: Vec<IpAddr>,
    /// E-mail addresses asked for.
    pub emails: Vec<String>,
    /// URIs asked for.
    pub uris: Vec<String>,
    subject: Vec<u8>,
    public_key_info: Vec<u8>,
}

impl SigningRequest {
    /// A request (PEM) for a new key, and the key (PEM).
    pub fn create(
        common_name: &str,
        organizations: &[&str],
        dns_names: &[&str],
        addresses: &[IpAddr],
    ) -> Result<(String, String), PkiError> {
        let (key, key_pem) = new_key()?;
        let attributes = if dns_names.is_empty() && addresses.is_empty() {
            tlv(context(0, true), &[])
        } else {
            let extensions = tlv(SEQUENCE, &[&alt_names_extension(dns_names, addresses)]);
            let attribute = tlv(SEQUENCE, &[&tlv(OID, &[EXTENSION_REQUEST]), &tlv(SET, &[&extensions])]);
            tlv(context(0, true), &[&attribute])
        };
        let subject = distinguished_name(common_name, organizations);
        let info = tlv(SEQUENCE, &[&unsigned(&[]), &subject, &public_key_info(&key), &attributes]);
        let signed = key.sign(&SystemRandom::new(), &info).map_err(|_| PkiError::Sign)?;
        let der = tlv(SEQUENCE, &[&info, &signature_algorithm(), &bit_string(signed.as_ref())]);
        Ok((pem(LABEL, &der), key_pem))
    }

    /// Reads a request (PEM) and checks its signature.
    pub fn parse(text: &str) -> Result<Self, PkiError> {
        let der = unpem(LABEL, text)?;
        let malformed = || PkiError::Malformed("certificate request");
        let (rest, request) = X509CertificationRequest::from_der(&der).map_err(|_| malformed())?;
        if !rest.is_empty() {
            return Err(malformed());
        }
        verify(&request)?;
        let info = &request.certification_request_info;
        let texts = |names: Vec<Result<&str, _>>| -> Result<Vec<String>, PkiError> {
            names.into_iter().map(|name| name.map(str::to_owned).map_err(|_: ()| malformed())).collect()
        };
        let common = info.subject.iter_common_name().map(|name| name.as_str().map_err(|_| ())).collect();
        let organizations =
            info.subject.iter_organization().map(|name| name.as_str().map_err(|_| ())).collect();
        let mut read = Self {
            common_name: texts(common)?.into_iter().next_back().unwrap_or_default(),
            organizations: texts(organizations)?,
            dns_names: Vec::new(),
            addresses: Vec::new(),
            emails: Vec::new(),
            uris: Vec::new(),
            subject: info.subject.as_raw().to_vec(),
            public_key_info: info.subject_pki.raw.to_vec(),
        };
        for extension in request.requested_extensions().into_iter().flatten() {
            let ParsedExtension::SubjectAlternativeName(names) = extension else { continue };
            for name in &names.general_names {
                read.add(name)?;
            }
        }
        Ok(read)
    }

    fn add(&mut self, name: &GeneralName<'_>) -> Result<(), PkiError> {
        let malformed = || PkiError::Malformed("alternative name");
        match name {
            GeneralName::DNSName(name) => self.dns_names.push((*name).to_owned()),
            GeneralName::IPAddress(bytes) => self.addresses.push(match bytes.len() {
                4 => IpAddr::from(<[u8; 4]>::try_from(*bytes).map_err(|_| malformed())?),
                16 => IpAddr::from(<[u8; 16]>::try_from(*bytes).map_err(|_| malformed())?),
                _ => return Err(malformed()),
            }),
            GeneralName::RFC822Name(name) => self.emails.push((*name).to_owned()),
            GeneralName::URI(name) => self.uris.push((*name).to_owned()),
            _ => return Err(malformed()),
        }
        Ok(())
    }

    /// The certificate (PEM) that `authority` gives for this request: its subject, key and names, these
    /// usages. The caller has made sure that the requester may have it.
    pub fn sign(
        &self,
        authority: &Authority,
        usages: &[Usage],
        valid: Duration,
        now: Timestamp,
    ) -> Result<String, PkiError> {
        let dns: Vec<&str> = self.dns_names.iter().map(String::as_str).collect();
        let none =
            dns.is_empty() && self.addresses.is_empty() && self.emails.is_empty() && self.uris.is_empty();
        let names = all_alt_names(&dns, &self.addresses, &self.emails, &self.uris);
        let names = Some(names).filter(|_| !none);
        authority.issue(&self.subject, &self.public_key_info, names, usages, valid, now)
    }
}

fn verify(request: &X509CertificationRequest<'_>) -> Result<(), PkiError> {
    let oid = request.signature_algorithm.algorithm.to_id_string();
    let key = request.certification_request_info.subject_pki.subject_public_key.data.as_ref();
    let algorithm: &dyn signature::VerificationAlgorithm = match (oid.as_str(), key.len()) {
        ("1.2.840.10045.4.3.2", 65) => &signature::ECDSA_P256_SHA256_ASN1,
        ("1.2.840.10045.4.3.2", 97) => &signature::ECDSA_P384_SHA256_ASN1,
        ("1.2.840.10045.4.3.3", 65) => &signature::ECDSA_P256_SHA384_ASN1,
        ("1.2.840.10045.4.3.3", 97) => &signature::ECDSA_P384_SHA384_ASN1,
        ("1.2.840.113549.1.1.11", _) => &signature::RSA_PKCS1_2048_8192_SHA256,
        ("1.2.840.113549.1.1.12", _) => &signature::RSA_PKCS1_2048_8192_SHA384,
        ("1.2.840.113549.1.1.13", _) => &signature::RSA_PKCS1_2048_8192_SHA512,
        ("1.3.101.112", _) => &signature::ED25519,
        _ => return Err(PkiError::Malformed("signature algorithm of the request")),
    };
    let message = request.certification_request_info.raw;
    signature::UnparsedPublicKey::new(algorithm, key)
        .verify(message, request.signature_value.data.as_ref())
        .map_err(|_| PkiError::NotPossessed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_read_and_signed() {
        let address = IpAddr::from([10, 0, 0, 1]);
        let (text, key) =
            SigningRequest::create("system:node:a", &["system:nodes"], &["a"], &[address]).unwrap();
        assert!(key.contains("PRIVATE KEY"));
        let read = SigningRequest::parse(&text).unwrap();
        assert_eq!(read.common_name, "system:node:a");
        assert_eq!(read.organizations, ["system:nodes"]);
        assert_eq!(
            (read.dns_names.as_slice(), read.addresses.as_slice()),
            (&["a".to_owned()][..], &[address][..])
        );
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let authority = Authority::create("kubernetes", now).unwrap();
        let usages = [Usage::DigitalSignature, Usage::ServerAuth];
        let cert = read.sign(&authority, &usages, Duration::from_secs(60), now).unwrap();
        let der = unpem("CERTIFICATE", &cert).unwrap();
        let (_, cert) = x509_parser::prelude::X509Certificate::from_der(&der).unwrap();
        assert_eq!(cert.subject().to_string(), "O=system:nodes, CN=system:node:a");
        let names = cert.subject_alternative_name().unwrap().unwrap();
        assert_eq!(names.value.general_names.len(), 2);
    }

    #[test]
    fn usages_and_the_end_of_the_authority() {
        let (text, _) = SigningRequest::create("jane", &[], &[], &[]).unwrap();
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let authority = Authority::create("kubernetes", now).unwrap();
        let usages = [Usage::DigitalSignature, Usage::DecipherOnly, Usage::CodeSigning, Usage::Any];
        let century = Duration::from_secs(100 * 365 * 86_400);
        let cert = SigningRequest::parse(&text).unwrap().sign(&authority, &usages, century, now).unwrap();
        let der = unpem("CERTIFICATE", &cert).unwrap();
        let (_, read) = x509_parser::prelude::X509Certificate::from_der(&der).unwrap();
        let bits = read.key_usage().unwrap().unwrap().value;
        assert!(bits.digital_signature() && bits.decipher_only() && !bits.key_cert_sign());
        let extended = read.extended_key_usage().unwrap().unwrap().value;
        assert!(extended.any && extended.code_signing && !extended.client_auth);
        let end = crate::valid_until(authority.cert_pem()).unwrap();
        assert_eq!(crate::valid_until(&cert).unwrap(), end);
        let again = Authority::load(authority.cert_pem(), authority.key_pem()).unwrap();
        let cert = SigningRequest::parse(&text).unwrap().sign(&again, &usages, century, now).unwrap();
        assert_eq!(crate::valid_until(&cert).unwrap(), end);
    }

    #[test]
    fn a_forged_request_is_refused() {
        let (text, _) = SigningRequest::create("jane", &[], &[], &[]).unwrap();
        let mut der = unpem(LABEL, &text).unwrap();
        let at = der.windows(4).position(|window| window == b"jane").unwrap();
        der[at] = b'J';
        assert!(matches!(SigningRequest::parse(&pem(LABEL, &der)), Err(PkiError::NotPossessed)));
        assert!(SigningRequest::parse("nothing").is_err());
    }
}
