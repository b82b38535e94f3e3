//! Brings the RBAC defaults up to date: what is missing is put back, what was added stays, and what carries
//! the annotation `rbac.authorization.kubernetes.io/autoupdate: "false"` is left alone.

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use futures::{StreamExt, TryStreamExt};
use mizzen_client::{ApiResource, Client, DeleteParams, ListParams, ObjectKey};
use serde_json::{Value as Json, json};

use super::BootstrapError;
use super::ensure::{about, add_missing, create, ensure, key_of, resource};
use super::policy::{self, rule_json};
use crate::authz::Rule;
use crate::authz::rules::{merged, uncovered};

const GROUP: &str = "rbac.authorization.k8s.io";
/// Writes under way at once: they share the store's commits.
const WRITES: usize = 32;

pub(super) async fn reconcile(client: &Client) -> Result<(), BootstrapError> {
    let policy = policy::all();
    // Roles first: a binding to a role that is not there yet grants nothing but complaints.
    let roles = policy.roles.iter().map(|role| (role.namespace.is_empty(), role.json()));
    let roles: Vec<(bool, Json)> = roles.collect();
    reconcile_all(client, ["clusterroles", "roles"], ["ClusterRole", "Role"], roles, correct_role).await?;
    let bindings = policy.bindings.iter().map(|binding| (binding.namespace.is_empty(), binding.json()));
    let bindings: Vec<(bool, Json)> = bindings.collect();
    let plurals = ["clusterrolebindings", "rolebindings"];
    reconcile_all(client, plurals, ["ClusterRoleBinding", "RoleBinding"], bindings, correct_binding).await
}

async fn reconcile_all(
    client: &Client,
    plurals: [&str; 2],
    kinds: [&str; 2],
    wanted: Vec<(bool, Json)>,
    correct: fn(&mut Json, &Json) -> bool,
) -> Result<(), BootstrapError> {
    let cluster = resource(GROUP, "v1", plurals[0], kinds[0], false);
    let local = resource(GROUP, "v1", plurals[1], kinds[1], true);
    let mut found = existing(client, &cluster).await?;
    found.extend(existing(client, &local).await?);
    let mut writes: Vec<BoxFuture<'_, Result<(), BootstrapError>>> = Vec::new();
    for (wide, object) in &wanted {
        let resource = if *wide { &cluster } else { &local };
        writes.push(Box::pin(reconcile_one(client, resource, found.get(&key_of(object)), object, correct)));
    }
    futures::stream::iter(writes).buffer_unordered(WRITES).try_collect::<Vec<()>>().await.map(drop)
}

async fn existing(
    client: &Client,
    resource: &ApiResource,
) -> Result<BTreeMap<ObjectKey, Json>, BootstrapError> {
    let none = ObjectKey::default();
    let page = client.list_raw(resource, "", &ListParams::default()).await.map_err(about(resource, &none))?;
    // What cannot be read is looked at again when it turns out to be in the way.
    let objects = page.items.iter().filter_map(|item| serde_json::from_slice::<Json>(item).ok());
    Ok(objects.map(|object| (key_of(&object), object)).collect())
}

async fn reconcile_one(
    client: &Client,
    resource: &ApiResource,
    found: Option<&Json>,
    wanted: &Json,
    correct: fn(&mut Json, &Json) -> bool,
) -> Result<(), BootstrapError> {
    let key = key_of(wanted);
    let Some(found) = found else {
        if create(client, resource, wanted).await.map_err(about(resource, &key))? {
            return Ok(());
        }
        return ensure(client, resource, wanted, |object| correct(object, wanted)).await;
    };
    if is_protected(found) {
        return Ok(());
    }
    let other_role = found.get("roleRef").is_some_and(|role| *role != wanted["roleRef"]);
    if other_role {
        // A binding's role cannot be changed: it is made anew, and subjects that were added are lost as
        // upstream.
        let params = DeleteParams::uid(found["metadata"]["uid"].as_str().unwrap_or_default());
        client.delete_as(resource, &key, &params).await.map_err(about(resource, &key))?;
        return create(client, resource, wanted).await.map(drop).map_err(about(resource, &key));
    }
    if correct(&mut found.clone(), wanted) {
        return ensure(client, resource, wanted, |object| correct(object, wanted)).await;
    }
    Ok(())
}

fn is_protected(object: &Json) -> bool {
    object["metadata"]["annotations"]["rbac.authorization.kubernetes.io/autoupdate"] == "false"
}

