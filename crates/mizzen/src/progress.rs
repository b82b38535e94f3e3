//! What `mizzen up` shows as it goes.

use std::time::Duration;

use crate::cluster::settings::Settings;

/// A line a phase, with its time.
pub(crate) struct Progress {
    start: tokio::time::Instant,
    phase: tokio::time::Instant,
}

#[allow(clippy::disallowed_methods)] // tokio's instant, for showing only.
fn now() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

fn seconds(duration: Duration) -> String {
    format!("{:.2} s", duration.as_secs_f64())
}

impl Progress {
    /// Starts the clock.
    pub(crate) fn new(name: &str) -> Self {
        println!("cluster {name}");
        Self { start: now(), phase: now() }
    }

    /// A phase is done.
    pub(crate) fn done(&mut self, phase: &str) {
        println!("  {phase:<14} {:>8}", seconds(self.phase.elapsed()));
        self.phase = now();
    }

    /// All is done.
    pub(crate) fn end(&self, settings: &Settings) {
        println!("  {:<14} {:>8}", "in all", seconds(self.start.elapsed()));
        println!("kubectl --context {} get nodes", settings.name);
        for publish in &settings.publish {
            println!("node port {} is on 127.0.0.1:{}", publish.node_port, publish.host_port);
        }
    }
}
