//! The scale subresource of workloads: `autoscaling/v1` Scale.

use mizzen_machinery::custom::{self, ScalePaths};
use mizzen_machinery::selector::{LabelSelector, Operator, Requirement};
use mizzen_schema::value::{Struct, Value};

use crate::status::{ApiError, Cause};
use crate::tree;

/// OpenAPI name of Scale.
pub(super) const TYPE: &str = "io.k8s.api.autoscaling.v1.Scale";

/// The Scale of a workload; `paths`: of a custom resource.
pub(super) fn of(object: &Value, paths: Option<&ScalePaths>) -> Value {
    let mut scale = tree::empty(TYPE);
    tree::set_text(&mut scale, &["kind"], "Scale");
    tree::set_text(&mut scale, &["apiVersion"], "autoscaling/v1");
    for member in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
        tree::copy(&mut scale, object, &["metadata", member]);
    }
    if let Some(paths) = paths {
        tree::set(&mut scale, &["spec", "replicas"], Value::Int(paths.spec(object).unwrap_or(0)));
        tree::set(&mut scale, &["status", "replicas"], Value::Int(paths.status(object)));
        tree::set_text(&mut scale, &["status", "selector"], paths.selector(object));
        return scale;
    }
    let number = |path: &[&str]| Value::Int(tree::int(object, path).unwrap_or(0));
    tree::set(&mut scale, &["spec", "replicas"], number(&["spec", "replicas"]));
    tree::set(&mut scale, &["status", "replicas"], number(&["status", "replicas"]));
    tree::set_text(&mut scale, &["status", "selector"], &selector_text(object.path(&["spec", "selector"])));
    scale
}

/// The workload with its replicas as the Scale says.
pub(super) fn put_back(scale: &Value, old: &Value, paths: Option<&ScalePaths>) -> Result<Value, ApiError> {
    let mut object = old.clone();
    let replicas = tree::int(scale, &["spec", "replicas"]).unwrap_or(0);
    match paths {
        Some(paths) => {
            if !custom::set_replicas(&mut object, &paths.spec_names(), replicas) {
                let path = &paths.spec_replicas;
                return Err(ApiError::bad_request(format!("the spec replicas field {path:?} cannot be set")));
            }
        }
        None => tree::set(&mut object, &["spec", "replicas"], Value::Int(replicas)),
    }
    for member in ["resourceVersion", "uid"] {
        tree::copy(&mut object, scale, &["metadata", member]);
    }
    Ok(object)
}

/// An applied Scale as a configuration of the workload: nothing but its replicas.
pub(super) fn partial(scale: &Value, live: &Value, paths: Option<&ScalePaths>) -> Value {
    let Value::Struct(fields) = live else { return scale.clone() };
    let mut object = Value::Struct(Struct::new(fields.ty().clone()));
    for member in ["kind", "apiVersion"] {
        tree::copy(&mut object, live, &[member]);
    }
    for member in ["name", "namespace", "resourceVersion", "uid"] {
        tree::copy(&mut object, scale, &["metadata", member]);
    }
    match (paths, tree::int(scale, &["spec", "replicas"])) {
        (Some(paths), Some(replicas)) => {
            // What is in the way of the path is found when the whole is validated.
            if !custom::set_replicas(&mut object, &paths.spec_names(), replicas) {
                tracing::debug!(path = paths.spec_replicas, "A scale's path leads nowhere.");
            }
        }
        (Some(_), None) => {}
        (None, _) => tree::copy(&mut object, scale, &["spec", "replicas"]),
    }
    object
}

/// What is wrong with a Scale.
pub(super) fn check(scale: &Value, name: &str) -> Result<(), ApiError> {
    let replicas = tree::int(scale, &["spec", "replicas"]).unwrap_or(0);
    if replicas >= 0 {
        return Ok(());
    }
    let cause = Cause {
        reason: "FieldValueInvalid".to_owned(),
        message: format!("Invalid value: {replicas}: must be greater than or equal to 0"),
        field: "spec.replicas".to_owned(),
    };
    Err(ApiError::invalid("autoscaling", "Scale", name, vec![cause]))
}

/// A selector in its text form: a LabelSelector's, or a plain map's (ReplicationController).
fn selector_text(selector: Option<&Value>) -> String {
    let Some(selector) = selector else { return String::new() };
    if let Some(map) = selector.as_map() {
        let pairs = map.iter().map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()));
        return pairs.collect::<Vec<_>>().join(",");
    }
    match LabelSelector::from_value(selector) {
        Ok(selector) => selector.requirements.iter().map(requirement_text).collect::<Vec<_>>().join(","),
        Err(_) => String::new(),
    }
}

fn requirement_text(requirement: &Requirement) -> String {
    let Requirement { key, operator, values } = requirement;
    match (operator, values.as_slice()) {
        (Operator::Exists, _) => key.clone(),
        (Operator::DoesNotExist, _) => format!("!{key}"),
        (Operator::In, [value]) => format!("{key}={value}"),
        (Operator::In, values) => format!("{key} in ({})", values.join(",")),
        (Operator::NotIn, [value]) => format!("{key}!={value}"),
        (Operator::NotIn, values) => format!("{key} notin ({})", values.join(",")),
        (Operator::Gt, values) => format!("{key}>{}", values.join(",")),
        (Operator::Lt, values) => format!("{key}<{}", values.join(",")),
    }
}
