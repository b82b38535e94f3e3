//! A `JSONSchemaProps` tree as a [`Schema`].

use super::{Additional, Schema};
use crate::value::{Map, Value};

/// Reads a tree of `JSONSchemaProps`, typed or free-form. What no schema of a custom resource may have (`$ref`,
/// `patternProperties`, …) is left out: validation of definitions refuses it.
pub fn read(props: &Value) -> Schema {
    let mut schema = Schema {
        ty: text(props, "type"),
        format: text(props, "format"),
        title: text(props, "title"),
        description: text(props, "description"),
        default: props.get("default").filter(|value| **value != Value::Null).map(plain),
        nullable: truth(props, "nullable"),
        allowed: props.get("enum").map(|values| values.items().iter().map(plain).collect()),
        pattern: text(props, "pattern"),
        unique_items: truth(props, "uniqueItems"),
        required: texts(props, "required"),
        items: props.get("items").filter(|items| is_schema(items)).map(|items| Box::new(read(items))),
        additional: additional(props.get("additionalProperties")),
        all_of: schemas(props, "allOf"),
        any_of: schemas(props, "anyOf"),
        one_of: schemas(props, "oneOf"),
        not: props.get("not").filter(|not| is_schema(not)).map(|not| Box::new(read(not))),
        preserve_unknown: truth(props, "x-kubernetes-preserve-unknown-fields"),
        embedded: truth(props, "x-kubernetes-embedded-resource"),
        int_or_string: truth(props, "x-kubernetes-int-or-string"),
        list_type: text(props, "x-kubernetes-list-type"),
        list_map_keys: texts(props, "x-kubernetes-list-map-keys"),
        map_type: text(props, "x-kubernetes-map-type"),
        rules: list(props, "x-kubernetes-validations").iter().map(plain).collect(),
        ..Schema::default()
    };
    numbers(props, &mut schema);
    if let Some(properties) = props.get("properties").and_then(Value::as_map) {
        schema.properties = properties.iter().map(|(name, props)| (name.into(), read(props))).collect();
    }
    for name in ["externalDocs", "example"] {
        schema.notes.extend(props.get(name).map(|note| (name, plain(note))));
    }
    schema
}

fn numbers(props: &Value, schema: &mut Schema) {
    let float = |name: &str| match props.get(name) {
        Some(Value::Float(number)) => Some(*number),
        // Bounds are floating-point numbers, whatever they look like.
        #[expect(clippy::cast_precision_loss, reason = "as Kubernetes has it")]
        Some(Value::Int(number)) => Some(*number as f64),
        _ => None,
    };
    let int = |name: &str| props.get(name).and_then(Value::as_i64);
    schema.maximum = float("maximum");
    schema.exclusive_maximum = truth(props, "exclusiveMaximum");
    schema.minimum = float("minimum");
    schema.exclusive_minimum = truth(props, "exclusiveMinimum");
    schema.multiple_of = float("multipleOf");
    schema.max_length = int("maxLength");
    schema.min_length = int("minLength");
    schema.max_items = int("maxItems");
    schema.min_items = int("minItems");
    schema.max_properties = int("maxProperties");
    schema.min_properties = int("minProperties");
}

const fn is_schema(value: &Value) -> bool {
    matches!(value, Value::Struct(_) | Value::Map(_))
}

fn additional(value: Option<&Value>) -> Additional {
    match value {
        Some(Value::Bool(allowed)) => Additional::Allowed(*allowed),
        Some(schema) if is_schema(schema) => Additional::Schema(Box::new(read(schema))),
        _ => Additional::Unsaid,
    }
}

fn text(props: &Value, name: &str) -> Box<str> {
    props.get(name).and_then(Value::as_str).unwrap_or_default().into()
}

fn truth(props: &Value, name: &str) -> bool {
    props.get(name).and_then(Value::as_bool).unwrap_or_default()
}

fn list<'a>(props: &'a Value, name: &str) -> &'a [Value] {
    props.get(name).map(Value::items).unwrap_or_default()
}

fn texts(props: &Value, name: &str) -> Vec<Box<str>> {
    list(props, name).iter().filter_map(Value::as_str).map(Box::from).collect()
}

fn schemas(props: &Value, name: &str) -> Vec<Schema> {
    list(props, name).iter().map(read).collect()
}

/// A free-form copy: members as they are set.
pub(super) fn plain(value: &Value) -> Value {
    match value {
        Value::Struct(fields) => {
            let known = fields.fields().map(|(_, field, value)| (Box::from(&*field.json), plain(value)));
            let unknown = fields.unknown().into_iter().flat_map(Map::iter);
            Value::Map(known.chain(unknown.map(|(name, value)| (Box::from(name), plain(value)))).collect())
        }
        Value::Map(map) => Value::Map(map.iter().map(|(name, value)| (name.into(), plain(value))).collect()),
        Value::List(items) => Value::List(items.iter().map(plain).collect()),
        scalar => scalar.clone(),
    }
}
