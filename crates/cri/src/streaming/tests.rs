//! The server with clients of every protocol, on loopback.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::spdy::testing::{self as client, Client};
use super::*;

/// Echoes input to output, upper case to error output, and ends with the code that the command names. Ports echo.
struct Echo;

#[async_trait::async_trait]
impl Handler for Echo {
    async fn exec(&self, exec: &Exec, io: Io) -> Result<i32, Failure> {
        let Io { stdin, mut stdout, mut stderr, mut resize } = io;
        if exec.streams.tty {
            let size = resize.recv().await.expect("a size");
            let text = format!("{}x{}", size.width, size.height);
            stdout.as_mut().expect("output").write_all(text.as_bytes()).await.expect("written");
            return Ok(0);
        }
        if let Some(mut stdin) = stdin {
            let mut text = String::new();
            stdin.read_to_string(&mut text).await.expect("text");
            stdout.as_mut().expect("output").write_all(text.as_bytes()).await.expect("written");
            let upper = text.to_uppercase();
            stderr.as_mut().expect("error output").write_all(upper.as_bytes()).await.expect("written");
        }
        exec.command[0].parse().map_err(|_| Failure("no number".into()))
    }

    async fn attach(&self, _attach: &Attach, _io: Io) -> Result<(), Failure> {
        Ok(())
    }

    async fn port_forward(&self, _sandbox: &str, port: u16, stream: DuplexStream) -> Result<(), Failure> {
        if port == 1 {
            return Err(Failure("connection refused".into()));
        }
        let (mut from, mut to) = tokio::io::split(stream);
        tokio::io::copy(&mut from, &mut to).await.expect("copied");
        to.shutdown().await.expect("shut down");
        Ok(())
    }
}

/// A server, and what ends it.
struct Served {
    streaming: Streaming,
    cancel: CancellationToken,
    tasks: TaskTracker,
}

impl Served {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listening");
        let (cancel, tasks) = (CancellationToken::new(), TaskTracker::new());
        let streaming = Streaming::serve(listener, Arc::new(Echo), &tasks, cancel.clone()).expect("serving");
        Self { streaming, cancel, tasks }
    }

    /// Everything that was started ends.
    async fn finish(self) {
        self.cancel.cancel();
        self.tasks.close();
        tokio::time::timeout(Duration::from_secs(5), self.tasks.wait()).await.expect("no task is left");
    }

    fn exec(&self, command: &str, streams: Streams) -> String {
        let exec = Exec { container: "c".into(), command: vec![command.into()], streams };
        self.streaming.exec(exec).expect("an address")
    }
}

const ALL: Streams = Streams { stdin: true, stdout: true, stderr: true, tty: false };

/// Asks for an upgrade; gives the connection and the answer's head.
async fn open(url: &str, headers: &str) -> (TcpStream, String) {
    let rest = url.strip_prefix("http://").expect("an address");
    let (host, path) = rest.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(host).await.expect("connected");
    let request = format!("POST /{path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("an answer"));
    }
    (stream, String::from_utf8(head).expect("text"))
}

async fn open_websocket(url: &str, protocol: &str) -> WebSocketStream<TcpStream> {
    let headers = format!(
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: {protocol}\r\n"
    );
    let (stream, head) = open(url, &headers).await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    // Source: RFC 6455, section 1.3.
    assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
    WebSocketStream::from_raw_socket(stream, Role::Client, None).await
}

async fn open_spdy(url: &str, protocol: &str) -> TcpStream {
    let headers =
        format!("Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: {protocol}\r\n");
    let (stream, head) = open(url, &headers).await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    assert!(head.to_lowercase().contains(&format!("x-stream-protocol-version: {protocol}")), "{head}");
    stream
}

/// What came on each channel until the server said goodbye, as it must: kubectl takes a close without the code for a
/// broken connection, and loses the status.
async fn gather(socket: &mut WebSocketStream<TcpStream>) -> BTreeMap<u8, Vec<u8>> {
    let mut channels = BTreeMap::<u8, Vec<u8>>::new();
    let mut goodbye = None;
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Binary(data) => channels.entry(data[0]).or_default().extend(&data[1..]),
            Message::Close(frame) => goodbye = frame,
            _ => {}
        }
    }
    assert_eq!(goodbye.expect("a close with a code").code, CloseCode::Normal);
    channels
}

#[tokio::test]
async fn commands_over_websocket() {
    let served = Served::start().await;
    let mut socket = open_websocket(&served.exec("7", ALL), "v5.channel.k8s.io, v4.channel.k8s.io").await;
    socket.send(Message::binary(b"\0abc".to_vec())).await.expect("sent");
    socket.send(Message::binary(vec![255, 0])).await.expect("sent");
    let channels = gather(&mut socket).await;
    assert_eq!(channels[&1], b"abc");
    assert_eq!(channels[&2], b"ABC");
    let status: serde_json::Value = serde_json::from_slice(&channels[&3]).expect("a status");
    assert_eq!(status["reason"], "NonZeroExitCode");
    assert_eq!(status["details"]["causes"][0], serde_json::json!({"reason": "ExitCode", "message": "7"}));

    let tty = Streams { stdout: true, tty: true, ..Streams::default() };
    let mut socket = open_websocket(&served.exec("0", tty), "v4.channel.k8s.io").await;
    socket.send(Message::binary(b"\x04{\"Width\":80,\"Height\":24}".to_vec())).await.expect("sent");
    let channels = gather(&mut socket).await;
    assert_eq!(channels[&1], b"80x24");
    assert_eq!(channels[&3], br#"{"metadata":{},"status":"Success"}"#);
    served.finish().await;
}

#[tokio::test]
async fn abandoned_sessions_end() {
    let served = Served::start().await;
    for _ in 0..100 {
        drop(open_websocket(&served.exec("0", ALL), "v4.channel.k8s.io").await);
    }
    let idle = async {
        // The one that accepts stays.
        while served.tasks.len() > 1 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), idle).await.expect("no task is left");
    served.finish().await;
}

