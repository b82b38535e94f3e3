//! exec, attach and port-forward: the runtime serves them at an address of its own, and the connection that a caller
//! has upgraded is joined to one to there, byte for byte.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use k8s_cri::v1;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tracing::debug;

use super::route::{Query, find_pod, flag, query};
use super::{Body, text};
use crate::kubelet::Kubelet;
use crate::pods::spec;

/// How long the runtime may take to answer an upgrade.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a command by `/run` may take.
const RUN_LIMIT: Duration = Duration::from_secs(120);
/// Headers that are about the connection alone.
const CARRIED: [&str; 8] = [
    "connection",
    "upgrade",
    "x-stream-protocol-version",
    "sec-websocket-key",
    "sec-websocket-version",
    "sec-websocket-protocol",
    "sec-websocket-extensions",
    "origin",
];

fn commands(query: &Query) -> Vec<String> {
    query.get("command").or_else(|| query.get("cmd")).cloned().unwrap_or_default()
}

/// A stream's flag, by its present or its old name.
fn wants(query: &Query, name: &str, old: &str) -> bool {
    flag(query, name) || flag(query, old)
}

fn check_streams(query: &Query) -> Result<(bool, bool, bool, bool), &'static str> {
    let (stdin, stdout) = (wants(query, "stdin", "input"), wants(query, "stdout", "output"));
    let tty = flag(query, "tty");
    // A terminal has one output.
    let stderr = wants(query, "stderr", "error") && !tty;
    if !stdin && !stdout && !stderr {
        return Err("you must specify at least 1 of stdin, stdout, stderr");
    }
    Ok((stdin, stdout, stderr, tty))
}

