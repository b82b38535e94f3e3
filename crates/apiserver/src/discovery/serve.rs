//! Discovery and OpenAPI over HTTP.

use std::io::Write as _;

use async_trait::async_trait;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, EXPIRES, IF_NONE_MATCH,
    LOCATION, VARY,
};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use jiff::{SignedDuration, Timestamp};
use mizzen_clock::Env;
use mizzen_schema::table::{GroupVersionKind, Resource};

use super::{Cache, Catalog, Document};
use crate::attributes::User;
use crate::catalog;
use crate::connect::Body;
use crate::server::Paths;
use crate::status::ApiError;

/// Answers `/api`, `/apis` and `/openapi`.
#[derive(Debug)]
pub struct Documents {
    cache: Cache,
    address: String,
    env: Env,
}

impl Documents {
    /// `address` is where clients reach the server, as `host:port`.
    pub fn new(address: String, env: Env) -> Self {
        Self { cache: Cache::default(), address, env }
    }
}

/// How long a document under the hash of its content stays what it is.
const HASHED_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Smaller answers are not worth packing.
const GZIP_MIN: usize = 128 << 10;

/// The server's catalog, as discovery sees it.
struct View<'a> {
    catalog: &'a catalog::Catalog,
    address: &'a str,
}

impl Catalog for View<'_> {
    fn resources(&self) -> Vec<Resource> {
        self.catalog.rows().all().iter().map(|served| served.resource.clone()).collect()
    }

    fn generation(&self) -> u64 {
        self.catalog.generation()
    }

    fn storage(&self, resource: &Resource) -> Option<GroupVersionKind> {
        let gvk = &resource.gvk;
        let rows = self.catalog.rows();
        let served = rows.find(&gvk.group, &gvk.version, &resource.plural)?;
        served.kind.as_ref().map(|kind| kind.gvk.clone())
    }

    fn server_address(&self) -> String {
        self.address.to_owned()
    }
}

#[async_trait]
impl Paths for Documents {
    async fn answer(
        &self,
        _user: &User,
        request: &Parts,
        catalog: &catalog::Catalog,
    ) -> Result<Option<Response<Body>>, ApiError> {
        if request.method != Method::GET && request.method != Method::HEAD {
            return Ok(None);
        }
        let view = View { catalog, address: &self.address };
        let path = request.uri.path();
        // Clients may send the header in parts.
        let accept = joined(&request.headers, &ACCEPT);
        let document = self.cache.document(path, &accept, &view)?;
        Ok(document.map(|document| respond(document, request, self.env.now())))
    }
}

fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(",")
}

/// The hash that an address of `/openapi/v3/…` names.
fn hash_asked(request: &Parts) -> Option<String> {
    request.uri.path().strip_prefix("/openapi/v3/")?;
    let query = request.uri.query()?.as_bytes();
    let (_, hash) = form_urlencoded::parse(query).find(|(name, _)| name == "hash")?;
    Some(hash.into_owned()).filter(|hash| !hash.is_empty())
}

/// A document under the hash of its content may be kept for good; under another, the client is told its address.
fn respond(document: Document, request: &Parts, now: Timestamp) -> Response<Body> {
    let mut answer = Response::builder().header(VARY, "Accept, Accept-Encoding");
    if !document.etag.is_empty() {
        answer = answer.header(ETAG, &document.etag);
        let hash = document.etag.trim_matches('"');
        match hash_asked(request) {
            Some(asked) if asked != hash => {
                let address = format!("{}?hash={hash}", request.uri.path());
                let moved = answer.status(StatusCode::MOVED_PERMANENTLY).header(LOCATION, address);
                return finish(moved.header(CONTENT_TYPE, document.content_type), Bytes::new());
            }
            Some(_) => {
                answer = answer.header(CACHE_CONTROL, "public, immutable");
                if let Some(expires) = http_date(now.saturating_add(HASHED_FOR).unwrap_or(Timestamp::MAX)) {
                    answer = answer.header(EXPIRES, expires);
                }
            }
            None => answer = answer.header(CACHE_CONTROL, "no-cache, private"),
        }
        let known = joined(&request.headers, &IF_NONE_MATCH);
        if known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == document.etag) {
            return finish(answer.status(StatusCode::NOT_MODIFIED), Bytes::new());
        }
    }
    answer = answer.header(CONTENT_TYPE, document.content_type);
    let codings = joined(&request.headers, &ACCEPT_ENCODING);
    let takes_gzip = codings.split(',').any(|coding| coding.split(';').next().map(str::trim) == Some("gzip"));
    if takes_gzip && document.bytes.len() >= GZIP_MIN {
        return finish(answer.header(CONTENT_ENCODING, "gzip"), packed(&document.bytes));
    }
    finish(answer, document.bytes)
}

