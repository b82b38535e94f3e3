//! Who asks, and whether they may, by the API server's word.
//!
//! Callers are known by a client certificate, or by a token that the API server vouches for (TokenReview); what they may
//! do the API server says too (SubjectAccessReview). Answers are remembered for a short time.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{Request, header};
use k8s_openapi::api::authentication::v1::{TokenReview, TokenReviewSpec};
use k8s_openapi::api::authorization::v1::{
    NonResourceAttributes, ResourceAttributes, SubjectAccessReview, SubjectAccessReviewSpec,
};
use mizzen_client::Client;
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use tracing::warn;

/// Answers remembered at most; then all are forgotten.
const CACHE_LEN_MAX: usize = 1024;
/// How long the API server may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A caller.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct User {
    /// The name that rules are bound to.
    pub name: String,
    /// Tells users of one name apart; may be empty.
    pub uid: String,
    /// The groups they are in.
    pub groups: Vec<String>,
    /// What else an authenticator said of them.
    pub extra: BTreeMap<String, Vec<String>>,
}

impl User {
    /// Who shows neither certificate nor token.
    pub fn anonymous() -> Self {
        Self {
            name: "system:anonymous".to_owned(),
            groups: vec!["system:unauthenticated".to_owned()],
            ..Self::default()
        }
    }

    /// The user that a client certificate names: common name and organisations.
    pub fn from_certificate(der: &[u8]) -> Option<Self> {
        let (_, cert) = x509_parser::parse_x509_certificate(der).ok()?;
        let subject = cert.subject();
        let name = subject.iter_common_name().next()?.as_str().ok()?.to_owned();
        let groups = subject.iter_organization().filter_map(|group| group.as_str().ok());
        let mut groups: Vec<String> = groups.map(str::to_owned).collect();
        groups.push("system:authenticated".to_owned());
        Some(Self { name, groups, ..Self::default() })
    }
}

/// What somebody wants to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked {
    /// `get`, `create`, …
    pub verb: String,
    /// To what.
    pub target: Target,
}

/// To what they want to do it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A subresource of a node.
    Node {
        /// The node.
        name: String,
        /// The subresource.
        subresource: String,
    },
    /// A path that is no resource (`/metrics`).
    Path(String),
}

/// Why nobody was found who asks, or nothing is known of what they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// What they show is not good, or they show nothing and must.
    #[error("Unauthorized")]
    Unknown,
    /// The API server does not say.
    #[error("the API server does not answer")]
    Unanswered,
}

/// Answers, and until when they hold.
type Remembered<K, V> = Mutex<BTreeMap<K, (V, Instant)>>;

/// Asks the API server, and remembers.
pub struct Reviews {
    /// Whom to ask about tokens; `None`: no token is good.
    authentication: Option<Client>,
    /// Whom to ask what users may; `None`: nothing.
    authorization: Option<Client>,
    /// Whether those who show nothing are let in, as `system:anonymous`.
    anonymous: bool,
    token_ttl: Duration,
    allowed_ttl: Duration,
    denied_ttl: Duration,
    tokens: Remembered<[u8; 32], Option<User>>,
    decisions: Remembered<(User, Asked), bool>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn recall<K: Ord, V: Clone>(all: &Remembered<K, V>, key: &K) -> Option<V> {
    locked(all).get(key).filter(|(_, until)| *until > Instant::now()).map(|(value, _)| value.clone())
}

fn remember<K: Ord, V>(all: &Remembered<K, V>, key: K, value: V, ttl: Duration) {
    let mut all = locked(all);
    if all.len() >= CACHE_LEN_MAX {
        all.clear();
    }
    all.insert(key, (value, Instant::now() + ttl));
}

impl Reviews {
    /// Asks with these clients; answers are remembered as long as kube's components do by default (10 s).
    pub fn new(authentication: Option<Client>, authorization: Option<Client>, anonymous: bool) -> Self {
        let ttl = Duration::from_secs(10);
        Self {
            authentication,
            authorization,
            anonymous,
            token_ttl: ttl,
            allowed_ttl: ttl,
            denied_ttl: ttl,
            tokens: Mutex::default(),
            decisions: Mutex::default(),
        }
    }

