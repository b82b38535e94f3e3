//! `metadata`, of all kinds alike.

use std::collections::BTreeSet;

use mizzen_schema::builtin;
use mizzen_schema::value::Value;

use super::check::{Errors, complain, entries, flag, immutable, labels, list, not_negative, text, texts};
use crate::field::{FieldError, Path, quote};
use crate::name;

const MANAGER_MAX: usize = 128;
const SUBRESOURCE_MAX: usize = 256;

/// What an object's name must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameRule {
    Subdomain,
    Label,
    Label1035,
    PathSegment,
    /// LeaseCandidates, which are named after processes.
    ConfigMapKey,
    /// IPAddresses, which are named after what they are.
    Address,
    /// No rule of its own.
    Any,
}

impl NameRule {
    pub(super) fn of(group: &str, kind: &str) -> Self {
        match (group, kind) {
            ("", "Namespace") => Self::Label,
            ("", "Service") => Self::Label1035,
            ("apps", "StatefulSet") => Self::Label,
            ("" | "events.k8s.io", "Event")
            | ("rbac.authorization.k8s.io" | "apiregistration.k8s.io", _)
            | ("certificates.k8s.io", "ClusterTrustBundle") => Self::PathSegment,
            ("coordination.k8s.io", "LeaseCandidate") => Self::ConfigMapKey,
            ("networking.k8s.io", "IPAddress") => Self::Address,
            ("certificates.k8s.io", "CertificateSigningRequest")
            | ("authentication.k8s.io" | "authorization.k8s.io", _) => Self::Any,
            _ => Self::Subdomain,
        }
    }

    /// The rule in words, for the document of kinds.
    #[cfg(test)]
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Subdomain => "an RFC 1123 subdomain",
            Self::Label => "an RFC 1123 label",
            Self::Label1035 => "an RFC 1035 label",
            Self::PathSegment => "a segment of a URL's path",
            Self::ConfigMapKey => "a key as in ConfigMaps",
            Self::Address => "an IP address in canonical form",
            Self::Any => "any",
        }
    }

    pub(super) fn check(self, name: &str) -> Vec<String> {
        match self {
            Self::Subdomain => name::dns_1123_subdomain(name),
            Self::Label => name::dns_1123_label(name),
            Self::Label1035 => name::dns_1035_label(name),
            Self::PathSegment => name::path_segment(name),
            Self::ConfigMapKey => name::config_map_key(name),
            Self::Address => name::canonical_ip(name),
            Self::Any => Vec::new(),
        }
    }

    /// A prefix may end in a dash, which the generated part follows.
    pub(super) fn check_prefix(self, prefix: &str) -> Vec<String> {
        match prefix.strip_suffix('-') {
            Some(rest) if !rest.is_empty() && self != Self::PathSegment => {
                let start = rest.char_indices().next_back().map_or(0, |(at, _)| at);
                self.check(&format!("{}a", &rest[..start]))
            }
            _ => self.check(prefix),
        }
    }
}

/// Whether a kind's objects live in a namespace; `None` for kinds that are no resource.
pub(super) fn is_namespaced(object: &Value) -> Option<bool> {
    let gvk = object.as_struct()?.ty().kinds.first()?;
    builtin::resource_of(gvk).map(|resource| resource.namespaced)
}

