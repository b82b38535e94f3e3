//! `mizzen up --memory`: kubectl against an API server that has no node, in memory and on etcd.

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl};
use serde_json::json;

use crate::groups::on_both_stores;

pub(crate) fn tests() -> Vec<Trial> {
    let tests = [
        on_both_stores("memory_objects_live_and_go", objects_live_and_go),
        on_both_stores("memory_apply_edits_and_diffs", apply_edits),
        on_both_stores("memory_discovery_and_explain", discovery),
        on_both_stores("memory_bad_input_is_refused", bad_input),
        on_both_stores("memory_fields_follow_features", features),
        on_both_stores("memory_rbac_denies_strangers", rbac),
        on_both_stores("memory_tables_have_columns", tables),
    ];
    tests.into_iter().flatten().collect()
}

fn objects_live_and_go(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.run(&["create", "configmap", "settings", "--from-literal=a=1"])?;
    ensure!(kubectl.path(&["configmap", "settings"], "{.data.a}")? == "1");
    let twice = kubectl.say(&["create", "configmap", "settings"], "")?;
    ensure!(!twice.ok && twice.err.contains(r#"configmaps "settings" already exists"#), "{}", twice.err);
    for (kind, patch) in [
        ("merge", r#"{"data":{"b":"2"}}"#),
        ("json", r#"[{"op":"add","path":"/data/c","value":"3"}]"#),
        ("strategic", r#"{"data":{"a":null}}"#),
    ] {
        kubectl.run(&["patch", "configmap", "settings", "--type", kind, "--patch", patch])?;
    }
    let data = kubectl.json(&["configmap", "settings"])?["data"].clone();
    ensure!(data == json!({"b": "2", "c": "3"}), "{data}");
    kubectl.run(&["label", "configmap", "settings", "tier=front"])?;
    let selected = kubectl.run(&["get", "configmaps", "-l", "tier in (front,back)", "-o", "name"])?;
    ensure!(selected.trim() == "configmap/settings", "{selected}");
    kubectl.run(&["delete", "configmap", "settings"])?;
    let gone = kubectl.say(&["get", "configmap", "settings"], "")?;
    ensure!(gone.err.contains(r#"configmaps "settings" not found"#), "{}", gone.err);
    Ok(())
}

const DEPLOYMENT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: 'nginx:1', ports: [{containerPort: 80}]}
";

fn apply_edits(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(DEPLOYMENT)?;
    ensure!(kubectl.apply(DEPLOYMENT)?.contains("unchanged"));
    ensure!(kubectl.apply(&DEPLOYMENT.replace("nginx:1", "nginx:2"))?.contains("configured"));
    let path = "{.spec.template.spec.containers[0].image} {.spec.strategy.type} {.metadata.generation}";
    let now = kubectl.path(&["deployment", "web"], path)?;
    ensure!(now == "nginx:2 RollingUpdate 2", "{now}");
    let served = kubectl.run_with(&["apply", "--server-side", "--force-conflicts", "-f", "-"], DEPLOYMENT)?;
    ensure!(served.contains("serverside-applied"), "{served}");
    let other = DEPLOYMENT.replace("nginx:1", "nginx:3");
    let conflict = kubectl.say(&["apply", "--server-side", "--field-manager=other", "-f", "-"], &other)?;
    ensure!(!conflict.ok && conflict.err.contains("conflict"), "{}", conflict.err);
    let difference = kubectl.say(&["diff", "-f", "-"], &other)?;
    ensure!(difference.out.contains("+      - image: nginx:3"), "{}{}", difference.out, difference.err);
    let scaled = kubectl.run(&["scale", "deployment", "web", "--replicas=5"])?;
    ensure!(scaled.contains("scaled"), "{scaled}");
    ensure!(kubectl.path(&["deployment", "web"], "{.spec.replicas}")? == "5");
    Ok(())
}

fn discovery(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let resources = kubectl.run(&["api-resources"])?;
    for known in ["deployments", "cronjobs", "networkpolicies", "clusterrolebindings", "endpointslices"] {
        ensure!(resources.contains(known), "no {known} in {resources}");
    }
    let versions = kubectl.run(&["api-versions"])?;
    ensure!(versions.lines().any(|line| line == "apps/v1"), "{versions}");
    let told = kubectl.run(&["explain", "deployment.spec.strategy.rollingUpdate.maxSurge"])?;
    ensure!(told.contains("maximum number of pods that can be scheduled above"), "{told}");
    let told = kubectl.run(&["explain", "pod.spec.restartPolicy"])?;
    ensure!(told.contains("ENUM:\n    Always\n    Never\n    OnFailure"), "{told}");
    let version = kubectl.run(&["version"])?;
    ensure!(version.contains("v1.35"), "{version}");
    Ok(())
}

/// A field of a feature that is off is known, and dropped; labels that a pod names as keys become requirements.
fn features(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web}}\nspec:\n  \
               workloadRef: {name: w, podGroup: g}\n  containers: [{name: c, image: i}]\n  \
               topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, \
               labelSelector: {}, matchLabelKeys: [app]}]\n";
    let said = kubectl.say(&["create", "-f", "-"], pod)?;
    ensure!(said.ok, "{}{}", said.out, said.err);
    let spec = kubectl.json(&["pod", "p"])?["spec"].clone();
    ensure!(spec.get("workloadRef").is_none(), "{spec}");
    let found = &spec["topologySpreadConstraints"][0]["labelSelector"]["matchExpressions"];
    ensure!(*found == json!([{"key": "app", "operator": "In", "values": ["web"]}]), "{spec}");
    kubectl.run(&["delete", "pod", "p", "--now"])?;
    Ok(())
}

fn bad_input(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let check = |manifest: &str, expect: &str| {
        let said = kubectl.say(&["create", "-f", "-"], manifest)?;
        ensure!(!said.ok && said.err.contains(expect), "wanted {expect:?}, got: {}{}", said.out, said.err);
        Ok(())
    };
    check(&DEPLOYMENT.replace("replicas", "replicsa"), r#"unknown field "spec.replicsa""#)?;
    check(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_b}\n",
        "a lowercase RFC 1123 subdomain must consist of",
    )?;
    check(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n",
        "spec.containers: Required value",
    )?;
    check(
        &DEPLOYMENT.replace("{app: web}}\n    spec", "{app: bew}}\n    spec"),
        "`selector` does not match template `labels`",
    )?;
    check("apiVersion: v1\nkind: Nonsense\nmetadata: {name: a}\n", "no matches for kind")?;
    Ok(())
}

fn rbac(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let said = kubectl.say(&["get", "pods", "--as=jane", "--as-group=developers"], "")?;
    let expect =
        r#"pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace"#;
    ensure!(!said.ok && said.err.contains(expect), "{}", said.err);
    kubectl.run(&["create", "rolebinding", "jane", "--clusterrole=view", "--user=jane"])?;
    mizzen_testkit::eventually("jane may look", || kubectl.run(&["get", "pods", "--as=jane"]).map(drop))?;
    let may = kubectl.say(&["auth", "can-i", "delete", "pods", "--as=jane"], "")?;
    ensure!(may.out.trim() == "no", "{}{}", may.out, may.err);
    let me = kubectl.run(&["auth", "whoami"])?;
    ensure!(me.contains("kubernetes-admin"), "{me}");
    Ok(())
}

fn tables(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.apply(DEPLOYMENT)?;
    let table = kubectl.run(&["get", "deployments", "-o", "wide"])?;
    let header: Vec<&str> = table.lines().next().unwrap_or_default().split_whitespace().collect();
    let expect = ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE", "CONTAINERS", "IMAGES", "SELECTOR"];
    ensure!(header == expect, "{table}");
    ensure!(table.contains("nginx:1") && table.contains("app=web"), "{table}");
    Ok(())
}
