//! RBAC over the watch cache, with an index by subject that is made anew only when an RBAC object changes.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use mizzen_clock::Map;
use mizzen_schema::value::Value;

use super::rules::rules_of;
use super::{Authorizer, Decision, Rule};
use crate::admission::Lookup;
use crate::admission::tree::{list, text};
use crate::attributes::{Attributes, Target, User};
use crate::authn::service_account_name;
use crate::status::ApiError;

pub(crate) const GROUP: &str = "rbac.authorization.k8s.io";
const RESOURCES: [&str; 4] = ["clusterroles", "clusterrolebindings", "roles", "rolebindings"];

/// Who a binding is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    User(String),
    Group(String),
}

/// A binding and what it grants.
#[derive(Debug)]
struct Grant {
    /// Empty for a ClusterRoleBinding.
    namespace: String,
    /// `ClusterRoleBinding "x" of ClusterRole "y"`.
    description: String,
    /// What of the role; a role that is missing grants nothing and says so.
    rules: Result<Arc<[Rule]>, String>,
}

/// All grants, by subject.
#[derive(Debug, Default)]
struct Index {
    generations: [u64; 4],
    /// With each grant, the subject's own words: `to Group "g"`.
    grants: Map<Subject, Vec<(Arc<Grant>, String)>>,
}

/// The RBAC authorizer. A check looks only at the bindings of the user and of their groups.
pub struct Rbac {
    lookup: Arc<dyn Lookup>,
    index: Mutex<Arc<Index>>,
}

fn description(kind: &str, namespace: &str, name: &str, role_kind: &str, role: &str) -> String {
    let binding = if namespace.is_empty() { name.to_owned() } else { format!("{name}/{namespace}") };
    format!("{kind} {binding:?} of {role_kind} {role:?}")
}

fn subject_of(subject: &Value, namespace: &str) -> Option<(Subject, String)> {
    let (kind, name) = (text(subject, &["kind"]), text(subject, &["name"]));
    let own = |group: &str| group == GROUP;
    match kind {
        "User" if own(text(subject, &["apiGroup"])) => {
            Some((Subject::User(name.to_owned()), format!("User {name:?}")))
        }
        "Group" if own(text(subject, &["apiGroup"])) => {
            Some((Subject::Group(name.to_owned()), format!("Group {name:?}")))
        }
        "ServiceAccount" => {
            let given = text(subject, &["namespace"]);
            let home = if given.is_empty() { namespace } else { given };
            if home.is_empty() {
                return None;
            }
            let words = format!("ServiceAccount {:?}", format!("{name}/{home}"));
            Some((Subject::User(service_account_name(home, name)), words))
        }
        _ => None,
    }
}

impl Rbac {
    /// Reads roles and bindings from `lookup`.
    pub fn new(lookup: Arc<dyn Lookup>) -> Self {
        // No resource has this generation: the first check makes the index.
        let index = Index { generations: [u64::MAX; 4], ..Index::default() };
        Self { lookup, index: Mutex::new(Arc::new(index)) }
    }

    async fn index(&self) -> Result<Arc<Index>, ApiError> {
        // Generations first: what changes while we read makes the next check read again.
        let generations = RESOURCES.map(|resource| self.lookup.generation(GROUP, resource));
        let current = self.index.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if current.generations == generations {
            return Ok(current);
        }
        let fresh = Arc::new(self.read(generations).await?);
        *self.index.lock().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        Ok(fresh)
    }

