//! Quotas and limits of namespaces.

use std::collections::BTreeSet;

use mizzen_schema::value::Value;

use super::check::{Errors, IMMUTABLE, NO_OPERATOR, complain, entries, list, quantity, some, text, texts};
use super::resources::{amount, container_name, is_overcommitable, is_quota_resource, resource_name};
use crate::field::{FieldError, Path};
use crate::name;
use crate::quantity::Quantity;

fn resource_map(errors: &mut Errors, path: &Path<'_>, owner: &Value, field: &str) {
    let path = path.child(field);
    for (name, value) in entries(owner, field) {
        let path = path.key(name);
        resource_name(errors, &path, name);
        if !name.contains('/') && !is_quota_resource(name) {
            errors.push(FieldError::invalid(&path, name, "must be a standard resource for quota"));
        }
        amount(errors, &path, name, value);
    }
}

const SCOPES: [&str; 7] = [
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];

/// Whether a quota of this scope may count this resource.
fn scope_counts(scope: &str, resource: &str) -> bool {
    match scope {
        "BestEffort" => resource == "pods",
        "VolumeAttributesClass" => matches!(resource, "persistentvolumeclaims" | "requests.storage"),
        scope if SCOPES.contains(&scope) => matches!(
            resource,
            "pods" | "cpu" | "memory" | "requests.cpu" | "requests.memory" | "limits.cpu" | "limits.memory"
        ),
        _ => true,
    }
}

/// Of what the quota counts, what the scope does not allow.
fn not_counted<'a>(spec: &'a Value, scope: &'a str) -> impl Iterator<Item = &'a str> {
    let names = entries(spec, "hard").map(|(name, _)| name);
    names.filter(move |name| is_quota_resource(name) && !scope_counts(scope, name))
}

fn conflicts(scopes: &[&str]) -> usize {
    let both = |a: &str, b: &str| scopes.contains(&a) && scopes.contains(&b);
    usize::from(both("BestEffort", "NotBestEffort")) + usize::from(both("Terminating", "NotTerminating"))
}

pub(super) fn resource_quota(errors: &mut Errors, object: &Value) {
    quota_spec(errors, object);
    quota_status(errors, object);
}

fn quota_spec(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    let Some(spec) = some(object, "spec") else { return };
    resource_map(errors, &root, spec, "hard");
    scopes(errors, &root.child("scopes"), spec);
    scope_selector(errors, &root, spec);
}

pub(super) fn quota_status(errors: &mut Errors, object: &Value) {
    let root = Path::new("status");
    if let Some(status) = some(object, "status") {
        resource_map(errors, &root, status, "hard");
        resource_map(errors, &root, status, "used");
    }
}

fn scopes(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let scopes: Vec<&str> = texts(spec, "scopes").collect();
    for scope in &scopes {
        if !SCOPES.contains(scope) {
            errors.push(FieldError::invalid(path, spec.get("scopes"), "unsupported scope"));
        }
        for _ in not_counted(spec, scope) {
            let detail = "unsupported scope applied to resource";
            errors.push(FieldError::invalid(path, spec.get("scopes"), detail));
        }
    }
    for _ in 0..conflicts(&scopes) {
        errors.push(FieldError::invalid(path, spec.get("scopes"), "conflicting scopes"));
    }
}

fn scope_selector(errors: &mut Errors, root: &Path<'_>, spec: &Value) {
    let Some(selector) = some(spec, "scopeSelector") else { return };
    let path = root.child("scopeSelector");
    let path = path.child("matchExpressions");
    let mut names = BTreeSet::new();
    for expression in list(selector, "matchExpressions") {
        let (scope, operator) = (text(expression, "scopeName"), text(expression, "operator"));
        let values = list(expression, "values");
        if !SCOPES.contains(&scope) {
            errors.push(FieldError::invalid(&path.child("scopeName"), scope, "unsupported scope"));
        }
        for _ in not_counted(spec, scope) {
            let detail = "unsupported scope applied to resource";
            errors.push(FieldError::invalid(&path, selector, detail));
        }
        let only_exists =
            SCOPES.contains(&scope) && !matches!(scope, "PriorityClass" | "VolumeAttributesClass");
        if only_exists && operator != "Exists" {
            let detail = "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, \
                          ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, \
                          ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
            errors.push(FieldError::invalid(&path.child("operator"), operator, detail));
        }
        match operator {
            "In" | "NotIn" if values.is_empty() => {
                let detail =
                    "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
                errors.push(FieldError::required(&path.child("values"), detail));
            }
            "Exists" | "DoesNotExist" if !values.is_empty() => {
                let detail =
                    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
                errors.push(FieldError::invalid(&path.child("values"), expression.get("values"), detail));
            }
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => errors.push(FieldError::invalid(&path.child("operator"), other, NO_OPERATOR)),
        }
        names.insert(scope);
    }
    for _ in 0..conflicts(&names.into_iter().collect::<Vec<_>>()) {
        errors.push(FieldError::invalid(&path, spec.get("scopes"), "conflicting scopes"));
    }
}

pub(super) fn resource_quota_update(errors: &mut Errors, new: &Value, old: &Value) {
    quota_spec(errors, new);
    let empty = Value::Null;
    let scopes = |object: &Value| -> BTreeSet<String> {
        texts(object.get("spec").unwrap_or(&empty), "scopes").map(str::to_owned).collect()
    };
    if scopes(new) != scopes(old) {
        let spec = Path::new("spec");
        errors.push(FieldError::invalid(&spec.child("scopes"), new.path(&["spec", "scopes"]), IMMUTABLE));
    }
}

