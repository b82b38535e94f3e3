//! Jobs and cron jobs.

use mizzen_schema::value::Value;

use super::cell::{Row, between, selector};
use super::{AGE, NAME, Printer, column, integer, text, wide};

static JOB: Printer = Printer {
    columns: &[
        NAME,
        text("Status", "How far the job is."),
        text("Completions", "How many pods have succeeded, of how many."),
        text("Duration", "How long the job took, or has taken."),
        AGE,
        wide("Containers", "Names of the template's containers."),
        wide("Images", "Images of the template's containers."),
        wide("Selector", "Which pods belong to it."),
    ],
    cells: |row| {
        let [names, images] = row.containers(&["spec", "template", "spec"]);
        vec![
            row.name(),
            Value::string(status(row)),
            Value::string(completions(row)),
            Value::string(duration(row)),
            row.age(),
            names,
            images,
            Value::string(selector(row.object.path(&["spec", "selector"]))),
        ]
    },
};

static CRON_JOB: Printer = Printer {
    columns: &[
        NAME,
        text("Schedule", "When jobs are started, in cron's form."),
        text("Timezone", "The time zone of the schedule."),
        column("Suspend", "boolean", 0, "Whether no more jobs are started."),
        integer("Active", "How many jobs are under way."),
        text("Last Schedule", "How long ago a job was last started."),
        AGE,
        wide("Containers", "Names of the template's containers."),
        wide("Images", "Images of the template's containers."),
        wide("Selector", "Which pods belong to the jobs."),
    ],
    cells: |row| {
        let [names, images] = row.containers(&["spec", "jobTemplate", "spec", "template", "spec"]);
        let suspend = match row.object.path(&["spec", "suspend"]).and_then(Value::as_bool) {
            Some(true) => "True",
            Some(false) => "False",
            None => "<unset>",
        };
        vec![
            row.name(),
            row.text(&["spec", "schedule"]),
            row.text_or(&["spec", "timeZone"], "<none>"),
            Value::string(suspend),
            Value::Int(row.count(&["status", "active"])),
            Value::string(row.since(&["status", "lastScheduleTime"], "<none>")),
            row.age(),
            names,
            images,
            Value::string(selector(row.object.path(&["spec", "jobTemplate", "spec", "selector"]))),
        ]
    },
};

pub(super) fn printer(kind: &str) -> Option<&'static Printer> {
    match kind {
        "Job" => Some(&JOB),
        "CronJob" => Some(&CRON_JOB),
        _ => None,
    }
}

fn status(row: &Row<'_>) -> &'static str {
    if row.has_condition("Complete") {
        "Complete"
    } else if row.has_condition("Failed") {
        "Failed"
    } else if row.is_deleted() {
        "Terminating"
    } else if row.has_condition("Suspended") {
        "Suspended"
    } else if row.has_condition("FailureTarget") {
        "FailureTarget"
    } else if row.has_condition("SuccessCriteriaMet") {
        "SuccessCriteriaMet"
    } else {
        "Running"
    }
}

fn completions(row: &Row<'_>) -> String {
    let succeeded = row.number(&["status", "succeeded"]);
    let parallelism = row.number(&["spec", "parallelism"]);
    match row.object.path(&["spec", "completions"]).and_then(Value::as_i64) {
        Some(completions) => format!("{succeeded}/{completions}"),
        None if parallelism > 1 => format!("{succeeded}/1 of {parallelism}"),
        None => format!("{succeeded}/1"),
    }
}

fn duration(row: &Row<'_>) -> String {
    match (row.str(&["status", "startTime"]), row.str(&["status", "completionTime"])) {
        ("", _) => String::new(),
        (_, "") => row.since(&["status", "startTime"], ""),
        (start, end) => between(start, end),
    }
}
