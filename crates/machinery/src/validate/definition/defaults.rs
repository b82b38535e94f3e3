//! Defaults must be valid themselves, and made of known fields.

use mizzen_schema::structural::{Additional, Schema};
use mizzen_schema::value::Value;

use super::super::check::Errors;
use crate::custom::{check_embedded, check_schema, is_object, members};
use crate::field::{FieldError, Path};

/// What is wrong with the defaults in a structural schema.
pub(super) fn check(errors: &mut Errors, path: &Path<'_>, schema: &Schema) {
    walk(errors, path, schema, true, false);
}

/// `resource`: the place is an object of its own; `header`: it is in the type header or metadata of one.
fn walk(errors: &mut Errors, path: &Path<'_>, schema: &Schema, resource: bool, header: bool) {
    let header = header && !schema.embedded;
    let resource = resource || schema.embedded;
    if let Some(default) = &schema.default {
        let place = path.child("default");
        if !header && has_unknown(default, schema, resource) {
            errors.push(FieldError::invalid(&place, default, "must not have unknown fields"));
        }
        let before = errors.len();
        if schema.embedded && is_object(default) {
            check_embedded(errors, &place, default);
        }
        if errors.len() == before {
            errors.extend(check_schema(&place.to_string(), schema, default, None));
        }
    }
    // Defaults inside of additionalProperties would apply to nothing that can be named.
    if let Some(items) = &schema.items {
        walk(errors, &path.child("items"), items, false, header);
    }
    for (name, inner) in &schema.properties {
        let own = resource && matches!(&**name, "metadata" | "apiVersion" | "kind");
        walk(errors, &path.child("properties").key(name), inner, false, header || own);
    }
}

/// Whether pruning would take something away.
fn has_unknown(value: &Value, schema: &Schema, resource: bool) -> bool {
    match value {
        Value::List(items) => items
            .iter()
            .any(|item| schema.items.as_ref().is_some_and(|inner| has_unknown(item, inner, false))),
        value if is_object(value) => members(value).into_iter().any(|(name, member)| {
            let header = (resource || schema.embedded) && matches!(name, "metadata" | "apiVersion" | "kind");
            if header {
                return false;
            }
            match (schema.properties.get(name), &schema.additional) {
                (Some(inner), _) => has_unknown(member, inner, false),
                (None, Additional::Schema(inner)) => has_unknown(member, inner, false),
                (None, Additional::Allowed(_)) => false,
                (None, Additional::Unsaid) => !schema.preserve_unknown,
            }
        }),
        _ => false,
    }
}
