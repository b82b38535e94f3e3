//! Nobody grants what they do not have: writes of roles need their rules (or the verb `escalate`), writes of
//! bindings the rules of their role (or the verb `bind`).
//!
//! Source: the documentation page "Using RBAC Authorization", "Privilege escalation prevention and
//! bootstrapping".

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::value::Value;

use super::tree::{is_set, same, text};
use super::{Lookup, Operation, Plugin, Request};
use crate::attributes::ResourceTarget;
use crate::authz::rbac::GROUP;
use crate::authz::rules::{merged, rules_of, uncovered};
use crate::authz::{Authorizer, Rule};
use crate::status::ApiError;

/// The check.
pub(super) struct RbacEscalation {
    lookup: Arc<dyn Lookup>,
    authorizer: Arc<dyn Authorizer>,
}

impl RbacEscalation {
    pub(super) fn new(lookup: Arc<dyn Lookup>, authorizer: Arc<dyn Authorizer>) -> Self {
        Self { lookup, authorizer }
    }

    async fn may(&self, request: &Request<'_>, verb: &str, resource: &str, name: &str) -> bool {
        let role = ResourceTarget {
            group: GROUP.to_owned(),
            version: "*".to_owned(),
            resource: resource.to_owned(),
            namespace: request.target.namespace.clone(),
            name: name.to_owned(),
            ..ResourceTarget::default()
        };
        request.may(self.authorizer.as_ref(), verb, role).await
    }

    /// Refuses rules that the user does not have.
    async fn covered(&self, request: &Request<'_>, wanted: &[Rule]) -> Result<(), ApiError> {
        let (owned, gaps) = self.authorizer.rules(request.user, &request.target.namespace).await;
        let missing = merged(uncovered(&owned, wanted));
        if missing.is_empty() {
            return Ok(());
        }
        let mut lines: Vec<String> = missing.iter().map(Rule::compact).collect();
        lines.sort_unstable();
        let groups: Vec<String> = request.user.groups.iter().map(|group| format!("{group:?}")).collect();
        let mut why = format!(
            "user {:?} (groups=[{}]) is attempting to grant RBAC permissions not currently held:\n{}",
            request.user.name,
            groups.join(" "),
            lines.join("\n"),
        );
        if !gaps.is_empty() {
            why.push_str(&format!("; resolution errors: [{gaps}]"));
        }
        Err(request.forbidden(why))
    }

    async fn role(&self, request: &Request<'_>, role: &Value) -> Result<(), ApiError> {
        let old = request.old.unwrap_or(&Value::Null);
        let unchanged = same(role, old, &["rules"]) && same(role, old, &["aggregationRule"]);
        if request.operation == Operation::Update && unchanged {
            return Ok(());
        }
        let name = text(role, &["metadata", "name"]);
        if self.may(request, "escalate", &request.target.resource, name).await {
            return Ok(());
        }
        self.covered(request, &rules_of(role)).await?;
        // Who says which roles are joined may grant anything that will ever be in them.
        if is_set(role, &["aggregationRule"]) && !same(role, old, &["aggregationRule"]) {
            let all = || vec!["*".to_owned()];
            let everything = [
                Rule { verbs: all(), api_groups: all(), resources: all(), ..Rule::default() },
                Rule { verbs: all(), non_resource_urls: all(), ..Rule::default() },
            ];
            if self.covered(request, &everything).await.is_err() {
                let why = "must have cluster-admin privileges to use an aggregationRule";
                return Err(request.forbidden(why));
            }
        }
        Ok(())
    }

    async fn binding(&self, request: &Request<'_>, binding: &Value) -> Result<(), ApiError> {
        let old = request.old.unwrap_or(&Value::Null);
        let unchanged = same(binding, old, &["roleRef"]) && same(binding, old, &["subjects"]);
        if request.operation == Operation::Update && unchanged {
            return Ok(());
        }
        let name = text(binding, &["roleRef", "name"]);
        let (resource, namespace) = match text(binding, &["roleRef", "kind"]) {
            "Role" => ("roles", request.target.namespace.as_str()),
            _ => ("clusterroles", ""),
        };
        if self.may(request, "bind", resource, name).await {
            return Ok(());
        }
        let role = self.lookup.get(GROUP, resource, namespace, name).await?;
        let role = role.ok_or_else(|| ApiError::not_found(GROUP, resource, name))?;
        self.covered(request, &rules_of(&role)).await
    }
}

