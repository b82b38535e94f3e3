//! Admission webhooks and policies.

use mizzen_schema::value::Struct;

use crate::edit::{child, each, int, made, text};

pub(super) fn object(kind: &str, object: &mut Struct) {
    match kind {
        "ValidatingWebhookConfiguration" => each(object, "webhooks", webhook),
        "MutatingWebhookConfiguration" => each(object, "webhooks", |hook| {
            webhook(hook);
            text(hook, "reinvocationPolicy", "Never");
        }),
        "ValidatingAdmissionPolicy" | "MutatingAdmissionPolicy" => {
            if let Some(spec) = made(object, "spec") {
                text(spec, "failurePolicy", "Fail");
                if let Some(constraints) = child(spec, "matchConstraints") {
                    match_resources(constraints);
                }
            }
        }
        "ValidatingAdmissionPolicyBinding" | "MutatingAdmissionPolicyBinding" => {
            if let Some(spec) = made(object, "spec")
                && let Some(resources) = child(spec, "matchResources")
            {
                match_resources(resources);
            }
        }
        _ => {}
    }
}

fn webhook(webhook: &mut Struct) {
    text(webhook, "failurePolicy", "Fail");
    text(webhook, "matchPolicy", "Equivalent");
    made(webhook, "namespaceSelector");
    made(webhook, "objectSelector");
    int(webhook, "timeoutSeconds", 10);
    each(webhook, "rules", |rule| text(rule, "scope", "*"));
    if let Some(config) = child(webhook, "clientConfig")
        && let Some(service) = child(config, "service")
    {
        int(service, "port", 443);
    }
}

fn match_resources(resources: &mut Struct) {
    text(resources, "matchPolicy", "Equivalent");
    made(resources, "namespaceSelector");
    made(resources, "objectSelector");
    each(resources, "resourceRules", |rule| text(rule, "scope", "*"));
    each(resources, "excludeResourceRules", |rule| text(rule, "scope", "*"));
}
