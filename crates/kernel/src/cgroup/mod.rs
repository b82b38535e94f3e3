//! Control groups, of version 1, 2, or both at once (hybrid): made, limited, measured, emptied, removed.
//!
//! A [`Cgroup`] is one path in every hierarchy that is in use; callers never see which version that is.

mod devices;
mod layout;
mod stats;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::io::Errno;
use rustix::process::{Pid, Signal};
use serde::{Deserialize, Serialize};

use crate::{Context, Error, Result, process};

pub use devices::{DeviceKind, DeviceRule};
pub use layout::{Layout, Version};
pub use stats::Stats;

/// How long emptying and removing a group wait for the kernel: in all `STEPS_MAX * STEP`.
const STEP: Duration = Duration::from_millis(5);
const STEPS_MAX: usize = 600;

/// Limits on what is used; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Resources {
    /// Relative weight, 1024 being the ordinary one.
    pub cpu_shares: Option<u64>,
    /// Processor time per period, in microseconds; negative: no limit.
    pub cpu_quota: Option<i64>,
    /// Length of a period, in microseconds.
    pub cpu_period: Option<u64>,
    /// Processors, as a list (`0-3,8`).
    pub cpuset_cpus: Option<String>,
    /// Memory nodes, as a list.
    pub cpuset_mems: Option<String>,
    /// Memory, in bytes; negative: no limit.
    pub memory: Option<i64>,
    /// Memory and swap together, in bytes; negative: no limit.
    pub memory_and_swap: Option<i64>,
    /// Processes and threads; negative: no limit.
    pub pids: Option<i64>,
    /// Further files of version 2, by name.
    pub unified: BTreeMap<String, String>,
}

/// One control group, by its path from the root of the hierarchies.
#[derive(Debug, Clone)]
pub struct Cgroup {
    layout: Layout,
    path: PathBuf,
}

impl Cgroup {
    /// The group at `path` (`/kubepods/pod1/x`), which need not exist.
    pub fn new(layout: &Layout, path: &str) -> Result<Self> {
        let relative = path.trim_start_matches('/');
        let plain = Path::new(relative).components().all(|part| matches!(part, Component::Normal(_)));
        if relative.is_empty() || !plain || relative.contains(['\0', '\n']) {
            return Err(Error::invalid(format!("name a cgroup {path:?}"), "not a path below the root"));
        }
        Ok(Self { layout: layout.clone(), path: PathBuf::from(relative) })
    }

    /// Its folders, one for each hierarchy.
    pub fn folders(&self) -> impl Iterator<Item = PathBuf> {
        self.layout.mounts().map(|mount| mount.join(&self.path))
    }

    /// Its folder in the hierarchy of a version 1 controller, or in that of version 2.
    fn folder(&self, controller: &str) -> Option<PathBuf> {
        self.layout.mount(controller).map(|mount| mount.join(&self.path))
    }

    /// Whether it exists in any hierarchy.
    pub fn exists(&self) -> bool {
        self.folders().any(|folder| folder.is_dir())
    }

    /// Makes it, and the groups above it; fine when it exists.
    pub fn create(&self) -> Result<()> {
        for mount in self.layout.mounts() {
            let mut folder = mount.to_owned();
            for part in &self.path {
                if self.layout.version() == Version::V2 {
                    enable_controllers(&folder, self.layout.controllers());
                }
                let parent = folder.clone();
                folder.push(part);
                match fs::create_dir(&folder) {
                    Ok(()) => {}
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(Error::new(format!("make cgroup {}", folder.display()), error)),
                }
                if self.layout.version() == Version::V1 && self.layout.mount("cpuset") == Some(mount) {
                    inherit_cpuset(&parent, &folder)?;
                }
            }
        }
        Ok(())
    }

