//! One pod's way through filters and scores.

use std::collections::BTreeMap;
use std::sync::Arc;

use mizzen_clock::Random;

use crate::framework::{Candidate, Rejection};
use crate::profile::Profile;
use crate::snapshot::Node;

/// Below so many nodes all are looked at.
const NODES_MIN: usize = 100;
/// At least so many percent of the nodes are looked at, however many there are.
const PERCENT_MIN: usize = 5;

/// Why a pod fits nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unschedulable {
    /// `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.`
    pub(crate) message: String,
}

/// How many nodes that fit are enough. Source: kube-scheduler's `percentageOfNodesToScore`.
fn enough(nodes: usize, percentage: u32) -> usize {
    let percentage = match percentage {
        0 => 50usize.saturating_sub(nodes / 125).max(PERCENT_MIN),
        given => given as usize,
    };
    if nodes < NODES_MIN || percentage >= 100 { nodes } else { (nodes * percentage / 100).max(NODES_MIN) }
}

/// Chooses the node for a pod. `start` is where the search begins, so that all nodes get their turn; it moves on.
pub(crate) fn choose(
    candidate: &Candidate<'_>,
    profile: &Profile,
    nodes: &[Arc<Node>],
    start: &mut usize,
    random: &Random,
) -> Result<String, Unschedulable> {
    let wanted = enough(nodes.len(), profile.percentage);
    let mut fitting = Vec::new();
    let mut rejections: BTreeMap<String, usize> = BTreeMap::new();
    let mut visited = 0;
    for offset in 0..nodes.len() {
        let node = &nodes[(*start + offset) % nodes.len()];
        visited += 1;
        match profile.filters.iter().try_for_each(|filter| filter.filter(candidate, node)) {
            Ok(()) => fitting.push(node.clone()),
            Err(Rejection { reasons }) => {
                for reason in reasons {
                    *rejections.entry(reason).or_default() += 1;
                }
            }
        }
        if fitting.len() >= wanted {
            break;
        }
    }
    if !nodes.is_empty() {
        *start = (*start + visited) % nodes.len();
    }
    match fitting.as_slice() {
        [] => Err(Unschedulable { message: explain(nodes.len(), &rejections) }),
        [only] => Ok(only.name.clone()),
        several => Ok(best(candidate, profile, several, nodes.len(), random)),
    }
}

/// The node with the highest score; chance decides between equals.
fn best(
    candidate: &Candidate<'_>,
    profile: &Profile,
    nodes: &[Arc<Node>],
    all: usize,
    random: &Random,
) -> String {
    let mut totals = vec![0; nodes.len()];
    for (weight, plugin) in &profile.scores {
        if let Some(scores) = plugin.score(candidate, nodes, all) {
            for (total, score) in totals.iter_mut().zip(scores) {
                *total += score * weight;
            }
        }
    }
    let highest = totals.iter().copied().max().unwrap_or(0);
    let equals: Vec<&Arc<Node>> =
        nodes.iter().zip(&totals).filter(|(_, total)| **total == highest).map(|(node, _)| node).collect();
    let pick = usize::try_from(random.below(equals.len() as u64)).unwrap_or(0);
    equals[pick].name.clone()
}

/// What kube-scheduler says of it.
fn explain(nodes: usize, rejections: &BTreeMap<String, usize>) -> String {
    if nodes == 0 {
        return "no nodes available to schedule pods".to_owned();
    }
    let mut reasons: Vec<String> =
        rejections.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    reasons.sort();
    format!("0/{nodes} nodes are available: {}.", reasons.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::pod::PodView;
    use crate::snapshot::{NodeView, Snapshot};

    fn choice(nodes: &[(&str, serde_json::Value)], pod: serde_json::Value) -> Result<String, String> {
        let mut snapshot = Snapshot::default();
        for (name, node) in nodes {
            let view: NodeView = serde_json::from_value(node.clone()).expect("a node");
            snapshot.set_node(name, &view);
        }
        let pod: PodView = serde_json::from_value(pod).expect("a pod");
        let footprint = pod.footprint();
        let candidate = Candidate { pod: &pod, footprint: &footprint };
        let random = Random::from_seed(1);
        let profiles = crate::Config::default().profiles().expect("the defaults");
        choose(&candidate, &profiles[0], snapshot.nodes(), &mut 0, &random).map_err(|error| error.message)
    }

    fn node(cpu: &str) -> serde_json::Value {
        json!({"status": {"allocatable": {"cpu": cpu, "memory": "8Gi", "pods": "10"}}})
    }

    fn pod(cpu: &str) -> serde_json::Value {
        json!({"spec": {"containers": [{"resources": {"requests": {"cpu": cpu, "memory": "1Gi"}}}]}})
    }

    #[test]
    fn the_emptier_node_wins() {
        assert_eq!(choice(&[("a", node("2")), ("b", node("8"))], pod("1")), Ok("b".to_owned()));
    }

    #[test]
    fn refusals_are_counted() {
        let mut cordoned = node("9");
        cordoned["spec"] = json!({"unschedulable": true});
        let mut tainted = node("9");
        tainted["spec"] = json!({"taints": [{"key": "dedicated", "value": "db", "effect": "NoSchedule"}]});
        let nodes = [("a", node("1")), ("b", node("2")), ("c", cordoned), ("d", tainted)];
        let expect = "0/4 nodes are available: 1 node(s) had untolerated taint {dedicated: db}, \
                      1 node(s) were unschedulable, 2 Insufficient cpu.";
        assert_eq!(choice(&nodes, pod("4")), Err(expect.to_owned()));
        assert_eq!(choice(&[], pod("4")), Err("no nodes available to schedule pods".to_owned()));
    }

    #[test]
    fn large_clusters_are_sampled() {
        let check = |nodes, percentage, expect| assert_eq!(enough(nodes, percentage), expect);
        check(99, 0, 99);
        check(1000, 0, 420);
        check(5000, 0, 500);
        check(6000, 0, 300);
        check(10_000, 0, 500);
        check(1000, 100, 1000);
        check(1000, 2, 100);
    }
}
