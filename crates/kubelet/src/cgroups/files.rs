//! cgroups through their file systems: version 1 with a hierarchy a controller, or version 2.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Cgroups, Limits, Usage};

/// Controllers of version 1 in which pods get a cgroup.
const CONTROLLERS: [&str; 8] = ["cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids"];
/// Controllers of version 2 that are passed on to the cgroups below.
const DELEGATED: [&str; 4] = ["cpu", "cpuset", "memory", "pids"];

/// Which cgroups the machine has.
#[derive(Debug, Clone)]
enum Layout {
    /// Controller and mount point; controllers that share a hierarchy share the mount point.
    One(Vec<(String, PathBuf)>),
    Two(PathBuf),
}

/// The machine's cgroups.
#[derive(Debug, Clone)]
pub(crate) struct FileCgroups {
    layout: Layout,
}

impl FileCgroups {
    /// Reads from the mount table where cgroups are.
    pub(crate) fn detect() -> io::Result<Self> {
        Ok(Self::parse(&fs::read_to_string("/proc/self/mountinfo")?))
    }

    fn parse(table: &str) -> Self {
        let mut one = Vec::new();
        let mut two = None;
        for line in table.lines() {
            let Some((left, right)) = line.split_once(" - ") else { continue };
            let Some(point) = left.split(' ').nth(4) else { continue };
            let mut right = right.split(' ');
            match right.next() {
                Some("cgroup") => {
                    let options = right.nth(1).unwrap_or_default();
                    let known = options.split(',').filter(|option| CONTROLLERS.contains(option));
                    one.extend(known.map(|option| (option.to_owned(), PathBuf::from(point))));
                }
                Some("cgroup2") => two = Some(PathBuf::from(point)),
                _ => {}
            }
        }
        let layout = match two {
            Some(root) if one.is_empty() => Layout::Two(root),
            _ => Layout::One(one),
        };
        Self { layout }
    }

    fn dir(root: &Path, path: &str) -> PathBuf {
        root.join(path.trim_start_matches('/'))
    }

    /// The cgroup's folder in a controller's hierarchy.
    fn controller(&self, name: &str, path: &str) -> Option<PathBuf> {
        match &self.layout {
            Layout::One(mounts) => {
                let mount = mounts.iter().find(|(controller, _)| controller == name)?;
                Some(Self::dir(&mount.1, path))
            }
            Layout::Two(root) => Some(Self::dir(root, path)),
        }
    }

    fn roots(&self) -> Vec<&Path> {
        match &self.layout {
            Layout::One(mounts) => {
                let mut roots: Vec<&Path> = mounts.iter().map(|(_, point)| point.as_path()).collect();
                roots.sort_unstable();
                roots.dedup();
                roots
            }
            Layout::Two(root) => vec![root],
        }
    }

    fn set_one(&self, path: &str, limits: &Limits) -> io::Result<()> {
        let put = |controller: &str, file: &str, value: Option<i64>| match (
            value,
            self.controller(controller, path),
        ) {
            (Some(value), Some(dir)) => write(&dir.join(file), &value.to_string()),
            _ => Ok(()),
        };
        put("cpu", "cpu.shares", limits.cpu_shares)?;
        let period = limits.cpu_period.map(|period| i64::try_from(period.as_micros()).unwrap_or(100_000));
        put("cpu", "cpu.cfs_period_us", period)?;
        put("cpu", "cpu.cfs_quota_us", limits.cpu_quota)?;
        put("memory", "memory.limit_in_bytes", limits.memory)?;
        match (limits.pids, self.controller("pids", path)) {
            (Some(pids), Some(dir)) => write(&dir.join("pids.max"), &or_max(pids)),
            _ => Ok(()),
        }
    }

    fn set_two(root: &Path, path: &str, limits: &Limits) -> io::Result<()> {
        let dir = Self::dir(root, path);
        if let Some(shares) = limits.cpu_shares {
            write(&dir.join("cpu.weight"), &weight(shares).to_string())?;
        }
        if let Some(quota) = limits.cpu_quota {
            let period = limits.cpu_period.map_or(100_000, |period| period.as_micros());
            write(&dir.join("cpu.max"), &format!("{} {period}", or_max(quota)))?;
        }
        if let Some(memory) = limits.memory {
            write(&dir.join("memory.max"), &or_max(memory))?;
        }
        if let Some(pids) = limits.pids {
            write(&dir.join("pids.max"), &or_max(pids))?;
        }
        Ok(())
    }
}

/// cgroup v2's weight for v1's shares.
/// Source: KEP-2254, "Phase 1: Convert from cgroups v1 settings to v2".
fn weight(shares: i64) -> i64 {
    (1 + ((shares.clamp(2, 262_144) - 2) * 9999) / 262_142).clamp(1, 10_000)
}

fn or_max(value: i64) -> String {
    if value < 0 { "max".to_owned() } else { value.to_string() }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn read_number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The value of a key in a file of `KEY VALUE` lines.
fn read_key(path: &Path, key: &str) -> Option<u64> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
    line?.trim().parse().ok()
}

