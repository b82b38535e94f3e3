//! TaintNodesByCondition: a new node takes no pods before it is ready.

use async_trait::async_trait;
use serde_json::json;

use super::tree::{list, push, text};
use super::{Operation, Plugin, Request};
use crate::status::ApiError;

const KEY: &str = "node.kubernetes.io/not-ready";

/// The plugin.
pub(super) struct TaintNodesByCondition;

#[async_trait]
impl Plugin for TaintNodesByCondition {
    fn name(&self) -> &'static str {
        "TaintNodesByCondition"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        if !request.is("", "nodes") || request.operation != Operation::Create {
            return Ok(());
        }
        let Some(node) = request.object.as_deref_mut() else { return Ok(()) };
        let known = |taint: &mizzen_schema::value::Value| {
            text(taint, &["key"]) == KEY && text(taint, &["effect"]) == "NoSchedule"
        };
        if !list(node, &["spec", "taints"]).iter().any(known) {
            push(node, &["spec", "taints"], json!({"key": KEY, "effect": "NoSchedule"}));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::Attempt;
    use super::*;

    #[tokio::test]
    async fn a_new_node_is_tainted_once() {
        let check = async |taints: serde_json::Value, expect: usize| {
            let node = json!({"spec": {"taints": taints}});
            let found = Attempt::create("", "nodes", "", node).run(&TaintNodesByCondition).await.unwrap();
            assert_eq!(list(&found, &["spec", "taints"]).len(), expect);
        };
        check(json!([]), 1).await;
        check(json!([{"key": KEY, "effect": "NoSchedule"}]), 1).await;
        check(json!([{"key": KEY, "effect": "NoExecute"}]), 2).await;
    }
}
