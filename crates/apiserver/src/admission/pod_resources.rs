//! What a pod asks for and what it is limited to.
//!
//! Source: KEP-753 (sidecars), "Resource calculation"; KEP-2837 (pod-level resources).

use std::collections::BTreeMap;

use mizzen_machinery::quantity::Quantity;
use mizzen_schema::value::Value;

use super::tree::{entries, list, text};

/// Quantities by resource name.
pub(super) type Amounts = BTreeMap<String, Quantity>;

/// The quantities of a map at a path; what is no quantity was refused before.
pub(super) fn amounts(value: &Value, path: &[&str]) -> Amounts {
    let parsed = entries(value, path).filter_map(|(name, text)| Some((name.to_owned(), text.parse().ok()?)));
    parsed.collect()
}

pub(super) fn add(into: &mut Amounts, more: &Amounts) {
    for (name, amount) in more {
        let sum = into.get(name).copied().unwrap_or(Quantity::ZERO) + *amount;
        into.insert(name.clone(), sum);
    }
}

fn raise(into: &mut Amounts, to: &Amounts) {
    for (name, amount) in to {
        match into.get(name) {
            Some(known) if known >= amount => {}
            _ => drop(into.insert(name.clone(), *amount)),
        }
    }
}

/// What a pod's containers ask for (`requests`) or are limited to (`limits`): containers and sidecars by sum,
/// init containers by maximum, each while the sidecars before it run; pod-level resources instead where they
/// are given; and the overhead.
pub(super) fn of_pod(pod: &Value, field: &str) -> Amounts {
    sum(pod, field, |container, _| amounts(container, &["resources", field]))
}

/// The same of a pod that may be resized: of each container the most of what it asks for, what its node allocated to it,
/// and what it has; what it asks for in vain does not count. Source: KEP-1287, "Resource Quota".
pub(super) fn held_by_pod(pod: &Value, field: &str) -> Amounts {
    let in_vain = list(pod, &["status", "conditions"]).iter().any(|condition| {
        text(condition, &["type"]) == "PodResizePending" && text(condition, &["reason"]) == "Infeasible"
    });
    sum(pod, field, |container, statuses| {
        let own = amounts(container, &["resources", field]);
        let name = text(container, &["name"]);
        let statuses = list(pod, &["status", statuses]);
        let status = statuses.iter().find(|status| text(status, &["name"]) == name);
        let Some(status) = status.filter(|status| status.get("resources").is_some()) else { return own };
        let mut most = if in_vain { Amounts::new() } else { own };
        raise(&mut most, &amounts(status, &["resources", field]));
        if field == "requests" {
            raise(&mut most, &amounts(status, &["allocatedResources"]));
        }
        most
    })
}

/// A pod's sum, each container counted by `of`, which gets the list of the container's status too.
fn sum(pod: &Value, field: &str, of: impl Fn(&Value, &str) -> Amounts) -> Amounts {
    let mut total = Amounts::new();
    for container in list(pod, &["spec", "containers"]) {
        add(&mut total, &of(container, "containerStatuses"));
    }
    let (mut sidecars, mut peak) = (Amounts::new(), Amounts::new());
    for container in list(pod, &["spec", "initContainers"]) {
        let own = if text(container, &["restartPolicy"]) == "Always" {
            of(container, "initContainerStatuses")
        } else {
            amounts(container, &["resources", field])
        };
        if text(container, &["restartPolicy"]) == "Always" {
            add(&mut sidecars, &own);
            raise(&mut peak, &sidecars);
        } else {
            let mut with = sidecars.clone();
            add(&mut with, &own);
            raise(&mut peak, &with);
        }
    }
    add(&mut total, &sidecars);
    raise(&mut total, &peak);
    for (name, amount) in amounts(pod, &["spec", "resources", field]) {
        total.insert(name, amount);
    }
    let overhead = amounts(pod, &["spec", "overhead"]);
    if field == "requests" {
        add(&mut total, &overhead);
    } else {
        // A resource without a limit stays without one.
        let known: Amounts = overhead.into_iter().filter(|(name, _)| total.contains_key(name)).collect();
        add(&mut total, &known);
    }
    total
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tree::build;
    use super::*;

    #[test]
    fn sums_and_peaks() {
        let check = |spec: serde_json::Value, expect: &str| {
            let pod = build(None, json!({"spec": spec}));
            let cpu = of_pod(&pod, "requests").get("cpu").map(ToString::to_string).unwrap_or_default();
            assert_eq!(cpu, expect);
        };
        let cpu = |amount: &str| json!({"resources": {"requests": {"cpu": amount}}});
        let sidecar =
            |amount: &str| json!({"restartPolicy": "Always", "resources": {"requests": {"cpu": amount}}});
        check(json!({"containers": [cpu("100m"), cpu("200m")]}), "300m");
        check(json!({"containers": [cpu("100m")], "initContainers": [cpu("1")]}), "1");
        check(json!({"containers": [cpu("1")], "initContainers": [sidecar("500m"), cpu("1200m")]}), "1700m");
        check(json!({"containers": [cpu("1")], "overhead": {"cpu": "1m"}}), "1001m");
        check(json!({"containers": [cpu("1")], "resources": {"requests": {"cpu": "3"}}}), "3");
        check(json!({"containers": []}), "");
    }

    #[test]
    fn resizes_count_by_maximum() {
        let check = |reason: &str, field: &str, expect: &str| {
            let resources = |amount: &str| json!({"requests": {"cpu": amount}, "limits": {"cpu": amount}});
            let pod = build(
                None,
                json!({
                    "spec": {"containers": [{"name": "c", "resources": resources("3")}]},
                    "status": {
                        "conditions": [{"type": "PodResizePending", "status": "True", "reason": reason}],
                        "containerStatuses": [{
                            "name": "c",
                            "allocatedResources": {"cpu": "2"},
                            "resources": resources("1"),
                        }],
                    },
                }),
            );
            let cpu = held_by_pod(&pod, field).get("cpu").map(ToString::to_string).unwrap_or_default();
            assert_eq!(cpu, expect, "{reason} {field}");
        };
        check("Deferred", "requests", "3");
        check("Infeasible", "requests", "2");
        check("Infeasible", "limits", "1");
    }
}
