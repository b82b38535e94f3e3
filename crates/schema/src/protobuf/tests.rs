use super::*;
use crate::generated::{apiextensions_v1, core_v1};
use crate::json;
use crate::table::Type;
use crate::value::Value;

fn both(ty: &'static Type, text: &str) -> Value {
    let ty = TypeRef::Static(ty);
    let value = json::decode(text.as_bytes(), &ty, &Options::default()).unwrap().value;
    let mut message = Vec::new();
    encode(&value, &mut message);
    let again = decode(&message, &ty, &Options::default()).unwrap().value;
    let print = |value: &Value| {
        let mut out = Vec::new();
        json::encode(value, &mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(print(&again), print(&value));
    again
}

#[test]
fn values_that_are_no_pointers_are_written() {
    let port = json::decode(b"{}", &TypeRef::Static(&core_v1::CONTAINER_PORT), &Options::default()).unwrap();
    let mut message = Vec::new();
    encode(&port.value, &mut message);
    // name, hostPort, containerPort, protocol, hostIP.
    assert_eq!(message, [0x0a, 0, 0x10, 0, 0x18, 0, 0x22, 0, 0x2a, 0]);
}

#[test]
fn schemas_keep_their_alternatives() {
    let schema = &apiextensions_v1::JSON_SCHEMA_PROPS;
    for text in [
        r#"{"items":{"type":"string"},"additionalProperties":true}"#,
        r#"{"items":[{"type":"string"},{"type":"object"}],"additionalProperties":{"type":"a"}}"#,
        r#"{"dependencies":{"a":["b","c"],"d":{"type":"e"}},"additionalItems":false,"enum":[1,"a",null]}"#,
    ] {
        both(schema, text);
    }
}

#[test]
fn bad_messages_are_refused() {
    let ty = TypeRef::Static(&core_v1::POD);
    for bad in [
        &[0x0a][..],
        &[0x0a, 5, 1],
        &[0x00, 1],
        &[0x0b],
        &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
        &[0x08, 1],
        &[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    ] {
        assert!(decode(bad, &ty, &Options::default()).is_err(), "{bad:x?}");
    }
    assert!(unwrap(b"{}").is_err());
    // A schema in a schema in a schema …: `not` is tag 28.
    let mut deep = Vec::new();
    for _ in 0..1_000 {
        let mut outer = Vec::new();
        push_bytes(28, &deep, &mut outer);
        deep = outer;
    }
    let ty = TypeRef::Static(&apiextensions_v1::JSON_SCHEMA_PROPS);
    assert_eq!(decode(&deep, &ty, &Options::default()).unwrap_err(), DecodeError::Limit);
}

#[test]
fn unknown_fields_are_passed_over() {
    let ty = TypeRef::Static(&core_v1::POD);
    let message = [0xa2, 0x06, 2, 1, 2, 0xa8, 0x06, 5, 0xad, 0x06, 1, 2, 3, 4];
    let decoded = decode(&message, &ty, &Options::default()).unwrap();
    assert!(decoded.value.as_struct().unwrap().is_empty());
}
