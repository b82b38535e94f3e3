//! A registry as one pull sees it: manifests and blobs, behind Bearer or Basic authentication, with
//! redirects, retries and bounds.
//!
//! Credentials go to the registry itself and to the token service that it names, and nowhere else: a redirect
//! to another origin is followed without them, one from TLS to plain text not at all. `urls` in descriptors
//! are ignored.
//! Source: OCI distribution specification; Docker Registry v2 "Token Authentication"; RFC 7235.

use std::io::{Seek, SeekFrom, Write};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use base64::Engine;
use http::header::{ACCEPT, AUTHORIZATION, LOCATION, RANGE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::digest::Digest;
use super::manifest::{self, Descriptor, MANIFEST_LEN_MAX};
use super::reference::Reference;
use super::transport::{Answer, Connector, TransportError};
use super::{Credentials, ImageError, RegistryConfig};

/// Tries of one request; pauses of 0.25 s, 1 s between them.
const TRIES: u32 = 3;
const REDIRECTS_MAX: usize = 5;
/// Longest answer of a token service, and longest error text.
const TOKEN_LEN_MAX: usize = 1 << 20;
const ERROR_LEN_MAX: usize = 8 << 10;
/// Longest pause that a registry may ask for.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Why something could not be fetched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("unexpected status from GET request to {url}: {status}{message}")]
    Status { url: String, status: StatusCode, message: String, pause: Option<Duration> },
    #[error("authorization failed: {0}")]
    Denied(String),
    #[error("{0}")]
    Protocol(String),
    #[error("the transfer broke off")]
    Short,
    #[error(transparent)]
    Image(#[from] ImageError),
}

impl FetchError {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Transport(error) => !matches!(error, TransportError::Address(_) | TransportError::Trust(_)),
            Self::Status { status, .. } => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::Short => true,
            Self::Denied(_) | Self::Protocol(_) | Self::Image(_) => false,
        }
    }

    /// As the pull's caller sees it.
    pub(crate) fn for_image(self, image: &str) -> ImageError {
        let denied = match &self {
            Self::Denied(_) => true,
            Self::Status { status, .. } => matches!(status.as_u16(), 401 | 403 | 404),
            _ => false,
        };
        match self {
            Self::Image(error) => error,
            error => ImageError::Pull { image: image.to_owned(), message: error.to_string(), denied },
        }
    }
}

/// One pull's view of one repository.
pub(crate) struct Repository<'a> {
    connector: &'a Connector,
    base: Url,
    path: String,
    credentials: Credentials,
    /// What the registry was satisfied with last.
    authorization: Mutex<Option<HeaderValue>>,
}

