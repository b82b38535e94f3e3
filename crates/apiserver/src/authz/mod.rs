//! Authorisation: whether they may.
//!
//! `system:masters` may everything; then the node authorizer and RBAC are asked in turn. [`forbidden`] words
//! the refusal.

mod node;
pub(crate) mod rbac;
pub(crate) mod rules;

use std::sync::Arc;

use async_trait::async_trait;

use crate::admission::Lookup;
use crate::attributes::{Attributes, Target, User};
use crate::status::ApiError;

pub use node::NodeAuthorizer;
pub(crate) use node::{node_of, resource_claims};
pub use rbac::Rbac;

/// What an authorizer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Yes, because.
    Allow(String),
    /// No, and nobody else is asked.
    Deny(String),
    /// Nothing known; if all say so, the answer is no. The reason is shown to the client.
    NoOpinion(String),
}

/// A rule, as SelfSubjectRulesReview shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// Verbs, or `*`.
    pub verbs: Vec<String>,
    /// API groups; empty for path rules.
    pub api_groups: Vec<String>,
    /// Resources.
    pub resources: Vec<String>,
    /// Names; empty for all.
    pub resource_names: Vec<String>,
    /// Paths of a rule that is not about resources.
    pub non_resource_urls: Vec<String>,
}

/// Decides whether a request may go on.
#[async_trait]
pub trait Authorizer: Send + Sync + 'static {
    /// May they?
    async fn authorize(&self, attributes: &Attributes) -> Decision;

    /// All that a user may do in a namespace; the text says what could not be evaluated (empty: complete).
    async fn rules(&self, user: &User, namespace: &str) -> (Vec<Rule>, String);
}

/// Members of `system:masters` may do everything, whatever RBAC's objects say.
pub struct Masters;

#[async_trait]
impl Authorizer for Masters {
    async fn authorize(&self, attributes: &Attributes) -> Decision {
        if attributes.user.in_group("system:masters") {
            Decision::Allow(String::new())
        } else {
            Decision::NoOpinion(String::new())
        }
    }

    async fn rules(&self, user: &User, _namespace: &str) -> (Vec<Rule>, String) {
        if !user.in_group("system:masters") {
            return (Vec::new(), String::new());
        }
        let all = || vec!["*".to_owned()];
        let resources = Rule { verbs: all(), api_groups: all(), resources: all(), ..Rule::default() };
        let paths = Rule { verbs: all(), non_resource_urls: all(), ..Rule::default() };
        (vec![resources, paths], String::new())
    }
}

/// `--authorization-mode=AlwaysAllow`.
pub struct AlwaysAllow;

#[async_trait]
impl Authorizer for AlwaysAllow {
    async fn authorize(&self, _attributes: &Attributes) -> Decision {
        Decision::Allow(String::new())
    }

    async fn rules(&self, _user: &User, namespace: &str) -> (Vec<Rule>, String) {
        let everyone = User::new("", &["system:masters"]);
        Masters.rules(&everyone, namespace).await
    }
}

/// `--authorization-mode=AlwaysDeny`.
pub struct AlwaysDeny;

#[async_trait]
impl Authorizer for AlwaysDeny {
    async fn authorize(&self, _attributes: &Attributes) -> Decision {
        Decision::NoOpinion("Everything is forbidden.".to_owned())
    }

    async fn rules(&self, _user: &User, _namespace: &str) -> (Vec<Rule>, String) {
        (Vec::new(), String::new())
    }
}

/// Several authorizers as one: the first that allows or denies decides. Reasons of those without an opinion
/// are put together, one a line.
pub struct Union(Vec<Arc<dyn Authorizer>>);

impl Union {
    /// Asks these in turn.
    pub fn new(chain: Vec<Arc<dyn Authorizer>>) -> Self {
        Self(chain)
    }
}

#[async_trait]
impl Authorizer for Union {
    async fn authorize(&self, attributes: &Attributes) -> Decision {
        let mut reasons = Vec::new();
        for authorizer in &self.0 {
            match authorizer.authorize(attributes).await {
                Decision::NoOpinion(reason) if reason.is_empty() => {}
                Decision::NoOpinion(reason) => reasons.push(reason),
                decided => return decided,
            }
        }
        Decision::NoOpinion(reasons.join("\n"))
    }

    async fn rules(&self, user: &User, namespace: &str) -> (Vec<Rule>, String) {
        let (mut all, mut gaps) = (Vec::new(), Vec::new());
        for authorizer in &self.0 {
            let (rules, gap) = authorizer.rules(user, namespace).await;
            all.extend(rules);
            gaps.extend(Some(gap).filter(|gap| !gap.is_empty()));
        }
        (all, gaps.join(", "))
    }
}

/// A word of `--authorization-mode` that means nothing here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown authorization mode {0:?}")]
pub struct UnknownMode(pub String);

