//! `metav1.Status`: how failures, and successes without an object, are told.

use mizzen_schema::decode::Options;
use mizzen_schema::json;
use mizzen_schema::value::Value;
use serde_json::{Map, Value as Json, json};

use crate::status::{ApiError, Details};
use crate::tree::builtin_type;

const TYPE: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";

/// The failure as JSON text, as Kubernetes prints it.
pub(crate) fn failure_json(error: &ApiError) -> Vec<u8> {
    let mut meta = Map::new();
    let token = error.details.as_ref().map(|details| details.continue_token.as_str()).unwrap_or_default();
    if !token.is_empty() {
        meta.insert("continue".into(), token.into());
    }
    let mut status = Map::new();
    status.insert("kind".into(), "Status".into());
    status.insert("apiVersion".into(), "v1".into());
    status.insert("metadata".into(), meta.into());
    status.insert("status".into(), "Failure".into());
    if !error.message.is_empty() {
        status.insert("message".into(), error.message.clone().into());
    }
    if !error.reason.is_empty() {
        status.insert("reason".into(), error.reason.into());
    }
    if let Some(details) = error.details.as_ref().filter(|_| token.is_empty()) {
        status.insert("details".into(), details_json(details));
    }
    status.insert("code".into(), error.code.into());
    serde_json::to_vec(&Json::Object(status)).expect("strings and numbers are JSON")
}

fn details_json(details: &Details) -> Json {
    let mut map = Map::new();
    let mut text = |key: &str, value: &str| {
        if !value.is_empty() {
            map.insert(key.into(), value.into());
        }
    };
    text("name", &details.name);
    text("group", &details.group);
    text("kind", &details.kind);
    text("uid", &details.uid);
    let causes: Vec<Json> = details
        .causes
        .iter()
        .map(|cause| {
            let mut map = Map::new();
            let members = [("reason", &cause.reason), ("message", &cause.message), ("field", &cause.field)];
            for (key, value) in members.into_iter().filter(|(_, value)| !value.is_empty()) {
                map.insert(key.into(), value.as_str().into());
            }
            Json::Object(map)
        })
        .collect();
    if !causes.is_empty() {
        map.insert("causes".into(), causes.into());
    }
    if details.retry_after_s > 0 {
        map.insert("retryAfterSeconds".into(), details.retry_after_s.into());
    }
    map.into()
}

/// A Status as a tree, out of its JSON.
pub(crate) fn tree(json: &[u8]) -> Result<Value, ApiError> {
    json::decode(json, &builtin_type(TYPE), &Options::default())
        .map(|decoded| decoded.value)
        .map_err(ApiError::internal)
}

/// The success of a deletion, about the object that is gone.
pub(crate) fn deleted(name: &str, group: &str, resource: &str, uid: &str) -> Result<Value, ApiError> {
    let details = Details {
        name: name.to_owned(),
        group: group.to_owned(),
        kind: resource.to_owned(),
        uid: uid.to_owned(),
        ..Details::default()
    };
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details_json(&details),
    });
    tree(status.to_string().as_bytes())
}

/// A success without more to say.
pub(crate) fn success(code: u16) -> Result<Value, ApiError> {
    let status =
        json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": code });
    tree(status.to_string().as_bytes())
}
