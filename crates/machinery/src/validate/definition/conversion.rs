//! How objects are converted between versions.

use mizzen_schema::value::Value;

use super::super::admission::client_config;
use super::super::check::{Errors, flag, list, required_one_of, some, text};
use crate::field::{FieldError, Path};
use crate::name;

const KNOWN: [&str; 2] = ["v1", "v1beta1"];

pub(super) fn check(errors: &mut Errors, path: &Path<'_>, spec: &Value, crd: &Value, old: Option<&Value>) {
    let Some(conversion) = some(spec, "conversion") else { return };
    let strategy = text(conversion, "strategy");
    if !matches!(strategy, "None" | "") && flag(spec, "preserveUnknownFields") == Some(true) {
        let detail = "must be None if spec.preserveUnknownFields is true";
        errors.push(FieldError::invalid(&path.child("strategy"), strategy, detail));
    }
    required_one_of(errors, &path.child("strategy"), strategy, &["None", "Webhook"]);
    let webhook = some(conversion, "webhook");
    let config = webhook.and_then(|webhook| some(webhook, "clientConfig"));
    let versions = webhook.map(|webhook| list(webhook, "conversionReviewVersions")).unwrap_or_default();
    if strategy != "Webhook" {
        let detail = "should not be set when strategy is not set to Webhook";
        if config.is_some() {
            errors.push(FieldError::forbidden(&path.child("webhookClientConfig"), detail));
        }
        if !versions.is_empty() {
            errors.push(FieldError::forbidden(&path.child("conversionReviewVersions"), detail));
        }
        return;
    }
    let place = path.child("webhookClientConfig");
    match config {
        None => {
            errors.push(FieldError::required(&place, "required when strategy is set to Webhook"));
        }
        Some(config) => client_config(errors, &place, Some(config)),
    }
    review_versions(errors, &path.child("conversionReviewVersions"), versions, old, crd);
}

fn review_versions(
    errors: &mut Errors,
    path: &Path<'_>,
    versions: &[Value],
    old: Option<&Value>,
    crd: &Value,
) {
    if versions.is_empty() {
        errors.push(FieldError::required(path, ""));
        return;
    }
    let names: Vec<&str> = versions.iter().filter_map(Value::as_str).collect();
    for (at, version) in names.iter().enumerate() {
        if names[..at].contains(version) {
            errors.push(FieldError::invalid(&path.index(at), *version, "duplicate version"));
            continue;
        }
        for complaint in name::dns_1035_label(version) {
            errors.push(FieldError::invalid(&path.index(at), *version, complaint));
        }
    }
    let own = ["spec", "conversion", "webhook", "conversionReviewVersions"];
    let before = old.and_then(|old| old.path(&own)).map(Value::items).unwrap_or_default();
    let knew =
        before.is_empty() || before.iter().any(|own| own.as_str().is_some_and(|own| KNOWN.contains(&own)));
    if knew && !names.iter().any(|version| KNOWN.contains(version)) {
        let detail = format!("must include at least one of {}", KNOWN.join(", "));
        errors.push(FieldError::invalid(path, crd.path(&own), detail));
    }
}