/// Whether a registry speaks plain HTTP: on loopback, and where configured.
fn is_plain(domain: &str, config: &RegistryConfig) -> bool {
    if config.insecure.iter().any(|insecure| insecure == domain) {
        return true;
    }
    let host = match domain.rfind(':') {
        Some(colon) if !domain.ends_with(']') => &domain[..colon],
        _ => domain,
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    config.insecure.iter().any(|insecure| insecure == host)
        || host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl<'a> Repository<'a> {
    pub(crate) fn new(
        connector: &'a Connector,
        config: &RegistryConfig,
        reference: &Reference,
        credentials: &Credentials,
    ) -> Result<Self, FetchError> {
        let scheme = if is_plain(&reference.domain, config) { "http" } else { "https" };
        let base = Url::parse(&format!("{scheme}://{}/", reference.host()))
            .map_err(|error| FetchError::Protocol(format!("{}: {error}", reference.host())))?;
        Ok(Self {
            connector,
            base,
            path: reference.path.clone(),
            credentials: credentials.clone(),
            authorization: Mutex::new(None),
        })
    }

    fn url(&self, kind: &str, name: &str) -> Result<Url, FetchError> {
        let path = format!("/v2/{}/{kind}/{name}", self.path);
        self.base.join(&path).map_err(|error| FetchError::Protocol(format!("{path}: {error}")))
    }

    /// The bytes of a manifest by tag or digest, and their digest.
    pub(crate) async fn manifest(&self, name: &str) -> Result<(Vec<u8>, Digest), FetchError> {
        let url = self.url("manifests", name)?;
        let mut tries = 0;
        let bytes = loop {
            match self.manifest_once(&url).await {
                Ok(bytes) => break bytes,
                Err(error) => {
                    tries += 1;
                    pause_or_fail(error, tries).await?;
                }
            }
        };
        let digest = Digest::of(&bytes);
        if name.contains(':') {
            Digest::parse(name)?.check(&bytes)?;
        }
        Ok((bytes, digest))
    }

    async fn manifest_once(&self, url: &Url) -> Result<Vec<u8>, FetchError> {
        let accept = (ACCEPT, HeaderValue::from_static(manifest::ACCEPT));
        let limit = usize::try_from(MANIFEST_LEN_MAX).expect("the bound is small");
        let mut answer = self.get(url, &[accept]).await?;
        match answer.body(limit).await? {
            (bytes, true) => Ok(bytes),
            (_, false) => Err(ImageError::Malformed("a manifest over 4 MiB".to_owned()).into()),
        }
    }

    /// A small blob, checked.
    pub(crate) async fn small_blob(
        &self,
        descriptor: &Descriptor,
        limit: u64,
    ) -> Result<Vec<u8>, FetchError> {
        if descriptor.size > limit {
            return Err(ImageError::Malformed(format!("a blob of {} bytes", descriptor.size)).into());
        }
        let mut bytes = std::io::Cursor::new(Vec::new());
        self.blob(descriptor, &mut bytes).await?;
        Ok(bytes.into_inner())
    }

    /// Writes a blob, checked against digest and size, into `into`. A transfer that breaks off is taken up
    /// again.
    pub(crate) async fn blob(
        &self,
        descriptor: &Descriptor,
        into: &mut (impl Write + Seek + Send),
    ) -> Result<(), FetchError> {
        let url = self.url("blobs", &descriptor.digest.to_string())?;
        let mut hash = Sha256::new();
        let mut got = 0u64;
        let mut tries = 0;
        loop {
            let before = got;
            match self.blob_part(&url, descriptor.size, into, &mut hash, &mut got).await {
                Ok(()) => break,
                Err(error) => {
                    // What makes headway may break off any number of times.
                    tries = if got > before { 1 } else { tries + 1 };
                    pause_or_fail(error, tries).await?;
                }
            }
        }
        let found = Digest::from_hash(hash);
        if found != descriptor.digest {
            return Err(descriptor.digest.mismatch(&found).into());
        }
        Ok(())
    }

    async fn blob_part(
        &self,
        url: &Url,
        size: u64,
        into: &mut (impl Write + Seek + Send),
        hash: &mut Sha256,
        got: &mut u64,
    ) -> Result<(), FetchError> {
        let mut headers = Vec::new();
        if *got > 0 {
            let range = HeaderValue::try_from(format!("bytes={got}-")).expect("digits are fit for a header");
            headers.push((RANGE, range));
        }
        let mut answer = self.get(url, &headers).await?;
        if *got > 0 && answer.head.status != StatusCode::PARTIAL_CONTENT {
            // From the beginning, then.
            *got = 0;
            *hash = Sha256::new();
            into.seek(SeekFrom::Start(0)).map_err(ImageError::Io)?;
        }
        while let Some(piece) = answer.piece().await? {
            if *got + piece.len() as u64 > size {
                let message = format!("a blob is longer than the {size} bytes promised");
                return Err(ImageError::Malformed(message).into());
            }
            // Into the page cache; the sync comes later, on another thread.
            into.write_all(&piece).map_err(ImageError::Io)?;
            hash.update(&piece);
            *got += piece.len() as u64;
        }
        if *got < size { Err(FetchError::Short) } else { Ok(()) }
    }

    /// GET with what the registry wants of authentication, and after redirects. Only success comes back.
    async fn get(&self, url: &Url, headers: &[(HeaderName, HeaderValue)]) -> Result<Answer, FetchError> {
        let mut url = url.clone();
        let mut redirects = 0;
        let mut authenticated = false;
        loop {
            let is_registry = url.origin() == self.base.origin();
            let mut all = headers.to_vec();
            let known = self.authorization.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if is_registry && let Some(value) = known {
                all.push((AUTHORIZATION, value));
            }
            let mut answer = self.connector.get(&url, &all).await?;
            let status = answer.head.status;
            if status.is_success() {
                return Ok(answer);
            }
            if matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
                redirects += 1;
                url = redirect(&url, &answer, redirects)?;
                continue;
            }
            if status == StatusCode::UNAUTHORIZED && is_registry && !authenticated {
                authenticated = true;
                let value = self.authenticate(&answer).await?;
                *self.authorization.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
                continue;
            }
            return Err(status_error(&url, &mut answer).await);
        }
    }

    /// Answers a challenge. Source: RFC 7235, "WWW-Authenticate".
    async fn authenticate(&self, answer: &Answer) -> Result<HeaderValue, FetchError> {
        let challenges = answer.head.headers.get_all(WWW_AUTHENTICATE);
        let challenges: Vec<Challenge> =
            challenges.iter().filter_map(|value| Challenge::parse(value.to_str().ok()?)).collect();
        if let Some(bearer) = challenges.iter().find(|challenge| challenge.scheme == "bearer") {
            let token = self.token(bearer).await?;
            return secret(format!("Bearer {token}"));
        }
        if challenges.iter().any(|challenge| challenge.scheme == "basic") {
            return self.basic()?.ok_or_else(|| FetchError::Denied("no basic auth credentials".to_owned()));
        }
        Err(FetchError::Denied("the registry names no way to authenticate that is known".to_owned()))
    }

    fn basic(&self) -> Result<Option<HeaderValue>, FetchError> {
        let Credentials { username, password } = &self.credentials;
        if username.is_empty() {
            return Ok(None);
        }
        let encoded = base64::engine::general_purpose::STANDARD.encode(format!("{username}:{password}"));
        secret(format!("Basic {encoded}")).map(Some)
    }

    async fn token(&self, bearer: &Challenge) -> Result<String, FetchError> {
        let realm = bearer.parameter("realm").unwrap_or_default();
        let mut url =
            Url::parse(realm).map_err(|_| FetchError::Denied("a challenge without realm".to_owned()))?;
        let allowed = match url.scheme() {
            "https" => true,
            "http" => self.base.scheme() == "http",
            _ => false,
        };
        if !allowed {
            return Err(FetchError::Denied(format!("the token service {realm} is not to be trusted")));
        }
        url.set_fragment(None);
        {
            let mut query = url.query_pairs_mut();
            if let Some(service) = bearer.parameter("service") {
                query.append_pair("service", service);
            }
            query.append_pair("scope", &format!("repository:{}:pull", self.path));
        }
        let headers: Vec<_> = self.basic()?.map(|value| (AUTHORIZATION, value)).into_iter().collect();
        let mut answer = self.connector.get(&url, &headers).await?;
        if !answer.head.status.is_success() {
            // Redirects too: nobody else gets the password.
            let error = status_error(&url, &mut answer).await;
            let refused = matches!(answer.head.status.as_u16(), 400 | 401 | 403 | 404);
            return Err(if refused { FetchError::Denied(error.to_string()) } else { error });
        }
        let (text, whole) = answer.body(TOKEN_LEN_MAX).await?;
        #[derive(Deserialize)]
        struct Token {
            token: Option<String>,
            access_token: Option<String>,
        }
        let token = if whole { serde_json::from_slice::<Token>(&text).ok() } else { None };
        token
            .and_then(|token| token.token.or(token.access_token))
            .filter(|token| !token.is_empty())
            .ok_or_else(|| FetchError::Denied("the token service's answer holds no token".to_owned()))
    }
}

fn secret(text: String) -> Result<HeaderValue, FetchError> {
    let mut value = HeaderValue::try_from(text)
        .map_err(|_| FetchError::Denied("credentials that do not fit into a header".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

fn redirect(from: &Url, answer: &Answer, redirects: usize) -> Result<Url, FetchError> {
    let location = answer.head.headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let to = location.and_then(|location| from.join(location).ok());
    let to = to.ok_or_else(|| FetchError::Protocol("a redirect to nowhere".to_owned()))?;
    let downgrade = from.scheme() == "https" && to.scheme() != "https";
    if redirects > REDIRECTS_MAX || downgrade || !matches!(to.scheme(), "http" | "https") {
        return Err(FetchError::Protocol("a redirect that is not followed".to_owned()));
    }
    Ok(to)
}

/// The registry's own words, in one line. Source: OCI distribution specification, "Error Codes".
async fn status_error(url: &Url, answer: &mut Answer) -> FetchError {
    #[derive(Deserialize)]
    struct Errors {
        errors: Vec<Error>,
    }
    #[derive(Deserialize)]
    struct Error {
        #[serde(default)]
        code: String,
        #[serde(default)]
        message: String,
    }
    let text = answer.body(ERROR_LEN_MAX).await.map(|(text, _)| text).unwrap_or_default();
    let message = match serde_json::from_slice::<Errors>(&text) {
        Ok(Errors { errors }) => {
            let each = errors.iter().take(5).map(|error| format!("{}: {}", error.code, error.message));
            each.collect::<Vec<_>>().join("; ")
        }
        Err(_) => String::from_utf8_lossy(&text).chars().take(200).collect(),
    };
    let message: String = message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let message = if message.trim().is_empty() { String::new() } else { format!(": {}", message.trim()) };
    let pause = answer.head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    // Without the query: it may hold a signature.
    let url = url[..url::Position::AfterPath].to_owned();
    FetchError::Status { url, status: answer.head.status, message, pause: pause.map(Duration::from_secs) }
}

async fn pause_or_fail(error: FetchError, tries: u32) -> Result<(), FetchError> {
    if tries >= TRIES || !error.is_retryable() {
        return Err(error);
    }
    let asked = if let FetchError::Status { pause, .. } = &error { *pause } else { None };
    let pause = asked.unwrap_or(Duration::from_millis(250) * 4u32.pow(tries - 1)).min(PAUSE_MAX);
    tracing::debug!(%error, tries, "A registry's request failed, will retry.");
    tokio::time::sleep(pause).await;
    Ok(())
}

/// One `WWW-Authenticate` value.
#[derive(Debug, PartialEq, Eq)]
struct Challenge {
    /// Lower case.
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn parse(text: &str) -> Option<Self> {
        let (scheme, mut rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let mut parameters = Vec::new();
        loop {
            rest = rest.trim_start_matches([' ', ',', '\t']);
            let Some((key, after)) = rest.split_once('=') else { break };
            let (value, after) = match after.strip_prefix('"') {
                Some(quoted) => unquote(quoted)?,
                None => {
                    let end = after.find([',', ' ']).unwrap_or(after.len());
                    (after[..end].to_owned(), &after[end..])
                }
            };
            parameters.push((key.trim().to_ascii_lowercase(), value));
            rest = after;
        }
        (!scheme.is_empty()).then(|| Self { scheme: scheme.to_ascii_lowercase(), parameters })
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The text up to the closing quote, and what comes after it.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => value.push(chars.next()?.1),
            c => value.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges() {
        let check = |text, scheme: &str, expect: &[(&str, &str)]| {
            let challenge = Challenge::parse(text).unwrap();
            assert_eq!(challenge.scheme, scheme);
            for (key, value) in expect {
                assert_eq!(challenge.parameter(key), Some(*value), "{text}");
            }
        };
        check(
            r#"Bearer realm="https://auth.example/token",service="registry",scope="repository:a,b:pull""#,
            "bearer",
            &[
                ("realm", "https://auth.example/token"),
                ("service", "registry"),
                ("scope", "repository:a,b:pull"),
            ],
        );
        check(r#"Basic realm="a \"quoted\" name""#, "basic", &[("realm", "a \"quoted\" name")]);
        check("bearer realm=http://x, service=y", "bearer", &[("realm", "http://x"), ("service", "y")]);
        assert_eq!(Challenge::parse(r#"Bearer realm="open"#), None);
        assert_eq!(Challenge::parse(""), None);
    }

    #[test]
    fn plain_registries() {
        let config =
            RegistryConfig { insecure: vec!["lan:5000".to_owned(), "old".to_owned()], ..Default::default() };
        let check = |domain, expect| assert_eq!(is_plain(domain, &config), expect, "{domain}");
        check("localhost", true);
        check("localhost:5000", true);
        check("127.0.0.1:5000", true);
        check("127.8.8.8", true);
        check("[::1]:5000", true);
        check("lan:5000", true);
        check("lan:5001", false);
        check("old:443", true);
        check("docker.io", false);
        check("10.0.0.1:5000", false);
        check("localhost.example", false);
    }
}
