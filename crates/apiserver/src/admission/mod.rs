//! Admission: what may still change or refuse a write that is authenticated, authorised and well-formed.
//!
//! Plugins bear kube-apiserver's names and stand in its order.

#[cfg(test)]
pub(crate) mod fake;
pub(crate) mod pod_refs;
pub(crate) mod tree;

use async_trait::async_trait;
use mizzen_schema::table::GroupVersionKind;
use mizzen_schema::value::Value;

use crate::attributes::{ResourceTarget, User};
use crate::status::ApiError;

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// A new object.
    Create,
    /// A change of one (patch and apply too).
    Update,
    /// Its removal.
    Delete,
    /// An upgrade to a stream: exec, attach, portforward, proxy.
    Connect,
}

/// A write on its way through admission.
#[derive(Debug)]
pub struct Request<'a> {
    /// Who.
    pub user: &'a User,
    /// What is being done.
    pub operation: Operation,
    /// To which resource.
    pub target: &'a ResourceTarget,
    /// The kind of `object`.
    pub gvk: &'a GroupVersionKind,
    /// The object as it would be stored; `None` when deleting.
    pub object: Option<&'a mut Value>,
    /// The object as it is; `None` when creating.
    pub old: Option<&'a Value>,
    /// Nothing will be stored.
    pub dry_run: bool,
    /// Warnings for the client, one header each.
    pub warnings: &'a mut Vec<String>,
}

/// An admission plugin. All `mutate` calls come first, then all `validate` calls.
#[async_trait]
pub trait Plugin: Send + Sync + 'static {
    /// The plugin's name as in kube-apiserver's `--enable-admission-plugins`.
    fn name(&self) -> &'static str;

    /// May change the object, or refuse.
    async fn mutate(&self, _request: &mut Request<'_>) -> Result<(), ApiError> {
        Ok(())
    }

    /// May refuse.
    async fn validate(&self, _request: &Request<'_>) -> Result<(), ApiError> {
        Ok(())
    }
}

/// What plugins and the RBAC authorizer may read: the watch cache, without a request of its own.
#[async_trait]
pub trait Lookup: Send + Sync + 'static {
    /// An object of a built-in resource, as a tree; `namespace` is empty for cluster scope.
    async fn get(
        &self,
        group: &str,
        resource: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Value>, ApiError>;

    /// All objects of a resource in a namespace (empty: all namespaces).
    async fn list(&self, group: &str, resource: &str, namespace: &str) -> Result<Vec<Value>, ApiError>;

    /// The pods bound to a node. A cache with an index over `spec.nodeName` answers without looking at others.
    async fn pods_on(&self, node: &str) -> Result<Vec<Value>, ApiError> {
        let mut pods = self.list("", "pods", "").await?;
        pods.retain(|pod| pod.str_at(&["spec", "nodeName"]) == Some(node));
        Ok(pods)
    }

    /// Rises whenever an object of the resource changes: lets a reader keep what it derived.
    fn generation(&self, group: &str, resource: &str) -> u64;
}
