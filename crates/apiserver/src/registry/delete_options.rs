//! `DeleteOptions`: from a body or from the query.

use mizzen_machinery::field::quote;
use mizzen_schema::value::Value;

use super::{Payload, PayloadError};
use crate::options::{FieldValidation, check_dry_run, number, truth};
use crate::status::{ApiError, Cause};
use crate::tree;

/// How an object is to be deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DeleteOptions {
    pub(crate) grace_period_s: Option<i64>,
    pub(crate) orphan_dependents: Option<bool>,
    pub(crate) propagation: Option<Propagation>,
    pub(crate) uid: Option<String>,
    pub(crate) resource_version: Option<String>,
    pub(crate) dry_run: bool,
}

/// What happens to dependents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Propagation {
    Orphan,
    Background,
    Foreground,
}

const KIND: &str = "DeleteOptions";
const TYPE: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";

impl DeleteOptions {
    /// What a query says, where there is no body.
    pub(crate) fn of_query(query: &str) -> Result<Self, ApiError> {
        Self::from_query(query)
    }

    /// What a body says.
    pub(crate) fn of_body(payload: &Payload) -> Result<Self, ApiError> {
        let value = payload
            .read(&tree::builtin_type(TYPE), FieldValidation::Ignore, &mut Vec::new())
            .map_err(|error| match error {
                PayloadError::Decode(error) => ApiError::bad_request(error.to_string()),
                PayloadError::Strict(complaints) => ApiError::bad_request(complaints.join(", ")),
            })?;
        if let Some(kind) = value.str_at(&["kind"]).filter(|kind| !matches!(*kind, "" | KIND)) {
            let message = format!("decoded object cannot be converted to DeleteOptions: {kind}");
            return Err(ApiError::bad_request(message));
        }
        Self::from_value(&value)
    }

    fn from_query(query: &str) -> Result<Self, ApiError> {
        let mut options = Self::default();
        let (mut dry_run, mut policy) = (Vec::new(), None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "dryRun" => dry_run.push(value.into_owned()),
                "gracePeriodSeconds" => {
                    options.grace_period_s = Some(number(&value)?);
                }
                "orphanDependents" => options.orphan_dependents = Some(truth(&value)),
                "propagationPolicy" => policy = Some(value.into_owned()),
                _ => {}
            }
        }
        options.checked(policy.as_deref(), &dry_run)
    }

    /// Reads the tree of `DeleteOptions`.
    pub(crate) fn from_value(value: &Value) -> Result<Self, ApiError> {
        let dry_run: Vec<String> = tree::texts(value, &["dryRun"]).into_iter().map(str::to_owned).collect();
        let precondition = |member| value.str_at(&["preconditions", member]).map(str::to_owned);
        let options = Self {
            grace_period_s: tree::int(value, &["gracePeriodSeconds"]),
            orphan_dependents: value.get("orphanDependents").and_then(Value::as_bool),
            uid: precondition("uid"),
            resource_version: precondition("resourceVersion"),
            ..Self::default()
        };
        options.checked(value.str_at(&["propagationPolicy"]), &dry_run)
    }

    /// The options with these texts in them, if everything fits together.
    fn checked(mut self, policy: Option<&str>, dry_run: &[String]) -> Result<Self, ApiError> {
        let field = "propagationPolicy";
        let cause = |reason: &str, message| Cause { reason: reason.into(), message, field: field.into() };
        let mut causes = Vec::new();
        if let Some(policy) = policy {
            let shown = quote(policy);
            if self.orphan_dependents.is_some() {
                let words = "orphanDependents and deletionPropagation cannot be both set";
                causes.push(cause("FieldValueInvalid", format!("Invalid value: {shown}: {words}")));
            }
            self.propagation = propagation(policy);
            if self.propagation.is_none() {
                let supported = "\"Foreground\", \"Background\", \"Orphan\", \"nil\"";
                let message = format!("Unsupported value: {shown}: supported values: {supported}");
                causes.push(cause("FieldValueNotSupported", message));
            }
        }
        causes.extend(check_dry_run(dry_run));
        self.dry_run = !dry_run.is_empty();
        if causes.is_empty() { Ok(self) } else { Err(ApiError::invalid("meta.k8s.io", KIND, "", causes)) }
    }

    /// The finalizers that an object deleted this way has.
    pub(super) fn finalizers(&self, present: &[String], orphan_by_default: bool) -> Vec<String> {
        let had = |name: &str| present.iter().any(|own| own == name);
        let policy = match (self.orphan_dependents, self.propagation) {
            (Some(true), _) => Propagation::Orphan,
            (Some(false), _) => Propagation::Background,
            (None, Some(policy)) => policy,
            (None, None) if had(ORPHAN) => Propagation::Orphan,
            (None, None) if had(FOREGROUND) => Propagation::Foreground,
            (None, None) if orphan_by_default => Propagation::Orphan,
            (None, None) => Propagation::Background,
        };
        let mut next: Vec<String> =
            present.iter().filter(|own| !matches!(own.as_str(), ORPHAN | FOREGROUND)).cloned().collect();
        match policy {
            Propagation::Orphan => next.push(ORPHAN.to_owned()),
            Propagation::Foreground => next.push(FOREGROUND.to_owned()),
            Propagation::Background => {}
        }
        next
    }
}

const ORPHAN: &str = "orphan";
const FOREGROUND: &str = "foregroundDeletion";

fn propagation(text: &str) -> Option<Propagation> {
    match text {
        "Orphan" => Some(Propagation::Orphan),
        "Background" => Some(Propagation::Background),
        "Foreground" => Some(Propagation::Foreground),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn propagation_becomes_finalizers() {
        let check = |options: DeleteOptions, present: &[&str], expect: &[&str]| {
            let present: Vec<String> = present.iter().map(|own| (*own).to_owned()).collect();
            assert_eq!(options.finalizers(&present, false), expect, "{options:?} {present:?}");
        };
        let with = |propagation| DeleteOptions { propagation: Some(propagation), ..DeleteOptions::default() };
        check(DeleteOptions::default(), &["a"], &["a"]);
        check(DeleteOptions::default(), &["orphan"], &["orphan"]);
        check(with(Propagation::Background), &["a", "orphan", "foregroundDeletion"], &["a"]);
        check(with(Propagation::Foreground), &["orphan"], &["foregroundDeletion"]);
        check(with(Propagation::Orphan), &["a", "foregroundDeletion"], &["a", "orphan"]);
        let orphan = DeleteOptions { orphan_dependents: Some(true), ..DeleteOptions::default() };
        check(orphan, &[], &["orphan"]);
    }

    #[test]
    fn options_are_checked_together() {
        let check = |query: &str, expect: &str| {
            let parsed = DeleteOptions::of_query(query);
            let error = parsed.expect_err(query).message;
            assert_eq!(error, format!("DeleteOptions.meta.k8s.io \"\" is invalid: {expect}"), "{query}");
        };
        let supported = "supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\"";
        check("propagationPolicy=x", &format!("propagationPolicy: Unsupported value: \"x\": {supported}"));
        check(
            "propagationPolicy=Orphan&orphanDependents=true",
            "propagationPolicy: Invalid value: \"Orphan\": orphanDependents and deletionPropagation cannot be both set",
        );
        check("dryRun=x", "dryRun: Unsupported value: [\"x\"]: supported values: \"All\"");
        let bad = DeleteOptions::of_query("gracePeriodSeconds=x");
        assert_eq!(bad.expect_err("no number").message, "strconv.ParseInt: parsing \"x\": invalid syntax");
    }
}
