//! Service-account tokens, asked for in a pod's name and renewed well before they expire.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::authentication::v1::{BoundObjectReference, TokenRequest, TokenRequestSpec};
use k8s_openapi::api::core::v1::{Pod, ServiceAccount};
use mizzen_client::{ApiResource, Client, ObjectKey};
use mizzen_clock::Env;

use super::VolumeError;
use crate::pods::spec;

/// A token is renewed at the latest after so long, however long it is valid.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(24);

type Key = (String, String, i64);

#[derive(Clone)]
struct Token {
    text: String,
    renew_at: Timestamp,
    expires: Timestamp,
}

/// Tokens by pod uid, audience and lifetime. Clones share them.
#[derive(Clone)]
pub(crate) struct Tokens {
    client: Client,
    env: Env,
    tokens: Arc<Mutex<BTreeMap<Key, Token>>>,
}

/// When a token that is valid from `issued` to `expires` is renewed: after 80 % of its life.
fn renew_at(issued: Timestamp, expires: Timestamp) -> Timestamp {
    let life = expires.duration_since(issued);
    let wait = (life / 5 * 4).min(AGE_MAX);
    issued.checked_add(wait).unwrap_or(Timestamp::MAX)
}

impl Tokens {
    /// None yet.
    pub(crate) fn new(client: Client, env: Env) -> Self {
        Self { client, env, tokens: Arc::default() }
    }

    /// A token for the pod's service account that is not about to expire, and when to ask again. A token that cannot
    /// be renewed is given out until it expires.
    pub(crate) async fn get(
        &self,
        pod: &Pod,
        audience: &str,
        lifetime_s: i64,
    ) -> Result<(String, Timestamp), VolumeError> {
        let key = (spec::uid(pod).to_owned(), audience.to_owned(), lifetime_s);
        let now = self.env.now();
        let old = self.tokens.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(token) = old.as_ref().filter(|token| token.renew_at > now) {
            return Ok((token.text.clone(), token.renew_at));
        }
        match self.request(pod, audience, lifetime_s, now).await {
            Ok(token) => {
                let answer = (token.text.clone(), token.renew_at);
                self.tokens.lock().unwrap_or_else(PoisonError::into_inner).insert(key, token);
                Ok(answer)
            }
            Err(error) => match old.filter(|token| token.expires > now) {
                Some(token) => {
                    let again = now.checked_add(SignedDuration::from_secs(10)).unwrap_or(now);
                    tracing::warn!(pod = %spec::key(pod), %error, "A token could not be renewed, will retry.");
                    Ok((token.text, again))
                }
                None => Err(VolumeError::Token(error.to_string())),
            },
        }
    }

    async fn request(
        &self,
        pod: &Pod,
        audience: &str,
        lifetime_s: i64,
        now: Timestamp,
    ) -> Result<Token, mizzen_client::Error> {
        let account = spec::spec(pod).service_account_name.as_deref().unwrap_or("default");
        let audiences = if audience.is_empty() { Vec::new() } else { vec![audience.to_owned()] };
        let body = TokenRequest {
            spec: TokenRequestSpec {
                audiences,
                bound_object_ref: Some(BoundObjectReference {
                    api_version: Some("v1".to_owned()),
                    kind: Some("Pod".to_owned()),
                    name: pod.metadata.name.clone(),
                    uid: pod.metadata.uid.clone(),
                }),
                expiration_seconds: Some(lifetime_s),
            },
            ..TokenRequest::default()
        };
        let account = ObjectKey::new(spec::namespace(pod), account);
        let resource = ApiResource::of::<ServiceAccount>();
        let answer: TokenRequest =
            self.client.create_subresource(&resource, &account, "token", &body).await?;
        let status = answer.status.ok_or_else(|| {
            mizzen_client::Error::Transport("the answer to a token request has no status".into())
        })?;
        let expires = status.expiration_timestamp.0;
        Ok(Token { text: status.token, renew_at: renew_at(now, expires), expires })
    }

    /// Forgets a pod's tokens.
    pub(crate) fn release(&self, uid: &str) {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).retain(|(owner, _, _), _| owner != uid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renewal() {
        let check = |life: i64, expect: i64| {
            let at = |second| Timestamp::from_second(second).expect("in range");
            assert_eq!(renew_at(at(0), at(life)).as_second(), expect);
        };
        check(3600, 2880);
        check(600, 480);
        check(7 * 24 * 3600, 24 * 3600);
    }
}
