//! `metadata` of custom resources, and of objects embedded in them.

use mizzen_schema::value::Value;

use super::check::{Errors, complain, int, not_negative, text};
use super::meta::{self, NameRule};
use crate::field::{FieldError, Path};
use crate::name;

/// The metadata of a new custom resource.
pub(crate) fn create_custom(object: &Value, namespaced: bool) -> Errors {
    let mut errors = Errors::new();
    let root = Path::new("metadata");
    let empty = Value::Null;
    let metadata = object.get("metadata").unwrap_or(&empty);
    names(&mut errors, &root, metadata, NameRule::Subdomain);
    let namespace = text(metadata, "namespace");
    match (namespaced, namespace) {
        (true, "") => errors.push(FieldError::required(&root.child("namespace"), "")),
        (false, "") => {}
        (false, _) => {
            errors.push(FieldError::forbidden(&root.child("namespace"), "not allowed on this type"));
        }
        (true, namespace) => {
            complain(&mut errors, &root.child("namespace"), namespace, name::dns_1123_label(namespace));
        }
    }
    if let Some(generation) = int(metadata, "generation") {
        not_negative(&mut errors, &root.child("generation"), generation);
    }
    meta::common(&mut errors, metadata, &root);
    errors
}

/// The metadata of a changed custom resource.
pub(crate) fn update_custom(new: &Value, old: &Value) -> Errors {
    let mut errors = Errors::new();
    meta::changed(&mut errors, new, old, false);
    errors
}

/// The metadata of an object inside of another: no name is needed, but those that there are must be usable.
pub(crate) fn embedded(errors: &mut Errors, path: &Path<'_>, metadata: &Value) {
    let name = text(metadata, "name");
    complain(errors, &path.child("name"), name, NameRule::PathSegment.check(name));
    let namespace = text(metadata, "namespace");
    if !namespace.is_empty() {
        complain(errors, &path.child("namespace"), namespace, name::dns_1123_label(namespace));
    }
    meta::common(errors, metadata, path);
}

fn names(errors: &mut Errors, root: &Path<'_>, metadata: &Value, rule: NameRule) {
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
}
