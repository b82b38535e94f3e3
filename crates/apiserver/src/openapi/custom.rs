//! Schemas of custom resources as OpenAPI: as they were written, with what every Kubernetes object has.
//!
//! OpenAPI v2 knows less, and old clients cope with less: there, alternatives are left out, and places that are
//! nullable or keep unknown fields have no type.

use mizzen_schema::json;
use mizzen_schema::structural::{Additional, Custom, Schema};
use mizzen_schema::value::Value;
use serde_json::{Map, Value as Json, json};

use super::schema::Form;

const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const API_VERSION: &str = "APIVersion defines the versioned schema of this representation of an object. Servers should \
    convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: \
    https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
const KIND: &str = "Kind is a string value representing the REST resource this object represents. Servers may infer \
    this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: \
    https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
const METADATA: &str = "Standard object's metadata. More info: \
    https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/// The definition of a custom resource's objects, without its kinds.
pub(super) fn definition(custom: &Custom, form: Form) -> Map<String, Json> {
    let schema = &*custom.schema;
    if form == Form::V2 && schema.preserve_unknown {
        // Clients take what has properties to have no others.
        return Map::from_iter([("type".to_owned(), Json::from("object"))]);
    }
    let mut out = value(schema, form);
    header(&mut out, form);
    if !custom.selectable.is_empty() {
        let fields = custom.selectable.iter().map(|path| json!({"fieldPath": path}));
        out.insert("x-kubernetes-selectable-fields".to_owned(), fields.collect());
    }
    out
}

/// Adds the type header and metadata to an object's properties.
fn header(out: &mut Map<String, Json>, form: Form) {
    let properties = out.entry("properties").or_insert_with(|| Json::Object(Map::new()));
    let Some(properties) = properties.as_object_mut() else { return };
    properties.insert("apiVersion".to_owned(), json!({"type": "string", "description": API_VERSION}));
    properties.insert("kind".to_owned(), json!({"type": "string", "description": KIND}));
    let reference = json!({"$ref": form.reference(OBJECT_META)});
    let metadata = match form {
        Form::V2 => json!({"$ref": form.reference(OBJECT_META), "description": METADATA}),
        Form::V3 => json!({"allOf": [reference], "description": METADATA}),
    };
    properties.insert("metadata".to_owned(), metadata);
}

fn value(schema: &Schema, form: Form) -> Map<String, Json> {
    let mut out = Map::new();
    let v2 = form == Form::V2;
    let untyped = v2 && (schema.nullable || (schema.preserve_unknown && &*schema.ty == "object"));
    let hollow = v2 && (schema.nullable || schema.preserve_unknown);
    let listless = v2 && &*schema.ty == "array" && (schema.items.is_none() || hollow);
    text(&mut out, "description", &schema.description);
    text(&mut out, "title", &schema.title);
    if !untyped && !listless {
        text(&mut out, "type", &schema.ty);
    }
    if let Some(default) = &schema.default {
        out.insert("default".to_owned(), plain(default));
    }
    if schema.nullable && !v2 {
        out.insert("nullable".to_owned(), true.into());
    }
    if !hollow {
        if let Some(items) = &schema.items {
            out.insert("items".to_owned(), Json::Object(value(items, form)));
        }
        if !schema.properties.is_empty() {
            let properties = schema.properties.iter();
            let properties =
                properties.map(|(name, inner)| (name.to_string(), Json::Object(value(inner, form))));
            out.insert("properties".to_owned(), Json::Object(properties.collect()));
        }
    }
    match &schema.additional {
        Additional::Unsaid => {}
        Additional::Allowed(allowed) => {
            drop(out.insert("additionalProperties".to_owned(), (*allowed).into()))
        }
        Additional::Schema(inner) => {
            out.insert("additionalProperties".to_owned(), Json::Object(value(inner, form)));
        }
    }
    validations(schema, form, &mut out);
    if schema.int_or_string && !v2 && schema.any_of.is_empty() && schema.all_of.is_empty() {
        out.insert("anyOf".to_owned(), json!([{"type": "integer"}, {"type": "string"}]));
    }
    extensions(schema, &mut out);
    if schema.embedded && !(v2 && schema.preserve_unknown) {
        header(&mut out, form);
        let required = out.entry("required").or_insert_with(|| Json::Array(Vec::new()));
        if let Some(required) = required.as_array_mut() {
            for name in ["kind", "apiVersion"] {
                if !required.iter().any(|own| own == name) {
                    required.push(name.into());
                }
            }
        }
    }
    out
}

