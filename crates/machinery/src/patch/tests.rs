//! Patches of built-in kinds, from bytes to typed trees.

use mizzen_schema::builtin;
use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;
use proptest::prelude::*;

use super::{PatchError, json_patch, merge_patch, strategic_merge_patch};

fn pod_type() -> TypeRef {
    TypeRef::Static(builtin::kind("", "v1", "Pod").expect("a built-in kind"))
}

fn pod(spec: &str) -> Value {
    let text = format!(r#"{{"metadata":{{"name":"p"}},"spec":{spec}}}"#);
    json::decode(text.as_bytes(), &pod_type(), &Options::default()).expect("a pod").value
}

fn spec(object: &Value) -> String {
    let mut out = Vec::new();
    json::encode(object.get("spec").expect("a spec"), &mut out);
    String::from_utf8(out).expect("JSON is text")
}

/// Strategic merge of a pod's spec.
fn check(before: &str, patch: &str, expect: &str) {
    let patch = format!(r#"{{"spec":{patch}}}"#);
    let found = strategic_merge_patch(&pod(before), patch.as_bytes(), &Options::default())
        .unwrap_or_else(|error| panic!("{patch}: {error}"));
    assert_eq!(spec(&found.value), spec(&pod(expect)), "{patch}");
}

#[test]
fn lists_merge_by_their_key() {
    let before = r#"{"containers":[{"name":"a","image":"1"},{"name":"b","image":"1"}]}"#;
    check(
        before,
        r#"{"containers":[{"name":"b","image":"2"},{"name":"c","image":"1"}]}"#,
        r#"{"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"},{"name":"c","image":"1"}]}"#,
    );
    check(
        before,
        r#"{"containers":[{"name":"a","$patch":"delete"}]}"#,
        r#"{"containers":[{"name":"b","image":"1"}]}"#,
    );
    check(
        before,
        r#"{"containers":[{"$patch":"replace"},{"name":"z","image":"3"}]}"#,
        r#"{"containers":[{"name":"z","image":"3"}]}"#,
    );
    check(
        before,
        r#"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b","image":"2"}]}"#,
        r#"{"containers":[{"name":"b","image":"2"},{"name":"a","image":"1"}]}"#,
    );
    // What only the server has stays where it stood.
    check(
        r#"{"containers":[{"name":"s"},{"name":"a"},{"name":"b"}]}"#,
        r#"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}]}"#,
        r#"{"containers":[{"name":"s"},{"name":"b"},{"name":"a"}]}"#,
    );
    // Lists without a strategy are replaced.
    check(
        r#"{"containers":[{"name":"a","args":["x","y"]}]}"#,
        r#"{"containers":[{"name":"a","args":["z"]}]}"#,
        r#"{"containers":[{"name":"a","args":["z"]}]}"#,
    );
}

#[test]
fn structs_merge_retain_and_go() {
    check(r#"{"nodeName":"n","hostNetwork":true}"#, r#"{"nodeName":null}"#, r#"{"hostNetwork":true}"#);
    check(
        r#"{"securityContext":{"runAsUser":1,"runAsGroup":2}}"#,
        r#"{"securityContext":{"$patch":"replace","runAsGroup":3}}"#,
        r#"{"securityContext":{"runAsGroup":3}}"#,
    );
    check(
        r#"{"volumes":[{"name":"v","emptyDir":{}}]}"#,
        r#"{"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/x"}}]}"#,
        r#"{"volumes":[{"name":"v","hostPath":{"path":"/x"}}]}"#,
    );
    check(
        r#"{"nodeSelector":{"a":"1","b":"2"}}"#,
        r#"{"nodeSelector":{"a":null,"c":"3"}}"#,
        r#"{"nodeSelector":{"b":"2","c":"3"}}"#,
    );
    check(r#"{"nodeSelector":{"a":"1"}}"#, r#"{"nodeSelector":{"$patch":"delete"}}"#, "{}");
}

#[test]
fn lists_of_scalars_merge_as_sets() {
    let with = |finalizers: &str| {
        let text = format!(r#"{{"metadata":{{"name":"p","finalizers":{finalizers}}}}}"#);
        json::decode(text.as_bytes(), &pod_type(), &Options::default()).expect("a pod").value
    };
    let check = |before: &str, patch: &str, expect: &str| {
        let patch = format!(r#"{{"metadata":{patch}}}"#);
        let found =
            strategic_merge_patch(&with(before), patch.as_bytes(), &Options::default()).expect("patched");
        assert_eq!(
            found.value.path(&["metadata", "finalizers"]),
            with(expect).path(&["metadata", "finalizers"])
        );
    };
    check(r#"["a/b"]"#, r#"{"finalizers":["c/d","a/b"]}"#, r#"["a/b","c/d"]"#);
    check(r#"["a/b","c/d"]"#, r#"{"$deleteFromPrimitiveList/finalizers":["a/b"]}"#, r#"["c/d"]"#);
    check(
        r#"["a/b","c/d"]"#,
        r#"{"$setElementOrder/finalizers":["e/f","c/d"],"$deleteFromPrimitiveList/finalizers":["a/b"],"finalizers":["e/f"]}"#,
        r#"["e/f","c/d"]"#,
    );
}

#[test]
fn bad_patches_are_refused() {
    let check = |patch: &str| {
        let found = strategic_merge_patch(&pod("{}"), patch.as_bytes(), &Options::default());
        assert!(
            matches!(
                found,
                Err(PatchError::Malformed(_) | PatchError::Inapplicable(_) | PatchError::Unreadable { .. })
            ),
            "{patch}: {found:?}"
        );
    };
    for patch in [
        "[]",
        "{",
        r#"{"$patch":"frob"}"#,
        r#"{"$patch":1}"#,
        r#"{"spec":{"containers":[{"image":"x"}]}}"#,
        r#"{"spec":{"containers":["x"]}}"#,
        r#"{"spec":{"$retainKeys":"x"}}"#,
        r#"{"spec":{"$retainKeys":["a"],"nodeName":"x"}}"#,
        r#"{"spec":{"containers":5}}"#,
    ] {
        check(patch);
    }
}

#[test]
fn a_result_that_is_no_object_is_told_with_the_result() {
    let found = merge_patch(&pod("{}"), br#"{"metadata":{"annotations":{"a":["b"]}}}"#, &Options::default());
    let Err(PatchError::Unreadable { why, result }) = found else { panic!("{found:?}") };
    assert!(!why.is_empty() && result.contains(r#""annotations":{"a":["b"]}"#), "{why} {result}");
}

#[test]
fn yaml_patches_are_read_too() {
    let found = merge_patch(&pod("{}"), b"spec:\n  nodeName: node\n", &Options::default()).expect("patched");
    assert_eq!(found.value.str_at(&["spec", "nodeName"]), Some("node"));
    let found =
        json_patch(&pod("{}"), b"- op: add\n  path: /spec/nodeName\n  value: node\n", &Options::default())
            .expect("patched");
    assert_eq!(found.value.str_at(&["spec", "nodeName"]), Some("node"));
}

#[test]
fn strict_names_what_is_unknown() {
    let options = Options { strict: true, ..Options::default() };
    let found = merge_patch(&pod("{}"), br#"{"spec":{"frob":1}}"#, &options).expect("patched");
    assert_eq!(found.complaints, [r#"unknown field "spec.frob""#]);
    let patch =
        br#"[{"op":"test","path":"/spec/nodeName","frob":1},{"op":"add","path":"/spec/x","value":1}]"#;
    let found = json_patch(&pod("{}"), patch, &options).expect("patched");
    assert_eq!(found.complaints, [r#"json patch unknown field "[0].frob""#, r#"unknown field "spec.x""#]);
}

#[test]
fn absent_fields_are_where_the_printed_object_has_them() {
    // Fields without omitempty are there to be tested and replaced.
    let object = pod(r#"{"containers":[{"name":"a"}]}"#);
    let patch = br#"[{"op":"test","path":"/spec/containers/0/resources","value":{}}]"#;
    json_patch(&object, patch, &Options::default()).expect("resources are always printed");
}

/// Containers by name and image; each name once.
fn containers() -> impl Strategy<Value = String> {
    proptest::collection::btree_map("[a-d]", "[0-2]", 0..4).prop_map(|map| {
        let items = map.iter().map(|(name, image)| format!(r#"{{"name":"{name}","image":"{image}"}}"#));
        format!(r#"{{"containers":[{}]}}"#, items.collect::<Vec<_>>().join(","))
    })
}

proptest! {
    #[test]
    fn a_strategic_merge_is_idempotent_and_takes_the_patch(before in containers(), change in containers()) {
        let patch = format!(r#"{{"spec":{change}}}"#);
        let apply = |object: &Value| {
            strategic_merge_patch(object, patch.as_bytes(), &Options::default()).expect("it merges").value
        };
        let once = apply(&pod(&before));
        prop_assert_eq!(spec(&apply(&once)), spec(&once));
        // A naive model: a map from names to images.
        let images = |object: &Value| -> std::collections::BTreeMap<String, String> {
            let list = object.path(&["spec", "containers"]).map(Value::items).unwrap_or_default();
            let text = |item: &Value, field: &str| item.str_at(&[field]).unwrap_or_default().to_owned();
            list.iter().map(|item| (text(item, "name"), text(item, "image"))).collect()
        };
        let mut expect = images(&pod(&before));
        expect.extend(images(&pod(&change)));
        prop_assert_eq!(images(&once), expect);
    }
}
