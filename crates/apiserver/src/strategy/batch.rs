//! Workloads that end: batch.

use mizzen_schema::value::Value;

use super::{Facts, Generation, Rules, selectable};
use crate::tree;

static JOBS: Rules = Rules {
    fields: &[selectable("status.successful", "status.succeeded", "", "0")],
    generation: Generation::Spec,
    orphan_by_default: true,
    prepare_create: create_job,
    prepare_update: update_job,
    ..Rules::DEFAULT
};

static CRON_JOBS: Rules = Rules::WITH_GENERATION;

pub(super) fn rules(plural: &str) -> Option<&'static Rules> {
    Some(match plural {
        "jobs" => &JOBS,
        "cronjobs" => &CRON_JOBS,
        _ => return None,
    })
}

/// Labels of a job's pods, with their older names: what tells its pods from all others.
const UID_LABELS: [&str; 2] = ["batch.kubernetes.io/controller-uid", "controller-uid"];
const NAME_LABELS: [&str; 2] = ["batch.kubernetes.io/job-name", "job-name"];

/// Unless `spec.manualSelector`, the selector is the job's uid, and the template carries it.
fn create_job(job: &mut Value, _: Facts<'_>) {
    if job.path(&["spec", "manualSelector"]).and_then(Value::as_bool) == Some(true) {
        return;
    }
    let uid = mizzen_machinery::meta::uid(job).to_owned();
    let name = mizzen_machinery::meta::name(job).to_owned();
    for (keys, value) in [(UID_LABELS, &uid), (NAME_LABELS, &name)] {
        for key in keys {
            let path = ["spec", "template", "metadata", "labels", key];
            if job.path(&path).is_none() {
                tree::set_text(job, &path, value);
            }
        }
    }
    tree::set_text(job, &["spec", "selector", "matchLabels", UID_LABELS[0]], &uid);
}

fn update_job(new: &mut Value, old: &Value, _: Facts<'_>) {
    // A selector that an update leaves out stays.
    if new.path(&["spec", "selector"]).is_none_or(Value::is_zero) {
        tree::copy(new, old, &["spec", "selector"]);
    }
}
