//! Server-side tables, as the answers' maker asks for them.

use mizzen_schema::table::GroupVersionKind;
use mizzen_schema::value::Value;

pub use crate::table::{IncludeObject, ListMeta};

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

/// The tables of the built-in kinds.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltinTables;

impl Tables for BuiltinTables {
    fn render(
        &self,
        gvk: &GroupVersionKind,
        objects: &[&Value],
        now: jiff::Timestamp,
        include_object: IncludeObject,
        meta: &ListMeta,
    ) -> Value {
        crate::table::render(gvk, objects, now, include_object, meta)
    }
}