    async fn read(&self, generations: [u64; 4]) -> Result<Index, ApiError> {
        let mut roles: Map<(String, String), Arc<[Rule]>> = Map::default();
        for resource in ["clusterroles", "roles"] {
            for role in self.lookup.list(GROUP, resource, "").await? {
                let key = |path| text(&role, &["metadata", path]).to_owned();
                roles.insert((key("namespace"), key("name")), rules_of(&role).into());
            }
        }
        let mut index = Index { generations, ..Index::default() };
        for (resource, kind) in
            [("clusterrolebindings", "ClusterRoleBinding"), ("rolebindings", "RoleBinding")]
        {
            for binding in self.lookup.list(GROUP, resource, "").await? {
                let namespace = text(&binding, &["metadata", "namespace"]);
                let (role_kind, role) =
                    (text(&binding, &["roleRef", "kind"]), text(&binding, &["roleRef", "name"]));
                let home = if role_kind == "Role" { namespace } else { "" };
                let missing = || {
                    let resource = if role_kind == "Role" { "role" } else { "clusterrole" };
                    format!("{resource}.{GROUP} {role:?} not found")
                };
                let grant = Arc::new(Grant {
                    namespace: namespace.to_owned(),
                    description: description(
                        kind,
                        namespace,
                        text(&binding, &["metadata", "name"]),
                        role_kind,
                        role,
                    ),
                    rules: roles.get(&(home.to_owned(), role.to_owned())).cloned().ok_or_else(missing),
                });
                for subject in list(&binding, &["subjects"]) {
                    if let Some((subject, words)) = subject_of(subject, namespace) {
                        index.grants.entry(subject).or_default().push((grant.clone(), words));
                    }
                }
            }
        }
        Ok(index)
    }

    /// All that a user may do in a namespace (empty: at cluster scope), and what could not be found out.
    pub(crate) async fn granted(
        &self,
        user: &User,
        namespace: &str,
    ) -> Result<(Vec<Rule>, Vec<String>), ApiError> {
        let index = self.index().await?;
        let (mut rules, mut gaps) = (Vec::new(), Vec::new());
        for (grant, _) in index.of(user, namespace) {
            match &grant.rules {
                Ok(granted) => rules.extend(granted.iter().cloned()),
                Err(gap) => gaps.push(gap.clone()),
            }
        }
        Ok((rules, gaps))
    }
}

impl Index {
    /// Cluster-wide grants first, then those of the namespace.
    fn of<'a>(&'a self, user: &User, namespace: &str) -> Vec<&'a (Arc<Grant>, String)> {
        let subjects = std::iter::once(Subject::User(user.name.clone()))
            .chain(user.groups.iter().map(|group| Subject::Group(group.clone())));
        let mut found: Vec<&(Arc<Grant>, String)> = subjects
            .filter_map(|subject| self.grants.get(&subject))
            .flatten()
            .filter(|(grant, _)| grant.namespace.is_empty() || grant.namespace == namespace)
            .collect();
        found.sort_by_key(|(grant, _)| !grant.namespace.is_empty());
        found
    }
}

#[async_trait]
impl Authorizer for Rbac {
    async fn authorize(&self, attributes: &Attributes) -> Decision {
        let index = match self.index().await {
            Ok(index) => index,
            Err(error) => return Decision::NoOpinion(format!("RBAC: {error}")),
        };
        let namespace = match &attributes.target {
            Target::Resource(target) => target.namespace.as_str(),
            Target::Path(_) => "",
        };
        let mut gaps = Vec::new();
        for (grant, subject) in index.of(&attributes.user, namespace) {
            match &grant.rules {
                Ok(rules) => {
                    if rules.iter().any(|rule| rule.allows(&attributes.verb, &attributes.target)) {
                        return Decision::Allow(format!(
                            "RBAC: allowed by {} to {subject}",
                            grant.description
                        ));
                    }
                }
                Err(gap) if gaps.contains(gap) => {}
                Err(gap) => gaps.push(gap.clone()),
            }
        }
        Decision::NoOpinion(match gaps.as_slice() {
            [] => String::new(),
            [one] => format!("RBAC: {one}"),
            many => format!("RBAC: [{}]", many.join(", ")),
        })
    }

