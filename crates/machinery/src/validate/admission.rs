//! Admission: webhooks, policies and their bindings.
//!
//! Expressions are compiled where they are run; here they must be there.

use mizzen_schema::value::Value;

use super::check::{
    Errors, Seen, complain, conditions, int, is_set, label_selector, list, one_of, required, same, some,
    text, text_of, texts,
};
use crate::field::{FieldError, Path};
use crate::name;

const FAILURE_POLICIES: [&str; 2] = ["Fail", "Ignore"];
const MATCH_POLICIES: [&str; 2] = ["Equivalent", "Exact"];
const QUIET: [&str; 2] = ["None", "NoneOnDryRun"];
const CONDITIONS_MAX: usize = 64;

/// What an older configuration may keep, though a new one may not have it.
struct Leniency {
    /// Side effects that were never ruled out.
    effects: bool,
    /// Review versions that nobody sends.
    versions: bool,
    /// Several webhooks of one name.
    names: bool,
    /// Conditions are as they were.
    conditions: bool,
}

/// The webhooks of a mutating or validating configuration.
pub(super) fn webhooks(errors: &mut Errors, object: &Value, old: Option<&Value>, mutating: bool) {
    let leniency = leniency(object, old);
    let path = Path::new("webhooks");
    let mut names = Seen::new();
    for (at, hook) in list(object, "webhooks").iter().enumerate() {
        let path = path.index(at);
        webhook(errors, &path, hook, &leniency, mutating);
        review_versions(errors, &path.child("admissionReviewVersions"), hook, leniency.versions);
        let name = text(hook, "name");
        if !leniency.names && !name.is_empty() && !names.insert(name) {
            errors.push(FieldError::duplicate(&path.child("name"), name));
        }
    }
}

fn is_known(version: &str) -> bool {
    matches!(version, "v1" | "v1beta1")
}

fn leniency(new: &Value, old: Option<&Value>) -> Leniency {
    let hooks = old.map(|old| list(old, "webhooks"));
    let now = list(new, "webhooks");
    let any = |broken: &dyn Fn(&Value) -> bool| hooks.is_some_and(|hooks| hooks.iter().any(broken));
    Leniency {
        effects: any(&|hook| !QUIET.contains(&text(hook, "sideEffects"))),
        versions: any(&|hook| {
            let versions = "admissionReviewVersions";
            !list(hook, versions).is_empty() && !texts(hook, versions).any(is_known)
        }),
        names: hooks.is_some_and(|hooks| {
            let mut seen = Seen::new();
            !hooks.iter().all(|hook| seen.insert(text(hook, "name")))
        }),
        conditions: hooks.is_some_and(|hooks| {
            hooks.len() == now.len()
                && hooks
                    .iter()
                    .zip(now)
                    .all(|(old, new)| same(new.get("matchConditions"), old.get("matchConditions")))
        }),
    }
}

fn webhook(errors: &mut Errors, path: &Path<'_>, hook: &Value, leniency: &Leniency, mutating: bool) {
    full_name(errors, &path.child("name"), text(hook, "name"));
    for (at, one) in list(hook, "rules").iter().enumerate() {
        rule(errors, &path.child("rules").index(at), one);
    }
    if let Some(policy) = text_of(hook, "failurePolicy") {
        one_of(errors, &path.child("failurePolicy"), policy, &FAILURE_POLICIES);
    }
    if let Some(policy) = text_of(hook, "matchPolicy") {
        one_of(errors, &path.child("matchPolicy"), policy, &MATCH_POLICIES);
    }
    let effects: &[&str] =
        if leniency.effects { &["None", "NoneOnDryRun", "Some", "Unknown"] } else { &QUIET };
    match text_of(hook, "sideEffects") {
        None => {
            let detail = format!("must specify one of {}", effects.join(", "));
            errors.push(FieldError::required(&path.child("sideEffects"), detail));
        }
        Some(effect) => one_of(errors, &path.child("sideEffects"), effect, effects),
    }
    if let Some(seconds) = int(hook, "timeoutSeconds").filter(|seconds| !(1..=30).contains(seconds)) {
        let detail = "the timeout value must be between 1 and 30 seconds";
        errors.push(FieldError::invalid(&path.child("timeoutSeconds"), seconds, detail));
    }
    label_selector(errors, &path.child("namespaceSelector"), some(hook, "namespaceSelector"));
    label_selector(errors, &path.child("objectSelector"), some(hook, "objectSelector"));
    if mutating && let Some(policy) = text_of(hook, "reinvocationPolicy") {
        one_of(errors, &path.child("reinvocationPolicy"), policy, &["IfNeeded", "Never"]);
    }
    client_config(errors, &path.child("clientConfig"), hook.get("clientConfig"));
    if !leniency.conditions {
        match_conditions(errors, &path.child("matchConditions"), hook);
    }
}

/// A domain of three segments at least.
fn full_name(errors: &mut Errors, path: &Path<'_>, name: &str) {
    if !required(errors, path, name) {
        return;
    }
    let complaints = name::dns_1123_subdomain(name);
    if !complaints.is_empty() {
        errors.push(FieldError::invalid(path, name, complaints.join(",")));
    } else if name.split('.').count() < 3 {
        let detail = "should be a domain with at least three segments separated by dots";
        errors.push(FieldError::invalid(path, name, detail));
    }
}

