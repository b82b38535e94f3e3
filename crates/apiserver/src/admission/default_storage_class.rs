//! DefaultStorageClass: a claim that names no class gets the default one.

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::value::Value;
use serde_json::json;

use super::tree::{is_set, set, text};
use super::{Lookup, Operation, Plugin, Request};
use crate::status::ApiError;

const IS_DEFAULT: [&str; 2] =
    ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];
const OLD_CLASS: &str = "volume.beta.kubernetes.io/storage-class";

/// The plugin.
pub(super) struct DefaultStorageClass {
    lookup: Arc<dyn Lookup>,
}

impl DefaultStorageClass {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup }
    }
}

/// Of several that are marked, the newest, and of those the first by name.
pub(super) fn newest_default(mut classes: Vec<Value>, marks: &[&str]) -> Option<Value> {
    classes
        .retain(|class| marks.iter().any(|mark| text(class, &["metadata", "annotations", mark]) == "true"));
    let made = |class: &Value| text(class, &["metadata", "creationTimestamp"]).to_owned();
    let name = |class: &Value| text(class, &["metadata", "name"]).to_owned();
    classes.sort_by(|one, other| made(other).cmp(&made(one)).then_with(|| name(one).cmp(&name(other))));
    classes.into_iter().next()
}

#[async_trait]
impl Plugin for DefaultStorageClass {
    fn name(&self) -> &'static str {
        "DefaultStorageClass"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        if !request.is("", "persistentvolumeclaims") || request.operation != Operation::Create {
            return Ok(());
        }
        let Some(claim) = request.object.as_deref_mut() else { return Ok(()) };
        // An empty name is a wish too: no class.
        if is_set(claim, &["spec", "storageClassName"])
            || claim.path(&["metadata", "annotations", OLD_CLASS]).is_some()
        {
            return Ok(());
        }
        let classes = self.lookup.list("storage.k8s.io", "storageclasses", "").await?;
        if let Some(class) = newest_default(classes, &IS_DEFAULT) {
            set(claim, &["spec", "storageClassName"], json!(text(&class, &["metadata", "name"])));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::super::fake::{Attempt, Objects};
    use super::*;

    #[tokio::test]
    async fn the_newest_default_class() {
        let class = |name: &str, made: &str, default: &str| json!({"metadata": {"name": name, "creationTimestamp": made, "annotations": {IS_DEFAULT[0]: default}}});
        let objects = Objects::new([
            ("storage.k8s.io", "storageclasses", class("a", "2026-01-01T00:00:00Z", "true")),
            ("storage.k8s.io", "storageclasses", class("c", "2026-01-02T00:00:00Z", "true")),
            ("storage.k8s.io", "storageclasses", class("b", "2026-01-02T00:00:00Z", "true")),
            ("storage.k8s.io", "storageclasses", class("d", "2026-01-03T00:00:00Z", "false")),
        ]);
        let plugin = DefaultStorageClass::new(Arc::new(objects));
        let check = async |spec: Json, expect: &str| {
            let claim = json!({"spec": spec});
            let found =
                Attempt::create("", "persistentvolumeclaims", "web", claim).run(&plugin).await.unwrap();
            assert_eq!(text(&found, &["spec", "storageClassName"]), expect);
        };
        check(json!({}), "b").await;
        check(json!({"storageClassName": "x"}), "x").await;
        check(json!({"storageClassName": ""}), "").await;
    }
}
