//! Measures, raises the node's conditions, frees what it can, and evicts one pod at a time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tracing::{info, warn};

use mizzen_client::EventType;

use super::rank::{self, Candidate};
use super::signals::{self, Met, Observation, Signal};
use crate::kubelet::Kubelet;
use crate::node::disk::{self, Disk};
use crate::pods::status::Failure;
use crate::pods::{resources, spec};

/// Time between measurements.
const CHECK: Duration = Duration::from_secs(10);
/// Time that an evicted pod gets before the next one goes.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Default)]
struct State {
    /// Since when each signal has been below its threshold.
    since: BTreeMap<Signal, Instant>,
    /// When each was last so.
    last: BTreeMap<Signal, Instant>,
    /// The pod on its way out.
    leaving: Option<(String, Instant)>,
}

fn insert_disk(map: &mut BTreeMap<Signal, Observation>, space: Signal, inodes: Signal, disk: Disk) {
    map.insert(space, Observation { available: disk.available, capacity: disk.capacity });
    // Some file systems have no fixed number of inodes.
    if disk.inodes > 0 {
        map.insert(inodes, Observation { available: disk.inodes_free, capacity: disk.inodes });
    }
}

fn number(path: &str) -> Option<u64> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

async fn observe(kubelet: &Kubelet) -> BTreeMap<Signal, Observation> {
    let mut map = BTreeMap::new();
    let capacity = kubelet.machine.memory;
    if let Some(usage) = kubelet.cgroups.node_usage() {
        let available = capacity.saturating_sub(usage.memory_working_set);
        map.insert(Signal::Memory, Observation { available, capacity });
        if let Some(pids) = number("/proc/sys/kernel/pid_max").filter(|_| usage.pids > 0) {
            map.insert(
                Signal::Pids,
                Observation { available: pids.saturating_sub(usage.pids), capacity: pids },
            );
        }
    }
    if let Some(usage) = kubelet.cgroups.pods_usage().filter(|usage| usage.memory_limit > 0)
        && kubelet.config.enforce_node_allocatable
    {
        let capacity = usage.memory_limit;
        let available = capacity.saturating_sub(usage.memory_working_set);
        map.insert(Signal::AllocatableMemory, Observation { available, capacity });
    }
    if let Some(disk) = disk::read(&kubelet.config.root_dir) {
        insert_disk(&mut map, Signal::NodeFs, Signal::NodeFsInodes, disk);
    }
    if let Some(disk) = kubelet.image_gc.disk().await {
        insert_disk(&mut map, Signal::ImageFs, Signal::ImageFsInodes, disk);
    }
    map
}

impl State {
    /// Notes what is met, and raises or lowers the node's conditions.
    fn note(&mut self, kubelet: &Kubelet, met: &[Met]) {
        let now = Instant::now();
        self.since.retain(|signal, _| met.iter().any(|met| met.signal == *signal));
        for met in met {
            self.since.entry(met.signal).or_insert(now);
            self.last.insert(met.signal, now);
        }
        let calm = kubelet.config.eviction_pressure_transition_period;
        self.last.retain(|_, last| last.elapsed() < calm);
        let pressed = |signals: &[Signal]| signals.iter().any(|signal| self.last.contains_key(signal));
        kubelet.set_health(|health| {
            health.memory_pressure = pressed(&[Signal::Memory, Signal::AllocatableMemory]);
            health.disk_pressure =
                pressed(&[Signal::NodeFs, Signal::NodeFsInodes, Signal::ImageFs, Signal::ImageFsInodes]);
            health.pid_pressure = pressed(&[Signal::Pids]);
        });
    }

    /// Whether a threshold has been met for as long as it may.
    fn is_due(&self, met: &Met) -> bool {
        let Some(grace) = met.grace else { return true };
        self.since.get(&met.signal).is_some_and(|since| since.elapsed() >= grace)
    }
}

fn usage(kubelet: &Kubelet, pod: &k8s_openapi::api::core::v1::Pod, signal: Signal) -> u64 {
    let class = resources::qos_class(pod);
    match signal {
        Signal::Memory | Signal::AllocatableMemory => {
            kubelet.cgroups.pod_usage(class, spec::uid(pod)).map_or(0, |usage| usage.memory_working_set)
        }
        Signal::Pids => kubelet.cgroups.pod_usage(class, spec::uid(pod)).map_or(0, |usage| usage.pids),
        _ => {
            disk_usage(&kubelet.config.pod_dir(spec::uid(pod)))
                + disk_usage(&crate::pods::sandbox::log_dir(kubelet, pod))
        }
    }
}

