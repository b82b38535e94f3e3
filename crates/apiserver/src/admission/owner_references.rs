//! OwnerReferencesPermissionEnforcement: who sets owners may delete the object, and who blocks an owner's
//! deletion may set its finalizers. Off by default.

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::builtin;
use mizzen_schema::table::GroupVersionKind;
use mizzen_schema::value::Value;

use super::tree::{flag, list, same, text};
use super::{Operation, Plugin, Request};
use crate::attributes::{Attributes, ResourceTarget, Target};
use crate::authz::{Authorizer, Decision};
use crate::status::ApiError;

/// The plugin.
pub(super) struct OwnerReferencesPermissionEnforcement {
    authorizer: Arc<dyn Authorizer>,
}

impl OwnerReferencesPermissionEnforcement {
    pub(super) fn new(authorizer: Arc<dyn Authorizer>) -> Self {
        Self { authorizer }
    }

    async fn may(&self, request: &Request<'_>, verb: &str, target: ResourceTarget) -> Result<(), String> {
        let attributes = Attributes {
            user: request.user.clone(),
            verb: verb.to_owned(),
            target: Target::Resource(target),
            label_selector: String::new(),
            field_selector: String::new(),
        };
        match self.authorizer.authorize(&attributes).await {
            Decision::Allow(_) => Ok(()),
            Decision::Deny(reason) | Decision::NoOpinion(reason) => Err(reason),
        }
    }

    async fn blocking(&self, request: &Request<'_>, owner: &Value) -> Result<(), ApiError> {
        let (api_version, kind) = (text(owner, &["apiVersion"]), text(owner, &["kind"]));
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        let gvk = GroupVersionKind {
            group: group.to_owned().into(),
            version: version.to_owned().into(),
            kind: kind.to_owned().into(),
        };
        let Some(resource) = builtin::resource_of(&gvk) else {
            return Err(request.forbidden(format!(
                "cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion \
                 {api_version} Kind {kind}"
            )));
        };
        let target = ResourceTarget {
            group: group.to_owned(),
            version: version.to_owned(),
            resource: resource.plural.to_string(),
            subresource: "finalizers".to_owned(),
            namespace: if resource.namespaced { request.target.namespace.clone() } else { String::new() },
            name: text(owner, &["name"]).to_owned(),
            rest: String::new(),
        };
        self.may(request, "update", target).await.map_err(|reason| {
            request.forbidden(format!(
                "cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers \
                 on: {reason}"
            ))
        })
    }
}

#[async_trait]
impl Plugin for OwnerReferencesPermissionEnforcement {
    fn name(&self) -> &'static str {
        "OwnerReferencesPermissionEnforcement"
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        const OWNERS: [&str; 2] = ["metadata", "ownerReferences"];
        let Some(object) = request.object.as_deref() else { return Ok(()) };
        let old = request.old.unwrap_or(&Value::Null);
        if same(object, old, &OWNERS) {
            return Ok(());
        }
        if request.operation != Operation::Create {
            let target = ResourceTarget { subresource: String::new(), ..request.target.clone() };
            self.may(request, "delete", target).await.map_err(|reason| {
                let why = format!("cannot set an ownerRef on a resource you can't delete: {reason}");
                request.forbidden(why)
            })?;
        }
        let key = |owner: &Value| (text(owner, &["uid"]).to_owned(), flag(owner, &["blockOwnerDeletion"]));
        let known: Vec<_> = list(old, &OWNERS).iter().map(key).collect();
        for owner in list(object, &OWNERS) {
            if flag(owner, &["blockOwnerDeletion"]) && !known.contains(&key(owner)) {
                self.blocking(request, owner).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fake::Attempt;
    use super::*;
    use crate::authz::{AlwaysAllow, AlwaysDeny};

    #[tokio::test]
    async fn owners() {
        let object = |block: bool| {
            json!({"metadata": {"name": "a", "ownerReferences": [{"apiVersion": "apps/v1", "kind": "Deployment",
                "name": "d", "uid": "u", "blockOwnerDeletion": block}]}})
        };
        let deny = OwnerReferencesPermissionEnforcement::new(Arc::new(AlwaysDeny));
        let allow = OwnerReferencesPermissionEnforcement::new(Arc::new(AlwaysAllow));
        let create = |block| Attempt::create("apps", "replicasets", "web", object(block));
        assert!(create(true).run(&allow).await.is_ok());
        assert!(create(false).run(&deny).await.is_ok());
        let error = create(true).run(&deny).await.unwrap_err();
        assert!(error.message.contains("can't set finalizers on: Everything is forbidden."), "{error}");
        let update = |old| Attempt::update("apps", "replicasets", "web", object(true), old);
        assert!(update(json!({})).run(&deny).await.unwrap_err().message.contains("you can't delete"));
        assert!(update(object(true)).run(&deny).await.is_ok());
    }
}
