//! Service-account token keys: ES256.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::PkiError;
use crate::authority::{load_key, new_key, public_key_info};

/// Longest token looked at, in bytes.
const TOKEN_LEN_MAX: usize = 16 << 10;

/// A key that signs and verifies service-account tokens. Clones share it.
#[derive(Clone)]
pub struct TokenKey(Arc<Inner>);

struct Inner {
    key_pem: String,
    id: String,
    key: EcdsaKeyPair,
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenKey").field("id", &self.0.id).finish_non_exhaustive()
    }
}

impl TokenKey {
    /// A new key.
    pub fn create() -> Result<Self, PkiError> {
        let (_, key_pem) = new_key()?;
        Self::load(&key_pem)
    }

    /// One made earlier (PKCS #8 PEM).
    pub fn load(key_pem: &str) -> Result<Self, PkiError> {
        let key = load_key(key_pem, &ECDSA_P256_SHA256_FIXED_SIGNING)?;
        // The same derivation as Kubernetes': the hash of the public key in its DER form.
        let id = URL_SAFE_NO_PAD.encode(Sha256::digest(public_key_info(&key)));
        Ok(Self(Arc::new(Inner { key_pem: key_pem.to_owned(), id, key })))
    }

    /// The private key as PEM, for storing it with mode 0600.
    pub fn key_pem(&self) -> &str {
        &self.0.key_pem
    }

    /// `kid` of its tokens: derived from the public key.
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// A compact JWT over these claims.
    pub fn sign(&self, claims: &Value) -> Result<String, PkiError> {
        let header = json!({ "alg": "ES256", "kid": self.0.id });
        let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut token);
        let signature =
            self.0.key.sign(&SystemRandom::new(), token.as_bytes()).map_err(|_| PkiError::Sign)?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature.as_ref(), &mut token);
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
        if algorithm != Some("ES256") || !named || header.get("crit").is_some() {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.0.key.public_key().as_ref())
            .verify(signed.as_bytes(), &signature)
            .ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// The public key, as an entry of `/openid/v1/jwks`.
    pub fn jwk(&self) -> Value {
        // An uncompressed point: 0x04, then both coordinates.
        let point = self.0.key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        json!({
            "use": "sig",
            "kty": "EC",
            "kid": self.0.id,
            "crv": "P-256",
            "alg": "ES256",
            "x": URL_SAFE_NO_PAD.encode(x),
            "y": URL_SAFE_NO_PAD.encode(y),
        })
    }
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
}
