//! Which requests webhooks and policies are about.

use mizzen_schema::value::Value;

use super::super::check::{Errors, Seen, complain, list, one_of, required, text, text_of, texts};
use crate::field::{FieldError, Path};
use crate::name;

pub(super) const FAILURE_POLICIES: [&str; 2] = ["Fail", "Ignore"];
pub(super) const MATCH_POLICIES: [&str; 2] = ["Equivalent", "Exact"];
const CONDITIONS_MAX: usize = 64;

const OPERATIONS: [&str; 5] = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

pub(super) fn has_all(rule: &Value, field: &str) -> bool {
    texts(rule, field).any(|value| value == "*")
}

/// Which requests are meant.
pub(super) fn rule(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
    let operations = path.child("operations");
    let count = list(rule, "operations").len();
    if count == 0 {
        errors.push(FieldError::required(&operations, ""));
    }
    if count > 1 && has_all(rule, "operations") {
        let detail = "if '*' is present, must not specify other operations";
        errors.push(FieldError::invalid(&operations, rule.get("operations"), detail));
    }
    for (at, operation) in texts(rule, "operations").enumerate() {
        one_of(errors, &operations.index(at), operation, &OPERATIONS);
    }
    for (field, what) in [("apiGroups", "API groups"), ("apiVersions", "API versions")] {
        let path = path.child(field);
        let count = list(rule, field).len();
        if count == 0 {
            errors.push(FieldError::required(&path, ""));
        }
        if count > 1 && has_all(rule, field) {
            let detail = format!("if '*' is present, must not specify other {what}");
            errors.push(FieldError::invalid(&path, rule.get(field), detail));
        }
    }
    for (at, version) in texts(rule, "apiVersions").enumerate() {
        required(errors, &path.child("apiVersions").index(at), version);
    }
    resources(errors, &path.child("resources"), rule);
    if let Some(scope) = text_of(rule, "scope") {
        one_of(errors, &path.child("scope"), scope, &["*", "Cluster", "Namespaced"]);
    }
}

/// `pods`, `pods/log`, `pods/*`, `*/scale`, `*` and `*/*`: none within another.
pub(super) fn resources(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
    let all = list(rule, "resources");
    if all.is_empty() {
        errors.push(FieldError::required(path, ""));
    }
    let (mut whole, mut of_all) = (Seen::new(), Seen::new());
    let (mut everything, mut star, mut plain) = (false, false, false);
    for (at, name) in texts(rule, "resources").enumerate() {
        let path = path.index(at);
        if !required(errors, &path, name) {
            continue;
        }
        everything |= name == "*/*";
        star |= name == "*";
        let Some((resource, part)) = name.split_once('/') else {
            plain = name != "*";
            continue;
        };
        if whole.contains(resource) {
            let detail = format!("if '{resource}/*' is present, must not specify {name}");
            errors.push(FieldError::invalid(&path, name, detail));
        }
        if of_all.contains(part) {
            let detail = format!("if '*/{part}' is present, must not specify {name}");
            errors.push(FieldError::invalid(&path, name, detail));
        }
        if part == "*" {
            whole.insert(resource);
        }
        if resource == "*" {
            of_all.insert(part);
        }
    }
    if all.len() > 1 && everything {
        let detail = "if '*/*' is present, must not specify other resources";
        errors.push(FieldError::invalid(path, rule.get("resources"), detail));
    }
    if star && plain {
        let detail = "if '*' is present, must not specify other resources without subresources";
        errors.push(FieldError::invalid(path, rule.get("resources"), detail));
    }
}

pub(super) fn match_conditions(errors: &mut Errors, path: &Path<'_>, owner: &Value) {
    let all = list(owner, "matchConditions");
    if all.len() > CONDITIONS_MAX {
        errors.push(FieldError::too_many(path, all.len(), CONDITIONS_MAX));
    }
    let mut names = Seen::new();
    for (at, condition) in all.iter().enumerate() {
        let path = path.index(at);
        required(errors, &path.child("expression"), text(condition, "expression").trim());
        let name = text(condition, "name");
        if required(errors, &path.child("name"), name) {
            complain(errors, &path.child("name"), name, name::qualified_name(name));
            if !names.insert(name) {
                errors.push(FieldError::duplicate(&path.child("name"), name));
            }
        }
    }
}
