//! RBAC, certificate requests and reviews.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mizzen_schema::value::Value;

use super::check::{
    Errors, Seen, complain, int, is_set, label_selector, list, one_of, required, same, some, text, texts,
};
use super::security::subdomain;
use crate::field::{FieldError, Path};
use crate::name;

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn role(errors: &mut Errors, object: &Value, namespaced: bool) {
    let path = Path::new("rules");
    for (at, rule) in list(object, "rules").iter().enumerate() {
        let path = path.index(at);
        if list(rule, "verbs").is_empty() {
            errors.push(FieldError::required(&path.child("verbs"), "verbs must contain at least one value"));
        }
        let urls = list(rule, "nonResourceURLs");
        if !urls.is_empty() {
            let url_path = path.child("nonResourceURLs");
            if namespaced {
                let detail = "namespaced rules cannot apply to non-resource URLs";
                errors.push(FieldError::invalid(&url_path, rule.get("nonResourceURLs"), detail));
            }
            let others = ["apiGroups", "resources", "resourceNames"];
            if others.iter().any(|field| !list(rule, field).is_empty()) {
                let detail = "rules cannot apply to both regular resources and non-resource URLs";
                errors.push(FieldError::invalid(&url_path, rule.get("nonResourceURLs"), detail));
            }
            continue;
        }
        for (field, detail) in [
            ("apiGroups", "resource rules must supply at least one api group"),
            ("resources", "resource rules must supply at least one resource"),
        ] {
            if list(rule, field).is_empty() {
                errors.push(FieldError::required(&path.child(field), detail));
            }
        }
    }
    if let Some(aggregation) = some(object, "aggregationRule") {
        let path = Path::new("aggregationRule");
        let path = path.child("clusterRoleSelectors");
        let selectors = list(aggregation, "clusterRoleSelectors");
        if selectors.is_empty() {
            let detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
            errors.push(FieldError::required(&path, detail));
        }
        for (at, selector) in selectors.iter().enumerate() {
            let path = path.index(at);
            label_selector(errors, &path, Some(selector));
            if crate::selector::LabelSelector::from_value(selector).is_err() {
                errors.push(FieldError::invalid(&path, selector, "invalid label selector."));
            }
        }
    }
}

pub(super) fn binding(errors: &mut Errors, object: &Value, namespaced: bool) {
    let empty = Value::Null;
    let role = object.get("roleRef").unwrap_or(&empty);
    let path = Path::new("roleRef");
    one_of(errors, &path.child("apiGroup"), text(role, "apiGroup"), &[GROUP]);
    let kinds: &[&str] = if namespaced { &["Role", "ClusterRole"] } else { &["ClusterRole"] };
    one_of(errors, &path.child("kind"), text(role, "kind"), kinds);
    let name = text(role, "name");
    if required(errors, &path.child("name"), name) {
        complain(errors, &path.child("name"), name, name::path_segment(name));
    }
    let path = Path::new("subjects");
    for (at, subject) in list(object, "subjects").iter().enumerate() {
        let path = path.index(at);
        let (kind, name, group) = (text(subject, "kind"), text(subject, "name"), text(subject, "apiGroup"));
        required(errors, &path.child("name"), name);
        match kind {
            "ServiceAccount" => {
                if !name.is_empty() {
                    subdomain(errors, &path.child("name"), name);
                }
                if !group.is_empty() {
                    errors.push(FieldError::not_supported(&path.child("apiGroup"), group, &[""]));
                }
                if !namespaced && text(subject, "namespace").is_empty() {
                    errors.push(FieldError::required(&path.child("namespace"), ""));
                }
            }
            "User" | "Group" => one_of(errors, &path.child("apiGroup"), group, &[GROUP]),
            other => {
                let supported = ["ServiceAccount", "User", "Group"];
                errors.push(FieldError::not_supported(&path.child("kind"), other, &supported));
            }
        }
    }
}

pub(super) fn binding_update(errors: &mut Errors, new: &Value, old: &Value, namespaced: bool) {
    binding(errors, new, namespaced);
    if !same(new.get("roleRef"), old.get("roleRef")) {
        let detail = "cannot change roleRef";
        errors.push(FieldError::invalid(&Path::new("roleRef"), new.get("roleRef"), detail));
    }
}

