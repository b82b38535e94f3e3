//! One request on one connection, and what becomes of the connection after an upgrade.

use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use http::header::{self, HeaderMap, HeaderName};
use http::{Response, StatusCode, Uri};
use http_body::Frame;
use http_body_util::{BodyExt, BodyStream, StreamBody};
use hyper_util::rt::TokioIo;
use tokio_util::task::TaskTracker;
use tracing::debug;

use super::dial::{Endpoint, Stream};
use super::rewrite::{self, Outside};
use crate::attributes::ResourceTarget;
use crate::connect::Body;
use crate::http::full;
use crate::status::ApiError;

/// Headers that are about one connection, not about the request. Source: RFC 9110, section 7.6.1.
const HOP_BY_HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Credentials and claims of the client that are meant for the API server alone.
fn is_private(name: &HeaderName) -> bool {
    let name = name.as_str();
    *name == header::AUTHORIZATION || name.starts_with("impersonate-") || name.starts_with("x-remote-")
}

/// Removes what must not travel on: also what the `Connection` header names, which can never name a header that we
/// add ourselves, since those are set afterwards.
fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in HOP_BY_HOP {
        headers.remove(*name);
    }
    for name in named {
        headers.remove(name);
    }
}

/// Whether a request wants to switch protocols.
pub(crate) fn is_upgrade(headers: &HeaderMap) -> bool {
    upgrade(headers).is_some()
}

/// The protocol that a request wants to switch to.
fn upgrade(headers: &HeaderMap) -> Option<header::HeaderValue> {
    let asked = headers.get(header::CONNECTION)?.to_str().ok()?.to_ascii_lowercase();
    asked.split(',').any(|token| token.trim() == "upgrade").then(|| headers.get(header::UPGRADE).cloned())?
}

/// Sends a request on, and its answer back.
pub(crate) async fn send(
    stream: Box<dyn Stream>,
    endpoint: &Endpoint,
    path: &str,
    mut request: http::Request<Body>,
    tunnels: &TaskTracker,
) -> Result<Response<Body>, ApiError> {
    let client = hyper::upgrade::on(&mut request);
    let protocol = upgrade(request.headers());
    let (mut parts, body) = request.into_parts();
    parts.uri = path.parse::<Uri>().map_err(|error| ApiError::bad_request(error.to_string()))?;
    parts.version = http::Version::HTTP_11;
    strip(&mut parts.headers);
    let private: Vec<HeaderName> = parts.headers.keys().filter(|name| is_private(name)).cloned().collect();
    for name in private {
        parts.headers.remove(name);
    }
    let host = endpoint.address.to_string();
    parts.headers.insert(header::HOST, host.parse().map_err(ApiError::internal)?);
    if let Some(protocol) = &protocol {
        parts.headers.insert(header::CONNECTION, header::HeaderValue::from_static("Upgrade"));
        parts.headers.insert(header::UPGRADE, protocol.clone());
    }
    parts.extensions.clear();
    let failed =
        |error: hyper::Error| ApiError::unavailable(format!("error trying to reach service: {error}"));
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(failed)?;
    tunnels.spawn(async move {
        if let Err(error) = connection.with_upgrades().await {
            debug!(%error, "A proxied connection broke.");
        }
    });
    let mut answer = sender.send_request(http::Request::from_parts(parts, body)).await.map_err(failed)?;
    if protocol.is_some() && answer.status().is_redirection() {
        return Err(ApiError::unavailable(
            "the backend attempted to redirect this request, which is not permitted",
        ));
    }
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        if protocol.is_none() {
            return Err(ApiError::unavailable("the backend switches protocols without being asked to"));
        }
        let server = hyper::upgrade::on(&mut answer);
        tunnels.spawn(async move {
            match tokio::try_join!(client, server) {
                Ok((client, server)) => {
                    let (mut client, mut server) = (TokioIo::new(client), TokioIo::new(server));
                    if let Err(error) = tokio::io::copy_bidirectional(&mut client, &mut server).await {
                        debug!(%error, "A tunnel broke.");
                    }
                }
                Err(error) => debug!(%error, "A connection could not be handed over."),
            }
        });
        // The headers that make an upgrade are hop-by-hop, and must be there all the same.
        return Ok(answer.map(|body| body.map_err(Into::into).boxed_unsync()));
    }
    strip(answer.headers_mut());
    Ok(answer.map(|body| body.map_err(Into::into).boxed_unsync()))
}

/// Most of a kubelet's words that a client is told.
const WORDS_MAX: usize = 50_000;

