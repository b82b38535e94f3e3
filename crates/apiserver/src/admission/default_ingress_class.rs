//! DefaultIngressClass: an ingress that names no class gets the default one.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::json;

use super::default_storage_class::newest_default;
use super::tree::{is_set, set, text};
use super::{Lookup, Operation, Plugin, Request};
use crate::status::ApiError;

const GROUP: &str = "networking.k8s.io";
const IS_DEFAULT: &str = "ingressclass.kubernetes.io/is-default-class";
const OLD_CLASS: &str = "kubernetes.io/ingress.class";

/// The plugin.
pub(super) struct DefaultIngressClass {
    lookup: Arc<dyn Lookup>,
}

impl DefaultIngressClass {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup }
    }
}

#[async_trait]
impl Plugin for DefaultIngressClass {
    fn name(&self) -> &'static str {
        "DefaultIngressClass"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        if !request.is(GROUP, "ingresses") || request.operation != Operation::Create {
            return Ok(());
        }
        let Some(ingress) = request.object.as_deref_mut() else { return Ok(()) };
        if is_set(ingress, &["spec", "ingressClassName"])
            || ingress.path(&["metadata", "annotations", OLD_CLASS]).is_some()
        {
            return Ok(());
        }
        let classes = self.lookup.list(GROUP, "ingressclasses", "").await?;
        if let Some(class) = newest_default(classes, &[IS_DEFAULT]) {
            set(ingress, &["spec", "ingressClassName"], json!(text(&class, &["metadata", "name"])));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Attempt, Objects};
    use super::*;

    #[tokio::test]
    async fn classes() {
        let class = json!({"metadata": {"name": "main", "annotations": {IS_DEFAULT: "true"}}});
        let plugin = DefaultIngressClass::new(Arc::new(Objects::new([(GROUP, "ingressclasses", class)])));
        let check = async |ingress: serde_json::Value, expect: &str| {
            let found = Attempt::create(GROUP, "ingresses", "web", ingress).run(&plugin).await.unwrap();
            assert_eq!(text(&found, &["spec", "ingressClassName"]), expect);
        };
        check(json!({"spec": {}}), "main").await;
        check(json!({"spec": {"ingressClassName": "own"}}), "own").await;
        check(json!({"metadata": {"annotations": {OLD_CLASS: "old"}}, "spec": {}}), "").await;
    }
}
