//! Where this machine's control groups are mounted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Context, Error, Result};

/// The controllers of version 1 in whose hierarchies groups are made.
const V1_CONTROLLERS: [&str; 8] =
    ["cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "pids", "blkio"];

/// Which version limits are set in. Hybrid machines count as version 1: there the other has no controllers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// A hierarchy a controller.
    V1,
    /// One hierarchy.
    #[default]
    V2,
}

/// The mounted hierarchies.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    version: Version,
    /// By controller; of version 2, the one mount by each controller it has.
    mounts: BTreeMap<String, PathBuf>,
    unified: Option<PathBuf>,
}

impl Layout {
    /// Reads /proc/self/mountinfo.
    pub fn discover() -> Result<Self> {
        let text = fs::read_to_string("/proc/self/mountinfo").doing("read /proc/self/mountinfo")?;
        let mut layout = Self::parse(&text);
        if layout.version == Version::V2 {
            let Some(unified) = &layout.unified else {
                return Err(Error::invalid("find the control groups", "no cgroup file system is mounted"));
            };
            let path = unified.join("cgroup.controllers");
            let controllers = fs::read_to_string(&path).doing_with(|| format!("read {}", path.display()))?;
            for name in controllers.split_ascii_whitespace() {
                layout.mounts.insert(name.to_owned(), unified.clone());
            }
        }
        Ok(layout)
    }

    fn parse(mountinfo: &str) -> Self {
        let mut layout = Self::default();
        for line in mountinfo.lines() {
            let Some((before, after)) = line.split_once(" - ") else { continue };
            let Some(point) = before.split(' ').nth(4) else { continue };
            let mut after = after.split(' ');
            let kind = after.next().unwrap_or_default();
            let options = after.nth(1).unwrap_or_default();
            match kind {
                "cgroup2" => {
                    layout.unified.get_or_insert_with(|| unescape(point));
                }
                "cgroup" => {
                    for name in options.split(',').filter(|name| V1_CONTROLLERS.contains(name)) {
                        layout.mounts.entry(name.to_owned()).or_insert_with(|| unescape(point));
                    }
                }
                _ => {}
            }
        }
        if !layout.mounts.is_empty() {
            layout.version = Version::V1;
        }
        layout
    }

    /// Which version limits are set in.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The controllers there are.
    pub fn controllers(&self) -> impl Iterator<Item = &str> {
        self.mounts.keys().map(String::as_str)
    }

    /// Whether this controller is there.
    pub fn has(&self, controller: &str) -> bool {
        self.mounts.contains_key(controller)
    }

    /// Where the hierarchy of `controller` is mounted.
    pub(super) fn mount(&self, controller: &str) -> Option<&Path> {
        match self.version {
            Version::V1 => self.mounts.get(controller).map(PathBuf::as_path),
            Version::V2 => self.unified.as_deref(),
        }
    }

    /// Each hierarchy once.
    pub(super) fn mounts(&self) -> impl Iterator<Item = &Path> {
        let mut list = match self.version {
            Version::V1 => self.mounts.values().map(PathBuf::as_path).collect::<Vec<_>>(),
            Version::V2 => self.unified.iter().map(PathBuf::as_path).collect(),
        };
        list.sort_unstable();
        list.dedup();
        list.into_iter()
    }

    /// The sets of controllers that share a version 1 hierarchy, as they are named when mounting it.
    pub fn hierarchies(&self) -> Vec<Vec<String>> {
        let mut sets = BTreeMap::<&Path, Vec<String>>::new();
        if self.version == Version::V1 {
            for (name, mount) in &self.mounts {
                sets.entry(mount).or_default().push(name.clone());
            }
        }
        sets.into_values().collect()
    }
}

/// Paths in mountinfo write blanks and backslashes in octal.
fn unescape(text: &str) -> PathBuf {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        match rest.get(at + 1..at + 4).and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(code) => {
                out.push(char::from(code));
                rest = &rest[at + 4..];
            }
            None => {
                out.push('\\');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    PathBuf::from(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hybrid_and_unified() {
        let hybrid = Layout::parse(concat!(
            "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n",
            "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
            "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n",
            "41 31 0:38 / /sys/fs/cgroup/uni\\040fied rw - cgroup2 cgroup2 rw\n",
            "malformed\n",
        ));
        assert_eq!(hybrid.version(), Version::V1);
        assert_eq!(hybrid.mount("cpuacct"), Some(Path::new("/sys/fs/cgroup/cpu,cpuacct")));
        assert_eq!(hybrid.mount("pids"), None);
        assert_eq!(hybrid.mounts().count(), 2);
        assert_eq!(hybrid.hierarchies(), [vec!["cpu".to_owned(), "cpuacct".into()], vec!["memory".into()]]);
        assert_eq!(hybrid.unified, Some(PathBuf::from("/sys/fs/cgroup/uni fied")));

        let unified =
            Layout::parse("29 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
        assert_eq!(unified.version(), Version::V2);
        assert_eq!(unified.mount("memory"), Some(Path::new("/sys/fs/cgroup")));
    }
}
