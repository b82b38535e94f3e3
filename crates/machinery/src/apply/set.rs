//! Sets of fields: who owns what, and what changed.
//!
//! A set is a tree of steps. In the API it is `fieldsV1`: `f:name` for a member, `k:{"name":"a"}` for a list's
//! element by key, `v:"x"` for a set's element by value, `i:0` for an element by position, and `.` for the place
//! itself. Source: KEP-555, and the API reference of `FieldsV1`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::table::{Shape, Text};
use mizzen_schema::value::{Map, Value};

use crate::field::quote;

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// A struct's field or a map's entry.
    Field(Text),
    /// A list's element by its keys, sorted by name.
    Key(Vec<(Text, Scalar)>),
    /// A set's element.
    Value(Scalar),
    /// An element by position.
    Index(i64),
}

/// A value that names an element.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scalar {
    /// A whole number.
    Int(i64),
    /// A string.
    Text(Box<str>),
    /// A boolean.
    Bool(bool),
    /// Anything else, as JSON.
    Json(Box<str>),
}

impl Scalar {
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Int(number) => Self::Int(*number),
            Value::String(text) => Self::Text(text.clone()),
            Value::Bool(truth) => Self::Bool(*truth),
            other => Self::Json(json_text(other).into_boxed_str()),
        }
    }

    fn push_json(&self, out: &mut String) {
        match self {
            Self::Int(number) => write!(out, "{number}").expect("writing to a string does not fail"),
            Self::Bool(truth) => write!(out, "{truth}").expect("writing to a string does not fail"),
            Self::Text(text) => out.push_str(&json_text(&Value::String(text.clone()))),
            Self::Json(text) => out.push_str(text),
        }
    }

    fn push_shown(&self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(&quote(text)),
            other => other.push_json(out),
        }
    }
}

fn json_text(value: &Value) -> String {
    let mut out = Vec::new();
    json::encode(value, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn read_json(text: &str) -> Result<Value, SetError> {
    let decoded = json::decode_shape(text.as_bytes(), &Shape::Any, &Options::default());
    decoded.map(|decoded| decoded.value).map_err(|_| SetError)
}

/// Not `fieldsV1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SetError;

impl Step {
    /// The step of a member whose name is not static.
    pub(super) fn owned(name: &str) -> Self {
        Self::Field(Cow::Owned(name.to_owned()))
    }

    /// The step's name in `fieldsV1`.
    fn encode(&self) -> String {
        let mut out = String::new();
        match self {
            Self::Field(name) => {
                out.push_str("f:");
                out.push_str(name);
            }
            Self::Key(keys) => {
                out.push_str("k:{");
                for (at, (name, value)) in keys.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    Scalar::Text(Box::from(&**name)).push_json(&mut out);
                    out.push(':');
                    value.push_json(&mut out);
                }
                out.push('}');
            }
            Self::Value(value) => {
                out.push_str("v:");
                value.push_json(&mut out);
            }
            Self::Index(index) => write!(out, "i:{index}").expect("writing to a string does not fail"),
        }
        out
    }

    fn decode(text: &str) -> Result<Self, SetError> {
        let (kind, rest) = text.split_once(':').ok_or(SetError)?;
        match kind {
            "f" => Ok(Self::owned(rest)),
            "v" => Ok(Self::Value(Scalar::of(&read_json(rest)?))),
            "i" => rest.parse().map(Self::Index).map_err(|_| SetError),
            "k" => match read_json(rest)? {
                Value::Map(map) => Ok(Self::Key(
                    map.iter()
                        .map(|(name, value)| (Cow::Owned(name.to_owned()), Scalar::of(value)))
                        .collect(),
                )),
                _ => Err(SetError),
            },
            _ => Err(SetError),
        }
    }

    /// Appends the step as messages show it: `.name`, `[name="a"]`, `[="x"]`, `[0]`.
    pub(super) fn push_shown(&self, out: &mut String) {
        match self {
            Self::Field(name) => {
                out.push('.');
                out.push_str(name);
            }
            Self::Key(keys) => {
                out.push('[');
                for (at, (name, value)) in keys.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    out.push_str(name);
                    out.push('=');
                    value.push_shown(out);
                }
                out.push(']');
            }
            Self::Value(value) => {
                out.push_str("[=");
                value.push_shown(out);
                out.push(']');
            }
            Self::Index(index) => write!(out, "[{index}]").expect("writing to a string does not fail"),
        }
    }
}