const USAGES: [&str; 23] = [
    "any",
    "cert sign",
    "client auth",
    "code signing",
    "content commitment",
    "crl sign",
    "data encipherment",
    "decipher only",
    "digital signature",
    "email protection",
    "encipher only",
    "ipsec end system",
    "ipsec tunnel",
    "ipsec user",
    "key agreement",
    "key encipherment",
    "microsoft sgc",
    "netscape sgc",
    "ocsp signing",
    "s/mime",
    "server auth",
    "signing",
    "timestamping",
];

const LEGACY: &str = "kubernetes.io/legacy-unknown";

/// What an older request may keep, though a new one may not have it.
#[derive(Default)]
struct Leniency {
    legacy: bool,
    unknown_usages: bool,
    duplicate_usages: bool,
    both_decisions: bool,
    duplicate_conditions: bool,
    empty_conditions: bool,
}

fn conditions(object: &Value) -> &[Value] {
    object.path(&["status", "conditions"]).map(Value::items).unwrap_or_default()
}

fn leniency(old: &Value) -> Leniency {
    let spec = old.get("spec").unwrap_or(&Value::Null);
    let has = |kind: &str| conditions(old).iter().any(|condition| text(condition, "type") == kind);
    let (mut usages, mut kinds) = (Seen::new(), Seen::new());
    Leniency {
        legacy: text(spec, "signerName") == LEGACY,
        unknown_usages: texts(spec, "usages").any(|usage| !USAGES.contains(&usage)),
        duplicate_usages: texts(spec, "usages").any(|usage| !usages.insert(usage)),
        both_decisions: has("Approved") && has("Denied"),
        duplicate_conditions: conditions(old).iter().any(|condition| !kinds.insert(text(condition, "type"))),
        empty_conditions: has(""),
    }
}

pub(super) fn signing_request(errors: &mut Errors, object: &Value) {
    request(errors, object, &Leniency::default());
    certificate(errors, object);
}

fn request(errors: &mut Errors, object: &Value, leniency: &Leniency) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let request = text(spec, "request");
    let pem = STANDARD.decode(request).unwrap_or_default();
    let is_request = String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE REQUEST-----");
    if !is_request {
        let detail = "PEM block type must be CERTIFICATE REQUEST";
        errors.push(FieldError::invalid(&path.child("request"), request, detail));
    }
    let usages_path = path.child("usages");
    if list(spec, "usages").is_empty() {
        errors.push(FieldError::required(&usages_path, ""));
    }
    for (at, usage) in texts(spec, "usages").enumerate().filter(|_| !leniency.unknown_usages) {
        one_of(errors, &usages_path.index(at), usage, &USAGES);
    }
    let mut seen = Seen::new();
    for (at, usage) in texts(spec, "usages").enumerate() {
        if !seen.insert(usage) && !leniency.duplicate_usages {
            errors.push(FieldError::duplicate(&usages_path.index(at), usage));
        }
    }
    let signer = text(spec, "signerName");
    if !leniency.legacy && signer == LEGACY {
        let detail = "the legacy signerName is not allowed via this API version";
        errors.push(FieldError::invalid(&path.child("signerName"), signer, detail));
    } else {
        signer_name(errors, &path.child("signerName"), signer);
    }
    if let Some(seconds) = int(spec, "expirationSeconds").filter(|seconds| *seconds < 600) {
        let detail = "may not specify a duration less than 600 seconds (10 minutes)";
        errors.push(FieldError::invalid(&path.child("expirationSeconds"), seconds, detail));
    }
    request_conditions(errors, object, leniency);
}