    /// Which of these controllers it lacks, once it exists: on version 2, those that a group above could not hand on.
    pub fn lacks<'a>(&self, controllers: &[&'a str]) -> Vec<&'a str> {
        let text = match self.layout.version() {
            Version::V1 => self.layout.controllers().collect::<Vec<_>>().join(" "),
            Version::V2 => self
                .folders()
                .filter_map(|folder| fs::read_to_string(folder.join("cgroup.controllers")).ok())
                .collect(),
        };
        let has = |name: &str| text.split_ascii_whitespace().any(|one| one == name);
        controllers.iter().copied().filter(|name| !has(name)).collect()
    }

    /// Whether this version 2 file can be written here.
    pub fn has_file(&self, file: &str) -> bool {
        self.layout.version() == Version::V2 && self.folders().any(|folder| folder.join(file).exists())
    }

    /// Moves a process into it.
    pub fn attach(&self, pid: i32) -> Result<()> {
        for folder in self.folders() {
            write(&folder.join("cgroup.procs"), &pid.to_string())?;
        }
        Ok(())
    }

    /// Moves a process in beside `other`, which is there or in a group below. Where version 2 takes no process in, because
    /// the group hands controllers on to groups below it, that is the other's own group. Source: runc, which does likewise.
    pub fn attach_beside(&self, pid: i32, other: i32) -> Result<()> {
        match self.attach(pid) {
            Err(error) if error.is(Errno::BUSY) && self.layout.version() == Version::V2 => {
                let path = format!("/proc/{other}/cgroup");
                let text = fs::read_to_string(&path).doing_with(|| format!("read {path}"))?;
                match beside(&self.path, &text) {
                    Some(below) => Self { layout: self.layout.clone(), path: below }.attach(pid),
                    // It has left the group: nobody follows it out of the group's limits.
                    None => Err(error),
                }
            }
            result => result,
        }
    }

    /// Sets limits.
    pub fn limit(&self, resources: &Resources) -> Result<()> {
        match self.layout.version() {
            Version::V1 => self.limit_v1(resources),
            Version::V2 => self.limit_v2(resources),
        }
    }

    /// Writes a file of a version 1 controller; an absent controller is an error only when it matters: now.
    fn set(&self, controller: &str, file: &str, value: &str) -> Result<()> {
        let folder = self.folder(controller).ok_or_else(|| {
            Error::invalid(format!("set {file}"), "this machine has no such cgroup controller")
        })?;
        write(&folder.join(file), value)
    }

    fn limit_v1(&self, resources: &Resources) -> Result<()> {
        if let Some(shares) = resources.cpu_shares {
            self.set("cpu", "cpu.shares", &shares.to_string())?;
        }
        if let Some(period) = resources.cpu_period {
            self.set("cpu", "cpu.cfs_period_us", &period.to_string())?;
        }
        if let Some(quota) = resources.cpu_quota {
            self.set("cpu", "cpu.cfs_quota_us", &quota.max(-1).to_string())?;
        }
        if let Some(cpus) = &resources.cpuset_cpus {
            self.set("cpuset", "cpuset.cpus", cpus)?;
        }
        if let Some(mems) = &resources.cpuset_mems {
            self.set("cpuset", "cpuset.mems", mems)?;
        }
        if let Some(pids) = resources.pids {
            self.set("pids", "pids.max", &number_or_max(pids))?;
        }
        self.limit_memory_v1(resources)
    }

    /// The limit with swap may never be below the one without, so the order depends on which way they go.
    fn limit_memory_v1(&self, resources: &Resources) -> Result<()> {
        const MEMORY: &str = "memory.limit_in_bytes";
        const BOTH: &str = "memory.memsw.limit_in_bytes";
        let has_swap = self.folder("memory").is_some_and(|folder| folder.join(BOTH).exists());
        let both = resources.memory_and_swap.filter(|_| has_swap).map(|both| both.max(-1).to_string());
        let Some(memory) = resources.memory.map(|memory| memory.max(-1).to_string()) else {
            return both.map_or(Ok(()), |both| self.set("memory", BOTH, &both));
        };
        match (self.set("memory", MEMORY, &memory), both) {
            (Ok(()), Some(both)) => self.set("memory", BOTH, &both),
            (Err(error), Some(both)) if error.is(Errno::INVAL) => {
                self.set("memory", BOTH, &both)?;
                self.set("memory", MEMORY, &memory)
            }
            (result, _) => result,
        }
    }

    fn limit_v2(&self, resources: &Resources) -> Result<()> {
        let set = |file: &str, value: &str| self.set("", file, value);
        if let Some(shares) = resources.cpu_shares {
            set("cpu.weight", &weight(shares).to_string())?;
        }
        if resources.cpu_quota.is_some() || resources.cpu_period.is_some() {
            let quota = number_or_max(resources.cpu_quota.unwrap_or(-1));
            set("cpu.max", &format!("{quota} {}", resources.cpu_period.unwrap_or(100_000)))?;
        }
        if let Some(cpus) = &resources.cpuset_cpus {
            set("cpuset.cpus", cpus)?;
        }
        if let Some(mems) = &resources.cpuset_mems {
            set("cpuset.mems", mems)?;
        }
        if let Some(memory) = resources.memory {
            set("memory.max", &number_or_max(memory))?;
            // What has no swap has no such file.
            let swap = match resources.memory_and_swap {
                Some(both) if both >= 0 && memory >= 0 => Some((both - memory).max(0)),
                Some(_) => Some(-1),
                None => None,
            };
            if let Some(swap) = swap
                && self.has_file("memory.swap.max")
            {
                set("memory.swap.max", &number_or_max(swap))?;
            }
        }
        if let Some(pids) = resources.pids {
            set("pids.max", &number_or_max(pids))?;
        }
        for (file, value) in &resources.unified {
            let known = file.split_once('.').is_some_and(|(controller, _)| self.layout.has(controller));
            if !known || file.contains('/') {
                return Err(Error::invalid(
                    format!("set {file:?}"),
                    "not a file of a cgroup controller here",
                ));
            }
            set(file, value)?;
        }
        Ok(())
    }

    /// Allows its processes only the devices that `rules` allow, read in order over "none".
    pub fn limit_devices(&self, rules: &[DeviceRule]) -> Result<()> {
        match self.layout.version() {
            Version::V1 => {
                let Some(folder) = self.folder("devices") else { return Ok(()) };
                write(&folder.join("devices.deny"), "a")?;
                for rule in rules {
                    write(&folder.join("devices.allow"), &rule.to_string())?;
                }
                Ok(())
            }
            Version::V2 => {
                let folder = self.folder("").expect("version 2 has a hierarchy");
                devices::attach_program(&folder, rules)
            }
        }
    }

    /// The processor time that it may use: quota and period, in microseconds; `None` for no limit.
    pub fn cpu_limit(&self) -> Result<Option<(i64, u64)>> {
        let Some(folder) = self.folder("cpu") else { return Ok(None) };
        let read = |file: &str| {
            let path = folder.join(file);
            fs::read_to_string(&path).doing_with(|| format!("read {}", path.display()))
        };
        let text = match self.layout.version() {
            Version::V1 => {
                format!("{} {}", read("cpu.cfs_quota_us")?.trim(), read("cpu.cfs_period_us")?.trim())
            }
            Version::V2 => read("cpu.max")?,
        };
        let (quota, period) = text.trim().split_once(' ').unwrap_or_default();
        // "max", or -1.
        Ok(quota.parse().ok().filter(|quota| *quota > 0).zip(period.parse().ok()))
    }

    /// What it uses.
    pub fn stats(&self) -> Result<Stats> {
        stats::read(&self.layout, &self.path)
    }

    /// What the whole machine uses: the hierarchies' root, which is nobody's to make, limit or remove.
    pub fn machine_stats(layout: &Layout) -> Result<Stats> {
        stats::read_machine(layout)
    }

    /// Names of the groups directly below it.
    pub fn children(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .folders()
            .flat_map(|folder| subfolders(&folder))
            .filter_map(|child| child.file_name()?.to_str().map(str::to_owned))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// How often the kernel killed a process in it for memory.
    pub fn oom_kills(&self) -> u64 {
        let Some(folder) = self.folder("memory") else { return 0 };
        let file = match self.layout.version() {
            Version::V1 => "memory.oom_control",
            Version::V2 => "memory.events",
        };
        fs::read_to_string(folder.join(file)).map_or(0, |text| stats::field(&text, "oom_kill"))
    }

    /// The processes in it and in the groups below it.
    pub fn processes(&self) -> Vec<i32> {
        let mut pids = Vec::new();
        for folder in self.folders() {
            collect_processes(&folder, &mut pids);
        }
        pids.sort_unstable();
        pids.dedup();
        pids
    }

    /// Kills every process in it, and waits until all have ended; they may still have to be collected.
    pub fn kill_all(&self) -> Result<()> {
        if self.layout.version() == Version::V2
            && let Some(folder) = self.folder("")
        {
            // Linux 5.14; without it the loop below does the same more slowly.
            match fs::write(folder.join("cgroup.kill"), "1") {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(Error::new("kill a cgroup", error)),
            }
        }
        for _ in 0..STEPS_MAX {
            let mut pids = self.processes();
            // One that has ended stays listed until its parent, who may be the caller, collects it.
            pids.retain(|pid| process::start_time(*pid).is_some());
            if pids.is_empty() {
                return Ok(());
            }
            for pid in pids.into_iter().filter_map(Pid::from_raw) {
                match rustix::process::kill_process(pid, Signal::KILL) {
                    Ok(()) | Err(Errno::SRCH) => {}
                    Err(error) => return Err(Error::new("kill a process of a cgroup", error)),
                }
            }
            thread::sleep(STEP);
        }
        Err(Error::new(format!("empty cgroup {}", self.path.display()), Errno::TIMEDOUT))
    }

    /// Removes it and the groups below it; fine when it does not exist. Its processes must be gone.
    pub fn remove(&self) -> Result<()> {
        for folder in self.folders() {
            remove_tree(&folder)?;
        }
        Ok(())
    }
}

