//! Annotations of pods that stand for fields, or stood for them once.

use mizzen_schema::json;
use mizzen_schema::value::Value;

use super::MIRROR;
use crate::field::{FieldError, Path, quote};
use crate::validate::check::{Errors, local_path, some, text, text_of};
use crate::validate::container::each;
use crate::validate::scheduling;

const DELETION_COST: &str = "controller.kubernetes.io/pod-deletion-cost";
const TOLERATIONS: &str = "scheduler.alpha.kubernetes.io/tolerations";
const SECCOMP: &str = "seccomp.security.alpha.kubernetes.io/pod";
const SECCOMP_OF: &str = "container.seccomp.security.alpha.kubernetes.io/";
const APP_ARMOR_OF: &str = "container.apparmor.security.beta.kubernetes.io/";

/// What the annotations of a pod or of a template must be.
pub(super) fn check(errors: &mut Errors, path: &Path<'_>, object: &Value, spec: &Value) {
    if crate::meta::annotations(object).next().is_none() {
        return;
    }
    if let Some(mirror) = crate::meta::annotation(object, MIRROR)
        && text(spec, "nodeName").is_empty()
    {
        let detail = "must set spec.nodeName if mirror pod annotation is set";
        errors.push(FieldError::invalid(&path.key(MIRROR), mirror, detail));
    }
    if let Some(tolerations) = crate::meta::annotation(object, TOLERATIONS).filter(|text| !text.is_empty()) {
        self::tolerations(errors, path, tolerations, spec);
    }
    if let Some(cost) = crate::meta::annotation(object, DELETION_COST)
        && !is_cost(cost)
    {
        errors.push(FieldError::invalid(&path.key(DELETION_COST), cost, "must be a 32bit integer"));
    }
    if let Some(profile) = crate::meta::annotation(object, SECCOMP) {
        seccomp(errors, &path.child(SECCOMP), profile);
    }
    for (key, profile) in crate::meta::annotations(object) {
        if key.starts_with(SECCOMP_OF) {
            seccomp(errors, &path.child(key), profile);
        }
    }
    for (key, profile) in crate::meta::annotations(object) {
        let Some(name) = key.strip_prefix(APP_ARMOR_OF) else { continue };
        if !each(spec).any(|(_, _, container)| text(container, "name") == name) {
            errors.push(FieldError::invalid(&path.key(key), name, "container not found"));
        }
        let known = matches!(profile, "" | "runtime/default" | "unconfined");
        if !known && !profile.starts_with("localhost/") {
            let detail = format!("invalid AppArmor profile name: {}", quote(profile));
            errors.push(FieldError::invalid(&path.key(key), profile, detail));
        }
    }
}

/// Canonical: no plus sign, no leading zeros.
fn is_cost(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits == "0" || !digits.starts_with('0');
    text != "-0" && plain && !text.starts_with('+') && text.parse::<i32>().is_ok()
}

/// Tolerations as JSON, from before there was a field.
fn tolerations(errors: &mut Errors, path: &Path<'_>, text: &str, spec: &Value) {
    let field = spec.as_struct().and_then(|spec| spec.ty().field("tolerations").cloned());
    let options = mizzen_schema::decode::Options::default();
    let Some(field) = field else { return };
    match json::decode_shape(text.as_bytes(), &field.shape, &options) {
        Ok(read) => scheduling::tolerations(errors, &path.child(TOLERATIONS), read.value.items()),
        Err(error) => errors.push(FieldError::invalid(path, TOLERATIONS, error.to_string())),
    }
}

fn seccomp(errors: &mut Errors, path: &Path<'_>, profile: &str) {
    match profile {
        "runtime/default" | "docker/default" | "unconfined" => {}
        profile => match profile.strip_prefix("localhost/") {
            Some(file) => local_path(errors, path, file),
            None => errors.push(FieldError::invalid(path, profile, "must be a valid seccomp profile")),
        },
    }
}

