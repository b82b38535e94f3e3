//! Requests: a token, and an upgrade to WebSocket or SPDY.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{SinkExt, StreamExt};
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, UPGRADE};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::debug;

use super::tokens::Tokens;
use super::{Handler, Job, PortForward, TerminalSize, forward, ports, session, spdy, status, websocket};

/// How many connections are served at once; more wait to be accepted.
const CONNECTIONS_MAX: usize = 1024;
/// How long a client may take to send its request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a SPDY client may take to open the streams of a command.
const STREAMS_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a SPDY client may take to hang up after the end.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

const PROTOCOL_HEADER: &str = "x-stream-protocol-version";
const ACCEPTED_HEADER: &str = "x-accepted-stream-protocol-versions";

/// SPDY's versions of the command protocol, in the order of preference.
const SPDY_PROTOCOLS: [&str; 4] =
    ["v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io"];

type Body = Full<Bytes>;

/// The server; clones share it.
#[derive(Clone)]
pub(crate) struct Server {
    tokens: Arc<Tokens>,
    handler: Arc<dyn Handler>,
    tasks: TaskTracker,
    cancel: CancellationToken,
}

impl Server {
    pub(crate) fn new(
        tokens: Arc<Tokens>,
        handler: Arc<dyn Handler>,
        tasks: TaskTracker,
        cancel: CancellationToken,
    ) -> Self {
        Self { tokens, handler, tasks, cancel }
    }

    /// Accepts connections until it is cancelled.
    pub(crate) async fn run(self, listener: TcpListener) {
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        loop {
            let accept = async {
                let place = places.clone().acquire_owned().await.expect("it is never closed");
                (listener.accept().await, place)
            };
            let (accepted, place) = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return,
                accepted = accept => accepted,
            };
            let Ok((stream, _)) = accepted else {
                // Too many descriptors, most likely: they come back.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            let server = self.clone();
            self.tasks.spawn(async move {
                let cancel = server.cancel.clone();
                cancel.run_until_cancelled_owned(server.connection(stream)).await;
                drop(place);
            });
        }
    }

    async fn connection(self, stream: TcpStream) {
        stream.set_nodelay(true).ok();
        let server = self.clone();
        let service = service_fn(move |request| {
            let response = server.answer(request);
            async move { Ok::<_, Infallible>(response) }
        });
        let served = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades()
            .await;
        if let Err(error) = served {
            debug!(%error, "A streaming connection ended early.");
        }
    }

    fn answer(&self, mut request: Request<Incoming>) -> Response<Body> {
        let path = request.uri().path().trim_start_matches('/');
        let mut parts = path.split('/');
        let (Some(kind), Some(token), None) = (parts.next(), parts.next(), parts.next()) else {
            return plain(StatusCode::NOT_FOUND, "not found");
        };
        let kind = kind.to_owned();
        let Some(job) = self.tokens.redeem(token) else {
            return plain(StatusCode::NOT_FOUND, "the token is unknown, used or too old");
        };
        let fits = matches!(
            (&job, kind.as_str()),
            (Job::Exec(_), "exec") | (Job::Attach(_), "attach") | (Job::PortForward(_), "portforward")
        );
        if !fits {
            return plain(StatusCode::NOT_FOUND, "not found");
        }
        let headers = request.headers();
        let (plan, response) = match plan(headers, &job) {
            Ok(planned) => planned,
            Err(response) => return *response,
        };
        let upgrade = hyper::upgrade::on(&mut request);
        let (handler, cancel) = (self.handler.clone(), self.cancel.clone());
        self.tasks.spawn(async move {
            let run = async {
                match upgrade.await {
                    Ok(upgraded) => plan.run(upgraded, handler, job).await,
                    Err(error) => debug!(%error, "A client asked for an upgrade and hung up."),
                }
            };
            cancel.run_until_cancelled_owned(run).await;
        });
        response
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response
}

/// What a connection becomes.
enum Plan {
    WebSocket(websocket::Protocol),
    Tunnel,
    Spdy(&'static str),
}

/// All tokens of a header that may come several times, with commas or without.
fn listed<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim).filter(|value| !value.is_empty())
}

type Planned = Result<(Plan, Response<Body>), Box<Response<Body>>>;

