//! Security contexts, of pods and of containers.

use mizzen_schema::value::Value;

use super::check::{Errors, Seen, complain, flag, int, list, one_of, required, some, text, text_of};
use super::container::each;
use super::os;
use crate::field::{FieldError, Path};
use crate::name;

const ID_MAX: i64 = i32::MAX as i64;
const PROFILE_MAX: usize = 4095;
const SYSCTL_MAX: usize = 253;
const SYSCTL_PATTERN: &str = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";

pub(super) fn identity(errors: &mut Errors, path: &Path<'_>, id: i64) {
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
    if let Some(mount) = text_of(context, "procMount") {
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
    os::windows_options(errors, &path.child("windowsOptions"), some(context, "windowsOptions"));
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
    if let Some(policy) = text_of(context, "fsGroupChangePolicy") {
        one_of(errors, &path.child("fsGroupChangePolicy"), policy, &["Always", "OnRootMismatch"]);
    }
    seccomp(errors, &path.child("seccompProfile"), some(context, "seccompProfile"));
    os::windows_options(errors, &path.child("windowsOptions"), some(context, "windowsOptions"));
    app_armor(errors, &path.child("appArmorProfile"), some(context, "appArmorProfile"));
    for (field, values) in [
        ("supplementalGroupsPolicy", ["Merge", "Strict"]),
        ("seLinuxChangePolicy", ["MountOption", "Recursive"]),
    ] {
        if let Some(policy) = text_of(context, field) {
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

/// Whether a sysctl belongs to a namespace that the pod shares with the node.
fn shared_sysctl(name: &str, spec: &Value) -> Option<&'static str> {
    // Where the first separator is a slash, the other one is a dot.
    let dotted = match name.find(['.', '/']) {
        Some(at) if name.as_bytes()[at] == b'/' => {
            let swap = |c| match c {
                '/' => '.',
                '.' => '/',
                c => c,
            };
            name.chars().map(swap).collect()
        }
        _ => name.to_owned(),
    };
    let ipc = matches!(
        dotted.as_str(),
        "kernel.sem"
            | "kernel.shm"
            | "kernel.shmall"
            | "kernel.shmmax"
            | "kernel.shmmni"
            | "kernel.shm_rmid_forced"
            | "kernel.msg"
            | "kernel.msgmax"
            | "kernel.msgmnb"
            | "kernel.msgmni"
    ) || dotted.starts_with("fs.mqueue.");
    if dotted.starts_with("net.") {
        (flag(spec, "hostNetwork") == Some(true)).then_some("may not be specified when 'hostNetwork' is true")
    } else if ipc {
        (flag(spec, "hostIPC") == Some(true)).then_some("may not be specified when 'hostIPC' is true")
    } else {
        None
    }
}

fn sysctls(errors: &mut Errors, path: &Path<'_>, context: &Value, spec: &Value) {
    let mut names = Seen::new();
    for (at, sysctl) in list(context, "sysctls").iter().enumerate() {
        let path = path.index(at);
        let path = path.child("name");
        let name = text(sysctl, "name");
        if required(errors, &path, name) {
            if !is_sysctl(name) {
                let detail =
                    format!("must have at most {SYSCTL_MAX} characters and match regex {SYSCTL_PATTERN}");
                errors.push(FieldError::invalid(&path, name, detail));
            } else if names.contains(name) {
                errors.push(FieldError::duplicate(&path, name));
            }
        }
        if let Some(detail) = shared_sysctl(name, spec) {
            errors.push(FieldError::invalid(&path, name, detail));
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
    match (kind, text_of(profile, "localhostProfile")) {
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
    let file = text_of(profile, "localhostProfile");
    match text(profile, "type") {
        "Localhost" => {
            let missing = "must be set when AppArmor type is Localhost";
            let Some(file) = file else {
                errors.push(FieldError::required(&local, missing));
                return;
            };
            if file.trim() != file {
                errors.push(FieldError::invalid(&local, file, "must not be padded with whitespace"));
            } else if file.is_empty() {
                errors.push(FieldError::required(&local, missing));
            }
            if file.len() > PROFILE_MAX {
                errors.push(FieldError::too_long(&local, PROFILE_MAX));
            }
        }
        "RuntimeDefault" | "Unconfined" => {
            if let Some(file) = file {
                let detail = "can only be set when AppArmor type is Localhost";
                errors.push(FieldError::invalid(&local, file, detail));
            }
        }
        "" => {
            let detail = "type is required when appArmorProfile is set";
            errors.push(FieldError::required(&path.child("type"), detail));
        }
        other => {
            let supported = ["Localhost", "RuntimeDefault", "Unconfined"];
            errors.push(FieldError::not_supported(&path.child("type"), other, &supported));
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
    for (field, at, container) in each(spec) {
        if !list(container, "volumeDevices").is_empty() {
            let path = path.child(field);
            let path = path.index(at);
            errors.push(FieldError::forbidden(&path.child("volumeDevices"), "when `hostUsers` is false"));
        }
    }
}

/// A name with its complaints.
pub(super) fn subdomain(errors: &mut Errors, path: &Path<'_>, name: &str) {
    complain(errors, path, name, name::dns_1123_subdomain(name));
}
