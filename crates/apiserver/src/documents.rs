//! Paths that are documents: discovery, OpenAPI, and what token issuers publish.

use std::sync::Arc;

use async_trait::async_trait;
use http::header;
use http_body_util::{BodyExt, Full};
use mizzen_pki::TokenKey;
use mizzen_schema::table::{GroupVersionKind, Resource};

use crate::actions::oidc;
use crate::attributes::User;
use crate::catalog::Catalog;
use crate::connect::Body;
use crate::discovery;
use crate::server::Paths;
use crate::status::ApiError;

/// The catalog as discovery sees it.
struct Seen<'a> {
    catalog: &'a Catalog,
    address: &'a str,
}

impl discovery::Catalog for Seen<'_> {
    fn resources(&self) -> Vec<Resource> {
        self.catalog.rows().all().iter().map(|served| served.resource.clone()).collect()
    }

    fn generation(&self) -> u64 {
        self.catalog.generation()
    }

    fn storage(&self, resource: &Resource) -> Option<GroupVersionKind> {
        let rows = self.catalog.rows();
        rows.kind(&resource.gvk.group, &resource.plural).map(|kind| kind.gvk.clone())
    }

    fn server_address(&self) -> String {
        self.address.to_owned()
    }
}

/// Answers `/api`, `/apis`, `/openapi/v2`, `/openapi/v3` and what is below them.
#[derive(Debug, Default)]
pub struct Documents {
    cache: discovery::Cache,
    address: String,
}

impl Documents {
    /// `address` is where clients reach the server, as `host:port`.
    pub fn new(address: String) -> Self {
        Self { cache: discovery::Cache::default(), address }
    }
}

fn body(bytes: bytes::Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

#[async_trait]
impl Paths for Documents {
    async fn answer(
        &self,
        _user: &User,
        request: &http::request::Parts,
        catalog: &Catalog,
    ) -> Result<Option<http::Response<Body>>, ApiError> {
        let path = request.uri.path();
        if !["/api", "/apis", "/openapi"]
            .iter()
            .any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        {
            return Ok(None);
        }
        let header =
            |name| request.headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
        let accept = header(header::ACCEPT).unwrap_or_default();
        let seen = Seen { catalog, address: &self.address };
        let Some(document) = self.cache.document(path, accept, &seen) else { return Ok(None) };
        let mut response = http::Response::builder().header(header::CONTENT_TYPE, document.content_type);
        if !document.etag.is_empty() {
            response = response.header(header::ETAG, &document.etag).header(header::VARY, "Accept");
            let known = header(header::IF_NONE_MATCH).unwrap_or_default();
            if known.split(',').any(|tag| tag.trim() == document.etag) {
                let response =
                    response.status(http::StatusCode::NOT_MODIFIED).body(body(bytes::Bytes::new()));
                return response.map(Some).map_err(ApiError::internal);
            }
        }
        response.body(body(document.bytes)).map(Some).map_err(ApiError::internal)
    }
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
