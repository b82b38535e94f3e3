//! What every decoder shares: limits, how unknown fields are treated, and errors.

use crate::value::Value;

/// How to read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Deepest nesting accepted.
    pub depth_max: usize,
    /// Collect unknown and duplicate fields (`fieldValidation=Warn` and `Strict`).
    pub strict: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { depth_max: 200, strict: false }
    }
}

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The tree.
    pub value: Value,
    /// With [`Options::strict`]: complaints in Kubernetes' words, in the order found:
    /// `unknown field "spec.foo"`, `duplicate field "spec.bar"`; a hundred at most.
    pub complaints: Vec<String>,
}

/// Why bytes could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not well-formed in its encoding.
    #[error("{message} at byte {at}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// Where.
        at: usize,
    },
    /// A value of another type than the field's.
    #[error("{path}: cannot read {found} as {expected}")]
    Type {
        /// Field path: `spec.containers[0].ports`.
        path: String,
        /// `string`, `number`, …
        found: &'static str,
        /// `int32`, …
        expected: &'static str,
    },
    /// Nested deeper than allowed, or expanding to more than allowed (YAML aliases).
    #[error("too deep or too large")]
    Limit,
    /// Not UTF-8 where text must be.
    #[error("invalid UTF-8 at byte {at}")]
    Utf8 {
        /// Where.
        at: usize,
    },
    /// No such built-in kind (protobuf envelopes, objects by their type header).
    #[error("no kind {kind:?} in version {api_version:?}")]
    UnknownKind {
        /// `apps/v1`.
        api_version: String,
        /// `Deployment`.
        kind: String,
    },
}

/// The most complaints that are kept.
const COMPLAINTS_MAX: usize = 100;

/// Complaints, whose paths grow from the inside out: a container puts its step before what was found since it
/// entered a member.
#[derive(Debug, Default)]
pub(crate) struct Complaints {
    list: Vec<Complaint>,
}

#[derive(Debug)]
struct Complaint {
    what: &'static str,
    path: String,
}

impl Complaints {
    pub(crate) fn unknown(&mut self, key: &str) {
        self.push("unknown field", key.to_owned());
    }

    pub(crate) fn duplicate(&mut self, key: &str) {
        self.push("duplicate field", key.to_owned());
    }

    fn push(&mut self, what: &'static str, path: String) {
        if self.list.len() < COMPLAINTS_MAX {
            self.list.push(Complaint { what, path });
        }
    }

    /// To be given to [`Complaints::within`] and [`Complaints::at`] after a member was read.
    pub(crate) const fn mark(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn within(&mut self, mark: usize, key: &str) {
        self.list[mark..].iter_mut().for_each(|complaint| prefix(&mut complaint.path, key));
    }

    pub(crate) fn at(&mut self, mark: usize, index: usize) {
        self.list[mark..].iter_mut().for_each(|complaint| prefix(&mut complaint.path, &format!("[{index}]")));
    }

    pub(crate) fn texts(self) -> Vec<String> {
        self.list.into_iter().map(|complaint| format!("{} {:?}", complaint.what, complaint.path)).collect()
    }
}

fn prefix(path: &mut String, step: &str) {
    let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
    path.insert_str(0, dot);
    path.insert_str(0, step);
}

impl DecodeError {
    pub(crate) fn syntax(message: impl Into<String>, at: usize) -> Self {
        Self::Syntax { message: message.into(), at }
    }

    pub(crate) const fn mismatch(found: &'static str, expected: &'static str) -> Self {
        Self::Type { path: String::new(), found, expected }
    }

    /// The same error, seen from a container that holds it under `key`.
    pub(crate) fn within(mut self, key: &str) -> Self {
        if let Self::Type { path, .. } = &mut self {
            prefix(path, key);
        }
        self
    }

    /// The same error, seen from a list that holds it at `index`.
    pub(crate) fn at(mut self, index: usize) -> Self {
        if let Self::Type { path, .. } = &mut self {
            prefix(path, &format!("[{index}]"));
        }
        self
    }
}
