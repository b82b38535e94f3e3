//! What is wrong with a field, in Kubernetes' words.

use std::fmt::{self, Write as _};

use mizzen_schema::json;
use mizzen_schema::value::Value;

/// What kind of wrong; its name is the `reason` of a `StatusCause`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// `FieldValueRequired`: "Required value".
    Required,
    /// `FieldValueInvalid`: "Invalid value".
    Invalid,
    /// `FieldValueDuplicate`: "Duplicate value".
    Duplicate,
    /// `FieldValueNotFound`: "Not found".
    NotFound,
    /// `FieldValueNotSupported`: "Unsupported value".
    NotSupported,
    /// `FieldValueForbidden`: "Forbidden".
    Forbidden,
    /// `FieldValueTooLong`: "Too long".
    TooLong,
    /// `FieldValueTooMany`: "Too many".
    TooMany,
    /// `FieldValueTooFew`: "Too few".
    TooFew,
    /// `FieldValueTypeInvalid`: "Invalid value".
    TypeInvalid,
    /// `InternalError`: "Internal error".
    Internal,
}

impl Reason {
    /// The `reason` of a cause.
    pub const fn cause(self) -> &'static str {
        match self {
            Self::Required => "FieldValueRequired",
            Self::Invalid => "FieldValueInvalid",
            Self::Duplicate => "FieldValueDuplicate",
            Self::NotFound => "FieldValueNotFound",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Forbidden => "FieldValueForbidden",
            Self::TooLong => "FieldValueTooLong",
            Self::TooMany => "FieldValueTooMany",
            Self::TooFew => "FieldValueTooFew",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::Internal => "InternalError",
        }
    }

    /// The words that open the message.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Required => "Required value",
            Self::Invalid | Self::TypeInvalid => "Invalid value",
            Self::Duplicate => "Duplicate value",
            Self::NotFound => "Not found",
            Self::NotSupported => "Unsupported value",
            Self::Forbidden => "Forbidden",
            Self::TooLong => "Too long",
            Self::TooMany => "Too many",
            Self::TooFew => "Too few",
            Self::Internal => "Internal error",
        }
    }
}

/// One thing wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Path: `spec.containers[0].image`, `metadata.labels[a/b]`.
    pub path: String,
    /// What kind of wrong.
    pub reason: Reason,
    /// The whole sentence after the path: `Invalid value: "x": must be …`.
    pub message: String,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// Where in an object a check is: a list of steps that borrows from the caller's, so that it costs nothing until an
/// error prints it.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Index(usize),
    Key(&'a str),
}

impl<'a> Path<'a> {
    /// The first step; may hold dots (`spec.template`).
    pub const fn new(name: &'a str) -> Self {
        Self { parent: None, step: Step::Name(name) }
    }

    /// A member; may hold dots.
    pub const fn child(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Name(name) }
    }

    /// A member of the same parent.
    pub const fn sibling(&self, name: &'a str) -> Self {
        Self { parent: self.parent, step: Step::Name(name) }
    }

    /// A list's element.
    pub const fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }

    /// A map's entry.
    pub const fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), step: Step::Key(key) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Paths are as deep as the hand-written checks that build them; the root of a path may be empty.
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Name(name) => match self.parent {
                Some(parent) if !parent.is_empty_root() && !name.is_empty() => write!(f, ".{name}"),
                _ => f.write_str(name),
            },
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Key(key) => write!(f, "[{key}]"),
        }
    }
}

impl Path<'_> {
    fn is_empty_root(&self) -> bool {
        self.parent.is_none() && matches!(self.step, Step::Name(""))
    }
}

