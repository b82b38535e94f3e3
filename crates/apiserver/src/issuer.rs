//! What the issuer of service-account tokens publishes, so that others can verify them.

use std::sync::Arc;

use async_trait::async_trait;
use http::header;
use http_body_util::{BodyExt, Full};
use mizzen_pki::TokenKey;

use crate::actions::oidc;
use crate::attributes::User;
use crate::catalog::Catalog;
use crate::connect::Body;
use crate::server::Paths;
use crate::status::ApiError;

fn body(bytes: bytes::Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// Answers `/.well-known/openid-configuration` and `/openid/v1/jwks`, by which others verify service-account tokens.
#[derive(Clone)]
pub struct IssuerDocuments {
    issuer: String,
    keys: Arc<[TokenKey]>,
}

impl IssuerDocuments {
    /// Documents of this issuer and its keys.
    pub fn new(issuer: String, keys: Vec<TokenKey>) -> Self {
        Self { issuer, keys: keys.into() }
    }
}

#[async_trait]
impl Paths for IssuerDocuments {
    async fn answer(
        &self,
        _user: &User,
        request: &http::request::Parts,
        _catalog: &Catalog,
    ) -> Result<Option<http::Response<Body>>, ApiError> {
        let (document, kind) = match request.uri.path() {
            "/.well-known/openid-configuration" => {
                let keys = format!("{}/openid/v1/jwks", self.issuer.trim_end_matches('/'));
                (oidc::configuration(&self.issuer, &keys), "application/json")
            }
            "/openid/v1/jwks" => (oidc::jwks(&self.keys), "application/jwk-set+json"),
            _ => return Ok(None),
        };
        let response = http::Response::builder()
            .header(header::CONTENT_TYPE, kind)
            .header(header::CACHE_CONTROL, "public, max-age=3600");
        response.body(body(document.to_string().into())).map(Some).map_err(ApiError::internal)
    }
}
