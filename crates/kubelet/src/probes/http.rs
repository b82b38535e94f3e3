//! HTTP probes and lifecycle hooks: one GET, with a bounded answer.

use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Request, Uri};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use k8s_openapi::api::core::v1::{Container, HTTPGetAction};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;

use super::{Attempt, dial};

/// As much of an answer as is looked at.
const BODY_LEN_MAX: usize = 10 << 10;
const REDIRECTS_MAX: usize = 10;

/// A port by number, or by the name that one of the container's ports has.
pub(crate) fn port(port: &IntOrString, container: &Container) -> Result<u16, String> {
    let number = match port {
        IntOrString::Int(number) => *number,
        IntOrString::String(name) => {
            let found = container.ports.iter().flatten().find(|port| port.name.as_deref() == Some(name));
            match found {
                Some(port) => port.container_port,
                None => name.parse().map_err(|_| format!("couldn't find port: {name}"))?,
            }
        }
    };
    u16::try_from(number)
        .ok()
        .filter(|port| *port > 0)
        .ok_or_else(|| format!("invalid port number: {number}"))
}

/// Where to send a request, and what else it carries.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) https: bool,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) path: String,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Target {
    /// What an action describes, for a container at `ip`.
    pub(crate) fn new(action: &HTTPGetAction, container: &Container, ip: &str) -> Result<Self, String> {
        let path = action.path.as_deref().unwrap_or("/");
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let mut headers = Vec::new();
        for header in action.http_headers.iter().flatten() {
            let name = HeaderName::from_bytes(header.name.as_bytes());
            let value = HeaderValue::from_str(&header.value);
            match (name, value) {
                (Ok(name), Ok(value)) => headers.push((name, value)),
                _ => return Err(format!("invalid header {:?}", header.name)),
            }
        }
        Ok(Self {
            https: action.scheme.as_deref().is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")),
            host: action.host.clone().filter(|host| !host.is_empty()).unwrap_or_else(|| ip.to_owned()),
            port: port(&action.port, container)?,
            path,
            headers,
        })
    }

    fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://{}{}", if self.https { "https" } else { "http" }, self.authority(), self.path)
    }

    fn request(&self) -> Result<Request<Empty<Bytes>>, String> {
        let mut builder = Request::get(self.path.as_str());
        let named = |name: &HeaderName| self.headers.iter().any(|(own, _)| own == name);
        if !named(&header::HOST) {
            builder = builder.header(header::HOST, self.authority());
        }
        if !named(&header::USER_AGENT) {
            builder = builder.header(header::USER_AGENT, "kube-probe/1.35");
        }
        if !named(&header::ACCEPT) {
            builder = builder.header(header::ACCEPT, "*/*");
        }
        builder = builder.header(header::CONNECTION, "close");
        for (name, value) in self.headers.iter().filter(|(_, value)| !value.is_empty()) {
            builder = builder.header(name, value);
        }
        builder.body(Empty::new()).map_err(|error| error.to_string())
    }
}

/// An answer: status, target of a redirect, and the beginning of the body.
struct Answer {
    status: u16,
    location: Option<String>,
    body: String,
}

async fn exchange<S>(stream: S, request: Request<Empty<Bytes>>) -> Result<Answer, String>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let talk = async {
        let response = sender.send_request(request).await.map_err(|error| crate::error::chain(&error))?;
        let status = response.status().as_u16();
        let location = response.headers().get(header::LOCATION);
        let location = location.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let mut body = response.into_body();
        let mut text = Vec::new();
        while let Some(frame) = body.frame().await {
            // A body that breaks off does not change the status.
            let Ok(frame) = frame else { break };
            if let Ok(data) = frame.into_data() {
                text.extend_from_slice(&data[..data.len().min(BODY_LEN_MAX - text.len())]);
            }
            if text.len() >= BODY_LEN_MAX {
                break;
            }
        }
        Ok(Answer { status, location, body: String::from_utf8_lossy(&text).into_owned() })
    };
    tokio::pin!(connection);
    tokio::pin!(talk);
    tokio::select! {
        answer = &mut talk => answer,
        ended = &mut connection => match ended {
            Err(error) => Err(crate::error::chain(&error)),
            // What had arrived before the end is still to be read.
            Ok(()) => talk.await,
        },
    }
}