/// Bytes below a folder, on its own file system.
pub(crate) fn disk_usage(dir: &std::path::Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let Ok(root) = std::fs::symlink_metadata(dir) else { return 0 };
    let (mut open, mut sum) = (vec![dir.to_path_buf()], 0u64);
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).into_iter().flatten().flatten() {
            let Ok(meta) = entry.metadata() else { continue };
            if meta.dev() != root.dev() {
                continue;
            }
            sum = sum.saturating_add(meta.blocks().saturating_mul(512));
            if meta.is_dir() {
                open.push(entry.path());
            }
        }
    }
    sum
}

/// Frees what costs nobody anything. Says whether that was enough.
async fn reclaim(kubelet: &Kubelet, met: &Met) -> bool {
    if !matches!(met.signal, Signal::NodeFs | Signal::NodeFsInodes | Signal::ImageFs | Signal::ImageFsInodes)
    {
        return false;
    }
    match kubelet.image_gc.free(u64::MAX, Duration::ZERO).await {
        Ok(freed) if freed > 0 => {
            let after = observe(kubelet).await;
            after.get(&met.signal).is_some_and(|observed| observed.available >= met.threshold)
        }
        Ok(_) => false,
        Err(error) => {
            warn!(%error, "Unused images could not be removed.");
            false
        }
    }
}

/// Sends the first in order on its way.
fn evict(kubelet: &Kubelet, met: &Met) -> Option<String> {
    let active = kubelet.mailboxes.all().into_iter().filter(|(_, mailbox)| mailbox.is_active());
    let pods = active
        .map(|(_, mailbox)| kubelet.allocations.of(&mailbox.read().pod))
        .filter(|pod| !spec::is_deleted(pod));
    let candidates: Vec<Candidate> =
        pods.map(|pod| Candidate { usage: usage(kubelet, &pod, met.signal), pod }).collect();
    let resource = met.signal.resource();
    let first = rank::order(candidates, resource).into_iter().next()?;
    let request = resources::pod_request(&first.pod, resource);
    let containers: Vec<&str> = spec::spec(&first.pod).containers.iter().map(|c| c.name.as_str()).collect();
    let mut message = format!(
        "The node was low on resource: {resource}. Threshold quantity: {}, available: {}. ",
        met.threshold, met.observed.available
    );
    if met.signal.resource() == "memory" || matches!(met.signal, Signal::NodeFs | Signal::ImageFs) {
        message.push_str(&format!(
            "Container {} was using {}, request is {request}, has larger consumption of {resource}. ",
            containers.join(", "),
            first.usage
        ));
    }
    let uid = spec::uid(&first.pod).to_owned();
    info!(pod = %spec::key(&first.pod), signal = met.signal.as_str(), "A pod is evicted.");
    kubelet.pod_event(&first.pod, EventType::Warning, "Evicted", message.clone());
    let grace = if met.grace.is_some() { kubelet.config.eviction_max_pod_grace_period } else { 1 };
    let own = spec::grace_period_s(&first.pod);
    let failure = Failure { reason: "Evicted".to_owned(), message, grace_s: Some(grace.min(own).max(1)) };
    kubelet.mailboxes.get(&uid)?.fail(failure);
    Some(uid)
}

async fn round(kubelet: &Kubelet, state: &mut State) {
    let config = &kubelet.config;
    let observed = observe(kubelet).await;
    let met = signals::met(
        &observed,
        &config.eviction_hard,
        &config.eviction_soft,
        &config.eviction_soft_grace_period,
    );
    state.note(kubelet, &met);
    if let Some((uid, since)) = &state.leaving {
        let gone = kubelet.mailboxes.get(uid).is_none_or(|mailbox| !mailbox.is_active());
        if !gone && since.elapsed() < PATIENCE {
            return;
        }
        state.leaving = None;
    }
    // Memory first: a node without it can do nothing about the others.
    let Some(worst) = met.into_iter().find(|met| state.is_due(met)) else { return };
    kubelet.node_event(
        EventType::Warning,
        "EvictionThresholdMet",
        &format!("status is now: EvictionThresholdMet: attempting to reclaim {}", worst.signal.resource()),
    );
    if reclaim(kubelet, &worst).await {
        return;
    }
    state.leaving = evict(kubelet, &worst).map(|uid| (uid, Instant::now()));
    if state.leaving.is_none() {
        warn!(signal = worst.signal.as_str(), "A threshold is met, and there is no pod to evict.");
    }
}

/// Measures until the kubelet stops.
pub(crate) async fn run(kubelet: Arc<Kubelet>) {
    let mut state = State::default();
    let mut ticks = tokio::time::interval(CHECK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while kubelet.cancel.run_until_cancelled(ticks.tick()).await.is_some() {
        if kubelet.cancel.run_until_cancelled(round(&kubelet, &mut state)).await.is_none() {
            return;
        }
    }
}
