//! The node authorizer: a kubelet may reach what its own pods refer to, and its own Node, Lease and CSINode.
//!
//! Instead of a graph kept beside the cache, the pods of the one node are looked at when they are asked
//! about: there are at most some hundred, and the cache finds them by `spec.nodeName`.

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::value::Value;

use super::{Authorizer, Decision, Rule};
use crate::admission::Lookup;
use crate::admission::pod_refs::{claims, refers_to};
use crate::admission::tree::{list, text};
use crate::attributes::{Attributes, ResourceTarget, Target, User};
use crate::bootstrap::policy;
use crate::status::ApiError;

/// The node that a user is the kubelet of; `None` for other users. Empty: a node without a name.
pub(crate) fn node_of(user: &User) -> Option<&str> {
    let name = user.name.strip_prefix("system:node:")?;
    user.in_group("system:nodes").then_some(name)
}

/// The node authorizer.
pub struct NodeAuthorizer {
    lookup: Arc<dyn Lookup>,
    /// What every node may, besides what depends on its pods.
    common: Vec<Rule>,
}

type Answer = Result<(), String>;

impl NodeAuthorizer {
    /// Looks pods up in `lookup`.
    pub fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup, common: policy::cluster_role_rules("system:node") }
    }

    async fn related(&self, node: &str, target: &ResourceTarget) -> Answer {
        let unrelated = || format!("no relationship found between node '{node}' and this object");
        if target.name.is_empty() {
            return Err("No Object name found".to_owned());
        }
        match self.is_related(node, target).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(unrelated()),
            Err(error) => Err(error.message),
        }
    }

    async fn is_related(&self, node: &str, target: &ResourceTarget) -> Result<bool, ApiError> {
        let (resource, name) = (target.resource.as_str(), target.name.as_str());
        if resource == "volumeattachments" {
            let found = self.lookup.get("storage.k8s.io", resource, "", name).await?;
            return Ok(found.is_some_and(|found| text(&found, &["spec", "nodeName"]) == node));
        }
        let pods = self.lookup.pods_on(node).await?;
        // A mirror pod is made by the node itself: it gives no right to anything.
        let mut own = pods
            .iter()
            .filter(|pod| pod.path(&["metadata", "annotations", "kubernetes.io/config.mirror"]).is_none());
        match resource {
            "persistentvolumes" => self.volume_of(own, name).await,
            "secrets" if self.secret_of_volume(&pods, &target.namespace, name).await? => Ok(true),
            _ => Ok(own.any(|pod| {
                text(pod, &["metadata", "namespace"]) == target.namespace && refers_to(pod, resource, name)
            })),
        }
    }

    /// The PersistentVolumes bound to claims of pods.
    async fn volumes<'a>(&self, pods: impl Iterator<Item = &'a Value>) -> Result<Vec<Value>, ApiError> {
        let mut volumes = Vec::new();
        for pod in pods {
            let namespace = text(pod, &["metadata", "namespace"]);
            for claim in claims(pod) {
                let claim = self.lookup.get("", "persistentvolumeclaims", namespace, &claim).await?;
                let Some(claim) = claim else { continue };
                let volume = text(&claim, &["spec", "volumeName"]);
                if !volume.is_empty() {
                    volumes.extend(self.lookup.get("", "persistentvolumes", "", volume).await?);
                }
            }
        }
        Ok(volumes)
    }

    async fn volume_of<'a>(
        &self,
        pods: impl Iterator<Item = &'a Value>,
        name: &str,
    ) -> Result<bool, ApiError> {
        let volumes = self.volumes(pods).await?;
        Ok(volumes.iter().any(|volume| text(volume, &["metadata", "name"]) == name))
    }

    /// Secrets that volumes of the node's pods need to be mounted.
    async fn secret_of_volume(&self, pods: &[Value], namespace: &str, name: &str) -> Result<bool, ApiError> {
        if !pods.iter().any(|pod| !claims(pod).is_empty()) {
            return Ok(false);
        }
        const CSI: [&str; 3] = ["nodePublishSecretRef", "nodeStageSecretRef", "nodeExpandSecretRef"];
        const OTHERS: [&str; 5] = ["cephfs", "flexVolume", "rbd", "scaleIO", "iscsi"];
        let volumes = self.volumes(pods.iter()).await?;
        Ok(volumes.iter().any(|volume| {
            let claim_namespace = text(volume, &["spec", "claimRef", "namespace"]);
            let meant = |reference: &[&str]| {
                let Some(reference) = volume.path(reference) else { return false };
                let given = text(reference, &["namespace"]);
                let home = if given.is_empty() { claim_namespace } else { given };
                text(reference, &["name"]) == name && home == namespace
            };
            CSI.iter().any(|field| meant(&["spec", "csi", field]))
                || OTHERS.iter().any(|source| meant(&["spec", source, "secretRef"]))
                || (text(volume, &["spec", "azureFile", "secretName"]) == name
                    && text(volume, &["spec", "azureFile", "secretNamespace"]) == namespace)
        }))
    }

    async fn read(&self, node: &str, verb: &str, target: &ResourceTarget) -> Answer {
        if !matches!(verb, "get" | "list" | "watch") {
            return Err("can only read resources of this type".to_owned());
        }
        if !target.subresource.is_empty() {
            return Err("cannot read subresource".to_owned());
        }
        if target.namespace.is_empty() {
            return Err("can only read namespaced object of this type".to_owned());
        }
        self.related(node, target).await
    }

    async fn get(&self, node: &str, verb: &str, target: &ResourceTarget) -> Answer {
        if verb != "get" {
            return Err("can only get individual resources of this type".to_owned());
        }
        if !target.subresource.is_empty() {
            return Err("cannot get subresource".to_owned());
        }
        self.related(node, target).await
    }

    async fn claim(&self, node: &str, verb: &str, target: &ResourceTarget) -> Answer {
        if target.subresource != "status" {
            return self.get(node, verb, target).await;
        }
        if !matches!(verb, "update" | "patch" | "get") {
            return Err("can only get/update/patch this type".to_owned());
        }
        self.related(node, target).await
    }

    async fn token(&self, node: &str, verb: &str, target: &ResourceTarget) -> Answer {
        // Reading service accounts is among the common rules for image credentials only when a kubelet is set
        // up for it; by default nothing but tokens.
        if verb != "create" || target.name.is_empty() {
            return Err("can only create tokens for individual service accounts".to_owned());
        }
        if target.subresource != "token" {
            return Err("can only create token subresource of service account".to_owned());
        }
        self.related(node, target).await
    }

    async fn pod(&self, node: &str, attributes: &Attributes, target: &ResourceTarget) -> Answer {
        let verb = attributes.verb.as_str();
        match (target.subresource.as_str(), verb) {
            ("", "get") => self.related(node, target).await,
            ("", "list" | "watch") => {
                let own = attributes.field_selector.split(',').any(|term| {
                    let value = term.strip_prefix("spec.nodeName==");
                    value.or_else(|| term.strip_prefix("spec.nodeName=")) == Some(node)
                });
                if own {
                    return Ok(());
                }
                if !target.name.is_empty() {
                    return self.related(node, target).await;
                }
                Err("can only list/watch pods with spec.nodeName field selector".to_owned())
            }
            // NodeRestriction narrows these down, with the objects at hand.
            ("", "create" | "delete") | ("status", "update" | "patch") | ("eviction", "create") => Ok(()),
            ("", _) => Err("can only get, list, watch, create and delete pods".to_owned()),
            (subresource, _) => Err(format!("cannot access pods/{subresource}")),
        }
    }

    async fn resource(&self, node: &str, attributes: &Attributes, target: &ResourceTarget) -> Option<Answer> {
        let verb = attributes.verb.as_str();
        Some(match (target.group.as_str(), target.resource.as_str()) {
            ("", "configmaps" | "secrets") => self.read(node, verb, target).await,
            ("", "persistentvolumeclaims") => self.claim(node, verb, target).await,
            ("", "persistentvolumes") | ("resource.k8s.io", "resourceclaims") => {
                self.get(node, verb, target).await
            }
            ("storage.k8s.io", "volumeattachments") => self.get(node, verb, target).await,
            ("", "serviceaccounts") => self.token(node, verb, target).await,
            ("", "pods") => self.pod(node, attributes, target).await,
            ("", "nodes") => own_node(node, verb, target),
            ("coordination.k8s.io", "leases") => lease(node, verb, target),
            ("storage.k8s.io", "csinodes") => csi_node(node, verb, target),
            ("resource.k8s.io", "resourceslices") => slice(node, attributes, target),
            _ => return None,
        })
    }
}

