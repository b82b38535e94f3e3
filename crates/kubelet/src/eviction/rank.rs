//! Which pod goes first.

use std::cmp::Reverse;
use std::sync::Arc;

use k8s_openapi::api::core::v1::Pod;

use crate::pods::{resources, spec};

/// A pod with what it uses of what is scarce.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) pod: Arc<Pod>,
    pub(crate) usage: u64,
}

/// Orders pods: first those that use more than they asked for, then by priority, then by how much more they use.
/// Critical pods are left out.
///
/// Source: the documentation "Node-pressure Eviction", "Pod selection for kubelet eviction".
pub(crate) fn order(mut pods: Vec<Candidate>, resource: &str) -> Vec<Candidate> {
    pods.retain(|candidate| !spec::is_critical(&candidate.pod));
    pods.sort_by_key(|candidate| {
        let request = u64::try_from(resources::pod_request(&candidate.pod, resource)).unwrap_or(0);
        let over = candidate.usage > request;
        let priority = spec::spec(&candidate.pod).priority.unwrap_or(0);
        let excess = i128::from(candidate.usage) - i128::from(request);
        (!over, priority, Reverse(excess), spec::key(&candidate.pod))
    });
    pods
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn over_requests_then_priority_then_excess() {
        let pod = |name: &str, request: &str, priority: i32, usage: u64| Candidate {
            pod: Arc::new(
                serde_json::from_value(json!({"metadata": {"name": name}, "spec": {"priority": priority,
                    "containers": [{"name": "c", "resources": {"requests": {"memory": request}}}]}}))
                .expect("a pod"),
            ),
            usage,
        };
        let got = order(
            vec![
                pod("within", "100", 0, 50),
                pod("high", "10", 1000, 500),
                pod("little", "10", 0, 20),
                pod("much", "10", 0, 300),
                pod("critical", "1", 2_000_000_000, 900),
            ],
            "memory",
        );
        let names: Vec<&str> = got.iter().map(|candidate| spec::name(&candidate.pod)).collect();
        assert_eq!(names, ["much", "little", "high", "within"]);
    }
}
