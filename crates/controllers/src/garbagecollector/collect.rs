//! Deciding about one object, and doing it.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use mizzen_client::{
    ApiResource, DeleteParams, Error, ObjectKey, Outcome, PartialObject, Patch, Precondition,
};
use serde_json::{Value as Json, json};
use tracing::debug;

use super::Controller;
use super::graph::{FOREGROUND, Identity, Node, ORPHAN, is_elsewhere};
use crate::context::Reconcile;

/// An object's owners, by what is known of them.
#[derive(Default)]
struct Owners {
    /// There.
    solid: Vec<OwnerReference>,
    /// Gone.
    dangling: Vec<OwnerReference>,
    /// Going, after their dependents.
    waiting: Vec<OwnerReference>,
}

impl Owners {
    /// Whether `uid` is to be dropped from the references.
    fn drops(&self, uid: &str) -> bool {
        self.dangling.iter().chain(&self.waiting).any(|owner| owner.uid == uid)
    }
}

/// A write met a newer object, or another of that name: what is in the graph will follow.
fn lost_race(error: &Error) -> bool {
    error.is_conflict() || error.code() == Some(422)
}

impl Controller {
    /// Looks at an object that may be garbage.
    pub(super) async fn attempt_delete(&self, uid: &str) -> Reconcile {
        let Some(node) = self.graph().get(uid).cloned() else { return Ok(Outcome::Done) };
        if node.deleting && !node.deleting_dependents {
            // Nothing more to be done but by others.
            return Ok(Outcome::Done);
        }
        let Some(resource) = self.resource_of(&node.identity, uid) else {
            debug!(kind = node.identity.kind, "The kind of an owner is not served.");
            // It comes again when what is served changes, or when its dependents are looked at.
            return Ok(Outcome::Retry);
        };
        let live = self.live(&resource, &node.identity.key).await?;
        let live = live.filter(|live| live.metadata.uid.as_deref() == Some(uid));
        let Some(live) = live else {
            let work = if node.is_virtual { self.graph().not_found(uid) } else { self.graph().gone(uid) };
            self.add(work);
            return Ok(Outcome::Done);
        };
        if node.is_virtual {
            // It is there: its own event, when it comes, makes it a real one.
            return Ok(Outcome::Done);
        }
        if node.deleting_dependents {
            return self.go_on_with_foreground(uid, &node, &resource).await;
        }
        let owners = live.metadata.owner_references.clone().unwrap_or_default();
        if owners.is_empty() {
            return Ok(Outcome::Done);
        }
        let owners = self.classify(&node, uid, owners).await?;
        self.act(uid, &node, &resource, &live.metadata, &owners).await
    }

    /// The resource of a node; for one that was only named, it is looked up. `None`: it is not known.
    fn resource_of(&self, identity: &Identity, uid: &str) -> Option<ApiResource> {
        if let Some(resource) = &identity.resource {
            return Some(resource.clone());
        }
        let resource = self.resource(&identity.api_version, &identity.kind)?;
        self.graph().resolve(uid, &resource);
        Some(resource)
    }

    async fn live(&self, resource: &ApiResource, key: &ObjectKey) -> Result<Option<PartialObject>, Error> {
        if resource.namespaced && key.namespace.is_empty() {
            // A namespaced owner named by an object of cluster scope: there is no place to look at.
            return Ok(None);
        }
        self.context.client.get_as(resource, &in_scope(resource, key)).await
    }

