//! What sandboxes and containers use.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use k8s_cri::v1::{
    ContainerAttributes, ContainerStats, CpuUsage, FilesystemIdentifier, FilesystemUsage,
    LinuxPodSandboxStats, MemoryUsage, NetworkInterfaceUsage, NetworkUsage, PodSandboxAttributes,
    PodSandboxStats, ProcessUsage, SwapUsage, UInt64Value,
};
use mizzen_kernel::cgroup::Stats;

use crate::error::RuntimeError;
use crate::inventory::Sample;
use crate::record::{ContainerRecord, SandboxRecord};
use crate::runtime::{Runtime, blocking};
use crate::spec;

/// A rate is not computed anew from samples nearer to each other than this, in nanoseconds.
const SAMPLE_MIN: i64 = 500_000_000;

fn some(value: u64) -> Option<UInt64Value> {
    Some(UInt64Value { value })
}

/// The next sample after `last`.
fn sample(last: Option<Sample>, at: i64, cpu_usage_ns: u64) -> Sample {
    let Some(last) = last else { return Sample { at, cpu_usage_ns, rate: 0 } };
    let elapsed = at - last.at;
    if elapsed < SAMPLE_MIN {
        return last;
    }
    let used = u128::from(cpu_usage_ns.saturating_sub(last.cpu_usage_ns));
    let rate = used * 1_000_000_000 / u128::try_from(elapsed).unwrap_or(1);
    Sample { at, cpu_usage_ns, rate: u64::try_from(rate).unwrap_or(u64::MAX) }
}

fn memory(stats: &Stats, at: i64) -> MemoryUsage {
    let available =
        stats.memory_limit.checked_sub(stats.memory_working_set).filter(|_| stats.memory_limit > 0);
    MemoryUsage {
        timestamp: at,
        working_set_bytes: some(stats.memory_working_set),
        available_bytes: available.and_then(some),
        usage_bytes: some(stats.memory_usage),
        rss_bytes: some(stats.memory_rss),
        page_faults: some(stats.page_faults),
        major_page_faults: some(stats.major_page_faults),
    }
}

impl Runtime {
    /// A container's use. Of one that does not run, only what it has written.
    pub(crate) async fn container_stats(
        &self,
        record: ContainerRecord,
    ) -> Result<ContainerStats, RuntimeError> {
        let parent = self.inventory().sandbox(&record.sandbox)?.record.cgroup_parent.clone();
        let cgroup = self.cgroup(&format!("{parent}/{}", record.id))?;
        let at = self.now();
        let upper = self.container_folder(&record.id).join("upper");
        let mount_point = self.config.root.to_string_lossy().into_owned();
        let running = record.is_running();
        let (stats, layer) = blocking(move || {
            let stats = if running { cgroup.stats().ok() } else { None };
            Ok((stats, usage(&upper)))
        })
        .await?;
        let config = &record.config.0;
        let rate = stats.map(|stats| {
            let mut inventory = self.inventory();
            let container = inventory.containers.get_mut(&record.id);
            let next = sample(container.as_ref().and_then(|one| one.sample), at, stats.cpu_usage_ns);
            if let Some(container) = container {
                container.sample = Some(next);
            }
            next.rate
        });
        Ok(ContainerStats {
            attributes: Some(ContainerAttributes {
                id: record.id.clone(),
                metadata: config.metadata.clone(),
                labels: config.labels.clone(),
                annotations: config.annotations.clone(),
            }),
            cpu: stats.map(|stats| CpuUsage {
                timestamp: at,
                usage_core_nano_seconds: some(stats.cpu_usage_ns),
                usage_nano_cores: rate.and_then(some),
            }),
            memory: stats.map(|stats| memory(&stats, at)),
            writable_layer: Some(FilesystemUsage {
                timestamp: at,
                fs_id: Some(FilesystemIdentifier { mountpoint: mount_point }),
                used_bytes: some(layer.0),
                inodes_used: some(layer.1),
            }),
            swap: stats.map(|stats| SwapUsage {
                timestamp: at,
                swap_available_bytes: None,
                swap_usage_bytes: some(stats.swap_usage),
            }),
        })
    }

