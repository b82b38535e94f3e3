//! Resource requirements, quotas and limits.

use std::collections::BTreeSet;

use mizzen_schema::value::{Map, Value};

use super::check::{
    Errors, NEGATIVE, NO_OPERATOR, NOT_INTEGER, complain, entries, is_set, list, quantity, same, some, text,
};
use crate::field::{FieldError, Path};
use crate::name;
use crate::quantity::Quantity;

/// Whether a name belongs to Kubernetes itself.
fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

fn is_extended(name: &str) -> bool {
    !is_native(name)
        && !name.starts_with("requests.")
        && name::qualified_name(&format!("requests.{name}")).is_empty()
}

fn is_hugepages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

fn is_container_resource(name: &str) -> bool {
    matches!(name, "cpu" | "memory" | "ephemeral-storage") || is_hugepages(name)
}

/// Whether more may be requested than there is.
fn is_overcommitable(name: &str) -> bool {
    is_native(name) && !is_hugepages(name)
}

/// Resources that come in whole pieces.
fn is_integer(name: &str) -> bool {
    matches!(
        name,
        "pods"
            | "services"
            | "replicationcontrollers"
            | "resourcequotas"
            | "secrets"
            | "configmaps"
            | "persistentvolumeclaims"
            | "services.nodeports"
            | "services.loadbalancers"
    ) || is_extended(name)
        || name.starts_with("count/")
}

/// A resource's name that is standard or qualified.
fn resource_name(errors: &mut Errors, path: &Path<'_>, name: &str) -> bool {
    let complaints = name::qualified_name(name);
    let fine = complaints.is_empty();
    complain(errors, path, name, complaints);
    fine
}

fn container_name(errors: &mut Errors, path: &Path<'_>, name: &str) {
    if !resource_name(errors, path, name) {
        return;
    }
    if !name.contains('/') {
        if !is_container_resource(name) {
            errors.push(FieldError::invalid(path, name, "must be a standard resource for containers"));
        }
    } else if !is_native(name) && !is_extended(name) {
        errors.push(FieldError::invalid(path, name, "doesn't follow extended resource name standard"));
    }
}

/// The amount of a resource.
pub(super) fn amount(errors: &mut Errors, path: &Path<'_>, name: &str, value: &Value) {
    let amount = quantity(value);
    if amount.signum() < 0 {
        errors.push(FieldError::invalid(path, value, NEGATIVE));
    }
    if is_integer(name) && !amount.is_integer() {
        errors.push(FieldError::invalid(path, value, NOT_INTEGER));
    }
}

/// A container's requirements.
pub(super) fn container(errors: &mut Errors, path: &Path<'_>, resources: Option<&Value>, spec: &Value) {
    let Some(resources) = resources else { return };
    requirements(errors, path, resources, container_name);
    claims(errors, &path.child("claims"), resources, spec);
}

/// The requirements of a pod as a whole.
pub(super) fn pod(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let Some(resources) = some(spec, "resources") else { return };
    let path = path.child("resources");
    if text(some(spec, "os").unwrap_or(&Value::Null), "name") == "windows" {
        errors.push(FieldError::forbidden(&path, "may not be set for a windows pod"));
        return;
    }
    if is_set(resources, "claims") {
        let detail = "claims may not be set for Resources at pod-level";
        errors.push(FieldError::forbidden(&path.child("claims"), detail));
    }
    requirements(errors, &path, resources, |errors, path, name| {
        if resource_name(errors, path, name) && !matches!(name, "cpu" | "memory") && !is_hugepages(name) {
            errors.push(FieldError::not_supported(path, name, &["cpu", "hugepages-", "memory"]));
        }
    });
    container_limits(errors, &path, spec, resources);
}

/// No container may have a limit above the pod's.
fn container_limits(errors: &mut Errors, path: &Path<'_>, spec: &Value, resources: &Value) {
    for container in list(spec, "initContainers").iter().chain(list(spec, "containers")) {
        let Some(own) = some(container, "resources") else { continue };
        for (name, limit) in entries(own, "limits") {
            let Some(most) = resources.path(&["limits", name]) else { continue };
            if quantity(limit) > quantity(most) {
                let detail = format!(
                    "must be less than or equal to pod limits of {}",
                    most.as_str().unwrap_or_default()
                );
                errors.push(FieldError::invalid(path, limit, detail));
            }
        }
    }
}

