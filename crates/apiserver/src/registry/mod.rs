//! The generic engine: one for every kind, built-in or custom.
//!
//! A write is a walk: decode and default, merge with what is there, note who owns which field, admit, prepare by the
//! kind's strategy, validate, encode once, commit under a compare. [`create`], [`update`], [`patch`] and
//! [`delete`] are such walks; [`read`] answers from the watch cache; [`part`] tells what a subresource may touch;
//! [`binding`] and [`eviction`] are the pods' own.

mod admit;
mod binding;
mod body;
mod commit;
mod create;
mod delete;
mod delete_options;
mod eviction;
mod lookup;
mod meta;
mod part;
mod patch;
mod read;
mod scale;
mod update;

use std::sync::Arc;

use mizzen_clock::{Env, Map};
use mizzen_machinery::custom;
use mizzen_machinery::gated::Gated;
use mizzen_schema::decode::Options as DecodeOptions;
use mizzen_schema::json;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;
use mizzen_store::{Durability, Range, Revision, Store, StoreError};
use mizzen_trace::Recorder;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use admit::Admission;
pub(crate) use body::set_defaults;
pub(crate) use body::{BodyFormat, Payload, PayloadError};
pub(crate) use create::{stamp, to_version};
pub(crate) use delete::Deleted;
pub(crate) use delete_options::DeleteOptions;
pub(crate) use meta::check_place;
pub(crate) use part::Part;
pub(crate) use patch::{Change, PatchType};
pub(crate) use read::ListAnswer;

use crate::admission::Plugin;
use crate::attributes::{ResourceTarget, User};
use crate::authz::Authorizer;
use crate::cache::{self, Behind, CacheLimits, CatchUpError, Horizon, WatchCache};
use crate::catalog::{Catalog, Kind, Served};
use crate::object::Object;
use crate::observe::Observer;
use crate::options::WriteOptions;
use crate::server::Config;
use crate::status::{ApiError, Details};
use crate::strategy::Facts;
use commit::Leases;

/// The engine, and all that it needs.
pub(crate) struct Registry {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) env: Env,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) horizon: Horizon,
    pub(crate) limits: CacheLimits,
    /// The store's revision at the start.
    since: u64,
    /// Set once, right after start: plugins read through the registry.
    pub(crate) admission: std::sync::OnceLock<Vec<Arc<dyn Plugin>>>,
    /// Likewise: for writes that turn out to be creations.
    pub(crate) authorizer: std::sync::OnceLock<Arc<dyn Authorizer>>,
    /// Likewise: by group and plural of the stored kind.
    pub(crate) observers: std::sync::OnceLock<Map<(String, String), Arc<dyn Observer>>>,
    /// How long a watch lasts at least that does not say.
    min_request_timeout: std::time::Duration,
    /// Fields of features that are off.
    gated: Gated,
    leases: Leases,
    trace: Recorder,
    tasks: TaskTracker,
    cancel: CancellationToken,
}

/// A request on a stored resource, on its way through the engine.
pub(crate) struct Context<'a> {
    pub(crate) user: &'a User,
    pub(crate) target: &'a ResourceTarget,
    pub(crate) served: &'a Served,
    pub(crate) kind: &'a Arc<Kind>,
    pub(crate) options: WriteOptions,
    /// For the client, one header each.
    pub(crate) warnings: Vec<String>,
}

/// What a write made.
#[derive(Debug)]
pub(crate) enum Written {
    /// The stored object; `created`: it is new.
    Stored { object: Arc<Object>, created: bool },
    /// What would have been stored, as a tree of the storage version.
    Dry { object: Value, created: bool },
}

impl<'a> Context<'a> {
    /// The version in which admission and validation see objects.
    pub(crate) fn working_gvk(&self) -> &'a mizzen_schema::table::GroupVersionKind {
        if self.kind.builtin { &self.kind.gvk } else { &self.served.resource.gvk }
    }
}

