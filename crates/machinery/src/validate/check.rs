//! Small checks that rules are made of, and short ways to a tree's members.

use std::collections::BTreeSet;

use mizzen_schema::value::{Map, Value};

use crate::field::{FieldError, Path, Shown};
use crate::name;
use crate::quantity::Quantity;

/// What was found wrong, in the order found.
pub(super) type Errors = Vec<FieldError>;

pub(super) const IMMUTABLE: &str = "field is immutable";
pub(super) const NEGATIVE: &str = "must be greater than or equal to 0";
pub(super) const NOT_POSITIVE: &str = "must be greater than zero";
pub(super) const NOT_INTEGER: &str = "must be an integer";
pub(super) const NO_OPERATOR: &str = "not a valid selector operator";
pub(super) const PROTOCOLS: [&str; 3] = ["SCTP", "TCP", "UDP"];

/// A string, or empty.
pub(super) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// A number, if set.
pub(super) fn int(value: &Value, field: &str) -> Option<i64> {
    value.get(field).and_then(Value::as_i64)
}

/// A boolean, if set.
pub(super) fn flag(value: &Value, field: &str) -> Option<bool> {
    value.get(field).and_then(Value::as_bool)
}

/// A list's elements.
pub(super) fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).map(Value::items).unwrap_or_default()
}

/// A map's entries.
pub(super) fn entries<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    value.get(field).and_then(Value::as_map).into_iter().flat_map(Map::iter)
}

/// A member that is set and not null.
pub(super) fn some<'a>(value: &'a Value, field: &str) -> Option<&'a Value> {
    value.get(field).filter(|value| **value != Value::Null)
}

/// Whether a member is set and not null.
pub(super) fn is_set(value: &Value, field: &str) -> bool {
    some(value, field).is_some()
}

/// What was seen so far. A few need no memory of their own; many stay cheap to look up.
pub(super) struct Seen<T> {
    few: [Option<T>; 8],
    many: BTreeSet<T>,
}

impl<T: Ord + Copy> Seen<T> {
    pub(super) const fn new() -> Self {
        Self { few: [None; 8], many: BTreeSet::new() }
    }

    pub(super) fn contains(&self, item: T) -> bool {
        self.few.contains(&Some(item)) || self.many.contains(&item)
    }

    /// Adds one; false: it was there.
    pub(super) fn insert(&mut self, item: T) -> bool {
        if self.contains(item) {
            return false;
        }
        match self.few.iter_mut().find(|place| place.is_none()) {
            Some(place) => *place = Some(item),
            None => {
                self.many.insert(item);
            }
        }
        true
    }
}

impl<T: Ord + Copy> FromIterator<T> for Seen<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut seen = Self::new();
        for item in items {
            seen.insert(item);
        }
        seen
    }
}

/// A member that may be a string and is set.
pub(super) fn text_of<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field).and_then(Value::as_str)
}

/// A string list's elements.
pub(super) fn texts<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a str> {
    list(value, field).iter().filter_map(Value::as_str)
}

