//! Printer columns, subresources, and fields for selectors.

use mizzen_schema::structural::{self as schemas, Schema};
use mizzen_schema::value::Value;

use super::super::check::{Errors, list, some, text};
use crate::field::{FieldError, Path};

const TYPES: [&str; 5] = ["boolean", "date", "integer", "number", "string"];
const FORMATS: [&str; 8] = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];
/// Most fields that selectors may name (KEP-4358).
const SELECTABLE_MAX: usize = 8;

/// The columns of a version.
pub(super) fn printed(errors: &mut Errors, path: &Path<'_>, version: &Value) {
    for (at, column) in list(version, "additionalPrinterColumns").iter().enumerate() {
        let path = path.index(at);
        let own = |field: &str| text(column, field);
        if own("name").is_empty() {
            errors.push(FieldError::required(&path.child("name"), ""));
        }
        let types = format!("must be one of {}", TYPES.join(","));
        if own("type").is_empty() {
            errors.push(FieldError::required(&path.child("type"), types));
        } else if !TYPES.contains(&own("type")) {
            errors.push(FieldError::invalid(&path.child("type"), own("type"), types));
        }
        if !own("format").is_empty() && !FORMATS.contains(&own("format")) {
            let detail = format!("must be one of {}", FORMATS.join(","));
            errors.push(FieldError::invalid(&path.child("format"), own("format"), detail));
        }
        if own("jsonPath").is_empty() {
            errors.push(FieldError::required(&path.child("JSONPath"), ""));
        } else {
            simple(errors, &path.child("JSONPath"), own("jsonPath"));
        }
    }
}

/// A path that begins at the root; false: it does not.
fn simple(errors: &mut Errors, path: &Path<'_>, text: &str) -> bool {
    let good = text.starts_with('.');
    if !good {
        errors.push(FieldError::invalid(path, text, "must be a simple json path starting with ."));
    }
    good
}

/// The scale subresource of a version.
pub(super) fn subresources(errors: &mut Errors, path: &Path<'_>, version: &Value) {
    let Some(scale) = version.path(&["subresources", "scale"]) else { return };
    for (field, place, root) in [
        ("specReplicasPath", "scale.specReplicasPath", ".spec."),
        ("statusReplicasPath", "scale.statusReplicasPath", ".status."),
    ] {
        let (own, path) = (text(scale, field), path.child(place));
        if own.is_empty() {
            errors.push(FieldError::required(&path, ""));
        } else if simple(errors, &path, own) && !own.starts_with(root) {
            let detail = format!("should be a json path under {}", root.trim_end_matches('.'));
            errors.push(FieldError::invalid(&path, own, detail));
        }
    }
    let own = text(scale, "labelSelectorPath");
    let path = path.child("scale.labelSelectorPath");
    if !own.is_empty()
        && simple(errors, &path, own)
        && !own.starts_with(".spec.")
        && !own.starts_with(".status.")
    {
        let detail = "should be a json path under either .spec or .status";
        errors.push(FieldError::invalid(&path, own, detail));
    }
}

/// The fields of a version that selectors may name.
pub(super) fn selectable(errors: &mut Errors, path: &Path<'_>, version: &Value) {
    let fields = list(version, "selectableFields");
    if fields.is_empty() {
        return;
    }
    let Some(props) = version.path(&["schema", "openAPIV3Schema"]).filter(|props| **props != Value::Null)
    else {
        let detail = "may only be set when `version.schema.openAPIV3Schema` is not included";
        return errors.push(FieldError::invalid(path, "", detail));
    };
    let schema = schemas::read(props);
    let mut seen: Vec<&str> = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        let path = path.index(at);
        let path = path.child("jsonPath");
        let own = text(field, "jsonPath");
        if own.is_empty() {
            errors.push(FieldError::required(&path, ""));
            continue;
        }
        let found = match find(&schema, own) {
            Ok(found) => found,
            Err(why) => {
                errors.push(FieldError::invalid(&path, own, format!("is an invalid path: {why}")));
                continue;
            }
        };
        if own == ".metadata" || own.starts_with(".metadata.") {
            errors.push(FieldError::invalid(&path, own, "must not point to fields in metadata"));
        }
        if !matches!(&*found.ty, "string" | "boolean" | "integer") {
            let detail = "must point to a field of type string, boolean or integer. Enum string fields and strings with \
                formats are allowed.";
            errors.push(FieldError::invalid(&path, own, detail));
        }
        if seen.contains(&own) {
            errors.push(FieldError::duplicate(&path, own));
        } else {
            seen.push(own);
        }
    }
    if seen.len() > SELECTABLE_MAX {
        errors.push(FieldError::too_many(path, seen.len(), SELECTABLE_MAX));
    }
}

/// The schema at a path of named members.
fn find<'s>(root: &'s Schema, path: &str) -> Result<&'s Schema, &'static str> {
    let Some(rest) = path.strip_prefix('.') else { return Err("path must start with a dot") };
    let mut schema = root;
    for name in rest.split('.') {
        if name.contains(['[', ']']) {
            return Err("array notation is not allowed");
        }
        schema = schema.properties.get(name).ok_or("does not refer to a valid field")?;
    }
    Ok(schema)
}

/// Whether a version has rules that only CEL can check.
pub(super) fn has_rules(version: &Value) -> bool {
    let Some(props) = version.path(&["schema"]).and_then(|schema| some(schema, "openAPIV3Schema")) else {
        return false;
    };
    let mut found = false;
    schemas::read(props).walk(&mut |schema| found |= !schema.rules.is_empty());
    found
}
