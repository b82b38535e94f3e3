//! Time, randomness and hash seeds, as values that a simulation can own.
//!
//! Every component takes an [`Env`] and asks it for the wall clock and for random names; nothing outside
//! this crate reads the machine's clock or entropy.
//! Timers and monotonic time are tokio's (`tokio::time`), which a simulation pauses and advances itself.
//! Start at [`Env`].

mod hash;
mod level;
mod random;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

pub use hash::{Map, ProcessHash, Set, seed_hashes};
pub use level::Level;
pub use random::Random;

/// The wall clock, as written into objects (`creationTimestamp`, lease times, conditions).
pub trait Clock: Send + Sync + 'static {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // The one place that reads the machine's clock.
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still but for tokio's (paused, virtual) time.
#[derive(Clone, Copy, Debug)]
pub struct VirtualClock {
    epoch: Timestamp,
    start: Instant,
}

impl VirtualClock {
    /// A clock that shows `epoch` at this instant of tokio's time.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    pub fn starting_at(epoch: Timestamp) -> Self {
        Self { epoch, start: Instant::now() }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.start.elapsed()).unwrap_or(SignedDuration::MAX);
        self.epoch.checked_add(elapsed).unwrap_or(Timestamp::MAX)
    }
}

/// What a component may know of the outside besides the API: the time, and chance.
#[derive(Clone)]
pub struct Env {
    /// Wall clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness for names, uids and jitter; never for keys or tokens.
    pub random: Random,
}

impl Env {
    /// The machine's own clock and entropy.
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock), random: Random::from_entropy() }
    }

    /// Virtual time from `epoch` on and randomness from `seed`: the same calls give the same values.
    pub fn seeded(seed: u64, epoch: Timestamp) -> Self {
        Self { clock: Arc::new(VirtualClock::starting_at(epoch)), random: Random::from_seed(seed) }
    }

    /// Shorthand for `self.clock.now()`.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Env").finish_non_exhaustive()
    }
}
