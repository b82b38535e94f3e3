//! Jobs and CronJobs.

use mizzen_schema::value::Value;

use super::check::{
    Errors, complain, flag, immutable, int, is_set, label_selector, list, not_negative, not_negative_field,
    one_of, required, required_one_of, same, some, text,
};
use super::{meta, pod};
use crate::field::{FieldError, Path};
use crate::name;
use crate::selector::LabelSelector;

const INDEXED_PARALLELISM_MAX: i64 = 100_000;
const RULES_MAX: usize = 20;
const EXIT_CODES_MAX: usize = 255;
/// Names of Jobs get eleven more characters than their CronJob's.
const CRON_JOB_NAME_MAX: usize = 52;
const CONTROLLER_UID: &str = "batch.kubernetes.io/controller-uid";

pub(super) fn job(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    job_spec(errors, &path, spec);
    match some(spec, "selector") {
        None => errors.push(FieldError::required(&path.child("selector"), "")),
        Some(selector) => {
            label_selector(errors, &path.child("selector"), Some(selector));
            let found = spec.path(&["template", "metadata", "labels"]);
            let fits = LabelSelector::from_value(selector).is_ok_and(|selector| selector.matches_map(found));
            if !fits {
                let detail = "`selector` does not match template `labels`";
                errors.push(FieldError::invalid(&path.child("template.metadata.labels"), found, detail));
            }
        }
    }
    generated_selector(errors, &path, object, spec);
    completions(errors, &path, object, spec);
}

/// Unless the user manages the selector, it and the labels are those that were generated.
fn generated_selector(errors: &mut Errors, path: &Path<'_>, object: &Value, spec: &Value) {
    if flag(spec, "manualSelector") == Some(true) {
        return;
    }
    let uid = crate::meta::uid(object);
    let labels = path.child("template.metadata.labels");
    if uid.is_empty() {
        return;
    }
    let found = spec.path(&["template", "metadata", "labels", CONTROLLER_UID]).and_then(Value::as_str);
    match found {
        None => errors.push(FieldError::required(&labels.key(CONTROLLER_UID), format!("must be '{uid}'"))),
        Some(other) if other != uid => {
            let value = spec.path(&["template", "metadata", "labels"]);
            errors.push(FieldError::invalid(&labels.key(CONTROLLER_UID), value, format!("must be '{uid}'")));
        }
        Some(_) => {}
    }
}

fn completions(errors: &mut Errors, path: &Path<'_>, object: &Value, spec: &Value) {
    if text(spec, "completionMode") != "Indexed" {
        return;
    }
    match int(spec, "completions") {
        None => {
            let detail = "when completion mode is Indexed";
            errors.push(FieldError::required(&path.child("completions"), detail));
        }
        Some(count) => {
            // The longest host name of an index.
            let longest = format!("{}-{}", crate::meta::name(object), (count - 1).max(0));
            if count > 0 && !name::dns_1123_label(&longest).is_empty() {
                let metadata = Path::new("metadata");
                let detail = format!("will not able to create pod with invalid DNS label: {longest}");
                errors.push(FieldError::invalid(&metadata.child("name"), crate::meta::name(object), detail));
            }
        }
    }
    if let Some(parallel) = int(spec, "parallelism").filter(|count| *count > INDEXED_PARALLELISM_MAX) {
        let detail = format!(
            "must be less than or equal to {INDEXED_PARALLELISM_MAX} when completion mode is Indexed"
        );
        errors.push(FieldError::invalid(&path.child("parallelism"), parallel, detail));
    }
}