fn plan(headers: &HeaderMap, job: &Job) -> Planned {
    let upgrades = listed(headers, "connection").any(|one| one.eq_ignore_ascii_case("upgrade"));
    let wanted = headers.get(UPGRADE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if upgrades && wanted.eq_ignore_ascii_case("websocket") {
        plan_websocket(headers, job)
    } else if upgrades && wanted.eq_ignore_ascii_case("SPDY/3.1") {
        plan_spdy(headers, job)
    } else {
        Err(Box::new(plain(
            StatusCode::BAD_REQUEST,
            "unable to upgrade: neither WebSocket nor SPDY/3.1 is asked for",
        )))
    }
}

fn switching(protocol: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    response.headers_mut().insert(UPGRADE, HeaderValue::from_static(protocol));
    response
}

fn plan_websocket(headers: &HeaderMap, job: &Job) -> Planned {
    let key = headers.get(SEC_WEBSOCKET_KEY);
    // Sixteen bytes. Source: RFC 6455, section 4.2.1.
    let Some(key) = key.filter(|key| STANDARD.decode(key.as_bytes()).is_ok_and(|bytes| bytes.len() == 16))
    else {
        return Err(Box::new(plain(StatusCode::BAD_REQUEST, "malformed WebSocket handshake")));
    };
    let offered = |name: &str| listed(headers, SEC_WEBSOCKET_PROTOCOL.as_str()).any(|one| one == name);
    let (plan, name) = if matches!(job, Job::PortForward(_)) && offered(forward::TUNNEL_PROTOCOL) {
        (Plan::Tunnel, Some(forward::TUNNEL_PROTOCOL))
    } else if let Job::PortForward(PortForward { ports, .. }) = job
        && !(1..=ports::PORTS_MAX).contains(&ports.len())
    {
        return Err(Box::new(plain(StatusCode::BAD_REQUEST, "query parameter \"port\" is required")));
    } else if headers.contains_key(SEC_WEBSOCKET_PROTOCOL) {
        let fits = |one: &websocket::Protocol| one.has_ports() || !matches!(job, Job::PortForward(_));
        match websocket::PROTOCOLS.into_iter().find(|one| fits(one) && offered(one.name)) {
            Some(protocol) => (Plan::WebSocket(protocol), Some(protocol.name)),
            None => {
                return Err(Box::new(plain(StatusCode::BAD_REQUEST, "no WebSocket subprotocol in common")));
            }
        }
    } else {
        // Who names no version speaks the first.
        (Plan::WebSocket(websocket::PROTOCOLS[3]), None)
    };
    let mut response = switching("websocket");
    let accept =
        HeaderValue::from_str(&derive_accept_key(key.as_bytes())).expect("base64 is fit for a header");
    response.headers_mut().insert(SEC_WEBSOCKET_ACCEPT, accept);
    if let Some(name) = name {
        response.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(name));
    }
    Ok((plan, response))
}

