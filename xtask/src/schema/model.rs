//! What the generator knows of types: as each crate tells it, and joined.

use std::collections::BTreeMap;

/// A type's place: module path and name, the same in both crates (`api::core::v1`, `Pod`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) module: String,
    pub(crate) name: String,
}

impl Key {
    pub(crate) fn new(module: impl Into<String>, name: impl Into<String>) -> Self {
        Self { module: module.into(), name: name.into() }
    }
}

/// A shape, as either crate spells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    String,
    Bytes,
    Bool,
    Int32,
    Int64,
    Double,
    Time,
    MicroTime,
    Duration,
    Quantity,
    IntOrString,
    Any,
    Object,
    Struct(Key),
    List(Box<Shape>),
    Map(Box<Shape>),
}

/// A struct of k8s-openapi.
#[derive(Debug)]
pub(crate) struct ApiType {
    /// `io.k8s.api.core.v1.Pod`.
    pub(crate) definition: String,
    pub(crate) doc: String,
    pub(crate) fields: Vec<ApiField>,
    /// JSON names that the decoder knows, with the fields' names in normal form: `kind` and `apiVersion` too,
    /// where the struct leaves them out.
    pub(crate) json: BTreeMap<String, String>,
    pub(crate) kind: Option<Kind>,
    pub(crate) list_kind: Option<String>,
}

#[derive(Debug)]
pub(crate) struct ApiField {
    pub(crate) name: String,
    pub(crate) shape: Shape,
    pub(crate) optional: bool,
    pub(crate) doc: String,
}

/// Group, version and kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Kind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
}

/// A message of k8s-pb.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) doc: Doc,
    pub(crate) fields: Vec<MessageField>,
}

#[derive(Debug)]
pub(crate) struct MessageField {
    pub(crate) name: String,
    pub(crate) tag: u32,
    pub(crate) shape: Shape,
    pub(crate) doc: Doc,
}

/// A comment, with the markers taken out.
#[derive(Debug, Default, Clone)]
pub(crate) struct Doc {
    pub(crate) text: String,
    /// `(marker, value)`: `("listType", "map")`.
    pub(crate) markers: Vec<(String, String)>,
}

impl Doc {
    pub(crate) fn marker(&self, name: &str) -> Option<&str> {
        self.markers.iter().find(|(marker, _)| marker == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.markers.iter().filter(move |(marker, _)| marker == name).map(|(_, value)| value.as_str())
    }
}

/// A type, joined.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) key: Key,
    pub(crate) definition: String,
    pub(crate) doc: String,
    pub(crate) atomic: bool,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) fields: Vec<Field>,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) json: String,
    pub(crate) tag: u32,
    pub(crate) within: Vec<u32>,
    pub(crate) form: Form,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
    pub(crate) presence: Presence,
    pub(crate) doc: String,
    /// The values that the field, or each of its elements, may have; empty for any.
    pub(crate) one_of: Vec<String>,
    pub(crate) markers: Doc,
}

/// The table's `Presence`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Always,
    Null,
    NonZero,
    Given,
}

/// The table's `WireForm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Plain,
    Items,
    SchemaOrBool,
    SchemaOrArray,
    SchemaOrStrings,
}

/// A name as both crates would agree on it: letters and digits only, lower case.
pub(crate) fn normal(name: &str) -> String {
    name.trim_start_matches("r#")
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase()
}
