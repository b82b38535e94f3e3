//! The cgroups of quality-of-service classes and pods.
//!
//! `kubepods` holds guaranteed pods and the folders `burstable` and `besteffort`; each pod has a folder `podUID`, under
//! which the runtime puts its containers. The layout is the cgroupfs driver's.

use std::collections::HashMap;
use std::io;

use mizzen_kernel::cgroup::{Cgroup, Layout, Resources, Stats};

use crate::pods::resources::QosClass;

/// The kubelet's part of the hierarchy.
pub(crate) struct PodCgroups {
    layout: Layout,
    root: String,
    enabled: bool,
}

impl std::fmt::Display for PodCgroups {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.kubepods())
    }
}

impl PodCgroups {
    /// Below `root`; not `enabled`, nothing is made and pods get no parent.
    pub(crate) fn new(layout: Layout, root: &str, enabled: bool) -> Self {
        let root = root.trim_matches('/');
        let root = if root.is_empty() { String::new() } else { format!("/{root}") };
        Self { layout, root, enabled }
    }

    fn kubepods(&self) -> String {
        format!("{}/kubepods", self.root)
    }

    fn class(&self, class: QosClass) -> String {
        match class {
            QosClass::Guaranteed => self.kubepods(),
            QosClass::Burstable => format!("{}/burstable", self.kubepods()),
            QosClass::BestEffort => format!("{}/besteffort", self.kubepods()),
        }
    }

    /// A pod's cgroup.
    pub(crate) fn pod(&self, class: QosClass, uid: &str) -> String {
        format!("{}/pod{uid}", self.class(class))
    }

    /// What the runtime gets as the parent of a pod's containers.
    pub(crate) fn pod_parent(&self, class: QosClass, uid: &str) -> String {
        if self.enabled { self.pod(class, uid) } else { String::new() }
    }

    fn at(&self, path: &str) -> io::Result<Cgroup> {
        Ok(Cgroup::new(&self.layout, path)?)
    }

    /// Makes a cgroup where it is missing and sets its limits, those that this machine can set.
    fn ensure(&self, path: &str, limits: &Resources) -> io::Result<()> {
        let cgroup = self.at(path)?;
        cgroup.create()?;
        let has = |controller: &str| self.layout.has(controller);
        let limits = Resources {
            cpu_shares: limits.cpu_shares.filter(|_| has("cpu")),
            cpu_quota: limits.cpu_quota.filter(|_| has("cpu")),
            cpu_period: limits.cpu_period.filter(|_| has("cpu")),
            memory: limits.memory.filter(|_| has("memory")),
            pids: limits.pids.filter(|_| has("pids")),
            ..limits.clone()
        };
        Ok(cgroup.limit(&limits)?)
    }

    /// Makes the classes' cgroups, with the CPU weight that burstable pods have together.
    pub(crate) fn ensure_classes(&self, burstable_milli: i64) -> io::Result<()> {
        if !self.enabled {
            return Ok(());
        }
        let weighs =
            |shares: i64| Resources { cpu_shares: Some(shares.unsigned_abs()), ..Resources::default() };
        let burstable = crate::pods::resources::cpu_shares(burstable_milli);
        self.ensure(&self.class(QosClass::Burstable), &weighs(burstable))?;
        self.ensure(&self.class(QosClass::BestEffort), &weighs(crate::pods::resources::cpu_shares(0)))
    }

    /// Limits what pods may use altogether.
    pub(crate) fn limit_all(&self, limits: &Resources) -> io::Result<()> {
        if self.enabled { self.ensure(&self.kubepods(), limits) } else { Ok(()) }
    }

    /// What all pods use; `None` where there is no cgroup of them.
    pub(crate) fn pods_usage(&self) -> Option<Stats> {
        self.at(&self.kubepods()).ok().filter(|_| self.enabled)?.stats().ok()
    }

