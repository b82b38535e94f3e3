//! Kinds with a default or two: RBAC bindings, PriorityClasses, tokens, and the API server's own extensions.

use mizzen_schema::value::{Struct, Value};

use crate::edit::{child, each, int, made, put, str_of, text, unset};

const RBAC: &str = "rbac.authorization.k8s.io";

pub(super) fn role_binding(object: &mut Struct) {
    if let Some(role) = made(object, "roleRef") {
        text(role, "apiGroup", RBAC);
    }
    each(object, "subjects", |subject| {
        if matches!(str_of(subject, "kind"), "User" | "Group") {
            text(subject, "apiGroup", RBAC);
        }
    });
}

pub(super) fn priority_class(object: &mut Struct) {
    text(object, "preemptionPolicy", "PreemptLowerPriority");
}

pub(super) fn token_request(object: &mut Struct) {
    if let Some(spec) = made(object, "spec") {
        int(spec, "expirationSeconds", 3600);
    }
}

pub(super) fn custom_resource_definition(object: &mut Struct) {
    let Some(spec) = made(object, "spec") else { return };
    if let Some(names) = made(spec, "names") {
        let kind = str_of(names, "kind").to_owned();
        if unset(names, "singular") {
            put(names, "singular", Value::string(kind.to_lowercase()));
        }
        if unset(names, "listKind") && !kind.is_empty() {
            put(names, "listKind", Value::string(format!("{kind}List")));
        }
    }
    if let Some(conversion) = made(spec, "conversion") {
        text(conversion, "strategy", "None");
        if let Some(webhook) = child(conversion, "webhook")
            && let Some(config) = child(webhook, "clientConfig")
            && let Some(service) = child(config, "service")
        {
            int(service, "port", 443);
        }
    }
}

pub(super) fn api_service(object: &mut Struct) {
    if let Some(spec) = child(object, "spec")
        && let Some(service) = child(spec, "service")
    {
        int(service, "port", 443);
    }
}
