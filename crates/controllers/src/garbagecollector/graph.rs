//! Who owns whom: the graph that the collector decides by.
//!
//! A node is an object that was seen, or (virtual) one that was only named as an owner. What changes in it says what
//! has to be looked at: objects that may be garbage, and owners that leave their dependents behind.

use std::collections::BTreeSet;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use mizzen_client::{ApiResource, ObjectKey};
use mizzen_clock::{Map, Set};

/// On an owner that goes after its dependents.
pub(super) const FOREGROUND: &str = "foregroundDeletion";
/// On an owner that leaves its dependents behind.
pub(super) const ORPHAN: &str = "orphan";
/// Uids of objects known to be gone that are remembered.
const ABSENT_MAX: usize = 5000;

/// An object as it is addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    /// `apps/v1`, `ReplicaSet`: as it names itself, or as it is named.
    pub(super) api_version: String,
    pub(super) kind: String,
    pub(super) key: ObjectKey,
    /// `None`: the kind is only known by name yet.
    pub(super) resource: Option<ApiResource>,
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) identity: Identity,
    pub(super) owners: Vec<OwnerReference>,
    pub(super) dependents: BTreeSet<String>,
    /// Never seen itself.
    pub(super) is_virtual: bool,
    pub(super) deleting: bool,
    /// It goes when its dependents are gone.
    pub(super) deleting_dependents: bool,
    /// It lets its dependents go.
    orphaning: bool,
}

/// What is to be looked at.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// May be garbage, or may go on with its deletion.
    pub(super) delete: Vec<String>,
    /// Leave their dependents behind.
    pub(super) orphan: Vec<String>,
}

#[derive(Default)]
pub(super) struct Graph {
    nodes: Map<String, Node>,
    /// Gone for sure: uids are never used again.
    absent: Set<String>,
    absent_order: std::collections::VecDeque<String>,
}

fn has_finalizer(meta: &ObjectMeta, name: &str) -> bool {
    meta.finalizers.iter().flatten().any(|finalizer| finalizer == name)
}

/// Whether an owner lives in another namespace than its dependent; one of cluster scope may own everything.
pub(super) fn is_elsewhere(owner: &Identity, dependent: &Identity) -> bool {
    !owner.key.namespace.is_empty() && owner.key.namespace != dependent.key.namespace
}

impl Graph {
    pub(super) fn get(&self, uid: &str) -> Option<&Node> {
        self.nodes.get(uid)
    }

    pub(super) fn is_absent(&self, uid: &str) -> bool {
        self.absent.contains(uid)
    }

    fn note_absent(&mut self, uid: &str) {
        if self.absent.insert(uid.to_owned()) {
            self.absent_order.push_back(uid.to_owned());
        }
        while self.absent_order.len() > ABSENT_MAX {
            if let Some(old) = self.absent_order.pop_front() {
                self.absent.remove(&old);
            }
        }
    }

    /// An object was seen.
    pub(super) fn seen(&mut self, identity: Identity, meta: &ObjectMeta) -> Work {
        let uid = meta.uid.clone().unwrap_or_default();
        let owners = meta.owner_references.clone().unwrap_or_default();
        let deleting = meta.deletion_timestamp.is_some();
        let mut work = Work::default();
        let before = self.nodes.get(&uid).cloned();
        let fresh = || Node {
            identity: identity.clone(),
            owners: Vec::new(),
            dependents: BTreeSet::new(),
            is_virtual: false,
            deleting: false,
            deleting_dependents: false,
            orphaning: false,
        };
        let node = self.nodes.entry(uid.clone()).or_insert_with(fresh);
        (node.identity, node.is_virtual, node.deleting) = (identity.clone(), false, deleting);
        let deleting_dependents = deleting && has_finalizer(meta, FOREGROUND);
        let orphaning = deleting && has_finalizer(meta, ORPHAN);
        let begins_foreground = deleting_dependents && !node.deleting_dependents;
        let begins_orphaning = orphaning && !node.orphaning;
        (node.deleting_dependents, node.orphaning) = (deleting_dependents, orphaning);
        let old_owners = std::mem::replace(&mut node.owners, owners.clone());
        let dependents: Vec<String> = node.dependents.iter().cloned().collect();
        if before.as_ref().is_some_and(|before| before.is_virtual && before.identity.key != identity.key) {
            // Named as an owner in another namespace: whoever did that has no such owner.
            work.delete.extend(dependents.iter().cloned());
        }
        self.relink(&uid, &identity, &old_owners, &owners, &mut work);
        if begins_orphaning {
            work.orphan.push(uid.clone());
        }
        if begins_foreground {
            work.delete.extend(dependents);
            work.delete.push(uid.clone());
        }
        // Whether its owners are there is looked at when it is new, or owned anew.
        let unowned = |owner: &OwnerReference| {
            self.nodes.get(&owner.uid).is_none_or(|node| {
                node.is_virtual || node.deleting_dependents || is_elsewhere(&node.identity, &identity)
            })
        };
        if !owners.is_empty() && old_owners != owners && owners.iter().any(unowned) {
            work.delete.push(uid);
        }
        work
    }

