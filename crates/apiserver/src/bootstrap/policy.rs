//! The RBAC objects that every cluster has: Kubernetes' own as data, and those that Mizzen and kubeadm add.

use serde_json::{Value as Json, json};

use crate::authz::Rule;

/// Kubernetes' defaults, in the form that the file's head describes.
const KUBERNETES: &str = include_str!("rbac.txt");

/// What Mizzen's own parts need, and the group of administrators that kubeadm's credentials are in.
const OURS: &str = "\
role system:mizzen:dns
  list,watch core namespaces,nodes,pods,services
  list,watch discovery.k8s.io endpointslices
role kube-system/system:mizzen:dns
  create,delete,get,patch,update discovery.k8s.io endpointslices
binding system:mizzen:dns system:mizzen:dns
  user system:mizzen:dns
binding kube-system/system:mizzen:dns role:system:mizzen:dns
  user system:mizzen:dns
binding kubeadm:cluster-admins cluster-admin
  group kubeadm:cluster-admins
";

const API_GROUP: &str = "rbac.authorization.k8s.io";
const API_VERSION: &str = "rbac.authorization.k8s.io/v1";
const AGGREGATE: &str = "rbac.authorization.k8s.io/aggregate-to-";

/// A Role or ClusterRole that must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Role {
    /// Empty for a ClusterRole.
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// Labels besides the one that marks defaults.
    pub(crate) labels: Vec<String>,
    /// Labels whose roles it joins.
    pub(crate) aggregates: Vec<String>,
    pub(crate) rules: Vec<Rule>,
}

/// A RoleBinding or ClusterRoleBinding that must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binding {
    /// Empty for a ClusterRoleBinding.
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// `Role` or `ClusterRole`.
    pub(crate) role_kind: &'static str,
    pub(crate) role: String,
    pub(crate) subjects: Vec<Json>,
}

/// All that must be there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Policy {
    pub(crate) roles: Vec<Role>,
    pub(crate) bindings: Vec<Binding>,
}

/// Kubernetes' defaults alone.
pub(crate) fn kubernetes() -> Policy {
    Policy::parse(KUBERNETES)
}

/// Kubernetes' defaults and ours.
pub(crate) fn all() -> Policy {
    let (mut all, ours) = (kubernetes(), Policy::parse(OURS));
    all.roles.extend(ours.roles);
    all.bindings.extend(ours.bindings);
    all
}

/// The rules of a default ClusterRole.
pub(crate) fn cluster_role_rules(name: &str) -> Vec<Rule> {
    let mut roles = kubernetes().roles.into_iter();
    let found = roles.find(|role| role.namespace.is_empty() && role.name == name);
    found.map(|role| role.rules).unwrap_or_default()
}

fn items(list: &str) -> Vec<String> {
    list.split(',').map(str::to_owned).collect()
}

fn split_name(full: &str) -> (String, String) {
    let (namespace, name) = full.split_once('/').unwrap_or(("", full));
    (namespace.to_owned(), name.to_owned())
}

fn rule(words: &[&str]) -> Rule {
    let at = |index: usize| words.get(index).map(|list| items(list)).unwrap_or_default();
    if words.len() == 2 {
        return Rule { verbs: at(0), non_resource_urls: at(1), ..Rule::default() };
    }
    let groups = at(1).into_iter().map(|group| if group == "core" { String::new() } else { group });
    Rule {
        verbs: at(0),
        api_groups: groups.collect(),
        resources: at(2),
        resource_names: at(3),
        ..Rule::default()
    }
}

fn subject(words: &[&str]) -> Option<Json> {
    match *words {
        ["user", name] => Some(json!({"kind": "User", "apiGroup": API_GROUP, "name": name})),
        ["group", name] => Some(json!({"kind": "Group", "apiGroup": API_GROUP, "name": name})),
        ["account", full] => {
            let (namespace, name) = split_name(full);
            Some(json!({"kind": "ServiceAccount", "namespace": namespace, "name": name}))
        }
        _ => None,
    }
}

impl Policy {
    fn parse(text: &str) -> Self {
        let mut policy = Self::default();
        let mut in_role = false;
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match (line.starts_with(' '), words.as_slice()) {
                (false, ["role", full, labels @ ..]) => {
                    in_role = true;
                    let (namespace, name) = split_name(full);
                    let labels = labels.iter().map(|label| label.trim_start_matches('+').to_owned());
                    let (aggregates, rules) = (Vec::new(), Vec::new());
                    let labels = labels.collect();
                    policy.roles.push(Role { namespace, name, labels, aggregates, rules });
                }
                (false, ["binding", full, role]) => {
                    in_role = false;
                    let (namespace, name) = split_name(full);
                    let (role_kind, role) = match role.strip_prefix("role:") {
                        Some(role) => ("Role", role),
                        None => ("ClusterRole", *role),
                    };
                    let role = role.to_owned();
                    policy.bindings.push(Binding { namespace, name, role_kind, role, subjects: Vec::new() });
                }
                (true, words) if in_role => {
                    let role = policy.roles.last_mut().expect("a role began");
                    match words {
                        ["aggregate", label] => role.aggregates.push((*label).to_owned()),
                        words => role.rules.push(rule(words)),
                    }
                }
                (_, words) => {
                    let binding = policy.bindings.last_mut().expect("a binding began");
                    binding.subjects.extend(subject(words));
                }
            }
        }
        policy
    }
}

