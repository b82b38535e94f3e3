//! Apply and tracking, on built-in kinds.

use jiff::Timestamp;
use mizzen_schema::builtin;
use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;
use proptest::prelude::*;

use super::*;

fn read(group: &str, kind: &str, text: &str) -> Value {
    let ty = TypeRef::Static(builtin::kind(group, "v1", kind).expect("a built-in kind"));
    json::decode(text.as_bytes(), &ty, &Options::default())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .value
}

fn deployment(spec: &str) -> Value {
    read(
        "apps",
        "Deployment",
        &format!(
            r#"{{"apiVersion":"apps/v1","kind":"Deployment","metadata":{{"name":"web","namespace":"default"}},"spec":{spec}}}"#
        ),
    )
}

fn config_map(data: &str) -> Value {
    read(
        "",
        "ConfigMap",
        &format!(r#"{{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"c"}},"data":{data}}}"#),
    )
}

fn manager<'a>(name: &'a str, api_version: &'a str) -> Manager<'a> {
    let now = Timestamp::from_second(1_767_225_600).expect("a time");
    Manager { name, api_version, subresource: "", now, reset_fields: &[&["status"]] }
}

fn text(value: &Value) -> String {
    let mut out = Vec::new();
    json::encode(value, &mut out);
    String::from_utf8(out).expect("JSON is text")
}

fn entries(object: &Value) -> String {
    object.path(&["metadata", "managedFields"]).map(text).unwrap_or_default()
}

#[test]
fn a_create_is_tracked_as_an_update() {
    let mut object = deployment(
        r#"{"replicas":1,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{
        "containers":[{"name":"c","image":"i","ports":[{"containerPort":80,"protocol":"TCP"}]}]}}}"#,
    );
    update(None, &mut object, &manager("kubectl-create", "apps/v1"));
    assert_eq!(
        entries(&object),
        r#"[{"manager":"kubectl-create","operation":"Update","apiVersion":"apps/v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{".":{},"f:a":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:image":{},"f:name":{},"f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:protocol":{}}},"f:resources":{}}}}}}}}]"#
    );
}

