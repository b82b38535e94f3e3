//! Whether a caller may do what a request does: in terms of the node's subresources, by the API server's word.

use std::time::Duration;

use http::{Method, Request};
use mizzen_client::Client;
use mizzen_component::{Asked, ReviewError, Reviews, Target, User};

/// How long answers are remembered.
const TOKEN_TTL: Duration = Duration::from_secs(120);
const ALLOWED_TTL: Duration = Duration::from_secs(300);
const DENIED_TTL: Duration = Duration::from_secs(30);

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

/// Asks the API server.
pub(crate) struct Gate {
    reviews: Reviews,
    node: String,
}

impl Gate {
    pub(crate) fn new(client: Client, config: &crate::config::Config) -> Self {
        let tokens = config.authentication_webhook.then(|| client.clone());
        let reviews = Reviews::new(tokens, Some(client), config.anonymous_auth);
        let reviews = reviews.remembering(TOKEN_TTL, ALLOWED_TTL, DENIED_TTL);
        Self { reviews, node: config.node_name.clone() }
    }

    /// Who sent the request: by certificate, else by bearer token.
    pub(crate) async fn authenticate<B>(
        &self,
        certificate: Option<&User>,
        request: &Request<B>,
    ) -> Result<User, Refusal> {
        self.reviews.authenticate(certificate, request).await.map_err(|error| match error {
            ReviewError::Unknown => Refusal::Unknown,
            ReviewError::Unanswered => Refusal::Unanswered { user: String::new() },
        })
    }

    /// Whether the user may.
    pub(crate) async fn authorize(&self, user: &User, action: &Action) -> Result<(), Refusal> {
        for subresource in &action.subresources {
            let target = Target::Node { name: self.node.clone(), subresource: (*subresource).to_owned() };
            let asked = Asked { verb: action.verb.to_owned(), target };
            let may = self.reviews.may(user, &asked).await;
            if may.map_err(|_| Refusal::Unanswered { user: user.name.clone() })? {
                return Ok(());
            }
        }
        Err(Refusal::Forbidden {
            user: user.name.clone(),
            verb: action.verb,
            subresources: action.subresources.clone(),
        })
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
