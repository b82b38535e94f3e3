//! Defaults and validation, a schema and a value at a time.

use std::sync::Arc;

use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::structural::{self, Custom};
use mizzen_schema::table::{GroupVersionKind, Shape, TypeRef};
use mizzen_schema::value::Value;

use super::{Rules, ScalePaths, create, fill, set_replicas, update, update_status, warnings};

fn of_spec(schema: &str) -> TypeRef {
    let whole = format!(
        r#"{{"type":"object","properties":{{"spec":{schema},"status":{{"type":"object","properties":{{"n":{{"type":"integer"}}}}}}}}}}"#
    );
    let props = json::decode_shape(whole.as_bytes(), &Shape::Any, &Options::default()).unwrap().value;
    let custom = Custom {
        schema: Arc::new(structural::read(&props)),
        list_kind: "ThingList".into(),
        selectable: Vec::new(),
    };
    let gvk = GroupVersionKind { group: "g.example".into(), version: "v1".into(), kind: "Thing".into() };
    structural::compile(custom, gvk).unwrap()
}

fn object(ty: &TypeRef, rest: &str) -> Value {
    let text = format!(r#"{{"apiVersion":"g.example/v1","kind":"Thing","metadata":{{"name":"a"}},{rest}}}"#);
    json::decode(text.as_bytes(), ty, &Options::default()).unwrap().value
}

fn rules(ty: &TypeRef) -> Rules<'_> {
    let schema = &ty.custom.as_ref().unwrap().schema;
    Rules { schema, namespaced: false, scale: None }
}

fn texts(errors: Vec<crate::field::FieldError>) -> Vec<String> {
    errors.iter().map(ToString::to_string).collect()
}

