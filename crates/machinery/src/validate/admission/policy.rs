//! Policies and their bindings.

use mizzen_schema::value::Value;

use super::super::check::{
    Errors, Seen, complain, conditions, is_set, label_selector, list, one_of, required, same, some, text,
    text_of, texts,
};
use super::requests::{FAILURE_POLICIES, MATCH_POLICIES, match_conditions, rule};
use crate::field::{FieldError, Path};
use crate::name;

const AUDIT_ANNOTATIONS_MAX: usize = 20;
const AUDIT_EXPRESSION_MAX: usize = 5 * 1024;

/// A ValidatingAdmissionPolicy.
pub(in super::super) fn validating_policy(errors: &mut Errors, object: &Value, old: Option<&Value>) {
    let root = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    policy_head(errors, &root, spec, old);
    let (validations, audits) = (list(spec, "validations"), list(spec, "auditAnnotations"));
    if validations.is_empty() && audits.is_empty() {
        let detail = "validations or auditAnnotations must contain at least one item";
        errors.push(FieldError::required(&root.child("validations"), detail));
        errors.push(FieldError::required(&root.child("auditAnnotations"), detail));
        return;
    }
    for (at, one) in validations.iter().enumerate() {
        validation(errors, &root.child("validations").index(at), one);
    }
    let path = root.child("auditAnnotations");
    if audits.len() > AUDIT_ANNOTATIONS_MAX {
        let detail = format!("must not have more than {AUDIT_ANNOTATIONS_MAX} auditAnnotations");
        errors.push(FieldError::invalid(&path, spec.get("auditAnnotations"), detail));
    }
    let mut keys = Seen::new();
    for (at, annotation) in audits.iter().enumerate() {
        let path = path.index(at);
        audit_annotation(errors, &path, annotation, crate::meta::name(object));
        let key = text(annotation, "key");
        if !keys.insert(key) {
            errors.push(FieldError::duplicate(&path.child("key"), key));
        }
    }
}

/// What policies of both sorts have: when they apply, and to what.
fn policy_head(errors: &mut Errors, root: &Path<'_>, spec: &Value, old: Option<&Value>) {
    match text_of(spec, "failurePolicy") {
        None => errors.push(FieldError::required(&root.child("failurePolicy"), "")),
        Some(policy) => one_of(errors, &root.child("failurePolicy"), policy, &FAILURE_POLICIES),
    }
    if let Some(kind) = some(spec, "paramKind") {
        param_kind(errors, &root.child("paramKind"), kind);
    }
    let path = root.child("matchConstraints");
    match some(spec, "matchConstraints") {
        None => errors.push(FieldError::required(&path, "")),
        Some(constraints) => {
            match_resources(errors, &path, constraints);
            if list(constraints, "resourceRules").is_empty() {
                errors.push(FieldError::required(&path.child("resourceRules"), ""));
            }
        }
    }
    let before = old.and_then(|old| old.get("spec"));
    let kept = before.is_some_and(|before| {
        ["paramKind", "matchConditions"].iter().all(|field| same(spec.get(field), before.get(field)))
    });
    if !kept {
        match_conditions(errors, &root.child("matchConditions"), spec);
    }
    for (at, one) in list(spec, "variables").iter().enumerate() {
        variable(errors, &root.child("variables").index(at), one);
    }
}

const RESERVED: [&str; 22] = [
    "true",
    "false",
    "null",
    "in",
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
    "",
];

fn variable(errors: &mut Errors, path: &Path<'_>, variable: &Value) {
    let name = text(variable, "name");
    if name.trim().is_empty() {
        errors.push(FieldError::required(&path.child("name"), "name is not specified"));
    } else if RESERVED.contains(&name) || !name::c_identifier(name).is_empty() {
        errors.push(FieldError::invalid(&path.child("name"), name, "name is not a valid CEL identifier"));
    }
    if text(variable, "expression").trim().is_empty() {
        errors.push(FieldError::required(&path.child("expression"), "expression is not specified"));
    }
}

