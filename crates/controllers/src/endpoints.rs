//! The Endpoints controller: for each Service with a selector, its pods' addresses in one object, for clients that
//! know no EndpointSlices.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{
    EndpointAddress, EndpointPort, EndpointSubset, Endpoints, ObjectReference, Pod, Service,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_client::{
    ApiResource, Change, DeleteParams, EventType, Informer, Object, ObjectKey, Outcome, WorkQueue,
};

use crate::context::{Cache, Context, Reconcile, about, text};
use crate::pod::PodView;
use crate::selector::Labels;
use crate::service::{self, HEADLESS, TRIGGER_TIME, TriggerTimes};

/// Most addresses in an Endpoints object.
const ADDRESSES_MAX: usize = 1000;
const OVER_CAPACITY: &str = "endpoints.kubernetes.io/over-capacity";
const MANAGED_BY: &str = "endpoints.kubernetes.io/managed-by";
const NAME: &str = "endpoint-controller";
/// Objects that old leader elections use as their lock.
pub(crate) const LEADER: &str = "control-plane.alpha.kubernetes.io/leader";

#[derive(Clone)]
struct Controller {
    context: Context,
    services: Informer<Service>,
    pods: Informer<PodView>,
    endpoints: Informer<Endpoints>,
    queue: WorkQueue<ObjectKey>,
    times: Arc<TriggerTimes>,
    resource: ApiResource,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller {
        services: context.informers.of::<Service>(),
        pods: context.informers.project::<Pod, PodView>(),
        endpoints: context.informers.of::<Endpoints>(),
        queue: context.queue("endpoint"),
        times: Arc::default(),
        resource: ApiResource::of::<Service>(),
        context: context.clone(),
    };
    controller.listen();
    let caches: [&dyn Cache; 3] = [&controller.services, &controller.pods, &controller.endpoints];
    context
        .serve(
            &controller,
            &controller.queue,
            context.config.workers.endpoints,
            &caches,
            |own, key| async move { own.reconcile(&key).await },
        )
        .await;
}

