//! Server-side apply and `metadata.managedFields` (KEP-555).

use jiff::Timestamp;
use mizzen_schema::value::Value;

/// Who writes, and how.
#[derive(Debug, Clone)]
pub struct Manager<'a> {
    /// `fieldManager`.
    pub name: &'a str,
    /// `apps/v1`: the version of the request.
    pub api_version: &'a str,
    /// `status`, `scale`; empty for the object.
    pub subresource: &'a str,
    /// Now.
    pub now: Timestamp,
    /// Fields that the strategy resets on this endpoint (`status` on the main one): paths of JSON names, never owned.
    pub reset_fields: &'a [&'a [&'a str]],
}

/// A field that another manager owns with another value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// As clients see it: `.spec.replicas`, `.spec.containers[name="a"].image`.
    pub field: String,
    /// `conflict with "kubectl" using apps/v1 at 2026-01-01T00:00:00Z`, without the quotes around the whole.
    pub with: String,
}

/// Why an apply did not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// Others own what it wants to change.
    #[error("Apply failed with {} conflict(s)", .0.len())]
    Conflicts(Vec<Conflict>),
    /// The object cannot be applied: the message for a 400 or 422.
    #[error("{0}")]
    Malformed(String),
}

/// Merges `applied` (which may leave fields out) into `live` (`None`: creates), with ownership kept in the result's
/// `metadata.managedFields`. The result is not defaulted.
pub fn apply(
    _live: Option<&Value>,
    _applied: &Value,
    _manager: &Manager<'_>,
    _force: bool,
) -> Result<Value, ApplyError> {
    todo!()
}

/// After a create, update or patch: sets `new`'s managedFields so that what differs from `live` belongs to `manager`
/// (operation Update). An unchanged object keeps its entries and times. A write that empties managedFields resets it.
pub fn update(_live: Option<&Value>, _new: &mut Value, _manager: &Manager<'_>) {
    todo!()
}
