//! Commands over WebSocket: messages whose first byte names a channel.
//!
//! Source: Kubernetes documentation and KEP-4006 ("Transition from SPDY to WebSockets"): channels 0 to 4 are standard
//! input, output, error, the error channel and terminal sizes; from version 5 on, 255 closes the channel in the byte
//! after it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::stream::SplitSink;
use futures::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::session::{self, Ends};
use super::{Handler, Job, status};

const STDIN: u8 = 0;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const ERROR: u8 = 3;
const RESIZE: u8 = 4;
const CLOSE: u8 = 255;

/// The longest message of a client; theirs have 32 KiB at most.
const MESSAGE_MAX: usize = 1 << 20;
/// How much of an output goes into one message.
const CHUNK: usize = 16 << 10;
/// How long a client may take to say goodbye.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// A version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Protocol {
    pub(crate) name: &'static str,
    /// Messages are text, in base64; the channel is a digit.
    base64: bool,
    /// The error channel carries a `Status`; otherwise text.
    status: bool,
    /// Channels can be closed.
    close: bool,
}

impl Protocol {
    /// Whether it can carry ports: the newest is for commands alone.
    pub(crate) const fn has_ports(self) -> bool {
        !self.close
    }
}

/// In the order of preference.
pub(crate) const PROTOCOLS: [Protocol; 5] = [
    Protocol { name: "v5.channel.k8s.io", base64: false, status: true, close: true },
    Protocol { name: "v4.channel.k8s.io", base64: false, status: true, close: false },
    Protocol { name: "v4.base64.channel.k8s.io", base64: true, status: true, close: false },
    Protocol { name: "channel.k8s.io", base64: false, status: false, close: false },
    Protocol { name: "base64.channel.k8s.io", base64: true, status: false, close: false },
];

pub(crate) type Socket = WebSocketStream<TokioIo<Upgraded>>;
pub(crate) type Sender = Mutex<SplitSink<Socket, Message>>;

/// The server's side of an upgraded connection.
pub(crate) async fn accept(upgraded: Upgraded) -> Socket {
    let limits =
        WebSocketConfig::default().max_message_size(Some(MESSAGE_MAX)).max_frame_size(Some(MESSAGE_MAX));
    WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(limits)).await
}

/// Runs a command for the client of an upgraded connection, until either ends.
pub(crate) async fn run(
    upgraded: Upgraded,
    protocol: Protocol,
    handler: Arc<dyn Handler>,
    job: Job,
) -> io::Result<()> {
    let socket = accept(upgraded).await;
    let streams = session::streams(&job);
    let (io, Ends { mut stdin, stdout, stderr, resize }) = session::pair(streams);
    let (sender, mut receiver) = socket.split();
    let sender = Mutex::new(sender);
    // The client learns that the connection stands.
    let first = match (streams.stdout, streams.stderr) {
        (true, _) => STDOUT,
        (_, true) => STDERR,
        _ => ERROR,
    };
    if send(&sender, protocol, first, &[]).await.is_err() {
        return Ok(());
    }
    let outgoing = async {
        let run = session::run(handler, job, io);
        let (outcome, out, err) = tokio::join!(
            run,
            copy(&sender, protocol, STDOUT, stdout),
            copy(&sender, protocol, STDERR, stderr)
        );
        out.and(err)?;
        let told = if protocol.status { status::object(&outcome) } else { status::text(&outcome) };
        if !told.is_empty() {
            send(&sender, protocol, ERROR, &told).await?;
        }
        say_goodbye(&sender).await
    };
    let incoming = async {
        while let Some(Ok(message)) = receiver.next().await {
            let Some((channel, data)) = decode(protocol, message) else { continue };
            match channel {
                STDIN => {
                    // A command that no longer reads is no reason to end.
                    if let Some(open) = &mut stdin
                        && open.write_all(&data).await.is_err()
                    {
                        stdin = None;
                    }
                }
                RESIZE => {
                    if let Ok(size) = serde_json::from_slice(&data) {
                        resize.send(size).await.ok();
                    }
                }
                CLOSE if protocol.close && data.first() == Some(&STDIN) => stdin = None,
                _ => {}
            }
        }
    };
    tokio::pin!(incoming);
    tokio::select! {
        // The client is gone: dropping the other ends the command.
        () = &mut incoming => {}
        ended = outgoing => {
            if ended.is_ok() {
                timeout(CLOSE_TIMEOUT, incoming).await.ok();
            }
        }
    }
    Ok(())
}

/// The end that was meant: a client takes a close without this code for a broken connection.
pub(crate) fn goodbye() -> Message {
    Message::Close(Some(CloseFrame { code: CloseCode::Normal, reason: Utf8Bytes::default() }))
}

pub(crate) async fn say_goodbye(sender: &Sender) -> Result<(), WsError> {
    sender.lock().await.send(goodbye()).await
}

pub(crate) type WsError = tokio_tungstenite::tungstenite::Error;

pub(crate) async fn send(
    sender: &Sender,
    protocol: Protocol,
    channel: u8,
    data: &[u8],
) -> Result<(), WsError> {
    sender.lock().await.send(encode(protocol, channel, data)).await
}

/// Tells what is read, up to its end.
pub(crate) async fn copy(
    sender: &Sender,
    protocol: Protocol,
    channel: u8,
    from: Option<impl AsyncRead + Unpin>,
) -> Result<(), WsError> {
    let Some(mut from) = from else { return Ok(()) };
    let mut buffer = vec![0; CHUNK];
    loop {
        match from.read(&mut buffer).await {
            Ok(0) | Err(_) => return Ok(()),
            Ok(read) => send(sender, protocol, channel, &buffer[..read]).await?,
        }
    }
}

fn encode(protocol: Protocol, channel: u8, data: &[u8]) -> Message {
    if protocol.base64 {
        return Message::text(format!("{channel}{}", STANDARD.encode(data)));
    }
    let mut bytes = Vec::with_capacity(1 + data.len());
    bytes.push(channel);
    bytes.extend_from_slice(data);
    Message::binary(bytes)
}

/// Channel and data; `None` for what is no message of the protocol.
pub(crate) fn decode(protocol: Protocol, message: Message) -> Option<(u8, Bytes)> {
    match message {
        Message::Binary(data) if !protocol.base64 => Some((*data.first()?, data.slice(1..))),
        // Browsers send text where they could send bytes.
        Message::Text(text) => {
            let data = Bytes::from(text);
            let first = *data.first()?;
            if !protocol.base64 {
                return Some((first, data.slice(1..)));
            }
            let channel = first.checked_sub(b'0').filter(|channel| *channel < 10)?;
            Some((channel, STANDARD.decode(&data[1..]).ok()?.into()))
        }
        _ => None,
    }
}
