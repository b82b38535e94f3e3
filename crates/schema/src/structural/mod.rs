//! Schemas of custom resources: OpenAPI v3 as CustomResourceDefinitions hold it, read once.
//!
//! A [`Schema`] is one place of it with all its rules; [`compile`] makes a [`crate::table::Type`] of what it says
//! of structure, so that codecs, patches and server-side apply see a custom resource as they see a built-in kind.
//! Source: "Extend the Kubernetes API with CustomResourceDefinitions", "Specifying a structural schema".

mod compile;
mod read;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use compile::{CompileError, compile};
pub use read::read;

use crate::table::Text;
use crate::value::Value;

/// One place in a schema. Empty texts and lists mean that nothing was said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schema {
    /// `object`, `array`, `string`, `integer`, `number`, `boolean`; empty for none.
    pub ty: Box<str>,
    /// `date-time`, `int32`, …
    pub format: Box<str>,
    /// A heading for people.
    pub title: Box<str>,
    /// What explain prints.
    pub description: Box<str>,
    /// Free-form.
    pub default: Option<Value>,
    /// Null is a value of its own.
    pub nullable: bool,
    /// The values that are allowed; `None` for all.
    pub allowed: Option<Vec<Value>>,
    /// Greatest number.
    pub maximum: Option<f64>,
    /// It must be less than that.
    pub exclusive_maximum: bool,
    /// Least number.
    pub minimum: Option<f64>,
    /// It must be greater than that.
    pub exclusive_minimum: bool,
    /// A number must be a multiple of this.
    pub multiple_of: Option<f64>,
    /// In characters.
    pub max_length: Option<i64>,
    /// In characters.
    pub min_length: Option<i64>,
    /// A regular expression, which needs to match somewhere.
    pub pattern: Box<str>,
    /// Most elements.
    pub max_items: Option<i64>,
    /// Fewest elements.
    pub min_items: Option<i64>,
    /// No element twice.
    pub unique_items: bool,
    /// Most members.
    pub max_properties: Option<i64>,
    /// Fewest members.
    pub min_properties: Option<i64>,
    /// Members that must be there.
    pub required: Vec<Box<str>>,
    /// Of a list's elements.
    pub items: Option<Box<Schema>>,
    /// Members by name.
    pub properties: BTreeMap<Box<str>, Schema>,
    /// Members that have no name in [`Schema::properties`].
    pub additional: Additional,
    /// All must hold.
    pub all_of: Vec<Schema>,
    /// One at least must hold.
    pub any_of: Vec<Schema>,
    /// Exactly one must hold.
    pub one_of: Vec<Schema>,
    /// This must not hold.
    pub not: Option<Box<Schema>>,
    /// `x-kubernetes-preserve-unknown-fields`.
    pub preserve_unknown: bool,
    /// `x-kubernetes-embedded-resource`.
    pub embedded: bool,
    /// `x-kubernetes-int-or-string`.
    pub int_or_string: bool,
    /// `x-kubernetes-list-type`.
    pub list_type: Box<str>,
    /// `x-kubernetes-list-map-keys`.
    pub list_map_keys: Vec<Box<str>>,
    /// `x-kubernetes-map-type`.
    pub map_type: Box<str>,
    /// `x-kubernetes-validations`, as they are written.
    pub rules: Vec<Value>,
    /// `externalDocs` and `example`, as they are written.
    pub notes: Vec<(&'static str, Value)>,
}

/// What members without a name of their own may be.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Additional {
    /// Nothing was said.
    #[default]
    Unsaid,
    /// `additionalProperties: true` or `false`.
    Allowed(bool),
    /// Of this schema.
    Schema(Box<Schema>),
}

impl Additional {
    /// The schema of such members.
    pub fn schema(&self) -> Option<&Schema> {
        match self {
            Self::Schema(schema) => Some(schema),
            _ => None,
        }
    }
}

impl Schema {
    /// Calls `see` for this place and all below it, junctors too.
    pub fn walk<'s>(&'s self, see: &mut impl FnMut(&'s Self)) {
        see(self);
        let below = self.properties.values().chain(self.items.as_deref()).chain(self.additional.schema());
        let junctors = self.all_of.iter().chain(&self.any_of).chain(&self.one_of).chain(self.not.as_deref());
        below.chain(junctors).for_each(|schema| schema.walk(see));
    }

    /// The schema of the member `name`.
    pub fn member(&self, name: &str) -> Option<&Self> {
        self.properties.get(name).or_else(|| self.additional.schema())
    }
}

/// What the type of a custom resource's objects knows of its definition.
#[derive(Debug)]
pub struct Custom {
    /// Of one version.
    pub schema: Arc<Schema>,
    /// `WidgetList`.
    pub list_kind: Text,
    /// Fields that selectors may name, as `spec.color`.
    pub selectable: Vec<Text>,
}

#[cfg(test)]
mod tests;
