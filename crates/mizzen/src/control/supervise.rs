//! Parts of one process: each runs until it is told to stop, and is started again when it fails.

use std::future::Future;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// Pauses between failures, doubling.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// Runs a part until `cancel`: again, after a pause, whenever it fails, panics, or returns too early.
pub(crate) async fn supervise<F, R, E>(part: &'static str, cancel: CancellationToken, start: F)
where
    F: Fn(CancellationToken) -> R,
    R: Future<Output = Result<(), E>> + Send + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    let mut pause = PAUSE_MIN;
    while !cancel.is_cancelled() {
        let own = cancel.child_token();
        let guard = own.clone().drop_guard();
        let mut task = tokio::task::JoinSet::new();
        task.spawn(start(own));
        match task.join_next().await {
            Some(Ok(Ok(()))) if cancel.is_cancelled() => return,
            Some(Ok(Ok(()))) => warn!(part, "A part ended by itself, starting it again."),
            Some(Ok(Err(failure))) => {
                let failure = anyhow::Error::new(failure);
                error!(part, error = format!("{failure:#}"), "A part failed, starting it again.");
            }
            Some(Err(panic)) => error!(part, error = %panic, "A part panicked, starting it again."),
            None => {}
        }
        drop(guard);
        if cancel.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
        pause = (pause * 2).min(PAUSE_MAX);
    }
}
