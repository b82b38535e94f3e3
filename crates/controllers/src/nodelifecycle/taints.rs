//! From conditions to taints.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Node, Taint};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use mizzen_client::{Error, Object, Patch};
use serde_json::json;

use super::disruption::{State, Zone};
use super::{Controller, condition, now, readiness};

pub(super) const NOT_READY: &str = "node.kubernetes.io/not-ready";
pub(super) const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";
/// Taints that follow from conditions being true.
const PRESSURES: [(&str, &str); 4] = [
    ("MemoryPressure", "node.kubernetes.io/memory-pressure"),
    ("DiskPressure", "node.kubernetes.io/disk-pressure"),
    ("PIDPressure", "node.kubernetes.io/pid-pressure"),
    ("NetworkUnavailable", "node.kubernetes.io/network-unavailable"),
];
const REGION: &str = "topology.kubernetes.io/region";
const ZONE: &str = "topology.kubernetes.io/zone";

fn taint(key: &str, effect: &str, added: Option<Timestamp>) -> Taint {
    Taint { key: key.to_owned(), effect: effect.to_owned(), value: None, time_added: added.map(Time) }
}

/// The key that a node's readiness asks for.
fn readiness_key(node: &Node) -> Option<&'static str> {
    match readiness(node) {
        "True" => None,
        "False" => Some(NOT_READY),
        // A node that was never heard of is not known to be unreachable, and has no condition yet.
        _ if condition(node, "Ready").is_none() => Some(NOT_READY),
        _ => Some(UNREACHABLE),
    }
}

/// The taints that keep pods from being put on a node.
fn no_schedule(node: &Node) -> Vec<&'static str> {
    let mut keys: Vec<&'static str> = PRESSURES
        .iter()
        .filter(|(type_, _)| condition(node, type_).is_some_and(|own| own.status == "True"))
        .map(|(_, key)| *key)
        .collect();
    keys.extend(readiness_key(node));
    if node.spec.as_ref().is_some_and(|spec| spec.unschedulable == Some(true)) {
        keys.push(UNSCHEDULABLE);
    }
    keys
}

fn is_ours(own: &Taint) -> bool {
    let key = own.key.as_str();
    match own.effect.as_str() {
        "NoSchedule" => {
            PRESSURES.iter().any(|(_, ours)| *ours == key)
                || [NOT_READY, UNREACHABLE, UNSCHEDULABLE].contains(&key)
        }
        "NoExecute" => [NOT_READY, UNREACHABLE].contains(&key),
        _ => false,
    }
}

/// The node's taints as they should be; `None`: as they are. `lost` is the taint that sends pods away.
pub(super) fn wanted(node: &Node, lost: Option<&str>, now: Timestamp) -> Option<Vec<Taint>> {
    let have: Vec<Taint> = node.spec.iter().flat_map(|spec| spec.taints.iter().flatten()).cloned().collect();
    let keys = no_schedule(node);
    let stays = |own: &&Taint| match own.effect.as_str() {
        _ if !is_ours(own) => true,
        "NoSchedule" => keys.contains(&own.key.as_str()),
        _ => lost == Some(own.key.as_str()),
    };
    let mut wanted: Vec<Taint> = have.iter().filter(stays).cloned().collect();
    let has =
        |all: &[Taint], key: &str, effect: &str| all.iter().any(|own| own.key == key && own.effect == effect);
    for key in keys {
        if !has(&wanted, key, "NoSchedule") {
            wanted.push(taint(key, "NoSchedule", Some(now)));
        }
    }
    if let Some(key) = lost.filter(|key| !has(&wanted, key, "NoExecute")) {
        wanted.push(taint(key, "NoExecute", Some(now)));
    }
    (wanted != have).then_some(wanted)
}

/// A node's failure domain.
fn zone(node: &Node) -> String {
    let label = |name: &str| node.metadata.labels.as_ref().and_then(|labels| labels.get(name)).cloned();
    format!("{}:{}", label(REGION).unwrap_or_default(), label(ZONE).unwrap_or_default())
}

