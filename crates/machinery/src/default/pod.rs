//! Pods and pod templates.

use mizzen_schema::value::{Map, Struct, Value};

use super::core::resource_list;
use super::volume;
use crate::edit::{child, each, entries, int, is_true, made, nonzero, put, str_of, text, truth, unset};
use crate::quantity::Quantity;

const CONTAINERS: [&str; 2] = ["initContainers", "containers"];

/// A Pod: its spec's defaults, and those that only pods get.
pub(super) fn pod(object: &mut Struct) {
    let Some(spec) = made(object, "spec") else { return };
    pod_spec(spec);
    truth(spec, "enableServiceLinks", true);
    for list in CONTAINERS {
        each(spec, list, requests_from_limits);
    }
    if is_true(spec, "hostNetwork") {
        for list in CONTAINERS {
            each(spec, list, host_ports);
        }
    }
    pod_level_resources(spec);
}

/// A pod template in `field`.
pub(super) fn template(object: &mut Struct, field: &str) {
    if let Some(template) = child(object, field)
        && let Some(spec) = made(template, "spec")
    {
        pod_spec(spec);
    }
}

/// What pods and templates share.
pub(super) fn pod_spec(spec: &mut Struct) {
    text(spec, "dnsPolicy", "ClusterFirst");
    text(spec, "restartPolicy", "Always");
    made(spec, "securityContext");
    int(spec, "terminationGracePeriodSeconds", 30);
    text(spec, "schedulerName", "default-scheduler");
    each(spec, "volumes", volume::volume);
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        each(spec, list, container);
    }
    resource_list(spec, "overhead");
    if let Some(resources) = child(spec, "resources") {
        resource_list(resources, "limits");
        resource_list(resources, "requests");
    }
}

/// The tag of an image reference: `latest` when it names neither tag nor digest.
fn image_tag(image: &str) -> &str {
    let (name, digest) = match image.split_once('@') {
        Some((name, digest)) => (name, digest),
        None => (image, ""),
    };
    let last = name.rsplit('/').next().unwrap_or_default();
    match last.split_once(':') {
        Some((_, tag)) => tag,
        None if digest.is_empty() => "latest",
        None => "",
    }
}

/// Whether the image is pulled each time.
pub(super) fn pull_policy(image: &str) -> &'static str {
    if image_tag(image) == "latest" { "Always" } else { "IfNotPresent" }
}

fn container(container: &mut Struct) {
    if unset(container, "imagePullPolicy") {
        let policy = pull_policy(str_of(container, "image"));
        put(container, "imagePullPolicy", Value::string(policy));
    }
    text(container, "terminationMessagePath", "/dev/termination-log");
    text(container, "terminationMessagePolicy", "File");
    each(container, "ports", |port| text(port, "protocol", "TCP"));
    each(container, "env", |variable| {
        if let Some(source) = child(variable, "valueFrom") {
            if let Some(field) = child(source, "fieldRef") {
                text(field, "apiVersion", "v1");
            }
            if let Some(field) = child(source, "resourceFieldRef") {
                text(field, "divisor", "0");
            }
        }
    });
    if let Some(resources) = made(container, "resources") {
        resource_list(resources, "limits");
        resource_list(resources, "requests");
    }
    for name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = child(container, name) {
            self::probe(probe);
        }
    }
    if let Some(lifecycle) = child(container, "lifecycle") {
        for name in ["postStart", "preStop"] {
            if let Some(handler) = child(lifecycle, name) {
                handler_defaults(handler);
            }
        }
    }
}

fn probe(probe: &mut Struct) {
    nonzero(probe, "timeoutSeconds", 1);
    nonzero(probe, "periodSeconds", 10);
    nonzero(probe, "successThreshold", 1);
    nonzero(probe, "failureThreshold", 3);
    handler_defaults(probe);
}

fn handler_defaults(handler: &mut Struct) {
    if let Some(http) = child(handler, "httpGet") {
        text(http, "path", "/");
        text(http, "scheme", "HTTP");
    }
    if let Some(grpc) = child(handler, "grpc") {
        text(grpc, "service", "");
    }
}

/// Where a limit is set and the request is not, the request is the limit.
fn requests_from_limits(container: &mut Struct) {
    let Some(resources) = child(container, "resources") else { return };
    let Some(limits) = entries(resources, "limits").cloned() else { return };
    let mut requests = resources.get("requests").and_then(Value::as_map).cloned().unwrap_or_default();
    for (name, limit) in limits {
        if requests.get(&name).is_none() {
            requests.insert(name, limit);
        }
    }
    put(resources, "requests", Value::Map(requests));
}

