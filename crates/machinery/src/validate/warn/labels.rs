//! Labels of nodes that have other names now.

use mizzen_schema::value::Value;

use super::super::check::{list, text};
use crate::field::Path;

/// What to say of a label, if it has another name now.
fn renamed(label: &str) -> Option<&'static str> {
    Some(match label {
        "beta.kubernetes.io/arch" => "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        "beta.kubernetes.io/os" => "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        "failure-domain.beta.kubernetes.io/region" => {
            "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead"
        }
        "failure-domain.beta.kubernetes.io/zone" => {
            "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead"
        }
        "beta.kubernetes.io/instance-type" => {
            "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead"
        }
        _ => return None,
    })
}

/// Of a selector that maps labels: the label is the key of its path.
pub(super) fn keyed(out: &mut Vec<String>, path: &Path<'_>, label: &str) {
    if let Some(words) = renamed(label) {
        out.push(format!("{}: {words}", path.key(label)));
    }
}

/// The same, where the path ends with the selector.
pub(super) fn selected(out: &mut Vec<String>, path: &Path<'_>, label: &str) {
    if let Some(words) = renamed(label) {
        out.push(format!("{path}: {words}"));
    }
}

/// Of a field that names a label.
pub(super) fn named(out: &mut Vec<String>, path: &Path<'_>, label: &str) {
    if let Some(words) = renamed(label) {
        out.push(format!("{path}: {label} is {words}"));
    }
}

/// Of the expressions of a selector or a term.
pub(super) fn expressions(out: &mut Vec<String>, path: &Path<'_>, term: &Value, field: &'static str) {
    let path = path.child(field);
    for (at, expression) in list(term, field).iter().enumerate() {
        named(out, &path.index(at).child("key"), text(expression, "key"));
    }
}

/// Of a selector of nodes.
pub(super) fn node_selector(out: &mut Vec<String>, path: &Path<'_>, selector: &Value) {
    let path = path.child("nodeSelectorTerms");
    for (at, term) in list(selector, "nodeSelectorTerms").iter().enumerate() {
        expressions(out, &path.index(at), term, "matchExpressions");
    }
}
