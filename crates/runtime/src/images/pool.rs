//! A few threads for what blocks: hashing, unpacking, deleting. Kept apart from tokio's pool, which the
//! node's other work needs.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};

use super::ImageError;

/// Two layers at a time keep a disk busy.
const THREADS: usize = 2;
/// Jobs that wait; beyond, callers of [`Pool::run`] wait too.
const QUEUE_LEN_MAX: usize = 64;

type Job = Box<dyn FnOnce() + Send>;

/// The threads end when the last clone is dropped and their queue is empty.
#[derive(Clone)]
pub(crate) struct Pool(mpsc::Sender<Job>);

impl Pool {
    pub(crate) fn start() -> io::Result<Self> {
        let (sender, receiver) = mpsc::channel::<Job>(QUEUE_LEN_MAX);
        let receiver = Arc::new(Mutex::new(receiver));
        for number in 0..THREADS {
            let receiver = receiver.clone();
            std::thread::Builder::new().name(format!("images-{number}")).spawn(move || {
                loop {
                    let job = receiver.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
                    let Some(job) = job else { return };
                    // A panic ends this job only; whoever waits for it learns by the dropped channel.
                    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(job)).is_err() {
                        tracing::error!("An image job panicked.");
                    }
                }
            })?;
        }
        Ok(Self(sender))
    }

    /// Runs `job` on a thread of the pool. When the future is dropped, a job that has begun still ends.
    pub(crate) async fn run<T, F>(&self, job: F) -> Result<T, ImageError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, ImageError> + Send + 'static,
    {
        let (done, result) = oneshot::channel();
        let gone = || io::Error::other("an image job was lost");
        let job: Job = Box::new(move || {
            if done.is_closed() {
                return; // Nobody waits any more.
            }
            // An error here: the caller has gone meanwhile.
            drop(done.send(job()));
        });
        self.0.send(job).await.map_err(|_| gone())?;
        result.await.map_err(|_| gone())?
    }

    /// Leaves `job` to the pool; gives whether there was room for it.
    pub(crate) fn submit(&self, job: impl FnOnce() + Send + 'static) -> bool {
        self.0.try_send(Box::new(job)).is_ok()
    }
}
