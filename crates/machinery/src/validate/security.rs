//! Security contexts, of pods and of containers.

use std::collections::BTreeSet;

use mizzen_schema::value::Value;

use super::check::{Errors, complain, flag, int, is_set, list, one_of, required, some, text};
use crate::field::{FieldError, Path};
use crate::name;

const ID_MAX: i64 = i32::MAX as i64;
const PROFILE_MAX: usize = 4095;
const SYSCTL_MAX: usize = 253;
const SYSCTL_PATTERN: &str = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

fn identity(errors: &mut Errors, path: &Path<'_>, id: i64) {
    if !(0..=ID_MAX).contains(&id) {
        errors.push(FieldError::invalid(path, id, name::out_of_range(0, ID_MAX)));
    }
}

fn identities(errors: &mut Errors, path: &Path<'_>, context: &Value, fields: &[&str]) {
    for field in fields {
        if let Some(id) = int(context, field) {
            identity(errors, &path.child(field), id);
        }
    }
}

/// Whether the pod uses the node's user namespace, as is usual.
fn host_users(spec: &Value) -> bool {
    flag(spec, "hostUsers").unwrap_or(true)
}

pub(super) fn container(errors: &mut Errors, path: &Path<'_>, context: Option<&Value>, spec: &Value) {
    let Some(context) = context else { return };
    identities(errors, path, context, &["runAsUser", "runAsGroup"]);
    if let Some(mount) = some(context, "procMount").and_then(Value::as_str) {
        one_of(errors, &path.child("procMount"), mount, &["Default", "Unmasked"]);
        if mount == "Unmasked" && host_users(spec) {
            let detail = "`hostUsers` must be false to use `Unmasked`";
            errors.push(FieldError::invalid(&path.child("procMount"), mount, detail));
        }
    }
    seccomp(errors, &path.child("seccompProfile"), some(context, "seccompProfile"));
    if flag(context, "allowPrivilegeEscalation") == Some(false) {
        if flag(context, "privileged") == Some(true) {
            let detail = "cannot set `allowPrivilegeEscalation` to false and `privileged` to true";
            errors.push(FieldError::invalid(path, context, detail));
        }
        let added =
            some(context, "capabilities").map(|capabilities| list(capabilities, "add")).unwrap_or_default();
        if added.iter().any(|capability| capability.as_str() == Some("CAP_SYS_ADMIN")) {
            let detail =
                "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
            errors.push(FieldError::invalid(path, context, detail));
        }
    }
    app_armor(errors, &path.child("appArmorProfile"), some(context, "appArmorProfile"));
}

pub(super) fn pod(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let Some(context) = some(spec, "securityContext") else { return };
    identities(errors, path, context, &["fsGroup", "runAsUser", "runAsGroup"]);
    for (at, group) in list(context, "supplementalGroups").iter().filter_map(Value::as_i64).enumerate() {
        identity(errors, &path.child("supplementalGroups").index(at), group);
    }
    if flag(spec, "shareProcessNamespace") == Some(true) && flag(spec, "hostPID") == Some(true) {
        let detail = "ShareProcessNamespace and HostPID cannot both be enabled";
        errors.push(FieldError::invalid(&path.child("shareProcessNamespace"), true, detail));
    }
    sysctls(errors, &path.child("sysctls"), context, spec);
    if let Some(policy) = some(context, "fsGroupChangePolicy").and_then(Value::as_str) {
        one_of(errors, &path.child("fsGroupChangePolicy"), policy, &["Always", "OnRootMismatch"]);
    }
    seccomp(errors, &path.child("seccompProfile"), some(context, "seccompProfile"));
    app_armor(errors, &path.child("appArmorProfile"), some(context, "appArmorProfile"));
    for (field, values) in [
        ("supplementalGroupsPolicy", ["Merge", "Strict"]),
        ("seLinuxChangePolicy", ["MountOption", "Recursive"]),
    ] {
        if let Some(policy) = some(context, field).and_then(Value::as_str) {
            one_of(errors, &path.child(field), policy, &values);
        }
    }
}

fn is_sysctl(text: &str) -> bool {
    let part = |part: &str| {
        let bytes = part.as_bytes();
        let ends =
            |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        ends(bytes.first())
            && ends(bytes.last())
            && bytes
                .iter()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
    };
    text.len() <= SYSCTL_MAX && text.split(['.', '/']).all(part)
}

fn sysctls(errors: &mut Errors, path: &Path<'_>, context: &Value, spec: &Value) {
    let mut names = BTreeSet::new();
    for (at, sysctl) in list(context, "sysctls").iter().enumerate() {
        let path = path.index(at);
        let path = path.child("name");
        let name = text(sysctl, "name");
        if !required(errors, &path, name) {
            continue;
        }
        if !is_sysctl(name) {
            let detail =
                format!("must have at most {SYSCTL_MAX} characters and match regex {SYSCTL_PATTERN}");
            errors.push(FieldError::invalid(&path, name, detail));
        } else if names.contains(&name) {
            errors.push(FieldError::duplicate(&path, name));
        }
        let dotted = name.replace('/', ".");
        if flag(spec, "hostNetwork") == Some(true) && dotted.starts_with("net.") {
            errors.push(FieldError::invalid(&path, name, "may not be specified when 'hostNetwork' is true"));
        }
        let ipc = ["kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."];
        if flag(spec, "hostIPC") == Some(true) && ipc.iter().any(|prefix| dotted.starts_with(prefix)) {
            errors.push(FieldError::invalid(&path, name, "may not be specified when 'hostIPC' is true"));
        }
        names.insert(name);
    }
}

