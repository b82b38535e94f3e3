//! Volumes of pods.

mod projected;
mod source;

use std::collections::BTreeMap;

use mizzen_schema::value::{Struct, Value};

use super::check::{Errors, complain, int, is_set, labels, list, quantity, required, same, some, text};
use super::container::{self, field_reference, resource_reference, volume_path};
use super::{meta, storage};
use crate::field::{FieldError, Path};
use crate::name;

pub(super) use projected::{certificate_lifetime_max, user_annotations};
pub(super) use source::persistent;

const MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";

/// More volumes than this are looked up by a map.
const FEW: usize = 16;

/// The volumes that a pod's containers may use, by name.
#[derive(Debug)]
pub(super) struct Volumes<'a> {
    all: &'a [Value],
    /// Positions of those in which something is wrong, which count as not there.
    bad: Vec<usize>,
    many: BTreeMap<&'a str, usize>,
}

impl<'a> Volumes<'a> {
    fn new(all: &'a [Value]) -> Self {
        let many = if all.len() > FEW {
            all.iter().enumerate().rev().map(|(at, volume)| (text(volume, "name"), at)).collect()
        } else {
            BTreeMap::new()
        };
        Self { all, bad: Vec::new(), many }
    }

    /// Where the name is first.
    fn position(&self, name: &str) -> Option<usize> {
        if self.all.len() > FEW {
            return self.many.get(name).copied();
        }
        self.all.iter().position(|volume| text(volume, "name") == name)
    }

    /// The volume of this name.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        let at = self.position(name)?;
        if self.bad.is_empty() {
            return Some(&self.all[at]);
        }
        // A later one of the same name counts if the first is wrong.
        let fits = |at: &usize| text(&self.all[*at], "name") == name && !self.bad.contains(at);
        (at..self.all.len()).find(fits).map(|at| &self.all[at])
    }
}

/// A pod's volumes. The name of the pod is empty where it is not known: in templates.
pub(super) fn all<'a>(errors: &mut Errors, path: &Path<'_>, spec: &'a Value, pod: &str) -> Volumes<'a> {
    let mut volumes = Volumes::new(list(spec, "volumes"));
    for (at, volume) in volumes.all.iter().enumerate() {
        let path = path.index(at);
        let before = errors.len();
        source(errors, &path, volume, pod);
        let name = text(volume, "name");
        let name_path = path.child("name");
        if required(errors, &name_path, name) {
            complain(errors, &name_path, name, name::dns_1123_label(name));
        }
        if volumes.position(name).is_some_and(|first| first < at && !volumes.bad.contains(&first)) {
            errors.push(FieldError::duplicate(&name_path, name));
        }
        if errors.len() > before {
            volumes.bad.push(at);
        }
        if let Some(claim) = some(volume, "persistentVolumeClaim") {
            let claim = text(claim, "claimName");
            if !pod.is_empty() && is_own_claim(&volumes, claim, pod) {
                let detail = "must not reference a PVC that gets created for an ephemeral volume";
                let path = path.child("persistentVolumeClaim");
                errors.push(FieldError::invalid(&path.child("claimName"), claim, detail));
            }
        }
    }
    volumes
}

/// Whether a claim is one that is made for an ephemeral volume of the pod: `pod-volume`.
fn is_own_claim(volumes: &Volumes<'_>, claim: &str, pod: &str) -> bool {
    let Some(name) = claim.strip_prefix(pod).and_then(|rest| rest.strip_prefix('-')) else { return false };
    volumes.all.iter().any(|volume| is_set(volume, "ephemeral") && text(volume, "name") == name)
}

fn mode(errors: &mut Errors, path: &Path<'_>, owner: &Value, field: &str) {
    if let Some(mode) = int(owner, field).filter(|mode| !(0..=0o777).contains(mode)) {
        errors.push(FieldError::invalid(&path.child(field), mode, MODE));
    }
}

/// Sources in the order in which Kubernetes looks at them: of two, the later is the one too many.
const SOURCES: [&str; 30] = [
    "emptyDir",
    "hostPath",
    "gitRepo",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "flocker",
    "persistentVolumeClaim",
    "rbd",
    "cinder",
    "cephfs",
    "quobyte",
    "downwardAPI",
    "fc",
    "flexVolume",
    "configMap",
    "azureFile",
    "vsphereVolume",
    "photonPersistentDisk",
    "portworxVolume",
    "azureDisk",
    "storageos",
    "projected",
    "scaleIO",
    "csi",
    "ephemeral",
    "image",
];

/// Exactly one source, and its own rules.
fn source(errors: &mut Errors, path: &Path<'_>, volume: &Value, pod: &str) {
    let fields = volume.as_struct().into_iter().flat_map(Struct::fields);
    let set = fields.filter(|(_, field, value)| field.json != "name" && **value != Value::Null);
    let mut set = set.map(|(_, field, value)| (&*field.json, value));
    let Some(one) = set.next() else {
        errors.push(FieldError::required(path, "must specify a volume type"));
        return;
    };
    if set.next().is_none() {
        source_of(errors, path, one.0, one.1, text(volume, "name"), pod);
        return;
    }
    let several = SOURCES.into_iter().filter_map(|name| some(volume, name).map(|value| (name, value)));
    for (at, (name, value)) in several.enumerate() {
        if at == 0 {
            source_of(errors, path, name, value, text(volume, "name"), pod);
            continue;
        }
        // The names in these paths are Kubernetes' own.
        let name = match name {
            "downwardAPI" => "downwarAPI",
            "cephfs" => "cephFS",
            name => name,
        };
        errors.push(FieldError::forbidden(&path.child(name), "may not specify more than 1 volume type"));
    }
}