    /// A sandbox's use, with that of its containers.
    pub(crate) async fn sandbox_stats(&self, record: SandboxRecord) -> Result<PodSandboxStats, RuntimeError> {
        let running = {
            let inventory = self.inventory();
            inventory.containers_of(&record.id).filter(|one| one.is_running()).cloned().collect::<Vec<_>>()
        };
        let mut containers = Vec::new();
        for one in running {
            containers.push(self.container_stats(one).await?);
        }
        let at = self.now();
        let config = record.config.0.clone();
        let cgroup = self.cgroup(&record.cgroup_parent).ok();
        let own_network = spec::has_own_network(&config) && record.ready;
        let pid = record.shim_pid;
        let (stats, network) = blocking(move || {
            let stats = cgroup.and_then(|cgroup| cgroup.stats().ok());
            let devices =
                if own_network { fs::read_to_string(format!("/proc/{pid}/net/dev")).ok() } else { None };
            Ok((stats, devices.map(|text| interfaces(&text)).unwrap_or_default()))
        })
        .await?;
        let (mut default, mut others) = (None, Vec::new());
        for interface in network {
            match interface.name.as_str() {
                "eth0" => default = Some(interface),
                "lo" => {}
                _ => others.push(interface),
            }
        }
        Ok(PodSandboxStats {
            attributes: Some(PodSandboxAttributes {
                id: record.id,
                metadata: config.metadata,
                labels: config.labels,
                annotations: config.annotations,
            }),
            linux: Some(LinuxPodSandboxStats {
                cpu: stats.map(|stats| CpuUsage {
                    timestamp: at,
                    usage_core_nano_seconds: some(stats.cpu_usage_ns),
                    usage_nano_cores: None,
                }),
                memory: stats.map(|stats| memory(&stats, at)),
                network: own_network.then_some(NetworkUsage {
                    timestamp: at,
                    default_interface: default,
                    interfaces: others,
                }),
                process: stats.map(|stats| ProcessUsage { timestamp: at, process_count: some(stats.pids) }),
                containers,
            }),
            windows: None,
        })
    }
}

/// Bytes and files in a folder, not following links out of it; a file with several names counts once.
fn usage(folder: &Path) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    let mut seen = HashMap::new();
    let (mut bytes, mut inodes) = (0, 0);
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let Ok(found) = entry.metadata() else { continue };
            if found.nlink() > 1 && !found.is_dir() && seen.insert((found.dev(), found.ino()), ()).is_some() {
                continue;
            }
            bytes += found.blocks() * 512;
            inodes += 1;
            if found.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    (bytes, inodes)
}

/// The lines of /proc/net/dev. Source: proc_pid_net(5).
fn interfaces(text: &str) -> Vec<NetworkInterfaceUsage> {
    text.lines()
        .filter_map(|line| {
            let (name, numbers) = line.split_once(':')?;
            let numbers =
                numbers.split_ascii_whitespace().map(|one| one.parse().ok()).collect::<Option<Vec<u64>>>()?;
            let number = |index: usize| numbers.get(index).copied().and_then(some);
            Some(NetworkInterfaceUsage {
                name: name.trim().to_owned(),
                rx_bytes: number(0),
                rx_errors: number(2),
                tx_bytes: number(8),
                tx_errors: number(10),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_interfaces() {
        let text = "Inter-|   Receive\n face |bytes    packets\n\
                    eth0: 100 2 1 0 0 0 0 0 200 3 4 0 0 0 0 0\nbad: x\n";
        let found = interfaces(text);
        assert_eq!(found.len(), 1);
        assert_eq!((&*found[0].name, found[0].rx_bytes, found[0].tx_errors), ("eth0", some(100), some(4)));
    }

    #[test]
    fn rates_between_samples() {
        let first = sample(None, 0, 1000);
        assert_eq!(first.rate, 0);
        let second = sample(Some(first), 2_000_000_000, 1_000_001_000);
        assert_eq!(second.rate, 500_000_000);
        // Too near: the last one stands.
        assert_eq!(sample(Some(second), 2_000_000_001, 2_000_001_000), second);
    }
}
