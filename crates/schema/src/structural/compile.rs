//! The structure that a schema describes, as a type of the table.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Additional, Custom, Schema};
use crate::builtin;
use crate::json;
use crate::table::{
    Element, Field, GroupVersionKind, ListType, PatchStrategy, Presence, Shape, Text, Type, TypeRef, Wire,
};

/// A schema that has no place in a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// Fields are numbered by 16 bits.
    #[error("an object has more than {} properties", u16::MAX)]
    TooManyProperties,
}

const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const HEADER_DOC: [&str; 3] = [
    "APIVersion defines the versioned schema of this representation of an object.",
    "Kind is a string value representing the REST resource this object represents.",
    "Standard object's metadata.",
];

/// The type of the objects of a custom kind.
pub fn compile(custom: Custom, gvk: GroupVersionKind) -> Result<TypeRef, CompileError> {
    let schema = custom.schema.clone();
    let name = format!("{}.{}.{}", gvk.group, gvk.version, gvk.kind);
    let mut ty = structure(&schema, &name, true)?;
    ty.kinds = Cow::Owned(vec![gvk]);
    ty.custom = Some(Arc::new(custom));
    Ok(TypeRef::Shared(Arc::new(ty)))
}

/// The struct type of an object's place; `resource`: it has a type header and metadata.
fn structure(schema: &Schema, name: &str, resource: bool) -> Result<Type, CompileError> {
    let mut fields: BTreeMap<Text, Field> = BTreeMap::new();
    for (json, schema) in &schema.properties {
        let json: Text = Cow::Owned(json.to_string());
        fields.insert(json.clone(), field(json, schema, name)?);
    }
    if resource {
        let meta = builtin::by_name(OBJECT_META).expect("ObjectMeta is in the generated table");
        let header = [
            ("apiVersion", Shape::String, HEADER_DOC[0]),
            ("kind", Shape::String, HEADER_DOC[1]),
            ("metadata", Shape::Struct(TypeRef::Static(meta)), HEADER_DOC[2]),
        ];
        for (json, shape, doc) in header {
            fields.insert(Cow::Borrowed(json), blank(Cow::Borrowed(json), shape, Cow::Borrowed(doc)));
        }
    }
    for required in &schema.required {
        if let Some(field) = fields.get_mut(&**required) {
            field.required = true;
        }
    }
    let fields: Vec<Field> = fields.into_values().collect();
    if fields.len() > usize::from(u16::MAX) {
        return Err(CompileError::TooManyProperties);
    }
    let by_name = (0..).zip(&fields).map(|(number, field)| (field.json.clone(), number)).collect();
    Ok(Type {
        name: Cow::Owned(name.to_owned()),
        doc: Cow::Owned(schema.description.to_string()),
        fields: Cow::Owned(fields),
        by_name: Cow::Owned(by_name),
        preserve_unknown: schema.preserve_unknown,
        atomic: &*schema.map_type == "atomic",
        kinds: Cow::Borrowed(&[]),
        custom: None,
    })
}

fn blank(json: Text, shape: Shape, doc: Text) -> Field {
    Field {
        json,
        tag: 0,
        shape,
        required: false,
        presence: Presence::Given,
        doc,
        default: None,
        enum_values: Cow::Borrowed(&[]),
        list_type: ListType::Granular,
        patch: PatchStrategy::default(),
        format: Cow::Borrowed(""),
        wire: Wire::PLAIN,
    }
}

fn field(json: Text, schema: &Schema, owner: &str) -> Result<Field, CompileError> {
    let shape = shape(schema, &format!("{owner}.{json}"))?;
    let mut field = blank(json, shape, Cow::Owned(schema.description.to_string()));
    field.format = Cow::Owned(schema.format.to_string());
    field.list_type = match (&*schema.ty, &*schema.list_type, &*schema.map_type) {
        ("array", "set", _) => ListType::Set,
        ("array", "map", _) => {
            let keys = schema.list_map_keys.iter().map(|key| Cow::Owned(key.to_string()));
            ListType::Map(Cow::Owned(keys.collect()))
        }
        ("array", ..) | (_, _, "atomic") => ListType::Atomic,
        _ => ListType::Granular,
    };
    if let Some(default) = &schema.default {
        let mut text = Vec::new();
        json::encode(default, &mut text);
        field.default = Some(Cow::Owned(String::from_utf8_lossy(&text).into_owned()));
    }
    let allowed = schema.allowed.iter().flatten().filter_map(|value| value.as_str());
    field.enum_values = Cow::Owned(allowed.map(|text| Cow::Owned(text.to_owned())).collect());
    Ok(field)
}

fn shape(schema: &Schema, name: &str) -> Result<Shape, CompileError> {
    Ok(match &*schema.ty {
        "string" => Shape::String,
        "integer" => Shape::Int64,
        "number" => Shape::Double,
        "boolean" => Shape::Bool,
        "array" => match &schema.items {
            Some(items) => Shape::List(Element::Shared(Arc::new(shape(items, name)?))),
            None => Shape::List(Element::Static(&Shape::Any)),
        },
        "object" => match &schema.additional {
            Additional::Schema(values) if schema.properties.is_empty() && !schema.embedded => {
                Shape::Map(Element::Shared(Arc::new(shape(values, name)?)))
            }
            Additional::Allowed(true) if schema.properties.is_empty() && !schema.embedded => {
                // Members may be anything, and nothing of them is known: they are pruned to nothing.
                Shape::Map(Element::Shared(Arc::new(nothing(schema, name))))
            }
            _ => Shape::Struct(TypeRef::Shared(Arc::new(structure(schema, name, schema.embedded)?))),
        },
        _ if schema.int_or_string => Shape::IntOrString,
        _ if !schema.properties.is_empty() => {
            Shape::Struct(TypeRef::Shared(Arc::new(structure(schema, name, schema.embedded)?)))
        }
        _ => Shape::Any,
    })
}

/// What a member of `additionalProperties: true` is: anything where unknown fields are kept; elsewhere scalars stay
/// and objects lose all their members.
fn nothing(schema: &Schema, name: &str) -> Shape {
    if schema.preserve_unknown {
        return Shape::Any;
    }
    let ty = Type {
        name: Cow::Owned(name.to_owned()),
        doc: Cow::Borrowed(""),
        fields: Cow::Borrowed(&[]),
        by_name: Cow::Borrowed(&[]),
        preserve_unknown: false,
        atomic: false,
        kinds: Cow::Borrowed(&[]),
        custom: None,
    };
    Shape::Struct(TypeRef::Shared(Arc::new(ty)))
}
