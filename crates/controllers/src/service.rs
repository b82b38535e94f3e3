//! What the endpoint controllers share: which Services a pod is behind, which port of it is meant, and when what
//! they write began to be true.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Service, ServicePort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use mizzen_client::{Change, Informer, Object, ObjectKey, WorkQueue};
use mizzen_clock::Map;

use crate::pod::PodView;
use crate::selector::Labels;

/// Marks what belongs to a Service without a cluster address.
pub(crate) const HEADLESS: &str = "service.kubernetes.io/headless";
/// When the change happened that the object reflects.
pub(crate) const TRIGGER_TIME: &str = "endpoints.kubernetes.io/last-change-trigger-time";

/// Whether a Service's selector picks these labels; a Service without a selector picks nothing.
pub(crate) fn selects(service: &Service, labels: Option<&Labels>) -> bool {
    let selector = service.spec.as_ref().and_then(|spec| spec.selector.as_ref());
    let selector = selector.filter(|selector| !selector.is_empty());
    selector.is_some_and(|selector| {
        selector.iter().all(|(key, value)| labels.and_then(|labels| labels.get(key)) == Some(value))
    })
}

/// Whether endpoints are made for it at all.
pub(crate) fn has_selector(service: &Service) -> bool {
    let spec = service.spec.as_ref();
    spec.is_some_and(|spec| spec.type_.as_deref() != Some("ExternalName"))
        && spec.and_then(|spec| spec.selector.as_ref()).is_some_and(|selector| !selector.is_empty())
}

/// Whether it has no cluster address, so that its name stands for its pods' addresses.
pub(crate) fn is_headless(service: &Service) -> bool {
    service.spec.as_ref().is_some_and(|spec| spec.cluster_ip.as_deref() == Some("None"))
}

/// Whether pods count as ready even when they are not.
pub(crate) fn publishes_not_ready(service: &Service) -> bool {
    service.spec.as_ref().is_some_and(|spec| spec.publish_not_ready_addresses == Some(true))
}

/// Queues the Services that a changed pod is, or was, behind.
pub(crate) fn queue_services_of(
    services: &Informer<Service>,
    queue: &WorkQueue<ObjectKey>,
    change: &Change<'_, PodView>,
) {
    let (old, new) = match change {
        Change::Added(pod) | Change::Deleted(pod) => (None, pod),
        Change::Updated(old, new) => (Some(old), new),
    };
    if old.is_some_and(|old| !endpoint_changed(old, new)) {
        return;
    }
    let labels = |pod: &Object<PodView>| pod.value.metadata.labels.clone();
    let (was, is) = (old.map(|old| labels(old)), labels(new));
    for service in services.list_in(&new.key.namespace) {
        let before = was.as_ref().is_some_and(|labels| selects(&service.value, labels.as_ref()));
        if before || selects(&service.value, is.as_ref()) {
            queue.add(service.key.clone());
        }
    }
}

/// Whether anything changed that an endpoint shows.
fn endpoint_changed(old: &Object<PodView>, new: &Object<PodView>) -> bool {
    let (before, after) = (&old.value, &new.value);
    let addresses = |pod: &PodView| pod.addresses().map(str::to_owned).collect::<Vec<_>>();
    old.uid != new.uid
        || before.is_ready() != after.is_ready()
        || before.has_ended() != after.has_ended()
        || before.metadata.deletion_timestamp.is_some() != after.metadata.deletion_timestamp.is_some()
        || before.metadata.labels != after.metadata.labels
        || before.spec.node_name != after.spec.node_name
        || before.spec.hostname != after.spec.hostname
        || before.spec.subdomain != after.spec.subdomain
        || addresses(before) != addresses(after)
}

/// Whether a pod has an address that can be published. One that is being deleted is, if `terminating` says so.
pub(crate) fn is_endpoint(pod: &PodView, terminating: bool) -> bool {
    !pod.has_ended()
        && pod.addresses().next().is_some()
        && (terminating || pod.metadata.deletion_timestamp.is_none())
}

