//! Volumes of pods, and persistent volumes' sources.

use std::collections::BTreeSet;

use mizzen_schema::value::{Struct, Value};

use super::check::{
    Errors, complain, flag, int, is_set, label_selector, list, no_backsteps, one_of, quantity, required,
    some, text,
};
use super::container::{field_reference, resource_reference, volume_path};
use super::security::subdomain;
use super::storage;
use crate::field::{FieldError, Path};
use crate::name;

const MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";

/// A pod's volumes.
pub(super) fn all(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let mut names = BTreeSet::new();
    for (at, volume) in list(spec, "volumes").iter().enumerate() {
        let path = path.index(at);
        source(errors, &path, volume);
        let name = text(volume, "name");
        let name_path = path.child("name");
        if required(errors, &name_path, name) {
            complain(errors, &name_path, name, name::dns_1123_label(name));
            if names.contains(&name) {
                errors.push(FieldError::duplicate(&name_path, name));
            }
        }
        names.insert(name);
    }
}

fn mode(errors: &mut Errors, path: &Path<'_>, owner: &Value, field: &str) {
    if let Some(mode) = int(owner, field).filter(|mode| !(0..=0o777).contains(mode)) {
        errors.push(FieldError::invalid(&path.child(field), mode, MODE));
    }
}

/// Exactly one source, and its own rules.
fn source(errors: &mut Errors, path: &Path<'_>, volume: &Value) {
    // Kubernetes looks at emptyDir first: of two sources, the other is the one too many.
    let fields = || volume.as_struct().into_iter().flat_map(Struct::fields);
    let is_source = |name: &str, value: &Value| name != "name" && *value != Value::Null;
    let first = fields().filter(|(_, field, _)| field.json == "emptyDir");
    let rest = fields().filter(|(_, field, _)| field.json != "emptyDir");
    let mut count = 0;
    for (_, field, value) in first.chain(rest).filter(|(_, field, value)| is_source(&field.json, value)) {
        count += 1;
        if count > 1 {
            // The names in the paths are Kubernetes' own.
            let name = match &*field.json {
                "downwardAPI" => "downwarAPI",
                "cephfs" => "cephFS",
                name => name,
            };
            let detail = "may not specify more than 1 volume type";
            errors.push(FieldError::forbidden(&path.child(name), detail));
            continue;
        }
        let path = path.child(&field.json);
        match &*field.json {
            "emptyDir" => {
                if some(value, "sizeLimit").is_some_and(|limit| quantity(limit).signum() < 0) {
                    let detail = "SizeLimit field must be a valid resource quantity";
                    errors.push(FieldError::forbidden(&path.child("sizeLimit"), detail));
                }
            }
            "secret" => {
                required(errors, &path.child("secretName"), text(value, "secretName"));
                mode(errors, &path, value, "defaultMode");
                items(errors, &path, value);
            }
            "configMap" => {
                required(errors, &path.child("name"), text(value, "name"));
                mode(errors, &path, value, "defaultMode");
                items(errors, &path, value);
            }
            "persistentVolumeClaim" => {
                required(errors, &path.child("claimName"), text(value, "claimName"));
            }
            "downwardAPI" => {
                mode(errors, &path, value, "defaultMode");
                for file in list(value, "items") {
                    downward_file(errors, &path, file);
                }
            }
            "projected" => projected(errors, &path, value),
            "csi" => csi(errors, &path, value),
            "ephemeral" => ephemeral(errors, &path, value),
            "image" => {
                required(errors, &path.child("reference"), text(value, "reference"));
                let policy = text(value, "pullPolicy");
                one_of(errors, &path.child("pullPolicy"), policy, &["Always", "IfNotPresent", "Never"]);
            }
            name => shared_source(errors, &path, name, value),
        }
    }
    if count == 0 {
        errors.push(FieldError::required(path, "must specify a volume type"));
    }
}

