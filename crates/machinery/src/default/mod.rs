//! Defaults of built-in kinds: what the API server fills in when a field is unset.

use mizzen_schema::value::Value;

/// Fills in the defaults of a built-in kind (versioned defaulting; what admission and strategies set is theirs).
/// Idempotent.
pub fn object(_group: &str, _kind: &str, _object: &mut Value) {
    todo!()
}