/// The number of the port that a Service port means in this pod; `None` when the pod has no such port.
pub(crate) fn find_port(pod: &PodView, port: &ServicePort) -> Option<i32> {
    let protocol = port.protocol.as_deref().unwrap_or("TCP");
    match &port.target_port {
        Some(IntOrString::Int(number)) if *number != 0 => Some(*number),
        Some(IntOrString::String(name)) if !name.is_empty() => {
            let sidecars = pod.spec.init_containers.iter().filter(|one| one.restart_policy == "Always");
            let mut ports = pod.spec.containers.iter().chain(sidecars).flat_map(|container| &container.ports);
            let is_it = |own: &&crate::pod::Port| {
                own.name == *name
                    && (own.protocol == protocol || own.protocol.is_empty() && protocol == "TCP")
            };
            ports.find(is_it).map(|own| i32::from(own.container_port))
        }
        _ => Some(port.port),
    }
}

/// The pod's host name, when the Service is the one that it is a subdomain of.
pub(crate) fn hostname(pod: &PodView, service: &ObjectKey) -> Option<String> {
    let own = !pod.spec.hostname.is_empty()
        && pod.spec.subdomain == service.name
        && pod.metadata.namespace.as_deref() == Some(&service.namespace);
    own.then(|| pod.spec.hostname.clone())
}

/// The last times at which things changed that a Service's endpoints reflect.
#[derive(Default)]
struct Seen {
    service: Option<Timestamp>,
    pods: BTreeMap<String, Timestamp>,
}

/// Remembers, for each Service, what was known at its last reconcile: the earliest change since then is what the next
/// write reflects.
/// Source: SIG scalability, "Network programming latency".
#[derive(Default)]
pub(crate) struct TriggerTimes(Mutex<Map<ObjectKey, Seen>>);

impl TriggerTimes {
    /// The earliest of the changes that are news; `None`: there is none, or it cannot be told.
    pub(crate) fn note<'a>(
        &self,
        service: &Object<Service>,
        pods: impl Iterator<Item = &'a PodView>,
    ) -> Option<Timestamp> {
        let created = service.value.metadata.creation_timestamp.as_ref().map(|time| time.0);
        let mut now = Seen { service: created, pods: BTreeMap::new() };
        for pod in pods {
            if let (Some(name), Some(time)) = (&pod.metadata.name, pod.ready_since()) {
                now.pods.insert(name.clone(), time);
            }
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let old = all.entry(service.key.clone()).or_default();
        let mut times: Vec<Timestamp> = Vec::new();
        let changed = |pod: &(&String, &Timestamp)| old.pods.get(pod.0).is_none_or(|time| time < pod.1);
        // At first sight of a Service its pods may have been ready for long: only its own making is news.
        if old.service.is_some() {
            times.extend(now.pods.iter().filter(changed).map(|(_, time)| *time));
        }
        if old.service != now.service {
            times.extend(now.service);
        }
        *old = now;
        times.into_iter().min()
    }

    /// The Service is gone.
    pub(crate) fn forget(&self, service: &ObjectKey) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(service);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ports_are_found_by_number_and_name() {
        let pod: PodView = serde_json::from_value(json!({"spec": {
            "containers": [{"ports": [{"name": "web", "containerPort": 8080, "protocol": "TCP"}]}],
            "initContainers": [
                {"restartPolicy": "Always", "ports": [{"name": "side", "containerPort": 9}]},
                {"ports": [{"name": "once", "containerPort": 10}]}
            ],
        }}))
        .expect("a pod");
        let check = |port: serde_json::Value, expect: Option<i32>| {
            let port: ServicePort = serde_json::from_value(port).expect("a port");
            assert_eq!(find_port(&pod, &port), expect, "{port:?}");
        };
        check(json!({"port": 80}), Some(80));
        check(json!({"port": 80, "targetPort": 81}), Some(81));
        check(json!({"port": 80, "targetPort": "web"}), Some(8080));
        check(json!({"port": 80, "targetPort": "web", "protocol": "UDP"}), None);
        check(json!({"port": 80, "targetPort": "side"}), Some(9));
        check(json!({"port": 80, "targetPort": "once"}), None);
    }

    #[test]
    fn an_empty_selector_selects_nothing() {
        let service = |selector: serde_json::Value| -> Service {
            serde_json::from_value(json!({"spec": {"selector": selector}})).expect("a service")
        };
        let labels = Labels::from([("a".to_owned(), "1".to_owned())]);
        assert!(selects(&service(json!({"a": "1"})), Some(&labels)));
        assert!(!selects(&service(json!({"a": "2"})), Some(&labels)));
        assert!(!selects(&service(json!({})), Some(&labels)));
        assert!(!has_selector(&service(json!({}))));
    }
}
