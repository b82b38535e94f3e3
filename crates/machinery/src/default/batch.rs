//! Jobs and CronJobs.

use mizzen_schema::value::{Struct, Value};

use super::{core, pod};
use crate::edit::{child, each, int, made, text, truth, unset};

pub(super) fn job(object: &mut Struct) {
    core::labels_from_template(object);
    let Some(spec) = made(object, "spec") else { return };
    if unset(spec, "completions") && unset(spec, "parallelism") {
        int(spec, "completions", 1);
    }
    int(spec, "parallelism", 1);
    let per_index = !unset(spec, "backoffLimitPerIndex");
    int(spec, "backoffLimit", if per_index { i64::from(i32::MAX) } else { 6 });
    text(spec, "completionMode", "NonIndexed");
    truth(spec, "suspend", false);
    truth(spec, "manualSelector", false);
    let has_policy = spec.get("podFailurePolicy").is_some_and(|policy| *policy != Value::Null);
    text(spec, "podReplacementPolicy", if has_policy { "Failed" } else { "TerminatingOrFailed" });
    failure_policy(spec);
    pod::template(spec, "template");
}

fn failure_policy(spec: &mut Struct) {
    if let Some(policy) = child(spec, "podFailurePolicy") {
        each(policy, "rules", |rule| {
            each(rule, "onPodConditions", |pattern| text(pattern, "status", "True"))
        });
    }
}

pub(super) fn cron_job(object: &mut Struct) {
    let Some(spec) = made(object, "spec") else { return };
    text(spec, "concurrencyPolicy", "Allow");
    truth(spec, "suspend", false);
    int(spec, "successfulJobsHistoryLimit", 3);
    int(spec, "failedJobsHistoryLimit", 1);
    if let Some(template) = child(spec, "jobTemplate")
        && let Some(job) = child(template, "spec")
    {
        failure_policy(job);
        pod::template(job, "template");
    }
}
