//! One HTTP exchange with a registry: directly or through a CONNECT proxy, in plain text or TLS, with
//! deadlines.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Request, Response};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;
use url::{Host, Url};

/// Until a connection stands, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// Until the answer begins, and between two pieces of it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// How much of what a proxy says is passed on.
const EXPLANATION_LEN_MAX: usize = 500;
/// Longest answer of a proxy to CONNECT.
const PROXY_ANSWER_LEN_MAX: usize = 8 << 10;

/// Why an exchange failed. All of these are worth another try, but for what is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransportError {
    #[error("connect to {to}: {source}")]
    Connect { to: String, source: io::Error },
    #[error("proxy {proxy}: {message}")]
    Proxy { proxy: String, message: String },
    #[error("{host}: {source}")]
    Http { host: String, source: hyper::Error },
    #[error("{0}: timed out")]
    Timeout(String),
    #[error("no trusted certificate authorities on this machine: {0}")]
    Trust(String),
    #[error("unsupported address {0}")]
    Address(String),
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

type BoxStream = Pin<Box<dyn Stream>>;

/// The way to registries.
#[derive(Debug, Default)]
enum Way {
    /// Straight on.
    #[default]
    Direct,
    /// Through a CONNECT proxy: `http://user:password@host:port`.
    Proxy(Url),
    /// Through one that listens on a Unix socket.
    Socket(PathBuf),
}

impl Way {
    fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Direct);
        }
        if let Some(path) = text.strip_prefix("unix://") {
            return Path::new(path).is_absolute().then(|| Self::Socket(path.into()));
        }
        Url::parse(text).ok().filter(|url| url.scheme() == "http" && url.has_host()).map(Self::Proxy)
    }
}

/// Makes connections to registries.
#[derive(Debug, Default)]
pub(crate) struct Connector {
    way: Way,
    tls: OnceLock<Arc<rustls::ClientConfig>>,
}

/// An answer whose body is read piece by piece; the connection ends with it.
pub(crate) struct Answer {
    pub(crate) head: http::response::Parts,
    body: Incoming,
    host: String,
    _connection: AbortOnDropHandle<()>,
}

impl Answer {
    /// The next piece; `None` at the end.
    pub(crate) async fn piece(&mut self) -> Result<Option<Bytes>, TransportError> {
        loop {
            let frame = timeout(ANSWER_TIMEOUT, self.body.frame());
            match frame.await.map_err(|_| TransportError::Timeout(self.host.clone()))? {
                None => return Ok(None),
                Some(Err(source)) => return Err(TransportError::Http { host: self.host.clone(), source }),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
            }
        }
    }

    /// The body up to `limit` bytes, and whether that is all of it.
    pub(crate) async fn body(&mut self, limit: usize) -> Result<(Vec<u8>, bool), TransportError> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.piece().await? {
            if bytes.len() + piece.len() > limit {
                return Ok((bytes, false));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok((bytes, true))
    }
}

/// `host:port` as it stands in `Host` and CONNECT.
fn authority(url: &Url) -> Result<(String, u16), TransportError> {
    let address = || TransportError::Address(url.as_str().to_owned());
    let host = url.host().ok_or_else(address)?.to_string();
    Ok((host, url.port_or_known_default().ok_or_else(address)?))
}

impl Connector {
    pub(crate) fn new(proxy: &str) -> Result<Self, TransportError> {
        let way = Way::parse(proxy).ok_or_else(|| TransportError::Address(proxy.to_owned()))?;
        Ok(Self { way, tls: OnceLock::new() })
    }

    /// Sends a GET over a connection of its own.
    pub(crate) async fn get(
        &self,
        url: &Url,
        headers: &[(http::HeaderName, HeaderValue)],
    ) -> Result<Answer, TransportError> {
        let (host, port) = authority(url)?;
        let shown = format!("{host}:{port}");
        let stream = timeout(CONNECT_TIMEOUT, self.connect(url, &host, port))
            .await
            .map_err(|_| TransportError::Timeout(format!("connect to {shown}")))??;
        let http_error = |source| TransportError::Http { host: shown.clone(), source };
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(http_error)?;
        let task = AbortOnDropHandle::new(tokio::spawn(async move {
            // An error reaches the one request, too.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "A registry's connection ended badly.");
            }
        }));
        let request = build_request(url, headers)?;
        let response: Response<Incoming> = timeout(ANSWER_TIMEOUT, sender.send_request(request))
            .await
            .map_err(|_| TransportError::Timeout(shown.clone()))?
            .map_err(http_error)?;
        let (head, body) = response.into_parts();
        Ok(Answer { head, body, host: shown, _connection: task })
    }

