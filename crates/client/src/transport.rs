//! What carries requests: HTTPS, or a call into an API server in the same process.

use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use futures::stream::{BoxStream, StreamExt};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, BodyStream, Full};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Error, Status};

/// An answer's body.
pub type Body = UnsyncBoxBody<Bytes, Error>;

/// A body of these bytes.
pub fn body_from(bytes: impl Into<Bytes>) -> Body {
    Full::new(bytes.into()).map_err(|never| match never {}).boxed_unsync()
}

/// A running watch: ends when the server ends it; dropping it ends it too.
pub type WatchStream = BoxStream<'static, Result<WatchEvent, Error>>;

/// Longest event taken from a watch, in bytes: twice the largest object that a server accepts.
const EVENT_LEN_MAX: usize = 8 << 20;

/// The type of a watch event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EventKind {
    /// New, or newly matching the selectors.
    Added,
    /// Changed.
    Modified,
    /// Gone, or no longer matching.
    Deleted,
    /// Only the resource version is news.
    Bookmark,
    /// The watch failed; the object is a `Status`.
    Error,
}

/// One event of a watch.
#[derive(Debug, Clone)]
pub struct WatchEvent {
    /// What happened.
    pub kind: EventKind,
    /// The whole object as JSON. In process these bytes are shared with the server's cache.
    pub object: Bytes,
}

/// Carries requests to an API server, as one user.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request. Its URI is a path with a query; authentication is the transport's matter.
    fn send(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<http::Response<Body>, Error>>;

    /// Sends a watch request (`watch=true` in its query).
    fn watch(&self, request: http::Request<Bytes>) -> BoxFuture<'_, Result<WatchStream, Error>> {
        Box::pin(async move {
            let path = request.uri().path().to_owned();
            let response = check(&path, self.send(request).await?).await?;
            Ok(watch_frames(path, response.into_body()))
        })
    }
}

/// Passes a success on, and turns a failure into [`Error::Api`].
pub(crate) async fn check(path: &str, response: http::Response<Body>) -> Result<http::Response<Body>, Error> {
    if response.status().is_success() {
        return Ok(response);
    }
    let code = response.status().as_u16();
    let text = response.into_body().collect().await?.to_bytes();
    let mut status = serde_json::from_slice::<Status>(&text).unwrap_or_else(|_| Status {
        status: "Failure".to_owned(),
        message: format!("{path}: {}", String::from_utf8_lossy(&text[..text.len().min(1024)])),
        ..Status::default()
    });
    status.code = code;
    Err(Error::Api(Box::new(status)))
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(rename = "type")]
    kind: EventKind,
    #[serde(borrow)]
    object: &'a RawValue,
}

/// Cuts a watch's body into events: JSON documents, one a line.
pub fn watch_frames(path: String, body: Body) -> WatchStream {
    let state = (BodyStream::new(body), BytesMut::new(), 0usize, path);
    futures::stream::unfold(state, |(mut body, mut buffer, mut scanned, path)| async move {
        loop {
            if let Some(at) = memchr(&buffer[scanned..]) {
                let line = buffer.split_to(scanned + at + 1).freeze();
                scanned = 0;
                if line.trim_ascii().is_empty() {
                    continue;
                }
                return Some((decode(&path, &line), (body, buffer, scanned, path)));
            }
            scanned = buffer.len();
            if buffer.len() > EVENT_LEN_MAX {
                let error = Error::Transport(format!("a watch event of over {EVENT_LEN_MAX} bytes").into());
                return Some((Err(error), (body, BytesMut::new(), 0, path)));
            }
            match body.next().await {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        buffer.extend_from_slice(&data);
                    }
                }
                Some(Err(error)) => return Some((Err(error), (body, buffer, scanned, path))),
                None => return None,
            }
        }
    })
    .boxed()
}

fn memchr(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n')
}

fn decode(path: &str, line: &Bytes) -> Result<WatchEvent, Error> {
    let frame: Frame<'_> =
        serde_json::from_slice(line).map_err(|source| Error::Decode { what: path.to_owned(), source })?;
    Ok(WatchEvent { kind: frame.kind, object: line.slice_ref(frame.object.get().as_bytes()) })
}