/// A kubelet's answer; its failures, which are plain text, as those of the API.
pub(crate) async fn checked(
    answer: Response<Body>,
    target: &ResourceTarget,
) -> Result<Response<Body>, ApiError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let (bytes, _) = read(&mut answer.into_body(), WORDS_MAX).await?;
    let words = String::from_utf8_lossy(&bytes[..bytes.len().min(WORDS_MAX)]).trim_end().to_owned();
    Err(match status {
        StatusCode::BAD_REQUEST => ApiError::bad_request(words),
        StatusCode::INTERNAL_SERVER_ERROR => ApiError::internal(words),
        StatusCode::NOT_FOUND => {
            // Without a verb between parenthesis and resource, as kube-apiserver has it.
            let message =
                format!("the server could not find the requested resource ( pods/log {})", target.name);
            ApiError { message, ..ApiError::not_found("", "pods/log", &target.name) }
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            ApiError::internal(format!("the kubelet refuses the API server: {words}"))
        }
        _ => ApiError::unavailable(words),
    })
}

/// Longest answer that the API server reads for itself.
const TOLD_MAX: usize = 4 << 20;

/// The whole of a kubelet's answer to the API server's own request.
pub(crate) async fn told(answer: Response<Body>) -> Result<Bytes, ApiError> {
    let status = answer.status();
    if !status.is_success() {
        return Err(ApiError::unavailable(format!("the kubelet answers {status}")));
    }
    match read(&mut answer.into_body(), TOLD_MAX).await? {
        (bytes, true) => Ok(bytes),
        (_, false) => Err(ApiError::unavailable("the kubelet's answer is too long")),
    }
}

/// Sends a request to what a pod, Service or node serves, and makes the links of its answer right.
pub(crate) async fn page(
    stream: Box<dyn Stream>,
    endpoint: &Endpoint,
    path: &str,
    mut request: http::Request<Body>,
    outside: &Outside,
    tunnels: &TaskTracker,
) -> Result<Response<Body>, ApiError> {
    let prefix = &outside.prefix;
    let uri = path.split('?').next().unwrap_or_default();
    let added = [
        ("x-forwarded-uri", format!("{prefix}{uri}")),
        ("x-forwarded-host", outside.host.clone()),
        ("x-forwarded-proto", outside.scheme.clone()),
    ];
    for (name, value) in added {
        // A name that cannot be told is not.
        if let Ok(value) = value.parse() {
            request.headers_mut().insert(name, value);
        }
    }
    let mut answer = send(stream, endpoint, path, request, tunnels).await?;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        return Ok(answer);
    }
    for name in CORS {
        answer.headers_mut().remove(*name);
    }
    let location = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    if let Some(right) = location.and_then(|location| outside.address(location)) {
        answer.headers_mut().insert(header::LOCATION, right.parse().map_err(ApiError::internal)?);
    }
    match encoding_of_page(answer.headers()) {
        Some(encoding) => rewritten(answer, &encoding, outside).await,
        None => Ok(answer),
    }
}

/// How an answer that is a page, and not too long to look through, is encoded.
fn encoding_of_page(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let ty = text(header::CONTENT_TYPE)?.split(';').next()?.trim();
    let length = text(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    let fits = length.is_none_or(|length| length <= rewrite::PAGE_LEN_MAX);
    (ty == "text/html" && fits).then(|| text(header::CONTENT_ENCODING).unwrap_or_default().to_owned())
}

/// Headers by which a backend would open the API server's origin to others.
const CORS: &[&str] = &[
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
];

/// A page with its links made right. One of unknown or too great length goes as it came.
async fn rewritten(
    answer: Response<Body>,
    encoding: &str,
    outside: &Outside,
) -> Result<Response<Body>, ApiError> {
    let (mut parts, mut body) = answer.into_parts();
    let (bytes, whole) = read(&mut body, rewrite::PAGE_LEN_MAX).await?;
    if !whole {
        return Ok(Response::from_parts(parts, joined(bytes, body)));
    }
    let page = match rewrite::decode(encoding, &bytes) {
        Some(page) => {
            let page = rewrite::encode(encoding, outside.page(&page)).map_err(ApiError::internal)?;
            parts.headers.insert(header::CONTENT_LENGTH, page.len().into());
            Bytes::from(page)
        }
        None => bytes,
    };
    Ok(Response::from_parts(parts, full(page)))
}

/// The start of a body, at least `limit` long or, as the truth says, the whole.
async fn read(body: &mut Body, limit: usize) -> Result<(Bytes, bool), ApiError> {
    let mut bytes = BytesMut::new();
    while bytes.len() <= limit {
        let Some(frame) = body.frame().await else { return Ok((bytes.freeze(), true)) };
        let broke = |error| ApiError::unavailable(format!("error trying to reach service: {error}"));
        if let Ok(data) = frame.map_err(broke)?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Ok((bytes.freeze(), false))
}

/// A body of which the start is read already.
fn joined(start: Bytes, rest: Body) -> Body {
    let start = futures::stream::iter([Ok(Frame::data(start))]);
    Body::new(StreamBody::new(start.chain(BodyStream::new(rest))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_headers_do_not_travel() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "upgrade, x-secret"),
            ("upgrade", "websocket"),
            ("x-secret", "1"),
            ("accept", "*/*"),
        ] {
            headers.append(name, value.parse().expect("a value"));
        }
        assert_eq!(upgrade(&headers).expect("an upgrade"), "websocket");
        strip(&mut headers);
        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["accept"]);
    }
}
