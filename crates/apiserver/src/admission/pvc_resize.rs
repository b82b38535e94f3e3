//! PersistentVolumeClaimResize: only claims whose class allows it grow.

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_machinery::quantity::Quantity;
use mizzen_schema::value::Value;

use super::tree::{flag, text};
use super::{Lookup, Operation, Plugin, Request};
use crate::status::ApiError;

/// The plugin.
pub(super) struct PersistentVolumeClaimResize {
    lookup: Arc<dyn Lookup>,
}

impl PersistentVolumeClaimResize {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup }
    }
}

fn size(claim: &Value) -> Quantity {
    text(claim, &["spec", "resources", "requests", "storage"]).parse().unwrap_or(Quantity::ZERO)
}

#[async_trait]
impl Plugin for PersistentVolumeClaimResize {
    fn name(&self) -> &'static str {
        "PersistentVolumeClaimResize"
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        if !request.is("", "persistentvolumeclaims") || request.operation != Operation::Update {
            return Ok(());
        }
        let (Some(claim), Some(old)) = (request.object.as_deref(), request.old) else { return Ok(()) };
        if size(claim) <= size(old) {
            return Ok(());
        }
        if text(old, &["status", "phase"]) != "Bound" {
            return Err(request.forbidden("Only bound persistent volume claims can be expanded"));
        }
        let mut class = text(claim, &["spec", "storageClassName"]);
        if class.is_empty() {
            class = text(claim, &["metadata", "annotations", "volume.beta.kubernetes.io/storage-class"]);
        }
        let class = match class {
            "" => None,
            name => self.lookup.get("storage.k8s.io", "storageclasses", "", name).await?,
        };
        if class.is_some_and(|class| flag(&class, &["allowVolumeExpansion"])) {
            return Ok(());
        }
        let why = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc \
                   must support resize";
        Err(request.forbidden(why))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fake::{Attempt, Objects};
    use super::*;

    #[tokio::test]
    async fn growth() {
        let class = json!({"metadata": {"name": "fast"}, "allowVolumeExpansion": true});
        let plugin = PersistentVolumeClaimResize::new(Arc::new(Objects::new([(
            "storage.k8s.io",
            "storageclasses",
            class,
        )])));
        let check = async |from: &str, to: &str, class: &str, phase: &str, expect: &str| {
            let claim = |size: &str| {
                json!({"metadata": {"name": "c"}, "status": {"phase": phase}, "spec": {
                    "storageClassName": class, "resources": {"requests": {"storage": size}}}})
            };
            let update = Attempt::update("", "persistentvolumeclaims", "web", claim(to), claim(from));
            let found = update.run(&plugin).await.err().map(|error| error.message).unwrap_or_default();
            assert!(found.contains(expect) && found.is_empty() == expect.is_empty(), "{found}");
        };
        check("1Gi", "2Gi", "fast", "Bound", "").await;
        check("1Gi", "1024Mi", "none", "Pending", "").await;
        check("1Gi", "2Gi", "none", "Bound", "must support resize").await;
        check("1Gi", "2Gi", "fast", "Pending", "Only bound").await;
    }
}
