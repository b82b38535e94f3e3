//! Query options: read, and checked with Kubernetes' words.

use std::time::Duration;

use crate::cache::{Token, Version};
use crate::status::{ApiError, Cause};

/// A truth as Kubernetes reads it from a query: anything but `false` and `0`.
pub(crate) fn truth(text: &str) -> bool {
    !matches!(text.to_ascii_lowercase().as_str(), "false" | "0")
}

/// Options of get, list, watch and deletecollection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ListOptions {
    pub(crate) label_selector: String,
    pub(crate) field_selector: String,
    pub(crate) watch: bool,
    pub(crate) allow_watch_bookmarks: bool,
    pub(crate) send_initial_events: Option<bool>,
    pub(crate) resource_version: String,
    pub(crate) resource_version_match: String,
    pub(crate) timeout: Option<Duration>,
    pub(crate) limit: usize,
    pub(crate) continue_token: String,
}

/// Whether unknown and duplicate fields of a body are ignored, warned of, or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum FieldValidation {
    Ignore,
    #[default]
    Warn,
    Strict,
}

/// Options of create, update and patch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct WriteOptions {
    pub(crate) dry_run: bool,
    pub(crate) field_manager: String,
    pub(crate) field_validation: FieldValidation,
    pub(crate) force: Option<bool>,
}

/// A cause of an invalid option.
fn cause(reason: &str, field: &str, message: String) -> Cause {
    Cause { reason: reason.to_owned(), message, field: field.to_owned() }
}

fn forbidden(field: &str, why: &str) -> Cause {
    cause("FieldValueForbidden", field, format!("Forbidden: {why}"))
}

fn number(name: &str, text: &str) -> Result<i64, ApiError> {
    text.parse().map_err(|_| {
        ApiError::bad_request(format!("{name}: strconv.ParseInt: parsing {text:?}: invalid syntax"))
    })
}

