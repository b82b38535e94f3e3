//! Conversion between served versions of a kind (autoscaling v1 and v2, events).

use mizzen_schema::table::TypeRef;
use mizzen_schema::value::Value;

/// `value` as type `to`. The same type gives the same value; types that differ in name only are moved field by field.
pub fn convert(_value: Value, _to: &TypeRef) -> Value {
    todo!()
}
