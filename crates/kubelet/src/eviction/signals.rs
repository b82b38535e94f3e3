//! What is measured, and where it becomes critical.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::pods::resources;

/// What can run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Signal {
    Memory,
    /// Of what pods may use altogether.
    AllocatableMemory,
    NodeFs,
    NodeFsInodes,
    ImageFs,
    ImageFsInodes,
    Pids,
}

impl Signal {
    pub(crate) const ALL: [Self; 7] = [
        Self::Memory,
        Self::AllocatableMemory,
        Self::NodeFs,
        Self::NodeFsInodes,
        Self::ImageFs,
        Self::ImageFsInodes,
        Self::Pids,
    ];

    /// As thresholds name it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory.available",
            Self::AllocatableMemory => "allocatableMemory.available",
            Self::NodeFs => "nodefs.available",
            Self::NodeFsInodes => "nodefs.inodesFree",
            Self::ImageFs => "imagefs.available",
            Self::ImageFsInodes => "imagefs.inodesFree",
            Self::Pids => "pid.available",
        }
    }

    /// Whose threshold holds for it. Pods' share of the memory has that of the node's, if that acts at once: so they are
    /// evicted when they use more than what the Node says is allocatable.
    fn threshold_of(self) -> &'static str {
        if self == Self::AllocatableMemory { Self::Memory.as_str() } else { self.as_str() }
    }

    /// As messages name what is scarce.
    pub(crate) fn resource(self) -> &'static str {
        match self {
            Self::Memory | Self::AllocatableMemory => "memory",
            Self::NodeFs | Self::ImageFs => "ephemeral-storage",
            Self::NodeFsInodes | Self::ImageFsInodes => "inodes",
            Self::Pids => "pids",
        }
    }
}

/// A measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Observation {
    pub(crate) available: u64,
    pub(crate) capacity: u64,
}

/// A threshold's value: a quantity, or a share of the capacity.
pub(crate) fn threshold(text: &str, capacity: u64) -> Option<u64> {
    if let Some(percent) = text.strip_suffix('%') {
        let share: f64 = percent.trim().parse().ok()?;
        return (0.0..=100.0).contains(&share).then(|| (capacity as f64 * share / 100.0) as u64);
    }
    let quantity = k8s_openapi::apimachinery::pkg::api::resource::Quantity(text.to_owned());
    text.parse::<mizzen_machinery::quantity::Quantity>().ok()?;
    u64::try_from(resources::value(&quantity)).ok()
}

/// A signal that is below its threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) signal: Signal,
    pub(crate) threshold: u64,
    pub(crate) observed: Observation,
    /// How long it may stay so; none: not at all.
    pub(crate) grace: Option<Duration>,
}

/// Which thresholds are met.
pub(crate) fn met(
    observed: &BTreeMap<Signal, Observation>,
    hard: &BTreeMap<String, String>,
    soft: &BTreeMap<String, String>,
    soft_grace: &BTreeMap<String, Duration>,
) -> Vec<Met> {
    let mut list = Vec::new();
    for signal in Signal::ALL {
        let Some(observation) = observed.get(&signal) else { continue };
        let name = signal.threshold_of();
        let below = |map: &BTreeMap<String, String>| {
            let threshold = threshold(map.get(name)?, observation.capacity)?;
            (observation.available < threshold).then_some(threshold)
        };
        if let Some(threshold) = below(hard) {
            list.push(Met { signal, threshold, observed: *observation, grace: None });
        } else if let Some(threshold) = below(soft).filter(|_| signal != Signal::AllocatableMemory) {
            let grace = soft_grace.get(name).copied().unwrap_or_default();
            list.push(Met { signal, threshold, observed: *observation, grace: Some(grace) });
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signals_of(met: &[Met]) -> Vec<Signal> {
        met.iter().map(|met| met.signal).collect()
    }

    #[test]
    fn thresholds() {
        assert_eq!(threshold("10%", 1000), Some(100));
        assert_eq!(threshold("100Mi", 0), Some(100 << 20));
        assert_eq!(threshold("101%", 1000), None);
        assert_eq!(threshold("x", 1000), None);
        let observed = BTreeMap::from([
            (Signal::Memory, Observation { available: 50, capacity: 1000 }),
            (Signal::NodeFs, Observation { available: 150, capacity: 1000 }),
            (Signal::AllocatableMemory, Observation { available: 45, capacity: 500 }),
        ]);
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let hard = map(&[("memory.available", "10%"), ("nodefs.available", "10%")]);
        let soft = map(&[("nodefs.available", "20%")]);
        let grace = BTreeMap::from([("nodefs.available".to_owned(), Duration::from_secs(60))]);
        let got = met(&observed, &hard, &soft, &grace);
        let got: Vec<_> = got.iter().map(|met| (met.signal, met.threshold, met.grace)).collect();
        let expect = [
            (Signal::Memory, 100, None),
            (Signal::AllocatableMemory, 50, None),
            (Signal::NodeFs, 200, Some(Duration::from_secs(60))),
        ];
        assert_eq!(got, expect);
        let got = signals_of(&met(&observed, &BTreeMap::new(), &hard, &grace));
        assert_eq!(got, [Signal::Memory], "a threshold with a grace period is the node's alone");
    }
}
