//! DefaultTolerationSeconds: pods stay five minutes on a node that is not ready or unreachable.

use async_trait::async_trait;
use mizzen_schema::value::Value;
use serde_json::json;

use super::tree::{list, push, text};
use super::{Operation, Plugin, Request};
use crate::status::ApiError;

const KEYS: [&str; 2] = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];
const SECONDS: i64 = 300;

/// The plugin.
pub(super) struct DefaultTolerationSeconds;

fn tolerates(toleration: &Value, key: &str) -> bool {
    let (own, effect) = (text(toleration, &["key"]), text(toleration, &["effect"]));
    (own == key || own.is_empty()) && (effect == "NoExecute" || effect.is_empty())
}

#[async_trait]
impl Plugin for DefaultTolerationSeconds {
    fn name(&self) -> &'static str {
        "DefaultTolerationSeconds"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        if !request.is("", "pods") || request.operation != Operation::Create {
            return Ok(());
        }
        let Some(pod) = request.object.as_deref_mut() else { return Ok(()) };
        let missing = |key: &&&str| {
            !list(pod, &["spec", "tolerations"]).iter().any(|toleration| tolerates(toleration, key))
        };
        for key in KEYS.iter().filter(missing).collect::<Vec<_>>() {
            let toleration = json!({
                "key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": SECONDS,
            });
            push(pod, &["spec", "tolerations"], toleration);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::super::fake::Attempt;
    use super::*;

    #[tokio::test]
    async fn what_is_not_tolerated_yet_is_added() {
        let check = async |tolerations: Json, expect: usize| {
            let pod = json!({"spec": {"tolerations": tolerations}});
            let found = Attempt::create("", "pods", "web", pod).run(&DefaultTolerationSeconds).await.unwrap();
            assert_eq!(list(&found, &["spec", "tolerations"]).len(), expect);
        };
        check(json!([]), 2).await;
        check(json!([{"operator": "Exists"}]), 1).await;
        check(json!([{"key": KEYS[0], "effect": "NoExecute"}]), 2).await;
        check(json!([{"key": KEYS[0], "effect": "NoSchedule"}]), 3).await;
    }
}