/// exec, attach and run.
pub(crate) async fn container(
    kubelet: &Arc<Kubelet>,
    kind: &str,
    namespace: &str,
    pod: &str,
    container: &str,
    request: Request<Incoming>,
) -> Response<Body> {
    let found = match find_pod(kubelet, namespace, pod) {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let runtime = match kubelet.cri.pod(spec::uid(&found), &Default::default()).await {
        Ok(runtime) => runtime,
        Err(error) => return text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    };
    let Some(running) = runtime.latest(container).filter(|latest| latest.is_running()) else {
        return text(StatusCode::NOT_FOUND, format!("container not found (\"{container}\")\n"));
    };
    let (query, container_id) = (query(request.uri()), running.id().to_owned());
    if kind == "run" {
        return run(kubelet, &container_id, commands(&query)).await;
    }
    let (stdin, stdout, stderr, tty) = match check_streams(&query) {
        Ok(streams) => streams,
        Err(message) => return text(StatusCode::BAD_REQUEST, message),
    };
    let url = if kind == "exec" {
        let cmd = commands(&query);
        if cmd.is_empty() {
            return text(StatusCode::BAD_REQUEST, "you must specify a command");
        }
        kubelet.cri.exec(v1::ExecRequest { container_id, cmd, tty, stdin, stdout, stderr }).await
    } else {
        // A container has a terminal or not, whatever the caller thinks.
        let has_tty = spec::find_container(&found, container).is_some_and(|(spec, _)| spec.tty == Some(true));
        let stderr = stderr && !has_tty;
        kubelet.cri.attach(v1::AttachRequest { container_id, stdin, tty: has_tty, stdout, stderr }).await
    };
    match url {
        Ok(url) => join(kubelet, &url, request).await,
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

async fn run(kubelet: &Kubelet, id: &str, command: Vec<String>) -> Response<Body> {
    match kubelet.cri.exec_sync(id, command, RUN_LIMIT).await {
        Ok(answer) => {
            let mut out = answer.stdout;
            out.extend(answer.stderr);
            super::answer(StatusCode::OK, "text/plain; charset=utf-8", out)
        }
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

/// port-forward.
pub(crate) async fn port_forward(
    kubelet: &Arc<Kubelet>,
    namespace: &str,
    pod: &str,
    request: Request<Incoming>,
) -> Response<Body> {
    let found = match find_pod(kubelet, namespace, pod) {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let query = query(request.uri());
    let mut ports = Vec::new();
    for value in query.get("port").or_else(|| query.get("ports")).into_iter().flatten() {
        for part in value.split(',') {
            match part.trim().parse::<u16>() {
                Ok(port) if port > 0 => ports.push(i32::from(port)),
                _ => return text(StatusCode::BAD_REQUEST, format!("invalid port {part:?}")),
            }
        }
    }
    let runtime = match kubelet.cri.pod(spec::uid(&found), &Default::default()).await {
        Ok(runtime) => runtime,
        Err(error) => return text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    };
    let Some(sandbox) = runtime.ready_sandbox() else {
        return text(StatusCode::NOT_FOUND, format!("pod \"{pod}\" is not running\n"));
    };
    match kubelet.cri.port_forward(&sandbox.id, ports).await {
        Ok(url) => join(kubelet, &url, request).await,
        Err(error) => text(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

fn is_upgrade(request: &Request<Incoming>) -> bool {
    let value = request.headers().get(header::CONNECTION).and_then(|value| value.to_str().ok());
    let names = value.unwrap_or_default().split(',').any(|name| name.trim().eq_ignore_ascii_case("upgrade"));
    names && request.headers().contains_key(header::UPGRADE)
}

/// The request that opens the runtime's side: same method, and what belongs to the upgrade.
fn outgoing(request: &Request<Incoming>, uri: &Uri) -> Result<Request<Empty<Bytes>>, http::Error> {
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut builder = Request::builder().method(request.method()).uri(path);
    if let Some(authority) = uri.authority() {
        builder = builder.header(header::HOST, authority.as_str());
    }
    for name in CARRIED {
        for value in request.headers().get_all(name) {
            builder = builder.header(HeaderName::from_static(name), value);
        }
    }
    builder.body(Empty::new())
}

/// Opens the runtime's side, and joins the two once both are upgraded. An answer that is no upgrade is passed on; a
/// redirect is not followed, nor passed on: it would lead the caller somewhere else.
async fn join(kubelet: &Arc<Kubelet>, url: &str, mut request: Request<Incoming>) -> Response<Body> {
    if !is_upgrade(&request) {
        return text(StatusCode::BAD_REQUEST, "Upgrade request required");
    }
    let fail =
        |error: String| text(StatusCode::BAD_GATEWAY, format!("streaming of the container runtime: {error}"));
    let Ok(uri) = url.parse::<Uri>() else { return fail(format!("malformed address {url:?}")) };
    let host = uri.host().unwrap_or("127.0.0.1").trim_matches(['[', ']']).to_owned();
    let port = uri.port_u16().unwrap_or(80);
    let outgoing = match outgoing(&request, &uri) {
        Ok(outgoing) => outgoing,
        Err(error) => return fail(error.to_string()),
    };
    let opened = tokio::time::timeout(CONNECT_TIMEOUT, open(kubelet, &host, port, outgoing)).await;
    let mut response = match opened {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return fail(error),
        Err(_) => return fail("no answer in time".to_owned()),
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return refuse(response).await;
    }
    let (ours, theirs) = (hyper::upgrade::on(&mut request), hyper::upgrade::on(&mut response));
    let (idle, cancel) = (kubelet.config.streaming_connection_idle_timeout, kubelet.cancel.clone());
    kubelet.workers.spawn(async move {
        let work = async {
            match tokio::try_join!(ours, theirs) {
                Ok((ours, theirs)) => {
                    let ended = pump(TokioIo::new(ours), TokioIo::new(theirs), idle).await;
                    if let Err(error) = ended {
                        debug!(%error, "A stream ended with an error.");
                    }
                }
                Err(error) => debug!(%error, "A connection could not be upgraded."),
            }
        };
        cancel.run_until_cancelled(work).await;
    });
    let mut answer = text(StatusCode::SWITCHING_PROTOCOLS, "");
    answer.headers_mut().clear();
    for (name, value) in response.headers() {
        answer.headers_mut().append(name, value.clone());
    }
    answer
}

async fn open(
    kubelet: &Arc<Kubelet>,
    host: &str,
    port: u16,
    request: Request<Empty<Bytes>>,
) -> Result<Response<Incoming>, String> {
    let stream = TcpStream::connect((host, port)).await.map_err(|error| error.to_string())?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| crate::error::chain(&error))?;
    let cancel = kubelet.cancel.clone();
    kubelet.workers.spawn(async move {
        if let Some(Err(error)) = cancel.run_until_cancelled(connection.with_upgrades()).await {
            debug!(%error, "The connection to the runtime's streaming ended with an error.");
        }
    });
    sender.send_request(request).await.map_err(|error| crate::error::chain(&error))
}

async fn refuse(response: Response<Incoming>) -> Response<Body> {
    let status = response.status();
    if status.is_redirection() || status.is_informational() {
        return text(StatusCode::BAD_GATEWAY, format!("the container runtime answered {status}"));
    }
    let limited = http_body_util::Limited::new(response.into_body(), 64 << 10);
    match limited.collect().await {
        Ok(body) => text(status, String::from_utf8_lossy(&body.to_bytes()).into_owned()),
        Err(error) => text(StatusCode::BAD_GATEWAY, error.to_string()),
    }
}

/// Copies both ways until both have ended, or nothing has moved for `idle`.
async fn pump<A, B>(ours: A, theirs: B, idle: Duration) -> std::io::Result<()>
where
    A: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    let (mut our_read, mut our_write) = tokio::io::split(ours);
    let (mut their_read, mut their_write) = tokio::io::split(theirs);
    let moved = tokio::sync::Notify::new();
    let quiet = async {
        while tokio::time::timeout(idle, moved.notified()).await.is_ok() {}
        debug!("A stream was idle for too long.");
    };
    let up = copy(&mut our_read, &mut their_write, &moved);
    let down = copy(&mut their_read, &mut our_write, &moved);
    tokio::select! {
        result = async { tokio::try_join!(up, down) } => result.map(drop),
        () = quiet => Ok(()),
    }
}

async fn copy<R, W>(from: &mut R, to: &mut W, moved: &tokio::sync::Notify) -> std::io::Result<()>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut buffer = vec![0u8; 16 << 10];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..read]).await?;
        to.flush().await?;
        moved.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams() {
        let check = |text: &str, expect: Option<(bool, bool, bool, bool)>| {
            let mut map = Query::new();
            for name in text.split(',') {
                map.insert(name.to_owned(), vec!["1".to_owned()]);
            }
            assert_eq!(check_streams(&map).ok(), expect, "{text}");
        };
        check("stdin,stdout,stderr", Some((true, true, true, false)));
        check("stdin,stdout,stderr,tty", Some((true, true, false, true)));
        check("input,output,error", Some((true, true, true, false)));
        check("tty", None);
    }

    #[tokio::test]
    async fn pumps_until_both_ends_close() {
        let (mut caller, ours) = tokio::io::duplex(64);
        let (theirs, mut runtime) = tokio::io::duplex(64);
        let joined = tokio::spawn(pump(ours, theirs, Duration::from_secs(60)));
        caller.write_all(b"ping").await.expect("written");
        let mut buffer = [0; 4];
        runtime.read_exact(&mut buffer).await.expect("read");
        runtime.write_all(b"pong").await.expect("written");
        caller.read_exact(&mut buffer).await.expect("read");
        assert_eq!(&buffer, b"pong");
        drop((caller, runtime));
        // Whichever end closes first, the task ends.
        joined.await.expect("no panic").ok();
    }
}
