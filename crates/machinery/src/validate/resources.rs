//! Resource requirements, of containers and of pods.

use mizzen_schema::value::{Map, Value};

use super::check::{
    Errors, NEGATIVE, NOT_INTEGER, Seen, complain, entries, is_set, list, quantity, some, text,
};
use crate::field::{FieldError, Path};
use crate::name;
use crate::quantity::Quantity;

/// Whether a name belongs to Kubernetes itself.
fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

fn is_extended(name: &str) -> bool {
    // With the prefix that quotas give it, it is qualified still.
    !is_native(name)
        && !name.starts_with("requests.")
        && name.find('/').is_some_and(|domain| domain + "requests.".len() <= 253)
        && name::qualified_name(name).is_empty()
}

fn is_hugepages(name: &str) -> bool {
    name.starts_with("hugepages-")
}

fn is_container_resource(name: &str) -> bool {
    matches!(name, "cpu" | "memory" | "ephemeral-storage") || is_hugepages(name)
}

/// Whether more may be requested than there is.
pub(super) fn is_overcommitable(name: &str) -> bool {
    is_native(name) && !is_hugepages(name)
}

/// Objects that quotas count.
fn is_counted(name: &str) -> bool {
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
    )
}

/// Resources that come in whole pieces.
fn is_integer(name: &str) -> bool {
    is_counted(name) || is_extended(name)
}

/// Standard names of resources: those without a domain.
fn is_standard(name: &str) -> bool {
    name == "storage" || is_quota_resource(name)
}

/// A resource's name that is qualified; whether it is.
fn qualified(errors: &mut Errors, path: &Path<'_>, name: &str) -> bool {
    let complaints = name::qualified_name(name);
    let fine = complaints.is_empty();
    complain(errors, path, name, complaints);
    fine
}

/// A resource's name that is standard or qualified.
pub(super) fn resource_name(errors: &mut Errors, path: &Path<'_>, name: &str) -> bool {
    if !qualified(errors, path, name) {
        return false;
    }
    if !name.contains('/') && !is_standard(name) {
        let detail = "must be a standard resource type or fully qualified";
        errors.push(FieldError::invalid(path, name, detail));
    }
    true
}

pub(super) fn container_name(errors: &mut Errors, path: &Path<'_>, name: &str) {
    resource_name(errors, path, name);
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
    if spec.str_at(&["os", "name"]) == Some("windows") {
        errors.push(FieldError::forbidden(&path, "may not be set for a windows pod"));
        return;
    }
    if is_set(resources, "claims") {
        let detail = "claims may not be set for Resources at pod-level";
        errors.push(FieldError::forbidden(&path.child("claims"), detail));
    }
    requirements(errors, &path, resources, |errors, path, name| {
        resource_name(errors, path, name);
        if !matches!(name, "cpu" | "memory") && !is_hugepages(name) {
            errors.push(FieldError::not_supported(path, name, &["cpu", "hugepages-", "memory"]));
        }
    });
    aggregate(errors, &path, spec, resources);
    container_limits(errors, &path, spec, resources);
}

/// What all containers need together: init containers run one after the other beside the sidecars before them.
fn together(spec: &Value, what: &str, name: &str) -> Quantity {
    let of = |container: &Value| {
        some(container, "resources").and_then(|own| own.path(&[what, name])).map(quantity).unwrap_or_default()
    };
    let mut running = Quantity::default();
    for container in list(spec, "containers") {
        running += of(container);
    }
    let (mut sidecars, mut most) = (Quantity::default(), Quantity::default());
    for container in list(spec, "initContainers") {
        let own = of(container);
        let now = if text(container, "restartPolicy") == "Always" {
            running += own;
            sidecars += own;
            sidecars
        } else {
            sidecars + own
        };
        if now > most {
            most = now;
        }
    }
    if most > running { most } else { running }
}

/// The pod has at least what its containers have together.
fn aggregate(errors: &mut Errors, path: &Path<'_>, spec: &Value, resources: &Value) {
    for what in ["requests", "limits"] {
        let path = path.child(what);
        for (name, own) in entries(resources, what) {
            if what == "limits" && !is_hugepages(name) {
                continue;
            }
            let needed = together(spec, what, name);
            if needed > quantity(own) {
                let detail =
                    format!("must be greater than or equal to aggregate container {what} of {needed}");
                errors.push(FieldError::invalid(&path.key(name), own, detail));
            }
        }
    }
}

