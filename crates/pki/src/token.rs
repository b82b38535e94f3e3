//! Service-account token keys: ECDSA on P-256 and P-384, and RSA, as Kubernetes takes them.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED,
    ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
    UnparsedPublicKey, VerificationAlgorithm,
};
use rustls::pki_types::pem::{PemObject, SectionKind};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::PkiError;
use crate::authority::new_key;
use crate::der::{INTEGER, NULL, OCTET_STRING, OID, SEQUENCE, bit_string, tlv};

/// Longest token looked at, in bytes.
const TOKEN_LEN_MAX: usize = 16 << 10;

/// Object identifiers' contents.
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];

/// A key that verifies service-account tokens, and signs them if it is private. Clones share it.
#[derive(Clone)]
pub struct TokenKey(Arc<Inner>);

struct Inner {
    key_pem: String,
    id: String,
    algorithm: Algorithm,
    /// `SubjectPublicKeyInfo`.
    info: Vec<u8>,
    /// What is verified with: a point, or RSA's numbers.
    public: Vec<u8>,
    signer: Option<Signer>,
}

enum Signer {
    Ecdsa(EcdsaKeyPair),
    Rsa(rsa::KeyPair),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Es256,
    Es384,
    Rs256,
}

impl Algorithm {
    const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
        }
    }

    fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::Es256 => &ECDSA_P256_SHA256_FIXED,
            Self::Es384 => &ECDSA_P384_SHA384_FIXED,
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        }
    }

    /// `AlgorithmIdentifier` of its keys.
    fn identifier(self) -> Vec<u8> {
        match self {
            Self::Es256 => tlv(SEQUENCE, &[&tlv(OID, &[EC_PUBLIC_KEY]), &tlv(OID, &[P256])]),
            Self::Es384 => tlv(SEQUENCE, &[&tlv(OID, &[EC_PUBLIC_KEY]), &tlv(OID, &[P384])]),
            Self::Rs256 => tlv(SEQUENCE, &[&tlv(OID, &[RSA_ENCRYPTION]), &tlv(NULL, &[])]),
        }
    }
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenKey").field("id", &self.0.id).finish_non_exhaustive()
    }
}

fn malformed<E>(_: E) -> PkiError {
    PkiError::Malformed("token key: want ECDSA P-256 or P-384, or RSA of at least 2048 bits")
}

/// A private key in PKCS #8.
fn pkcs8(der: &[u8]) -> Result<(Algorithm, Signer), PkiError> {
    let random = SystemRandom::new();
    if let Ok(key) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, &random) {
        return Ok((Algorithm::Es256, Signer::Ecdsa(key)));
    }
    if let Ok(key) = EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, der, &random) {
        return Ok((Algorithm::Es384, Signer::Ecdsa(key)));
    }
    rsa::KeyPair::from_pkcs8(der).map(|key| (Algorithm::Rs256, Signer::Rsa(key))).map_err(malformed)
}

/// A private key in the form of SEC 1, which does not always say on which curve it is.
fn sec1(der: &[u8]) -> Result<(Algorithm, Signer), PkiError> {
    let wrapped = |algorithm: Algorithm| {
        let version = tlv(INTEGER, &[&[0]]);
        tlv(SEQUENCE, &[&version, &algorithm.identifier(), &tlv(OCTET_STRING, &[der])])
    };
    pkcs8(&wrapped(Algorithm::Es256)).or_else(|_| pkcs8(&wrapped(Algorithm::Es384)))
}

impl TokenKey {
    /// A new key.
    pub fn create() -> Result<Self, PkiError> {
        let (_, key_pem) = new_key()?;
        Self::load(&key_pem)
    }

    /// A private key made earlier, as PEM.
    pub fn load(key_pem: &str) -> Result<Self, PkiError> {
        let key = Self::load_all(key_pem)?.into_iter().find(|key| key.0.signer.is_some());
        key.ok_or(PkiError::Malformed("token key: it is not private"))
    }