fn correct_metadata(found: &mut Json, wanted: &Json) -> bool {
    let labels = add_missing(found, &["metadata", "labels"], &wanted["metadata"]["labels"]);
    add_missing(found, &["metadata", "annotations"], &wanted["metadata"]["annotations"]) || labels
}

fn rules_in(object: &Json) -> Vec<Rule> {
    let texts = |rule: &Json, field: &str| {
        let items = rule[field].as_array().into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect::<Vec<String>>()
    };
    let rules = object["rules"].as_array().into_iter().flatten();
    let rules = rules.map(|rule| Rule {
        verbs: texts(rule, "verbs"),
        api_groups: texts(rule, "apiGroups"),
        resources: texts(rule, "resources"),
        resource_names: texts(rule, "resourceNames"),
        non_resource_urls: texts(rule, "nonResourceURLs"),
    });
    rules.collect()
}

fn correct_role(found: &mut Json, wanted: &Json) -> bool {
    if is_protected(found) {
        return false;
    }
    let mut changed = correct_metadata(found, wanted);
    if let Some(selectors) = wanted["aggregationRule"]["clusterRoleSelectors"].as_array() {
        // The rules of an aggregated role are its controller's.
        return append(found, &["aggregationRule", "clusterRoleSelectors"], selectors) || changed;
    }
    let missing = merged(uncovered(&rules_in(found), &rules_in(wanted)));
    if !missing.is_empty() {
        let mut rules = found["rules"].as_array().cloned().unwrap_or_default();
        rules.extend(missing.iter().map(rule_json));
        found["rules"] = Json::Array(rules);
        changed = true;
    }
    changed
}

fn correct_binding(found: &mut Json, wanted: &Json) -> bool {
    if is_protected(found) {
        return false;
    }
    let changed = correct_metadata(found, wanted);
    let subjects = wanted["subjects"].as_array().cloned().unwrap_or_default();
    append(found, &["subjects"], &subjects) || changed
}

/// Appends to a list what it lacks.
fn append(object: &mut Json, path: &[&str], wanted: &[Json]) -> bool {
    let mut slot = object;
    for name in path {
        slot = &mut slot[*name];
    }
    let mut items = slot.as_array().cloned().unwrap_or_default();
    let before = items.len();
    for item in wanted {
        if !items.contains(item) {
            items.push(item.clone());
        }
    }
    if items.len() == before {
        return false;
    }
    *slot = json!(items);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn default_role(name: &str) -> Json {
        policy::all().roles.into_iter().find(|role| role.name == name).unwrap().json()
    }

    #[test]
    fn what_is_right_is_left_alone() {
        for role in policy::all().roles {
            assert!(!correct_role(&mut role.json(), &role.json()), "{}", role.name);
        }
        for binding in policy::all().bindings {
            assert!(!correct_binding(&mut binding.json(), &binding.json()), "{}", binding.name);
        }
    }

    #[test]
    fn missing_rules_come_back_and_others_stay() {
        let wanted = default_role("system:basic-user");
        let mut found = wanted.clone();
        found["rules"] = json!([{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}]);
        found["metadata"]["labels"] = json!({"own": "label"});
        assert!(correct_role(&mut found, &wanted));
        assert!(!correct_role(&mut found, &wanted));
        assert_eq!(found["rules"][0]["resources"][0], "pods");
        assert_eq!(found["metadata"]["labels"]["own"], "label");
        assert!(uncovered(&rules_in(&found), &rules_in(&wanted)).is_empty());
        found["rules"] = Json::Null;
        found["metadata"]["annotations"]["rbac.authorization.kubernetes.io/autoupdate"] = json!("false");
        assert!(!correct_role(&mut found, &wanted));
    }

    #[test]
    fn missing_subjects_come_back() {
        let binding = policy::all().bindings.into_iter().find(|binding| binding.name == "cluster-admin");
        let wanted = binding.unwrap().json();
        let mut found = wanted.clone();
        found["subjects"] = Json::Null;
        assert!(correct_binding(&mut found, &wanted));
        assert_eq!(found["subjects"], wanted["subjects"]);
    }

    #[test]
    fn aggregated_rules_are_not_ours() {
        let wanted = default_role("admin");
        let mut found = wanted.clone();
        found["rules"] = json!([{"verbs": ["get"], "apiGroups": [""], "resources": ["pods"]}]);
        assert!(!correct_role(&mut found, &wanted));
    }
}