/// Where a process is, as /proc tells of it, if that is below `group`.
fn beside(group: &Path, text: &str) -> Option<PathBuf> {
    let path = text.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let path = Path::new(path);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && path.starts_with(group)).then(|| path.to_owned())
}

fn number_or_max(value: i64) -> String {
    if value < 0 { "max".to_owned() } else { value.to_string() }
}

/// Version 1's shares (2 to 262,144, ordinarily 1024) on version 2's scale (1 to 10,000, ordinarily 100): the parabola
/// through these three points, in logarithms. Source: KEP-2254 as amended for Kubernetes 1.35 (kubernetes issue 131216).
fn weight(shares: u64) -> u64 {
    match shares {
        ..=2 => 1,
        262_144.. => 10_000,
        _ => {
            let log = (shares as f64).log2();
            let exponent = (log * log + 125.0 * log) / 612.0 - 7.0 / 34.0;
            10f64.powf(exponent).ceil() as u64
        }
    }
}

fn write(path: &Path, value: &str) -> Result<()> {
    fs::write(path, value).doing_with(|| format!("write {value:?} to {}", path.display()))
}

/// Hands controllers on to the groups below `folder`. One that is not available here is missed only by a limit that
/// needs it, which then says so.
fn enable_controllers<'a>(folder: &Path, controllers: impl Iterator<Item = &'a str>) {
    let path = folder.join("cgroup.subtree_control");
    let enabled = fs::read_to_string(&path).unwrap_or_default();
    for controller in controllers.filter(|name| !enabled.split_ascii_whitespace().any(|on| on == *name)) {
        fs::write(&path, format!("+{controller}")).ok();
    }
}

