//! The cgroups of quality-of-service classes and pods.
//!
//! `kubepods` holds guaranteed pods and the folders `burstable` and `besteffort`; each pod has a folder `podUID`, under
//! which the runtime puts its containers. The layout is the cgroupfs driver's.

mod files;

use std::time::Duration;

pub(crate) use files::FileCgroups;

use crate::pods::resources::QosClass;

/// Limits of a cgroup; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Limits {
    /// In cgroup v1's measure.
    pub(crate) cpu_shares: Option<i64>,
    /// Microseconds of each period; -1 for no limit.
    pub(crate) cpu_quota: Option<i64>,
    /// The period.
    pub(crate) cpu_period: Option<Duration>,
    /// Bytes; -1 for no limit.
    pub(crate) memory: Option<i64>,
    /// Processes; -1 for no limit.
    pub(crate) pids: Option<i64>,
}

/// What a cgroup uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// CPU time since the beginning, in nanoseconds.
    pub(crate) cpu_ns: u64,
    /// Memory with caches, in bytes.
    pub(crate) memory: u64,
    /// Memory less what can be dropped at once.
    pub(crate) working_set: u64,
    /// Anonymous memory.
    pub(crate) rss: u64,
    /// Processes and threads.
    pub(crate) pids: u64,
}

/// A hierarchy of cgroups, by paths relative to its root (`/kubepods/burstable`).
pub(crate) trait Cgroups: Send + Sync {
    /// Makes a cgroup where it is missing and sets its limits.
    fn ensure(&self, path: &str, limits: &Limits) -> std::io::Result<()>;
    /// Removes a cgroup and those below it. One that is not there is fine.
    fn remove(&self, path: &str) -> std::io::Result<()>;
    /// What a cgroup uses; `None` where there is none.
    fn usage(&self, path: &str) -> Option<Usage>;
    /// Names of the cgroups directly below `path`.
    fn children(&self, path: &str) -> Vec<String>;
}

/// The kubelet's part of the hierarchy.
pub(crate) struct PodCgroups {
    tree: Box<dyn Cgroups>,
    root: String,
    enabled: bool,
}

impl PodCgroups {
    /// Below `root`; not `enabled`, nothing is made and pods get no parent.
    pub(crate) fn new(tree: Box<dyn Cgroups>, root: &str, enabled: bool) -> Self {
        let root = root.trim_matches('/');
        let root = if root.is_empty() { String::new() } else { format!("/{root}") };
        Self { tree, root, enabled }
    }

    /// The node's own cgroup.
    pub(crate) fn node(&self) -> &str {
        if self.root.is_empty() { "/" } else { &self.root }
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

    /// Makes the classes' cgroups, `kubepods` with what pods may use altogether.
    pub(crate) fn ensure_classes(&self, cpu_milli: i64, memory: i64) -> std::io::Result<()> {
        if !self.enabled {
            return Ok(());
        }
        let shares = crate::pods::resources::cpu_shares(cpu_milli);
        let all = Limits { cpu_shares: Some(shares), memory: Some(memory), ..Limits::default() };
        self.tree.ensure(&self.kubepods(), &all)?;
        self.tree.ensure(&self.class(QosClass::Burstable), &Limits::default())?;
        let least = Limits { cpu_shares: Some(2), ..Limits::default() };
        self.tree.ensure(&self.class(QosClass::BestEffort), &least)
    }

    /// Sets the CPU weight that burstable pods have together.
    pub(crate) fn set_burstable(&self, cpu_milli: i64) -> std::io::Result<()> {
        if !self.enabled {
            return Ok(());
        }
        let shares = Some(crate::pods::resources::cpu_shares(cpu_milli));
        self.tree
            .ensure(&self.class(QosClass::Burstable), &Limits { cpu_shares: shares, ..Limits::default() })
    }

    /// Makes a pod's cgroup.
    pub(crate) fn ensure_pod(&self, class: QosClass, uid: &str, limits: &Limits) -> std::io::Result<()> {
        if self.enabled { self.tree.ensure(&self.pod(class, uid), limits) } else { Ok(()) }
    }

    /// Removes a pod's cgroup, whatever its class was.
    pub(crate) fn remove_pod(&self, uid: &str) -> std::io::Result<()> {
        if !self.enabled {
            return Ok(());
        }
        for class in [QosClass::Guaranteed, QosClass::Burstable, QosClass::BestEffort] {
            self.tree.remove(&self.pod(class, uid))?;
        }
        Ok(())
    }

    /// What a pod uses.
    pub(crate) fn pod_usage(&self, class: QosClass, uid: &str) -> Option<Usage> {
        self.tree.usage(&self.pod(class, uid))
    }

    /// What the node uses.
    pub(crate) fn node_usage(&self) -> Option<Usage> {
        self.tree.usage(self.node())
    }

    /// Uids of pods that have a cgroup.
    pub(crate) fn pods(&self) -> Vec<String> {
        let classes = [QosClass::Guaranteed, QosClass::Burstable, QosClass::BestEffort];
        let names = classes.into_iter().flat_map(|class| self.tree.children(&self.class(class)));
        names.filter_map(|name| name.strip_prefix("pod").map(str::to_owned)).collect()
    }
}
