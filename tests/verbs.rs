//! What verbs, patches, lists and certificates say, as kubectl sees it.

use anyhow::{Result, ensure};
use libtest_mimic::Trial;
use mizzen_testkit::{Cluster, Kubectl, eventually};
use serde_json::{Value, json};

use crate::groups::{Group, test};

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test(Group::Memory, "memory_lists_come_in_pages", pages),
        test(Group::Memory, "memory_selectors_choose_or_are_refused", selectors),
        test(Group::Memory, "memory_dry_runs_leave_nothing", dry_runs),
        test(Group::Memory, "memory_deletions_have_policies", deletions),
        test(Group::Memory, "memory_patches_that_fail", patches),
        test(Group::Memory, "memory_certificates_are_signed", certificates),
    ]
}

fn own_namespace(kubectl: &Kubectl) -> Result<String> {
    kubectl.path(&["configmap", "kube-root-ca.crt"], "{.metadata.namespace}")
}

fn raw(kubectl: &Kubectl, path: &str) -> Result<Value> {
    Ok(serde_json::from_str(&kubectl.run(&["get", "--raw", path])?)?)
}

fn pages(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    for name in ["a", "b", "c"] {
        kubectl.run(&["create", "secret", "generic", name])?;
    }
    let secrets = format!("/api/v1/namespaces/{}/secrets", own_namespace(kubectl)?);
    let first = raw(kubectl, &format!("{secrets}?limit=2"))?;
    ensure!(first["metadata"]["remainingItemCount"] == 1, "{first}");
    kubectl.run(&["delete", "secret", "c"])?;
    let token = first["metadata"]["continue"].as_str().unwrap_or_default();
    let rest = raw(kubectl, &format!("{secrets}?limit=2&continue={token}"))?;
    ensure!(rest["items"][0]["metadata"]["name"] == "c", "a snapshot: {rest}");
    let chunked = kubectl.run(&["get", "secrets", "--chunk-size=1", "-o", "name"])?;
    ensure!(chunked == "secret/a\nsecret/b\n", "{chunked}");
    let late = kubectl.say(&["get", "--raw", &format!("{secrets}?resourceVersion=99999999")], "")?;
    ensure!(late.err.contains("Too large resource version: 99999999, current:"), "{}", late.err);
    Ok(())
}

fn selectors(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.run(&["create", "secret", "generic", "plain"])?;
    let chosen = kubectl.run(&["get", "secrets", "--field-selector=type=Opaque", "-o", "name"])?;
    ensure!(chosen == "secret/plain\n", "{chosen}");
    let refused = kubectl.say(&["get", "pods", "--field-selector=spec.frob=x"], "")?;
    ensure!(refused.err.contains("field label not supported: spec.frob"), "{}", refused.err);
    let refused = kubectl.say(&["get", "deployments", "--field-selector=spec.frob=x"], "")?;
    let words = r#""spec.frob" is not a known field selector: only "metadata.name", "metadata.namespace""#;
    ensure!(refused.err.contains(words), "{}", refused.err);
    let refused = kubectl.say(&["get", "pods", "-l", "a in b"], "")?;
    ensure!(refused.err.contains("unable to parse requirement"), "{}", refused.err);
    Ok(())
}

fn dry_runs(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let service = ["create", "service", "nodeport", "door", "--tcp=80", "--node-port=30977"];
    for _ in 0..2 {
        let mut dry = service.to_vec();
        dry.push("--dry-run=server");
        kubectl.run(&dry)?;
    }
    // Neither the name nor the port was taken.
    kubectl.run(&service)?;
    kubectl.run(&["delete", "service", "door", "--dry-run=server"])?;
    kubectl.run(&["get", "service", "door"])?;
    Ok(())
}

const OWNER: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: owner}
spec:
  replicas: 0
  selector: {matchLabels: {app: owner}}
  template:
    metadata: {labels: {app: owner}}
    spec: {containers: [{name: c, image: 'nginx:1'}]}
";