fn job_spec(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    for field in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
        "backoffLimitPerIndex",
        "maxFailedIndexes",
    ] {
        not_negative_field(errors, path, spec, field);
    }
    if let Some(mode) = some(spec, "completionMode").and_then(Value::as_str) {
        one_of(errors, &path.child("completionMode"), mode, &["Indexed", "NonIndexed"]);
    }
    per_index(errors, path, spec);
    if let Some(policy) = some(spec, "podFailurePolicy") {
        failure_policy(errors, &path.child("podFailurePolicy"), spec, policy);
    }
    if let Some(policy) = some(spec, "successPolicy") {
        success_policy(errors, &path.child("successPolicy"), spec, policy);
    }
    if let Some(policy) = some(spec, "podReplacementPolicy").and_then(Value::as_str) {
        let path = path.child("podReplacementPolicy");
        if is_set(spec, "podFailurePolicy") {
            one_of(errors, &path, policy, &["Failed"]);
        } else {
            one_of(errors, &path, policy, &["Failed", "TerminatingOrFailed"]);
        }
    }
    if let Some(manager) = some(spec, "managedBy").and_then(Value::as_str) {
        managed_by(errors, &path.child("managedBy"), manager);
    }
    let empty = Value::Null;
    let template = spec.get("template").unwrap_or(&empty);
    let template_path = path.child("template");
    pod::template(errors, &template_path, template);
    let restart = template.str_at(&["spec", "restartPolicy"]).unwrap_or_default();
    let restart_path = template_path.child("spec.restartPolicy");
    one_of(errors, &restart_path, restart, &["OnFailure", "Never"]);
    if is_set(spec, "podFailurePolicy") && restart != "Never" {
        let detail = "only \"Never\" is supported when podFailurePolicy is specified";
        errors.push(FieldError::invalid(&restart_path, restart, detail));
    }
}

fn managed_by(errors: &mut Errors, path: &Path<'_>, manager: &str) {
    match manager.split_once('/') {
        Some((domain, rest)) if !domain.is_empty() && !rest.is_empty() => {
            complain(errors, path, domain, name::dns_1123_subdomain(domain));
        }
        _ => {
            let detail = "must be a domain-prefixed path (such as \"acme.io/foo\")";
            errors.push(FieldError::invalid(path, manager, detail));
        }
    }
    if manager.len() > 63 {
        errors.push(FieldError::too_long(path, 63));
    }
}

fn per_index(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let indexed = text(spec, "completionMode") == "Indexed";
    if is_set(spec, "backoffLimitPerIndex") && !indexed {
        let detail = "requires indexed completion mode";
        errors.push(FieldError::invalid(
            &path.child("backoffLimitPerIndex"),
            spec.get("backoffLimitPerIndex"),
            detail,
        ));
    }
    if let Some(most) = int(spec, "maxFailedIndexes") {
        let path_most = path.child("maxFailedIndexes");
        if !is_set(spec, "backoffLimitPerIndex") {
            let detail = "when maxFailedIndexes is specified";
            errors.push(FieldError::required(&path.child("backoffLimitPerIndex"), detail));
        }
        if int(spec, "completions").is_some_and(|completions| most > completions) {
            let detail = "must be less than or equal to completions";
            errors.push(FieldError::invalid(&path_most, most, detail));
        }
        if most > 100_000 {
            let detail = "must be less than or equal to 100000";
            errors.push(FieldError::invalid(&path_most, most, detail));
        }
    }
}

