//! What only a kernel like Debian's shows: one hierarchy of control groups (version 2), device programs, AppArmor.
//!
//! These run in the virtual machine of `cargo xtask test vm`, and wherever else the kernel has what they are about.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually, run};

use crate::cluster::{becomes, in_pod, log_of_finished, ready, shell_pod};
use crate::groups::{Group, test};

/// What else runs in the virtual machine: a little of everything that depends on the kernel.
const OTHERS: &[&str] = &[
    "crash_of_everything_loses_nothing",
    "lifecycle_down_leaves_no_trace",
    "pod_is_confined",
    "pod_liveness_restarts",
    "pod_resize_changes_what_runs",
    "pod_resize_restarts_by_policy",
    "pod_resize_waits_and_outlives_the_node",
    "pod_sees_environment_and_volumes",
    "service_hairpin",
    "service_is_reached_by_name",
    "service_node_port_is_published",
    "stream_exec",
];

/// Whether a test is in the plan that `MIZZEN_TEST_PLAN` names; without one, all are.
pub(crate) fn is_planned(name: &str) -> bool {
    match std::env::var("MIZZEN_TEST_PLAN").as_deref() {
        Ok("vm") => name.starts_with("vm_") || OTHERS.contains(&name),
        _ => true,
    }
}

const ROOT: &str = "/sys/fs/cgroup";
const PROFILES: &str = "/sys/kernel/security/apparmor/profiles";

pub(crate) fn tests() -> Vec<Trial> {
    let unified = Path::new(ROOT).join("cgroup.controllers").exists();
    let apparmor = Path::new(PROFILES).exists();
    let needs = |there: bool, lack: &'static str, trial: Trial| {
        if there { trial } else { trial.with_kind(format!("skipped, {lack} here")).with_ignored_flag(true) }
    };
    let v2 = |trial| needs(unified, "no cgroup version 2", trial);
    vec![
        v2(test(Group::One, "vm_cgroups_are_laid_out", layout)),
        v2(test(Group::One, "vm_cgroups_hold_limits", limits)),
        v2(test(Group::One, "vm_memory_shortage_ends_a_container", out_of_memory)),
        v2(test(Group::One, "vm_devices_are_the_default_set", devices)),
        v2(test(Group::One, "vm_use_is_measured", measured)),
        v2(test(Group::One, "vm_exec_beside_own_groups", own_groups)),
        needs(apparmor, "no AppArmor", test(Group::One, "vm_apparmor_confines", confined)),
    ]
}

fn read(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(text.trim().to_owned())
}

/// The node's control group.
fn node_group(cluster: &Cluster) -> PathBuf {
    Path::new(ROOT).join("mizzen").join(cluster.name()).join(cluster.name())
}

/// Groups with processes at or below `folder`.
fn inhabited(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    if !read(&folder.join("cgroup.procs"))?.is_empty() {
        found.push(folder.to_owned());
    }
    for entry in fs::read_dir(folder)?.flatten() {
        if entry.file_type()?.is_dir() {
            inhabited(&entry.path(), found)?;
        }
    }
    Ok(())
}

fn layout(cluster: &Cluster, _: &Kubectl) -> Result<()> {
    let node = node_group(cluster);
    for (group, controllers) in [("", "cpu cpuset memory pids"), ("kubepods", "cpu memory pids")] {
        let on = read(&node.join(group).join("cgroup.subtree_control"))?;
        for name in controllers.split(' ') {
            ensure!(on.split(' ').any(|one| one == name), "{group:?} hands on {on:?}, without {name}");
        }
    }
    ensure!(read(&node.join("kubepods/besteffort/cpu.weight"))? == "1");
    let total = read(&node.join("kubepods/memory.max"))?;
    ensure!(total.parse::<u64>().is_ok(), "pods may use {total} of memory altogether");
    let mut groups = Vec::new();
    inhabited(&Path::new(ROOT).join("mizzen").join(cluster.name()), &mut groups)?;
    for part in ["lan", "control-plane"] {
        ensure!(groups.iter().any(|group| group.ends_with(part)), "no {part} in {groups:?}");
    }
    for part in ["anchor", "system"] {
        ensure!(groups.contains(&node.join(part)), "no {part} in {groups:?}");
    }
    // The group that this ran in, a login's say, has kept its own processes and none of the cluster's.
    let own = read(Path::new("/proc/self/cgroup"))?;
    let own = Path::new(ROOT).join(own.strip_prefix("0::/").context("one hierarchy")?);
    for pid in read(&own.join("cgroup.procs"))?.lines() {
        // It may have ended.
        let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        let stays = command.contains(" control-plane ") || command.contains("mizzen-anchor");
        ensure!(!stays, "{command:?} is in {}", own.display());
    }
    Ok(())
}