#[test]
fn an_apply_owns_what_it_sets() {
    let applied = config_map(r#"{"a":"1","b":"2"}"#);
    let object = apply(None, &applied, &manager("x", "v1"), false).expect("applies");
    assert_eq!(
        entries(&object),
        r#"[{"manager":"x","operation":"Apply","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{},"f:b":{}}}}]"#
    );
    // What is not applied any more goes.
    let object =
        apply(Some(&object), &config_map(r#"{"b":"2"}"#), &manager("x", "v1"), false).expect("applies");
    assert_eq!(text(object.get("data").expect("data")), r#"{"b":"2"}"#);
}

#[test]
fn conflicts_name_the_other() {
    let object =
        apply(None, &config_map(r#"{"a":"1","b":"1"}"#), &manager("x", "v1"), false).expect("applies");
    let error =
        apply(Some(&object), &config_map(r#"{"a":"2"}"#), &manager("y", "v1"), false).expect_err("conflicts");
    assert_eq!(error.to_string(), r#"Apply failed with 1 conflict: conflict with "x": .data.a"#);
    let error = apply(Some(&object), &config_map(r#"{"a":"2","b":"2"}"#), &manager("y", "v1"), false)
        .expect_err("conflicts");
    assert_eq!(
        error.to_string(),
        "Apply failed with 2 conflicts: conflicts with \"x\":\n- .data.a\n- .data.b"
    );
    let mut updated = object.clone();
    updated.get_mut("data").and_then(Value::as_map_mut).expect("data").insert("a", Value::string("3"));
    update(Some(&object), &mut updated, &manager("z", "v1"));
    let error = apply(Some(&updated), &config_map(r#"{"a":"1"}"#), &manager("x", "v1"), false)
        .expect_err("conflicts");
    assert_eq!(error.to_string(), r#"Apply failed with 1 conflict: conflict with "z" using v1: .data.a"#);
    // By force, the field changes hands; what only x had goes with it.
    let object =
        apply(Some(&updated), &config_map(r#"{"a":"1"}"#), &manager("x", "v1"), true).expect("forced");
    assert_eq!(text(object.get("data").expect("data")), r#"{"a":"1"}"#);
    assert!(!entries(&object).contains("\"z\""), "{}", entries(&object));
}

#[test]
fn shared_fields_stay_until_the_last_owner_goes() {
    let both = config_map(r#"{"a":"1"}"#);
    let object = apply(None, &both, &manager("x", "v1"), false).expect("applies");
    let object = apply(Some(&object), &both, &manager("y", "v1"), false).expect("shares");
    let none = read("", "ConfigMap", r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}"#);
    let object = apply(Some(&object), &none, &manager("x", "v1"), false).expect("leaves");
    assert_eq!(text(object.get("data").expect("still there")), r#"{"a":"1"}"#);
    let object = apply(Some(&object), &none, &manager("y", "v1"), false).expect("leaves");
    assert!(object.get("data").is_none_or(Value::is_zero));
    assert_eq!(entries(&object), "");
}

#[test]
fn lists_merge_by_key() {
    let containers =
        |list: &str| deployment(&format!(r#"{{"template":{{"spec":{{"containers":[{list}]}}}}}}"#));
    let object = apply(
        None,
        &containers(r#"{"name":"a","image":"1"},{"name":"b","image":"1"}"#),
        &manager("x", "apps/v1"),
        false,
    )
    .expect("applies");
    let object = apply(
        Some(&object),
        &containers(r#"{"name":"c","image":"1"},{"name":"b"}"#),
        &manager("y", "apps/v1"),
        false,
    )
    .expect("applies");
    let names: Vec<_> = object
        .path(&["spec", "template", "spec", "containers"])
        .map(Value::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| item.str_at(&["name"]))
        .collect();
    assert_eq!(names, ["a", "c", "b"]);
    let error = apply(Some(&object), &containers(r#"{"image":"1"}"#), &manager("y", "apps/v1"), false)
        .expect_err("no key");
    assert_eq!(
        error.to_string(),
        "failed to create typed patch object (default/web; apps/v1, Kind=Deployment): \
         .spec.template.spec.containers: element 0: associative list with keys has an element that omits key field \
         \"name\" (and doesn't have default value)"
    );
}

#[test]
fn the_first_apply_adopts_what_was_there() {
    let live = read(
        "",
        "ConfigMap",
        r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","uid":"u"},"data":{"a":"1","b":"2"}}"#,
    );
    let error =
        apply(Some(&live), &config_map(r#"{"a":"2"}"#), &manager("x", "v1"), false).expect_err("conflicts");
    assert_eq!(
        error.to_string(),
        r#"Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a"#
    );
    let object =
        apply(Some(&live), &config_map(r#"{"a":"1"}"#), &manager("x", "v1"), false).expect("applies");
    assert_eq!(text(object.get("data").expect("data")), r#"{"a":"1","b":"2"}"#);
}

#[test]
fn kubectl_takes_over_what_it_applied_from_the_client() {
    let mut live = read(
        "",
        "ConfigMap",
        r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","uid":"u","annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"},\"data\":{\"a\":\"1\"}}"}},"data":{"a":"1"}}"#,
    );
    update(None, &mut live, &manager("kubectl-client-side-apply", "v1"));
    let changed = config_map(r#"{"a":"2"}"#);
    assert!(apply(Some(&live), &changed, &manager("other", "v1"), false).is_err());
    let object = apply(Some(&live), &changed, &manager("kubectl", "v1"), false).expect("kubectl's own");
    assert!(
        meta::annotation(&object, LAST_APPLIED).is_some_and(|text| text.contains(r#""data":{"a":"2"}"#)),
        "{object:?}"
    );
}

#[test]
fn updates_keep_reset_and_cap_entries() {
    let mut object = config_map(r#"{"a":"0"}"#);
    update(None, &mut object, &manager("m0", "v1"));
    let same = entries(&object);
    let mut again = object.clone();
    meta::set_managed_fields(&mut again, None);
    update(Some(&object), &mut again, &manager("other", "v1"));
    assert_eq!(entries(&again), same, "an unchanged object keeps its entries");
    for number in 1..20 {
        let before = object.clone();
        let data = object.get_mut("data").and_then(Value::as_map_mut).expect("data");
        data.insert(format!("k{number}"), Value::string("v"));
        update(Some(&before), &mut object, &manager(&format!("m{number}"), "v1"));
    }
    let list = object.path(&["metadata", "managedFields"]).map(Value::items).unwrap_or_default();
    assert_eq!(list.len(), 10);
    assert!(entries(&object).contains("ancient-changes"));
    let before = object.clone();
    meta::set_managed_fields(&mut object, Some(Value::List(Vec::new())));
    update(Some(&before), &mut object, &manager("x", "v1"));
    assert_eq!(entries(&object), "");
}

#[test]
fn reset_fields_are_never_owned() {
    let mut object =
        read("", "Pod", r#"{"metadata":{"name":"p"},"status":{"phase":"Running","message":"m"}}"#);
    update(None, &mut object, &manager("x", "v1"));
    assert!(!entries(&object).contains("f:status"), "{}", entries(&object));
}

#[test]
fn other_manifests_are_refused() {
    let mut applied = config_map("{}");
    let check = |applied: &Value, version: &str, expect: &str| {
        assert_eq!(
            apply(None, applied, &manager("x", version), false).expect_err(expect).to_string(),
            expect
        );
    };
    check(
        &applied,
        "v2",
        "Incorrect version specified in apply patch. Specified patch version: v1, expected: v2",
    );
    meta::set_managed_fields(&mut applied, Some(Value::List(Vec::new())));
    check(&applied, "v1", "metadata.managedFields must be nil");
}

fn data() -> impl Strategy<Value = String> {
    proptest::collection::btree_map("[a-e]", "[0-2]", 0..5)
        .prop_map(|map| serde_json::to_string(&map).expect("JSON"))
}

proptest! {
    #[test]
    fn applying_twice_changes_nothing(live in data(), applied in data()) {
        let mut object = config_map(&live);
        update(None, &mut object, &manager("u", "v1"));
        let once = apply(Some(&object), &config_map(&applied), &manager("x", "v1"), true).expect("forced");
        let twice = apply(Some(&once), &config_map(&applied), &manager("x", "v1"), false).expect("no conflict with itself");
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn disjoint_managers_commute(left in proptest::collection::btree_map("[a-c]", "[0-2]", 1..4),
        right in proptest::collection::btree_map("[d-f]", "[0-2]", 1..4)) {
        let left = config_map(&serde_json::to_string(&left).expect("JSON"));
        let right = config_map(&serde_json::to_string(&right).expect("JSON"));
        let both = |first: &Value, a: &str, second: &Value, b: &str| {
            let object = apply(None, first, &manager(a, "v1"), false).expect("applies");
            apply(Some(&object), second, &manager(b, "v1"), false).expect("applies")
        };
        prop_assert_eq!(both(&left, "l", &right, "r"), both(&right, "r", &left, "l"));
    }

    #[test]
    fn sets_round_trip(keys in proptest::collection::vec("[a-z./\"{}]{1,6}", 0..6)) {
        let mut set = Set::default();
        for key in &keys {
            set.insert(&[set::Step::owned("a"), set::Step::owned(key)]);
            set.insert(&[set::Step::owned("b"), set::Step::Value(set::Scalar::Text(key.as_str().into()))]);
        }
        prop_assert_eq!(Set::decode(&set.encode()).expect("it is ours"), set);
    }
}
