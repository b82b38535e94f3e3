//! The bound of everything durable: a bare log on the same disk.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

use anyhow::ensure;
use mizzen_store::{Directory, Disk, DiskFile};
use tokio::sync::oneshot;

/// Nothing but append and fdatasync, batched as the engine does it: one thread writes what all waiting
/// writers have handed in.
pub(crate) struct BareLog {
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Queue {
    batch: Mutex<Batch>,
    work: Condvar,
}

#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    waiters: Vec<oneshot::Sender<bool>>,
    stop: bool,
}

impl BareLog {
    /// A new log file in this folder.
    pub(crate) fn create(path: &Path) -> anyhow::Result<Self> {
        let file = Directory::new(path)?.create("log")?;
        let queue = Arc::new(Queue::default());
        let shared = queue.clone();
        let thread = std::thread::Builder::new().spawn(move || write_batches(&shared, file))?;
        Ok(Self { queue, thread: Mutex::new(Some(thread)) })
    }

    /// Appends; returns when it is on the disk.
    pub(crate) async fn append(&self, key: &[u8], value: &[u8]) -> anyhow::Result<()> {
        let answer = {
            let mut batch = self.queue.batch.lock().expect("no panic under the lock");
            batch.bytes.extend_from_slice(key);
            batch.bytes.extend_from_slice(value);
            let (reply, answer) = oneshot::channel();
            batch.waiters.push(reply);
            answer
        };
        self.queue.work.notify_one();
        ensure!(answer.await?, "the bare log could not be written");
        Ok(())
    }

    /// Ends the thread.
    pub(crate) fn stop(&self) {
        self.queue.batch.lock().expect("no panic under the lock").stop = true;
        self.queue.work.notify_one();
        if let Some(thread) = self.thread.lock().expect("no panic under the lock").take() {
            thread.join().expect("the bare log's thread does not panic");
        }
    }
}

fn write_batches(queue: &Queue, mut file: Box<dyn DiskFile>) {
    let mut spare = Vec::new();
    loop {
        let mut batch = queue.batch.lock().expect("no panic under the lock");
        while batch.waiters.is_empty() {
            if batch.stop {
                return;
            }
            batch = queue.work.wait(batch).expect("no panic under the lock");
        }
        let waiters = std::mem::take(&mut batch.waiters);
        let bytes = std::mem::replace(&mut batch.bytes, spare);
        drop(batch);
        let written = file.append(&bytes).and_then(|()| file.sync()).is_ok();
        for waiter in waiters {
            // The writer may have ended with the run.
            waiter.send(written).ok();
        }
        spare = bytes;
        spare.clear();
    }
}
