//! Group commit: callers judge and encode their transactions, one flusher writes, syncs and publishes them.
//!
//! A caller holds the lock on [`Pending`] while its transaction is judged, applied and encoded, so that the
//! log has transactions in the order of their revisions. While the flusher syncs one batch, the next one
//! gathers. Nothing waits for the disk with a lock that a reader needs.
//!
//! Locks are taken in the order flusher, pending, hub, state.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::thread;

use tokio::sync::{Semaphore, oneshot};
use tokio::time::Instant;
use tracing::error;

use crate::api::{Durability, LeaseId, Revision, StoreError, Txn, TxnOutcome, Write};
use crate::core::{Core, Judged};
use crate::embedded::Config;
use crate::embedded::flusher::Flusher;
use crate::embedded::frame::{self, FRAME_HEADER_LEN};
use crate::embedded::record::{Record, encode_txn};
use crate::lease::{LeaseHost, Leases};
use crate::sync::lock;
use crate::txn;

/// So many KiB of transactions may wait for the disk; further callers wait before they are judged.
const ROOM_KIB: u32 = 32 << 10;

/// What waits for the flusher.
#[derive(Debug)]
pub(crate) struct Pending {
    /// A frame begun.
    pub(crate) frame: Vec<u8>,
    pub(crate) waiters: Vec<Waiter>,
    /// Somebody waits for the disk.
    pub(crate) sync: bool,
    /// The newest reservation, durable or not.
    pub(crate) reserved: Revision,
    /// So many are reserved at a time.
    reservation: u64,
    /// No more is accepted; the flusher writes what is here and says so to these.
    pub(crate) closing: bool,
    pub(crate) closers: Vec<oneshot::Sender<Result<(), StoreError>>>,
    /// The flusher shall stop without closing.
    pub(crate) stop: bool,
    /// The flusher has stopped.
    pub(crate) ended: bool,
}

/// A caller whose transaction is in the frame, or which has seen one that is.
#[derive(Debug)]
pub(crate) struct Waiter {
    pub(crate) reply: oneshot::Sender<Result<(), StoreError>>,
    pub(crate) room_kib: u32,
}

impl Pending {
    fn new(reserved: Revision, reservation: u64) -> Self {
        let mut frame = Vec::new();
        frame::begin(&mut frame);
        Self {
            frame,
            waiters: Vec::new(),
            sync: false,
            reserved,
            reservation,
            closing: false,
            closers: Vec::new(),
            stop: false,
            ended: false,
        }
    }

    pub(crate) fn has_work(&self) -> bool {
        self.frame.len() > FRAME_HEADER_LEN || !self.waiters.is_empty() || !self.closers.is_empty()
    }

    fn add_txn(&mut self, revision: Revision, writes: &[Write], durability: Durability) {
        // Early enough that reservations become durable with some other write's sync.
        if revision.get().saturating_add(self.reservation / 2) >= self.reserved.get() {
            self.reserved = reserve_above(revision, self.reservation);
            Record::Reserve { up_to: self.reserved }.encode(&mut self.frame);
        }
        encode_txn(&mut self.frame, revision, writes);
        self.sync |= durability == Durability::Synced;
    }
}

/// What to reserve when `revision` is the newest.
pub(crate) fn reserve_above(revision: Revision, reservation: u64) -> Revision {
    Revision::new(revision.get().saturating_add(reservation.max(1))).expect("above 1")
}

/// What the store's handle, its flusher and its timers share.
#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) core: Arc<Core>,
    pub(crate) config: Config,
    pending: Mutex<Pending>,
    work: Condvar,
    room: Semaphore,
    failed: OnceLock<Arc<io::Error>>,
    /// Bytes on disk.
    pub(crate) size: AtomicU64,
    /// On a simulated disk callers do the flusher's work; otherwise its thread owns it.
    inline: Option<Mutex<Flusher>>,
    timer: Mutex<Option<tokio::task::JoinHandle<()>>>,
    this: Weak<Engine>,
}

impl Engine {
    pub(crate) fn new(
        core: Arc<Core>,
        config: Config,
        reserved: Revision,
        inline: Option<Flusher>,
    ) -> Arc<Self> {
        let pending = Pending::new(reserved, config.reservation);
        Arc::new_cyclic(|this| Self {
            core,
            config,
            pending: Mutex::new(pending),
            work: Condvar::new(),
            room: Semaphore::new(ROOM_KIB as usize),
            failed: OnceLock::new(),
            size: AtomicU64::new(0),
            inline: inline.map(Mutex::new),
            timer: Mutex::new(None),
            this: this.clone(),
        })
    }

