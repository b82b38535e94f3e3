//! `metadata` of custom resources, and of objects embedded in them.

use mizzen_schema::value::Value;

use super::check::{Errors, complain, text};
use super::meta::{self, NameRule};
use crate::field::Path;
use crate::name;

/// The metadata of a new custom resource.
pub(crate) fn create_custom(object: &Value, namespaced: bool) -> Errors {
    let mut errors = Errors::new();
    meta::create(&mut errors, object, NameRule::Subdomain, Some(namespaced), false);
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