/// What was issued: certificates in PEM.
fn certificate(errors: &mut Errors, object: &Value) {
    let content = object.str_at(&["status", "certificate"]).unwrap_or_default();
    if content.is_empty() {
        return;
    }
    let pem = STANDARD.decode(content).unwrap_or_default();
    let pem = String::from_utf8_lossy(&pem);
    let kinds = pem.split("-----BEGIN ").skip(1).map(|rest| rest.split("-----").next().unwrap_or_default());
    let mut count = 0;
    let mut wrong = None;
    for kind in kinds {
        count += 1;
        if kind != "CERTIFICATE" && wrong.is_none() {
            let kind = crate::field::quote(kind);
            wrong = Some(format!("only CERTIFICATE PEM blocks are allowed, found {kind}"));
        }
    }
    if count == 0 {
        wrong = Some("must contain at least one CERTIFICATE PEM block".to_owned());
    }
    if let Some(detail) = wrong {
        let path = Path::new("status");
        errors.push(FieldError::invalid(&path.child("certificate"), "<certificate data>", detail));
    }
}

/// Signers whose domain is Kubernetes' own.
pub(super) fn is_kubernetes_signer(signer: &str) -> bool {
    let domain = signer.split_once('/').map_or(signer, |(domain, _)| domain);
    domain == "kubernetes.io" || domain.ends_with(".kubernetes.io")
}

const DOMAIN_MAX: usize = 253;
/// A namespace, a dot and a name.
const SIGNER_MAX: usize = DOMAIN_MAX + 1 + 63 + 1 + 253;

/// `domain.name/path`: a domain of at least two labels, and a path of subdomains.
pub(super) fn signer_name(errors: &mut Errors, path: &Path<'_>, signer: &str) {
    if !required(errors, path, signer) {
        return;
    }
    let Some((domain, rest)) = signer.split_once('/').filter(|(_, rest)| !rest.contains('/')) else {
        let detail = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
        errors.push(FieldError::invalid(path, signer, detail));
        return;
    };
    if domain.len() > DOMAIN_MAX {
        errors.push(FieldError::too_long(path, DOMAIN_MAX));
    }
    labels_of(errors, path, domain, name::dns_1123_label);
    if !domain.contains('.') {
        let detail = "should be a domain with at least two segments separated by dots";
        errors.push(FieldError::invalid(path, domain, detail));
    }
    labels_of(errors, path, rest, name::dns_1123_subdomain);
    if signer.len() > SIGNER_MAX {
        errors.push(FieldError::too_long(path, SIGNER_MAX));
    }
}

/// Complains of the first label that is wrong.
fn labels_of(errors: &mut Errors, path: &Path<'_>, text: &str, rule: fn(&str) -> Vec<String>) {
    for label in text.split('.') {
        let complaints = rule(label);
        if complaints.is_empty() {
            continue;
        }
        let label = crate::field::quote(label);
        let complaints =
            complaints.into_iter().map(|text| format!("validating label {label}: {text}")).collect();
        complain(errors, path, text, complaints);
        return;
    }
}

/// The name of a trust bundle: it starts with its signer's.
pub(super) fn trust_bundle_name(name: &str, signer: &str) -> Vec<String> {
    if signer.is_empty() {
        if name.contains(':') {
            return vec!["ClusterTrustBundle without signer name must not have \":\" in its name".to_owned()];
        }
        return name::dns_1123_subdomain(name);
    }
    let prefix = format!("{}:", signer.replace('/', ":"));
    match name.strip_prefix(&prefix) {
        Some(rest) => name::dns_1123_subdomain(rest),
        None => {
            vec![format!("ClusterTrustBundle for signerName {signer} must be named with prefix {prefix}")]
        }
    }
}

fn request_conditions(errors: &mut Errors, object: &Value, leniency: &Leniency) {
    let path = Path::new("status");
    let path = path.child("conditions");
    let mut kinds = Seen::new();
    for (at, condition) in conditions(object).iter().enumerate() {
        let path = path.index(at);
        let (kind, status) = (text(condition, "type"), text(condition, "status"));
        if !leniency.empty_conditions {
            required(errors, &path.child("type"), kind);
        }
        if required(errors, &path.child("status"), status) {
            let supported: &[&str] = if matches!(kind, "Approved" | "Denied" | "Failed") {
                &["True"]
            } else {
                &["False", "True", "Unknown"]
            };
            one_of(errors, &path.child("status"), status, supported);
        }
        let opposite = match kind {
            "Approved" => "Denied",
            "Denied" => "Approved",
            _ => "\0",
        };
        if kinds.contains(opposite) && !leniency.both_decisions {
            let detail = "Approved and Denied conditions are mutually exclusive";
            errors.push(FieldError::invalid(&path.child("type"), kind, detail));
        }
        if !kinds.insert(kind) && !leniency.duplicate_conditions {
            errors.push(FieldError::duplicate(&path.child("type"), kind));
        }
    }
}