/// A new cpuset group of version 1 has no processors and no memory, and takes no process in until it has.
fn inherit_cpuset(parent: &Path, folder: &Path) -> Result<()> {
    for file in ["cpuset.cpus", "cpuset.mems"] {
        let path = folder.join(file);
        let now = fs::read_to_string(&path).doing_with(|| format!("read {}", path.display()))?;
        if now.trim().is_empty() {
            let inherited =
                fs::read_to_string(parent.join(file)).doing_with(|| format!("read the parent's {file}"))?;
            write(&path, inherited.trim())?;
        }
    }
    Ok(())
}

fn collect_processes(folder: &Path, pids: &mut Vec<i32>) {
    if let Ok(text) = fs::read_to_string(folder.join("cgroup.procs")) {
        pids.extend(text.lines().filter_map(|line| line.parse::<i32>().ok()).filter(|pid| *pid > 0));
    }
    for child in subfolders(folder) {
        collect_processes(&child, pids);
    }
}

fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect()
}

fn remove_tree(folder: &Path) -> Result<()> {
    for child in subfolders(folder) {
        remove_tree(&child)?;
    }
    for _ in 0..STEPS_MAX {
        match fs::remove_dir(folder) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            // A process that just ended is still counted for a moment.
            Err(error) if error.raw_os_error() == Some(libc::EBUSY) => thread::sleep(STEP),
            Err(error) => return Err(Error::new(format!("remove cgroup {}", folder.display()), error)),
        }
    }
    Err(Error::new(format!("remove cgroup {}", folder.display()), Errno::BUSY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_shares() {
        let check = |shares, expect| assert_eq!(weight(shares), expect, "{shares}");
        check(0, 1);
        check(2, 1);
        check(3, 2);
        check(102, 17);
        check(512, 59);
        check(1024, 100);
        check(2048, 174);
        check(262_144, 10_000);
        check(u64::MAX, 10_000);
    }

    #[test]
    fn others_are_found_below_a_group_only() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(beside(Path::new("a/b"), text), expect.map(PathBuf::from), "{text}");
        };
        check("0::/a/b/init\n", Some("a/b/init"));
        check("3:cpu:/x\n0::/a/b\n", Some("a/b"));
        check("0::/a/bc\n", None);
        check("0::/a/b/../../c\n", None);
        check("0::/\n", None);
        check("", None);
    }

    #[test]
    fn paths_stay_below_the_root() {
        let layout = Layout::default();
        let check = |path: &str, fine| assert_eq!(Cgroup::new(&layout, path).is_ok(), fine, "{path}");
        check("/kubepods/burstable/pod1", true);
        check("kubepods", true);
        check("/", false);
        check("", false);
        check("/a/../../b", false);
        check("/a/./b", true);
        check("/a\nb", false);
    }
}
