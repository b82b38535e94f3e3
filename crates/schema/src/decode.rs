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
    /// `unknown field "spec.foo"`, `duplicate field "spec.bar"`.
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
