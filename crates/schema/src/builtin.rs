//! The built-in kinds: the generated table, and look-ups in it.

use crate::table::{GroupVersionKind, Resource, Type};

/// Every served built-in resource, by group, version and plural.
pub fn resources() -> &'static [Resource] {
    todo!()
}

/// The struct type of a built-in kind (also of kinds without a resource: `DeleteOptions`, `Status`, `PodList`).
pub fn kind(_group: &str, _version: &str, _kind: &str) -> Option<&'static Type> {
    todo!()
}

/// A struct type by OpenAPI name: `io.k8s.api.core.v1.PodSpec`.
pub fn by_name(_name: &str) -> Option<&'static Type> {
    todo!()
}

/// Every struct type, by name.
pub fn types() -> &'static [&'static Type] {
    todo!()
}

/// The resource that serves a kind, if any.
pub fn resource_of(_gvk: &GroupVersionKind) -> Option<&'static Resource> {
    todo!()
}
