//! Where a pod may run: affinity, tolerations, spreading.

use std::collections::BTreeMap;

use mizzen_schema::value::Value;

use super::check::{
    Errors, NO_OPERATOR, Seen, complain, entries, int, label_name, label_selector, list, one_of, required,
    some, text, text_of, texts,
};
use crate::field::{FieldError, Path};
use crate::name;

pub(super) fn affinity(errors: &mut Errors, path: &Path<'_>, affinity: Option<&Value>) {
    let Some(affinity) = affinity else { return };
    if let Some(node) = some(affinity, "nodeAffinity") {
        let path = path.child("nodeAffinity");
        if let Some(selector) = some(node, "requiredDuringSchedulingIgnoredDuringExecution") {
            node_selector(errors, &path.child("requiredDuringSchedulingIgnoredDuringExecution"), selector);
        }
        let preferred = path.child("preferredDuringSchedulingIgnoredDuringExecution");
        for (at, term) in list(node, "preferredDuringSchedulingIgnoredDuringExecution").iter().enumerate() {
            let path = preferred.index(at);
            weight(errors, &path, term);
            if let Some(preference) = some(term, "preference") {
                node_term(errors, &path.child("preference"), preference, false);
            }
        }
    }
    for field in ["podAffinity", "podAntiAffinity"] {
        if let Some(pods) = some(affinity, field) {
            pod_affinity(errors, &path.child(field), pods);
        }
    }
}

fn weight(errors: &mut Errors, path: &Path<'_>, term: &Value) {
    let weight = int(term, "weight").unwrap_or_default();
    if !(1..=100).contains(&weight) {
        errors.push(FieldError::invalid(&path.child("weight"), weight, "must be in the range 1-100"));
    }
}

/// A `NodeSelector`, of pods and of persistent volumes.
pub(super) fn node_selector(errors: &mut Errors, path: &Path<'_>, selector: &Value) {
    let path = path.child("nodeSelectorTerms");
    let terms = list(selector, "nodeSelectorTerms");
    if terms.is_empty() {
        errors.push(FieldError::required(&path, "must have at least one node selector term"));
    }
    for (at, term) in terms.iter().enumerate() {
        node_term(errors, &path.index(at), term, true);
    }
}

/// Preferences may name values that no label can have.
fn node_term(errors: &mut Errors, path: &Path<'_>, term: &Value, check_values: bool) {
    let expressions = path.child("matchExpressions");
    for (at, expression) in list(term, "matchExpressions").iter().enumerate() {
        node_expression(errors, &expressions.index(at), expression, check_values);
    }
    let fields = path.child("matchFields");
    for (at, field) in list(term, "matchFields").iter().enumerate() {
        node_field(errors, &fields.index(at), field);
    }
}

fn node_expression(errors: &mut Errors, path: &Path<'_>, expression: &Value, check_values: bool) {
    let values = list(expression, "values");
    let path_values = path.child("values");
    match text(expression, "operator") {
        "In" | "NotIn" if values.is_empty() => errors
            .push(FieldError::required(&path_values, "must be specified when `operator` is 'In' or 'NotIn'")),
        "Exists" | "DoesNotExist" if !values.is_empty() => errors.push(FieldError::forbidden(
            &path_values,
            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        )),
        "Gt" | "Lt" if values.len() != 1 => errors.push(FieldError::required(
            &path_values,
            "must be specified single value when `operator` is 'Lt' or 'Gt'",
        )),
        "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" => {}
        other => errors.push(FieldError::invalid(&path.child("operator"), other, NO_OPERATOR)),
    }
    label_name(errors, &path.child("key"), text(expression, "key"));
    for (at, value) in values.iter().filter_map(Value::as_str).enumerate().filter(|_| check_values) {
        complain(errors, &path_values.index(at), value, name::label_value(value));
    }
}

fn node_field(errors: &mut Errors, path: &Path<'_>, field: &Value) {
    let values = list(field, "values");
    match text(field, "operator") {
        "In" | "NotIn" if values.len() != 1 => errors.push(FieldError::required(
            &path.child("values"),
            "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
        )),
        "In" | "NotIn" => {}
        other => errors.push(FieldError::invalid(&path.child("operator"), other, NO_OPERATOR)),
    }
    let key = text(field, "key");
    if key != "metadata.name" {
        errors.push(FieldError::invalid(&path.child("key"), key, "not a valid field selector key"));
        return;
    }
    for (at, value) in values.iter().filter_map(Value::as_str).enumerate() {
        complain(errors, &path.child("values").index(at), value, name::dns_1123_subdomain(value));
    }
}

