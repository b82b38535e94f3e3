//! What happened: every write of the store.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use mizzen_store::{Store, WatchItem, WatchRequest};

/// One write.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The store's revision.
    pub revision: u64,
    /// The key.
    pub key: String,
    /// The value; `None`: the key was deleted.
    pub value: Option<Bytes>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let value = self.value.as_ref().map(|value| String::from_utf8_lossy(value));
        write!(f, "{} {} {}", self.revision, self.key, value.as_deref().unwrap_or("deleted"))
    }
}

/// All writes of a run, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal(pub Vec<Entry>);

impl Journal {
    /// The first entries in which two runs differ.
    pub fn difference<'a>(&'a self, other: &'a Self) -> Option<(Option<&'a Entry>, Option<&'a Entry>)> {
        let len = self.0.len().max(other.0.len());
        let pairs = (0..len).map(|at| (self.0.get(at), other.0.get(at)));
        pairs.into_iter().find(|(own, other)| own != other)
    }
}

/// A journal that is being written.
#[derive(Clone, Default)]
pub(crate) struct Writer(Arc<Mutex<Journal>>);

impl Writer {
    /// Writes down everything that the store is told from now on, until the store is closed.
    pub(crate) async fn follow(self, store: Arc<dyn Store>) {
        let request =
            WatchRequest { start: Bytes::new(), end: Bytes::from_static(&[0xff]), after: store.revision() };
        let mut watch = store.watch(request).await.expect("a watch from now on");
        while let Ok(item) = watch.next().await {
            let WatchItem::Events(events) = item else { continue };
            let mut journal = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for event in events {
                journal.0.push(Entry {
                    revision: event.revision.get(),
                    key: String::from_utf8_lossy(&event.key).into_owned(),
                    value: event.current.map(|own| own.value),
                });
            }
        }
    }

    pub(crate) fn take(&self) -> Journal {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