    /// Files of version 2 that every container's cgroup gets: its processes end together when memory is short, and
    /// none is swapped out. Sources: KEP-2254 and the kubelet's `singleProcessOOMKill`; KEP-2400, `NoSwap`.
    pub(crate) fn container_files(&self) -> HashMap<String, String> {
        let Ok(kubepods) = self.at(&self.kubepods()) else { return HashMap::new() };
        [("memory.oom.group", "1"), ("memory.swap.max", "0")]
            .into_iter()
            .filter(|(file, _)| kubepods.has_file(file))
            .map(|(file, value)| (file.to_owned(), value.to_owned()))
            .collect()
    }

    /// Makes a pod's cgroup with these limits. Where containers run in it, it has them, or those of before a resize, which
    /// goes by an order of its own.
    pub(crate) fn ensure_pod(
        &self,
        class: QosClass,
        uid: &str,
        limits: &Resources,
        runs: bool,
    ) -> io::Result<()> {
        if !self.enabled || (runs && self.at(&self.pod(class, uid))?.exists()) {
            return Ok(());
        }
        self.ensure(&self.pod(class, uid), limits)
    }

    /// Changes the limits of a pod's cgroup.
    pub(crate) fn limit_pod(&self, class: QosClass, uid: &str, limits: &Resources) -> io::Result<()> {
        if self.enabled { self.ensure(&self.pod(class, uid), limits) } else { Ok(()) }
    }

    /// The memory and processor time that a pod's cgroup is limited to; none where there is no limit.
    pub(crate) fn pod_limits(&self, class: QosClass, uid: &str) -> io::Result<Resources> {
        if !self.enabled {
            return Ok(Resources::default());
        }
        let group = self.at(&self.pod(class, uid))?;
        let (memory, cpu) = (group.stats()?.memory_limit, group.cpu_limit()?);
        Ok(Resources {
            memory: i64::try_from(memory).ok().filter(|memory| *memory > 0),
            cpu_quota: cpu.map(|(quota, _)| quota),
            cpu_period: cpu.map(|(_, period)| period),
            ..Resources::default()
        })
    }

    /// Removes a pod's cgroup, whatever its class was. Waits for processes that are just ending.
    pub(crate) fn remove_pod(&self, uid: &str) -> io::Result<()> {
        if !self.enabled {
            return Ok(());
        }
        for class in [QosClass::Guaranteed, QosClass::Burstable, QosClass::BestEffort] {
            self.at(&self.pod(class, uid))?.remove()?;
        }
        Ok(())
    }

    /// What a pod uses; `None` where it has no cgroup.
    pub(crate) fn pod_usage(&self, class: QosClass, uid: &str) -> Option<Stats> {
        self.at(&self.pod(class, uid)).ok()?.stats().ok()
    }

    /// What the node uses: its own cgroup, or the whole machine.
    pub(crate) fn node_usage(&self) -> Option<Stats> {
        if self.root.is_empty() {
            return Cgroup::machine_stats(&self.layout).ok();
        }
        self.at(&self.root).ok()?.stats().ok()
    }

    /// Uids of pods that have a cgroup.
    pub(crate) fn pods(&self) -> Vec<String> {
        let classes = [QosClass::Guaranteed, QosClass::Burstable, QosClass::BestEffort];
        let groups = classes.into_iter().filter_map(|class| self.at(&self.class(class)).ok());
        let names = groups.flat_map(|group| group.children());
        names.filter_map(|name| name.strip_prefix("pod").map(str::to_owned)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_groups() {
        let check = |root: &str, enabled: bool, class: QosClass, expect: &str| {
            let groups = PodCgroups::new(Layout::default(), root, enabled);
            assert_eq!(groups.pod_parent(class, "1"), expect);
        };
        check("", true, QosClass::Guaranteed, "/kubepods/pod1");
        check("/mizzen/n1/", true, QosClass::Burstable, "/mizzen/n1/kubepods/burstable/pod1");
        check("/", true, QosClass::BestEffort, "/kubepods/besteffort/pod1");
        check("", false, QosClass::BestEffort, "");
    }
}