/// A change of a request: decisions come by `approval`, certificates by `status`, and neither goes.
pub(super) fn signing_request_update(errors: &mut Errors, new: &Value, old: &Value, part: &str) {
    request(errors, new, &leniency(old));
    let path = Path::new("status");
    let field = ["status", "certificate"];
    let (now, then) = (new.str_at(&field).unwrap_or_default(), old.str_at(&field).unwrap_or_default());
    if now != then {
        certificate(errors, new);
    }
    let of = |object: &'_ Value, kind: &str| -> Vec<Value> {
        conditions(object).iter().filter(|one| text(one, "type") == kind).cloned().collect()
    };
    let conditions_path = path.child("conditions");
    for kind in ["Approved", "Denied", "Failed"] {
        if of(new, kind).len() < of(old, kind).len() {
            let detail = format!("updates may not remove a condition of type {}", crate::field::quote(kind));
            errors.push(FieldError::forbidden(&conditions_path, detail));
        }
    }
    for kind in ["Approved", "Denied"].into_iter().filter(|_| part != "approval") {
        let (now, then) = (of(new, kind), of(old, kind));
        let what = if now.len() > then.len() {
            "add"
        } else if now.len() == then.len() && now != then {
            "modify"
        } else {
            continue;
        };
        let detail = format!("updates may not {what} a condition of type {}", crate::field::quote(kind));
        errors.push(FieldError::forbidden(&conditions_path, detail));
    }
    if now != then {
        let detail = if part != "status" {
            "updates may not set certificate content"
        } else if !then.is_empty() {
            "updates may not modify existing certificate content"
        } else {
            return;
        };
        errors.push(FieldError::forbidden(&path.child("certificate"), detail));
    }
}

pub(super) fn token_request(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let path = path.child("expirationSeconds");
    let seconds = object.path(&["spec", "expirationSeconds"]).and_then(Value::as_i64).unwrap_or_default();
    token_seconds(errors, &path, seconds);
}

/// How long a token may live.
pub(super) fn token_seconds(errors: &mut Errors, path: &Path<'_>, seconds: i64) {
    if seconds < 600 {
        let detail = "may not specify a duration less than 10 minutes";
        errors.push(FieldError::invalid(path, seconds, detail));
    }
    if seconds > 1 << 32 {
        let detail = "may not specify a duration larger than 2^32 seconds";
        errors.push(FieldError::invalid(path, seconds, detail));
    }
}

/// Who asks, and for what: one of resource and path.
pub(super) fn access_review(errors: &mut Errors, object: &Value, kind: &str) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let (resource, url) = (is_set(spec, "resourceAttributes"), is_set(spec, "nonResourceAttributes"));
    if kind == "LocalSubjectAccessReview" && !resource {
        let detail = "must be specified";
        errors.push(FieldError::required(&path.child("resourceAttributes"), detail));
    }
    if resource && url {
        let detail = "cannot be specified in combination with resourceAttributes";
        let value = spec.get("nonResourceAttributes");
        errors.push(FieldError::invalid(&path.child("nonResourceAttributes"), value, detail));
    }
    if !resource && !url && kind != "LocalSubjectAccessReview" {
        let detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
        errors.push(FieldError::invalid(&path.child("resourceAttributes"), None, detail));
    }
    let anonymous = text(spec, "user").is_empty() && list(spec, "groups").is_empty();
    if kind != "SelfSubjectAccessReview" && anonymous {
        let detail = "at least one of user or group must be specified";
        errors.push(FieldError::invalid(&path.child("user"), text(spec, "user"), detail));
    }
}