const OPERATIONS: [&str; 5] = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

fn has_all(rule: &Value, field: &str) -> bool {
    texts(rule, field).any(|value| value == "*")
}

/// Which requests are meant.
fn rule(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
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
fn resources(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
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

/// How a webhook is reached: by URL, or by service.
pub(super) fn client_config(errors: &mut Errors, path: &Path<'_>, config: Option<&Value>) {
    let config = config.unwrap_or(&Value::Null);
    match (text_of(config, "url"), some(config, "service")) {
        (Some(url), None) => webhook_url(errors, &path.child("url"), url),
        (None, Some(service)) => webhook_service(errors, &path.child("service"), service),
        _ => errors.push(FieldError::required(path, "exactly one of url or service is required")),
    }
}

const FORM: &str = "; desired format: https://host[/path]";

/// The parts of a URL: scheme, user, host, query and fragment.
pub(super) fn webhook_url(errors: &mut Errors, path: &Path<'_>, url: &str) {
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let is_scheme = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    let (scheme, rest) = match rest.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
        _ => (String::new(), rest),
    };
    let authority = rest.strip_prefix("//").map(|rest| rest.split('/').next().unwrap_or_default());
    let (user, host) = match authority.unwrap_or_default().rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority.unwrap_or_default()),
    };
    if url.bytes().any(|byte| byte.is_ascii_control()) {
        let detail = format!(
            "url must be a valid URL: parse {url:?}: net/url: invalid control character in URL{FORM}"
        );
        errors.push(FieldError::required(path, detail));
        return;
    }
    if scheme != "https" {
        let detail = format!("'https' is the only allowed URL scheme{FORM}");
        errors.push(FieldError::invalid(path, &scheme, detail));
    }
    if host.is_empty() {
        errors.push(FieldError::invalid(path, host, format!("host must be specified{FORM}")));
    }
    if let Some(user) = user {
        errors.push(FieldError::invalid(path, user, "user information is not permitted in the URL"));
    }
    if !fragment.is_empty() {
        errors.push(FieldError::invalid(path, fragment, "fragments are not permitted in the URL"));
    }
    if !query.is_empty() {
        errors.push(FieldError::invalid(path, query, "query parameters are not permitted in the URL"));
    }
}

pub(super) fn webhook_service(errors: &mut Errors, path: &Path<'_>, service: &Value) {
    // The first argument is checked as the other one, as Kubernetes has it.
    if text(service, "namespace").is_empty() {
        errors.push(FieldError::required(&path.child("name"), ""));
    }
    if text(service, "name").is_empty() {
        errors.push(FieldError::required(&path.child("namespace"), ""));
    }
    let port = int(service, "port").unwrap_or(443);
    let complaints = name::port_number(port);
    if !complaints.is_empty() {
        let detail = format!("port is not valid: {}", complaints.join(", "));
        errors.push(FieldError::invalid(&path.child("port"), port, detail));
    }
    let path = path.child("path");
    match text(service, "path") {
        "" | "/" => {}
        "//" => errors.push(FieldError::invalid(&path, "//", "segment[0] may not be empty")),
        url => {
            if !url.starts_with('/') {
                errors.push(FieldError::invalid(&path, url, "must start with a '/'"));
            }
            // The first character counts as the slash, whatever it is.
            let mut rest = url.chars();
            rest.next();
            let rest = rest.as_str();
            for (at, step) in rest.strip_suffix('/').unwrap_or(rest).split('/').enumerate() {
                if step.is_empty() {
                    let detail = format!("segment[{at}] may not be empty");
                    errors.push(FieldError::invalid(&path, url, detail));
                    continue;
                }
                for complaint in name::dns_1123_subdomain(step) {
                    errors.push(FieldError::invalid(&path, url, format!("segment[{at}]: {complaint}")));
                }
            }
        }
    }
}

fn review_versions(errors: &mut Errors, path: &Path<'_>, hook: &Value, lenient: bool) {
    let field = "admissionReviewVersions";
    if list(hook, field).is_empty() {
        errors.push(FieldError::required(path, "must specify one of v1, v1beta1"));
        return;
    }
    let mut seen = Seen::new();
    for (at, version) in texts(hook, field).enumerate() {
        if seen.insert(version) {
            complain(errors, &path.index(at), version, name::dns_1035_label(version));
        } else {
            errors.push(FieldError::invalid(&path.index(at), version, "duplicate version"));
        }
    }
    if !lenient && !texts(hook, field).any(is_known) {
        let detail = "must include at least one of v1, v1beta1";
        errors.push(FieldError::invalid(path, hook.get(field), detail));
    }
}

fn match_conditions(errors: &mut Errors, path: &Path<'_>, owner: &Value) {
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

const AUDIT_ANNOTATIONS_MAX: usize = 20;
const AUDIT_EXPRESSION_MAX: usize = 5 * 1024;

/// A ValidatingAdmissionPolicy.
pub(super) fn validating_policy(errors: &mut Errors, object: &Value, old: Option<&Value>) {
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
pub(super) fn mutating_policy(errors: &mut Errors, object: &Value, old: Option<&Value>) {
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
pub(super) fn policy_binding(errors: &mut Errors, object: &Value, validating: bool) {
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
pub(super) fn policy_status(errors: &mut Errors, new: &Value) {
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
