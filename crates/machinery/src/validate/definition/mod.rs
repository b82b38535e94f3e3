//! CustomResourceDefinitions.
//!
//! [`spec`] checks names, versions and what goes with them; [`props`] what a schema may be made of, [`structural`]
//! that it is structural, [`defaults`] that its defaults fit. Where all versions say the same of something, errors
//! name it once, at `spec.validation`, `spec.subresources` and so on, as Kubernetes does.

mod approval;
mod columns;
mod conversion;
mod defaults;
mod props;
mod spec;
mod structural;
mod warn;

use mizzen_schema::structural as schemas;
use mizzen_schema::value::Value;

pub use approval::{Approval, api_approval};
pub(super) use warn::all as warnings;

use super::check::{Errors, list, text};
use crate::field::{FieldError, Path};

/// Whether a kind is that of definitions.
pub(super) fn is(group: &str, kind: &str) -> bool {
    (group, kind) == ("apiextensions.k8s.io", "CustomResourceDefinition")
}

/// What is wrong with a new definition.
pub(super) fn create(errors: &mut Errors, crd: &Value) {
    let names = (crd.str_at(&["spec", "names", "plural"]), crd.str_at(&["spec", "group"]));
    let wanted = format!("{}.{}", names.0.unwrap_or_default(), names.1.unwrap_or_default());
    let name = crate::meta::name(crd);
    if name != wanted {
        let detail = "must be spec.names.plural+\".\"+spec.group";
        errors.push(FieldError::invalid(&Path::new("metadata.name"), name, detail));
    }
    spec::check(errors, crd, None);
    status(errors, crd);
    approval::check(errors, crd, None);
}

/// What is wrong with a change of a definition. What was wrong with its schemas before is let be.
pub(super) fn update(errors: &mut Errors, new: &Value, old: &Value) {
    spec::check(errors, new, Some(old));
    spec::immutable(errors, new, old);
    status(errors, new);
    approval::check(errors, new, Some(old));
}

/// What is wrong with a definition's status.
pub(super) fn status_update(errors: &mut Errors, new: &Value) {
    names_of_status(errors, new);
}

fn names_of_status(errors: &mut Errors, crd: &Value) {
    if let Some(names) = crd.path(&["status", "acceptedNames"]) {
        spec::names(errors, &Path::new("status.acceptedNames"), names);
    }
}

fn status(errors: &mut Errors, crd: &Value) {
    names_of_status(errors, crd);
    let path = Path::new("status.storedVersions");
    let empty = Value::Null;
    let status = crd.get("status").unwrap_or(&empty);
    let stored: Vec<&str> = list(status, "storedVersions").iter().filter_map(Value::as_str).collect();
    if stored.is_empty() {
        let detail = "must have at least one stored version";
        errors.push(FieldError::invalid(&path, status.get("storedVersions"), detail));
        return;
    }
    let versions = crd.path(&["spec", "versions"]).map(Value::items).unwrap_or_default();
    for version in versions {
        let name = text(version, "name");
        let storage = super::check::flag(version, "storage") == Some(true);
        if storage && !stored.contains(&name) {
            let detail = format!("must have the storage version {name}");
            errors.push(FieldError::invalid(&path, status.get("storedVersions"), detail));
        }
    }
    for (at, name) in stored.iter().enumerate() {
        if !versions.iter().any(|version| text(version, "name") == *name) {
            let detail = format!(
                "missing from spec.versions; {name} was previously a storage version, and must remain in spec.versions \
                 until a storage migration ensures no data remains persisted in {name} and removes {name} from \
                 status.storedVersions"
            );
            errors.push(FieldError::invalid(&path.index(at), *name, detail));
        }
    }
}

/// What keeps a definition's schemas from being structural.
pub fn non_structural(crd: &Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if crd.path(&["spec", "preserveUnknownFields"]) == Some(&Value::Bool(true)) {
        errors.push(FieldError::invalid(&Path::new("spec.preserveUnknownFields"), true, "must be false"));
    }
    let versions = crd.path(&["spec", "versions"]).map(Value::items).unwrap_or_default();
    let root = Path::new("spec.versions");
    for (at, version) in versions.iter().enumerate() {
        if let Some(props) = version.path(&["schema", "openAPIV3Schema"]) {
            let path = root.index(at);
            let path = path.child("schema.openAPIV3Schema");
            structural::check(&mut errors, &path, &schemas::read(props));
        }
    }
    errors
}

#[cfg(test)]
mod tests;
