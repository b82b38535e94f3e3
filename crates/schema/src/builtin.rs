//! The built-in kinds: the generated table, and look-ups in it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::generated;
use crate::resources;
use crate::table::{GroupVersionKind, Resource, Type};
use crate::tables;

/// Every type, by name.
static TYPES: LazyLock<Vec<&'static Type>> = LazyLock::new(|| {
    let mut types: Vec<&'static Type> = generated::TYPES.iter().chain(&tables::TYPES).copied().collect();
    types.sort_unstable_by(|left, right| left.name.cmp(&right.name));
    types
});

/// Types by kind, version and group.
static KINDS: LazyLock<BTreeMap<(&'static str, &'static str, &'static str), &'static Type>> =
    LazyLock::new(|| {
        let kinds = types().iter().flat_map(|ty| {
            let kinds: &'static [GroupVersionKind] = &ty.kinds;
            kinds.iter().map(move |gvk| ((&*gvk.kind, &*gvk.version, &*gvk.group), *ty))
        });
        kinds.collect()
    });

/// Every served built-in resource, by group, version and plural.
pub fn resources() -> &'static [Resource] {
    &resources::RESOURCES
}

/// The struct type of a built-in kind (also of kinds without a resource: `DeleteOptions`, `Status`, `PodList`).
/// Parameters of requests (`ListOptions`, `CreateOptions`, …) are known in every group and version.
pub fn kind(group: &str, version: &str, kind: &str) -> Option<&'static Type> {
    let parameters = || match kind {
        "ListOptions" | "GetOptions" | "CreateOptions" | "UpdateOptions" | "PatchOptions"
        | "DeleteOptions" | "WatchEvent" => KINDS.get(&(kind, "v1", "")),
        _ => None,
    };
    KINDS.get(&(kind, version, group)).or_else(parameters).copied()
}

/// A struct type by OpenAPI name: `io.k8s.api.core.v1.PodSpec`.
pub fn by_name(name: &str) -> Option<&'static Type> {
    let at = TYPES.binary_search_by(|ty| ty.name.as_ref().cmp(name)).ok()?;
    Some(TYPES[at])
}

/// Every struct type, by name.
pub fn types() -> &'static [&'static Type] {
    &TYPES
}

/// The resource that serves a kind, if any.
pub fn resource_of(gvk: &GroupVersionKind) -> Option<&'static Resource> {
    // `bindings` comes before what it binds; a kind has one resource in each version.
    resources().iter().find(|resource| resource.gvk == *gvk)
}
