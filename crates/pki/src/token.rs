//! Service-account token keys: ES256.

use serde_json::Value;

use crate::PkiError;

/// A key that signs and verifies service-account tokens.
#[derive(Clone)]
pub struct TokenKey {}

impl TokenKey {
    /// A new key.
    pub fn create() -> Result<Self, PkiError> {
        todo!()
    }

    /// One made earlier (PKCS #8 PEM).
    pub fn load(_key_pem: &str) -> Result<Self, PkiError> {
        todo!()
    }

    /// The private key as PEM, for storing it with mode 0600.
    pub fn key_pem(&self) -> &str {
        todo!()
    }

    /// `kid` of its tokens: derived from the public key.
    pub fn id(&self) -> &str {
        todo!()
    }

    /// A compact JWT over these claims.
    pub fn sign(&self, _claims: &Value) -> Result<String, PkiError> {
        todo!()
    }

    /// The claims of a token that this key signed; `None` for any other. Times are not looked at.
    pub fn verify(&self, _token: &str) -> Option<Value> {
        todo!()
    }

    /// The public key, as an entry of `/openid/v1/jwks`.
    pub fn jwk(&self) -> Value {
        todo!()
    }
}
