//! Follows definitions, serves what they define, and keeps their status.
//!
//! One task looks at one definition at a time: names are given out without races. What is served changes before the
//! status says so, so that a client that sees a definition established finds it served.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use mizzen_client::EventKind;
use mizzen_clock::Level;
use mizzen_machinery::meta;
use mizzen_schema::json;
use mizzen_schema::value::Value;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{error, warn};

use super::conditions::{self, ESTABLISHED, NAMES_ACCEPTED, Taken};
use super::definition::{self, identity};
use super::{FINALIZER, cleanup, definitions, write_status};
use crate::attributes::User;
use crate::cache::{Change, Selection, Start, Watching};
use crate::catalog::{CustomResource, Served};
use crate::object::Object;
use crate::registry::Registry;
use crate::status::ApiError;

/// How long one watch is kept.
const WATCH_FOR: Duration = Duration::from_secs(24 * 3600);
/// First and longest pause before a definition is looked at again after a failure.
const PAUSE: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(30));

/// The controller of custom resources.
pub(crate) struct Controller {
    registry: Arc<Registry>,
    user: User,
    tasks: TaskTracker,
    cancel: CancellationToken,
    /// Whether what was defined at the start is served.
    synced: Arc<Level<bool>>,
    known: BTreeMap<String, Known>,
    /// Definitions to look at.
    due: BTreeSet<String>,
    /// Those that failed: when to look again, and the last pause.
    later: BTreeMap<String, (Instant, Duration)>,
    /// Definitions (by uid) whose objects are being deleted.
    cleaning: BTreeSet<String>,
}

/// A definition, and what was made of it.
struct Known {
    crd: Value,
    served: Option<Compiled>,
}

struct Compiled {
    /// What it was made from.
    source: Vec<u8>,
    resource: CustomResource,
    terminating: bool,
}

/// What a definition's rows depend on.
fn source(crd: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    for path in [&["spec"][..], &["status", "acceptedNames"]] {
        json::encode(crd.path(path).unwrap_or(&Value::Null), &mut out);
    }
    out
}

impl Controller {
    pub(crate) fn new(
        registry: Arc<Registry>,
        user: User,
        tasks: TaskTracker,
        cancel: CancellationToken,
        synced: Arc<Level<bool>>,
    ) -> Self {
        Self {
            registry,
            user,
            tasks,
            cancel,
            synced,
            known: BTreeMap::new(),
            due: BTreeSet::new(),
            later: BTreeMap::new(),
            cleaning: BTreeSet::new(),
        }
    }

