//! ClusterRole aggregation: a role with selectors has the rules of the roles that they pick.

use k8s_openapi::api::rbac::v1::{ClusterRole, PolicyRule};
use mizzen_client::{Informer, ObjectKey, Outcome};

use crate::context::{Cache, Context, Reconcile};
use crate::selector;

const WORKERS: usize = 5;

#[derive(Clone)]
struct Controller {
    context: Context,
    roles: Informer<ClusterRole>,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let controller = Controller { roles: context.informers.of::<ClusterRole>(), context: context.clone() };
    let queue = context.queue::<ObjectKey>("ClusterRoleAggregator");
    let (roles, waiting) = (controller.roles.clone(), queue.clone());
    controller.roles.subscribe(move |_| {
        // Any change may concern every role that aggregates; there are few of them.
        for role in roles.list().iter().filter(|role| role.value.aggregation_rule.is_some()) {
            waiting.add(role.key.clone());
        }
    });
    let caches: [&dyn Cache; 1] = [&controller.roles];
    context
        .serve(&controller, &queue, WORKERS, &caches, |own, key| async move { own.reconcile(&key).await })
        .await;
}

impl Controller {
    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(role) = self.roles.get(key) else { return Ok(Outcome::Done) };
        let Some(rule) = &role.value.aggregation_rule else { return Ok(Outcome::Done) };
        let mut rules: Vec<PolicyRule> = Vec::new();
        for selector in rule.cluster_role_selectors.iter().flatten() {
            for other in self.roles.list().iter().filter(|other| other.key != *key) {
                let labels = other.value.metadata.labels.clone().unwrap_or_default();
                if !selector::matches(selector, &labels) {
                    continue;
                }
                for rule in other.value.rules.iter().flatten() {
                    if !rules.contains(rule) {
                        rules.push(rule.clone());
                    }
                }
            }
        }
        if role.value.rules.clone().unwrap_or_default() == rules {
            return Ok(Outcome::Done);
        }
        let changed = ClusterRole { rules: Some(rules), ..role.value.clone() };
        match self.context.client.update(&changed).await {
            // The change that was faster brings us here again.
            Err(error) if error.is_conflict() || error.is_not_found() => Ok(Outcome::Done),
            other => other.map(|_| Outcome::Done),
        }
    }
}
