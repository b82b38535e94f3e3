//! What is served: rows of built-in kinds, and rows made at run time.
//!
//! A reader takes the present [`Rows`] once a request and never waits; a change makes new rows and raises the
//! generation, by which discovery and OpenAPI know that what they derived is old.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use mizzen_clock::Map;
use mizzen_machinery::custom::ScalePaths;
use mizzen_schema::builtin;
use mizzen_schema::table::{GroupVersionKind, Resource, Subresource, Text, TypeRef};
use tokio_util::sync::CancellationToken;

use crate::cache::WatchCache;
use crate::enablement::RuntimeConfig;
use crate::layout::{Layout, Present};
use crate::storage::{Form, Storage};
use crate::strategy::{self, Rules, Selectable};

/// A kind as it is stored: one for all versions under which it is served.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Group of the storage version.
    pub(crate) group: String,
    /// `pods`.
    pub(crate) plural: String,
    /// What the stored bytes are.
    pub(crate) gvk: GroupVersionKind,
    /// Their type.
    pub(crate) ty: TypeRef,
    pub(crate) namespaced: bool,
    /// Whether machinery defaults and validates it.
    pub(crate) builtin: bool,
    pub(crate) has_status: bool,
    pub(crate) layout: Arc<Layout>,
    /// Made when first asked for.
    pub(crate) cache: OnceLock<Arc<WatchCache>>,
    /// Cancelled when another kind has taken this one's place.
    pub(crate) retired: CancellationToken,
}

impl Kind {
    pub(crate) fn rules(&self) -> &'static Rules {
        self.layout.rules()
    }

    /// Ends its watches: a definition has changed. Requests under way finish.
    fn retire(&self) {
        if let Some(cache) = self.cache.get() {
            cache.close();
        }
        self.retired.cancel();
    }
}

/// What serving one version of a custom resource needs besides its row.
#[derive(Debug, Default)]
pub(crate) struct Custom {
    /// Told to everybody who uses it: the version is deprecated.
    pub(crate) warnings: Vec<String>,
    /// Of tables.
    pub(crate) columns: Arc<[crate::tables::Column]>,
    /// Of the scale subresource.
    pub(crate) scale: Option<ScalePaths>,
    /// Fields that selectors may name.
    pub(crate) selectable: Vec<Text>,
    /// The status subresource is on.
    pub(crate) has_status: bool,
    /// The definition is being deleted: nothing new is created.
    pub(crate) terminating: bool,
}

/// A served resource.
#[derive(Debug)]
pub struct Served {
    /// The schema's row: discovery follows from it.
    pub resource: Resource,
    /// How it is stored; `None` for a virtual resource (`subjectaccessreviews`).
    pub(crate) kind: Option<Arc<Kind>>,
    /// Of a custom resource.
    pub(crate) custom: Option<Arc<Custom>>,
}

impl Served {
    /// Whether status is written through a subresource of its own.
    pub(crate) fn has_status(&self) -> bool {
        match (&self.custom, &self.kind) {
            (Some(custom), _) => custom.has_status,
            (None, kind) => kind.as_ref().is_some_and(|kind| kind.has_status),
        }
    }

    /// Whether the resource has this verb.
    pub(crate) fn has_verb(&self, verb: &str) -> bool {
        self.resource.verbs.iter().any(|own| own == verb)
    }

    /// Whether the resource, or a subresource of it, is shown as a table: what can only be created is not.
    pub(crate) fn has_table(&self, subresource: &str) -> bool {
        let own = self.subresource(subresource).map(|own| &own.verbs);
        own.unwrap_or(&self.resource.verbs).iter().any(|verb| verb != "create")
    }

    /// The row of a subresource.
    pub(crate) fn subresource(&self, name: &str) -> Option<&Subresource> {
        self.resource.subresources.iter().find(|own| own.name == name)
    }
}

/// All that is served at some moment.
#[derive(Debug, Default)]
pub struct Rows {
    all: Vec<Arc<Served>>,
    by_path: Map<(String, String, String), Arc<Served>>,
    /// By group and plural, of any version.
    kinds: Map<(String, String), Arc<Kind>>,
}

