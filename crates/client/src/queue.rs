//! The keyed work queue: a key is worked on by one worker at a time, and once more if it was added meanwhile.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use mizzen_clock::{Map, Set};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::queues::{Counters, Counting, Snapshot};

/// First delay after a failure; doubles with each further one. As client-go's default rate limiter.
const BACKOFF_MIN: Duration = Duration::from_millis(5);
/// Longest delay after failures.
const BACKOFF_MAX: Duration = Duration::from_secs(1000);

/// A queue of keys. Clones share it. It holds each key at most once, so its length is bounded by the number of
/// objects.
pub struct WorkQueue<K>(Arc<Shared<K>>);

struct Shared<K> {
    state: Mutex<State<K>>,
    wake: Notify,
}

struct State<K> {
    /// With the time since when they wait.
    ready: VecDeque<(K, Instant)>,
    /// In `ready`, or to be put there when its present work is done.
    dirty: Set<K>,
    /// With the time since when they are worked on.
    working: Map<K, Instant>,
    /// By due time and a serial number that keeps the order of equal times.
    later: BTreeMap<(Instant, u64), K>,
    due: Map<K, (Instant, u64)>,
    failures: Map<K, u32>,
    serial: u64,
    closed: bool,
    backoff_max: Duration,
    counters: Counters,
}

/// What a reconcile asks of its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing more to do until something changes.
    Done,
    /// Look again after this time.
    After(Duration),
    /// Try again soon, later with each failure.
    Retry,
}

impl<K> Clone for WorkQueue<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: Clone + Eq + Hash + Send + 'static> Default for WorkQueue<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Clone + Eq + Hash + Send + 'static> WorkQueue<K> {
    /// An empty queue.
    pub fn new() -> Self {
        Self::with_backoff_max(BACKOFF_MAX)
    }