impl Controller {
    /// Puts the node's taints right. Gives the time after which to look again.
    pub(super) async fn taint(&self, node: &Object<Node>) -> Result<Option<Duration>, Error> {
        let (lost, wait) = self.is_lost(node);
        let Some(wanted) = wanted(&node.value, lost, self.timestamp()) else { return Ok(wait) };
        let patch = json!({
            "metadata": {"uid": node.uid, "resourceVersion": node.resource_version},
            "spec": {"taints": wanted},
        });
        self.context.client.patch::<Node>("", &node.key.name, "", &Patch::Merge(patch)).await?;
        Ok(wait)
    }

    /// Whether the node's pods are to be sent away, by which taint; and, if it is not decided yet, when to ask again.
    fn is_lost(&self, node: &Object<Node>) -> (Option<&'static str>, Option<Duration>) {
        let name = &node.key.name;
        let Some(key) = readiness_key(&node.value).filter(|_| condition(&node.value, "Ready").is_some())
        else {
            self.rates().forget(name);
            return (None, None);
        };
        let mut zones: BTreeMap<String, Zone> = BTreeMap::new();
        for other in self.nodes.list() {
            let counts = zones.entry(zone(&other.value)).or_default();
            if readiness(&other.value) == "True" {
                counts.ready += 1;
            } else {
                counts.not_ready += 1;
            }
        }
        let all_full = zones.values().all(|zone| zone.state() == State::Full);
        let own = zone(&node.value);
        let Some(pause) = zones.get(&own).copied().unwrap_or_default().pause(all_full) else {
            // What was said before stays said, unless nobody is heard any more.
            let said = |own: &Taint| is_ours(own) && own.effect == "NoExecute";
            let said = node.value.spec.iter().flat_map(|spec| spec.taints.iter().flatten()).any(said);
            if all_full {
                self.rates().forget(name);
            }
            let wait = self.context.config.node_monitor_period;
            return (Some(key).filter(|_| said && !all_full), Some(wait));
        };
        match self.rates().ask(name, &own, pause, now()) {
            Ok(()) => (Some(key), None),
            Err(wait) => (None, Some(wait)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taints_follow_conditions() {
        let check = |node: serde_json::Value, lost: Option<&str>, expect: Option<&[(&str, &str)]>| {
            let node: Node = serde_json::from_value(node).expect("a node");
            let wanted = wanted(&node, lost, Timestamp::UNIX_EPOCH);
            let shape = wanted
                .as_ref()
                .map(|all| all.iter().map(|one| (one.key.as_str(), one.effect.as_str())).collect::<Vec<_>>());
            assert_eq!(shape.as_deref(), expect);
        };
        let node = |ready: &str, taints: serde_json::Value| {
            json!({
                "spec": {"taints": taints},
                "status": {"conditions": [{"type": "Ready", "status": ready}]},
            })
        };
        check(node("True", json!([])), None, None);
        check(node("True", json!([{"key": NOT_READY, "effect": "NoSchedule"}])), None, Some(&[]));
        check(node("False", json!([])), None, Some(&[(NOT_READY, "NoSchedule")]));
        check(
            node("Unknown", json!([{"key": "mine", "effect": "NoExecute"}])),
            Some(UNREACHABLE),
            Some(&[("mine", "NoExecute"), (UNREACHABLE, "NoSchedule"), (UNREACHABLE, "NoExecute")]),
        );
        check(
            node("False", json!([{"key": UNREACHABLE, "effect": "NoExecute"}])),
            Some(NOT_READY),
            Some(&[(NOT_READY, "NoSchedule"), (NOT_READY, "NoExecute")]),
        );
        check(
            json!({
                "spec": {"unschedulable": true},
                "status": {"conditions": [
                    {"type": "Ready", "status": "True"}, {"type": "DiskPressure", "status": "True"},
                ]},
            }),
            None,
            Some(&[("node.kubernetes.io/disk-pressure", "NoSchedule"), (UNSCHEDULABLE, "NoSchedule")]),
        );
    }
}
