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