fn own_node(node: &str, verb: &str, target: &ResourceTarget) -> Answer {
    match (target.subresource.as_str(), verb) {
        // NodeRestriction narrows these down, with the objects at hand.
        ("", "create" | "update" | "patch") | ("status", "update" | "patch") => Ok(()),
        ("", "get" | "list" | "watch") if target.name == node => Ok(()),
        ("", "get" | "list" | "watch") => {
            Err(format!("node '{node}' cannot read '{}', only its own Node object", target.name))
        }
        _ => Err(format!("node '{node}' cannot {verb} nodes")),
    }
}

fn lease(node: &str, verb: &str, target: &ResourceTarget) -> Answer {
    if !matches!(verb, "get" | "create" | "update" | "patch" | "delete") {
        return Err("can only get, create, update, patch, or delete a node lease".to_owned());
    }
    if target.namespace != "kube-node-lease" {
        return Err("can only access leases in the \"kube-node-lease\" system namespace".to_owned());
    }
    // The name of a creation is in its body: NodeRestriction looks at it.
    if verb != "create" && target.name != node {
        return Err("can only access node lease with the same name as the requesting node".to_owned());
    }
    Ok(())
}

fn csi_node(node: &str, verb: &str, target: &ResourceTarget) -> Answer {
    if !matches!(verb, "get" | "create" | "update" | "patch" | "delete") {
        return Err("can only get, create, update, patch, or delete a CSINode".to_owned());
    }
    if !target.subresource.is_empty() {
        return Err("cannot authorize CSINode subresources".to_owned());
    }
    if verb != "create" && target.name != node {
        return Err("can only access CSINode with the same name as the requesting node".to_owned());
    }
    Ok(())
}

