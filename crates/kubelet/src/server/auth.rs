//! Who asks, and whether they may.
//!
//! Callers are known by a client certificate, or by a token that the API server vouches for; what they may do the API
//! server says too (SubjectAccessReview on the node's subresources). Answers are remembered for a short time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use k8s_openapi::api::authentication::v1::{TokenReview, TokenReviewSpec};
use k8s_openapi::api::authorization::v1::{ResourceAttributes, SubjectAccessReview, SubjectAccessReviewSpec};
use mizzen_client::Client;
use tokio::time::Instant;

use sha2::{Digest, Sha256};

/// How long answers are remembered.
const TOKEN_TTL: Duration = Duration::from_secs(120);
const ALLOWED_TTL: Duration = Duration::from_secs(300);
const DENIED_TTL: Duration = Duration::from_secs(30);
/// Answers remembered at most; then all are forgotten.
const CACHE_LEN_MAX: usize = 1024;
/// How long the API server may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A caller.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) groups: Vec<String>,
    pub(crate) extra: BTreeMap<String, Vec<String>>,
}

impl User {
    pub(crate) fn anonymous() -> Self {
        Self {
            name: "system:anonymous".to_owned(),
            groups: vec!["system:unauthenticated".to_owned()],
            ..Self::default()
        }
    }

    /// The user that a client certificate names: common name and organisations.
    pub(crate) fn from_certificate(der: &[u8]) -> Option<Self> {
        let (_, cert) = x509_parser::parse_x509_certificate(der).ok()?;
        let subject = cert.subject();
        let name = subject.iter_common_name().next()?.as_str().ok()?.to_owned();
        let groups = subject.iter_organization().filter_map(|group| group.as_str().ok());
        let mut groups: Vec<String> = groups.map(str::to_owned).collect();
        groups.push("system:authenticated".to_owned());
        Some(Self { name, groups, ..Self::default() })
    }
}

/// What a request does, in terms that rules are written in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Action {
    verb: &'static str,
    /// Any of these subresources of the node is enough.
    subresources: Vec<&'static str>,
}

/// Names what a request does. Running things in containers is `create`, by whatever method the connection is opened:
/// WebSockets begin with GET.
///
/// Source: the documentation "Kubelet authentication/authorization"; KEP-2862, fine-grained kubelet API authorization.
pub(crate) fn action(method: &Method, path: &str) -> Action {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let runs = matches!(first, "exec" | "attach" | "portForward" | "run");
    let verb = match *method {
        _ if runs => "create",
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE => "delete",
        _ => "get",
    };
    let subresources = match first {
        "stats" => vec!["stats"],
        "metrics" => vec!["metrics"],
        "logs" => vec!["log"],
        "checkpoint" => vec!["checkpoint"],
        "healthz" => vec!["healthz", "proxy"],
        "configz" => vec!["configz", "proxy"],
        "pods" | "runningpods" => vec!["pods", "proxy"],
        _ => vec!["proxy"],
    };
    Action { verb, subresources }
}

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("Unauthorized")]
    Unknown,
    #[error("Forbidden (user={user}, verb={verb}, resource=nodes, subresource(s)={subresources:?})")]
    Forbidden { user: String, verb: &'static str, subresources: Vec<&'static str> },
    #[error("Authorization error (user={user}): the API server does not answer")]
    Unanswered { user: String },
}

/// Answers, and until when they hold.
type Remembered<K, V> = BTreeMap<K, (V, Instant)>;

/// Asks the API server, and remembers.
pub(crate) struct Gate {
    client: Client,
    node: String,
    webhook: bool,
    anonymous: bool,
    tokens: Mutex<Remembered<[u8; 32], Option<User>>>,
    /// By user, verb and subresource.
    decisions: Mutex<Remembered<(User, &'static str, &'static str), bool>>,
}

impl Gate {
    pub(crate) fn new(client: Client, config: &crate::config::Config) -> Self {
        Self {
            client,
            node: config.node_name.clone(),
            webhook: config.authentication_webhook,
            anonymous: config.anonymous_auth,
            tokens: Mutex::default(),
            decisions: Mutex::default(),
        }
    }

    /// Who sent the request: by certificate, else by bearer token.
    pub(crate) async fn authenticate(
        &self,
        certificate: Option<&User>,
        bearer: Option<&str>,
    ) -> Result<User, Refusal> {
        if let Some(user) = certificate {
            return Ok(user.clone());
        }
        if let Some(token) = bearer {
            // A token that is not good is not the same as none.
            let user = if self.webhook { self.review(token).await? } else { None };
            return user.ok_or(Refusal::Unknown);
        }
        if self.anonymous { Ok(User::anonymous()) } else { Err(Refusal::Unknown) }
    }

