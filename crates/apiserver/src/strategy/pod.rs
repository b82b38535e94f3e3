//! Pods.

use std::collections::BTreeMap;

use mizzen_machinery::quantity::Quantity;
use mizzen_schema::value::{Map, Struct, Value};

use super::{Facts, Generation, Rules, field, field_or, selectable};
use crate::tree::{self, builtin_type};

pub(super) static PODS: Rules = Rules {
    fields: &[
        field("spec.nodeName"),
        field("spec.restartPolicy"),
        field("spec.schedulerName"),
        field("spec.serviceAccountName"),
        field_or("spec.hostNetwork", "false"),
        field("status.phase"),
        field("status.podIP"),
        // Accepted, but nothing fills it in.
        selectable("status.podIPs", "", "", ""),
        field("status.nominatedNodeName"),
        selectable("spec.host", "spec.nodeName", "", ""),
    ],
    trigger: "spec.nodeName",
    generation: Generation::Spec,
    return_deleted: true,
    prepare_create: create,
    prepare_update: update,
    prepare_status: status,
    grace: Some(grace),
    ..Rules::DEFAULT
};

fn create(pod: &mut Value, facts: Facts<'_>) {
    tree::set(pod, &["status"], tree::empty("io.k8s.api.core.v1.PodStatus"));
    tree::set(pod, &["status", "phase"], Value::string("Pending"));
    tree::set(pod, &["status", "qosClass"], Value::string(qos_class(pod)));
    if !pod.path(&["spec", "schedulingGates"]).is_none_or(Value::is_zero) {
        let message = "Scheduling is blocked due to non-empty scheduling gates";
        add_condition(pod, "PodScheduled", "False", "SchedulingGated", message, facts);
    }
    select_own_labels(pod);
}

/// Where a pod's affinity has its terms, with where a term has the selector that its keys are for.
const TERMS: [([&str; 4], &[&str]); 4] = [
    (["spec", "affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution"], &[]),
    (
        ["spec", "affinity", "podAffinity", "preferredDuringSchedulingIgnoredDuringExecution"],
        &["podAffinityTerm"],
    ),
    (["spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"], &[]),
    (
        ["spec", "affinity", "podAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution"],
        &["podAffinityTerm"],
    ),
];

/// Where a new pod names keys of its own labels, the selector beside them comes to say what that means.
/// Source: KEP-3633 (`matchLabelKeys` and `mismatchLabelKeys` in affinity), KEP-3243 (in topology spread).
fn select_own_labels(pod: &mut Value) {
    let Some(labels) = pod.path(&["metadata", "labels"]).and_then(Value::as_map).cloned() else { return };
    for (path, inner) in TERMS {
        let Some(Value::List(terms)) = pod.path_mut(&path) else { continue };
        for term in terms.iter_mut().filter_map(|term| term.path_mut(inner)) {
            select_labels(term, "matchLabelKeys", "In", &labels);
            select_labels(term, "mismatchLabelKeys", "NotIn", &labels);
        }
    }
    let Some(Value::List(constraints)) = pod.path_mut(&["spec", "topologySpreadConstraints"]) else { return };
    for constraint in constraints {
        select_labels(constraint, "matchLabelKeys", "In", &labels);
    }
}

/// Adds a requirement for each key that the pod has a label of; a selector that is not there selects nothing.
fn select_labels(term: &mut Value, keys: &str, operator: &str, labels: &Map) {
    let values: Vec<(String, Value)> = tree::texts(term, &[keys])
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), labels.get(key)?.clone())))
        .collect();
    if values.is_empty() || term.get("labelSelector").is_none_or(|selector| *selector == Value::Null) {
        return;
    }
    let Some(list) = tree::make(term, &["labelSelector", "matchExpressions"]) else { return };
    if !matches!(list, Value::List(_)) {
        *list = Value::List(Vec::new());
    }
    let Value::List(expressions) = list else { return };
    for (key, value) in values {
        let mut requirement = tree::empty("io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement");
        tree::set_text(&mut requirement, &["key"], &key);
        tree::set_text(&mut requirement, &["operator"], operator);
        tree::set(&mut requirement, &["values"], Value::List(vec![value]));
        expressions.push(requirement);
    }
}

fn update(new: &mut Value, old: &Value, _: Facts<'_>) {
    tree::copy(new, old, &["status"]);
    // Tokens of old clients fill the deprecated alias only.
    if tree::same(new, old, &["spec", "serviceAccountName"]) {
        tree::copy(new, old, &["spec", "serviceAccount"]);
    }
}

fn status(new: &mut Value, old: &Value, _: Facts<'_>) {
    // A node may not revive or rush a deletion through the status.
    tree::copy(new, old, &["metadata", "deletionTimestamp"]);
    tree::copy(new, old, &["metadata", "deletionGracePeriodSeconds"]);
    tree::copy(new, old, &["metadata", "ownerReferences"]);
    // The class never changes.
    if old.str_at(&["status", "qosClass"]).is_some() {
        tree::copy(new, old, &["status", "qosClass"]);
    }
}

/// A pod that no node runs goes at once, another gets its grace period.
fn grace(pod: &Value, requested: Option<i64>) -> i64 {
    let of_spec = tree::int(pod, &["spec", "terminationGracePeriodSeconds"]).unwrap_or(0);
    let seconds = requested.unwrap_or(of_spec);
    let unassigned = pod.str_at(&["spec", "nodeName"]).unwrap_or_default().is_empty();
    let finished = matches!(pod.str_at(&["status", "phase"]), Some("Failed" | "Succeeded"));
    match seconds {
        _ if unassigned || finished => 0,
        ..0 => 1,
        seconds => seconds,
    }
}

