//! A definition's spec, but for its schemas.

use mizzen_schema::structural as schemas;
use mizzen_schema::value::Value;

use super::super::check::{Errors, flag, list, required, required_one_of, some, text};
use super::{columns, conversion, defaults, props, structural};
use crate::field::{FieldError, Path};
use crate::name;

pub(super) fn check(errors: &mut Errors, crd: &Value, old: Option<&Value>) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = crd.get("spec").unwrap_or(&empty);
    let group = text(spec, "group");
    if required(errors, &path.child("group"), group) {
        let complaints = name::dns_1123_subdomain(group);
        if !complaints.is_empty() {
            errors.push(FieldError::invalid(&path.child("group"), group, complaints.join(",")));
        } else if !group.contains('.') {
            let detail = "should be a domain with at least one dot";
            errors.push(FieldError::invalid(&path.child("group"), group, detail));
        }
    }
    required_one_of(errors, &path.child("scope"), text(spec, "scope"), &["Cluster", "Namespaced"]);
    preserve(errors, &path, spec, old);
    versions(errors, &path, spec, old);
    let given = some(spec, "names").unwrap_or(&empty);
    for field in ["plural", "singular", "kind", "listKind"] {
        required(errors, &path.child("names").child(field), text(given, field));
    }
    names(errors, &path.child("names"), given);
    conversion::check(errors, &path.child("conversion"), spec, crd, old);
}

/// Keeping all unknown fields is for definitions that have always done so.
fn preserve(errors: &mut Errors, path: &Path<'_>, spec: &Value, old: Option<&Value>) {
    let before = old.and_then(|old| old.path(&["spec", "preserveUnknownFields"]));
    if flag(spec, "preserveUnknownFields") == Some(true) && before != Some(&Value::Bool(true)) {
        let detail = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in \
            spec.versions[*].schema instead";
        errors.push(FieldError::invalid(&path.child("preserveUnknownFields"), true, detail));
    }
}

/// What all versions say alike of something; `None` where they differ or one says nothing.
fn common<'v>(versions: &'v [Value], field: &str) -> Option<&'v Value> {
    let first = versions.first()?.get(field)?;
    versions.iter().all(|version| version.get(field) == Some(first)).then_some(first)
}

fn versions(errors: &mut Errors, path: &Path<'_>, spec: &Value, old: Option<&Value>) {
    let all = list(spec, "versions");
    let place = path.child("versions");
    if some(spec, "preserveUnknownFields").is_none_or(|keep| *keep != Value::Bool(true)) {
        for (at, version) in all.iter().enumerate() {
            if version.path(&["schema", "openAPIV3Schema"]).is_none_or(|props| *props == Value::Null) {
                let path = place.index(at);
                errors.push(FieldError::required(&path.child("schema.openAPIV3Schema"), ""));
            }
        }
    }
    let any_status = all.iter().any(|version| version.path(&["subresources", "status"]).is_some());
    for (at, version) in all.iter().enumerate() {
        let path = place.index(at);
        let complaints = name::dns_1035_label(text(version, "name"));
        if !complaints.is_empty() {
            let name = text(version, "name");
            errors.push(FieldError::invalid(&path.child("name"), name, complaints.join(",")));
        }
        for complaint in deprecation(version) {
            let shown = version.get("deprecationWarning");
            errors.push(FieldError::invalid(&path.child("deprecationWarning"), shown, complaint));
        }
        let has_status = version.path(&["subresources", "status"]).is_some();
        if common(all, "schema").is_none() {
            let was = old_version(old, text(version, "name"));
            schema(errors, &path.child("schema"), version, has_status, was.and_then(|was| was.get("schema")));
        }
        if common(all, "subresources").is_none() {
            columns::subresources(errors, &path.child("subresources"), version);
        }
        if common(all, "additionalPrinterColumns").is_none() {
            columns::printed(errors, &path.child("additionalPrinterColumns"), version);
        }
        if common(all, "selectableFields").is_none() {
            columns::selectable(errors, &path.child("selectableFields"), version);
        }
    }
    let names: Vec<&str> = all.iter().map(|version| text(version, "name")).collect();
    if names.iter().enumerate().any(|(at, name)| names[..at].contains(name)) {
        let detail = "must contain unique version names";
        errors.push(FieldError::invalid(&place, spec.get("versions"), detail));
    }
    if all.iter().filter(|version| flag(version, "storage") == Some(true)).count() != 1 {
        let detail = "must have exactly one version marked as storage version";
        errors.push(FieldError::invalid(&place, spec.get("versions"), detail));
    }
    let Some(first) = all.first() else { return };
    if common(all, "schema").is_some() {
        let was = old_version(old, text(first, "name")).and_then(|was| was.get("schema"));
        schema(errors, &path.child("validation"), first, any_status, was);
    }
    if common(all, "subresources").is_some() {
        columns::subresources(errors, &path.child("subresources"), first);
    }
    if common(all, "additionalPrinterColumns").is_some() {
        columns::printed(errors, &path.child("additionalPrinterColumns"), first);
    }
    if common(all, "selectableFields").is_some() {
        columns::selectable(errors, &path.child("selectableFields"), first);
    }
}