/// A set of places in an object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Set {
    /// The place itself.
    pub(super) member: bool,
    /// Places below.
    pub(super) children: BTreeMap<Step, Set>,
}

impl Set {
    /// Whether there is no member here or below. (Operations leave no empty children.)
    pub(super) fn is_empty(&self) -> bool {
        !self.member && self.children.is_empty()
    }

    /// The set below a step, made when missing.
    pub(super) fn child(&mut self, step: &Step) -> &mut Self {
        if !self.children.contains_key(step) {
            self.children.insert(step.clone(), Self::default());
        }
        self.children.get_mut(step).expect("it was just made")
    }

    /// Adds a place.
    pub(super) fn insert(&mut self, path: &[Step]) {
        path.iter().fold(self, Self::child).member = true;
    }

    /// Adds all places of `other`.
    pub(super) fn union(&mut self, other: &Self) {
        self.member |= other.member;
        for (step, set) in &other.children {
            self.child(step).union(set);
        }
    }

    /// Removes the places of `other`, each by itself.
    pub(super) fn subtract(&mut self, other: &Self) {
        self.member &= !other.member;
        for (step, set) in &other.children {
            if let Some(mine) = self.children.get_mut(step) {
                mine.subtract(set);
                if mine.is_empty() {
                    self.children.remove(step);
                }
            }
        }
    }

    /// The places in both.
    pub(super) fn intersection(&self, other: &Self) -> Self {
        let mut out = Self { member: self.member && other.member, children: BTreeMap::new() };
        for (step, set) in &self.children {
            if let Some(theirs) = other.children.get(step) {
                let both = set.intersection(theirs);
                if !both.is_empty() {
                    out.children.insert(step.clone(), both);
                }
            }
        }
        out
    }

    /// Removes a place of named members and all below it.
    pub(super) fn remove_below(&mut self, names: &[&str]) {
        let Some((first, rest)) = names.split_first() else { return };
        let step = Step::owned(first);
        if rest.is_empty() {
            self.children.remove(&step);
            return;
        }
        if let Some(child) = self.children.get_mut(&step) {
            child.remove_below(rest);
            if child.is_empty() {
                self.children.remove(&step);
            }
        }
    }

    /// Removes a place of named members, not those below.
    pub(super) fn remove_exact(&mut self, names: &[&str]) {
        let Some((first, rest)) = names.split_first() else {
            self.member = false;
            return;
        };
        let step = Step::owned(first);
        if let Some(child) = self.children.get_mut(&step) {
            child.remove_exact(rest);
            if child.is_empty() {
                self.children.remove(&step);
            }
        }
    }

    /// All places, as messages show them, in order.
    pub(super) fn paths(&self) -> Vec<String> {
        let mut out = Vec::new();
        self.push_paths(&mut String::new(), &mut out);
        out
    }

    fn push_paths(&self, prefix: &mut String, out: &mut Vec<String>) {
        if self.member {
            out.push(prefix.clone());
        }
        for (step, set) in &self.children {
            let length = prefix.len();
            step.push_shown(prefix);
            set.push_paths(prefix, out);
            prefix.truncate(length);
        }
    }

    /// `fieldsV1`.
    pub(super) fn encode(&self) -> Value {
        let mut map = Map::new();
        if self.member && !self.children.is_empty() {
            map.insert(".", Value::Map(Map::new()));
        }
        for (step, set) in &self.children {
            map.insert(step.encode(), set.encode());
        }
        Value::Map(map)
    }

    /// Reads `fieldsV1`.
    pub(super) fn decode(value: &Value) -> Result<Self, SetError> {
        let map = match value {
            Value::Map(map) => map,
            Value::Null => return Ok(Self::default()),
            _ => return Err(SetError),
        };
        let mut set = Self::default();
        for (name, below) in map.iter() {
            if name == "." {
                set.member = true;
                continue;
            }
            let step = Step::decode(name)?;
            let mut child = Self::decode(below)?;
            // A place with nothing below is there for itself.
            if child.children.is_empty() {
                child.member = true;
            }
            set.children.insert(step, child);
        }
        Ok(set)
    }
}