impl ListOptions {
    /// Reads the query of a get, list, watch or deletecollection.
    pub(crate) fn parse(query: &str) -> Result<Self, ApiError> {
        let mut options = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "labelSelector" => options.label_selector = value.into_owned(),
                "fieldSelector" => options.field_selector = value.into_owned(),
                "watch" => options.watch = truth(&value),
                "allowWatchBookmarks" => options.allow_watch_bookmarks = truth(&value),
                "sendInitialEvents" => options.send_initial_events = Some(truth(&value)),
                "resourceVersion" => options.resource_version = value.into_owned(),
                "resourceVersionMatch" => options.resource_version_match = value.into_owned(),
                "continue" => options.continue_token = value.into_owned(),
                "limit" => options.limit = usize::try_from(number("limit", &value)?).unwrap_or(0),
                "timeoutSeconds" => {
                    let seconds = u64::try_from(number("timeoutSeconds", &value)?).unwrap_or(0);
                    options.timeout = (seconds > 0).then(|| Duration::from_secs(seconds));
                }
                _ => {}
            }
        }
        Ok(options)
    }

    /// Checks the options of a list (also of a watch's list half).
    pub(crate) fn check_list(&self) -> Result<(), ApiError> {
        let mut causes = Vec::new();
        let field = "resourceVersionMatch";
        if self.send_initial_events.is_some() {
            causes.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }
        if !self.resource_version_match.is_empty() {
            if self.resource_version.is_empty() {
                let why = "resourceVersionMatch is forbidden unless resourceVersion is provided";
                causes.push(forbidden(field, why));
            }
            if !self.continue_token.is_empty() {
                causes.push(forbidden(field, "resourceVersionMatch is forbidden when continue is provided"));
            }
            match self.resource_version_match.as_str() {
                "NotOlderThan" => {}
                "Exact" if self.resource_version == "0" => {
                    let why = "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"";
                    causes.push(forbidden(field, why));
                }
                "Exact" => {}
                other => causes.push(unsupported_match(other)),
            }
        }
        invalid_options(causes)
    }

    /// Checks the options of a watch.
    pub(crate) fn check_watch(&self) -> Result<(), ApiError> {
        let mut causes = Vec::new();
        let field = "resourceVersionMatch";
        match (self.send_initial_events, self.resource_version_match.as_str()) {
            (None, "") => {}
            (None, _) => {
                let why = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
                causes.push(forbidden(field, why));
            }
            (Some(_), "NotOlderThan") => {}
            (Some(_), "") => {
                let why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
                causes.push(forbidden(field, why));
            }
            (Some(_), other) => causes.push(cause(
                "FieldValueNotSupported",
                field,
                format!("Unsupported value: {other:?}: supported values: \"NotOlderThan\""),
            )),
        }
        invalid_options(causes)
    }

    /// At which revision a list reads.
    pub(crate) fn version(&self) -> Result<Version, ApiError> {
        if !self.continue_token.is_empty() {
            if !self.resource_version.is_empty() && self.resource_version != "0" {
                return Err(ApiError::bad_request(
                    "specifying resource version is not allowed when using continue",
                ));
            }
            return Token::parse(&self.continue_token).map(Version::Continue).map_err(ApiError::bad_request);
        }
        let revision = self.revision()?;
        Ok(match (revision, self.resource_version_match.as_str()) {
            (None, _) => Version::MostRecent,
            (Some(0), _) => Version::Any,
            (Some(revision), "Exact") => Version::Exact(revision),
            // A limited list at a revision is exact, as it always was.
            (Some(revision), "") if self.limit > 0 => Version::Exact(revision),
            (Some(revision), _) => Version::NotOlderThan(revision),
        })
    }

    /// The number in resourceVersion; `None` when it is not given.
    pub(crate) fn revision(&self) -> Result<Option<u64>, ApiError> {
        if self.resource_version.is_empty() {
            return Ok(None);
        }
        self.resource_version.parse().map(Some).map_err(|_| {
            let text = &self.resource_version;
            let causes = vec![cause(
                "FieldValueInvalid",
                "resourceVersion",
                format!("Invalid value: {text:?}: strconv.ParseUint: parsing {text:?}: invalid syntax"),
            )];
            ApiError::invalid("meta.k8s.io", "ListOptions", "", causes)
        })
    }
}

fn unsupported_match(other: &str) -> Cause {
    let supported = "supported values: \"Exact\", \"NotOlderThan\", \"\"";
    cause(
        "FieldValueNotSupported",
        "resourceVersionMatch",
        format!("Unsupported value: {other:?}: {supported}"),
    )
}

fn invalid_options(causes: Vec<Cause>) -> Result<(), ApiError> {
    if causes.is_empty() {
        return Ok(());
    }
    Err(ApiError::invalid("meta.k8s.io", "ListOptions", "", causes))
}

/// `dryRun` as a query or a body gives it: `All`, once, or nothing.
pub(crate) fn check_dry_run(kind: &str, values: &[String]) -> Result<bool, ApiError> {
    if let Some(other) = values.iter().find(|value| *value != "All") {
        let message = format!("Unsupported value: {other:?}: supported values: \"All\"");
        let causes = vec![cause("FieldValueNotSupported", "dryRun", message)];
        return Err(ApiError::invalid("meta.k8s.io", kind, "", causes));
    }
    Ok(!values.is_empty())
}

