//! Fills a cache from the store and keeps it up to date.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use mizzen_store::{Event as StoreEvent, KeyValue, Range, Revision, StoreError, WatchItem, WatchRequest};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::history::Event;
use super::snapshot::Snapshot;
use super::{Key, WatchCache};
use crate::object::Object;
use crate::trace::COMPONENT;

/// Entries read at a time when filling.
const PAGE: usize = 10_000;
/// Most revisions behind the newest at which a cache starts.
const REPLAY_MAX: u64 = 10_000;
/// First and longest pause after a failure.
const PAUSE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(2));

/// Keeps a cache until `cancel` or until the store closes. A cache that lost its place in the store's history
/// is filled anew, and its watchers end: they start again from a list.
pub(crate) async fn run(cache: Arc<WatchCache>, cancel: CancellationToken) {
    let mut pause = PAUSE.0;
    loop {
        let Some(ended) = cancel.run_until_cancelled(cache.fill_and_follow(&mut pause)).await else { return };
        match ended {
            StoreError::Closed => return,
            error => {
                warn!(prefix = %cache.layout.prefix(), %error, "The store's watch broke, will fill again.")
            }
        }
        if cancel.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
        pause = (pause * 2).min(PAUSE.1);
    }
}

impl WatchCache {
    async fn fill_and_follow(&self, pause: &mut Duration) -> StoreError {
        match self.fill().await {
            Ok(revision) => {
                *pause = PAUSE.0;
                match self.follow(revision).await {
                    Ok(never) => match never {},
                    Err(error) => error,
                }
            }
            Err(error) => error,
        }
    }

    async fn fill(&self) -> Result<Revision, StoreError> {
        let start = self.first_revision();
        match self.fill_at(start).await {
            // What is asked for is gone meanwhile.
            Err(StoreError::Compacted { .. } | StoreError::Future { .. }) if start.is_some() => {
                self.fill_at(None).await
            }
            filled => filled,
        }
    }

    /// Where the first fill starts: with what this server has told its clients of, so that a watch may start at the
    /// revision of a write that came before the cache. `None`: at the newest.
    fn first_revision(&self) -> Option<Revision> {
        if self.revision() > 0 {
            return None;
        }
        let oldest = self.since.max(self.horizon.get()).max(self.store.oldest().get());
        let newest = self.store.revision().get();
        self.newest_at_start.store(newest, Ordering::Release);
        Revision::new(oldest.max(newest.saturating_sub(REPLAY_MAX))).filter(|start| start.get() < newest)
    }

    async fn fill_at(&self, mut at: Option<Revision>) -> Result<Revision, StoreError> {
        let mut objects = Snapshot::default();
        let mut after = String::new();
        loop {
            let (start, end) = self.layout.range_after(&after);
            let result = self.store.range(Range { start, end: Some(end), at, limit: PAGE }).await?;
            let revision = *at.get_or_insert(result.revision);
            let full = result.entries.len() == PAGE;
            for entry in result.entries {
                if let Some((key, object)) = self.read(&entry) {
                    after = key.to_string();
                    objects.insert(key, object, &self.layout);
                }
            }
            if !full {
                self.restart(objects, revision);
                return Ok(revision);
            }
        }
    }

    fn restart(&self, objects: Snapshot, revision: Revision) {
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            state.objects = objects;
            state.revision = revision.get();
            state.history.restart(revision.get());
            state.changed = revision.get();
        }
        watchers.clear();
        drop(watchers);
        self.revision.set(revision.get());
    }

    async fn follow(&self, after: Revision) -> Result<std::convert::Infallible, StoreError> {
        let (start, end) = self.layout.range_after("");
        let mut watch = self.store.watch(WatchRequest { start, end, after }).await?;
        loop {
            tokio::select! {
                biased;
                item = watch.next() => match item? {
                    WatchItem::Events(events) => self.apply(events),
                    WatchItem::Progress(revision) => self.progress(revision.get()),
                },
                () = self.nudge.notified() => watch.request_progress().await?,
            }
        }
    }

    /// An object out of the store; one that makes no sense is left out, and said.
    fn read(&self, entry: &KeyValue) -> Option<(Key, Arc<Object>)> {
        let key = self.layout.local_of(&entry.key)?;
        match Object::new(entry.value.clone(), entry.mod_revision.get(), &self.layout) {
            Ok(object) => Some((Key::from(key), Arc::new(object))),
            Err(error) => {
                error!(prefix = %self.layout.prefix(), key, %error, "A stored object cannot be read.");
                None
            }
        }
    }

    fn apply(&self, events: Vec<StoreEvent>) {
        let Some(revision) = events.last().map(|event| event.revision.get()) else { return };
        // Read before the lock is taken.
        let read: Vec<_> = events.into_iter().map(|event| (self.changed(&event), event)).collect();
        let mut changes = Vec::with_capacity(read.len());
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            for (changed, event) in read {
                let Some((key, object)) = changed else { continue };
                let change = match object {
                    Some(object) => {
                        let previous = state.objects.insert(key, object.clone(), &self.layout);
                        Event::new(event.revision.get(), object, previous, false)
                    }
                    None => {
                        let Some(previous) = state.objects.remove(&key, &self.layout) else { continue };
                        let last = Arc::new(previous.at(event.revision.get()));
                        Event::new(event.revision.get(), last, Some(previous), true)
                    }
                };
                let change = Arc::new(change);
                state.history.push(change.clone());
                changes.push(change);
            }
            state.revision = revision;
            state.changed = revision;
            state.history.trim(self.horizon.get(), &self.limits);
        }
        // Before anybody acts on them.
        for change in changes.iter().filter(|_| self.trace.is_on()) {
            self.trace.note(&change.object.uid(), COMPONENT, "watch");
        }
        let mut watchers = self.watchers.lock().unwrap_or_else(PoisonError::into_inner);
        for change in &changes {
            watchers.dispatch(change, &self.layout);
        }
        drop(watchers);
        self.revision.set(revision);
    }

    /// The key of a change, and the new object (`None`: deleted).
    fn changed(&self, event: &StoreEvent) -> Option<(Key, Option<Arc<Object>>)> {
        if let Some(current) = &event.current {
            return self.read(current).map(|(key, object)| (key, Some(object)));
        }
        self.layout.local_of(&event.key).map(|key| (Key::from(key), None))
    }

    fn progress(&self, revision: u64) {
        {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            state.revision = state.revision.max(revision);
        }
        if revision > self.revision.get() {
            self.revision.change(|current| *current = (*current).max(revision));
        }
    }
}
