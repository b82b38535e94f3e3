//! Making sure that an object is there and is as it should be.

use bytes::Bytes;
use http::Method;
use mizzen_client::{ApiResource, Client, Error, ObjectKey};
use serde_json::Value as Json;

use super::BootstrapError;

/// How often a write that met another one is tried again.
const ATTEMPTS: usize = 5;

pub(super) fn resource(
    group: &str,
    version: &str,
    plural: &str,
    kind: &str,
    namespaced: bool,
) -> ApiResource {
    ApiResource {
        group: group.to_owned(),
        version: version.to_owned(),
        plural: plural.to_owned(),
        kind: kind.to_owned(),
        namespaced,
    }
}

pub(super) fn key_of(object: &Json) -> ObjectKey {
    let text = |field: &str| object["metadata"][field].as_str().unwrap_or_default();
    ObjectKey::new(text("namespace"), text("name"))
}

/// Tells which object a failure is about.
pub(super) fn about<'a>(
    resource: &'a ApiResource,
    key: &'a ObjectKey,
) -> impl FnOnce(Error) -> BootstrapError + 'a {
    move |source| BootstrapError::Api { what: format!("{} {key}", resource.plural), source }
}

async fn send(client: &Client, method: Method, path: &str, object: &Json) -> Result<(), Error> {
    let path = format!("{path}?fieldManager=kube-apiserver");
    client.request(method, &path, "application/json", Bytes::from(object.to_string())).await.map(drop)
}

/// Creates an object; `Ok(false)` when one of that name is there.
pub(super) async fn create(client: &Client, resource: &ApiResource, object: &Json) -> Result<bool, Error> {
    let key = key_of(object);
    match send(client, Method::POST, &resource.path(&key.namespace, "", ""), object).await {
        Ok(()) => Ok(true),
        Err(error) if error.is_already_exists() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Replaces an object (or, with a subresource, that part of it).
pub(super) async fn update(
    client: &Client,
    resource: &ApiResource,
    object: &Json,
    subresource: &str,
) -> Result<(), Error> {
    let key = key_of(object);
    send(client, Method::PUT, &resource.path(&key.namespace, &key.name, subresource), object).await
}

/// Creates `wanted`, or changes what is there by `correct`, which says whether there was something to change.
pub(super) async fn ensure(
    client: &Client,
    resource: &ApiResource,
    wanted: &Json,
    correct: impl Fn(&mut Json) -> bool,
) -> Result<(), BootstrapError> {
    let key = key_of(wanted);
    let mut attempt = 0;
    loop {
        attempt += 1;
        match ensure_once(client, resource, &key, wanted, &correct).await {
            Err(error) if error.is_conflict() && attempt < ATTEMPTS => {}
            other => return other.map_err(about(resource, &key)),
        }
    }
}

async fn ensure_once(
    client: &Client,
    resource: &ApiResource,
    key: &ObjectKey,
    wanted: &Json,
    correct: impl Fn(&mut Json) -> bool,
) -> Result<(), Error> {
    let mut found = match client.get_as::<Json>(resource, key).await? {
        Some(found) => found,
        None => {
            if create(client, resource, wanted).await? {
                return Ok(());
            }
            // Somebody was quicker: what they made may need a correction.
            match client.get_as::<Json>(resource, key).await? {
                Some(found) => found,
                None => return Ok(()),
            }
        }
    };
    if correct(&mut found) { update(client, resource, &found, "").await } else { Ok(()) }
}

/// Sets a member, and says whether that changed it.
pub(super) fn put(object: &mut Json, pointer: &[&str], value: &Json) -> bool {
    let mut slot = object;
    for name in pointer {
        if !slot.is_object() {
            *slot = Json::Object(serde_json::Map::new());
        }
        slot = &mut slot[*name];
    }
    if slot == value {
        return false;
    }
    *slot = value.clone();
    true
}

/// Adds what a map at `pointer` lacks of `wanted`; what is there already stays.
pub(super) fn add_missing(object: &mut Json, pointer: &[&str], wanted: &Json) -> bool {
    let mut changed = false;
    for (name, value) in wanted.as_object().into_iter().flatten() {
        let path = [pointer, &[name.as_str()]].concat();
        let found = object
            .pointer(&format!("/{}", path.iter().map(|part| escape(part)).collect::<Vec<_>>().join("/")));
        if found.is_none() {
            changed |= put(object, &path, value);
        }
    }
    changed
}

fn escape(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_set_and_added() {
        let mut object = json!({"metadata": {"labels": {"a/b": "own"}}});
        assert!(add_missing(&mut object, &["metadata", "labels"], &json!({"a/b": "x", "c": "y"})));
        assert!(!add_missing(&mut object, &["metadata", "labels"], &json!({"a/b": "x", "c": "y"})));
        assert!(put(&mut object, &["data", "k"], &json!("v")));
        assert!(!put(&mut object, &["data", "k"], &json!("v")));
        let expect = json!({"metadata": {"labels": {"a/b": "own", "c": "y"}}, "data": {"k": "v"}});
        assert_eq!(object, expect);
    }
}
