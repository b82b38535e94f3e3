//! Schemas as types: what decoding keeps, prunes and names.

use std::sync::Arc;

use super::{Custom, compile, read};
use crate::decode::Options;
use crate::json;
use crate::table::{GroupVersionKind, Shape, TypeRef};

/// The type of `{apiVersion, kind, metadata, spec: SCHEMA}`.
fn of_spec(schema: &str) -> TypeRef {
    let whole = format!(r#"{{"type":"object","properties":{{"spec":{schema}}}}}"#);
    let props = json::decode_shape(whole.as_bytes(), &Shape::Any, &Options::default()).unwrap().value;
    let custom =
        Custom { schema: Arc::new(read(&props)), list_kind: "ThingList".into(), selectable: Vec::new() };
    let gvk = GroupVersionKind { group: "g.example".into(), version: "v1".into(), kind: "Thing".into() };
    compile(custom, gvk).unwrap()
}

/// What becomes of a spec, and what strict reading says.
fn check(schema: &str, spec: &str, expect: &str, complaints: &[&str]) {
    let ty = of_spec(schema);
    let object = format!(r#"{{"apiVersion":"g.example/v1","kind":"Thing","spec":{spec}}}"#);
    let options = Options { strict: true, ..Options::default() };
    let decoded = json::decode(object.as_bytes(), &ty, &options).unwrap();
    let mut out = Vec::new();
    json::encode(decoded.value.get("spec").unwrap(), &mut out);
    assert_eq!(String::from_utf8_lossy(&out), expect, "{schema} {spec}");
    assert_eq!(decoded.complaints, complaints, "{schema} {spec}");
    // The same through a free-form tree, as YAML and CBOR go.
    let free = json::decode_shape(object.as_bytes(), &Shape::Any, &Options::default()).unwrap().value;
    let again = json::retype(free, &ty, &options).unwrap();
    assert_eq!(again.value, decoded.value, "{schema} {spec}");
}

#[test]
fn unknown_fields_are_pruned_and_named() {
    let schema = r#"{"type":"object","properties":{"a":{"type":"string"}}}"#;
    check(schema, r#"{"a":"x","b":1}"#, r#"{"a":"x"}"#, &[r#"unknown field "spec.b""#]);
    check(schema, r#"{"a":"x","a":"y"}"#, r#"{"a":"y"}"#, &[r#"duplicate field "spec.a""#]);
    let kept = r#"{"type":"object","x-kubernetes-preserve-unknown-fields":true,
        "properties":{"a":{"type":"object","properties":{"k":{"type":"string"}}}}}"#;
    check(
        kept,
        r#"{"a":{"k":"x","l":1},"z":{"y":[1]}}"#,
        r#"{"a":{"k":"x"},"z":{"y":[1]}}"#,
        &[r#"unknown field "spec.a.l""#],
    );
    check(r#"{"x-kubernetes-preserve-unknown-fields":true}"#, r#"[{"a":1}]"#, r#"[{"a":1}]"#, &[]);
    let map =
        r#"{"type":"object","additionalProperties":{"type":"object","properties":{"k":{"type":"integer"}}}}"#;
    check(map, r#"{"x":{"k":1,"l":2}}"#, r#"{"x":{"k":1}}"#, &[r#"unknown field "spec.x.l""#]);
    let list = r#"{"type":"array","items":{"type":"object","properties":{"k":{"type":"integer"}}}}"#;
    check(list, r#"[{"k":1},{"l":2}]"#, r#"[{"k":1},{}]"#, &[r#"unknown field "spec[1].l""#]);
}

#[test]
fn other_types_are_kept_for_validation() {
    check(r#"{"type":"integer"}"#, r#""x""#, r#""x""#, &[]);
    check(r#"{"type":"string"}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#, &[]);
    check(r#"{"type":"object","properties":{"a":{"type":"string"}}}"#, "[1,2]", "[1,2]", &[]);
    check(r#"{"type":"array","items":{"type":"string"}}"#, r#"{"a":1}"#, r#"{"a":1}"#, &[]);
    check(r#"{"type":"number"}"#, "1", "1", &[]);
    check(r#"{"type":"integer"}"#, "1.0", "1", &[]);
    check(r#"{"x-kubernetes-int-or-string":true}"#, r#""50%""#, r#""50%""#, &[]);
    check(r#"{"type":"string","nullable":true}"#, "null", "null", &[]);
    check(r#"{"type":"array","items":{"type":"string","nullable":true}}"#, "[null]", "[null]", &[]);
}

#[test]
fn embedded_resources_have_metadata() {
    let schema = r#"{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}"#;
    check(
        schema,
        r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","odd":1},"spec":{"x":1}}"#,
        r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"x":1}}"#,
        &[r#"unknown field "spec.metadata.odd""#],
    );
    let ty = of_spec(schema);
    let bad = br#"{"apiVersion":"g.example/v1","kind":"Thing","spec":{"metadata":{"labels":{"a":1}}}}"#;
    assert!(json::decode(bad, &ty, &Options::default()).is_err());
}

#[test]
fn lists_say_how_they_merge() {
    use crate::table::ListType;
    let ty = of_spec(
        r#"{"type":"object","properties":{
            "plain":{"type":"array","items":{"type":"string"}},
            "set":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
            "keyed":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],
                "items":{"type":"object","properties":{"k":{"type":"string","default":"d"}}}},
            "whole":{"type":"object","x-kubernetes-map-type":"atomic","properties":{}}}}"#,
    );
    let Shape::Struct(spec) = &ty.field("spec").unwrap().shape else { panic!("spec is a struct") };
    let list = |name: &str| spec.field(name).unwrap().list_type.clone();
    assert_eq!(list("plain"), ListType::Atomic);
    assert_eq!(list("set"), ListType::Set);
    assert_eq!(list("keyed"), ListType::Map(vec!["k".into()].into()));
    assert_eq!(list("whole"), ListType::Atomic);
}

#[test]
fn depth_is_bounded() {
    let ty = of_spec(r#"{"x-kubernetes-preserve-unknown-fields":true}"#);
    let deep = format!(r#"{{"spec":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert!(json::decode(deep.as_bytes(), &ty, &Options::default()).is_err());
}
