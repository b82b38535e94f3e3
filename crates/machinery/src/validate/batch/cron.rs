//! CronJobs: schedules and time zones.

use mizzen_schema::value::Value;

use super::job_spec;
use crate::field::{FieldError, Path};
use crate::name;
use crate::validate::check::{Errors, flag, is_set, not_negative_field, required_one_of, text, text_of};

/// Names of Jobs get eleven more characters than their CronJob's.
const NAME_MAX: usize = 52;

pub(in crate::validate) fn cron_job(errors: &mut Errors, object: &Value, old: Option<&Value>) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    let before = old.map(|old| old.get("spec").unwrap_or(&empty));
    let zone = text_of(spec, "timeZone");
    schedule(errors, &path.child("schedule"), spec, before, zone);
    not_negative_field(errors, &path, spec, "startingDeadlineSeconds");
    if before.is_none_or(|before| text_of(before, "timeZone") != zone) {
        time_zone(errors, &path.child("timeZone"), zone);
    }
    let policies = ["Allow", "Forbid", "Replace"];
    let policy = text(spec, "concurrencyPolicy");
    required_one_of(errors, &path.child("concurrencyPolicy"), policy, &policies);
    let job = spec.path(&["jobTemplate", "spec"]).unwrap_or(&empty);
    job_template(errors, &path.child("jobTemplate.spec"), job);
    for field in ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        not_negative_field(errors, &path, spec, field);
    }
    let name = crate::meta::name(object);
    if old.is_none() && name.len() > NAME_MAX {
        let metadata = Path::new("metadata");
        let detail = name::too_long(NAME_MAX);
        errors.push(FieldError::invalid(&metadata.child("name"), name, detail));
    }
}

/// The zone belongs in its own field; schedules that had it keep it.
fn schedule(errors: &mut Errors, path: &Path<'_>, spec: &Value, before: Option<&Value>, zone: Option<&str>) {
    let schedule = text(spec, "schedule");
    if schedule.is_empty() {
        errors.push(FieldError::required(path, ""));
        return;
    }
    if let Err(error) = schedule_fields(schedule) {
        errors.push(FieldError::invalid(path, schedule, error));
    }
    if !schedule.contains("TZ") {
        return;
    }
    let detail = if !before.is_some_and(|before| text(before, "schedule").contains("TZ")) {
        "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
    } else if zone.is_some() {
        "cannot use both timeZone field and TZ or CRON_TZ in schedule"
    } else {
        return;
    };
    errors.push(FieldError::invalid(path, schedule, detail));
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
        return;
    }
    let part = |part: &str| {
        !matches!(part, "." | "..")
            && !part.starts_with('-')
            && (1..=14).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte))
    };
    let unknown = format!("unknown time zone {zone}");
    if !zone.split('/').all(part) {
        errors.push(FieldError::invalid(path, zone, unknown));
        return;
    }
    if zone.eq_ignore_ascii_case("Local") {
        let detail = "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones";
        errors.push(FieldError::invalid(path, zone, detail));
    }
    if zone != "Local" && jiff::tz::TimeZone::get(zone).is_err() {
        errors.push(FieldError::invalid(path, zone, unknown));
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
        return if nicknames.contains(&schedule) {
            Ok(())
        } else if let Some(duration) = schedule.strip_prefix("@every ") {
            let fine = mizzen_schema::text::parse_duration(duration).is_some();
            let quoted = crate::field::quote(duration);
            let error = || format!("failed to parse duration {schedule}: time: invalid duration {quoted}");
            if fine { Ok(()) } else { Err(error()) }
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