/// A new cpuset (v1) can hold no process before it has CPUs and memory nodes: its parent's.
fn inherit_cpuset(root: &Path, dir: &Path) -> io::Result<()> {
    let chain: Vec<&Path> = dir.ancestors().take_while(|ancestor| *ancestor != root).collect();
    for ancestor in chain.into_iter().rev() {
        for file in ["cpuset.cpus", "cpuset.mems"] {
            let own = ancestor.join(file);
            if fs::read_to_string(&own).is_ok_and(|text| text.trim().is_empty()) {
                let above = fs::read_to_string(ancestor.parent().unwrap_or(root).join(file))?;
                write(&own, above.trim())?;
            }
        }
    }
    Ok(())
}

fn remove_tree(dir: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_tree(&entry.path())?;
        }
    }
    match fs::remove_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

impl Cgroups for FileCgroups {
    fn ensure(&self, path: &str, limits: &Limits) -> io::Result<()> {
        match &self.layout {
            Layout::One(mounts) => {
                for root in self.roots() {
                    let dir = Self::dir(root, path);
                    fs::create_dir_all(&dir)?;
                    if mounts.iter().any(|(name, point)| name == "cpuset" && point == root) {
                        inherit_cpuset(root, &dir)?;
                    }
                }
                self.set_one(path, limits)
            }
            Layout::Two(root) => {
                let dir = Self::dir(root, path);
                fs::create_dir_all(&dir)?;
                let mut at = root.clone();
                for part in path.trim_matches('/').split('/') {
                    let available = fs::read_to_string(at.join("cgroup.controllers")).unwrap_or_default();
                    let wanted = available.split_whitespace().filter(|name| DELEGATED.contains(name));
                    let line = wanted.map(|name| format!("+{name}")).collect::<Vec<_>>().join(" ");
                    if !line.is_empty() {
                        write(&at.join("cgroup.subtree_control"), &line)?;
                    }
                    at.push(part);
                }
                Self::set_two(root, path, limits)
            }
        }
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.roots().into_iter().try_for_each(|root| remove_tree(&Self::dir(root, path)))
    }

    fn usage(&self, path: &str) -> Option<Usage> {
        let memory_dir = self.controller("memory", path)?;
        let pids = self.controller("pids", path).and_then(|dir| read_number(&dir.join("pids.current")));
        let stat = memory_dir.join("memory.stat");
        let (cpu_ns, memory, inactive, rss) = match &self.layout {
            Layout::One(_) => (
                self.controller("cpuacct", path).and_then(|dir| read_number(&dir.join("cpuacct.usage"))),
                read_number(&memory_dir.join("memory.usage_in_bytes"))?,
                read_key(&stat, "total_inactive_file"),
                read_key(&stat, "total_rss"),
            ),
            Layout::Two(_) => (
                read_key(&memory_dir.join("cpu.stat"), "usage_usec").map(|micros| micros * 1000),
                read_number(&memory_dir.join("memory.current"))?,
                read_key(&stat, "inactive_file"),
                read_key(&stat, "anon"),
            ),
        };
        Some(Usage {
            cpu_ns: cpu_ns.unwrap_or(0),
            memory,
            working_set: memory.saturating_sub(inactive.unwrap_or(0)),
            rss: rss.unwrap_or(0),
            pids: pids.unwrap_or(0),
        })
    }

    fn children(&self, path: &str) -> Vec<String> {
        let Some(dir) = self.controller("cpu", path) else { return Vec::new() };
        let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
        let folders = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        folders.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts() {
        let hybrid = "30 1 0:1 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
            31 1 0:2 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
            32 1 0:3 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
        let got = FileCgroups::parse(hybrid);
        let expect = PathBuf::from("/sys/fs/cgroup/cpu,cpuacct/kubepods");
        assert_eq!(got.controller("cpuacct", "/kubepods"), Some(expect));
        assert_eq!(got.controller("pids", "/kubepods"), None);
        assert_eq!(got.roots().len(), 2);
        let two = FileCgroups::parse("30 1 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        assert_eq!(two.controller("memory", "/a/b"), Some(PathBuf::from("/sys/fs/cgroup/a/b")));
    }

    #[test]
    fn weights() {
        for (shares, expect) in [(2, 1), (1024, 39), (262_144, 10_000), (0, 1)] {
            assert_eq!(weight(shares), expect);
        }
    }

    #[test]
    fn version_two_files() {
        let dir = tempfile::tempdir().expect("a folder");
        let tree = FileCgroups { layout: Layout::Two(dir.path().to_path_buf()) };
        let limits = Limits { cpu_quota: Some(-1), memory: Some(5), pids: Some(-1), ..Limits::default() };
        tree.ensure("/kubepods/podx", &limits).expect("made");
        let read =
            |file: &str| fs::read_to_string(dir.path().join("kubepods/podx").join(file)).expect("written");
        assert_eq!((read("cpu.max").as_str(), read("memory.max").as_str()), ("max 100000", "5"));
        assert_eq!(tree.children("/kubepods"), ["podx"]);
    }
}
