//! Answers that nobody takes: a client that reads nothing from its socket, or opens no window for a stream.

use std::cell::Cell;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};
use tracing::debug;

use crate::serve::Running;

tokio::task_local! {
    /// Of an HTTP/2 stream: since when a piece of its answer waits to be taken.
    static HANDED_OUT: Cell<Option<Instant>>;
}

fn hand_out(since: Option<Instant>) {
    // HTTP/1.1 has no streams: there the socket tells.
    if HANDED_OUT.try_with(|handed_out| handed_out.set(since)).is_err() {
        tracing::trace!("An answer goes out on no stream of its own.");
    }
}

/// The body of an answer: tells its stream whenever it has handed out a piece, and waits for the next.
pub(crate) struct Watched<B> {
    body: B,
    _running: Running,
}

impl<B> Watched<B> {
    /// From here the head of the answer waits to be taken.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    pub(crate) fn new(body: B, running: Running) -> Self {
        hand_out(Some(Instant::now()));
        Self { body, _running: running }
    }
}

impl<B: Body + Unpin> Body for Watched<B> {
    type Data = B::Data;
    type Error = B::Error;

    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        hand_out(polled.is_ready().then(Instant::now));
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Runs HTTP/2 streams, each in a task that is dropped, which resets the stream, when a piece of its answer was not
/// taken for so long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StalledStreams {
    pub(crate) after: Duration,
}

impl<F> hyper::rt::Executor<F> for StalledStreams
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, stream: F) {
        let after = self.after;
        tokio::spawn(HANDED_OUT.scope(Cell::new(None), async move {
            let mut stream = pin!(stream);
            let mut timer: Option<Pin<Box<Sleep>>> = None;
            // Its state changes only while it is polled, so that the timer is looked at whenever that happened.
            std::future::poll_fn(move |context| {
                if stream.as_mut().poll(context).is_ready() {
                    return Poll::Ready(());
                }
                let Some(since) = HANDED_OUT.with(Cell::get) else { return Poll::Pending };
                let (due, timer) =
                    (since + after, timer.get_or_insert_with(|| Box::pin(sleep_until(since + after))));
                if timer.deadline() != due {
                    timer.as_mut().reset(due);
                }
                ready!(timer.as_mut().poll(context));
                debug!("A client does not take an answer.");
                Poll::Ready(())
            })
            .await;
        }));
    }
}

/// A socket on which a write that makes no progress for so long fails.
pub(crate) struct StalledWrites<S> {
    stream: S,
    after: Duration,
    /// Runs while a write waits.
    timer: Option<Pin<Box<Sleep>>>,
    waiting: bool,
    off: Arc<AtomicBool>,
}

/// Lets writes wait for ever again.
pub(crate) struct Lease(Arc<AtomicBool>);

impl Lease {
    pub(crate) fn let_go(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<S> StalledWrites<S> {
    pub(crate) fn new(stream: S, after: Duration) -> (Self, Lease) {
        let off = Arc::new(AtomicBool::new(false));
        (Self { stream, after, timer: None, waiting: false, off: off.clone() }, Lease(off))
    }

    /// What a write came to, or that it has waited for too long.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    fn bounded<T>(&mut self, polled: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if polled.is_ready() || self.off.load(Ordering::Relaxed) {
            self.waiting = false;
            return polled;
        }
        let due = Instant::now() + self.after;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if !self.waiting {
            self.waiting = true;
            timer.as_mut().reset(due);
        }
        ready!(timer.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client does not read")))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for StalledWrites<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for StalledWrites<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.bounded(polled, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(context);
        self.bounded(polled, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_shutdown(context);
        self.bounded(polled, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.bounded(polled, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
