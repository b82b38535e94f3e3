//! The plugins, a file each, and the table of them in the order of kube-scheduler's default profile.

mod balanced_allocation;
mod image_locality;
mod node_affinity;
mod node_name;
mod node_ports;
mod node_unschedulable;
mod resources_fit;
mod scoring;
mod taint_toleration;

use serde_json::Value;

use crate::framework::{Filter, Score};
use mizzen_component::ConfigError as Error;

type Make<T> = fn(&Value) -> Result<Box<T>, Error>;

/// A plugin that can be switched on.
pub(crate) struct Known {
    /// Its name in configurations.
    pub(crate) name: &'static str,
    /// How much its score counts by default.
    pub(crate) weight: i64,
    /// Makes the filter from its arguments.
    pub(crate) filter: Option<Make<dyn Filter>>,
    /// Makes the score from its arguments.
    pub(crate) score: Option<Make<dyn Score>>,
}

macro_rules! make {
    ($plugin:expr) => {
        Some(|_| Ok(Box::new($plugin)))
    };
}

const NONE: Known = Known { name: "", weight: 0, filter: None, score: None };

/// Every plugin there is. Gates, order and binding are the scheduler's own doing, under the names they go by.
pub(crate) const KNOWN: &[Known] = &[
    Known { name: "SchedulingGates", ..NONE },
    Known { name: "PrioritySort", ..NONE },
    Known { name: "NodeUnschedulable", filter: make!(node_unschedulable::NodeUnschedulable), ..NONE },
    Known { name: "NodeName", filter: make!(node_name::NodeName), ..NONE },
    Known {
        name: "TaintToleration",
        weight: 3,
        filter: make!(taint_toleration::TaintToleration),
        score: make!(taint_toleration::TaintToleration),
    },
    Known {
        name: "NodeAffinity",
        weight: 2,
        filter: Some(|args| Ok(Box::new(node_affinity::NodeAffinity::new(args)?))),
        score: Some(|args| Ok(Box::new(node_affinity::NodeAffinity::new(args)?))),
    },
    Known { name: "NodePorts", filter: make!(node_ports::NodePorts), ..NONE },
    Known {
        name: "NodeResourcesFit",
        weight: 1,
        filter: Some(|args| Ok(Box::new(resources_fit::NodeResourcesFit::new(args)?))),
        score: Some(|args| Ok(Box::new(resources_fit::NodeResourcesFit::new(args)?))),
    },
    Known {
        name: "NodeResourcesBalancedAllocation",
        weight: 1,
        filter: None,
        score: Some(|args| Ok(Box::new(balanced_allocation::NodeResourcesBalancedAllocation::new(args)?))),
    },
    Known { name: "ImageLocality", weight: 1, filter: None, score: make!(image_locality::ImageLocality) },
    Known { name: "DefaultBinder", ..NONE },
];

/// kube-scheduler's other plugins: refused by name, so that nobody relies on what does not happen.
pub(crate) const ABSENT: &[&str] = &[
    "DefaultPreemption",
    "DynamicResources",
    "InterPodAffinity",
    "NodeVolumeLimits",
    "PodTopologySpread",
    "VolumeBinding",
    "VolumeRestrictions",
    "VolumeZone",
];

/// Whether a plugin can be made of these arguments.
pub(crate) fn check_arguments(name: &str, args: &Value) -> Result<(), Error> {
    for known in KNOWN.iter().filter(|known| known.name == name) {
        known.filter.map(|make| make(args)).transpose()?;
        known.score.map(|make| make(args)).transpose()?;
    }
    Ok(())
}
