//! NetworkPolicies and IngressClasses.

use mizzen_schema::value::{Struct, Value};

use crate::edit::{child, each, made, put, text};

pub(super) fn network_policy(object: &mut Struct) {
    let Some(spec) = made(object, "spec") else { return };
    for rules in ["ingress", "egress"] {
        each(spec, rules, |rule| each(rule, "ports", |port| text(port, "protocol", "TCP")));
    }
    if spec.get("policyTypes").is_none_or(Value::is_zero) {
        let mut types = vec![Value::string("Ingress")];
        if spec.get("egress").is_some_and(|rules| !rules.items().is_empty()) {
            types.push(Value::string("Egress"));
        }
        put(spec, "policyTypes", Value::List(types));
    }
}

pub(super) fn ingress_class(object: &mut Struct) {
    if let Some(spec) = child(object, "spec")
        && let Some(parameters) = child(spec, "parameters")
    {
        text(parameters, "scope", "Cluster");
    }
}
