//! Pods that start, and containers that are started again.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::Method;
use mizzen_testkit::run as run_program;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::http2::{Client, JSON, Lines, Target};
use crate::measure::{milliseconds, now, percentile};
use crate::report::Entry;

pub(super) const PODS: &str = "/api/v1/namespaces/default/pods";
const EVENTS: &str = "/api/v1/namespaces/default/events";
const PATIENCE: Duration = Duration::from_secs(60);

/// A pod of one container that sleeps, and does not hear SIGTERM.
pub(super) fn sleeper(name: &str, seconds: u32) -> Bytes {
    pod(name, &["sleep", &seconds.to_string()])
}

/// A pod of one container that sleeps until SIGTERM.
fn obedient(name: &str) -> Bytes {
    pod(name, &["sh", "-c", "trap exit TERM; sleep 100000 & wait"])
}

fn pod(name: &str, command: &[&str]) -> Bytes {
    let object = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {
            "containers": [{
                "name": "main",
                "image": "localhost/busybox:test",
                "imagePullPolicy": "Never",
                "command": command,
            }],
        },
    });
    object.to_string().into()
}

/// A watch of pods or events from now on.
pub(super) async fn watch(client: &Client, path: &str) -> Result<Lines> {
    let list: Value = serde_json::from_slice(&client.get(path).await?)?;
    let version = list["metadata"]["resourceVersion"].as_str().context("a list has a version")?;
    client.watch(&format!("{path}?watch=true&resourceVersion={version}&timeoutSeconds=3600")).await
}

async fn next(lines: &mut Lines) -> Result<Value> {
    let line = timeout(PATIENCE, lines.next()).await.context("nothing happens any more")??;
    Ok(serde_json::from_slice(&line)?)
}

pub(super) fn is_running(pod: &Value) -> bool {
    !pod["status"]["containerStatuses"][0]["state"]["running"].is_null()
}

/// Waits until the pod's container runs.
pub(super) async fn running(lines: &mut Lines, name: &str) -> Result<()> {
    loop {
        let event = next(lines).await?;
        if event["object"]["metadata"]["name"] == name && is_running(&event["object"]) {
            return Ok(());
        }
    }
}

/// The stages of a start, as far as they can be seen from outside.
const STAGES: [&str; 5] = ["answered", "node chosen", "image there", "container started", "Running seen"];

/// Milliseconds to start busybox in namespaces of its own, without any of the rest.
fn unshared() -> Result<Duration> {
    let start = now();
    run_program(Command::new("unshare").args([
        "--mount",
        "--net",
        "--pid",
        "--ipc",
        "--uts",
        "--fork",
        "/bin/busybox",
        "true",
    ]))?;
    Ok(start.elapsed())
}

/// One pod after the other: POST to Running, and where the time goes.
pub(super) async fn one_by_one(target: &Target, pods: usize) -> Result<Vec<Entry>> {
    let bounds: Vec<Duration> = (0..20).map(|_| unshared()).collect::<Result<_>>()?;
    let client = target.connect().await?;
    let mut changes = watch(&client, PODS).await?;
    let mut events = watch(&client, EVENTS).await?;
    let (mut stages, mut gone) = (BTreeMap::<&str, Vec<Duration>>::new(), Vec::new());
    // The first pod of a node finds everything cold.
    for number in 0..=pods {
        let name = format!("pod-{number}");
        let times = start(&client, &mut changes, &mut events, &name).await?;
        let begin = now();
        client.ask(Method::DELETE, &format!("{PODS}/{name}"), JSON, Bytes::new()).await?;
        deleted(&mut changes, &name).await?;
        if number > 0 {
            gone.push(begin.elapsed());
            for (stage, time) in times {
                stages.entry(stage).or_default().push(time);
            }
        }
    }
    let bound = |percent| milliseconds(percentile(&bounds, percent));
    let at = |times: &[Duration], percent| milliseconds(percentile(times, percent));
    let total = &stages[STAGES[4]];
    let mut entries = vec![
        Entry::cost("pod POST to Running, p50", at(total, 50), "ms", bound(50)).at_most(100.0),
        Entry::cost("pod POST to Running, p99", at(total, 99), "ms", bound(99)),
    ];
    for stage in STAGES {
        if let Some(times) = stages.get(stage) {
            entries.push(Entry::plain(format!("  {stage}, after POST, p50"), at(times, 50), "ms"));
        }
    }
    entries.push(Entry::plain("pod DELETE to gone, p50", at(&gone, 50), "ms"));
    Ok(entries)
}

