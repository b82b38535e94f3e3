//! How a webhook is reached.

use mizzen_schema::value::Value;

use super::super::check::{Errors, int, some, text, text_of};
use crate::field::{FieldError, Path};
use crate::name;

/// How a webhook is reached: by URL, or by service.
pub(in super::super) fn client_config(errors: &mut Errors, path: &Path<'_>, config: Option<&Value>) {
    let config = config.unwrap_or(&Value::Null);
    match (text_of(config, "url"), some(config, "service")) {
        (Some(url), None) => webhook_url(errors, &path.child("url"), url),
        (None, Some(service)) => webhook_service(errors, &path.child("service"), service),
        _ => errors.push(FieldError::required(path, "exactly one of url or service is required")),
    }
}

const FORM: &str = "; desired format: https://host[/path]";

/// The parts of a URL: scheme, user, host, query and fragment.
pub(super) fn webhook_url(errors: &mut Errors, path: &Path<'_>, url: &str) {
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let is_scheme = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    let (scheme, rest) = match rest.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
        _ => (String::new(), rest),
    };
    let authority = rest.strip_prefix("//").map(|rest| rest.split('/').next().unwrap_or_default());
    let (user, host) = match authority.unwrap_or_default().rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority.unwrap_or_default()),
    };
    if url.bytes().any(|byte| byte.is_ascii_control()) {
        let detail = format!(
            "url must be a valid URL: parse {url:?}: net/url: invalid control character in URL{FORM}"
        );
        errors.push(FieldError::required(path, detail));
        return;
    }
    if scheme != "https" {
        let detail = format!("'https' is the only allowed URL scheme{FORM}");
        errors.push(FieldError::invalid(path, &scheme, detail));
    }
    if host.is_empty() {
        errors.push(FieldError::invalid(path, host, format!("host must be specified{FORM}")));
    }
    if let Some(user) = user {
        errors.push(FieldError::invalid(path, user, "user information is not permitted in the URL"));
    }
    if !fragment.is_empty() {
        errors.push(FieldError::invalid(path, fragment, "fragments are not permitted in the URL"));
    }
    if !query.is_empty() {
        errors.push(FieldError::invalid(path, query, "query parameters are not permitted in the URL"));
    }
}

pub(super) fn webhook_service(errors: &mut Errors, path: &Path<'_>, service: &Value) {
    // The first argument is checked as the other one, as Kubernetes has it.
    if text(service, "namespace").is_empty() {
        errors.push(FieldError::required(&path.child("name"), ""));
    }
    if text(service, "name").is_empty() {
        errors.push(FieldError::required(&path.child("namespace"), ""));
    }
    let port = int(service, "port").unwrap_or(443);
    let complaints = name::port_number(port);
    if !complaints.is_empty() {
        let detail = format!("port is not valid: {}", complaints.join(", "));
        errors.push(FieldError::invalid(&path.child("port"), port, detail));
    }
    let path = path.child("path");
    match text(service, "path") {
        "" | "/" => {}
        "//" => errors.push(FieldError::invalid(&path, "//", "segment[0] may not be empty")),
        url => {
            if !url.starts_with('/') {
                errors.push(FieldError::invalid(&path, url, "must start with a '/'"));
            }
            // The first character counts as the slash, whatever it is.
            let mut rest = url.chars();
            rest.next();
            let rest = rest.as_str();
            for (at, step) in rest.strip_suffix('/').unwrap_or(rest).split('/').enumerate() {
                if step.is_empty() {
                    let detail = format!("segment[{at}] may not be empty");
                    errors.push(FieldError::invalid(&path, url, detail));
                    continue;
                }
                for complaint in name::dns_1123_subdomain(step) {
                    errors.push(FieldError::invalid(&path, url, format!("segment[{at}]: {complaint}")));
                }
            }
        }
    }
}
