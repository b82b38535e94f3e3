//! What an object costs.

use mizzen_machinery::quantity::Quantity;
use mizzen_schema::value::Value;

use super::super::pod_resources::{Amounts, amounts, held_by_pod};
use super::super::tree::{is_set, list, text};

/// Resources that have a name of their own besides `count/…`.
const SHORT: [&str; 7] = [
    "pods",
    "services",
    "persistentvolumeclaims",
    "configmaps",
    "secrets",
    "replicationcontrollers",
    "resourcequotas",
];
const CLASS_SUFFIX: &str = ".storageclass.storage.k8s.io/";

fn count_name(group: &str, resource: &str) -> String {
    if group.is_empty() { format!("count/{resource}") } else { format!("count/{resource}.{group}") }
}

/// The cost of one object, by the names that quotas use.
pub(super) fn usage(group: &str, resource: &str, object: &Value) -> Amounts {
    let one = Quantity::from_units(1);
    let mut cost = Amounts::from([(count_name(group, resource), one)]);
    if !group.is_empty() {
        return cost;
    }
    match resource {
        "pods" => pod(object, &mut cost),
        "services" => service(object, &mut cost),
        "persistentvolumeclaims" => claim(object, &mut cost),
        _ if SHORT.contains(&resource) => drop(cost.insert(resource.to_owned(), one)),
        _ => {}
    }
    cost
}

/// A pod that has ended, or should have, costs nothing but its place in the store.
fn has_ended(pod: &Value) -> bool {
    matches!(text(pod, &["status", "phase"]), "Failed" | "Succeeded")
}

fn pod(pod: &Value, cost: &mut Amounts) {
    if has_ended(pod) {
        return;
    }
    cost.insert("pods".to_owned(), Quantity::from_units(1));
    for (name, amount) in held_by_pod(pod, "requests") {
        if matches!(name.as_str(), "cpu" | "memory" | "ephemeral-storage") {
            cost.insert(name.clone(), amount);
        }
        if name.starts_with("hugepages-") {
            cost.insert(name.clone(), amount);
        }
        cost.insert(format!("requests.{name}"), amount);
    }
    for (name, amount) in held_by_pod(pod, "limits") {
        cost.insert(format!("limits.{name}"), amount);
    }
}

fn service(service: &Value, cost: &mut Amounts) {
    let one = Quantity::from_units(1);
    cost.insert("services".to_owned(), one);
    let ports = list(service, &["spec", "ports"]);
    let node_ports = match text(service, &["spec", "type"]) {
        "NodePort" => ports.len(),
        "LoadBalancer" => {
            cost.insert("services.loadbalancers".to_owned(), one);
            let given = service.path(&["spec", "allocateLoadBalancerNodePorts"]).and_then(Value::as_bool);
            if given == Some(false) {
                ports.iter().filter(|port| port.get("nodePort").is_some_and(|port| !port.is_zero())).count()
            } else {
                ports.len()
            }
        }
        _ => 0,
    };
    let node_ports = i64::try_from(node_ports).unwrap_or(i64::MAX);
    cost.insert("services.nodeports".to_owned(), Quantity::from_units(node_ports));
}

fn claim(claim: &Value, cost: &mut Amounts) {
    let one = Quantity::from_units(1);
    cost.insert("persistentvolumeclaims".to_owned(), one);
    let mut size: Option<Quantity> = text(claim, &["spec", "resources", "requests", "storage"]).parse().ok();
    // A claim that grew holds what it was given until it is given less.
    let allocated = text(claim, &["status", "allocatedResources", "storage"]).parse::<Quantity>().ok();
    if let (Some(asked), Some(allocated)) = (size, allocated) {
        size = Some(asked.max(allocated));
    }
    let class = text(claim, &["spec", "storageClassName"]);
    if !class.is_empty() {
        cost.insert(format!("{class}{CLASS_SUFFIX}persistentvolumeclaims"), one);
    }
    if let Some(size) = size {
        cost.insert("requests.storage".to_owned(), size);
        if !class.is_empty() {
            cost.insert(format!("{class}{CLASS_SUFFIX}requests.storage"), size);
        }
    }
}

