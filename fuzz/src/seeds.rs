//! Corpora: objects with every field filled, made from the schema's tables, and texts by hand.

use mizzen_schema::table::{Shape, TypeRef};
use mizzen_schema::value::{Map, Struct, Value};
use mizzen_schema::{builtin, json};

/// Kinds of many forms.
const KINDS: [(&str, &str, &str); 6] = [
    ("", "v1", "Pod"),
    ("", "v1", "Secret"),
    ("apps", "v1", "Deployment"),
    ("autoscaling", "v2", "HorizontalPodAutoscaler"),
    ("networking.k8s.io", "v1", "NetworkPolicy"),
    ("apiextensions.k8s.io", "v1", "CustomResourceDefinition"),
];

/// Deeper structs stay empty: types are recursive, and inputs short.
const DEPTH: usize = 5;

/// A type of [`KINDS`].
pub(crate) fn types() -> Vec<TypeRef> {
    KINDS
        .iter()
        .map(|(group, version, kind)| {
            TypeRef::Static(builtin::kind(group, version, kind).expect("a built-in kind"))
        })
        .collect()
}

/// An object of each type, small and filled.
pub(crate) fn objects() -> Vec<Value> {
    let small = types().into_iter().map(|ty| Value::Struct(filled(&ty, 2)));
    small.chain(types().into_iter().map(|ty| Value::Struct(filled(&ty, DEPTH)))).collect()
}

/// The same in JSON.
pub(crate) fn texts() -> Vec<Vec<u8>> {
    objects()
        .iter()
        .map(|object| {
            let mut text = Vec::new();
            json::encode(object, &mut text);
            text
        })
        .collect()
}

fn filled(ty: &TypeRef, depth: usize) -> Struct {
    let mut fields = Struct::new(ty.clone());
    for (number, field) in ty.fields.iter().enumerate() {
        if let Some(value) = value(&field.shape, depth) {
            fields.set_at(u16::try_from(number).expect("types have few fields"), value);
        }
    }
    fields
}

fn value(shape: &Shape, depth: usize) -> Option<Value> {
    Some(match shape {
        Shape::String => Value::string("text"),
        Shape::Bytes => Value::string("Ynl0ZXM="),
        Shape::Bool => Value::Bool(true),
        Shape::Int32 | Shape::Int64 | Shape::IntOrString => Value::Int(7),
        Shape::Double => Value::Float(1.5),
        Shape::Duration => Value::string("1m0s"),
        Shape::Quantity => Value::string("100Mi"),
        Shape::Time => Value::string("2026-01-02T03:04:05Z"),
        Shape::MicroTime => Value::string("2026-01-02T03:04:05.000006Z"),
        Shape::Struct(_) | Shape::List(_) | Shape::Map(_) if depth == 0 => return None,
        Shape::Struct(ty) => Value::Struct(filled(ty, depth - 1)),
        Shape::List(element) => Value::List(vec![value(element, depth - 1)?]),
        Shape::Map(element) => {
            Value::Map([("key".into(), value(element, depth - 1)?)].into_iter().collect::<Map>())
        }
        Shape::Any | Shape::Object => return None,
    })
}

/// Texts as bytes.
pub(crate) fn of(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}
