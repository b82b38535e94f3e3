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

/// Renders objects of one kind as a `meta.k8s.io/v1` Table.
pub trait Tables: Send + Sync + 'static {
    /// The table, as a tree with its kind and version.
    fn render(
        &self,
        gvk: &GroupVersionKind,
        objects: &[&Value],
        now: jiff::Timestamp,
        include_object: IncludeObject,
        meta: &ListMeta,
    ) -> Value;
}