    /// Follows a change of owners.
    fn relink(
        &mut self,
        uid: &str,
        identity: &Identity,
        old: &[OwnerReference],
        new: &[OwnerReference],
        work: &mut Work,
    ) {
        let blocks = |owner: &OwnerReference| owner.block_owner_deletion == Some(true);
        for gone in old {
            let still = new.iter().find(|owner| owner.uid == gone.uid);
            if still.is_none()
                && let Some(node) = self.nodes.get_mut(&gone.uid)
            {
                node.dependents.remove(uid);
            }
            // An owner that waits may wait no longer.
            let waits = self.nodes.get(&gone.uid).is_some_and(|node| node.deleting_dependents);
            if waits && blocks(gone) && !still.is_some_and(blocks) {
                work.delete.push(gone.uid.clone());
            }
        }
        for owner in new.iter().filter(|owner| !old.iter().any(|old| old.uid == owner.uid)) {
            let node = self.nodes.entry(owner.uid.clone()).or_insert_with(|| {
                // Verified before anything is decided by it.
                work.delete.push(owner.uid.clone());
                Node {
                    identity: Identity {
                        api_version: owner.api_version.clone(),
                        kind: owner.kind.clone(),
                        key: ObjectKey::new(identity.key.namespace.clone(), owner.name.clone()),
                        resource: None,
                    },
                    owners: Vec::new(),
                    dependents: BTreeSet::new(),
                    is_virtual: true,
                    deleting: false,
                    deleting_dependents: false,
                    orphaning: false,
                }
            });
            node.dependents.insert(uid.to_owned());
        }
    }

    /// An object is gone.
    pub(super) fn gone(&mut self, uid: &str) -> Work {
        self.note_absent(uid);
        let mut work = Work::default();
        let Some(node) = self.nodes.remove(uid) else { return work };
        for owner in &node.owners {
            if let Some(owner_node) = self.nodes.get_mut(&owner.uid) {
                owner_node.dependents.remove(uid);
                if owner_node.deleting_dependents {
                    work.delete.push(owner.uid.clone());
                } else if owner_node.is_virtual && owner_node.dependents.is_empty() {
                    self.nodes.remove(&owner.uid);
                }
            }
        }
        work.delete.extend(node.dependents);
        work
    }

    /// An owner is not where its dependents say that it is. It may be elsewhere, so they are judged one by one.
    pub(super) fn not_found(&self, uid: &str) -> Work {
        let dependents = self.nodes.get(uid).into_iter().flat_map(|node| node.dependents.iter().cloned());
        Work { delete: dependents.collect(), orphan: Vec::new() }
    }

    /// Names the resource of an owner that was only named by kind.
    pub(super) fn resolve(&mut self, uid: &str, resource: &ApiResource) {
        if let Some(node) = self.nodes.get_mut(uid).filter(|node| node.is_virtual) {
            node.identity.resource = Some(resource.clone());
        }
    }

    /// The dependents that an owner's foreground deletion waits for.
    pub(super) fn blocking(&self, uid: &str) -> Vec<String> {
        let blocks = |dependent: &&String| {
            let owners = self.nodes.get(*dependent).map(|node| &node.owners);
            let mut owners = owners.into_iter().flatten();
            owners.any(|owner| owner.uid == uid && owner.block_owner_deletion == Some(true))
        };
        self.nodes
            .get(uid)
            .into_iter()
            .flat_map(|node| node.dependents.iter().filter(blocks))
            .cloned()
            .collect()
    }

    /// The nodes of an owner's dependents.
    pub(super) fn dependents(&self, uid: &str) -> Vec<(String, Node)> {
        let all = self.nodes.get(uid).into_iter().flat_map(|node| &node.dependents);
        all.filter_map(|uid| Some((uid.clone(), self.nodes.get(uid)?.clone()))).collect()
    }

