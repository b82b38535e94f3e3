//! Schemas have to be structural: what an object is made of is said outside of `allOf`, `anyOf`, `oneOf` and `not`.
//!
//! Source: "Extend the Kubernetes API with CustomResourceDefinitions", "Specifying a structural schema".

use mizzen_schema::structural::{Additional, Schema};

use super::super::check::Errors;
use crate::custom::regex;
use crate::field::{FieldError, Path};

/// Where in a schema a place is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    Item,
    Field,
}

/// All that keeps a schema from being structural, sorted by text.
pub(super) fn check(errors: &mut Errors, path: &Path<'_>, schema: &Schema) {
    let mut found = Errors::new();
    invariants(&mut found, schema, Level::Root, path);
    complete(&mut found, schema, Some(schema), path, path);
    found.sort_by_cached_key(ToString::to_string);
    errors.extend(found);
}

fn invariants(errors: &mut Errors, schema: &Schema, level: Level, path: &Path<'_>) {
    if &*schema.ty == "array" && schema.items.is_none() {
        errors.push(FieldError::required(&path.child("items"), "must be specified"));
    }
    if let Some(items) = &schema.items {
        invariants(errors, items, Level::Item, &path.child("items"));
    }
    for (name, inner) in &schema.properties {
        invariants(errors, inner, Level::Field, &path.child("properties").key(name));
    }
    if schema.additional != Additional::Unsaid && level == Level::Root {
        errors
            .push(FieldError::forbidden(&path.child("additionalProperties"), "must not be used at the root"));
    }
    if let Some(inner) = schema.additional.schema() {
        invariants(errors, inner, Level::Field, &path.child("additionalProperties"));
    }
    extensions(errors, schema, path);
    validations(errors, schema, is_int_or_string(&schema.any_of), first_is_int_or_string(schema), path);
    types(errors, schema, level, path);
    header(errors, schema, level, path);
}

fn extensions(errors: &mut Errors, schema: &Schema, path: &Path<'_>) {
    let detail = "must be false if x-kubernetes-int-or-string is true";
    if schema.int_or_string && schema.preserve_unknown {
        let path = path.child("x-kubernetes-preserve-unknown-fields");
        errors.push(FieldError::invalid(&path, true, detail));
    }
    if schema.int_or_string && schema.embedded {
        errors.push(FieldError::invalid(&path.child("x-kubernetes-embedded-resource"), true, detail));
    }
}

fn types(errors: &mut Errors, schema: &Schema, level: Level, path: &Path<'_>) {
    let place = path.child("type");
    if schema.embedded && &*schema.ty != "object" {
        let detail = "must be object if x-kubernetes-embedded-resource is true";
        errors.push(if schema.ty.is_empty() {
            FieldError::required(&place, detail)
        } else {
            FieldError::invalid(&place, &*schema.ty, detail)
        });
    } else if schema.ty.is_empty() && !schema.int_or_string && !schema.preserve_unknown {
        let what = match level {
            Level::Root => "at the root",
            Level::Item => "for specified array items",
            Level::Field => "for specified object fields",
        };
        errors.push(FieldError::required(&place, format!("must not be empty {what}")));
    }
    if schema.embedded && schema.additional != Additional::Unsaid {
        let detail = "must not be used if x-kubernetes-embedded-resource is set";
        errors.push(FieldError::forbidden(&path.child("additionalProperties"), detail));
    }
    if level == Level::Root && !schema.ty.is_empty() && &*schema.ty != "object" {
        errors.push(FieldError::invalid(&place, &*schema.ty, "must be object at the root"));
    }
}

/// What may be said of the type header and metadata of a resource.
fn header(errors: &mut Errors, schema: &Schema, level: Level, path: &Path<'_>) {
    let properties = path.child("properties");
    let resource = level == Level::Root || schema.embedded;
    for name in ["kind", "apiVersion"] {
        if let Some(own) = schema.properties.get(name).filter(|own| resource && &*own.ty != "string") {
            let path = properties.key(name);
            errors.push(FieldError::invalid(&path.child("type"), &*own.ty, "must be string"));
        }
    }
    if let Some(own) = schema.properties.get("metadata") {
        let path = properties.key("metadata");
        if resource && &*own.ty != "object" {
            errors.push(FieldError::invalid(&path.child("type"), &*own.ty, "must be object"));
        }
        if level == Level::Root && !only_names(own) {
            let detail = "must not specify anything other than name and generateName, but metadata is implicitly specified";
            errors.push(FieldError::forbidden(&path, detail));
        }
    }
    if schema.embedded && !schema.preserve_unknown && schema.properties.is_empty() {
        let detail = "must not be empty if x-kubernetes-embedded-resource is true without \
            x-kubernetes-preserve-unknown-fields";
        errors.push(FieldError::required(&properties, detail));
    }
}

/// Whether a schema of metadata says nothing but what names are like.
fn only_names(schema: &Schema) -> bool {
    let names = schema.properties.keys().all(|name| matches!(&**name, "name" | "generateName"));
    let rest = Schema {
        ty: "".into(),
        default: None,
        properties: if names { std::collections::BTreeMap::new() } else { schema.properties.clone() },
        ..schema.clone()
    };
    rest == Schema::default()
}