async fn send(target: &Target, timeout: Duration) -> Result<Answer, String> {
    let request = target.request()?;
    let stream = dial(&target.host, target.port, timeout).await?;
    if !target.https {
        return exchange(stream, request).await;
    }
    let name = ServerName::try_from(target.host.trim_matches(['[', ']']).to_owned());
    let name = name.map_err(|error| error.to_string())?;
    let stream = TlsConnector::from(mizzen_pki::unverified_client()).connect(name, stream).await;
    exchange(stream.map_err(|error| error.to_string())?, request).await
}

/// Where a redirect leads: `Ok(None)` to another host, which a probe does not follow.
fn redirect(target: &Target, location: &str) -> Result<Option<Target>, String> {
    let uri: Uri = location.parse().map_err(|error| format!("invalid redirect {location:?}: {error}"))?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let Some(host) = uri.host() else { return Ok(Some(Target { path, ..target.clone() })) };
    if host.trim_matches(['[', ']']) != target.host.trim_matches(['[', ']']) {
        return Ok(None);
    }
    let https = uri.scheme_str() == Some("https");
    let port = uri.port_u16().unwrap_or(if https { 443 } else { 80 });
    Ok(Some(Target { https, port, path, ..target.clone() }))
}

/// Sends the request, follows redirects on the same host, and judges the answer.
pub(crate) async fn get(target: &Target, timeout: Duration) -> Attempt {
    let mut current = target.clone();
    let work = async {
        for _ in 0..=REDIRECTS_MAX {
            let answer = match send(&current, timeout).await {
                Ok(answer) => answer,
                Err(error) => return Attempt::Failure(format!("Get \"{}\": {error}", current.url())),
            };
            let is_redirect = matches!(answer.status, 301 | 302 | 303 | 307 | 308);
            if let Some(location) = answer.location.as_deref().filter(|_| is_redirect) {
                match redirect(&current, location) {
                    Ok(Some(next)) => {
                        current = next;
                        continue;
                    }
                    Ok(None) => {
                        return Attempt::Warning(format!(
                            "Probe terminated redirects, Response body: {}",
                            answer.body
                        ));
                    }
                    Err(error) => return Attempt::Failure(error),
                }
            }
            return match answer.status {
                200..=399 => Attempt::Success,
                status => Attempt::Failure(format!("HTTP probe failed with statuscode: {status}")),
            };
        }
        Attempt::Failure(format!("Get \"{}\": stopped after 10 redirects", current.url()))
    };
    match tokio::time::timeout(timeout, work).await {
        Ok(attempt) => attempt,
        Err(_) => Attempt::Failure(format!(
            "Get \"{}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
            target.url()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        Target { https: false, host: "10.0.0.1".into(), port: 80, path: "/".into(), headers: Vec::new() }
    }

    #[test]
    fn redirects() {
        let check = |location: &str, expect: Option<&str>| {
            let got = redirect(&target(), location).expect("a location");
            assert_eq!(got.map(|target| target.url()).as_deref(), expect);
        };
        check("/a?b", Some("http://10.0.0.1:80/a?b"));
        check("https://10.0.0.1/x", Some("https://10.0.0.1:443/x"));
        check("http://10.0.0.1:8080/", Some("http://10.0.0.1:8080/"));
        check("http://evil/", None);
    }

    #[tokio::test]
    async fn statuses() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let port = listener.local_addr().expect("an address").port();
        let server = tokio::spawn(async move {
            for status in ["200 OK", "404 Not Found", "302 Found\r\nLocation: http://elsewhere/"] {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let mut buffer = [0; 4096];
                let read = stream.read(&mut buffer).await.expect("a request");
                assert!(String::from_utf8_lossy(&buffer[..read]).contains("user-agent: kube-probe/1.35"));
                let text = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nok");
                stream.write_all(text.as_bytes()).await.expect("written");
            }
        });
        let target = Target { host: "127.0.0.1".into(), port, ..target() };
        let patience = Duration::from_secs(5);
        assert_eq!(get(&target, patience).await, Attempt::Success);
        let failed = Attempt::Failure("HTTP probe failed with statuscode: 404".into());
        assert_eq!(get(&target, patience).await, failed);
        let text = "Probe terminated redirects, Response body: ok".to_owned();
        assert_eq!(get(&target, patience).await, Attempt::Warning(text));
        server.await.expect("the server's end");
        let Attempt::Failure(text) = get(&target, patience).await else { panic!("nobody listens") };
        assert!(text.ends_with("connect: connection refused"), "{text}");
    }
}
