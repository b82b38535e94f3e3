//! What depends on the operating system: Linux or Windows.

use mizzen_schema::value::Value;

use super::check::{Errors, complain, flag, is_set, one_of, required, same, some, text, text_of};
use super::container::each;
use crate::field::{FieldError, Path};
use crate::name;

/// What pods of each operating system may not have.
pub(super) fn rules(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let Some(os) = some(spec, "os") else { return };
    let name = text(os, "name");
    if !required(errors, &path.child("os").child("name"), name) {
        return;
    }
    one_of(errors, &path.child("os"), name, &["linux", "windows"]);
    match name {
        "linux" => linux(errors, path, spec),
        "windows" => windows(errors, path, spec),
        _ => {}
    }
}

fn linux(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let detail = "windows options cannot be set for a linux pod";
    let field = "securityContext.windowsOptions";
    let options = ["securityContext", "windowsOptions"];
    if spec.path(&options).is_some() {
        errors.push(FieldError::forbidden(&path.child(field), detail));
    }
    for (list_name, at, container) in each(spec) {
        if container.path(&options).is_some() {
            let path = path.child(list_name);
            errors.push(FieldError::forbidden(&path.index(at).child(field), detail));
        }
    }
}

/// Fields of a Windows pod that must be unset, in order; those with a dot are the security context's.
const OF_POD: [&str; 15] = [
    ".appArmorProfile",
    ".seLinuxOptions",
    "hostUsers",
    "hostPID",
    "hostIPC",
    ".seccompProfile",
    ".fsGroup",
    ".fsGroupChangePolicy",
    ".sysctls",
    "shareProcessNamespace",
    ".runAsUser",
    ".runAsGroup",
    ".supplementalGroups",
    ".supplementalGroupsPolicy",
    ".seLinuxChangePolicy",
];
const OF_CONTAINER: [&str; 10] = [
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

fn windows(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let detail = "cannot be set for a windows pod";
    let context = some(spec, "securityContext");
    let security = path.child("securityContext");
    for field in OF_POD {
        if let Some(field) = field.strip_prefix('.') {
            if context.is_some_and(|context| !same(context.get(field), None)) {
                errors.push(FieldError::forbidden(&security.child(field), detail));
            }
        } else if match field {
            "hostPID" | "hostIPC" => flag(spec, field) == Some(true),
            _ => is_set(spec, field),
        } {
            errors.push(FieldError::forbidden(&path.child(field), detail));
        }
    }
    for (list_name, at, container) in each(spec) {
        let Some(context) = some(container, "securityContext") else { continue };
        let containers = path.child(list_name);
        let path = containers.index(at);
        let path = path.child("securityContext");
        for field in OF_CONTAINER {
            if is_set(context, field) {
                errors.push(FieldError::forbidden(&path.child(field), detail));
            }
        }
    }
}

/// If one container of a Windows pod is a process of the host, all are, and the network is the host's.
pub(super) fn host_process(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let process = ["securityContext", "windowsOptions", "hostProcess"];
    let of_pod = spec.path(&process).and_then(Value::as_bool);
    let (mut all, mut count) = (0, 0);
    for (list_name, at, container) in each(spec) {
        all += 1;
        let own = container.path(&process).and_then(Value::as_bool);
        if let (Some(pod), Some(own)) = (of_pod, own)
            && pod != own
        {
            let containers = path.child(list_name);
            let path = containers.index(at);
            let detail = format!("pod hostProcess value must be identical if both are specified, was {pod}");
            let path = path.child("securityContext.windowsOptions.hostProcess");
            errors.push(FieldError::invalid(&path, own, detail));
        }
        count += usize::from(own.or(of_pod) == Some(true));
    }
    if count == 0 {
        return;
    }
    if count != all {
        let detail =
            "If pod contains any hostProcess containers then all containers must be HostProcess containers";
        errors.push(FieldError::invalid(path, "", detail));
    }
    if flag(spec, "hostNetwork") != Some(true) {
        let detail = "hostNetwork must be true if pod contains any hostProcess containers";
        errors.push(FieldError::invalid(&path.child("hostNetwork"), false, detail));
    }
}

const CREDENTIAL_KIB_MAX: usize = 64;
const DOMAIN_MAX: usize = 256;
const USER_MAX: usize = 104;

pub(super) fn windows_options(errors: &mut Errors, path: &Path<'_>, options: Option<&Value>) {
    let Some(options) = options else { return };
    if let Some(name) = text_of(options, "gmsaCredentialSpecName") {
        complain(errors, &path.child("gmsaCredentialSpecName"), name, name::dns_1123_subdomain(name));
    }
    if let Some(spec) = text_of(options, "gmsaCredentialSpec") {
        let path = path.child("gmsaCredentialSpec");
        if spec.is_empty() {
            errors.push(FieldError::invalid(&path, spec, "gmsaCredentialSpec cannot be an empty string"));
        } else if spec.len() > CREDENTIAL_KIB_MAX * 1024 {
            let detail = format!("gmsaCredentialSpec size must be under {CREDENTIAL_KIB_MAX} KiB");
            errors.push(FieldError::invalid(&path, spec, detail));
        }
    }
    if let Some(user) = text_of(options, "runAsUserName") {
        let path = path.child("runAsUserName");
        errors
            .extend(user_complaints(user).into_iter().map(|detail| FieldError::invalid(&path, user, detail)));
    }
}

/// `DOMAIN\user`, where the domain may be left out.
fn user_complaints(text: &str) -> Vec<String> {
    let one = |detail: &str| vec![format!("runAsUserName{detail}")];
    if text.is_empty() {
        return one(" cannot be an empty string");
    }
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return one(" cannot contain control characters");
    }
    let (domain, user) = match text.split_once('\\') {
        Some((_, user)) if user.contains('\\') => return one(" cannot contain more than one backslash"),
        Some((domain, user)) => (Some(domain), user),
        None => (None, text),
    };
    let mut out = Vec::new();
    if domain.is_some_and(|domain| domain.len() >= DOMAIN_MAX) {
        out.push(format!("runAsUserName's Domain length must be under {DOMAIN_MAX} characters"));
    }
    if domain.is_some_and(|domain| !is_net_bios(domain) && !is_dns(domain)) {
        out.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format".to_owned());
    }
    if user.is_empty() {
        out.push("runAsUserName's User cannot be empty".to_owned());
    } else if user.len() > USER_MAX {
        out.push(format!("runAsUserName's User length must not be longer than {USER_MAX} characters"));
    }
    if !user.is_empty() && user.bytes().all(|byte| matches!(byte, b'.' | b' ')) {
        out.push("runAsUserName's User cannot contain only periods or spaces".to_owned());
    }
    if user.bytes().any(|byte| b"\"/\\:;|=,+*?<>@[]".contains(&byte)) {
        out.push(
            "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]".to_owned(),
        );
    }
    out
}

/// One to fifteen characters, not starting with a dot.
fn is_net_bios(domain: &str) -> bool {
    let count = domain.chars().count();
    (1..=15).contains(&count)
        && !domain.starts_with('.')
        && !domain.bytes().any(|byte| b"\\/:*?\"<>|".contains(&byte))
}

fn is_dns(domain: &str) -> bool {
    domain.split('.').all(|label| {
        let bytes = label.as_bytes();
        label.len() <= 63
            && matches!((bytes.first(), bytes.last()), (Some(first), Some(last))
                if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    })
}
