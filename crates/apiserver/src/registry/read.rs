//! GET, LIST and WATCH: answers from the watch cache.

use std::sync::Arc;
use std::time::Duration;

use super::{Context, Registry, behind_error, store_error};
use crate::cache::{ListError, Listing, Selection, Start, Version, WatchError, Watching};
use crate::object::Object;
use crate::options::ListOptions;
use crate::status::{ApiError, Details};

/// Shortest time after which a watch without a timeout ends; up to twice that, by chance
/// (`--min-request-timeout`).
const WATCH_TIMEOUT_MIN_S: u64 = 1800;

/// Longest time that a watch may ask for.
const WATCH_TIMEOUT_MAX: Duration = Duration::from_secs(24 * 3600);

/// A page of a list, ready to be written.
#[derive(Debug)]
pub(crate) struct ListAnswer {
    pub(crate) objects: Vec<Arc<Object>>,
    pub(crate) revision: u64,
    pub(crate) continue_token: String,
    pub(crate) remaining: Option<usize>,
}

impl From<Listing> for ListAnswer {
    fn from(listing: Listing) -> Self {
        Self {
            objects: listing.objects,
            revision: listing.revision,
            continue_token: listing.next.map(|token| token.encode()).unwrap_or_default(),
            remaining: listing.remaining,
        }
    }
}

impl Registry {
    /// The selection that a request's path and selectors make.
    pub(crate) fn selection(
        &self,
        context: &Context<'_>,
        options: &ListOptions,
    ) -> Result<Selection, ApiError> {
        let namespace = super::meta::namespace_of(context);
        Selection::parse(
            &context.kind.layout,
            &context.served.resource.gvk,
            (namespace, &context.target.name),
            &options.label_selector,
            &options.field_selector,
            context.served.custom.as_ref().map(|custom| &*custom.selectable),
        )
        .map_err(|error| ApiError::bad_request(error.0))
    }

    /// One object. With a resourceVersion, the cache's is good enough when it is that new.
    pub(crate) async fn get(
        &self,
        context: &Context<'_>,
        options: &ListOptions,
    ) -> Result<Arc<Object>, ApiError> {
        let name = &context.target.name;
        let local = context.local(name);
        let found = match options.revision(context)? {
            None => {
                // Starts the cache: who gets one object mostly gets more.
                self.cache(context.kind);
                self.fetch(context.kind, &local).await?
            }
            Some(revision) => {
                let cache = self.cache(context.kind);
                match revision {
                    0 => cache.filled().await,
                    revision => cache.reach(revision).await,
                }
                .map_err(behind_error)?;
                cache.get(&local)
            }
        };
        found.ok_or_else(|| context.not_found(name))
    }

    /// A page of objects.
    pub(crate) async fn list(
        &self,
        context: &Context<'_>,
        options: &ListOptions,
    ) -> Result<ListAnswer, ApiError> {
        options.check_list()?;
        let version = options.version(context)?;
        let selection = self.selection(context, options)?;
        // Whatever the cache has comes whole: it costs no more.
        let limit = if version == Version::Any { 0 } else { options.limit };
        let listing = self.cache(context.kind).list(&selection, &version, limit).await;
        listing.map(Into::into).map_err(list_error)
    }

    /// A running watch. One that starts with the present state marks its end for whoever takes bookmarks, also when
    /// the client did not ask for `sendInitialEvents`, as kube-apiserver does.
    pub(crate) async fn watch(
        &self,
        context: &Context<'_>,
        options: &ListOptions,
    ) -> Result<Watching, ApiError> {
        options.check_watch()?;
        let selection = self.selection(context, options)?;
        let cache = self.cache(context.kind);
        let revision = options.revision(context)?;
        let start = match (options.send_initial_events, revision) {
            (Some(true), revision) => {
                match revision {
                    None => cache.catch_up().await,
                    Some(0) => cache.filled().await,
                    Some(revision) => cache.reach(revision).await,
                }
                .map_err(behind_error)?;
                Start::State { mark_end: options.allow_watch_bookmarks }
            }
            (Some(false), None | Some(0)) => {
                cache.catch_up().await.map_err(behind_error)?;
                Start::After(cache.revision())
            }
            (None, None) => {
                cache.catch_up().await.map_err(behind_error)?;
                Start::State { mark_end: options.allow_watch_bookmarks }
            }
            (None, Some(0)) => {
                cache.filled().await.map_err(behind_error)?;
                Start::State { mark_end: options.allow_watch_bookmarks }
            }
            (_, Some(revision)) => {
                cache.filled().await.map_err(behind_error)?;
                Start::After(revision)
            }
        };
        let timeout =
            options.timeout.map_or_else(|| self.watch_timeout(), |asked| asked.min(WATCH_TIMEOUT_MAX));
        cache
            .watch(selection, start, timeout, options.allow_watch_bookmarks)
            .map_err(|error: WatchError| ApiError::expired(error.to_string()))
    }

    fn watch_timeout(&self) -> Duration {
        Duration::from_secs(WATCH_TIMEOUT_MIN_S + self.env.random.below(WATCH_TIMEOUT_MIN_S))
    }
}

/// The 410 of a list whose revision is gone.
fn expired_error(rest: Option<String>) -> ApiError {
    let Some(continue_token) = rest else {
        return ApiError::expired("The resourceVersion for the provided list is too old.");
    };
    let message = "The provided continue parameter is too old to display a consistent list result. \
         You can start a new list without the continue parameter, or use the continue token in this response to \
         retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list \
         - objects that were created, modified, or deleted between the time the first chunk was returned and now \
         may show up in the list.";
    let mut error = ApiError::expired(message);
    error.details = Some(Box::new(Details { continue_token, ..Details::default() }));
    error
}

pub(super) fn list_error(error: ListError) -> ApiError {
    match error {
        ListError::Behind(behind) => behind_error(behind),
        ListError::Expired(rest) => expired_error(rest.map(|token| token.encode())),
        ListError::Store(error) => store_error(error),
        ListError::Malformed(error) => ApiError::internal(error),
    }
}