impl Rows {
    /// Every served resource, built-ins first, in discovery's order.
    pub fn all(&self) -> &[Arc<Served>] {
        &self.all
    }

    /// The resource at a path.
    pub(crate) fn find(&self, group: &str, version: &str, plural: &str) -> Option<&Arc<Served>> {
        self.by_path.get(&(group.to_owned(), version.to_owned(), plural.to_owned()))
    }

    /// The stored kind of a resource of any version.
    pub(crate) fn kind(&self, group: &str, plural: &str) -> Option<&Arc<Kind>> {
        self.kinds.get(&(group.to_owned(), plural.to_owned()))
    }

    /// Adds a row of earlier ones.
    fn keep(&mut self, served: Arc<Served>) {
        let resource = &served.resource;
        let (group, plural) = (resource.gvk.group.to_string(), resource.plural.to_string());
        if let Some(kind) = &served.kind {
            self.kinds.entry((group.clone(), plural.clone())).or_insert_with(|| kind.clone());
        }
        self.by_path.insert((group, resource.gvk.version.to_string(), plural), served.clone());
        self.all.push(served);
    }

    fn add(&mut self, resource: Resource, kind: Option<Arc<Kind>>, custom: Option<Arc<Custom>>) {
        self.keep(Arc::new(Served { resource, kind, custom }));
    }
}

/// A custom resource, as it is to be served.
#[derive(Debug, Clone)]
pub(crate) struct CustomResource {
    /// The version in which objects are stored, served or not.
    pub(crate) storage: Resource,
    /// Fields that selectors may name, of all versions.
    pub(crate) fields: Vec<Selectable>,
    /// The served versions.
    pub(crate) versions: Vec<(Resource, Arc<Custom>)>,
}

/// What is served, and when it last changed.
#[derive(Debug)]
pub struct Catalog {
    rows: RwLock<Arc<Rows>>,
    generation: AtomicU64,
    storage: Storage,
}

impl Catalog {
    /// The built-in kinds that are to be served.
    pub(crate) fn builtin(enabled: &RuntimeConfig, storage: Storage) -> Self {
        let rows = Arc::new(builtin_rows(enabled, &storage));
        Self { rows: RwLock::new(rows), generation: AtomicU64::new(1), storage }
    }

