//! Admission: what may still change or refuse a write that is authenticated, authorised and well-formed.
//!
//! Plugins bear kube-apiserver's names and stand in its order.

mod certificates;
mod default_ingress_class;
mod default_storage_class;
mod default_toleration;
mod deny_external_ips;
#[cfg(test)]
pub(crate) mod fake;
mod limit_ranger;
mod loopback;
mod namespace_lifecycle;
mod node_restriction;
mod owner_references;
pub mod plugins;
pub(crate) mod pod_refs;
mod pod_resources;
mod pod_security;
mod pod_topology_labels;
mod priority;
mod pvc_resize;
mod rbac_escalation;
mod resource_quota;
mod runtime_class;
mod service_account;
mod storage_object_in_use;
mod taint_nodes;
pub(crate) mod tree;

use async_trait::async_trait;
use mizzen_schema::table::GroupVersionKind;
use mizzen_schema::value::Value;

use crate::attributes::{Attributes, ResourceTarget, Target, User};
use crate::authz::{Authorizer, Decision};
use crate::status::ApiError;

pub use loopback::Loopback;

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

impl Request<'_> {
    /// Whether the request is about this resource itself, and not one of its subresources.
    pub(crate) fn is(&self, group: &str, resource: &str) -> bool {
        self.target.group == group && self.target.resource == resource && self.target.subresource.is_empty()
    }

    /// Whether the request is about a subresource.
    pub(crate) fn is_sub(&self, group: &str, resource: &str, subresource: &str) -> bool {
        self.target.group == group
            && self.target.resource == resource
            && self.target.subresource == subresource
    }

    /// The object's name, or what is known of it before names are generated.
    pub(crate) fn name(&self) -> &str {
        let object = self.object.as_deref();
        let named = |field| object.and_then(|object| object.str_at(&["metadata", field])).unwrap_or_default();
        let mut names = [self.target.name.as_str(), named("name"), named("generateName")].into_iter();
        names.find(|name| !name.is_empty()).unwrap_or("Unknown")
    }

    /// Whether the one who asks may also `verb` something else.
    async fn may(&self, authorizer: &dyn Authorizer, verb: &str, target: ResourceTarget) -> bool {
        let attributes = Attributes {
            user: self.user.clone(),
            verb: verb.to_owned(),
            target: Target::Resource(target),
            label_selector: String::new(),
            field_selector: String::new(),
        };
        matches!(authorizer.authorize(&attributes).await, Decision::Allow(_))
    }

    /// 403 about the object of this request.
    pub(crate) fn forbidden(&self, why: impl std::fmt::Display) -> ApiError {
        ApiError::forbidden(&self.target.group, &self.target.resource, self.name(), why)
    }
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

    /// The pods bound to a node. A cache with an index over `spec.nodeName` answers without looking at
    /// others.
    async fn pods_on(&self, node: &str) -> Result<Vec<Value>, ApiError> {
        let mut pods = self.list("", "pods", "").await?;
        pods.retain(|pod| pod.str_at(&["spec", "nodeName"]) == Some(node));
        Ok(pods)
    }

    /// Rises whenever an object of the resource changes: lets a reader keep what it derived.
    fn generation(&self, group: &str, resource: &str) -> u64;
}
