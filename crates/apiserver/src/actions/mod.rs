//! What a POST to the virtual resources of authentication and authorisation does. Start at [`standard`].

mod access_review;
pub mod oidc;
mod rules_review;
mod token_request;
mod token_review;

use std::sync::Arc;

use mizzen_clock::Env;
use mizzen_pki::TokenKey;
use serde_json::{Value as Json, json};

use crate::action::Action;
use crate::admission::Lookup;
use crate::attributes::User;
use crate::authn::Authentication;
use crate::authz::Authorizer;

pub use access_review::{AccessReview, Subject};
pub use rules_review::{SelfReview, SelfRulesReview};
pub use token_request::TokenRequest;
pub use token_review::TokenReview;

/// An action and where it is served.
pub struct Served {
    /// API group; empty for the core group.
    pub group: &'static str,
    /// Plural.
    pub resource: &'static str,
    /// Empty for the resource itself.
    pub subresource: &'static str,
    /// What it does.
    pub action: Arc<dyn Action>,
}

/// What the actions need.
#[derive(Clone)]
pub struct Parts {
    /// Signs tokens (`--service-account-signing-key-file`).
    pub key: TokenKey,
    /// Who issues them (`--service-account-issuer`).
    pub issuer: String,
    /// `--service-account-extend-token-expiration`.
    pub extend_expiration: bool,
    /// `--service-account-max-token-expiration` in seconds; 0 for no limit.
    pub expiration_max_s: i64,
    /// Knows tokens and audiences.
    pub authentication: Authentication,
    /// Decides.
    pub authorizer: Arc<dyn Authorizer>,
    /// Finds service accounts and what tokens are bound to.
    pub lookup: Arc<dyn Lookup>,
    /// Time and token ids.
    pub env: Env,
}

/// All of them.
pub fn standard(parts: &Parts) -> Vec<Served> {
    const AUTHENTICATION: &str = "authentication.k8s.io";
    const AUTHORIZATION: &str = "authorization.k8s.io";
    let served =
        |group, resource, action: Arc<dyn Action>| Served { group, resource, subresource: "", action };
    let review = |subject| Arc::new(AccessReview::new(subject, parts.authorizer.clone()));
    vec![
        Served {
            group: "",
            resource: "serviceaccounts",
            subresource: "token",
            action: Arc::new(TokenRequest::new(parts.clone())),
        },
        served(AUTHENTICATION, "tokenreviews", Arc::new(TokenReview::new(parts.authentication.clone()))),
        served(AUTHENTICATION, "selfsubjectreviews", Arc::new(SelfReview)),
        served(AUTHORIZATION, "subjectaccessreviews", review(Subject::Anyone)),
        served(AUTHORIZATION, "localsubjectaccessreviews", review(Subject::AnyoneHere)),
        served(AUTHORIZATION, "selfsubjectaccessreviews", review(Subject::Caller)),
        served(
            AUTHORIZATION,
            "selfsubjectrulesreviews",
            Arc::new(SelfRulesReview::new(parts.authorizer.clone())),
        ),
    ]
}

/// `authentication/v1 UserInfo`.
fn user_info(user: &User) -> Json {
    let mut info = json!({"username": user.name});
    if !user.uid.is_empty() {
        info["uid"] = json!(user.uid);
    }
    if !user.groups.is_empty() {
        info["groups"] = json!(user.groups);
    }
    if !user.extra.is_empty() {
        info["extra"] = json!(user.extra);
    }
    info
}
