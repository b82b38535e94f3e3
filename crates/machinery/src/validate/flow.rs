//! Fairness between clients: flow schemas and priority levels.

use mizzen_schema::value::Value;

use super::check::{
    Errors, complain, each_condition, flag, int, is_set, list, one_of, required, some, text, texts,
};
use super::security::subdomain;
use crate::field::{FieldError, Path};
use crate::name;

const PRECEDENCE_MAX: i64 = 10_000;
const QUEUES_MAX: i64 = 10_000_000;
const BITS_MAX: u32 = 60;

/// Objects that are always there, as they are made.
const EXEMPT: &str = "exempt";
const CATCH_ALL: &str = "catch-all";

fn fixed(errors: &mut Errors, name: &str, spec: &Value) {
    let detail = format!("spec of '{name}' must equal the fixed value");
    errors.push(FieldError::invalid(&Path::new("spec"), spec, detail));
}

pub(super) fn flow_schema(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let name = crate::meta::name(object);
    let precedence = int(spec, "matchingPrecedence").unwrap_or_default();
    let precedence_path = path.child("matchingPrecedence");
    if precedence <= 0 {
        errors.push(FieldError::invalid(&precedence_path, precedence, "must be a positive value"));
    }
    if precedence > PRECEDENCE_MAX {
        let detail = format!("must not be greater than {PRECEDENCE_MAX}");
        errors.push(FieldError::invalid(&precedence_path, precedence, detail));
    }
    if precedence == 1 && name != EXEMPT {
        let detail = "only the schema named 'exempt' may have matchingPrecedence 1";
        errors.push(FieldError::invalid(&precedence_path, precedence, detail));
    }
    if let Some(method) = some(spec, "distinguisherMethod") {
        let supported = ["ByNamespace", "ByUser"];
        if !supported.contains(&text(method, "type")) {
            let path = path.child("distinguisherMethod.type");
            errors.push(FieldError::not_supported(&path, method, &supported));
        }
    }
    let level = path.child("priorityLevelConfiguration.name");
    match spec.str_at(&["priorityLevelConfiguration", "name"]).unwrap_or_default() {
        "" => errors.push(FieldError::required(&level, "must reference a priority level")),
        name => subdomain(errors, &level, name),
    }
    for (at, rule) in list(spec, "rules").iter().enumerate() {
        flow_rule(errors, &path.child("rules").index(at), rule);
    }
    if matches!(name, EXEMPT | CATCH_ALL) && !is_fixed_schema(name, spec) {
        fixed(errors, name, spec);
    }
    status(errors, object);
}

/// Whether a mandatory schema has the precedence and level that it must have.
fn is_fixed_schema(name: &str, spec: &Value) -> bool {
    let level = spec.str_at(&["priorityLevelConfiguration", "name"]);
    let method = some(spec, "distinguisherMethod").map(|method| text(method, "type"));
    let precedence = int(spec, "matchingPrecedence");
    let groups: Vec<&str> = list(spec, "rules")
        .iter()
        .flat_map(|rule| list(rule, "subjects"))
        .filter_map(|subject| subject.str_at(&["group", "name"]))
        .collect();
    match name {
        EXEMPT => {
            level == Some(EXEMPT) && precedence == Some(1) && method.is_none() && groups == ["system:masters"]
        }
        _ => {
            level == Some(CATCH_ALL)
                && precedence == Some(PRECEDENCE_MAX)
                && method == Some("ByUser")
                && groups == ["system:unauthenticated", "system:authenticated"]
        }
    }
}

fn flow_rule(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
    let subjects = path.child("subjects");
    if list(rule, "subjects").is_empty() {
        errors.push(FieldError::required(&subjects, "subjects must contain at least one value"));
    }
    for (at, one) in list(rule, "subjects").iter().enumerate() {
        subject(errors, &subjects.index(at), one);
    }
    let (resources, urls) = (list(rule, "resourceRules"), list(rule, "nonResourceRules"));
    if resources.is_empty() && urls.is_empty() {
        let detail = "at least one of resourceRules and nonResourceRules has to be non-empty";
        errors.push(FieldError::required(path, detail));
    }
    for (at, one) in resources.iter().enumerate() {
        resource_rule(errors, &path.child("resourceRules").index(at), one);
    }
    for (at, one) in urls.iter().enumerate() {
        url_rule(errors, &path.child("nonResourceRules").index(at), one);
    }
}

const SUBJECTS: [(&str, &str); 3] =
    [("ServiceAccount", "serviceAccount"), ("User", "user"), ("Group", "group")];

