//! A node that loses its process, or a pod its shim; and what many pods leave behind.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, Options, eventually, eventually_within, run, testserver_image};

use crate::cluster::{becomes, ready, server_pod, shell_pod};
use crate::groups::alone;

pub(crate) fn tests() -> Vec<Trial> {
    vec![alone("recovery_of_a_node", node), alone("recovery_after_many_pods", many)]
}

/// The node's own process.
pub(crate) fn node_process(cluster: &Cluster) -> Result<String> {
    let path = cluster.data_dir().join(format!("run/node-{}.process", cluster.name()));
    let record: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
    Ok(record["pid"].to_string())
}

/// The shims of a cluster's pods.
fn shims(cluster: &Cluster) -> Result<Vec<String>> {
    let folder = cluster.data_dir().to_string_lossy().into_owned();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let entry = entry?;
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        if command.contains("shim pod ") && command.contains(&folder) {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    Ok(found)
}

pub(crate) fn kill(pid: &str) -> Result<()> {
    run(Command::new("kill").args(["-9", pid])).map(drop)
}

fn node() -> Result<()> {
    let cluster = Cluster::up(Options { images: vec![testserver_image()?], ..Options::default() })?;
    let kubectl = cluster.kubectl();
    kubectl.apply(&server_pod("survivor"))?;
    ready(&kubectl, "survivor")?;
    let of = |path: &str| kubectl.path(&["pod", "survivor"], path);
    let identity = "{.metadata.uid} {.status.podIP} {.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}";
    let before = of(identity)?;

    let old = node_process(&cluster)?;
    kill(&old)?;
    eventually("the node's process is started again", || {
        ensure!(node_process(&cluster)? != old);
        Ok(())
    })?;
    eventually("the new process answers", || kubectl.run(&["exec", "survivor", "--", "true"]))?;
    ensure!(of(identity)? == before, "the pod is another");
    let tell = |what: &str| {
        let post = format!("wget -q -O- --post-data= http://127.0.0.1:8080/{what}");
        kubectl.run(&["exec", "survivor", "--", "sh", "-c", &post])
    };
    // Probes are at work again: one that fails shows.
    tell("fail")?;
    becomes(&kubectl, &["pod", "survivor"], READY, "False")?;
    tell("recover")?;
    becomes(&kubectl, &["pod", "survivor"], READY, "True")?;
    ensure!(of(identity)? == before, "the pod is another");
    shim_dies(&cluster, &kubectl)
}

const READY: &str = "{.status.conditions[?(@.type==\"Ready\")].status}";

/// A pod whose shim is gone gets a new sandbox, at once.
fn shim_dies(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let old = shims(cluster)?;
    kill(old.first().context("a shim")?)?;
    becomes(kubectl, &["pod", "survivor"], "{.status.containerStatuses[0].restartCount}", "1")?;
    becomes(kubectl, &["pod", "survivor"], READY, "True")?;
    let events = kubectl.run(&["get", "events", "-o", "jsonpath={.items[*].reason}"])?;
    ensure!(events.contains("SandboxChanged") && !events.contains("BackOff"), "{events}");
    ensure!(shims(cluster)?.len() == 1, "the old shim's pod is still there");
    Ok(())
}

/// What pods have on a node: shims, control groups, mounts, links, addresses, folders.
fn holdings(cluster: &Cluster) -> Result<BTreeSet<String>> {
    let mut all: BTreeSet<String> = shims(cluster)?.into_iter().collect();
    let pid = node_process(cluster)?;
    let mounts = fs::read_to_string(format!("/proc/{pid}/mountinfo"))?;
    all.extend(mounts.lines().filter_map(|line| line.split(' ').nth(4)).map(ToOwned::to_owned));
    let links =
        run(Command::new("nsenter").arg(format!("--net=/proc/{pid}/ns/net")).args(["ip", "-o", "link"]))?;
    all.extend(links.lines().filter(|line| line.contains("veth")).map(ToOwned::to_owned));
    let data = cluster.data_dir();
    let (run, node) = (data.join("run").join(cluster.name()), data.join("nodes").join(cluster.name()));
    let folders = ["kubelet/pods", "pods", "runtime/containers", "runtime/sandboxes", "cni/cache/results"];
    let folders =
        folders.map(|name| node.join(name)).into_iter().chain([run.join("s"), run.join("sandboxes")]);
    for folder in folders.chain([node.join("cni/cache/networks/mizzen")]) {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        all.extend(entries.flatten().map(|entry| entry.path().to_string_lossy().into_owned()));
    }
    let groups = run_output(
        "find",
        &["/sys/fs/cgroup", "-type", "d", "-path", &format!("*/{}/*pod*", cluster.name())],
    )?;
    all.extend(groups.lines().filter(|line| line.contains("/pod")).map(ToOwned::to_owned));
    // Which address comes next is kept, whatever is given back.
    all.retain(|one| !one.ends_with("/lock") && !one.contains("last_reserved_ip"));
    Ok(all)
}

/// Output of a program that may find things gone that it has just seen.
fn run_output(program: &str, args: &[&str]) -> Result<String> {
    Ok(String::from_utf8_lossy(&Command::new(program).args(args).output()?.stdout).into_owned())
}

fn many() -> Result<()> {
    let cluster = Cluster::up(Options { images: vec![testserver_image()?], ..Options::default() })?;
    let kubectl = cluster.kubectl();
    let before = holdings(&cluster)?;
    let pods: Vec<String> = (0..30).map(|number| shell_pod(&format!("many-{number}"), "sleep 300")).collect();
    kubectl.apply(&pods.join("---\n"))?;
    kubectl.run(&["wait", "--for=condition=Ready", "pods", "--all", "--timeout=120s"])?;
    ensure!(shims(&cluster)?.len() == 30);
    kubectl.run(&["delete", "pods", "--all", "--wait=false"])?;
    eventually_within(Duration::from_secs(90), "nothing of the pods is left", || {
        let now = holdings(&cluster)?;
        let left: Vec<_> = now.difference(&before).collect();
        ensure!(left.is_empty(), "{left:#?}");
        Ok(())
    })
}
