//! Label and field selectors.

use mizzen_schema::value::Value;

/// A parsed label selector.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelSelector {
    /// All must hold.
    pub requirements: Vec<Requirement>,
}

/// One condition on one label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The label.
    pub key: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what; sorted.
    pub values: Vec<String>,
}

/// How a label is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// One of the values.
    In,
    /// None of the values, or absent.
    NotIn,
    /// Present.
    Exists,
    /// Absent.
    DoesNotExist,
    /// A number above the value.
    Gt,
    /// A number below the value.
    Lt,
}

/// Not a selector; Kubernetes' words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SelectorError(pub String);

impl LabelSelector {
    /// Reads the text form: `a=b,c in (d,e),!f`.
    pub fn parse(_text: &str) -> Result<Self, SelectorError> {
        todo!()
    }

    /// Reads a `metav1.LabelSelector` struct; `None` matches nothing, an empty one everything.
    pub fn from_value(_selector: &Value) -> Result<Self, SelectorError> {
        todo!()
    }

    /// Whether labels, looked up by `get`, match.
    pub fn matches<'a>(&self, _get: impl Fn(&str) -> Option<&'a str>) -> bool {
        todo!()
    }
}

/// A parsed field selector.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldSelector {
    /// All must hold: field, equal (or not equal), value.
    pub terms: Vec<(String, bool, String)>,
}

impl FieldSelector {
    /// Reads the text form: `status.phase=Running,spec.nodeName!=a`, with its escapes.
    pub fn parse(_text: &str) -> Result<Self, SelectorError> {
        todo!()
    }

    /// Whether fields, looked up by `get` (empty for unset), match.
    pub fn matches<'a>(&self, _get: impl Fn(&str) -> &'a str) -> bool {
        todo!()
    }
}
