//! Warnings: accepted, but deprecated or hardly meant.

mod addresses;
mod labels;
mod pod;
mod storage;
mod volume;

use mizzen_schema::value::Value;

use super::check::{int, is_empty_selector, is_set, list, text};
use crate::field::Path;
use crate::name;

/// What is said of an object whenever it is written.
pub(super) fn all(group: &str, kind: &str, object: &Value) -> Vec<String> {
    let mut out = Vec::new();
    let template = |path: &[&str]| object.path(path).unwrap_or(&Value::Null);
    match (group, kind) {
        ("", "Pod") => pod::template(&mut out, "metadata", "spec", object),
        ("", "PodTemplate") => {
            pod::template(&mut out, "template.metadata", "template.spec", template(&["template"]));
        }
        ("", "ReplicationController") | ("apps", _) | ("batch", "Job") => {
            let found = template(&["spec", "template"]);
            pod::template(&mut out, "spec.template.metadata", "spec.template.spec", found);
            workload(&mut out, kind, object.get("spec").unwrap_or(&Value::Null));
        }
        ("batch", "CronJob") => {
            pod::template(
                &mut out,
                "spec.jobTemplate.spec.template.metadata",
                "spec.jobTemplate.spec.template.spec",
                template(&["spec", "jobTemplate", "spec", "template"]),
            );
        }
        ("", "Service") => addresses::service(&mut out, object),
        ("networking.k8s.io", "NetworkPolicy") => addresses::policy(&mut out, object),
        ("policy", "PodDisruptionBudget") => budget(&mut out, object),
        ("networking.k8s.io", "Ingress") => ingress(&mut out, object),
        ("", "Node") => node(&mut out, object),
        ("", "PersistentVolume") => storage::volume(&mut out, object),
        ("", "PersistentVolumeClaim") => storage::claim(&mut out, object),
        ("storage.k8s.io", "StorageClass") => storage::class(&mut out, object),
        ("storage.k8s.io", "CSIStorageCapacity") => storage::capacity(&mut out, object),
        ("node.k8s.io", "RuntimeClass") => {
            for (key, _) in super::check::entries(template(&["scheduling"]), "nodeSelector") {
                labels::selected(&mut out, &Path::new("scheduling.nodeSelector"), key);
            }
        }
        _ => {}
    }
    out
}

/// What is said of a new object's name: where pods take theirs from it.
pub(super) fn names(group: &str, kind: &str, object: &Value) -> Vec<String> {
    let used = match (group, kind) {
        ("", "Pod") => "the Pod's hostname",
        ("", "ReplicationController")
        | ("apps", "Deployment" | "ReplicaSet")
        | ("batch", "Job" | "CronJob") => "Pod names and hostnames",
        _ => return Vec::new(),
    };
    let wrong = name::dns_1123_label(object.str_at(&["metadata", "name"]).unwrap_or_default());
    if wrong.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "metadata.name: this is used in {used}, which can result in surprising behavior; a DNS label is \
         recommended: [{}]",
        wrong.join(" ")
    )]
}

fn workload(out: &mut Vec<String>, kind: &str, spec: &Value) {
    match kind {
        "StatefulSet" => {
            let path = Path::new("spec.volumeClaimTemplates");
            for (at, claim) in list(spec, "volumeClaimTemplates").iter().enumerate() {
                storage::claim_spec(out, &path.index(at), claim.get("spec").unwrap_or(&Value::Null));
            }
            if int(spec, "revisionHistoryLimit").is_some_and(|limit| limit < 0) {
                let words = "a negative value retains all historical revisions; a value >= 0 is recommended";
                out.push(format!("spec.revisionHistoryLimit: {words}"));
            }
        }
        "Job" => {
            let above = |field: &str, limit: i64| int(spec, field).is_some_and(|number| number > limit);
            let indexed = text(spec, "completionMode") == "Indexed";
            if indexed && above("completions", 100_000) && above("parallelism", 10_000) {
                out.push(
                    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher \
                     than 10^4, Kubernetes might not be able to track completedIndexes when a big number of \
                     indexes fail"
                        .to_owned(),
                );
            }
        }
        _ => {}
    }
}

fn budget(out: &mut Vec<String>, object: &Value) {
    if object.path(&["spec", "selector"]).is_some_and(is_empty_selector) {
        let words = "an empty spec.selector matches all pods in the namespace and disrupts all pods";
        out.push(format!("spec.selector: {words}"));
    }
}

fn ingress(out: &mut Vec<String>, object: &Value) {
    if crate::meta::annotation(object, "kubernetes.io/ingress.class").is_some() {
        out.push(
            "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"
                .to_owned(),
        );
    }
}

fn node(out: &mut Vec<String>, object: &Value) {
    let Some(spec) = object.get("spec") else { return };
    if is_set(spec, "configSource") {
        out.push("spec.configSource: the feature is removed".to_owned());
    }
    if !text(spec, "externalID").is_empty() {
        out.push("spec.externalID: this field is deprecated, and is unused by Kubernetes".to_owned());
    }
}
