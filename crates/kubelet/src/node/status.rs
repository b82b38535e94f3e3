//! The Node's status: capacity, addresses, what it runs.

use std::collections::BTreeMap;
use std::path::Path;

use k8s_openapi::api::core::v1::{
    ContainerImage, DaemonEndpoint, Node, NodeAddress, NodeDaemonEndpoints, NodeRuntimeHandler,
    NodeRuntimeHandlerFeatures, NodeStatus, NodeSwapStatus, NodeSystemInfo,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::machine::architecture;
use super::{conditions, disk};
use crate::config::{Config, KUBELET_VERSION};
use crate::kubelet::Kubelet;
use crate::pods::resources;

/// Images that the Node lists at most, the largest.
const IMAGES_MAX: usize = 50;
/// Names of one image that the Node lists at most.
const IMAGE_NAMES_MAX: usize = 5;

type List = BTreeMap<String, Quantity>;

fn bytes(value: u64) -> Quantity {
    if value.is_multiple_of(1024) {
        Quantity(format!("{}Ki", value / 1024))
    } else {
        Quantity(value.to_string())
    }
}

fn milli(value: i64) -> Quantity {
    if value % 1000 == 0 { Quantity((value / 1000).to_string()) } else { Quantity(format!("{value}m")) }
}

/// What the node has.
pub(crate) fn capacity(kubelet: &Kubelet) -> List {
    let machine = &kubelet.machine;
    let storage = disk::read(&kubelet.config.root_dir).map_or(0, |disk| disk.capacity);
    List::from([
        ("cpu".to_owned(), Quantity(machine.cpus.to_string())),
        ("memory".to_owned(), bytes(machine.memory)),
        ("ephemeral-storage".to_owned(), bytes(storage)),
        ("pods".to_owned(), Quantity(kubelet.config.max_pods.to_string())),
    ])
}

fn threshold(config: &BTreeMap<String, String>, signal: &str, capacity: u64) -> u64 {
    config.get(signal).and_then(|text| crate::eviction::signals::threshold(text, capacity)).unwrap_or(0)
}

/// How much of a resource is kept for the system and for Kubernetes.
pub(crate) fn reserved(config: &Config, name: &str) -> i64 {
    let maps = [&config.system_reserved, &config.kube_reserved];
    let texts = maps.into_iter().filter_map(|map| map.get(name));
    texts.map(|text| resources::amount(name, &Quantity(text.clone()))).sum()
}

/// What pods can have of it: less what is reserved and what eviction keeps free.
pub(crate) fn allocatable(kubelet: &Kubelet) -> List {
    let config = &kubelet.config;
    let mut list = capacity(kubelet);
    for (name, quantity) in &mut list {
        let reserved = reserved(config, name);
        let total = resources::amount(name, quantity);
        let kept = match name.as_str() {
            "memory" => threshold(&config.eviction_hard, "memory.available", total.max(0).unsigned_abs()),
            "ephemeral-storage" => {
                threshold(&config.eviction_hard, "nodefs.available", total.max(0).unsigned_abs())
            }
            _ => 0,
        };
        let left = (total - reserved - i64::try_from(kept).unwrap_or(i64::MAX)).max(0);
        *quantity = match name.as_str() {
            "cpu" => milli(left),
            "pods" => Quantity(left.to_string()),
            "ephemeral-storage" => Quantity(left.to_string()),
            _ => bytes(left.unsigned_abs()),
        };
    }
    list
}

fn addresses(kubelet: &Kubelet) -> Vec<NodeAddress> {
    let address = |type_: &str, address: String| NodeAddress { type_: type_.to_owned(), address };
    let ips = kubelet.config.node_ips.iter().map(|ip| address("InternalIP", ip.to_string()));
    let name = address("Hostname", kubelet.config.node_name.clone());
    ips.chain(std::iter::once(name)).collect()
}

fn node_info(kubelet: &Kubelet) -> NodeSystemInfo {
    let machine = &kubelet.machine;
    let runtime = kubelet.runtime_info();
    NodeSystemInfo {
        architecture: architecture().to_owned(),
        boot_id: machine.boot_id.clone(),
        container_runtime_version: format!("{}://{}", runtime.name, runtime.version),
        kernel_version: machine.kernel_version.clone(),
        kube_proxy_version: String::new(),
        kubelet_version: KUBELET_VERSION.to_owned(),
        machine_id: machine.machine_id.clone(),
        operating_system: "linux".to_owned(),
        os_image: machine.os_image.clone(),
        // A machine without swap says nothing of it: a capacity is positive.
        swap: i64::try_from(machine.swap)
            .ok()
            .filter(|capacity| *capacity > 0)
            .map(|capacity| NodeSwapStatus { capacity: Some(capacity) }),
        system_uuid: machine.system_uuid.clone(),
    }
}

/// The images on the node, the largest first.
pub(crate) async fn images(kubelet: &Kubelet) -> Vec<ContainerImage> {
    let Ok(mut images) = kubelet.cri.list_images().await else { return Vec::new() };
    images.sort_by_key(|image| std::cmp::Reverse(image.size));
    let images = images.into_iter().take(IMAGES_MAX);
    images
        .map(|image| {
            let names = image.repo_digests.into_iter().chain(image.repo_tags);
            let names = names.filter(|name| !name.contains("<none>")).take(IMAGE_NAMES_MAX).collect();
            ContainerImage { names: Some(names), size_bytes: i64::try_from(image.size).ok() }
        })
        .collect()
}

fn handlers(kubelet: &Kubelet) -> Option<Vec<NodeRuntimeHandler>> {
    let handlers = kubelet.runtime_info().handlers;
    let each = handlers.into_iter().map(|handler| NodeRuntimeHandler {
        name: Some(handler.name),
        features: handler.features.map(|features| NodeRuntimeHandlerFeatures {
            recursive_read_only_mounts: Some(features.recursive_read_only_mounts),
            user_namespaces: Some(features.user_namespaces),
        }),
    });
    Some(each.collect::<Vec<_>>()).filter(|list| !list.is_empty())
}

/// The status as it should be; what others write into it is kept.
pub(crate) async fn make(kubelet: &Kubelet, node: &Node) -> NodeStatus {
    let old = node.status.clone().unwrap_or_default();
    let old_conditions = old.conditions.as_deref().unwrap_or_default();
    let health = kubelet.health.borrow().clone();
    let port = i32::from(kubelet.config.port);
    let (mut capacity, mut allocatable) = (capacity(kubelet), allocatable(kubelet));
    // Extended resources come from device plugins or people.
    for (own, of_old) in [(&mut capacity, &old.capacity), (&mut allocatable, &old.allocatable)] {
        for (name, quantity) in of_old.iter().flatten().filter(|(name, _)| name.contains('/')) {
            own.entry(name.clone()).or_insert_with(|| quantity.clone());
        }
    }
    NodeStatus {
        addresses: Some(addresses(kubelet)),
        allocatable: Some(allocatable),
        capacity: Some(capacity),
        conditions: Some(conditions::make(&health, old_conditions, kubelet.env.now())),
        daemon_endpoints: Some(NodeDaemonEndpoints { kubelet_endpoint: Some(DaemonEndpoint { port }) }),
        images: Some(images(kubelet).await),
        node_info: Some(node_info(kubelet)),
        runtime_handlers: handlers(kubelet),
        ..old
    }
}

/// Whether a status is worth sending before its time.
pub(crate) fn differs(old: &NodeStatus, new: &NodeStatus) -> bool {
    let conditions = |status: &NodeStatus| status.conditions.clone().unwrap_or_default();
    let bare = |status: &NodeStatus| NodeStatus { conditions: None, ..status.clone() };
    conditions::differ(&conditions(old), &conditions(new)) || bare(old) != bare(new)
}

/// The labels that every node has.
pub(crate) fn labels(kubelet: &Kubelet) -> BTreeMap<String, String> {
    let own = [
        ("kubernetes.io/hostname", kubelet.config.node_name.as_str()),
        ("kubernetes.io/os", "linux"),
        ("kubernetes.io/arch", architecture()),
        ("beta.kubernetes.io/os", "linux"),
        ("beta.kubernetes.io/arch", architecture()),
    ];
    let own = own.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned()));
    own.chain(kubelet.config.node_labels.clone()).collect()
}

/// How full the kubelet's own file system is.
pub(crate) fn nodefs(root: &Path) -> disk::Disk {
    disk::read(root).unwrap_or_default()
}
