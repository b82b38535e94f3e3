//! StorageObjectInUseProtection: claims and volumes are not gone before the last pod or claim that uses them.

use async_trait::async_trait;
use serde_json::json;

use super::tree::{push, texts};
use super::{Operation, Plugin, Request};
use crate::status::ApiError;

/// The plugin.
pub(super) struct StorageObjectInUseProtection;

#[async_trait]
impl Plugin for StorageObjectInUseProtection {
    fn name(&self) -> &'static str {
        "StorageObjectInUseProtection"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        if request.operation != Operation::Create {
            return Ok(());
        }
        let finalizer = if request.is("", "persistentvolumeclaims") {
            "kubernetes.io/pvc-protection"
        } else if request.is("", "persistentvolumes") {
            "kubernetes.io/pv-protection"
        } else if request.is("storage.k8s.io", "volumeattributesclasses") {
            "kubernetes.io/vac-protection"
        } else {
            return Ok(());
        };
        let Some(object) = request.object.as_deref_mut() else { return Ok(()) };
        let known = texts(object, &["metadata", "finalizers"]).any(|known| known == finalizer);
        if !known {
            push(object, &["metadata", "finalizers"], json!(finalizer));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::Attempt;
    use super::super::tree::strings;
    use super::*;

    #[tokio::test]
    async fn finalizers() {
        let check = async |resource: &str, expect: &[&str]| {
            let object = json!({"metadata": {"finalizers": ["own"]}});
            let found =
                Attempt::create("", resource, "", object).run(&StorageObjectInUseProtection).await.unwrap();
            assert_eq!(strings(&found, &["metadata", "finalizers"]), expect);
        };
        check("persistentvolumeclaims", &["own", "kubernetes.io/pvc-protection"]).await;
        check("persistentvolumes", &["own", "kubernetes.io/pv-protection"]).await;
        check("pods", &["own"]).await;
    }
}
