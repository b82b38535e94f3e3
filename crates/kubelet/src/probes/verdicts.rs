//! What probes have found, by container id.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use k8s_openapi::api::core::v1::Container;
use tokio::sync::watch;

use super::Kind;

/// Verdicts of all containers of the node. Clones share them.
#[derive(Clone)]
pub(crate) struct Verdicts(Arc<Shared>);

struct Shared {
    map: Mutex<BTreeMap<(String, Kind), bool>>,
    changes: watch::Sender<u64>,
}

impl Default for Verdicts {
    fn default() -> Self {
        Self(Arc::new(Shared { map: Mutex::default(), changes: watch::Sender::new(0) }))
    }
}

impl Verdicts {
    fn map(&self) -> MutexGuard<'_, BTreeMap<(String, Kind), bool>> {
        self.0.map.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, id: &str, kind: Kind) -> Option<bool> {
        self.map().get(&(id.to_owned(), kind)).copied()
    }

    /// Sets a verdict; says whether it is news.
    pub(crate) fn set(&self, id: &str, kind: Kind, good: bool) -> bool {
        let old = self.map().insert((id.to_owned(), kind), good);
        if old != Some(good) {
            self.0.changes.send_modify(|count| *count = count.wrapping_add(1));
        }
        old != Some(good)
    }

    /// Forgets a container.
    pub(super) fn forget(&self, id: &str) {
        self.map().retain(|(owner, _), _| owner != id);
    }

    /// Waits until the container's startup probe has succeeded.
    pub(super) async fn wait_started(&self, id: &str) {
        let mut changes = self.0.changes.subscribe();
        loop {
            if self.get(id, Kind::Startup) == Some(true) {
                return;
            }
            // The sender lives in `self`.
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// A running container has started when its startup probe succeeded, or has none.
    pub(crate) fn is_started(&self, container: &Container, id: &str) -> bool {
        container.startup_probe.is_none() || self.get(id, Kind::Startup) == Some(true)
    }

    /// A started container is ready when its readiness probe succeeded last, or has none.
    pub(crate) fn is_ready(&self, container: &Container, id: &str) -> bool {
        container.readiness_probe.is_none() || self.get(id, Kind::Readiness) == Some(true)
    }

    pub(crate) fn liveness_failed(&self, id: &str) -> bool {
        self.get(id, Kind::Liveness) == Some(false)
    }

    pub(crate) fn startup_failed(&self, id: &str) -> bool {
        self.get(id, Kind::Startup) == Some(false)
    }
}
