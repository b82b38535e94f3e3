//! ResourceQuota: what is admitted is charged to the namespace's quotas, by a conditional write of their
//! status, so that of two requests for the last piece one is refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use mizzen_client::{ApiResource, Client, ObjectKey, Patch};
use mizzen_machinery::quantity::Quantity;
use mizzen_schema::value::Value;
use serde_json::{Value as Json, json};
use tokio::sync::Mutex;

use self::usage::{missing, usage};
use super::loopback::failed;
use super::pod_resources::{Amounts, amounts};
use super::tree::{build, text};
use super::{Lookup, Loopback, Operation, Plugin, Request};
use crate::status::ApiError;

mod scopes;
mod usage;

/// How often a charge that met another one is tried again.
const ATTEMPTS: usize = 4;

/// The plugin.
pub(super) struct ResourceQuota {
    lookup: Arc<dyn Lookup>,
    loopback: Loopback,
    /// Charges of this server do not meet each other.
    charging: Mutex<()>,
}

impl ResourceQuota {
    pub(super) fn new(lookup: Arc<dyn Lookup>, loopback: Loopback) -> Self {
        Self { lookup, loopback, charging: Mutex::new(()) }
    }

    /// What a quota allows and what is used of it: as its controller says, or counted here while it says
    /// nothing.
    async fn state(&self, namespace: &str, quota: &Value) -> Result<(Amounts, Amounts), ApiError> {
        let hard = amounts(quota, &["status", "hard"]);
        if !hard.is_empty() {
            return Ok((hard, amounts(quota, &["status", "used"])));
        }
        let hard = amounts(quota, &["spec", "hard"]);
        let mut used: Amounts = hard.keys().map(|name| (name.clone(), Quantity::ZERO)).collect();
        for (group, resource) in usage::counted(hard.keys()) {
            for object in self.lookup.list(&group, &resource, namespace).await? {
                if scopes::matches(quota, &resource, &object) {
                    for (name, amount) in usage(&group, &resource, &object) {
                        if let Some(sum) = used.get_mut(&name) {
                            *sum += amount;
                        }
                    }
                }
            }
        }
        Ok((hard, used))
    }

    /// Checks a charge against one quota; gives what is used afterwards, or `None` when nothing changes.
    async fn charge(
        &self,
        request: &Request<'_>,
        quota: &Value,
        delta: &Amounts,
    ) -> Result<Option<(Amounts, Amounts)>, ApiError> {
        let name = text(quota, &["metadata", "name"]);
        let (hard, mut used) = self.state(&request.target.namespace, quota).await?;
        let asked: Amounts = delta
            .iter()
            .filter(|(name, amount)| hard.contains_key(*name) && !amount.is_zero())
            .map(copied)
            .collect();
        if asked.is_empty() {
            return Ok(None);
        }
        let unknown: Vec<&str> =
            asked.keys().filter(|name| !used.contains_key(*name)).map(String::as_str).collect();
        if !unknown.is_empty() {
            let why = format!("status unknown for quota: {name}, resources: {}", unknown.join(","));
            return Err(request.forbidden(why));
        }
        let before = used.clone();
        let mut exceeded = Vec::new();
        for (resource, amount) in &asked {
            let sum = used.get(resource).copied().unwrap_or(Quantity::ZERO) + *amount;
            if amount.signum() > 0 && hard.get(resource).is_some_and(|limit| sum > *limit) {
                exceeded.push(resource.as_str());
            }
            used.insert(resource.clone(), if sum.signum() < 0 { Quantity::ZERO } else { sum });
        }
        if !exceeded.is_empty() {
            let show = |amounts: &Amounts| {
                let parts = exceeded.iter().map(|name| match amounts.get(*name) {
                    Some(amount) => format!("{name}={amount}"),
                    None => format!("{name}=0"),
                });
                parts.collect::<Vec<_>>().join(",")
            };
            return Err(request.forbidden(format!(
                "exceeded quota: {name}, requested: {}, used: {}, limited: {}",
                show(&asked),
                show(&before),
                show(&hard),
            )));
        }
        Ok(Some((hard, used)))
    }