/// Sources that persistent volumes have too.
pub(super) fn shared_source(errors: &mut Errors, path: &Path<'_>, name: &str, source: &Value) {
    let need = |errors: &mut Errors, fields: &[&str]| {
        for field in fields {
            required(errors, &path.child(field), text(source, field));
        }
    };
    match name {
        "hostPath" => {
            if required(errors, &path.child("path"), text(source, "path")) {
                no_backsteps(errors, &path.child("path"), text(source, "path"));
            }
            if let Some(kind) = some(source, "type").and_then(Value::as_str) {
                let kinds = [
                    "",
                    "BlockDevice",
                    "CharDevice",
                    "Directory",
                    "DirectoryOrCreate",
                    "File",
                    "FileOrCreate",
                    "Socket",
                ];
                one_of(errors, &path.child("type"), kind, &kinds);
            }
        }
        "gitRepo" => {
            need(errors, &["repository"]);
            super::check::local_path(errors, &path.child("directory"), text(source, "directory"));
        }
        "nfs" => {
            need(errors, &["server", "path"]);
            let target = text(source, "path");
            if !target.is_empty() && !target.starts_with('/') {
                errors.push(FieldError::invalid(&path.child("path"), target, "must be an absolute path"));
            }
        }
        "gcePersistentDisk" => {
            need(errors, &["pdName"]);
            range(errors, path, source, "partition", 0, 255, &name::out_of_range(1, 255));
        }
        "awsElasticBlockStore" => {
            need(errors, &["volumeID"]);
            range(errors, path, source, "partition", 0, 255, &name::out_of_range(1, 255));
        }
        "iscsi" => {
            need(errors, &["targetPortal", "iqn"]);
            let iqn = text(source, "iqn");
            if !iqn.is_empty() && !["iqn.", "eui.", "naa."].iter().any(|prefix| iqn.starts_with(prefix)) {
                let detail = "must be valid format starting with iqn, eui, or naa";
                errors.push(FieldError::invalid(&path.child("iqn"), iqn, detail));
            }
            range(errors, path, source, "lun", 0, 255, &name::out_of_range(0, 255));
            let chap = flag(source, "chapAuthDiscovery") == Some(true)
                || flag(source, "chapAuthSession") == Some(true);
            if chap && !is_set(source, "secretRef") {
                errors.push(FieldError::required(&path.child("secretRef"), ""));
            }
        }
        "fc" => fibre_channel(errors, path, source),
        "glusterfs" => need(errors, &["endpoints", "path"]),
        "rbd" => {
            if list(source, "monitors").is_empty() {
                errors.push(FieldError::required(&path.child("monitors"), ""));
            }
            need(errors, &["image"]);
        }
        "cephfs" if list(source, "monitors").is_empty() => {
            errors.push(FieldError::required(&path.child("monitors"), ""));
        }
        "cinder" => need(errors, &["volumeID"]),
        "flexVolume" => need(errors, &["driver"]),
        "azureFile" => need(errors, &["secretName", "shareName"]),
        "vsphereVolume" => need(errors, &["volumePath"]),
        "photonPersistentDisk" => need(errors, &["pdID"]),
        "portworxVolume" => need(errors, &["volumeID"]),
        "azureDisk" => need(errors, &["diskName", "diskURI"]),
        "storageos" => need(errors, &["volumeName"]),
        "scaleIO" => need(errors, &["gateway", "system", "volumeName"]),
        "quobyte" => quobyte(errors, path, source),
        "flocker" => flocker(errors, path, source),
        "local" if required(errors, &path.child("path"), text(source, "path")) => {
            no_backsteps(errors, &path.child("path"), text(source, "path"));
        }
        _ => {}
    }
}

fn range(
    errors: &mut Errors,
    path: &Path<'_>,
    owner: &Value,
    field: &str,
    low: i64,
    high: i64,
    detail: &str,
) {
    let value = int(owner, field).unwrap_or_default();
    if !(low..=high).contains(&value) {
        errors.push(FieldError::invalid(&path.child(field), value, detail));
    }
}