/// A path with a domain before it: `acme.io/foo`.
pub(super) fn domain_path(errors: &mut Errors, path: &Path<'_>, text: &str) {
    if text.is_empty() {
        errors.push(FieldError::required(path, ""));
        return;
    }
    let Some((domain, rest)) =
        text.split_once('/').filter(|(domain, rest)| !domain.is_empty() && !rest.is_empty())
    else {
        let detail = "must be a domain-prefixed path (such as \"acme.io/foo\")";
        errors.push(FieldError::invalid(path, text, detail));
        return;
    };
    complain(errors, path, domain, name::dns_1123_subdomain(domain));
    if !name::is_http_path(rest) {
        let detail = name::pattern_error("Invalid path", r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+", &[]);
        errors.push(FieldError::invalid(path, rest, detail));
    }
}

/// A key with a domain before it: `acme.io/foo`.
pub(super) fn domain_key(errors: &mut Errors, path: &Path<'_>, text: &str) {
    if text.is_empty() {
        errors.push(FieldError::required(path, ""));
        return;
    }
    let complaints = name::qualified_name(text);
    if complaints.is_empty() && !text.contains('/') {
        let detail = "must be a domain-prefixed key (such as \"acme.io/foo\")";
        errors.push(FieldError::invalid(path, text, detail));
    }
    complain(errors, path, text, complaints);
}

/// A name that becomes a segment of a path, and must be given.
pub(super) fn segment(errors: &mut Errors, path: &Path<'_>, text: &str) {
    if required(errors, path, text) {
        complain(errors, path, text, name::path_segment(text));
    }
}

/// The conditions of a status, each of another type; `each` checks one more closely.
pub(super) fn each_condition(
    errors: &mut Errors,
    path: &Path<'_>,
    status: &Value,
    mut each: impl FnMut(&mut Errors, &Path<'_>, &Value),
) {
    let mut seen = Seen::new();
    for (at, condition) in list(status, "conditions").iter().enumerate() {
        let path = path.index(at);
        let kind = text(condition, "type");
        if !seen.insert(kind) {
            errors.push(FieldError::duplicate(&path.child("type"), kind));
        }
        each(errors, &path, condition);
    }
}

/// The conditions of a status, as `metav1.Condition`.
pub(super) fn conditions(errors: &mut Errors, path: &Path<'_>, status: &Value) {
    each_condition(errors, path, status, |errors, path, condition| {
        let kind = text(condition, "type");
        label_name(errors, &path.child("type"), kind);
        one_of(errors, &path.child("status"), text(condition, "status"), &["False", "True", "Unknown"]);
        if let Some(generation) = int(condition, "observedGeneration").filter(|generation| *generation < 0) {
            let detail = "must be greater than or equal to zero";
            errors.push(FieldError::invalid(&path.child("observedGeneration"), generation, detail));
        }
        if !is_set(condition, "lastTransitionTime") {
            errors.push(FieldError::required(&path.child("lastTransitionTime"), ""));
        }
        let reason = text(condition, "reason");
        if required(errors, &path.child("reason"), reason) {
            complain(errors, &path.child("reason"), reason, name::condition_reason(reason));
            if reason.len() > 1024 {
                errors.push(FieldError::too_long(&path.child("reason"), 1024));
            }
        }
        if text(condition, "message").len() > 32 * 1024 {
            errors.push(FieldError::too_long(&path.child("message"), 32 * 1024));
        }
    });
}

/// A quantity that may not be negative.
pub(super) fn not_negative_quantity(errors: &mut Errors, path: &Path<'_>, value: &Value) {
    if quantity(value).signum() < 0 {
        errors.push(FieldError::invalid(path, value, NEGATIVE));
    }
}

/// A quantity of a tree; trees hold only readable ones.
pub(super) fn quantity(value: &Value) -> Quantity {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// The same, where unset means the same as empty.
pub(super) fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    let empty = |value: Option<&Value>| match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::List(items)) => items.is_empty(),
        Some(Value::Map(map)) => map.is_empty(),
        _ => false,
    };
    a == b || (empty(a) && empty(b))
}

/// Adds an `Invalid value` for each complaint.
pub(super) fn complain<'v>(
    errors: &mut Errors,
    path: &Path<'_>,
    value: impl Into<Shown<'v>>,
    complaints: Vec<String>,
) {
    let value = value.into();
    errors.extend(complaints.into_iter().map(|complaint| FieldError::invalid(path, value, complaint)));
}

/// The value must be one of these, in the order in which the message names them.
pub(super) fn one_of(errors: &mut Errors, path: &Path<'_>, value: &str, supported: &[&str]) {
    if !supported.contains(&value) {
        errors.push(FieldError::not_supported(path, value, supported));
    }
}

/// The value must be given, and one of these.
pub(super) fn required_one_of(errors: &mut Errors, path: &Path<'_>, value: &str, supported: &[&str]) {
    if value.is_empty() {
        errors.push(FieldError::required(path, ""));
    } else {
        one_of(errors, path, value, supported);
    }
}