/// A time as headers have it; none for times that these cannot say.
fn http_date(time: Timestamp) -> Option<String> {
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&time).ok()
}

fn finish(answer: http::response::Builder, bytes: Bytes) -> Response<Body> {
    let body = Full::new(bytes).map_err(|never| match never {}).boxed_unsync();
    answer.body(body).expect("the headers are made of checked parts")
}

fn packed(bytes: &[u8]) -> Bytes {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(bytes).expect("vectors take all bytes");
    packer.finish().expect("vectors take all bytes").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(path: &str, headers: &[(HeaderName, &str)]) -> Result<Option<Response<Body>>, ApiError> {
        let mut request = http::Request::get(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let env = Env::seeded(1, "2026-01-01T00:00:00Z".parse().unwrap());
        let documents = Documents::new("127.0.0.1:6443".to_owned(), env);
        documents
            .answer(
                &User::default(),
                &parts,
                &catalog::Catalog::builtin(&Default::default(), Default::default()),
            )
            .await
    }

    #[tokio::test]
    async fn documents_are_tagged_and_packed() {
        let plain = get("/openapi/v3/api/v1", &[]).await.unwrap().unwrap();
        let tag = plain.headers()[ETAG].to_str().unwrap().to_owned();
        let size = plain.into_body().collect().await.unwrap().to_bytes().len();
        let packed = get("/openapi/v3/api/v1", &[(ACCEPT_ENCODING, "gzip, br")]).await.unwrap().unwrap();
        assert_eq!(packed.headers()[CONTENT_ENCODING], "gzip");
        assert!(packed.into_body().collect().await.unwrap().to_bytes().len() * 4 < size);
        let known = get("/openapi/v3/api/v1", &[(IF_NONE_MATCH, &tag)]).await.unwrap().unwrap();
        assert_eq!(known.status(), StatusCode::NOT_MODIFIED);
        let pinned = format!("/openapi/v3/api/v1?hash={}", tag.trim_matches('"'));
        let pinned = get(&pinned, &[]).await.unwrap().unwrap();
        assert_eq!(pinned.headers()[CACHE_CONTROL], "public, immutable");
        assert_eq!(pinned.headers()[EXPIRES], "Fri, 01 Jan 2027 00:00:00 GMT");
        let index = get("/openapi/v3?hash=other", &[]).await.unwrap().unwrap();
        assert_eq!(index.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_stale_hash_leads_to_the_current_one() {
        let stale = get("/openapi/v3/apis/apps/v1?timeout=32s&hash=0123", &[]).await.unwrap().unwrap();
        assert_eq!(stale.status(), StatusCode::MOVED_PERMANENTLY);
        assert!(stale.headers().get(CACHE_CONTROL).is_none());
        let address = stale.headers()[LOCATION].to_str().unwrap().to_owned();
        assert!(address.starts_with("/openapi/v3/apis/apps/v1?hash="), "{address}");
        let current = get(&address, &[]).await.unwrap().unwrap();
        assert_eq!(current.status(), StatusCode::OK);
        // The index names the same one.
        let index = get("/openapi/v3", &[]).await.unwrap().unwrap();
        let index = index.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&index).contains(&address));
    }

    #[tokio::test]
    async fn other_paths_and_encodings_are_not_answered() {
        assert!(get("/healthz", &[]).await.unwrap().is_none());
        assert!(get("/apis/none", &[]).await.unwrap().is_none());
        let refused = get("/openapi/v3/api/v1", &[(ACCEPT, "text/html")]).await;
        assert_eq!(refused.err().map(|error| error.code), Some(406));
    }
}