    /// Sorts owners by whether they are there, each verified by a live read.
    async fn classify(&self, node: &Node, uid: &str, owners: Vec<OwnerReference>) -> Result<Owners, Error> {
        let mut sorted = Owners::default();
        for owner in owners {
            let elsewhere = self
                .graph()
                .get(&owner.uid)
                .is_some_and(|known| !known.is_virtual && is_elsewhere(&known.identity, &node.identity));
            if elsewhere {
                self.complain(&node.identity, uid, &owner);
                if node.identity.key.namespace.is_empty() {
                    // Nobody can say where it would have to be: it counts as there.
                    sorted.solid.push(owner);
                } else {
                    sorted.dangling.push(owner);
                }
                continue;
            }
            if self.graph().is_absent(&owner.uid) {
                sorted.dangling.push(owner);
                continue;
            }
            let Some(resource) = self.resource(&owner.api_version, &owner.kind) else {
                // A kind that is not served: nothing is known of the owner.
                debug!(kind = owner.kind, "The kind of an owner is not served.");
                sorted.solid.push(owner);
                continue;
            };
            if resource.namespaced && node.identity.key.namespace.is_empty() {
                self.complain(&node.identity, uid, &owner);
                sorted.solid.push(owner);
                continue;
            }
            let key = ObjectKey::new(node.identity.key.namespace.clone(), owner.name.clone());
            match self.live(&resource, &key).await? {
                Some(live) if live.metadata.uid.as_ref() == Some(&owner.uid) => {
                    let waits = live.metadata.deletion_timestamp.is_some()
                        && live.metadata.finalizers.iter().flatten().any(|name| name == FOREGROUND);
                    if waits { &mut sorted.waiting } else { &mut sorted.solid }.push(owner);
                }
                _ => {
                    sorted.dangling.push(owner);
                }
            }
        }
        Ok(sorted)
    }

    /// Keeps the object with the owners that it has, or deletes it.
    async fn act(
        &self,
        uid: &str,
        node: &Node,
        resource: &ApiResource,
        live: &ObjectMeta,
        owners: &Owners,
    ) -> Reconcile {
        if !owners.solid.is_empty() {
            if owners.dangling.is_empty() && owners.waiting.is_empty() {
                return Ok(Outcome::Done);
            }
            let kept = live.owner_references.iter().flatten().filter(|owner| !owners.drops(&owner.uid));
            let kept: Vec<&OwnerReference> = kept.collect();
            return self.patch(resource, &node.identity.key, live, json!({"ownerReferences": kept})).await;
        }
        let has = |name: &str| live.finalizers.iter().flatten().any(|finalizer| finalizer == name);
        let policy = if !owners.waiting.is_empty() && !node.dependents.is_empty() {
            // Its owner waits for it, so it waits for its own. One that waits for us in turn would do so for ever.
            self.break_circle(uid, node, resource, live).await?;
            "Foreground"
        } else if has(ORPHAN) {
            "Orphan"
        } else if has(FOREGROUND) {
            "Foreground"
        } else {
            "Background"
        };
        let preconditions = Precondition { uid: Some(uid.to_owned()), resource_version: None };
        let params = DeleteParams {
            propagation_policy: Some(policy),
            preconditions: Some(preconditions),
            ..DeleteParams::default()
        };
        let key = in_scope(resource, &node.identity.key);
        match self.context.client.delete_as(resource, &key, &params).await {
            Err(error) if lost_race(&error) => Ok(Outcome::Retry),
            other => other.map(|_| Outcome::Done),
        }
    }

    /// Lifts the object's blocks when one of its dependents is waiting for its dependents already: they may own each
    /// other in a circle.
    async fn break_circle(
        &self,
        uid: &str,
        node: &Node,
        resource: &ApiResource,
        live: &ObjectMeta,
    ) -> Result<(), Error> {
        let waits = self.graph().dependents(uid).iter().any(|(_, dependent)| dependent.deleting_dependents);
        if !waits {
            return Ok(());
        }
        let mut owners = live.owner_references.clone().unwrap_or_default();
        for owner in &mut owners {
            owner.block_owner_deletion = owner.block_owner_deletion.map(|_| false);
        }
        self.patch(resource, &node.identity.key, live, json!({"ownerReferences": owners})).await.map(drop)
    }

