//! SelfSubjectRulesReview and SelfSubjectReview: what may I, and who am I?

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::value::Value;
use serde_json::{Value as Json, json};

use super::user_info;
use crate::action::{Action, Call};
use crate::admission::tree::{set, text};
use crate::authz::{Authorizer, Rule};
use crate::status::ApiError;

/// The action behind `selfsubjectrulesreviews`.
pub struct SelfRulesReview {
    authorizer: Arc<dyn Authorizer>,
}

impl SelfRulesReview {
    /// Shows the rules that `authorizer` knows of.
    pub fn new(authorizer: Arc<dyn Authorizer>) -> Self {
        Self { authorizer }
    }
}

fn resource_rule(rule: &Rule) -> Json {
    let mut json = json!({"verbs": rule.verbs, "apiGroups": rule.api_groups, "resources": rule.resources});
    if !rule.resource_names.is_empty() {
        json["resourceNames"] = json!(rule.resource_names);
    }
    json
}

#[async_trait]
impl Action for SelfRulesReview {
    async fn create(&self, call: Call<'_>, mut body: Value) -> Result<Value, ApiError> {
        let namespace = text(&body, &["spec", "namespace"]);
        if namespace.is_empty() {
            return Err(ApiError::bad_request("no namespace on request"));
        }
        let (rules, gaps) = self.authorizer.rules(call.user, namespace).await;
        let is_path = |rule: &&Rule| !rule.non_resource_urls.is_empty();
        let paths: Vec<Json> = rules
            .iter()
            .filter(is_path)
            .map(|rule| json!({"verbs": rule.verbs, "nonResourceURLs": rule.non_resource_urls}))
            .collect();
        let resources: Vec<Json> = rules.iter().filter(|rule| !is_path(rule)).map(resource_rule).collect();
        let mut status = json!({
            "resourceRules": resources,
            "nonResourceRules": paths,
            "incomplete": !gaps.is_empty(),
        });
        if !gaps.is_empty() {
            status["evaluationError"] = json!(gaps);
        }
        set(&mut body, &["status"], status);
        Ok(body)
    }
}

/// The action behind `selfsubjectreviews`.
pub struct SelfReview;

#[async_trait]
impl Action for SelfReview {
    async fn create(&self, call: Call<'_>, mut body: Value) -> Result<Value, ApiError> {
        set(&mut body, &["status"], json!({"userInfo": user_info(call.user)}));
        Ok(body)
    }
}