/// No container may have a limit above the pod's.
fn container_limits(errors: &mut Errors, path: &Path<'_>, spec: &Value, resources: &Value) {
    let containers = path.child("containers");
    for (at, container) in list(spec, "containers").iter().enumerate() {
        let Some(own) = some(container, "resources") else { continue };
        for (name, limit) in entries(own, "limits") {
            let Some(most) = resources.path(&["limits", name]) else { continue };
            if quantity(limit) > quantity(most) {
                let most = most.as_str().unwrap_or_default();
                let detail = format!("must be less than or equal to pod limits of {most}");
                // As Kubernetes names it.
                let path = containers.index(at);
                errors.push(FieldError::invalid(&path.key(name).child("limits"), limit, detail));
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
        hugepages(errors, &path_of, name, value);
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
        hugepages(errors, &path_of, name, value);
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
        let detail = format!("{text} is not positive integer multiple of {name}");
        errors.push(FieldError::invalid(path, value, detail));
    }
}

fn claims(errors: &mut Errors, path: &Path<'_>, resources: &Value, spec: &Value) {
    let claims = list(resources, "claims");
    if claims.is_empty() {
        return;
    }
    let known = list(spec, "resourceClaims");
    let mut seen: Seen<(&str, &str)> = Seen::new();
    for (at, claim) in claims.iter().enumerate() {
        let (name, request) = (text(claim, "name"), text(claim, "request"));
        let path = path.index(at);
        if name.is_empty() {
            errors.push(FieldError::required(&path, ""));
            continue;
        }
        if seen.contains((name, "")) {
            errors.push(FieldError::duplicate(&path, name));
        } else {
            if !request.is_empty() {
                complain(errors, &path.child("request"), request, name::dns_1123_label(request));
            }
            if seen.contains((name, request)) {
                errors.push(FieldError::duplicate(&path, &format!("{name}/{request}")));
            } else if request.is_empty() {
                // A whole claim and one of its requests are not used side by side.
                for earlier in claims[..at].iter().filter(|earlier| text(earlier, "name") == name) {
                    if !text(earlier, "request").is_empty() {
                        errors.push(FieldError::duplicate(&path, name));
                    }
                }
            }
            seen.insert((name, request));
        }
        if !known.iter().any(|claim| text(claim, "name") == name) {
            let mut names: Vec<&str> = known.iter().map(|claim| text(claim, "name")).collect();
            names.sort_unstable();
            let rest = if names.is_empty() {
                " which is empty".to_owned()
            } else {
                format!(": {}", names.join(", "))
            };
            let detail = format!("must be one of the names in pod.spec.resourceClaims{rest}");
            errors.push(FieldError::not_found_as(&path, name, detail));
        }
    }
}

/// A pod's overhead.
pub(super) fn overhead(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    limits(errors, path, spec.get("overhead").and_then(Value::as_map));
}

/// The fixed overhead of a runtime class' pods.
pub(super) fn limits(errors: &mut Errors, path: &Path<'_>, map: Option<&Map>) {
    if let Some(map) = map {
        let limits: Map = [(Box::from("limits"), Value::Map(map.clone()))].into_iter().collect();
        requirements(errors, path, &Value::Map(limits), container_name);
    }
}

/// Hugepages as a quota may count them.
fn is_counted_hugepages(name: &str) -> bool {
    is_hugepages(name.strip_prefix("requests.").unwrap_or(name))
}

/// Resources that a quota may count without a domain.
pub(super) fn is_quota_resource(name: &str) -> bool {
    is_counted(name)
        || is_counted_hugepages(name)
        || matches!(
            name,
            "cpu"
                | "memory"
                | "ephemeral-storage"
                | "requests.cpu"
                | "requests.memory"
                | "requests.storage"
                | "requests.ephemeral-storage"
                | "limits.cpu"
                | "limits.memory"
                | "limits.ephemeral-storage"
        )
}
