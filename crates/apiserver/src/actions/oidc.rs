//! OpenID Connect discovery of the service-account issuer: others verify our tokens by these two documents.
//!
//! Source: OpenID Connect Discovery 1.0, section 4; RFC 7517.

use mizzen_pki::TokenKey;
use serde_json::{Value, json};

/// Where the keys are, below the server's own address.
pub const JWKS_PATH: &str = "/openid/v1/jwks";
/// Where the configuration is.
pub const CONFIGURATION_PATH: &str = "/.well-known/openid-configuration";
/// The media type of the keys.
pub const JWKS_CONTENT_TYPE: &str = "application/jwk-set+json";

/// `/.well-known/openid-configuration`. `jwks_uri` is `--service-account-jwks-uri`, or the server's address
/// with [`JWKS_PATH`].
pub fn configuration(issuer: &str, jwks_uri: &str) -> Value {
    json!({
        "issuer": issuer,
        "jwks_uri": jwks_uri,
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    })
}

/// `/openid/v1/jwks`: the public halves of all keys whose tokens are accepted.
pub fn jwks(keys: &[TokenKey]) -> Value {
    json!({"keys": keys.iter().map(TokenKey::jwk).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents() {
        let key = TokenKey::create().unwrap();
        let keys = jwks(std::slice::from_ref(&key));
        assert_eq!(keys["keys"][0]["kid"], key.id());
        assert_eq!(keys["keys"][0]["d"], Value::Null, "no private key");
        assert_eq!(configuration("https://i", "https://i/openid/v1/jwks")["issuer"], "https://i");
    }
}
