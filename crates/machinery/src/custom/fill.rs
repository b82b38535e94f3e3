//! Nulls and defaults.
//!
//! A null in a place that is not nullable is as good as nothing: it goes, or becomes the default.
//! Source: "Extend the Kubernetes API with CustomResourceDefinitions", "Defaulting and Nullable".

use mizzen_schema::json;
use mizzen_schema::structural::Schema;
use mizzen_schema::table::{Shape, TypeRef};
use mizzen_schema::value::{Struct, Value};

/// Removes nulls that mean nothing and sets defaults, in an object of the type that `schema` makes. Idempotent.
pub fn fill(object: &mut Value, schema: &Schema) {
    if let Value::Struct(fields) = object {
        structure(fields, schema);
    }
}

fn inside(value: &mut Value, shape: &Shape, schema: &Schema) {
    match value {
        Value::Struct(fields) if matches!(fields.ty(), TypeRef::Shared(_)) => structure(fields, schema),
        Value::Map(map) => {
            let Some(inner) = schema.additional.schema() else { return };
            let shape = shape.element().unwrap_or(&Shape::Any);
            map.retain(|_, value| *value != Value::Null || inner.nullable || inner.default.is_some());
            for (_, value) in map.iter_mut() {
                null_to_default(value, shape, inner);
                inside(value, shape, inner);
            }
        }
        Value::List(items) => {
            let Some(inner) = &schema.items else { return };
            let shape = shape.element().unwrap_or(&Shape::Any);
            for item in items {
                null_to_default(item, shape, inner);
                inside(item, shape, inner);
            }
        }
        _ => {}
    }
}

fn null_to_default(value: &mut Value, shape: &Shape, schema: &Schema) {
    if let (Value::Null, false, Some(default)) = (&*value, schema.nullable, &schema.default) {
        *value = json::retype_custom(default.clone(), shape);
    }
}

fn structure(fields: &mut Struct, schema: &Schema) {
    let ty = fields.ty().clone();
    for (name, schema) in &schema.properties {
        // The header and metadata of a resource are not the schema's to fill.
        let Some(number) = ty.number(name) else { continue };
        let shape = &ty.fields[usize::from(number)].shape;
        if matches!(shape, Shape::Struct(TypeRef::Static(_))) {
            continue;
        }
        let absent = match fields.at(number) {
            None => true,
            Some(Value::Null) => !schema.nullable,
            Some(_) => false,
        };
        match &schema.default {
            Some(default) if absent => {
                drop(fields.set_at(number, json::retype_custom(default.clone(), shape)))
            }
            None if absent => drop(fields.remove_at(number)),
            _ => {}
        }
        if let Some(value) = fields.at_mut(number) {
            inside(value, shape, schema);
        }
    }
}
