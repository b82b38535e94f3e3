//! What the schema of a custom resource may be made of.

use mizzen_schema::value::Value;

use super::super::check::{Errors, entries, flag, is_set, list, some, text};
use crate::field::{FieldError, Path};

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
/// With a status subresource, what may be said at the root: names as the message has them, and as schemas do.
const AT_ROOT: [(&str, &str); 22] = [
    ("Description", "description"),
    ("Type", "type"),
    ("Format", "format"),
    ("Title", "title"),
    ("Maximum", "maximum"),
    ("ExclusiveMaximum", "exclusiveMaximum"),
    ("Minimum", "minimum"),
    ("ExclusiveMinimum", "exclusiveMinimum"),
    ("MaxLength", "maxLength"),
    ("MinLength", "minLength"),
    ("Pattern", "pattern"),
    ("MaxItems", "maxItems"),
    ("MinItems", "minItems"),
    ("UniqueItems", "uniqueItems"),
    ("MultipleOf", "multipleOf"),
    ("Required", "required"),
    ("Items", "items"),
    ("Properties", "properties"),
    ("ExternalDocs", "externalDocs"),
    ("Example", "example"),
    ("XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields"),
    ("XValidations", "x-kubernetes-validations"),
];

/// The root of a schema whose status is validated by itself.
pub(super) fn root_with_status(errors: &mut Errors, path: &Path<'_>, schema: &Value) {
    if text(schema, "type") != "object" {
        let detail = "only \"object\" is allowed as the type at the root of the schema if the status subresource is \
            enabled";
        return errors.push(FieldError::invalid(&path.child("type"), text(schema, "type"), detail));
    }
    let Some(fields) = schema.as_struct() else { return };
    let odd = |(_, field, value): (u16, &mizzen_schema::table::Field, &Value)| {
        !value.is_zero() && !AT_ROOT.iter().any(|(_, own)| *own == field.json)
    };
    if fields.fields().any(odd) {
        let names: Vec<&str> = AT_ROOT.iter().map(|(name, _)| *name).collect();
        let detail = format!(
            "only [{}] fields are allowed at the root of the schema if the status subresource is enabled",
            names.join(" ")
        );
        errors.push(FieldError::invalid(path, schema, detail));
    }
}

/// What is carried down a schema.
#[derive(Clone, Copy, Default)]
struct Around<'a> {
    /// Why there may be no defaults here.
    no_defaults: Option<&'a str>,
    /// Inside of the type header or metadata of a resource.
    in_header: bool,
}

/// A schema and all below it.
pub(super) fn check(errors: &mut Errors, path: &Path<'_>, schema: &Value) {
    place(errors, path, schema, Around::default(), true);
}

fn place(errors: &mut Errors, path: &Path<'_>, schema: &Value, around: Around<'_>, root: bool) {
    constructs(errors, path, schema, around);
    below(errors, path, schema, around, root);
    extensions(errors, path, schema);
    list_map(errors, path, schema);
    list_items(errors, path, schema);
    rules(errors, path, schema);
}

/// Constructs that schemas of custom resources do not have.
fn constructs(errors: &mut Errors, path: &Path<'_>, schema: &Value, around: Around<'_>) {
    let ty = text(schema, "type");
    if !ty.is_empty() && !TYPES.contains(&ty) {
        errors.push(FieldError::not_supported(&path.child("type"), ty, &TYPES));
    }
    if let (true, Some(why)) = (is_set(schema, "default"), around.no_defaults) {
        errors.push(FieldError::forbidden(&path.child("default"), format!("must not be set {why}")));
    }
    if !text(schema, "id").is_empty() {
        errors.push(FieldError::forbidden(&path.child("id"), "id is not supported"));
    }
    for field in ["additionalItems", "patternProperties", "definitions", "dependencies", "$ref"] {
        if some(schema, field).is_some_and(|value| !value.is_zero() || *value == Value::Bool(false)) {
            errors.push(FieldError::forbidden(&path.child(field), format!("{field} is not supported")));
        }
    }
    if ty == "null" {
        let detail = "type cannot be set to null, use nullable as an alternative";
        errors.push(FieldError::forbidden(&path.child("type"), detail));
    }
    if matches!(schema.get("items"), Some(Value::List(_))) {
        let detail = "items must be a schema object and not an array";
        errors.push(FieldError::forbidden(&path.child("items"), detail));
    }
    if around.in_header && flag(schema, "x-kubernetes-embedded-resource") == Some(true) {
        let detail = "must not be used inside of resource meta";
        errors.push(FieldError::forbidden(&path.child("x-kubernetes-embedded-resource"), detail));
    }
    if flag(schema, "uniqueItems") == Some(true) {
        let detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
        errors.push(FieldError::forbidden(&path.child("uniqueItems"), detail));
    }
}

const fn is_schema(value: &Value) -> bool {
    matches!(value, Value::Struct(_) | Value::Map(_))
}

