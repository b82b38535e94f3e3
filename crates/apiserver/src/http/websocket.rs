//! Watches and logs over WebSocket: each piece of the answer's body is a message.
//!
//! Source: Kubernetes API concepts, "Efficient detection of changes"; the protocols `binary.k8s.io` and
//! `base64.binary.k8s.io` carry bytes, and without one JSON goes as text and all else as binary messages.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use http::header::{
    CONNECTION, CONTENT_TYPE, HeaderName, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version};
use http_body_util::BodyExt;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::debug;

use super::full;
use super::negotiate::PROTOBUF;
use crate::connect::Body;

/// What a client sends is not listened to, and so need not be long.
const MESSAGE_MAX: usize = 64 << 10;
/// A protocol that is no protocol but a token.
const BEARER: &str = "base64url.bearer.authorization.k8s.io.";
const BASE64: &str = "base64.binary.k8s.io";

/// A client's wish to have the answer as messages.
pub(crate) struct Wish {
    upgrade: OnUpgrade,
    accept: String,
    protocol: Option<String>,
}

impl Wish {
    /// Takes the wish out of a request; `None`: it has none.
    pub(crate) fn take(request: &mut Request<Body>) -> Option<Self> {
        let headers = request.headers();
        let has = |name: &HeaderName, token: &str| {
            let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).any(|own| own.trim().eq_ignore_ascii_case(token))
        };
        let wishes = request.version() == Version::HTTP_11
            && has(&CONNECTION, "upgrade")
            && has(&UPGRADE, "websocket")
            && has(&SEC_WEBSOCKET_VERSION, "13");
        let key = headers.get(SEC_WEBSOCKET_KEY).filter(|_| wishes)?;
        let accept = derive_accept_key(key.as_bytes());
        let protocol = protocol(headers);
        // The headers stay: authentication looks for a token in them.
        let upgrade = hyper::upgrade::on(&mut *request);
        Some(Self { upgrade, accept, protocol })
    }

    /// The answer that changes protocols, and then a task that sends the body of `answer`.
    pub(crate) fn grant(
        self,
        answer: Response<Body>,
        tasks: &TaskTracker,
        cancel: CancellationToken,
    ) -> Response<Body> {
        let content_type = answer.headers().get(CONTENT_TYPE).cloned();
        let is_protobuf =
            content_type.as_ref().is_some_and(|own| own.as_bytes().starts_with(PROTOBUF.as_bytes()));
        let is_json =
            content_type.as_ref().is_some_and(|own| own.as_bytes().starts_with(b"application/json"));
        let framing = match self.protocol.as_deref() {
            Some(BASE64) => Framing::Base64,
            Some("binary.k8s.io") => Framing::Binary,
            _ if is_protobuf => Framing::Unprefixed,
            _ if is_json => Framing::Text,
            _ => Framing::Binary,
        };
        let mut response = Response::new(full(""));
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers
            .insert(SEC_WEBSOCKET_ACCEPT, HeaderValue::from_str(&self.accept).expect("base64 is plain text"));
        if let Some(protocol) = self.protocol.and_then(|protocol| HeaderValue::from_str(&protocol).ok()) {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        let upgrade = self.upgrade;
        let body = answer.into_body();
        tasks.spawn(async move {
            match upgrade.await {
                Ok(upgraded) => {
                    let limits = WebSocketConfig::default()
                        .max_message_size(Some(MESSAGE_MAX))
                        .max_frame_size(Some(MESSAGE_MAX));
                    let stream = TokioIo::new(upgraded);
                    let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(limits)).await;
                    if cancel.run_until_cancelled(send(socket, body, framing)).await.is_none() {
                        debug!("A WebSocket was cut off.");
                    }
                }
                Err(error) => debug!(%error, "A connection was not upgraded."),
            }
        });
        response
    }
}

/// Takes the wish's headers out of a request that goes on to who would grant it again.
pub(crate) fn strip(headers: &mut HeaderMap) {
    for name in [
        CONNECTION,
        UPGRADE,
        SEC_WEBSOCKET_KEY,
        SEC_WEBSOCKET_VERSION,
        SEC_WEBSOCKET_PROTOCOL,
        SEC_WEBSOCKET_EXTENSIONS,
    ] {
        headers.remove(name);
    }
}

/// The protocol that is agreed on: the first that is no token.
fn protocol(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let mut protocols = values.flat_map(|value| value.split(',')).map(str::trim);
    protocols.find(|own| !own.is_empty() && !own.starts_with(BEARER)).map(str::to_owned)
}

/// How a piece of the body becomes a message.
#[derive(Debug, Clone, Copy)]
enum Framing {
    Text,
    Binary,
    /// Binary, without the length before it, as messages have one.
    Unprefixed,
    Base64,
}

impl Framing {
    fn message(self, piece: Bytes) -> Message {
        match self {
            Self::Text => match Utf8Bytes::try_from(piece.clone()) {
                Ok(text) => Message::Text(text),
                Err(_) => Message::Binary(piece),
            },
            Self::Binary => Message::Binary(piece),
            Self::Unprefixed => Message::Binary(piece.slice(piece.len().min(4)..)),
            Self::Base64 => Message::Text(STANDARD.encode(&piece).into()),
        }
    }
}

/// Sends until the body or the client ends.
async fn send<S>(socket: WebSocketStream<S>, mut body: Body, framing: Framing)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let (mut sink, mut source) = socket.split();
    let sending = async {
        while let Some(frame) = body.frame().await {
            let Ok(piece) = frame?.into_data() else { continue };
            sink.send(framing.message(piece)).await?;
        }
        sink.close().await?;
        Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
    };
    // Reading answers pings, and sees the client go.
    let gone = async { while let Some(Ok(_)) = source.next().await {} };
    tokio::select! {
        biased;
        sent = sending => if let Err(error) = sent {
            debug!(error, "A WebSocket ended in an error.");
        },
        () = gone => {}
    }
}
