//! NodeName: a pod that names its node runs there.

use crate::framework::{Candidate, Filter, Rejection};
use crate::snapshot::Node;

pub(crate) struct NodeName;

impl Filter for NodeName {
    fn filter(&self, candidate: &Candidate<'_>, node: &Node) -> Result<(), Rejection> {
        let wanted = &candidate.pod.spec.node_name;
        if wanted.is_empty() || *wanted == node.name {
            return Ok(());
        }
        Err(Rejection::because("node(s) didn't match the requested node name"))
    }
}
