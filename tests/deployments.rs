//! Deployments: rolling updates, roll-backs, scaling, replacement of deleted pods.

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually};

use crate::cluster::{becomes, rolled_out, server_deployment};
use crate::groups::{Group, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::One, "deployment_rolls_and_undoes", rolls_and_undoes),
        test(Group::One, "deployment_replaces_deleted_pods", replaces),
        test(Group::One, "deployment_scales", scales),
        test(Group::One, "deployment_goes_with_its_pods", goes),
        test(Group::One, "deployment_budget_guards_evictions", budget),
    ]
}

fn rolls_and_undoes(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_deployment("roll", 3, ""))?;
    rolled_out(kubectl, "roll")?;
    kubectl.run(&["set", "env", "deployment/roll", "EDITION=2"])?;
    rolled_out(kubectl, "roll")?;
    let revisions = kubectl.run(&["rollout", "history", "deployment/roll"])?;
    ensure!(revisions.contains("\n1 ") && revisions.contains("\n2 "), "{revisions}");
    let edition = "{.spec.template.spec.containers[0].env[0].value}";
    ensure!(kubectl.path(&["deployment", "roll"], edition)? == "2");
    kubectl.run(&["rollout", "undo", "deployment/roll"])?;
    rolled_out(kubectl, "roll")?;
    ensure!(kubectl.path(&["deployment", "roll"], edition)?.is_empty());
    let counts =
        "{.status.replicas} {.status.updatedReplicas} {.status.readyReplicas} {.status.availableReplicas}";
    becomes(kubectl, &["deployment", "roll"], counts, "3 3 3 3")
}

fn replaces(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_deployment("hydra", 1, ""))?;
    rolled_out(kubectl, "hydra")?;
    let first = kubectl.path(&["pods"], "{.items[0].metadata.name}")?;
    kubectl.run(&["delete", "pod", &first])?;
    rolled_out(kubectl, "hydra")?;
    eventually("another pod runs", || {
        let now = kubectl.path(&["pods"], "{.items[*].metadata.name}")?;
        ensure!(!now.contains(&first) && !now.is_empty(), "{now}");
        Ok(())
    })
}

fn scales(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_deployment("accordion", 1, ""))?;
    for replicas in ["4", "0", "2"] {
        kubectl.run(&["scale", "deployment/accordion", "--replicas", replicas])?;
        eventually(&format!("{replicas} pods are there"), || {
            let pods = kubectl.json(&["pods"])?;
            let count = pods["items"].as_array().map_or(0, Vec::len);
            ensure!(count.to_string() == replicas, "there are {count}");
            Ok(())
        })?;
    }
    rolled_out(kubectl, "accordion")
}

fn budget(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_deployment("guarded", 2, ""))?;
    rolled_out(kubectl, "guarded")?;
    kubectl.run(&["create", "pdb", "guard", "--selector=app=guarded", "--min-available=100%"])?;
    let counts = "{.status.expectedPods} {.status.currentHealthy} {.status.disruptionsAllowed}";
    becomes(kubectl, &["pdb", "guard"], counts, "2 2 0")?;
    let pod = kubectl.path(&["pods"], "{.items[0].metadata.name}")?;
    let namespace = kubectl.path(&["pods"], "{.items[0].metadata.namespace}")?;
    let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/eviction");
    let eviction = format!(r#"{{"apiVersion":"policy/v1","kind":"Eviction","metadata":{{"name":"{pod}"}}}}"#);
    let evict = || kubectl.say(&["create", "--raw", &path, "-f", "-"], &eviction);
    let refused = evict()?;
    let words = "Cannot evict pod as it would violate the pod's disruption budget.";
    ensure!(!refused.ok && refused.err.contains(words), "{}{}", refused.out, refused.err);
    kubectl.run(&["patch", "pdb", "guard", "--type=merge", "--patch", r#"{"spec":{"minAvailable":1}}"#])?;
    becomes(kubectl, &["pdb", "guard"], counts, "2 2 1")?;
    let evicted = evict()?;
    ensure!(evicted.ok, "{}", evicted.err);
    // The Deployment makes another.
    becomes(kubectl, &["pdb", "guard"], counts, "2 2 1")
}

fn goes(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(&server_deployment("mayfly", 2, ""))?;
    rolled_out(kubectl, "mayfly")?;
    kubectl.run(&["delete", "deployment", "mayfly"])?;
    eventually("pods and replica sets go too", || {
        let left = kubectl.run(&["get", "pods,replicasets", "-o", "name"])?;
        ensure!(left.trim().is_empty(), "{left}");
        Ok(())
    })
}