fn subject(errors: &mut Errors, path: &Path<'_>, subject: &Value) {
    let kind = text(subject, "kind");
    let Some((_, own)) = SUBJECTS.iter().find(|(name, _)| *name == kind) else {
        errors.push(FieldError::not_supported(
            &path.child("kind"),
            kind,
            &["Group", "ServiceAccount", "User"],
        ));
        return;
    };
    let own_path = path.child(own);
    match some(subject, own) {
        None => {
            let detail = format!("{own} is required when subject kind is '{kind}'");
            errors.push(FieldError::required(&own_path, detail));
        }
        Some(one) => {
            let name = text(one, "name");
            let named = required(errors, &own_path.child("name"), name);
            if kind == "ServiceAccount" {
                if named && name != "*" {
                    subdomain(errors, &own_path.child("name"), name);
                }
                let namespace = text(one, "namespace");
                let path = own_path.child("namespace");
                if namespace.is_empty() {
                    let detail = "must specify namespace for service account";
                    errors.push(FieldError::required(&path, detail));
                } else {
                    complain(errors, &path, namespace, name::dns_1123_label(namespace));
                }
            }
        }
    }
    let order = ["serviceAccount", "user", "group"];
    for field in order.iter().filter(|field| *field != own && is_set(subject, field)) {
        let kind = SUBJECTS.iter().find(|(_, name)| name == field).map_or("", |(kind, _)| *kind);
        let detail = format!("{field} is forbidden when subject kind is not '{kind}'");
        errors.push(FieldError::forbidden(&path.child(field), detail));
    }
}

const VERBS: [&str; 9] =
    ["create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"];

fn has_all(rule: &Value, field: &str) -> bool {
    texts(rule, field).any(|value| value == "*")
}

fn alone(errors: &mut Errors, path: &Path<'_>, rule: &Value, field: &str, what: &str) {
    if list(rule, field).len() > 1 {
        let detail = format!("if '*' is present, must not specify other {what}");
        errors.push(FieldError::invalid(path, rule.get(field), detail));
    }
}

fn verbs(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
    if list(rule, "verbs").is_empty() {
        errors.push(FieldError::required(path, "verbs must contain at least one value"));
    } else if has_all(rule, "verbs") {
        alone(errors, path, rule, "verbs", "verbs");
    } else if !texts(rule, "verbs").all(|verb| VERBS.contains(&verb)) {
        errors.push(FieldError::not_supported(path, rule.get("verbs"), &VERBS));
    }
}

fn resource_rule(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
    verbs(errors, &path.child("verbs"), rule);
    for (field, missing, what) in [
        ("apiGroups", "resource rules must supply at least one api group", "api groups"),
        ("resources", "resource rules must supply at least one resource", "resources"),
    ] {
        let path = path.child(field);
        if list(rule, field).is_empty() {
            errors.push(FieldError::required(&path, missing));
        } else if has_all(rule, field) {
            alone(errors, &path, rule, field, what);
        }
    }
    let path = path.child("namespaces");
    if list(rule, "namespaces").is_empty() && flag(rule, "clusterScope") != Some(true) {
        let detail = "resource rules that are not cluster scoped must supply at least one namespace";
        errors.push(FieldError::required(&path, detail));
    } else if has_all(rule, "namespaces") {
        alone(errors, &path, rule, "namespaces", "namespaces");
    } else {
        for (at, namespace) in texts(rule, "namespaces").enumerate() {
            for complaint in name::dns_1123_label(namespace) {
                let detail = format!("each member of this list must be '*' or a DNS-1123 label; {complaint}");
                errors.push(FieldError::invalid(&path.index(at), namespace, detail));
            }
        }
    }
}

fn url_rule(errors: &mut Errors, path: &Path<'_>, rule: &Value) {
    verbs(errors, &path.child("verbs"), rule);
    let path = path.child("nonResourceURLs");
    if list(rule, "nonResourceURLs").is_empty() {
        let detail = "nonResourceURLs must contain at least one value";
        errors.push(FieldError::required(&path, detail));
    } else if has_all(rule, "nonResourceURLs") {
        alone(errors, &path, rule, "nonResourceURLs", "non-resource URLs");
    } else {
        for (at, url) in texts(rule, "nonResourceURLs").enumerate() {
            if let Some(detail) = url_complaint(url) {
                errors.push(FieldError::invalid(&path.index(at), url, detail));
            }
        }
    }
}

fn url_complaint(url: &str) -> Option<&'static str> {
    let stars = url.matches('*').count();
    match url {
        "" => Some("must not be empty"),
        "/" => None,
        _ if !url.starts_with('/') => Some("must start with slash"),
        _ if url.contains(' ') => Some("must not contain white-space"),
        _ if url.contains("//") => Some("must not contain double slash"),
        _ if stars > 1 || (stars == 1 && !url.ends_with("/*")) => {
            Some("wildcard can only do suffix matching")
        }
        _ => None,
    }
}

/// Conditions of schemas and levels.
pub(super) fn status(errors: &mut Errors, object: &Value) {
    let Some(status) = some(object, "status") else { return };
    let root = Path::new("status");
    let path = root.child("conditions");
    each_condition(errors, &path, status, |errors, path, condition| {
        if text(condition, "type").is_empty() {
            errors.push(FieldError::required(&path.child("type"), "must not be empty"));
        }
    });
}

