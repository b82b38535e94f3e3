//! Warnings.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] = &[odd_things_are_warned_of];

#[test]
fn odd_things_are_warned_of() {
    check_warnings(
        "",
        "Pod",
        &container(r#","env":[{"name":"A"},{"name":"A"}],"resources":{"requests":{"memory":"100m"}}"#),
        &[
            r#"spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer"#,
            r#"spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply"#,
        ],
    );
}