    async fn connect(&self, url: &Url, host: &str, port: u16) -> Result<BoxStream, TransportError> {
        let plain: BoxStream = match &self.way {
            Way::Direct => Box::pin(dial(host, port).await?),
            Way::Proxy(proxy) => {
                let (proxy_host, proxy_port) = authority(proxy)?;
                let stream = dial(&proxy_host, proxy_port).await?;
                Box::pin(tunnel(stream, &proxy_host, &credentials(proxy), host, port).await?)
            }
            Way::Socket(path) => {
                let to = path.display().to_string();
                let stream = UnixStream::connect(path).await;
                let stream = stream.map_err(|source| TransportError::Connect { to: to.clone(), source })?;
                Box::pin(tunnel(stream, &to, "", host, port).await?)
            }
        };
        if url.scheme() == "http" {
            return Ok(plain);
        }
        let name = match url.host() {
            Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).ok(),
            Some(Host::Ipv4(ip)) => Some(ServerName::from(std::net::IpAddr::V4(ip))),
            Some(Host::Ipv6(ip)) => Some(ServerName::from(std::net::IpAddr::V6(ip))),
            None => None,
        };
        let name = name.ok_or_else(|| TransportError::Address(host.to_owned()))?;
        let secured = tokio_rustls::TlsConnector::from(self.tls()?).connect(name, plain).await;
        let secured = secured.map_err(|source| TransportError::Connect { to: host.to_owned(), source })?;
        Ok(Box::pin(secured))
    }

    fn tls(&self) -> Result<Arc<rustls::ClientConfig>, TransportError> {
        if let Some(tls) = self.tls.get() {
            return Ok(tls.clone());
        }
        let found = rustls_native_certs::load_native_certs();
        let mut roots = rustls::RootCertStore::empty();
        let (added, _) = roots.add_parsable_certificates(found.certs);
        if added == 0 {
            let why: Vec<String> = found.errors.iter().map(ToString::to_string).collect();
            return Err(TransportError::Trust(why.join("; ")));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring serves the default versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(self.tls.get_or_init(|| Arc::new(config)).clone())
    }
}

fn build_request(
    url: &Url,
    headers: &[(http::HeaderName, HeaderValue)],
) -> Result<Request<Empty<Bytes>>, TransportError> {
    let address = || TransportError::Address(url.as_str().to_owned());
    let mut host = url.host_str().ok_or_else(address)?.to_owned();
    if let Some(port) = url.port() {
        host = format!("{host}:{port}");
    }
    let mut request = Request::get(&url[url::Position::BeforePath..url::Position::AfterQuery])
        .header(HOST, host)
        .header(http::header::USER_AGENT, concat!("mizzen/", env!("CARGO_PKG_VERSION")))
        .header(http::header::CONNECTION, "close");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.body(Empty::new()).map_err(|_| address())
}

async fn dial(host: &str, port: u16) -> Result<TcpStream, TransportError> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    TcpStream::connect((bare, port))
        .await
        .map_err(|source| TransportError::Connect { to: format!("{host}:{port}"), source })
}

/// The header line by which a proxy knows us, if it asks for that.
fn credentials(proxy: &Url) -> String {
    if proxy.username().is_empty() {
        return String::new();
    }
    use base64::Engine;
    let credentials = format!("{}:{}", proxy.username(), proxy.password().unwrap_or_default());
    let encoded = base64::engine::general_purpose::STANDARD.encode(credentials);
    format!("Proxy-Authorization: Basic {encoded}\r\n")
}

/// Asks the proxy called `name` for a connection. Source: RFC 9110, "CONNECT".
async fn tunnel<S: Stream>(
    mut stream: S,
    name: &str,
    credentials: &str,
    host: &str,
    port: u16,
) -> Result<S, TransportError> {
    let failed = |message: String| TransportError::Proxy { proxy: name.to_owned(), message };
    let request = format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{credentials}\r\n");
    stream.write_all(request.as_bytes()).await.map_err(|error| failed(error.to_string()))?;
    // Byte by byte: what follows the head belongs to the registry.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= PROXY_ANSWER_LEN_MAX {
            return Err(failed("its answer has no end".to_owned()));
        }
        head.push(stream.read_u8().await.map_err(|error| failed(error.to_string()))?);
    }
    let head = String::from_utf8_lossy(&head);
    let status = head.lines().next().unwrap_or_default();
    match status.split_ascii_whitespace().nth(1) {
        Some(code) if code.len() == 3 && code.starts_with('2') => Ok(stream),
        _ => {
            let why = explanation(&mut stream, &head).await;
            let status = status.chars().take(200).collect::<String>();
            Err(failed(if why.is_empty() { format!("{host}:{port}: {status}") } else { why }))
        }
    }
}

/// What a proxy says in words when it refuses; nothing if it says none.
async fn explanation(stream: &mut (impl AsyncRead + Unpin), head: &str) -> String {
    let lengths = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lengths.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths.next().and_then(|(_, value)| value.trim().parse::<usize>().ok()).unwrap_or(0);
    let mut body = vec![0; length.min(EXPLANATION_LEN_MAX)];
    match stream.read_exact(&mut body).await {
        Ok(_) => String::from_utf8_lossy(&body).trim().to_owned(),
        Err(_) => String::new(),
    }
}
