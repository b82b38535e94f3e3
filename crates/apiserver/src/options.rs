//! Query options: read, and checked with Kubernetes' words.

use std::num::IntErrorKind;
use std::time::Duration;

use crate::cache::{Token, Version};
use crate::registry::Context;
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

pub(crate) fn number(text: &str) -> Result<i64, ApiError> {
    text.parse().map_err(|error: std::num::ParseIntError| {
        let why = match error.kind() {
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "value out of range",
            _ => "invalid syntax",
        };
        ApiError::bad_request(format!("strconv.ParseInt: parsing {text:?}: {why}"))
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
                "limit" => options.limit = usize::try_from(number(&value)?).unwrap_or(0),
                "timeoutSeconds" => {
                    let seconds = u64::try_from(number(&value)?).unwrap_or(0);
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
                other => causes.push(unsupported_match(other, "\"Exact\", \"NotOlderThan\", \"\"")),
            }
        }
        if self.send_initial_events.is_some() {
            causes.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
        }
        invalid_options(causes)
    }

    /// Checks the options of a watch.
    pub(crate) fn check_watch(&self) -> Result<(), ApiError> {
        let mut causes = Vec::new();
        let field = "resourceVersionMatch";
        let not_older = self.resource_version_match == "NotOlderThan";
        if self.send_initial_events.is_some() && !not_older {
            let why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
            causes.push(forbidden(field, why));
        }
        if !self.resource_version_match.is_empty() {
            if self.send_initial_events.is_none() {
                let why = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
                causes.push(forbidden(field, why));
            }
            if !not_older {
                causes.push(unsupported_match(&self.resource_version_match, "\"NotOlderThan\""));
            }
            if !self.continue_token.is_empty() {
                causes.push(forbidden(field, "resourceVersionMatch is forbidden when continue is provided"));
            }
        }
        invalid_options(causes)
    }

    /// At which revision a list reads.
    pub(crate) fn version(&self, context: &Context<'_>) -> Result<Version, ApiError> {
        self.version_or(|why| invalid_version(context, why))
    }

    pub(crate) fn version_or(&self, invalid: impl FnOnce(String) -> ApiError) -> Result<Version, ApiError> {
        let revision = self.number_of_version().map_err(invalid)?;
        if !self.continue_token.is_empty() {
            if revision.is_some_and(|revision| revision > 0) {
                return Err(ApiError::bad_request(
                    "specifying resource version is not allowed when using continue",
                ));
            }
            return Token::parse(&self.continue_token).map(Version::Continue).map_err(ApiError::bad_request);
        }
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
    pub(crate) fn revision(&self, context: &Context<'_>) -> Result<Option<u64>, ApiError> {
        self.number_of_version().map_err(|why| invalid_version(context, why))
    }

    fn number_of_version(&self) -> Result<Option<u64>, String> {
        let text = &self.resource_version;
        if text.is_empty() {
            return Ok(None);
        }
        let fine = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| fine).map(Some).ok_or_else(|| {
            let why = if fine { "value out of range" } else { "invalid syntax" };
            format!("Invalid value: {text:?}: strconv.ParseUint: parsing {text:?}: {why}")
        })
    }
}

/// The 422 for a resourceVersion that is no number.
fn invalid_version(context: &Context<'_>, message: String) -> ApiError {
    let causes = vec![cause("FieldValueInvalid", "resourceVersion", message)];
    ApiError::invalid(context.group(), &context.target.resource, &context.target.name, causes)
}

fn unsupported_match(given: &str, supported: &str) -> Cause {
    let message = format!("Unsupported value: {given:?}: supported values: {supported}");
    cause("FieldValueNotSupported", "resourceVersionMatch", message)
}

fn invalid_options(causes: Vec<Cause>) -> Result<(), ApiError> {
    if causes.is_empty() {
        return Ok(());
    }
    Err(ApiError::invalid("meta.k8s.io", "ListOptions", "", causes))
}

/// What is wrong with `dryRun` as a query or a body gives it: it is `All`, or absent.
pub(crate) fn check_dry_run(values: &[String]) -> Option<Cause> {
    if values.iter().all(|value| value == "All") {
        return None;
    }
    let shown: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
    let message = format!("Unsupported value: [{}]: supported values: \"All\"", shown.join(","));
    Some(cause("FieldValueNotSupported", "dryRun", message))
}