impl Controller {
    fn listen(&self) {
        let own = self.clone();
        self.services.subscribe(move |change| own.queue.add(change.object().key.clone()));
        let own = self.clone();
        self.pods.subscribe(move |change| service::queue_services_of(&own.services, &own.queue, change));
        let own = self.clone();
        let subscribed = Arc::new(AtomicBool::new(false));
        let listening = subscribed.clone();
        self.endpoints.subscribe(move |change| {
            let meta = &change.object().value.metadata;
            let elects = meta.annotations.as_ref().is_some_and(|all| all.contains_key(LEADER));
            let concerns = match change {
                // What is there at start may be left over from Services that went while nobody looked; what comes
                // later without a Service is somebody's own, and stays.
                Change::Added(_) => !own.endpoints.has_synced() || !listening.load(Ordering::Acquire),
                Change::Updated(..) => false,
                Change::Deleted(_) => true,
            };
            if concerns && !elects {
                own.queue.add(change.object().key.clone());
            }
        });
        subscribed.store(true, Ordering::Release);
    }

    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(service) = self.services.get(key) else {
            self.times.forget(key);
            return self.clean_up(key).await;
        };
        if !service::has_selector(&service.value) {
            return Ok(Outcome::Done);
        }
        let pods = self.pods.list_in(&key.namespace);
        let selected = |pod: &&Arc<Object<PodView>>| {
            service::selects(&service.value, pod.value.metadata.labels.as_ref())
        };
        let pods: Vec<_> = pods.iter().filter(selected).cloned().collect();
        let time = self.times.note(&service, pods.iter().map(|pod| &pod.value));
        let (subsets, truncated) = truncate(subsets(&service, &pods));
        let there = self.endpoints.get(key);
        let wanted =
            self.wanted(&service, there.as_ref().map(|there| &there.value), subsets, truncated, time);
        let Some(wanted) = wanted else { return Ok(Outcome::Done) };
        let result = match &there {
            Some(_) => self.context.client.update(&wanted).await,
            None if service.value.metadata.deletion_timestamp.is_some() => return Ok(Outcome::Done),
            None => self.context.client.create(&wanted).await,
        };
        match result {
            Ok(_) => Ok(Outcome::Done),
            Err(error) if error.is_namespace_terminating() => Ok(Outcome::Done),
            // The cache is behind.
            Err(error) if error.is_conflict() || error.is_already_exists() || error.is_not_found() => {
                Ok(Outcome::Retry)
            }
            Err(error) => {
                let (reason, verb) = match there {
                    Some(_) => ("FailedToUpdateEndpoint", "update"),
                    None => ("FailedToCreateEndpoint", "create"),
                };
                let message = format!("Failed to {verb} endpoint {key}: {}", text(&error));
                let service = about(&self.resource, key, &service.uid, &service.resource_version);
                self.context.events.event(&service, EventType::Warning, reason, message);
                Err(error)
            }
        }
    }

    /// A Service that is gone leaves nothing behind.
    async fn clean_up(&self, key: &ObjectKey) -> Reconcile {
        let Some(there) = self.endpoints.get(key) else { return Ok(Outcome::Done) };
        let annotations = there.value.metadata.annotations.as_ref();
        if annotations.is_some_and(|all| all.contains_key(LEADER)) {
            return Ok(Outcome::Done);
        }
        let params = DeleteParams::uid(there.uid.clone());
        match self.context.client.delete::<Endpoints>(&key.namespace, &key.name, &params).await {
            Err(error) if !error.is_conflict() => Err(error),
            _ => Ok(Outcome::Done),
        }
    }

    /// The object to write; `None`: all is as it should be.
    fn wanted(
        &self,
        service: &Object<Service>,
        there: Option<&Endpoints>,
        subsets: Vec<EndpointSubset>,
        truncated: bool,
        time: Option<Timestamp>,
    ) -> Option<Endpoints> {
        let mut labels: Labels = service.value.metadata.labels.clone().unwrap_or_default();
        labels.remove(HEADLESS);
        if service::is_headless(&service.value) {
            labels.insert(HEADLESS.to_owned(), String::new());
        }
        labels.insert(MANAGED_BY.to_owned(), NAME.to_owned());
        let over = |all: Option<&BTreeMap<String, String>>| {
            all.is_some_and(|all| all.get(OVER_CAPACITY).is_some_and(|value| value == "truncated"))
        };
        let mut wanted = there.cloned().unwrap_or_else(|| Endpoints {
            metadata: ObjectMeta {
                name: Some(service.key.name.clone()),
                namespace: Some(service.key.namespace.clone()),
                ..ObjectMeta::default()
            },
            subsets: None,
        });
        let subsets = Some(subsets).filter(|subsets| !subsets.is_empty());
        let same = there.is_some_and(|there| {
            there.subsets.clone().filter(|subsets| !subsets.is_empty()) == subsets
                && there.metadata.labels.as_ref() == Some(&labels)
                && over(there.metadata.annotations.as_ref()) == truncated
        });
        if same {
            return None;
        }
        wanted.subsets = subsets;
        wanted.metadata.labels = Some(labels);
        let annotations = wanted.metadata.annotations.get_or_insert_default();
        match time {
            Some(time) => annotations.insert(TRIGGER_TIME.to_owned(), time.to_string()),
            None => annotations.remove(TRIGGER_TIME),
        };
        if truncated {
            annotations.insert(OVER_CAPACITY.to_owned(), "truncated".to_owned());
        } else {
            annotations.remove(OVER_CAPACITY);
        }
        wanted.metadata.annotations = wanted.metadata.annotations.filter(|all| !all.is_empty());
        Some(wanted)
    }
}

/// A port by which addresses are grouped.
type PortKey = (Option<String>, i32, Option<String>, Option<String>);