fn failure_policy(errors: &mut Errors, path: &Path<'_>, spec: &Value, policy: &Value) {
    let rules = list(policy, "rules");
    let path = path.child("rules");
    if rules.len() > RULES_MAX {
        errors.push(FieldError::too_many(&path, rules.len(), RULES_MAX));
    }
    let empty = Value::Null;
    let pod_spec = spec.path(&["template", "spec"]).unwrap_or(&empty);
    let names: Vec<&str> = list(pod_spec, "containers")
        .iter()
        .chain(list(pod_spec, "initContainers"))
        .map(|container| text(container, "name"))
        .collect();
    for (at, rule) in rules.iter().enumerate() {
        let path = path.index(at);
        let action = text(rule, "action");
        let action_path = path.child("action");
        let actions = ["Count", "FailIndex", "FailJob", "Ignore"];
        required_one_of(errors, &action_path, action, &actions);
        if action == "FailIndex" && !is_set(spec, "backoffLimitPerIndex") {
            let detail = "requires the backoffLimitPerIndex to be set";
            errors.push(FieldError::invalid(&action_path, action, detail));
        }
        let conditions = list(rule, "onPodConditions");
        match (some(rule, "onExitCodes"), conditions.is_empty()) {
            (Some(codes), true) => exit_codes(errors, &path.child("onExitCodes"), codes, &names),
            (None, false) => {
                let path = path.child("onPodConditions");
                for (at, condition) in conditions.iter().enumerate() {
                    let path = path.index(at);
                    let kind = text(condition, "type");
                    if required(errors, &path.child("type"), kind) {
                        complain(errors, &path.child("type"), kind, name::qualified_name(kind));
                    }
                    let statuses = ["False", "True", "Unknown"];
                    required_one_of(errors, &path.child("status"), text(condition, "status"), &statuses);
                }
            }
            (Some(_), false) => {
                let detail = "specifying both OnExitCodes and OnPodConditions is not supported";
                errors.push(FieldError::invalid(&path, "", detail));
            }
            (None, true) => {
                let detail = "specifying one of OnExitCodes and OnPodConditions is required";
                errors.push(FieldError::invalid(&path, "", detail));
            }
        }
    }
}

fn exit_codes(errors: &mut Errors, path: &Path<'_>, codes: &Value, names: &[&str]) {
    let operator = text(codes, "operator");
    required_one_of(errors, &path.child("operator"), operator, &["In", "NotIn"]);
    if let Some(name) = some(codes, "containerName").and_then(Value::as_str)
        && !names.contains(&name)
    {
        let detail = "must be one of the container or initContainer names in the pod template";
        errors.push(FieldError::invalid(&path.child("containerName"), name, detail));
    }
    let values: Vec<i64> = list(codes, "values").iter().filter_map(Value::as_i64).collect();
    let path = path.child("values");
    if values.is_empty() {
        errors.push(FieldError::invalid(&path, codes.get("values"), "at least one value is required"));
    } else if values.len() > EXIT_CODES_MAX {
        errors.push(FieldError::too_many(&path, values.len(), EXIT_CODES_MAX));
        return;
    }
    let mut ordered = true;
    for (at, value) in values.iter().enumerate() {
        if values[..at].contains(value) {
            errors.push(FieldError::duplicate(&path.index(at), *value));
        }
        if *value == 0 && operator == "In" {
            let detail = "must not be 0 for the In operator";
            errors.push(FieldError::invalid(&path.index(at), *value, detail));
        }
        ordered &= at == 0 || values[at - 1] <= *value;
    }
    if !ordered {
        errors.push(FieldError::invalid(&path, codes.get("values"), "must be ordered"));
    }
}

fn success_policy(errors: &mut Errors, path: &Path<'_>, spec: &Value, policy: &Value) {
    if text(spec, "completionMode") != "Indexed" {
        errors.push(FieldError::invalid(path, policy, "requires indexed completion mode"));
    }
    let rules = list(policy, "rules");
    let path = path.child("rules");
    if rules.is_empty() {
        errors.push(FieldError::required(
            &path,
            "at least one rules must be specified when the successPolicy is specified",
        ));
    } else if rules.len() > RULES_MAX {
        errors.push(FieldError::too_many(&path, rules.len(), RULES_MAX));
    }
    for (at, rule) in rules.iter().enumerate() {
        let path = path.index(at);
        if !is_set(rule, "succeededCount") && !is_set(rule, "succeededIndexes") {
            let detail = "at least one of succeededCount or succeededIndexes must be specified";
            errors.push(FieldError::required(&path, detail));
        }
        if let Some(count) = int(rule, "succeededCount") {
            let path = path.child("succeededCount");
            not_negative(errors, &path, count);
            if let Some(completions) = int(spec, "completions").filter(|completions| count > *completions) {
                let detail = format!(
                    "must be less than or equal to {completions} (the number of specified completions)"
                );
                errors.push(FieldError::invalid(&path, count, detail));
            }
        }
    }
}