fn fibre_channel(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let (names, ids) = (list(source, "targetWWNs"), list(source, "wwids"));
    if names.is_empty() && ids.is_empty() {
        let detail = "must specify either targetWWNs or wwids, but not both";
        errors.push(FieldError::required(&path.child("targetWWNs"), detail));
    }
    if !names.is_empty() && !ids.is_empty() {
        let detail = "targetWWNs and wwids can not be specified simultaneously";
        errors.push(FieldError::invalid(&path.child("targetWWNs"), source.get("targetWWNs"), detail));
    }
    if !names.is_empty() {
        if is_set(source, "lun") {
            range(errors, path, source, "lun", 0, 255, &name::out_of_range(0, 255));
        } else {
            errors
                .push(FieldError::required(&path.child("lun"), "lun is required if targetWWNs is specified"));
        }
    }
}

fn quobyte(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let registry = text(source, "registry");
    let detail = "must be a host:port pair or multiple pairs separated by commas";
    if registry.is_empty() {
        errors.push(FieldError::required(&path.child("registry"), detail));
    } else if text(source, "tenant").len() >= 65 {
        let detail = "must be a UUID and may not exceed a length of 64 characters";
        errors.push(FieldError::required(&path.child("tenant"), detail));
    } else if !registry.split(',').all(|pair| pair.rsplit_once(':').is_some()) {
        errors.push(FieldError::invalid(&path.child("registry"), registry, detail));
    }
    required(errors, &path.child("volume"), text(source, "volume"));
}

fn flocker(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let (name, uuid) = (text(source, "datasetName"), text(source, "datasetUUID"));
    if name.is_empty() && uuid.is_empty() {
        errors.push(FieldError::required(path, "one of datasetName and datasetUUID is required"));
    }
    if !name.is_empty() && !uuid.is_empty() {
        let detail = "datasetName and datasetUUID can not be specified simultaneously";
        errors.push(FieldError::invalid(path, "resource", detail));
    }
    if name.contains('/') {
        errors.push(FieldError::invalid(&path.child("datasetName"), name, "must not contain '/'"));
    }
}

/// `items` of secrets and config maps: keys to files.
fn items(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let path = path.child("items");
    for (at, item) in list(source, "items").iter().enumerate() {
        let path = path.index(at);
        required(errors, &path.child("key"), text(item, "key"));
        volume_path(errors, &path.child("path"), text(item, "path"));
        mode(errors, &path, item, "mode");
    }
}

/// What `fieldRef` of a downward file may name.
const FILE_FIELDS: [&str; 3] = ["metadata.name", "metadata.namespace", "metadata.uid"];

