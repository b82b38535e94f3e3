//! `/stats/summary`: what node, pods and containers use.

use std::collections::BTreeMap;

use jiff::Timestamp;
use k8s_cri::v1;
use k8s_openapi::api::core::v1::Pod;
use mizzen_kernel::cgroup::Stats;
use serde_json::{Value, json};

use crate::cri::{CONTAINER_NAME, POD_UID};
use crate::kubelet::Kubelet;
use crate::node::disk::{self, Disk};
use crate::pods::{resources, spec};

fn number(value: &Option<v1::UInt64Value>) -> Option<u64> {
    value.as_ref().map(|value| value.value)
}

fn time(nanoseconds: i64, now: Timestamp) -> String {
    let time = Timestamp::from_nanosecond(i128::from(nanoseconds)).ok().filter(|_| nanoseconds > 0);
    let second = time.unwrap_or(now).as_second();
    Timestamp::from_second(second).unwrap_or(now).to_string()
}

fn of_cgroup(usage: &Stats, now: Timestamp) -> (Value, Value) {
    let now = time(0, now);
    let cpu = json!({ "time": now, "usageCoreNanoSeconds": usage.cpu_usage_ns });
    let memory = json!({
        "time": now,
        "usageBytes": usage.memory_usage,
        "workingSetBytes": usage.memory_working_set,
        "rssBytes": usage.memory_rss,
    });
    (cpu, memory)
}

fn of_disk(disk: Disk, now: Timestamp) -> Value {
    json!({
        "time": time(0, now),
        "availableBytes": disk.available,
        "capacityBytes": disk.capacity,
        "usedBytes": disk.capacity.saturating_sub(disk.available),
        "inodesFree": disk.inodes_free,
        "inodes": disk.inodes,
        "inodesUsed": disk.inodes.saturating_sub(disk.inodes_free),
    })
}

fn container(stats: &v1::ContainerStats, now: Timestamp) -> Value {
    let labels = stats.attributes.as_ref().map(|attributes| &attributes.labels);
    let name = labels.and_then(|labels| labels.get(CONTAINER_NAME)).cloned().unwrap_or_default();
    let mut value = json!({ "name": name, "startTime": time(0, now) });
    if let Some(cpu) = &stats.cpu {
        value["cpu"] = json!({
            "time": time(cpu.timestamp, now),
            "usageNanoCores": number(&cpu.usage_nano_cores),
            "usageCoreNanoSeconds": number(&cpu.usage_core_nano_seconds),
        });
    }
    if let Some(memory) = &stats.memory {
        value["memory"] = json!({
            "time": time(memory.timestamp, now),
            "workingSetBytes": number(&memory.working_set_bytes),
            "usageBytes": number(&memory.usage_bytes),
            "rssBytes": number(&memory.rss_bytes),
            "availableBytes": number(&memory.available_bytes),
            "pageFaults": number(&memory.page_faults),
            "majorPageFaults": number(&memory.major_page_faults),
        });
    }
    if let Some(layer) = &stats.writable_layer {
        value["rootfs"] = json!({
            "time": time(layer.timestamp, now),
            "usedBytes": number(&layer.used_bytes),
            "inodesUsed": number(&layer.inodes_used),
        });
    }
    value
}

fn network(stats: &v1::PodSandboxStats, now: Timestamp) -> Option<Value> {
    let network = stats.linux.as_ref()?.network.as_ref()?;
    let interface = network.default_interface.as_ref()?;
    Some(json!({
        "time": time(network.timestamp, now),
        "name": interface.name,
        "rxBytes": number(&interface.rx_bytes),
        "rxErrors": number(&interface.rx_errors),
        "txBytes": number(&interface.tx_bytes),
        "txErrors": number(&interface.tx_errors),
    }))
}

