//! Reads changes that the rings have dropped.

use std::sync::Arc;
use std::time::Duration;

use super::error::timed_out;
use super::feed::{Changes, Ended};
use super::store::Shared;
use crate::api::{Event, Revision, StoreError};
use crate::watch::{Group, ITEM_EVENTS_MAX, Past};

/// A part of history has about so many bytes of keys and values, those outside the range too,
pub(super) const PART_BYTES_MAX: usize = 8 << 20;
/// and about so many events.
const PART_EVENTS_MAX: usize = 8 * ITEM_EVENTS_MAX;
/// First and longest pause before another attempt.
const PAUSE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

/// Events of `group` above `after`, not above `up_to`.
pub(super) async fn read(shared: Arc<Shared>, group: Arc<Group>, after: Revision, up_to: Revision) -> Past {
    let mut pause = PAUSE.0;
    let attempts = async {
        loop {
            let error = match part(&shared, &group, after, up_to).await {
                Ok(past) => return Ok(past),
                Err(Ended::Compacted(oldest)) => {
                    shared.raise_oldest(oldest);
                    return Err(StoreError::Compacted { requested: after, oldest });
                }
                Err(error) => error,
            };
            if shared.is_stopped() {
                return Err(StoreError::Closed);
            }
            tracing::debug!(%error, "History could not be read, will retry.");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE.1);
        }
    };
    match shared
        .cancel
        .run_until_cancelled(tokio::time::timeout(shared.config.request_timeout, attempts))
        .await
    {
        Some(Ok(past)) => past,
        Some(Err(_)) => Err(timed_out()),
        None => Err(StoreError::Closed),
    }
}

async fn part(
    shared: &Shared,
    group: &Group,
    after: Revision,
    up_to: Revision,
) -> Result<(Vec<Event>, Revision), Ended> {
    let mut changes = Changes::after(shared, after).await?;
    let (mut events, mut reached, mut bytes) = (Vec::new(), after, 0);
    loop {
        for change in changes.next().await? {
            if change.revision > up_to {
                return Ok((events, up_to));
            }
            reached = change.revision;
            bytes += change.bytes();
            events.extend(change.events.into_iter().filter(|event| group.holds(&event.key)));
        }
        if reached >= up_to || bytes >= PART_BYTES_MAX || events.len() >= PART_EVENTS_MAX {
            return Ok((events, reached));
        }
    }
}