fn downward_file(errors: &mut Errors, path: &Path<'_>, file: &Value) {
    volume_path(errors, &path.child("path"), text(file, "path"));
    match (some(file, "fieldRef"), some(file, "resourceFieldRef")) {
        (Some(field), other) => {
            field_reference(errors, &path.child("fieldRef"), field, &FILE_FIELDS, false);
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

fn projected(errors: &mut Errors, path: &Path<'_>, volume: &Value) {
    mode(errors, path, volume, "defaultMode");
    let mut files: BTreeSet<String> = BTreeSet::new();
    let sources = path.child("sources");
    for (at, source) in list(volume, "sources").iter().enumerate() {
        let source_path = sources.index(at);
        let mut count = 0;
        for (_, field, value) in source.as_struct().into_iter().flat_map(Struct::fields) {
            if *value == Value::Null {
                continue;
            }
            count += 1;
            let here = source_path.child(&field.json);
            if count > 1 {
                let detail = "may not specify more than 1 volume type per source";
                errors.push(FieldError::forbidden(&here, detail));
                continue;
            }
            projection(errors, &here, path, &field.json, value, &mut files);
        }
        if count == 0 {
            let detail = "specify a volume type for this source";
            errors.push(FieldError::required(&source_path, detail));
        }
    }
}

/// One source of a projected volume; `files` are the paths that are taken.
fn projection(
    errors: &mut Errors,
    here: &Path<'_>,
    volume: &Path<'_>,
    kind: &str,
    source: &Value,
    files: &mut BTreeSet<String>,
) {
    let mut take = |errors: &mut Errors, file: &str, shown: &str| {
        if !file.is_empty() && !files.insert(file.to_owned()) {
            errors.push(FieldError::invalid(volume, shown, "conflicting duplicate paths"));
        }
    };
    match kind {
        "secret" | "configMap" => {
            let name = text(source, "name");
            required(errors, &here.child("name"), name);
            items(errors, here, source);
            for item in list(source, "items") {
                take(errors, text(item, "path"), name);
            }
        }
        "downwardAPI" => {
            for file in list(source, "items") {
                downward_file(errors, here, file);
                take(errors, text(file, "path"), text(file, "path"));
            }
        }
        "serviceAccountToken" => {
            let seconds = int(source, "expirationSeconds").unwrap_or_default();
            let path = here.child("expirationSeconds");
            if seconds < 600 {
                let detail = "may not specify a duration less than 10 minutes";
                errors.push(FieldError::invalid(&path, seconds, detail));
            }
            if seconds > 1 << 32 {
                let detail = "may not specify a duration larger than 2^32 seconds";
                errors.push(FieldError::invalid(&path, seconds, detail));
            }
            let file = text(source, "path");
            if file.is_empty() {
                errors.push(FieldError::required(&volume.child("path"), ""));
            } else {
                volume_path(errors, &volume.child("path"), file);
                take(errors, file, file);
            }
        }
        "clusterTrustBundle" => {
            trust_bundle(errors, here, source);
            take(errors, text(source, "path"), text(source, "path"));
        }
        "podCertificate" => {
            pod_certificate(errors, here, source);
            for field in ["keyPath", "certificateChainPath", "credentialBundlePath"] {
                let file = text(source, field);
                if !file.is_empty() {
                    volume_path(errors, &here.child(field), file);
                    take(errors, file, file);
                }
            }
        }
        _ => {}
    }
}

fn trust_bundle(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    match (is_set(source, "name"), is_set(source, "signerName")) {
        (true, true) => {
            let detail = "only one of name and signerName may be used";
            errors.push(FieldError::invalid(path, source, detail));
        }
        (true, false) => {
            let name = text(source, "name");
            if name.is_empty() {
                errors.push(FieldError::required(&path.child("name"), "must be a valid object name"));
            }
            if is_set(source, "labelSelector") {
                let detail = "labelSelector must be unset if name is specified";
                let path = path.child("labelSelector");
                errors.push(FieldError::invalid(&path, source.get("labelSelector"), detail));
            }
        }
        (false, true) => {
            if text(source, "signerName").is_empty() {
                errors.push(FieldError::required(&path.child("signerName"), "must be a valid signer name"));
            }
            label_selector(errors, &path.child("labelSelector"), some(source, "labelSelector"));
        }
        (false, false) => {
            errors.push(FieldError::required(path, "either name or signerName must be specified"));
        }
    }
    volume_path(errors, &path.child("path"), text(source, "path"));
}

fn pod_certificate(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let kinds = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"];
    one_of(errors, &path.child("keyType"), text(source, "keyType"), &kinds);
    if let Some(seconds) = int(source, "maxExpirationSeconds") {
        let path = path.child("maxExpirationSeconds");
        if seconds < 3600 {
            let detail = "if provided, maxExpirationSeconds must be >= 3600";
            errors.push(FieldError::invalid(&path, seconds, detail));
        }
        // 91 days; one day for Kubernetes' own signers.
        let most = if text(source, "signerName").starts_with("kubernetes.io/") { 86_400 } else { 7_862_400 };
        if seconds > most {
            let detail = format!("if provided, maxExpirationSeconds must be <= {most}");
            errors.push(FieldError::invalid(&path, seconds, detail));
        }
    }
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
            subdomain(errors, &path.child("name"), name);
        }
    }
}

fn ephemeral(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let path = path.child("volumeClaimTemplate");
    match some(source, "volumeClaimTemplate") {
        None => errors.push(FieldError::required(&path, "")),
        Some(template) => {
            super::meta::template(errors, &path.child("metadata"), template);
            if let Some(spec) = some(template, "spec") {
                storage::claim_spec(errors, &path.child("spec"), spec);
            }
        }
    }
}