/// The subsets of a Service: addresses that have the same ports stand together.
fn subsets(service: &Object<Service>, pods: &[Arc<Object<PodView>>]) -> Vec<EndpointSubset> {
    let spec = service.value.spec.as_ref();
    let family = spec.and_then(|spec| spec.ip_families.as_ref()?.first().cloned());
    let family = family.unwrap_or_else(|| "IPv4".to_owned());
    let publish_all = service::publishes_not_ready(&service.value);
    let mut groups: BTreeMap<BTreeSet<PortKey>, EndpointSubset> = BTreeMap::new();
    for pod in pods.iter().filter(|pod| service::is_endpoint(&pod.value, publish_all)) {
        let Some(ip) = pod.value.address(&family) else { continue };
        let ports: Vec<EndpointPort> = ports(&service.value, &pod.value);
        let has_ports = spec.is_some_and(|spec| spec.ports.as_ref().is_some_and(|ports| !ports.is_empty()));
        if ports.is_empty() && has_ports {
            continue;
        }
        let key = |port: &EndpointPort| {
            (port.name.clone(), port.port, port.protocol.clone(), port.app_protocol.clone())
        };
        let subset = groups.entry(ports.iter().map(key).collect()).or_default();
        subset.ports = Some(ports).filter(|ports| !ports.is_empty());
        let ready = publish_all || pod.value.is_ready();
        let addresses = if ready { &mut subset.addresses } else { &mut subset.not_ready_addresses };
        addresses.get_or_insert_default().push(EndpointAddress {
            ip: ip.to_owned(),
            hostname: service::hostname(&pod.value, &service.key),
            node_name: Some(pod.value.spec.node_name.clone()).filter(|name| !name.is_empty()),
            target_ref: Some(ObjectReference {
                kind: Some("Pod".to_owned()),
                namespace: Some(pod.key.namespace.clone()),
                name: Some(pod.key.name.clone()),
                uid: Some(pod.uid.clone()),
                ..ObjectReference::default()
            }),
        });
    }
    let mut subsets: Vec<EndpointSubset> = groups.into_values().collect();
    for subset in &mut subsets {
        for addresses in [&mut subset.addresses, &mut subset.not_ready_addresses].into_iter().flatten() {
            addresses.sort_by_key(|address| (address.ip.clone(), uid_of(address)));
        }
    }
    subsets
}

fn uid_of(address: &EndpointAddress) -> Option<String> {
    address.target_ref.as_ref().and_then(|target| target.uid.clone())
}

fn ports(service: &Service, pod: &PodView) -> Vec<EndpointPort> {
    let ports = service.spec.iter().flat_map(|spec| spec.ports.iter().flatten());
    let ports = ports.filter_map(|port| {
        Some(EndpointPort {
            name: port.name.clone().filter(|name| !name.is_empty()),
            port: service::find_port(pod, port)?,
            protocol: Some(port.protocol.clone().unwrap_or_else(|| "TCP".to_owned())),
            app_protocol: port.app_protocol.clone(),
        })
    });
    let mut ports: Vec<EndpointPort> = ports.collect();
    ports.sort_by(|a, b| (&a.name, a.port, &a.protocol).cmp(&(&b.name, b.port, &b.protocol)));
    ports
}

/// Keeps at most [`ADDRESSES_MAX`] addresses, ready ones first and each subset its share, and says whether there were
/// more.
fn truncate(mut subsets: Vec<EndpointSubset>) -> (Vec<EndpointSubset>, bool) {
    let len = |addresses: &Option<Vec<EndpointAddress>>| addresses.as_ref().map_or(0, Vec::len);
    let ready: usize = subsets.iter().map(|subset| len(&subset.addresses)).sum();
    let not_ready: usize = subsets.iter().map(|subset| len(&subset.not_ready_addresses)).sum();
    if ready + not_ready <= ADDRESSES_MAX {
        return (subsets, false);
    }
    let ready_room = ready.min(ADDRESSES_MAX);
    let not_ready_room = ADDRESSES_MAX - ready_room;
    let cut = |addresses: &mut Option<Vec<EndpointAddress>>, room: usize, all: usize| {
        if let Some(list) = addresses.as_mut().filter(|_| all > room) {
            list.truncate(list.len() * room / all);
            if list.is_empty() {
                *addresses = None;
            }
        }
    };
    for subset in &mut subsets {
        cut(&mut subset.addresses, ready_room, ready);
        cut(&mut subset.not_ready_addresses, not_ready_room, not_ready);
    }
    subsets.retain(|subset| subset.addresses.is_some() || subset.not_ready_addresses.is_some());
    (subsets, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_addresses_are_cut() {
        let addresses = |count: usize| {
            let all =
                (0..count).map(|at| EndpointAddress { ip: at.to_string(), ..EndpointAddress::default() });
            Some(all.collect::<Vec<_>>()).filter(|all| !all.is_empty())
        };
        let check = |ready: usize, not_ready: usize, expect: (usize, usize, bool)| {
            let subset = EndpointSubset {
                addresses: addresses(ready),
                not_ready_addresses: addresses(not_ready),
                ports: None,
            };
            let (subsets, truncated) = truncate(vec![subset]);
            let len = |addresses: &Option<Vec<EndpointAddress>>| addresses.as_ref().map_or(0, Vec::len);
            let numbers = (len(&subsets[0].addresses), len(&subsets[0].not_ready_addresses), truncated);
            assert_eq!(numbers, expect);
        };
        check(3, 4, (3, 4, false));
        check(600, 600, (600, 400, true));
        check(1200, 5, (1000, 0, true));
    }
}
