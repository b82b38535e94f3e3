//! Which objects a quota is about.

use mizzen_schema::value::Value;

use super::super::pod_refs::containers;
use super::super::tree::{is_set, list, text, texts};

/// Whether a quota is about an object: quotas with scopes are about pods (and claims by class) only.
pub(super) fn matches(quota: &Value, resource: &str, object: &Value) -> bool {
    let scopes = texts(quota, &["spec", "scopes"]).map(|scope| (scope, "Exists", Vec::new()));
    let selected = list(quota, &["spec", "scopeSelector", "matchExpressions"]).iter().map(|expression| {
        let values: Vec<&str> = texts(expression, &["values"]).collect();
        (text(expression, &["scopeName"]), text(expression, &["operator"]), values)
    });
    let all: Vec<(&str, &str, Vec<&str>)> = scopes.chain(selected).collect();
    all.iter().all(|(scope, operator, values)| matches_scope(scope, operator, values, resource, object))
}

fn matches_scope(scope: &str, operator: &str, values: &[&str], resource: &str, object: &Value) -> bool {
    let among = |own: &str| match operator {
        "In" => values.contains(&own),
        "NotIn" => !values.contains(&own),
        "DoesNotExist" => own.is_empty(),
        _ => !own.is_empty(),
    };
    if scope == "VolumeAttributesClass" {
        return resource == "persistentvolumeclaims"
            && among(text(object, &["spec", "volumeAttributesClassName"]));
    }
    if resource != "pods" {
        return false;
    }
    let negate = operator == "DoesNotExist";
    match scope {
        "Terminating" => is_set(object, &["spec", "activeDeadlineSeconds"]) != negate,
        "NotTerminating" => is_set(object, &["spec", "activeDeadlineSeconds"]) == negate,
        "BestEffort" => is_best_effort(object) != negate,
        "NotBestEffort" => is_best_effort(object) == negate,
        "PriorityClass" => among(text(object, &["spec", "priorityClassName"])),
        "CrossNamespacePodAffinity" => crosses_namespaces(object) != negate,
        _ => false,
    }
}

fn is_best_effort(pod: &Value) -> bool {
    let asks = |resources: &Value| {
        ["requests", "limits"].iter().any(|sort| {
            ["cpu", "memory"].iter().any(|name| !matches!(text(resources, &[sort, name]), "" | "0"))
        })
    };
    let spec = pod.get("spec").unwrap_or(&Value::Null);
    let own = spec.get("resources").is_some_and(asks);
    let mut counted = containers(spec).filter(|(field, _, _)| *field != "ephemeralContainers");
    !own && !counted.any(|(_, _, container)| container.get("resources").is_some_and(asks))
}

fn crosses_namespaces(pod: &Value) -> bool {
    let crosses =
        |term: &Value| !list(term, &["namespaces"]).is_empty() || is_set(term, &["namespaceSelector"]);
    ["podAffinity", "podAntiAffinity"].iter().any(|sort| {
        let path = |field: &'static str| ["spec", "affinity", sort, field];
        list(pod, &path("requiredDuringSchedulingIgnoredDuringExecution")).iter().any(crosses)
            || list(pod, &path("preferredDuringSchedulingIgnoredDuringExecution"))
                .iter()
                .any(|weighted| weighted.get("podAffinityTerm").is_some_and(crosses))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::super::tree::build;
    use super::*;

    #[test]
    fn scopes_of_pods() {
        let check = |expression: Json, spec: Json, expect: bool| {
            let quota = build(None, json!({"spec": {"scopeSelector": {"matchExpressions": [expression]}}}));
            assert_eq!(matches(&quota, "pods", &build(None, json!({"spec": spec}))), expect, "{expression}");
        };
        let scope = |name: &str, operator: &str, values: &[&str]| json!({"scopeName": name, "operator": operator, "values": values});
        check(scope("Terminating", "Exists", &[]), json!({"activeDeadlineSeconds": 5}), true);
        check(scope("Terminating", "Exists", &[]), json!({}), false);
        check(scope("PriorityClass", "In", &["high"]), json!({"priorityClassName": "high"}), true);
        check(scope("PriorityClass", "NotIn", &["high"]), json!({"priorityClassName": "high"}), false);
        check(scope("PriorityClass", "DoesNotExist", &[]), json!({}), true);
        check(scope("BestEffort", "Exists", &[]), json!({"containers": [{}]}), true);
        let term = json!({"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
            {"namespaces": ["x"]}]}});
        check(scope("CrossNamespacePodAffinity", "Exists", &[]), json!({"affinity": term}), true);
        let quota = build(None, json!({"spec": {"scopes": ["BestEffort"]}}));
        assert!(!matches(&quota, "services", &Value::Null), "scopes are about pods");
    }
}
