//! The accept loop: so many connections at once, each a task.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::warn;

/// Pause after a failure: out of descriptors, most likely, and connections that end give some back.
const PAUSE: Duration = Duration::from_millis(100);

/// A listener of streams.
pub trait Listen: Send + Sync {
    /// What it accepts.
    type Stream: Send;
    /// The next connection. Safe to cancel.
    fn next(&self) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

impl Listen for TcpListener {
    type Stream = TcpStream;

    async fn next(&self) -> io::Result<TcpStream> {
        self.accept().await.map(|(stream, _)| stream)
    }
}

impl Listen for UnixListener {
    type Stream = UnixStream;

    async fn next(&self) -> io::Result<UnixStream> {
        self.accept().await.map(|(stream, _)| stream)
    }
}

/// Accepts connections and serves each in a task of `tasks`, until `cancel`, which also cuts those that are open.
/// While `slots` are taken, further connections wait in the kernel's queue.
pub async fn accept<L, F, R>(
    listener: &L,
    slots: &Arc<Semaphore>,
    tasks: &TaskTracker,
    cancel: &CancellationToken,
    serve: F,
) where
    L: Listen,
    F: Fn(L::Stream) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    loop {
        let Some(slot) = cancel.run_until_cancelled(slots.clone().acquire_owned()).await else { return };
        // The semaphore is never closed.
        let Ok(slot) = slot else { return };
        match cancel.run_until_cancelled(listener.next()).await {
            None => return,
            Some(Ok(stream)) => {
                let (served, cancel) = (serve(stream), cancel.clone());
                tasks.spawn(async move {
                    cancel.run_until_cancelled(served).await;
                    drop(slot);
                });
            }
            Some(Err(error)) => {
                warn!(%error, "A connection could not be accepted.");
                if cancel.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn further_connections_wait_for_a_slot() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (slots, tasks, cancel) =
            (Arc::new(Semaphore::new(1)), TaskTracker::new(), CancellationToken::new());
        let echo = |mut stream: TcpStream| async move {
            let mut byte = [0];
            while stream.read_exact(&mut byte).await.is_ok() && stream.write_all(&byte).await.is_ok() {}
        };
        let serving = accept(&listener, &slots, &tasks, &cancel, echo);
        let client = async {
            let mut first = TcpStream::connect(address).await.expect("connected");
            let mut second = TcpStream::connect(address).await.expect("connected");
            let mut byte = [0];
            first.write_all(b"a").await.expect("sent");
            first.read_exact(&mut byte).await.expect("answered");
            second.write_all(b"b").await.expect("sent");
            assert_eq!(slots.available_permits(), 0);
            drop(first);
            second.read_exact(&mut byte).await.expect("answered once the first is gone");
            assert_eq!(&byte, b"b");
            cancel.cancel();
            assert_eq!(second.read(&mut byte).await.unwrap_or(0), 0, "cut");
        };
        tokio::join!(serving, client);
        tasks.close();
        tasks.wait().await;
    }
}