impl fmt::Debug for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A value as error messages print it: strings quoted, numbers and booleans plain, the rest as JSON.
#[derive(Clone, Copy, Debug)]
pub enum Shown<'a> {
    /// A string, quoted.
    Text(&'a str),
    /// An integer.
    Int(i64),
    /// A boolean.
    Bool(bool),
    /// A tree.
    Tree(&'a Value),
    /// Nothing: only the words.
    Omitted,
    /// Printed as it is (JSON made by the caller).
    Raw(&'a str),
}

impl<'a> From<&'a str> for Shown<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Shown<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Shown<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Shown<'_> {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl<'a> From<&'a Value> for Shown<'a> {
    fn from(value: &'a Value) -> Self {
        Self::Tree(value)
    }
}

impl<'a> From<Option<&'a Value>> for Shown<'a> {
    fn from(value: Option<&'a Value>) -> Self {
        value.map_or(Self::Tree(&Value::Null), Self::Tree)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quote(text)),
            Self::Int(number) => write!(f, "{number}"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Tree(value) => show_tree(value, f),
            Self::Omitted => Ok(()),
            Self::Raw(text) => f.write_str(text),
        }
    }
}

fn show_tree(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value {
        Value::String(text) => f.write_str(&quote(text)),
        Value::Null => f.write_str("null"),
        Value::Bool(truth) => write!(f, "{truth}"),
        Value::Int(number) => write!(f, "{number}"),
        _ => {
            let mut out = Vec::new();
            json::encode(value, &mut out);
            f.write_str(&String::from_utf8_lossy(&out))
        }
    }
}

/// `text` in double quotes with Go's escapes.
pub fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 || c as u32 == 0x7f => push_escape(&mut out, 'x', 2, c as u32),
            c if is_unprintable(c) && (c as u32) < 0x1_0000 => push_escape(&mut out, 'u', 4, c as u32),
            c if is_unprintable(c) => push_escape(&mut out, 'U', 8, c as u32),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn push_escape(out: &mut String, kind: char, width: usize, code: u32) {
    write!(out, "\\{kind}{code:0width$x}").expect("writing to a string does not fail");
}

/// Characters that Go's `%q` escapes: controls, separators other than the space, surrogates and private use.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || (c != ' ' && c.is_whitespace())
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c as u32, 0xe000..=0xf8ff | 0xfff0..=0xfffb | 0xe_0000..=0x10_ffff)
}

impl FieldError {
    fn new(path: &Path<'_>, reason: Reason, value: Shown<'_>, detail: &str) -> Self {
        let mut message = String::from(reason.words());
        if !matches!(value, Shown::Omitted) {
            write!(message, ": {value}").expect("writing to a string does not fail");
        }
        if !detail.is_empty() {
            message.push_str(": ");
            message.push_str(detail);
        }
        Self { path: path.to_string(), reason, message }
    }

    /// The field must be given.
    pub fn required(path: &Path<'_>, detail: impl AsRef<str>) -> Self {
        Self::new(path, Reason::Required, Shown::Omitted, detail.as_ref())
    }

