//! The flusher: writes batches, syncs, publishes, answers; then looks after retention and checkpoints.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::time::Instant;
use tracing::debug;

use crate::api::{Revision, StoreError};
use crate::embedded::Retention;
use crate::embedded::checkpoint::{self, Cut};
use crate::embedded::disk::Disk;
use crate::embedded::engine::{Engine, Pending, Waiter};
use crate::embedded::frame::{self, FRAME_HEADER_LEN};
use crate::embedded::log::Log;
use crate::embedded::record::Record;
use crate::index::Index;

/// More log files than this are worth a checkpoint however small they are (each start begins one).
const LOG_FILES_MAX: usize = 8;
/// History is trimmed by this part of it at a time.
const TRIM_PART: usize = 64;

/// What has been written since the last checkpoint, and its size.
#[derive(Debug, Default)]
pub(crate) struct Sizes {
    /// Log files that are no longer written to.
    pub(crate) log_bytes: u64,
    pub(crate) log_files: usize,
    pub(crate) checkpoint_len: Arc<AtomicU64>,
}

/// See the module's head.
pub(crate) struct Flusher {
    disk: Arc<dyn Disk>,
    /// `None` once closed or failed.
    log: Option<Log>,
    /// Keeps others out of the directory.
    lock: Option<Box<dyn Send + Sync>>,
    sizes: Sizes,
    /// Revisions up to here are reserved on disk.
    durable_reserved: Revision,
    /// Since when the log has had something that is not synced.
    unsynced_since: Option<Instant>,
    checkpoint: Option<JoinHandle<()>>,
    ages: VecDeque<(Instant, Revision)>,
    spare: Vec<u8>,
}

impl std::fmt::Debug for Flusher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Flusher").field("sizes", &self.sizes).finish_non_exhaustive()
    }
}

/// What the flusher takes at once.
struct Batch {
    frame: Vec<u8>,
    waiters: Vec<Waiter>,
    sync: bool,
    head: Revision,
    reserved: Revision,
    closing: bool,
    cut: Option<Cut>,
}

impl Flusher {
    pub(crate) fn new(
        disk: Arc<dyn Disk>,
        log: Log,
        lock: Box<dyn Send + Sync>,
        sizes: Sizes,
        reserved: Revision,
    ) -> Self {
        Self {
            disk,
            log: Some(log),
            lock: Some(lock),
            sizes,
            durable_reserved: reserved,
            unsynced_since: None,
            checkpoint: None,
            ages: VecDeque::new(),
            spare: Vec::new(),
        }
    }

    pub(crate) fn has_unsynced(&self) -> bool {
        self.unsynced_since.is_some()
    }

    pub(crate) fn sync_due(&self, interval: Duration) -> Option<Instant> {
        self.unsynced_since.map(|since| since + interval)
    }

    /// Handles everything pending; false when the store is closed after that.
    pub(crate) fn flush(&mut self, engine: &Engine, sync_all: bool) -> bool {
        let mut batch = self.take(engine);
        let result = self.write(&mut batch, sync_all);
        let answer = match result {
            Ok(()) => {
                engine.core.publish(batch.head);
                engine.check_open()
            }
            Err(error) => {
                self.log = None;
                self.unsynced_since = None;
                engine.fail(error);
                engine.check_open()
            }
        };
        let mut room_kib = 0;
        for waiter in batch.waiters {
            room_kib += waiter.room_kib;
            // A caller that no longer waits needs no answer.
            waiter.reply.send(clone_answer(&answer)).ok();
        }
        engine.give_room(room_kib);
        self.spare = batch.frame;
        if batch.closing {
            self.close(engine);
            return false;
        }
        if self.log.is_some() {
            self.retain(engine);
            if let Some(cut) = batch.cut {
                self.begin_checkpoint(engine, cut);
            }
            engine.set_size(self.size());
        }
        true
    }

    fn take(&mut self, engine: &Engine) -> Batch {
        let mut fresh = std::mem::take(&mut self.spare);
        frame::begin(&mut fresh);
        let checkpoint_due = self.checkpoint_due(engine);
        let mut pending = engine.pending();
        // All that is in the state is in this or an earlier frame: both change under this lock.
        let head = engine.core.read_state(|state| state.head);
        let cut = (checkpoint_due && !pending.closing).then(|| cut(engine, &pending, head));
        Batch {
            frame: std::mem::replace(&mut pending.frame, fresh),
            waiters: std::mem::take(&mut pending.waiters),
            sync: std::mem::take(&mut pending.sync),
            head,
            reserved: pending.reserved,
            closing: pending.closing,
            cut,
        }
    }

    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    fn write(&mut self, batch: &mut Batch, sync_all: bool) -> io::Result<()> {
        let log = self.log.as_mut().ok_or_else(|| io::Error::other("the log cannot be written any more"))?;
        if batch.frame.len() > FRAME_HEADER_LEN {
            log.append(&mut batch.frame)?;
            self.unsynced_since.get_or_insert_with(Instant::now);
        }
        // A revision that others may see and a crash may lose must lie below a durable reservation.
        let must_sync = batch.sync || sync_all || batch.head > self.durable_reserved;
        if must_sync && self.unsynced_since.is_some() {
            log.sync()?;
            self.unsynced_since = None;
            self.durable_reserved = batch.reserved;
        }
        Ok(())
    }

    fn size(&self) -> u64 {
        let log = self.log.as_ref().map_or(0, Log::len);
        log + self.sizes.log_bytes + self.sizes.checkpoint_len.load(Ordering::Relaxed)
    }