    /// Charges one quota, again if somebody else wrote it in between.
    async fn settle(&self, request: &Request<'_>, quota: Value, delta: &Amounts) -> Result<(), ApiError> {
        let (namespace, name) = (&request.target.namespace, text(&quota, &["metadata", "name"]).to_owned());
        let mut quota = quota;
        for _ in 0..ATTEMPTS {
            let Some((hard, used)) = self.charge(request, &quota, delta).await? else { return Ok(()) };
            if request.dry_run {
                return Ok(());
            }
            let Some(client) = self.loopback.try_get() else { return Ok(()) };
            if write(client, namespace, &quota, &hard, &used).await? {
                return Ok(());
            }
            match fresh(client, namespace, &name).await? {
                Some(found) => quota = found,
                None => return Ok(()),
            }
        }
        Err(ApiError::conflict(
            "",
            "resourcequotas",
            &name,
            "the object has been modified; please apply your changes to the latest version and try again",
        ))
    }
}

fn copied((name, amount): (&String, &Quantity)) -> (String, Quantity) {
    (name.clone(), *amount)
}

fn quotas() -> ApiResource {
    ApiResource {
        group: String::new(),
        version: "v1".to_owned(),
        plural: "resourcequotas".to_owned(),
        kind: "ResourceQuota".to_owned(),
        namespaced: true,
    }
}

async fn fresh(client: &Client, namespace: &str, name: &str) -> Result<Option<Value>, ApiError> {
    let found = client.get_as::<Json>(&quotas(), &ObjectKey::new(namespace, name)).await;
    Ok(found.map_err(|error| failed(&error))?.map(|found| build(None, found)))
}

/// Writes what is used; `Ok(false)` when the quota changed meanwhile.
async fn write(
    client: &Client,
    namespace: &str,
    quota: &Value,
    hard: &Amounts,
    used: &Amounts,
) -> Result<bool, ApiError> {
    let texts = |amounts: &Amounts| {
        amounts.iter().map(|(name, amount)| (name.clone(), amount.to_string())).collect::<BTreeMap<_, _>>()
    };
    let patch = json!({
        "metadata": {"resourceVersion": text(quota, &["metadata", "resourceVersion"])},
        "status": {"hard": texts(hard), "used": texts(used)},
    });
    let key = ObjectKey::new(namespace, text(quota, &["metadata", "name"]));
    match client.patch_as::<Json>(&quotas(), &key, "status", &Patch::Merge(patch)).await {
        Ok(_) => Ok(true),
        Err(error) if error.is_conflict() || error.is_not_found() => Ok(false),
        Err(error) => Err(failed(&error)),
    }
}

/// What the request adds to the namespace's use.
fn delta(request: &Request<'_>) -> Amounts {
    let target = request.target;
    let Some(object) = request.object.as_deref() else { return Amounts::new() };
    let mut delta = usage(&target.group, &target.resource, object);
    if let Some(old) = request.old {
        for (name, amount) in usage(&target.group, &target.resource, old) {
            let rest = delta.get(&name).copied().unwrap_or(Quantity::ZERO) - amount;
            delta.insert(name, rest);
        }
    }
    delta
}

#[async_trait]
impl Plugin for ResourceQuota {
    fn name(&self) -> &'static str {
        "ResourceQuota"
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        let target = request.target;
        let counted = match request.operation {
            Operation::Create => target.subresource.is_empty(),
            // Of updates only those count that can make an object dearer.
            Operation::Update => {
                request.is_sub("", "pods", "resize")
                    || request.is("", "services")
                    || request.is("", "persistentvolumeclaims")
            }
            Operation::Delete | Operation::Connect => false,
        };
        if !counted || target.namespace.is_empty() {
            return Ok(());
        }
        let Some(object) = request.object.as_deref() else { return Ok(()) };
        let mut quotas = self.lookup.list("", "resourcequotas", &target.namespace).await?;
        quotas.retain(|quota| scopes::matches(quota, &target.resource, object));
        if quotas.is_empty() {
            return Ok(());
        }
        quotas.sort_by(|one, other| text(one, &["metadata", "name"]).cmp(text(other, &["metadata", "name"])));
        if request.is("", "pods") {
            for quota in &quotas {
                let hard = amounts(quota, &["spec", "hard"]);
                if let Some(words) = missing(object, &hard) {
                    let name = text(quota, &["metadata", "name"]);
                    return Err(request.forbidden(format!("failed quota: {name}: must specify {words}")));
                }
            }
        }
        let delta = delta(request);
        let _alone = self.charging.lock().await;
        for quota in quotas {
            self.settle(request, quota, &delta).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Attempt, Objects};
    use super::*;

