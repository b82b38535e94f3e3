//! API services, trust bundles, migrations and leases: what extends the API server.

use mizzen_schema::value::Value;

use super::access::{signer_name, trust_bundle_name};
use super::check::{
    Errors, NEGATIVE, complain, each_condition, immutable, int, is_set, label_name, list, one_of, required,
    some, text, text_of, texts,
};
use super::security::subdomain;
use super::volume::{certificate_lifetime_max, user_annotations};
use crate::field::{FieldError, Path};
use crate::name;

pub(super) fn api_service(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let (group, version) = (text(spec, "group"), text(spec, "version"));
    let wanted = format!("{version}.{group}");
    let name = crate::meta::name(object);
    if name != wanted && name::path_segment(name).is_empty() {
        let metadata = Path::new("metadata");
        let detail = format!("must be `spec.version+\".\"+spec.group`: {}", crate::field::quote(&wanted));
        errors.push(FieldError::invalid(&metadata.child("name"), name, detail));
    }
    if !group.is_empty() {
        subdomain(errors, &path.child("group"), group);
    } else if version != "v1" {
        let detail = "only v1 may have an empty group and it better be legacy kube";
        errors.push(FieldError::required(&path.child("group"), detail));
    }
    complain(errors, &path.child("version"), version, name::dns_1035_label(version));
    for (field, most) in [("groupPriorityMinimum", 20_000), ("versionPriority", 1000)] {
        let priority = int(spec, field).unwrap_or_default();
        if priority <= 0 || priority > most {
            let detail = format!("must be positive and less than {most}");
            errors.push(FieldError::invalid(&path.child(field), priority, detail));
        }
    }
    let insecure = spec.get("insecureSkipTLSVerify").and_then(Value::as_bool).unwrap_or_default();
    let bundle = text(spec, "caBundle");
    let insecure_path = path.child("insecureSkipTLSVerify");
    let Some(service) = some(spec, "service") else {
        if !bundle.is_empty() {
            let bytes = bundle.len() / 4 * 3 - bundle.bytes().rev().take_while(|byte| *byte == b'=').count();
            let detail = "local APIServices may not have a caBundle";
            errors.push(FieldError::invalid(&path.child("caBundle"), &format!("{bytes} bytes"), detail));
        }
        if insecure {
            let detail = "local APIServices may not have insecureSkipTLSVerify";
            errors.push(FieldError::invalid(&insecure_path, true, detail));
        }
        return;
    };
    let service_path = path.child("service");
    for field in ["namespace", "name"] {
        required(errors, &service_path.child(field), text(service, field));
    }
    let port = int(service, "port").unwrap_or(443);
    let complaints = name::port_number(port);
    if !complaints.is_empty() {
        let detail = format!("port is not valid: {}", complaints.join(", "));
        errors.push(FieldError::invalid(&service_path.child("port"), port, detail));
    }
    if insecure && !bundle.is_empty() {
        errors.push(FieldError::invalid(&insecure_path, true, "may not be true if caBundle is present"));
    }
}

pub(super) fn api_service_status(errors: &mut Errors, new: &Value) {
    let root = Path::new("status");
    let path = root.child("conditions");
    let Some(status) = some(new, "status") else { return };
    for (at, condition) in list(status, "conditions").iter().enumerate() {
        let supported = ["True", "False", "Unknown"];
        one_of(errors, &path.index(at).child("status"), text(condition, "status"), &supported);
    }
}

/// A trust bundle, in bytes.
const BUNDLE_MAX: usize = 1024 * 1024;

pub(super) fn trust_bundle(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let spec = object.get("spec").unwrap_or(&Value::Null);
    let signer = text(spec, "signerName");
    let name = crate::meta::name(object);
    if !name.is_empty() {
        let metadata = Path::new("metadata");
        complain(errors, &metadata.child("name"), name, trust_bundle_name(name, signer));
    }
    if !signer.is_empty() {
        signer_name(errors, &path.child("signerName"), signer);
    }
    let bundle = text(spec, "trustBundle");
    let bundle_path = path.child("trustBundle");
    if bundle.len() > BUNDLE_MAX {
        errors.push(FieldError::too_long(&bundle_path, BUNDLE_MAX));
    } else if !bundle.contains("-----BEGIN CERTIFICATE-----") {
        let detail = "at least one trust anchor must be provided";
        errors.push(FieldError::invalid(&bundle_path, "<value omitted>", detail));
    }
}

pub(super) fn trust_bundle_update(errors: &mut Errors, new: &Value, old: &Value) {
    trust_bundle(errors, new);
    let path = Path::new("spec");
    let signer = ["spec", "signerName"];
    immutable(errors, &path.child("signerName"), new.path(&signer), old.path(&signer));
}

