//! Recent events of a kind, and the frames in which they go out.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use mizzen_client::EventKind;

use super::CacheLimits;
use crate::object::Object;

/// One change of one object.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) revision: u64,
    /// The object after the change; for a deletion as it was last, at the deletion's revision.
    pub(crate) object: Arc<Object>,
    /// The object before; `None`: it is new.
    pub(crate) previous: Option<Arc<Object>>,
    pub(crate) deleted: bool,
    /// Framed when first sent, once for all watchers: as ADDED, MODIFIED and DELETED.
    frames: [OnceLock<Frame>; 3],
}

/// A watch frame, and the object in it.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// `{"type":"ADDED","object":{…}}` and a line end.
    pub(crate) line: Bytes,
    /// `{…}`: a slice of the line.
    pub(crate) object: Bytes,
}

/// The name of an event's type on the wire.
pub(crate) const fn type_name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Added => "ADDED",
        EventKind::Modified => "MODIFIED",
        EventKind::Deleted => "DELETED",
        EventKind::Bookmark => "BOOKMARK",
        EventKind::Error => "ERROR",
    }
}

impl Frame {
    /// Frames an object as its kind's JSON.
    pub(crate) fn of(kind: EventKind, object: &Object) -> Self {
        Self::build(kind, object.json_len(), |out| object.write_json(out))
    }

    /// Frames JSON text.
    pub(crate) fn around(kind: EventKind, json: &[u8]) -> Self {
        Self::build(kind, json.len(), |out| out.extend_from_slice(json))
    }

    fn build(kind: EventKind, len: usize, write: impl FnOnce(&mut Vec<u8>)) -> Self {
        let mut line = Vec::with_capacity(len + 40);
        line.extend_from_slice(b"{\"type\":\"");
        line.extend_from_slice(type_name(kind).as_bytes());
        line.extend_from_slice(b"\",\"object\":");
        let start = line.len();
        write(&mut line);
        let end = line.len();
        line.extend_from_slice(b"}\n");
        let line = Bytes::from(line);
        Self { object: line.slice(start..end), line }
    }
}

impl Event {
    pub(crate) fn new(
        revision: u64,
        object: Arc<Object>,
        previous: Option<Arc<Object>>,
        deleted: bool,
    ) -> Self {
        Self { revision, object, previous, deleted, frames: Default::default() }
    }

    /// The object that a watcher sees for this event as `kind`.
    pub(crate) fn seen_as(&self, kind: EventKind) -> Arc<Object> {
        match (&self.previous, kind) {
            // It left the selection: its last state that matched, at the revision of the change.
            (Some(previous), EventKind::Deleted) if !self.deleted => Arc::new(previous.at(self.revision)),
            _ => self.object.clone(),
        }
    }

    /// The frame for watchers that see the event as `kind`.
    pub(crate) fn frame(&self, kind: EventKind) -> &Frame {
        let slot = match kind {
            EventKind::Added => 0,
            EventKind::Modified => 1,
            _ => 2,
        };
        self.frames[slot].get_or_init(|| Frame::of(kind, &self.seen_as(kind)))
    }

    /// Bytes that only this event keeps alive, about.
    fn weight(&self) -> usize {
        self.previous.as_ref().map_or(0, |object| object.bytes().len()) + 256
    }
}

/// Recent events, oldest first.
#[derive(Debug, Default)]
pub(super) struct History {
    events: VecDeque<Arc<Event>>,
    weight: usize,
    /// Everything after this revision is here.
    after: u64,
}

impl History {
    /// Forgets all; what follows `revision` will come.
    pub(super) fn restart(&mut self, revision: u64) {
        self.events.clear();
        self.weight = 0;
        self.after = revision;
    }

    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    /// The revision after which all events are here.
    pub(super) const fn after(&self) -> u64 {
        self.after
    }

    pub(super) fn push(&mut self, event: Arc<Event>) {
        self.weight += event.weight();
        self.events.push_back(event);
    }

    /// Drops what is below the horizon, or too much. A revision is dropped whole.
    pub(super) fn trim(&mut self, horizon: u64, limits: &CacheLimits) {
        while let Some(event) = self.events.front() {
            let full = self.events.len() > limits.events_max || self.weight > limits.event_bytes_max;
            if !full && event.revision > horizon && event.revision > self.after {
                return;
            }
            self.weight -= event.weight();
            self.after = self.after.max(event.revision);
            self.events.pop_front();
        }
    }

    /// Events after a revision, in order.
    pub(super) fn since(&self, revision: u64) -> impl DoubleEndedIterator<Item = &Arc<Event>> {
        let start = self.events.partition_point(|event| event.revision <= revision);
        self.events.range(start..)
    }
}
