//! Deployments, ReplicaSets, DaemonSets, StatefulSets and ControllerRevisions.

use mizzen_schema::value::Value;

use super::check::{
    Errors, immutable, int, is_empty_selector, is_set, label_selector, not_negative, not_negative_field,
    one_of, same, some, text,
};
use super::pod;
use crate::field::{FieldError, Path};
use crate::name;
use crate::selector::LabelSelector;

/// The selector: given, not empty, and matching the template.
fn selector_and_template(errors: &mut Errors, path: &Path<'_>, spec: &Value, kind: &str) {
    let selector_path = path.child("selector");
    let empty = Value::Null;
    let template = spec.get("template").unwrap_or(&empty);
    let template_path = path.child("template");
    let Some(selector) = some(spec, "selector") else {
        errors.push(FieldError::required(&selector_path, ""));
        self::template(errors, &template_path, template, kind);
        return;
    };
    label_selector(errors, &selector_path, Some(selector));
    if is_empty_selector(selector) {
        // Kubernetes says so of ReplicaSets too.
        let owner = if kind == "StatefulSet" { "statefulset" } else { "deployment" };
        let detail = format!("empty selector is invalid for {owner}");
        errors.push(FieldError::invalid(&selector_path, selector, detail));
    }
    match LabelSelector::from_value(selector) {
        Err(_) => {
            let detail = if kind == "StatefulSet" { "" } else { "invalid label selector" };
            errors.push(FieldError::invalid(&selector_path, selector, detail));
            restarts(errors, &template_path, template, kind);
        }
        Ok(parsed) => {
            if !is_empty_selector(selector) {
                matches(errors, &template_path, &parsed, template);
            }
            self::template(errors, &template_path, template, kind);
        }
    }
}

fn matches(errors: &mut Errors, path: &Path<'_>, selector: &LabelSelector, template: &Value) {
    let found = template.path(&["metadata", "labels"]);
    if !selector.matches_map(found) {
        let detail = "`selector` does not match template `labels`";
        errors.push(FieldError::invalid(&path.child("metadata.labels"), found, detail));
    }
}

/// The template; that of a StatefulSet is checked with its volumes, when there are pods.
fn template(errors: &mut Errors, path: &Path<'_>, template: &Value, kind: &str) {
    if kind == "StatefulSet" {
        pod::template_metadata(errors, path, template);
    } else {
        pod::template(errors, path, template);
    }
    restarts(errors, path, template, kind);
}

/// Pods that are kept running always restart, and have no deadline.
fn restarts(errors: &mut Errors, path: &Path<'_>, template: &Value, kind: &str) {
    let empty = Value::Null;
    let spec = template.get("spec").unwrap_or(&empty);
    let policy = text(spec, "restartPolicy");
    if policy != "Always" {
        errors.push(FieldError::not_supported(&path.child("spec.restartPolicy"), policy, &["Always"]));
    }
    if int(spec, "activeDeadlineSeconds").is_some() {
        // Kubernetes says so of Deployments too.
        let owner = if kind == "Deployment" { "ReplicaSet" } else { kind };
        let detail = format!("activeDeadlineSeconds in {owner} is not Supported");
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
        Some(Value::String(text)) => super::check::complain(errors, path, &**text, name::percent(text)),
        Some(Value::Int(number)) => not_negative(errors, path, *number),
        _ => {}
    }
}

fn percent_of(value: Option<&Value>) -> Option<i64> {
    let text = value?.as_str()?;
    name::percent(text).is_empty().then(|| text.trim_end_matches('%').parse().unwrap_or(i64::MAX))
}

/// Not more than all of them.
pub(super) fn at_most_all(errors: &mut Errors, path: &Path<'_>, value: Option<&Value>) {
    if percent_of(value).is_some_and(|percent| percent > 100) {
        errors.push(FieldError::invalid(path, value, "must not be greater than 100%"));
    }
}