impl WriteOptions {
    /// Reads the query of a write; `kind` is the options' kind (`PatchOptions`), for messages.
    pub(crate) fn parse(query: &str, kind: &str) -> Result<Self, ApiError> {
        let mut options = Self::default();
        let mut dry_run = Vec::new();
        let mut validation = None;
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
                        let supported = "supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"";
                        let message = format!("Unsupported value: {other:?}: {supported}");
                        validation = Some(cause("FieldValueNotSupported", "fieldValidation", message));
                    }
                },
                _ => {}
            }
        }
        options.dry_run = !dry_run.is_empty();
        let mut causes = check_manager(&options.field_manager);
        causes.extend(check_dry_run(&dry_run));
        causes.extend(validation);
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
    for (at, odd) in name.char_indices().filter(|(_, letter)| !is_printable(*letter)) {
        let value = mizzen_machinery::field::quote(name);
        let letter = u32::from(odd);
        let message = format!("Invalid value: {value}: invalid character U+{letter:04X} (at position {at})");
        causes.push(cause("FieldValueInvalid", "fieldManager", message));
    }
    causes
}

/// Letters, marks, numbers, punctuation, symbols, and of all spaces the plain one (Go's `unicode.IsPrint`).
fn is_printable(letter: char) -> bool {
    let formats = matches!(letter,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    letter == ' ' || !(letter.is_control() || letter.is_whitespace() || formats)
}

/// The field manager of a client that names none: its user agent's first part.
pub(crate) fn manager_from_agent(agent: &str) -> String {
    let first = agent.split('/').next().unwrap_or_default();
    let mut name: String =
        first.chars().filter(|letter| is_printable(*letter)).take(MANAGER_LEN_MAX).collect();
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
        options.version_or(ApiError::bad_request).map_err(|error| error.message)
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
        refused("resourceVersion=-1", "invalid syntax");
        refused("resourceVersion=99999999999999999999", "value out of range");
        refused("resourceVersion=a&continue=a", "Invalid value: \"a\"");
        refused("continue=a", "continue key is not valid");
        refused("continue=a&resourceVersion=0", "continue key is not valid");
        refused("continue=a&resourceVersion=7", "not allowed when using continue");
        refused(
            "continue=a&resourceVersion=7&resourceVersionMatch=Exact",
            "forbidden when continue is provided",
        );
        refused("limit=x", "strconv.ParseInt: parsing \"x\": invalid syntax");
        refused("limit=99999999999999999999", "value out of range");
        refused("sendInitialEvents=true", "forbidden for list");
    }

    #[test]
    fn watches_take_matches_with_initial_events_only() {
        let check = |query: &str, expect: &str| {
            let options = ListOptions::parse(query).expect("well-formed");
            let error = options.check_watch().map_err(|error| error.message).err().unwrap_or_default();
            let expect = match expect {
                "" => String::new(),
                words => format!("ListOptions.meta.k8s.io \"\" is invalid: {words}"),
            };
            assert_eq!(error, expect, "{query}");
        };
        let unless = "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless \
                      sendInitialEvents is provided";
        let requires = "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
        let values = |given: &str| {
            format!(
                "resourceVersionMatch: Unsupported value: \"{given}\": supported values: \"NotOlderThan\""
            )
        };
        check("", "");
        check("sendInitialEvents=true&resourceVersionMatch=NotOlderThan", "");
        check("sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=5", "");
        check("resourceVersionMatch=NotOlderThan", unless);
        check("resourceVersionMatch=Exact", &format!("[{unless}, {}]", values("Exact")));
        check("sendInitialEvents=true", requires);
        check(
            "sendInitialEvents=true&resourceVersionMatch=Exact",
            &format!("[{requires}, {}]", values("Exact")),
        );
    }

    #[test]
    fn write_options_are_strict() {
        let parse = |query: &str| WriteOptions::parse(query, "CreateOptions").map_err(|error| error.message);
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
        let all = "[fieldManager: Invalid value: \"a\\n\": invalid character U+000A (at position 1), \
                   dryRun: Unsupported value: [\"All\",\"x\"]: supported values: \"All\", \
                   fieldValidation: Unsupported value: \"y\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"]";
        assert_eq!(
            parse("dryRun=All&dryRun=x&fieldManager=a%0A&fieldValidation=y"),
            Err(format!("CreateOptions.meta.k8s.io \"\" is invalid: {all}"))
        );
        assert!(parse("fieldManager=%C3%A9%20x").is_ok());
    }
}