fn deletions(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let sets = || kubectl.run(&["get", "replicasets", "-l", "app=owner", "-o", "name"]);
    let made = || -> Result<()> {
        kubectl.apply(OWNER)?;
        eventually("the set is made", || {
            ensure!(!sets()?.is_empty(), "none");
            Ok(())
        })
    };
    made()?;
    kubectl.run(&["delete", "deployment", "owner", "--cascade=orphan"])?;
    ensure!(!sets()?.is_empty(), "an orphan stays");
    kubectl.run(&["delete", "replicasets", "--all"])?;
    made()?;
    kubectl.run(&["delete", "deployment", "owner", "--cascade=foreground"])?;
    ensure!(sets()?.is_empty(), "dependents went first");
    Ok(())
}

fn patches(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    kubectl.run(&["create", "configmap", "patched", "--from-literal=a=1"])?;
    let check = |ty: &str, patch: &str, expect: &str| -> Result<()> {
        let said = kubectl.say(&["patch", "configmap", "patched", "--type", ty, "--patch", patch], "")?;
        ensure!(!said.ok && said.err.contains(expect), "wanted {expect:?}, got: {}{}", said.out, said.err);
        Ok(())
    };
    let rejected = "the server rejected our request due to an error in our request";
    check("json", r#"[{"op":"remove","path":"/data/none"}]"#, rejected)?;
    check("json", r#"[{"op":"test","path":"/data/a","value":"2"}]"#, rejected)?;
    check("merge", r#"{"metadata":{"labels":{"a":["b"]}}}"#, "patch: Invalid value")?;
    check("merge", r#"{"metadata":{"name":"other"}}"#, "does not match the name on the URL (patched)")?;
    let unknown = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: patched}\nfrob: 1\n";
    let args = ["apply", "--server-side", "--validate=false", "-f", "-"];
    let said = kubectl.say(&args, unknown)?;
    ensure!(!said.ok && said.err.contains(".frob: field not declared in schema"), "{}", said.err);
    Ok(())
}

/// For `O=dev, CN=jane`; made by `openssl req -new -key KEY -subj /O=dev/CN=jane | base64 -w0`.
const REQUEST: &str = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIWU1IOENBUUF3SFRFTU1Bb0dBMVVFQ2d3RFpHVjJNUTB3Q3dZRFZRUUREQVJxWVc1bE1Ga3dFd1lIS29aSQp6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUVUVzlUSGlWV0NERklFcThMSmZleVJiUUNpd0ZNelduMUo0bm9HT0dhCkRPVzdtc1gxNkc4cjZNbHZJT2xNS05TQU5FR0ZtWndJVkJZcU5IeEpLdDlmVktBQU1Bb0dDQ3FHU000OUJBTUMKQTBrQU1FWUNJUUN3Y2FqWm5Va3laeXpvNFFHVDFqU2cvR2RNRWE2R2pjbmsvQ3ViS0dkUkxBSWhBTTN5VGYxSgpOLzVmVElGK0s1a0hDSjZZcThzTVVCNHU3bmlPTEJSSklyUk4KLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==";

fn certificates(_: &Cluster, kubectl: &Kubectl) -> Result<()> {
    let request = json!({
        "apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest",
        "metadata": { "name": "jane" },
        "spec": {
            "request": REQUEST, "signerName": "kubernetes.io/kube-apiserver-client", "usages": ["client auth"],
            "expirationSeconds": 86400,
        },
    });
    kubectl.apply(&request.to_string())?;
    kubectl.run(&["certificate", "approve", "jane"])?;
    eventually("the certificate is there", || {
        let certificate = kubectl.path(&["csr", "jane"], "{.status.certificate}")?;
        ensure!(!certificate.is_empty(), "not yet");
        Ok(())
    })?;
    let table = kubectl.run(&["get", "csr", "jane"])?;
    ensure!(table.contains("Approved,Issued"), "{table}");
    kubectl.run(&["delete", "csr", "jane"])?;
    Ok(())
}