/// Statistics of running containers by the uid of their pod.
pub(crate) async fn containers(kubelet: &Kubelet) -> BTreeMap<String, Vec<v1::ContainerStats>> {
    let mut map: BTreeMap<String, Vec<v1::ContainerStats>> = BTreeMap::new();
    for stats in kubelet.cri.list_container_stats().await.unwrap_or_default() {
        let uid = stats.attributes.as_ref().and_then(|attributes| attributes.labels.get(POD_UID)).cloned();
        // An exited container uses nothing, and its successor has its name.
        let Some(uid) = uid.filter(|_| stats.cpu.is_some()) else { continue };
        map.entry(uid).or_default().push(stats);
    }
    let name = |stats: &v1::ContainerStats| {
        let labels = stats.attributes.as_ref().map(|attributes| &attributes.labels);
        labels.and_then(|labels| labels.get(CONTAINER_NAME)).cloned().unwrap_or_default()
    };
    let attempt = |stats: &v1::ContainerStats| {
        let metadata = stats.attributes.as_ref().and_then(|attributes| attributes.metadata.as_ref());
        metadata.map_or(0, |metadata| metadata.attempt)
    };
    for list in map.values_mut() {
        list.sort_by_key(|stats| (name(stats), std::cmp::Reverse(attempt(stats))));
        list.dedup_by_key(|stats| name(stats));
    }
    map
}

fn pod(kubelet: &Kubelet, pod: &Pod, containers: &[v1::ContainerStats], now: Timestamp) -> Value {
    let mut value = json!({
        "podRef": { "name": spec::name(pod), "namespace": spec::namespace(pod), "uid": spec::uid(pod) },
        "startTime": kubelet.statuses.get(spec::uid(pod)).and_then(|status| status.start_time),
        "containers": containers.iter().map(|stats| container(stats, now)).collect::<Vec<_>>(),
    });
    if let Some(usage) = kubelet.cgroups.pod_usage(resources::qos_class(pod), spec::uid(pod)) {
        let (cpu, memory) = of_cgroup(&usage, now);
        value["cpu"] = cpu;
        value["memory"] = memory;
        value["process_stats"] = json!({ "process_count": usage.pids });
    }
    value
}

/// The whole summary.
pub(crate) async fn summary(kubelet: &Kubelet) -> Value {
    let now = kubelet.env.now();
    let containers = containers(kubelet).await;
    let sandboxes = kubelet.cri.list_sandbox_stats().await.unwrap_or_default();
    let image_disk = kubelet.image_gc.disk().await;
    let mut node = json!({
        "nodeName": kubelet.config.node_name,
        "startTime": time(0, now),
        "fs": of_disk(crate::node::status::nodefs(&kubelet.config.root_dir), now),
    });
    if let Some(disk) = image_disk.or_else(|| disk::read(&kubelet.config.root_dir)) {
        node["runtime"] = json!({ "imageFs": of_disk(disk, now) });
    }
    if let Some(usage) = kubelet.cgroups.node_usage() {
        let (cpu, mut memory) = of_cgroup(&usage, now);
        memory["availableBytes"] = json!(kubelet.machine.memory.saturating_sub(usage.memory_working_set));
        node["cpu"] = cpu;
        node["memory"] = memory;
        node["rlimit"] = json!({ "time": time(0, now), "curproc": usage.pids });
    }
    let active = kubelet.mailboxes.all().into_iter().filter(|(_, mailbox)| mailbox.is_active());
    let pods: Vec<Value> = active
        .map(|(uid, mailbox)| {
            let own = containers.get(&uid).map(Vec::as_slice).unwrap_or_default();
            let mut value = pod(kubelet, &mailbox.read().pod, own, now);
            let sandbox = sandboxes.iter().find(|stats| {
                stats.attributes.as_ref().and_then(|attributes| attributes.labels.get(POD_UID)) == Some(&uid)
            });
            if let Some(network) = sandbox.and_then(|stats| network(stats, now)) {
                value["network"] = network;
            }
            value
        })
        .collect();
    json!({ "node": node, "pods": pods })
}
