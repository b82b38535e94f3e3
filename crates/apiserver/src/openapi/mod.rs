//! OpenAPI v2 and v3 of everything that is served, out of the schema table.
//!
//! [`schema`] makes definitions of types, [`paths`] operations of resources; v3 is a document for each group and
//! version under an index with hashes, v2 one for all, in JSON or in the protobuf of old clients.

mod custom;
mod gnostic;
mod markers;
mod named;
mod parameters;
mod paths;
mod schema;

use std::collections::BTreeMap;

use mizzen_schema::builtin;
use mizzen_schema::table::{Resource, TypeRef};
use serde_json::{Value as Json, json};

use crate::discovery::{Accept, Catalog, Document};
use crate::status::ApiError;
use schema::{Definitions, Form};

/// The API level, as the documents name it.
const VERSION: &str = "v1.35.0";
const V2_PROTOBUF: &str = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const V2_PROTOBUF_OLD: &str = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

/// `/openapi/v2`; 406 when the client takes neither JSON nor the protobuf form.
pub fn v2(accept: &str, catalog: &dyn Catalog) -> Result<Document, ApiError> {
    let offers = ["application/json", V2_PROTOBUF, V2_PROTOBUF_OLD];
    let chosen = Accept::parse(accept).first(&offers);
    let offer = chosen.ok_or_else(|| ApiError::not_acceptable(&offers[..2]))?;
    let resources = catalog.resources();
    let mut definitions = Definitions::new(Form::V2);
    let mut items = BTreeMap::new();
    for resource in &resources {
        definitions.add_resource(resource);
        items.extend(paths::of(resource, Form::V2));
    }
    let head = json!({
        "swagger": "2.0",
        "info": {"title": "Kubernetes", "version": VERSION},
        "securityDefinitions": {"BearerToken": {
            "description": "Bearer Token authentication", "type": "apiKey", "name": "authorization", "in": "header",
        }},
        "security": [{"BearerToken": []}],
    });
    if offer != "application/json" {
        return Ok(Document::tagged(gnostic::document(&head, &items, &definitions), V2_PROTOBUF));
    }
    let mut bytes = head.to_string().into_bytes();
    // The parts are written one by one: all of them as one tree would be many times as large as the text.
    bytes.pop();
    bytes.extend_from_slice(b",\"paths\":{");
    push_members(&mut bytes, items.into_iter());
    bytes.extend_from_slice(b"},\"definitions\":{");
    push_members(&mut bytes, definitions.iter());
    bytes.extend_from_slice(b"}}");
    Ok(Document::tagged(bytes, "application/json"))
}

/// `/openapi/v3`: where the documents are, with their hashes.
pub fn v3_index(catalog: &dyn Catalog) -> Document {
    let mut paths = serde_json::Map::new();
    for (name, resources) in group_versions(catalog) {
        let document = v3_document(&resources);
        let hash = document.etag.trim_matches('"');
        paths.insert(name.clone(), json!({"serverRelativeURL": format!("/openapi/v3/{name}?hash={hash}")}));
    }
    Document::tagged(json!({"paths": paths}).to_string().into_bytes(), "application/json")
}

/// `/openapi/v3/apis/apps/v1` and the like, by what follows `/openapi/v3/`; none for what is not served, 406 for
/// clients that do not take JSON.
pub fn v3(group_version: &str, accept: &str, catalog: &dyn Catalog) -> Result<Option<Document>, ApiError> {
    let Some(resources) = group_versions(catalog).remove(group_version) else { return Ok(None) };
    let offers = ["application/json"];
    Accept::parse(accept).first(&offers).ok_or_else(|| ApiError::not_acceptable(&offers))?;
    Ok(Some(v3_document(&resources)))
}

/// Resources by `api/v1` or `apis/GROUP/VERSION`.
fn group_versions(catalog: &dyn Catalog) -> BTreeMap<String, Vec<Resource>> {
    let mut map: BTreeMap<String, Vec<Resource>> = BTreeMap::new();
    for resource in catalog.resources() {
        let (group, version) = (&resource.gvk.group, &resource.gvk.version);
        let name =
            if group.is_empty() { format!("api/{version}") } else { format!("apis/{group}/{version}") };
        map.entry(name).or_default().push(resource);
    }
    map
}

fn v3_document(resources: &[Resource]) -> Document {
    let mut definitions = Definitions::new(Form::V3);
    let mut items = BTreeMap::new();
    for resource in resources {
        definitions.add_resource(resource);
        items.extend(paths::of(resource, Form::V3));
    }
    let head = json!({"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": VERSION}});
    let mut bytes = head.to_string().into_bytes();
    bytes.pop();
    bytes.extend_from_slice(b",\"paths\":{");
    push_members(&mut bytes, items.into_iter());
    bytes.extend_from_slice(b"},\"components\":{\"schemas\":{");
    push_members(&mut bytes, definitions.iter());
    let security = json!({"BearerToken": {
        "description": "Bearer Token authentication", "type": "apiKey", "name": "authorization", "in": "header",
    }});
    bytes.extend_from_slice(b"},\"securitySchemes\":");
    bytes.extend_from_slice(security.to_string().as_bytes());
    bytes.extend_from_slice(b"}}");
    Document::tagged(bytes, "application/json")
}

fn push_members(out: &mut Vec<u8>, members: impl Iterator<Item = (String, Json)>) {
    for (at, (name, value)) in members.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(Json::String(name).to_string().as_bytes());
        out.push(b':');
        out.extend_from_slice(value.to_string().as_bytes());
    }
}

/// The name of a resource's definition: its type's, or made of group, version and kind for custom ones.
fn definition_name(resource: &Resource) -> String {
    match &resource.ty {
        TypeRef::Static(ty) => ty.name.to_string(),
        TypeRef::Shared(_) => {
            let gvk = &resource.gvk;
            let group: Vec<_> = gvk.group.rsplit('.').collect();
            format!("{}.{}.{}", group.join("."), gvk.version, gvk.kind)
        }
    }
}

/// The name of the definition of a resource's list.
fn list_name(resource: &Resource) -> String {
    let gvk = &resource.gvk;
    match builtin::kind(&gvk.group, &gvk.version, &format!("{}List", gvk.kind)) {
        Some(ty) => ty.name.to_string(),
        None => match &resource.ty.custom {
            Some(own) => {
                let name = definition_name(resource);
                let prefix = name.strip_suffix(&*gvk.kind).unwrap_or(&name);
                format!("{prefix}{}", own.list_kind)
            }
            None => format!("{}List", definition_name(resource)),
        },
    }
}

#[cfg(test)]
mod tests;
