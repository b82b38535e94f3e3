//! Objects inside of objects (`x-kubernetes-embedded-resource`): a type header, and metadata that makes sense.

use mizzen_schema::structural::Schema;
use mizzen_schema::value::Value;

use super::{is_object, members};
use crate::field::{FieldError, Path};
use crate::name;
use crate::validate::metadata;

/// What is wrong with embedded resources anywhere in `value`.
pub(super) fn below(errors: &mut Vec<FieldError>, path: &Path<'_>, value: &Value, schema: &Schema) {
    match value {
        Value::List(items) => {
            let Some(inner) = &schema.items else { return };
            for (at, item) in items.iter().enumerate() {
                below(errors, &path.index(at), item, inner);
            }
        }
        value if is_object(value) => {
            if schema.embedded {
                resource(errors, path, value);
            }
            for (name, member) in members(value) {
                match (schema.properties.get(name), schema.additional.schema()) {
                    (Some(inner), _) => below(errors, &path.child(name), member, inner),
                    (None, Some(inner)) => below(errors, &path.key(name), member, inner),
                    (None, None) => {}
                }
            }
        }
        _ => {}
    }
}

/// What is wrong with one embedded resource.
pub(crate) fn resource(errors: &mut Vec<FieldError>, path: &Path<'_>, value: &Value) {
    for header in ["apiVersion", "kind"] {
        if value.get(header).is_none() {
            errors.push(FieldError::required(&path.child(header), ""));
        }
    }
    if let Some(version) = value.get("apiVersion") {
        let path = path.child("apiVersion");
        match version.as_str() {
            None => errors.push(FieldError::invalid(&path, version, "must be a string")),
            Some("") => errors.push(FieldError::invalid(&path, "", "must not be empty")),
            Some(text) if text.matches('/').count() > 1 => {
                let detail = format!("unexpected GroupVersion string: {text}");
                errors.push(FieldError::invalid(&path, text, detail));
            }
            Some(_) => {}
        }
    }
    if let Some(kind) = value.get("kind") {
        let path = path.child("kind");
        match kind.as_str() {
            None => errors.push(FieldError::invalid(&path, kind, "must be a string")),
            Some("") => errors.push(FieldError::invalid(&path, "", "must not be empty")),
            Some(text) => {
                let complaints = name::dns_1035_label(&text.to_lowercase());
                if !complaints.is_empty() {
                    let detail =
                        format!("may have mixed case, but should otherwise match: {}", complaints.join(","));
                    errors.push(FieldError::invalid(&path, text, detail));
                }
            }
        }
    }
    if let Some(meta) = value.get("metadata") {
        metadata::embedded(errors, &path.child("metadata"), meta);
    }
}
