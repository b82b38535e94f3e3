//! Deployments, ReplicaSets, DaemonSets, StatefulSets and ControllerRevisions.

use mizzen_schema::value::Value;

use super::check::{
    Errors, immutable, int, is_empty_selector, is_set, label_selector, list, not_negative,
    not_negative_field, one_of, same, some, text,
};
use super::{meta, pod, storage};
use crate::field::{FieldError, Path};
use crate::name;
use crate::selector::LabelSelector;

/// The selector: given, not empty, and matching the template.
fn selector_and_template(errors: &mut Errors, path: &Path<'_>, spec: &Value, kind: &str) {
    let selector = some(spec, "selector");
    let selector_path = path.child("selector");
    match selector {
        None => errors.push(FieldError::required(&selector_path, "")),
        Some(selector) => {
            label_selector(errors, &selector_path, Some(selector));
            if is_empty_selector(selector) {
                let detail = format!("empty selector is invalid for {}", kind.to_lowercase());
                errors.push(FieldError::invalid(&selector_path, selector, detail));
            }
        }
    }
    let empty = Value::Null;
    let template = spec.get("template").unwrap_or(&empty);
    let path = path.child("template");
    if let Some(selector) = selector
        && !is_empty_selector(selector)
    {
        match LabelSelector::from_value(selector) {
            Err(_) => {
                errors.push(FieldError::invalid(&selector_path, selector, "invalid label selector"));
            }
            Ok(parsed) => {
                let found = template.path(&["metadata", "labels"]);
                if !parsed.matches_map(found) {
                    let detail = "`selector` does not match template `labels`";
                    errors.push(FieldError::invalid(&path.child("metadata.labels"), found, detail));
                }
            }
        }
    }
    pod::template(errors, &path, template);
    let template_spec = template.get("spec").unwrap_or(&empty);
    let policy = text(template_spec, "restartPolicy");
    if policy != "Always" {
        errors.push(FieldError::not_supported(&path.child("spec.restartPolicy"), policy, &["Always"]));
    }
    if int(template_spec, "activeDeadlineSeconds").is_some() {
        let detail = format!("activeDeadlineSeconds in {kind} is not Supported");
        errors.push(FieldError::forbidden(&path.child("spec.activeDeadlineSeconds"), detail));
    }
}

fn counts(errors: &mut Errors, path: &Path<'_>, spec: &Value, fields: &[&str]) {
    for field in fields {
        not_negative_field(errors, path, spec, field);
    }
}

/// A number that is not negative, or a percentage.
pub(super) fn count_or_percent(errors: &mut Errors, path: &Path<'_>, value: Option<&Value>) {
    match value {
        Some(Value::String(text)) if !name::percent(text).is_empty() => {
            let detail = "must be an integer or percentage (e.g '5%%')";
            errors.push(FieldError::invalid(path, &**text, detail));
        }
        Some(Value::Int(number)) => not_negative(errors, path, *number),
        _ => {}
    }
}

fn percent_of(value: Option<&Value>) -> Option<i64> {
    value?.as_str()?.strip_suffix('%')?.parse().ok()
}

fn at_most_all(errors: &mut Errors, path: &Path<'_>, value: Option<&Value>) {
    if percent_of(value).is_some_and(|percent| percent > 100) {
        errors.push(FieldError::invalid(path, value, "must not be greater than 100%"));
    }
}

/// Whether a count or percentage is nothing.
fn is_nothing(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Int(number)) => *number == 0,
        value @ Some(Value::String(_)) => percent_of(value) == Some(0),
        _ => true,
    }
}

pub(super) fn deployment(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    counts(errors, &path, spec, &["replicas"]);
    selector_and_template(errors, &path, spec, "Deployment");
    let strategy_path = path.child("strategy");
    let strategy = spec.get("strategy").unwrap_or(&empty);
    match text(strategy, "type") {
        "Recreate" => {
            if is_set(strategy, "rollingUpdate") {
                let detail = "may not be specified when strategy `type` is 'Recreate'";
                errors.push(FieldError::forbidden(&strategy_path.child("rollingUpdate"), detail));
            }
        }
        "RollingUpdate" => match some(strategy, "rollingUpdate") {
            None => {
                let detail = "this should be defaulted and never be nil";
                errors.push(FieldError::required(&strategy_path.child("rollingUpdate"), detail));
            }
            Some(rolling) => rolling_update(errors, &strategy_path.child("rollingUpdate"), rolling),
        },
        other => {
            let supported = ["Recreate", "RollingUpdate"];
            errors.push(FieldError::not_supported(&strategy_path, other, &supported));
        }
    }
    counts(errors, &path, spec, &["minReadySeconds", "revisionHistoryLimit"]);
    if let Some(deadline) = int(spec, "progressDeadlineSeconds") {
        let path = path.child("progressDeadlineSeconds");
        not_negative(errors, &path, deadline);
        if deadline <= int(spec, "minReadySeconds").unwrap_or_default() {
            errors.push(FieldError::invalid(&path, deadline, "must be greater than minReadySeconds"));
        }
    }
}

