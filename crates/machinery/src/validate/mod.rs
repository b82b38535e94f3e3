//! Validation of built-in kinds, field by field.

use mizzen_schema::value::Value;

use crate::field::FieldError;

/// What is wrong with a new object (after defaulting), in the order in which Kubernetes reports it.
pub fn create(_group: &str, _kind: &str, _object: &Value) -> Vec<FieldError> {
    todo!()
}

/// What is wrong with a change of an object: immutable fields too.
pub fn update(_group: &str, _kind: &str, _new: &Value, _old: &Value) -> Vec<FieldError> {
    todo!()
}

/// What is wrong with a change through a subresource (`status`, `ephemeralcontainers`, `resize`, …).
pub fn update_subresource(
    _group: &str,
    _kind: &str,
    _subresource: &str,
    _new: &Value,
    _old: &Value,
) -> Vec<FieldError> {
    todo!()
}

/// Warnings for deprecated or odd but accepted fields, as Kubernetes words them.
pub fn warnings(_group: &str, _kind: &str, _object: &Value) -> Vec<String> {
    todo!()
}
