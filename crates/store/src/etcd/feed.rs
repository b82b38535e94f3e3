//! Follows everything that happens in etcd, and gives it to the rings.

use std::sync::Arc;
use std::time::Duration;

use etcd_client::{Error, WatchOptions, WatchStream};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::connect::MESSAGE_BYTES_MAX;
use super::convert;
use super::store::Shared;
use crate::api::{Event, Revision};
use crate::watch::Published;

/// First and longest pause before the watch is begun anew.
const PAUSE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));
/// How long etcd may take to begin a watch.
const BEGIN_TIMEOUT: Duration = Duration::from_secs(20);

/// Why a stream of changes ended.
#[derive(Debug, thiserror::Error)]
pub(super) enum Ended {
    /// History from where it was to start is gone; the oldest that is left.
    #[error("history up to revision {0} is gone")]
    Compacted(Revision),
    #[error("etcd ended the watch: {0}")]
    Cancelled(String),
    #[error("the connection ended")]
    Closed,
    #[error(transparent)]
    Etcd(#[from] Error),
}

/// The changes of all keys, from one revision on.
pub(super) struct Changes {
    stream: WatchStream,
    /// Events of the newest revision, of which more may come.
    open: Vec<Event>,
}

impl Changes {
    /// Begins behind a revision.
    pub(super) async fn after(shared: &Shared, after: Revision) -> Result<Self, Ended> {
        let mut options = WatchOptions::new()
            .with_all_keys()
            .with_start_revision(convert::number(after.next()))
            .with_fragment();
        if shared.config.previous_values {
            options = options.with_prev_key();
        }
        let mut client = shared.watches.watch_client().max_decoding_message_size(MESSAGE_BYTES_MAX);
        let begun = tokio::time::timeout(BEGIN_TIMEOUT, client.watch(Vec::new(), Some(options))).await;
        let stream = begun.map_err(|_| Ended::Closed)??;
        Ok(Self { stream, open: Vec::new() })
    }

    /// The next changes: whole revisions, in order.
    pub(super) async fn next(&mut self) -> Result<Vec<Published>, Ended> {
        loop {
            let Some(answer) = self.stream.message().await? else { return Err(Ended::Closed) };
            if answer.compact_revision() > 0 {
                return Err(Ended::Compacted(convert::revision(answer.compact_revision())));
            }
            if answer.canceled() {
                return Err(Ended::Cancelled(answer.cancel_reason().to_owned()));
            }
            let answer = answer.0;
            self.open.extend(answer.events.into_iter().filter_map(convert::event));
            // A fragment is followed by more, perhaps of the same revision; otherwise revisions are never split.
            let newest = self.open.last().map(|event| event.revision).filter(|_| answer.fragment);
            let whole = match newest {
                Some(newest) => self.open.partition_point(|event| event.revision < newest),
                None => self.open.len(),
            };
            if whole > 0 {
                return Ok(by_revision(self.open.drain(..whole)));
            }
        }
    }
}

fn by_revision(events: impl Iterator<Item = Event>) -> Vec<Published> {
    let mut changes: Vec<Published> = Vec::new();
    for event in events {
        match changes.last_mut() {
            Some(last) if last.revision == event.revision => last.events.push(event),
            _ => changes.push(Published { revision: event.revision, events: vec![event] }),
        }
    }
    changes
}

/// Feeds the rings until `cancel`.
pub(super) async fn run(shared: Arc<Shared>, cancel: CancellationToken) {
    let mut pause = PAUSE.0;
    let mut is_lost = false;
    loop {
        let Some(ended) = cancel.run_until_cancelled(follow(&shared, &mut pause, &mut is_lost)).await else {
            return;
        };
        match ended {
            Ended::Compacted(oldest) => {
                warn!(%oldest, "History was compacted before it was seen, watches will start anew.");
                shared.skip_to(oldest);
            }
            error if is_lost => debug!(error = %chain(&error), "etcd's watch cannot be begun yet."),
            error => {
                is_lost = true;
                warn!(error = %chain(&error), "etcd's watch broke, will go on where it was.");
            }
        }
        if cancel.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
        pause = (pause * 2).min(PAUSE.1);
    }
}

/// An error with its causes: etcd's client says little in the first line.
fn chain(error: &Ended) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

async fn follow(shared: &Arc<Shared>, pause: &mut Duration, is_lost: &mut bool) -> Ended {
    let mut changes = match Changes::after(shared, shared.published_now()).await {
        Ok(changes) => changes,
        Err(error) => return error,
    };
    loop {
        match changes.next().await {
            Ok(published) => {
                if std::mem::take(is_lost) {
                    info!("etcd's watch goes on.");
                }
                *pause = PAUSE.0;
                shared.publish(published);
            }
            Err(error) => return error,
        }
    }
}
