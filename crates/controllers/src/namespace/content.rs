//! Deleting what is in a namespace.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_client::{ApiResource, Client, DeleteParams, Error, ListParams, ObjectKey, PartialObject};

use crate::context::text;
use crate::discovery::{Resource, Served};

/// How long finalizers are thought to take.
const FINALIZERS_TAKE: Duration = Duration::from_secs(15);
/// Objects a page where they are deleted one by one.
const PAGE: usize = 500;

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Emptied {
    /// Groups that did not answer, and why.
    pub(super) undiscovered: Vec<(String, String)>,
    /// Resources that could not be deleted, and why.
    pub(super) failures: Vec<String>,
    /// How many objects of a resource (`pods.`) are left.
    pub(super) remaining: BTreeMap<String, usize>,
    /// How many objects wait for a finalizer.
    pub(super) finalizers: BTreeMap<String, usize>,
    /// When to look again; `None`: all is gone.
    pub(super) wait: Option<Duration>,
}

/// Deletes everything in a namespace, pods first.
pub(super) async fn empty(client: &Client, namespace: &str, served: &Served) -> Result<Emptied, Error> {
    let mut emptied = Emptied { undiscovered: served.failed.clone(), ..Emptied::default() };
    let in_namespaces =
        served.preferred().filter(|resource| resource.api.namespaced && resource.can("delete"));
    let is_pods = |resource: &&Resource| resource.api.group.is_empty() && resource.api.plural == "pods";
    let (pods, others): (Vec<&Resource>, Vec<&Resource>) = in_namespaces.partition(is_pods);
    for resource in pods {
        emptied.delete(client, namespace, resource).await;
    }
    if emptied.wait.is_none() && emptied.failures.is_empty() {
        for resource in others {
            emptied.delete(client, namespace, resource).await;
        }
    }
    Ok(emptied)
}

impl Emptied {
    async fn delete(&mut self, client: &Client, namespace: &str, resource: &Resource) {
        let left = match delete_all(client, namespace, resource).await {
            Ok(left) => left,
            // The resource is served no more.
            Err(error) if matches!(error.code(), Some(404 | 405)) => return,
            Err(error) => {
                let name = name_of(&resource.api);
                self.failures.push(format!("{name}: {}", text(&error)));
                return;
            }
        };
        if left.is_empty() {
            return;
        }
        self.remaining.insert(name_of(&resource.api), left.len());
        let mut wait = Duration::ZERO;
        for meta in &left {
            for finalizer in meta.finalizers.iter().flatten() {
                *self.finalizers.entry(finalizer.clone()).or_default() += 1;
                wait = wait.max(FINALIZERS_TAKE);
            }
            let grace = meta.deletion_grace_period_seconds.unwrap_or(0);
            wait = wait.max(Duration::from_secs(u64::try_from(grace).unwrap_or(0)));
        }
        // Half the time, so that what goes sooner is not waited for; its end is looked for again.
        let wait = wait / 2 + Duration::from_secs(1);
        self.wait = Some(self.wait.map_or(wait, |own| own.max(wait)));
    }
}

/// `pods.`, `deployments.apps`: as upstream's messages name resources.
fn name_of(api: &ApiResource) -> String {
    format!("{}.{}", api.plural, api.group)
}

/// Deletes all objects of a resource; gives those that are left.
async fn delete_all(client: &Client, namespace: &str, resource: &Resource) -> Result<Vec<ObjectMeta>, Error> {
    let params = DeleteParams { propagation_policy: Some("Background"), ..DeleteParams::default() };
    if resource.can("deletecollection") {
        client.delete_collection(&resource.api, namespace, &params).await?;
    } else if resource.can("list") {
        for meta in list(client, &resource.api, namespace).await? {
            let key = ObjectKey::new(namespace, meta.name.unwrap_or_default());
            client.delete_as(&resource.api, &key, &params).await?;
        }
    }
    if resource.can("list") { list(client, &resource.api, namespace).await } else { Ok(Vec::new()) }
}

async fn list(client: &Client, api: &ApiResource, namespace: &str) -> Result<Vec<ObjectMeta>, Error> {
    let mut all = Vec::new();
    let mut params = ListParams { limit: PAGE, ..ListParams::default() };
    loop {
        let page = client.list_raw(api, namespace, &params).await?;
        let decode = |item: &Bytes| serde_json::from_slice::<PartialObject>(item);
        for item in &page.items {
            let what = || api.path(namespace, "", "");
            let object = decode(item).map_err(|source| Error::Decode { what: what(), source })?;
            all.push(object.metadata);
        }
        if page.continue_token.is_empty() {
            return Ok(all);
        }
        params.continue_token = page.continue_token;
    }
}
