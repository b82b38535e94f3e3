//! What runs inside the containers of tests and of the demo: an HTTP server that tells who and where it is, and the
//! guestbook, a small web application that keeps its entries in Redis.
//!
//! Standard library alone, one thread a connection (at most [`CONNECTIONS_MAX`]): it is built as one static file.
//! `testserver http [PORT]`, `testserver guestbook [PORT]`, `testserver echo [PORT]` (TCP and UDP),
//! `testserver exit CODE`. As a client: `testserver lookup NAME…` and `testserver fetch URL…`.

mod guestbook;
mod http;
mod resolve;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// Connections served at once; further ones are closed at once.
const CONNECTIONS_MAX: usize = 64;
/// Longest wait for a client.
const PATIENCE: Duration = Duration::from_secs(30);

/// What probes are told; `POST /fail` and `POST /recover` change it.
static HEALTHY: AtomicBool = AtomicBool::new(true);

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mode = args.first().map_or("http", String::as_str);
    let number = |default: u16| args.get(1).and_then(|text| text.parse().ok()).unwrap_or(default);
    let done = match mode {
        "http" => serve(number(8080), Arc::new(http::page)),
        "guestbook" => serve(number(8080), Arc::new(guestbook::page)),
        "echo" => echo(number(7)),
        "lookup" => args[1..].iter().try_for_each(|name| lookup(name)),
        "fetch" => args[1..].iter().try_for_each(|url| http::fetch(url)),
        "exit" => return ExitCode::from(number(0).to_le_bytes()[0]),
        _ => {
            eprintln!(
                "testserver: no mode {mode:?}; there are http, guestbook, echo, lookup, fetch and exit"
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("testserver: {mode}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints a name's addresses.
fn lookup(name: &str) -> std::io::Result<()> {
    for address in resolve::addresses(name)? {
        println!("{name} {address}");
    }
    Ok(())
}

type Page = dyn Fn(&http::Request, &TcpStream) -> http::Answer + Send + Sync;

/// Runs `job` on a thread of its own, unless there are too many already.
fn spawn(running: &Arc<AtomicUsize>, job: impl FnOnce() + Send + 'static) {
    if running.fetch_add(1, Ordering::SeqCst) >= CONNECTIONS_MAX {
        running.fetch_sub(1, Ordering::SeqCst);
        return;
    }
    let running = running.clone();
    std::thread::spawn(move || {
        job();
        running.fetch_sub(1, Ordering::SeqCst);
    });
}

fn serve(port: u16, page: Arc<Page>) -> std::io::Result<()> {
    let listener = TcpListener::bind(("0.0.0.0", port))?;
    println!("testserver: listening on port {port}");
    let running = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let (stream, page) = (stream?, page.clone());
        spawn(&running, move || {
            if let Err(error) = answer(&stream, &*page) {
                eprintln!("testserver: {error}");
            }
        });
    }
    Ok(())
}

fn answer(stream: &TcpStream, page: &Page) -> std::io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    if let Some(request) = http::read(stream)? {
        println!("{} {}", request.method, request.path);
        let answer = page(&request, stream);
        http::write(stream, &answer)?;
    }
    Ok(())
}

/// Sends everything back, over TCP and UDP.
fn echo(port: u16) -> std::io::Result<()> {
    let datagrams = UdpSocket::bind(("0.0.0.0", port))?;
    std::thread::spawn(move || {
        let mut buffer = [0u8; 65_536];
        while let Ok((length, from)) = datagrams.recv_from(&mut buffer) {
            if let Err(error) = datagrams.send_to(&buffer[..length], from) {
                eprintln!("testserver: echo to {from}: {error}");
            }
        }
    });
    let listener = TcpListener::bind(("0.0.0.0", port))?;
    println!("testserver: echoing on port {port}");
    let running = Arc::new(AtomicUsize::new(0));
    for stream in listener.incoming() {
        let mut stream = stream?;
        spawn(&running, move || {
            let mut buffer = [0u8; 16_384];
            while let Ok(length @ 1..) = stream.read(&mut buffer) {
                if stream.write_all(&buffer[..length]).is_err() {
                    return;
                }
            }
        });
    }
    Ok(())
}
