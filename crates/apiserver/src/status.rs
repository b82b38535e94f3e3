//! How requests fail: errors with the reason, code and details of Kubernetes' `Status`.
//!
//! Everything below HTTP returns [`ApiError`]; it becomes a response in one place.

use std::fmt;

/// A failure to be told to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status code.
    pub code: u16,
    /// `NotFound`, `Conflict`, … ; empty for none (`StatusReasonUnknown`).
    pub reason: &'static str,
    /// For people.
    pub message: String,
    /// `status.details`; `None` leaves it out.
    pub details: Option<Box<Details>>,
}

/// `status.details`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// The object's name.
    pub name: String,
    /// The API group.
    pub group: String,
    /// The resource (plural) or, for invalid objects, the kind.
    pub kind: String,
    /// The object's uid.
    pub uid: String,
    /// What exactly is wrong.
    pub causes: Vec<Cause>,
    /// Seconds after which a retry makes sense; 0 for none.
    pub retry_after_s: u32,
    /// `status.metadata.continue`: where an expired list can be continued, inconsistently; empty for none.
    pub continue_token: String,
}

/// `status.details.causes[]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cause {
    /// `FieldValueInvalid`, …
    pub reason: String,
    /// For people.
    pub message: String,
    /// Field path: `spec.containers[0].image`.
    pub field: String,
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}

fn qualified(group: &str, resource: &str) -> String {
    if group.is_empty() { resource.to_owned() } else { format!("{resource}.{group}") }
}

fn about(group: &str, kind: &str, name: &str) -> Option<Box<Details>> {
    Some(Box::new(Details {
        name: name.to_owned(),
        group: group.to_owned(),
        kind: kind.to_owned(),
        ..Details::default()
    }))
}

impl ApiError {
    /// 400: the request makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self { code: 400, reason: "BadRequest", message: message.into(), details: None }
    }

    /// 401: nobody we know.
    pub fn unauthorized() -> Self {
        Self { code: 401, reason: "Unauthorized", message: "Unauthorized".to_owned(), details: None }
    }

    /// 403: not allowed, with the reason.
    pub fn forbidden(group: &str, resource: &str, name: &str, why: impl fmt::Display) -> Self {
        let what = qualified(group, resource);
        let message = if name.is_empty() {
            format!("{what} is forbidden: {why}")
        } else {
            format!("{what} \"{name}\" is forbidden: {why}")
        };
        Self { code: 403, reason: "Forbidden", message, details: about(group, resource, name) }
    }

    /// 404: no such object.
    pub fn not_found(group: &str, resource: &str, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", qualified(group, resource));
        Self { code: 404, reason: "NotFound", message, details: about(group, resource, name) }
    }

    /// 404: no such path or resource.
    pub fn no_such_resource() -> Self {
        Self {
            code: 404,
            reason: "NotFound",
            message: "the server could not find the requested resource".to_owned(),
            details: Some(Box::default()),
        }
    }

    /// 409: the name is taken.
    pub fn already_exists(group: &str, resource: &str, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", qualified(group, resource));
        Self { code: 409, reason: "AlreadyExists", message, details: about(group, resource, name) }
    }

    /// 409: the object changed, or a precondition failed.
    pub fn conflict(group: &str, resource: &str, name: &str, why: impl fmt::Display) -> Self {
        let message =
            format!("Operation cannot be fulfilled on {} \"{name}\": {why}", qualified(group, resource));
        Self { code: 409, reason: "Conflict", message, details: about(group, resource, name) }
    }

    /// 409: the usual conflict of an update with an old resource version.
    pub fn modified(group: &str, resource: &str, name: &str) -> Self {
        let why =
            "the object has been modified; please apply your changes to the latest version and try again";
        Self::conflict(group, resource, name, why)
    }

    /// 410: the resource version is too old.
    pub fn expired(message: impl Into<String>) -> Self {
        Self { code: 410, reason: "Expired", message: message.into(), details: None }
    }

    /// 422: the object breaks rules; `causes` in the order found.
    pub fn invalid(group: &str, kind: &str, name: &str, causes: Vec<Cause>) -> Self {
        let all: Vec<String> = causes
            .iter()
            .map(|cause| {
                if cause.field.is_empty() {
                    cause.message.clone()
                } else {
                    format!("{}: {}", cause.field, cause.message)
                }
            })
            .collect();
        let list = match all.as_slice() {
            [one] => one.clone(),
            many => format!("[{}]", many.join(", ")),
        };
        let mut details = about(group, kind, name);
        if let Some(details) = &mut details {
            details.causes = causes;
        }
        let message = format!("{} \"{name}\" is invalid: {list}", qualified(group, kind));
        Self { code: 422, reason: "Invalid", message, details }
    }

    /// 405: the resource has no such verb.
    pub fn method_not_allowed() -> Self {
        Self {
            code: 405,
            reason: "MethodNotAllowed",
            message: "the server does not allow this method on the requested resource".to_owned(),
            details: Some(Box::default()),
        }
    }

    /// 406: none of the accepted media types can be made.
    pub fn not_acceptable(can: &[&str]) -> Self {
        let message = format!("only the following media types are accepted: {}", can.join(", "));
        Self { code: 406, reason: "NotAcceptable", message, details: None }
    }

    /// 413: the body is too large.
    pub fn too_large(message: impl Into<String>) -> Self {
        Self { code: 413, reason: "RequestEntityTooLarge", message: message.into(), details: None }
    }

    /// 415: the body's media type is unknown.
    pub fn unsupported_media_type(can: &[&str]) -> Self {
        let message = format!(
            "the body of the request was in an unknown format - accepted media types include: {}",
            can.join(", ")
        );
        Self { code: 415, reason: "UnsupportedMediaType", message, details: None }
    }

    /// 429: come back later.
    pub fn too_many_requests(message: impl Into<String>, retry_after_s: u32) -> Self {
        let details = Some(Box::new(Details { retry_after_s, ..Details::default() }));
        Self { code: 429, reason: "TooManyRequests", message: message.into(), details }
    }

    /// 500: our fault.
    pub fn internal(error: impl fmt::Display) -> Self {
        let cause = Cause { message: error.to_string(), ..Cause::default() };
        Self {
            code: 500,
            reason: "InternalError",
            message: format!("Internal error occurred: {error}"),
            details: Some(Box::new(Details { causes: vec![cause], ..Details::default() })),
        }
    }

    /// 503: not now.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self { code: 503, reason: "ServiceUnavailable", message: message.into(), details: None }
    }

    /// 504: it took too long.
    pub fn timeout(message: impl Into<String>) -> Self {
        Self { code: 504, reason: "Timeout", message: message.into(), details: None }
    }
}
