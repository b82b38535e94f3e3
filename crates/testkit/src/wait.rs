//! Waiting for a condition, with a deadline.

use std::time::Duration;

use anyhow::{Result, bail};

/// How long a test waits for something that takes a second or two on a quiet machine.
const PATIENCE: Duration = Duration::from_secs(90);
const PAUSE: Duration = Duration::from_millis(100);

/// A deadline for this machine, of one for an ordinary machine: `MIZZEN_TEST_SLOWNESS` says by how much it is slower,
/// when it is emulated, say.
pub fn patience(ordinary: Duration) -> Duration {
    let slowness = std::env::var("MIZZEN_TEST_SLOWNESS").ok().and_then(|text| text.parse::<u32>().ok());
    ordinary * slowness.unwrap_or(1).max(1)
}

/// Waits until `check` succeeds, for at most a minute and a half; fails with its last error.
pub fn eventually<T>(what: &str, check: impl FnMut() -> Result<T>) -> Result<T> {
    eventually_within(PATIENCE, what, check)
}

/// The same with another deadline.
pub fn eventually_within<T>(
    patience: Duration,
    what: &str,
    mut check: impl FnMut() -> Result<T>,
) -> Result<T> {
    // Counted pauses instead of a clock: a check that hangs has deadlines of its own.
    let attempts = patience.as_millis() / PAUSE.as_millis();
    let pause = self::patience(PAUSE);
    let mut last = None;
    for _ in 0..=attempts {
        match check() {
            Ok(value) => return Ok(value),
            Err(error) => last = Some(error),
        }
        std::thread::sleep(pause);
    }
    match last {
        Some(error) => Err(error.context(format!("still not so after {patience:?}: {what}"))),
        None => bail!("never checked: {what}"),
    }
}
