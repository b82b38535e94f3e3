//! Clients that mean no good: what they do ends in a refusal, the server's memory stays bounded, others are served.
//!
//! Each test has a server process of its own, whose memory the kernel tells; the load is bounded, and on loopback.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::eventually;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;

use crate::groups::alone;
use crate::server::{Server, TOKEN};
use crate::wire::{Door, END_HEADERS, END_STREAM, Frame, Http2, Tls, get, is_end, kind, literals, rest_of};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        alone("stress_connections_that_say_nothing", silent),
        alone("cve_2023_44487_rapid_reset", rapid_reset),
        alone("cve_2024_27316_continuation_flood", continuation),
        alone("stress_floods_of_control_frames", control_frames),
        alone("stress_huge_heads", heads),
        alone("stress_answers_that_nobody_reads", unread),
        alone("stress_bodies_that_end_early", bodies),
        alone("stress_thousands_of_watches", watches),
    ]
}

const MAPS: &str = "/api/v1/namespaces/default/configmaps";

/// A server that is being troubled.
struct Troubled {
    server: Server,
    _folder: TempDir,
    before_kib: u64,
}

impl Troubled {
    /// Starts one whose clients have five seconds for everything.
    fn start() -> Result<Self> {
        let files = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: files.maximum, maximum: files.maximum })?;
        let folder = tempfile::Builder::new().prefix("mizzen-").tempdir()?;
        let arguments = ["--store=memory", "--request-timeout=5s"];
        let server = Server::start(folder.path(), "troubled", &arguments)?;
        server.kubectl().run(&["get", "configmaps,pods", "--all-namespaces"])?;
        let mut troubled = Self { server, _folder: folder, before_kib: 0 };
        troubled.begin()?;
        Ok(troubled)
    }

    /// From here the memory is compared.
    fn begin(&mut self) -> Result<()> {
        // The highest mark starts anew.
        fs::write(format!("/proc/{}/clear_refs", self.server.pid()?), "5")?;
        self.before_kib = self.kib("VmRSS")?;
        Ok(())
    }

    fn kib(&self, name: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.server.pid()?))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        let number = line.and_then(|line| line.split_whitespace().next()).context("the kernel tells it")?;
        Ok(number.parse()?)
    }

    /// How many files it has open.
    fn files(&self) -> Result<usize> {
        Ok(fs::read_dir(format!("/proc/{}/fd", self.server.pid()?))?.count())
    }

    fn door(&self) -> Door {
        Door(self.server.port())
    }

    /// Somebody else is served.
    fn serves(&self) -> Result<()> {
        let answer = self.door().get("/readyz")?;
        ensure!(answer.starts_with("HTTP/1.1 200 "), "others are not served: {answer}");
        Ok(())
    }

    /// At no time since the beginning was more memory used than so much above what it was then.
    fn bounded(&self, mib: u64) -> Result<()> {
        let (before, most) = (self.before_kib >> 10, self.kib("VmHWM")? >> 10);
        ensure!(most < before + mib, "{before} MiB before, {most} MiB at the most");
        self.serves()
    }
}

/// Whatever comes, up to the end of the connection.
fn drain(mut stream: &TcpStream) -> Result<()> {
    match io::copy(&mut stream, &mut io::sink()) {
        Ok(_) => Ok(()),
        Err(error) if is_end(&error) => Ok(()),
        Err(error) => Err(error).context("the connection is still there"),
    }
}

fn silent() -> Result<()> {
    let troubled = Troubled::start()?;
    let door = troubled.door();
    let many = |count: usize, first: &[u8]| -> Result<Vec<TcpStream>> {
        (0..count)
            .map(|_| {
                let mut stream = door.tcp()?;
                stream.write_all(first)?;
                Ok(stream)
            })
            .collect()
    };
    let files = troubled.files()?;
    let nothing = many(2000, b"")?;
    // The head of a record, and of the ClientHello in it.
    let half = many(500, &[22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])?;
    let plain = many(500, b"GET /version HTTP/1.1\r\nhost: localhost\r\n\r\n")?;
    let quiet = (0..200).map(|_| door.tls("h2")).collect::<Result<Vec<_>>>()?;
    troubled.bounded(128)?;
    for stream in nothing.iter().chain(&half).chain(&plain) {
        drain(stream)?;
    }
    eventually("none but the quiet ones are left", || {
        let now = troubled.files()?;
        ensure!(now <= files + quiet.len(), "{now} files, {files} before");
        Ok(())
    })?;
    troubled.bounded(128)
}

fn rapid_reset() -> Result<()> {
    const MOST: u32 = 100_000;
    let troubled = Troubled::start()?;
    let mut client = Http2::open(troubled.door(), 65_535)?;
    let (head, cancel) = (get(MAPS), 8_u32.to_be_bytes());
    let mut sent = 0;
    let batch = |first: u32| -> Vec<Frame> {
        (first..first + 500)
            .flat_map(|number| {
                let stream = number * 2 + 1;
                [
                    Frame::new(kind::HEADERS, END_HEADERS | END_STREAM, stream, head.clone()),
                    Frame::new(kind::RST_STREAM, 0, stream, cancel),
                ]
            })
            .collect()
    };
    while sent < MOST && client.send(&batch(sent))? {
        sent += 500;
    }
    let code = client.sent_away()?;
    ensure!(sent < MOST && matches!(code, None | Some(11)), "{sent} streams, then {code:?}");
    troubled.bounded(64)
}