/// Adds lines to the container of a [`shell_pod`].
fn with(name: &str, command: &str, lines: &str) -> String {
    format!("{}    {lines}\n", shell_pod(name, command))
}

fn limits(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let resources = "resources: {requests: {cpu: 500m, memory: 32Mi}, limits: {cpu: '1', memory: 64Mi}}";
    let script = "cat /proc/self/cgroup /sys/fs/cgroup/memory.max /sys/fs/cgroup/cpu.max; \
                  (echo max >/sys/fs/cgroup/memory.max) 2>/dev/null || echo refused; sleep 1000";
    kubectl.apply(&with("limited", script, resources))?;
    ready(kubectl, "limited")?;
    let uid = kubectl.path(&["pod", "limited"], "{.metadata.uid}")?;
    let id = kubectl.path(&["pod", "limited"], "{.status.containerStatuses[0].containerID}")?;
    let id = id.split_once("://").context("a container's id")?.1;
    let pod = node_group(cluster).join("kubepods/burstable").join(format!("pod{uid}"));
    let container = pod.join(id);
    for group in [&pod, &container] {
        let check = |file: &str, expect: &str| {
            let found = read(&group.join(file))?;
            ensure!(found == expect, "{}: {file} is {found}, not {expect}", group.display());
            Ok(())
        };
        check("cpu.max", "100000 100000")?;
        check("memory.max", "67108864")?;
        // 512 shares, on the scale whose middle is 100.
        check("cpu.weight", "59")?;
    }
    ensure!(read(&container.join("memory.oom.group"))? == "1");
    ensure!(read(&container.join("pids.max"))? == "max");
    let log = eventually("the container has looked around", || {
        let log = kubectl.run(&["logs", "limited"])?;
        ensure!(log.contains("refused"), "{log}");
        Ok(log)
    })?;
    ensure!(log == "0::/\n67108864\n100000 100000\nrefused\n", "{log}");
    kubectl.run(&["delete", "pod", "limited", "--wait=true"])?;
    eventually("the pod's group is gone", || {
        ensure!(!pod.exists(), "{} is still there", pod.display());
        Ok(())
    })
}

fn out_of_memory(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    // The shell itself would survive: it is the group that goes.
    let resources = "resources: {limits: {memory: 32Mi}}";
    kubectl.apply(&with("glutton", "tail /dev/zero; echo survived; sleep 1000", resources))?;
    becomes(kubectl, &["pod", "glutton"], "{.status.phase}", "Failed")?;
    let path = "{.status.containerStatuses[0].state.terminated.reason} {.status.containerStatuses[0].state.terminated.exitCode}";
    let state = kubectl.path(&["pod", "glutton"], path)?;
    ensure!(state == "OOMKilled 137", "{state}");
    ensure!(kubectl.run(&["logs", "glutton"])?.is_empty());
    Ok(())
}

fn devices(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    // Making a node is allowed, using it is not: 1:1 is the memory, 4:64 a serial line, 7:0 a loop device.
    let script = "mknod /mem c 1 1; mknod /line c 4 64; mknod /disk b 7 0; \
                  for file in /mem /line /disk; do head -c 1 $file 2>&1; done; \
                  echo x >/dev/null; head -c 4 /dev/zero | wc -c; head -c 4 /dev/urandom | wc -c";
    let log = in_pod(kubectl, "smith", script)?;
    let refused = log.lines().filter(|line| line.contains("Operation not permitted")).count();
    ensure!(refused == 3 && log.ends_with("4\n4\n"), "{log}");
    Ok(())
}

/// As systemd or a container runtime in a container does: the group hands controllers on, so no process may be in it.
fn own_groups(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let script = "cd /sys/fs/cgroup$(cut -d: -f3 /proc/self/cgroup) && mkdir init && echo 1 >init/cgroup.procs && \
                  echo +memory >cgroup.subtree_control && mkdir other && echo ready; sleep 1000";
    let probe = "securityContext: {privileged: true}\n    \
                 readinessProbe: {exec: {command: [grep, -q, /init$, /proc/self/cgroup]}, periodSeconds: 1}";
    kubectl.apply(&with("nested", script, probe))?;
    // The probe runs in the container too.
    if let Err(error) = ready(kubectl, "nested") {
        return Err(error.context(kubectl.run(&["logs", "nested"]).unwrap_or_default()));
    }
    let own = kubectl.run(&["exec", "nested", "--", "cat", "/proc/self/cgroup"])?;
    let id = kubectl.path(&["pod", "nested"], "{.status.containerStatuses[0].containerID}")?;
    let id = id.split_once("://").context("a container's id")?.1;
    ensure!(own.trim().ends_with(&format!("/{id}/init")), "{own}");
    kubectl.run(&["delete", "pod", "nested", "--wait=true"])?;
    eventually("the container's groups are gone", || {
        let mut groups = Vec::new();
        inhabited(&node_group(cluster), &mut groups)?;
        ensure!(!groups.iter().any(|group| group.to_string_lossy().contains(id)), "{groups:?}");
        Ok(())
    })
}