    pub(crate) fn pending(&self) -> MutexGuard<'_, Pending> {
        lock(&self.pending)
    }

    /// Why nothing can be written any more.
    pub(crate) fn check_open(&self) -> Result<(), StoreError> {
        match self.failed.get() {
            Some(error) => Err(StoreError::Unavailable(error.clone())),
            None if self.core.is_closed() => Err(StoreError::Closed),
            None => Ok(()),
        }
    }

    /// Refuses all further writes: what the disk holds is unknown from here on.
    pub(crate) fn fail(&self, error: io::Error) {
        error!(%error, "Store cannot write, it refuses all further writes.");
        // A second error adds nothing.
        self.failed.set(Arc::new(error)).ok();
        self.room.close();
        self.refuse_waiters();
        self.work.notify_all();
    }

    fn refuse_waiters(&self) {
        let mut pending = self.pending();
        frame::begin(&mut pending.frame);
        for waiter in std::mem::take(&mut pending.waiters) {
            // A caller that no longer waits needs no answer.
            waiter.reply.send(self.check_open()).ok();
        }
    }

    /// Runs `work` in log order. It returns its result and whether that must wait for the disk.
    async fn submit<T>(
        &self,
        bytes: usize,
        work: impl FnOnce(&Core, &mut Pending) -> Result<(T, bool), StoreError>,
    ) -> Result<T, StoreError> {
        self.check_open()?;
        let room_kib = u32::try_from(bytes / 1024 + 1).unwrap_or(u32::MAX).min(ROOM_KIB);
        match self.room.acquire_many(room_kib).await {
            Ok(permit) => permit.forget(),
            Err(_) => return Err(self.check_open().err().unwrap_or(StoreError::Closed)),
        }
        let submitted = {
            let mut pending = self.pending();
            let open = if pending.closing { Err(StoreError::Closed) } else { self.check_open() };
            open.and_then(|()| work(&self.core, &mut pending)).map(|(result, wait)| {
                let wait = wait.then(|| {
                    let (reply, answer) = oneshot::channel();
                    pending.waiters.push(Waiter { reply, room_kib });
                    answer
                });
                (result, wait)
            })
        };
        let (result, answer) = match submitted {
            Ok((result, Some(answer))) => (result, answer),
            Ok((result, None)) => {
                self.give_room(room_kib);
                return Ok(result);
            }
            Err(error) => {
                self.give_room(room_kib);
                return Err(error);
            }
        };
        self.work.notify_one();
        if self.inline.is_some() {
            // Whoever is ready now as well shares the sync.
            tokio::task::yield_now().await;
            self.flush_inline(false);
        }
        match answer.await {
            Ok(done) => done.map(|()| result),
            Err(_) => Err(self.check_open().err().unwrap_or(StoreError::Closed)),
        }
    }

    pub(crate) fn give_room(&self, room_kib: u32) {
        self.room.add_permits(room_kib as usize);
    }

    pub(crate) async fn commit(&self, txn: Txn) -> Result<TxnOutcome, StoreError> {
        let bytes = txn::check(&txn)?;
        let judged = self.submit(bytes, |core, pending| {
            let judged = core.judge(&txn)?;
            if let Judged::New(revision) = judged {
                pending.add_txn(revision, &txn.writes, txn.durability);
                return Ok((judged, true));
            }
            // What it saw may not be visible yet.
            let wait = core.visible() < core.read_state(|state| state.head);
            Ok((judged, wait))
        });
        Ok(match judged.await? {
            Judged::New(revision) | Judged::Unchanged(revision) => TxnOutcome::Committed(revision),
            Judged::Conflict(present) => TxnOutcome::Conflict(present),
        })
    }

    /// Writes down that history below `oldest` goes, and hides it.
    pub(crate) async fn compact(&self, oldest: Revision) -> Result<(), StoreError> {
        if !self.core.check_compact(oldest)? {
            return Ok(());
        }
        self.submit(0, |_, pending| {
            Record::Compact { oldest }.encode(&mut pending.frame);
            pending.sync = true;
            Ok(((), true))
        })
        .await?;
        self.core.hide_below(oldest);
        while !self.core.trim_step() {
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    pub(crate) async fn lease_grant(&self, ttl_s: i64) -> Result<LeaseId, StoreError> {
        Leases::check_ttl(ttl_s)?;
        self.submit(0, |core, pending| {
            let id = core.with_state(|state| state.leases.grant(ttl_s, Instant::now()));
            Record::LeaseGrant { id, ttl_s }.encode(&mut pending.frame);
            pending.sync = true;
            Ok((id, true))
        })
        .await
    }

    /// Stops accepting and resolves when everything accepted is on disk and the log says that it is closed.
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        let answer = {
            let mut pending = self.pending();
            if pending.ended {
                return self.failed.get().map_or(Ok(()), |error| Err(StoreError::Unavailable(error.clone())));
            }
            pending.closing = true;
            let (reply, answer) = oneshot::channel();
            pending.closers.push(reply);
            answer
        };
        self.work.notify_one();
        self.flush_inline(false);
        answer.await.unwrap_or_else(|_| self.check_open())
    }

    /// Stops the flusher, as unclean a stop as any.
    pub(crate) fn stop(&self) {
        self.pending().stop = true;
        self.work.notify_all();
        if let Some(timer) = lock(&self.timer).take() {
            timer.abort();
        }
        if let Some(flusher) = &self.inline {
            lock(flusher).abandon();
            self.ended(&Ok(()));
        }
    }

    /// No more is accepted; what still waits is told so.
    pub(crate) fn ended(&self, result: &Result<(), StoreError>) {
        self.core.close();
        self.room.close();
        self.refuse_waiters();
        let mut pending = self.pending();
        pending.ended = true;
        for closer in std::mem::take(&mut pending.closers) {
            let result = match result {
                Err(StoreError::Unavailable(error)) => Err(StoreError::Unavailable(error.clone())),
                _ => Ok(()),
            };
            closer.send(result).ok();
        }
    }

    fn flush_inline(&self, sync_all: bool) {
        let Some(flusher) = &self.inline else { return };
        let mut flusher = lock(flusher);
        if self.pending().has_work() || (sync_all && flusher.has_unsynced()) {
            flusher.flush(self, sync_all);
        }
        if !flusher.has_unsynced() {
            return;
        }
        let mut timer = lock(&self.timer);
        if timer.as_ref().is_none_or(tokio::task::JoinHandle::is_finished) {
            let (this, interval) = (self.this.clone(), self.config.logged_sync_interval);
            *timer = Some(tokio::spawn(async move {
                tokio::time::sleep(interval).await;
                if let Some(engine) = this.upgrade() {
                    engine.flush_inline(true);
                }
            }));
        }
    }

    /// The flusher's thread.
    pub(crate) fn run(&self, mut flusher: Flusher) {
        let _guard = FailOnPanic(self);
        loop {
            let sync_all = match self.wait(&flusher) {
                Wake::Work => false,
                Wake::SyncDue => true,
                Wake::Stop => break,
            };
            if !flusher.flush(self, sync_all) {
                return;
            }
        }
        flusher.abandon();
        self.ended(&Ok(()));
    }

    #[allow(clippy::disallowed_methods)] // The thread has no runtime: this is the machine's clock.
    fn wait(&self, flusher: &Flusher) -> Wake {
        let mut pending = self.pending();
        loop {
            let due = flusher.sync_due(self.config.logged_sync_interval);
            let now = Instant::now();
            if pending.stop {
                return Wake::Stop;
            }
            if due.is_some_and(|due| due <= now) {
                return Wake::SyncDue;
            }
            if pending.has_work() {
                return Wake::Work;
            }
            pending = match due {
                None => self.work.wait(pending).unwrap_or_else(PoisonError::into_inner),
                Some(due) => {
                    let waited = self.work.wait_timeout(pending, due - now);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

enum Wake {
    Work,
    SyncDue,
    Stop,
}

/// Lets no caller wait for a flusher that is gone.
struct FailOnPanic<'a>(&'a Engine);

impl Drop for FailOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.fail(io::Error::other("the thread that writes the log panicked"));
            self.0.ended(&self.0.check_open());
        }
    }
}

impl LeaseHost for Engine {
    fn with_leases<T>(&self, work: impl FnOnce(&mut Leases) -> T) -> T {
        self.core.with_state(|state| work(&mut state.leases))
    }

    async fn end_lease(&self, id: LeaseId) -> Result<(), StoreError> {
        loop {
            let ended = self.submit(0, |core, pending| {
                match core.end_lease_step(id)? {
                    Some((revision, deletes)) => pending.add_txn(revision, &deletes, Durability::Synced),
                    None => {
                        Record::LeaseEnd { id }.encode(&mut pending.frame);
                        pending.sync = true;
                        return Ok((true, true));
                    }
                }
                Ok((false, true))
            });
            if ended.await? {
                return Ok(());
            }
        }
    }
}

impl Engine {
    /// Itself, for a thread that may outlast the caller.
    pub(crate) fn shared(&self) -> Option<Arc<Self>> {
        self.this.upgrade()
    }

    /// Counts bytes on disk.
    pub(crate) fn set_size(&self, bytes: u64) {
        self.size.store(bytes, Ordering::Relaxed);
    }
}
