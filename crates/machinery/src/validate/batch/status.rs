//! How a Job's status may become.

use mizzen_schema::value::Value;

use super::indexes;
use crate::field::{FieldError, Path, Shown};
use crate::validate::check::{
    Errors, Seen, flag, int, is_set, list, not_negative_field, same, some, text, text_of,
};

/// A Job as its status tells.
struct State<'a> {
    status: &'a Value,
}

impl State<'_> {
    fn has(&self, kind: &str) -> bool {
        list(self.status, "conditions")
            .iter()
            .any(|condition| text(condition, "type") == kind && text(condition, "status") == "True")
    }

    fn is_complete(&self) -> bool {
        self.has("Complete")
    }

    fn is_failed(&self) -> bool {
        self.has("Failed")
    }

    fn is_finished(&self) -> bool {
        self.is_complete() || self.is_failed()
    }
}

/// Most rules look at what changes only, so that Jobs of older versions may go on.
pub(in crate::validate) fn job_status(errors: &mut Errors, new: &Value, old: &Value) {
    let empty = Value::Null;
    let (status, before) = (new.get("status").unwrap_or(&empty), old.get("status").unwrap_or(&empty));
    let spec = new.get("spec").unwrap_or(&empty);
    let path = Path::new("status");
    for field in ["active", "succeeded", "failed", "ready", "terminating"] {
        not_negative_field(errors, &path, status, field);
    }
    uncounted(errors, &path.child("uncountedTerminatedPods"), status);
    let (now, then) = (State { status }, State { status: before });
    ends(errors, &path, &now, &then);
    finished(errors, &path, &now, &then);
    numbers(errors, &path, spec, status, before);
    let terminating = int(status, "terminating").filter(|count| *count > 0);
    let changed = int(before, "terminating") != int(status, "terminating") || !then.is_finished();
    if let Some(count) = terminating.filter(|_| now.is_finished() && changed) {
        let detail = "terminating>0 is invalid for finished job";
        errors.push(FieldError::invalid(&path.child("terminating"), count, detail));
    }
    success(errors, &path, spec, &now);
    kept(errors, &path, spec, &now, &then);
}

fn uncounted(errors: &mut Errors, path: &Path<'_>, status: &Value) {
    let Some(pods) = some(status, "uncountedTerminatedPods") else { return };
    let mut seen = Seen::new();
    for field in ["succeeded", "failed"] {
        let path = path.child(field);
        for (at, uid) in list(pods, field).iter().filter_map(Value::as_str).enumerate() {
            if uid.is_empty() {
                errors.push(FieldError::invalid(&path.index(at), uid, "must not be empty"));
            } else if !seen.insert(uid) {
                errors.push(FieldError::duplicate(&path.index(at), uid));
            }
        }
    }
}

fn wrong_conditions(errors: &mut Errors, path: &Path<'_>, detail: &str) {
    errors.push(FieldError::invalid(&path.child("conditions"), Shown::Omitted, detail));
}

/// Conditions that exclude or need each other, and the time that goes with them.
fn ends(errors: &mut Errors, path: &Path<'_>, now: &State<'_>, then: &State<'_>) {
    let complete_changed = now.is_complete() != then.is_complete();
    let failed_changed = now.is_failed() != then.is_failed();
    let changed = |field: &str| !same(now.status.get(field), then.status.get(field));
    let target = now.has("FailureTarget");
    let target_changed = target != then.has("FailureTarget");
    if (complete_changed || failed_changed) && now.is_complete() && now.is_failed() {
        wrong_conditions(errors, path, "cannot set Complete=True and Failed=true conditions");
    }
    if (complete_changed || target_changed) && now.is_complete() && target {
        wrong_conditions(errors, path, "cannot set Complete=True and FailureTarget=true conditions");
    }
    let time = some(now.status, "completionTime");
    let time_path = path.child("completionTime");
    if complete_changed || changed("completionTime") {
        match (time, now.is_complete()) {
            (Some(_), false) => {
                let detail = "cannot set completionTime when there is no Complete=True condition";
                errors.push(FieldError::invalid(&time_path, time, detail));
            }
            (None, true) => {
                let detail = "completionTime is required for Complete jobs";
                errors.push(FieldError::required(&time_path, detail));
            }
            _ => {}
        }
    }
    if (changed("completionTime") || changed("startTime"))
        && let (Some(start), Some(end)) =
            (text_of(now.status, "startTime"), text_of(now.status, "completionTime"))
        && end < start
    {
        let detail = "completionTime cannot be set before startTime";
        errors.push(FieldError::invalid(&time_path, time, detail));
    }
    if (failed_changed || target_changed) && now.is_failed() && !target {
        let detail = "cannot set Failed=True condition without the FailureTarget=true condition";
        wrong_conditions(errors, path, detail);
    }
    let met = now.has("SuccessCriteriaMet");
    if (complete_changed || met != then.has("SuccessCriteriaMet")) && now.is_complete() && !met {
        let detail = "cannot set Complete=True condition without the SuccessCriteriaMet=true condition";
        wrong_conditions(errors, path, detail);
    }
}