fn pod_affinity(errors: &mut Errors, path: &Path<'_>, affinity: &Value) {
    let required = path.child("requiredDuringSchedulingIgnoredDuringExecution");
    for (at, term) in list(affinity, "requiredDuringSchedulingIgnoredDuringExecution").iter().enumerate() {
        pod_term(errors, &required.index(at), term);
    }
    let preferred = path.child("preferredDuringSchedulingIgnoredDuringExecution");
    for (at, term) in list(affinity, "preferredDuringSchedulingIgnoredDuringExecution").iter().enumerate() {
        let path = preferred.index(at);
        weight(errors, &path, term);
        if let Some(term) = some(term, "podAffinityTerm") {
            pod_term(errors, &path.child("podAffinityTerm"), term);
        }
    }
}

fn pod_term(errors: &mut Errors, path: &Path<'_>, term: &Value) {
    label_selector(errors, &path.child("labelSelector"), some(term, "labelSelector"));
    label_selector(errors, &path.child("namespaceSelector"), some(term, "namespaceSelector"));
    for namespace in texts(term, "namespaces") {
        complain(errors, &path.child("namespace"), namespace, name::dns_1123_label(namespace));
    }
    label_keys(errors, path, term, "matchLabelKeys");
    label_keys(errors, path, term, "mismatchLabelKeys");
    keys_in_selector(errors, path, term);
    let mismatch = list(term, "mismatchLabelKeys");
    for (at, key) in list(term, "matchLabelKeys").iter().enumerate() {
        if mismatch.contains(key) {
            let path = path.child("matchLabelKeys");
            let detail = "exists in both matchLabelKeys and mismatchLabelKeys";
            errors.push(FieldError::invalid(&path.index(at), key, detail));
        }
    }
    let key = text(term, "topologyKey");
    if key.is_empty() {
        errors.push(FieldError::required(&path.child("topologyKey"), "can not be empty"));
    }
    label_name(errors, &path.child("topologyKey"), key);
}

/// A key that is matched anyhow may not be in the selector besides: it is there once when the pod was created.
fn keys_in_selector(errors: &mut Errors, path: &Path<'_>, term: &Value) {
    let keys = list(term, "matchLabelKeys");
    let Some(selector) = some(term, "labelSelector").filter(|_| !keys.is_empty()) else { return };
    let mut seen: Seen<&str> = entries(selector, "matchLabels").map(|(key, _)| key).collect();
    for expression in list(selector, "matchExpressions") {
        let key = text(expression, "key");
        let at = keys.iter().rposition(|own| own.as_str() == Some(key));
        if let Some(at) = at.filter(|_| seen.contains(key)) {
            // As Kubernetes names it.
            let detail = "exists in both matchLabelKeys and labelSelector";
            errors.push(FieldError::invalid(&path.index(at), key, detail));
        }
        seen.insert(key);
    }
}

fn label_keys(errors: &mut Errors, path: &Path<'_>, owner: &Value, field: &str) {
    let keys = list(owner, field);
    let path = path.child(field);
    if keys.is_empty() {
        return;
    }
    if some(owner, "labelSelector").is_none() {
        errors.push(FieldError::forbidden(&path, "must not be specified when labelSelector is not set"));
        return;
    }
    for (at, key) in keys.iter().filter_map(Value::as_str).enumerate() {
        label_name(errors, &path.index(at), key);
    }
}

pub(super) fn tolerations(errors: &mut Errors, path: &Path<'_>, tolerations: &[Value]) {
    for (at, toleration) in tolerations.iter().enumerate() {
        let path = path.index(at);
        let (key, operator) = (text(toleration, "key"), text(toleration, "operator"));
        let (value, effect) = (text(toleration, "value"), text(toleration, "effect"));
        if !key.is_empty() {
            label_name(errors, &path.child("key"), key);
        }
        if key.is_empty() && operator != "Exists" {
            let detail =
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
            errors.push(FieldError::invalid(&path.child("operator"), operator, detail));
        }
        if int(toleration, "tolerationSeconds").is_some() && effect != "NoExecute" {
            let detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
            errors.push(FieldError::invalid(&path.child("effect"), effect, detail));
        }
        let operator_path = path.child("operator");
        match operator {
            "" | "Equal" => {
                let complaints = name::label_value(value);
                if !complaints.is_empty() {
                    errors.push(FieldError::invalid(&operator_path, value, complaints.join(";")));
                }
            }
            "Exists" if !value.is_empty() => {
                let detail = "value must be empty when `operator` is 'Exists'";
                errors.push(FieldError::invalid(&operator_path, value, detail));
            }
            "Exists" => {}
            // Comparisons are behind a feature gate that is off by default.
            "Lt" | "Gt" => {
                let supported = ["Equal", "Exists", "Lt", "Gt"];
                errors.push(FieldError::not_supported(&operator_path, operator, &supported));
            }
            other => errors.push(FieldError::not_supported(&operator_path, other, &["Equal", "Exists"])),
        }
        if !effect.is_empty() {
            taint_effect(errors, &path.child("effect"), effect);
        }
    }
}