impl WriteOptions {
    /// Reads the query of a write; `kind` is the options' kind (`PatchOptions`), for messages.
    pub(crate) fn parse(query: &str, kind: &str) -> Result<Self, ApiError> {
        let mut options = Self::default();
        let mut dry_run = Vec::new();
        let mut causes = Vec::new();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "dryRun" => dry_run.push(value.into_owned()),
                "fieldManager" => options.field_manager = value.into_owned(),
                "force" => options.force = Some(truth(&value)),
                "fieldValidation" => match &*value {
                    "" | "Warn" => options.field_validation = FieldValidation::Warn,
                    "Ignore" => options.field_validation = FieldValidation::Ignore,
                    "Strict" => options.field_validation = FieldValidation::Strict,
                    other => {
                        let supported = "supported values: \"Ignore\", \"Strict\", \"Warn\"";
                        let message = format!("Unsupported value: {other:?}: {supported}");
                        causes.push(cause("FieldValueNotSupported", "fieldValidation", message));
                    }
                },
                _ => {}
            }
        }
        options.dry_run = check_dry_run(kind, &dry_run)?;
        causes.extend(check_manager(&options.field_manager));
        if causes.is_empty() { Ok(options) } else { Err(ApiError::invalid("meta.k8s.io", kind, "", causes)) }
    }
}

/// Longest name of a field manager.
const MANAGER_LEN_MAX: usize = 128;

fn check_manager(name: &str) -> Vec<Cause> {
    let mut causes = Vec::new();
    if name.len() > MANAGER_LEN_MAX {
        let message = format!("Too long: may not be more than {MANAGER_LEN_MAX} bytes");
        causes.push(cause("FieldValueTooLong", "fieldManager", message));
    }
    if let Some(odd) = name.chars().find(|letter| letter.is_control()) {
        let message =
            format!("Invalid value: {name:?}: should only contain printable characters, found {odd:?}");
        causes.push(cause("FieldValueInvalid", "fieldManager", message));
    }
    causes
}

/// The field manager of a client that names none: its user agent's first part.
pub(crate) fn manager_from_agent(agent: &str) -> String {
    let first = agent.split('/').next().unwrap_or_default();
    let mut name: String =
        first.chars().filter(|letter| !letter.is_control()).take(MANAGER_LEN_MAX).collect();
    while name.len() > MANAGER_LEN_MAX {
        name.pop();
    }
    if name.is_empty() { "unknown".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(query: &str) -> Result<Version, String> {
        let options = ListOptions::parse(query).map_err(|error| error.message)?;
        options.check_list().map_err(|error| error.message)?;
        options.version().map_err(|error| error.message)
    }

    #[test]
    fn all_combinations_of_resource_version_and_match() {
        let check = |query: &str, expect| assert_eq!(version(query), Ok(expect), "{query}");
        check("", Version::MostRecent);
        check("limit=5", Version::MostRecent);
        check("resourceVersion=0", Version::Any);
        check("resourceVersion=0&resourceVersionMatch=NotOlderThan", Version::Any);
        check("resourceVersion=7", Version::NotOlderThan(7));
        check("resourceVersion=7&limit=5", Version::Exact(7));
        check("resourceVersion=7&limit=5&resourceVersionMatch=NotOlderThan", Version::NotOlderThan(7));
        check("resourceVersion=7&resourceVersionMatch=Exact", Version::Exact(7));
        let refused = |query: &str, words: &str| {
            let error = version(query).expect_err(query);
            assert!(error.contains(words), "{query}: {error}");
        };
        refused("resourceVersionMatch=Exact", "forbidden unless resourceVersion is provided");
        refused("resourceVersion=0&resourceVersionMatch=Exact", "is forbidden for resourceVersion \"0\"");
        refused(
            "resourceVersion=1&resourceVersionMatch=x",
            "supported values: \"Exact\", \"NotOlderThan\", \"\"",
        );
        refused("resourceVersion=a", "invalid syntax");
        refused("continue=a", "continue key is not valid");
        refused("sendInitialEvents=true", "forbidden for list");
    }

    #[test]
    fn write_options_are_strict() {
        let parse = |query| WriteOptions::parse(query, "CreateOptions").map_err(|error| error.message);
        assert!(
            parse("dryRun=All&fieldManager=a&fieldValidation=Strict").is_ok_and(|options| options.dry_run)
        );
        for query in [
            "dryRun=x",
            "fieldValidation=x",
            "fieldManager=%00",
            &format!("fieldManager={}", "a".repeat(129)),
        ] {
            assert!(parse(query).is_err(), "{query}");
        }
    }
}