fn continuation() -> Result<()> {
    const MOST: usize = 4096;
    let troubled = Troubled::start()?;
    let long = "a".repeat(16_000);
    for piece in [literals(&[("x", &long)], false), Vec::new()] {
        let mut client = Http2::open(troubled.door(), 65_535)?;
        let more = Frame::new(kind::CONTINUATION, 0, 1, piece);
        let mut sent = 0;
        if client.send(&[Frame::new(kind::HEADERS, END_STREAM, 1, get(MAPS))])? {
            while sent < MOST && client.send(std::slice::from_ref(&more))? {
                sent += 1;
            }
        }
        ensure!(sent < MOST, "{sent} frames were taken");
    }
    troubled.bounded(64)
}

/// Frames that must be answered, from a client that reads no answer: it is not read from any more, and then cut off.
fn control_frames() -> Result<()> {
    let troubled = Troubled::start()?;
    let files = troubled.files()?;
    for (kind, payload) in [(kind::SETTINGS, Vec::new()), (kind::PING, vec![0; 8])] {
        let mut client = Http2::open(troubled.door(), 65_535)?;
        client.stream.sock.set_write_timeout(Some(Duration::from_secs(2)))?;
        let batch = vec![Frame::new(kind, 0, 0, payload); 1000];
        let mut sent = 0_usize;
        while sent < 5_000_000 {
            match client.send(&batch) {
                Ok(true) => sent += batch.len(),
                Ok(false) => break,
                // A write that waits for two seconds.
                Err(_) => break,
            }
        }
        ensure!(sent < 5_000_000, "{sent} frames were taken");
        troubled.serves()?;
        eventually("the client is cut off", || {
            let now = troubled.files()?;
            ensure!(now <= files, "{now} files, {files} before");
            Ok(())
        })?;
    }
    troubled.bounded(64)
}