    /// An empty queue whose delays after failures are at most `backoff_max`.
    pub fn with_backoff_max(backoff_max: Duration) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::new(State {
                ready: VecDeque::new(),
                dirty: Set::default(),
                working: Map::default(),
                later: BTreeMap::new(),
                due: Map::default(),
                failures: Map::default(),
                serial: 0,
                closed: false,
                backoff_max,
                counters: Counters::default(),
            }),
            wake: Notify::new(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a key, unless it waits already.
    pub fn add(&self, key: K) {
        let mut state = self.state();
        if !state.closed && state.mark(key) {
            drop(state);
            self.0.wake.notify_one();
        }
    }

    /// Adds a key after `delay`; of several delays the earliest counts.
    pub fn add_after(&self, key: K, delay: Duration) {
        if delay.is_zero() {
            return self.add(key);
        }
        let mut state = self.state();
        if state.closed {
            return;
        }
        let at = Instant::now() + delay;
        match state.due.get(&key) {
            Some((sooner, _)) if *sooner <= at => return,
            Some(slot) => {
                let slot = *slot;
                state.later.remove(&slot);
            }
            None => {}
        }
        state.serial += 1;
        let slot = (at, state.serial);
        state.due.insert(key.clone(), slot);
        state.later.insert(slot, key);
        drop(state);
        self.0.wake.notify_one();
    }

    /// Adds a key after a delay that doubles with each call until [`WorkQueue::forget`].
    pub fn add_failed(&self, key: K) {
        let delay = {
            let mut state = self.state();
            let longest = state.backoff_max;
            state.counters.retries += 1;
            let failures = state.failures.entry(key.clone()).or_insert(0);
            let delay = BACKOFF_MIN.saturating_mul(1 << (*failures).min(18)).min(longest);
            *failures = failures.saturating_add(1);
            delay
        };
        self.add_after(key, delay);
    }

    /// How often the key failed since it was last forgotten.
    pub fn failures(&self, key: &K) -> u32 {
        self.state().failures.get(key).copied().unwrap_or(0)
    }

    /// The key succeeded: its next failure starts with the shortest delay.
    pub fn forget(&self, key: &K) {
        self.state().failures.remove(key);
    }

    /// Keys that wait (delayed ones are not counted).
    pub fn len(&self) -> usize {
        self.state().ready.len()
    }

    /// Whether no key waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The next key, which is then this worker's until [`WorkQueue::done`]; `None` once the queue is closed.
    /// Safe to cancel.
    pub async fn next(&self) -> Option<K> {
        loop {
            let woken = self.0.wake.notified();
            let sleep = {
                let mut state = self.state();
                if state.closed {
                    return None;
                }
                let now = Instant::now();
                state.promote(now);
                if let Some((key, since)) = state.ready.pop_front() {
                    state.dirty.remove(&key);
                    state.working.insert(key.clone(), now);
                    state.counters.waited.observe((now - since).as_secs_f64());
                    if !state.ready.is_empty() {
                        self.0.wake.notify_one();
                    }
                    return Some(key);
                }
                state.later.keys().next().map(|(at, _)| *at)
            };
            woken_or_due(woken, sleep).await;
        }
    }

    /// Ends the work on a key; if it was added meanwhile, it waits again.
    pub fn done(&self, key: &K) {
        let mut state = self.state();
        let now = Instant::now();
        if let Some(since) = state.working.remove(key) {
            state.counters.worked.observe((now - since).as_secs_f64());
        }
        if state.dirty.contains(key) {
            state.ready.push_back((key.clone(), now));
            drop(state);
            self.0.wake.notify_one();
        }
    }

    /// Ends the queue: nothing more is handed out.
    pub fn close(&self) {
        self.state().closed = true;
        self.0.wake.notify_waiters();
        self.0.wake.notify_one();
    }
}

impl<K: Clone + Eq + Hash> State<K> {
    /// Whether a worker should be woken.
    fn mark(&mut self, key: K) -> bool {
        if !self.dirty.insert(key.clone()) {
            return false;
        }
        self.counters.adds += 1;
        if self.working.contains_key(&key) {
            return false;
        }
        self.ready.push_back((key, Instant::now()));
        true
    }

    fn promote(&mut self, now: Instant) {
        while let Some(entry) = self.later.first_entry() {
            if entry.key().0 > now {
                break;
            }
            let key = entry.remove();
            self.due.remove(&key);
            self.mark(key);
        }
    }
}

/// A queue as its counters' readers see it: it does not keep the queue alive.
struct Watched<K>(Weak<Shared<K>>);

impl<K: Clone + Eq + Hash + Send + Sync + 'static> Counting for Watched<K> {
    fn snapshot(&self, now: Instant) -> Option<Snapshot> {
        let shared = self.0.upgrade()?;
        let state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Snapshot {
            depth: state.ready.len(),
            adds: state.counters.adds,
            retries: state.counters.retries,
            waited: state.counters.waited.clone(),
            worked: state.counters.worked.clone(),
            working: state.working.values().map(|since| now - *since).collect(),
        })
    }
}

impl<K: Clone + Eq + Hash + Send + Sync + 'static> WorkQueue<K> {
    pub(crate) fn counting(&self) -> impl Counting + use<K> {
        Watched(Arc::downgrade(&self.0))
    }
}

/// Waits for whichever comes first: somebody wakes us, or the time comes.
pub async fn woken_or_due(woken: impl Future<Output = ()>, due: Option<Instant>) {
    match due {
        Some(at) => {
            tokio::select! {
                biased;
                () = woken => {}
                () = tokio::time::sleep_until(at) => {}
            }
        }
        None => woken.await,
    }
}

