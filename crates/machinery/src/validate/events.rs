//! Events. They are kept in the core group's form; those that come by `events.k8s.io` are held to more.

use mizzen_schema::value::Value;

use super::check::{Errors, complain, immutable, int, required, same, some, text};
use crate::field::{FieldError, Path};
use crate::name;

const SHORT_MAX: usize = 128;
const NOTE_MAX: usize = 1024;

/// What every event must be; the group is that of the request.
fn common(errors: &mut Errors, group: &str, event: &Value) {
    let namespace = crate::meta::namespace(event);
    let about = event.str_at(&["involvedObject", "namespace"]).unwrap_or_default();
    let involved = Path::new("involvedObject");
    let misplaced = |errors: &mut Errors| {
        let detail = "does not match event.namespace";
        errors.push(FieldError::invalid(&involved.child("namespace"), about, detail));
    };
    if text(event, "eventTime").is_empty() {
        let fits = if about.is_empty() { matches!(namespace, "" | "default") } else { about == namespace };
        if !fits {
            misplaced(errors);
        }
    } else {
        if about.is_empty() && !matches!(namespace, "default" | "kube-system") {
            misplaced(errors);
        }
        let reporter = if group.is_empty() { "reportingComponent" } else { "reportingController" };
        let controller = text(event, "reportingComponent");
        required(errors, &Path::new(reporter), controller);
        complain(errors, &Path::new(reporter), controller, name::qualified_name(controller));
        for field in ["reportingInstance", "action", "reason"] {
            let value = text(event, field);
            required(errors, &Path::new(field), value);
            at_most(errors, field, value, SHORT_MAX);
        }
        at_most(errors, "message", text(event, "message"), NOTE_MAX);
    }
    complain(errors, &Path::new("namespace"), namespace, name::dns_1123_subdomain(namespace));
}

fn at_most(errors: &mut Errors, field: &str, value: &str, max: usize) {
    if value.len() > max {
        let detail = format!("can have at most {max} characters");
        errors.push(FieldError::invalid(&Path::new(field), "", detail));
    }
}

fn series(errors: &mut Errors, event: &Value) {
    let Some(series) = some(event, "series") else { return };
    if int(series, "count").unwrap_or_default() < 2 {
        errors.push(FieldError::invalid(&Path::new("series.count"), "", "should be at least 2"));
    }
    required(errors, &Path::new("series.lastObservedTime"), text(series, "lastObservedTime"));
}

/// A new event, in the core group's form.
pub(super) fn create(errors: &mut Errors, group: &str, event: &Value) {
    common(errors, group, event);
    if group.is_empty() {
        return;
    }
    series(errors, event);
    required(errors, &Path::new("eventTime"), text(event, "eventTime"));
    let kind = text(event, "type");
    if !matches!(kind, "Normal" | "Warning") {
        let detail = format!("has invalid value: {kind}");
        errors.push(FieldError::invalid(&Path::new("type"), "", detail));
    }
    let source = event.get("source");
    let from = |field: &str| source.is_some_and(|source| !text(source, field).is_empty());
    for (field, set) in [
        ("firstTimestamp", !text(event, "firstTimestamp").is_empty()),
        ("lastTimestamp", !text(event, "lastTimestamp").is_empty()),
        ("count", int(event, "count").unwrap_or_default() != 0),
        ("source", from("component") || from("host")),
    ] {
        if set {
            errors.push(FieldError::invalid(&Path::new(field), "", "needs to be unset"));
        }
    }
}

/// An event that goes on: only its series changes when it came by `events.k8s.io`.
pub(super) fn update(errors: &mut Errors, group: &str, new: &Value, old: &Value) {
    common(errors, group, new);
    if group.is_empty() {
        return;
    }
    if !same(new.get("series"), old.get("series")) {
        series(errors, new);
    }
    for (field, shown) in [
        ("involvedObject", "involvedObject"),
        ("reason", "reason"),
        ("message", "message"),
        ("source", "source"),
        ("firstTimestamp", "firstTimestamp"),
        ("lastTimestamp", "lastTimestamp"),
        ("count", "count"),
        ("reason", "reason"),
        ("type", "type"),
        ("eventTime", "eventTime"),
        ("action", "action"),
        ("related", "related"),
        ("reportingComponent", "reportingController"),
        ("reportingInstance", "reportingInstance"),
    ] {
        immutable(errors, &Path::new(shown), new.get(field), old.get(field));
    }
}
