//! What extends the API server: admission webhooks, API services, and fairness between clients.

use std::collections::BTreeSet;

use mizzen_schema::value::Value;

use super::access::signer_name;
use super::check::{
    Errors, complain, immutable, int, is_set, label_selector, list, not_negative, one_of, port_number,
    required, required_one_of, same, some, text,
};
use super::security::subdomain;
use crate::field::{FieldError, Path};
use crate::name;

/// The webhooks of a mutating or validating configuration.
pub(super) fn webhooks(errors: &mut Errors, object: &Value, mutating: bool) {
    let path = Path::new("webhooks");
    let mut names = BTreeSet::new();
    for (at, hook) in list(object, "webhooks").iter().enumerate() {
        let path = path.index(at);
        let name = text(hook, "name");
        webhook_name(errors, &path.child("name"), name);
        label_selector(errors, &path.child("namespaceSelector"), some(hook, "namespaceSelector"));
        label_selector(errors, &path.child("objectSelector"), some(hook, "objectSelector"));
        for (at, rule) in list(hook, "rules").iter().enumerate() {
            let path = path.child("rules");
            webhook_rule(errors, &path.index(at), rule);
        }
        if let Some(policy) = some(hook, "failurePolicy").and_then(Value::as_str) {
            one_of(errors, &path.child("failurePolicy"), policy, &["Fail", "Ignore"]);
        }
        if let Some(policy) = some(hook, "matchPolicy").and_then(Value::as_str) {
            one_of(errors, &path.child("matchPolicy"), policy, &["Equivalent", "Exact"]);
        }
        match some(hook, "sideEffects").and_then(Value::as_str) {
            None => {
                let detail = "must specify one of None, NoneOnDryRun";
                errors.push(FieldError::required(&path.child("sideEffects"), detail));
            }
            Some(effects) => one_of(errors, &path.child("sideEffects"), effects, &["None", "NoneOnDryRun"]),
        }
        if let Some(seconds) = int(hook, "timeoutSeconds").filter(|seconds| !(1..=30).contains(seconds)) {
            let detail = "the timeout value must be between 1 and 30 seconds";
            errors.push(FieldError::invalid(&path.child("timeoutSeconds"), seconds, detail));
        }
        if mutating && let Some(policy) = some(hook, "reinvocationPolicy").and_then(Value::as_str) {
            one_of(errors, &path.child("reinvocationPolicy"), policy, &["IfNeeded", "Never"]);
        }
        client_config(errors, &path.child("clientConfig"), hook.get("clientConfig"));
        review_versions(errors, &path.child("admissionReviewVersions"), hook);
        if names.contains(&name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
        names.insert(name);
    }
}

fn webhook_name(errors: &mut Errors, path: &Path<'_>, name: &str) {
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

fn webhook_rule(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
    let operations = list(rule, "operations");
    if operations.is_empty() {
        errors.push(FieldError::required(&path.child("operations"), ""));
    }
    let all = operations.iter().any(|operation| operation.as_str() == Some("*"));
    if all && operations.len() > 1 {
        let detail = "if '*' is present, must not specify other operations";
        errors.push(FieldError::invalid(&path.child("operations"), rule.get("operations"), detail));
    }
    for (at, operation) in operations.iter().filter_map(Value::as_str).enumerate() {
        let supported = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
        one_of(errors, &path.child("operations").index(at), operation, &supported);
    }
    for field in ["apiGroups", "apiVersions", "resources"] {
        let values = list(rule, field);
        let path = path.child(field);
        if values.is_empty() {
            errors.push(FieldError::required(&path, ""));
        }
        let all = values.iter().any(|value| value.as_str() == Some("*"));
        if field != "resources" && all && values.len() > 1 {
            let what = if field == "apiGroups" { "API groups" } else { "API versions" };
            let detail = format!("if '*' is present, must not specify other {what}");
            errors.push(FieldError::invalid(&path, rule.get(field), detail));
        }
        for (at, value) in values.iter().filter_map(Value::as_str).enumerate() {
            if field != "apiGroups" && value.is_empty() {
                errors.push(FieldError::required(&path.index(at), ""));
            }
        }
    }
    if let Some(scope) = some(rule, "scope").and_then(Value::as_str) {
        one_of(errors, &path.child("scope"), scope, &["*", "Cluster", "Namespaced"]);
    }
}

/// How a webhook is reached: by URL, or by service.
pub(super) fn client_config(errors: &mut Errors, path: &Path<'_>, config: Option<&Value>) {
    let empty = Value::Null;
    let config = config.unwrap_or(&empty);
    let (url, service) = (some(config, "url").and_then(Value::as_str), some(config, "service"));
    if url.is_some() == service.is_some() {
        errors.push(FieldError::required(path, "exactly one of url or service is required"));
        return;
    }
    if let Some(url) = url {
        let path = path.child("url");
        match url.split_once("://") {
            Some(("https", rest)) if !rest.is_empty() && !rest.starts_with('/') => {}
            Some(("https", _)) => {
                let detail = "host must be specified; desired format: https://host[/path]";
                errors.push(FieldError::invalid(&path, "", detail));
            }
            scheme => {
                let found = scheme.map_or("", |(scheme, _)| scheme);
                let detail = "'https' is the only allowed URL scheme; desired format: https://host[/path]";
                errors.push(FieldError::invalid(&path, found, detail));
            }
        }
    }
    if let Some(service) = service {
        let path = path.child("service");
        for field in ["name", "namespace"] {
            if text(service, field).is_empty() {
                let detail = format!("service {field} is required");
                errors.push(FieldError::required(&path.child(field), detail));
            }
        }
        let port = int(service, "port").unwrap_or(443);
        if !name::port_number(port).is_empty() {
            let detail = "port is not valid: must be between 1 and 65535, inclusive";
            errors.push(FieldError::invalid(&path.child("port"), port, detail));
        }
    }
}

fn review_versions(errors: &mut Errors, path: &Path<'_>, hook: &Value) {
    let versions: Vec<&str> =
        list(hook, "admissionReviewVersions").iter().filter_map(Value::as_str).collect();
    if versions.is_empty() {
        errors.push(FieldError::required(path, "must specify one of v1, v1beta1"));
        return;
    }
    for (at, version) in versions.iter().enumerate() {
        if versions[..at].contains(version) {
            errors.push(FieldError::invalid(&path.index(at), *version, "duplicate version"));
        }
        complain(errors, &path.index(at), *version, name::dns_1035_label(version));
    }
    if !versions.iter().any(|version| matches!(*version, "v1" | "v1beta1")) {
        let detail = "must include at least one of v1, v1beta1";
        errors.push(FieldError::invalid(path, hook.get("admissionReviewVersions"), detail));
    }
}

pub(super) fn api_service(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let (group, version) = (text(spec, "group"), text(spec, "version"));
    let wanted = format!("{version}.{group}");
    let name = crate::meta::name(object);
    if name != wanted && !(group.is_empty() && name == format!("{version}.")) {
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
    let Some(service) = some(spec, "service") else {
        if insecure || is_set(spec, "caBundle") {
            let detail = "local APIServices may not have a caBundle";
            errors.push(FieldError::invalid(&path.child("caBundle"), spec.get("caBundle"), detail));
        }
        return;
    };
    for field in ["namespace", "name"] {
        required(errors, &path.child("service").child(field), text(service, field));
    }
    port_number(errors, &path.child("service").child("port"), int(service, "port").unwrap_or(443));
    if insecure && is_set(spec, "caBundle") {
        let detail = "may not be true if caBundle is present";
        errors.push(FieldError::invalid(&path.child("insecureSkipTLSVerify"), true, detail));
    }
}

pub(super) fn priority_level(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    match text(spec, "type") {
        "Exempt" => {
            if is_set(spec, "limited") {
                let detail = "must be nil if the type is not Limited";
                errors.push(FieldError::forbidden(&path.child("limited"), detail));
            }
        }
        "Limited" => match some(spec, "limited") {
            None => {
                let detail = "must not be empty when type is Limited";
                errors.push(FieldError::required(&path.child("limited"), detail));
            }
            Some(limited) => limited_level(errors, &path.child("limited"), limited),
        },
        other => {
            let supported = ["Exempt", "Limited"];
            errors.push(FieldError::not_supported(&path.child("type"), other, &supported));
        }
    }
}

fn limited_level(errors: &mut Errors, path: &Path<'_>, limited: &Value) {
    let shares = int(limited, "nominalConcurrencyShares").unwrap_or_default();
    if shares < 0 {
        let detail = "must be a non-negative integer";
        errors.push(FieldError::invalid(&path.child("nominalConcurrencyShares"), shares, detail));
    }
    if let Some(percent) = int(limited, "lendablePercent").filter(|percent| !(0..=100).contains(percent)) {
        let detail = "must be between 0 and 100, inclusive";
        errors.push(FieldError::invalid(&path.child("lendablePercent"), percent, detail));
    }
    if let Some(percent) = int(limited, "borrowingLimitPercent") {
        not_negative(errors, &path.child("borrowingLimitPercent"), percent);
    }
    let empty = Value::Null;
    let response = limited.get("limitResponse").unwrap_or(&empty);
    let path = path.child("limitResponse");
    match text(response, "type") {
        "Reject" => {
            if is_set(response, "queuing") {
                let detail = "must be nil if limited.limitResponse.type is not Limited";
                errors.push(FieldError::forbidden(&path.child("queuing"), detail));
            }
        }
        "Queue" => match some(response, "queuing") {
            None => {
                let detail = "must not be empty if limited.limitResponse.type is Limited";
                errors.push(FieldError::required(&path.child("queuing"), detail));
            }
            Some(queuing) => {
                let path = path.child("queuing");
                for field in ["queueLengthLimit", "queues"] {
                    let value = int(queuing, field).unwrap_or_default();
                    if value <= 0 {
                        errors.push(FieldError::invalid(&path.child(field), value, "must be positive"));
                    }
                }
                let (hand, queues) = (
                    int(queuing, "handSize").unwrap_or_default(),
                    int(queuing, "queues").unwrap_or_default(),
                );
                if hand <= 0 {
                    errors.push(FieldError::invalid(&path.child("handSize"), hand, "must be positive"));
                } else if hand > queues {
                    let detail = format!("should not be greater than queues ({queues})");
                    errors.push(FieldError::invalid(&path.child("handSize"), hand, detail));
                }
            }
        },
        other => {
            let supported = ["Queue", "Reject"];
            errors.push(FieldError::not_supported(&path.child("type"), other, &supported));
        }
    }
}

pub(super) fn flow_schema(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let precedence = int(spec, "matchingPrecedence").unwrap_or_default();
    if precedence <= 0 {
        let detail = "must be a positive value";
        errors.push(FieldError::invalid(&path.child("matchingPrecedence"), precedence, detail));
    }
    if precedence > 10_000 {
        let detail = "must not be greater than 10000";
        errors.push(FieldError::invalid(&path.child("matchingPrecedence"), precedence, detail));
    }
    if let Some(method) = some(spec, "distinguisherMethod") {
        let path = path.child("distinguisherMethod");
        required_one_of(errors, &path, text(method, "type"), &["ByNamespace", "ByUser"]);
    }
    let level = path.child("priorityLevelConfiguration");
    let name = spec.str_at(&["priorityLevelConfiguration", "name"]).unwrap_or_default();
    if name.is_empty() {
        errors.push(FieldError::required(&level.child("name"), "must reference a priority level"));
    } else {
        subdomain(errors, &level.child("name"), name);
    }
}

pub(super) fn trust_bundle(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let signer = object.str_at(&["spec", "signerName"]).unwrap_or_default();
    if !signer.is_empty() {
        signer_name(errors, &path.child("signerName"), signer);
        let prefix = format!("{}:", signer.replace('/', ":"));
        let name = crate::meta::name(object);
        if !name.starts_with(&prefix) {
            let metadata = Path::new("metadata");
            let detail =
                format!("ClusterTrustBundle for signerName {signer} must be named with prefix {prefix}");
            errors.push(FieldError::invalid(&metadata.child("name"), name, detail));
        }
    }
}

pub(super) fn trust_bundle_update(errors: &mut Errors, new: &Value, old: &Value) {
    trust_bundle(errors, new);
    let path = Path::new("spec");
    let signer = ["spec", "signerName"];
    immutable(errors, &path.child("signerName"), new.path(&signer), old.path(&signer));
}

/// Claims for devices: their spec may not change.
pub(super) fn resource_claim_update(errors: &mut Errors, new: &Value, old: &Value) {
    if !same(new.get("spec"), old.get("spec")) {
        errors.push(FieldError::invalid(&Path::new("spec"), new.get("spec"), super::check::IMMUTABLE));
    }
}
