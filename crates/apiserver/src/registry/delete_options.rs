//! `DeleteOptions`: from a body or from the query.

use mizzen_schema::value::Value;

use super::{Payload, PayloadError};
use crate::options::{FieldValidation, check_dry_run, truth};
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
        Self::from_query(query)?.check()
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
        Self::from_value(&value)?.check()
    }

    fn from_query(query: &str) -> Result<Self, ApiError> {
        let mut options = Self::default();
        let mut dry_run = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "dryRun" => dry_run.push(value.into_owned()),
                "gracePeriodSeconds" => {
                    let seconds = value.parse().map_err(|_| {
                        let words = format!("strconv.ParseInt: parsing {value:?}: invalid syntax");
                        ApiError::bad_request(words)
                    })?;
                    options.grace_period_s = Some(seconds);
                }
                "orphanDependents" => options.orphan_dependents = Some(truth(&value)),
                "propagationPolicy" => options.propagation = propagation(&value)?,
                _ => {}
            }
        }
        options.dry_run = check_dry_run(KIND, &dry_run)?;
        Ok(options)
    }

    /// Reads the tree of `DeleteOptions`.
    pub(crate) fn from_value(value: &Value) -> Result<Self, ApiError> {
        let dry_run: Vec<String> = tree::texts(value, &["dryRun"]).into_iter().map(str::to_owned).collect();
        let precondition = |member| value.str_at(&["preconditions", member]).map(str::to_owned);
        Ok(Self {
            grace_period_s: tree::int(value, &["gracePeriodSeconds"]),
            orphan_dependents: value.get("orphanDependents").and_then(Value::as_bool),
            propagation: propagation(value.str_at(&["propagationPolicy"]).unwrap_or_default())?,
            uid: precondition("uid"),
            resource_version: precondition("resourceVersion"),
            dry_run: check_dry_run(KIND, &dry_run)?,
        })
    }

    fn check(self) -> Result<Self, ApiError> {
        if self.orphan_dependents.is_some() && self.propagation.is_some() {
            let shown = format!("{:?}", self.propagation.unwrap_or(Propagation::Background));
            let words = "orphanDependents and deletionPropagation cannot be both set";
            return Err(invalid("propagationPolicy", format!("Invalid value: {shown:?}: {words}")));
        }
        Ok(self)
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

fn invalid(field: &str, message: String) -> ApiError {
    let cause = Cause { reason: "FieldValueInvalid".to_owned(), message, field: field.to_owned() };
    ApiError::invalid("meta.k8s.io", KIND, "", vec![cause])
}

fn propagation(text: &str) -> Result<Option<Propagation>, ApiError> {
    match text {
        "" => Ok(None),
        "Orphan" => Ok(Some(Propagation::Orphan)),
        "Background" => Ok(Some(Propagation::Background)),
        "Foreground" => Ok(Some(Propagation::Foreground)),
        other => {
            let supported = "supported values: \"Background\", \"Foreground\", \"Orphan\"";
            let cause = Cause {
                reason: "FieldValueNotSupported".to_owned(),
                message: format!("Unsupported value: {other:?}: {supported}"),
                field: "propagationPolicy".to_owned(),
            };
            Err(ApiError::invalid("meta.k8s.io", KIND, "", vec![cause]))
        }
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
}