fn host_ports(container: &mut Struct) {
    each(container, "ports", |port| {
        let number = port.get("containerPort").and_then(Value::as_i64).unwrap_or_default();
        nonzero(port, "hostPort", number);
    });
}

fn is_pod_level(name: &str) -> bool {
    matches!(name, "cpu" | "memory") || name.starts_with("hugepages-")
}

/// Requests (and hugepages' limits) of the pod as a whole, from its limits and containers.
/// Source: KEP-2837, "Defaulting".
fn pod_level_resources(spec: &mut Struct) {
    let given =
        |list: &str| spec.get("resources").and_then(|resources| resources.get(list)).and_then(Value::as_map);
    let (limits, requests) = (given("limits").cloned(), given("requests").cloned());
    if limits.is_none() && requests.is_none() {
        return;
    }
    let mut limits = limits.unwrap_or_default();
    let mut requests = requests.unwrap_or_default();
    for (name, total) in aggregate(spec, "limits") {
        if name.starts_with("hugepages-") && limits.get(&name).is_none() && requests.get(&name).is_none() {
            limits.insert(name, Value::string(total.to_string()));
        }
    }
    let sums = aggregate(spec, "requests");
    for (name, limit) in limits.iter() {
        if !is_pod_level(name) || requests.get(name).is_some() {
            continue;
        }
        let sum = sums.iter().find(|(other, _)| other == name).map(|(_, total)| total);
        // Hugepages cannot be overcommitted: their request is always the limit.
        let request = match sum {
            Some(total) if !name.starts_with("hugepages-") => Value::string(total.to_string()),
            _ => limit.clone(),
        };
        requests.insert(name, request);
    }
    if let Some(resources) = child(spec, "resources") {
        for (field, map) in [("limits", limits), ("requests", requests)] {
            if !map.is_empty() {
                put(resources, field, Value::Map(map));
            }
        }
    }
}

/// What all containers together take: the sum of those that run side by side, or what initialising takes, whichever
/// is more. Source: KEP-753, "Resource calculation for scheduling and pod admission".
fn aggregate(spec: &Struct, list: &str) -> Vec<(String, Quantity)> {
    type Totals = Vec<(String, Quantity)>;
    fn slot<'a>(totals: &'a mut Totals, name: &str) -> &'a mut Quantity {
        let at = totals.iter().position(|(other, _)| other == name).unwrap_or_else(|| {
            totals.push((name.to_owned(), Quantity::ZERO));
            totals.len() - 1
        });
        &mut totals[at].1
    }
    fn amounts<'a>(container: &'a Value, list: &str) -> impl Iterator<Item = (&'a str, Quantity)> {
        let map = container.path(&["resources", list]).and_then(Value::as_map);
        map.into_iter()
            .flat_map(Map::iter)
            .filter_map(|(name, value)| Some((name, value.as_str()?.parse().ok()?)))
    }
    let (mut running, mut sidecars, mut peak) = (Totals::new(), Totals::new(), Totals::new());
    for container in spec.get("initContainers").map(Value::items).unwrap_or_default() {
        let sidecar = container.get("restartPolicy").and_then(Value::as_str) == Some("Always");
        for (name, amount) in amounts(container, list) {
            let before = *slot(&mut sidecars, name);
            let total = before + amount;
            if sidecar {
                *slot(&mut sidecars, name) = total;
                let sum = slot(&mut running, name);
                *sum += amount;
            }
            let most = slot(&mut peak, name);
            if total > *most {
                *most = total;
            }
        }
    }
    for container in spec.get("containers").map(Value::items).unwrap_or_default() {
        for (name, amount) in amounts(container, list) {
            let sum = slot(&mut running, name);
            *sum += amount;
        }
    }
    for (name, most) in peak {
        let sum = slot(&mut running, &name);
        if most > *sum {
            *sum = most;
        }
    }
    running
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pull_policies() {
        let check = |image: &str, expect: &str| assert_eq!(pull_policy(image), expect, "{image}");
        check("nginx", "Always");
        check("nginx:latest", "Always");
        check("nginx:1.27", "IfNotPresent");
        check("localhost:5000/nginx", "Always");
        check("localhost:5000/nginx:1", "IfNotPresent");
        check("nginx@sha256:0123", "IfNotPresent");
        check("nginx:latest@sha256:0123", "Always");
    }
}