#[async_trait]
impl Plugin for RbacEscalation {
    fn name(&self) -> &'static str {
        "RBACEscalation"
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        let target = request.target;
        let write = matches!(request.operation, Operation::Create | Operation::Update);
        if !write || target.group != GROUP || request.user.in_group("system:masters") {
            return Ok(());
        }
        let Some(object) = request.object.as_deref() else { return Ok(()) };
        match target.resource.as_str() {
            "roles" | "clusterroles" => self.role(request, object).await,
            "rolebindings" | "clusterrolebindings" => self.binding(request, object).await,
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::fake::{Attempt, Objects};
    use super::*;
    use crate::authz::Rbac;
    use crate::authz::rbac::tests::{binding, role};

    fn plugin() -> RbacEscalation {
        let pods = json!([{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods"]}]);
        let secrets = json!([{"verbs": ["get"], "apiGroups": [""], "resources": ["secrets"]}]);
        let bind = json!([{"verbs": ["bind"], "apiGroups": [GROUP], "resources": ["clusterroles"], "resourceNames": ["s"]}]);
        let user = |name: &str| json!({"apiGroup": GROUP, "kind": "User", "name": name});
        let lookup: Arc<dyn Lookup> = Arc::new(Objects::new([
            (GROUP, "clusterroles", role("", "p", pods)),
            (GROUP, "clusterroles", role("", "s", secrets)),
            (GROUP, "clusterroles", role("", "b", bind)),
            (GROUP, "rolebindings", binding("web", "one", ("ClusterRole", "p"), user("jane"))),
            (GROUP, "rolebindings", binding("web", "two", ("ClusterRole", "b"), user("binder"))),
        ]));
        RbacEscalation::new(lookup.clone(), Arc::new(Rbac::new(lookup)))
    }

    fn pods(verbs: &[&str]) -> Json {
        json!([{"verbs": verbs, "apiGroups": [""], "resources": ["pods"]}])
    }

    #[tokio::test]
    async fn roles() {
        let plugin = plugin();
        let create = |verbs: &[&str]| Attempt::create(GROUP, "roles", "web", role("web", "new", pods(verbs)));
        assert!(create(&["get"]).run(&plugin).await.is_ok());
        let error = create(&["get", "delete", "watch"]).run(&plugin).await.unwrap_err();
        let expect = "roles.rbac.authorization.k8s.io \"new\" is forbidden: user \"jane\" (groups=[\"system:authenticated\"]) \
                      is attempting to grant RBAC permissions not currently held:\n{APIGroups:[\"\"], \
                      Resources:[\"pods\"], Verbs:[\"delete\" \"watch\"]}";
        assert_eq!(error.message, expect);
        assert!(create(&["delete"]).by("root", &["system:masters"]).run(&plugin).await.is_ok());
        let old = role("web", "new", pods(&["delete"]));
        assert!(Attempt::update(GROUP, "roles", "web", old.clone(), old).run(&plugin).await.is_ok());
        let mut aggregated = role("", "new", json!([]));
        aggregated["aggregationRule"] = json!({"clusterRoleSelectors": [{}]});
        let error = Attempt::create(GROUP, "clusterroles", "", aggregated).run(&plugin).await.unwrap_err();
        assert!(error.message.contains("must have cluster-admin privileges"), "{error}");
    }

    #[tokio::test]
    async fn bindings() {
        let plugin = plugin();
        let create = |name: &str| {
            let subject = json!({"apiGroup": GROUP, "kind": "User", "name": "joe"});
            Attempt::create(
                GROUP,
                "rolebindings",
                "web",
                binding("web", "new", ("ClusterRole", name), subject),
            )
        };
        assert!(create("p").run(&plugin).await.is_ok());
        assert_eq!(create("s").run(&plugin).await.unwrap_err().code, 403);
        assert!(create("s").by("binder", &[]).run(&plugin).await.is_ok());
        assert_eq!(create("none").run(&plugin).await.unwrap_err().code, 404);
    }
}