/// The pod's quality of service, by its containers' requests and limits of CPU and memory.
/// Source: "Pod Quality of Service Classes".
fn qos_class(pod: &Value) -> &'static str {
    let spec = pod.get("spec");
    // Resources of the pod as a whole decide alone.
    let whole = spec.and_then(|spec| spec.get("resources")).filter(|resources| !resources.is_zero());
    let parts: Vec<&Value> = match whole {
        Some(resources) => vec![resources],
        None => ["containers", "initContainers"]
            .iter()
            .filter_map(|list| spec?.get(list))
            .flat_map(|list| list.items())
            .map(|container| container.get("resources").unwrap_or(&Value::Null))
            .collect(),
    };
    let mut any = false;
    let mut guaranteed = true;
    for resources in parts {
        let requests = compute(resources.get("requests"));
        let limits = compute(resources.get("limits"));
        any |= !requests.is_empty() || !limits.is_empty();
        guaranteed &= limits.len() == 2
            && limits.iter().all(|(name, limit)| requests.get(name).is_none_or(|request| request == limit));
    }
    match (any, guaranteed) {
        (false, _) => "BestEffort",
        (true, true) => "Guaranteed",
        (true, false) => "Burstable",
    }
}

/// The amounts of CPU and memory that are not zero, in thousandths.
fn compute(amounts: Option<&Value>) -> BTreeMap<&'static str, i64> {
    let of = |name: &'static str| {
        let text = amounts?.get(name)?.as_str()?;
        let milli = text.parse::<Quantity>().ok()?.milli_value();
        (milli != 0).then_some((name, milli))
    };
    ["cpu", "memory"].into_iter().filter_map(of).collect()
}

/// Whether the pod's condition Ready is true.
pub(crate) fn is_ready(pod: &Value) -> bool {
    let conditions = pod.path(&["status", "conditions"]).map(Value::items).unwrap_or_default();
    conditions.iter().any(|condition| {
        condition.str_at(&["type"]) == Some("Ready") && condition.str_at(&["status"]) == Some("True")
    })
}

/// Sets a condition of a pod; its transition time moves only with its status.
pub(crate) fn add_condition(
    pod: &mut Value,
    ty: &str,
    status: &str,
    reason: &str,
    message: &str,
    facts: Facts<'_>,
) {
    let Some(list) = tree::make(pod, &["status", "conditions"]) else { return };
    if !matches!(list, Value::List(_)) {
        *list = Value::List(Vec::new());
    }
    let Value::List(conditions) = list else { return };
    let at = conditions.iter().position(|condition| condition.str_at(&["type"]) == Some(ty));
    let at = at.unwrap_or_else(|| {
        conditions.push(Value::Struct(Struct::new(builtin_type("io.k8s.api.core.v1.PodCondition"))));
        conditions.len() - 1
    });
    let condition = &mut conditions[at];
    if condition.str_at(&["status"]) != Some(status) {
        tree::set(condition, &["lastTransitionTime"], tree::time(facts.now));
    }
    tree::set_text(condition, &["type"], ty);
    tree::set_text(condition, &["status"], status);
    tree::set_text(condition, &["reason"], reason);
    tree::set_text(condition, &["message"], message);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_own_labels_are_selected() {
        let check = |spec: &str, expect: &str| {
            let ty = builtin_type("io.k8s.api.core.v1.Pod");
            let decode = |spec: &str| {
                let text = format!(
                    r#"{{"metadata":{{"labels":{{"a":"1","b":"2"}}}},"spec":{{{spec},"containers":[]}}}}"#
                );
                let options = mizzen_schema::decode::Options::default();
                mizzen_schema::json::decode(text.as_bytes(), &ty, &options).expect("a pod").value
            };
            let mut pod = decode(spec);
            select_own_labels(&mut pod);
            assert_eq!(pod, decode(expect), "{spec}");
        };
        let required = "requiredDuringSchedulingIgnoredDuringExecution";
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        let term = |selector: &str| {
            format!(
                r#"{{"topologyKey":"z","matchLabelKeys":["a","none"],"mismatchLabelKeys":["b"],"labelSelector":{selector}}}"#
            )
        };
        let added =
            r#"{"key":"a","operator":"In","values":["1"]},{"key":"b","operator":"NotIn","values":["2"]}"#;
        let whole = format!(r#"{{"matchExpressions":[{added}]}}"#);
        let more = format!(r#"{{"matchExpressions":[{{"key":"c","operator":"Exists"}},{added}]}}"#);
        let affinity = |kind: &str, one: &str, two: &str| {
            format!(
                r#""affinity":{{"{kind}":{{"{required}":[{one}],"{preferred}":[{{"weight":1,"podAffinityTerm":{two}}}]}}}}"#
            )
        };
        for kind in ["podAffinity", "podAntiAffinity"] {
            let exists = r#"{"matchExpressions":[{"key":"c","operator":"Exists"}]}"#;
            check(&affinity(kind, &term("{}"), &term(exists)), &affinity(kind, &term(&whole), &term(&more)));
            // Nothing is selected without a selector.
            check(
                &affinity(kind, &term("null"), &term("null")),
                &affinity(kind, &term("null"), &term("null")),
            );
        }
        let spread = |selector: &str| {
            format!(
                r#""topologySpreadConstraints":[{{"maxSkew":1,"topologyKey":"z","whenUnsatisfiable":"DoNotSchedule","matchLabelKeys":["b"],"labelSelector":{selector}}}]"#
            )
        };
        check(
            &spread(r#"{"matchLabels":{"x":"y"}}"#),
            &spread(
                r#"{"matchLabels":{"x":"y"},"matchExpressions":[{"key":"b","operator":"In","values":["2"]}]}"#,
            ),
        );
    }
}
