//! Deployments, ReplicaSets, DaemonSets and StatefulSets.

use mizzen_schema::value::{Struct, Value};

use super::{pod, volume};
use crate::edit::{each, int, made, put, str_of, text, unset};

pub(super) fn deployment(object: &mut Struct) {
    let Some(spec) = made(object, "spec") else { return };
    int(spec, "replicas", 1);
    if let Some(strategy) = made(spec, "strategy") {
        text(strategy, "type", "RollingUpdate");
        if str_of(strategy, "type") == "RollingUpdate"
            && let Some(rolling) = made(strategy, "rollingUpdate")
        {
            default_value(rolling, "maxUnavailable", Value::string("25%"));
            default_value(rolling, "maxSurge", Value::string("25%"));
        }
    }
    int(spec, "revisionHistoryLimit", 10);
    int(spec, "progressDeadlineSeconds", 600);
    pod::template(spec, "template");
}

fn default_value(target: &mut Struct, field: &str, value: Value) {
    if target.get(field).is_none_or(|value| *value == Value::Null) {
        put(target, field, value);
    }
}

pub(super) fn replica_set(object: &mut Struct) {
    let Some(spec) = made(object, "spec") else { return };
    int(spec, "replicas", 1);
    pod::template(spec, "template");
}

pub(super) fn daemon_set(object: &mut Struct) {
    let Some(spec) = made(object, "spec") else { return };
    if let Some(strategy) = made(spec, "updateStrategy") {
        text(strategy, "type", "RollingUpdate");
        if str_of(strategy, "type") == "RollingUpdate"
            && let Some(rolling) = made(strategy, "rollingUpdate")
        {
            default_value(rolling, "maxUnavailable", Value::Int(1));
            default_value(rolling, "maxSurge", Value::Int(0));
        }
    }
    int(spec, "revisionHistoryLimit", 10);
    pod::template(spec, "template");
}

pub(super) fn stateful_set(object: &mut Struct) {
    let Some(spec) = made(object, "spec") else { return };
    text(spec, "podManagementPolicy", "OrderedReady");
    if let Some(strategy) = made(spec, "updateStrategy") {
        if unset(strategy, "type") {
            text(strategy, "type", "RollingUpdate");
            made(strategy, "rollingUpdate");
        }
        if str_of(strategy, "type") == "RollingUpdate"
            && let Some(rolling) = crate::edit::child(strategy, "rollingUpdate")
        {
            int(rolling, "partition", 0);
            default_value(rolling, "maxUnavailable", Value::Int(1));
        }
    }
    if let Some(policy) = made(spec, "persistentVolumeClaimRetentionPolicy") {
        text(policy, "whenDeleted", "Retain");
        text(policy, "whenScaled", "Retain");
    }
    int(spec, "replicas", 1);
    int(spec, "revisionHistoryLimit", 10);
    pod::template(spec, "template");
    each(spec, "volumeClaimTemplates", volume::claim);
}
