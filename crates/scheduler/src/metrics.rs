//! What a scheduler counts, under kube-scheduler's names.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mizzen_metrics::{Histogram, Text, exponential};

type Lengths = Arc<dyn Fn() -> Option<[usize; 3]> + Send + Sync>;

/// A scheduler's counters. Clones share them.
#[derive(Clone)]
pub struct Metrics(Arc<Mutex<Counts>>);

struct Counts {
    /// By profile and result.
    attempts: BTreeMap<(String, &'static str), Histogram>,
    algorithm: Histogram,
    lengths: Option<Lengths>,
}

impl Default for Metrics {
    fn default() -> Self {
        let algorithm = Histogram::new(exponential(0.001, 2.0, 15));
        Self(Arc::new(Mutex::new(Counts { attempts: BTreeMap::new(), algorithm, lengths: None })))
    }
}

impl Metrics {
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks `lengths` how long the queues are: active, backing off, unschedulable.
    pub(crate) fn follow(&self, lengths: impl Fn() -> Option<[usize; 3]> + Send + Sync + 'static) {
        self.counts().lengths = Some(Arc::new(lengths));
    }

    /// A choice was made.
    pub(crate) fn decided(&self, after: Duration) {
        self.counts().algorithm.observe(after.as_secs_f64());
    }

    /// An attempt ended.
    pub(crate) fn attempted(&self, profile: &str, result: &'static str, after: Duration) {
        let mut counts = self.counts();
        let of = counts
            .attempts
            .entry((profile.to_owned(), result))
            .or_insert_with(|| Histogram::new(exponential(0.001, 2.0, 15)));
        of.observe(after.as_secs_f64());
    }

    /// Writes them.
    pub fn write(&self, text: &mut Text) {
        let counts = self.counts();
        let name = "scheduler_schedule_attempts_total";
        text.family(
            name,
            "counter",
            "[STABLE] Number of attempts to schedule pods, by the result. 'unschedulable' means a pod could not be \
             scheduled, while 'error' means an internal scheduler problem.",
        );
        for ((profile, result), attempts) in &counts.attempts {
            text.sample(name, &[("profile", profile), ("result", result)], attempts.count() as f64);
        }
        let name = "scheduler_scheduling_attempt_duration_seconds";
        text.family(
            name,
            "histogram",
            "[STABLE] Scheduling attempt latency in seconds (scheduling algorithm + binding)",
        );
        for ((profile, result), attempts) in &counts.attempts {
            text.histogram(name, &[("profile", profile), ("result", result)], attempts);
        }
        let name = "scheduler_scheduling_algorithm_duration_seconds";
        text.family(name, "histogram", "[ALPHA] Scheduling algorithm latency in seconds");
        text.histogram(name, &[], &counts.algorithm);
        // Not under our lock: the queue's is taken to ask, and held by those who count.
        let lengths = counts.lengths.clone();
        drop(counts);
        let asked = lengths.and_then(|lengths| lengths());
        let name = "scheduler_pending_pods";
        text.family(name, "gauge", "[STABLE] Number of pending pods, by the queue type.");
        for (queue, length) in ["active", "backoff", "unschedulable"].iter().zip(asked.unwrap_or_default()) {
            text.sample(name, &[("queue", queue)], length as f64);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_and_lengths() {
        let metrics = Metrics::default();
        metrics.follow(|| Some([1, 2, 3]));
        metrics.attempted("default-scheduler", "scheduled", Duration::from_millis(3));
        for _ in 0..2 {
            let mut text = Text::default();
            metrics.write(&mut text);
            let text = text.finish();
            let expect =
                "scheduler_schedule_attempts_total{profile=\"default-scheduler\",result=\"scheduled\"} 1";
            assert!(text.contains(expect), "{text}");
            assert!(text.contains("scheduler_pending_pods{queue=\"unschedulable\"} 3"), "{text}");
        }
    }
}