fn slice(node: &str, attributes: &Attributes, target: &ResourceTarget) -> Answer {
    if !target.subresource.is_empty() {
        return Err("cannot authorize ResourceSlice subresources".to_owned());
    }
    match attributes.verb.as_str() {
        // With the object at hand NodeRestriction allows only the node's own.
        "create" | "get" | "update" | "patch" | "delete" => Ok(()),
        "list" | "watch" | "deletecollection" => {
            let own = format!("spec.nodeName={node}");
            if attributes.field_selector.split(',').any(|term| term.replace("==", "=") == own) {
                Ok(())
            } else {
                Err("can only list/watch/deletecollection resourceslices with nodeName field selector"
                    .to_owned())
            }
        }
        _ => Err(
            "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, \
                  patch, delete, deletecollection"
                .to_owned(),
        ),
    }
}

#[async_trait]
impl Authorizer for NodeAuthorizer {
    async fn authorize(&self, attributes: &Attributes) -> Decision {
        let Some(node) = node_of(&attributes.user) else { return Decision::NoOpinion(String::new()) };
        if node.is_empty() {
            return Decision::NoOpinion(format!("unknown node for user {:?}", attributes.user.name));
        }
        if let Target::Resource(target) = &attributes.target
            && let Some(answer) = self.resource(node, attributes, target).await
        {
            return match answer {
                Ok(()) => Decision::Allow(String::new()),
                Err(reason) => Decision::NoOpinion(reason),
            };
        }
        if self.common.iter().any(|rule| rule.allows(&attributes.verb, &attributes.target)) {
            return Decision::Allow(String::new());
        }
        Decision::NoOpinion(String::new())
    }

    async fn rules(&self, user: &User, _namespace: &str) -> (Vec<Rule>, String) {
        let gap = match node_of(user) {
            Some(_) => "node authorizer does not support user rule resolution",
            None => "",
        };
        (Vec::new(), gap.to_owned())
    }
}