fn text(out: &mut Map<String, Json>, name: &str, text: &str) {
    if !text.is_empty() {
        out.insert(name.to_owned(), text.into());
    }
}

/// A free-form value as it is written.
fn plain(value: &Value) -> Json {
    let mut out = Vec::new();
    json::encode(value, &mut out);
    serde_json::from_slice(&out).unwrap_or_default()
}

fn validations(schema: &Schema, form: Form, out: &mut Map<String, Json>) {
    text(out, "format", &schema.format);
    text(out, "pattern", &schema.pattern);
    let floats =
        [("maximum", schema.maximum), ("minimum", schema.minimum), ("multipleOf", schema.multiple_of)];
    for (name, number) in floats {
        if let Some(number) = number {
            out.insert(name.to_owned(), plain(&Value::Float(number)));
        }
    }
    let ints = [
        ("maxLength", schema.max_length),
        ("minLength", schema.min_length),
        ("maxItems", schema.max_items),
        ("minItems", schema.min_items),
        ("maxProperties", schema.max_properties),
        ("minProperties", schema.min_properties),
    ];
    for (name, number) in ints {
        if let Some(number) = number {
            out.insert(name.to_owned(), number.into());
        }
    }
    let flags = [
        ("exclusiveMaximum", schema.exclusive_maximum),
        ("exclusiveMinimum", schema.exclusive_minimum),
        ("uniqueItems", schema.unique_items),
    ];
    for (name, _) in flags.into_iter().filter(|(_, flag)| *flag) {
        out.insert(name.to_owned(), true.into());
    }
    if let Some(allowed) = &schema.allowed {
        out.insert("enum".to_owned(), allowed.iter().map(plain).collect());
    }
    // What may be null may also be left out by old clients.
    let kept =
        |name: &str| form == Form::V3 || !schema.properties.get(name).is_some_and(|inner| inner.nullable);
    let required: Vec<&str> = schema.required.iter().map(|name| &**name).filter(|name| kept(name)).collect();
    if !required.is_empty() {
        out.insert("required".to_owned(), required.into());
    }
    if form == Form::V2 {
        return;
    }
    let junctors = [("allOf", &schema.all_of), ("anyOf", &schema.any_of), ("oneOf", &schema.one_of)];
    for (name, schemas) in junctors.into_iter().filter(|(_, schemas)| !schemas.is_empty()) {
        let schemas = schemas.iter().map(|inner| Json::Object(value(inner, form)));
        out.insert(name.to_owned(), schemas.collect());
    }
    if let Some(not) = &schema.not {
        out.insert("not".to_owned(), Json::Object(value(not, form)));
    }
}

fn extensions(schema: &Schema, out: &mut Map<String, Json>) {
    let flags = [
        ("x-kubernetes-preserve-unknown-fields", schema.preserve_unknown),
        ("x-kubernetes-embedded-resource", schema.embedded),
        ("x-kubernetes-int-or-string", schema.int_or_string),
    ];
    for (name, _) in flags.into_iter().filter(|(_, flag)| *flag) {
        out.insert(name.to_owned(), true.into());
    }
    text(out, "x-kubernetes-list-type", &schema.list_type);
    text(out, "x-kubernetes-map-type", &schema.map_type);
    if !schema.list_map_keys.is_empty() {
        let keys = schema.list_map_keys.iter().map(|key| Json::from(&**key));
        out.insert("x-kubernetes-list-map-keys".to_owned(), keys.collect());
    }
    if !schema.rules.is_empty() {
        out.insert("x-kubernetes-validations".to_owned(), schema.rules.iter().map(plain).collect());
    }
}