fn rolling_update(errors: &mut Errors, path: &Path<'_>, rolling: &Value) {
    let (unavailable, surge) = (rolling.get("maxUnavailable"), rolling.get("maxSurge"));
    count_or_percent(errors, &path.child("maxUnavailable"), unavailable);
    count_or_percent(errors, &path.child("maxSurge"), surge);
    if is_nothing(unavailable) && is_nothing(surge) {
        let detail = "may not be 0 when `maxSurge` is 0";
        errors.push(FieldError::invalid(&path.child("maxUnavailable"), unavailable, detail));
    }
    at_most_all(errors, &path.child("maxUnavailable"), unavailable);
}

pub(super) fn deployment_status(errors: &mut Errors, object: &Value) {
    let path = Path::new("status");
    let empty = Value::Null;
    let status = object.get("status").unwrap_or(&empty);
    let fields = [
        "observedGeneration",
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
        "unavailableReplicas",
        "terminatingReplicas",
    ];
    for field in fields {
        pod::status_number(errors, &path, status, field);
    }
    let count = |field: &str| int(status, field).unwrap_or_default();
    for field in ["updatedReplicas", "readyReplicas", "availableReplicas"] {
        if count(field) > count("replicas") {
            let detail = "cannot be greater than status.replicas";
            errors.push(FieldError::invalid(&path.child(field), count(field), detail));
        }
    }
    if count("availableReplicas") > count("readyReplicas") {
        let detail = "cannot be greater than readyReplicas";
        errors.push(FieldError::invalid(
            &path.child("availableReplicas"),
            count("availableReplicas"),
            detail,
        ));
    }
}

/// The selector of a workload may not change.
pub(super) fn kept_selector(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("spec");
    let selector = ["spec", "selector"];
    immutable(errors, &path.child("selector"), new.path(&selector), old.path(&selector));
}

pub(super) fn replica_set(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    counts(errors, &path, spec, &["replicas", "minReadySeconds"]);
    selector_and_template(errors, &path, spec, "ReplicaSet");
}

pub(super) fn daemon_set(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    selector_and_template(errors, &path, spec, "DaemonSet");
    counts(errors, &path, spec, &["minReadySeconds"]);
    let path_strategy = path.child("updateStrategy");
    let strategy = spec.get("updateStrategy").unwrap_or(&empty);
    match text(strategy, "type") {
        "OnDelete" => {}
        "RollingUpdate" => match some(strategy, "rollingUpdate") {
            None => errors.push(FieldError::required(&path_strategy.child("rollingUpdate"), "")),
            Some(rolling) => {
                let path = path_strategy.child("rollingUpdate");
                let (unavailable, surge) = (rolling.get("maxUnavailable"), rolling.get("maxSurge"));
                count_or_percent(errors, &path.child("maxUnavailable"), unavailable);
                count_or_percent(errors, &path.child("maxSurge"), surge);
                at_most_all(errors, &path.child("maxUnavailable"), unavailable);
                at_most_all(errors, &path.child("maxSurge"), surge);
                if is_nothing(unavailable) && is_nothing(surge) {
                    let detail = "cannot be 0 when maxSurge is 0";
                    errors.push(FieldError::invalid(&path.child("maxUnavailable"), unavailable, detail));
                } else if !is_nothing(unavailable) && !is_nothing(surge) {
                    let detail = "may not be set when maxUnavailable is non-zero";
                    errors.push(FieldError::invalid(&path.child("maxSurge"), surge, detail));
                }
            }
        },
        other => {
            let supported = ["OnDelete", "RollingUpdate"];
            errors.push(FieldError::not_supported(&path_strategy.child("type"), other, &supported));
        }
    }
    counts(errors, &path, spec, &["revisionHistoryLimit"]);
}

pub(super) fn daemon_set_status(errors: &mut Errors, object: &Value) {
    let path = Path::new("status");
    let empty = Value::Null;
    let status = object.get("status").unwrap_or(&empty);
    let fields = [
        "currentNumberScheduled",
        "numberMisscheduled",
        "desiredNumberScheduled",
        "numberReady",
        "observedGeneration",
        "updatedNumberScheduled",
        "numberAvailable",
        "numberUnavailable",
    ];
    for field in fields {
        pod::status_number(errors, &path, status, field);
    }
}

