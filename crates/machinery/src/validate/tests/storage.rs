//! Volumes, claims, classes and drivers.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] = &[storage];

#[test]
fn storage() {
    let claim = |members: &str| {
        format!(
            r#""spec":{{"accessModes":["ReadWriteOnce"],"resources":{{"requests":{{"storage":"1Gi"}}}}{members}}}"#
        )
    };
    check("", "PersistentVolumeClaim", &claim(""), &[]);
    check(
        "",
        "PersistentVolumeClaim",
        r#""spec":{"accessModes":["Odd"]}"#,
        &[
            r#"spec.accessModes: Unsupported value: "Odd": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod""#,
            "spec.resources[storage]: Required value",
        ],
    );
    check_update(
        "",
        "PersistentVolumeClaim",
        &claim(r#","storageClassName":"a""#),
        &claim(r#","storageClassName":"b""#),
        &[
            "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims",
        ],
    );
    let volume =
        r#""spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteOnce"],"hostPath":{"path":"/x"}}"#;
    check("", "PersistentVolume", volume, &[]);
    check(
        "",
        "PersistentVolume",
        r#""spec":{"accessModes":["ReadWriteOnce"]}"#,
        &[
            "spec.capacity: Required value",
            "spec.capacity: Unsupported value: null: supported values: \"storage\"",
            "spec: Required value: must specify a volume type",
        ],
    );
    check("storage.k8s.io", "StorageClass", r#""provisioner":"a.b/c""#, &[]);
    check("storage.k8s.io", "StorageClass", "", &["provisioner: Required value"]);
    check_update(
        "storage.k8s.io",
        "StorageClass",
        r#""provisioner":"a.b/c""#,
        r#""provisioner":"a.b/d""#,
        &["provisioner: Forbidden: updates to provisioner are forbidden."],
    );
    check("storage.k8s.io", "CSIDriver", "", &[]);
}