impl Context<'_> {
    /// The group that errors name.
    pub(crate) fn group(&self) -> &str {
        &self.target.group
    }

    /// The kind that errors name.
    pub(crate) fn kind_name(&self) -> &str {
        &self.served.resource.gvk.kind
    }

    pub(crate) fn not_found(&self, name: &str) -> ApiError {
        ApiError::not_found(&self.target.group, &self.target.resource, name)
    }

    /// Nothing is created while the definition goes.
    pub(crate) fn terminating(&self, name: &str) -> ApiError {
        let why = "create not allowed while custom resource definition is terminating";
        ApiError::forbidden(&self.target.group, &self.target.resource, name, why)
    }

    pub(crate) fn conflict(&self, name: &str, why: impl std::fmt::Display) -> ApiError {
        ApiError::conflict(&self.target.group, &self.target.resource, name, why)
    }

    /// Of a custom resource: what its objects must be.
    pub(crate) fn custom_rules(&self) -> Option<custom::Rules<'_>> {
        let resource = &self.served.resource;
        let definition = resource.ty.custom.as_ref()?;
        Some(custom::Rules {
            schema: &definition.schema,
            namespaced: resource.namespaced,
            scale: self.served.custom.as_ref().and_then(|custom| custom.scale.as_ref()),
        })
    }

    /// The local key of an object of this request's namespace.
    pub(crate) fn local(&self, name: &str) -> String {
        self.kind.layout.local(&self.target.namespace, name)
    }
}

impl Registry {
    pub(crate) fn new(
        store: Arc<dyn Store>,
        env: Env,
        catalog: Arc<Catalog>,
        config: &Config,
        tasks: TaskTracker,
        cancel: CancellationToken,
    ) -> Self {
        let tuning = &config.tuning;
        Self {
            since: store.revision().get(),
            store,
            env,
            catalog,
            horizon: Horizon::default(),
            limits: tuning.cache,
            min_request_timeout: tuning.min_request_timeout,
            admission: std::sync::OnceLock::new(),
            authorizer: std::sync::OnceLock::new(),
            observers: std::sync::OnceLock::new(),
            gated: Gated::new(|gate| config.feature_gates.is_on(gate)),
            leases: Leases::new(tuning.event_ttl, tuning.lease_reuse),
            trace: config.trace.clone(),
            tasks,
            cancel,
        }
    }

    /// The kind's cache; made, and its feed started, at the first call.
    pub(crate) fn cache<'a>(&self, kind: &'a Kind) -> &'a Arc<WatchCache> {
        kind.cache.get_or_init(|| {
            let (layout, store, horizon) = (kind.layout.clone(), self.store.clone(), self.horizon.clone());
            // What is written again and again would soon be all that is kept.
            let trace = match kind.rules().durability {
                Durability::Synced => self.trace.clone(),
                Durability::Logged => Recorder::default(),
            };
            let cache = WatchCache::new(layout, store, horizon, self.since, self.limits).tracing(trace);
            let cache = Arc::new(cache);
            let (feed, retired) = (cache::run(cache.clone(), self.cancel.clone()), kind.retired.clone());
            self.tasks.spawn(async move {
                tokio::select! {
                    biased;
                    () = feed => {}
                    () = long_retired(retired) => {}
                }
            });
            cache
        })
    }

    /// Raises the horizon to now, unless there was something in the store at the start.
    pub(crate) fn begin_history(&self) {
        if self.since <= Revision::FIRST.get() {
            self.horizon.raise(self.store.revision().get());
            self.refresh_caches();
        }
    }

    /// Lets every cache learn how far the store is.
    pub(crate) fn refresh_caches(&self) {
        let rows = self.catalog.rows();
        let kinds = rows.all().iter().filter_map(|served| served.kind.as_ref());
        kinds.filter_map(|kind| kind.cache.get()).for_each(|cache| cache.refresh());
    }

    /// Who is told how writes of a kind end.
    pub(crate) fn observer(&self, kind: &Kind) -> Option<&Arc<dyn Observer>> {
        let observers = self.observers.get().filter(|observers| !observers.is_empty())?;
        observers.get(&(kind.group.clone(), kind.plural.clone()))
    }

    pub(crate) fn facts<'a>(&self, user: &'a User) -> Facts<'a> {
        Facts { now: self.env.now(), user }
    }

    /// The object as the store has it now. What the cache has of the same revision is used as it is.
    pub(crate) async fn fetch(&self, kind: &Kind, local: &str) -> Result<Option<Arc<Object>>, ApiError> {
        let range = Range { start: kind.layout.key(local), end: None, at: None, limit: 1 };
        let result = self.store.range(range).await.map_err(store_error)?;
        let Some(entry) = result.entries.into_iter().next() else { return Ok(None) };
        let cached = kind.cache.get().and_then(|cache| cache.get(local));
        if let Some(cached) = cached.filter(|cached| cached.revision() == entry.mod_revision.get()) {
            return Ok(Some(cached));
        }
        let object = Object::new(entry.value, entry.mod_revision.get(), &kind.layout);
        object.map(|object| Some(Arc::new(object))).map_err(ApiError::internal)
    }

    /// A stored object as a tree of the storage version, with its resourceVersion.
    pub(crate) fn tree(kind: &Kind, object: &Object) -> Result<Value, ApiError> {
        decode_stored(object, &kind.ty)
    }
}

