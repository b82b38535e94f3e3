//! Autoscalers, disruption budgets, priorities and runtimes.

use mizzen_schema::value::Value;

use super::check::{
    Errors, NOT_POSITIVE, complain, immutable, int, is_set, label_selector, labels, list, not_negative_field,
    not_negative_quantity, one_of, quantity, segment, some, text, text_of,
};
use super::resources::{self, container_name};
use super::scheduling;
use super::workload::{at_most_all, count_or_percent};
use crate::field::{FieldError, Path};
use crate::name;

pub(super) fn autoscaler(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let least = int(spec, "minReplicas");
    if let Some(least) = least.filter(|least| *least < 1) {
        let detail = "must be greater than or equal to 1";
        errors.push(FieldError::invalid(&path.child("minReplicas"), least, detail));
    }
    let most = int(spec, "maxReplicas").unwrap_or_default();
    if most < 1 {
        errors.push(FieldError::invalid(&path.child("maxReplicas"), most, "must be greater than 0"));
    }
    if least.is_some_and(|least| most < least) {
        let detail = "must be greater than or equal to `minReplicas`";
        errors.push(FieldError::invalid(&path.child("maxReplicas"), most, detail));
    }
    let target = spec.get("scaleTargetRef").unwrap_or(&empty);
    object_reference(errors, &path.child("scaleTargetRef"), target);
    metrics(errors, &path.child("metrics"), spec);
    if let Some(behavior) = some(spec, "behavior") {
        let path = path.child("behavior");
        for field in ["scaleUp", "scaleDown"] {
            if let Some(rules) = some(behavior, field) {
                scaling_rules(errors, &path.child(field), rules);
            }
        }
    }
}

/// An autoscaler's counts are not negative.
pub(super) fn autoscaler_status(errors: &mut Errors, new: &Value) {
    let path = Path::new("status");
    let Some(status) = some(new, "status") else { return };
    for field in ["currentReplicas", "desiredReplicas"] {
        not_negative_field(errors, &path, status, field);
    }
}

fn metrics(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let metrics = list(spec, "metrics");
    for (at, metric) in metrics.iter().enumerate() {
        self::metric(errors, &path.index(at), metric);
    }
    let outside = metrics.iter().any(|metric| matches!(text(metric, "type"), "Object" | "External"));
    if int(spec, "minReplicas") == Some(0) && !outside {
        let detail =
            "must specify at least one Object or External metric to support scaling to zero replicas";
        errors.push(FieldError::forbidden(path, detail));
    }
}

/// An object by kind, name and version.
fn object_reference(errors: &mut Errors, path: &Path<'_>, target: &Value) {
    segment(errors, &path.child("kind"), text(target, "kind"));
    segment(errors, &path.child("name"), text(target, "name"));
    let version = text(target, "apiVersion");
    if version != "/" && version.matches('/').count() > 1 {
        let detail = format!("unexpected GroupVersion string: {version}");
        errors.push(FieldError::invalid(&path.child("apiVersion"), version, detail));
    }
}

/// In the order in which Kubernetes looks at them.
const SOURCES: [(&str, &str); 5] = [
    ("object", "Object"),
    ("external", "External"),
    ("pods", "Pods"),
    ("resource", "Resource"),
    ("containerResource", "ContainerResource"),
];
const KINDS: [&str; 5] = ["ContainerResource", "External", "Object", "Pods", "Resource"];

fn metric(errors: &mut Errors, path: &Path<'_>, metric: &Value) {
    let kind = text(metric, "type");
    let type_path = path.child("type");
    if kind.is_empty() {
        errors.push(FieldError::required(&type_path, "must specify a metric source type"));
    }
    one_of(errors, &type_path, kind, &KINDS);
    let given: Vec<&str> =
        SOURCES.iter().map(|(field, _)| *field).filter(|field| is_set(metric, field)).collect();
    if let Some((first, source)) = given.first().and_then(|first| Some((*first, some(metric, first)?))) {
        self::source(errors, &path.child(first), first, source);
    }
    let expected = SOURCES.iter().find(|(_, name)| *name == kind).map(|(field, _)| *field);
    match expected {
        Some(field) if !is_set(metric, field) => {
            let detail = "must populate information for the given metric source";
            errors.push(FieldError::required(&path.child(field), detail));
        }
        Some(_) => {}
        None => one_of(errors, &type_path, kind, &KINDS),
    }
    if given.len() != 1 {
        for field in given.iter().filter(|field| Some(**field) != expected) {
            let detail = "must populate the given metric source only";
            errors.push(FieldError::forbidden(&path.child(field), detail));
        }
    }
}

