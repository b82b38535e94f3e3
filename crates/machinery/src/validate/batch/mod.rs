//! Jobs and CronJobs.

mod cron;
mod indexes;
mod status;

use mizzen_schema::value::Value;

use super::check::{
    Errors, IMMUTABLE, complain, domain_path, flag, immutable, int, is_set, label_selector, list,
    not_negative, not_negative_field, one_of, same, some, text, text_of,
};
use super::pod;
use crate::field::{FieldError, Path, Shown};
use crate::name;
use crate::selector::LabelSelector;

pub(super) use cron::cron_job;
pub(super) use status::job_status;

const INDEXED_PARALLELISM_MAX: i64 = 100_000;
const FAILED_INDEXES_MAX: i64 = 100_000;
/// With more completions than this, other bounds are tighter.
const COMPLETIONS_MANY: i64 = 100_000;
const PARALLELISM_MAX_OF_MANY: i64 = 10_000;
const FAILED_INDEXES_MAX_OF_MANY: i64 = 10_000;
const RULES_MAX: usize = 20;
const EXIT_CODES_MAX: usize = 255;
const MANAGER_MAX: usize = 63;

pub(super) fn job(errors: &mut Errors, object: &Value) {
    let path = Path::new("spec");
    let empty = Value::Null;
    let spec = object.get("spec").unwrap_or(&empty);
    generated_selector(errors, object, spec);
    whole_spec(errors, &path, spec);
    indexed_name(errors, object, spec);
}

/// The spec of a Job, with its selector.
fn whole_spec(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    job_spec(errors, path, spec);
    let selector = some(spec, "selector");
    match selector {
        None => errors.push(FieldError::required(&path.child("selector"), "")),
        Some(_) => label_selector(errors, &path.child("selector"), selector),
    }
    let found = spec.path(&["template", "metadata", "labels"]);
    let fits = match selector.map(LabelSelector::from_value) {
        Some(Ok(selector)) => selector.matches_map(found),
        // What cannot be read is said already; none matches nothing.
        Some(Err(_)) => true,
        None => false,
    };
    if !fits {
        let detail = "`selector` does not match template `labels`";
        errors.push(FieldError::invalid(&path.child("template.metadata.labels"), found, detail));
    }
}

/// Labels of a Job's pods: the older names, then those with a domain.
const LABELS: [(&str, bool); 4] = [
    ("controller-uid", true),
    ("job-name", false),
    ("batch.kubernetes.io/controller-uid", true),
    ("batch.kubernetes.io/job-name", false),
];

/// Unless the user manages the selector, it and the labels are those that were generated.
fn generated_selector(errors: &mut Errors, object: &Value, spec: &Value) {
    let Some(selector) = some(spec, "selector").filter(|_| flag(spec, "manualSelector") != Some(true)) else {
        return;
    };
    let (uid, name) = (crate::meta::uid(object), crate::meta::name(object));
    if uid.is_empty() {
        let metadata = Path::new("metadata");
        errors.push(FieldError::required(&metadata.child("uid"), ""));
    }
    let labels = Path::new("spec.template.metadata.labels");
    let found = spec.path(&["template", "metadata", "labels"]);
    let expected = |is_uid: bool| if is_uid { uid } else { name };
    for (key, is_uid) in LABELS {
        let wanted = expected(is_uid);
        let path = labels.key(key);
        match found.and_then(|labels| labels.get(key)).and_then(Value::as_str) {
            None => errors.push(FieldError::required(&path, format!("must be '{wanted}'"))),
            Some(label) if label != wanted => {
                errors.push(FieldError::invalid(&path, found, format!("must be '{wanted}'")));
            }
            Some(_) => {}
        }
    }
    let Ok(parsed) = LabelSelector::from_value(selector) else { return };
    let all =
        LABELS.into_iter().map(|(key, is_uid)| (Box::from(key), Value::string(expected(is_uid)))).collect();
    if !parsed.matches_map(Some(&Value::Map(all))) {
        let path = Path::new("spec.selector");
        errors.push(FieldError::invalid(&path, selector, "`selector` not auto-generated"));
    }
}