/// What a taint does.
pub(super) fn taint_effect(errors: &mut Errors, path: &Path<'_>, effect: &str) {
    one_of(errors, path, effect, &["NoSchedule", "PreferNoSchedule", "NoExecute"]);
}

pub(super) fn topology_spread(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let constraints = list(spec, "topologySpreadConstraints");
    if constraints.is_empty() {
        return;
    }
    fn pair(constraint: &Value) -> (&str, &str) {
        (text(constraint, "topologyKey"), text(constraint, "whenUnsatisfiable"))
    }
    let last: BTreeMap<(&str, &str), usize> =
        constraints.iter().enumerate().map(|(at, constraint)| (pair(constraint), at)).collect();
    for (at, constraint) in constraints.iter().enumerate() {
        let path = path.index(at);
        let skew = int(constraint, "maxSkew").unwrap_or_default();
        if skew <= 0 {
            errors.push(FieldError::invalid(&path.child("maxSkew"), skew, super::check::NOT_POSITIVE));
        }
        let key = text(constraint, "topologyKey");
        if key.is_empty() {
            errors.push(FieldError::required(&path.child("topologyKey"), "can not be empty"));
        } else {
            label_name(errors, &path.child("topologyKey"), key);
        }
        let action = text(constraint, "whenUnsatisfiable");
        one_of(errors, &path.child("whenUnsatisfiable"), action, &["DoNotSchedule", "ScheduleAnyway"]);
        // The last of those that are alike is the one that counts.
        if last.get(&pair(constraint)).is_some_and(|last| *last > at) {
            let shown = format!("{{{key}, {action}}}");
            errors.push(FieldError::duplicate(&path.child("{topologyKey, whenUnsatisfiable}"), &shown));
        }
        if let Some(domains) = int(constraint, "minDomains") {
            let path = path.child("minDomains");
            if domains <= 0 {
                errors.push(FieldError::invalid(&path, domains, super::check::NOT_POSITIVE));
            }
            if action != "DoNotSchedule" {
                let detail =
                    format!("can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
                errors.push(FieldError::invalid(&path, domains, detail));
            }
        }
        for field in ["nodeAffinityPolicy", "nodeTaintsPolicy"] {
            if let Some(policy) = text_of(constraint, field) {
                one_of(errors, &path.child(field), policy, &["Honor", "Ignore"]);
            }
        }
        label_keys(errors, &path, constraint, "matchLabelKeys");
        keys_in_selector(errors, &path, constraint);
        label_selector(errors, &path.child("labelSelector"), some(constraint, "labelSelector"));
    }
}

pub(super) fn taints(errors: &mut Errors, path: &Path<'_>, taints: &[Value]) {
    let mut seen: Seen<(&str, &str)> = Seen::new();
    for (at, taint) in taints.iter().enumerate() {
        let path = path.index(at);
        let (key, value, effect) = (text(taint, "key"), text(taint, "value"), text(taint, "effect"));
        label_name(errors, &path.child("key"), key);
        let complaints = name::label_value(value);
        if !complaints.is_empty() {
            errors.push(FieldError::invalid(&path.child("value"), value, complaints.join(";")));
        }
        if required(errors, &path.child("effect"), effect) {
            taint_effect(errors, &path.child("effect"), effect);
        }
        if !seen.insert((key, effect)) {
            let detail = "taints must be unique by key and effect pair";
            errors.push(FieldError::duplicate_as(&path, taint, detail));
        }
    }
}

/// Names of scheduling gates.
pub(super) fn gates(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let mut seen = Seen::new();
    for (at, gate) in list(spec, "schedulingGates").iter().enumerate() {
        let name = text(gate, "name");
        complain(errors, &path.index(at), name, name::qualified_name(name));
        if !seen.insert(name) {
            errors.push(FieldError::duplicate(&path.index(at), name));
        }
    }
}