fn below(errors: &mut Errors, path: &Path<'_>, schema: &Value, around: Around<'_>, root: bool) {
    if let Some(additional) = some(schema, "additionalProperties") {
        let place_path = path.child("additionalProperties");
        let has_properties = entries(schema, "properties").next().is_some();
        if has_properties && *additional != Value::Bool(true) {
            let detail = "additionalProperties and properties are mutual exclusive";
            errors.push(FieldError::forbidden(&place_path, detail));
        }
        if is_schema(additional) {
            let why = "inside additionalProperties applying to object metadata";
            let inner = if around.in_header { Around { no_defaults: Some(why), ..around } } else { around };
            place(errors, &place_path, additional, inner, false);
        }
    }
    let embedded = flag(schema, "x-kubernetes-embedded-resource") == Some(true);
    for (name, inner) in entries(schema, "properties") {
        let why = format!("in top-level {name}");
        let mut own = around;
        if (root || embedded) && matches!(name, "metadata" | "kind" | "apiVersion") {
            own.in_header = true;
            if root {
                own.no_defaults = Some(&why);
            }
        }
        place(errors, &path.child("properties").key(name), inner, own, false);
    }
    if let Some(not) = some(schema, "not") {
        place(errors, &path.child("not"), not, around, false);
    }
    for junctor in ["allOf", "oneOf", "anyOf"] {
        for (at, inner) in list(schema, junctor).iter().enumerate() {
            place(errors, &path.child(junctor).index(at), inner, around, false);
        }
    }
    if let Some(items) = some(schema, "items").filter(|items| is_schema(items)) {
        place(errors, &path.child("items"), items, around, false);
    }
}

fn extensions(errors: &mut Errors, path: &Path<'_>, schema: &Value) {
    if flag(schema, "x-kubernetes-preserve-unknown-fields") == Some(false) {
        let path = path.child("x-kubernetes-preserve-unknown-fields");
        errors.push(FieldError::invalid(&path, false, "must be true or undefined"));
    }
    let ty = text(schema, "type");
    let mut needs = |wanted: &str, field: &str| {
        let detail = format!("must be {wanted} if {field} is specified");
        let path = path.child("type");
        errors.push(if ty.is_empty() {
            FieldError::required(&path, detail)
        } else {
            FieldError::invalid(&path, ty, detail)
        });
    };
    let (map_type, list_type) =
        (schema.str_at(&["x-kubernetes-map-type"]), schema.str_at(&["x-kubernetes-list-type"]));
    if map_type.is_some() && ty != "object" {
        needs("object", "x-kubernetes-map-type");
    }
    if list_type.is_some() && ty != "array" {
        needs("array", "x-kubernetes-list-type");
    }
    if let Some(own) = map_type.filter(|own| !matches!(*own, "atomic" | "granular")) {
        let path = path.child("x-kubernetes-map-type");
        errors.push(FieldError::not_supported(&path, own, &["atomic", "granular"]));
    }
    if list_type == Some("set") && ty == "array" {
        set_items(errors, path, schema);
    }
    if let Some(own) = list_type.filter(|own| !matches!(*own, "atomic" | "set" | "map")) {
        let path = path.child("x-kubernetes-list-type");
        errors.push(FieldError::not_supported(&path, own, &["atomic", "set", "map"]));
    }
}

/// Elements of a set are compared whole.
fn set_items(errors: &mut Errors, path: &Path<'_>, schema: &Value) {
    let Some(items) = some(schema, "items").filter(|items| is_schema(items)) else { return };
    let detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
    let path = path.child("items");
    match text(items, "type") {
        "array" => {
            let own = items.str_at(&["x-kubernetes-list-type"]);
            if let Some(own) = own.filter(|own| *own != "atomic") {
                errors.push(FieldError::invalid(&path.child("x-kubernetes-list-type"), own, detail));
            }
        }
        "object" if items.str_at(&["x-kubernetes-map-type"]) != Some("atomic") => {
            let shown = items.get("x-kubernetes-map-type");
            errors.push(FieldError::invalid(&path.child("x-kubernetes-map-type"), shown, detail));
        }
        _ => {}
    }
}

