//! Metadata, of all kinds alike.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] = &[metadata];

#[test]
fn metadata() {
    let check = |metadata: &str, expect: &[&str]| {
        let object = read("", "ConfigMap", &format!(r#"{{"metadata":{metadata}}}"#));
        assert_eq!(shown(&create("", "ConfigMap", &object)), expect, "{metadata}");
    };
    check(r#"{"name":"a","namespace":"b"}"#, &[]);
    check(r#"{"namespace":"b"}"#, &["metadata.name: Required value: name or generateName is required"]);
    check(r#"{"name":"a"}"#, &["metadata.namespace: Required value"]);
    check(
        r#"{"name":"A","namespace":"b"}"#,
        &[
            r#"metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#,
        ],
    );
    check(
        r#"{"name":"a","namespace":"b","finalizers":["plain"]}"#,
        &[
            r#"metadata.finalizers[0]: Invalid value: "plain": name is neither a standard finalizer name nor is it fully qualified"#,
        ],
    );
    check(
        r#"{"name":"a","namespace":"b","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"","uid":"u"}]}"#,
        &[r#"metadata.ownerReferences.name: Invalid value: "": must not be empty"#],
    );
    let node = read("", "Node", r#"{"metadata":{"name":"a","namespace":"b"}}"#);
    assert_eq!(
        shown(&create("", "Node", &node)),
        ["metadata.namespace: Forbidden: not allowed on this type"]
    );
    let old = read(
        "",
        "ConfigMap",
        r#"{"metadata":{"name":"a","namespace":"b","uid":"1","deletionTimestamp":"2026-01-01T00:00:00Z"}}"#,
    );
    let new = read(
        "",
        "ConfigMap",
        r#"{"metadata":{"name":"a","namespace":"b","uid":"2","deletionTimestamp":"2026-01-01T00:00:00Z","finalizers":["a/b"]}}"#,
    );
    assert_eq!(
        shown(&update("", "ConfigMap", &new, &old)),
        [
            r#"metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/b"}"#,
            r#"metadata.uid: Invalid value: "2": field is immutable"#,
        ]
    );
}
