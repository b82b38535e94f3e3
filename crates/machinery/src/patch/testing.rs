//! Trees for tests of patches: read with serde_json, so that these tests need no codec of ours.

use mizzen_schema::value::{Map, Value};
use proptest::prelude::*;

/// A free-form tree out of JSON.
pub(crate) fn tree(text: &str) -> Value {
    convert(&serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}")))
}

fn convert(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(truth) => Value::Bool(*truth),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64().expect("a number")),
        },
        serde_json::Value::String(text) => Value::string(text.as_str()),
        serde_json::Value::Array(items) => Value::List(items.iter().map(convert).collect()),
        serde_json::Value::Object(map) => {
            Value::Map(map.iter().map(|(key, value)| (Box::from(key.as_str()), convert(value))).collect())
        }
    }
}

/// A tree's text, for messages of failed checks.
pub(crate) fn json(value: &Value) -> String {
    format!("{value:?}")
}

/// Small trees.
pub(crate) fn trees() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-3_i64..3).prop_map(Value::Int),
        "[a-c]{0,2}".prop_map(Value::string),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::List),
            proptest::collection::btree_map("[a-d]", inner, 0..4).prop_map(|map| {
                Value::Map(map.into_iter().map(|(key, value)| (key.into_boxed_str(), value)).collect::<Map>())
            }),
        ]
    })
}
