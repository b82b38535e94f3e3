//! Pods that get other resources while they run.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, Options, eventually, testserver_image};

use crate::cluster::{becomes, ready};
use crate::groups::{Group, alone, test};
use crate::recovery::{kill, node_process};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::One, "pod_resize_changes_what_runs", changes),
        test(Group::One, "pod_resize_restarts_by_policy", restarts),
        test(Group::One, "pod_resize_that_cannot_be", infeasible),
        alone("pod_resize_waits_and_outlives_the_node", waits),
    ]
}

/// A pod of containers that sleep, each with a request and a limit of CPU and memory: `name cpu cpu memory memory`.
fn pod(name: &str, containers: &[&str]) -> String {
    let mut text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  terminationGracePeriodSeconds: 1\n  \
         volumes: [{{name: scratch, emptyDir: {{medium: Memory}}}}]\n  containers:\n"
    );
    for container in containers {
        let words: Vec<&str> = container.split(' ').collect();
        let (name, resources) = (words[0], resources(&words[1..]));
        text += &format!(
            "  - name: {name}\n    image: localhost/testserver:test\n    command: [sleep, '1000']\n    \
             resizePolicy: [{{resourceName: memory, restartPolicy: {}}}]\n    \
             resources: {resources}\n    volumeMounts: [{{name: scratch, mountPath: /scratch}}]\n",
            if name == "anew" { "RestartContainer" } else { "NotRequired" }
        );
    }
    text
}

/// Request and limit of CPU, request and limit of memory.
fn resources(words: &[&str]) -> String {
    format!(
        r#"{{"requests": {{"cpu": "{}", "memory": "{}"}}, "limits": {{"cpu": "{}", "memory": "{}"}}}}"#,
        words[0], words[2], words[1], words[3]
    )
}

fn resize(kubectl: &Kubectl, pod: &str, container: &str) -> Result<()> {
    let words: Vec<&str> = container.split(' ').collect();
    let change = format!(
        r#"{{"spec": {{"containers": [{{"name": "{}", "resources": {}}}]}}}}"#,
        words[0],
        resources(&words[1..])
    );
    kubectl.run(&["patch", "pod", pod, "--subresource=resize", "--patch", &change]).map(drop)
}

