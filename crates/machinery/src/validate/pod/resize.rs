//! Resizes: only CPU and memory of containers may change, and not the pod's class of service.

use mizzen_schema::value::Value;

use super::update::same_struct;
use super::{MIRROR, whole};
use crate::field::{FieldError, Path};
use crate::qos;
use crate::validate::check::{Errors, entries, list, some, text};

pub(in crate::validate) fn update_resize(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let never = if crate::meta::annotation(old, MIRROR).is_some() {
        Some("static pods cannot be resized")
    } else if before.str_at(&["os", "name"]) == Some("windows") {
        Some("windows pods cannot be resized")
    } else {
        None
    };
    if let Some(detail) = never {
        // Nothing else is said of it.
        errors.clear();
        errors.push(FieldError::forbidden(&Path::new(""), detail));
        return;
    }
    whole(errors, new);
    if qos::class(spec) != qos::class(before) {
        let detail = "Pod QOS Class may not change as a result of resizing";
        let class = new.str_at(&["status", "qosClass"]).unwrap_or_default();
        errors.push(FieldError::invalid(&path, class, detail));
    }
    if !is_supported(old) {
        errors.push(FieldError::forbidden(&path, "Pod running on node without support for resize"));
    }
    if has_own_resources(spec) || has_own_resources(before) {
        let detail = "resize of pods with pod-level resources is forbidden when \
                      InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled";
        errors.push(FieldError::forbidden(&Path::new(""), detail));
        return;
    }
    let found = errors.len();
    same_containers(errors, &path, spec, before);
    if errors.len() > found {
        return;
    }
    for field in ["initContainers", "containers"] {
        let path = path.child(field);
        for (at, (one, other)) in list(spec, field).iter().zip(list(before, field)).enumerate() {
            if field == "containers" || is_sidecar(other) {
                removed_resources(errors, &path.index(at), one, other);
            }
        }
    }
    only_compute(errors, &path, spec, before);
}

/// Whether the pod's node resizes: one that does says what running containers have. Of a pod that does not run, nothing is
/// known yet. Source: KEP-1287, "Version Skew Strategy".
fn is_supported(pod: &Value) -> bool {
    let statuses = pod.path(&["status", "containerStatuses"]).map(Value::items).unwrap_or_default();
    let running = statuses.iter().find(|status| status.path(&["state", "running"]).is_some());
    running.is_none_or(|status| status.get("resources").is_some())
}

/// Whether the pod as a whole has requests or limits.
fn has_own_resources(spec: &Value) -> bool {
    some(spec, "resources").is_some_and(|resources| {
        entries(resources, "requests").next().is_some() || entries(resources, "limits").next().is_some()
    })
}

fn is_sidecar(container: &Value) -> bool {
    text(container, "restartPolicy") == "Always"
}

fn same_containers(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) {
    for field in ["containers", "initContainers"] {
        let (now, then) = (list(spec, field), list(before, field));
        let path = path.child(field);
        if now.len() != then.len() {
            let detail = format!("{field} may not be added or removed on resize");
            errors.push(FieldError::forbidden(&path, detail));
            continue;
        }
        for (at, (one, other)) in now.iter().zip(then).enumerate() {
            if text(one, "name") != text(other, "name") {
                let detail = format!("{field} may not be renamed or reordered on resize");
                errors.push(FieldError::forbidden(&path.index(at).child("name"), detail));
            }
        }
    }
}

fn removed_resources(errors: &mut Errors, path: &Path<'_>, new: &Value, old: &Value) {
    let path = path.child("resources");
    for what in ["requests", "limits"] {
        let gone = some(old, "resources").is_some_and(|resources| {
            entries(resources, what).any(|(name, _)| new.path(&["resources", what, name]).is_none())
        });
        if gone {
            let detail = format!("resource {what} cannot be removed");
            errors.push(FieldError::forbidden(&path.child(what), detail));
        }
    }
}

/// What changed is CPU and memory of containers and sidecars, nothing else.
fn only_compute(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) {
    let found = errors.len();
    let mut comparable = spec.clone();
    for field in ["containers", "initContainers"] {
        let Some(Value::List(containers)) = comparable.get_mut(field) else { continue };
        for (container, before) in containers.iter_mut().zip(list(before, field)) {
            let sidecar = is_sidecar(container);
            if field == "containers" || sidecar {
                restore_compute(container, before);
            }
            if same_struct(container, before) {
                continue;
            }
            let detail = match (field, sidecar) {
                ("containers", _) => "only cpu and memory resources are mutable",
                (_, true) => "only cpu and memory resources for sidecar containers are mutable",
                (_, false) => "resources for non-sidecar init containers are immutable",
            };
            errors.push(FieldError::forbidden(path, detail));
        }
    }
    if errors.len() == found && errors.is_empty() && !same_struct(&comparable, before) {
        errors.push(FieldError::forbidden(path, "only cpu and memory resources are mutable"));
    }
}

/// Gives CPU and memory their old amounts.
fn restore_compute(container: &mut Value, before: &Value) {
    for list_name in ["requests", "limits"] {
        for resource in ["cpu", "memory"] {
            let old = before.path(&["resources", list_name, resource]).cloned();
            let Some(map) = container.path_mut(&["resources", list_name]).and_then(Value::as_map_mut) else {
                continue;
            };
            match old {
                Some(old) => {
                    map.insert(resource, old);
                }
                None => {
                    map.remove(resource);
                }
            }
        }
        let empty = container.path(&["resources", list_name]).is_some_and(Value::is_zero);
        if empty
            && let Some(resources) = container.get_mut("resources").and_then(Value::as_struct_mut)
            && before.path(&["resources", list_name]).is_none()
        {
            resources.remove(list_name);
        }
    }
}
