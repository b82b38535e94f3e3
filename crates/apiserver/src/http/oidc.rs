//! The issuer's discovery documents as paths: how others verify service accounts' tokens.

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, Response};
use mizzen_pki::TokenKey;

use super::full;
use crate::actions::oidc::{CONFIGURATION_PATH, JWKS_CONTENT_TYPE, JWKS_PATH, configuration, jwks};
use crate::attributes::User;
use crate::catalog::Catalog;
use crate::connect::Body;
use crate::server::Paths;
use crate::status::ApiError;

/// Answers `/.well-known/openid-configuration` and `/openid/v1/jwks`.
pub(crate) struct Oidc {
    configuration: Bytes,
    jwks: Bytes,
}

impl Oidc {
    /// `jwks_uri` is where clients find the keys.
    pub(crate) fn new(issuer: &str, jwks_uri: &str, keys: &[TokenKey]) -> Self {
        let text = |value: serde_json::Value| Bytes::from(value.to_string());
        Self { configuration: text(configuration(issuer, jwks_uri)), jwks: text(jwks(keys)) }
    }
}

#[async_trait]
impl Paths for Oidc {
    async fn answer(
        &self,
        _user: &User,
        request: &Parts,
        _catalog: &Catalog,
    ) -> Result<Option<Response<Body>>, ApiError> {
        let (document, media) = match request.uri.path() {
            CONFIGURATION_PATH => (&self.configuration, "application/json"),
            JWKS_PATH => (&self.jwks, JWKS_CONTENT_TYPE),
            _ => return Ok(None),
        };
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return Err(ApiError::method_not_allowed());
        }
        let mut response = Response::new(full(document.clone()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
        Ok(Some(response))
    }
}