/// The metadata of a new object. `namespaced`: whether it lives in a namespace, if that is known.
pub(super) fn create(
    errors: &mut Errors,
    object: &Value,
    rule: NameRule,
    namespaced: Option<bool>,
    strict: bool,
) {
    let root = Path::new("metadata");
    let empty = Value::Null;
    let metadata = object.get("metadata").unwrap_or(&empty);
    let prefix = text(metadata, "generateName");
    if !prefix.is_empty() {
        complain(errors, &root.child("generateName"), prefix, rule.check_prefix(prefix));
    }
    let name = text(metadata, "name");
    if name.is_empty() {
        errors.push(FieldError::required(&root.child("name"), "name or generateName is required"));
    } else {
        complain(errors, &root.child("name"), name, rule.check(name));
    }
    let namespace = text(metadata, "namespace");
    match namespaced {
        Some(true) if namespace.is_empty() => errors.push(FieldError::required(&root.child("namespace"), "")),
        Some(false) if !namespace.is_empty() => {
            errors.push(FieldError::forbidden(&root.child("namespace"), "not allowed on this type"));
        }
        Some(true) => complain(errors, &root.child("namespace"), namespace, name::dns_1123_label(namespace)),
        _ => {}
    }
    if let Some(generation) = super::check::int(metadata, "generation") {
        not_negative(errors, &root.child("generation"), generation);
    }
    common(errors, metadata, &root);
    if strict {
        finalizer_names(errors, &root.child("finalizers"), metadata);
    }
}

/// What creates and updates share.
pub(super) fn common(errors: &mut Errors, metadata: &Value, root: &Path<'_>) {
    labels(errors, &root.child("labels"), metadata, "labels");
    annotations(errors, &root.child("annotations"), metadata);
    owner_references(errors, &root.child("ownerReferences"), metadata);
    finalizers(errors, &root.child("finalizers"), metadata);
    managed_fields(errors, &root.child("managedFields"), metadata);
}

/// The metadata of a pod template: labels and annotations. Errors leave out `metadata`, as Kubernetes' do.
pub(super) fn template(errors: &mut Errors, path: &Path<'_>, template: &Value) {
    if let Some(metadata) = template.get("metadata") {
        labels(errors, &path.child("labels"), metadata, "labels");
        annotations(errors, &path.child("annotations"), metadata);
    }
}

pub(super) fn annotations(errors: &mut Errors, path: &Path<'_>, metadata: &Value) {
    let mut size = 0;
    for (key, value) in entries(metadata, "annotations") {
        // Capitals count as small letters here.
        let plain = !key.bytes().any(|byte| byte.is_ascii_uppercase());
        let complaints =
            if plain { name::qualified_name(key) } else { name::qualified_name(&key.to_lowercase()) };
        complain(errors, path, key, complaints);
        size += key.len() + value.as_str().unwrap_or_default().len();
    }
    if size > name::ANNOTATIONS_MAX {
        errors.push(FieldError::too_long(path, name::ANNOTATIONS_MAX));
    }
}

fn owner_references(errors: &mut Errors, path: &Path<'_>, metadata: &Value) {
    let mut controller: Option<&Value> = None;
    for owner in list(metadata, "ownerReferences") {
        owner_reference(errors, path, owner);
        if flag(owner, "controller") != Some(true) {
            continue;
        }
        match controller {
            Some(first) => {
                let name = |owner: &Value| format!("{}/{}", text(owner, "kind"), text(owner, "name"));
                let detail = format!(
                    "Only one reference can have Controller set to true. Found \"true\" in references for {} and {}",
                    name(first),
                    name(owner)
                );
                errors.push(FieldError::invalid(path, metadata.get("ownerReferences"), detail));
            }
            None => controller = Some(owner),
        }
    }
}

/// One owner; its errors name the list, as Kubernetes' do.
fn owner_reference(errors: &mut Errors, path: &Path<'_>, owner: &Value) {
    let api_version = text(owner, "apiVersion");
    let version = api_version.split_once('/').map_or(api_version, |(_, version)| version);
    if version.is_empty() || version.contains('/') {
        let detail = "version must not be empty";
        errors.push(FieldError::invalid(&path.child("apiVersion"), api_version, detail));
    }
    for field in ["kind", "name", "uid"] {
        if text(owner, field).is_empty() {
            errors.push(FieldError::invalid(&path.child(field), "", "must not be empty"));
        }
    }
    if api_version == "v1" && text(owner, "kind") == "Event" {
        let detail = "/v1, Kind=Event is disallowed from being an owner";
        errors.push(FieldError::invalid(path, owner, detail));
    }
}