fn plan_spdy(headers: &HeaderMap, job: &Job) -> Planned {
    let known: &[&'static str] =
        if matches!(job, Job::PortForward(_)) { &[forward::PROTOCOL] } else { &SPDY_PROTOCOLS };
    let mut response = switching("SPDY/3.1");
    if !headers.contains_key(PROTOCOL_HEADER) {
        // Who names no version speaks the oldest.
        return Ok((Plan::Spdy(known[known.len() - 1]), response));
    }
    let offered = |name: &&&'static str| listed(headers, PROTOCOL_HEADER).any(|one| one == **name);
    let Some(name) = known.iter().find(offered) else {
        let mut response = plain(StatusCode::FORBIDDEN, "unable to upgrade: unable to negotiate protocol");
        for name in known {
            response.headers_mut().append(ACCEPTED_HEADER, HeaderValue::from_static(name));
        }
        return Err(Box::new(response));
    };
    response.headers_mut().insert(PROTOCOL_HEADER, HeaderValue::from_static(name));
    Ok((Plan::Spdy(name), response))
}

impl Plan {
    async fn run(self, upgraded: Upgraded, handler: Arc<dyn Handler>, job: Job) {
        type Serving = BoxFuture<'static, io::Result<()>>;
        let serving: Serving = match (self, job) {
            (Self::Spdy(_), Job::PortForward(job)) => {
                Box::pin(forward::run(TokioIo::new(upgraded), handler, job.sandbox))
            }
            (Self::Tunnel, Job::PortForward(job)) => Box::pin(tunnel(upgraded, handler, job.sandbox)),
            (Self::WebSocket(protocol), Job::PortForward(job)) => {
                Box::pin(ports::run(upgraded, protocol, handler, job.sandbox, job.ports))
            }
            (Self::Spdy(protocol), job) => Box::pin(run_spdy(upgraded, protocol, handler, job)),
            (Self::WebSocket(protocol), job) => Box::pin(websocket::run(upgraded, protocol, handler, job)),
            (Self::Tunnel, _) => return,
        };
        if let Err(error) = serving.await {
            debug!(%error, "A streaming connection ended early.");
        }
    }
}

/// SPDY inside the binary messages of a WebSocket. Source: KEP-4006.
async fn tunnel(upgraded: Upgraded, handler: Arc<dyn Handler>, sandbox: String) -> io::Result<()> {
    let (mut sender, mut receiver) = websocket::accept(upgraded).await.split();
    let (inside, outside) = duplex(session::BUFFER);
    let (mut from_inside, mut to_inside) = tokio::io::split(outside);
    let up = async {
        while let Some(Ok(message)) = receiver.next().await {
            if let Message::Binary(data) = message
                && to_inside.write_all(&data).await.is_err()
            {
                break;
            }
        }
        to_inside.shutdown().await.ok();
    };
    let down = async {
        let mut buffer = vec![0; 16 << 10];
        while let Ok(read) = from_inside.read(&mut buffer).await {
            if read == 0 || sender.send(Message::binary(buffer[..read].to_vec())).await.is_err() {
                break;
            }
        }
        sender.send(websocket::goodbye()).await.ok();
    };
    let forward = forward::run(inside, handler, sandbox);
    let (forwarded, (), ()) = tokio::join!(forward, up, down);
    forwarded
}

/// The streams that a command's client opens.
#[derive(Default)]
struct Opened {
    error: Option<spdy::Stream>,
    stdin: Option<spdy::Stream>,
    stdout: Option<spdy::Stream>,
    stderr: Option<spdy::Stream>,
    resize: Option<spdy::Stream>,
}

impl Opened {
    fn place(&mut self, stream: spdy::Stream) {
        let place = match stream.header("streamtype") {
            "error" => &mut self.error,
            "stdin" => &mut self.stdin,
            "stdout" => &mut self.stdout,
            "stderr" => &mut self.stderr,
            "resize" => &mut self.resize,
            _ => return,
        };
        place.get_or_insert(stream);
    }
}

async fn run_spdy(
    upgraded: Upgraded,
    protocol: &'static str,
    handler: Arc<dyn Handler>,
    job: Job,
) -> io::Result<()> {
    let (mut incoming, connection) = spdy::serve(TokioIo::new(upgraded));
    tokio::pin!(connection);
    let streams = session::streams(&job);
    let has_resize = streams.tty && ["v4.channel.k8s.io", "v3.channel.k8s.io"].contains(&protocol);
    let mut opened = Opened::default();
    let collect = async {
        loop {
            let complete = opened.error.is_some()
                && opened.stdin.is_some() == streams.stdin
                && opened.stdout.is_some() == streams.stdout
                && opened.stderr.is_some() == (streams.stderr && !streams.tty)
                && opened.resize.is_some() == has_resize;
            if complete {
                return true;
            }
            match incoming.recv().await {
                Some(stream) => opened.place(stream),
                None => return false,
            }
        }
    };
    let collected = tokio::select! {
        ended = &mut connection => return ended,
        collected = tokio::time::timeout(STREAMS_TIMEOUT, collect) => collected.unwrap_or(false),
    };
    let Some(error) = opened.error.take().filter(|_| collected) else {
        return Err(io::Error::new(io::ErrorKind::TimedOut, "the client has not opened its streams"));
    };
    let command = async {
        let outcome = run_command(handler, job, opened).await;
        let told =
            if protocol == SPDY_PROTOCOLS[0] { status::object(&outcome) } else { status::text(&outcome) };
        conclude(error, told).await
    };
    tokio::select! {
        // The client is gone: dropping the other ends the command.
        ended = &mut connection => ended,
        ended = command => {
            ended?;
            tokio::time::timeout(CLOSE_TIMEOUT, connection).await.unwrap_or(Ok(()))
        }
    }
}

/// Tells how a command ended.
fn conclude(error: spdy::Stream, told: Vec<u8>) -> BoxFuture<'static, io::Result<()>> {
    Box::pin(async move {
        error.writer.send(&told).await?;
        error.writer.finish().await
    })
}

async fn run_command(handler: Arc<dyn Handler>, job: Job, opened: Opened) -> status::Outcome {
    let (io, ends) = session::pair(session::streams(&job));
    let Opened { stdin, stdout, stderr, resize, .. } = opened;
    let input = send_input(stdin, ends.stdin);
    let sizes = send_sizes(resize, ends.resize);
    let side = async {
        tokio::join!(input, sizes);
        // The command's end counts, not its input's.
        std::future::pending::<Infallible>().await
    };
    let command = async {
        let run = session::run(handler, job, io);
        tokio::join!(run, send_output(ends.stdout, stdout), send_output(ends.stderr, stderr)).0
    };
    tokio::select! {
        outcome = command => outcome,
        never = side => match never {},
    }
}

async fn send_input(from: Option<spdy::Stream>, to: Option<DuplexStream>) {
    let (Some(mut from), Some(mut to)) = (from, to) else { return };
    while let Some(piece) = from.reader.next().await {
        if to.write_all(&piece).await.is_err() {
            break;
        }
    }
    drop(to);
    // What comes now is read and dropped, so that it does not stop the others.
    while from.reader.next().await.is_some() {}
}

async fn send_sizes(from: Option<spdy::Stream>, to: mpsc::Sender<TerminalSize>) {
    let Some(mut from) = from else { return };
    while let Some(piece) = from.reader.next().await {
        // Each size is one JSON object in one frame.
        let Ok(size) = serde_json::from_slice(&piece) else { continue };
        if to.send(size).await.is_err() {
            return;
        }
    }
}

async fn send_output(from: Option<DuplexStream>, to: Option<spdy::Stream>) {
    let (Some(mut from), Some(to)) = (from, to) else { return };
    let mut buffer = vec![0; 16 << 10];
    while let Ok(read) = from.read(&mut buffer).await {
        if read == 0 || to.writer.send(&buffer[..read]).await.is_err() {
            break;
        }
    }
    to.writer.finish().await.ok();
}
