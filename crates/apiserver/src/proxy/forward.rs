//! One request on one connection, and what becomes of the connection after an upgrade.

use http::header::{self, HeaderMap, HeaderName};
use http::{Response, StatusCode, Uri};
use http_body_util::BodyExt;
use hyper_util::rt::TokioIo;
use tokio_util::task::TaskTracker;
use tracing::debug;

use super::dial::{Endpoint, Stream};
use crate::connect::Body;
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
    is_kubelet: bool,
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
    if is_kubelet && answer.status().is_redirection() {
        return Err(ApiError::unavailable("the kubelet answers with a redirect, which is not followed"));
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
