//! Authorisation: whether they may.

use async_trait::async_trait;

use crate::attributes::{Attributes, User};

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
