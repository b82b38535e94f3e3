//! Where volumes and block devices appear in a container.

use mizzen_schema::value::Value;

use super::Pod;
use crate::field::{FieldError, Path};
use crate::validate::check::{
    Errors, Seen, flag, is_set, list, local_path, one_of, required, some, text, text_of,
};

pub(super) fn mounts(errors: &mut Errors, path: &Path<'_>, container: &Value, pod: Pod<'_>) {
    let mounts = list(container, "volumeMounts");
    if mounts.is_empty() {
        return;
    }
    let devices = list(container, "volumeDevices");
    let mut targets = Seen::new();
    for (at, mount) in mounts.iter().enumerate() {
        let list_path = path;
        let path = path.index(at);
        let (name, target) = (text(mount, "name"), text(mount, "mountPath"));
        required(errors, &path.child("name"), name);
        if pod.volumes.get(name).is_none() {
            errors.push(FieldError::not_found(&path.child("name"), name));
        }
        required(errors, &path.child("mountPath"), target);
        if !targets.insert(target) {
            errors.push(FieldError::invalid(&path.child("mountPath"), target, "must be unique"));
        }
        if devices.iter().any(|device| text(device, "name") == name) {
            let detail = "must not already exist in volumeDevices";
            errors.push(FieldError::invalid(&path.child("name"), name, detail));
        }
        if devices.iter().any(|device| text(device, "devicePath") == target) {
            let detail = "must not already exist as a path in volumeDevices";
            errors.push(FieldError::invalid(&path.child("mountPath"), target, detail));
        }
        // From here on, errors name the list's field without an index, as Kubernetes' do.
        let (sub_path, expression) = (text(mount, "subPath"), text(mount, "subPathExpr"));
        if !sub_path.is_empty() {
            local_path(errors, &list_path.child("subPath"), sub_path);
        }
        if !expression.is_empty() {
            if !sub_path.is_empty() {
                let detail = "subPathExpr and subPath are mutually exclusive";
                errors.push(FieldError::invalid(&path.child("subPathExpr"), expression, detail));
            }
            local_path(errors, &list_path.child("subPathExpr"), expression);
        }
        propagation(errors, &list_path.child("mountPropagation"), mount, container);
        recursive_read_only(errors, &list_path.child("recursiveReadOnly"), mount);
    }
}

fn propagation(errors: &mut Errors, path: &Path<'_>, mount: &Value, container: &Value) {
    let Some(mode) = text_of(mount, "mountPropagation") else { return };
    one_of(errors, path, mode, &["Bidirectional", "HostToContainer", "None"]);
    let privileged = some(container, "securityContext")
        .and_then(|context| flag(context, "privileged"))
        .unwrap_or_default();
    if mode == "Bidirectional" && !privileged {
        let detail = "Bidirectional mount propagation is available only to privileged containers";
        errors.push(FieldError::forbidden(path, detail));
    }
}

fn recursive_read_only(errors: &mut Errors, path: &Path<'_>, mount: &Value) {
    let Some(mode) = text_of(mount, "recursiveReadOnly") else { return };
    match mode {
        "Disabled" => {}
        "Enabled" | "IfPossible" => {
            if flag(mount, "readOnly") != Some(true) {
                let detail = "may only be specified when readOnly is true";
                errors.push(FieldError::forbidden(path, detail));
            }
            if !matches!(text(mount, "mountPropagation"), "" | "None") {
                let detail = "may only be specified when mountPropagation is None or not specified";
                errors.push(FieldError::forbidden(path, detail));
            }
        }
        other => errors.push(FieldError::not_supported(path, other, &["Disabled", "Enabled", "IfPossible"])),
    }
}

pub(super) fn devices(errors: &mut Errors, path: &Path<'_>, container: &Value, pod: Pod<'_>) {
    let devices = list(container, "volumeDevices");
    if devices.is_empty() {
        return;
    }
    let mounts = list(container, "volumeMounts");
    let (mut names, mut paths) = (Seen::new(), Seen::new());
    for (at, device) in devices.iter().enumerate() {
        let path = path.index(at);
        let (name, target) = (text(device, "name"), text(device, "devicePath"));
        required(errors, &path.child("name"), name);
        if names.contains(name) {
            errors.push(FieldError::invalid(&path.child("name"), name, "must be unique"));
        }
        match pod.volumes.get(name) {
            None => errors.push(FieldError::not_found(&path.child("name"), name)),
            Some(volume) if !is_set(volume, "persistentVolumeClaim") && !is_set(volume, "ephemeral") => {
                let detail =
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
                errors.push(FieldError::invalid(&path.child("name"), name, detail));
            }
            Some(_) => {}
        }
        required(errors, &path.child("devicePath"), target);
        if paths.contains(target) {
            errors.push(FieldError::invalid(&path.child("devicePath"), target, "must be unique"));
        }
        if target.split('/').any(|part| part == "..") {
            let detail = "can not contain backsteps ('..')";
            errors.push(FieldError::invalid(&path.child("devicePath"), target, detail));
        } else {
            paths.insert(target);
        }
        if mounts.iter().any(|mount| text(mount, "name") == name) {
            let detail = "must not already exist in volumeMounts";
            errors.push(FieldError::invalid(&path.child("name"), name, detail));
        }
        if mounts.iter().any(|mount| text(mount, "mountPath") == target) {
            let detail = "must not already exist as a path in volumeMounts";
            errors.push(FieldError::invalid(&path.child("devicePath"), target, detail));
        }
        if !name.is_empty() {
            names.insert(name);
        }
    }
}

/// A path of a volume's file: relative, and not climbing out.
pub(in crate::validate) fn volume_path(errors: &mut Errors, path: &Path<'_>, file: &str) {
    local_path(errors, path, file);
    if file.starts_with("..") && !file.starts_with("../") {
        errors.push(FieldError::invalid(path, file, "must not start with '..'"));
    }
}
