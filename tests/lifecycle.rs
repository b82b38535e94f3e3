//! `mizzen up` and `mizzen down` themselves.

use std::process::Command;

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Options, Traces, mizzen, testserver_image};

use crate::cluster::{in_pod, ready, shell_pod};
use crate::groups::alone;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        alone("lifecycle_down_leaves_no_trace", no_trace),
        alone("lifecycle_refuses_with_a_reason", refuses),
        alone("lifecycle_down_is_idempotent", idempotent),
    ]
}

fn no_trace() -> Result<()> {
    let before = Traces::now();
    let cluster = Cluster::up(Options { images: vec![testserver_image()?], ..Options::default() })?;
    let kubectl = cluster.kubectl();
    in_pod(&kubectl, "done", "echo done")?;
    kubectl.apply(&shell_pod("runs", "sleep 1000"))?;
    ready(&kubectl, "runs")?;
    let name = cluster.name().to_owned();
    cluster.down()?;
    before.nothing_more_of(&name)?;
    ensure!(!cluster.data_dir().exists(), "the data is still there");
    let left = std::fs::read_to_string(cluster.kubeconfig())?;
    ensure!(!left.contains(&name), "the context is still there: {left}");
    Ok(())
}

fn refuses() -> Result<()> {
    let check = |arguments: &[&str], expect: &str| {
        let output = Command::new(mizzen()?).args(arguments).output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(!output.status.success() && said.contains(expect), "wanted {expect:?}, got {said}");
        Ok(())
    };
    check(&["up", "--name", "Not_A_Name"], "cannot be a cluster's name")?;
    check(&["up", "--publish", "nonsense"], "HOSTPORT:NODEPORT")?;
    check(&["up", "--nodes", "0", "--name", "none"], "a cluster has 1 to")?;
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port().to_string();
    check(&["up", "--name", "taken", "--api-port", &port], "choose another with --api-port")?;
    check(&["image", "load", "--name", "none", "/nonexistent"], "there is no cluster")?;
    Ok(())
}

fn idempotent() -> Result<()> {
    let output = Command::new(mizzen()?).args(["down", "--name", "never-was"]).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