pub(super) fn job_update(errors: &mut Errors, new: &Value, old: &Value) {
    job(errors, new);
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let path = Path::new("spec");
    let indexed = text(spec, "completionMode") == "Indexed";
    let same_ints = int(spec, "completions") == int(spec, "parallelism");
    if !(indexed && same_ints && int(before, "completions") == int(before, "parallelism")) {
        immutable(errors, &path.child("completions"), spec.get("completions"), before.get("completions"));
    }
    immutable(errors, &path.child("selector"), spec.get("selector"), before.get("selector"));
    template_update(errors, &path, spec, before, old);
    for field in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"]
    {
        immutable(errors, &path.child(field), spec.get(field), before.get(field));
    }
}

/// A suspended Job that has not started may get other scheduling directives and resources.
fn template_update(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: &Value, old: &Value) {
    let (mut template, template_before) =
        (spec.get("template").cloned().unwrap_or(Value::Null), before.get("template"));
    let suspended = flag(before, "suspend") == Some(true) && old.path(&["status", "startTime"]).is_none();
    if suspended && let Some(before) = template_before {
        let restore = |fields: Option<&mut Value>, before: Option<&Value>, names: &[&str]| {
            let Some(fields) = fields.and_then(Value::as_struct_mut) else { return };
            for name in names {
                match before.and_then(|before| before.get(name)) {
                    Some(value) => {
                        fields.set(name, value.clone());
                    }
                    None => {
                        fields.remove(name);
                    }
                }
            }
        };
        let directives = ["nodeSelector", "affinity", "tolerations", "schedulingGates"];
        restore(template.get_mut("spec"), before.get("spec"), &directives);
        restore(template.get_mut("metadata"), before.get("metadata"), &["annotations", "labels"]);
    }
    if !same(Some(&template), template_before) {
        let path = path.child("template");
        errors.push(FieldError::invalid(&path, spec.get("template"), super::check::IMMUTABLE));
    }
}

pub(super) fn cron_job(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let schedule = text(spec, "schedule");
    let schedule_path = path.child("schedule");
    let zone = some(spec, "timeZone").and_then(Value::as_str);
    if schedule.is_empty() {
        errors.push(FieldError::required(&schedule_path, ""));
    } else {
        if let Err(error) = schedule_fields(schedule) {
            errors.push(FieldError::invalid(&schedule_path, schedule, error));
        }
        if schedule.contains("TZ") {
            let detail = if zone.is_some() {
                "cannot use both timeZone field and TZ or CRON_TZ in schedule"
            } else {
                "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
            };
            errors.push(FieldError::invalid(&schedule_path, schedule, detail));
        }
    }
    not_negative_field(errors, &path, spec, "startingDeadlineSeconds");
    let policies = ["Allow", "Forbid", "Replace"];
    let policy = text(spec, "concurrencyPolicy");
    required_one_of(errors, &path.child("concurrencyPolicy"), policy, &policies);
    time_zone(errors, &path.child("timeZone"), zone);
    let template_path = path.child("jobTemplate");
    let template = spec.get("jobTemplate").unwrap_or(&empty);
    meta::template(errors, &template_path.child("metadata"), template);
    let job = template.get("spec").unwrap_or(&empty);
    job_template(errors, &template_path.child("spec"), job);
    for field in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        not_negative_field(errors, &path, spec, field);
    }
    let name = crate::meta::name(object);
    if name.len() > CRON_JOB_NAME_MAX {
        let metadata = Path::new("metadata");
        let detail = name::too_long(CRON_JOB_NAME_MAX);
        errors.push(FieldError::invalid(&metadata.child("name"), name, detail));
    }
}

fn job_template(errors: &mut Errors, path: &Path<'_>, job: &Value) {
    job_spec(errors, path, job);
    if is_set(job, "selector") {
        let detail = "`selector` will be auto-generated";
        errors.push(FieldError::invalid(&path.child("selector"), job.get("selector"), detail));
    }
    if flag(job, "manualSelector") == Some(true) {
        let supported = ["nil", "false"];
        errors.push(FieldError::not_supported(&path.child("manualSelector"), true, &supported));
    }
}

