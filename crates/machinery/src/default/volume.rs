//! Volumes, persistent and not.

use mizzen_schema::value::{Struct, Value};

use super::core::resource_list;
use super::pod::pull_policy;
use crate::edit::{child, each, int, made, put, str_of, text, truth, unset};

const MODE: i64 = 0o644;

pub(super) fn volume(volume: &mut Struct) {
    let has_source = volume.fields().any(|(_, field, value)| field.json != "name" && *value != Value::Null);
    if !has_source {
        made(volume, "emptyDir");
    }
    for source in ["secret", "configMap", "downwardAPI", "projected"] {
        if let Some(source) = child(volume, source) {
            int(source, "defaultMode", MODE);
        }
    }
    if let Some(source) = child(volume, "downwardAPI") {
        downward_items(source);
    }
    if let Some(projected) = child(volume, "projected") {
        each(projected, "sources", |source| {
            if let Some(token) = child(source, "serviceAccountToken") {
                int(token, "expirationSeconds", 3600);
            }
            if let Some(downward) = child(source, "downwardAPI") {
                downward_items(downward);
            }
        });
    }
    if let Some(image) = child(volume, "image")
        && unset(image, "pullPolicy")
    {
        let policy = pull_policy(str_of(image, "reference"));
        put(image, "pullPolicy", Value::string(policy));
    }
    if let Some(ephemeral) = child(volume, "ephemeral")
        && let Some(template) = child(ephemeral, "volumeClaimTemplate")
        && let Some(spec) = child(template, "spec")
    {
        claim_spec(spec);
    }
    source(volume);
}

fn downward_items(source: &mut Struct) {
    each(source, "items", |item| {
        if let Some(field) = child(item, "fieldRef") {
            text(field, "apiVersion", "v1");
        }
        if let Some(field) = child(item, "resourceFieldRef") {
            text(field, "divisor", "0");
        }
    });
}

/// Sources that pods' and persistent volumes share.
fn source(volume: &mut Struct) {
    if let Some(source) = child(volume, "hostPath")
        && source.get("type").is_none_or(|value| *value == Value::Null)
    {
        put(source, "type", Value::string(""));
    }
    if let Some(source) = child(volume, "iscsi") {
        text(source, "iscsiInterface", "default");
    }
    if let Some(source) = child(volume, "rbd") {
        text(source, "pool", "rbd");
        text(source, "user", "admin");
        text(source, "keyring", "/etc/ceph/keyring");
    }
    if let Some(source) = child(volume, "azureDisk") {
        text(source, "cachingMode", "ReadWrite");
        text(source, "kind", "Shared");
        text(source, "fsType", "ext4");
        truth(source, "readOnly", false);
    }
    if let Some(source) = child(volume, "scaleIO") {
        text(source, "storageMode", "ThinProvisioned");
        text(source, "fsType", "xfs");
    }
}

pub(super) fn persistent_volume(object: &mut Struct) {
    if let Some(status) = made(object, "status") {
        text(status, "phase", "Pending");
    }
    let Some(spec) = child(object, "spec") else { return };
    text(spec, "persistentVolumeReclaimPolicy", "Retain");
    text(spec, "volumeMode", "Filesystem");
    resource_list(spec, "capacity");
    source(spec);
}

pub(super) fn claim(object: &mut Struct) {
    if let Some(status) = made(object, "status") {
        text(status, "phase", "Pending");
        resource_list(status, "capacity");
        resource_list(status, "allocatedResources");
    }
    if let Some(spec) = child(object, "spec") {
        claim_spec(spec);
    }
}

fn claim_spec(spec: &mut Struct) {
    text(spec, "volumeMode", "Filesystem");
    if let Some(resources) = child(spec, "resources") {
        resource_list(resources, "limits");
        resource_list(resources, "requests");
    }
}