    /// An owner that goes after its dependents: is anybody left to wait for?
    async fn go_on_with_foreground(&self, uid: &str, node: &Node, resource: &ApiResource) -> Reconcile {
        let blocking = self.graph().blocking(uid);
        if blocking.is_empty() {
            return self.remove_finalizer(uid, resource, &node.identity.key, FOREGROUND).await;
        }
        for dependent in blocking {
            let waits = self.graph().get(&dependent).is_some_and(|node| node.deleting_dependents);
            if !waits {
                self.delete.add(dependent);
            }
        }
        // The end of the last one brings us here again.
        Ok(Outcome::Done)
    }

    /// An owner that leaves its dependents behind: they are told, then it goes.
    pub(super) async fn attempt_orphan(&self, uid: &str) -> Reconcile {
        let Some(node) = self.graph().get(uid).cloned() else { return Ok(Outcome::Done) };
        let Some(resource) = node.identity.resource.clone() else { return Ok(Outcome::Done) };
        for (dependent_uid, dependent) in self.graph_dependents(uid) {
            let Some(dependent_resource) = dependent.identity.resource.clone() else { continue };
            let key = &dependent.identity.key;
            let Some(live) = self.live(&dependent_resource, key).await? else { continue };
            if live.metadata.uid.as_ref() != Some(&dependent_uid) {
                continue;
            }
            let owners = live.metadata.owner_references.iter().flatten();
            let kept: Vec<&OwnerReference> = owners.filter(|owner| owner.uid != uid).collect();
            let all = live.metadata.owner_references.as_ref().map_or(0, Vec::len);
            if kept.len() == all {
                continue;
            }
            let members = json!({"ownerReferences": kept});
            if self.patch(&dependent_resource, key, &live.metadata, members).await? == Outcome::Retry {
                return Ok(Outcome::Retry);
            }
        }
        self.remove_finalizer(uid, &resource, &node.identity.key, ORPHAN).await
    }

    fn graph_dependents(&self, uid: &str) -> Vec<(String, Node)> {
        self.graph().dependents(uid)
    }

    async fn remove_finalizer(
        &self,
        uid: &str,
        resource: &ApiResource,
        key: &ObjectKey,
        name: &str,
    ) -> Reconcile {
        let Some(live) = self.live(resource, key).await? else { return Ok(Outcome::Done) };
        if live.metadata.uid.as_deref() != Some(uid) {
            return Ok(Outcome::Done);
        }
        let finalizers = live.metadata.finalizers.clone().unwrap_or_default();
        let kept: Vec<&String> = finalizers.iter().filter(|finalizer| *finalizer != name).collect();
        if kept.len() == finalizers.len() {
            return Ok(Outcome::Done);
        }
        self.patch(resource, key, &live.metadata, json!({"finalizers": kept})).await
    }

    /// Changes metadata of an object as it was read; merge patches do that to any kind.
    async fn patch(
        &self,
        resource: &ApiResource,
        key: &ObjectKey,
        live: &ObjectMeta,
        members: Json,
    ) -> Reconcile {
        let mut metadata = members;
        metadata["uid"] = json!(live.uid);
        metadata["resourceVersion"] = json!(live.resource_version);
        let patch = Patch::Merge(json!({"metadata": metadata}));
        let key = in_scope(resource, key);
        match self.context.client.patch_as::<PartialObject>(resource, &key, "", &patch).await {
            Ok(_) => Ok(Outcome::Done),
            Err(error) if error.is_not_found() => Ok(Outcome::Done),
            Err(error) if lost_race(&error) => Ok(Outcome::Retry),
            Err(error) => Err(error),
        }
    }
}

/// The key of an object of a resource: those of cluster scope have no namespace, whoever names them.
fn in_scope(resource: &ApiResource, key: &ObjectKey) -> ObjectKey {
    let namespace = if resource.namespaced { key.namespace.clone() } else { String::new() };
    ObjectKey::new(namespace, key.name.clone())
}