/// What a container's control group has, as it sees it: memory in bytes, CPU quota, and CPU shares or weight.
fn group(kubectl: &Kubectl, pod: &str, container: &str) -> Result<String> {
    let v2 = "cat memory.max; cut -d' ' -f1 cpu.max; cat cpu.weight";
    let v1 = "cat memory/memory.limit_in_bytes cpu*/cpu.cfs_quota_us cpu*/cpu.shares";
    let script = format!("cd /sys/fs/cgroup; if [ -f cgroup.procs ]; then {v2}; else {v1}; fi");
    let told = kubectl.run(&["exec", pod, "-c", container, "--", "sh", "-c", &script])?;
    Ok(told.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The same of the pod's, as this machine sees it: memory in bytes and CPU quota.
fn pod_group(cluster: &Cluster, kubectl: &Kubectl, pod: &str) -> Result<String> {
    let uid = kubectl.path(&["pod", pod], "{.metadata.uid}")?;
    let at = |hierarchy: &str, file: &str| {
        let node = Path::new("/sys/fs/cgroup").join(hierarchy).join("mizzen").join(cluster.name());
        let path = node.join(cluster.name()).join(format!("kubepods/burstable/pod{uid}")).join(file);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Ok::<_, anyhow::Error>(text.split_whitespace().next().unwrap_or_default().to_owned())
    };
    let v2 = Path::new("/sys/fs/cgroup/cgroup.controllers").exists();
    let (memory, cpu) = if v2 {
        (at("", "memory.max")?, at("", "cpu.max")?)
    } else {
        (at("memory", "memory.limit_in_bytes")?, at("cpu", "cpu.cfs_quota_us")?)
    };
    Ok(format!("{memory} {cpu}"))
}

/// What a container's shares are where they are a weight: as `cgroup::weight` of the kernel crate makes them.
fn shares(shares: u32, weight: u32) -> u32 {
    if Path::new("/sys/fs/cgroup/cgroup.controllers").exists() { weight } else { shares }
}

/// Status of the container's resources: what it has, what it was allocated, how often it was started anew.
fn status(kubectl: &Kubectl, pod: &str, container: &str) -> Result<String> {
    let of = format!("{{range .status.containerStatuses[?(@.name==\"{container}\")]}}");
    let path = "{.resources.requests.cpu} {.resources.limits.cpu} {.resources.requests.memory} \
                {.resources.limits.memory} {.allocatedResources.cpu} {.allocatedResources.memory} {.restartCount}";
    kubectl.path(&["pod", pod], &format!("{of}{path}{{end}}"))
}

/// Waits until a resize is done: the status says so, and nothing is left of its conditions.
fn settled(kubectl: &Kubectl, pod: &str, container: &str, expect: &str) -> Result<()> {
    eventually(&format!("{container} of pod {pod} has {expect}"), || {
        let now = status(kubectl, pod, container)?;
        let left = conditions(kubectl, pod)?;
        ensure!(now == expect && left.is_empty(), "it has {now}, {left}");
        Ok(())
    })
}

/// Type, reason and generation of the conditions of resizes.
fn conditions(kubectl: &Kubectl, pod: &str) -> Result<String> {
    let path =
        "{range .status.conditions[*]}{.type} {.reason} {.observedGeneration}: {.message}{\"\\n\"}{end}";
    let all = kubectl.path(&["pod", pod], path)?;
    Ok(all.lines().filter(|line| line.starts_with("PodResize")).collect::<Vec<_>>().join("\n"))
}

fn events(kubectl: &Kubectl, pod: &str, expect: &[&str]) -> Result<()> {
    eventually(&format!("there are events {expect:?}"), || {
        let events =
            kubectl.run(&["get", "events", "--field-selector", &format!("involvedObject.name={pod}")])?;
        for one in expect {
            ensure!(events.contains(one), "no {one} in {events}");
        }
        Ok(())
    })
}

fn changes(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&pod("elastic", &["one 100m 200m 32Mi 64Mi", "two 50m 100m 16Mi 32Mi"]))?;
    ready(kubectl, "elastic")?;
    settled(kubectl, "elastic", "one", "100m 200m 32Mi 64Mi 100m 32Mi 0")?;
    let id =
        "{.status.containerStatuses[*].containerID} {.status.containerStatuses[*].state.running.startedAt}";
    let before = kubectl.path(&["pod", "elastic"], id)?;
    let (small, large) = (shares(102, 17), shares(204, 29));
    ensure!(group(kubectl, "elastic", "one")? == format!("67108864 20000 {small}"));
    ensure!(pod_group(cluster, kubectl, "elastic")? == format!("{} 30000", 96 << 20));

    resize(kubectl, "elastic", "one 200m 400m 64Mi 128Mi")?;
    settled(kubectl, "elastic", "one", "200m 400m 64Mi 128Mi 200m 64Mi 0")?;
    let now = group(kubectl, "elastic", "one")?;
    ensure!(now == format!("{} 40000 {large}", 128 << 20), "{now}");
    let now = pod_group(cluster, kubectl, "elastic")?;
    ensure!(now == format!("{} 50000", 160 << 20), "{now}");
    let observed =
        kubectl.path(&["pod", "elastic"], "{.metadata.generation} {.status.observedGeneration}")?;
    ensure!(observed == "2 2", "{observed}");

    // One up, the other down, memory and CPU in different ways, in one change.
    let change = format!(
        r#"{{"spec": {{"containers": [{{"name": "one", "resources": {}}}, {{"name": "two", "resources": {}}}]}}}}"#,
        resources(&["100m", "200m", "80Mi", "160Mi"]),
        resources(&["100m", "300m", "8Mi", "16Mi"])
    );
    kubectl.run(&["patch", "pod", "elastic", "--subresource=resize", "--patch", &change])?;
    settled(kubectl, "elastic", "one", "100m 200m 80Mi 160Mi 100m 80Mi 0")?;
    settled(kubectl, "elastic", "two", "100m 300m 8Mi 16Mi 100m 8Mi 0")?;
    let now = group(kubectl, "elastic", "one")?;
    ensure!(now == format!("{} 20000 {small}", 160 << 20), "{now}");
    let now = group(kubectl, "elastic", "two")?;
    ensure!(now == format!("{} 30000 {small}", 16 << 20), "{now}");
    let now = pod_group(cluster, kubectl, "elastic")?;
    ensure!(now == format!("{} 50000", 176 << 20), "{now}");
    ensure!(kubectl.path(&["pod", "elastic"], id)? == before, "a container was started anew");
    let started =
        "Pod resize started: {\"containers\":[{\"name\":\"one\",\"resources\":{\"limits\":{\"cpu\":\"400m\"";
    events(kubectl, "elastic", &["ResizeStarted", started, "ResizeCompleted", "\"generation\":2}"])
}

fn restarts(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&pod("renewed", &["anew 100m 200m 32Mi 64Mi", "kept 100m 100m 16Mi 32Mi"]))?;
    ready(kubectl, "renewed")?;
    // CPU has no such policy.
    resize(kubectl, "renewed", "anew 50m 100m 32Mi 64Mi")?;
    settled(kubectl, "renewed", "anew", "50m 100m 32Mi 64Mi 50m 32Mi 0")?;
    resize(kubectl, "renewed", "anew 50m 100m 16Mi 32Mi")?;
    settled(kubectl, "renewed", "anew", "50m 100m 16Mi 32Mi 50m 16Mi 1")?;
    ready(kubectl, "renewed")?;
    let now = group(kubectl, "renewed", "anew")?;
    ensure!(now == format!("{} 10000 {}", 32 << 20, shares(51, 11)), "{now}");
    let now = pod_group(cluster, kubectl, "renewed")?;
    ensure!(now == format!("{} 20000", 64 << 20), "{now}");
    ensure!(status(kubectl, "renewed", "kept")? == "100m 100m 16Mi 32Mi 100m 16Mi 0");
    events(kubectl, "renewed", &["Container anew resize requires restart"])
}

