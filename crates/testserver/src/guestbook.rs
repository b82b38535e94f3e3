//! The guestbook: entries in a Redis list, over Redis' own protocol (RESP2).
//!
//! `REDIS_ADDRESS` (default `redis:6379`) and `REDIS_PASSWORD` (none by default) say where it is, `GUESTBOOK_TITLE`
//! what stands on top of the page.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::http::{Answer, Request, hostname};

const KEY: &str = "guestbook";
/// Entries shown.
const SHOWN_MAX: usize = 100;
/// Longest entry taken, in bytes.
const ENTRY_LEN_MAX: usize = 1000;
const PATIENCE: Duration = Duration::from_secs(5);

/// `GET /` shows the entries, `POST /` (form field `entry`) adds one, `/entries` gives them one a line, `/healthz`
/// asks Redis whether it is there.
pub(crate) fn page(request: &Request, _stream: &TcpStream) -> Answer {
    let path = request.path.split('?').next().unwrap_or_default();
    let result = match (request.method.as_str(), path) {
        ("GET", "/") => entries().map(|entries| html(&entries)),
        ("GET", "/entries") => entries().map(|entries| Answer::text(200, entries.join("\n") + "\n")),
        ("POST", "/") => add(&request.body),
        ("GET", "/healthz") => command(&["PING"]).map(|_| Answer::text(200, "ok\n")),
        _ => Ok(Answer::text(404, "not here\n")),
    };
    result.unwrap_or_else(|error| Answer::text(503, format!("redis: {error}\n")))
}

fn add(form: &str) -> io::Result<Answer> {
    let field = form.split('&').find_map(|pair| pair.strip_prefix("entry="));
    let entry = unescape(field.unwrap_or_default()).replace(['\r', '\n'], " ");
    let entry = entry.trim();
    if entry.is_empty() || entry.len() > ENTRY_LEN_MAX {
        return Ok(Answer::text(400, format!("an entry has 1 to {ENTRY_LEN_MAX} bytes\n")));
    }
    command(&["RPUSH", KEY, entry])?;
    Ok(Answer { location: Some("/".to_owned()), ..Answer::text(303, "") })
}

fn entries() -> io::Result<Vec<String>> {
    command(&["LRANGE", KEY, &format!("-{SHOWN_MAX}"), "-1"])
}

fn html(entries: &[String]) -> Answer {
    let title = escape(&std::env::var("GUESTBOOK_TITLE").unwrap_or_else(|_| "Guestbook".to_owned()));
    let list: String = entries.iter().map(|entry| format!("<li>{}</li>\n", escape(entry))).collect();
    let pod = escape(&hostname());
    let body = format!(
        "<!doctype html>\n<title>{title}</title>\n<h1>{title}</h1>\n<ul>\n{list}</ul>\n\
         <form method=post><input name=entry autofocus><button>Sign</button></form>\n<p>Served by {pod}</p>\n"
    );
    Answer { code: 200, kind: "text/html; charset=utf-8", body, location: None }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Undoes form encoding.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                let digits = std::str::from_utf8(&digits).unwrap_or("3f");
                bytes.push(u8::from_str_radix(digits, 16).unwrap_or(b'?'));
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Sends one command; gives the strings of its answer.
fn command(words: &[&str]) -> io::Result<Vec<String>> {
    let address = std::env::var("REDIS_ADDRESS").unwrap_or_else(|_| "redis:6379".to_owned());
    let resolved = crate::resolve::socket_address(&address)?;
    let stream = TcpStream::connect_timeout(&resolved, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut answers = BufReader::new(&stream);
    if let Ok(password) = std::env::var("REDIS_PASSWORD") {
        send(&stream, &["AUTH", &password])?;
        answer(&mut answers)?;
    }
    send(&stream, words)?;
    answer(&mut answers)
}

fn send(mut stream: &TcpStream, words: &[&str]) -> io::Result<()> {
    let mut text = format!("*{}\r\n", words.len());
    for word in words {
        text.push_str(&format!("${}\r\n{word}\r\n", word.len()));
    }
    stream.write_all(text.as_bytes())
}

fn answer(from: &mut impl BufRead) -> io::Result<Vec<String>> {
    let mut line = String::new();
    from.by_ref().take(64 << 10).read_line(&mut line)?;
    let line = line.trim_end();
    let number = || line.get(1..).and_then(|text| text.parse::<i64>().ok()).unwrap_or(-1);
    match line.bytes().next() {
        Some(b'+' | b':') => Ok(vec![line[1..].to_owned()]),
        Some(b'-') => Err(io::Error::other(line[1..].to_owned())),
        Some(b'$') => {
            let Ok(length) = usize::try_from(number()) else { return Ok(Vec::new()) };
            let mut bytes = vec![0; length.min(64 << 10) + 2];
            from.read_exact(&mut bytes)?;
            bytes.truncate(length);
            Ok(vec![String::from_utf8_lossy(&bytes).into_owned()])
        }
        Some(b'*') => {
            let mut all = Vec::new();
            for _ in 0..number().clamp(0, 10_000) {
                all.extend(answer(from)?);
            }
            Ok(all)
        }
        _ => Err(io::Error::other("the connection ended")),
    }
}