    async fn review(&self, token: &str) -> Result<Option<User>, Refusal> {
        let key: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        {
            let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((user, until)) = tokens.get(&key)
                && *until > Instant::now()
            {
                return Ok(user.clone());
            }
        }
        let spec = TokenReviewSpec { token: Some(token.to_owned()), ..TokenReviewSpec::default() };
        let review = TokenReview { spec, ..TokenReview::default() };
        let unanswered = || Refusal::Unanswered { user: String::new() };
        let answer = tokio::time::timeout(TIMEOUT, self.client.create(&review)).await;
        let answer = answer.map_err(|_| unanswered())?.map_err(|_| unanswered())?;
        let status = answer.status.unwrap_or_default();
        let user = status.user.filter(|_| status.authenticated == Some(true)).map(|user| User {
            name: user.username.unwrap_or_default(),
            uid: user.uid.unwrap_or_default(),
            groups: user.groups.unwrap_or_default(),
            extra: user.extra.unwrap_or_default(),
        });
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= CACHE_LEN_MAX {
            tokens.clear();
        }
        tokens.insert(key, (user.clone(), Instant::now() + TOKEN_TTL));
        Ok(user)
    }

    /// Whether the user may.
    pub(crate) async fn authorize(&self, user: &User, action: &Action) -> Result<(), Refusal> {
        for subresource in &action.subresources {
            if self.decide(user, action.verb, subresource).await? {
                return Ok(());
            }
        }
        Err(Refusal::Forbidden {
            user: user.name.clone(),
            verb: action.verb,
            subresources: action.subresources.clone(),
        })
    }

    async fn decide(
        &self,
        user: &User,
        verb: &'static str,
        subresource: &'static str,
    ) -> Result<bool, Refusal> {
        let key = (user.clone(), verb, subresource);
        {
            let decisions = self.decisions.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((allowed, until)) = decisions.get(&key)
                && *until > Instant::now()
            {
                return Ok(*allowed);
            }
        }
        let attributes = ResourceAttributes {
            verb: Some(verb.to_owned()),
            version: Some("v1".to_owned()),
            group: Some(String::new()),
            resource: Some("nodes".to_owned()),
            subresource: Some(subresource.to_owned()),
            name: Some(self.node.clone()),
            ..ResourceAttributes::default()
        };
        let spec = SubjectAccessReviewSpec {
            user: Some(user.name.clone()),
            uid: Some(user.uid.clone()).filter(|uid| !uid.is_empty()),
            groups: Some(user.groups.clone()),
            extra: Some(user.extra.clone()).filter(|extra| !extra.is_empty()),
            resource_attributes: Some(attributes),
            ..SubjectAccessReviewSpec::default()
        };
        let review = SubjectAccessReview { spec, ..SubjectAccessReview::default() };
        let unanswered = || Refusal::Unanswered { user: user.name.clone() };
        let answer = tokio::time::timeout(TIMEOUT, self.client.create(&review)).await;
        let answer = answer.map_err(|_| unanswered())?.map_err(|error| {
            tracing::warn!(%error, "An access review failed.");
            unanswered()
        })?;
        let status = answer.status.unwrap_or_default();
        let allowed = status.allowed && status.denied != Some(true);
        let ttl = if allowed { ALLOWED_TTL } else { DENIED_TTL };
        let mut decisions = self.decisions.lock().unwrap_or_else(PoisonError::into_inner);
        if decisions.len() >= CACHE_LEN_MAX {
            decisions.clear();
        }
        decisions.insert(key, (allowed, Instant::now() + ttl));
        Ok(allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions() {
        let check = |method: Method, path: &str, verb: &str, subresources: &[&str]| {
            let got = action(&method, path);
            assert_eq!((got.verb, got.subresources.as_slice()), (verb, subresources), "{path}");
        };
        check(Method::GET, "/stats/summary", "get", &["stats"]);
        check(Method::GET, "/metrics/cadvisor", "get", &["metrics"]);
        check(Method::GET, "/healthz", "get", &["healthz", "proxy"]);
        check(Method::GET, "/pods", "get", &["pods", "proxy"]);
        check(Method::GET, "/configz", "get", &["configz", "proxy"]);
        check(Method::GET, "/containerLogs/a/b/c", "get", &["proxy"]);
        // Opening a WebSocket is a GET: reading rights must not be enough to run a command.
        check(Method::GET, "/exec/a/b/c", "create", &["proxy"]);
        check(Method::GET, "/attach/a/b/c", "create", &["proxy"]);
        check(Method::GET, "/portForward/a/b", "create", &["proxy"]);
        check(Method::POST, "/run/a/b/c", "create", &["proxy"]);
        check(Method::GET, "/logs/", "get", &["log"]);
    }
}