    /// The uids of all objects of a resource that are not served any more.
    pub(super) fn of_resource(&self, resource: &ApiResource) -> Vec<String> {
        let is_of = |node: &Node| !node.is_virtual && node.identity.resource.as_ref() == Some(resource);
        let mut uids: Vec<String> =
            self.nodes.iter().filter(|(_, node)| is_of(node)).map(|(uid, _)| uid.clone()).collect();
        uids.sort();
        uids
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn identity(name: &str) -> Identity {
        Identity {
            api_version: "v1".to_owned(),
            kind: "ConfigMap".to_owned(),
            key: ObjectKey::new("a", name),
            resource: None,
        }
    }

    fn see(graph: &mut Graph, meta: serde_json::Value) -> Work {
        let meta: ObjectMeta = serde_json::from_value(meta).expect("metadata");
        graph.seen(identity(meta.uid.as_deref().unwrap_or_default()), &meta)
    }

    fn owner(uid: &str, blocks: bool) -> serde_json::Value {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "name": uid, "uid": uid, "blockOwnerDeletion": blocks})
    }

    fn work(delete: &[&str], orphan: &[&str]) -> Work {
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
        Work { delete: texts(delete), orphan: texts(orphan) }
    }

    #[test]
    fn an_owner_that_goes_takes_its_dependents() {
        let mut graph = Graph::default();
        assert_eq!(see(&mut graph, json!({"uid": "o"})), work(&[], &[]));
        let dependent = json!({"uid": "d", "ownerReferences": [owner("o", true)]});
        assert_eq!(see(&mut graph, dependent), work(&[], &[]));
        assert_eq!(graph.blocking("o"), ["d"]);
        assert_eq!(graph.gone("o"), work(&["d"], &[]));
        assert!(graph.is_absent("o"));
        assert_eq!(graph.gone("d"), work(&[], &[]));
    }

    #[test]
    fn an_owner_that_was_never_seen_is_verified() {
        let mut graph = Graph::default();
        let dependent = json!({"uid": "d", "ownerReferences": [owner("o", false)]});
        assert_eq!(see(&mut graph, dependent), work(&["o", "d"], &[]));
        assert!(graph.get("o").is_some_and(|node| node.is_virtual));
        assert_eq!(see(&mut graph, json!({"uid": "o"})), work(&[], &[]));
        assert!(graph.get("o").is_some_and(|node| !node.is_virtual && node.dependents.len() == 1));
    }

    #[test]
    fn an_owner_in_another_namespace_is_none() {
        let mut graph = Graph::default();
        see(&mut graph, json!({"uid": "o"}));
        let meta = json!({"uid": "d", "ownerReferences": [owner("o", false)]});
        let meta: ObjectMeta = serde_json::from_value(meta).expect("metadata");
        let other = Identity { key: ObjectKey::new("b", "d"), ..identity("d") };
        assert_eq!(graph.seen(other, &meta), work(&["d"], &[]));
        // The same, when the dependent is seen first: the owner is not taken for gone where it is.
        let mut graph = Graph::default();
        let other = Identity { key: ObjectKey::new("b", "d"), ..identity("d") };
        assert_eq!(graph.seen(other, &meta), work(&["o", "d"], &[]));
        assert_eq!(graph.not_found("o"), work(&["d"], &[]));
        assert!(!graph.is_absent("o"));
        assert_eq!(see(&mut graph, json!({"uid": "o"})), work(&["d"], &[]));
    }

    #[test]
    fn foreground_waits_for_those_that_block() {
        let mut graph = Graph::default();
        see(&mut graph, json!({"uid": "o"}));
        see(&mut graph, json!({"uid": "d", "ownerReferences": [owner("o", true)]}));
        see(&mut graph, json!({"uid": "e", "ownerReferences": [owner("o", false)]}));
        let deleting =
            json!({"uid": "o", "deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": [FOREGROUND]});
        assert_eq!(see(&mut graph, deleting.clone()), work(&["d", "e", "o"], &[]));
        assert_eq!(see(&mut graph, deleting), work(&[], &[]));
        assert_eq!(graph.blocking("o"), ["d"]);
        // The block is lifted, and then the dependent goes.
        let changed = json!({"uid": "d", "ownerReferences": [owner("o", false)]});
        assert_eq!(see(&mut graph, changed).delete, ["o", "d"]);
        assert_eq!(graph.gone("d"), work(&["o"], &[]));
    }

    #[test]
    fn orphans_are_left_behind() {
        let mut graph = Graph::default();
        see(&mut graph, json!({"uid": "o"}));
        let deleting =
            json!({"uid": "o", "deletionTimestamp": "2026-01-01T00:00:00Z", "finalizers": [ORPHAN]});
        assert_eq!(see(&mut graph, deleting), work(&[], &["o"]));
    }
}
