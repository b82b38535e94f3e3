//! TokenReview: whose token is this?

use async_trait::async_trait;
use mizzen_schema::value::Value;
use serde_json::json;

use super::user_info;
use crate::action::{Action, Call};
use crate::admission::tree::{set, strings, text};
use crate::authn::{Authentication, TokenAuthenticator};
use crate::status::ApiError;

/// The action behind `tokenreviews`.
pub struct TokenReview {
    authentication: Authentication,
}

impl TokenReview {
    /// Knows the tokens that the server itself accepts.
    pub fn new(authentication: Authentication) -> Self {
        Self { authentication }
    }
}

#[async_trait]
impl Action for TokenReview {
    async fn create(&self, _call: Call<'_>, mut body: Value) -> Result<Value, ApiError> {
        let token = text(&body, &["spec", "token"]);
        if token.is_empty() {
            return Err(ApiError::bad_request("token is required for TokenReview in authentication"));
        }
        let mut audiences = strings(&body, &["spec", "audiences"]);
        if audiences.is_empty() {
            audiences.clone_from(&self.authentication.audiences);
        }
        let status = match self.authentication.tokens.token(token, &audiences).await {
            Ok(Some(found)) => {
                let mut status = json!({"authenticated": true, "user": user_info(&found.user)});
                if !found.audiences.is_empty() {
                    status["audiences"] = json!(found.audiences);
                }
                status
            }
            Ok(None) => json!({"user": {}}),
            Err(error) if error.code == 401 => json!({"user": {}, "error": "invalid bearer token"}),
            Err(error) => json!({"user": {}, "error": error.message}),
        };
        set(&mut body, &["status"], status);
        Ok(body)
    }
}