/// Lists that are maps have keys, which are scalar properties of their items.
fn list_map(errors: &mut Errors, path: &Path<'_>, schema: &Value) {
    let list_type = schema.str_at(&["x-kubernetes-list-type"]);
    let keys: Vec<&str> =
        list(schema, "x-kubernetes-list-map-keys").iter().filter_map(Value::as_str).collect();
    let type_path = path.child("x-kubernetes-list-type");
    if !keys.is_empty() && list_type != Some("map") {
        let detail = "must be map if x-kubernetes-list-map-keys is non-empty";
        errors.push(match list_type {
            None => FieldError::required(&type_path, detail),
            Some(own) => FieldError::invalid(&type_path, own, detail),
        });
    }
    if list_type != Some("map") {
        return;
    }
    let keys_path = path.child("x-kubernetes-list-map-keys");
    if keys.is_empty() {
        errors.push(FieldError::required(&keys_path, "must not be empty if x-kubernetes-list-type is map"));
    }
    let items_path = path.child("items");
    let Some(items) = some(schema, "items") else {
        let detail = "must have a schema if x-kubernetes-list-type is map";
        return errors.push(FieldError::required(&items_path, detail));
    };
    if !is_schema(items) {
        let detail = "must only have a single schema if x-kubernetes-list-type is map";
        return errors.push(FieldError::invalid(&items_path, items, detail));
    }
    if text(items, "type") != "object" {
        let detail = "must be object if parent array's x-kubernetes-list-type is map";
        return errors.push(FieldError::invalid(&items_path.child("type"), text(items, "type"), detail));
    }
    for (at, key) in keys.iter().enumerate() {
        let shown = schema.get("x-kubernetes-list-map-keys");
        match items.path(&["properties", key]) {
            Some(own) if matches!(text(own, "type"), "array" | "object") => {
                let properties = items_path.child("properties");
                let path = properties.key(key);
                let detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
                errors.push(FieldError::invalid(&path.child("type"), text(items, "type"), detail));
            }
            Some(_) => {}
            None => {
                let detail = "entries must all be names of item properties";
                errors.push(FieldError::invalid(&keys_path, shown, detail));
            }
        }
        if keys[..at].contains(key) {
            errors.push(FieldError::invalid(&keys_path, shown, "must not contain duplicate entries"));
        }
    }
}

/// Elements of sets and maps are not null, and keys are there.
fn list_items(errors: &mut Errors, path: &Path<'_>, schema: &Value) {
    let list_type = text(schema, "x-kubernetes-list-type");
    let Some(items) = some(schema, "items").filter(|items| is_schema(items)) else { return };
    if !matches!(list_type, "set" | "map") {
        return;
    }
    let items_path = path.child("items");
    if flag(items, "nullable") == Some(true) {
        let detail = format!("cannot be nullable when x-kubernetes-list-type is {list_type}");
        errors.push(FieldError::forbidden(&items_path.child("nullable"), detail));
    }
    if list_type != "map" {
        return;
    }
    let required: Vec<&str> = list(items, "required").iter().filter_map(Value::as_str).collect();
    for key in list(schema, "x-kubernetes-list-map-keys").iter().filter_map(Value::as_str) {
        let Some(own) = items.path(&["properties", key]) else { continue };
        let properties = items_path.child("properties");
        let path = properties.key(key);
        if !required.contains(&key) && !is_set(own, "default") {
            let detail = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required \
                property";
            errors.push(FieldError::required(&path.child("default"), detail));
        }
        if flag(own, "nullable") == Some(true) {
            let detail = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable";
            errors.push(FieldError::forbidden(&path.child("nullable"), detail));
        }
    }
}

/// Rules in CEL: what can be said of them without reading the expressions.
fn rules(errors: &mut Errors, path: &Path<'_>, schema: &Value) {
    let all = path.child("x-kubernetes-validations");
    for (at, rule) in list(schema, "x-kubernetes-validations").iter().enumerate() {
        let path = all.index(at);
        let (source, message) = (text(rule, "rule").trim(), text(rule, "message"));
        let broken = |text: &str| text.contains(['\n', '\r']);
        if source.is_empty() {
            errors.push(FieldError::required(&path.child("rule"), "rule is not specified"));
        } else if !message.is_empty() && message.trim().is_empty() {
            let detail = "must be non-empty if specified";
            errors.push(FieldError::invalid(&path.child("message"), message, detail));
        } else if broken(message.trim()) {
            errors.push(FieldError::invalid(&path.child("message"), message, "must not contain line breaks"));
        } else if broken(source) && message.trim().is_empty() {
            let detail = "message must be specified if rule contains line breaks";
            errors.push(FieldError::required(&path.child("message"), detail));
        }
        let expression = text(rule, "messageExpression");
        if !expression.is_empty() && expression.trim().is_empty() {
            let detail = "messageExpression must be non-empty if specified";
            errors.push(FieldError::required(&path.child("messageExpression"), detail));
        }
        let reasons =
            ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
        if let Some(reason) = rule.str_at(&["reason"]).filter(|reason| !reasons.contains(reason)) {
            errors.push(FieldError::not_supported(&path.child("reason"), reason, &reasons));
        }
        let field = text(rule, "fieldPath");
        if !field.is_empty() && field.trim().is_empty() {
            let detail = "must be non-empty if specified";
            errors.push(FieldError::invalid(&path.child("fieldPath"), field, detail));
        }
        if broken(field) {
            let detail = "must not contain line breaks";
            errors.push(FieldError::invalid(&path.child("fieldPath"), field, detail));
        }
    }
}
