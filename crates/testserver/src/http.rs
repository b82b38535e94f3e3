//! As much of HTTP/1.1 as probes, wget and nginx need: one request a connection, bounded in size.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;

use crate::HEALTHY;

/// Longest head and longest body taken.
const LENGTH_MAX: usize = 64 << 10;

/// A request.
pub(crate) struct Request {
    /// `GET`.
    pub(crate) method: String,
    /// With its query.
    pub(crate) path: String,
    /// Its body.
    pub(crate) body: String,
}

/// An answer.
pub(crate) struct Answer {
    /// Status code.
    pub(crate) code: u16,
    /// Media type.
    pub(crate) kind: &'static str,
    /// Body.
    pub(crate) body: String,
    /// Where to go instead, for redirects.
    pub(crate) location: Option<String>,
}

impl Answer {
    /// Plain text.
    pub(crate) fn text(code: u16, body: impl Into<String>) -> Self {
        Self { code, kind: "text/plain; charset=utf-8", body: body.into(), location: None }
    }
}

/// Reads one request; `None` when the client closed at once or sent nonsense.
pub(crate) fn read(mut stream: &TcpStream) -> io::Result<Option<Request>> {
    let mut bytes = Vec::new();
    let mut chunk = [0u8; 4096];
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        let length = stream.read(&mut chunk)?;
        if length == 0 || bytes.len() > LENGTH_MAX {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk[..length]);
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return Ok(None) };
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse::<usize>().ok())
        .unwrap_or(0)
        .min(LENGTH_MAX);
    while bytes.len() < head_end + length {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            break;
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
    let body = String::from_utf8_lossy(&bytes[head_end..]).into_owned();
    Ok(Some(Request { method: method.to_owned(), path: path.to_owned(), body }))
}

/// Writes an answer and says that the connection ends.
pub(crate) fn write(mut stream: &TcpStream, answer: &Answer) -> io::Result<()> {
    let location = answer.location.as_ref().map(|to| format!("Location: {to}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {} .\r\nContent-Type: {}\r\nContent-Length: {}\r\n{location}Connection: close\r\n\r\n",
        answer.code,
        answer.kind,
        answer.body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(answer.body.as_bytes())
}

/// Prints what a URL gives; anything but a success is an error.
pub(crate) fn fetch(url: &str) -> io::Result<()> {
    let rest =
        url.strip_prefix("http://").ok_or_else(|| io::Error::other(format!("{url} is no http URL")))?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let address = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    let patience = std::time::Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&crate::resolve::socket_address(&address)?, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream
        .write_all(format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    stream.take(1 << 20).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    if !head.starts_with("HTTP/1.1 2") && !head.starts_with("HTTP/1.0 2") {
        return Err(io::Error::other(format!("{url}: {}", head.lines().next().unwrap_or_default())));
    }
    print!("{body}");
    Ok(())
}

/// `/` and `/hostname` tell the pod's name, `/client` the client's address, `/env` and `/env/NAME` the environment,
/// `/file/PATH` a file's text, `/healthz` what `POST /fail` and `POST /recover` left, `POST /exit/CODE` ends it all.
pub(crate) fn page(request: &Request, stream: &TcpStream) -> Answer {
    let path = request.path.split('?').next().unwrap_or_default();
    match (request.method.as_str(), path) {
        ("GET", "/" | "/hostname") => Answer::text(200, hostname() + "\n"),
        ("GET", "/client") => {
            let peer = stream.peer_addr().map(|address| address.ip().to_string());
            Answer::text(200, peer.unwrap_or_default() + "\n")
        }
        ("GET", "/healthz") if HEALTHY.load(Ordering::SeqCst) => Answer::text(200, "ok\n"),
        ("GET", "/healthz") => Answer::text(500, "failing, as asked\n"),
        ("POST", "/fail") => {
            HEALTHY.store(false, Ordering::SeqCst);
            Answer::text(200, "will fail\n")
        }
        ("POST", "/recover") => {
            HEALTHY.store(true, Ordering::SeqCst);
            Answer::text(200, "healthy\n")
        }
        ("GET", "/env") => {
            let all = std::env::vars().fold(String::new(), |mut all, (name, value)| {
                writeln!(all, "{name}={value}").expect("a string takes any text");
                all
            });
            Answer::text(200, all)
        }
        ("GET", path) => {
            if let Some(name) = path.strip_prefix("/env/") {
                std::env::var(name).map_or_else(|_| missing(), |value| Answer::text(200, value + "\n"))
            } else if let Some(file) = path.strip_prefix("/file") {
                std::fs::read_to_string(file).map_or_else(
                    |error| Answer::text(404, format!("{error}\n")),
                    |text| Answer::text(200, text),
                )
            } else {
                missing()
            }
        }
        ("POST", path) => match path.strip_prefix("/exit/").and_then(|code| code.parse().ok()) {
            Some(code) => std::process::exit(code),
            None => missing(),
        },
        _ => Answer::text(405, "no such method\n"),
    }
}

fn missing() -> Answer {
    Answer::text(404, "not here\n")
}

/// The host name: a pod's own name.
pub(crate) fn hostname() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}
