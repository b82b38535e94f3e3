//! Events: what components tell people about objects.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Event, EventSource, ObjectReference};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use mizzen_clock::Env;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::verbs::{Client, Patch};

/// Events that wait to be written; further ones are dropped.
const QUEUE_LEN_MAX: usize = 1000;
/// Events remembered so that a repetition counts up the first.
const MEMORY_LEN_MAX: usize = 4096;

/// The type of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventType {
    /// All is as it should be.
    Normal,
    /// Somebody may want to look.
    Warning,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct What {
    namespace: String,
    kind: String,
    name: String,
    uid: String,
    field_path: String,
    event_type: EventType,
    reason: String,
    message: String,
}

struct Said {
    name: String,
    count: i32,
}

struct Entry {
    about: ObjectReference,
    what: What,
}

/// Writes Events for one component. Never waits and never fails: Events are best effort. Clones share it.
#[derive(Clone)]
pub struct Recorder {
    queue: mpsc::Sender<Entry>,
}

impl Recorder {
    /// A recorder that speaks as `component` (on node `host`, empty for none), and the work that writes its
    /// events until `cancel`: the caller spawns it.
    pub fn new(
        client: Client,
        env: Env,
        component: &str,
        host: &str,
        cancel: CancellationToken,
    ) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (queue, inbox) = mpsc::channel(QUEUE_LEN_MAX);
        let source = EventSource {
            component: Some(component.to_owned()),
            host: Some(host.to_owned()).filter(|host| !host.is_empty()),
        };
        let writer = Writer { client, env, source, said: BTreeMap::new() };
        (Self { queue }, writer.run(inbox, cancel))
    }

    /// Says `message` about an object, under a `reason` of one word.
    pub fn event(
        &self,
        about: &ObjectReference,
        event_type: EventType,
        reason: &str,
        message: impl Into<String>,
    ) {
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let what = What {
            namespace: text(&about.namespace),
            kind: text(&about.kind),
            name: text(&about.name),
            uid: text(&about.uid),
            field_path: text(&about.field_path),
            event_type,
            reason: reason.to_owned(),
            message: message.into(),
        };
        if self.queue.try_send(Entry { about: about.clone(), what }).is_err() {
            debug!(reason, "The event queue is full or closed, an event is dropped.");
        }
    }
}

struct Writer {
    client: Client,
    env: Env,
    source: EventSource,
    said: BTreeMap<What, Said>,
}

impl Writer {
    async fn run(mut self, mut inbox: mpsc::Receiver<Entry>, cancel: CancellationToken) {
        while let Some(Some(entry)) = cancel.run_until_cancelled(inbox.recv()).await {
            if let Some(Err(error)) = cancel.run_until_cancelled(self.write(entry)).await {
                debug!(%error, "An event could not be written.");
            }
        }
    }

    async fn write(&mut self, entry: Entry) -> Result<(), crate::Error> {
        let namespace = if entry.what.namespace.is_empty() { "default" } else { &entry.what.namespace };
        let now = Time(self.env.now());
        if let Some(said) = self.said.get_mut(&entry.what) {
            said.count += 1;
            let patch = serde_json::json!({ "count": said.count, "lastTimestamp": now });
            match self.client.patch::<Event>(namespace, &said.name, "", &Patch::Merge(patch)).await {
                Err(error) if error.is_not_found() => {}
                other => return other.map(drop),
            }
        }
        let event = Event {
            metadata: ObjectMeta {
                name: Some(self.name(&entry.what.name)),
                namespace: Some(namespace.to_owned()),
                ..ObjectMeta::default()
            },
            involved_object: entry.about,
            type_: Some(format!("{:?}", entry.what.event_type)),
            reason: Some(entry.what.reason.clone()),
            message: Some(entry.what.message.clone()),
            source: Some(self.source.clone()),
            reporting_component: self.source.component.clone(),
            reporting_instance: Some(self.source.host.clone().unwrap_or_default()),
            count: Some(1),
            first_timestamp: Some(now.clone()),
            last_timestamp: Some(now),
            ..Event::default()
        };
        let name = event.metadata.name.clone().unwrap_or_default();
        self.client.create(&event).await?;
        if self.said.len() >= MEMORY_LEN_MAX {
            self.said.clear();
        }
        self.said.insert(entry.what, Said { name, count: 1 });
        Ok(())
    }

    /// `NAME.HEX`: the object's name and the time in nanoseconds, as other components name theirs.
    fn name(&self, object: &str) -> String {
        // A suffix of chance keeps names apart when time stands still.
        let nanoseconds = self.env.now().as_nanosecond() as u64;
        format!("{object}.{:x}", nanoseconds.wrapping_add(self.env.random.below(1 << 20)))
    }
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}