/// The string must be given.
pub(super) fn required(errors: &mut Errors, path: &Path<'_>, value: &str) -> bool {
    if value.is_empty() {
        errors.push(FieldError::required(path, ""));
    }
    !value.is_empty()
}

/// The number may not be negative.
pub(super) fn not_negative(errors: &mut Errors, path: &Path<'_>, value: i64) {
    if value < 0 {
        errors.push(FieldError::invalid(path, value, NEGATIVE));
    }
}

/// A field that may be unset, but not negative.
pub(super) fn not_negative_field(errors: &mut Errors, path: &Path<'_>, owner: &Value, field: &str) {
    if let Some(value) = int(owner, field) {
        not_negative(errors, &path.child(field), value);
    }
}

/// A field may not change.
pub(super) fn immutable(errors: &mut Errors, path: &Path<'_>, new: Option<&Value>, old: Option<&Value>) {
    if !same(new, old) {
        errors.push(FieldError::invalid(path, new, IMMUTABLE));
    }
}

/// A port by number.
pub(super) fn port_number(errors: &mut Errors, path: &Path<'_>, port: i64) {
    complain(errors, path, port, name::port_number(port));
}

/// A port by number or name.
pub(super) fn port(errors: &mut Errors, path: &Path<'_>, port: Option<&Value>) {
    match port {
        Some(Value::String(port)) => complain(errors, path, &**port, name::port_name(port)),
        Some(Value::Int(port)) => port_number(errors, path, *port),
        _ => port_number(errors, path, 0),
    }
}

/// A label's key.
pub(super) fn label_name(errors: &mut Errors, path: &Path<'_>, key: &str) {
    complain(errors, path, key, name::qualified_name(key));
}

/// A map of labels.
pub(super) fn labels(errors: &mut Errors, path: &Path<'_>, owner: &Value, field: &str) {
    for (key, value) in entries(owner, field) {
        label_name(errors, path, key);
        let value = value.as_str().unwrap_or_default();
        complain(errors, path, value, name::label_value(value));
    }
}

/// A `metav1.LabelSelector`.
pub(super) fn label_selector(errors: &mut Errors, path: &Path<'_>, selector: Option<&Value>) {
    let Some(selector) = selector else { return };
    labels(errors, &path.child("matchLabels"), selector, "matchLabels");
    let expressions = path.child("matchExpressions");
    for (at, expression) in list(selector, "matchExpressions").iter().enumerate() {
        let path = expressions.index(at);
        let values = list(expression, "values");
        match text(expression, "operator") {
            "In" | "NotIn" if values.is_empty() => errors.push(FieldError::required(
                &path.child("values"),
                "must be specified when `operator` is 'In' or 'NotIn'",
            )),
            "Exists" | "DoesNotExist" if !values.is_empty() => errors.push(FieldError::forbidden(
                &path.child("values"),
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            )),
            "In" | "NotIn" | "Exists" | "DoesNotExist" => {}
            other => errors.push(FieldError::invalid(&path.child("operator"), other, NO_OPERATOR)),
        }
        label_name(errors, &path.child("key"), text(expression, "key"));
        for (at, value) in values.iter().filter_map(Value::as_str).enumerate() {
            complain(errors, &path.child("values").index(at), value, name::label_value(value));
        }
    }
}

/// Whether a selector has no requirement.
pub(super) fn is_empty_selector(selector: &Value) -> bool {
    entries(selector, "matchLabels").next().is_none() && list(selector, "matchExpressions").is_empty()
}

/// A path that may not climb out: no `..` between slashes.
pub(super) fn no_backsteps(errors: &mut Errors, path: &Path<'_>, text: &str) {
    if text.split('/').any(|part| part == "..") {
        errors.push(FieldError::invalid(path, text, "must not contain '..'"));
    }
}

/// A path below something else.
pub(super) fn local_path(errors: &mut Errors, path: &Path<'_>, text: &str) {
    if text.starts_with('/') {
        errors.push(FieldError::invalid(path, text, "must be a relative path"));
    }
    no_backsteps(errors, path, text);
}