    /// What is served now.
    pub fn rows(&self) -> Arc<Rows> {
        self.rows.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Rises with every change.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Serves custom resources in place of those of the same groups and plurals; `None`: one is served no more. A kind
    /// keeps its cache while its type is the same object; otherwise its watches end. Built-in resources stay as they
    /// are: a definition that overlaps with one is not served.
    pub(crate) fn set_custom(&self, changes: Vec<(String, String, Option<CustomResource>)>) {
        let mut present = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        let mut next = Rows::default();
        let is_builtin =
            |group: &str, plural: &str| present.kind(group, plural).is_some_and(|kind| kind.builtin);
        let changes: Vec<_> =
            changes.into_iter().filter(|(group, plural, _)| !is_builtin(group, plural)).collect();
        for served in &present.all {
            let gvk = &served.resource.gvk;
            let replaced = changes
                .iter()
                .any(|(group, plural, _)| gvk.group == *group && served.resource.plural == *plural);
            if !replaced {
                next.keep(served.clone());
            }
        }
        let mut retired = Vec::new();
        for (group, plural, resource) in changes {
            let old = present.kind(&group, &plural).cloned();
            let Some(resource) = resource else {
                retired.extend(old);
                continue;
            };
            let stored = match old {
                Some(old) if old.ty == resource.storage.ty => old,
                old => {
                    retired.extend(old);
                    Arc::new(custom_kind(&resource, &self.storage))
                }
            };
            next.kinds.insert((group, plural), stored.clone());
            for (row, custom) in resource.versions {
                next.add(row, Some(stored.clone()), Some(custom));
            }
        }
        *present = Arc::new(next);
        self.generation.fetch_add(1, Ordering::Release);
        drop(present);
        // New requests find the new kinds already.
        retired.iter().for_each(|kind| kind.retire());
    }
}

fn custom_kind(resource: &CustomResource, place: &Storage) -> Kind {
    let storage = &resource.storage;
    let present = Present { gvk: storage.gvk.clone(), ty: storage.ty.clone() };
    let fields = resource.fields.clone();
    let form = Form::new(storage.gvk.clone(), storage.ty.clone(), false, place.encoding);
    let of = (&*storage.gvk.group, &*storage.plural);
    let layout = Layout::custom(&place.prefix, of, storage.namespaced, fields, present, form);
    Kind {
        group: storage.gvk.group.to_string(),
        plural: storage.plural.to_string(),
        gvk: storage.gvk.clone(),
        ty: storage.ty.clone(),
        namespaced: storage.namespaced,
        builtin: false,
        has_status: storage.subresources.iter().any(|own| own.name == "status"),
        layout: Arc::new(layout),
        cache: OnceLock::new(),
        retired: CancellationToken::new(),
    }
}

fn stored_kind(resource: &Resource, storage: &Resource, place: &Storage) -> Kind {
    let group = &storage.gvk.group;
    let plural = &storage.plural;
    let form = Form::new(storage.gvk.clone(), storage.ty.clone(), true, place.encoding);
    let rules = strategy::rules(group, plural);
    let layout = Layout::builtin(&place.prefix, (group, plural), resource.namespaced, rules, form);
    Kind {
        group: group.to_string(),
        plural: plural.to_string(),
        gvk: storage.gvk.clone(),
        ty: storage.ty.clone(),
        namespaced: resource.namespaced,
        builtin: true,
        has_status: resource.subresources.iter().any(|own| own.name == "status"),
        layout: Arc::new(layout),
        cache: OnceLock::new(),
        retired: CancellationToken::new(),
    }
}

/// Resources of two groups that are one in the store: events of events.k8s.io are core's.
fn stored_as<'a>(group: &'a str, plural: &'a str) -> (&'a str, &'a str) {
    if (group, plural) == ("events.k8s.io", "events") { ("", "events") } else { (group, plural) }
}

fn builtin_rows(enabled: &RuntimeConfig, place: &Storage) -> Rows {
    let resources = builtin::resources();
    // Of several versions, the most stable is stored, whether it is served or not: what is stored outlives a setting.
    let mut storage: BTreeMap<(&str, &str), &Resource> = BTreeMap::new();
    for resource in resources.iter().filter(|resource| is_stored(resource)) {
        let best = storage.entry((&resource.gvk.group, &resource.plural)).or_insert(resource);
        if rank(&resource.gvk.version) > rank(&best.gvk.version) {
            *best = resource;
        }
    }
    let mut kinds: BTreeMap<(&str, &str), Arc<Kind>> = BTreeMap::new();
    let mut rows = Rows::default();
    for resource in resources.iter().filter(|resource| enabled.serves(resource)) {
        let id = stored_as(&resource.gvk.group, &resource.plural);
        let kind = storage.get(&id).filter(|_| is_stored(resource)).map(|stored| {
            kinds.entry(id).or_insert_with(|| Arc::new(stored_kind(resource, stored, place))).clone()
        });
        rows.add(resource.clone(), kind, None);
    }
    rows
}

/// What can be written and watched is stored; the rest is virtual.
fn is_stored(resource: &Resource) -> bool {
    resource.verbs.iter().any(|verb| verb == "watch")
}

/// Orders versions by stability, then number: `v2` > `v1` > `v1beta2` > `v1alpha1`.
fn rank(version: &str) -> (u8, u32, u32) {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = version.strip_prefix('v').unwrap_or(version);
    let (major, rest) = rest.split_at(digits(rest));
    let stability = match rest {
        "" => 2,
        beta if beta.starts_with("beta") => 1,
        _ => 0,
    };
    let minor = rest.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    (stability, major.parse().unwrap_or(0), minor.parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_rank_by_stability() {
        let mut versions = ["v1alpha1", "v1", "v2beta1", "v1beta2", "v2", "v1beta1"];
        versions.sort_by_key(|version| rank(version));
        assert_eq!(versions, ["v1alpha1", "v1beta1", "v1beta2", "v2beta1", "v1", "v2"]);
    }
}