#[tokio::test]
async fn commands_over_spdy() {
    let served = Served::start().await;
    for (protocol, expect) in [
        ("v4.channel.k8s.io", r#""reason":"NonZeroExitCode""#),
        ("v2.channel.k8s.io", "command terminated with non-zero exit code: exit status 7"),
    ] {
        let mut client = Client::new(open_spdy(&served.exec("7", ALL), protocol).await);
        let ids = ["error", "stdin", "stdout", "stderr"].map(|kind| (kind, client.next_id(kind)));
        for (kind, id) in ids {
            client.open(id, &[("streamtype", kind)]).await;
        }
        client.send(ids[1].1, b"abc", true).await;
        let streams = client.gather(&[ids[0].1, ids[2].1, ids[3].1]).await;
        assert_eq!(streams[&ids[2].1], b"abc");
        assert_eq!(streams[&ids[3].1], b"ABC");
        let told = String::from_utf8_lossy(&streams[&ids[0].1]).into_owned();
        assert!(told.contains(expect), "{told}");
    }
    served.finish().await;
}

#[tokio::test]
async fn ports_over_websocket() {
    let served = Served::start().await;
    let forward = PortForward { sandbox: "s".into(), ports: vec![0x1f90, 1] };
    let url = served.streaming.port_forward(forward).expect("an address");
    let mut socket = open_websocket(&url, "v4.channel.k8s.io").await;
    socket.send(Message::binary(b"\0ping".to_vec())).await.expect("sent");
    let mut channels = BTreeMap::<u8, Vec<u8>>::new();
    while channels.get(&0).is_none_or(|data| data.len() < 6)
        || channels.get(&3).is_none_or(|data| data.len() < 3)
    {
        let message = socket.next().await.expect("a message").expect("read");
        let Message::Binary(data) = message else { continue };
        channels.entry(data[0]).or_default().extend(&data[1..]);
    }
    assert_eq!(channels[&0], b"\x90\x1fping");
    assert_eq!(channels[&1], b"\x90\x1f");
    assert_eq!(channels[&2], [1, 0]);
    assert!(channels[&3].starts_with(b"\x01\0error forwarding port 1 to pod s: connection refused"));
    drop(socket);
    // Without a port there is nothing to forward.
    let none = PortForward { sandbox: "s".into(), ports: Vec::new() };
    let url = served.streaming.port_forward(none).expect("an address");
    let headers = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n";
    let (_, head) = open(&url, headers).await;
    assert!(head.starts_with("HTTP/1.1 400"), "{head}");
    served.finish().await;
}

#[tokio::test]
async fn ports_over_spdy() {
    let served = Served::start().await;
    let url = served
        .streaming
        .port_forward(PortForward { sandbox: "s".into(), ports: Vec::new() })
        .expect("an address");
    let client = Client::new(open_spdy(&url, "portforward.k8s.io").await);
    client::check_ports(client).await;
    served.finish().await;
}

#[tokio::test]
async fn ports_over_spdy_inside_websocket() {
    let served = Served::start().await;
    let url = served
        .streaming
        .port_forward(PortForward { sandbox: "s".into(), ports: Vec::new() })
        .expect("an address");
    let socket = open_websocket(&url, "SPDY/3.1+portforward.k8s.io").await;
    let (here, there) = tokio::io::duplex(1 << 16);
    let bridge = tokio::spawn(async move {
        let (mut sender, mut receiver) = socket.split();
        let (mut from, mut to) = tokio::io::split(there);
        let up = async {
            let mut buffer = vec![0; 1000];
            while let Ok(read) = from.read(&mut buffer).await {
                if read == 0
                    || sender.send(Message::Binary(Bytes::copy_from_slice(&buffer[..read]))).await.is_err()
                {
                    break;
                }
            }
        };
        let down = async {
            while let Some(Ok(message)) = receiver.next().await {
                if to.write_all(&message.into_data()).await.is_err() {
                    break;
                }
            }
        };
        tokio::select! { () = up => {}, () = down => {} }
    });
    client::check_ports(Client::new(here)).await;
    served.finish().await;
    bridge.await.expect("the bridge ends");
}

#[tokio::test]
async fn requests_that_are_refused() {
    let served = Served::start().await;
    let spdy = "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n";
    let url = served.exec("0", ALL);
    let wrong_path = url.replace("/exec/", "/attach/");
    for (url, headers, expect) in [
        ("http://unknown/exec/token", spdy.to_owned(), "404"),
        (wrong_path.as_str(), spdy.to_owned(), "404"),
        // The token was spent on the wrong path.
        (url.as_str(), spdy.to_owned(), "404"),
        (served.exec("0", ALL).as_str(), String::new(), "400"),
        (served.exec("0", ALL).as_str(), format!("{spdy}X-Stream-Protocol-Version: v9\r\n"), "403"),
        (
            served.exec("0", ALL).as_str(),
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n".to_owned(),
            "400",
        ),
    ] {
        let url = url.replace("http://unknown/", &format!("http://{}/", served.streaming.address));
        let (_, head) = open(&url, &headers).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {expect}")), "{headers}: {head}");
    }
    served.finish().await;
}