fn heads() -> Result<()> {
    let troubled = Troubled::start()?;
    let door = troubled.door();
    // By HTTP/1.1: in a header, in the path, in as many headers.
    let one = format!("x: {}\r\n", "a".repeat(300 << 10));
    let many: String = (0..5000).map(|number| format!("x{number}: a\r\n")).collect();
    for (path, fields, code) in [("/version", &one, " 431 "), ("/version", &many, " 431 ")] {
        let mut stream = door.tls("http/1.1")?;
        let written = write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\n{fields}\r\n");
        ensure!(written.as_ref().err().is_none_or(is_end), "{written:?}");
        let answer = rest_of(&mut stream)?;
        ensure!(answer.contains(code), "{answer}");
    }
    for length in [60_000, 200_000] {
        let answer = door.get(&format!("{MAPS}?labelSelector=a+in+({})", "b,".repeat(length / 2)))?;
        ensure!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    // By HTTP/2: 300 KiB of fields; and a few bytes that stand for 50 MiB of them.
    let long = "a".repeat(3800);
    let mut bomb = literals(&[("x", &long)], true);
    bomb.extend([0x80 | 62].repeat(12_000));
    let fields: Vec<(&str, &str)> = vec![("x", long.as_str()); 80];
    for block in [literals(&fields, false), bomb] {
        let mut client = Http2::open(door, 65_535)?;
        let whole = [get(MAPS), block].concat();
        let mut pieces = whole.chunks(16 << 10);
        let first = pieces.next().unwrap_or_default();
        let mut frames = vec![Frame::new(kind::HEADERS, END_STREAM, 1, first)];
        frames.extend(pieces.map(|piece| Frame::new(kind::CONTINUATION, 0, 1, piece)));
        let last = frames.last_mut().context("a frame")?;
        last.flags |= END_HEADERS;
        ensure!(client.send(&frames)?, "sent away while still sending");
        let ended = |frame: &Frame| match frame.kind {
            // 0x88 is HPACK's word for 200.
            kind::HEADERS => frame.payload.first() != Some(&0x88),
            kind::RST_STREAM | kind::GOAWAY => true,
            _ => false,
        };
        client.await_frame(ended)?;
    }
    troubled.bounded(64)
}

/// A connection on which objects are made.
fn post(stream: &mut Tls, body: &str) -> Result<()> {
    write!(
        stream,
        "POST {MAPS} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {TOKEN}\r\ncontent-type: \
         application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = Vec::new();
    let mut piece = [0; 32 << 10];
    loop {
        let length = stream.read(&mut piece)?;
        ensure!(length > 0, "hung up");
        answer.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&answer);
        let Some((head, rest)) = text.split_once("\r\n\r\n") else { continue };
        ensure!(head.starts_with("HTTP/1.1 201 "), "{head}");
        let wanted = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if rest.len() >= wanted.context("a length")? {
            return Ok(());
        }
    }
}

fn unread() -> Result<()> {
    let mut troubled = Troubled::start()?;
    let door = troubled.door();
    let mut stream = door.tls("http/1.1")?;
    let freight = "x".repeat(64 << 10);
    for number in 0..200 {
        let object =
            serde_json::json!({ "metadata": { "name": format!("m{number}") }, "data": { "k": freight } });
        post(&mut stream, &object.to_string())?;
    }
    drop(stream);
    let files = troubled.files()?;
    troubled.begin()?;

    // 12 MiB each: as they are, as tables that are made as a whole, and as events; a window of nothing for all.
    let mut client = Http2::open(door, 0)?;
    let table = ("accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
    let asked = [
        (100, get(MAPS)),
        (60, [get(&format!("{MAPS}?includeObject=Object")), literals(&[table], false)].concat()),
        (100, get(&format!("{MAPS}?watch=1"))),
    ];
    let heads = asked.iter().flat_map(|(count, head)| std::iter::repeat_n(head, *count));
    let frames: Vec<Frame> = (0_u32..)
        .zip(heads)
        .map(|(number, head)| {
            Frame::new(kind::HEADERS, END_HEADERS | END_STREAM, number * 2 + 1, head.clone())
        })
        .collect();
    ensure!(client.send(&frames)?, "hung up");
    // And by HTTP/1.1, on sockets that nobody reads.
    let mut silent = Vec::new();
    for _ in 0..20 {
        let mut stream = door.tls("http/1.1")?;
        write!(stream, "GET {MAPS} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {TOKEN}\r\n\r\n")?;
        silent.push(stream);
    }
    for _ in &frames {
        client.await_frame(|frame| frame.kind == kind::RST_STREAM)?;
    }
    drop(client);
    eventually("all are cut off", || {
        let now = troubled.files()?;
        ensure!(now <= files, "{now} files, {files} before");
        Ok(())
    })?;
    drop(silent);
    troubled.bounded(512)
}

fn bodies() -> Result<()> {
    let troubled = Troubled::start()?;
    let door = troubled.door();
    let head = |more: &str| {
        format!(
            "POST {MAPS} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {TOKEN}\r\ncontent-type: \
             application/json\r\nconnection: close\r\n{more}\r\n\r\n"
        )
    };
    let start = r#"{"kind":"ConfigMap","#;
    // Cut off, many times; then one that never goes on, and some that are too long.
    for _ in 0..500 {
        let mut stream = door.tls("http/1.1")?;
        write!(stream, "{}{start}", head("content-length: 1000"))?;
        stream.sock.shutdown(Shutdown::Both)?;
    }
    let chunks = format!("{:x}\r\n{}\r\n", 1 << 20, "x".repeat(1 << 20)).repeat(4);
    for (more, body, code) in [
        ("content-length: 1000", start, " 504 "),
        ("content-length: 4000000", start, " 413 "),
        ("content-length: 99999999999999999999", start, " 400 "),
        ("transfer-encoding: chunked", &chunks, " 413 "),
        ("transfer-encoding: chunked", "zz\r\n", " 400 "),
    ] {
        let mut stream = door.tls("http/1.1")?;
        let written = write!(stream, "{}{body}", head(more));
        ensure!(written.as_ref().err().is_none_or(is_end), "{written:?}");
        let answer = rest_of(&mut stream)?;
        ensure!(answer.contains(code), "{more}: wanted {code:?}, got {answer:?}");
    }
    let made = troubled.server.kubectl().run(&["get", "configmaps", "--output", "name"])?;
    ensure!(made.lines().all(|name| name == "configmap/kube-root-ca.crt"), "{made}");
    troubled.bounded(64)
}

fn watches() -> Result<()> {
    const EACH: u32 = 1000;
    let troubled = Troubled::start()?;
    let mut clients = Vec::new();
    for _ in 0..3 {
        let mut client = Http2::open(troubled.door(), 65_535)?;
        // One more than a connection may have.
        let frames: Vec<Frame> = (0..=EACH)
            .map(|number| {
                let head = get(&format!("{MAPS}?watch=1&labelSelector=number%3D{number}"));
                Frame::new(kind::HEADERS, END_HEADERS | END_STREAM, number * 2 + 1, head)
            })
            .collect();
        ensure!(client.send(&frames)?, "hung up");
        let (mut begun, mut refused) = (0, 0);
        while begun + refused <= EACH {
            match client.await_frame(|frame| matches!(frame.kind, kind::HEADERS | kind::RST_STREAM))?.kind {
                kind::HEADERS => begun += 1,
                _ => refused += 1,
            }
        }
        ensure!((begun, refused) == (EACH, 1), "{begun} begun, {refused} refused");
        clients.push(client);
    }
    let kubectl = troubled.server.kubectl();
    kubectl.run(&["create", "configmap", "watched"])?;
    kubectl.run(&["label", "configmap", "watched", "number=7"])?;
    for client in &mut clients {
        let event = client.await_frame(|frame| frame.kind == kind::DATA)?;
        let text = String::from_utf8_lossy(&event.payload).into_owned();
        ensure!(event.stream == 15 && text.starts_with(r#"{"type":"ADDED""#), "{}: {text}", event.stream);
    }
    troubled.bounded(192)
}