    /// Hides and forgets history beyond what the configuration keeps.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    fn retain(&mut self, engine: &Engine) {
        let retention = &engine.config.retention;
        let visible = engine.core.visible();
        let now = Instant::now();
        if self.ages.back().is_none_or(|(at, _)| now - *at >= retention.age / 16) {
            self.ages.push_back((now, visible));
        }
        let mut aged = None;
        while let Some((at, revision)) = self.ages.front()
            && now - *at > retention.age
        {
            aged = Some(*revision);
            self.ages.pop_front();
        }
        let beyond = engine.core.read_state(|state| beyond(&state.index, retention));
        let Some(oldest) = beyond.max(aged).map(|oldest| oldest.min(visible)) else { return };
        if oldest <= engine.core.oldest() {
            return;
        }
        debug!(%oldest, "History beyond its limit is forgotten.");
        Record::Compact { oldest }.encode(&mut engine.pending().frame);
        engine.core.hide_below(oldest);
        while !engine.core.trim_step() {}
    }

    fn checkpoint_due(&mut self, engine: &Engine) -> bool {
        if let Some(running) = &self.checkpoint {
            if !running.is_finished() {
                return false;
            }
            self.join_checkpoint();
        }
        let Some(log) = &self.log else { return false };
        let bytes = log.len() + self.sizes.log_bytes;
        let worth = self.sizes.checkpoint_len.load(Ordering::Relaxed).saturating_mul(2);
        bytes > worth.max(engine.config.checkpoint_bytes) || self.sizes.log_files >= LOG_FILES_MAX
    }

    /// Goes on in a new log file and writes what led to it into a checkpoint, beside the running store.
    fn begin_checkpoint(&mut self, engine: &Engine, cut: Cut) {
        let Some(log) = &mut self.log else { return };
        let sequence = match log.rotate() {
            Ok(sequence) => sequence,
            Err(error) => {
                self.log = None;
                engine.fail(error);
                return;
            }
        };
        self.unsynced_since = None;
        self.durable_reserved = self.durable_reserved.max(reserved_in(&cut));
        self.sizes.log_bytes = 0;
        self.sizes.log_files = 0;
        let (disk, length) = (self.disk.clone(), self.sizes.checkpoint_len.clone());
        let Some(shared) = engine.shared() else { return };
        let work = move || {
            let written = checkpoint::write(&disk, &shared.core, sequence, &cut);
            shared.core.with_state(|state| state.trim_limit = None);
            while !shared.core.trim_step() {}
            match written {
                Ok(bytes) => length.store(bytes, Ordering::Relaxed),
                Err(error) => shared.fail(error),
            }
        };
        if self.disk.is_simulated() {
            work();
            return;
        }
        match std::thread::Builder::new().name("store-checkpoint".to_owned()).spawn(work) {
            Ok(running) => self.checkpoint = Some(running),
            Err(error) => engine.fail(error),
        }
    }

    fn join_checkpoint(&mut self) {
        if let Some(running) = self.checkpoint.take()
            && running.join().is_err()
        {
            tracing::error!("Checkpoint panicked; the log is kept until the next one.");
        }
    }

    /// Writes that the log is closed, and lets others in.
    fn close(&mut self, engine: &Engine) {
        self.join_checkpoint();
        let result = match (self.log.take(), engine.check_open()) {
            (None, open) | (_, open @ Err(_)) => open,
            (Some(mut log), Ok(())) => {
                let mut last = std::mem::take(&mut self.spare);
                frame::begin(&mut last);
                Record::Close.encode(&mut last);
                // Synced first, so that this frame proves all others durable.
                let closed = log.sync().and_then(|()| log.append(&mut last)).and_then(|()| log.finish());
                closed.map_err(|error| StoreError::Unavailable(Arc::new(error)))
            }
        };
        self.unsynced_since = None;
        self.lock = None;
        engine.ended(&result);
    }

    /// Lets go of everything as it is.
    pub(crate) fn abandon(&mut self) {
        self.join_checkpoint();
        self.log = None;
        self.unsynced_since = None;
        self.lock = None;
    }
}

fn clone_answer(answer: &Result<(), StoreError>) -> Result<(), StoreError> {
    match answer {
        Ok(()) => Ok(()),
        Err(StoreError::Unavailable(error)) => Err(StoreError::Unavailable(error.clone())),
        Err(_) => Err(StoreError::Closed),
    }
}

/// The newest revision that may go by number or by size.
fn beyond(index: &Index, retention: &Retention) -> Option<Revision> {
    let count = index.change_count();
    let limit = usize::try_from(retention.revisions).unwrap_or(usize::MAX);
    let by_number = match count.checked_sub(limit) {
        Some(excess) if excess > limit / TRIM_PART => index.nth_change(excess - 1),
        _ => None,
    };
    let by_size = match index.history_bytes() > retention.bytes {
        true => index.nth_change((count / TRIM_PART).min(count.saturating_sub(1))),
        false => None,
    };
    by_number.max(by_size)
}

/// What a checkpoint needs to know of the moment between two log files.
fn cut(engine: &Engine, pending: &Pending, head: Revision) -> Cut {
    let mut records = vec![Record::Reserve { up_to: pending.reserved }];
    engine.core.with_state(|state| {
        state.trim_limit = Some(head);
        records.push(Record::LeaseNext { next: state.leases.next_id() });
        records.extend(state.leases.iter().map(|(id, ttl_s)| Record::LeaseGrant { id, ttl_s }));
        records.extend(state.gaps.iter().map(|gap| Record::Gap(*gap)));
    });
    Cut { head, records }
}

fn reserved_in(cut: &Cut) -> Revision {
    cut.records
        .iter()
        .find_map(|record| match record {
            Record::Reserve { up_to } => Some(*up_to),
            _ => None,
        })
        .unwrap_or(Revision::FIRST)
}
