//! NodeUnschedulable: cordoned nodes take only pods that tolerate it.

use k8s_openapi::api::core::v1::Taint;

use super::taint_toleration::tolerates;
use crate::framework::{Candidate, Filter, Rejection};
use crate::snapshot::Node;

pub(crate) struct NodeUnschedulable;

impl Filter for NodeUnschedulable {
    fn filter(&self, candidate: &Candidate<'_>, node: &Node) -> Result<(), Rejection> {
        let taint = Taint {
            key: "node.kubernetes.io/unschedulable".to_owned(),
            effect: "NoSchedule".to_owned(),
            ..Taint::default()
        };
        if !node.unschedulable || tolerates(&candidate.pod.spec.tolerations, &taint) {
            return Ok(());
        }
        Err(Rejection::because("node(s) were unschedulable"))
    }
}
