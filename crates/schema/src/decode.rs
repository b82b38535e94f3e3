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

/// A value of another type than the field's, in the words of Go's JSON package, which clients know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("json: cannot unmarshal {found} into Go {}{expected}", place(.owner, .field))]
pub struct Mismatch {
    /// The innermost struct around it: `ContainerPort`; empty outside structs.
    pub owner: String,
    /// Names of fields from the root, without keys of maps and numbers of elements:
    /// `spec.containers.ports.hostPort`.
    pub field: String,
    /// `string`, `number`, …
    pub found: String,
    /// `int32`, `[]v1.Container`, …
    pub expected: String,
}

/// Why bytes could not be read. Small: readers that call themselves carry it on every level.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not well-formed in its encoding.
    #[error("{message}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// Where.
        at: usize,
    },
    /// A value of another type than the field's.
    #[error(transparent)]
    Type(Box<Mismatch>),
    /// Text of the right type that does not say what it must; the message is complete.
    #[error("{0}")]
    Text(String),
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

    pub(crate) fn mismatch(found: impl Into<String>, expected: impl Into<String>) -> Self {
        let (owner, field) = (String::new(), String::new());
        Self::Type(Box::new(Mismatch { owner, field, found: found.into(), expected: expected.into() }))
    }

    /// The same error, seen from a struct of type `ty` (its full name) that holds it as its field `name`.
    pub(crate) fn within(mut self, name: &str, ty: &str) -> Self {
        if let Self::Type(mismatch) = &mut self {
            if mismatch.owner.is_empty() {
                ty.rsplit('.').next().unwrap_or(ty).clone_into(&mut mismatch.owner);
            }
            prefix(&mut mismatch.field, name);
        }
        self
    }
}

/// Where a value of another type was found.
fn place(owner: &str, field: &str) -> String {
    if owner.is_empty() {
        "value of type ".to_owned()
    } else {
        format!("struct field {owner}.{field} of type ")
    }
}