pub(super) fn stateful_set(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let policy = text(spec, "podManagementPolicy");
    let policy_path = path.child("podManagementPolicy");
    match policy {
        "" => errors.push(FieldError::required(&policy_path, "")),
        "OrderedReady" | "Parallel" => {}
        other => {
            let detail = "must be 'OrderedReady' or 'Parallel'";
            errors.push(FieldError::invalid(&policy_path, other, detail));
        }
    }
    stateful_strategy(errors, &path.child("updateStrategy"), spec);
    if let Some(policy) = some(spec, "persistentVolumeClaimRetentionPolicy") {
        let path = path.child("persistentVolumeClaimRetentionPolicy");
        for field in ["whenDeleted", "whenScaled"] {
            one_of(errors, &path.child(field), text(policy, field), &["Delete", "Retain"]);
        }
    }
    counts(errors, &path, spec, &["replicas", "minReadySeconds"]);
    if let Some(ordinals) = some(spec, "ordinals") {
        let path = path.child("ordinals");
        // As Kubernetes names it.
        not_negative(errors, &path.child("startOrdinal"), int(ordinals, "start").unwrap_or_default());
    }
    let service = text(spec, "serviceName");
    if !service.is_empty() {
        super::check::complain(errors, &path.child("serviceName"), service, name::dns_1123_label(service));
    }
    selector_and_template(errors, &path, spec, "StatefulSet");
    for (at, template) in list(spec, "volumeClaimTemplates").iter().enumerate() {
        let path = path.child("volumeClaimTemplates");
        let path = path.index(at);
        meta::template(errors, &path.child("metadata"), template);
        storage::claim_spec(errors, &path.child("spec"), template.get("spec").unwrap_or(&empty));
    }
}

fn stateful_strategy(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let empty = Value::Null;
    let strategy = spec.get("updateStrategy").unwrap_or(&empty);
    let rolling = some(strategy, "rollingUpdate");
    match text(strategy, "type") {
        "" => errors.push(FieldError::required(path, "")),
        "OnDelete" => {
            if rolling.is_some() {
                let detail = "only allowed for updateStrategy 'RollingUpdate'";
                errors.push(FieldError::invalid(&path.child("rollingUpdate"), rolling, detail));
            }
        }
        "RollingUpdate" => {
            if let Some(rolling) = rolling {
                let path = path.child("rollingUpdate");
                not_negative(errors, &path.child("partition"), int(rolling, "partition").unwrap_or_default());
                if let Some(unavailable) = some(rolling, "maxUnavailable") {
                    let path = path.child("maxUnavailable");
                    count_or_percent(errors, &path, Some(unavailable));
                    if is_nothing(Some(unavailable)) {
                        errors.push(FieldError::invalid(&path, unavailable, "cannot be 0"));
                    }
                    at_most_all(errors, &path, Some(unavailable));
                }
            }
        }
        other => {
            let detail = "must be 'RollingUpdate' or 'OnDelete'";
            errors.push(FieldError::invalid(path, other, detail));
        }
    }
}

/// Fields of a StatefulSet's spec that may change.
const MUTABLE: [&str; 8] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
    "volumeAttributesClassName",
];

pub(super) fn stateful_set_update(errors: &mut Errors, new: &Value, old: &Value) {
    stateful_set(errors, new);
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let Some(fields) = spec.as_struct().or(before.as_struct()).map(|spec| spec.ty().clone()) else { return };
    let changed = fields
        .fields
        .iter()
        .filter(|field| !MUTABLE.contains(&&*field.json))
        .any(|field| !same(spec.get(&field.json), before.get(&field.json)));
    if changed {
        errors.push(FieldError::forbidden(
            &Path::new("spec"),
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', \
             'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and \
             'minReadySeconds' are forbidden",
        ));
    }
}

pub(super) fn controller_revision(errors: &mut Errors, object: &Value) {
    let data = object.get("data");
    if data.is_none_or(|data| *data == Value::Null) {
        errors.push(FieldError::required(&Path::new("data"), "data is mandatory"));
    }
    let revision = int(object, "revision").unwrap_or_default();
    not_negative(errors, &Path::new("revision"), revision);
}

pub(super) fn controller_revision_update(errors: &mut Errors, new: &Value, old: &Value) {
    controller_revision(errors, new);
    immutable(errors, &Path::new("data"), new.get("data"), old.get("data"));
}

/// The `Scale` of anything.
pub(super) fn scale(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let replicas = object.path(&["spec", "replicas"]).and_then(Value::as_i64).unwrap_or_default();
    not_negative(errors, &path.child("replicas"), replicas);
}
