//! Bootstrap tokens: secrets `bootstrap-token-ID` in kube-system, with which a node joins.

use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use mizzen_clock::Env;
use mizzen_schema::value::Value;
use sha2::{Digest, Sha256};

use super::bearer::{TokenAuthenticator, TokenUser};
use super::refused;
use crate::admission::Lookup;
use crate::admission::tree::{is_set, text};
use crate::attributes::User;
use crate::status::ApiError;

const TYPE: &str = "bootstrap.kubernetes.io/token";
const DEFAULT_GROUP: &str = "system:bootstrappers";
const USER_PREFIX: &str = "system:bootstrap:";

/// The authenticator of bootstrap tokens.
pub struct BootstrapTokens {
    lookup: Arc<dyn Lookup>,
    env: Env,
}

impl BootstrapTokens {
    /// Looks secrets up in `lookup`.
    pub fn new(lookup: Arc<dyn Lookup>, env: Env) -> Self {
        Self { lookup, env }
    }
}

fn is_part(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn datum(secret: &Value, key: &str) -> String {
    let bytes = STANDARD.decode(text(secret, &["data", key])).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The groups of a token, or `None` when one of them is not a bootstrap group.
fn groups(secret: &Value) -> Option<Vec<String>> {
    let extra = datum(secret, "auth-extra-groups");
    let mut groups = vec![DEFAULT_GROUP.to_owned()];
    for group in extra.split(',').filter(|group| !group.is_empty()) {
        let rest = group.strip_prefix("system:bootstrappers:")?;
        let letters = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b':' | b'-');
        let ends = rest.bytes().last().is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if !ends || rest.len() > 256 || !rest.bytes().all(letters) {
            return None;
        }
        groups.push(group.to_owned());
    }
    Some(groups)
}

#[async_trait]
impl TokenAuthenticator for BootstrapTokens {
    async fn token(&self, token: &str, audiences: &[String]) -> Result<Option<TokenUser>, ApiError> {
        let Some((id, secret)) = token.split_once('.') else { return Ok(None) };
        if !is_part(id, 6) || !is_part(secret, 16) {
            return Ok(None);
        }
        let name = format!("bootstrap-token-{id}");
        let Some(object) = self.lookup.get("", "secrets", "kube-system", &name).await? else {
            return Ok(None);
        };
        let valid = text(&object, &["type"]) == TYPE
            && !is_set(&object, &["metadata", "deletionTimestamp"])
            // Hashes, so that the time of the comparison tells nothing of the secret.
            && Sha256::digest(datum(&object, "token-secret")) == Sha256::digest(secret)
            && datum(&object, "token-id") == id
            && datum(&object, "usage-bootstrap-authentication") == "true";
        if !valid {
            return Ok(None);
        }
        let expiration = datum(&object, "expiration");
        if !expiration.is_empty() && expiration.parse::<Timestamp>().is_ok_and(|at| at > self.env.now()) {
            // Still valid.
        } else if !expiration.is_empty() {
            return Err(refused("an expired bootstrap token"));
        }
        let Some(groups) = groups(&object) else { return Err(refused("a bootstrap token's groups")) };
        let user = User { name: format!("{USER_PREFIX}{id}"), groups, ..User::default() };
        Ok(Some(TokenUser { user, audiences: audiences.to_vec() }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::admission::fake::Objects;

    #[tokio::test]
    async fn tokens_of_secrets() {
        async fn check(change: serde_json::Value, token: &str, expect: Result<Option<usize>, u16>) {
            let mut data = json!({
                "token-id": "abcdef", "token-secret": "0123456789abcdef",
                "usage-bootstrap-authentication": "true", "expiration": "2026-01-02T00:00:00Z",
                "auth-extra-groups": "system:bootstrappers:worker",
            });
            for (key, value) in change.as_object().unwrap() {
                data[key] = value.clone();
            }
            for (_, value) in data.as_object_mut().unwrap() {
                *value = STANDARD.encode(value.as_str().unwrap()).into();
            }
            let secret = json!({"metadata": {"name": "bootstrap-token-abcdef", "namespace": "kube-system"},
                "type": TYPE, "data": data});
            let lookup = Arc::new(Objects::new([("", "secrets", secret)]));
            let env = Env::seeded(1, "2026-01-01T00:00:00Z".parse().unwrap());
            let found = BootstrapTokens::new(lookup, env).token(token, &[]).await;
            let found = found.map(|found| found.map(|found| found.user.groups.len()));
            assert_eq!(found.map_err(|error| error.code), expect, "{change} {token}");
        }
        let right = "abcdef.0123456789abcdef";
        check(json!({}), right, Ok(Some(2))).await;
        check(json!({"expiration": ""}), right, Ok(Some(2))).await;
        check(json!({"auth-extra-groups": ""}), right, Ok(Some(1))).await;
        check(json!({}), "abcdef.0123456789abcdeX", Ok(None)).await;
        check(json!({}), "abcdef.0123456789abcdee", Ok(None)).await;
        check(json!({}), "abcdeg.0123456789abcdef", Ok(None)).await;
        check(json!({"usage-bootstrap-authentication": "false"}), right, Ok(None)).await;
        check(json!({"expiration": "2025-12-31T00:00:00Z"}), right, Err(401)).await;
        check(json!({"expiration": "soon"}), right, Err(401)).await;
        check(json!({"auth-extra-groups": "system:masters"}), right, Err(401)).await;
    }
}
