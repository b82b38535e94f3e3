//! A pod's quality-of-service class.
//!
//! Source: "Pod Quality of Service Classes"; KEP-2837 for pods with resources of their own.

use std::collections::BTreeMap;

use mizzen_schema::value::{Map, Value};

use crate::quantity::Quantity;

/// How well a pod is treated when a node runs short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Every container has limits of CPU and memory, and requests just that.
    Guaranteed,
    /// Something is requested or limited.
    Burstable,
    /// Nothing is.
    BestEffort,
}

impl Class {
    /// The name in `status.qosClass`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Guaranteed => "Guaranteed",
            Self::Burstable => "Burstable",
            Self::BestEffort => "BestEffort",
        }
    }
}

const COMPUTE: [&str; 2] = ["cpu", "memory"];

/// Amounts of CPU and memory that are not zero.
fn amounts<'a>(resources: &'a Value, list: &str) -> impl Iterator<Item = (&'a str, Quantity)> {
    let map = resources.get(list).and_then(Value::as_map);
    map.into_iter()
        .flat_map(Map::iter)
        .filter(|(name, _)| COMPUTE.contains(name))
        .filter_map(|(name, value)| Some((name, value.as_str()?.parse::<Quantity>().ok()?)))
        .filter(|(_, amount)| amount.signum() > 0)
}

/// The class of a pod with this spec.
pub fn class(spec: &Value) -> Class {
    let whole = spec.get("resources").filter(|resources| {
        ["requests", "limits"].iter().any(|list| resources.get(list).is_some_and(|map| !map.is_zero()))
    });
    let list = |name: &str| spec.get(name).map(Value::items).unwrap_or_default();
    let empty = Value::Null;
    let each: Vec<&Value> = match whole {
        Some(resources) => vec![resources],
        None => list("containers")
            .iter()
            .chain(list("initContainers"))
            .map(|container| container.get("resources").unwrap_or(&empty))
            .collect(),
    };
    let mut requests: BTreeMap<&str, Quantity> = BTreeMap::new();
    let mut limits: BTreeMap<&str, Quantity> = BTreeMap::new();
    let mut all_limited = true;
    for resources in each {
        for (name, amount) in amounts(resources, "requests") {
            *requests.entry(name).or_default() += amount;
        }
        let mut limited = 0;
        for (name, amount) in amounts(resources, "limits") {
            *limits.entry(name).or_default() += amount;
            limited += 1;
        }
        all_limited &= limited == COMPUTE.len();
    }
    if requests.is_empty() && limits.is_empty() {
        Class::BestEffort
    } else if all_limited && requests == limits {
        Class::Guaranteed
    } else {
        Class::Burstable
    }
}