fn param_kind(errors: &mut Errors, path: &Path<'_>, kind: &Value) {
    let api_version = text(kind, "apiVersion");
    let version_path = path.child("apiVersion");
    if required(errors, &version_path, api_version) {
        match api_version.matches('/').count() {
            0 | 1 => {
                let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
                let complaints = name::dns_1123_subdomain(group);
                if !group.is_empty() && !complaints.is_empty() {
                    errors.push(FieldError::invalid(&version_path, group, complaints.join(",")));
                }
                let complaints = name::dns_1035_label(version);
                if version.is_empty() {
                    let detail = "version must be specified";
                    errors.push(FieldError::invalid(&version_path, api_version, detail));
                } else if !complaints.is_empty() {
                    errors.push(FieldError::invalid(&version_path, version, complaints.join(",")));
                }
            }
            _ => {
                let detail = format!("unexpected GroupVersion string: {api_version}");
                errors.push(FieldError::invalid(&version_path, api_version, detail));
            }
        }
    }
    let kind = text(kind, "kind");
    if required(errors, &path.child("kind"), kind) {
        let complaints = name::dns_1035_label(&kind.to_lowercase());
        if !complaints.is_empty() {
            let detail = format!("may have mixed case, but should otherwise match: {}", complaints.join(","));
            errors.push(FieldError::invalid(&path.child("kind"), kind, detail));
        }
    }
}

fn match_resources(errors: &mut Errors, path: &Path<'_>, resources: &Value) {
    match text_of(resources, "matchPolicy") {
        None => errors.push(FieldError::required(&path.child("matchPolicy"), "")),
        Some(policy) => one_of(errors, &path.child("matchPolicy"), policy, &MATCH_POLICIES),
    }
    for field in ["namespaceSelector", "objectSelector"] {
        match some(resources, field) {
            None => errors.push(FieldError::required(&path.child(field), "")),
            selector => label_selector(errors, &path.child(field), selector),
        }
    }
    for field in ["resourceRules", "excludeResourceRules"] {
        let path = path.child(field);
        for (at, named) in list(resources, field).iter().enumerate() {
            let path = path.index(at);
            let mut seen = Seen::new();
            let names = path.child("resourceNames");
            for (at, name) in texts(named, "resourceNames").enumerate() {
                complain(errors, &names.index(at), name, name::path_segment(name));
                if !seen.insert(name) {
                    errors.push(FieldError::duplicate(&names.index(at), name));
                }
            }
            rule(errors, &path, named);
        }
    }
}

fn validation(errors: &mut Errors, path: &Path<'_>, validation: &Value) {
    if text(validation, "expression").trim().is_empty() {
        errors.push(FieldError::required(&path.child("expression"), "expression is not specified"));
    }
    let expression = text(validation, "messageExpression");
    if !expression.is_empty() && expression.trim().is_empty() {
        let detail = "must be non-empty if specified";
        errors.push(FieldError::invalid(&path.child("messageExpression"), expression, detail));
    }
    let message = text(validation, "message");
    if !message.is_empty() && message.trim().is_empty() {
        let detail = "message must be non-empty if specified";
        errors.push(FieldError::invalid(&path.child("message"), message, detail));
    } else if message.trim().contains(['\n', '\r']) {
        let detail = "message must not contain line breaks";
        errors.push(FieldError::invalid(&path.child("message"), message, detail));
    }
    if let Some(reason) = text_of(validation, "reason") {
        let supported = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
        one_of(errors, &path.child("reason"), reason, &supported);
    }
}

fn audit_annotation(errors: &mut Errors, path: &Path<'_>, annotation: &Value, policy: &str) {
    let key = text(annotation, "key");
    if policy.is_empty() {
        let detail = "requires metadata.name be non-empty";
        errors.push(FieldError::invalid(&path.child("key"), key, detail));
    } else {
        let full = format!("{policy}/{key}");
        complain(errors, &path.child("key"), &full, name::qualified_name(&full));
    }
    let path = path.child("valueExpression");
    let expression = text(annotation, "valueExpression").trim();
    if expression.is_empty() {
        errors.push(FieldError::required(&path, "valueExpression is not specified"));
    } else if expression.len() > AUDIT_EXPRESSION_MAX {
        let detail = format!("must not exceed {AUDIT_EXPRESSION_MAX} bytes in length");
        errors.push(FieldError::required(&path, detail));
    }
}

/// A MutatingAdmissionPolicy.
pub(in super::super) fn mutating_policy(errors: &mut Errors, object: &Value, old: Option<&Value>) {
    let root = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    policy_head(errors, &root, spec, old);
    let path = root.child("mutations");
    let mutations = list(spec, "mutations");
    if mutations.is_empty() {
        let detail = "mutations must contain at least one item";
        errors.push(FieldError::required(&path, detail));
    }
    for (at, mutation) in mutations.iter().enumerate() {
        self::mutation(errors, &path.index(at), mutation);
    }
    match text(spec, "reinvocationPolicy") {
        "" => errors.push(FieldError::required(&root.child("reinvocationPolicy"), "")),
        policy => one_of(errors, &root.child("reinvocationPolicy"), policy, &["IfNeeded", "Never"]),
    }
}