fn seccomp(errors: &mut Errors, path: &Path<'_>, profile: Option<&Value>) {
    let Some(profile) = profile else { return };
    let kind = text(profile, "type");
    if kind.is_empty() {
        errors.push(FieldError::required(&path.child("type"), "type is required when seccompProfile is set"));
    } else {
        one_of(errors, &path.child("type"), kind, &["Localhost", "RuntimeDefault", "Unconfined"]);
    }
    let local = path.child("localhostProfile");
    match (kind, some(profile, "localhostProfile").and_then(Value::as_str)) {
        ("Localhost", None) => {
            errors.push(FieldError::required(&local, "must be set when seccomp type is Localhost"));
        }
        ("Localhost", Some(file)) => super::check::local_path(errors, &local, file),
        (_, Some(_)) => {
            errors.push(FieldError::invalid(
                &local,
                profile,
                "can only be set when seccomp type is Localhost",
            ));
        }
        (_, None) => {}
    }
}

fn app_armor(errors: &mut Errors, path: &Path<'_>, profile: Option<&Value>) {
    let Some(profile) = profile else { return };
    let local = path.child("localhostProfile");
    let file = some(profile, "localhostProfile").and_then(Value::as_str);
    match text(profile, "type") {
        "Localhost" => match file {
            Some(file) if !file.trim().is_empty() => {
                if file.trim() != file {
                    errors.push(FieldError::invalid(&local, file, "must not be padded with whitespace"));
                }
                if file.len() > PROFILE_MAX {
                    errors.push(FieldError::too_long(&local, PROFILE_MAX));
                }
            }
            _ => errors.push(FieldError::required(&local, "must be set when AppArmor type is Localhost")),
        },
        kind => {
            if let Some(file) = file {
                errors.push(FieldError::invalid(
                    &local,
                    file,
                    "can only be set when AppArmor type is Localhost",
                ));
            }
            match kind {
                "RuntimeDefault" | "Unconfined" => {}
                "" => errors.push(FieldError::required(
                    &path.child("type"),
                    "type is required when appArmorProfile is set",
                )),
                other => {
                    let supported = ["Localhost", "RuntimeDefault", "Unconfined"];
                    errors.push(FieldError::not_supported(&path.child("type"), other, &supported));
                }
            }
        }
    }
}

/// What a pod with its own user namespace may not share with the node.
pub(super) fn host_users_rules(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    if host_users(spec) {
        return;
    }
    for (field, shown) in [("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC")] {
        if flag(spec, field) == Some(true) {
            errors.push(FieldError::forbidden(&path.child(shown), "when `hostUsers` is false"));
        }
    }
    for list_name in ["initContainers", "containers", "ephemeralContainers"] {
        for (at, container) in list(spec, list_name).iter().enumerate() {
            if !list(container, "volumeDevices").is_empty() {
                let path = path.child(list_name);
                let path = path.index(at);
                errors.push(FieldError::forbidden(&path.child("volumeDevices"), "when `hostUsers` is false"));
            }
        }
    }
}

/// What pods of each operating system may not have.
pub(super) fn os(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let Some(os) = some(spec, "os") else { return };
    let name = text(os, "name");
    if !required(errors, &path.child("os").child("name"), name) {
        return;
    }
    one_of(errors, &path.child("os"), name, &["linux", "windows"]);
    let context = some(spec, "securityContext");
    match name {
        "linux" if context.is_some_and(|context| is_set(context, "windowsOptions")) => {
            let path = path.child("securityContext");
            let detail = "windows options cannot be set for a linux pod";
            errors.push(FieldError::forbidden(&path.child("windowsOptions"), detail));
        }
        "windows" => windows(errors, path, spec, context),
        _ => {}
    }
}

fn windows(errors: &mut Errors, path: &Path<'_>, spec: &Value, context: Option<&Value>) {
    let detail = "cannot be set for a windows pod";
    let security = path.child("securityContext");
    let of_context = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "fsGroup",
        "fsGroupChangePolicy",
        "sysctls",
        "runAsUser",
        "runAsGroup",
        "supplementalGroups",
        "supplementalGroupsPolicy",
        "seLinuxChangePolicy",
    ];
    for field in of_context {
        if context.is_some_and(|context| is_set(context, field)) {
            errors.push(FieldError::forbidden(&security.child(field), detail));
        }
    }
    for field in ["hostUsers", "shareProcessNamespace"] {
        if is_set(spec, field) {
            errors.push(FieldError::forbidden(&path.child(field), detail));
        }
    }
    for field in ["hostPID", "hostIPC"] {
        if flag(spec, field) == Some(true) {
            errors.push(FieldError::forbidden(&path.child(field), detail));
        }
    }
    let of_container = [
        "appArmorProfile",
        "seLinuxOptions",
        "seccompProfile",
        "capabilities",
        "readOnlyRootFilesystem",
        "privileged",
        "allowPrivilegeEscalation",
        "procMount",
        "runAsUser",
        "runAsGroup",
    ];
    for list_name in ["initContainers", "containers", "ephemeralContainers"] {
        let containers = path.child(list_name);
        for (at, container) in list(spec, list_name).iter().enumerate() {
            let Some(context) = some(container, "securityContext") else { continue };
            let path = containers.index(at);
            let path = path.child("securityContext");
            for field in of_container {
                if is_set(context, field) {
                    errors.push(FieldError::forbidden(&path.child(field), detail));
                }
            }
        }
    }
}

/// A name with its complaints.
pub(super) fn subdomain(errors: &mut Errors, path: &Path<'_>, name: &str) {
    complain(errors, path, name, name::dns_1123_subdomain(name));
}
