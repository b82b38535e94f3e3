//! What a pod refers to: secrets, config maps, claims, its service account.

use mizzen_schema::value::Value;

use super::tree::{list, text};
use crate::authz::resource_claims;

/// All containers of a pod's spec, whatever their sort, with the field that lists them.
pub(crate) fn containers(spec: &Value) -> impl Iterator<Item = (&'static str, usize, &Value)> {
    ["initContainers", "containers", "ephemeralContainers"].into_iter().flat_map(move |field| {
        list(spec, &[field]).iter().enumerate().map(move |(at, container)| (field, at, container))
    })
}

/// The names of the PersistentVolumeClaims of a pod, those made for ephemeral volumes too.
pub(crate) fn claims(pod: &Value) -> Vec<String> {
    let volumes = list(pod, &["spec", "volumes"]).iter();
    let claim = |volume: &Value| {
        if volume.path(&["ephemeral"]).is_some() {
            return format!("{}-{}", text(pod, &["metadata", "name"]), text(volume, &["name"]));
        }
        text(volume, &["persistentVolumeClaim", "claimName"]).to_owned()
    };
    volumes.map(claim).filter(|name| !name.is_empty()).collect()
}

/// The names of the secrets that a pod needs (image pull secrets, environment, volumes).
pub(crate) fn secrets(pod: &Value) -> Vec<&str> {
    let spec = |field: &'static str| list(pod, &["spec", field]).iter();
    let mut names: Vec<&str> = spec("imagePullSecrets").map(|secret| text(secret, &["name"])).collect();
    names.extend(environment(pod, "secretRef", "secretKeyRef"));
    names.extend(spec("volumes").flat_map(volume_secrets));
    names.retain(|name| !name.is_empty());
    names
}

/// The names of the secrets that a volume needs.
pub(crate) fn volume_secrets(volume: &Value) -> Vec<&str> {
    let mut names = projected(volume, "secret");
    names.push(text(volume, &["secret", "secretName"]));
    names.push(text(volume, &["azureFile", "secretName"]));
    for source in ["cephfs", "flexVolume", "rbd", "scaleIO", "iscsi", "storageos"] {
        names.push(text(volume, &[source, "secretRef", "name"]));
    }
    names.push(text(volume, &["csi", "nodePublishSecretRef", "name"]));
    names.retain(|name| !name.is_empty());
    names
}

/// The names of the config maps that a pod needs.
pub(crate) fn config_maps(pod: &Value) -> Vec<&str> {
    let mut names = environment(pod, "configMapRef", "configMapKeyRef");
    for volume in list(pod, &["spec", "volumes"]) {
        names.push(text(volume, &["configMap", "name"]));
        names.extend(projected(volume, "configMap"));
    }
    names.retain(|name| !name.is_empty());
    names
}

fn environment<'a>(pod: &'a Value, whole: &str, key: &str) -> Vec<&'a str> {
    let Some(spec) = pod.get("spec") else { return Vec::new() };
    let mut names = Vec::new();
    for (_, _, container) in containers(spec) {
        names.extend(list(container, &["envFrom"]).iter().map(|source| text(source, &[whole, "name"])));
        names.extend(list(container, &["env"]).iter().map(|var| text(var, &["valueFrom", key, "name"])));
    }
    names
}

fn projected<'a>(volume: &'a Value, source: &str) -> Vec<&'a str> {
    let sources = list(volume, &["projected", "sources"]).iter();
    sources.map(|projection| text(projection, &[source, "name"])).collect()
}

/// Whether a pod refers to an object of its namespace (or, for pods, is it).
pub(crate) fn refers_to(pod: &Value, resource: &str, name: &str) -> bool {
    match resource {
        "secrets" => secrets(pod).contains(&name),
        "configmaps" => config_maps(pod).contains(&name),
        "persistentvolumeclaims" => claims(pod).iter().any(|claim| claim == name),
        "serviceaccounts" => text(pod, &["spec", "serviceAccountName"]) == name,
        "resourceclaims" => resource_claims(pod).iter().any(|claim| claim == name),
        "pods" => text(pod, &["metadata", "name"]) == name,
        _ => false,
    }
}
