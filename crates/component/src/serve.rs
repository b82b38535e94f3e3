//! HTTP/1.1 and HTTP/2 over one connection, with a bound on everything that its client can let us wait for.
//!
//! | a client that | is |
//! |---|---|
//! | sends a head longer than [`Limits::head_len_max`] | answered 431 |
//! | sends its head slowly | cut off after [`Limits::head_timeout`] |
//! | asks for nothing | sent away after [`Limits::idle_timeout`] (HTTP/2: GOAWAY) |
//! | resets streams as fast as it opens them | sent away with ENHANCE_YOUR_CALM |
//! | opens no window for an answer | reset on that stream after [`Limits::stall_timeout`] |
//! | reads nothing from the socket | cut off after [`Limits::stall_timeout`] |
//! | does not answer pings | cut off after 50 s |

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::stall::{StalledStreams, StalledWrites, Watched};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// How often an HTTP/2 client must answer a ping.
const PING_EVERY: Duration = Duration::from_secs(30);
/// How long it may take for that.
const PING_TIMEOUT: Duration = Duration::from_secs(20);
/// Streams that a client has reset before they were looked at, and that it has made us reset by its errors.
const RESETS_MAX: (usize, usize) = (32, 128);
/// How long a connection that was sent away may stay without a request.
const LINGER: Duration = Duration::from_secs(10);

/// How much of a connection a client may take, and how long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// HTTP/2 streams at a time.
    pub streams_max: u32,
    /// Longest head of a request, in bytes.
    pub head_len_max: u32,
    /// Between a head's first byte and its last.
    pub head_timeout: Duration,
    /// Without a request.
    pub idle_timeout: Duration,
    /// For an answer that is not taken.
    pub stall_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            streams_max: 250,
            head_len_max: 64 << 10,
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(90),
            stall_timeout: Duration::from_secs(60),
        }
    }
}

/// Answers the requests of one connection until its client leaves, or `drain` is called and those that run are
/// answered.
pub async fn serve_http<S, F, R, B>(
    stream: S,
    limits: &Limits,
    drain: &CancellationToken,
    handle: F,
) -> Result<(), BoxError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    F: Fn(Request<Incoming>) -> R,
    R: Future<Output = Response<B>> + Send + 'static,
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Unpin + Send + 'static,
{
    let activity = Arc::new(Activity::new());
    let service = service_fn(|request| {
        let running = activity.clone().enter();
        let answered = handle(request);
        async move { Ok::<_, Infallible>(answered.await.map(|body| Watched::new(body, running))) }
    });
    let mut server = auto::Builder::new(StalledStreams { after: limits.stall_timeout });
    let head_len_max = usize::try_from(limits.head_len_max).unwrap_or(usize::MAX);
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(head_len_max.max(8 << 10));
    server
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams_max)
        .max_header_list_size(limits.head_len_max)
        .max_pending_accept_reset_streams(RESETS_MAX.0)
        .max_local_error_reset_streams(RESETS_MAX.1)
        .keep_alive_interval(Some(PING_EVERY))
        .keep_alive_timeout(PING_TIMEOUT);
    let (stream, writes) = StalledWrites::new(stream, limits.stall_timeout);
    let mut connection = pin!(server.serve_connection_with_upgrades(TokioIo::new(stream), service));
    let mut leaving = false;
    let ended = loop {
        let patience = if leaving { LINGER } else { limits.idle_timeout };
        tokio::select! {
            biased;
            ended = connection.as_mut() => break ended,
            () = drain.cancelled(), if !leaving => {}
            () = activity.idle_for(patience) => {
                if leaving {
                    return Ok(());
                }
            }
        }
        leaving = true;
        connection.as_mut().graceful_shutdown();
    };
    // What was upgraded lives on, at its own pace.
    writes.let_go();
    ended
}

/// Whether requests run on a connection, and since when none does.
#[derive(Debug)]
pub(crate) struct Activity {
    running: AtomicUsize,
    start: Instant,
    /// Milliseconds after the start.
    last: AtomicU64,
}

/// A request that runs, up to its answer's last byte.
#[derive(Debug)]
pub(crate) struct Running(Arc<Activity>);

impl Activity {
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    fn new() -> Self {
        Self { running: AtomicUsize::new(0), start: Instant::now(), last: AtomicU64::new(0) }
    }

