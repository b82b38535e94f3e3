//! Free-form copies of typed trees: what an object's JSON would read as.

use mizzen_schema::decode::{DecodeError, Decoded, Options};
use mizzen_schema::json;
use mizzen_schema::table::{Field, Presence, Shape, Type, TypeRef};
use mizzen_schema::value::{Map, Struct, Value};

/// What an unset value of this shape prints as.
fn zero(shape: &Shape) -> Value {
    match shape {
        Shape::String | Shape::Duration => Value::string(""),
        Shape::Bool => Value::Bool(false),
        Shape::Int32 | Shape::Int64 | Shape::Double | Shape::IntOrString => Value::Int(0),
        Shape::Quantity => Value::string("0"),
        Shape::Struct(ty) => untype_struct(&Struct::new(ty.clone())),
        Shape::Time | Shape::MicroTime | Shape::Bytes | Shape::List(_) | Shape::Map(_) => Value::Null,
        Shape::Any | Shape::Object => Value::Null,
    }
}

/// A field's value as it is printed; `None`: it is not.
fn printed(field: &Field, value: Option<&Value>) -> Option<Value> {
    match (field.presence, value) {
        (Presence::NonZero, Some(value)) if value.is_zero() => None,
        (Presence::Always, None | Some(Value::Null)) => Some(zero(&field.shape)),
        (Presence::Null, None) => Some(Value::Null),
        (_, None) => None,
        (_, Some(value)) => Some(untype(value)),
    }
}

fn untype_struct(fields: &Struct) -> Value {
    let mut out = Map::new();
    let ty: &Type = fields.ty();
    let numbers = 0..u16::try_from(ty.fields.len()).expect("field numbers are 16 bits");
    for (number, field) in numbers.zip(ty.fields.iter()) {
        if let Some(value) = printed(field, fields.at(number)) {
            out.insert(&*field.json, value);
        }
    }
    for (name, value) in fields.unknown().into_iter().flat_map(Map::iter) {
        out.insert(name, untype(value));
    }
    Value::Map(out)
}

/// A copy without types, with the members that the object's JSON has.
pub(crate) fn untype(value: &Value) -> Value {
    match value {
        Value::Struct(fields) => untype_struct(fields),
        Value::Map(map) => {
            Value::Map(map.iter().map(|(key, value)| (Box::from(key), untype(value))).collect())
        }
        Value::List(items) => Value::List(items.iter().map(untype).collect()),
        plain => plain.clone(),
    }
}

/// The type of an object's tree.
pub(crate) fn type_of(object: &Value) -> Option<&TypeRef> {
    Some(object.as_struct()?.ty())
}

/// Reads a free-form tree as the type of `object`.
pub(crate) fn retype_as(object: &Value, tree: Value, options: &Options) -> Result<Decoded, DecodeError> {
    match type_of(object) {
        Some(ty) => json::retype(tree, ty, options),
        None => Ok(Decoded { value: tree, complaints: Vec::new() }),
    }
}

/// About how many bytes a tree's JSON takes.
pub(crate) fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Int(_) | Value::Float(_) => 8,
        Value::String(text) => text.len() + 2,
        Value::List(items) => 2 + items.iter().map(|item| size(item) + 1).sum::<usize>(),
        Value::Map(map) => 2 + map.iter().map(|(key, value)| key.len() + 4 + size(value)).sum::<usize>(),
        Value::Struct(fields) => {
            2 + fields.fields().map(|(_, field, value)| field.json.len() + 4 + size(value)).sum::<usize>()
        }
    }
}