/// The authorizers of `--authorization-mode`, in the order given, after `system:masters`.
pub fn from_modes<S: AsRef<str>>(
    modes: &[S],
    lookup: &Arc<dyn Lookup>,
) -> Result<Arc<dyn Authorizer>, UnknownMode> {
    let mut chain: Vec<Arc<dyn Authorizer>> = vec![Arc::new(Masters)];
    for mode in modes {
        chain.push(match mode.as_ref() {
            "Node" => Arc::new(NodeAuthorizer::new(lookup.clone())),
            "RBAC" => Arc::new(Rbac::new(lookup.clone())),
            "AlwaysAllow" => Arc::new(AlwaysAllow),
            "AlwaysDeny" => Arc::new(AlwaysDeny),
            other => return Err(UnknownMode(other.to_owned())),
        });
    }
    Ok(Arc::new(Union::new(chain)))
}

/// 403 in Kubernetes' words: who cannot do what, and why if there is more to say.
pub fn forbidden(attributes: &Attributes, reason: &str) -> ApiError {
    let (user, verb) = (&attributes.user.name, &attributes.verb);
    let more = |text: String| if reason.is_empty() { text } else { format!("{text}: {reason}") };
    match &attributes.target {
        Target::Path(path) => ApiError {
            code: 403,
            reason: "Forbidden",
            message: format!("forbidden: {}", more(format!("User {user:?} cannot {verb} path {path:?}"))),
            details: Some(Box::default()),
        },
        Target::Resource(target) => {
            let resource = if target.subresource.is_empty() {
                target.resource.clone()
            } else {
                format!("{}/{}", target.resource, target.subresource)
            };
            let group = &target.group;
            let scope = match target.namespace.as_str() {
                "" => "at the cluster scope".to_owned(),
                namespace => format!("in the namespace {namespace:?}"),
            };
            let text =
                format!("User {user:?} cannot {verb} resource {resource:?} in API group {group:?} {scope}");
            ApiError::forbidden(group, &target.resource, &target.name, more(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attributes::ResourceTarget;

    fn asks(groups: &[&str], target: Target) -> Attributes {
        Attributes {
            user: User::new("x", groups),
            verb: "list".to_owned(),
            target,
            label_selector: String::new(),
            field_selector: String::new(),
        }
    }

    fn pods(namespace: &str, subresource: &str, name: &str) -> Target {
        Target::Resource(ResourceTarget {
            version: "v1".to_owned(),
            resource: "pods".to_owned(),
            namespace: namespace.to_owned(),
            subresource: subresource.to_owned(),
            name: name.to_owned(),
            ..ResourceTarget::default()
        })
    }

    #[test]
    fn words_of_a_refusal() {
        let check = |target, reason, expect: &str| {
            assert_eq!(forbidden(&asks(&[], target), reason).message, expect);
        };
        check(
            pods("y", "", ""),
            "",
            r#"pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "y""#,
        );
        check(
            pods("", "log", "p"),
            "because",
            r#"pods "p" is forbidden: User "x" cannot list resource "pods/log" in API group "" at the cluster scope: because"#,
        );
        check(Target::Path("/metrics".to_owned()), "", r#"forbidden: User "x" cannot list path "/metrics""#);
    }

    #[tokio::test]
    async fn modes() {
        let lookup: Arc<dyn Lookup> = Arc::new(crate::admission::fake::Objects::new([]));
        let union = from_modes(&["Node", "RBAC"], &lookup).unwrap();
        let master = asks(&["system:masters"], pods("y", "", ""));
        assert_eq!(union.authorize(&master).await, Decision::Allow(String::new()));
        let nobody = asks(&[], pods("y", "", ""));
        assert_eq!(union.authorize(&nobody).await, Decision::NoOpinion(String::new()));
        assert_eq!(from_modes(&["Rbac"], &lookup).err(), Some(UnknownMode("Rbac".to_owned())));
    }

    #[tokio::test]
    async fn unions() {
        async fn check(chain: Vec<Arc<dyn Authorizer>>, groups: &[&str], expect: Decision) {
            let found = Union::new(chain).authorize(&asks(groups, pods("y", "", ""))).await;
            assert_eq!(found, expect);
        }
        let none = || Decision::NoOpinion(String::new());
        check(vec![], &[], none()).await;
        check(vec![Arc::new(Masters)], &[], none()).await;
        check(
            vec![Arc::new(AlwaysDeny), Arc::new(Masters)],
            &["system:masters"],
            Decision::Allow(String::new()),
        )
        .await;
        let said = Decision::NoOpinion("Everything is forbidden.".to_owned());
        check(vec![Arc::new(AlwaysDeny), Arc::new(Masters)], &[], said).await;
    }
}
