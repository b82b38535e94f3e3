//! Server-side tables, as the answers' maker asks for them.

use mizzen_schema::table::GroupVersionKind;
use mizzen_schema::value::Value;

/// What of each object goes with its row (`includeObject`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IncludeObject {
    /// Nothing.
    None,
    /// Its metadata.
    #[default]
    Metadata,
    /// All of it.
    Object,
}

/// The metadata of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListMeta {
    /// Of the list, or of the object.
    pub resource_version: String,
    /// For the next page; empty for none.
    pub continue_token: String,
    /// Objects behind this page, when known.
    pub remaining_item_count: Option<i64>,
}

/// A column that a CustomResourceDefinition asks for (`additionalPrinterColumns`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// `string`, `integer`, `number`, `boolean`, `date`.
    pub ty: String,
    /// `date-time`, …; mostly empty.
    pub format: String,
    /// What it tells.
    pub description: String,
    /// Above 0: shown only by wide output.
    pub priority: i32,
    /// Where the value is: `.spec.color`.
    pub path: crate::table::JsonPath,
}

/// Renders objects of one kind as a `meta.k8s.io/v1` Table.
pub trait Tables: Send + Sync + 'static {
    /// The table, as a tree with its kind and version.
    fn render(
        &self,
        gvk: &GroupVersionKind,
        columns: Option<&[Column]>,
        objects: &[&Value],
        now: jiff::Timestamp,
        include_object: IncludeObject,
        meta: &ListMeta,
    ) -> Value;
}
