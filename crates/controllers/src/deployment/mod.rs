//! The Deployment controller: ReplicaSets, one for each revision of a pod template, scaled so that the newest takes
//! over step by step.

mod progress;
mod revision;
mod rolling;
mod scale;
mod sets;
mod status;

use std::sync::Arc;

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, ReplicaSet};
use k8s_openapi::api::core::v1::{ObjectReference, Pod};
use mizzen_client::{ApiResource, Change, Error, EventType, Informer, Object, ObjectKey, Outcome, WorkQueue};
use tracing::debug;

use crate::context::{Cache, Context, Reconcile};
use crate::owner;
use crate::pod::PodView;
use crate::replicaset::index_by_controller;
use crate::selector;

pub(crate) type Set = Arc<Object<ReplicaSet>>;

#[derive(Clone)]
struct Controller {
    context: Context,
    deployments: Informer<Deployment>,
    sets: Informer<ReplicaSet>,
    pods: Informer<PodView>,
    queue: WorkQueue<ObjectKey>,
    resource: ApiResource,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller {
        deployments: context.informers.of::<Deployment>(),
        sets: context.informers.of::<ReplicaSet>(),
        pods: context.informers.project::<Pod, PodView>(),
        queue: context.queue("deployment"),
        resource: ApiResource::of::<Deployment>(),
        context,
    };
    index_by_controller(&controller.pods);
    controller.listen();
    let caches: [&dyn Cache; 3] = [&controller.deployments, &controller.sets, &controller.pods];
    controller
        .context
        .serve(
            &controller,
            &controller.queue,
            controller.context.config.workers.deployments,
            &caches,
            |own, key| async move { own.reconcile(&key).await },
        )
        .await;
}

impl Controller {
    fn listen(&self) {
        let queue = self.queue.clone();
        self.deployments.subscribe(move |change| queue.add(change.object().key.clone()));
        let own = self.clone();
        self.sets.subscribe(move |change| own.set_changed(change));
        let own = self.clone();
        self.pods.subscribe(move |change| {
            // Recreate waits for the last pod of the old revisions.
            let Change::Deleted(pod) = change else { return };
            let Some(set) = owner::controller_of(&pod.value.metadata) else { return };
            let set = own.sets.get(&ObjectKey::new(pod.key.namespace.clone(), set.name.clone()));
            if let Some(key) = set.and_then(|set| own.owner_of(&set)) {
                own.queue.add(key);
            }
        });
    }

    fn owner_of(&self, set: &Object<ReplicaSet>) -> Option<ObjectKey> {
        let owner =
            owner::controller_of(&set.value.metadata).filter(|owner| owner.kind == self.resource.kind)?;
        Some(ObjectKey::new(set.key.namespace.clone(), owner.name.clone()))
    }