/// A request for a pod's certificate: who, where, and for which key.
pub(super) fn pod_certificate_request(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    let spec = object.get("spec").unwrap_or(&Value::Null);
    let signer = text(spec, "signerName");
    signer_name(errors, &root.child("signerName"), signer);
    for (field, uid) in
        [("podName", "podUID"), ("serviceAccountName", "serviceAccountUID"), ("nodeName", "nodeUID")]
    {
        subdomain(errors, &root.child(field), text(spec, field));
        let id = text(spec, uid);
        if id.is_empty() {
            errors.push(FieldError::required(&root.child(uid), format!("{uid} must be non-empty")));
        } else if id.len() > 128 {
            errors.push(FieldError::too_long(&root.child(uid), 128));
        }
    }
    match int(spec, "maxExpirationSeconds") {
        None => errors.push(FieldError::required(&root.child("maxExpirationSeconds"), "must be set")),
        Some(seconds) => {
            let most = certificate_lifetime_max(signer);
            if !(3600..=most).contains(&seconds) {
                let detail = format!("must be in the range [3600, {most}]");
                errors.push(FieldError::invalid(&root.child("maxExpirationSeconds"), seconds, detail));
            }
        }
    }
    for (field, max) in [("pkixPublicKey", 10 * 1024), ("proofOfPossession", 10 * 1024)] {
        let bytes = text(spec, field);
        if required(errors, &root.child(field), bytes) && bytes.len() / 4 * 3 > max {
            errors.push(FieldError::too_long(&root.child(field), max));
        }
    }
    let annotations = "unverifiedUserAnnotations";
    user_annotations(errors, &root.child(annotations), spec, annotations);
}

pub(super) fn pod_certificate_request_update(errors: &mut Errors, new: &Value, old: &Value) {
    immutable(errors, &Path::new("spec"), new.get("spec"), old.get("spec"));
}

/// A strategy of choosing a leader: ours, or one with a domain.
fn strategy(errors: &mut Errors, path: &Path<'_>, strategy: &str) {
    if strategy.contains('/') {
        complain(errors, &path.child("strategy"), strategy, name::qualified_name(strategy));
    } else {
        one_of(errors, &path.child("strategy"), strategy, &["OldestEmulationVersion"]);
    }
}

pub(super) fn lease(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let spec = object.get("spec").unwrap_or(&Value::Null);
    if let Some(seconds) = int(spec, "leaseDurationSeconds").filter(|seconds| *seconds <= 0) {
        let detail = "must be greater than 0";
        errors.push(FieldError::invalid(&path.child("leaseDurationSeconds"), seconds, detail));
    }
    if let Some(count) = int(spec, "leaseTransitions").filter(|count| *count < 0) {
        errors.push(FieldError::invalid(&path.child("leaseTransitions"), count, NEGATIVE));
    }
    if let Some(name) = text_of(spec, "strategy") {
        strategy(errors, &path.child("strategy"), name);
    }
    if !text(spec, "preferredHolder").is_empty() && text(spec, "strategy").is_empty() {
        let detail = "may only be specified if `strategy` is defined";
        errors.push(FieldError::forbidden(&path.child("preferredHolder"), detail));
    }
}

/// A semantic version's numbers; what follows them does not count here.
fn semantic_version(text: &str) -> Option<[u64; 3]> {
    let core = text.split(['-', '+']).next().unwrap_or_default();
    let mut parts = core.split('.');
    let mut next = || -> Option<u64> {
        let part = parts.next()?;
        let plain = part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
        plain.then(|| part.parse().ok())?
    };
    let version = [next()?, next()?, next()?];
    parts.next().is_none().then_some(version)
}