    async fn rules(&self, user: &User, namespace: &str) -> (Vec<Rule>, String) {
        match self.granted(user, namespace).await {
            Ok((rules, gaps)) => (rules, gaps.join(", ")),
            Err(error) => (Vec::new(), error.message),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::admission::fake::Objects;
    use crate::attributes::ResourceTarget;

    pub(crate) fn role(namespace: &str, name: &str, rules: Json) -> Json {
        json!({"metadata": {"namespace": namespace, "name": name}, "rules": rules})
    }

    pub(crate) fn binding(namespace: &str, name: &str, role: (&str, &str), subject: Json) -> Json {
        json!({
            "metadata": {"namespace": namespace, "name": name},
            "roleRef": {"apiGroup": GROUP, "kind": role.0, "name": role.1},
            "subjects": [subject],
        })
    }

    pub(crate) fn asks(user: &User, verb: &str, resource: &str, namespace: &str, name: &str) -> Attributes {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        Attributes {
            user: user.clone(),
            verb: verb.to_owned(),
            target: Target::Resource(ResourceTarget {
                resource: resource.to_owned(),
                subresource: subresource.to_owned(),
                namespace: namespace.to_owned(),
                name: name.to_owned(),
                ..ResourceTarget::default()
            }),
            label_selector: String::new(),
            field_selector: String::new(),
        }
    }

    fn objects() -> Objects {
        let reader =
            json!([{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "pods/log"]}]);
        let group = |name: &str| json!({"apiGroup": GROUP, "kind": "Group", "name": name});
        Objects::new([
            (GROUP, "clusterroles", role("", "reader", reader.clone())),
            (GROUP, "roles", role("web", "local", reader)),
            (GROUP, "clusterrolebindings", binding("", "all", ("ClusterRole", "reader"), group("ops"))),
            (GROUP, "rolebindings", binding("web", "one", ("Role", "local"), group("dev"))),
            (
                GROUP,
                "rolebindings",
                binding(
                    "web",
                    "two",
                    ("ClusterRole", "reader"),
                    json!({"kind": "ServiceAccount", "name": "sa", "namespace": "ci"}),
                ),
            ),
            (GROUP, "rolebindings", binding("web", "lost", ("Role", "none"), group("lost"))),
        ])
    }

    #[tokio::test]
    async fn decisions() {
        let rbac = Rbac::new(Arc::new(objects()));
        let check = async |user: User, resource: &str, namespace: &str, expect: Decision| {
            let found = rbac.authorize(&asks(&user, "get", resource, namespace, "p")).await;
            assert_eq!(found, expect, "{user:?} {resource} {namespace}");
        };
        let none = || Decision::NoOpinion(String::new());
        let allow = |text: &str| Decision::Allow(format!("RBAC: allowed by {text}"));
        let ops = || User::new("o", &["ops"]);
        let all = r#"ClusterRoleBinding "all" of ClusterRole "reader" to Group "ops""#;
        check(ops(), "pods", "web", allow(all)).await;
        check(ops(), "pods/log", "", allow(all)).await;
        check(ops(), "secrets", "web", none()).await;
        let dev = || User::new("d", &["dev"]);
        check(dev(), "pods", "web", allow(r#"RoleBinding "one/web" of Role "local" to Group "dev""#)).await;
        check(dev(), "pods", "other", none()).await;
        check(dev(), "pods", "", none()).await;
        let account = User::new("system:serviceaccount:ci:sa", &[]);
        let two = r#"RoleBinding "two/web" of ClusterRole "reader" to ServiceAccount "sa/ci""#;
        check(account, "pods", "web", allow(two)).await;
        let lost = r#"RBAC: role.rbac.authorization.k8s.io "none" not found"#;
        check(User::new("l", &["lost"]), "pods", "web", Decision::NoOpinion(lost.to_owned())).await;
        check(User::anonymous(), "pods", "web", none()).await;
    }

    #[tokio::test]
    async fn the_index_follows_changes() {
        let objects = Arc::new(objects());
        let rbac = Rbac::new(objects.clone());
        let user = User::new("new", &[]);
        let asked = asks(&user, "list", "pods", "web", "");
        assert_eq!(rbac.authorize(&asked).await, Decision::NoOpinion(String::new()));
        let subject = json!({"apiGroup": GROUP, "kind": "User", "name": "new"});
        objects.put(GROUP, "rolebindings", binding("web", "new", ("Role", "local"), subject));
        assert!(matches!(rbac.authorize(&asked).await, Decision::Allow(_)));
        let (rules, gaps) = rbac.rules(&user, "web").await;
        assert_eq!((rules.len(), gaps.as_str()), (1, ""));
    }
}
