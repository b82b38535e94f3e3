//! What the schema of a CustomResourceDefinition means for an object: defaults, validation, embedded resources.
//!
//! Decoding has pruned the object already ([`mizzen_schema::structural`]); [`fill`] sets defaults, [`create`] and
//! [`update`] say what is wrong with it, in the words of Kubernetes' OpenAPI validation.

mod embedded;
mod fill;
pub(crate) mod formats;
mod lists;
pub(crate) mod regex;
mod scale;
mod schema;

use mizzen_schema::structural::Schema;
use mizzen_schema::value::{Map, Value};

pub use fill::fill;
pub use scale::{ScalePaths, set_replicas};
pub(crate) use {embedded::resource as check_embedded, schema::check as check_schema};

use crate::field::{FieldError, Path, quote};
use crate::name;
use crate::validate::metadata;

/// What the validation of an object needs of its definition.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Of the version in which the object is written.
    pub schema: &'a Schema,
    /// Objects live in a namespace.
    pub namespaced: bool,
    /// Of the scale subresource.
    pub scale: Option<&'a ScalePaths>,
}

/// What is wrong with a new object.
pub fn create(rules: Rules<'_>, object: &Value) -> Vec<FieldError> {
    let mut errors = metadata::create_custom(object, rules.namespaced);
    errors.extend(schema::check("", rules.schema, object, None));
    if let Some(paths) = rules.scale {
        paths.check_spec(object, &mut errors);
        paths.check_status(object, &mut errors);
    }
    embedded::below(&mut errors, &Path::new(""), object, rules.schema);
    lists::check(&mut errors, &Path::new(""), object, rules.schema);
    errors
}

/// What is wrong with a change of an object. What was wrong before and did not change is let be (KEP-4008).
pub fn update(rules: Rules<'_>, new: &Value, old: &Value) -> Vec<FieldError> {
    let mut errors = metadata::update_custom(new, old);
    errors.extend(schema::check("", rules.schema, new, Some(old)));
    if let Some(paths) = rules.scale {
        paths.check_spec(new, &mut errors);
        paths.check_status(new, &mut errors);
    }
    embedded::below(&mut errors, &Path::new(""), new, rules.schema);
    errors.extend(new_list_errors(rules, new, old));
    errors
}

/// What is wrong with a change through the status subresource.
pub fn update_status(rules: Rules<'_>, new: &Value, old: &Value) -> Vec<FieldError> {
    let mut errors = metadata::update_custom(new, old);
    if let (Some(status), Some(schema)) = (new.get("status"), rules.schema.properties.get("status")) {
        errors.extend(schema::check("status", schema, status, old.get("status")));
    }
    if let Some(paths) = rules.scale {
        paths.check_status(new, &mut errors);
    }
    errors.extend(new_list_errors(rules, new, old));
    errors
}

/// Lists that break their type are refused unless they did before.
fn new_list_errors(rules: Rules<'_>, new: &Value, old: &Value) -> Vec<FieldError> {
    let (mut errors, mut before) = (Vec::new(), Vec::new());
    lists::check(&mut errors, &Path::new(""), new, rules.schema);
    if !errors.is_empty() {
        lists::check(&mut before, &Path::new(""), old, rules.schema);
    }
    if before.is_empty() { errors } else { Vec::new() }
}

/// Warnings about finalizers that were not there before and whose names may be others' too.
pub fn warnings(new: &Value, old: Option<&Value>) -> Vec<String> {
    let before: Vec<&str> = old.map(|old| crate::meta::finalizers(old).collect()).unwrap_or_default();
    let mut added: Vec<&str> =
        crate::meta::finalizers(new).filter(|finalizer| !before.contains(finalizer)).collect();
    added.sort_unstable();
    added.dedup();
    let mut warnings = Vec::new();
    for finalizer in added {
        let shown = quote(finalizer);
        let complaints = name::qualified_name(finalizer);
        warnings.extend(complaints.iter().map(|words| format!("metadata.finalizers: {shown}: {words}")));
        let standard = matches!(finalizer, "orphan" | "foregroundDeletion" | "kubernetes");
        if finalizer.contains('/') || standard {
            continue;
        }
        let path = if finalizer.contains('.') { " including a path (/)" } else { "" };
        warnings.push(format!(
            "metadata.finalizers: {shown}: prefer a domain-qualified finalizer name{path} to avoid accidental conflicts \
             with other finalizer writers"
        ));
    }
    warnings
}

/// The members of an object, typed or free-form.
pub(crate) fn members(value: &Value) -> Vec<(&str, &Value)> {
    match value {
        Value::Map(map) => map.iter().collect(),
        Value::Struct(fields) => {
            let known = fields.fields().map(|(_, field, value)| (&*field.json, value));
            let mut all: Vec<_> = known.chain(fields.unknown().into_iter().flat_map(Map::iter)).collect();
            all.sort_unstable_by_key(|(name, _)| *name);
            all
        }
        _ => Vec::new(),
    }
}

/// Whether a value is a JSON object.
pub(crate) const fn is_object(value: &Value) -> bool {
    matches!(value, Value::Map(_) | Value::Struct(_))
}

#[cfg(test)]
mod tests;
