//! `/debug/trace`: where the time of an object went, from the request to Ready.

use anyhow::{Context, Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually};
use serde_json::Value;

use crate::cluster::{ready, server_deployment, server_pod};
use crate::groups::{Group, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::One, "trace_of_a_pod_is_complete", pod),
        test(Group::One, "trace_follows_owners", owners),
        test(Group::Memory, "memory_trace_is_for_those_who_may", access),
    ]
}

/// What a pod goes through, in this order.
const WAY: [(&str, &str); 17] = [
    ("kube-apiserver", "authorization"),
    ("kube-apiserver", "decoding"),
    ("kube-apiserver", "admission"),
    ("kube-apiserver", "validation"),
    ("kube-apiserver", "encoding"),
    ("kube-apiserver", "sync"),
    ("kube-apiserver", "watch"),
    ("kube-scheduler", "filter and score"),
    ("kube-scheduler", "bind"),
    ("kubelet", "seen"),
    ("kubelet", "admission"),
    ("kubelet", "volumes"),
    ("kubelet", "sandbox"),
    ("kubelet", "image of server"),
    ("kubelet", "create server"),
    ("kubelet", "start server"),
    ("kubelet", "ready"),
];

fn trace(kubectl: &Kubectl, object: &[&str]) -> Result<Value> {
    let uid = kubectl.path(object, "{.metadata.uid}")?;
    let said = kubectl.run(&["get", "--raw", &format!("/debug/trace?uid={uid}")])?;
    serde_json::from_str(&said).context("a trace")
}

fn number(value: &Value, name: &str) -> i64 {
    value[name].as_i64().unwrap_or(i64::MIN)
}

fn pod(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_pod("followed"))?;
    ready(kubectl, "followed")?;
    let trace = trace(kubectl, &["pod", "followed"])?;
    ensure!(trace["complete"] == true && trace["notes"].is_null(), "{trace:#}");
    let spans = trace["spans"].as_array().context("spans")?;
    let mut last = i64::MIN;
    for (component, stage) in WAY {
        let span = spans.iter().find(|span| span["component"] == component && span["stage"] == stage);
        let span = span.with_context(|| format!("no {stage} of {component} in {trace:#}"))?;
        let (start, took) = (number(span, "startMicroseconds"), number(span, "durationMicroseconds"));
        // The scheduler hears of its binding when the kubelet may have seen the pod already.
        let end = if stage == "bind" || stage == "sync" { start } else { start + took };
        ensure!(took >= 0 && end >= last, "{component}'s {stage} comes too early in {trace:#}");
        last = end;
    }
    let first = &spans[0];
    ensure!(first["operation"].as_str().is_some_and(|name| name.starts_with("create by kubectl")), "{first}");
    let total = number(&trace, "totalMicroseconds");
    ensure!((1..60_000_000).contains(&total), "{total} µs");
    Ok(())
}

fn owners(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_deployment("web", 2, "type: ClusterIP"))?;
    kubectl.run(&["rollout", "status", "deployment/web"])?;
    let down = trace(kubectl, &["deployment", "web"])?;
    let sets = down["owned"].as_array().context("sets")?;
    ensure!(
        sets.len() == 1 && sets[0]["object"].as_str().is_some_and(|name| name.starts_with("replicasets/"))
    );
    let pods = sets[0]["owned"].as_array().context("pods")?;
    ensure!(pods.len() == 2 && pods.iter().all(|pod| pod["complete"] == true), "{down:#}");
    let pod = kubectl.run(&["get", "pods", "-l", "app=web", "-o", "name"])?;
    let pod = pod.lines().next().context("a pod")?.to_owned();
    let up = trace(kubectl, &[&pod])?;
    let set = &up["owner"];
    ensure!(set["uid"] == sets[0]["uid"] && set["owner"]["uid"] == down["uid"], "{up:#}");
    let begins = [&set["owner"], set, &up].map(|one| one["spans"][0]["startMicroseconds"].as_i64());
    ensure!(begins.is_sorted(), "{begins:?}");
    Ok(())
}

fn access(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.run(&["create", "configmap", "followed"])?;
    let uid = kubectl.path(&["configmap", "followed"], "{.metadata.uid}")?;
    let path = format!("/debug/trace?uid={uid}");
    eventually("the watch was told", || {
        let told = kubectl.run(&["get", "--raw", &path])?;
        ensure!(told.contains(r#""stage":"watch""#) && told.contains(r#""complete":true"#), "{told}");
        Ok(())
    })?;
    let refused = |arguments: &[&str], expect: &str| {
        let said = kubectl.say(arguments, "")?;
        ensure!(!said.ok && said.err.contains(expect), "wanted {expect:?}, got {said:?}");
        Ok(())
    };
    refused(&["get", "--raw", &path, "--as", "jane"], "cannot get path \"/debug/trace\"")?;
    refused(&["get", "--raw", "/debug/trace"], "uid: Required value")?;
    refused(&["get", "--raw", "/debug/trace?uid=x"], "uid: Invalid value: \"x\"")?;
    refused(&["get", "--raw", "/debug/trace?uid=7ce3d1f3-0000-4000-8000-000000000000"], "nothing is known")
}
