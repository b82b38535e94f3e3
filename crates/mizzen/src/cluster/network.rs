//! The cluster's namespaces, and the wires between them.
//!
//! A LAN namespace with a bridge, and for each node a network, mount and host-name namespace with one end of a veth
//! pair. Anchors hold them: small processes that do nothing else, so that everything else can be killed and started
//! again without the containers noticing.

use std::io::{BufRead as _, BufReader};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use mizzen_kernel::cgroup;
use mizzen_kernel::net::{Net, Route, Veth, set_sysctl};
use mizzen_kernel::netns::NetNs;

use super::layout::Layout;
use super::process::{Process, record, running};
use super::settings::{Node, Settings};

/// All clusters' control groups lie below this one.
const CGROUP_ROOT: &str = "/mizzen";
const BRIDGE: &str = "lan";
/// The node's end of its wire.
pub(crate) const UPLINK: &str = "eth0";

/// The record of the LAN's anchor.
const LAN_ANCHOR: &str = "anchor-lan";

fn node_anchor(node: &str) -> String {
    format!("anchor-node-{node}")
}

/// Whether a record is an anchor's.
pub(crate) fn is_anchor(role: &str) -> bool {
    role.starts_with("anchor-")
}

/// The control group of everything in a cluster; like a node's, with processes only below it.
pub(crate) fn cluster_cgroup(cluster: &str) -> String {
    format!("{CGROUP_ROOT}/{cluster}")
}

/// The control group of a node. Processes are in the groups below it only (`anchor`, `system`, pods and their shims):
/// a group of version 2 that hands controllers on may have none itself.
pub(crate) fn node_cgroup(cluster: &str, node: &str) -> String {
    format!("{CGROUP_ROOT}/{cluster}/{node}")
}

/// The AppArmor profile of a cluster's containers: the kernel's, not a namespace's, so that clusters must not share it.
pub(crate) fn apparmor_profile(cluster: &str) -> String {
    format!("mizzen-{cluster}")
}

/// Removes the group above all clusters when the last is gone.
pub(crate) fn remove_empty_root_cgroup() -> Result<()> {
    let layout = cgroup::Layout::discover()?;
    for folder in cgroup::Cgroup::new(&layout, CGROUP_ROOT)?.folders() {
        // Another cluster's group below keeps it: that is as it should be.
        match std::fs::remove_dir(&folder) {
            Ok(()) => {}
            Err(error) => tracing::debug!(%error, "The group stays."),
        }
    }
    Ok(())
}

/// Fails unless limits can be set on what is below the group of all clusters.
pub(crate) fn check_cgroups() -> Result<()> {
    let layout = cgroup::Layout::discover()?;
    let group = cgroup::Cgroup::new(&layout, CGROUP_ROOT)?;
    group.create()?;
    let lacking = group.lacks(&["cpu", "memory", "pids"]);
    remove_empty_root_cgroup()?;
    ensure!(
        lacking.is_empty(),
        "the cgroup controllers {} cannot be used below {CGROUP_ROOT}: the kernel lacks them, or the top group of a \
         container holds them with processes of its own (move those into a group below it)",
        lacking.join(", ")
    );
    Ok(())
}

/// Moves the calling process into a group, which is made when it is missing.
pub(crate) fn enter_cgroup(path: &str) -> Result<()> {
    let layout = cgroup::Layout::discover()?;
    let group = cgroup::Cgroup::new(&layout, path)?;
    group.create()?;
    group.attach(i32::try_from(std::process::id()).context("a process number")?)?;
    Ok(())
}

/// Makes whatever is missing of the cluster's namespaces and wires.
pub(crate) fn ensure(layout: &Layout, settings: &Settings) -> Result<()> {
    let shim = mizzen_runtime::install_shim(&layout.run(""))?;
    let lan = anchor(layout, LAN_ANCHOR, &shim, "net", &format!("{}/lan", cluster_cgroup(layout.name())))?;
    let lan = namespace(lan)?;
    let address = settings.lan_address();
    block_in(&lan, move || async move { set_up_lan(address).await })?;
    for (number, node) in settings.nodes().into_iter().enumerate() {
        let group = format!("{}/anchor", node_cgroup(layout.name(), &node.name));
        let inside = anchor(layout, &node_anchor(&node.name), &shim, "net,mnt,uts", &group)?;
        wire(&lan, namespace(inside)?, settings, node, number)?;
    }
    Ok(())
}

/// The LAN's namespace of a running cluster.
pub(crate) fn lan(layout: &Layout) -> Result<NetNs> {
    namespace(running(layout, LAN_ANCHOR)?.context("the LAN's anchor is gone: `mizzen up` makes it anew")?)
}