    fn set_changed(&self, change: &Change<'_, ReplicaSet>) {
        let set = change.object();
        let owner = self.owner_of(set);
        if let Change::Updated(old, _) = change
            && let Some(key) = self.owner_of(old).filter(|key| Some(key) != owner.as_ref())
        {
            self.queue.add(key);
        }
        match owner {
            Some(key) => self.queue.add(key),
            None if owner::controller_of(&set.value.metadata).is_none() => {
                let labels = set.value.metadata.labels.clone().unwrap_or_default();
                for deployment in self.deployments.list_in(&set.key.namespace) {
                    let selector = deployment.value.spec.as_ref().map(|spec| &spec.selector);
                    if selector.is_some_and(|selector| selector::matches(selector, &labels)) {
                        self.queue.add(deployment.key.clone());
                    }
                }
            }
            None => {}
        }
    }

    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(deployment) = self.deployments.get(key) else { return Ok(Outcome::Done) };
        let Some(spec) = deployment.value.spec.clone() else { return Ok(Outcome::Done) };
        if selector::is_empty(&spec.selector) {
            self.say(
                &deployment,
                EventType::Warning,
                "SelectingAll",
                "This deployment is selecting all pods. A non-empty selector is required.",
            );
            return Ok(Outcome::Done);
        }
        let sets = self.claim(&deployment, &spec).await?;
        let mut rollout = Rollout { deployment, spec, sets };
        let result = self.roll(&mut rollout).await;
        match result {
            // Somebody was faster: the change that made this fail brings us here again.
            Err(error) if error.is_conflict() => {
                debug!(%key, %error, "The deployment or a set of its changed meanwhile.");
                Ok(Outcome::Retry)
            }
            other => other,
        }
    }

    async fn roll(&self, rollout: &mut Rollout) -> Reconcile {
        if rollout.deployment.value.metadata.deletion_timestamp.is_some() {
            return self.update_status(rollout, None).await;
        }
        let paused = rollout.spec.paused == Some(true);
        self.note_pause(rollout).await?;
        if paused || self.is_scaling(rollout) {
            let new = self.find_or_make_new(rollout, false).await?;
            self.scale_all(rollout, new.as_ref()).await?;
            if paused {
                self.clean_up(rollout, new.as_ref()).await?;
            }
            return self.update_status(rollout, new.as_ref()).await;
        }
        match rollout.strategy() {
            "Recreate" => self.recreate(rollout).await,
            _ => self.rolling_update(rollout).await,
        }
    }

    fn about(&self, deployment: &Object<Deployment>) -> ObjectReference {
        ObjectReference {
            api_version: Some(self.resource.api_version()),
            kind: Some(self.resource.kind.clone()),
            namespace: Some(deployment.key.namespace.clone()),
            name: Some(deployment.key.name.clone()),
            uid: Some(deployment.uid.clone()),
            resource_version: Some(deployment.resource_version.clone()),
            ..ObjectReference::default()
        }
    }

    fn say(
        &self,
        deployment: &Object<Deployment>,
        event_type: EventType,
        reason: &str,
        message: impl Into<String>,
    ) {
        self.context.events.event(&self.about(deployment), event_type, reason, message);
    }

    /// All old pods go before the first new one comes.
    async fn recreate(&self, rollout: &mut Rollout) -> Reconcile {
        let new = self.find_or_make_new(rollout, false).await?;
        let old = rollout.old(new.as_ref());
        let mut scaled_down = false;
        for set in old.iter().filter(|set| replicas(set) > 0) {
            self.scale_set(rollout, set, 0).await?;
            scaled_down = true;
        }
        if scaled_down || self.old_pods_run(&old) {
            return self.update_status(rollout, new.as_ref()).await;
        }
        let new = self.find_or_make_new(rollout, true).await?;
        if let Some(set) = new.as_ref().filter(|set| replicas(set) != rollout.wanted()) {
            let scaled = self.scale_set(rollout, set, rollout.wanted()).await?;
            rollout.replace(scaled);
        }
        if rollout.is_complete(&self.counts(rollout, new.as_ref())) {
            self.clean_up(rollout, new.as_ref()).await?;
        }
        self.update_status(rollout, new.as_ref()).await
    }

    fn old_pods_run(&self, old: &[Set]) -> bool {
        old.iter().any(|set| {
            let pods = self.pods.by_index("controller", &set.uid);
            pods.iter().any(|pod| !pod.value.has_ended())
        })
    }
}

/// A deployment with its sets.
struct Rollout {
    deployment: Arc<Object<Deployment>>,
    spec: DeploymentSpec,
    /// Oldest first.
    sets: Vec<Set>,
}

/// How many pods a set is to have.
fn replicas(set: &Object<ReplicaSet>) -> i32 {
    set.value.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1)
}

/// How many of a set's pods are available.
fn available(set: &Object<ReplicaSet>) -> i32 {
    set.value.status.as_ref().and_then(|status| status.available_replicas).unwrap_or(0)
}

impl Rollout {
    fn wanted(&self) -> i32 {
        self.spec.replicas.unwrap_or(1)
    }

    fn strategy(&self) -> &str {
        self.spec.strategy.as_ref().and_then(|strategy| strategy.type_.as_deref()).unwrap_or("RollingUpdate")
    }

    /// The sets of earlier templates.
    fn old(&self, new: Option<&Set>) -> Vec<Set> {
        self.sets.iter().filter(|set| new.is_none_or(|new| new.uid != set.uid)).cloned().collect()
    }

    /// Puts a set as it was answered in the place of the cached one.
    fn replace(&mut self, set: Set) {
        match self.sets.iter_mut().find(|own| own.uid == set.uid) {
            Some(own) => *own = set,
            None => self.sets.push(set),
        }
    }

    fn find(&self, uid: &str) -> Option<Set> {
        self.sets.iter().find(|set| set.uid == uid).cloned()
    }
}

/// An object as a write answered it.
fn as_object(set: ReplicaSet) -> Set {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    Arc::new(Object {
        key: ObjectKey::of(&set.metadata),
        uid: text(&set.metadata.uid),
        resource_version: text(&set.metadata.resource_version),
        value: set,
    })
}

/// Passes on what is not an answer to a race.
fn tolerate_absence<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