fn time_zone(errors: &mut Errors, path: &Path<'_>, zone: Option<&str>) {
    let Some(zone) = zone else { return };
    if zone.is_empty() {
        errors.push(FieldError::invalid(path, zone, "timeZone must be nil or non-empty string"));
    } else if zone.eq_ignore_ascii_case("Local") {
        errors.push(FieldError::invalid(
            path,
            zone,
            "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones",
        ));
    } else if jiff::tz::TimeZone::get(zone).is_err() {
        let detail = format!("unknown time zone {zone}");
        errors.push(FieldError::invalid(path, zone, detail));
    }
}

/// Whether a schedule is one: five fields, or a nickname.
fn schedule_fields(schedule: &str) -> Result<(), String> {
    let mut schedule = schedule.trim();
    if let Some(rest) = schedule.strip_prefix("TZ=").or_else(|| schedule.strip_prefix("CRON_TZ=")) {
        schedule = rest.split_once(' ').map(|(_, rest)| rest.trim()).unwrap_or_default();
    }
    if schedule.starts_with('@') {
        let nicknames = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
        return if nicknames.contains(&schedule) || schedule.starts_with("@every ") {
            Ok(())
        } else {
            Err(format!("unrecognized descriptor: {schedule}"))
        };
    }
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    if fields.len() != 5 {
        return Err(format!("expected exactly 5 fields, found {}: [{}]", fields.len(), fields.join(" ")));
    }
    let bounds = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    for (at, (field, (low, high))) in fields.iter().zip(bounds).enumerate() {
        let names: &[&str] = match at {
            3 => &months,
            4 => &days,
            _ => &[],
        };
        for range in field.split(',') {
            schedule_range(range, low, high, names)?;
        }
    }
    Ok(())
}

/// `*`, `5`, `1-5`, `*/2`, `mon-fri/2`.
fn schedule_range(range: &str, low: i64, high: i64, names: &[&str]) -> Result<(), String> {
    let (span, step) = match range.split_once('/') {
        Some((span, step)) => (span, Some(step)),
        None => (range, None),
    };
    let number = |text: &str| -> Result<i64, String> {
        if let Some(at) = names.iter().position(|name| name.eq_ignore_ascii_case(text)) {
            return Ok(low + i64::try_from(at).unwrap_or_default());
        }
        text.parse::<u32>().map(i64::from).map_err(|_| {
            format!("failed to parse int from {text}: strconv.Atoi: parsing \"{text}\": invalid syntax")
        })
    };
    if let Some(step) = step
        && number(step)? == 0
    {
        return Err(format!("step of range should be a positive number: {range}"));
    }
    if matches!(span, "*" | "?") {
        return Ok(());
    }
    let (start, end) = match span.split_once('-') {
        Some((start, end)) => (number(start)?, number(end)?),
        None => {
            let at = number(span)?;
            (at, at)
        }
    };
    if start < low {
        return Err(format!("beginning of range ({start}) below minimum ({low}): {range}"));
    }
    if end > high {
        return Err(format!("end of range ({end}) above maximum ({high}): {range}"));
    }
    if start > end {
        return Err(format!("beginning of range ({start}) beyond end of range ({end}): {range}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::schedule_fields;

    #[test]
    fn schedules() {
        for fine in ["* * * * *", "*/5 0 1-15 jan mon-fri", "@daily", "@every 1h", "0 0 ? * 0,6"] {
            assert_eq!(schedule_fields(fine), Ok(()), "{fine}");
        }
        let check =
            |schedule: &str, expect: &str| assert_eq!(schedule_fields(schedule), Err(expect.to_owned()));
        check("* * *", "expected exactly 5 fields, found 3: [* * *]");
        check("60 * * * *", "end of range (60) above maximum (59): 60");
        check("*/0 * * * *", "step of range should be a positive number: */0");
        check("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1");
        check("@never", "unrecognized descriptor: @never");
    }
}
