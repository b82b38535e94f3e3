//! Label selectors of typed objects.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

/// Labels of an object.
pub(crate) type Labels = BTreeMap<String, String>;

/// Whether `labels` match; an empty selector matches all, an operator that is unknown nothing.
pub(crate) fn matches(selector: &LabelSelector, labels: &Labels) -> bool {
    let exact = selector.match_labels.iter().flatten();
    let expressions = selector.match_expressions.iter().flatten();
    let holds = |expression: &k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelectorRequirement| {
        let value = labels.get(&expression.key);
        let listed = |value: &String| expression.values.iter().flatten().any(|own| own == value);
        match expression.operator.as_str() {
            "In" => value.is_some_and(listed),
            "NotIn" => !value.is_some_and(listed),
            "Exists" => value.is_some(),
            "DoesNotExist" => value.is_none(),
            _ => false,
        }
    };
    exact.into_iter().all(|(key, value)| labels.get(key) == Some(value)) && expressions.into_iter().all(holds)
}

/// Whether a selector selects everything, which controllers of pods refuse to act on.
pub(crate) fn is_empty(selector: &LabelSelector) -> bool {
    selector.match_labels.as_ref().is_none_or(BTreeMap::is_empty)
        && selector.match_expressions.as_ref().is_none_or(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_requirements_must_hold() {
        let check = |selector: serde_json::Value, labels: serde_json::Value, expect: bool| {
            let selector: LabelSelector = serde_json::from_value(selector).expect("a selector");
            let labels: Labels = serde_json::from_value(labels).expect("labels");
            assert_eq!(matches(&selector, &labels), expect, "{selector:?} {labels:?}");
        };
        use serde_json::json;
        check(json!({}), json!({"a": "1"}), true);
        check(json!({"matchLabels": {"a": "1"}}), json!({"a": "1", "b": "2"}), true);
        check(json!({"matchLabels": {"a": "1"}}), json!({"a": "2"}), false);
        let expression = |operator: &str, values: &[&str]| json!({"matchExpressions": [{"key": "a", "operator": operator, "values": values}]});
        check(expression("In", &["1", "2"]), json!({"a": "2"}), true);
        check(expression("NotIn", &["1"]), json!({}), true);
        check(expression("Exists", &[]), json!({}), false);
        check(expression("DoesNotExist", &[]), json!({}), true);
        check(expression("Like", &["1"]), json!({"a": "1"}), false);
    }
}