fn source(errors: &mut Errors, path: &Path<'_>, field: &str, source: &Value) {
    let empty = Value::Null;
    let target = source.get("target").unwrap_or(&empty);
    let target_path = path.child("target");
    match field {
        "resource" | "containerResource" => {
            let name = text(source, "name");
            let named = required_text(errors, &path.child("name"), name, "must specify a resource name");
            if field == "containerResource" {
                if named {
                    container_name(errors, &path.child("name"), name);
                }
                let container = text(source, "container");
                let container_path = path.child("container");
                if required_text(errors, &container_path, container, "must specify a container") {
                    complain(errors, &container_path, container, name::dns_1123_label(container));
                }
            }
        }
        _ => {
            if field == "object" {
                let described = source.get("describedObject").unwrap_or(&empty);
                object_reference(errors, &path.child("describedObject"), described);
            }
            let name = source.str_at(&["metric", "name"]).unwrap_or_default();
            let path = path.child("metric.name");
            if required_text(errors, &path, name, "must specify a metric name") {
                complain(errors, &path, name, name::path_segment(name));
            }
        }
    }
    self::target(errors, &target_path, target);
    target_of(errors, &target_path, target, field);
}

fn required_text(errors: &mut Errors, path: &Path<'_>, value: &str, detail: &str) -> bool {
    if value.is_empty() {
        errors.push(FieldError::required(path, detail));
    }
    !value.is_empty()
}

fn target(errors: &mut Errors, path: &Path<'_>, target: &Value) {
    let kind = text(target, "type");
    if kind.is_empty() {
        errors.push(FieldError::required(&path.child("type"), "must specify a metric target type"));
    }
    if !matches!(kind, "Utilization" | "Value" | "AverageValue") {
        let detail = "must be either Utilization, Value, or AverageValue";
        errors.push(FieldError::invalid(&path.child("type"), kind, detail));
    }
    if let Some(amount) = some(target, "value").filter(|amount| quantity(amount).signum() != 1) {
        errors.push(FieldError::invalid(&path.child("value"), amount, "must be positive"));
    }
    if let Some(amount) = some(target, "averageValue").filter(|amount| quantity(amount).signum() != 1) {
        errors.push(FieldError::invalid(&path.child("averageValue"), amount, "must be positive"));
    }
    if let Some(percent) = int(target, "averageUtilization").filter(|percent| *percent < 1) {
        let path = path.child("averageUtilization");
        errors.push(FieldError::invalid(&path, percent, "must be greater than 0"));
    }
}

/// Which target each source takes.
fn target_of(errors: &mut Errors, path: &Path<'_>, target: &Value, source: &str) {
    let has = |field: &str| is_set(target, field);
    let (value, average, usage) = (has("value"), has("averageValue"), has("averageUtilization"));
    let missing = match source {
        "pods" if !average => Some(("averageValue", "must specify a positive target averageValue")),
        "object" if !value && !average => {
            Some(("averageValue", "must set either a target value or averageValue"))
        }
        "external" if !value && !average => {
            Some(("averageValue", "must set either a target value for metric or a per-pod target"))
        }
        "resource" | "containerResource" if !usage && !average => {
            Some(("averageUtilization", "must set either a target raw value or a target utilization"))
        }
        _ => None,
    };
    if let Some((field, detail)) = missing {
        errors.push(FieldError::required(&path.child(field), detail));
    }
    let both = match source {
        "external" if value && average => {
            Some(("value", "may not set both a target value for metric and a per-pod target"))
        }
        "resource" | "containerResource" if usage && average => {
            Some(("averageValue", "may not set both a target raw value and a target utilization"))
        }
        _ => None,
    };
    if let Some((field, detail)) = both {
        errors.push(FieldError::forbidden(&path.child(field), detail));
    }
}

