//! The end of a definition: its objects are deleted, then it goes.

use std::sync::Arc;
use std::time::Duration;

use mizzen_machinery::meta;
use mizzen_schema::value::Value;
use tracing::{debug, warn};

use super::conditions::{self, Condition, ESTABLISHED};
use super::{FINALIZER, definitions, write_status};
use crate::attributes::{ResourceTarget, User};
use crate::cache::{Change, Selection, Start, Version};
use crate::catalog::{Kind, Served};
use crate::options::{ListOptions, WriteOptions};
use crate::registry::{Context, DeleteOptions, Registry};
use crate::status::ApiError;
use crate::tree;

/// First and longest pause after a failure.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(30));
/// How long one wait for objects' finalizers is, before everything is looked at again.
const WAIT: Duration = Duration::from_secs(300);

/// Deletes the objects of the definition `name`, waits for them, and lets the definition go. Retries until that is
/// done. `served` is how its objects are stored; `None`: there never were any.
pub(super) async fn run(
    registry: Arc<Registry>,
    user: User,
    name: String,
    uid: String,
    served: Option<Arc<Served>>,
) {
    let mut pause = PAUSE.0;
    loop {
        match attempt(&registry, &user, &name, &uid, served.as_deref()).await {
            Ok(()) => return debug!(name, "A definition's objects are gone."),
            Err(error) if error.code == 409 => {}
            Err(error) => {
                warn!(name, error = error.message, "Custom objects could not be deleted, will retry.")
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE.1);
    }
}

/// The definition, if it is still the same and still waits for this.
async fn current(registry: &Registry, name: &str, uid: &str) -> Result<Option<Value>, ApiError> {
    let (_, kind) = definitions(registry)?;
    let Some(object) = registry.fetch(&kind, name).await? else { return Ok(None) };
    let crd = Registry::tree(&kind, &object)?;
    let waits = meta::uid(&crd) == uid && meta::finalizers(&crd).any(|own| own == FINALIZER);
    Ok(waits.then_some(crd))
}

async fn attempt(
    registry: &Arc<Registry>,
    user: &User,
    name: &str,
    uid: &str,
    served: Option<&Served>,
) -> Result<(), ApiError> {
    let Some(mut crd) = current(registry, name, uid).await? else { return Ok(()) };
    let now = || registry.env.now();
    let begun = Condition::terminating(
        "True",
        "InstanceDeletionInProgress",
        "CustomResource deletion is in progress",
    );
    conditions::set(&mut crd, &begun, now());
    write_status(registry, user, crd).await?;
    let Some(mut crd) = current(registry, name, uid).await? else { return Ok(()) };
    let kind = served.and_then(|served| served.kind.as_ref());
    let ended = match (served, kind) {
        (Some(served), Some(kind)) if conditions::holds(&crd, ESTABLISHED) => {
            if let Err(error) = delete_all(registry, user, served, kind).await {
                let words = format!("could not issue all deletes: {}", error.message);
                conditions::set(
                    &mut crd,
                    &Condition::terminating("True", "InstanceDeletionFailed", words),
                    now(),
                );
                write_status(registry, user, crd).await?;
                return Err(error);
            }
            Condition::terminating("False", "InstanceDeletionCompleted", "removed all instances")
        }
        _ => Condition::terminating("False", "NeverEstablished", "resource was never established"),
    };
    let Some(mut crd) = current(registry, name, uid).await? else { return Ok(()) };
    conditions::set(&mut crd, &ended, now());
    let rest: Vec<String> =
        meta::finalizers(&crd).filter(|own| *own != FINALIZER).map(str::to_owned).collect();
    tree::set_texts(&mut crd, &["metadata", "finalizers"], &rest);
    write_status(registry, user, crd).await
}

/// Deletes every object, and waits until the last one's finalizers are done.
async fn delete_all(
    registry: &Registry,
    user: &User,
    served: &Served,
    kind: &Arc<Kind>,
) -> Result<(), ApiError> {
    let gvk = &served.resource.gvk;
    let target = ResourceTarget {
        group: gvk.group.to_string(),
        version: gvk.version.to_string(),
        resource: served.resource.plural.to_string(),
        ..ResourceTarget::default()
    };
    let options = WriteOptions::default();
    let context = Context { user, target: &target, served, kind, options, warnings: Vec::new() };
    loop {
        let everything = ListOptions::default();
        registry.delete_collection(&context, &everything, &DeleteOptions::default()).await?;
        if is_gone(registry, kind).await? {
            return Ok(());
        }
    }
}

/// Waits until there is no object left; false: they should be looked at again.
async fn is_gone(registry: &Registry, kind: &Arc<Kind>) -> Result<bool, ApiError> {
    let cache = registry.cache(kind).clone();
    let start = Start::After(cache.revision());
    let watching = cache.watch(Selection::all(""), start, WAIT, false);
    let mut watching = watching.map_err(|error| ApiError::expired(error.to_string()))?;
    loop {
        let left = cache.list(&Selection::all(""), &Version::MostRecent, 1).await;
        let left = left.map_err(|error| ApiError::internal(error.to_string()))?;
        if left.objects.is_empty() {
            return Ok(true);
        }
        match watching.next().await {
            Some(Change::Event(..) | Change::Initial(_) | Change::Bookmark { .. }) => {}
            None => {
                // The watch has ended: not at once again.
                tokio::time::sleep(PAUSE.0).await;
                return Ok(false);
            }
        }
    }
}
