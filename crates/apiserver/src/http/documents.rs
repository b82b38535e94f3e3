//! Discovery and OpenAPI as paths: documents made from the catalog and kept until it changes.

use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use mizzen_schema::table::{GroupVersionKind, Resource};

use super::full;
use crate::catalog::Catalog;
use crate::connect::Body;
use crate::discovery::{Cache, Catalog as Source, Document};
use crate::status::ApiError;

impl Source for Catalog {
    fn resources(&self) -> Vec<Resource> {
        self.rows().all().iter().map(|served| served.resource.clone()).collect()
    }

    fn generation(&self) -> u64 {
        Self::generation(self)
    }

    fn storage(&self, resource: &Resource) -> Option<GroupVersionKind> {
        let rows = self.rows();
        let served = rows.find(&resource.gvk.group, &resource.gvk.version, &resource.plural)?;
        served.kind.as_ref().map(|kind| kind.gvk.clone())
    }
}

/// Answers a path of discovery or OpenAPI; `None`: it is none of these.
pub(super) fn answer(
    documents: &Cache,
    catalog: &Catalog,
    parts: &Parts,
) -> Result<Option<Response<Body>>, ApiError> {
    let path = parts.uri.path();
    let root = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if !matches!(root, "api" | "apis" | "openapi") {
        return Ok(None);
    }
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return Err(ApiError::method_not_allowed());
    }
    let accepts: Vec<&str> =
        parts.headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let Some(document) = documents.document(path, &accepts.join(","), catalog) else { return Ok(None) };
    let hash = parts.uri.query().and_then(|query| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "hash")
            .map(|(_, hash)| hash.into_owned())
    });
    Ok(Some(respond(document, &parts.headers, hash.as_deref())))
}

fn respond(document: Document, asked: &HeaderMap, hash: Option<&str>) -> Response<Body> {
    let tag = HeaderValue::from_str(&document.etag).ok().filter(|_| !document.etag.is_empty());
    let known = tag.as_ref().is_some_and(|tag| asked.get_all(IF_NONE_MATCH).iter().any(|own| own == tag));
    let mut response = Response::new(Body::default());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(document.content_type));
    if let Some(tag) = tag {
        headers.insert(ETAG, tag);
        headers.insert(VARY, HeaderValue::from_static("Accept"));
        // A document that is asked for by its hash never changes (KEP-2896).
        let by_hash = hash.is_some_and(|hash| hash == document.etag.trim_matches('"'));
        let caching = if by_hash { "public, immutable" } else { "no-cache, private" };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    }
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        *response.body_mut() = full(document.bytes);
    }
    response
}