/// Whether the claims of a pod that come from templates are meant by a ResourceClaim's name.
pub(crate) fn resource_claims(pod: &Value) -> Vec<String> {
    let direct =
        list(pod, &["spec", "resourceClaims"]).iter().map(|claim| text(claim, &["resourceClaimName"]));
    let made = list(pod, &["status", "resourceClaimStatuses"])
        .iter()
        .map(|claim| text(claim, &["resourceClaimName"]));
    direct.chain(made).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::rbac::tests::asks;
    use super::*;
    use crate::admission::fake::Objects;

    fn objects() -> Objects {
        let pod = |name: &str, node: &str, annotations: serde_json::Value| {
            json!({
                "metadata": {"name": name, "namespace": "web", "annotations": annotations},
                "spec": {
                    "nodeName": node, "serviceAccountName": format!("sa-{name}"),
                    "containers": [{"name": "c", "envFrom": [{"secretRef": {"name": format!("s-{name}")}}]}],
                    "volumes": [
                        {"name": "v", "configMap": {"name": format!("c-{name}")}},
                        {"name": "d", "persistentVolumeClaim": {"claimName": format!("p-{name}")}},
                    ],
                },
            })
        };
        Objects::new([
            ("", "pods", pod("a", "n1", json!({}))),
            ("", "pods", pod("b", "n2", json!({}))),
            ("", "pods", pod("m", "n1", json!({"kubernetes.io/config.mirror": "x"}))),
            (
                "",
                "persistentvolumeclaims",
                json!({"metadata": {"name": "p-a", "namespace": "web"}, "spec": {"volumeName": "pv-a"}}),
            ),
            (
                "",
                "persistentvolumes",
                json!({"metadata": {"name": "pv-a"}, "spec": {
                    "claimRef": {"namespace": "web", "name": "p-a"},
                    "csi": {"nodeStageSecretRef": {"name": "stage", "namespace": "storage"}}}}),
            ),
        ])
    }

    #[tokio::test]
    async fn a_kubelet_reaches_what_its_pods_need() {
        let authorizer = NodeAuthorizer::new(Arc::new(objects()));
        let user = User::new("system:node:n1", &["system:nodes"]);
        let check = async |verb: &str, resource: &str, namespace: &str, name: &str, expect: bool| {
            let found = authorizer.authorize(&asks(&user, verb, resource, namespace, name)).await;
            assert_eq!(matches!(found, Decision::Allow(_)), expect, "{verb} {resource} {name}: {found:?}");
        };
        check("get", "secrets", "web", "s-a", true).await;
        check("watch", "secrets", "web", "s-a", true).await;
        check("get", "secrets", "other", "s-a", false).await;
        check("get", "secrets", "web", "s-b", false).await;
        check("get", "secrets", "web", "s-m", false).await;
        check("list", "secrets", "web", "", false).await;
        check("delete", "secrets", "web", "s-a", false).await;
        check("get", "secrets", "storage", "stage", true).await;
        check("get", "configmaps", "web", "c-a", true).await;
        check("get", "persistentvolumeclaims", "web", "p-a", true).await;
        check("get", "persistentvolumeclaims", "web", "p-b", false).await;
        check("get", "persistentvolumes", "", "pv-a", true).await;
        check("get", "persistentvolumes", "", "pv-b", false).await;
        check("create", "serviceaccounts/token", "web", "sa-a", true).await;
        check("create", "serviceaccounts/token", "web", "sa-b", false).await;
        check("get", "pods", "web", "a", true).await;
        check("get", "pods", "web", "b", false).await;
        check("list", "pods", "", "", false).await;
        check("patch", "pods/status", "web", "b", true).await;
        check("get", "nodes", "", "n1", true).await;
        check("get", "nodes", "", "n2", false).await;
        check("patch", "nodes/status", "", "n1", true).await;
        check("list", "services", "", "", true).await;
        check("create", "deployments", "web", "", false).await;
        let mut pods = asks(&user, "watch", "pods", "", "");
        pods.field_selector = "spec.nodeName=n1".to_owned();
        assert!(matches!(authorizer.authorize(&pods).await, Decision::Allow(_)));
        let other = User::new("system:node:n1", &[]);
        let found = authorizer.authorize(&asks(&other, "get", "nodes", "", "n1")).await;
        assert_eq!(found, Decision::NoOpinion(String::new()), "the name alone makes no node");
    }
}