fn measured(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let script = "dd if=/dev/zero of=/dev/shm/block bs=1M count=8 2>/dev/null; while :; do :; done";
    kubectl.apply(&with("busy", script, "resources: {limits: {cpu: 500m, memory: 64Mi}}"))?;
    ready(kubectl, "busy")?;
    let url = format!("/api/v1/nodes/{}/proxy/stats/summary", cluster.name());
    let (summary, used) = eventually("the pod's use is measured", || {
        let summary: serde_json::Value = serde_json::from_str(&kubectl.run(&["get", "--raw", &url])?)?;
        let pods = summary["pods"].as_array().context("pods")?;
        let pod = pods.iter().find(|pod| pod["podRef"]["name"] == "busy").context("the pod")?;
        let used = pod["containers"][0].clone();
        ensure!(used["cpu"]["usageCoreNanoSeconds"].as_u64() > Some(0), "{used}");
        ensure!(used["memory"]["usageBytes"].as_u64() > Some(8 << 20), "{used}");
        Ok((summary.clone(), used))
    })?;
    let limit = 64 << 20;
    ensure!(used["memory"]["workingSetBytes"].as_u64() < Some(limit), "{used}");
    ensure!(used["memory"]["availableBytes"].as_u64() < Some(limit), "{used}");
    // The node's share of the machine, not the machine: what its own group says, give or take what has changed since.
    let group: u64 = read(&node_group(cluster).join("memory.current"))?.parse()?;
    let node = summary["node"]["memory"]["usageBytes"].as_u64().context("the node's memory")?;
    ensure!(node > group / 2 && node < group * 2, "{node} is told, {group} is used");
    Ok(())
}

const STRICT: &str = "profile mizzen-system-test flags=(attach_disconnected, mediate_deleted) {
  capability,
  file,
  network,
  signal,
  deny /etc/** w,
}
";

/// Loads a profile, or removes it with this value.
struct Loaded;

impl Loaded {
    fn parser(verb: &str) -> Result<()> {
        let mut child = Command::new("/sbin/apparmor_parser")
            .args(["--skip-cache", verb])
            .stdin(Stdio::piped())
            .spawn()
            .context("start apparmor_parser (Debian: apparmor)")?;
        child.stdin.take().context("its input")?.write_all(STRICT.as_bytes())?;
        let status = child.wait()?;
        if status.success() { Ok(()) } else { bail!("apparmor_parser {verb} ended with {status}") }
    }

    fn new() -> Result<Self> {
        Self::parser("--replace").map(|()| Self)
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        if let Err(error) = Self::parser("--remove") {
            eprintln!("the profile of a test stays: {error:#}");
        }
    }
}

fn confined(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let show = "cat /proc/self/attr/current; touch /etc/mine 2>&1; mount -t tmpfs x /mnt 2>&1; true";
    let own = in_pod(kubectl, "plain", show)?;
    ensure!(own.starts_with(&format!("mizzen-{} (enforce)\n", cluster.name())), "{own}");
    let profile = |text: &str| format!("securityContext: {{appArmorProfile: {text}}}");
    kubectl.apply(&with("free", show, &profile("{type: Unconfined}")))?;
    let log = log_of_finished(kubectl, "free")?;
    ensure!(log.starts_with("unconfined\n"), "{log}");
    let local = |name: &str| profile(&format!("{{type: Localhost, localhostProfile: {name}}}"));
    let loaded = Loaded::new()?;
    kubectl.apply(&with("strict", show, &local("mizzen-system-test")))?;
    let log = log_of_finished(kubectl, "strict")?;
    ensure!(log.starts_with("mizzen-system-test (enforce)\n") && log.contains("Permission denied"), "{log}");
    drop(loaded);
    kubectl.apply(&with("lost", show, &local("nowhere")))?;
    let waiting = "{.status.containerStatuses[0].state.waiting.reason}: {.status.containerStatuses[0].state.waiting.message}";
    eventually("the kubelet says that there is no such profile", || {
        let said = kubectl.path(&["pod", "lost"], waiting)?;
        ensure!(
            said.starts_with("CreateContainerError: ") && said.contains("apparmor profile not found"),
            "{said}"
        );
        Ok(())
    })?;
    run(Command::new("grep").args(["-c", &format!("^mizzen-{} ", cluster.name()), PROFILES])).map(drop)
}
