//! What a control group uses.

use std::fs;
use std::path::Path;

use super::{Layout, Version};
use crate::{Context, Result};

/// Use of processors, memory and process ids.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Processor time, in nanoseconds.
    pub cpu_usage_ns: u64,
    /// Memory, page cache included, in bytes.
    pub memory_usage: u64,
    /// Memory that can't be reclaimed easily: without the inactive page cache. Source: kubelet's eviction signals.
    pub memory_working_set: u64,
    /// Anonymous memory, in bytes.
    pub memory_rss: u64,
    /// The limit, in bytes; 0 when there is none.
    pub memory_limit: u64,
    /// Page faults.
    pub page_faults: u64,
    /// Page faults that read from disk.
    pub major_page_faults: u64,
    /// Swap in use, in bytes.
    pub swap_usage: u64,
    /// Processes and threads.
    pub pids: u64,
}

/// Limits from here on are "no limit": version 1 states it as the largest multiple of a page.
const UNLIMITED: u64 = 1 << 62;

pub(super) fn read(layout: &Layout, path: &Path) -> Result<Stats> {
    let folder = |controller: &str| layout.mount(controller).map(|mount| mount.join(path));
    let text = |controller: &str, file: &str| {
        folder(controller).and_then(|folder| fs::read_to_string(folder.join(file)).ok()).unwrap_or_default()
    };
    let number = |controller: &str, file: &str| text(controller, file).trim().parse::<u64>().unwrap_or(0);
    // Absent files are zeros, but an absent group is an error.
    if let Some(folder) = layout.mounts().next().map(|mount| mount.join(path)) {
        fs::metadata(&folder).doing_with(|| format!("read cgroup {}", path.display()))?;
    }
    let memory = text("memory", "memory.stat");
    let usage;
    let mut stats = match layout.version() {
        Version::V1 => {
            usage = number("memory", "memory.usage_in_bytes");
            Stats {
                cpu_usage_ns: number("cpuacct", "cpuacct.usage"),
                memory_rss: field(&memory, "total_rss"),
                memory_limit: number("memory", "memory.limit_in_bytes"),
                memory_working_set: usage.saturating_sub(field(&memory, "total_inactive_file")),
                page_faults: field(&memory, "total_pgfault"),
                major_page_faults: field(&memory, "total_pgmajfault"),
                swap_usage: field(&memory, "total_swap"),
                pids: number("pids", "pids.current"),
                memory_usage: usage,
            }
        }
        Version::V2 => {
            usage = number("memory", "memory.current");
            Stats {
                cpu_usage_ns: field(&text("cpu", "cpu.stat"), "usage_usec").saturating_mul(1000),
                memory_rss: field(&memory, "anon"),
                memory_limit: number("memory", "memory.max"),
                memory_working_set: usage.saturating_sub(field(&memory, "inactive_file")),
                page_faults: field(&memory, "pgfault"),
                major_page_faults: field(&memory, "pgmajfault"),
                swap_usage: number("memory", "memory.swap.current"),
                pids: number("pids", "pids.current"),
                memory_usage: usage,
            }
        }
    };
    if stats.memory_limit >= UNLIMITED {
        stats.memory_limit = 0;
    }
    Ok(stats)
}

/// The root of version 2 has no files of its memory: there the machine's own account says what is used.
pub(super) fn read_machine(layout: &Layout) -> Result<Stats> {
    let mut stats = read(layout, Path::new(""))?;
    if layout.version() == Version::V2 {
        let text = fs::read_to_string("/proc/meminfo").doing("read /proc/meminfo")?;
        stats.memory_usage = meminfo(&text, "MemTotal").saturating_sub(meminfo(&text, "MemFree"));
        stats.memory_working_set = stats.memory_usage.saturating_sub(meminfo(&text, "Inactive(file)"));
        stats.memory_rss = meminfo(&text, "AnonPages");
    }
    Ok(stats)
}

/// Bytes of a line of /proc/meminfo.
fn meminfo(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kib = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0).saturating_mul(1024)
}

/// The number after `name` in a file of `name number` lines; 0 when it is not there.
pub(super) fn field(text: &str, name: &str) -> u64 {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{field, meminfo};

    #[test]
    fn meminfo_in_bytes() {
        let text = "MemTotal:       16 kB\nInactive(file):  2 kB\nInactive:  9 kB\n";
        assert_eq!((meminfo(text, "MemTotal"), meminfo(text, "Inactive(file)")), (16_384, 2048));
        assert_eq!(meminfo(text, "MemFree"), 0);
    }

    #[test]
    fn fields_by_whole_name() {
        let text = "oom_kill_disable 0\nunder_oom 0\noom_kill 3\nbad x\n";
        assert_eq!(field(text, "oom_kill"), 3);
        assert_eq!(field(text, "bad"), 0);
        assert_eq!(field(text, "absent"), 0);
    }
}
