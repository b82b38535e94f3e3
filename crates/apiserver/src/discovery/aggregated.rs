//! Discovery in one document, with an ETag (KEP-3352).

use mizzen_schema::json;
use mizzen_schema::table::{GroupVersionKind, Resource, Subresource};
use mizzen_schema::value::{Struct, Value};

use super::{Accept, Document, Group, Served, new, strings};

/// The version of the aggregated document that a client likes best, if it likes that better than plain discovery.
pub(super) fn version(accept: &Accept<'_>) -> Option<&'static str> {
    for range in &accept.ranges {
        let aggregated = range.parameter("g") == Some("apidiscovery.k8s.io")
            && range.parameter("as") == Some("APIGroupDiscoveryList");
        match (aggregated, range.parameter("v")) {
            (true, Some("v2")) if range.takes("application/json") => return Some("v2"),
            (true, Some("v2beta1")) if range.takes("application/json") => return Some("v2beta1"),
            (true, _) => {}
            (false, _) if range.takes("application/json") => return None,
            (false, _) => {}
        }
    }
    None
}

/// `/api` (the core group) or `/apis` (the named groups).
pub(super) fn document(served: &Served, core: bool, version: &'static str) -> Document {
    let api_version = format!("apidiscovery.k8s.io/{version}");
    let mut object = new(&format!("api.apidiscovery.{version}.APIGroupDiscoveryList"));
    object.set("kind", Value::string("APIGroupDiscoveryList"));
    object.set("apiVersion", Value::string(api_version));
    let groups = served.groups.iter().filter(|group| group.name.is_empty() == core);
    object.set("items", Value::List(groups.map(|group| Value::Struct(one_group(group, version))).collect()));
    let mut bytes = Vec::new();
    json::encode(&Value::Struct(object), &mut bytes);
    let content_type = match version {
        "v2" => "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
        _ => "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList",
    };
    Document::tagged(bytes, content_type)
}

fn one_group(group: &Group, form: &str) -> Struct {
    let mut object = new(&format!("api.apidiscovery.{form}.APIGroupDiscovery"));
    let mut meta = new("apimachinery.pkg.apis.meta.v1.ObjectMeta");
    meta.set("name", Value::string(group.name.as_ref()));
    object.set("metadata", Value::Struct(meta));
    let versions = group.versions.iter().map(|version| {
        let mut object = new(&format!("api.apidiscovery.{form}.APIVersionDiscovery"));
        object.set("version", Value::string(version.name.as_ref()));
        let resources = version.resources.iter().map(|resource| Value::Struct(one_resource(resource, form)));
        object.set("resources", Value::List(resources.collect()));
        object.set("freshness", Value::string("Current"));
        Value::Struct(object)
    });
    object.set("versions", Value::List(versions.collect()));
    object
}

fn one_resource(resource: &Resource, form: &str) -> Struct {
    let mut object = new(&format!("api.apidiscovery.{form}.APIResourceDiscovery"));
    object.set("resource", Value::string(resource.plural.as_ref()));
    object.set("responseKind", kind(&resource.gvk));
    object.set("scope", Value::string(if resource.namespaced { "Namespaced" } else { "Cluster" }));
    object.set("singularResource", Value::string(resource.singular.as_ref()));
    object.set("verbs", strings(&resource.verbs));
    object.set("shortNames", strings(&resource.short_names));
    object.set("categories", strings(&resource.categories));
    let subresources = resource.subresources.iter().map(|own| Value::Struct(one_subresource(own, form)));
    object.set("subresources", Value::List(subresources.collect()));
    object
}

fn one_subresource(own: &Subresource, form: &str) -> Struct {
    let mut object = new(&format!("api.apidiscovery.{form}.APISubresourceDiscovery"));
    object.set("subresource", Value::string(own.name.as_ref()));
    object.set("responseKind", kind(&own.gvk));
    object.set("verbs", strings(&own.verbs));
    object
}

fn kind(gvk: &GroupVersionKind) -> Value {
    let mut object = new("apimachinery.pkg.apis.meta.v1.GroupVersionKind");
    object.set("group", Value::string(gvk.group.as_ref()));
    object.set("version", Value::string(gvk.version.as_ref()));
    object.set("kind", Value::string(gvk.kind.as_ref()));
    Value::Struct(object)
}
