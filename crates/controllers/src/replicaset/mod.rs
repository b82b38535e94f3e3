//! The ReplicaSet controller: so many pods that match a selector.

mod pods;
mod status;

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::apps::v1::ReplicaSet;
use k8s_openapi::api::core::v1::Pod;
use mizzen_client::{ApiResource, Change, Informer, Object, ObjectKey, Outcome, WorkQueue};
use tracing::debug;

use crate::context::{Cache, Context, Reconcile};
use crate::expectations::Expectations;
use crate::owner::{self, Claim, Claimable, claim};
use crate::pod::PodView;
use crate::selector;

/// The index of pods by their controller's uid; pods without one are under the empty value.
const BY_CONTROLLER: &str = "controller";

#[derive(Clone)]
struct Controller {
    context: Context,
    sets: Informer<ReplicaSet>,
    pods: Informer<PodView>,
    queue: WorkQueue<ObjectKey>,
    expectations: Arc<Expectations>,
    resource: ApiResource,
}

/// Adds the index of pods by controller to an informer.
pub(crate) fn index_by_controller(pods: &Informer<PodView>) {
    pods.index(BY_CONTROLLER, |pod| {
        let controller = owner::controller_of(&pod.value.metadata);
        vec![controller.map(|owner| owner.uid.clone()).unwrap_or_default()]
    });
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller {
        sets: context.informers.of::<ReplicaSet>(),
        pods: context.informers.project::<Pod, PodView>(),
        queue: context.queue("replicaset"),
        expectations: Arc::default(),
        resource: ApiResource::of::<ReplicaSet>(),
        context,
    };
    index_by_controller(&controller.pods);
    controller.listen();
    let caches: [&dyn Cache; 2] = [&controller.sets, &controller.pods];
    controller
        .context
        .serve(
            &controller,
            &controller.queue,
            controller.context.config.workers.replica_sets,
            &caches,
            |own, key| async move { own.reconcile(&key).await },
        )
        .await;
}

impl Controller {
    fn listen(&self) {
        let queue = self.queue.clone();
        self.sets.subscribe(move |change| queue.add(change.object().key.clone()));
        let own = self.clone();
        self.pods.subscribe(move |change| own.pod_changed(change));
    }

    fn pod_changed(&self, change: &Change<'_, PodView>) {
        let object = change.object();
        let owner_key = |pod: &Object<PodView>| {
            let owner =
                owner::controller_of(&pod.value.metadata).filter(|owner| owner.kind == self.resource.kind)?;
            Some(ObjectKey::new(pod.key.namespace.clone(), owner.name.clone()))
        };
        let owner = owner_key(object);
        if let Some(key) = &owner {
            match change {
                Change::Added(pod) if pod.value.metadata.deletion_timestamp.is_none() => {
                    self.expectations.created(key)
                }
                // Seen on its way out, it is as good as gone.
                Change::Added(pod) | Change::Updated(_, pod)
                    if pod.value.metadata.deletion_timestamp.is_some() =>
                {
                    self.expectations.deleted(key, &pod.uid);
                }
                Change::Deleted(pod) => self.expectations.deleted(key, &pod.uid),
                Change::Added(_) | Change::Updated(..) => {}
            }
            self.queue.add(key.clone());
        }
        if let Change::Updated(old, _) = change
            && let Some(key) = owner_key(old).filter(|key| Some(key) != owner.as_ref())
        {
            self.queue.add(key);
        }
        // One without a controller may be what somebody looks for.
        if owner::controller_of(&object.value.metadata).is_none() && !matches!(change, Change::Deleted(_)) {
            let labels = object.value.metadata.labels.clone().unwrap_or_default();
            for set in self.sets.list_in(&object.key.namespace) {
                let selector = set.value.spec.as_ref().map(|spec| &spec.selector);
                if selector.is_some_and(|selector| selector::matches(selector, &labels)) {
                    self.queue.add(set.key.clone());
                }
            }
        }
    }

    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(set) = self.sets.get(key) else {
            self.expectations.forget(key);
            return Ok(Outcome::Done);
        };
        let Some(spec) = &set.value.spec else { return Ok(Outcome::Done) };
        if selector::is_empty(&spec.selector) {
            debug!(%key, "The selector selects everything, nothing is done.");
            return Ok(Outcome::Done);
        }
        let pods = self.claim(&set).await?;
        let active: Vec<Arc<Object<PodView>>> =
            pods.iter().filter(|pod| pod.value.is_active()).cloned().collect();
        let deleting = set.value.metadata.deletion_timestamp.is_some();
        let failure = if !deleting && self.expectations.are_met(key) {
            self.scale(&set, &active).await.err()
        } else {
            None
        };
        let min_ready = Duration::from_secs(u64::try_from(spec.min_ready_seconds.unwrap_or(0)).unwrap_or(0));
        let next = self.update_status(&set, &pods, min_ready, failure.as_ref()).await?;
        match (failure, next) {
            (Some(error), _) => Err(error),
            (None, Some(after)) => Ok(Outcome::After(after)),
            (None, None) => Ok(Outcome::Done),
        }
    }

    /// The set's pods that have not ended, after taking in those that match and letting go of those that do not.
    async fn claim(
        &self,
        set: &Object<ReplicaSet>,
    ) -> Result<Vec<Arc<Object<PodView>>>, mizzen_client::Error> {
        let meta = &set.value.metadata;
        let Some(spec) = &set.value.spec else { return Ok(Vec::new()) };
        let mut own = Vec::new();
        let orphans = self.pods.by_index(BY_CONTROLLER, "");
        let orphans = orphans.into_iter().filter(|pod| pod.key.namespace == set.key.namespace);
        let candidates = self.pods.by_index(BY_CONTROLLER, &set.uid).into_iter().chain(orphans);
        let pod_resource = ApiResource::of::<Pod>();
        let mut alive = None;
        for pod in candidates {
            let labels = pod.value.metadata.labels.clone().unwrap_or_default();
            let matches = selector::matches(&spec.selector, &labels);
            match claim(&Claimable { meta: &pod.value.metadata, matches }, meta) {
                Claim::Owned => own.push(pod),
                Claim::Adopt => {
                    // The cache may not know yet that the set is being deleted: ask once before taking anything.
                    if alive.is_none() {
                        alive = Some(self.is_alive(set).await?);
                    }
                    if alive == Some(true) {
                        let reference = owner::reference(&self.resource, meta);
                        owner::adopt(&self.context.client, &pod_resource, &pod.key, &pod.uid, &reference)
                            .await?;
                        own.push(pod);
                    }
                }
                Claim::Release => {
                    owner::release(&self.context.client, &pod_resource, &pod.key, &pod.uid, &set.uid).await?;
                }
                Claim::Ignore => {}
            }
        }
        Ok(own)
    }

    async fn is_alive(&self, set: &Object<ReplicaSet>) -> Result<bool, mizzen_client::Error> {
        let now = self.context.client.get::<ReplicaSet>(&set.key.namespace, &set.key.name).await?;
        Ok(now.is_some_and(|now| {
            now.metadata.uid.as_ref() == Some(&set.uid) && now.metadata.deletion_timestamp.is_none()
        }))
    }
}