/// The resources whose objects must be counted for these names: group and plural.
pub(super) fn counted<'a>(names: impl Iterator<Item = &'a String>) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = names
        .map(|name| {
            let core = |resource: &str| (String::new(), resource.to_owned());
            if let Some(full) = name.strip_prefix("count/") {
                let (resource, group) = full.split_once('.').unwrap_or((full, ""));
                return (group.to_owned(), resource.to_owned());
            }
            if name.starts_with("services") {
                return core("services");
            }
            if name == "requests.storage" || name.contains(CLASS_SUFFIX) {
                return core("persistentvolumeclaims");
            }
            if SHORT.contains(&name.as_str()) { core(name) } else { core("pods") }
        })
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What a pod must say because a quota counts it, and does not: `cpu for: a,b; memory for: a`.
pub(super) fn missing(pod: &Value, hard: &Amounts) -> Option<String> {
    let mut parts = Vec::new();
    for name in hard.keys() {
        let (sort, resource) = match name.as_str() {
            "cpu" | "memory" => ("requests", name.as_str()),
            other => match other.split_once('.') {
                Some((sort @ ("requests" | "limits"), resource @ ("cpu" | "memory"))) => (sort, resource),
                _ => continue,
            },
        };
        // Said for the pod as a whole, it need not be said for each container.
        if is_set(pod, &["spec", "resources", sort, resource]) {
            continue;
        }
        let containers = ["containers", "initContainers"].into_iter();
        let containers = containers.flat_map(|field| list(pod, &["spec", field]));
        let silent: Vec<&str> = containers
            .filter(|container| !amounts(container, &["resources", sort]).contains_key(resource))
            .map(|container| text(container, &["name"]))
            .collect();
        if !silent.is_empty() {
            parts.push(format!("{name} for: {}", silent.join(",")));
        }
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::super::tree::build;
    use super::*;

    #[test]
    fn costs() {
        let check = |resource: &str, object: Json, expect: &[(&str, &str)]| {
            let cost = usage("", resource, &build(None, object));
            for (name, amount) in expect {
                assert_eq!(cost.get(*name).map(ToString::to_string).unwrap_or_default(), *amount, "{name}");
            }
        };
        let spec = json!({"containers": [{"name": "a", "resources":
            {"requests": {"cpu": "1", "example.com/gpu": "2"}, "limits": {"memory": "1Gi"}}}]});
        let pod = json!({"spec": spec});
        check(
            "pods",
            pod,
            &[("pods", "1"), ("cpu", "1"), ("requests.example.com/gpu", "2"), ("limits.memory", "1Gi")],
        );
        let ended = json!({"spec": spec, "status": {"phase": "Failed"}});
        check("pods", ended, &[("count/pods", "1"), ("pods", ""), ("cpu", "")]);
        let balanced = json!({"spec": {"type": "LoadBalancer", "ports": [{}, {}]}});
        check("services", balanced, &[("services.loadbalancers", "1"), ("services.nodeports", "2")]);
        let claim =
            json!({"spec": {"storageClassName": "fast", "resources": {"requests": {"storage": "1Gi"}}}});
        let name = "fast.storageclass.storage.k8s.io/requests.storage";
        check("persistentvolumeclaims", claim, &[("requests.storage", "1Gi"), (name, "1Gi")]);
    }

    #[test]
    fn what_is_counted() {
        let names = ["cpu", "services.nodeports", "count/deployments.apps", "secrets"].map(str::to_owned);
        let own = |group: &str, resource: &str| (group.to_owned(), resource.to_owned());
        let expect = [own("", "pods"), own("", "secrets"), own("", "services"), own("apps", "deployments")];
        assert_eq!(counted(names.iter()), expect);
    }
}