/// Works on a queue with `workers` tasks until `cancel`; returns when all have stopped. A failed or panicking
/// reconcile is logged and its key tried again with back-off.
pub async fn work<K, F, R, E>(queue: &WorkQueue<K>, workers: usize, cancel: CancellationToken, reconcile: F)
where
    K: Clone + Eq + Hash + Send + Sync + Debug + 'static,
    F: Fn(K) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<Outcome, E>> + Send + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send + 'static,
{
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..workers {
        let (queue, cancel, reconcile) = (queue.clone(), cancel.clone(), reconcile.clone());
        tasks.spawn(async move {
            while let Some(Some(key)) = cancel.run_until_cancelled(queue.next()).await {
                step(&queue, key, &reconcile).await;
            }
        });
    }
    while tasks.join_next().await.is_some() {}
}

async fn step<K, F, R, E>(queue: &WorkQueue<K>, key: K, reconcile: &F)
where
    K: Clone + Eq + Hash + Send + Sync + Debug + 'static,
    F: Fn(K) -> R,
    R: Future<Output = Result<Outcome, E>> + Send + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + Send + 'static,
{
    // A task of its own, so that a panic ends this reconcile alone.
    let mut one = tokio::task::JoinSet::new();
    one.spawn(reconcile(key.clone()));
    let result = one.join_next().await;
    match result {
        Some(Ok(Ok(outcome))) => match outcome {
            Outcome::Done => queue.forget(&key),
            Outcome::After(delay) => {
                queue.forget(&key);
                queue.add_after(key.clone(), delay);
            }
            Outcome::Retry => queue.add_failed(key.clone()),
        },
        Some(Ok(Err(error))) => {
            let error: Box<dyn std::error::Error + Send + Sync> = error.into();
            warn!(
                ?key,
                attempt = queue.failures(&key),
                error = chain(&*error),
                "Reconcile failed, will retry."
            );
            queue.add_failed(key.clone());
        }
        Some(Err(error)) => {
            warn!(?key, %error, "Reconcile panicked, will retry.");
            queue.add_failed(key.clone());
        }
        None => {}
    }
    queue.done(&key);
}

/// An error and all its sources in one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let sources = std::iter::successors(Some(error), |error| error.source());
    sources.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_key_is_worked_on_once_at_a_time() {
        let queue = WorkQueue::new();
        queue.add(1);
        queue.add(1);
        queue.add(2);
        assert_eq!(queue.next().await, Some(1));
        queue.add(1);
        assert_eq!(queue.next().await, Some(2));
        assert!(queue.is_empty());
        queue.done(&1);
        assert_eq!(queue.next().await, Some(1));
    }

    #[tokio::test(start_paused = true)]
    async fn delays_double_until_forgotten() {
        let queue = WorkQueue::new();
        let start = Instant::now();
        for expect in [5, 15, 35] {
            queue.add_failed(7);
            assert_eq!(queue.next().await, Some(7));
            queue.done(&7);
            assert_eq!(start.elapsed(), Duration::from_millis(expect));
        }
        queue.forget(&7);
        queue.add_failed(7);
        assert_eq!(queue.next().await, Some(7));
        assert_eq!(start.elapsed(), Duration::from_millis(40));
    }

    #[tokio::test(start_paused = true)]
    async fn delays_have_an_end() {
        let queue = WorkQueue::with_backoff_max(Duration::from_millis(12));
        let start = Instant::now();
        for expect in [5, 15, 27, 39] {
            queue.add_failed(7);
            assert_eq!(queue.next().await, Some(7));
            queue.done(&7);
            assert_eq!(start.elapsed(), Duration::from_millis(expect));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_earliest_delay_counts() {
        let queue = WorkQueue::new();
        let start = Instant::now();
        queue.add_after(1, Duration::from_secs(9));
        queue.add_after(1, Duration::from_secs(3));
        queue.add_after(1, Duration::from_secs(6));
        assert_eq!(queue.next().await, Some(1));
        assert_eq!(start.elapsed(), Duration::from_secs(3));
        queue.done(&1);
        queue.close();
        assert_eq!(queue.next().await, None);
    }
}