/// The process that holds a node's namespaces.
pub(crate) fn node(layout: &Layout, node: &str) -> Result<Process> {
    running(layout, &node_anchor(node))?.with_context(|| format!("the anchor of node {node} is gone"))
}

fn namespace(anchor: Process) -> Result<NetNs> {
    Ok(NetNs::open(Path::new(&format!("/proc/{}/ns/net", anchor.pid)))?)
}

/// The running anchor of a role, started when there is none.
fn anchor(layout: &Layout, role: &str, shim: &Path, namespaces: &str, group: &str) -> Result<Process> {
    if let Some(anchor) = running(layout, role)? {
        return Ok(anchor);
    }
    let mut child = Command::new(shim)
        .args([mizzen_shim::ROLE_ANCHOR, namespaces])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("start an anchor")?;
    let pid = i32::try_from(child.id()).context("a process number")?;
    let process = Process::of(pid).context("an anchor ended at once")?;
    // Recorded before anything can fail, so that it is found again.
    record(layout, role, process)?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("the anchor's output")?).read_line(&mut line)?;
    if line.trim() != mizzen_shim::READY {
        let said = child.wait_with_output().map(|output| output.stderr).unwrap_or_default();
        anyhow::bail!("an anchor failed: {}", String::from_utf8_lossy(&said).trim());
    }
    let groups = cgroup::Layout::discover()?;
    let group = cgroup::Cgroup::new(&groups, group)?;
    group.create()?;
    group.attach(pid)?;
    Ok(process)
}

/// Runs a future on a thread inside, from a place that has no runtime.
fn block_in<F, Fut>(namespace: &NetNs, work: F) -> Result<()>
where
    F: FnOnce() -> Fut + Send + 'static,
    Fut: Future<Output = Result<()>>,
{
    crate::ready::block_on(async { namespace.run(work).await? })
}

/// Loopback and forwarding, as every one of the cluster's network namespaces has them.
async fn set_up_basics(net: &Net) -> Result<()> {
    let loopback = net.expect_link("lo").await?;
    net.set_up(loopback.index).await?;
    // IPv6 is off inside: the cluster's addresses are IPv4, and nothing may be configured by stray advertisements.
    for (name, value) in [
        ("net.ipv4.ip_forward", "1"),
        ("net.ipv6.conf.all.disable_ipv6", "1"),
        ("net.ipv6.conf.default.disable_ipv6", "1"),
    ] {
        match set_sysctl(name, value) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            other => other.context("set up a network namespace")?,
        }
    }
    Ok(())
}

async fn set_up_lan(address: Ipv4Addr) -> Result<()> {
    let net = Net::open()?;
    set_up_basics(&net).await?;
    let bridge = net.ensure_bridge(BRIDGE, None).await?;
    net.ensure_address(bridge.index, IpAddr::V4(address), Settings::LAN_PREFIX_LEN).await?;
    Ok(())
}

/// Connects a node with the LAN, and sets its network up.
fn wire(lan: &NetNs, inside: NetNs, settings: &Settings, node: Node, number: usize) -> Result<()> {
    let here = format!("node{number}");
    let to = inside.clone();
    block_in(lan, move || async move {
        let net = Net::open()?;
        let bridge = net.expect_link(BRIDGE).await?;
        let link = match net.link(&here).await? {
            Some(link) => link,
            None => net.add_veth(&Veth { name: &here, peer: UPLINK, mtu: None, peer_mac: None }, &to).await?,
        };
        net.set_master(link.index, bridge.index).await?;
        net.set_up(link.index).await?;
        Ok(())
    })?;
    let gateway = settings.lan_address();
    block_in(&inside, move || async move { set_up_node(node.address, gateway).await })
}

async fn set_up_node(address: Ipv4Addr, gateway: Ipv4Addr) -> Result<()> {
    let net = Net::open()?;
    set_up_basics(&net).await?;
    let link = net.expect_link(UPLINK).await?;
    net.set_up(link.index).await?;
    net.ensure_address(link.index, IpAddr::V4(address), Settings::LAN_PREFIX_LEN).await?;
    let everywhere = (IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
    net.ensure_route(&Route {
        destination: everywhere,
        gateway: Some(IpAddr::V4(gateway)),
        link: link.index,
        source: None,
    })
    .await?;
    // Bridged packets between pods of one node must pass the service rules too. Kernels without bridge netfilter
    // have no such setting.
    match set_sysctl("net.bridge.bridge-nf-call-iptables", "1") {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other.context("let bridged packets pass the rules"),
    }
}

/// Fails unless the calling process is alone in its thread group: only then can it change mount namespaces.
pub(crate) fn ensure_single_threaded() -> Result<()> {
    let threads = std::fs::read_dir("/proc/self/task")?.count();
    ensure!(threads == 1, "namespaces are entered before any thread is started, but there are {threads}");
    Ok(())
}