/// Starts one pod; when each stage was first seen.
async fn start(
    client: &Client,
    changes: &mut Lines,
    events: &mut Lines,
    name: &str,
) -> Result<BTreeMap<&'static str, Duration>> {
    let mut seen = BTreeMap::new();
    let begin: Instant = now();
    let mut mark = |stage| {
        seen.entry(stage).or_insert_with(|| begin.elapsed());
    };
    client.post(PODS, obedient(name)).await?;
    mark(STAGES[0]);
    let (mut is_running_seen, mut is_started_seen) = (false, false);
    while !(is_running_seen && is_started_seen) {
        tokio::select! {
            change = next(changes) => {
                let pod = &change?["object"];
                if pod["metadata"]["name"] == name {
                    if pod["spec"]["nodeName"].is_string() {
                        mark(STAGES[1]);
                    }
                    if is_running(pod) {
                        mark(STAGES[4]);
                        is_running_seen = true;
                    }
                }
            }
            event = next(events) => {
                let event = &event?["object"];
                if event["involvedObject"]["name"] == name {
                    match event["reason"].as_str() {
                        Some("Pulled") => mark(STAGES[2]),
                        Some("Started") => {
                            mark(STAGES[3]);
                            is_started_seen = true;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    Ok(seen)
}

async fn deleted(changes: &mut Lines, name: &str) -> Result<()> {
    loop {
        let event = next(changes).await?;
        if event["type"] == "DELETED" && event["object"]["metadata"]["name"] == name {
            return Ok(());
        }
    }
}

/// Many pods created at once: pods a second until the last one runs.
pub(super) async fn at_once(target: &Target, pods: usize) -> Result<Entry> {
    let bound = percentile(&(0..20).map(|_| unshared()).collect::<Result<Vec<_>>>()?, 50);
    let client = target.connect().await?;
    let mut changes = watch(&client, PODS).await?;
    let begin = now();
    for number in 0..pods {
        client.post(PODS, obedient(&format!("many-{number}"))).await?;
    }
    let mut seen = std::collections::BTreeSet::new();
    while seen.len() < pods {
        let event = next(&mut changes).await?;
        if is_running(&event["object"]) {
            seen.insert(event["object"]["metadata"]["name"].to_string());
        }
    }
    let rate = pods as f64 / begin.elapsed().as_secs_f64();
    client.ask(Method::DELETE, PODS, JSON, Bytes::new()).await?;
    for _ in 0..pods {
        while next(&mut changes).await?["type"] != "DELETED" {}
    }
    Ok(Entry::rate(format!("{pods} pods created at once"), rate, "pods/s", 1.0 / bound.as_secs_f64()))
}

/// A container is killed; until it is seen running again.
pub(super) async fn restarts(target: &Target, data: &Path, rounds: usize) -> Result<Entry> {
    let client = target.connect().await?;
    let mut times = Vec::new();
    for round in 0..rounds {
        let name = format!("killed-{round}");
        let mut changes = watch(&client, PODS).await?;
        // Its command line tells it from every other process of the machine.
        let seconds = 1_000_000 + std::process::id() + u32::try_from(round)?;
        client.post(PODS, sleeper(&name, seconds)).await?;
        running(&mut changes, &name).await?;
        let pid = process(&format!("sleep\0{seconds}\0"))?;
        let begin = now();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL)?;
        loop {
            let event = next(&mut changes).await?;
            let status = &event["object"]["status"]["containerStatuses"][0];
            if status["restartCount"] == 1 && is_running(&event["object"]) {
                break;
            }
        }
        times.push(begin.elapsed());
        client
            .ask(Method::DELETE, &format!("{PODS}/{name}?gracePeriodSeconds=1"), JSON, Bytes::new())
            .await?;
        deleted(&mut changes, &name).await?;
    }
    ensure!(data.exists(), "the cluster is still there");
    Ok(Entry::plain("container killed to Running again, p50", milliseconds(percentile(&times, 50)), "ms"))
}

/// The process with this command line.
fn process(wanted: &str) -> Result<rustix::process::Pid> {
    for entry in std::fs::read_dir("/proc")? {
        let entry = entry?;
        if std::fs::read(entry.path().join("cmdline")).is_ok_and(|line| line == wanted.as_bytes()) {
            let number = entry.file_name().to_string_lossy().parse()?;
            return rustix::process::Pid::from_raw(number).context("a process has a number");
        }
    }
    anyhow::bail!("no process {wanted:?}")
}