    /// All keys of a PEM file: private and public ones, and those of certificates.
    pub fn load_all(pem: &str) -> Result<Vec<Self>, PkiError> {
        let mut keys = Vec::new();
        for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(pem.as_bytes()) {
            let (kind, der) = section.map_err(malformed)?;
            keys.push(match kind {
                SectionKind::PrivateKey => Self::private(pem, pkcs8(&der)?)?,
                SectionKind::EcPrivateKey => Self::private(pem, sec1(&der)?)?,
                SectionKind::RsaPrivateKey => {
                    let key = rsa::KeyPair::from_der(&der).map_err(malformed)?;
                    Self::private(pem, (Algorithm::Rs256, Signer::Rsa(key)))?
                }
                SectionKind::PublicKey => Self::public(&der, String::new(), None)?,
                SectionKind::Certificate => {
                    let (_, certificate) = X509Certificate::from_der(&der).map_err(malformed)?;
                    Self::public(certificate.public_key().raw, String::new(), None)?
                }
                _ => continue,
            });
        }
        if keys.is_empty() { Err(PkiError::Malformed("token key: there is none in it")) } else { Ok(keys) }
    }

    fn private(pem: &str, (algorithm, signer): (Algorithm, Signer)) -> Result<Self, PkiError> {
        let public = match &signer {
            Signer::Ecdsa(key) => key.public_key().as_ref(),
            Signer::Rsa(key) => key.public().as_ref(),
        };
        let info = tlv(SEQUENCE, &[&algorithm.identifier(), &bit_string(public)]);
        Self::public(&info, pem.to_owned(), Some(signer))
    }

    fn public(info: &[u8], key_pem: String, signer: Option<Signer>) -> Result<Self, PkiError> {
        let (_, parsed) = SubjectPublicKeyInfo::from_der(info).map_err(malformed)?;
        let known = [Algorithm::Es256, Algorithm::Es384, Algorithm::Rs256];
        let own = known.into_iter().find(|own| {
            *info == *tlv(SEQUENCE, &[&own.identifier(), &bit_string(&parsed.subject_public_key.data)])
        });
        let algorithm = own.ok_or_else(|| malformed(()))?;
        // The same derivation as Kubernetes': the hash of the public key in its DER form.
        let id = URL_SAFE_NO_PAD.encode(Sha256::digest(info));
        let public = parsed.subject_public_key.data.to_vec();
        Ok(Self(Arc::new(Inner { key_pem, id, algorithm, info: info.to_vec(), public, signer })))
    }

    /// The private key as PEM, for storing it with mode 0600; empty for a public one.
    pub fn key_pem(&self) -> &str {
        &self.0.key_pem
    }

