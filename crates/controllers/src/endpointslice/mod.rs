//! The EndpointSlice controller: for each Service with a selector, its pods' addresses in slices.

mod endpoint;

use std::sync::Arc;

use k8s_openapi::api::core::v1::{Node, Pod, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_client::{ApiResource, Change, EventType, Informer, Object, ObjectKey, Outcome, WorkQueue};
use serde::Deserialize;

use crate::context::{Cache, Context, Reconcile, about, text};
use crate::owner;
use crate::pod::{PodView, index_by_node};
use crate::selector::Labels;
use crate::service::{self, HEADLESS, TriggerTimes};
use crate::slices::{Common, MANAGED_BY, Plan, SERVICE_NAME, Tracker};

/// The name under which this controller's slices are known.
const NAME: &str = "endpointslice-controller.k8s.io";
const ZONE: &str = "topology.kubernetes.io/zone";

/// A node: only its zone matters.
#[derive(Debug, Deserialize)]
struct NodeView {
    #[serde(default)]
    metadata: ObjectMeta,
}

impl NodeView {
    fn zone(&self) -> Option<&String> {
        self.metadata.labels.as_ref()?.get(ZONE)
    }
}

#[derive(Clone)]
struct Controller {
    context: Context,
    services: Informer<Service>,
    pods: Informer<PodView>,
    nodes: Informer<NodeView>,
    slices: Informer<EndpointSlice>,
    queue: WorkQueue<ObjectKey>,
    tracker: Arc<Tracker>,
    times: Arc<TriggerTimes>,
    resource: ApiResource,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller {
        services: context.informers.of::<Service>(),
        pods: context.informers.project::<Pod, PodView>(),
        nodes: context.informers.project::<Node, NodeView>(),
        slices: context.informers.of::<EndpointSlice>(),
        queue: context.queue("endpoint_slice"),
        tracker: Arc::default(),
        times: Arc::default(),
        resource: ApiResource::of::<Service>(),
        context: context.clone(),
    };
    index_by_service(&controller.slices);
    index_by_node(&controller.pods);
    controller.listen();
    let caches: [&dyn Cache; 4] =
        [&controller.services, &controller.pods, &controller.nodes, &controller.slices];
    context
        .serve(
            &controller,
            &controller.queue,
            context.config.workers.endpoint_slices,
            &caches,
            |own, key| async move { own.reconcile(&key).await },
        )
        .await;
}

/// Files slices by their Service: `NAMESPACE/NAME`.
pub(crate) fn index_by_service(slices: &Informer<EndpointSlice>) {
    slices
        .index("service", |slice| service_of(&slice.value).map(|key| key.to_string()).into_iter().collect());
}

fn label<'a>(slice: &'a EndpointSlice, name: &str) -> Option<&'a String> {
    slice.metadata.labels.as_ref()?.get(name)
}

/// The Service that a slice is labelled with.
pub(crate) fn service_of(slice: &EndpointSlice) -> Option<ObjectKey> {
    let name = label(slice, SERVICE_NAME)?;
    Some(ObjectKey::new(slice.metadata.namespace.clone().unwrap_or_default(), name.clone()))
}

/// The slices of a Service that the controller called `manager` writes.
pub(crate) fn slices_of(
    slices: &Informer<EndpointSlice>,
    service: &ObjectKey,
    manager: &str,
) -> Vec<Arc<Object<EndpointSlice>>> {
    let mut all = slices.by_index("service", &service.to_string());
    all.retain(|slice| label(&slice.value, MANAGED_BY).is_some_and(|own| own == manager));
    all
}

