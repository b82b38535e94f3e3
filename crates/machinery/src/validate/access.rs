//! RBAC, certificate requests, leases and reviews.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mizzen_schema::value::Value;

use super::check::{
    Errors, complain, immutable, int, is_set, label_selector, list, one_of, required, same, some, text,
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
            label_selector(errors, &path.index(at), Some(selector));
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

pub(super) fn lease(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    if let Some(seconds) = int(spec, "leaseDurationSeconds").filter(|seconds| *seconds <= 0) {
        let detail = super::check::NOT_POSITIVE;
        errors.push(FieldError::invalid(&path.child("leaseDurationSeconds"), seconds, detail));
    }
    if let Some(count) = int(spec, "leaseTransitions") {
        super::check::not_negative(errors, &path.child("leaseTransitions"), count);
    }
    let strategy = text(spec, "strategy");
    if !strategy.is_empty() {
        complain(errors, &path.child("strategy"), strategy, name::qualified_name(strategy));
    }
    let preferred = text(spec, "preferredHolder");
    if !preferred.is_empty() && strategy.is_empty() {
        let detail = "may only be specified if `strategy` is defined";
        errors.push(FieldError::forbidden(&path.child("preferredHolder"), detail));
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

pub(super) fn signing_request(errors: &mut Errors, object: &Value) {
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
    let usages: Vec<&str> = list(spec, "usages").iter().filter_map(Value::as_str).collect();
    if usages.is_empty() {
        errors.push(FieldError::required(&path.child("usages"), "usages must be non-empty"));
    }
    let mut seen = BTreeSet::new();
    for (at, usage) in usages.iter().enumerate() {
        let path = path.child("usages");
        one_of(errors, &path.index(at), usage, &USAGES);
        if !seen.insert(*usage) {
            errors.push(FieldError::duplicate(&path.index(at), *usage));
        }
    }
    let signer = text(spec, "signerName");
    if signer == "kubernetes.io/legacy-unknown" {
        let detail = "the legacy signerName is not allowed via this API version";
        errors.push(FieldError::invalid(&path.child("signerName"), signer, detail));
    } else {
        signer_name(errors, &path.child("signerName"), signer);
    }
    if let Some(seconds) = int(spec, "expirationSeconds").filter(|seconds| *seconds < 600) {
        let detail = "may not specify a duration less than 600 seconds (10 minutes)";
        errors.push(FieldError::invalid(&path.child("expirationSeconds"), seconds, detail));
    }
    request_conditions(errors, object);
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

fn request_conditions(errors: &mut Errors, object: &Value) {
    let path = Path::new("status");
    let path = path.child("conditions");
    let empty = Value::Null;
    let conditions = list(object.get("status").unwrap_or(&empty), "conditions");
    let mut kinds = BTreeSet::new();
    for (at, condition) in conditions.iter().enumerate() {
        let path = path.index(at);
        let (kind, status) = (text(condition, "type"), text(condition, "status"));
        required(errors, &path.child("type"), kind);
        if required(errors, &path.child("status"), status) {
            if matches!(kind, "Approved" | "Denied" | "Failed") {
                one_of(errors, &path.child("status"), status, &["True"]);
            } else {
                one_of(errors, &path.child("status"), status, &["True", "False", "Unknown"]);
            }
        }
        let opposite = match kind {
            "Approved" => "Denied",
            "Denied" => "Approved",
            _ => "\0",
        };
        if kinds.contains(&opposite) {
            let detail = "Approved and Denied conditions are mutually exclusive";
            errors.push(FieldError::invalid(&path.child("type"), kind, detail));
        }
        if kinds.contains(&kind) {
            errors.push(FieldError::duplicate(&path.child("type"), kind));
        }
        kinds.insert(kind);
    }
}

pub(super) fn signing_request_update(errors: &mut Errors, new: &Value, old: &Value) {
    request_conditions(errors, new);
    let path = Path::new("status");
    let certificate = ["status", "certificate"];
    if old.path(&certificate).is_some_and(|value| !value.is_zero()) {
        immutable(errors, &path.child("certificate"), new.path(&certificate), old.path(&certificate));
    }
    let has = |object: &Value, kind: &str| {
        let conditions = object.path(&["status", "conditions"]).map(Value::items).unwrap_or_default();
        conditions.iter().any(|condition| text(condition, "type") == kind)
    };
    for kind in ["Approved", "Denied", "Failed"] {
        if has(old, kind) && !has(new, kind) {
            let detail = format!("updates may not remove a condition of type {}", crate::field::quote(kind));
            errors.push(FieldError::forbidden(&path.child("conditions"), detail));
        }
    }
}

pub(super) fn token_request(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let path = path.child("expirationSeconds");
    let seconds = object.path(&["spec", "expirationSeconds"]).and_then(Value::as_i64).unwrap_or_default();
    if seconds < 600 {
        let detail = "may not specify a duration less than 10 minutes";
        errors.push(FieldError::invalid(&path, seconds, detail));
    }
    if seconds > 1 << 32 {
        let detail = "may not specify a duration larger than 2^32 seconds";
        errors.push(FieldError::invalid(&path, seconds, detail));
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
