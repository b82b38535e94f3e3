//! Sources of storage that pods' volumes and persistent volumes name alike, and what persistent ones have more.

use mizzen_schema::value::Value;

use crate::field::{FieldError, Path};
use crate::name;
use crate::validate::check::{
    Errors, complain, entries, flag, int, is_set, list, local_path, no_backsteps, one_of, required, some,
    text, text_of,
};

const HOST_PATHS: [&str; 8] =
    ["", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"];

fn need(errors: &mut Errors, path: &Path<'_>, source: &Value, fields: &[&str]) {
    for field in fields {
        required(errors, &path.child(field), text(source, field));
    }
}

/// A source of a pod's volume.
pub(super) fn shared(errors: &mut Errors, path: &Path<'_>, name: &str, source: &Value, volume: &str) {
    match name {
        "gitRepo" => {
            need(errors, path, source, &["repository"]);
            local_path(errors, &path.child("directory"), text(source, "directory"));
        }
        "iscsi" => {
            iscsi(errors, path, source, "must be valid format starting with iqn, eui, or naa");
            if is_set(source, "initiatorName") && volume.len() + 1 + text(source, "targetPortal").len() > 64 {
                // As Kubernetes names it: the volume's name.
                let path = path.sibling("name");
                errors.push(FieldError::invalid(&path, volume, TOO_LONG_TOGETHER));
            }
        }
        _ => common(errors, path, name, source),
    }
}

const TOO_LONG_TOGETHER: &str = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if \
                                 iscsi.initiatorName is specified.";

/// A source of a persistent volume of this name.
pub(in crate::validate) fn persistent(
    errors: &mut Errors,
    path: &Path<'_>,
    name: &str,
    source: &Value,
    volume: &str,
) {
    match name {
        "iscsi" => {
            required(errors, &path.child("targetPortal"), text(source, "targetPortal"));
            let portal = text(source, "targetPortal");
            if is_set(source, "initiatorName") && volume.len() + 1 + portal.len() > 64 {
                errors.push(FieldError::invalid(&path.child("targetportal"), portal, TOO_LONG_TOGETHER));
            }
            iscsi_names(errors, path, source, FORMAT);
        }
        "csi" => csi(errors, path, source),
        _ => common(errors, path, name, source),
    }
    match name {
        "glusterfs" => {
            if let Some(namespace) = text_of(source, "endpointsNamespace") {
                let path = path.child("endpointsNamespace");
                if namespace.is_empty() {
                    let detail = "if the endpointnamespace is set, it must be a valid namespace name";
                    errors.push(FieldError::invalid(&path, namespace, detail));
                } else {
                    complain(errors, &path, namespace, name::dns_1123_label(namespace));
                }
            }
        }
        "azureFile" if text_of(source, "secretNamespace") == Some("") => {
            errors.push(FieldError::required(&path.child("secretNamespace"), ""));
        }
        "cinder" | "storageos" => {
            if let Some(secret) = some(source, "secretRef") {
                required(errors, &path.child("secretRef").child("namespace"), text(secret, "namespace"));
            }
        }
        _ => {}
    }
}

fn common(errors: &mut Errors, path: &Path<'_>, name: &str, source: &Value) {
    match name {
        "hostPath" => {
            let target = text(source, "path");
            if required(errors, &path.child("path"), target) {
                no_backsteps(errors, &path.child("path"), target);
                if let Some(kind) = text_of(source, "type") {
                    one_of(errors, &path.child("type"), kind, &HOST_PATHS);
                }
            }
        }
        "local" if required(errors, &path.child("path"), text(source, "path")) => {
            no_backsteps(errors, &path.child("path"), text(source, "path"));
        }
        "nfs" => {
            need(errors, path, source, &["server", "path"]);
            let target = text(source, "path");
            if !target.starts_with('/') {
                errors.push(FieldError::invalid(&path.child("path"), target, "must be an absolute path"));
            }
        }
        "gcePersistentDisk" => {
            // As Kubernetes names it.
            let path = path.sibling("persistentDisk");
            need(errors, &path, source, &["pdName"]);
            partition(errors, &path, source);
        }
        "awsElasticBlockStore" => {
            need(errors, path, source, &["volumeID"]);
            partition(errors, path, source);
        }
        "fc" => fibre_channel(errors, path, source),
        "glusterfs" => need(errors, path, source, &["endpoints", "path"]),
        "rbd" => {
            monitors(errors, path, source);
            need(errors, path, source, &["image"]);
        }
        "cephfs" => monitors(errors, path, source),
        "cinder" => {
            need(errors, path, source, &["volumeID"]);
            secret(errors, path, source);
        }
        "flexVolume" => flex(errors, path, source),
        "azureFile" => need(errors, path, source, &["secretName", "shareName"]),
        "vsphereVolume" => need(errors, path, source, &["volumePath"]),
        "photonPersistentDisk" => need(errors, path, source, &["pdID"]),
        "portworxVolume" => need(errors, path, source, &["volumeID"]),
        "azureDisk" => azure_disk(errors, path, source),
        "storageos" => storage_os(errors, path, source),
        "scaleIO" => need(errors, path, source, &["gateway", "system", "volumeName"]),
        "quobyte" => quobyte(errors, path, source),
        "flocker" => flocker(errors, path, source),
        _ => {}
    }
}

fn monitors(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    if list(source, "monitors").is_empty() {
        errors.push(FieldError::required(&path.child("monitors"), ""));
    }
}

fn secret(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    if let Some(secret) = some(source, "secretRef") {
        required(errors, &path.child("secretRef").child("name"), text(secret, "name"));
    }
}

fn in_range(errors: &mut Errors, path: &Path<'_>, value: i64, detail: &str) {
    if !(0..=255).contains(&value) {
        errors.push(FieldError::invalid(path, value, detail));
    }
}

fn partition(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let number = int(source, "partition").unwrap_or_default();
    in_range(errors, &path.child("partition"), number, "must be between 1 and 255, inclusive");
}

const LUN: &str = "must be between 0 and 255, inclusive";
const FORMAT: &str = "must be valid format";

/// `iqn.2001-04.com.example:storage`, `eui.` and 16, or `naa.` and 32 letters and digits.
fn is_iscsi_name(text: &str) -> bool {
    let letters = |text: &str, count: usize| {
        text.len() == count && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    match text.get(..3) {
        Some("iqn") => text.strip_prefix("iqn.").is_some_and(is_qualified_iscsi_name),
        // Any character separates here.
        Some("eui") => text.get(4..).is_some_and(|rest| letters(rest, 16)),
        _ => text.get(4..).is_some_and(|rest| letters(rest, 32)),
    }
}

/// A month, a domain, and after a colon what the domain's owner likes.
fn is_qualified_iscsi_name(text: &str) -> bool {
    let Some((domain, rest)) = text.split_once(':') else { return false };
    let bytes = domain.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let dated = digits(0..4) && bytes.get(4) == Some(&b'-') && digits(5..7) && bytes.get(7) == Some(&b'.');
    let named = bytes.len() > 8
        && bytes[8..].iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    let free =
        !rest.is_empty() && !rest.bytes().any(|byte| byte.is_ascii_whitespace() || b",;*&$|".contains(&byte));
    dated && named && free
}

fn iscsi(errors: &mut Errors, path: &Path<'_>, source: &Value, prefix: &str) {
    required(errors, &path.child("targetPortal"), text(source, "targetPortal"));
    iscsi_names(errors, path, source, prefix);
}

/// The names of both sides, and the secret between them.
fn iscsi_names(errors: &mut Errors, path: &Path<'_>, source: &Value, prefix: &str) {
    let check = |errors: &mut Errors, path: &Path<'_>, name: &str| {
        if !matches!(name.get(..3), Some("iqn" | "eui" | "naa")) {
            errors.push(FieldError::invalid(path, name, prefix));
        } else if !is_iscsi_name(name) {
            errors.push(FieldError::invalid(path, name, FORMAT));
        }
    };
    let name = text(source, "iqn");
    if required(errors, &path.child("iqn"), name) {
        check(errors, &path.child("iqn"), name);
    }
    in_range(errors, &path.child("lun"), int(source, "lun").unwrap_or_default(), LUN);
    let chap = ["chapAuthDiscovery", "chapAuthSession"].iter().any(|field| flag(source, field) == Some(true));
    match some(source, "secretRef") {
        None if chap => errors.push(FieldError::required(&path.child("secretRef"), "")),
        Some(secret) if prefix == FORMAT => {
            required(errors, &path.child("secretRef").child("name"), text(secret, "name"));
        }
        _ => {}
    }
    if let Some(name) = text_of(source, "initiatorName") {
        check(errors, &path.child("initiatorname"), name);
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
    if names.is_empty() {
        return;
    }
    match int(source, "lun") {
        Some(lun) => in_range(errors, &path.child("lun"), lun, LUN),
        None => {
            let detail = "lun is required if targetWWNs is specified";
            errors.push(FieldError::required(&path.child("lun"), detail));
        }
    }
}

/// Options in Kubernetes' own namespaces are the kubelet's to give.
fn flex(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    need(errors, path, source, &["driver"]);
    for (key, _) in entries(source, "options") {
        let namespace = key.split_once('/').map_or(key, |(namespace, _)| namespace).to_ascii_lowercase();
        let reserved = ["kubernetes.io", "k8s.io"].iter().any(|domain| {
            namespace.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        if reserved {
            let detail = "kubernetes.io and k8s.io namespaces are reserved";
            errors.push(FieldError::invalid(&path.child("options").key(key), key, detail));
        }
    }
}

fn azure_disk(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    need(errors, path, source, &["diskName", "diskURI"]);
    let uri = text(source, "diskURI");
    if let Some(mode) = text_of(source, "cachingMode") {
        one_of(errors, &path.child("cachingMode"), mode, &["None", "ReadOnly", "ReadWrite"]);
    }
    let Some(kind) = text_of(source, "kind") else { return };
    one_of(errors, &path.child("kind"), kind, &["Dedicated", "Managed", "Shared"]);
    let (start, form) = if kind == "Managed" {
        let form =
            "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
        ("/subscriptions/", form)
    } else {
        ("https://", "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd")
    };
    if !uri.starts_with(start) {
        errors.push(FieldError::not_supported(&path.child("diskURI"), uri, &[form]));
    }
}

fn storage_os(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let name = text(source, "volumeName");
    if required(errors, &path.child("volumeName"), name) {
        complain(errors, &path.child("volumeName"), name, name::dns_1123_label(name));
    }
    let namespace = text(source, "volumeNamespace");
    if !namespace.is_empty() {
        complain(errors, &path.child("volumeNamespace"), namespace, name::dns_1123_label(namespace));
    }
    secret(errors, path, source);
}

/// `host:port`, where brackets hold an IPv6 address.
fn is_host_port(text: &str) -> bool {
    match text.rsplit_once(':') {
        Some((host, _)) if host.starts_with('[') => host.ends_with(']'),
        Some((host, _)) => !host.contains(':'),
        None => false,
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
    } else {
        for _ in registry.split(',').filter(|pair| !is_host_port(pair)) {
            errors.push(FieldError::invalid(&path.child("registry"), registry, detail));
        }
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

fn csi(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    super::csi_driver_name(errors, &path.child("driver"), text(source, "driver"));
    required(errors, &path.child("volumeHandle"), text(source, "volumeHandle"));
    for field in [
        "controllerPublishSecretRef",
        "controllerExpandSecretRef",
        "nodePublishSecretRef",
        "nodeExpandSecretRef",
    ] {
        let Some(secret) = some(source, field) else { continue };
        let path = path.child(field);
        let (name, namespace) = (text(secret, "name"), text(secret, "namespace"));
        if required(errors, &path.child("name"), name) {
            complain(errors, &path.child("name"), name, name::dns_1123_subdomain(name));
        }
        if required(errors, &path.child("namespace"), namespace) {
            complain(errors, &path.child("namespace"), namespace, name::dns_1123_label(namespace));
        }
    }
}