/// Queues the Service of a slice that is not as its writer left it.
pub(crate) fn watch_slices(
    slices: &Informer<EndpointSlice>,
    queue: &WorkQueue<ObjectKey>,
    tracker: &Arc<Tracker>,
    manager: &'static str,
) {
    let (queue, tracker) = (queue.clone(), tracker.clone());
    slices.subscribe(move |change| {
        let slice = change.object();
        let is_ours = |slice: &EndpointSlice| label(slice, MANAGED_BY).is_some_and(|own| own == manager);
        if let Change::Updated(old, _) = change
            && is_ours(&old.value)
            && let Some(key) = service_of(&old.value)
            && (!is_ours(&slice.value) || service_of(&slice.value).as_ref() != Some(&key))
        {
            // Its labels were changed: it is not the Service's any more.
            tracker.seen_gone(&key, &old.uid);
            queue.add(key);
        }
        if !is_ours(&slice.value) {
            return;
        }
        let Some(key) = service_of(&slice.value) else { return };
        let news = match change {
            Change::Deleted(_) => tracker.seen_gone(&key, &slice.uid),
            Change::Added(_) | Change::Updated(..) => tracker.seen(&key, &slice.value.metadata),
        };
        if news {
            queue.add(key);
        }
    });
}

impl Controller {
    fn listen(&self) {
        let own = self.clone();
        self.services.subscribe(move |change| own.queue.add(change.object().key.clone()));
        let own = self.clone();
        self.pods.subscribe(move |change| service::queue_services_of(&own.services, &own.queue, change));
        let own = self.clone();
        self.nodes.subscribe(move |change| {
            let moved = match change {
                Change::Updated(old, new) => old.value.zone() != new.value.zone(),
                Change::Added(_) | Change::Deleted(_) => true,
            };
            if !moved {
                return;
            }
            for pod in own.pods.by_index("node", &change.object().key.name) {
                service::queue_services_of(&own.services, &own.queue, &Change::Added(&pod));
            }
        });
        watch_slices(&self.slices, &self.queue, &self.tracker, NAME);
    }

    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(service) = self.services.get(key) else {
            // Its slices go with it: it is their owner.
            self.tracker.forget(key);
            self.times.forget(key);
            return Ok(Outcome::Done);
        };
        if !service::has_selector(&service.value) {
            return Ok(Outcome::Done);
        }
        let existing = slices_of(&self.slices, key, NAME);
        if !self.tracker.is_fresh(key, &existing) {
            return Ok(Outcome::Retry);
        }
        let pods: Vec<_> = self.pods.list_in(&key.namespace);
        let selected = |pod: &&Arc<Object<PodView>>| {
            service::selects(&service.value, pod.value.metadata.labels.as_ref())
        };
        let pods: Vec<_> = pods.iter().filter(selected).cloned().collect();
        let time = self.times.note(&service, pods.iter().map(|pod| &pod.value));
        let groups = self.groups(&service, &pods);
        let mut plan = Plan::new(&self.common(&service), existing, groups);
        plan.stamp(time);
        let deleting = service.value.metadata.deletion_timestamp.is_some();
        match plan.carry_out(&self.context.client, &self.tracker, key, deleting).await {
            Ok(()) => Ok(Outcome::Done),
            Err(error) if error.is_conflict() || error.is_not_found() => Ok(Outcome::Retry),
            Err(error) => {
                let message = format!("Error updating Endpoint Slices for Service {key}: {}", text(&error));
                let service = about(&self.resource, key, &service.uid, &service.resource_version);
                self.context.events.event(
                    &service,
                    EventType::Warning,
                    "FailedToUpdateEndpointSlices",
                    message,
                );
                Err(error)
            }
        }
    }

    fn common(&self, service: &Object<Service>) -> Common {
        let mut labels: Labels = service.value.metadata.labels.clone().unwrap_or_default();
        labels.remove(HEADLESS);
        if service::is_headless(&service.value) {
            labels.insert(HEADLESS.to_owned(), String::new());
        }
        labels.insert(SERVICE_NAME.to_owned(), service.key.name.clone());
        labels.insert(MANAGED_BY.to_owned(), NAME.to_owned());
        Common {
            service: service.key.clone(),
            labels,
            annotations: None,
            owner: owner::reference(&self.resource, &service.value.metadata),
        }
    }
}