    /// The same, remembering tokens, permissions and refusals for so long.
    pub fn remembering(self, token_ttl: Duration, allowed_ttl: Duration, denied_ttl: Duration) -> Self {
        Self { token_ttl, allowed_ttl, denied_ttl, ..self }
    }

    /// Who sent the request: by certificate, else by bearer token.
    pub async fn authenticate<B>(
        &self,
        certificate: Option<&User>,
        request: &Request<B>,
    ) -> Result<User, ReviewError> {
        if let Some(user) = certificate {
            return Ok(user.clone());
        }
        if let Some(token) = bearer(request) {
            // A token that is not good is not the same as none.
            return self.review(token).await?.ok_or(ReviewError::Unknown);
        }
        if self.anonymous { Ok(User::anonymous()) } else { Err(ReviewError::Unknown) }
    }

    async fn review(&self, token: &str) -> Result<Option<User>, ReviewError> {
        let Some(client) = &self.authentication else { return Ok(None) };
        let key: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(user) = recall(&self.tokens, &key) {
            return Ok(user);
        }
        let spec = TokenReviewSpec { token: Some(token.to_owned()), ..TokenReviewSpec::default() };
        let review = TokenReview { spec, ..TokenReview::default() };
        let answer = tokio::time::timeout(TIMEOUT, client.create(&review)).await;
        let answer = answer.map_err(|_| ReviewError::Unanswered)?.map_err(|error| {
            warn!(%error, "A token review failed.");
            ReviewError::Unanswered
        })?;
        let status = answer.status.unwrap_or_default();
        let user = status.user.filter(|_| status.authenticated == Some(true)).map(|user| User {
            name: user.username.unwrap_or_default(),
            uid: user.uid.unwrap_or_default(),
            groups: user.groups.unwrap_or_default(),
            extra: user.extra.unwrap_or_default(),
        });
        remember(&self.tokens, key, user.clone(), self.token_ttl);
        Ok(user)
    }

    /// Whether the user may.
    pub async fn may(&self, user: &User, asked: &Asked) -> Result<bool, ReviewError> {
        let Some(client) = &self.authorization else { return Ok(false) };
        let key = (user.clone(), asked.clone());
        if let Some(allowed) = recall(&self.decisions, &key) {
            return Ok(allowed);
        }
        let mut spec = SubjectAccessReviewSpec {
            user: Some(user.name.clone()),
            uid: Some(user.uid.clone()).filter(|uid| !uid.is_empty()),
            groups: Some(user.groups.clone()),
            extra: Some(user.extra.clone()).filter(|extra| !extra.is_empty()),
            ..SubjectAccessReviewSpec::default()
        };
        let verb = Some(asked.verb.clone());
        match &asked.target {
            Target::Node { name, subresource } => {
                spec.resource_attributes = Some(ResourceAttributes {
                    verb,
                    version: Some("v1".to_owned()),
                    group: Some(String::new()),
                    resource: Some("nodes".to_owned()),
                    subresource: Some(subresource.clone()),
                    name: Some(name.clone()),
                    ..ResourceAttributes::default()
                });
            }
            Target::Path(path) => {
                spec.non_resource_attributes = Some(NonResourceAttributes { path: Some(path.clone()), verb });
            }
        }
        let review = SubjectAccessReview { spec, ..SubjectAccessReview::default() };
        let answer = tokio::time::timeout(TIMEOUT, client.create(&review)).await;
        let answer = answer.map_err(|_| ReviewError::Unanswered)?.map_err(|error| {
            warn!(%error, "An access review failed.");
            ReviewError::Unanswered
        })?;
        let status = answer.status.unwrap_or_default();
        let allowed = status.allowed && status.denied != Some(true);
        let ttl = if allowed { self.allowed_ttl } else { self.denied_ttl };
        remember(&self.decisions, key, allowed, ttl);
        Ok(allowed)
    }
}

fn bearer<B>(request: &Request<B>) -> Option<&str> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearer_tokens() {
        let check = |value: &str, expect: Option<&str>| {
            let request =
                Request::builder().header(header::AUTHORIZATION, value).body(()).expect("a request");
            assert_eq!(bearer(&request), expect, "{value}");
        };
        check("Bearer abc", Some("abc"));
        check("bearer  abc ", Some("abc"));
        check("Bearer ", None);
        check("Basic abc", None);
    }
}