    /// `kid` of its tokens: derived from the public key.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// A compact JWT over these claims.
    pub fn sign(&self, claims: &Value) -> Result<String, PkiError> {
        let header = json!({ "alg": self.0.algorithm.name(), "kid": self.0.id });
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut token);
        let random = SystemRandom::new();
        let signature = match &self.0.signer {
            Some(Signer::Ecdsa(key)) => {
                key.sign(&random, token.as_bytes()).map_err(|_| PkiError::Sign)?.as_ref().to_vec()
            }
            Some(Signer::Rsa(key)) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, token.as_bytes(), &mut signature)
                    .map_err(|_| PkiError::Sign)?;
                signature
            }
            None => return Err(PkiError::Sign),
        };
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    /// The claims of a token that this key signed; `None` for any other. Times are not looked at.
    pub fn verify(&self, token: &str) -> Option<Value> {
        if token.len() > TOKEN_LEN_MAX {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let algorithm = header.get("alg").and_then(Value::as_str);
        let named = header.get("kid").is_none_or(|kid| kid.as_str() == Some(&self.0.id));
        if algorithm != Some(self.0.algorithm.name()) || !named || header.get("crit").is_some() {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        UnparsedPublicKey::new(self.0.algorithm.verification(), &self.0.public)
            .verify(signed.as_bytes(), &signature)
            .ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// The public key, as an entry of `/openid/v1/jwks`.
    pub fn jwk(&self) -> Value {
        let mut key = json!({ "use": "sig", "kid": self.0.id, "alg": self.0.algorithm.name() });
        let number = |bytes: &[u8]| {
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            json!(URL_SAFE_NO_PAD.encode(&bytes[zeros..]))
        };
        let half = match self.0.algorithm {
            Algorithm::Es256 => 32,
            Algorithm::Es384 => 48,
            Algorithm::Rs256 => 0,
        };
        if half > 0 {
            // An uncompressed point: 0x04, then both coordinates.
            let (x, y) = self.0.public[1..].split_at(half);
            key["kty"] = json!("EC");
            key["crv"] = json!(if half == 32 { "P-256" } else { "P-384" });
            key["x"] = json!(URL_SAFE_NO_PAD.encode(x));
            key["y"] = json!(URL_SAFE_NO_PAD.encode(y));
            return key;
        }
        let (_, info) = SubjectPublicKeyInfo::from_der(&self.0.info).expect("it was read before");
        if let Ok(PublicKey::RSA(public)) = info.parsed() {
            key["kty"] = json!("RSA");
            key["n"] = number(public.modulus);
            key["e"] = number(public.exponent);
        }
        key
    }
}

/// The DNS names that a certificate is for.
pub fn dns_names(der: &[u8]) -> Result<Vec<String>, PkiError> {
    let malformed = |_| PkiError::Malformed("certificate");
    let (_, certificate) = X509Certificate::from_der(der).map_err(malformed)?;
    let names = certificate.subject_alternative_name().map_err(|_| PkiError::Malformed("certificate"))?;
    let names = names.iter().flat_map(|names| &names.value.general_names);
    Ok(names
        .filter_map(|name| match name {
            x509_parser::extensions::GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_tokens_are_verified() {
        let key = TokenKey::create().unwrap();
        let claims = json!({ "sub": "system:serviceaccount:default:default", "exp": 12 });
        let token = key.sign(&claims).unwrap();
        assert_eq!(key.verify(&token), Some(claims.clone()));
        assert_eq!(TokenKey::load(key.key_pem()).unwrap().verify(&token), Some(claims));
        assert_eq!(TokenKey::create().unwrap().verify(&token), None);
    }

    #[test]
    fn tampering_is_seen() {
        let key = TokenKey::create().unwrap();
        let token = key.sign(&json!({ "sub": "a" })).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        let other = URL_SAFE_NO_PAD.encode(r#"{"sub":"b"}"#);
        let check = |token: String| assert_eq!(key.verify(&token), None, "{token}");
        check(format!("{none}.{}.", parts[1]));
        check(format!("{}.{other}.{}", parts[0], parts[2]));
        check(format!("{}.{}.{}=", parts[0], parts[1], parts[2]));
        check(String::new());
        check("...".to_owned());
        check("a".repeat(1 << 20));
    }

    #[test]
    fn keys_as_openssl_writes_them() {
        let claims = json!({ "sub": "a" });
        let check = |private: &str, public: Option<&str>, algorithm: &str| {
            let key = TokenKey::load(private).unwrap();
            let token = key.sign(&claims).unwrap();
            assert_eq!(key.jwk()["alg"], algorithm);
            for verifier in TokenKey::load_all(public.unwrap_or(private)).unwrap() {
                assert_eq!(verifier.verify(&token), Some(claims.clone()));
                assert_eq!((verifier.id(), verifier.jwk()), (key.id(), key.jwk()));
            }
        };
        let (rsa, rsa_public) = (include_str!("../testdata/rsa.key"), include_str!("../testdata/rsa.pub"));
        check(rsa, Some(rsa_public), "RS256");
        check(include_str!("../testdata/rsa-pkcs8.key"), Some(rsa_public), "RS256");
        check(include_str!("../testdata/p256.key"), Some(include_str!("../testdata/p256.pub")), "ES256");
        check(include_str!("../testdata/p384.key"), None, "ES384");
        let jwk = TokenKey::load(rsa).unwrap().jwk();
        assert_eq!((&jwk["kty"], &jwk["e"]), (&json!("RSA"), &json!("AQAB")));
        assert_eq!(TokenKey::load_all(&format!("{rsa}{rsa_public}")).unwrap().len(), 2);
        TokenKey::load(rsa_public).expect_err("it cannot sign");
        TokenKey::load_all("").expect_err("there is none");
    }
}