pub(super) fn lease_candidate(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let spec = object.get("spec").unwrap_or(&Value::Null);
    required(errors, &path.child("leaseName"), text(spec, "leaseName"));
    let version = |errors: &mut Errors, field: &str| {
        let text = text(spec, field);
        let parsed = semantic_version(text);
        if !text.is_empty() && parsed.is_none() {
            errors.push(FieldError::invalid(&path.child(field), text, "must be a valid semantic version"));
        }
        parsed.unwrap_or_default()
    };
    let (emulation, binary) = (version(errors, "emulationVersion"), version(errors, "binaryVersion"));
    let given = ["emulationVersion", "binaryVersion"].iter().all(|field| !text(spec, field).is_empty());
    if given && binary < emulation {
        let detail = "must be greater than or equal to `emulationVersion`";
        let shown = text(spec, "binaryVersion");
        errors.push(FieldError::invalid(&path.child("binaryVersion"), shown, detail));
    }
    // One in the newer form, a list in the older.
    let strategies = path.child("preferredStrategies");
    let mut all: Vec<&str> = texts(spec, "preferredStrategies").collect();
    all.extend(text_of(spec, "strategy").filter(|strategy| !strategy.is_empty()));
    if all.is_empty() {
        errors.push(FieldError::required(&strategies, "must contain at least one strategy"));
    }
    for (at, name) in all.iter().enumerate() {
        if *name == "OldestEmulationVersion" {
            for (field, version) in [("binaryVersion", binary), ("emulationVersion", emulation)] {
                if version == [0; 3] {
                    let detail = "must be specified when `strategy` is 'OldestEmulationVersion'";
                    errors.push(FieldError::required(&path.child(field), detail));
                }
            }
        }
        strategy(errors, &strategies.index(at), name);
    }
}

pub(super) fn lease_candidate_update(errors: &mut Errors, new: &Value, old: &Value) {
    lease_candidate(errors, new);
    let path = Path::new("spec");
    let lease = ["spec", "leaseName"];
    immutable(errors, &path.child("leaseName"), new.path(&lease), old.path(&lease));
}

/// What a migration moves to its storage version.
pub(super) fn migration(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let resource = object.path(&["spec", "resource"]).unwrap_or(&Value::Null);
    let path = path.child("resource");
    if text(resource, "resource").is_empty() {
        errors.push(FieldError::required(&path.child("resource"), "resource is required"));
    }
}

pub(super) fn migration_update(errors: &mut Errors, new: &Value, old: &Value) {
    migration(errors, new);
    // As Kubernetes names them.
    for field in ["group", "resource"] {
        let path = ["spec", "resource", field];
        immutable(errors, &Path::new(field), new.path(&path), old.path(&path));
    }
}

pub(super) fn migration_status(errors: &mut Errors, new: &Value, old: &Value) {
    let empty = Value::Null;
    let (status, before) = (new.get("status").unwrap_or(&empty), old.get("status").unwrap_or(&empty));
    let path = Path::new("status");
    let version_path = path.child("resourceVersion");
    let (version, version_before) = (text(status, "resourceVersion"), text(before, "resourceVersion"));
    match version.parse::<i64>() {
        _ if version.is_empty() => {}
        Err(_) => {
            let quoted = crate::field::quote(version);
            let detail = format!(
                "failed to parse resource version {quoted}: strconv.ParseInt: parsing {quoted}: invalid syntax"
            );
            errors.push(FieldError::invalid(&version_path, version, detail));
        }
        Ok(number) if number < 0 => errors.push(FieldError::invalid(&version_path, number, NEGATIVE)),
        Ok(_) => {}
    }
    migration_conditions(errors, &path.child("conditions"), status);
    if !version_before.is_empty() && version != version_before {
        errors.push(FieldError::invalid(&version_path, version, "resourceVersion cannot be updated"));
    }
    let has = |status: &Value, kind: &str| {
        list(status, "conditions")
            .iter()
            .any(|one| text(one, "type") == kind && text(one, "status") == "True")
    };
    let (success, failed) = (has(status, "Succeeded"), has(status, "Failed"));
    let running = has(status, "Running");
    for (wrong, detail) in [
        (success && failed, "Both success and failed conditions cannot be true at the same time"),
        (success && running, "Running condition cannot be true when success condition is true"),
        (failed && running, "Running condition cannot be true when failed condition is true"),
        (has(before, "Succeeded") && !success, "Success condition cannot be set to false once it is true"),
        (has(before, "Failed") && !failed, "Failed condition cannot be set to false once it is true"),
    ] {
        if wrong {
            errors.push(FieldError::invalid(&path.child("conditions"), status.get("conditions"), detail));
        }
    }
}

fn migration_conditions(errors: &mut Errors, path: &Path<'_>, status: &Value) {
    each_condition(errors, path, status, |errors, path, condition| {
        let kind = text(condition, "type");
        label_name(errors, &path.child("type"), kind);
        one_of(errors, &path.child("status"), text(condition, "status"), &["False", "True", "Unknown"]);
        if !is_set(condition, "lastTransitionTime") {
            errors.push(FieldError::required(&path.child("lastTransitionTime"), "must be set"));
        }
        let reason = text(condition, "reason");
        if reason.is_empty() {
            errors.push(FieldError::required(&path.child("reason"), "must be set"));
        } else {
            complain(errors, &path.child("reason"), reason, name::condition_reason(reason));
        }
    });
}