fn scaling_rules(errors: &mut Errors, path: &Path<'_>, rules: &Value) {
    if let Some(seconds) = int(rules, "stabilizationWindowSeconds") {
        let path = path.child("stabilizationWindowSeconds");
        if seconds < 0 {
            errors.push(FieldError::invalid(&path, seconds, "must be greater than or equal to zero"));
        }
        if seconds > 3600 {
            errors.push(FieldError::invalid(&path, seconds, "must be less than or equal to 3600"));
        }
    }
    if let Some(policy) = text_of(rules, "selectPolicy") {
        one_of(errors, &path.child("selectPolicy"), policy, &["Disabled", "Max", "Min"]);
    }
    let policies = list(rules, "policies");
    let path_policies = path.child("policies");
    if policies.is_empty() {
        errors.push(FieldError::required(&path_policies, "must specify at least one Policy"));
    }
    for (at, policy) in policies.iter().enumerate() {
        let path = path_policies.index(at);
        one_of(errors, &path.child("type"), text(policy, "type"), &["Percent", "Pods"]);
        let (value, seconds) =
            (int(policy, "value").unwrap_or_default(), int(policy, "periodSeconds").unwrap_or_default());
        if value <= 0 {
            errors.push(FieldError::invalid(&path.child("value"), value, NOT_POSITIVE));
        }
        if seconds <= 0 {
            errors.push(FieldError::invalid(&path.child("periodSeconds"), seconds, NOT_POSITIVE));
        }
        if seconds > 1800 {
            let detail = "must be less than or equal to 1800";
            errors.push(FieldError::invalid(&path.child("periodSeconds"), seconds, detail));
        }
    }
    if let Some(tolerance) = some(rules, "tolerance") {
        not_negative_quantity(errors, &path.child("tolerance"), tolerance);
    }
}

pub(super) fn disruption_budget(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    if is_set(spec, "minAvailable") && is_set(spec, "maxUnavailable") {
        let detail = "minAvailable and maxUnavailable cannot be both set";
        errors.push(FieldError::invalid(&path, spec, detail));
    }
    for field in ["minAvailable", "maxUnavailable"] {
        if let Some(value) = some(spec, field) {
            let path = path.child(field);
            count_or_percent(errors, &path, Some(value));
            at_most_all(errors, &path, Some(value));
        }
    }
    label_selector(errors, &path.child("selector"), some(spec, "selector"));
    if let Some(policy) = text_of(spec, "unhealthyPodEvictionPolicy") {
        let path = path.child("unhealthyPodEvictionPolicy");
        one_of(errors, &path, policy, &["AlwaysAllow", "IfHealthyBudget"]);
    }
}

const USER_PRIORITY_MAX: i64 = 1_000_000_000;

pub(super) fn priority_class(errors: &mut Errors, object: &Value) {
    let name = crate::meta::name(object);
    let value = int(object, "value").unwrap_or_default();
    if name.starts_with("system-") {
        let system = matches!(
            (name, value),
            ("system-node-critical", 2_000_001_000) | ("system-cluster-critical", 2_000_000_000)
        );
        if !system {
            let path = Path::new("metadata");
            let detail = "priority class names with 'system-' prefix are reserved for system use only. error: \
                          is not a known system priority class";
            errors.push(FieldError::forbidden(&path.child("name"), detail));
        }
    } else if value > USER_PRIORITY_MAX {
        let detail = format!("maximum allowed value of a user defined priority is {USER_PRIORITY_MAX}");
        errors.push(FieldError::forbidden(&Path::new("value"), detail));
    }
    if let Some(policy) = text_of(object, "preemptionPolicy") {
        let supported = ["PreemptLowerPriority", "Never"];
        one_of(errors, &Path::new("preemptionPolicy"), policy, &supported);
    }
}

pub(super) fn priority_class_update(errors: &mut Errors, new: &Value, old: &Value) {
    if int(new, "value").unwrap_or_default() != int(old, "value").unwrap_or_default() {
        let detail = "may not be changed in an update.";
        errors.push(FieldError::forbidden(&Path::new("value"), detail));
    }
    let (policy, before) = (new.get("preemptionPolicy"), old.get("preemptionPolicy"));
    immutable(errors, &Path::new("preemptionPolicy"), policy, before);
}

pub(super) fn runtime_class(errors: &mut Errors, object: &Value) {
    let handler = text(object, "handler");
    complain(errors, &Path::new("handler"), handler, name::dns_1123_label(handler));
    let path = Path::new("overhead");
    if let Some(overhead) = some(object, "overhead") {
        resources::limits(errors, &path.child("podFixed"), overhead.get("podFixed").and_then(Value::as_map));
    }
    let path = Path::new("scheduling");
    if let Some(rules) = some(object, "scheduling") {
        labels(errors, &path.child("nodeSelector"), rules, "nodeSelector");
        let tolerations = list(rules, "tolerations");
        scheduling::tolerations(errors, &path.child("tolerations"), tolerations);
        for (at, toleration) in tolerations.iter().enumerate() {
            if tolerations[..at].contains(toleration) {
                let path = path.child("tolerations");
                errors.push(FieldError::duplicate(&path.index(at), toleration));
            }
        }
    }
}