    fn enter(self: Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::Relaxed);
        Running(self)
    }

    fn age_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Until no request has run for so long. Safe to cancel.
    async fn idle_for(&self, patience: Duration) {
        loop {
            let idle = match self.running.load(Ordering::Acquire) {
                0 => self.age_ms().saturating_sub(self.last.load(Ordering::Acquire)),
                _ => 0,
            };
            let left = patience.saturating_sub(Duration::from_millis(idle));
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.last.store(self.0.age_ms(), Ordering::Release);
        self.0.running.fetch_sub(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, Empty, Full, StreamBody};
    use hyper_util::rt::TokioExecutor;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    /// As much as anybody wants to read.
    type Endless =
        StreamBody<futures::stream::RepeatWith<fn() -> Result<http_body::Frame<Bytes>, Infallible>>>;

    fn endless() -> Endless {
        StreamBody::new(futures::stream::repeat_with(|| {
            Ok(http_body::Frame::data(Bytes::from_static(&[0; 1 << 14])))
        }))
    }

    async fn serve_endless(stream: DuplexStream) -> Result<(), BoxError> {
        let drain = CancellationToken::new();
        serve_http(stream, &Limits::default(), &drain, |_| async { Response::new(endless()) }).await
    }

    async fn serve_short(stream: DuplexStream, drain: &CancellationToken) -> Result<(), BoxError> {
        let answer = |_| async { Response::new(Full::new(Bytes::from_static(b"answer"))) };
        serve_http(stream, &Limits::default(), drain, answer).await
    }

    const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: it\r\n\r\n";

    #[tokio::test(start_paused = true)]
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual.
    async fn who_asks_for_nothing_is_sent_away() {
        let start = Instant::now();
        let drain = CancellationToken::new();
        let (_client, server) = duplex(1 << 10);
        serve_short(server, &drain).await.ok();
        assert!(start.elapsed() >= Duration::from_secs(90), "{:?}", start.elapsed());

        // By HTTP/2, after an answer.
        let (client, server) = duplex(1 << 10);
        let client = async {
            let io = TokioIo::new(client);
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(TokioExecutor::new(), io).await.expect("a client");
            let connection = tokio::spawn(connection);
            let answer = sender.send_request(Request::new(Empty::<Bytes>::new())).await.expect("an answer");
            assert_eq!(answer.into_body().collect().await.expect("a body").to_bytes(), "answer");
            connection.await.expect("no panic").expect("a proper end");
        };
        let (served, ()) = tokio::join!(serve_short(server, &drain), client);
        served.expect("a proper end");
    }

    #[tokio::test(start_paused = true)]
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual.
    async fn who_reads_nothing_is_cut_off() {
        let start = Instant::now();
        let (mut client, server) = duplex(1 << 10);
        client.write_all(GET).await.expect("sent");
        serve_endless(server).await.expect_err("it was cut off");
        assert!((60..90).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_without_a_window_is_reset_and_others_go_on() {
        let (client, server) = duplex(1 << 16);
        let client = async {
            let io = TokioIo::new(client);
            let mut builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
            builder.initial_stream_window_size(1 << 15).initial_connection_window_size(1 << 20);
            let (mut sender, connection) = builder.handshake(io).await.expect("a client");
            let connection = tokio::spawn(connection);
            let request = || Request::new(Empty::<Bytes>::new());
            let mut stalled = sender.send_request(request()).await.expect("an answer").into_body();
            // The other is read, slowly, for much longer than a stall may last.
            let mut slow = sender.send_request(request()).await.expect("an answer").into_body();
            for _ in 0..10 {
                tokio::time::sleep(Duration::from_secs(20)).await;
                slow.frame().await.expect("more").expect("read");
            }
            let error = loop {
                match stalled.frame().await.expect("an end with an error") {
                    Ok(_) => {}
                    Err(error) => break error,
                }
            };
            assert!(format!("{error:?}").contains("CANCEL"), "{error:?}");
            drop((slow, stalled, sender));
            connection.abort();
        };
        let (served, ()) = tokio::join!(serve_endless(server), client);
        served.ok();
    }

    #[tokio::test(start_paused = true)]
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual.
    async fn a_drain_lets_answers_finish() {
        let (mut client, server) = duplex(1 << 10);
        let drain = CancellationToken::new();
        let start = Instant::now();
        let slow = |_| async {
            tokio::time::sleep(Duration::from_secs(30)).await;
            Response::new(Full::new(Bytes::from_static(b"answer")))
        };
        let limits = Limits::default();
        let client = async {
            client.write_all(GET).await.expect("sent");
            tokio::time::sleep(Duration::from_secs(1)).await;
            drain.cancel();
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.expect("an answer and the end");
            assert!(answer.ends_with("answer"), "{answer}");
        };
        let (served, ()) = tokio::join!(serve_http(server, &limits, &drain, slow), client);
        served.expect("a proper end");
        assert_eq!(start.elapsed().as_secs(), 30);
    }

    #[tokio::test]
    async fn long_heads_are_refused() {
        let drain = CancellationToken::new();
        let (mut client, server) = duplex(1 << 20);
        let head = format!("GET / HTTP/1.1\r\nhost: it\r\nx: {}\r\n\r\n", "a".repeat(100 << 10));
        client.write_all(head.as_bytes()).await.expect("sent");
        serve_short(server, &drain).await.ok();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}