/// What a finished Job has no more.
fn finished(errors: &mut Errors, path: &Path<'_>, now: &State<'_>, then: &State<'_>) {
    if !now.is_finished() {
        return;
    }
    let ended = !then.is_finished();
    let changed = |field: &str| ended || !same(now.status.get(field), then.status.get(field));
    let count = |field: &str| int(now.status, field).unwrap_or_default();
    if changed("active") && count("active") > 0 {
        let detail = "active>0 is invalid for finished job";
        errors.push(FieldError::invalid(&path.child("active"), count("active"), detail));
    }
    if changed("startTime") && !is_set(now.status, "startTime") {
        let detail = "startTime is required for finished job";
        errors.push(FieldError::required(&path.child("startTime"), detail));
    }
    if changed("uncountedTerminatedPods")
        && let Some(pods) = some(now.status, "uncountedTerminatedPods")
        && ["failed", "succeeded"].iter().any(|field| !list(pods, field).is_empty())
    {
        let detail = "uncountedTerminatedPods needs to be empty for finished job";
        errors.push(FieldError::invalid(&path.child("uncountedTerminatedPods"), pods, detail));
    }
}

/// Indexes and counts.
fn numbers(errors: &mut Errors, path: &Path<'_>, spec: &Value, status: &Value, before: &Value) {
    let changed = |field: &str| !same(status.get(field), before.get(field));
    let (done, failed) = (text(status, "completedIndexes"), text_of(status, "failedIndexes"));
    let per_index = is_set(spec, "backoffLimitPerIndex");
    let completions = int(spec, "completions");
    let read = |errors: &mut Errors, field: &str, indexes: &str, completions: i64| {
        if let Err(error) = indexes::count(indexes, completions) {
            let detail = format!("error parsing {field}: {error}");
            errors.push(FieldError::invalid(&path.child(field), indexes, detail));
        }
    };
    if let Some(completions) = completions {
        if changed("completedIndexes") {
            read(errors, "completedIndexes", done, completions);
        }
        if let Some(failed) = failed.filter(|_| per_index && changed("failedIndexes")) {
            read(errors, "failedIndexes", failed, completions);
        }
    }
    if changed("completedIndexes") && !done.is_empty() && text(spec, "completionMode") != "Indexed" {
        let detail = "cannot set non-empty completedIndexes when non-indexed completion mode";
        errors.push(FieldError::invalid(&path.child("completedIndexes"), done, detail));
    }
    if let Some(failed) = failed.filter(|_| !per_index && changed("failedIndexes")) {
        let detail = "cannot set non-null failedIndexes when backoffLimitPerIndex is null";
        errors.push(FieldError::invalid(&path.child("failedIndexes"), failed, detail));
    }
    if let (Some(completions), Some(failed)) = (completions, failed)
        && (changed("failedIndexes") || changed("completedIndexes"))
        && let Some(index) = indexes::overlap(done, failed, completions)
    {
        let detail = format!("failedIndexes and completedIndexes overlap at index: {index}");
        errors.push(FieldError::invalid(&path.child("failedIndexes"), failed, detail));
    }
    let (ready, active) = (int(status, "ready"), int(status, "active").unwrap_or_default());
    if let Some(ready) = ready.filter(|ready| *ready > active)
        && (changed("ready") || changed("active"))
    {
        let detail = "cannot set more ready pods than active";
        errors.push(FieldError::invalid(&path.child("ready"), ready, detail));
    }
}

fn success(errors: &mut Errors, path: &Path<'_>, spec: &Value, now: &State<'_>) {
    if now.has("SuccessCriteriaMet") {
        if now.is_failed() {
            wrong_conditions(errors, path, "cannot set SuccessCriteriaMet=True and Failed=true conditions");
        }
        if now.has("FailureTarget") {
            let detail = "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions";
            wrong_conditions(errors, path, detail);
        }
    } else if is_set(spec, "successPolicy") && now.is_complete() {
        let detail = "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True";
        wrong_conditions(errors, path, detail);
    }
}

/// What does not go back.
fn kept(errors: &mut Errors, path: &Path<'_>, spec: &Value, now: &State<'_>, then: &State<'_>) {
    for kind in ["Failed", "Complete", "FailureTarget"] {
        if then.has(kind) && !now.has(kind) {
            wrong_conditions(errors, path, &format!("cannot disable the terminal {kind}=True condition"));
        }
    }
    for field in ["failed", "succeeded"] {
        let count = |state: &State<'_>| int(state.status, field).unwrap_or_default();
        if count(now) < count(then) {
            let detail = format!("cannot decrease the {field} counter");
            errors.push(FieldError::invalid(&path.child(field), count(now), detail));
        }
    }
    let (time, before) = (some(now.status, "completionTime"), some(then.status, "completionTime"));
    if time.is_some() && before.is_some() && time != before {
        let detail = "completionTime cannot be mutated";
        errors.push(FieldError::invalid(&path.child("completionTime"), time, detail));
    }
    let (start, before) = (some(now.status, "startTime"), some(then.status, "startTime"));
    if before.is_some() && start != before && flag(spec, "suspend") != Some(true) {
        let detail = "startTime cannot be removed for unsuspended job";
        errors.push(FieldError::required(&path.child("startTime"), detail));
    }
    let met = (now.has("SuccessCriteriaMet"), then.has("SuccessCriteriaMet"));
    if met == (false, true) {
        wrong_conditions(errors, path, "cannot disable the SuccessCriteriaMet=True condition");
    }
    if met == (true, false) && then.is_complete() {
        let detail = "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions";
        wrong_conditions(errors, path, detail);
    }
}