/// How long requests on a kind that was replaced may go on.
const RETIRED_FOR: std::time::Duration = std::time::Duration::from_secs(60);

async fn long_retired(retired: CancellationToken) {
    retired.cancelled().await;
    tokio::time::sleep(RETIRED_FOR).await;
}

/// Reads a stored object as a tree of its stored type, with its resourceVersion.
pub(crate) fn decode_stored(object: &Object, ty: &TypeRef) -> Result<Value, ApiError> {
    let decoded = json::decode(object.bytes(), ty, &DecodeOptions::default()).map_err(ApiError::internal)?;
    let mut value = decoded.value;
    crate::tree::set_text(&mut value, &["metadata", "resourceVersion"], &object.revision().to_string());
    Ok(value)
}

/// A failure of the store, for a client.
pub(crate) fn store_error(error: StoreError) -> ApiError {
    match error {
        StoreError::Compacted { .. } => {
            ApiError::expired("The resourceVersion for the provided list is too old.")
        }
        StoreError::Closed => ApiError::unavailable("the server is shutting down"),
        StoreError::Unavailable(_) => {
            tracing::error!(%error, "The store is unavailable.");
            ApiError { reason: "InternalError", ..ApiError::internal("the store is unavailable") }
        }
        StoreError::Malformed(why) => {
            ApiError::too_large(format!("Request is too large or malformed: {why}"))
        }
        error => ApiError::internal(error),
    }
}

/// A read from before the cache got that far.
pub(crate) fn behind_error(behind: Behind) -> ApiError {
    let message = format!("Too large resource version: {}, current: {}", behind.wanted, behind.current);
    let mut error = ApiError::timeout(format!("Timeout: {message}"));
    let cause = crate::status::Cause {
        reason: "ResourceVersionTooLarge".to_owned(),
        message: "Too large resource version".to_owned(),
        field: String::new(),
    };
    error.details = Some(Box::new(Details { causes: vec![cause], retry_after_s: 1, ..Details::default() }));
    error
}

/// A cache that is not up to date.
pub(crate) fn catch_up_error(error: CatchUpError) -> ApiError {
    match error {
        CatchUpError::Behind(behind) => behind_error(behind),
        CatchUpError::Store(error) => store_error(error),
    }
}

/// Objects by name, of all that a metrics reader asks for.
pub(crate) fn cache_sizes(catalog: &Catalog) -> Map<String, cache::Sizes> {
    let rows = catalog.rows();
    let kinds = rows.all().iter().filter_map(|served| served.kind.as_ref());
    let filled = kinds.filter_map(|kind| Some((kind, kind.cache.get()?)));
    filled.map(|(kind, cache)| (qualified(&kind.group, &kind.plural), cache.sizes())).collect()
}

/// `deployments.apps`.
pub(crate) fn qualified(group: &str, resource: &str) -> String {
    if group.is_empty() { resource.to_owned() } else { format!("{resource}.{group}") }
}