fn source_of(errors: &mut Errors, path: &Path<'_>, name: &str, source: &Value, volume: &str, pod: &str) {
    let path = path.child(name);
    match name {
        "emptyDir" => {
            if some(source, "sizeLimit").is_some_and(|limit| quantity(limit).signum() < 0) {
                let detail = "SizeLimit field must be a valid resource quantity";
                errors.push(FieldError::forbidden(&path.child("sizeLimit"), detail));
            }
        }
        "secret" => {
            required(errors, &path.child("secretName"), text(source, "secretName"));
            mode(errors, &path, source, "defaultMode");
            items(errors, &path, source);
        }
        "configMap" => {
            required(errors, &path.child("name"), text(source, "name"));
            mode(errors, &path, source, "defaultMode");
            items(errors, &path, source);
        }
        "persistentVolumeClaim" => {
            required(errors, &path.child("claimName"), text(source, "claimName"));
        }
        "downwardAPI" => {
            mode(errors, &path, source, "defaultMode");
            for file in list(source, "items") {
                downward_file(errors, &path, file);
            }
        }
        "projected" => projected::projected(errors, &path, source),
        "csi" => csi(errors, &path, source),
        "ephemeral" => ephemeral(errors, &path, source, volume, pod),
        "image" => {
            // The name of the pod is known in pods only; templates may leave the image to what fills them in.
            if !pod.is_empty() {
                required(errors, &path.child("reference"), text(source, "reference"));
            }
            container::pull_policy(errors, &path.child("pullPolicy"), text(source, "pullPolicy"));
        }
        name => source::shared(errors, &path, name, source, volume),
    }
}

/// `items` of secrets and config maps: keys to files.
fn items(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let path = path.child("items");
    for (at, item) in list(source, "items").iter().enumerate() {
        let path = path.index(at);
        required(errors, &path.child("key"), text(item, "key"));
        let file = text(item, "path");
        required(errors, &path.child("path"), file);
        volume_path(errors, &path.child("path"), file);
        mode(errors, &path, item, "mode");
    }
}

/// Errors name the volume, not the item, as Kubernetes' do.
fn downward_file(errors: &mut Errors, path: &Path<'_>, file: &Value) {
    required(errors, &path.child("path"), text(file, "path"));
    volume_path(errors, &path.child("path"), text(file, "path"));
    match (some(file, "fieldRef"), some(file, "resourceFieldRef")) {
        (Some(field), other) => {
            field_reference(errors, &path.child("fieldRef"), field, true);
            if other.is_some() {
                let detail = "fieldRef and resourceFieldRef can not be specified simultaneously";
                errors.push(FieldError::invalid(path, "resource", detail));
            }
        }
        (None, Some(resource)) => resource_reference(errors, &path.child("resourceFieldRef"), resource, true),
        (None, None) => {
            errors.push(FieldError::required(path, "one of fieldRef and resourceFieldRef is required"));
        }
    }
    mode(errors, path, file, "mode");
}

/// The name of a CSI driver.
pub(super) fn csi_driver_name(errors: &mut Errors, path: &Path<'_>, driver: &str) {
    if !required(errors, path, driver) {
        return;
    }
    if driver.len() > 63 {
        errors.push(FieldError::too_long(path, 63));
    }
    complain(errors, path, driver, name::dns_1123_subdomain(&driver.to_lowercase()));
}

fn csi(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    csi_driver_name(errors, &path.child("driver"), text(source, "driver"));
    if let Some(reference) = some(source, "nodePublishSecretRef") {
        let name = text(reference, "name");
        let secret = path.child("nodePublishSecretRef");
        if required(errors, &secret.child("name"), name) {
            // As Kubernetes names it.
            complain(errors, &path.child("name"), name, name::dns_1123_subdomain(name));
        }
    }
}

fn ephemeral(errors: &mut Errors, path: &Path<'_>, source: &Value, volume: &str, pod: &str) {
    let template_path = path.child("volumeClaimTemplate");
    match some(source, "volumeClaimTemplate") {
        None => errors.push(FieldError::required(&template_path, "")),
        Some(template) => {
            claim_metadata(errors, &template_path.child("metadata"), template);
            let empty = Value::Null;
            let spec = some(template, "spec").unwrap_or(&empty);
            storage::claim_spec(errors, &template_path.child("spec"), spec);
        }
    }
    // The claim is named after both.
    if !pod.is_empty() && !volume.is_empty() {
        let claim = format!("{pod}-{volume}");
        for complaint in name::dns_1123_subdomain(&claim) {
            let detail = format!("PVC name {}: {complaint}", crate::field::quote(&claim));
            errors.push(FieldError::invalid(&path.child("name"), volume, detail));
        }
    }
}

/// The metadata of a claim to be: labels and annotations, nothing else.
fn claim_metadata(errors: &mut Errors, path: &Path<'_>, template: &Value) {
    let Some(metadata) = template.get("metadata") else { return };
    meta::annotations(errors, &path.child("annotations"), metadata);
    labels(errors, &path.child("labels"), metadata, "labels");
    for (_, field, value) in metadata.as_struct().into_iter().flat_map(Struct::fields) {
        let allowed = matches!(&*field.json, "labels" | "annotations");
        if !allowed && !same(Some(value), None) {
            errors.push(FieldError::forbidden(&path.child(&field.json), "cannot be set"));
        }
    }
}
