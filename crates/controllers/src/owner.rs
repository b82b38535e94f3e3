//! Who controls an object: owner references, and their taking and letting go.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use mizzen_client::{ApiResource, Client, Error, ObjectKey, Patch};
use serde_json::json;

/// The reference to the object's controller.
pub(crate) fn controller_of(meta: &ObjectMeta) -> Option<&OwnerReference> {
    meta.owner_references.iter().flatten().find(|owner| owner.controller == Some(true))
}

/// A controller reference to the owner with this metadata.
pub(crate) fn reference(resource: &ApiResource, owner: &ObjectMeta) -> OwnerReference {
    OwnerReference {
        api_version: resource.api_version(),
        kind: resource.kind.clone(),
        name: owner.name.clone().unwrap_or_default(),
        uid: owner.uid.clone().unwrap_or_default(),
        controller: Some(true),
        block_owner_deletion: Some(true),
    }
}

/// Makes `owner` the controller of an object that has none. The uid keeps a namesake that came meanwhile out of it.
pub(crate) async fn adopt(
    client: &Client,
    resource: &ApiResource,
    key: &ObjectKey,
    uid: &str,
    owner: &OwnerReference,
) -> Result<(), Error> {
    let patch = Patch::Strategic(json!({"metadata": {"uid": uid, "ownerReferences": [owner]}}));
    client.patch_as::<serde_json::Value>(resource, key, "", &patch).await.map(drop)
}

/// Lets an object go that no longer matches. One that is gone, or no longer ours, is let go already.
pub(crate) async fn release(
    client: &Client,
    resource: &ApiResource,
    key: &ObjectKey,
    uid: &str,
    owner_uid: &str,
) -> Result<(), Error> {
    let gone = json!([{"$patch": "delete", "uid": owner_uid}]);
    let patch = Patch::Strategic(json!({"metadata": {"uid": uid, "ownerReferences": gone}}));
    match client.patch_as::<serde_json::Value>(resource, key, "", &patch).await {
        Err(error) if error.is_not_found() || error.code() == Some(422) => Ok(()),
        other => other.map(drop),
    }
}

/// What an object that may be claimed looks like.
pub(crate) struct Claimable<'a> {
    pub(crate) meta: &'a ObjectMeta,
    /// Its labels match the owner's selector.
    pub(crate) matches: bool,
}

/// What is to be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It is the owner's.
    Owned,
    /// It has no controller and matches.
    Adopt,
    /// It is the owner's but matches no longer.
    Release,
    /// It is none of the owner's business.
    Ignore,
}

/// Decides. An owner that is being deleted takes and lets go of nothing.
pub(crate) fn claim(object: &Claimable<'_>, owner: &ObjectMeta) -> Claim {
    let deleting = owner.deletion_timestamp.is_some();
    match controller_of(object.meta) {
        Some(controller) if Some(&controller.uid) != owner.uid.as_ref() => Claim::Ignore,
        Some(_) if object.matches => Claim::Owned,
        Some(_) if deleting => Claim::Ignore,
        Some(_) => Claim::Release,
        None if deleting || !object.matches || object.meta.deletion_timestamp.is_some() => Claim::Ignore,
        None => Claim::Adopt,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meta(value: serde_json::Value) -> ObjectMeta {
        serde_json::from_value(value).expect("metadata")
    }

    #[test]
    fn claims() {
        let owner = meta(json!({"uid": "o"}));
        let owned = |uid: &str| {
            meta(
                json!({"ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "x", "uid": uid, "controller": true}]}),
            )
        };
        let check = |object: &ObjectMeta, matches: bool, expect: Claim| {
            assert_eq!(claim(&Claimable { meta: object, matches }, &owner), expect);
        };
        check(&owned("o"), true, Claim::Owned);
        check(&owned("o"), false, Claim::Release);
        check(&owned("other"), true, Claim::Ignore);
        check(&meta(json!({})), true, Claim::Adopt);
        check(&meta(json!({})), false, Claim::Ignore);
        let dying = meta(json!({"uid": "o", "deletionTimestamp": "2026-01-01T00:00:00Z"}));
        assert_eq!(claim(&Claimable { meta: &meta(json!({})), matches: true }, &dying), Claim::Ignore);
    }
}
