//! OpenAPI v2 in protobuf, as clients before kubectl 1.27 ask for it (package `openapi.v2` of gnostic).
//!
//! The message is made of the JSON form; members that Kubernetes does not use are not written.

use std::collections::BTreeMap;

use prost::encoding::{WireType, encode_key, encode_varint};
use serde_json::{Map, Value as Json};

use super::schema::Definitions;

/// The whole document: `head` without paths and definitions.
pub(super) fn document(head: &Json, paths: &BTreeMap<String, Json>, definitions: &Definitions) -> Vec<u8> {
    let mut out = Vec::new();
    push_text(1, head.get("swagger"), &mut out);
    push_message(2, &mut out, |out| {
        push_text(1, head["info"].get("title"), out);
        push_text(2, head["info"].get("version"), out);
    });
    push_message(8, &mut out, |out| {
        for (path, item) in paths {
            push_named(2, path, out, |out| push_item(item, out));
        }
    });
    push_message(9, &mut out, |out| {
        for (name, schema) in definitions.iter() {
            push_named(1, &name, out, |out| push_schema(&schema, out));
        }
    });
    for requirement in items(head.get("security")) {
        push_message(12, &mut out, |out| {
            for (name, _) in members(Some(requirement)) {
                push_named(1, name, out, |_| {});
            }
        });
    }
    push_message(13, &mut out, |out| {
        for (name, scheme) in members(head.get("securityDefinitions")) {
            push_named(1, name, out, |out| {
                push_message(2, out, |out| {
                    push_text(1, scheme.get("type"), out);
                    push_text(2, scheme.get("name"), out);
                    push_text(3, scheme.get("in"), out);
                    push_text(4, scheme.get("description"), out);
                });
            });
        }
    });
    out
}

fn push_item(item: &Json, out: &mut Vec<u8>) {
    for (method, tag) in [("get", 2), ("put", 3), ("post", 4), ("delete", 5), ("patch", 8)] {
        if let Some(operation) = item.get(method) {
            push_message(tag, out, |out| push_operation(operation, out));
        }
    }
    push_parameters(9, item.get("parameters"), out);
}

fn push_operation(operation: &Json, out: &mut Vec<u8>) {
    push_texts(1, operation.get("tags"), out);
    push_text(3, operation.get("description"), out);
    push_text(5, operation.get("operationId"), out);
    push_texts(6, operation.get("produces"), out);
    push_texts(7, operation.get("consumes"), out);
    push_parameters(8, operation.get("parameters"), out);
    push_message(9, out, |out| {
        for (code, response) in members(operation.get("responses")) {
            push_named(1, code, out, |out| {
                push_message(1, out, |out| {
                    push_text(1, response.get("description"), out);
                    if let Some(schema) = response.get("schema") {
                        push_message(2, out, |out| push_message(1, out, |out| push_schema(schema, out)));
                    }
                });
            });
        }
    });
    push_texts(10, operation.get("schemes"), out);
    push_extensions(13, operation, out);
}

fn push_parameters(tag: u32, parameters: Option<&Json>, out: &mut Vec<u8>) {
    for parameter in items(parameters) {
        push_message(tag, out, |out| push_message(1, out, |out| push_parameter(parameter, out)));
    }
}

fn push_parameter(parameter: &Json, out: &mut Vec<u8>) {
    if parameter["in"] == "body" {
        push_message(1, out, |out| {
            push_text(2, parameter.get("name"), out);
            push_text(3, parameter.get("in"), out);
            push_flag(4, parameter.get("required"), out);
            if let Some(schema) = parameter.get("schema") {
                push_message(5, out, |out| push_schema(schema, out));
            }
        });
        return;
    }
    // In the query there is one field more before the type.
    let (place, ty, unique) = if parameter["in"] == "path" { (4, 5, 19) } else { (3, 6, 20) };
    push_message(2, out, |out| {
        push_message(place, out, |out| {
            push_flag(1, parameter.get("required"), out);
            push_text(2, parameter.get("in"), out);
            push_text(3, parameter.get("description"), out);
            push_text(4, parameter.get("name"), out);
            push_text(ty, parameter.get("type"), out);
            push_flag(unique, parameter.get("uniqueItems"), out);
        });
    });
}

fn push_schema(schema: &Json, out: &mut Vec<u8>) {
    push_text(1, schema.get("$ref"), out);
    push_text(2, schema.get("format"), out);
    push_text(4, schema.get("description"), out);
    push_texts(19, schema.get("required"), out);
    for value in items(schema.get("enum")) {
        push_message(20, out, |out| push_any(value, out));
    }
    if let Some(inner) = schema.get("additionalProperties") {
        push_message(21, out, |out| match inner {
            Json::Bool(_) => push_flag(2, Some(inner), out),
            inner => push_message(1, out, |out| push_schema(inner, out)),
        });
    }
    if let Some(ty) = schema.get("type") {
        push_message(22, out, |out| push_text(1, Some(ty), out));
    }
    if let Some(inner) = schema.get("items") {
        push_message(23, out, |out| push_message(1, out, |out| push_schema(inner, out)));
    }
    if let Some(properties) = schema.get("properties") {
        push_message(25, out, |out| {
            for (name, property) in members(Some(properties)) {
                push_named(1, name, out, |out| push_schema(property, out));
            }
        });
    }
    push_extensions(31, schema, out);
}

fn push_extensions(tag: u32, object: &Json, out: &mut Vec<u8>) {
    for (name, value) in members(Some(object)).filter(|(name, _)| name.starts_with("x-")) {
        push_named(tag, name, out, |out| push_any(value, out));
    }
}

/// Any value as YAML, which JSON is.
fn push_any(value: &Json, out: &mut Vec<u8>) {
    push_bytes(2, value.to_string().as_bytes(), out);
}

fn items(value: Option<&Json>) -> impl Iterator<Item = &Json> {
    value.and_then(Json::as_array).into_iter().flatten()
}

fn members(value: Option<&Json>) -> impl Iterator<Item = (&String, &Json)> {
    value.and_then(Json::as_object).into_iter().flat_map(Map::iter)
}

fn push_bytes(tag: u32, bytes: &[u8], out: &mut Vec<u8>) {
    encode_key(tag, WireType::LengthDelimited, out);
    encode_varint(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

fn push_text(tag: u32, value: Option<&Json>, out: &mut Vec<u8>) {
    if let Some(text) = value.and_then(Json::as_str) {
        push_bytes(tag, text.as_bytes(), out);
    }
}

fn push_texts(tag: u32, value: Option<&Json>, out: &mut Vec<u8>) {
    items(value).for_each(|text| push_text(tag, Some(text), out));
}

fn push_flag(tag: u32, value: Option<&Json>, out: &mut Vec<u8>) {
    if value.and_then(Json::as_bool) == Some(true) {
        encode_key(tag, WireType::Varint, out);
        out.push(1);
    }
}

fn push_message(tag: u32, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let mut message = Vec::new();
    write(&mut message);
    push_bytes(tag, &message, out);
}

/// A member of a map: its name, and its value's message.
fn push_named(tag: u32, name: &str, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    push_message(tag, out, |out| {
        push_bytes(1, name.as_bytes(), out);
        push_message(2, out, write);
    });
}
