//! The counters of work queues, under the names of client-go's.

use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mizzen_metrics::{Histogram, Text, exponential};
use tokio::time::Instant;

use crate::queue::WorkQueue;

/// What a queue counts.
#[derive(Debug)]
pub(crate) struct Counters {
    pub(crate) adds: u64,
    pub(crate) retries: u64,
    /// How long keys waited, in seconds.
    pub(crate) waited: Histogram,
    /// How long they were worked on, in seconds.
    pub(crate) worked: Histogram,
}

impl Default for Counters {
    fn default() -> Self {
        let bounds = exponential(1e-8, 10.0, 12);
        Self { adds: 0, retries: 0, waited: Histogram::new(bounds.clone()), worked: Histogram::new(bounds) }
    }
}

/// A queue's counters at one time.
pub(crate) struct Snapshot {
    pub(crate) depth: usize,
    pub(crate) adds: u64,
    pub(crate) retries: u64,
    pub(crate) waited: Histogram,
    pub(crate) worked: Histogram,
    /// Since when the keys are worked on that are now.
    pub(crate) working: Vec<Duration>,
}

/// A queue of keys of any type, seen from outside.
pub(crate) trait Counting: Send + Sync {
    /// Its counters; `None` once nobody works on it any more.
    fn snapshot(&self, now: Instant) -> Option<Snapshot>;
}

/// A queue with the name that it is counted under.
type Named = (&'static str, Box<dyn Counting>);

/// The work queues of a component, by name. Clones share it.
#[derive(Clone, Default)]
pub struct Queues(Arc<Mutex<Vec<Named>>>);

impl Queues {
    fn all(&self) -> MutexGuard<'_, Vec<Named>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts in a queue under this name, in the place of one that had it before.
    pub fn follow<K: Clone + Eq + Hash + Send + Sync + 'static>(
        &self,
        name: &'static str,
        queue: &WorkQueue<K>,
    ) {
        let mut all = self.all();
        all.retain(|(own, _)| *own != name);
        all.push((name, Box::new(queue.counting())));
    }

    /// Writes the counters of all.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    pub fn write(&self, text: &mut Text) {
        let now = Instant::now();
        let all: Vec<(&str, Snapshot)> =
            self.all().iter().filter_map(|(name, queue)| Some((*name, queue.snapshot(now)?))).collect();
        let mut family = |name: &str, kind: &str, help: &str, value: &dyn Fn(&Snapshot) -> f64| {
            text.family(name, kind, help);
            for (queue, snapshot) in &all {
                text.sample(name, &[("name", queue)], value(snapshot));
            }
        };
        family("workqueue_depth", "gauge", "[STABLE] Current depth of workqueue", &|queue| {
            queue.depth as f64
        });
        family(
            "workqueue_adds_total",
            "counter",
            "[STABLE] Total number of adds handled by workqueue",
            &|queue| queue.adds as f64,
        );
        family(
            "workqueue_retries_total",
            "counter",
            "[STABLE] Total number of retries handled by workqueue",
            &|queue| queue.retries as f64,
        );
        family(
            "workqueue_unfinished_work_seconds",
            "gauge",
            "[STABLE] How many seconds of work has done that is in progress and hasn't been observed by work_duration.",
            &|queue| queue.working.iter().map(Duration::as_secs_f64).sum(),
        );
        family(
            "workqueue_longest_running_processor_seconds",
            "gauge",
            "[STABLE] How many seconds has the longest running processor for workqueue been running.",
            &|queue| queue.working.iter().map(Duration::as_secs_f64).fold(0.0, f64::max),
        );
        let mut histogram = |name: &str, help: &str, of: &dyn Fn(&Snapshot) -> Histogram| {
            text.family(name, "histogram", help);
            for (queue, snapshot) in &all {
                text.histogram(name, &[("name", queue)], &of(snapshot));
            }
        };
        histogram(
            "workqueue_queue_duration_seconds",
            "[STABLE] How long in seconds an item stays in workqueue before being requested.",
            &|queue| queue.waited.clone(),
        );
        histogram(
            "workqueue_work_duration_seconds",
            "[STABLE] How long in seconds processing an item from workqueue takes.",
            &|queue| queue.worked.clone(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn queues_count() {
        let (queues, queue) = (Queues::default(), WorkQueue::<u32>::new());
        queues.follow("things", &queue);
        queue.add(1);
        queue.add(1);
        queue.add(2);
        tokio::time::advance(Duration::from_secs(2)).await;
        let first = queue.next().await.expect("a key");
        tokio::time::advance(Duration::from_secs(3)).await;
        let written = || {
            let mut text = Text::default();
            queues.write(&mut text);
            text.finish()
        };
        let check = |line: &str| assert!(written().contains(&format!("{line}\n")), "{line}:\n{}", written());
        check("workqueue_depth{name=\"things\"} 1");
        check("workqueue_adds_total{name=\"things\"} 2");
        check("workqueue_longest_running_processor_seconds{name=\"things\"} 3");
        check("workqueue_queue_duration_seconds_sum{name=\"things\"} 2");
        queue.add_failed(first);
        queue.done(&first);
        check("workqueue_retries_total{name=\"things\"} 1");
        check("workqueue_work_duration_seconds_sum{name=\"things\"} 3");
        drop(queue);
        assert!(!written().contains("things"));
    }
}