/// The host name of an indexed Job's last pod is a DNS label still.
fn indexed_name(errors: &mut Errors, object: &Value, spec: &Value) {
    let count = int(spec, "completions").filter(|count| *count > 0);
    let Some(count) = count.filter(|_| text(spec, "completionMode") == "Indexed") else { return };
    let name = crate::meta::name(object);
    let longest = format!("{name}-{}", count - 1);
    if !name::dns_1123_label(&longest).is_empty() {
        let metadata = Path::new("metadata");
        let detail = format!("will not able to create pod with invalid DNS label: {longest}");
        errors.push(FieldError::invalid(&metadata.child("name"), name, detail));
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
    if is_set(spec, "maxFailedIndexes") && !is_set(spec, "backoffLimitPerIndex") {
        let detail = "when maxFailedIndexes is specified";
        errors.push(FieldError::required(&path.child("backoffLimitPerIndex"), detail));
    }
    if let Some(manager) = text_of(spec, "managedBy") {
        domain_path(errors, &path.child("managedBy"), manager);
        if manager.len() > MANAGER_MAX {
            errors.push(FieldError::too_long(&path.child("managedBy"), MANAGER_MAX));
        }
    }
    if let Some(mode) = text_of(spec, "completionMode") {
        one_of(errors, &path.child("completionMode"), mode, &["NonIndexed", "Indexed"]);
    }
    match text_of(spec, "completionMode") {
        Some("Indexed") => indexed(errors, path, spec),
        None | Some("NonIndexed") => {
            for field in ["backoffLimitPerIndex", "maxFailedIndexes"] {
                if let Some(value) = int(spec, field) {
                    let detail = "requires indexed completion mode";
                    errors.push(FieldError::invalid(&path.child(field), value, detail));
                }
            }
        }
        Some(_) => {}
    }
    if let Some(policy) = some(spec, "podFailurePolicy") {
        failure_policy(errors, &path.child("podFailurePolicy"), spec, policy);
    }
    if let Some(policy) = some(spec, "successPolicy") {
        success_policy(errors, &path.child("successPolicy"), spec, policy);
    }
    if let Some(policy) = text_of(spec, "podReplacementPolicy") {
        let all = ["Failed", "TerminatingOrFailed"];
        let supported = if is_set(spec, "podFailurePolicy") { &all[..1] } else { &all[..] };
        one_of(errors, &path.child("podReplacementPolicy"), policy, supported);
    }
    let empty = Value::Null;
    let template = spec.get("template").unwrap_or(&empty);
    let template_path = path.child("template");
    pod::template(errors, &template_path, template);
    restart_policy(errors, &template_path.child("spec.restartPolicy"), spec, template);
}

fn restart_policy(errors: &mut Errors, path: &Path<'_>, spec: &Value, template: &Value) {
    match template.str_at(&["spec", "restartPolicy"]).unwrap_or_default() {
        "" | "Always" => {
            errors.push(FieldError::required(path, "valid values: \"OnFailure\", \"Never\""));
        }
        "Never" => {}
        "OnFailure" => {
            if is_set(spec, "podFailurePolicy") {
                let detail = "only \"Never\" is supported when podFailurePolicy is specified";
                errors.push(FieldError::invalid(path, "OnFailure", detail));
            }
        }
        other => errors.push(FieldError::not_supported(path, other, &["OnFailure", "Never"])),
    }
}

/// Bounds of Jobs whose completions are numbered.
fn indexed(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let (completions, parallel) = (int(spec, "completions"), int(spec, "parallelism"));
    let failed = int(spec, "maxFailedIndexes");
    if completions.is_none() {
        errors.push(FieldError::required(&path.child("completions"), "when completion mode is Indexed"));
    }
    let at_most = |errors: &mut Errors, field: &str, value: Option<i64>, max: i64, rest: &str| {
        if let Some(value) = value.filter(|value| *value > max) {
            let detail = format!("must be less than or equal to {max}{rest}");
            errors.push(FieldError::invalid(&path.child(field), value, detail));
        }
    };
    let mode = " when completion mode is Indexed";
    at_most(errors, "parallelism", parallel, INDEXED_PARALLELISM_MAX, mode);
    if let (Some(failed), Some(completions)) = (failed, completions)
        && failed > completions
    {
        let detail = "must be less than or equal to completions";
        errors.push(FieldError::invalid(&path.child("maxFailedIndexes"), failed, detail));
    }
    at_most(errors, "maxFailedIndexes", failed, FAILED_INDEXES_MAX, "");
    let many = completions.is_some_and(|completions| completions > COMPLETIONS_MANY);
    if many && is_set(spec, "backoffLimitPerIndex") {
        if failed.is_none() {
            let detail = format!("must be specified when completions is above {COMPLETIONS_MANY}");
            errors.push(FieldError::required(&path.child("maxFailedIndexes"), detail));
        }
        let rest =
            format!(" when completions are above {COMPLETIONS_MANY} and used with backoff limit per index");
        at_most(errors, "parallelism", parallel, PARALLELISM_MAX_OF_MANY, &rest);
        at_most(errors, "maxFailedIndexes", failed, FAILED_INDEXES_MAX_OF_MANY, &rest);
    }
}

/// A value that is required, with the words that list what it may be.
fn one_of_listed(errors: &mut Errors, path: &Path<'_>, value: &str, supported: &[&str]) {
    if value.is_empty() {
        let names: Vec<String> = supported.iter().map(|name| crate::field::quote(name)).collect();
        errors.push(FieldError::required(path, format!("valid values: [{}]", names.join(" "))));
    } else {
        one_of(errors, path, value, supported);
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
    for (at, rule) in rules.iter().enumerate() {
        let path = path.index(at);
        let action = text(rule, "action");
        let action_path = path.child("action");
        if action == "FailIndex" && !is_set(spec, "backoffLimitPerIndex") {
            let detail = "requires the backoffLimitPerIndex to be set";
            errors.push(FieldError::invalid(&action_path, action, detail));
        }
        one_of_listed(errors, &action_path, action, &["Count", "FailIndex", "FailJob", "Ignore"]);
        let conditions = list(rule, "onPodConditions");
        let codes = some(rule, "onExitCodes");
        if let Some(codes) = codes {
            exit_codes(errors, &path.child("onExitCodes"), codes, pod_spec);
        }
        pod_conditions(errors, &path.child("onPodConditions"), conditions);
        let detail = match (codes.is_some(), conditions.is_empty()) {
            (true, false) => "specifying both OnExitCodes and OnPodConditions is not supported",
            (false, true) => "specifying one of OnExitCodes and OnPodConditions is required",
            _ => continue,
        };
        errors.push(FieldError::invalid(&path, Shown::Omitted, detail));
    }
}

fn pod_conditions(errors: &mut Errors, path: &Path<'_>, conditions: &[Value]) {
    if conditions.len() > RULES_MAX {
        errors.push(FieldError::too_many(path, conditions.len(), RULES_MAX));
    }
    for (at, condition) in conditions.iter().enumerate() {
        let path = path.index(at);
        let kind = text(condition, "type");
        complain(errors, &path.child("type"), kind, name::qualified_name(kind));
        let status = text(condition, "status");
        one_of_listed(errors, &path.child("status"), status, &["False", "True", "Unknown"]);
    }
}

fn exit_codes(errors: &mut Errors, path: &Path<'_>, codes: &Value, pod_spec: &Value) {
    let operator = text(codes, "operator");
    one_of_listed(errors, &path.child("operator"), operator, &["In", "NotIn"]);
    if let Some(name) = text_of(codes, "containerName") {
        let known = ["containers", "initContainers"]
            .iter()
            .any(|field| list(pod_spec, field).iter().any(|container| text(container, "name") == name));
        if !known {
            let detail = "must be one of the container or initContainer names in the pod template";
            errors.push(FieldError::invalid(&path.child("containerName"), name, detail));
        }
    }
    let values: Vec<i64> = list(codes, "values").iter().filter_map(Value::as_i64).collect();
    let path = path.child("values");
    if values.is_empty() {
        errors.push(FieldError::invalid(&path, codes.get("values"), "at least one value is required"));
    } else if values.len() > EXIT_CODES_MAX {
        errors.push(FieldError::too_many(&path, values.len(), EXIT_CODES_MAX));
    }
    let mut seen = super::check::Seen::new();
    for (at, value) in values.iter().enumerate() {
        if *value == 0 && operator == "In" {
            let detail = "must not be 0 for the In operator";
            errors.push(FieldError::invalid(&path.index(at), *value, detail));
        }
        if !seen.insert(*value) {
            errors.push(FieldError::duplicate(&path.index(at), *value));
        }
    }
    if !values.is_sorted() {
        errors.push(FieldError::invalid(&path, codes.get("values"), "must be ordered"));
    }
}

fn success_policy(errors: &mut Errors, path: &Path<'_>, spec: &Value, policy: &Value) {
    if text(spec, "completionMode") != "Indexed" {
        errors.push(FieldError::invalid(path, policy, "requires indexed completion mode"));
        return;
    }
    let rules = list(policy, "rules");
    let path = path.child("rules");
    if rules.is_empty() {
        let detail = "at least one rules must be specified when the successPolicy is specified";
        errors.push(FieldError::required(&path, detail));
    } else if rules.len() > RULES_MAX {
        errors.push(FieldError::too_many(&path, rules.len(), RULES_MAX));
    }
    let completions = int(spec, "completions").unwrap_or_default();
    for (at, rule) in rules.iter().enumerate() {
        success_rule(errors, &path.index(at), rule, completions);
    }
}

/// Indexes as text, in bytes.
const INDEXES_MAX: usize = 64 * 1024;

fn success_rule(errors: &mut Errors, path: &Path<'_>, rule: &Value, completions: i64) {
    let indexes = text_of(rule, "succeededIndexes");
    if !is_set(rule, "succeededCount") && indexes.is_none() {
        let detail = "at least one of succeededCount or succeededIndexes must be specified";
        errors.push(FieldError::required(path, detail));
    }
    let mut total = 0;
    if let Some(indexes) = indexes {
        let path = path.child("succeededIndexes");
        if indexes.len() > INDEXES_MAX {
            errors.push(FieldError::too_long(&path, INDEXES_MAX));
        }
        match indexes::count(indexes, completions) {
            Ok(count) => total = count,
            Err(error) => {
                let detail = format!("error parsing succeededIndexes: {error}");
                errors.push(FieldError::invalid(&path, indexes, detail));
            }
        }
    }
    let Some(count) = int(rule, "succeededCount") else { return };
    let path = path.child("succeededCount");
    not_negative(errors, &path, count);
    if count > completions {
        let detail =
            format!("must be less than or equal to {completions} (the number of specified completions)");
        errors.push(FieldError::invalid(&path, count, detail));
    }
    if indexes.is_some() && count > total {
        let detail = format!(
            "must be less than or equal to {total} (the number of indexes in the specified succeededIndexes field)"
        );
        errors.push(FieldError::invalid(&path, count, detail));
    }
}

pub(super) fn job_update(errors: &mut Errors, new: &Value, old: &Value) {
    let empty = Value::Null;
    let (spec, before) = (new.get("spec").unwrap_or(&empty), old.get("spec").unwrap_or(&empty));
    let path = Path::new("spec");
    whole_spec(errors, &path, spec);
    let (completions, completions_before) = (spec.get("completions"), before.get("completions"));
    if text(spec, "completionMode") != "Indexed" {
        immutable(errors, &path.child("completions"), completions, completions_before);
    } else if let Some(count) = int(spec, "completions")
        && !same(completions, completions_before)
        && int(spec, "parallelism") != Some(count)
    {
        let detail = "can only be modified in tandem with spec.parallelism";
        errors.push(FieldError::invalid(&path.child("completions"), count, detail));
    }
    immutable(errors, &path.child("selector"), spec.get("selector"), before.get("selector"));
    template_update(errors, &path, spec, before, old);
    for field in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"]
    {
        immutable(errors, &path.child(field), spec.get(field), before.get(field));
    }
}

/// A suspended Job that has not started may get other scheduling directives.
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
        node_affinity(&mut template, before);
        let directives = ["nodeSelector", "tolerations", "schedulingGates"];
        restore(template.get_mut("spec"), before.get("spec"), &directives);
        restore(template.get_mut("metadata"), before.get("metadata"), &["annotations", "labels"]);
    }
    if !same(Some(&template), template_before) {
        let path = path.child("template");
        errors.push(FieldError::invalid(&path, spec.get("template"), IMMUTABLE));
    }
}

/// Of the affinity, what concerns nodes may change.
fn node_affinity(template: &mut Value, before: &Value) {
    let Some(spec) = template.get_mut("spec").and_then(Value::as_struct_mut) else { return };
    let affinity_before = before.path(&["spec", "affinity"]);
    let own = |affinity: &Value| affinity.get("nodeAffinity").cloned();
    let mut affinity = match (spec.get("affinity"), affinity_before) {
        (Some(affinity), _) => affinity.clone(),
        (None, Some(before)) => before.clone(),
        (None, None) => return,
    };
    let others = ["podAffinity", "podAntiAffinity"];
    let gone = spec.get("affinity").is_none();
    // Cleared as a whole only if there was nothing else.
    if gone && others.iter().any(|field| is_set(&affinity, field)) {
        return;
    }
    if let Some(fields) = affinity.as_struct_mut() {
        match affinity_before.and_then(own) {
            Some(node) => {
                fields.set("nodeAffinity", node);
            }
            None => {
                fields.remove("nodeAffinity");
            }
        }
    }
    if affinity_before.is_none() && affinity.is_zero() {
        spec.remove("affinity");
    } else {
        spec.set("affinity", affinity);
    }
}
