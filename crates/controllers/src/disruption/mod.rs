//! The disruption controller: keeps in each PodDisruptionBudget's status how many of its pods may be disrupted now,
//! which evictions then take from, and takes back the mark of pods that were to be disrupted but stayed.
//!
//! [`scale`] finds out how many pods there should be, [`status`] does the arithmetic.

mod scale;
mod status;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetStatus};
use mizzen_client::{
    ApiResource, Change, Error, EventType, Informer, Object, ObjectKey, Outcome, Patch, WorkQueue,
};
use serde_json::json;

use crate::context::{Cache, Context, Reconcile, about};
use crate::pod::PodView;
use crate::selector;
use status::{DELETION_TIMEOUT, Demand, Disrupted};

const WORKERS: usize = 1;

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// A budget.
    Budget(ObjectKey),
    /// A pod that is marked to be disrupted.
    Marked(ObjectKey),
}

#[derive(Clone)]
struct Controller {
    context: Context,
    budgets: Informer<PodDisruptionBudget>,
    pods: Informer<PodView>,
    sets: Informer<ReplicaSet>,
    deployments: Informer<Deployment>,
    queue: WorkQueue<Key>,
    /// Resources by version and kind, as they were served when somebody asked.
    resources: Arc<Mutex<BTreeMap<(String, String), ApiResource>>>,
}

/// Why a budget could not be counted.
#[derive(Debug)]
enum Failure {
    /// Its pods do not tell how many they should be.
    Uncountable(String),
    Api(Error),
}

impl Failure {
    fn words(&self) -> String {
        match self {
            Self::Uncountable(why) => why.clone(),
            Self::Api(error) => scale::words(error),
        }
    }
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller {
        budgets: context.informers.of::<PodDisruptionBudget>(),
        pods: context.informers.project::<Pod, PodView>(),
        sets: context.informers.of::<ReplicaSet>(),
        deployments: context.informers.of::<Deployment>(),
        queue: context.queue("disruption"),
        resources: Arc::default(),
        context: context.clone(),
    };
    let own = controller.clone();
    controller.budgets.subscribe(move |change| own.queue.add(Key::Budget(change.object().key.clone())));
    let own = controller.clone();
    controller.pods.subscribe(move |change| own.pod_changed(change));
    let caches: [&dyn Cache; 4] =
        [&controller.budgets, &controller.pods, &controller.sets, &controller.deployments];
    context
        .serve(&controller, &controller.queue, WORKERS, &caches, |own, key| async move {
            match key {
                Key::Budget(key) => own.reconcile(&key).await,
                Key::Marked(key) => own.unmark(&key).await,
            }
        })
        .await;
}

fn selects(budget: &PodDisruptionBudget, pod: &PodView) -> bool {
    let labels = pod.metadata.labels.clone().unwrap_or_default();
    let selector = budget.spec.as_ref().and_then(|spec| spec.selector.as_ref());
    selector.is_some_and(|selector| selector::matches(selector, &labels))
}

