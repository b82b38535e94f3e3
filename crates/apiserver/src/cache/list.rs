//! LIST from the cache: at which revision, which page, which objects.

use std::sync::Arc;

use mizzen_store::{Range, Revision, StoreError};

use super::snapshot::Snapshot;
use super::token::Token;
use super::{Behind, CatchUpError, Key, Selection, WatchCache};
use crate::object::Object;
use crate::scan::ScanError;

/// At which revision to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Version {
    /// Everything that is acknowledged.
    MostRecent,
    /// Whatever is here.
    Any,
    /// At least this.
    NotOlderThan(u64),
    /// Exactly this.
    Exact(u64),
    /// Where an earlier page ended.
    Continue(Token),
}

/// A page of objects.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) objects: Vec<Arc<Object>>,
    pub(crate) revision: u64,
    /// For the next page.
    pub(crate) next: Option<Token>,
    /// Objects behind this page; known only when nothing selects.
    pub(crate) remaining: Option<usize>,
}

/// Why a list could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListError {
    #[error("the cache is at {}, not yet at {}", .0.current, .0.wanted)]
    Behind(Behind),
    /// The revision is too old; for a continued list, the token of its inconsistent rest.
    #[error("the revision is too old")]
    Expired(Option<Token>),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Malformed(#[from] ScanError),
}

impl From<Behind> for ListError {
    fn from(behind: Behind) -> Self {
        Self::Behind(behind)
    }
}

impl From<CatchUpError> for ListError {
    fn from(error: CatchUpError) -> Self {
        match error {
            CatchUpError::Behind(behind) => Self::Behind(behind),
            CatchUpError::Store(error) => Self::Store(error),
        }
    }
}

impl WatchCache {
    /// A page of at most `limit` objects (0: all).
    pub(crate) async fn list(
        &self,
        selection: &Selection,
        version: &Version,
        limit: usize,
    ) -> Result<Listing, ListError> {
        let after = if let Version::Continue(token) = version { token.after.as_str() } else { "" };
        let (revision, objects) = match version {
            Version::MostRecent | Version::Continue(Token { revision: None, .. }) => {
                self.catch_up().await?;
                self.snapshot()
            }
            Version::Any => {
                self.filled().await?;
                self.snapshot()
            }
            Version::NotOlderThan(revision) => {
                self.reach((*revision).max(1)).await?;
                self.snapshot()
            }
            Version::Exact(revision) => self.snapshot_at(*revision).await?,
            Version::Continue(Token { revision: Some(revision), after }) => {
                let expired = |error| match error {
                    ListError::Expired(_) => {
                        ListError::Expired(Some(Token { revision: None, after: after.clone() }))
                    }
                    error => error,
                };
                self.snapshot_at(*revision).await.map_err(expired)?
            }
        };
        Ok(self.page(&objects, revision, selection, after, limit))
    }

    fn page(
        &self,
        objects: &Snapshot,
        revision: u64,
        selection: &Selection,
        after: &str,
        limit: usize,
    ) -> Listing {
        let most = if limit == 0 { usize::MAX } else { limit };
        let mut candidates = self.candidates(objects, selection, after);
        let mut found = Vec::new();
        let mut last: Option<&Key> = None;
        let mut more = 0;
        for (key, object) in candidates.by_ref() {
            if !selection.matches(object, &self.layout) {
                continue;
            }
            if found.len() == most {
                more = 1;
                break;
            }
            found.push(object.clone());
            last = Some(key);
        }
        if more > 0 && selection.is_plain() {
            more += candidates.count();
        }
        let token = |key: &Key| Token { revision: Some(revision), after: key.to_string() };
        Listing {
            objects: found,
            revision,
            next: last.filter(|_| more > 0).map(token),
            remaining: (more > 0 && selection.is_plain()).then_some(more),
        }
    }

    /// A superset of what is selected, in order: as small as an index makes it.
    pub(super) fn candidates<'a>(
        &self,
        objects: &'a Snapshot,
        selection: &Selection,
        after: &str,
    ) -> Box<dyn Iterator<Item = (&'a Key, &'a Arc<Object>)> + Send + 'a> {
        let one =
            !selection.name.is_empty() && (!selection.namespace.is_empty() || !self.layout.is_namespaced());
        if one {
            let key = self.layout.local(&selection.namespace, &selection.name);
            let entry = objects.entry(&key).filter(|(key, _)| after.is_empty() || key.as_ref() > after);
            return Box::new(entry.into_iter());
        }
        match &selection.trigger {
            Some(value) if self.layout.rules().trigger != "metadata.name" => {
                Box::new(objects.triggered(value, after))
            }
            _ => Box::new(objects.range(&selection.namespace, after)),
        }
    }

    /// All objects as they were at a revision: rewound from now by the events since, or read from the store.
    async fn snapshot_at(&self, revision: u64) -> Result<(u64, Snapshot), ListError> {
        if revision < self.horizon.get() {
            return Err(ListError::Expired(None));
        }
        self.reach(revision.max(1)).await?;
        if let Some(objects) = self.rewound(revision) {
            return Ok((revision, objects));
        }
        let Some(at) = Revision::new(revision) else { return Err(ListError::Expired(None)) };
        let (start, end) = self.layout.range_after("");
        let range = Range { start, end: Some(end), at: Some(at), limit: 0 };
        let result = match self.store.range(range).await {
            Ok(result) => result,
            Err(StoreError::Compacted { .. } | StoreError::Future { .. }) => {
                return Err(ListError::Expired(None));
            }
            Err(error) => return Err(error.into()),
        };
        let mut objects = Snapshot::default();
        for entry in result.entries {
            let Some(key) = self.layout.local_of(&entry.key).map(Key::from) else { continue };
            let object = Object::new(entry.value, entry.mod_revision.get(), &self.layout)?;
            objects.insert(key, Arc::new(object), &self.layout);
        }
        Ok((revision, objects))
    }

    fn rewound(&self, revision: u64) -> Option<Snapshot> {
        let state = self.state();
        if revision < state.history.after() {
            return None;
        }
        let mut objects = state.objects.clone();
        for event in state.history.since(revision).rev() {
            let key = self.layout.local(&event.object.namespace(), &event.object.name());
            match &event.previous {
                Some(previous) => drop(objects.insert(key.into(), previous.clone(), &self.layout)),
                None => drop(objects.remove(&key, &self.layout)),
            }
        }
        Some(objects)
    }
}
