//! Autoscalers, disruption budgets and priorities.

use mizzen_schema::value::Value;

use super::check::{
    Errors, NOT_POSITIVE, complain, immutable, int, is_set, label_selector, list, one_of, quantity, required,
    some, text,
};
use super::workload::count_or_percent;
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
    if let Some(percent) = int(spec, "targetCPUUtilizationPercentage").filter(|percent| *percent < 1) {
        let path = path.child("targetCPUUtilizationPercentage");
        errors.push(FieldError::invalid(&path, percent, "must be greater than 0"));
    }
    for (at, metric) in list(spec, "metrics").iter().enumerate() {
        let path = path.child("metrics");
        self::metric(errors, &path.index(at), metric);
    }
    if let Some(behavior) = some(spec, "behavior") {
        let path = path.child("behavior");
        for field in ["scaleUp", "scaleDown"] {
            if let Some(rules) = some(behavior, field) {
                scaling_rules(errors, &path.child(field), rules);
            }
        }
    }
}

fn object_reference(errors: &mut Errors, path: &Path<'_>, target: &Value) {
    for field in ["kind", "name"] {
        let value = text(target, field);
        if required(errors, &path.child(field), value) {
            complain(errors, &path.child(field), value, name::path_segment(value));
        }
    }
}

const SOURCES: [(&str, &str); 5] = [
    ("object", "Object"),
    ("pods", "Pods"),
    ("resource", "Resource"),
    ("containerResource", "ContainerResource"),
    ("external", "External"),
];

fn metric(errors: &mut Errors, path: &Path<'_>, metric: &Value) {
    let kind = text(metric, "type");
    if kind.is_empty() {
        errors.push(FieldError::required(&path.child("type"), "must specify a metric source type"));
    } else {
        let kinds = ["ContainerResource", "External", "Object", "Pods", "Resource"];
        one_of(errors, &path.child("type"), kind, &kinds);
    }
    let given: Vec<&str> =
        SOURCES.iter().map(|(field, _)| *field).filter(|field| is_set(metric, field)).collect();
    if let [_, extra, ..] = given[..] {
        let detail = "must populate the given metric source only";
        errors.push(FieldError::forbidden(&path.child(extra), detail));
    }
    let Some((field, _)) = SOURCES.iter().find(|(_, name)| *name == kind) else { return };
    let Some(source) = some(metric, field) else {
        let detail = "must populate information for the given metric source";
        errors.push(FieldError::required(&path.child(field), detail));
        return;
    };
    let path = path.child(field);
    match *field {
        "resource" | "containerResource" => {
            required_text(errors, &path.child("name"), text(source, "name"), "must specify a resource name");
            if *field == "containerResource" {
                let detail = "must specify a container";
                required_text(errors, &path.child("container"), text(source, "container"), detail);
            }
        }
        _ => {
            let empty = Value::Null;
            let metric = source.get("metric").unwrap_or(&empty);
            let path = path.child("metric");
            let name = text(metric, "name");
            required_text(errors, &path.child("name"), name, "must specify a metric name");
            if !name.is_empty() {
                complain(errors, &path.child("name"), name, name::path_segment(name));
            }
            label_selector(errors, &path.child("selector"), some(metric, "selector"));
        }
    }
    if *field == "object" {
        let empty = Value::Null;
        let described = source.get("describedObject").unwrap_or(&empty);
        object_reference(errors, &path.child("describedObject"), described);
    }
    let empty = Value::Null;
    target(errors, &path.child("target"), source.get("target").unwrap_or(&empty), field);
}

fn required_text(errors: &mut Errors, path: &Path<'_>, value: &str, detail: &str) {
    if value.is_empty() {
        errors.push(FieldError::required(path, detail));
    }
}

fn target(errors: &mut Errors, path: &Path<'_>, target: &Value, source: &str) {
    let kind = text(target, "type");
    if kind.is_empty() {
        errors.push(FieldError::required(&path.child("type"), "must specify a metric target type"));
    } else if !matches!(kind, "Utilization" | "Value" | "AverageValue") {
        let detail = "must be either Utilization, Value, or AverageValue";
        errors.push(FieldError::invalid(&path.child("type"), kind, detail));
    }
    for field in ["value", "averageValue"] {
        if let Some(amount) = some(target, field)
            && quantity(amount).signum() != 1
        {
            errors.push(FieldError::invalid(&path.child(field), amount, "must be positive"));
        }
    }
    if let Some(percent) = int(target, "averageUtilization").filter(|percent| *percent < 1) {
        errors.push(FieldError::invalid(
            &path.child("averageUtilization"),
            percent,
            "must be greater than 0",
        ));
    }
    let has = |field: &str| is_set(target, field);
    let (fine, field, detail) = match source {
        "pods" => (has("averageValue"), "averageValue", "must specify a positive target averageValue"),
        "resource" | "containerResource" => {
            let both = has("averageUtilization") && has("averageValue");
            if both {
                let detail = "may not set both a target raw value and a target utilization";
                errors.push(FieldError::forbidden(&path.child("averageValue"), detail));
            }
            let any = has("averageUtilization") || has("averageValue");
            let detail = "must set either a target raw value or a target utilization";
            (any, "averageUtilization", detail)
        }
        _ => {
            let any = has("value") || has("averageValue");
            (any, "averageValue", "must set either a target value for metric or a per-pod target")
        }
    };
    if !fine {
        errors.push(FieldError::required(&path.child(field), detail));
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
    if let Some(policy) = some(rules, "selectPolicy").and_then(Value::as_str) {
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
            let percent = value.as_str().and_then(|text| text.strip_suffix('%')?.parse::<i64>().ok());
            if percent.is_some_and(|percent| percent > 100) {
                errors.push(FieldError::invalid(&path, value, "must not be greater than 100%"));
            }
        }
    }
    label_selector(errors, &path.child("selector"), some(spec, "selector"));
    if let Some(policy) = some(spec, "unhealthyPodEvictionPolicy").and_then(Value::as_str) {
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
    if let Some(policy) = some(object, "preemptionPolicy").and_then(Value::as_str) {
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
}