impl Controller {
    fn pod_changed(&self, change: &Change<'_, PodView>) {
        let object = change.object();
        let before = if let Change::Updated(old, _) = change { Some(&old.value) } else { None };
        for budget in self.budgets.list_in(&object.key.namespace) {
            let concerns = |pod: &PodView| selects(&budget.value, pod);
            if concerns(&object.value) || before.is_some_and(concerns) {
                self.queue.add(Key::Budget(budget.key.clone()));
            }
        }
        if !matches!(change, Change::Deleted(_))
            && let Some(wait) = self.until_unmarked(&object.value)
        {
            self.queue.add_after(Key::Marked(object.key.clone()), wait);
        }
    }

    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(budget) = self.budgets.get(key) else { return Ok(Outcome::Done) };
        let pods: Vec<Arc<Object<PodView>>> = self
            .pods
            .list_in(&key.namespace)
            .into_iter()
            .filter(|pod| selects(&budget.value, &pod.value))
            .collect();
        let now = self.context.env.now();
        if pods.is_empty() {
            self.say(&budget, EventType::Normal, "NoPods", "No matching pods found");
        }
        let demand = match self.demand(&budget, &pods).await {
            Ok(demand) => demand,
            Err(failure) => {
                let words = failure.words();
                let told = format!("Failed to calculate the number of expected pods: {words}");
                self.say(&budget, EventType::Warning, "CalculateExpectedPodCountFailed", &told);
                self.write(&budget, status::failed(&budget.value, &words, now)).await?;
                return match failure {
                    Failure::Api(error) => Err(error),
                    // What is missing may come without a change of any pod.
                    Failure::Uncountable(_) => Ok(Outcome::Retry),
                };
            }
        };
        let old = budget.value.status.clone().unwrap_or_default();
        let disrupted = status::disrupted(&old, pods.iter().map(|pod| &pod.value), now);
        self.tell_forgotten(&budget, &pods, &disrupted);
        let healthy = status::healthy(pods.iter().map(|pod| &pod.value), &disrupted);
        self.write(&budget, status::status(&budget.value, demand, healthy, &disrupted, now)).await?;
        Ok(disrupted.recheck.map_or(Outcome::Done, Outcome::After))
    }

    /// How many pods the budget is about, and how many of them it wants healthy.
    async fn demand(
        &self,
        budget: &Object<PodDisruptionBudget>,
        pods: &[Arc<Object<PodView>>],
    ) -> Result<Demand, Failure> {
        let spec = budget.value.spec.clone().unwrap_or_default();
        let here = i32::try_from(pods.len()).unwrap_or(i32::MAX);
        let scaled = |value, whole| status::scaled(value, whole).map_err(Failure::Uncountable);
        if let Some(most) = &spec.max_unavailable {
            let expected = self.counted(budget, pods).await?;
            let healthy = expected.saturating_sub(scaled(most, expected)?).max(0);
            return Ok(Demand { expected, healthy });
        }
        match &spec.min_available {
            Some(least @ k8s_openapi::apimachinery::pkg::util::intstr::IntOrString::String(_)) => {
                let expected = self.counted(budget, pods).await?;
                Ok(Demand { expected, healthy: scaled(least, expected)? })
            }
            Some(least) => Ok(Demand { expected: here, healthy: scaled(least, here)? }),
            None => Ok(Demand { expected: here, healthy: 0 }),
        }
    }

    async fn counted(
        &self,
        budget: &Object<PodDisruptionBudget>,
        pods: &[Arc<Object<PodView>>],
    ) -> Result<i32, Failure> {
        let (expected, unmanaged) = self.expected_scale(pods).await?;
        if !unmanaged.is_empty() {
            let told = "Pods selected by this PodDisruptionBudget were found to be unmanaged. As a result, the status \
                        of the PDB cannot be calculated correctly, which may result in undefined behavior. To account \
                        for these pods please set \".spec.minAvailable\" field of the PDB to an integer value.";
            self.say(budget, EventType::Warning, "UnmanagedPods", told);
        }
        Ok(expected)
    }

    fn tell_forgotten(
        &self,
        budget: &Object<PodDisruptionBudget>,
        pods: &[Arc<Object<PodView>>],
        disrupted: &Disrupted,
    ) {
        let resource = ApiResource::of::<Pod>();
        for pod in pods.iter().filter(|pod| disrupted.forgotten.contains(&pod.key.name)) {
            let (namespace, name) = (&budget.key.namespace, &budget.key.name);
            let told = format!("Pod was expected by PDB {namespace}/{name} to be deleted but it wasn't");
            let about = about(&resource, &pod.key, &pod.uid, "");
            self.context.events.event(&about, EventType::Warning, "NotDeleted", &told);
        }
    }

    fn say(&self, budget: &Object<PodDisruptionBudget>, ty: EventType, reason: &str, told: &str) {
        let resource = ApiResource::of::<PodDisruptionBudget>();
        self.context.events.event(&about(&resource, &budget.key, &budget.uid, ""), ty, reason, told);
    }

    async fn write(
        &self,
        budget: &Object<PodDisruptionBudget>,
        status: PodDisruptionBudgetStatus,
    ) -> Result<(), Error> {
        if budget.value.status.as_ref() == Some(&status) {
            return Ok(());
        }
        // With the version of the cache: an eviction that took from the budget meanwhile makes this fail.
        let object = PodDisruptionBudget { status: Some(status), ..budget.value.clone() };
        match self.context.client.update_status(&object).await {
            Err(error) if error.is_not_found() || error.is_conflict() => Ok(()),
            other => other.map(drop),
        }
    }

    /// How long a pod's mark is still believed; `None`: it has none, or is on its way out.
    fn until_unmarked(&self, pod: &PodView) -> Option<Duration> {
        if !pod.is_active() {
            return None;
        }
        let mut conditions = pod.status.conditions.iter();
        let mark = conditions
            .find(|condition| condition.type_ == "DisruptionTarget" && condition.status == "True")?;
        let since = mark.last_transition_time.as_ref().map(|time| time.0)?;
        let waited = Duration::try_from(self.context.env.now().duration_since(since)).unwrap_or_default();
        Some(DELETION_TIMEOUT.saturating_sub(waited))
    }

    /// Takes back the mark of a pod that was to be disrupted and was not.
    async fn unmark(&self, key: &ObjectKey) -> Reconcile {
        let Some(pod) = self.pods.get(key) else { return Ok(Outcome::Done) };
        let wait = match self.until_unmarked(&pod.value) {
            None => return Ok(Outcome::Done),
            Some(wait) => wait,
        };
        if !wait.is_zero() {
            return Ok(Outcome::After(wait));
        }
        let time = k8s_openapi::apimachinery::pkg::apis::meta::v1::Time(self.context.env.now());
        let condition = json!({ "type": "DisruptionTarget", "status": "False", "lastTransitionTime": time });
        let patch = Patch::Strategic(json!({
            "metadata": { "uid": pod.uid }, "status": { "conditions": [condition] },
        }));
        let resource = ApiResource::of::<Pod>();
        let patched =
            self.context.client.patch_as::<serde_json::Value>(&resource, key, "status", &patch).await;
        match patched {
            Err(error) if error.is_not_found() || error.is_conflict() => Ok(Outcome::Done),
            other => other.map(|_| Outcome::Done),
        }
    }
}
