//! Events of sandboxes and containers, for those who listen.

use k8s_cri::v1::ContainerEventType;
use tokio::sync::broadcast;

/// How many events a listener may be behind: one that falls further behind is cut off, and lists anew.
const BEHIND_MAX: usize = 1024;

/// Something happened to a sandbox or a container.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// The container, or the sandbox itself.
    pub(crate) id: String,
    pub(crate) sandbox: String,
    pub(crate) kind: ContainerEventType,
    /// Nanoseconds since 1970.
    pub(crate) at: i64,
}

/// Where events are told.
#[derive(Debug)]
pub(crate) struct Events(broadcast::Sender<Event>);

impl Events {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(BEHIND_MAX).0)
    }

    pub(crate) fn tell(&self, event: Event) {
        // An error says that nobody listens.
        self.0.send(event).ok();
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}
