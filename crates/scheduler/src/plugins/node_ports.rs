//! NodePorts: a host port is had once a node.

use crate::framework::{Candidate, Filter, Rejection};
use crate::snapshot::Node;

pub(crate) struct NodePorts;

impl Filter for NodePorts {
    fn filter(&self, candidate: &Candidate<'_>, node: &Node) -> Result<(), Rejection> {
        let taken = |port| node.host_ports.iter().any(|own| own.conflicts(port));
        if candidate.footprint.host_ports.iter().any(taken) {
            return Err(Rejection::because("node(s) didn't have free ports for the requested pod ports"));
        }
        Ok(())
    }
}
