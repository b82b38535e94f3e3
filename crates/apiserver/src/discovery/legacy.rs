//! Discovery a document at a time.

use mizzen_schema::table::{Resource, Subresource, Text};
use mizzen_schema::value::{Struct, Value};

use super::{Group, Served, new, strings};

/// `/api`: the versions of the core group. Without an apiVersion, as Kubernetes has always answered.
pub(super) fn versions(served: &Served) -> Struct {
    let mut object = new("apimachinery.pkg.apis.meta.v1.APIVersions");
    object.set("kind", Value::string("APIVersions"));
    let versions = served.group("").map_or(&[][..], |group| &group.versions);
    let names = versions.iter().map(|version| Value::string(version.name.as_ref())).collect();
    object.set("versions", Value::List(names));
    let mut address = new("apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR");
    address.set("clientCIDR", Value::string("0.0.0.0/0"));
    address.set("serverAddress", Value::string(&*served.address));
    object.set("serverAddressByClientCIDRs", Value::List(vec![Value::Struct(address)]));
    object
}

/// `/apis`: the named groups.
pub(super) fn groups(served: &Served) -> Struct {
    let mut object = new("apimachinery.pkg.apis.meta.v1.APIGroupList");
    object.set("kind", Value::string("APIGroupList"));
    object.set("apiVersion", Value::string("v1"));
    let named = served.groups.iter().filter(|group| !group.name.is_empty());
    object.set("groups", Value::List(named.map(|group| Value::Struct(one_group(group))).collect()));
    object
}

/// `/apis/GROUP`.
pub(super) fn group(served: &Served, name: &str) -> Option<Struct> {
    let mut object = one_group(served.group(name).filter(|group| !group.name.is_empty())?);
    object.set("kind", Value::string("APIGroup"));
    object.set("apiVersion", Value::string("v1"));
    Some(object)
}

fn one_group(group: &Group) -> Struct {
    let version = |name: &Text| {
        let mut object = new("apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery");
        object.set("groupVersion", Value::string(group_version(&group.name, name)));
        object.set("version", Value::string(name.as_ref()));
        Value::Struct(object)
    };
    let mut object = new("apimachinery.pkg.apis.meta.v1.APIGroup");
    object.set("name", Value::string(group.name.as_ref()));
    object.set("versions", Value::List(group.versions.iter().map(|own| version(&own.name)).collect()));
    if let Some(preferred) = group.versions.first() {
        object.set("preferredVersion", version(&preferred.name));
    }
    object
}

fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

/// `/api/VERSION` and `/apis/GROUP/VERSION`: resources and subresources.
pub(super) fn resources(served: &Served, group: &str, version: &str) -> Option<Struct> {
    let found = served.group(group)?.versions.iter().find(|own| own.name == version)?;
    let mut object = new("apimachinery.pkg.apis.meta.v1.APIResourceList");
    object.set("kind", Value::string("APIResourceList"));
    if !group.is_empty() {
        object.set("apiVersion", Value::string("v1"));
    }
    object.set("groupVersion", Value::string(group_version(group, version)));
    let mut rows = Vec::new();
    for resource in &found.resources {
        rows.push(Value::Struct(one_resource(resource, served.storage_hash(resource))));
        rows.extend(resource.subresources.iter().map(|own| Value::Struct(one_subresource(resource, own))));
    }
    object.set("resources", Value::List(rows));
    Some(object)
}

fn one_resource(resource: &Resource, storage_hash: Option<&str>) -> Struct {
    let mut object = new("apimachinery.pkg.apis.meta.v1.APIResource");
    object.set("name", Value::string(resource.plural.as_ref()));
    object.set("singularName", Value::string(resource.singular.as_ref()));
    object.set("namespaced", Value::Bool(resource.namespaced));
    object.set("kind", Value::string(resource.gvk.kind.as_ref()));
    object.set("verbs", strings(&resource.verbs));
    object.set("shortNames", strings(&resource.short_names));
    object.set("categories", strings(&resource.categories));
    if let Some(hash) = storage_hash {
        object.set("storageVersionHash", Value::string(hash));
    }
    object
}

fn one_subresource(resource: &Resource, own: &Subresource) -> Struct {
    let mut object = new("apimachinery.pkg.apis.meta.v1.APIResource");
    object.set("name", Value::string(format!("{}/{}", resource.plural, own.name)));
    object.set("singularName", Value::string(""));
    object.set("namespaced", Value::Bool(resource.namespaced));
    if own.gvk.group != resource.gvk.group || own.gvk.version != resource.gvk.version {
        object.set("group", Value::string(own.gvk.group.as_ref()));
        object.set("version", Value::string(own.gvk.version.as_ref()));
    }
    object.set("kind", Value::string(own.gvk.kind.as_ref()));
    object.set("verbs", strings(&own.verbs));
    object
}