    /// Works until the server stops.
    pub(crate) async fn run(mut self) {
        let cancel = self.cancel.clone();
        let mut pause = PAUSE.0;
        loop {
            match cancel.run_until_cancelled(self.follow()).await {
                None => return,
                Some(Ok(())) => pause = PAUSE.0,
                Some(Err(error)) => {
                    warn!(error = error.message, "Definitions cannot be watched, will retry.");
                    if cancel.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                        return;
                    }
                    pause = (pause * 2).min(PAUSE.1);
                }
            }
        }
    }

    /// One watch, from a list to its end.
    async fn follow(&mut self) -> Result<(), ApiError> {
        let (_, kind) = definitions(&self.registry)?;
        let cache = self.registry.cache(&kind).clone();
        cache.filled().await.map_err(crate::registry::behind_error)?;
        let start = Start::State { mark_end: true };
        let watching = cache.watch(Selection::all(""), start, WATCH_FOR, false);
        let mut watching = watching.map_err(|error| ApiError::expired(error.to_string()))?;
        let mut listed: Option<Vec<Arc<Object>>> = Some(Vec::new());
        loop {
            let Some(change) = self.next(&mut watching).await else { return Ok(()) };
            match change {
                Some(Change::Initial(object)) => listed.iter_mut().for_each(|all| all.push(object.clone())),
                Some(Change::Bookmark { initial_end: true, .. }) => {
                    self.replace(listed.take().unwrap_or_default())?;
                    self.work().await;
                    self.synced.set(true);
                }
                Some(Change::Event(event_kind, event)) => {
                    let object = &event.object;
                    if event_kind == EventKind::Deleted {
                        self.forget(&object.name());
                    } else {
                        self.learn(object)?;
                    }
                    self.work().await;
                }
                Some(Change::Bookmark { .. }) => {}
                None => self.work().await,
            }
        }
    }

    /// The next change; `Some(None)`: a definition that failed is due again; `None`: the watch has ended.
    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    async fn next(&mut self, watching: &mut Watching) -> Option<Option<Change>> {
        let soonest = self.later.values().map(|(at, _)| *at).min();
        let idle = Instant::now() + WATCH_FOR;
        tokio::select! {
            biased;
            change = watching.next() => change.map(Some),
            () = tokio::time::sleep_until(soonest.unwrap_or(idle)), if soonest.is_some() => {
                let now = Instant::now();
                let due = self.later.iter().filter(|(_, (at, _))| *at <= now);
                self.due.extend(due.map(|(name, _)| name.clone()));
                Some(None)
            }
        }
    }

    /// Takes a whole list in: what is not in it is gone.
    fn replace(&mut self, listed: Vec<Arc<Object>>) -> Result<(), ApiError> {
        let names: BTreeSet<String> = listed.iter().map(|object| object.name().into_owned()).collect();
        let gone: Vec<String> = self.known.keys().filter(|name| !names.contains(*name)).cloned().collect();
        gone.iter().for_each(|name| self.forget(name));
        listed.iter().try_for_each(|object| self.learn(object))
    }

    fn learn(&mut self, object: &Object) -> Result<(), ApiError> {
        let (_, kind) = definitions(&self.registry)?;
        let crd = Registry::tree(&kind, object)?;
        let name = object.name().into_owned();
        match self.known.get_mut(&name) {
            Some(known) if meta::uid(&known.crd) == meta::uid(&crd) => known.crd = crd,
            Some(_) => {
                // Another definition of the same name.
                self.forget(&name);
                self.known.insert(name.clone(), Known { crd, served: None });
            }
            None => drop(self.known.insert(name.clone(), Known { crd, served: None })),
        }
        self.due.insert(name);
        Ok(())
    }

    /// A definition is gone, and what it defined with it; its names are free.
    fn forget(&mut self, name: &str) {
        self.later.remove(name);
        self.due.remove(name);
        let Some(known) = self.known.remove(name) else { return };
        let (group, plural) = identity(&known.crd);
        if known.served.is_some() {
            self.registry.catalog.set_custom(vec![(group.clone(), plural, None)]);
        }
        self.reconsider(&group);
    }

    /// Lets those of a group that wait for names ask again.
    fn reconsider(&mut self, group: &str) {
        let waits = |known: &Known| {
            known.crd.str_at(&["spec", "group"]) == Some(group)
                && !conditions::holds(&known.crd, NAMES_ACCEPTED)
        };
        let waiting = self.known.iter().filter(|(_, known)| waits(known));
        self.due.extend(waiting.map(|(name, _)| name.clone()));
    }

    #[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
    async fn work(&mut self) {
        self.serve_all();
        while let Some(name) = self.due.pop_first() {
            match self.sync(&name).await {
                Ok(()) => drop(self.later.remove(&name)),
                // It has been written or deleted meanwhile: its event comes.
                Err(error) if matches!(error.code, 404 | 409) => drop(self.later.remove(&name)),
                Err(error) => {
                    warn!(name, error = error.message, "A definition could not be looked after, will retry.");
                    let last = self.later.get(&name).map_or(PAUSE.0 / 2, |(_, pause)| *pause);
                    let pause = (last * 2).min(PAUSE.1);
                    self.later.insert(name, (Instant::now() + pause, pause));
                }
            }
        }
    }

    /// Brings the catalog up to date with all that is due, in one step.
    fn serve_all(&mut self) {
        let mut changes = Vec::new();
        for name in self.due.clone() {
            changes.extend(self.change(&name));
        }
        if !changes.is_empty() {
            self.registry.catalog.set_custom(changes);
        }
    }

    /// What the catalog should have in place of what a definition had; `None`: nothing changes.
    fn change(&mut self, name: &str) -> Option<(String, String, Option<CustomResource>)> {
        let known = self.known.get_mut(name)?;
        let (group, plural) = identity(&known.crd);
        let named =
            conditions::holds(&known.crd, NAMES_ACCEPTED) || conditions::holds(&known.crd, ESTABLISHED);
        if !named {
            return known.served.take().map(|_| (group, plural, None));
        }
        let terminating = meta::deletion_timestamp(&known.crd).is_some();
        let source = source(&known.crd);
        let resource = match &known.served {
            Some(served) if served.source == source && served.terminating == terminating => return None,
            Some(served) if served.source == source => served.resource.clone(),
            _ => match definition::compile(&known.crd) {
                Ok(resource) => resource,
                Err(error) => {
                    error!(name, %error, "A definition cannot be served.");
                    return known.served.take().map(|_| (group, plural, None));
                }
            },
        };
        let shown = if terminating { definition::terminating(&resource) } else { resource.clone() };
        known.served = Some(Compiled { source, resource, terminating });
        Some((group, plural, Some(shown)))
    }

    /// Looks after one definition's status, and its end.
    async fn sync(&mut self, name: &str) -> Result<(), ApiError> {
        if let Some(change) = self.change(name) {
            self.registry.catalog.set_custom(vec![change]);
        }
        let Some(known) = self.known.get(name) else { return Ok(()) };
        let crd = &known.crd;
        if meta::deletion_timestamp(crd).is_some() {
            if meta::finalizers(crd).any(|own| own == FINALIZER) {
                self.clean(name);
            }
            return Ok(());
        }
        let group = crd.str_at(&["spec", "group"]).unwrap_or_default().to_owned();
        let mut taken = Taken::default();
        for (other, known) in &self.known {
            if *other != name && known.crd.str_at(&["spec", "group"]) == Some(&group) {
                taken.add(&known.crd);
            }
        }
        let Some(wanted) = conditions::desired(crd, &taken, self.registry.env.now()) else { return Ok(()) };
        let names = |crd: &Value| crd.path(&["status", "acceptedNames"]).cloned();
        let renamed = names(crd) != names(&wanted);
        write_status(&self.registry, &self.user, wanted.clone()).await?;
        if renamed {
            // Until its event comes, others must not be given the same names.
            if let Some(known) = self.known.get_mut(name) {
                let mut crd = known.crd.clone();
                crate::tree::copy(&mut crd, &wanted, &["status", "acceptedNames"]);
                known.crd = crd;
            }
            self.reconsider(&group);
            self.due.remove(name);
        }
        Ok(())
    }

    /// Starts the deletion of a definition's objects, once.
    fn clean(&mut self, name: &str) {
        let Some(known) = self.known.get(name) else { return };
        let uid = meta::uid(&known.crd).to_owned();
        if !self.cleaning.insert(uid.clone()) {
            return;
        }
        let (group, plural) = identity(&known.crd);
        let rows = self.registry.catalog.rows();
        let kind = rows.kind(&group, &plural).filter(|kind| !kind.builtin).cloned();
        let served = known.served.as_ref().zip(kind).map(|(served, kind)| {
            let resource = served.resource.storage.clone();
            Arc::new(Served { resource, kind: Some(kind), custom: None })
        });
        let work = cleanup::run(self.registry.clone(), self.user.clone(), name.to_owned(), uid, served);
        self.tasks.spawn(self.cancel.clone().run_until_cancelled_owned(work));
    }
}
