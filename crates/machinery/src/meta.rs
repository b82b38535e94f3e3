//! `metadata` of a tree.

use mizzen_schema::value::Value;

/// `metadata.name`, or empty.
pub fn name(object: &Value) -> &str {
    object.str_at(&["metadata", "name"]).unwrap_or_default()
}

/// `metadata.namespace`, or empty.
pub fn namespace(object: &Value) -> &str {
    object.str_at(&["metadata", "namespace"]).unwrap_or_default()
}

/// `metadata.uid`, or empty.
pub fn uid(object: &Value) -> &str {
    object.str_at(&["metadata", "uid"]).unwrap_or_default()
}

/// `metadata.resourceVersion`, or empty.
pub fn resource_version(object: &Value) -> &str {
    object.str_at(&["metadata", "resourceVersion"]).unwrap_or_default()
}
