//! Volumes of pods: sources that are gone, and files that hide each other.

use std::borrow::Cow;

use mizzen_schema::value::Value;

use super::super::check::{is_set, list, some, text};
use super::storage;
use crate::field::{Path, quote};

const GONE: [(&str, &str); 9] = [
    ("photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
    ("gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
    ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    ("flocker", "deprecated in v1.22, non-functional in v1.25+"),
    ("storageos", "deprecated in v1.22, non-functional in v1.25+"),
    ("quobyte", "deprecated in v1.22, non-functional in v1.25+"),
    ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
];

/// Sources that no node knows any more.
pub(super) fn gone(out: &mut Vec<String>, path: &Path<'_>, volume: &Value) {
    for (source, words) in GONE {
        if is_set(volume, source) {
            let shown = if source == "storageos" { "storageOS" } else { source };
            out.push(format!("{}: {words}", path.child(shown)));
        }
    }
}

pub(super) fn volume(out: &mut Vec<String>, path: &Path<'_>, volume: &Value) {
    gone(out, path, volume);
    if let Some(claim) = volume.path(&["ephemeral", "volumeClaimTemplate", "spec"]) {
        storage::claim_spec(out, &path.child("ephemeral").child("volumeClaimTemplate").child("spec"), claim);
    }
    let name = text(volume, "name");
    let mut files = Vec::new();
    if let Some(source) = some(volume, "configMap") {
        let label = format!("ConfigMap {}", quote(text(source, "name")));
        alone(out, name, &label, &mut files, list(source, "items"));
    }
    if let Some(source) = some(volume, "secret") {
        let label = format!("Secret {}", quote(text(source, "secretName")));
        alone(out, name, &label, &mut files, list(source, "items"));
    }
    if let Some(source) = some(volume, "downwardAPI") {
        alone(out, name, "DownwardAPI", &mut files, list(source, "items"));
    }
    if let Some(source) = some(volume, "projected") {
        projected(out, name, list(source, "sources"));
    }
}

/// Whether one path is the other, or a directory on its way.
fn overlap(a: &str, b: &str) -> bool {
    let under = |dir: &str, file: &str| file.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    a == b || under(a, b) || under(b, a)
}

/// A volume with one source.
fn alone<'a>(out: &mut Vec<String>, name: &str, label: &str, files: &mut Vec<&'a str>, items: &'a [Value]) {
    for item in items {
        let file = text(item, "path");
        for earlier in files.iter().filter(|earlier| overlap(file, earlier)) {
            let (file, earlier) = (quote(file), quote(earlier));
            out.push(format!("volume {} ({label}): overlapping paths: {file} with {earlier}", quote(name)));
        }
        files.push(file);
    }
}

/// A volume of many sources, whose files may hide each other.
fn projected(out: &mut Vec<String>, name: &str, sources: &[Value]) {
    let mut files: Vec<(&str, Cow<'_, str>)> = Vec::new();
    for source in sources {
        let mut found: Vec<(&str, Cow<'_, str>)> = Vec::new();
        let mut any = false;
        for (field, kind) in
            [("configMap", "ConfigMap"), ("secret", "Secret"), ("downwardAPI", "DownwardAPI")]
        {
            let Some(source) = some(source, field) else { continue };
            any = true;
            let label: Cow<'_, str> = match kind {
                "DownwardAPI" => Cow::Borrowed(kind),
                _ => Cow::Owned(format!("{kind} {}", quote(text(source, "name")))),
            };
            found.extend(list(source, "items").iter().map(|item| (text(item, "path"), label.clone())));
        }
        if let Some(token) = some(source, "serviceAccountToken") {
            any = true;
            found.push((text(token, "path"), Cow::Borrowed("ServiceAccountToken")));
        }
        if let Some(bundle) = some(source, "clusterTrustBundle") {
            any = true;
            let named = text(bundle, "name");
            let named = if named.is_empty() { text(bundle, "signerName") } else { named };
            found.push((text(bundle, "path"), Cow::Owned(format!("ClusterTrustBundle {}", quote(named)))));
        }
        any |= is_set(source, "podCertificate");
        if !any {
            out.push(format!("volume {} (Projected) has no sources provided", quote(name)));
        }
        for (file, label) in found {
            for (earlier, other) in files.iter().filter(|(earlier, _)| overlap(file, earlier)) {
                out.push(format!(
                    "volume {} (Projected): overlapping paths: {} ({label}) with {} ({other})",
                    quote(name),
                    quote(file),
                    quote(earlier),
                ));
            }
            files.push((file, label));
        }
    }
}
