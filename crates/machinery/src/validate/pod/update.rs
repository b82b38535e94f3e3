//! What of a pod may change.

use mizzen_schema::value::{Struct, Value};

use super::{DEADLINE_MAX, MIRROR, annotations, image_whitespace, whole};
use crate::field::{FieldError, Path, quote};
use crate::name;
use crate::validate::check::{Errors, entries, int, list, required, same, text};
use crate::validate::scheduling;

/// What of a pod may change: images, the deadline, more tolerations, fewer gates, and for pods that wait behind a
/// gate, where they may run.
pub(in crate::validate) fn update(errors: &mut Errors, new: &Value, old: &Value) {
    whole(errors, new);
    annotations::changes(errors, new, old);
    let path = Path::new("spec");
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    for field in ["containers", "initContainers"] {
        if list(spec, field).len() != list(before, field).len() {
            let detail = "pod updates may not add or remove containers";
            errors.push(FieldError::forbidden(&path.child(field), detail));
            return;
        }
        let path = path.child(field);
        for (at, container) in list(spec, field).iter().enumerate() {
            required(errors, &path.index(at).child("image"), text(container, "image"));
            image_whitespace(errors, &path.index(at), container);
        }
    }
    if !deadline(errors, &path.child("activeDeadlineSeconds"), spec, before) {
        return;
    }
    added_tolerations(errors, &path.child("tolerations"), spec, before);
    let had: Vec<&str> = list(before, "schedulingGates").iter().map(|gate| text(gate, "name")).collect();
    for (at, gate) in list(spec, "schedulingGates").iter().enumerate() {
        let gate = text(gate, "name");
        if !had.contains(&gate) {
            let path = path.child("schedulingGates");
            let detail = format!("only deletion is allowed, but found new scheduling gate '{gate}'");
            errors.push(FieldError::forbidden(&path.index(at).child("name"), detail));
        }
    }
    if spec == before {
        return;
    }
    let mut comparable = spec.clone();
    keep_mutable(&mut comparable, before);
    if !had.is_empty() {
        gated(errors, &path, &mut comparable, before);
    }
    if !same_struct(&comparable, before) {
        let detail = format!(
            "pod updates may not change fields other than `spec.containers[*].image`,\
             `spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to \
             existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was \
             previously negative)\n{}",
            difference(before, &comparable)
        );
        errors.push(FieldError::forbidden(&path, detail));
    }
}

/// Equal, where fields that are unset and empty are alike.
pub(in crate::validate) fn same_struct(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_struct(), b.as_struct()) else { return a == b };
    let differs = |from: &Struct, other: &Struct| {
        from.fields().any(|(number, _, value)| !same(Some(value), other.at(number)))
    };
    !differs(a, b) && !differs(b, a)
}

/// The members that differ, a line for each side.
pub(in crate::validate) fn difference(old: &Value, new: &Value) -> String {
    let mut out = String::new();
    let (Some(old), Some(new)) = (old.as_struct(), new.as_struct()) else { return out };
    let show = |out: &mut String, sign: char, name: &str, value: Option<&Value>| {
        if let Some(value) = value {
            out.push_str(&format!("{sign} {name}: {}\n", crate::field::Shown::Tree(value)));
        }
    };
    for (number, field) in (0..=u16::MAX).zip(old.ty().fields.iter()) {
        if !same(old.at(number), new.at(number)) {
            show(&mut out, '-', &field.json, old.at(number));
            show(&mut out, '+', &field.json, new.at(number));
        }
    }
    out
}

/// Puts back what may change.
fn keep_mutable(spec: &mut Value, before: &Value) {
    for field in ["containers", "initContainers"] {
        if let Some(Value::List(containers)) = spec.get_mut(field) {
            for (container, before) in containers.iter_mut().zip(list(before, field)) {
                put_back(container, before, "image");
            }
        }
    }
    for field in ["activeDeadlineSeconds", "schedulingGates", "tolerations"] {
        put_back(spec, before, field);
    }
    let seconds = "terminationGracePeriodSeconds";
    if int(before, seconds).is_some_and(|seconds| seconds < 0) && int(spec, seconds) == Some(1) {
        put_back(spec, before, seconds);
    }
}

fn put_back(value: &mut Value, before: &Value, field: &str) {
    let Some(fields) = value.as_struct_mut() else { return };
    match before.get(field) {
        Some(before) => {
            fields.set(field, before.clone());
        }
        None => {
            fields.remove(field);
        }
    }
}