pub(super) fn limit_range(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    let limits = root.child("limits");
    let mut types = BTreeSet::new();
    for (at, limit) in
        object.get("spec").map(|spec| list(spec, "limits")).unwrap_or_default().iter().enumerate()
    {
        let path = limits.index(at);
        let kind = text(limit, "type");
        complain(errors, &path.child("type"), kind, name::qualified_name(kind));
        let standard = matches!(kind, "Pod" | "Container" | "PersistentVolumeClaim");
        if !kind.contains('/') && !standard {
            let detail = "must be a standard limit type or fully qualified";
            errors.push(FieldError::invalid(&path.child("type"), kind, detail));
        }
        if types.contains(&kind) {
            errors.push(FieldError::duplicate(&path.child("type"), kind));
        }
        types.insert(kind);
        one_limit(errors, &path, limit, kind);
    }
}

fn one_limit(errors: &mut Errors, path: &Path<'_>, limit: &Value, kind: &str) {
    for field in ["max", "min"] {
        limit_names(errors, path, limit, kind, field);
    }
    if kind == "Pod" {
        for field in ["default", "defaultRequest"] {
            if entries(limit, field).next().is_some() {
                let detail = "may not be specified when `type` is 'Pod'";
                errors.push(FieldError::forbidden(&path.child(field), detail));
            }
        }
    } else {
        for field in ["default", "defaultRequest"] {
            limit_names(errors, path, limit, kind, field);
        }
    }
    if kind == "PersistentVolumeClaim" {
        let has = |field: &str| limit.path(&[field, "storage"]).is_some();
        if !has("min") && !has("max") {
            let detail = "either minimum or maximum storage value is required, but neither was provided";
            errors.push(FieldError::required(&path.child("limits"), detail));
        }
    }
    limit_names(errors, path, limit, kind, "maxLimitRequestRatio");
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let defaults = kind != "Pod";
    for field in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
        if defaults || !field.starts_with("default") {
            names.extend(entries(limit, field).map(|(name, _)| name));
        }
    }
    for name in names {
        limit_order(errors, path, limit, name, defaults);
    }
}

/// Pods and containers have what containers may ask for; other things, storage too.
fn limit_names(errors: &mut Errors, path: &Path<'_>, limit: &Value, kind: &str, field: &str) {
    let path = path.child(field);
    for (name, _) in entries(limit, field) {
        let path = path.key(name);
        if matches!(kind, "Pod" | "Container") {
            container_name(errors, &path, name);
        } else {
            resource_name(errors, &path, name);
        }
    }
}

/// Minimum, defaults and maximum of one resource, in that order.
fn limit_order(errors: &mut Errors, path: &Path<'_>, limit: &Value, name: &str, defaults: bool) {
    let of = |field: &'static str| {
        limit.path(&[field, name]).filter(|_| defaults || !field.starts_with("default"))
    };
    let mut order =
        |field: &str, shown: Option<&Value>, low: (&str, Option<&Value>), high: (&str, Option<&Value>)| {
            let (Some(low_value), Some(high_value)) = (low.1, high.1) else { return };
            if quantity(low_value) > quantity(high_value) {
                let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                let detail = format!(
                    "{} value {} is greater than {} value {}",
                    low.0,
                    words(low_value),
                    high.0,
                    words(high_value)
                );
                let path = path.child(field);
                errors.push(FieldError::invalid(&path.key(name), shown, detail));
            }
        };
    let (min, max) = (of("min"), of("max"));
    let (request, default) = (of("defaultRequest"), of("default"));
    order("min", min, ("min", min), ("max", max));
    order("defaultRequest", request, ("min", min), ("default request", request));
    order("defaultRequest", request, ("default request", request), ("max", max));
    order("defaultRequest", request, ("default request", request), ("default limit", default));
    order("default", min, ("min", min), ("default", default));
    order("default", max, ("default", default), ("max", max));
    if let Some(ratio) = of("maxLimitRequestRatio") {
        limit_ratio(errors, &path.child("maxLimitRequestRatio").key(name), ratio, min, max);
    }
    if !is_overcommitable(name)
        && let (Some(default), Some(request)) = (default, request)
        && quantity(default) != quantity(request)
    {
        let path = path.child("defaultRequest");
        let detail = format!(
            "default value {} must equal to defaultRequest value {} in {name}",
            default.as_str().unwrap_or_default(),
            request.as_str().unwrap_or_default()
        );
        errors.push(FieldError::invalid(&path.key(name), request, detail));
    }
}

/// A limit may be so many times the request: not less than once, and not more than minimum and maximum allow.
fn limit_ratio(
    errors: &mut Errors,
    path: &Path<'_>,
    ratio: &Value,
    min: Option<&Value>,
    max: Option<&Value>,
) {
    let shown = ratio.as_str().unwrap_or_default();
    let amount = quantity(ratio);
    if amount < Quantity::from_units(1) {
        errors.push(FieldError::invalid(path, ratio, format!("ratio {shown} is less than 1")));
    }
    let (Some(min), Some(max)) = (min.map(quantity), max.map(quantity)) else { return };
    // Thousandths are counted unless there are too many for 64 bits.
    let small = |amount: &Quantity| amount.value() < i64::MAX / 1000;
    let exact = small(&amount) && small(&min) && small(&max);
    let number = |amount: &Quantity| if exact { amount.milli_value() } else { amount.value() };
    #[expect(clippy::cast_precision_loss, reason = "ratios are compared as floating-point numbers")]
    let (most, wanted) = (
        number(&max) as f64 / number(&min) as f64,
        if exact { amount.milli_value() as f64 / 1000.0 } else { amount.value() as f64 },
    );
    if wanted > most {
        let detail = format!("ratio {shown} is greater than max/min = {most:.6}");
        errors.push(FieldError::invalid(path, ratio, detail));
    }
}