fn infeasible(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&pod("greedy", &["main 100m 200m 32Mi 64Mi"]))?;
    ready(kubectl, "greedy")?;
    resize(kubectl, "greedy", "main 1000 1000 32Mi 64Mi")?;
    let waiting = eventually("the resize is infeasible", || {
        let now = conditions(kubectl, "greedy")?;
        ensure!(now.starts_with("PodResizePending Infeasible 2: "), "{now}");
        Ok(now)
    })?;
    let why = "Node didn't have enough capacity: cpu, requested: 1000000, capacity: ";
    ensure!(waiting.contains(why), "{waiting}");
    ensure!(status(kubectl, "greedy", "main")? == "100m 200m 32Mi 64Mi 100m 32Mi 0");
    events(kubectl, "greedy", &["ResizeInfeasible", "Pod resize Infeasible: {"])?;
    // Taken back, nothing is left of it.
    resize(kubectl, "greedy", "main 100m 200m 32Mi 64Mi")?;
    settled(kubectl, "greedy", "main", "100m 200m 32Mi 64Mi 100m 32Mi 0")?;
    // What the API refuses.
    let refused = |change: &str, why: &str| {
        let told = kubectl.say(&["patch", "pod", "greedy", "--subresource=resize", "--patch", change], "")?;
        ensure!(!told.ok && told.err.contains(why), "{told:?}");
        Ok(())
    };
    let main = |rest: &str| format!(r#"{{"spec": {{"containers": [{{"name": "main", {rest}}}]}}}}"#);
    let class = main(r#""resources": {"requests": {"cpu": "200m", "memory": "64Mi"}}"#);
    refused(&class, "Pod QOS Class may not change as a result of resizing")?;
    let removed = main(r#""resources": {"limits": {"memory": null}}"#);
    refused(&removed, "resource limits cannot be removed")
}

/// A resize that waits for another pod to go; and one that waits for memory, while the node is started anew.
fn waits() -> Result<()> {
    let cluster = Cluster::up(Options { images: vec![testserver_image()?], ..Options::default() })?;
    let kubectl = &cluster.kubectl();
    let cpus: u32 = kubectl.path(&["node", cluster.name()], "{.status.allocatable.cpu}")?.parse()?;
    let most = format!("big {0}m {0}m 16Mi 32Mi", cpus * 1000 - 500);
    kubectl.apply(&pod("first", &[&most]))?;
    kubectl.apply(&pod("second", &["main 100m 1 32Mi 64Mi"]))?;
    ready(kubectl, "first")?;
    ready(kubectl, "second")?;
    resize(kubectl, "second", "main 700m 1 32Mi 64Mi")?;
    eventually("the resize is deferred", || {
        let now = conditions(kubectl, "second")?;
        let why = format!(
            "PodResizePending Deferred 2: Node didn't have enough resource: cpu, requested: 700, used: {}, capacity: {}",
            cpus * 1000 - 500,
            cpus * 1000
        );
        ensure!(now == why, "{now}");
        Ok(())
    })?;
    kubectl.run(&["delete", "pod", "first", "--wait=true"])?;
    settled(kubectl, "second", "main", "700m 1 32Mi 64Mi 700m 32Mi 0")?;

    let shell = |script: &str| kubectl.run(&["exec", "second", "--", "sh", "-c", script]);
    shell("dd if=/dev/zero of=/scratch/block bs=1M count=32")?;
    resize(kubectl, "second", "main 600m 1 8Mi 16Mi")?;
    let busy = "PodResizeInProgress Error 3: cannot decrease memory limits: [attempting to set pod memory limit (16777216) below current usage";
    let in_use = || {
        let now = conditions(kubectl, "second")?;
        ensure!(now.starts_with(busy), "{now}");
        let now = status(kubectl, "second", "main")?;
        ensure!(now == "700m 1 32Mi 64Mi 600m 8Mi 0", "{now}");
        Ok(())
    };
    eventually("memory in use is not taken away", in_use)?;
    let old = node_process(&cluster)?;
    kill(&old)?;
    eventually("the node's process is started again", || {
        ensure!(node_process(&cluster)? != old);
        shell("true")
    })?;
    in_use()?;
    shell("rm /scratch/block")?;
    settled(kubectl, "second", "main", "600m 1 8Mi 16Mi 600m 8Mi 0")?;
    let now = group(kubectl, "second", "main")?;
    ensure!(now.starts_with(&format!("{} 100000 ", 16 << 20)), "{now}");
    becomes(kubectl, &["pod", "second"], "{.status.containerStatuses[0].restartCount}", "0")
}
