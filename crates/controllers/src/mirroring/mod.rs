//! EndpointSlice mirroring: Endpoints that somebody wrote for a Service without selector, as EndpointSlices.

mod convert;

use std::sync::Arc;

use k8s_openapi::api::core::v1::{Endpoints, Service};
use k8s_openapi::api::discovery::v1::EndpointSlice;
use mizzen_client::{ApiResource, EventType, Informer, Object, ObjectKey, Outcome, WorkQueue};

use crate::context::{Cache, Context, Reconcile, about, text};
use crate::endpoints::LEADER;
use crate::endpointslice::{index_by_service, slices_of, watch_slices};
use crate::owner;
use crate::selector::Labels;
use crate::service::TRIGGER_TIME;
use crate::slices::{Common, MANAGED_BY, Plan, SERVICE_NAME, Tracker};

/// The name under which this controller's slices are known.
const NAME: &str = "endpointslicemirroring-controller.k8s.io";
/// Endpoints with this label have their slices from elsewhere.
const SKIP: &str = "endpointslice.kubernetes.io/skip-mirror";
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

#[derive(Clone)]
struct Controller {
    context: Context,
    services: Informer<Service>,
    endpoints: Informer<Endpoints>,
    slices: Informer<EndpointSlice>,
    queue: WorkQueue<ObjectKey>,
    tracker: Arc<Tracker>,
    resource: ApiResource,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller {
        services: context.informers.of::<Service>(),
        endpoints: context.informers.of::<Endpoints>(),
        slices: context.informers.of::<EndpointSlice>(),
        queue: context.queue("endpoint_slice_mirroring"),
        tracker: Arc::default(),
        resource: ApiResource::of::<Endpoints>(),
        context: context.clone(),
    };
    index_by_service(&controller.slices);
    let queue = controller.queue.clone();
    controller.services.subscribe(move |change| queue.add(change.object().key.clone()));
    let queue = controller.queue.clone();
    controller.endpoints.subscribe(move |change| queue.add(change.object().key.clone()));
    watch_slices(&controller.slices, &controller.queue, &controller.tracker, NAME);
    let caches: [&dyn Cache; 3] = [&controller.services, &controller.endpoints, &controller.slices];
    context
        .serve(
            &controller,
            &controller.queue,
            context.config.workers.mirrored_endpoints,
            &caches,
            |own, key| async move { own.reconcile(&key).await },
        )
        .await;
}

/// Whether Endpoints are hand-made.
fn wants_mirror(endpoints: &Endpoints) -> bool {
    let meta = &endpoints.metadata;
    let skip = meta.labels.as_ref().and_then(|labels| labels.get(SKIP));
    skip.is_none_or(|value| value != "true")
        && !meta.annotations.as_ref().is_some_and(|all| all.contains_key(LEADER))
}

impl Controller {
    /// The Endpoints whose mirror is wanted: their Service is there and has no selector.
    fn source(&self, key: &ObjectKey) -> Option<Arc<Object<Endpoints>>> {
        let service = self.services.get(key)?;
        // Even an empty selector is one.
        if service.value.spec.as_ref().is_some_and(|spec| spec.selector.is_some()) {
            return None;
        }
        self.endpoints.get(key).filter(|endpoints| wants_mirror(&endpoints.value))
    }

    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let existing = slices_of(&self.slices, key, NAME);
        let Some(endpoints) = self.source(key) else {
            let plan = Plan { delete: existing, ..Plan::default() };
            plan.carry_out(&self.context.client, &self.tracker, key, true).await?;
            self.tracker.forget(key);
            return Ok(Outcome::Done);
        };
        if !self.tracker.is_fresh(key, &existing) {
            return Ok(Outcome::Retry);
        }
        let (groups, skipped) = convert::groups(&endpoints.value);
        let endpoints_ref = about(&self.resource, key, &endpoints.uid, &endpoints.resource_version);
        if skipped > 0 {
            let message = format!("Skipped {skipped} invalid IP addresses when mirroring to EndpointSlices");
            self.context.events.event(&endpoints_ref, EventType::Warning, "InvalidIPAddress", message);
        }
        let plan = Plan::new(&self.common(&endpoints), existing, groups);
        let deleting = endpoints.value.metadata.deletion_timestamp.is_some();
        match plan.carry_out(&self.context.client, &self.tracker, key, deleting).await {
            Ok(()) => Ok(Outcome::Done),
            Err(error) if error.is_conflict() || error.is_not_found() => Ok(Outcome::Retry),
            Err(error) => {
                let message = format!("Error updating Endpoint Slices for {key}: {}", text(&error));
                let reason = "FailedToUpdateEndpointSlices";
                self.context.events.event(&endpoints_ref, EventType::Warning, reason, message);
                Err(error)
            }
        }
    }

    fn common(&self, endpoints: &Object<Endpoints>) -> Common {
        let meta = &endpoints.value.metadata;
        let mut labels: Labels = meta.labels.clone().unwrap_or_default();
        labels.insert(SERVICE_NAME.to_owned(), endpoints.key.name.clone());
        labels.insert(MANAGED_BY.to_owned(), NAME.to_owned());
        let mut annotations: Labels = meta.annotations.clone().unwrap_or_default();
        annotations.remove(LAST_APPLIED);
        annotations.remove(TRIGGER_TIME);
        Common {
            service: endpoints.key.clone(),
            labels,
            annotations: Some(annotations),
            owner: owner::reference(&self.resource, meta),
        }
    }
}
