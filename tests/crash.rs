//! Kill -9: containers go on, and `mizzen up` picks up where it was.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Options, eventually, run, testserver_image};

use crate::cluster::{fetch, ready, rolled_out, server_deployment, server_pod};
use crate::groups::{NODE_PORT, alone};

pub(crate) fn tests() -> Vec<Trial> {
    vec![alone("crash_of_everything_loses_nothing", everything)]
}

/// Processes of a cluster that are neither shims nor anchors.
fn brains(cluster: &Cluster) -> Result<Vec<i32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let entry = entry?;
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<i32>() else { continue };
        let command = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        let is_ours = command.contains(&format!("--name {} ", cluster.name()));
        if is_ours && (command.contains(" control-plane ") || command.contains(" node ")) {
            found.push(pid);
        }
    }
    Ok(found)
}

fn everything() -> Result<()> {
    let options =
        Options { images: vec![testserver_image()?], publish: vec![NODE_PORT], ..Options::default() };
    let cluster = Cluster::up(options)?;
    let kubectl = cluster.kubectl();
    kubectl.apply(&server_pod("survivor"))?;
    kubectl.apply(&server_deployment("web", 2, ""))?;
    ready(&kubectl, "survivor")?;
    rolled_out(&kubectl, "web")?;
    let identity = "{.metadata.uid} {.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}";
    let before = kubectl.path(&["pod", "survivor"], identity)?;
    kubectl.run(&["create", "configmap", "acknowledged"])?;
    let pids = brains(&cluster)?;
    ensure!(pids.len() >= 2, "wanted a control plane and a node, found {pids:?}");
    for pid in pids {
        run(Command::new("kill").args(["-9", &pid.to_string()]))?;
    }
    let container = before.split(' ').nth(1).context("a container")?;
    ensure!(container.contains("://"), "{before}");
    cluster.start()?;
    kubectl.run(&["get", "configmap", "acknowledged"])?;
    ready(&kubectl, "survivor")?;
    eventually("the pod is as it was", || {
        let after = kubectl.path(&["pod", "survivor"], identity)?;
        ensure!(after == before, "{before} became {after}");
        Ok(())
    })?;
    kubectl.run(&["scale", "deployment/web", "--replicas=3"])?;
    rolled_out(&kubectl, "web")?;
    let port = cluster.published(NODE_PORT).context("a published port")?;
    let patch = format!(r#"{{"spec":{{"type":"NodePort","ports":[{{"port":80,"nodePort":{NODE_PORT}}}]}}}}"#);
    kubectl.run(&["patch", "service", "web", "--patch", &patch])?;
    eventually("the Service answers", || fetch(&format!("http://127.0.0.1:{port}/hostname")))?;
    Ok(())
}
