//! What a cluster may not leave behind.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

/// Everything of Mizzen that the machine shows at one moment: processes, mounts, cgroups, links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traces(BTreeSet<String>);

impl Traces {
    /// Looks around.
    pub fn now() -> Self {
        let mut found = BTreeSet::new();
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let pid = entry.file_name().to_string_lossy().into_owned();
            if pid.bytes().all(|byte| byte.is_ascii_digit()) {
                let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
                let line = String::from_utf8_lossy(&line).replace('\0', " ");
                let name = fs::read_to_string(entry.path().join("comm")).unwrap_or_default();
                if name.starts_with("mizzen") {
                    found.insert(format!("process {pid}: {} {line}", name.trim()));
                }
            }
        }
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        found.extend(mounts.lines().filter_map(|line| {
            let target = line.split(' ').nth(4)?;
            target.contains("mizzen").then(|| format!("mount {target}"))
        }));
        for controller in fs::read_dir("/sys/fs/cgroup").into_iter().flatten().flatten() {
            cgroups(&controller.path(), 2, &mut found);
        }
        let links = fs::read_dir("/sys/class/net").into_iter().flatten().flatten();
        found.extend(links.map(|link| format!("link {}", link.file_name().to_string_lossy())));
        Self(found)
    }

    /// Fails when there is more now than there was then, naming what contains `own`.
    pub fn nothing_more_of(&self, own: &str) -> Result<()> {
        let now = Self::now();
        let more: Vec<&String> = now
            .0
            .difference(&self.0)
            .filter(|trace| trace.contains(own) || trace.starts_with("link"))
            .collect();
        ensure!(more.is_empty(), "left behind: {more:#?}");
        Ok(())
    }
}

fn cgroups(folder: &Path, depth: u32, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let path = entry.path();
            if path.to_string_lossy().contains("mizzen") {
                found.insert(format!("cgroup {}", path.display()));
            }
            if depth > 0 {
                cgroups(&path, depth - 1, found);
            }
        }
    }
}