/// `anyOf: [{type: integer}, {type: string}]`, the one place where types may be inside.
fn is_int_or_string(schemas: &[Schema]) -> bool {
    let of = |ty: &str| Schema { ty: ty.into(), ..Schema::default() };
    schemas == [of("integer"), of("string")]
}

fn first_is_int_or_string(schema: &Schema) -> bool {
    schema.all_of.first().is_some_and(|first| is_int_or_string(&first.any_of))
}

/// Value validations; `skip_any`: `anyOf` says that it is a number or string, `skip_first`: the first `allOf` does.
fn validations(errors: &mut Errors, schema: &Schema, skip_any: bool, skip_first: bool, path: &Path<'_>) {
    if !skip_any {
        for (at, inner) in schema.any_of.iter().enumerate() {
            nested(errors, inner, false, &path.child("anyOf").index(at));
        }
    }
    for (at, inner) in schema.all_of.iter().enumerate() {
        nested(errors, inner, skip_first && at == 0, &path.child("allOf").index(at));
    }
    for (at, inner) in schema.one_of.iter().enumerate() {
        nested(errors, inner, false, &path.child("oneOf").index(at));
    }
    if let Some(inner) = &schema.not {
        nested(errors, inner, false, &path.child("not"));
    }
    if !schema.pattern.is_empty()
        && let Err(why) = regex::compile(&schema.pattern)
    {
        let detail = format!("must be a valid regular expression, but isn't: {why}");
        errors.push(FieldError::invalid(&path.child("pattern"), &*schema.pattern, detail));
    }
}

/// A schema inside of a junctor: it may only restrict values.
fn nested(errors: &mut Errors, schema: &Schema, skip_any: bool, path: &Path<'_>) {
    validations(errors, schema, skip_any, false, path);
    if let Some(items) = &schema.items {
        nested(errors, items, false, &path.child("items"));
    }
    for (name, inner) in &schema.properties {
        nested(errors, inner, false, &path.child("properties").key(name));
    }
    let structure = [
        (!schema.ty.is_empty(), "type", "must be empty to be structural"),
        (
            schema.additional != Additional::Unsaid,
            "additionalProperties",
            "must be undefined to be structural",
        ),
        (schema.default.is_some(), "default", "must be undefined to be structural"),
        (!schema.title.is_empty(), "title", "must be empty to be structural"),
        (!schema.description.is_empty(), "description", "must be empty to be structural"),
        (schema.nullable, "nullable", "must be false to be structural"),
        (schema.preserve_unknown, "x-kubernetes-preserve-unknown-fields", "must be false to be structural"),
        (schema.embedded, "x-kubernetes-embedded-resource", "must be false to be structural"),
        (schema.int_or_string, "x-kubernetes-int-or-string", "must be false to be structural"),
        (!schema.list_map_keys.is_empty(), "x-kubernetes-list-map-keys", "must be empty to be structural"),
        (!schema.list_type.is_empty(), "x-kubernetes-list-type", "must be undefined to be structural"),
        (!schema.map_type.is_empty(), "x-kubernetes-map-type", "must be undefined to be structural"),
        (!schema.rules.is_empty(), "x-kubernetes-validations", "must be empty to be structural"),
    ];
    for (_, field, detail) in structure.into_iter().filter(|(given, ..)| *given) {
        errors.push(FieldError::forbidden(&path.child(field), detail));
    }
    if schema.properties.contains_key("metadata") {
        let path = path.child("properties");
        errors
            .push(FieldError::forbidden(&path.key("metadata"), "must not be specified in a nested context"));
    }
}

/// What junctors name must be there outside of them: `schema` restricts the place that `outer` describes at `at`.
fn complete(errors: &mut Errors, schema: &Schema, outer: Option<&Schema>, at: &Path<'_>, path: &Path<'_>) {
    let Some(outer) = outer else {
        return errors.push(FieldError::required(at, format!("because it is defined in {path}")));
    };
    if let Some(inner) = &schema.not {
        complete_nested(errors, inner, Some(outer), at, &path.child("not"));
    }
    let junctors = [("allOf", &schema.all_of), ("anyOf", &schema.any_of), ("oneOf", &schema.one_of)];
    for (name, schemas) in junctors {
        for (index, inner) in schemas.iter().enumerate() {
            complete_nested(errors, inner, Some(outer), at, &path.child(name).index(index));
        }
    }
}

fn complete_nested(
    errors: &mut Errors,
    schema: &Schema,
    outer: Option<&Schema>,
    at: &Path<'_>,
    path: &Path<'_>,
) {
    let Some(outer) = outer else {
        return errors.push(FieldError::required(at, format!("because it is defined in {path}")));
    };
    complete(errors, schema, Some(outer), at, path);
    if let Some(items) = &schema.items {
        complete_nested(errors, items, outer.items.as_deref(), &at.child("items"), &path.child("items"));
    }
    for (name, inner) in &schema.properties {
        let (place, path) = (at.child("properties"), path.child("properties"));
        complete_nested(errors, inner, outer.properties.get(name), &place.key(name), &path.key(name));
    }
}
