//! What the machine is.

use std::fs;
use std::path::Path;

use crate::config::Config;

/// Facts that do not change while the kubelet runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Machine {
    pub(crate) cpus: u32,
    /// Bytes.
    pub(crate) memory: u64,
    pub(crate) machine_id: String,
    pub(crate) system_uuid: String,
    pub(crate) boot_id: String,
    pub(crate) kernel_version: String,
    pub(crate) os_image: String,
    pub(crate) swap: u64,
    /// Processes and threads that there can be.
    pub(crate) pids: Option<u64>,
}

fn line(path: &str) -> String {
    fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// The value of `NAME: 123 kB` in the kernel's memory table, in bytes.
pub(crate) fn meminfo(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

fn pretty_name(text: &str) -> String {
    let value = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    value.unwrap_or("Linux").trim_matches('"').to_owned()
}

/// As the release names architectures.
pub(crate) fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "powerpc64" => "ppc64le",
        other => other,
    }
}

impl Machine {
    /// Reads the machine's facts; the settings may give the node less than the machine has.
    pub(crate) fn read(config: &Config) -> Self {
        let meminfo_text = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let cpus = std::thread::available_parallelism().map_or(1, |count| count.get() as u32);
        let os_release =
            ["/etc/os-release", "/usr/lib/os-release"].into_iter().find(|path| Path::new(path).exists());
        Self {
            cpus: config.node_cpus.unwrap_or(cpus).max(1),
            memory: config.node_memory.or_else(|| meminfo(&meminfo_text, "MemTotal")).unwrap_or(0),
            machine_id: line("/etc/machine-id"),
            system_uuid: line("/sys/class/dmi/id/product_uuid").to_lowercase(),
            boot_id: line("/proc/sys/kernel/random/boot_id"),
            kernel_version: rustix::system::uname().release().to_string_lossy().into_owned(),
            os_image: pretty_name(&os_release.map(line).unwrap_or_default()),
            swap: meminfo(&meminfo_text, "SwapTotal").unwrap_or(0),
            pids: ["/proc/sys/kernel/pid_max", "/proc/sys/kernel/threads-max"]
                .into_iter()
                .filter_map(|path| line(path).parse().ok())
                .min(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables() {
        assert_eq!(meminfo("MemTotal:       16 kB\nMemFree: 1 kB\n", "MemTotal"), Some(16 << 10));
        assert_eq!(meminfo("MemTotalX: 1 kB\n", "MemTotal"), None);
        assert_eq!(pretty_name("A=1\nPRETTY_NAME=\"Debian 12\"\n"), "Debian 12");
    }
}