    /// The value breaks a rule.
    pub fn invalid<'v>(path: &Path<'_>, value: impl Into<Shown<'v>>, detail: impl AsRef<str>) -> Self {
        Self::new(path, Reason::Invalid, value.into(), detail.as_ref())
    }

    /// The value is of the wrong type.
    pub fn type_invalid<'v>(path: &Path<'_>, value: impl Into<Shown<'v>>, detail: impl AsRef<str>) -> Self {
        Self::new(path, Reason::TypeInvalid, value.into(), detail.as_ref())
    }

    /// The value is not one of `supported`, which are named in the order given.
    pub fn not_supported<'v, S: AsRef<str>>(
        path: &Path<'_>,
        value: impl Into<Shown<'v>>,
        supported: &[S],
    ) -> Self {
        let names: Vec<String> = supported.iter().map(|name| quote(name.as_ref())).collect();
        let detail =
            if names.is_empty() { String::new() } else { format!("supported values: {}", names.join(", ")) };
        Self::new(path, Reason::NotSupported, value.into(), &detail)
    }

    /// The value was there before.
    pub fn duplicate<'v>(path: &Path<'_>, value: impl Into<Shown<'v>>) -> Self {
        Self::new(path, Reason::Duplicate, value.into(), "")
    }

    /// What the value names does not exist.
    pub fn not_found<'v>(path: &Path<'_>, value: impl Into<Shown<'v>>) -> Self {
        Self::new(path, Reason::NotFound, value.into(), "")
    }

    /// The same, with words on why it should.
    pub fn not_found_as<'v>(path: &Path<'_>, value: impl Into<Shown<'v>>, detail: impl AsRef<str>) -> Self {
        Self::new(path, Reason::NotFound, value.into(), detail.as_ref())
    }

    /// The value was there before, which breaks a rule.
    pub fn duplicate_as<'v>(path: &Path<'_>, value: impl Into<Shown<'v>>, detail: impl AsRef<str>) -> Self {
        Self::new(path, Reason::Duplicate, value.into(), detail.as_ref())
    }

    /// The field may not be set, or not so, here.
    pub fn forbidden(path: &Path<'_>, detail: impl AsRef<str>) -> Self {
        Self::new(path, Reason::Forbidden, Shown::Omitted, detail.as_ref())
    }

    /// Longer than `max` bytes.
    pub fn too_long(path: &Path<'_>, max: usize) -> Self {
        let unit = if max == 1 { "byte" } else { "bytes" };
        Self::new(path, Reason::TooLong, Shown::Omitted, &format!("may not be more than {max} {unit}"))
    }

    /// More than `max` elements.
    pub fn too_many(path: &Path<'_>, actual: usize, max: usize) -> Self {
        let unit = if max == 1 { "item" } else { "items" };
        let actual = i64::try_from(actual).unwrap_or(i64::MAX);
        Self::new(path, Reason::TooMany, Shown::Int(actual), &format!("must have at most {max} {unit}"))
    }

    /// Fewer than `min` elements.
    pub fn too_few(path: &Path<'_>, actual: usize, min: usize) -> Self {
        let unit = if min == 1 { "item" } else { "items" };
        let actual = i64::try_from(actual).unwrap_or(i64::MAX);
        Self::new(path, Reason::TooFew, Shown::Int(actual), &format!("must have at least {min} {unit}"))
    }

    /// Our own fault.
    pub fn internal(path: &Path<'_>, detail: impl AsRef<str>) -> Self {
        Self::new(path, Reason::Internal, Shown::Omitted, detail.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_read_as_kubernetes_words_them() {
        let spec = Path::new("spec");
        let containers = spec.child("containers");
        let first = containers.index(0);
        let image = first.child("image");
        let check = |error: FieldError, expect: &str| assert_eq!(error.to_string(), expect);
        check(FieldError::required(&image, ""), "spec.containers[0].image: Required value");
        check(FieldError::required(&image, "why"), "spec.containers[0].image: Required value: why");
        check(
            FieldError::invalid(&image, "x\"y", "must be z"),
            r#"spec.containers[0].image: Invalid value: "x\"y": must be z"#,
        );
        check(FieldError::invalid(&spec, -1, "no"), "spec: Invalid value: -1: no");
        check(
            FieldError::not_supported(&spec, "x", &["A", "B"]),
            r#"spec: Unsupported value: "x": supported values: "A", "B""#,
        );
        check(FieldError::duplicate(&spec, "x"), r#"spec: Duplicate value: "x""#);
        check(FieldError::too_long(&spec, 63), "spec: Too long: may not be more than 63 bytes");
        check(FieldError::too_many(&spec, 5, 1), "spec: Too many: 5: must have at most 1 item");
        check(FieldError::forbidden(&spec, "may not"), "spec: Forbidden: may not");
        check(FieldError::invalid(&spec, None, "no"), "spec: Invalid value: null: no");
    }

    #[test]
    fn paths_print_keys_and_skip_an_empty_root() {
        let root = Path::new("");
        assert_eq!(root.child("metadata").child("labels").key("a/b").to_string(), "metadata.labels[a/b]");
    }

    #[test]
    fn quoting_follows_go() {
        let check = |text: &str, expect: &str| assert_eq!(quote(text), expect);
        check("a b", r#""a b""#);
        check("\u{1}\n\u{7f}", r#""\x01\n\x7f""#);
        check("ä\u{200b}", "\"ä\\u200b\"");
    }
}
