//! The namespace controller: empties a namespace that is being deleted, and then lets it go.
//!
//! Pods go first, so that nothing that they rely on (a NetworkPolicy, say) goes before them.
//! Source: KEP-5080, "Ordered namespace deletion".

mod conditions;
mod content;

use std::time::Duration;

use k8s_openapi::api::core::v1::{Namespace, Pod};
use mizzen_client::{Change, Error, Informer, Object, ObjectKey, Outcome, WorkQueue};
use tracing::debug;

use self::content::Emptied;
use crate::context::{Cache, Context, Reconcile};
use crate::discovery;
use crate::pod::PodView;

/// The finalizer that is ours.
const FINALIZER: &str = "kubernetes";
/// Longest delay after failures: somebody may be waiting for the name.
const BACKOFF_MAX: Duration = Duration::from_secs(60);
/// How long changes are gathered before a namespace is looked at again: they come in crowds.
const GATHER: Duration = Duration::from_millis(200);

#[derive(Clone)]
struct Controller {
    context: Context,
    namespaces: Informer<Namespace>,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller { namespaces: context.informers.of::<Namespace>(), context: context.clone() };
    let pods = context.informers.project::<Pod, PodView>();
    let queue = WorkQueue::<String>::with_backoff_max(BACKOFF_MAX);
    context.queues.follow("namespace", &queue);
    let own = queue.clone();
    controller.namespaces.subscribe(move |change| {
        let namespace = change.object();
        if is_deleting(namespace) && !matches!(change, Change::Deleted(_)) {
            own.add(namespace.key.name.clone());
        }
    });
    // Its last pod is what a namespace most often waits for.
    let (own, namespaces) = (queue.clone(), controller.namespaces.clone());
    pods.subscribe(move |change| {
        let Change::Deleted(pod) = change else { return };
        let namespace = namespaces.get(&ObjectKey::new("", pod.key.namespace.as_str()));
        if namespace.is_some_and(|namespace| is_deleting(&namespace)) {
            own.add_after(pod.key.namespace.clone(), GATHER);
        }
    });
    let caches: [&dyn Cache; 1] = [&controller.namespaces];
    context
        .serve(&controller, &queue, context.config.workers.namespaces, &caches, |own, name| async move {
            own.reconcile(&name).await
        })
        .await;
}

fn is_deleting(namespace: &Object<Namespace>) -> bool {
    namespace.value.metadata.deletion_timestamp.is_some()
}

fn finalizers(namespace: &Namespace) -> Vec<String> {
    namespace.spec.as_ref().and_then(|spec| spec.finalizers.clone()).unwrap_or_default()
}

impl Controller {
    async fn reconcile(&self, name: &str) -> Reconcile {
        let Some(cached) = self.namespaces.get(&ObjectKey::new("", name)) else { return Ok(Outcome::Done) };
        if !is_deleting(&cached) {
            return Ok(Outcome::Done);
        }
        match self.empty(name).await {
            // Somebody else writes to it too.
            Err(error) if error.is_conflict() => Ok(Outcome::Retry),
            Err(error) if error.is_not_found() => Ok(Outcome::Done),
            other => other,
        }
    }

    async fn empty(&self, name: &str) -> Reconcile {
        // Never on an old copy: what is deleted here is gone.
        let Some(mut namespace) = self.context.client.get::<Namespace>("", name).await? else {
            return Ok(Outcome::Done);
        };
        if namespace.metadata.deletion_timestamp.is_none() {
            return Ok(Outcome::Done);
        }
        if namespace.status.as_ref().is_none_or(|status| status.phase.as_deref() != Some("Terminating")) {
            namespace.status.get_or_insert_default().phase = Some("Terminating".to_owned());
            namespace = self.context.client.update_status(&namespace).await?;
        }
        if !finalizers(&namespace).iter().any(|finalizer| finalizer == FINALIZER) {
            return Ok(Outcome::Done);
        }
        let served = discovery::discover(&self.context.client).await?;
        let emptied = content::empty(&self.context.client, name, &served).await?;
        let namespace = self.write_conditions(namespace, &emptied).await?;
        if let Some(error) = emptied.failures.first() {
            debug!(namespace = name, %error, "Some content could not be deleted, will retry.");
            return Ok(Outcome::Retry);
        }
        if !served.failed.is_empty() {
            return Ok(Outcome::Retry);
        }
        match emptied.wait {
            Some(wait) => Ok(Outcome::After(wait)),
            None => self.finalize(namespace).await,
        }
    }

    async fn write_conditions(
        &self,
        mut namespace: Namespace,
        emptied: &Emptied,
    ) -> Result<Namespace, Error> {
        let status = namespace.status.get_or_insert_default();
        if !conditions::update(status, emptied, self.context.env.now()) {
            return Ok(namespace);
        }
        self.context.client.update_status(&namespace).await
    }

    /// Takes our finalizer away; with the last one the namespace goes.
    async fn finalize(&self, mut namespace: Namespace) -> Reconcile {
        if let Some(finalizers) = namespace.spec.as_mut().and_then(|spec| spec.finalizers.as_mut()) {
            finalizers.retain(|finalizer| finalizer != FINALIZER);
        }
        self.context.client.update_subresource(&namespace, "finalize").await?;
        Ok(Outcome::Done)
    }
}
