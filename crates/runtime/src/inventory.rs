//! The sandboxes and containers that there are: records in memory, the same as on disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_cri::v1::{ContainerState, PodSandboxState};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};
use tokio_util::sync::CancellationToken;

use crate::error::RuntimeError;
use crate::record::{ContainerRecord, SandboxRecord};

/// A sandbox.
#[derive(Debug)]
pub(crate) struct Sandbox {
    pub(crate) record: SandboxRecord,
    /// Held by whoever changes it.
    lock: Arc<Mutex<()>>,
    /// Ends the task that listens to its shim.
    pub(crate) watch: CancellationToken,
}

/// A container.
#[derive(Debug)]
pub(crate) struct Container {
    pub(crate) record: ContainerRecord,
    lock: Arc<Mutex<()>>,
    /// True once it has ended.
    pub(crate) ended: watch::Sender<bool>,
    pub(crate) sample: Option<Sample>,
}

/// A measurement, from which the next computes a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sample {
    /// Nanoseconds since 1970.
    pub(crate) at: i64,
    pub(crate) cpu_usage_ns: u64,
    /// Nanoseconds of processor time a second, at that time.
    pub(crate) rate: u64,
}

/// Everything.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    pub(crate) sandboxes: BTreeMap<String, Sandbox>,
    pub(crate) containers: BTreeMap<String, Container>,
}

impl SandboxRecord {
    pub(crate) fn state(&self) -> PodSandboxState {
        if self.ready { PodSandboxState::SandboxReady } else { PodSandboxState::SandboxNotready }
    }
}

impl ContainerRecord {
    pub(crate) fn state(&self) -> ContainerState {
        match (&self.start, &self.exit) {
            (_, Some(_)) => ContainerState::ContainerExited,
            (Some(_), None) => ContainerState::ContainerRunning,
            (None, None) => ContainerState::ContainerCreated,
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        self.state() == ContainerState::ContainerRunning
    }
}

impl Inventory {
    pub(crate) fn add_sandbox(&mut self, record: SandboxRecord, watch: CancellationToken) {
        let sandbox = Sandbox { record, lock: Arc::default(), watch };
        self.sandboxes.insert(sandbox.record.id.clone(), sandbox);
    }

    pub(crate) fn add_container(&mut self, record: ContainerRecord) {
        let ended = watch::Sender::new(record.exit.is_some());
        let container = Container { record, lock: Arc::default(), ended, sample: None };
        self.containers.insert(container.record.id.clone(), container);
    }

    /// The sandbox with this id, or the one whose id begins so.
    pub(crate) fn sandbox(&self, id: &str) -> Result<&Sandbox, RuntimeError> {
        find(&self.sandboxes, id).ok_or_else(|| RuntimeError::NotFound { kind: "sandbox", id: id.to_owned() })
    }

    /// The container with this id, or the one whose id begins so.
    pub(crate) fn container(&self, id: &str) -> Result<&Container, RuntimeError> {
        find(&self.containers, id)
            .ok_or_else(|| RuntimeError::NotFound { kind: "container", id: id.to_owned() })
    }

    /// The containers of a sandbox.
    pub(crate) fn containers_of<'a>(&'a self, sandbox: &'a str) -> impl Iterator<Item = &'a ContainerRecord> {
        self.containers
            .values()
            .map(|container| &container.record)
            .filter(move |record| record.sandbox == sandbox)
    }
}

fn find<'a, T>(map: &'a BTreeMap<String, T>, id: &str) -> Option<&'a T> {
    if id.is_empty() {
        return None;
    }
    if let Some(exact) = map.get(id) {
        return Some(exact);
    }
    let mut matching = map.range(id.to_owned()..).take_while(|(key, _)| key.starts_with(id));
    match (matching.next(), matching.next()) {
        (Some((_, only)), None) => Some(only),
        _ => None,
    }
}

impl Sandbox {
    pub(crate) fn lock(&self) -> impl Future<Output = OwnedMutexGuard<()>> + use<> {
        self.lock.clone().lock_owned()
    }
}

impl Container {
    pub(crate) fn lock(&self) -> impl Future<Output = OwnedMutexGuard<()>> + use<> {
        self.lock.clone().lock_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_by_their_beginning() {
        let map = BTreeMap::from([("abc".to_owned(), 1), ("abd".to_owned(), 2), ("b".to_owned(), 3)]);
        let check = |id: &str, expect| assert_eq!(find(&map, id).copied(), expect, "{id}");
        check("abc", Some(1));
        check("ab", None);
        check("abd", Some(2));
        check("b", Some(3));
        check("c", None);
        check("", None);
    }
}