fn requirements(
    errors: &mut Errors,
    path: &Path<'_>,
    resources: &Value,
    check_name: impl Fn(&mut Errors, &Path<'_>, &str),
) {
    let (limits_path, requests_path) = (path.child("limits"), path.child("requests"));
    let mut has_hugepages = false;
    let mut has_compute = false;
    for (name, value) in entries(resources, "limits") {
        let path_of = limits_path.key(name);
        check_name(errors, &path_of, name);
        amount(errors, &path_of, name, value);
        hugepages(errors, path, name, value);
        has_hugepages |= is_hugepages(name);
        has_compute |= matches!(name, "cpu" | "memory");
    }
    let limit_of = |name: &str| resources.path(&["limits", name]);
    for (name, value) in entries(resources, "requests") {
        let path_of = requests_path.key(name);
        check_name(errors, &path_of, name);
        amount(errors, &path_of, name, value);
        let (requested, limit) = (quantity(value), limit_of(name));
        match limit {
            Some(limit) => {
                let text = limit.as_str().unwrap_or_default();
                if requested != quantity(limit) && !is_overcommitable(name) {
                    let detail = format!("must be equal to {name} limit of {text}");
                    errors.push(FieldError::invalid(&requests_path, value, detail));
                } else if requested > quantity(limit) {
                    let detail = format!("must be less than or equal to {name} limit of {text}");
                    errors.push(FieldError::invalid(&requests_path, value, detail));
                }
            }
            None if !is_overcommitable(name) => {
                let detail = "Limit must be set for non overcommitable resources";
                errors.push(FieldError::required(&limits_path, detail));
            }
            None => {}
        }
        hugepages(errors, path, name, value);
        has_hugepages |= is_hugepages(name);
        has_compute |= matches!(name, "cpu" | "memory");
    }
    if has_hugepages && !has_compute {
        errors.push(FieldError::forbidden(path, "HugePages require cpu or memory"));
    }
}

/// Hugepages come in pages.
fn hugepages(errors: &mut Errors, path: &Path<'_>, name: &str, value: &Value) {
    let Some(page) = name.strip_prefix("hugepages-").and_then(|size| size.parse::<Quantity>().ok()) else {
        return;
    };
    let (page, wanted) = (page.value(), quantity(value).value());
    if page > 0 && wanted % page != 0 {
        let text = value.as_str().unwrap_or_default();
        let detail = format!(
            "{text} is not positive integer multiple of {}",
            name.strip_prefix("hugepages-").unwrap_or_default()
        );
        errors.push(FieldError::invalid(path, value, detail));
    }
}

fn claims(errors: &mut Errors, path: &Path<'_>, resources: &Value, spec: &Value) {
    let known: BTreeSet<&str> =
        list(spec, "resourceClaims").iter().map(|claim| text(claim, "name")).collect();
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for (at, claim) in list(resources, "claims").iter().enumerate() {
        let (name, request) = (text(claim, "name"), text(claim, "request"));
        let path = path.index(at);
        if name.is_empty() {
            errors.push(FieldError::required(&path, ""));
            continue;
        }
        // A whole claim and one of its requests are not used side by side.
        let whole = if request.is_empty() { named.contains(name) } else { seen.contains(&(name, "")) };
        if whole || seen.contains(&(name, request)) {
            let key = if request.is_empty() { name.to_owned() } else { format!("{name}/{request}") };
            errors.push(FieldError::duplicate(&path, &key));
        }
        seen.insert((name, request));
        named.insert(name);
        if !known.contains(name) {
            errors.push(FieldError::not_found(&path, name));
        }
    }
}

/// A pod's overhead.
pub(super) fn overhead(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    if let Some(overhead) = some(spec, "overhead").and_then(Value::as_map) {
        let limits: Map = [(Box::from("limits"), Value::Map(overhead.clone()))].into_iter().collect();
        requirements(errors, path, &Value::Map(limits), container_name);
    }
}

fn is_quota_resource(name: &str) -> bool {
    let bare = name.strip_prefix("requests.").or_else(|| name.strip_prefix("limits.")).unwrap_or(name);
    matches!(bare, "cpu" | "memory" | "storage" | "ephemeral-storage")
        || is_hugepages(bare)
        || matches!(
            name,
            "pods"
                | "services"
                | "replicationcontrollers"
                | "resourcequotas"
                | "secrets"
                | "configmaps"
                | "persistentvolumeclaims"
                | "services.nodeports"
                | "services.loadbalancers"
        )
}

fn resource_map(errors: &mut Errors, path: &Path<'_>, owner: &Value, field: &str) {
    let path = path.child(field);
    for (name, value) in entries(owner, field) {
        let path = path.key(name);
        if resource_name(errors, &path, name) && !name.contains('/') && !is_quota_resource(name) {
            let detail = "must be a standard resource for quota";
            errors.push(FieldError::invalid(&path, name, detail));
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
        "VolumeAttributesClass" => {
            resource == "requests.storage"
                || resource == "persistentvolumeclaims"
                || resource.ends_with("/persistentvolumeclaims")
                || resource == "count/persistentvolumeclaims"
        }
        _ => matches!(
            resource,
            "pods"
                | "cpu"
                | "memory"
                | "requests.cpu"
                | "requests.memory"
                | "limits.cpu"
                | "limits.memory"
                | "ephemeral-storage"
                | "requests.ephemeral-storage"
                | "limits.ephemeral-storage"
        ),
    }
}

fn scopes_conflict(scopes: &[&str]) -> bool {
    let both = |a: &str, b: &str| scopes.contains(&a) && scopes.contains(&b);
    both("BestEffort", "NotBestEffort") || both("Terminating", "NotTerminating")
}

pub(super) fn resource_quota(errors: &mut Errors, object: &Value) {
    let root = Path::new("spec");
    if let Some(spec) = some(object, "spec") {
        resource_map(errors, &root, spec, "hard");
        scopes(errors, &root.child("scopes"), spec);
        scope_selector(errors, &root, spec);
    }
    quota_status(errors, object);
}

pub(super) fn quota_status(errors: &mut Errors, object: &Value) {
    let root = Path::new("status");
    if let Some(status) = some(object, "status") {
        resource_map(errors, &root, status, "hard");
        resource_map(errors, &root, status, "used");
    }
}

fn scopes(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let scopes: Vec<&str> = list(spec, "scopes").iter().filter_map(Value::as_str).collect();
    for scope in &scopes {
        if !SCOPES.contains(scope) {
            errors.push(FieldError::invalid(path, spec.get("scopes"), "unsupported scope"));
        }
        for (resource, _) in entries(spec, "hard") {
            if SCOPES.contains(scope) && !scope_counts(scope, resource) {
                let detail = "unsupported scope applied to resource";
                errors.push(FieldError::invalid(path, spec.get("scopes"), detail));
            }
        }
    }
    if scopes_conflict(&scopes) {
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
        for (resource, _) in entries(spec, "hard") {
            if SCOPES.contains(&scope) && !scope_counts(scope, resource) {
                let detail = "unsupported scope applied to resource";
                errors.push(FieldError::invalid(&path, selector, detail));
            }
        }
        if !matches!(scope, "PriorityClass" | "VolumeAttributesClass") && operator != "Exists" {
            let detail = "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, \
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
    if scopes_conflict(&names.into_iter().collect::<Vec<_>>()) {
        errors.push(FieldError::invalid(&path, spec.get("scopes"), "conflicting scopes"));
    }
}

pub(super) fn resource_quota_update(errors: &mut Errors, new: &Value, old: &Value) {
    let scopes = |object: &Value| {
        let mut scopes: Vec<String> = object
            .path(&["spec", "scopes"])
            .map(Value::items)
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        scopes.sort_unstable();
        scopes
    };
    if scopes(new) != scopes(old) {
        let spec = Path::new("spec");
        let detail = super::check::IMMUTABLE;
        errors.push(FieldError::invalid(&spec.child("scopes"), new.path(&["spec", "scopes"]), detail));
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
        limit_amounts(errors, path, limit, field);
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
            limit_amounts(errors, path, limit, field);
        }
    }
    if kind == "PersistentVolumeClaim" {
        let has = |field: &str| limit.path(&[field, "storage"]).is_some();
        if !has("min") && !has("max") {
            let detail = "either minimum or maximum storage value is required, but neither was provided";
            errors.push(FieldError::required(&path.child("limits"), detail));
        }
    }
    limit_amounts(errors, path, limit, "maxLimitRequestRatio");
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for field in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
        names.extend(entries(limit, field).map(|(name, _)| name));
    }
    for name in names {
        limit_order(errors, path, limit, name);
    }
}

fn limit_amounts(errors: &mut Errors, path: &Path<'_>, limit: &Value, field: &str) {
    let path = path.child(field);
    for (name, value) in entries(limit, field) {
        let path = path.key(name);
        resource_name(errors, &path, name);
        amount(errors, &path, name, value);
    }
}

/// Minimum, defaults and maximum of one resource, in that order.
fn limit_order(errors: &mut Errors, path: &Path<'_>, limit: &Value, name: &str) {
    let of = |field: &'static str| limit.path(&[field, name]);
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
    if let Some(ratio) = of("maxLimitRequestRatio")
        && quantity(ratio) < Quantity::from_units(1)
    {
        let path = path.child("maxLimitRequestRatio");
        let detail = format!("ratio {} is less than 1", ratio.as_str().unwrap_or_default());
        errors.push(FieldError::invalid(&path.key(name), ratio, detail));
    }
    if !is_overcommitable(name)
        && let (Some(default), Some(request)) = (default, request)
        && !same(Some(default), Some(request))
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