    fn plugin(hard: Json, used: Option<Json>, scopes: &[&str]) -> ResourceQuota {
        let mut quota = json!({"metadata": {"name": "q", "namespace": "web"},
            "spec": {"hard": hard, "scopes": scopes}});
        if let Some(used) = used {
            quota["status"] = json!({"hard": quota["spec"]["hard"], "used": used});
        }
        let pod = json!({"metadata": {"name": "old", "namespace": "web"},
            "spec": {"containers": [{"name": "a", "resources": {"requests": {"cpu": "500m"}}}]}});
        let objects = Objects::new([("", "resourcequotas", quota), ("", "pods", pod)]);
        ResourceQuota::new(Arc::new(objects), Loopback::default())
    }

    fn pod(cpu: &str) -> Attempt {
        let requests = if cpu.is_empty() { json!({}) } else { json!({"cpu": cpu}) };
        let spec = json!({"containers": [{"name": "a", "resources": {"requests": requests}}]});
        Attempt::create("", "pods", "web", json!({"metadata": {"name": "p"}, "spec": spec}))
    }

    async fn check(plugin: ResourceQuota, attempt: Attempt, expect: &str) {
        let found = attempt.run(&plugin).await.err().map(|error| error.message).unwrap_or_default();
        assert!(found.ends_with(expect) && found.is_empty() == expect.is_empty(), "{found:?}");
    }

    #[tokio::test]
    async fn charges() {
        let hard = || json!({"pods": "2", "requests.cpu": "1"});
        let used = |pods: &str, cpu: &str| Some(json!({"pods": pods, "requests.cpu": cpu}));
        check(plugin(hard(), used("1", "500m"), &[]), pod("500m"), "").await;
        let expect = "exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2";
        check(plugin(hard(), used("2", "0"), &[]), pod("500m"), expect).await;
        let expect = "exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=500m, limited: \
                      requests.cpu=1";
        check(plugin(hard(), used("1", "500m"), &[]), pod("600m"), expect).await;
        let expect = "failed quota: q: must specify requests.cpu for: a";
        check(plugin(hard(), used("0", "0"), &[]), pod(""), expect).await;
        let expect = "status unknown for quota: q, resources: requests.cpu";
        check(plugin(hard(), Some(json!({"pods": "0"})), &[]), pod("1"), expect).await;
    }

    #[tokio::test]
    async fn without_a_controller_it_counts_itself() {
        check(plugin(json!({"pods": "2"}), None, &[]), pod("1"), "").await;
        let expect = "exceeded quota: q, requested: cpu=600m, used: cpu=500m, limited: cpu=1";
        check(plugin(json!({"cpu": "1"}), None, &[]), pod("600m"), expect).await;
    }

    #[tokio::test]
    async fn other_objects_and_scopes() {
        let none = || Some(json!({"pods": "0", "services": "0", "count/deployments.apps": "0"}));
        let service = || Attempt::create("", "services", "web", json!({"metadata": {"name": "s"}}));
        check(plugin(json!({"services": "1"}), none(), &[]), service(), "").await;
        let expect = "exceeded quota: q, requested: services=1, used: services=0, limited: services=0";
        check(plugin(json!({"services": "0"}), none(), &[]), service(), expect).await;
        let deployment = || Attempt::create("apps", "deployments", "web", json!({"metadata": {"name": "d"}}));
        let hard = json!({"count/deployments.apps": "0"});
        let expect = "exceeded quota: q, requested: count/deployments.apps=1, used: count/deployments.apps=0, \
                      limited: count/deployments.apps=0";
        check(plugin(hard, none(), &[]), deployment(), expect).await;
        check(plugin(json!({"pods": "0"}), none(), &["BestEffort"]), pod("1"), "").await;
        let expect = "exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0";
        check(plugin(json!({"pods": "0"}), none(), &["NotBestEffort"]), pod("1"), expect).await;
    }
}
