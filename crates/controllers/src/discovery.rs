//! What the API server serves: every resource, in its preferred version.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::header::ACCEPT;
use http_body_util::BodyExt;
use mizzen_client::{ApiResource, Client, Error};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Asks for all groups in one answer; servers that cannot do that answer as ever.
const AGGREGATED: &str =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

/// A served resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) api: ApiResource,
    pub(crate) verbs: Vec<String>,
    /// Whether it is of the version that its group prefers for it.
    pub(crate) preferred: bool,
}

impl Resource {
    pub(crate) fn can(&self, verb: &str) -> bool {
        self.verbs.iter().any(|own| own == verb)
    }
}

/// What is known of what is served.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Served {
    pub(crate) resources: Vec<Resource>,
    /// Groups and versions that did not answer, and why.
    pub(crate) failed: Vec<(String, String)>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Groups {
    kind: String,
    /// Aggregated.
    items: Vec<AggregatedGroup>,
    /// `APIGroupList`.
    groups: Vec<Group>,
    /// `APIVersions`, of the core group.
    versions: Vec<String>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Named {
    name: String,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct AggregatedGroup {
    metadata: Named,
    /// The preferred one first.
    versions: Vec<AggregatedVersion>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct AggregatedVersion {
    version: String,
    resources: Vec<AggregatedResource>,
    /// `Stale`: the server behind it does not answer.
    freshness: String,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct AggregatedResource {
    resource: String,
    response_kind: Option<ResponseKind>,
    scope: String,
    verbs: Vec<String>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ResponseKind {
    kind: String,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Group {
    name: String,
    versions: Vec<GroupVersion>,
    preferred_version: GroupVersion,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct GroupVersion {
    version: String,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ResourceList {
    resources: Vec<ListedResource>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ListedResource {
    name: String,
    namespaced: bool,
    kind: String,
    verbs: Vec<String>,
}

async fn get<T: DeserializeOwned>(client: &Client, path: &str, accept: &'static str) -> Result<T, Error> {
    let request = http::Request::builder().uri(path).header(ACCEPT, accept).body(Bytes::new())?;
    let bytes = client.send(request).await?.into_body().collect().await?.to_bytes();
    serde_json::from_slice(&bytes).map_err(|source| Error::Decode { what: path.to_owned(), source })
}

/// Asks the API server. What single groups fail with is part of the answer.
pub(crate) async fn discover(client: &Client) -> Result<Served, Error> {
    let mut served = Served::default();
    for path in ["/api", "/apis"] {
        let groups: Groups = get(client, path, AGGREGATED).await?;
        if groups.kind == "APIGroupDiscoveryList" {
            served.add_aggregated(groups.items);
        } else if path == "/api" {
            for version in &groups.versions {
                served.add_version(client, "", version).await;
            }
        } else {
            for group in &groups.groups {
                let preferred = &group.preferred_version.version;
                served.add_version(client, &group.name, preferred).await;
                for other in group.versions.iter().filter(|other| other.version != *preferred) {
                    served.add_version(client, &group.name, &other.version).await;
                }
            }
        }
    }
    served.mark_preferred();
    Ok(served)
}

fn group_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

impl Served {
    fn add(&mut self, api: ApiResource, verbs: Vec<String>) {
        // Subresources, and what cannot be had as such.
        if !api.plural.contains('/') && !verbs.is_empty() {
            self.resources.push(Resource { api, verbs, preferred: false });
        }
    }

    fn add_aggregated(&mut self, groups: Vec<AggregatedGroup>) {
        for group in groups {
            for version in group.versions {
                if version.freshness == "Stale" {
                    let name = group_version(&group.metadata.name, &version.version);
                    self.failed.push((name, "stale GroupVersion discovery".to_owned()));
                    // What was served before the server fell silent is not sure to be all.
                    continue;
                }
                for resource in version.resources {
                    let api = ApiResource {
                        group: group.metadata.name.clone(),
                        version: version.version.clone(),
                        plural: resource.resource,
                        kind: resource.response_kind.unwrap_or_default().kind,
                        namespaced: resource.scope == "Namespaced",
                    };
                    self.add(api, resource.verbs);
                }
            }
        }
    }

    async fn add_version(&mut self, client: &Client, group: &str, version: &str) {
        let name = group_version(group, version);
        let path = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{name}") };
        match get::<ResourceList>(client, &path, "application/json").await {
            Ok(list) => {
                for resource in list.resources {
                    let api = ApiResource {
                        group: group.to_owned(),
                        version: version.to_owned(),
                        plural: resource.name,
                        kind: resource.kind,
                        namespaced: resource.namespaced,
                    };
                    self.add(api, resource.verbs);
                }
            }
            Err(error) => self.failed.push((name, error.to_string())),
        }
    }

    /// Versions come in the order of preference: of each resource the first one is preferred.
    fn mark_preferred(&mut self) {
        let mut known = BTreeSet::new();
        for resource in &mut self.resources {
            resource.preferred = known.insert((resource.api.group.clone(), resource.api.plural.clone()));
        }
    }

    /// The resources in their preferred versions.
    pub(crate) fn preferred(&self) -> impl Iterator<Item = &Resource> {
        self.resources.iter().filter(|resource| resource.preferred)
    }

    /// The resource of a kind as objects name it.
    pub(crate) fn of_kind(&self, api_version: &str, kind: &str) -> Option<&ApiResource> {
        let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
        let mut all = self.resources.iter().map(|resource| &resource.api);
        all.find(|api| api.group == group && api.version == version && api.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_version_is_preferred() {
        let groups: Groups = serde_json::from_str(
            r#"{"kind": "APIGroupDiscoveryList", "items": [{"metadata": {"name": "a.io"}, "versions": [
                {"version": "v2", "resources": [
                    {"resource": "foos", "responseKind": {"kind": "Foo"}, "scope": "Namespaced", "verbs": ["list"],
                     "subresources": [{"subresource": "status", "verbs": ["get"]}]}]},
                {"version": "v1", "resources": [
                    {"resource": "foos", "responseKind": {"kind": "Foo"}, "scope": "Namespaced", "verbs": ["list"]},
                    {"resource": "bars", "responseKind": {"kind": "Bar"}, "scope": "Cluster", "verbs": ["list"]}]},
                {"version": "v0", "freshness": "Stale", "resources": []}
            ]}]}"#,
        )
        .expect("groups");
        let mut served = Served::default();
        served.add_aggregated(groups.items);
        served.mark_preferred();
        let names: Vec<_> = served
            .preferred()
            .map(|one| (one.api.version.as_str(), one.api.plural.as_str(), one.api.namespaced))
            .collect();
        assert_eq!(names, [("v2", "foos", true), ("v1", "bars", false)]);
        assert_eq!(served.failed.len(), 1);
        assert_eq!(served.of_kind("a.io/v1", "Foo").map(|api| api.version.as_str()), Some("v1"));
        assert_eq!(served.of_kind("a.io/v3", "Foo"), None);
    }
}
