//! Two nodes on one machine.

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl};

use crate::cluster::{in_pod, log_of_finished, ready, server_pod, shell_pod};
use crate::groups::{Group, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::Two, "nodes_have_ranges_of_their_own", ranges),
        test(Group::Two, "nodes_pods_reach_each_other", across),
    ]
}

fn ranges(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let ranges = kubectl.path(&["nodes"], "{.items[*].spec.podCIDR}")?;
    let ranges: Vec<&str> = ranges.split(' ').collect();
    ensure!(ranges.len() == 2 && ranges[0] != ranges[1], "{ranges:?}");
    ensure!(
        ranges.iter().all(|range| range.starts_with("10.244.") && range.ends_with(".0/24")),
        "{ranges:?}"
    );
    Ok(())
}

fn across(cluster: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let on =
        |manifest: String, node: &str| manifest.replace("spec:\n", &format!("spec:\n  nodeName: {node}\n"));
    let (one, two) = (cluster.name().to_owned(), format!("{}-2", cluster.name()));
    kubectl.apply(&on(server_pod("far"), &two))?;
    ready(kubectl, "far")?;
    kubectl.run(&["expose", "pod", "far", "--port=80", "--target-port=8080"])?;
    let address = kubectl.path(&["pod", "far"], "{.status.podIP}")?;
    let script = format!(
        "testserver fetch http://{address}:8080/client && ip -4 -o addr show eth0 | sed 's/.*inet //; s/\\/.*//' && testserver fetch http://far/hostname"
    );
    kubectl.apply(&on(shell_pod("near", &script), &one))?;
    let log = log_of_finished(kubectl, "near")?;
    let lines: Vec<&str> = log.lines().collect();
    ensure!(lines.len() == 3 && lines[0] == lines[1] && lines[2] == "far", "{log}");
    let logged = kubectl.run(&["logs", "far"])?;
    ensure!(logged.contains("GET /client"), "{logged}");
    in_pod(kubectl, "again", "testserver lookup far").map(drop)
}