/// Errors of a new object with this spec.
fn check(schema: &str, spec: &str, expect: &[&str]) {
    let ty = of_spec(schema);
    let object = object(&ty, &format!(r#""spec":{spec}"#));
    assert_eq!(texts(create(rules(&ty), &object)), expect, "{schema} {spec}");
}

#[test]
fn types() {
    check(r#"{"type":"integer"}"#, "1", &[]);
    check(r#"{"type":"integer"}"#, "1.0", &[]);
    check(
        r#"{"type":"integer"}"#,
        r#""x""#,
        &[r#"spec: Invalid value: "string": spec in body must be of type integer: "string""#],
    );
    check(
        r#"{"type":"integer"}"#,
        "1.5",
        &[r#"spec: Invalid value: "number": spec in body must be of type integer: "number""#],
    );
    check(r#"{"type":"number"}"#, "1", &[]);
    check(
        r#"{"type":"object"}"#,
        "[]",
        &[r#"spec: Invalid value: "array": spec in body must be of type object: "array""#],
    );
    check(
        r#"{"type":"string"}"#,
        "null",
        &[r#"spec: Invalid value: "null": spec in body must be of type string: "null""#],
    );
    check(r#"{"type":"string","nullable":true}"#, "null", &[]);
    check(
        r#"{"x-kubernetes-int-or-string":true}"#,
        "true",
        &[r#"spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean""#],
    );
    check(r#"{"x-kubernetes-int-or-string":true}"#, r#""1""#, &[]);
}

#[test]
fn numbers() {
    check(r#"{"type":"integer","minimum":2,"maximum":4}"#, "3", &[]);
    check(
        r#"{"type":"integer","minimum":2}"#,
        "1",
        &["spec: Invalid value: 1: spec in body should be greater than or equal to 2"],
    );
    check(
        r#"{"type":"integer","maximum":4,"exclusiveMaximum":true}"#,
        "4",
        &["spec: Invalid value: 4: spec in body should be less than 4"],
    );
    check(
        r#"{"type":"number","minimum":0.5,"exclusiveMinimum":true}"#,
        "0.5",
        &["spec: Invalid value: 0.5: spec in body should be greater than 0.5"],
    );
    check(r#"{"type":"integer","multipleOf":3}"#, "9", &[]);
    check(
        r#"{"type":"integer","multipleOf":3}"#,
        "10",
        &["spec: Invalid value: 10: spec in body should be a multiple of 3"],
    );
    check(
        r#"{"type":"integer","format":"int32"}"#,
        "2147483648",
        &[r#"<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec"#],
    );
}

#[test]
fn strings() {
    check(r#"{"type":"string","maxLength":2}"#, r#""äö""#, &[]);
    check(
        r#"{"type":"string","maxLength":2}"#,
        r#""abc""#,
        &["spec: Too long: may not be more than 2 bytes"],
    );
    check(
        r#"{"type":"string","minLength":2}"#,
        r#""a""#,
        &[r#"spec: Invalid value: "a": spec in body should be at least 2 chars long"#],
    );
    check(r#"{"type":"string","pattern":"^a+$"}"#, r#""aa""#, &[]);
    check(
        r#"{"type":"string","pattern":"^a+$"}"#,
        r#""b""#,
        &[r#"spec: Invalid value: "b": spec in body should match '^a+$'"#],
    );
    check(
        r#"{"type":"string","format":"date-time"}"#,
        r#""x""#,
        &[r#"spec: Invalid value: "x": spec in body must be of type date-time: "x""#],
    );
    check(r#"{"type":"string","format":"odd"}"#, r#""x""#, &[]);
    check(
        r#"{"type":"string","enum":["a","b"]}"#,
        r#""x""#,
        &[r#"spec: Unsupported value: "x": supported values: "a", "b""#],
    );
    check(r#"{"type":"integer","enum":[1,2]}"#, "2", &[]);
}

#[test]
fn lists() {
    check(
        r#"{"type":"array","items":{"type":"string"},"maxItems":1}"#,
        r#"["a","b"]"#,
        &["spec: Too many: 2: must have at most 1 item"],
    );
    check(
        r#"{"type":"array","items":{"type":"string"},"minItems":1}"#,
        "[]",
        &["spec: Invalid value: 0: spec in body should have at least 1 items"],
    );
    check(
        r#"{"type":"array","items":{"type":"string"}}"#,
        r#"["a",1]"#,
        &[r#"spec[1]: Invalid value: "integer": spec[1] in body must be of type string: "integer""#],
    );
    let set = r#"{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}"#;
    check(set, r#"["a","b","a","a"]"#, &[r#"spec[2]: Duplicate value: "a""#]);
    let map = r#"{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],
        "items":{"type":"object","properties":{"k":{"type":"string"}}}}"#;
    check(map, r#"[{"k":"a"},{"k":"b"}]"#, &[]);
    check(map, r#"[{"k":"a"},{"k":"a"}]"#, &[r#"spec[1]: Duplicate value: {"k":"a"}"#]);
}

#[test]
fn objects() {
    let schema = r#"{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}"#;
    check(schema, "{}", &["spec.a: Required value"]);
    check(
        r#"{"type":"object","maxProperties":1,"additionalProperties":{"type":"string"}}"#,
        r#"{"a":"x","b":1}"#,
        &[
            "spec: Too many: 2: must have at most 1 item",
            r#"spec.b: Invalid value: "integer": spec.b in body must be of type string: "integer""#,
        ],
    );
    check(
        r#"{"type":"object","minProperties":1}"#,
        "{}",
        &["spec: Invalid value: 0: spec in body should have at least 1 properties"],
    );
}

#[test]
fn junctors() {
    let one = r#"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},
        "oneOf":[{"required":["a"]},{"required":["b"]}]}"#;
    check(one, r#"{"a":"x"}"#, &[]);
    check(
        one,
        r#"{"a":"x","b":"y"}"#,
        &[
            r#"<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives"#,
        ],
    );
    check(
        one,
        "{}",
        &[
            r#"<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid"#,
            "spec.a: Required value",
        ],
    );
    let any = r#"{"type":"integer","anyOf":[{"minimum":10},{"maximum":1}]}"#;
    check(any, "0", &[]);
    check(
        any,
        "5",
        &[
            r#"<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)"#,
            "spec: Invalid value: 5: spec in body should be greater than or equal to 10",
        ],
    );
    let all = r#"{"type":"integer","allOf":[{"minimum":10},{"maximum":20}]}"#;
    check(all, "15", &[]);
    check(
        all,
        "5",
        &[
            "spec: Invalid value: 5: spec in body should be greater than or equal to 10",
            r#"<nil>: Invalid value: "": "spec" must validate all the schemas (allOf)"#,
        ],
    );
    let not = r#"{"type":"string","not":{"enum":["x"]}}"#;
    check(not, r#""y""#, &[]);
    check(not, r#""x""#, &[r#"<nil>: Invalid value: "": "spec" must not validate the schema (not)"#]);
}

#[test]
fn embedded_resources() {
    let schema = r#"{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}"#;
    check(schema, r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}"#, &[]);
    check(schema, "{}", &["spec.apiVersion: Required value", "spec.kind: Required value"]);
    check(
        schema,
        r#"{"apiVersion":"a/b/c","kind":"Pod"}"#,
        &[r#"spec.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c"#],
    );
}

#[test]
fn what_was_wrong_before_is_let_be() {
    let ty = of_spec(
        r#"{"type":"object","properties":{"a":{"type":"string","maxLength":1},"b":{"type":"string"},
            "l":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["k"],
                "items":{"type":"object","properties":{"k":{"type":"string"},"v":{"type":"string","maxLength":1}}}}}}"#,
    );
    let check = |old: &str, new: &str, expect: &[&str]| {
        let (old, new) = (object(&ty, &format!(r#""spec":{old}"#)), object(&ty, &format!(r#""spec":{new}"#)));
        assert_eq!(texts(update(rules(&ty), &new, &old)), expect);
    };
    check(r#"{"a":"long"}"#, r#"{"a":"long","b":"x"}"#, &[]);
    check(r#"{"a":"long"}"#, r#"{"a":"longer"}"#, &["spec.a: Too long: may not be more than 1 byte"]);
    check(
        r#"{"l":[{"k":"x","v":"long"}]}"#,
        r#"{"l":[{"k":"y","v":"a"},{"k":"x","v":"long"}],"b":"c"}"#,
        &[],
    );
    check(
        r#"{"l":[{"k":"x","v":"long"}]}"#,
        r#"{"l":[{"k":"y","v":"long"}]}"#,
        &["spec.l[0].v: Too long: may not be more than 1 byte"],
    );
}

#[test]
fn status_is_validated_by_itself() {
    let ty = of_spec(r#"{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}"#);
    let old = object(&ty, r#""spec":{}"#);
    let new = object(&ty, r#""spec":{},"status":{"n":"x"}"#);
    assert_eq!(
        texts(update_status(rules(&ty), &new, &old)),
        [r#"status.n: Invalid value: "string": n in body must be of type integer: "string""#,]
    );
}

#[test]
fn defaults_and_nulls() {
    let check = |schema: &str, spec: &str, expect: &str| {
        let ty = of_spec(schema);
        let mut object = object(&ty, &format!(r#""spec":{spec}"#));
        fill(&mut object, &ty.custom.as_ref().unwrap().schema);
        let mut out = Vec::new();
        json::encode(object.get("spec").unwrap_or(&Value::Null), &mut out);
        assert_eq!(String::from_utf8_lossy(&out), expect, "{schema} {spec}");
        let again = object.clone();
        fill(&mut object, &ty.custom.as_ref().unwrap().schema);
        assert_eq!(object, again);
    };
    let plain = r#"{"type":"object","properties":{"a":{"type":"string","default":"x"},"b":{"type":"integer"},
        "n":{"type":"string","nullable":true,"default":"y"}}}"#;
    check(plain, "{}", r#"{"a":"x","n":"y"}"#);
    check(plain, r#"{"a":null,"b":null,"n":null}"#, r#"{"a":"x","n":null}"#);
    let nested = r#"{"type":"object","properties":{"o":{"type":"object","default":{},
        "properties":{"k":{"type":"integer","default":1}}}}}"#;
    check(nested, "{}", r#"{"o":{"k":1}}"#);
    let list =
        r#"{"type":"array","items":{"type":"object","properties":{"k":{"type":"integer","default":1}}}}"#;
    check(list, "[{},{\"k\":2}]", r#"[{"k":1},{"k":2}]"#);
    let map = r#"{"type":"object","additionalProperties":{"type":"object","properties":{"k":{"type":"integer","default":1}}}}"#;
    check(map, r#"{"x":{},"y":null}"#, r#"{"x":{"k":1}}"#);
}

#[test]
fn scale_paths_lead_to_numbers() {
    let ty = of_spec(
        r#"{"type":"object","properties":{"deep":{"type":"object","properties":{"n":{"type":"integer"}}}}}"#,
    );
    let mut object = object(&ty, r#""spec":{}"#);
    let paths = ScalePaths {
        spec_replicas: ".spec.deep.n".to_owned(),
        status_replicas: ".status.n".to_owned(),
        label_selector: None,
    };
    assert_eq!(paths.spec(&object), None);
    assert!(set_replicas(&mut object, &paths.spec_names(), 3));
    assert_eq!(paths.spec(&object), Some(3));
    assert!(set_replicas(&mut object, &paths.spec_names(), -1));
    let rules = Rules { scale: Some(&paths), ..rules(&ty) };
    assert_eq!(
        texts(create(rules, &object)),
        [".spec.deep.n: Invalid value: -1: should be a non-negative integer"]
    );
}

#[test]
fn finalizers_without_a_domain_are_warned_of() {
    let ty = of_spec(r#"{"type":"object"}"#);
    let text = br#"{"metadata":{"finalizers":["plain","a.example","a.example/x","orphan"]}}"#;
    let object = json::decode(text, &ty, &Options::default()).unwrap().value;
    assert_eq!(
        warnings(&object, None),
        [
            "metadata.finalizers: \"a.example\": prefer a domain-qualified finalizer name including a path (/) to avoid \
         accidental conflicts with other finalizer writers",
            "metadata.finalizers: \"plain\": prefer a domain-qualified finalizer name to avoid accidental conflicts with \
         other finalizer writers",
        ]
    );
    assert!(warnings(&object, Some(&object)).is_empty());
}