/// Whether a count or percentage is nothing.
fn is_nothing(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Int(number)) => *number == 0,
        // What is no percentage counts as nothing.
        value @ Some(Value::String(_)) => percent_of(value).unwrap_or_default() == 0,
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
        _ => {
            let supported = ["Recreate", "RollingUpdate"];
            errors.push(FieldError::not_supported(&strategy_path, strategy, &supported));
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

/// What is wrong with the status of a workload.
pub(super) fn status(errors: &mut Errors, kind: &str, new: &Value, old: &Value) {
    let path = Path::new("status");
    let empty = Value::Null;
    let (status, before) = (new.get("status").unwrap_or(&empty), old.get("status").unwrap_or(&empty));
    let (fields, most, than_ready): (&[&str], &[&str], &str) = match kind {
        "Deployment" => (
            &[
                "observedGeneration",
                "replicas",
                "updatedReplicas",
                "readyReplicas",
                "availableReplicas",
                "unavailableReplicas",
                "terminatingReplicas",
                "collisionCount",
            ],
            &["updatedReplicas", "readyReplicas", "availableReplicas"],
            "readyReplicas",
        ),
        "StatefulSet" => (
            &[
                "replicas",
                "readyReplicas",
                "currentReplicas",
                "updatedReplicas",
                "availableReplicas",
                "observedGeneration",
                "collisionCount",
            ],
            &["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"],
            "status.readyReplicas",
        ),
        "DaemonSet" => (
            &[
                "currentNumberScheduled",
                "numberMisscheduled",
                "desiredNumberScheduled",
                "numberReady",
                "observedGeneration",
                "updatedNumberScheduled",
                "numberAvailable",
                "numberUnavailable",
                "collisionCount",
            ],
            &[],
            "",
        ),
        _ => (
            &[
                "replicas",
                "fullyLabeledReplicas",
                "readyReplicas",
                "availableReplicas",
                "observedGeneration",
                "terminatingReplicas",
            ],
            &["fullyLabeledReplicas", "readyReplicas", "availableReplicas"],
            "readyReplicas",
        ),
    };
    counts(errors, &path, status, fields);
    let count = |field: &str| int(status, field).unwrap_or_default();
    for field in most {
        if count(field) > count("replicas") {
            let detail = "cannot be greater than status.replicas";
            errors.push(FieldError::invalid(&path.child(field), count(field), detail));
        }
    }
    let available = count("availableReplicas");
    if !than_ready.is_empty() && available > count("readyReplicas") {
        let detail = format!("cannot be greater than {than_ready}");
        errors.push(FieldError::invalid(&path.child("availableReplicas"), available, detail));
    }
    let (collisions, before) = (int(status, "collisionCount"), int(before, "collisionCount"));
    if before.is_some_and(|before| collisions.is_none_or(|collisions| collisions < before)) {
        let detail = "cannot be decremented";
        let shown = collisions.unwrap_or_default();
        errors.push(FieldError::invalid(&path.child("collisionCount"), shown, detail));
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
    let (selector, template_path) = (some(spec, "selector"), path.child("template"));
    let template = spec.get("template").unwrap_or(&empty);
    label_selector(errors, &path.child("selector"), selector);
    match selector.map(LabelSelector::from_value) {
        Some(Ok(parsed)) => matches(errors, &template_path, &parsed, template),
        // None matches nothing.
        None => {
            let found = template.path(&["metadata", "labels"]);
            let detail = "`selector` does not match template `labels`";
            errors.push(FieldError::invalid(&template_path.child("metadata.labels"), found, detail));
        }
        Some(Err(_)) => {}
    }
    if let Some(selector) = selector.filter(|selector| is_empty_selector(selector)) {
        let detail = "empty selector is invalid for daemonset";
        errors.push(FieldError::invalid(&path.child("selector"), selector, detail));
    }
    self::template(errors, &template_path, template, "DaemonSet");
    counts(errors, &path, spec, &["minReadySeconds"]);
    let path_strategy = path.child("updateStrategy");
    let strategy = spec.get("updateStrategy").unwrap_or(&empty);
    match text(strategy, "type") {
        "OnDelete" => {}
        "RollingUpdate" => match some(strategy, "rollingUpdate") {
            None => errors.push(FieldError::required(&path_strategy.child("rollingUpdate"), "")),
            Some(rolling) => daemon_rolling(errors, &path_strategy.child("rollingUpdate"), rolling),
        },
        _ => {
            let supported = ["RollingUpdate", "OnDelete"];
            errors.push(FieldError::not_supported(&path_strategy, strategy, &supported));
        }
    }
    counts(errors, &path, spec, &["revisionHistoryLimit"]);
}

fn daemon_rolling(errors: &mut Errors, path: &Path<'_>, rolling: &Value) {
    let (unavailable, surge) = (rolling.get("maxUnavailable"), rolling.get("maxSurge"));
    count_or_percent(errors, &path.child("maxUnavailable"), unavailable);
    count_or_percent(errors, &path.child("maxSurge"), surge);
    at_most_all(errors, &path.child("maxUnavailable"), unavailable);
    at_most_all(errors, &path.child("maxSurge"), surge);
    match (is_nothing(unavailable), is_nothing(surge)) {
        (true, true) => {
            let detail = "cannot be 0 when maxSurge is 0";
            errors.push(FieldError::required(&path.child("maxUnavailable"), detail));
        }
        (false, false) => {
            let detail = "may not be set when maxUnavailable is non-zero";
            errors.push(FieldError::invalid(&path.child("maxSurge"), surge, detail));
        }
        _ => {}
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
            one_of(errors, &path.child(field), text(policy, field), &["Retain", "Delete"]);
        }
    }
    counts(errors, &path, spec, &["replicas", "minReadySeconds"]);
    if let Some(ordinals) = some(spec, "ordinals") {
        not_negative(errors, &path.child("ordinals.start"), int(ordinals, "start").unwrap_or_default());
    }
    selector_and_template(errors, &path, spec, "StatefulSet");
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
        _ => {
            let detail = "must be 'RollingUpdate' or 'OnDelete'";
            errors.push(FieldError::invalid(path, strategy, detail));
        }
    }
}

/// Fields of a StatefulSet's spec that may change.
const MUTABLE: [&str; 7] = [
    "replicas",
    "ordinals",
    "template",
    "updateStrategy",
    "revisionHistoryLimit",
    "persistentVolumeClaimRetentionPolicy",
    "minReadySeconds",
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
