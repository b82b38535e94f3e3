//! A whole control plane with scripted nodes, in one thread, under a seed and in virtual time.
//!
//! Every component is the real one; only the nodes' kubelets are scripts ([`node`](crate)), and what goes between the
//! components and the API server may be delayed, lost, doubled or cut ([`faults`](crate)). The same seed gives the same
//! run, down to every write of the store. Start at [`simulate`].

mod check;
mod faults;
mod journal;
mod node;
mod scenario;
mod world;

use std::time::Duration;

pub use journal::{Entry, Journal};

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    /// All that the store was told, in order.
    pub journal: Journal,
    /// What does not hold; empty when all is well.
    pub violations: Vec<String>,
    /// How much virtual time went by.
    pub elapsed: Duration,
}

/// Runs the control plane through the troubles of this seed. Everything happens in this thread.
///
/// # Panics
/// When a runtime cannot be made.
pub fn simulate(seed: u64) -> Outcome {
    // Only the first call in a process counts: to repeat a run exactly, repeat the process.
    mizzen_clock::seed_hashes(seed);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without IO needs nothing of the system");
    runtime.block_on(scenario::run(seed))
}