fn finalizers(errors: &mut Errors, path: &Path<'_>, metadata: &Value) {
    let (mut orphan, mut foreground) = (false, false);
    for name in texts(metadata, "finalizers") {
        complain(errors, path, name, name::qualified_name(name));
        orphan |= name == "orphan";
        foreground |= name == "foregroundDeletion";
    }
    if orphan && foreground {
        let detail = "finalizer orphan and foregroundDeletion cannot be both set";
        errors.push(FieldError::invalid(path, metadata.get("finalizers"), detail));
    }
}

/// Finalizers without a domain are Kubernetes' own.
fn finalizer_names(errors: &mut Errors, path: &Path<'_>, metadata: &Value) {
    for (at, name) in texts(metadata, "finalizers").enumerate() {
        let standard = matches!(name, "kubernetes" | "orphan" | "foregroundDeletion");
        if !standard && !name.contains('/') && name::qualified_name(name).is_empty() {
            let detail = "name is neither a standard finalizer name nor is it fully qualified";
            errors.push(FieldError::invalid(&path.index(at), name, detail));
        }
    }
}

fn managed_fields(errors: &mut Errors, path: &Path<'_>, metadata: &Value) {
    for (at, entry) in list(metadata, "managedFields").iter().enumerate() {
        let path = path.index(at);
        let operation = text(entry, "operation");
        if !matches!(operation, "Apply" | "Update") {
            let detail = "must be `Apply` or `Update`";
            errors.push(FieldError::invalid(&path.child("operation"), operation, detail));
        }
        let form = text(entry, "fieldsType");
        if !form.is_empty() && form != "FieldsV1" {
            errors.push(FieldError::invalid(&path.child("fieldsType"), form, "must be `FieldsV1`"));
        }
        if text(entry, "manager").len() > MANAGER_MAX {
            errors.push(FieldError::too_long(&path.child("manager"), MANAGER_MAX));
        }
        if text(entry, "subresource").len() > SUBRESOURCE_MAX {
            errors.push(FieldError::too_long(&path.child("subresource"), SUBRESOURCE_MAX));
        }
    }
}

/// The metadata of a changed object.
pub(super) fn changed(errors: &mut Errors, new: &Value, old: &Value, strict: bool) {
    let root = Path::new("metadata");
    let empty = Value::Null;
    let (metadata, before) = (new.get("metadata").unwrap_or(&empty), old.get("metadata").unwrap_or(&empty));
    if !text(before, "deletionTimestamp").is_empty() {
        no_new_finalizers(errors, &root.child("finalizers"), metadata, before);
    }
    let generation = |object: &Value| super::check::int(object, "generation").unwrap_or_default();
    if generation(metadata) < generation(before) {
        let path = root.child("generation");
        errors.push(FieldError::invalid(&path, generation(metadata), "must not be decremented"));
    }
    for field in
        ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"]
    {
        immutable(errors, &root.child(field), metadata.get(field), before.get(field));
    }
    common(errors, metadata, &root);
    if strict {
        finalizer_names(errors, &root.child("finalizers"), metadata);
    }
}

fn no_new_finalizers(errors: &mut Errors, path: &Path<'_>, new: &Value, old: &Value) {
    let old: BTreeSet<&str> = list(old, "finalizers").iter().filter_map(Value::as_str).collect();
    let mut extra: Vec<&str> =
        list(new, "finalizers").iter().filter_map(Value::as_str).filter(|name| !old.contains(name)).collect();
    if extra.is_empty() {
        return;
    }
    extra.sort_unstable();
    let extra: Vec<String> = extra.into_iter().map(quote).collect();
    errors.push(FieldError::forbidden(
        path,
        format!(
            "no new finalizers can be added if the object is being deleted, found new finalizers []string{{{}}}",
            extra.join(", ")
        ),
    ));
}
