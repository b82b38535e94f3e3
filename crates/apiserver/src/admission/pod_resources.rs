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
    let mut total = Amounts::new();
    for container in list(pod, &["spec", "containers"]) {
        add(&mut total, &amounts(container, &["resources", field]));
    }
    let (mut sidecars, mut peak) = (Amounts::new(), Amounts::new());
    for container in list(pod, &["spec", "initContainers"]) {
        let own = amounts(container, &["resources", field]);
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
}