fn old_version<'o>(old: Option<&'o Value>, name: &str) -> Option<&'o Value> {
    let versions = old?.path(&["spec", "versions"])?.items();
    versions.iter().find(|version| text(version, "name") == name)
}

fn deprecation(version: &Value) -> Vec<String> {
    let Some(words) = version.str_at(&["deprecationWarning"]) else { return Vec::new() };
    if flag(version, "deprecated") != Some(true) {
        return vec!["can only be set for deprecated versions".to_owned()];
    }
    let mut complaints = Vec::new();
    if words.len() > 256 {
        complaints.push("must be <= 256 characters long".to_owned());
    }
    if words.is_empty() {
        complaints.push("must not be an empty string".to_owned());
    }
    if let Some((at, _)) = words.char_indices().find(|(_, c)| c.is_control()) {
        complaints.push(format!(
            "must only contain printable UTF-8 characters; non-printable character found at index {at}"
        ));
    }
    complaints
}

/// A version's schema, which was `old` before.
fn schema(errors: &mut Errors, path: &Path<'_>, version: &Value, has_status: bool, old: Option<&Value>) {
    let Some(schema) = version.get("schema") else { return };
    let mut found = Errors::new();
    one_schema(&mut found, path, schema, has_status);
    if found.is_empty() {
        return;
    }
    // What was let through once is not held against other changes.
    let mut before = Errors::new();
    if let Some(old) = old {
        one_schema(&mut before, path, old, has_status);
    }
    errors.extend(found.into_iter().filter(|error| !before.contains(error)));
}

fn one_schema(errors: &mut Errors, path: &Path<'_>, schema: &Value, has_status: bool) {
    let Some(tree) = some(schema, "openAPIV3Schema") else { return };
    let path = path.child("openAPIV3Schema");
    if has_status {
        props::root_with_status(errors, &path, tree);
    }
    if flag(tree, "nullable") == Some(true) {
        errors.push(FieldError::forbidden(&path.child("nullable"), "nullable cannot be true at the root"));
    }
    let read = schemas::read(tree);
    let before = errors.len();
    structural::check(errors, &path, &read);
    if errors.len() == before {
        defaults::check(errors, &path, &read);
    }
    props::check(errors, &path, tree);
}

pub(super) fn names(errors: &mut Errors, path: &Path<'_>, names: &Value) {
    let own = |field: &str| text(names, field);
    for field in ["plural", "singular"] {
        let complaints = name::dns_1035_label(own(field));
        if !own(field).is_empty() && !complaints.is_empty() {
            errors.push(FieldError::invalid(&path.child(field), own(field), complaints.join(",")));
        }
    }
    for field in ["kind", "listKind"] {
        let complaints = name::dns_1035_label(&own(field).to_lowercase());
        if !own(field).is_empty() && !complaints.is_empty() {
            let detail = format!("may have mixed case, but should otherwise match: {}", complaints.join(","));
            errors.push(FieldError::invalid(&path.child(field), own(field), detail));
        }
    }
    let labels = |errors: &mut Errors, field: &str| {
        for (at, label) in list(names, field).iter().filter_map(Value::as_str).enumerate() {
            let complaints = name::dns_1035_label(label);
            if !complaints.is_empty() {
                let detail = complaints.join(",");
                errors.push(FieldError::invalid(&path.child(field).index(at), label, detail));
            }
        }
    };
    labels(errors, "shortNames");
    if !own("kind").is_empty() && own("kind") == own("listKind") {
        let detail = "kind and listKind may not be the same";
        errors.push(FieldError::invalid(&path.child("listKind"), own("listKind"), detail));
    }
    labels(errors, "categories");
}

/// Whether a definition's condition is true.
pub(super) fn is_established(crd: &Value) -> bool {
    let conditions = crd.path(&["status", "conditions"]).map(Value::items).unwrap_or_default();
    conditions.iter().any(|own| text(own, "type") == "Established" && text(own, "status") == "True")
}

pub(super) fn immutable(errors: &mut Errors, new: &Value, old: &Value) {
    let path = Path::new("spec");
    let mut same = |names: &[&str]| {
        let mut whole = vec!["spec"];
        whole.extend(names);
        super::super::check::immutable(
            errors,
            &path.child(&names.join(".")),
            new.path(&whole),
            old.path(&whole),
        );
    };
    if is_established(old) {
        same(&["scope"]);
        same(&["names", "kind"]);
    }
    same(&["group"]);
    same(&["names", "plural"]);
}
