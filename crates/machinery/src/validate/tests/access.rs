//! RBAC, certificates and leases.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] = &[access];

#[test]
fn access() {
    check(
        "rbac.authorization.k8s.io",
        "Role",
        r#""rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]"#,
        &[],
    );
    check(
        "rbac.authorization.k8s.io",
        "Role",
        r#""rules":[{"verbs":[],"nonResourceURLs":["/x"]}]"#,
        &[
            "rules[0].verbs: Required value: verbs must contain at least one value",
            r#"rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs"#,
        ],
    );
    let binding = |name: &str| {
        format!(
            r#""roleRef":{{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{name}"}},"subjects":[{{"kind":"User","name":"u"}},{{"kind":"ServiceAccount","name":"s","namespace":"n"}}]"#
        )
    };
    check("rbac.authorization.k8s.io", "ClusterRoleBinding", &binding("system:a"), &[]);
    check_update(
        "rbac.authorization.k8s.io",
        "RoleBinding",
        &binding("a"),
        &binding("b"),
        &[
            r#"roleRef: Invalid value: {"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"b"}: cannot change roleRef"#,
        ],
    );
    check("coordination.k8s.io", "Lease", r#""spec":{"leaseDurationSeconds":40,"holderIdentity":"n"}"#, &[]);
    check(
        "coordination.k8s.io",
        "Lease",
        r#""spec":{"leaseDurationSeconds":0}"#,
        &["spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"],
    );
}
