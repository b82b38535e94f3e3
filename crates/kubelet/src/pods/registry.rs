//! Which pods this node should run, and a mailbox for each one's worker.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use k8s_openapi::api::core::v1::Pod;
use tokio::sync::Notify;

use super::spec;
use super::status::Failure;

/// What a pod's worker is to bring about.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// The pod as last seen.
    pub(crate) pod: Arc<Pod>,
    /// It is gone from where it came from: everything of it goes.
    pub(crate) removed: bool,
    /// It must end as failed.
    pub(crate) failure: Option<Failure>,
}

/// Nothing was decided of a pod yet.
const NEW: u8 = 0;
/// Its resources are counted: it passed admission and has not ended.
const ACTIVE: u8 = 1;
/// They are not, or no more.
const OVER: u8 = 2;

/// How others reach a pod's worker.
#[derive(Debug)]
pub(crate) struct Mailbox {
    wanted: Mutex<Wanted>,
    pub(crate) notify: Notify,
    /// One of the numbers above.
    stage: AtomicU8,
}

impl Mailbox {
    fn lock(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is wanted now.
    pub(crate) fn read(&self) -> Wanted {
        self.lock().clone()
    }

    /// Makes the pod fail, unless it does already.
    pub(crate) fn fail(&self, failure: Failure) {
        self.lock().failure.get_or_insert(failure);
        self.notify.notify_one();
    }

    /// Nothing was decided of it since the kubelet was started.
    pub(crate) fn is_new(&self) -> bool {
        self.stage.load(Ordering::Acquire) == NEW
    }

    pub(crate) fn is_active(&self) -> bool {
        self.stage.load(Ordering::Acquire) == ACTIVE
    }

    pub(crate) fn set_active(&self, active: bool) {
        self.stage.store(if active { ACTIVE } else { OVER }, Ordering::Release);
    }
}

/// All pods of the node by uid. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Mailboxes(Arc<Mutex<BTreeMap<String, Arc<Mailbox>>>>);

impl Mailboxes {
    fn map(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Mailbox>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something about the pod may have changed.
    pub(crate) fn poke(&self, uid: &str) {
        if let Some(mailbox) = self.map().get(uid) {
            mailbox.notify.notify_one();
        }
    }

    /// The same for all pods.
    pub(crate) fn poke_all(&self) {
        self.map().values().for_each(|mailbox| mailbox.notify.notify_one());
    }

    /// Takes in a pod's newest state; gives its mailbox when it needs a worker.
    pub(crate) fn put(&self, pod: Arc<Pod>) -> Option<Arc<Mailbox>> {
        let uid = spec::uid(&pod).to_owned();
        let mut map = self.map();
        if let Some(mailbox) = map.get(&uid) {
            let mut wanted = mailbox.lock();
            wanted.pod = pod;
            wanted.removed = false;
            drop(wanted);
            mailbox.notify.notify_one();
            return None;
        }
        let mailbox = Arc::new(Mailbox {
            wanted: Mutex::new(Wanted { pod, removed: false, failure: None }),
            notify: Notify::new(),
            stage: AtomicU8::new(NEW),
        });
        map.insert(uid, mailbox.clone());
        Some(mailbox)
    }

    /// The pod is no longer wanted.
    pub(crate) fn remove(&self, uid: &str) {
        if let Some(mailbox) = self.map().get(uid) {
            mailbox.lock().removed = true;
            mailbox.notify.notify_one();
        }
    }

    /// Ends a worker whose pod is gone. `false`: the pod was wanted again meanwhile.
    pub(crate) fn finish(&self, uid: &str) -> bool {
        let mut map = self.map();
        let gone = map.get(uid).is_none_or(|mailbox| mailbox.lock().removed);
        if gone {
            map.remove(uid);
        }
        gone
    }

    pub(crate) fn get(&self, uid: &str) -> Option<Arc<Mailbox>> {
        self.map().get(uid).cloned()
    }

    /// All mailboxes, by uid.
    pub(crate) fn all(&self) -> Vec<(String, Arc<Mailbox>)> {
        self.map().iter().map(|(uid, mailbox)| (uid.clone(), mailbox.clone())).collect()
    }

    /// All pods, by uid.
    pub(crate) fn pods(&self) -> Vec<Arc<Pod>> {
        self.all().into_iter().map(|(_, mailbox)| mailbox.read().pod).collect()
    }

    /// A pod by name; of several that had it in turn, the one not being deleted.
    pub(crate) fn by_name(&self, namespace: &str, name: &str) -> Option<Arc<Pod>> {
        let all = self.pods();
        let mut named =
            all.into_iter().filter(|pod| spec::name(pod) == name && spec::namespace(pod) == namespace);
        let first = named.next()?;
        Some(named.find(|pod| !spec::is_deleted(pod)).filter(|_| spec::is_deleted(&first)).unwrap_or(first))
    }
}