/// A rule as JSON, without empty lists.
pub(crate) fn rule_json(rule: &Rule) -> Json {
    let mut json = json!({"verbs": rule.verbs});
    let lists = [
        ("apiGroups", &rule.api_groups),
        ("resources", &rule.resources),
        ("resourceNames", &rule.resource_names),
        ("nonResourceURLs", &rule.non_resource_urls),
    ];
    for (name, list) in lists {
        if !list.is_empty() {
            json[name] = json!(list);
        }
    }
    json
}

fn metadata(namespace: &str, name: &str, labels: &[String]) -> Json {
    let mut all = json!({"kubernetes.io/bootstrapping": "rbac-defaults"});
    for label in labels {
        all[format!("{AGGREGATE}{label}")] = json!("true");
    }
    let mut metadata = json!({
        "name": name,
        "labels": all,
        "annotations": {"rbac.authorization.kubernetes.io/autoupdate": "true"},
    });
    if !namespace.is_empty() {
        metadata["namespace"] = json!(namespace);
    }
    metadata
}

impl Role {
    /// The object as it is created.
    pub(crate) fn json(&self) -> Json {
        let kind = if self.namespace.is_empty() { "ClusterRole" } else { "Role" };
        let mut object = json!({
            "apiVersion": API_VERSION,
            "kind": kind,
            "metadata": metadata(&self.namespace, &self.name, &self.labels),
        });
        if self.aggregates.is_empty() {
            object["rules"] = self.rules.iter().map(rule_json).collect();
        } else {
            let label = |label: &String| json!({"matchLabels": {format!("{AGGREGATE}{label}"): "true"}});
            let selectors: Vec<Json> = self.aggregates.iter().map(label).collect();
            object["aggregationRule"] = json!({"clusterRoleSelectors": selectors});
            object["rules"] = Json::Null;
        }
        object
    }
}

impl Binding {
    /// The object as it is created.
    pub(crate) fn json(&self) -> Json {
        let kind = if self.namespace.is_empty() { "ClusterRoleBinding" } else { "RoleBinding" };
        let mut object = json!({
            "apiVersion": API_VERSION,
            "kind": kind,
            "metadata": metadata(&self.namespace, &self.name, &[]),
            "roleRef": {"apiGroup": API_GROUP, "kind": self.role_kind, "name": self.role},
        });
        if !self.subjects.is_empty() {
            object["subjects"] = json!(self.subjects);
        }
        object
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_there() {
        let policy = kubernetes();
        let cluster = |namespace: &str| namespace.is_empty();
        let count = |wide: bool| {
            let roles = policy.roles.iter().filter(|role| cluster(&role.namespace) == wide).count();
            let bindings = policy.bindings.iter().filter(|bound| cluster(&bound.namespace) == wide).count();
            (roles, bindings)
        };
        // 76 and 57 less the seven that belong to features that are off.
        assert_eq!(count(true), (69, 50));
        assert_eq!(count(false), (7, 7));
        for binding in &all().bindings {
            let home = if binding.role_kind == "Role" { binding.namespace.as_str() } else { "" };
            let named = |role: &Role| role.name == binding.role && role.namespace == home;
            assert!(all().roles.iter().any(named), "{} binds a role that is there", binding.name);
        }
    }

    #[test]
    fn objects_have_the_upstream_form() {
        let policy = kubernetes();
        let role = |name: &str| policy.roles.iter().find(|role| role.name == name).unwrap().json();
        let edit = role("edit");
        assert_eq!(edit["metadata"]["labels"]["rbac.authorization.k8s.io/aggregate-to-admin"], "true");
        let selectors = &edit["aggregationRule"]["clusterRoleSelectors"];
        assert_eq!(selectors[0]["matchLabels"]["rbac.authorization.k8s.io/aggregate-to-edit"], "true");
        let admin = role("cluster-admin");
        assert_eq!(admin["rules"][1], json!({"verbs": ["*"], "nonResourceURLs": ["*"]}));
        assert!(cluster_role_rules("system:node").len() > 10);
    }
}
