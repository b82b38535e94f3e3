//! NodeRestriction: a kubelet changes its own Node and the pods bound to it, and of those only what is its
//! business.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::value::{Map, Value};

use super::pod_refs::{claims, config_maps, secrets};
use super::tree::{entries, flag, is_set, list, same, text, texts};
use super::{Lookup, Operation, Plugin, Request};
use crate::authz::node_of;
use crate::status::ApiError;

const MIRROR: &str = "kubernetes.io/config.mirror";
/// Labels of Kubernetes' own domains that a kubelet may set on its Node.
const LABELS_ALLOWED: [&str; 12] = [
    "kubernetes.io/hostname",
    "kubernetes.io/os",
    "kubernetes.io/arch",
    "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch",
    "beta.kubernetes.io/instance-type",
    "node.kubernetes.io/instance-type",
    "failure-domain.beta.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region",
    "topology.kubernetes.io/zone",
    "topology.kubernetes.io/region",
    "kubernetes.io/instance-type",
];

/// The plugin.
pub(super) struct NodeRestriction {
    lookup: Arc<dyn Lookup>,
}

type Answer = Result<(), String>;

impl NodeRestriction {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup }
    }

    async fn existing_pod(&self, request: &Request<'_>) -> Result<Value, ApiError> {
        let name = &request.target.name;
        let found = self.lookup.get("", "pods", &request.target.namespace, name).await?;
        found.ok_or_else(|| ApiError::not_found("", "pods", name))
    }

    async fn pod(&self, node: &str, request: &Request<'_>) -> Result<Answer, ApiError> {
        let object = request.object.as_deref().unwrap_or(&Value::Null);
        let own = |pod: &Value| text(pod, &["spec", "nodeName"]) == node;
        Ok(match (request.target.subresource.as_str(), request.operation) {
            ("", Operation::Create) => match mirror(node, object) {
                Ok(()) => self.owner(node, object).await?,
                refused => refused,
            },
            ("", Operation::Delete) => {
                let owned = own(&self.existing_pod(request).await?);
                owned.then_some(()).ok_or_else(|| {
                    format!("node {node:?} can only delete pods with spec.nodeName set to itself")
                })
            }
            ("", _) => Err(format!("node {node:?} cannot update pods")),
            ("status", Operation::Update) => pod_status(node, object, request.old.unwrap_or(&Value::Null)),
            ("eviction", Operation::Create) => {
                let owned = own(&self.existing_pod(request).await?);
                owned.then_some(()).ok_or_else(|| {
                    format!("node {node} can only evict pods with spec.nodeName set to itself")
                })
            }
            (subresource, _) => Err(format!(
                "unexpected pod subresource {subresource:?}, only 'status' and 'eviction' are allowed"
            )),
        })
    }

    /// A mirror pod's owner can only be the node itself.
    async fn owner(&self, node: &str, pod: &Value) -> Result<Answer, ApiError> {
        let owners = list(pod, &["metadata", "ownerReferences"]);
        let owner = match owners {
            [] => return Ok(Ok(())),
            [owner] => owner,
            _ => {
                return Ok(Err(format!(
                    "node {node:?} can only create pods with a single owner reference set to itself"
                )));
            }
        };
        let itself = text(owner, &["apiVersion"]) == "v1"
            && text(owner, &["kind"]) == "Node"
            && text(owner, &["name"]) == node
            && flag(owner, &["controller"]);
        if !itself {
            return Ok(Err(format!(
                "node {node:?} can only create pods with an owner reference set to itself"
            )));
        }
        if flag(owner, &["blockOwnerDeletion"]) {
            return Ok(Err(format!("node {node:?} must not set blockOwnerDeletion on an owner reference")));
        }
        let known = self.lookup.get("", "nodes", "", node).await?;
        let uid = known.as_ref().map(|node| text(node, &["metadata", "uid"])).unwrap_or_default();
        if uid != text(owner, &["uid"]) {
            return Ok(Err(format!("node {node:?} owner reference UID does not match the node's UID")));
        }
        Ok(Ok(()))
    }

    async fn token(&self, node: &str, request: &Request<'_>) -> Result<Answer, ApiError> {
        let object = request.object.as_deref().unwrap_or(&Value::Null);
        let at = |field| text(object, &["spec", "boundObjectRef", field]);
        if at("kind") != "Pod" || at("apiVersion") != "v1" || at("name").is_empty() {
            return Ok(Err("node requested token not bound to a pod".to_owned()));
        }
        if at("uid").is_empty() {
            return Ok(Err("node requested token with a pod binding without a uid".to_owned()));
        }
        let pod = self.lookup.get("", "pods", &request.target.namespace, at("name")).await?;
        let Some(pod) = pod else { return Err(ApiError::not_found("", "pods", at("name"))) };
        if text(&pod, &["metadata", "uid"]) != at("uid") {
            let why = "the UID in the bound object reference does not match the pod's";
            return Ok(Err(why.to_owned()));
        }
        if text(&pod, &["spec", "nodeName"]) != node {
            return Ok(Err("node requested token bound to a pod scheduled on a different node".to_owned()));
        }
        for audience in texts(object, &["spec", "audiences"]).filter(|audience| !audience.is_empty()) {
            if !self.pod_wants(&pod, audience).await? {
                return Ok(Err(format!(
                    "audience {audience:?} not found in pod spec volume, system:node:{node} is not authorized to \
                     request tokens for this audience"
                )));
            }
        }
        Ok(Ok(()))
    }

    /// Whether a volume of the pod needs tokens for an audience.
    async fn pod_wants(&self, pod: &Value, audience: &str) -> Result<bool, ApiError> {
        let mut drivers: Vec<String> = Vec::new();
        for volume in list(pod, &["spec", "volumes"]) {
            for source in list(volume, &["projected", "sources"]) {
                if is_set(source, &["serviceAccountToken"])
                    && text(source, &["serviceAccountToken", "audience"]) == audience
                {
                    return Ok(true);
                }
            }
            drivers.push(text(volume, &["csi", "driver"]).to_owned());
        }
        let namespace = text(pod, &["metadata", "namespace"]);
        for claim in claims(pod) {
            let claim = self.lookup.get("", "persistentvolumeclaims", namespace, &claim).await?;
            let volume = claim.as_ref().map(|claim| text(claim, &["spec", "volumeName"])).unwrap_or_default();
            if let Some(volume) = self.lookup.get("", "persistentvolumes", "", volume).await? {
                drivers.push(text(&volume, &["spec", "csi", "driver"]).to_owned());
            }
        }
        for driver in drivers.iter().filter(|driver| !driver.is_empty()) {
            let driver = self.lookup.get("storage.k8s.io", "csidrivers", "", driver).await?;
            let requests = driver.as_ref().map(|driver| list(driver, &["spec", "tokenRequests"]));
            if requests.into_iter().flatten().any(|asked| text(asked, &["audience"]) == audience) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn slice(&self, node: &str, request: &Request<'_>) -> Result<Answer, ApiError> {
        let own = |slice: &Value| text(slice, &["spec", "nodeName"]) == node;
        let refused = |verb: &str| {
            format!("can only {verb} ResourceSlice with the same NodeName as the requesting node")
        };
        Ok(match request.operation {
            Operation::Create => {
                let object = request.object.as_deref().unwrap_or(&Value::Null);
                own(object).then_some(()).ok_or_else(|| refused("create"))
            }
            Operation::Delete if request.target.name.is_empty() => Ok(()),
            Operation::Delete | Operation::Update => {
                let (resource, name) = ("resourceslices", &request.target.name);
                let found = self.lookup.get("resource.k8s.io", resource, "", name).await?;
                let verb = if request.operation == Operation::Delete { "delete" } else { "update" };
                found.is_none_or(|slice| own(&slice)).then_some(()).ok_or_else(|| refused(verb))
            }
            Operation::Connect => Ok(()),
        })
    }
}

fn mirror(node: &str, pod: &Value) -> Answer {
    if pod.path(&["metadata", "annotations", MIRROR]).is_none() {
        return Err(format!(
            "pod does not have {MIRROR:?} annotation, node {node:?} can only create mirror pods"
        ));
    }
    if text(pod, &["spec", "nodeName"]) != node {
        return Err(format!("node {node:?} can only create pods with spec.nodeName set to itself"));
    }
    let refers = |what: &str| Err(format!("node {node:?} can not create pods that reference {what}"));
    if !text(pod, &["spec", "serviceAccountName"]).is_empty() {
        return refers("a service account");
    }
    if !secrets(pod).is_empty() {
        return refers("secrets");
    }
    if !config_maps(pod).is_empty() {
        return refers("configmaps");
    }
    if !claims(pod).is_empty() {
        return refers("persistentvolumeclaims");
    }
    if !list(pod, &["spec", "resourceClaims"]).is_empty() || is_set(pod, &["status", "resourceClaimStatuses"])
    {
        return refers("resourceclaims");
    }
    Ok(())
}

fn pod_status(node: &str, pod: &Value, old: &Value) -> Answer {
    if text(old, &["spec", "nodeName"]) != node {
        return Err(format!(
            "node {node:?} can only update pod status for pods with spec.nodeName set to itself"
        ));
    }
    if !same(pod, old, &["metadata", "labels"]) {
        return Err(format!("node {node:?} cannot update labels through pod status"));
    }
    if !same(pod, old, &["status", "resourceClaimStatuses"]) {
        return Err(format!("node {node:?} cannot update resource claim statuses"));
    }
    Ok(())
}

/// Labels that differ between two objects.
fn changed_labels<'a>(new: &'a Value, old: &'a Value) -> Vec<&'a str> {
    const LABELS: [&str; 2] = ["metadata", "labels"];
    let new: BTreeMap<&str, &str> = entries(new, &LABELS).collect();
    let old: BTreeMap<&str, &str> = entries(old, &LABELS).collect();
    let mut keys: Vec<&str> = new.keys().chain(old.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    keys.retain(|key| new.get(key) != old.get(key));
    keys
}

/// Whether a kubelet must leave a label of a Node alone.
fn is_restricted(label: &str) -> bool {
    let domain = label.split_once('/').map_or("", |(domain, _)| domain);
    let within = |parent: &str| domain == parent || domain.ends_with(&format!(".{parent}"));
    if within("node-restriction.kubernetes.io") {
        return true;
    }
    if !within("kubernetes.io") && !within("k8s.io") {
        return false;
    }
    let free = within("kubelet.kubernetes.io") || within("node.kubernetes.io");
    !free && !LABELS_ALLOWED.contains(&label)
}

fn node_object(node: &str, request: &Request<'_>) -> Answer {
    let object = request.object.as_deref().unwrap_or(&Value::Null);
    let given = text(object, &["metadata", "name"]);
    let about = if request.target.name.is_empty() { given } else { request.target.name.as_str() };
    if about != node || !given.is_empty() && given != node {
        return Err(format!("node {node:?} is not allowed to modify node {about:?}"));
    }
    let nothing = Value::Map(Map::new());
    let old = request.old.unwrap_or(&nothing);
    let labels: Vec<&str> = match request.operation {
        Operation::Create | Operation::Update => {
            changed_labels(object, old).into_iter().filter(|label| is_restricted(label)).collect()
        }
        Operation::Delete | Operation::Connect => return Ok(()),
    };
    if request.operation == Operation::Create {
        if !labels.is_empty() {
            return Err(format!(
                "node {node:?} is not allowed to set the following labels: {}",
                labels.join(", ")
            ));
        }
        if is_set(object, &["metadata", "ownerReferences"])
            && !list(object, &["metadata", "ownerReferences"]).is_empty()
        {
            return Err(format!("node {node:?} is not allowed to set ownerReferences"));
        }
        return Ok(());
    }
    if !same(object, old, &["spec", "configSource"]) {
        return Err(format!("node {node:?} is not allowed to update configSource to a new non-nil value"));
    }
    if !same(object, old, &["spec", "taints"]) {
        return Err(format!("node {node:?} is not allowed to modify taints"));
    }
    if !labels.is_empty() {
        return Err(format!("node {node:?} is not allowed to modify labels: {}", labels.join(", ")));
    }
    if !same(object, old, &["metadata", "ownerReferences"]) {
        return Err(format!("node {node:?} is not allowed to modify ownerReferences"));
    }
    Ok(())
}

/// Of a claim a kubelet changes only what growing it changes.
fn claim_status(node: &str, request: &Request<'_>) -> Answer {
    if request.target.subresource != "status" || request.operation != Operation::Update {
        return Err(format!("node {node:?} can only update the status of persistentvolumeclaims"));
    }
    let object = request.object.as_deref().unwrap_or(&Value::Null);
    let old = request.old.unwrap_or(&Value::Null);
    let kept: [&[&str]; 6] = [
        &["spec"],
        &["metadata", "labels"],
        &["metadata", "annotations"],
        &["metadata", "finalizers"],
        &["metadata", "ownerReferences"],
        &["status", "phase"],
    ];
    if kept.iter().any(|path| !same(object, old, path)) {
        return Err(format!(
            "node {node:?} is not allowed to update fields other than status.quantity and status.conditions"
        ));
    }
    Ok(())
}

/// Leases and CSINodes bear the node's name.
fn own_name(node: &str, request: &Request<'_>, what: &str) -> Answer {
    let object = request.object.as_deref().unwrap_or(&Value::Null);
    let given = text(object, &["metadata", "name"]);
    let about = if request.target.name.is_empty() { given } else { request.target.name.as_str() };
    if about == node {
        return Ok(());
    }
    Err(format!("can only access {what} with the same name as the requesting node"))
}

#[async_trait]
impl Plugin for NodeRestriction {
    fn name(&self) -> &'static str {
        "NodeRestriction"
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        let Some(node) = node_of(request.user) else { return Ok(()) };
        if node.is_empty() {
            let why = format!("could not determine node from user {:?}", request.user.name);
            return Err(request.forbidden(why));
        }
        let target = request.target;
        let answer = match (target.group.as_str(), target.resource.as_str()) {
            ("", "pods") if request.operation != Operation::Connect => self.pod(node, request).await?,
            ("", "nodes") => node_object(node, request),
            ("", "persistentvolumeclaims") => claim_status(node, request),
            ("", "serviceaccounts") if target.subresource == "token" => self.token(node, request).await?,
            ("coordination.k8s.io", "leases") if target.namespace != "kube-node-lease" => {
                Err("can only access leases in the \"kube-node-lease\" system namespace".to_owned())
            }
            ("coordination.k8s.io", "leases") => own_name(node, request, "node lease"),
            ("storage.k8s.io", "csinodes") => own_name(node, request, "CSINode"),
            ("resource.k8s.io", "resourceslices") => self.slice(node, request).await?,
            _ => Ok(()),
        };
        answer.map_err(|why| request.forbidden(why))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::fake::{Attempt, Objects};
    use super::*;

    fn plugin() -> NodeRestriction {
        let pod = |name: &str, node: &str| {
            json!({"metadata": {"name": name, "namespace": "web", "uid": name}, "spec": {"nodeName": node,
                "volumes": [{"projected": {"sources": [{"serviceAccountToken": {"audience": "vault"}}]}}]}})
        };
        NodeRestriction::new(Arc::new(Objects::new([
            ("", "pods", pod("mine", "n1")),
            ("", "pods", pod("other", "n2")),
            ("", "nodes", json!({"metadata": {"name": "n1", "uid": "nu"}})),
        ])))
    }

    async fn check(attempt: Attempt, expect: &str) {
        let attempt = attempt.by("system:node:n1", &["system:nodes"]);
        let found = attempt.run(&plugin()).await.err().map(|error| error.message).unwrap_or_default();
        assert!(found.contains(expect) && found.is_empty() == expect.is_empty(), "{found:?} {expect:?}");
    }

    #[tokio::test]
    async fn pods() {
        let mirror = |change: fn(&mut Json)| {
            let mut pod = json!({"metadata": {"name": "m", "annotations": {MIRROR: "x"}, "ownerReferences": [
                {"apiVersion": "v1", "kind": "Node", "name": "n1", "uid": "nu", "controller": true}]},
                "spec": {"nodeName": "n1"}});
            change(&mut pod);
            Attempt::create("", "pods", "web", pod)
        };
        check(mirror(|_| {}), "").await;
        check(mirror(|pod| pod["metadata"]["annotations"] = json!({})), "can only create mirror pods").await;
        check(mirror(|pod| pod["spec"]["nodeName"] = json!("n2")), "spec.nodeName set to itself").await;
        check(mirror(|pod| pod["spec"]["serviceAccountName"] = json!("a")), "a service account").await;
        check(mirror(|pod| pod["spec"]["resourceClaims"] = json!([{"name": "x"}])), "resourceclaims").await;
        check(mirror(|pod| pod["metadata"]["ownerReferences"][0]["uid"] = json!("x")), "UID").await;
        let volume = json!([{"name": "v", "secret": {"secretName": "s"}}]);
        let mut pod = json!({"metadata": {"annotations": {MIRROR: "x"}}, "spec": {"nodeName": "n1"}});
        pod["spec"]["volumes"] = volume;
        check(Attempt::create("", "pods", "web", pod), "reference secrets").await;
        check(Attempt::delete("", "pods", "web", "mine"), "").await;
        check(Attempt::delete("", "pods", "web", "other"), "can only delete pods").await;
        check(Attempt::create("", "pods/eviction", "web", json!({})).named("other"), "can only evict").await;
        let status = |labels: Json, node: &str| {
            let old = json!({"metadata": {"name": "p"}, "spec": {"nodeName": node}});
            let mut new = old.clone();
            new["metadata"]["labels"] = labels;
            Attempt::update("", "pods/status", "web", new, old)
        };
        check(status(json!({}), "n1"), "").await;
        check(status(json!({"a": "b"}), "n1"), "cannot update labels").await;
        check(status(json!({}), "n2"), "can only update pod status").await;
    }

    #[tokio::test]
    async fn nodes() {
        let update = |change: fn(&mut Json)| {
            let old =
                json!({"metadata": {"name": "n1", "labels": {"kubernetes.io/hostname": "h"}}, "spec": {}});
            let mut new = old.clone();
            change(&mut new);
            Attempt::update("", "nodes", "", new, old)
        };
        check(update(|node| node["metadata"]["labels"]["own"] = json!("x")), "").await;
        check(update(|node| node["metadata"]["labels"]["topology.kubernetes.io/zone"] = json!("x")), "")
            .await;
        let label = "node-restriction.kubernetes.io/x";
        let refused =
            update(|node| node["metadata"]["labels"]["node-restriction.kubernetes.io/x"] = json!("x"));
        check(refused, &format!("is not allowed to modify labels: {label}")).await;
        check(update(|node| node["spec"]["taints"] = json!([{"key": "a"}])), "modify taints").await;
        let owner =
            update(|node| node["metadata"]["ownerReferences"] = json!([{"kind": "Node", "name": "gone"}]));
        check(owner, "modify ownerReferences").await;
        let other = json!({"metadata": {"name": "n2"}});
        check(Attempt::update("", "nodes", "", other.clone(), other), "modify node \"n2\"").await;
        let labels =
            json!({"metadata": {"name": "n1", "labels": {"node-role.kubernetes.io/control-plane": ""}}});
        check(Attempt::create("", "nodes", "", labels), "set the following labels").await;
    }

    #[tokio::test]
    async fn tokens_and_leases() {
        let token = |name: &str, uid: &str, audience: &str| {
            let spec = json!({"audiences": [audience], "boundObjectRef":
                {"kind": "Pod", "apiVersion": "v1", "name": name, "uid": uid}});
            Attempt::create("", "serviceaccounts/token", "web", json!({"spec": spec})).named("sa")
        };
        check(token("mine", "mine", ""), "").await;
        check(token("mine", "mine", "vault"), "").await;
        check(token("mine", "mine", "bank"), "audience \"bank\" not found in pod spec volume").await;
        check(token("mine", "", ""), "without a uid").await;
        check(token("other", "other", ""), "different node").await;
        check(Attempt::create("", "serviceaccounts/token", "web", json!({"spec": {}})), "not bound to a pod")
            .await;
        let lease = |namespace: &str, name: &str| {
            let object = json!({"metadata": {"name": name}});
            Attempt::create("coordination.k8s.io", "leases", namespace, object)
        };
        check(lease("kube-node-lease", "n1"), "").await;
        check(lease("kube-node-lease", "n2"), "same name as the requesting node").await;
        check(lease("web", "n1"), "system namespace").await;
    }
}
