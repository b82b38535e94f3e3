use super::*;
use crate::value::Value;

fn pod() -> TypeRef {
    TypeRef::Static(&crate::generated::core_v1::POD)
}

fn strict() -> Options {
    Options { strict: true, ..Options::default() }
}

fn text(value: &Value) -> String {
    let mut out = Vec::new();
    encode(value, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn zero_values_print_by_presence() {
    let check = |ty: &'static crate::table::Type, input: &str, expect: &str| {
        let decoded = decode(input.as_bytes(), &TypeRef::Static(ty), &Options::default()).unwrap();
        assert_eq!(text(&decoded.value), expect, "{input}");
    };
    use crate::generated::{apps_v1, core_v1, rbac_v1};
    check(&core_v1::POD, "{}", r#"{"metadata":{},"spec":{"containers":null},"status":{}}"#);
    check(
        &core_v1::POD_SPEC,
        r#"{"hostNetwork":false,"containers":[{}]}"#,
        r#"{"containers":[{"name":"","resources":{}}]}"#,
    );
    check(
        &core_v1::CONTAINER_STATUS,
        "{}",
        r#"{"name":"","state":{},"lastState":{},"ready":false,"restartCount":0,"image":"","imageID":""}"#,
    );
    check(
        &apps_v1::DEPLOYMENT_SPEC,
        r#"{"replicas":0,"paused":false}"#,
        r#"{"replicas":0,"selector":null,"template":{"metadata":{},"spec":{"containers":null}},"strategy":{}}"#,
    );
    check(&rbac_v1::ROLE, r#"{"rules":[]}"#, r#"{"metadata":{},"rules":[]}"#);
    check(
        &core_v1::POD_CONDITION,
        r#"{"type":"a"}"#,
        r#"{"type":"a","status":"","lastProbeTime":null,"lastTransitionTime":null}"#,
    );
    check(
        &core_v1::SECRET,
        r#"{"data":{"a":"aGk=","b":null}}"#,
        r#"{"metadata":{},"data":{"a":"aGk=","b":""}}"#,
    );
    check(
        &core_v1::RESOURCE_REQUIREMENTS,
        r#"{"limits":{"cpu":0.5,"memory":"1024Mi"},"requests":{"cpu":2}}"#,
        r#"{"limits":{"cpu":"500m","memory":"1Gi"},"requests":{"cpu":"2"}}"#,
    );
}

#[test]
fn strings_escape_as_in_go() {
    let check = |input: &str, expect: &str| assert_eq!(text(&Value::string(input)), expect);
    check("<a&b>", "\"\\u003ca\\u0026b\\u003e\"");
    check("\u{2028}x\u{2029}é", "\"\\u2028x\\u2029é\"");
    check("\u{1}\u{8}\u{c}\n\r\t\"\\\u{7f}", "\"\\u0001\\b\\f\\n\\r\\t\\\"\\\\\u{7f}\"");
}

#[test]
fn strict_reading_names_what_is_wrong() {
    let input = r#"{"spec":{"foo":1,"containers":[{"name":"a","bar":{"x":[1]},"name":"b"}]},"metadata":{"labels":{"a":"1","a":"2"}}}"#;
    let decoded = decode(input.as_bytes(), &pod(), &strict()).unwrap();
    assert_eq!(
        decoded.complaints,
        [
            r#"unknown field "spec.foo""#,
            r#"unknown field "spec.containers[0].bar""#,
            r#"duplicate field "spec.containers[0].name""#,
            r#"duplicate field "metadata.labels.a""#,
        ]
    );
    assert_eq!(decoded.value.str_at(&["metadata", "labels", "a"]), Some("2"));
    let free = decode_shape(input.as_bytes(), &Shape::Any, &Options::default()).unwrap();
    let retyped = retype(free.value, &pod(), &strict()).unwrap();
    assert_eq!(retyped.value, decoded.value);
    // A map of its own has no duplicates, and its keys come sorted.
    assert_eq!(retyped.complaints.len(), 2);
}

#[test]
fn wrong_types_name_their_path() {
    let check = |input: &str, expect: &str| {
        let error = decode(input.as_bytes(), &pod(), &Options::default()).unwrap_err();
        assert_eq!(error.to_string(), expect);
        let free = decode_shape(input.as_bytes(), &Shape::Any, &Options::default()).unwrap();
        assert_eq!(retype(free.value, &pod(), &Options::default()).unwrap_err().to_string(), expect);
    };
    check(
        r#"{"spec":{"containers":"a"}}"#,
        "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container",
    );
    check(
        r#"{"spec":{"containers":[{},{"ports":[{"hostPort":"x"}]}]}}"#,
        "json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.hostPort of type int32",
    );
    check(
        r#"{"spec":{"terminationGracePeriodSeconds":1.5}}"#,
        "json: cannot unmarshal number 1.5 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64",
    );
    check(
        r#"{"metadata":{"labels":{"a":1}}}"#,
        "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
    );
    check(r#"[]"#, "json: cannot unmarshal array into Go value of type v1.Pod");
    let limit = |text: &str| {
        format!(r#"{{"spec":{{"containers":[{{"resources":{{"limits":{{"cpu":"{text}"}}}}}}]}}}}"#)
    };
    let words = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    check(&limit("much"), words);
}

#[test]
fn malformed_text_is_refused() {
    let any = |input: &[u8]| decode_shape(input, &Shape::Any, &Options::default());
    for bad in [
        "",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "01",
        "1.",
        "-",
        "1e",
        "tru",
        "\"\\x\"",
        "\"\n\"",
        "1 2",
        "{\"a\" 1}",
        "\"\\u12\"",
        "nul",
        "[1 2]",
        "+1",
        ".5",
        "\"",
    ] {
        let error = any(bad.as_bytes()).unwrap_err();
        assert!(matches!(error, DecodeError::Syntax { .. }), "{bad}: {error}");
        let skipped = decode(format!("{{\"unknown\":{bad}").as_bytes(), &pod(), &Options::default());
        assert!(skipped.is_err(), "{bad}");
    }
    assert_eq!(any(b"\"\xff\"").unwrap_err(), DecodeError::Utf8 { at: 1 });
    assert_eq!(any(br#""\ud83d\ude00 \ud800""#).unwrap().value, Value::string("😀 \u{fffd}"));
    let deep = "[".repeat(1_000_000);
    assert_eq!(any(deep.as_bytes()).unwrap_err(), DecodeError::Limit);
    let skipped = format!("{{\"unknown\":{deep}");
    assert_eq!(decode(skipped.as_bytes(), &pod(), &Options::default()).unwrap_err(), DecodeError::Limit);
}

#[test]
fn schemas_in_schemas_are_typed() {
    let ty = TypeRef::Static(&crate::generated::apiextensions_v1::JSON_SCHEMA_PROPS);
    let input = r#"{"items":{"type":"string"},"additionalProperties":false,"dependencies":{"a":["b"],"c":{"type":"x"}},"x":1}"#;
    let decoded = decode(input.as_bytes(), &ty, &strict()).unwrap();
    assert!(decoded.value.path(&["items"]).unwrap().as_struct().is_some());
    assert_eq!(decoded.complaints, [r#"unknown field "x""#]);
}
