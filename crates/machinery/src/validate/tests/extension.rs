//! What extends the API server.

use super::*;

/// For the document of kinds.
pub(super) const ALL: &[fn()] = &[extensions];

#[test]
fn extensions() {
    let hook = |members: &str| {
        format!(
            r#""webhooks":[{{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{{"url":"https://h/p"}},"rules":[{{"operations":["CREATE"],"apiGroups":[""],"apiVersions":["v1"],"resources":["pods"]}}]{members}}}]"#
        )
    };
    let group = "admissionregistration.k8s.io";
    check(group, "ValidatingWebhookConfiguration", &hook(""), &[]);
    check(
        group,
        "MutatingWebhookConfiguration",
        &hook(r#","timeoutSeconds":60,"reinvocationPolicy":"Maybe""#),
        &[
            "webhooks[0].timeoutSeconds: Invalid value: 60: the timeout value must be between 1 and 30 seconds",
            r#"webhooks[0].reinvocationPolicy: Unsupported value: "Maybe": supported values: "IfNeeded", "Never""#,
        ],
    );
    let group = "flowcontrol.apiserver.k8s.io";
    check(
        group,
        "PriorityLevelConfiguration",
        r#""spec":{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{}}}}"#,
        &[],
    );
    check(
        group,
        "PriorityLevelConfiguration",
        r#""spec":{"type":"Limited"}"#,
        &["spec.limited: Required value: must not be empty when type is Limited"],
    );
    check(group, "FlowSchema", r#""spec":{"priorityLevelConfiguration":{"name":"p"}}"#, &[]);
    check(
        group,
        "FlowSchema",
        r#""spec":{"matchingPrecedence":20000}"#,
        &[
            "spec.matchingPrecedence: Invalid value: 20000: must not be greater than 10000",
            "spec.priorityLevelConfiguration.name: Required value: must reference a priority level",
        ],
    );
}