/// Pods behind a scheduling gate may narrow where they run.
fn gated(errors: &mut Errors, path: &Path<'_>, spec: &mut Value, before: &Value) {
    if !same(spec.get("nodeSelector"), before.get("nodeSelector")) {
        let kept = entries(before, "nodeSelector")
            .all(|(key, value)| spec.path(&["nodeSelector", key]) == Some(value));
        if !kept {
            let detail = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
            errors.push(FieldError::invalid(&path.child("nodeSelector"), spec.get("nodeSelector"), detail));
        }
        put_back(spec, before, "nodeSelector");
    }
    let node = ["affinity", "nodeAffinity"];
    if spec.path(&node) != before.path(&node) {
        let path = path.child("affinity.nodeAffinity");
        node_affinity_change(errors, &path, spec.path(&node), before.path(&node));
        match (spec.get_mut("affinity"), before.get("affinity")) {
            (Some(affinity), Some(before)) => put_back(affinity, before, "nodeAffinity"),
            (Some(affinity), None) => {
                if let Some(fields) = affinity.as_struct_mut() {
                    fields.remove("nodeAffinity");
                }
                if affinity.is_zero() {
                    put_back(spec, before, "affinity");
                }
            }
            (None, Some(_)) => put_back(spec, before, "affinity"),
            (None, None) => {}
        }
    }
}

fn node_affinity_change(errors: &mut Errors, path: &Path<'_>, new: Option<&Value>, old: Option<&Value>) {
    let terms = |affinity: Option<&Value>| -> Vec<Value> {
        affinity
            .and_then(|affinity| {
                affinity.path(&["requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"])
            })
            .map(|terms| terms.items().to_vec())
            .unwrap_or_default()
    };
    let (new, old) = (terms(new), terms(old));
    if old.is_empty() {
        return;
    }
    let path = path.child("requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms");
    if new.len() != old.len() {
        let detail = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
        errors.push(FieldError::invalid(&path, &Value::List(new), detail));
        return;
    }
    for (at, (term, before)) in new.iter().zip(&old).enumerate() {
        let kept = ["matchExpressions", "matchFields"]
            .iter()
            .all(|field| list(term, field).starts_with(list(before, field)));
        // A term without requirements matches nothing; adding some would make it match.
        let empty =
            |term: &Value| list(term, "matchExpressions").is_empty() && list(term, "matchFields").is_empty();
        if !kept || (empty(before) && !empty(term)) {
            let detail = "only additions are allowed (no mutations or deletions)";
            errors.push(FieldError::invalid(&path.index(at), term, detail));
        }
    }
}

fn deadline(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) -> bool {
    let (new, old) = (int(spec, "activeDeadlineSeconds"), int(before, "activeDeadlineSeconds"));
    match (new, old) {
        (Some(new), _) if !(0..=DEADLINE_MAX).contains(&new) => {
            errors.push(FieldError::invalid(path, new, name::out_of_range(0, DEADLINE_MAX)));
            return false;
        }
        (Some(new), Some(old)) if old < new => {
            errors.push(FieldError::invalid(path, new, "must be less than or equal to previous value"));
            return false;
        }
        (None, Some(_)) => {
            let detail = "must not update from a positive integer to nil value";
            errors.push(FieldError::invalid(path, None, detail));
        }
        _ => {}
    }
    true
}

fn added_tolerations(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value) {
    let alike = |a: &Value, b: &Value| {
        ["key", "operator", "value", "effect"].iter().all(|field| text(a, field) == text(b, field))
    };
    let new = list(spec, "tolerations");
    if list(before, "tolerations").iter().any(|old| !new.iter().any(|new| alike(new, old))) {
        let detail = "existing toleration can not be modified except its tolerationSeconds";
        errors.push(FieldError::forbidden(path, detail));
        return;
    }
    scheduling::tolerations(errors, path, new);
}

/// Ephemeral containers may be added, never changed or taken away.
pub(in crate::validate) fn update_ephemeral(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("spec");
    let path = path.child("ephemeralContainers");
    if crate::meta::annotation(old, MIRROR).is_some() {
        // Nothing else is said of it.
        errors.clear();
        errors.push(FieldError::forbidden(&Path::new(""), "static pods do not support ephemeral containers"));
        return;
    }
    whole(errors, new);
    annotations::changes(errors, new, old);
    let empty = Value::Null;
    let after = list(new.get("spec").unwrap_or(&empty), "ephemeralContainers");
    for container in list(old.get("spec").unwrap_or(&empty), "ephemeralContainers") {
        let name = text(container, "name");
        match after.iter().find(|other| text(other, "name") == name) {
            None => {
                let detail = format!("existing ephemeral containers {} may not be removed\n", quote(name));
                errors.push(FieldError::forbidden(&path, detail));
            }
            Some(changed) if !same_struct(changed, container) => {
                let detail = format!(
                    "existing ephemeral containers {} may not be changed\n{}",
                    quote(name),
                    difference(container, changed)
                );
                errors.push(FieldError::forbidden(&path, detail));
            }
            Some(_) => {}
        }
    }
}