pub(super) fn priority_level(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let name = crate::meta::name(object);
    let kind = text(spec, "type");
    if (name == EXEMPT) != (kind == "Exempt") {
        let detail = "type must be 'Exempt' if and only if name is 'exempt'";
        errors.push(FieldError::invalid(&path.child("type"), kind, detail));
    }
    let (exempt, limited) = (some(spec, "exempt"), some(spec, "limited"));
    match kind {
        "Exempt" => {
            if limited.is_some() {
                let detail = "must be nil if the type is not Limited";
                errors.push(FieldError::forbidden(&path.child("limited"), detail));
            }
            if let Some(exempt) = exempt {
                shares(errors, &path.child("exempt"), exempt);
            }
        }
        "Limited" => {
            if exempt.is_some() {
                let detail = "must be nil if the type is Limited";
                errors.push(FieldError::forbidden(&path.child("exempt"), detail));
            }
            match limited {
                None => {
                    let detail = "must not be empty when type is Limited";
                    errors.push(FieldError::required(&path.child("limited"), detail));
                }
                Some(limited) => limited_level(errors, &path.child("limited"), limited),
            }
        }
        other => one_of(errors, &path.child("type"), other, &["Exempt", "Limited"]),
    }
    if name == CATCH_ALL && !is_catch_all(spec) {
        fixed(errors, name, spec);
    }
    status(errors, object);
}

/// Whether the level of the rest is as it must be; its shares may be given otherwise.
fn is_catch_all(spec: &Value) -> bool {
    spec.str_at(&["limited", "limitResponse", "type"]) == Some("Reject")
        && spec.path(&["limited", "nominalConcurrencyShares"]).and_then(Value::as_i64) == Some(5)
        && spec.path(&["limited", "lendablePercent"]).and_then(Value::as_i64).unwrap_or_default() == 0
}

/// Shares, and how many of them others may use.
fn shares(errors: &mut Errors, path: &Path<'_>, level: &Value) {
    if let Some(shares) = int(level, "nominalConcurrencyShares").filter(|shares| *shares < 0) {
        let detail = "must be a non-negative integer";
        errors.push(FieldError::invalid(&path.child("nominalConcurrencyShares"), shares, detail));
    }
    if let Some(percent) = int(level, "lendablePercent").filter(|percent| !(0..=100).contains(percent)) {
        let detail = "must be between 0 and 100, inclusive";
        errors.push(FieldError::invalid(&path.child("lendablePercent"), percent, detail));
    }
}

fn limited_level(errors: &mut Errors, path: &Path<'_>, limited: &Value) {
    shares(errors, path, limited);
    let response = limited.get("limitResponse").unwrap_or(&Value::Null);
    let response_path = path.child("limitResponse");
    let queuing_path = response_path.child("queuing");
    match (text(response, "type"), some(response, "queuing")) {
        ("Reject", Some(_)) => {
            let detail = "must be nil if limited.limitResponse.type is not Limited";
            errors.push(FieldError::forbidden(&queuing_path, detail));
        }
        ("Queue", None) => {
            let detail = "must not be empty if limited.limitResponse.type is Limited";
            errors.push(FieldError::required(&queuing_path, detail));
        }
        ("Queue", Some(queuing)) => self::queuing(errors, &queuing_path, queuing),
        (kind, _) => one_of(errors, &response_path.child("type"), kind, &["Queue", "Reject"]),
    }
    if let Some(percent) = int(limited, "borrowingLimitPercent").filter(|percent| *percent < 0) {
        let detail = "if specified, must be a non-negative integer";
        errors.push(FieldError::invalid(&path.child("borrowingLimitPercent"), percent, detail));
    }
}

/// Bits that dealing so many hands takes, as shuffle sharding counts them.
fn entropy(queues: i64, hand: i64) -> u32 {
    let mut product: u128 = 1;
    for card in 0..hand {
        product = product.saturating_mul(u128::from((queues - card).unsigned_abs()));
    }
    // The logarithm to the base of two, rounded up.
    if product <= 1 { 0 } else { u128::BITS - (product - 1).leading_zeros() }
}

fn queuing(errors: &mut Errors, path: &Path<'_>, queuing: &Value) {
    let number = |field: &str| int(queuing, field).unwrap_or_default();
    let (length, queues, hand) = (number("queueLengthLimit"), number("queues"), number("handSize"));
    let positive = "must be positive";
    if length <= 0 {
        errors.push(FieldError::invalid(&path.child("queueLengthLimit"), length, positive));
    }
    if queues <= 0 {
        errors.push(FieldError::invalid(&path.child("queues"), queues, positive));
    } else if queues > QUEUES_MAX {
        let detail = format!("must not be greater than {QUEUES_MAX}");
        errors.push(FieldError::invalid(&path.child("queues"), queues, detail));
    }
    let path = path.child("handSize");
    if hand <= 0 {
        errors.push(FieldError::invalid(&path, hand, positive));
    } else if hand > queues {
        let detail = format!("should not be greater than queues ({queues})");
        errors.push(FieldError::invalid(&path, hand, detail));
    } else if hand > i64::from(BITS_MAX) || entropy(queues, hand) > BITS_MAX {
        let detail = format!(
            "required entropy bits of deckSize {queues} and handSize {hand} should not be greater than {BITS_MAX}"
        );
        errors.push(FieldError::invalid(&path, hand, detail));
    }
}