fn mutation(errors: &mut Errors, path: &Path<'_>, mutation: &Value) {
    let kind = text(mutation, "patchType");
    let sorts = [("ApplyConfiguration", "applyConfiguration"), ("JSONPatch", "jsonPatch")];
    let type_path = path.child("patchType");
    if !required(errors, &type_path, kind) {
        return;
    }
    one_of(errors, &type_path, kind, &["ApplyConfiguration", "JSONPatch"]);
    for (sort, field) in sorts {
        let given = some(mutation, field);
        let field_path = path.child(field);
        match (sort == kind, given) {
            (true, None) => {
                let detail = format!("must be specified when patchType is {sort}");
                errors.push(FieldError::required(&field_path, detail));
            }
            (true, Some(patch)) => {
                if text(patch, "expression").trim().is_empty() {
                    let path = field_path.child("expression");
                    errors.push(FieldError::required(&path, "expression is not specified"));
                }
            }
            (false, Some(_)) => {
                let detail = format!("must not be specified when patchType is {kind}");
                errors.push(FieldError::invalid(&field_path, "{}", detail));
            }
            (false, None) => {}
        }
    }
}

/// The binding of a policy: to parameters and resources, and, if it validates, to what is done.
pub(in super::super) fn policy_binding(errors: &mut Errors, object: &Value, validating: bool) {
    let root = Path::new("spec");
    let spec = object.get("spec").unwrap_or(&Value::Null);
    let name = text(spec, "policyName");
    if required(errors, &root.child("policyName"), name) {
        complain(errors, &root.child("policyName"), name, name::dns_1123_subdomain(name));
    }
    if let Some(reference) = some(spec, "paramRef") {
        param_reference(errors, &root.child("paramRef"), reference);
    }
    if let Some(resources) = some(spec, "matchResources") {
        match_resources(errors, &root.child("matchResources"), resources);
    }
    if validating {
        actions(errors, &root.child("validationActions"), spec);
    }
}

fn param_reference(errors: &mut Errors, path: &Path<'_>, reference: &Value) {
    let name = text(reference, "name");
    let selector = some(reference, "selector");
    let both = "name and selector are mutually exclusive";
    if !name.is_empty() {
        complain(errors, &path.child("name"), name, name::path_segment(name));
        if selector.is_some() {
            errors.push(FieldError::forbidden(&path.child("name"), both));
        }
    }
    label_selector(errors, &path.child("selector"), selector);
    if !name.is_empty() && selector.is_some() {
        errors.push(FieldError::forbidden(&path.child("selector"), both));
    }
    if name.is_empty() && selector.is_none() {
        errors.push(FieldError::required(path, "one of name or selector must be specified"));
    }
    let path = path.child("parameterNotFoundAction");
    let action = text(reference, "parameterNotFoundAction");
    if required(errors, &path, action) {
        one_of(errors, &path, action, &["Deny", "Allow"]);
    }
}

fn actions(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let mut seen = Seen::new();
    for (at, action) in texts(spec, "validationActions").enumerate() {
        one_of(errors, &path.index(at), action, &["Audit", "Deny", "Warn"]);
        if !seen.insert(action) {
            errors.push(FieldError::duplicate(&path.index(at), action));
        }
    }
    if seen.contains("Deny") && seen.contains("Warn") {
        let detail = "must not contain both Deny and Warn (repeating the same validation failure information in the \
                      API response and headers serves no purpose)";
        errors.push(FieldError::invalid(path, spec.get("validationActions"), detail));
    }
    if list(spec, "validationActions").is_empty() {
        errors.push(FieldError::required(path, "at least one validation action is required"));
    }
}

/// What the checks of types found.
pub(in super::super) fn policy_status(errors: &mut Errors, new: &Value) {
    let path = Path::new("status");
    let Some(status) = some(new, "status") else { return };
    if let Some(checking) = some(status, "typeChecking") {
        let path = path.child("typeChecking.expressionWarnings");
        for (at, warning) in list(checking, "expressionWarnings").iter().enumerate() {
            let path = path.index(at);
            required(errors, &path.child("warning"), text(warning, "warning"));
            required(errors, &path.child("fieldRef"), text(warning, "fieldRef").trim());
        }
    }
    if is_set(status, "conditions") {
        conditions(errors, &path.child("conditions"), status);
    }
}