/// Annotations and fields that say the same must agree, where both are given.
pub(super) fn agree_with_fields(errors: &mut Errors, path: &Path<'_>, object: &Value, spec: &Value) {
    if crate::meta::annotations(object).next().is_none() {
        return;
    }
    let context = some(spec, "securityContext");
    let pod_profile = context.and_then(|context| some(context, "seccompProfile"));
    if let (Some(profile), Some(annotation)) = (pod_profile, crate::meta::annotation(object, SECCOMP)) {
        let path = path.child("securityContext.seccompProfile");
        agree(errors, &path, "seccomp", profile, annotation);
    }
    let of = |prefix: &str, name: &str| {
        crate::meta::annotations(object)
            .find(|(key, _)| key.strip_prefix(prefix) == Some(name))
            .map(|(_, value)| value)
    };
    let own = |container: &Value, field: &'static str| -> Option<Value> {
        container.path(&["securityContext", field]).filter(|value| **value != Value::Null).cloned()
    };
    for (field, at, container) in each(spec) {
        let Some(profile) = own(container, "seccompProfile") else { continue };
        if let Some(annotation) = of(SECCOMP_OF, text(container, "name")) {
            let containers = path.child(field);
            let path = containers.index(at);
            agree(errors, &path.child("securityContext.seccompProfile"), "seccomp", &profile, annotation);
        }
    }
    if spec.str_at(&["os", "name"]) == Some("windows") {
        return;
    }
    let pod_profile = context.and_then(|context| some(context, "appArmorProfile")).cloned();
    for (field, at, container) in each(spec) {
        let Some(profile) = own(container, "appArmorProfile").or_else(|| pod_profile.clone()) else {
            continue;
        };
        if let Some(annotation) = of(APP_ARMOR_OF, text(container, "name")) {
            let containers = path.child(field);
            let path = containers.index(at);
            agree(errors, &path.child("securityContext.appArmorProfile"), "apparmor", &profile, annotation);
        }
    }
}

fn agree(errors: &mut Errors, path: &Path<'_>, what: &str, profile: &Value, annotation: &str) {
    let fits = match text(profile, "type") {
        "Unconfined" => annotation == "unconfined",
        "RuntimeDefault" => {
            annotation == "runtime/default" || (what == "seccomp" && annotation == "docker/default")
        }
        "Localhost" => match annotation.strip_prefix("localhost/") {
            Some(file) => {
                if text_of(profile, "localhostProfile") != Some(file) {
                    let detail = format!("{what} profile in annotation and field must match");
                    errors.push(FieldError::forbidden(&path.child("localhostProfile"), detail));
                }
                true
            }
            None => false,
        },
        _ => true,
    };
    if !fits {
        let detail = format!("{what} type in annotation and field must match");
        errors.push(FieldError::forbidden(&path.child("type"), detail));
    }
}

/// What of the annotations may change.
pub(super) fn changes(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("metadata");
    let path = path.child("annotations");
    for (key, value) in crate::meta::annotations(old) {
        if crate::meta::annotation(new, key) == Some(value) {
            continue;
        }
        if key.starts_with(APP_ARMOR_OF) {
            let detail = "may not remove or update AppArmor annotations";
            errors.push(FieldError::forbidden(&path.key(key), detail));
        }
        if key == MIRROR {
            let detail = "may not remove or update mirror pod annotation";
            errors.push(FieldError::forbidden(&path.key(key), detail));
        }
    }
    for (key, _) in crate::meta::annotations(new) {
        if crate::meta::annotation(old, key).is_some() {
            continue;
        }
        if key.starts_with(APP_ARMOR_OF) {
            errors.push(FieldError::forbidden(&path.key(key), "may not add AppArmor annotations"));
        }
        if key == MIRROR {
            errors.push(FieldError::forbidden(&path.key(key), "may not add mirror pod annotation"));
        }
    }
    check(errors, &path, new, new.get("spec").unwrap_or(&Value::Null));
}
