//! Webhook configurations.

use mizzen_schema::value::Value;

use super::super::check::{
    Errors, Seen, complain, int, label_selector, list, one_of, required, same, some, text, text_of, texts,
};
use super::client::client_config;
use super::requests::{FAILURE_POLICIES, MATCH_POLICIES, match_conditions, rule};
use crate::field::{FieldError, Path};
use crate::name;

const QUIET: [&str; 2] = ["None", "NoneOnDryRun"];

/// What an older configuration may keep, though a new one may not have it.
struct Leniency {
    /// Side effects that were never ruled out.
    effects: bool,
    /// Review versions that nobody sends.
    versions: bool,
    /// Several webhooks of one name.
    names: bool,
    /// Conditions are as they were.
    conditions: bool,
}

/// The webhooks of a mutating or validating configuration.
pub(in super::super) fn webhooks(errors: &mut Errors, object: &Value, old: Option<&Value>, mutating: bool) {
    let leniency = leniency(object, old);
    let path = Path::new("webhooks");
    let mut names = Seen::new();
    for (at, hook) in list(object, "webhooks").iter().enumerate() {
        let path = path.index(at);
        webhook(errors, &path, hook, &leniency, mutating);
        review_versions(errors, &path.child("admissionReviewVersions"), hook, leniency.versions);
        let name = text(hook, "name");
        if !leniency.names && !name.is_empty() && !names.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
    }
}

fn is_known(version: &str) -> bool {
    matches!(version, "v1" | "v1beta1")
}

fn leniency(new: &Value, old: Option<&Value>) -> Leniency {
    let hooks = old.map(|old| list(old, "webhooks"));
    let now = list(new, "webhooks");
    let any = |broken: &dyn Fn(&Value) -> bool| hooks.is_some_and(|hooks| hooks.iter().any(broken));
    Leniency {
        effects: any(&|hook| !QUIET.contains(&text(hook, "sideEffects"))),
        versions: any(&|hook| {
            let versions = "admissionReviewVersions";
            !list(hook, versions).is_empty() && !texts(hook, versions).any(is_known)
        }),
        names: hooks.is_some_and(|hooks| {
            let mut seen = Seen::new();
            !hooks.iter().all(|hook| seen.insert(text(hook, "name")))
        }),
        conditions: hooks.is_some_and(|hooks| {
            hooks.len() == now.len()
                && hooks
                    .iter()
                    .zip(now)
                    .all(|(old, new)| same(new.get("matchConditions"), old.get("matchConditions")))
        }),
    }
}

fn webhook(errors: &mut Errors, path: &Path<'_>, hook: &Value, leniency: &Leniency, mutating: bool) {
    full_name(errors, &path.child("name"), text(hook, "name"));
    for (at, one) in list(hook, "rules").iter().enumerate() {
        rule(errors, &path.child("rules").index(at), one);
    }
    if let Some(policy) = text_of(hook, "failurePolicy") {
        one_of(errors, &path.child("failurePolicy"), policy, &FAILURE_POLICIES);
    }
    if let Some(policy) = text_of(hook, "matchPolicy") {
        one_of(errors, &path.child("matchPolicy"), policy, &MATCH_POLICIES);
    }
    let effects: &[&str] =
        if leniency.effects { &["None", "NoneOnDryRun", "Some", "Unknown"] } else { &QUIET };
    match text_of(hook, "sideEffects") {
        None => {
            let detail = format!("must specify one of {}", effects.join(", "));
            errors.push(FieldError::required(&path.child("sideEffects"), detail));
        }
        Some(effect) => one_of(errors, &path.child("sideEffects"), effect, effects),
    }
    if let Some(seconds) = int(hook, "timeoutSeconds").filter(|seconds| !(1..=30).contains(seconds)) {
        let detail = "the timeout value must be between 1 and 30 seconds";
        errors.push(FieldError::invalid(&path.child("timeoutSeconds"), seconds, detail));
    }
    label_selector(errors, &path.child("namespaceSelector"), some(hook, "namespaceSelector"));
    label_selector(errors, &path.child("objectSelector"), some(hook, "objectSelector"));
    if mutating && let Some(policy) = text_of(hook, "reinvocationPolicy") {
        one_of(errors, &path.child("reinvocationPolicy"), policy, &["IfNeeded", "Never"]);
    }
    client_config(errors, &path.child("clientConfig"), hook.get("clientConfig"));
    if !leniency.conditions {
        match_conditions(errors, &path.child("matchConditions"), hook);
    }
}

/// A domain of three segments at least.
fn full_name(errors: &mut Errors, path: &Path<'_>, name: &str) {
    if !required(errors, path, name) {
        return;
    }
    let complaints = name::dns_1123_subdomain(name);
    if !complaints.is_empty() {
        errors.push(FieldError::invalid(path, name, complaints.join(",")));
    } else if name.split('.').count() < 3 {
        let detail = "should be a domain with at least three segments separated by dots";
        errors.push(FieldError::invalid(path, name, detail));
    }
}

fn review_versions(errors: &mut Errors, path: &Path<'_>, hook: &Value, lenient: bool) {
    let field = "admissionReviewVersions";
    if list(hook, field).is_empty() {
        errors.push(FieldError::required(path, "must specify one of v1, v1beta1"));
        return;
    }
    let mut seen = Seen::new();
    for (at, version) in texts(hook, field).enumerate() {
        if seen.insert(version) {
            complain(errors, &path.index(at), version, name::dns_1035_label(version));
        } else {
            errors.push(FieldError::invalid(&path.index(at), version, "duplicate version"));
        }
    }
    if !lenient && !texts(hook, field).any(is_known) {
        let detail = "must include at least one of v1, v1beta1";
        errors.push(FieldError::invalid(path, hook.get(field), detail));
    }
}
