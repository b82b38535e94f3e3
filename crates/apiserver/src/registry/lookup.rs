//! What admission plugins and the authorizer read: the watch cache.

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::value::Value;

use super::{Registry, behind_error};
use crate::admission::Lookup;
use crate::cache::Selection;
use crate::catalog::Kind;
use crate::status::ApiError;

impl Registry {
    fn lookup_kind(&self, group: &str, resource: &str) -> Result<Arc<Kind>, ApiError> {
        let rows = self.catalog.rows();
        rows.kind(group, resource)
            .cloned()
            .ok_or_else(|| ApiError::internal(format!("no resource {}", super::qualified(group, resource))))
    }
}

#[async_trait]
impl Lookup for Registry {
    async fn get(
        &self,
        group: &str,
        resource: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Value>, ApiError> {
        let kind = self.lookup_kind(group, resource)?;
        let cache = self.cache(&kind);
        cache.settle().await.map_err(behind_error)?;
        let local = kind.layout.local(namespace, name);
        // What is not here may have been written by another API server just now.
        let found = match cache.get(&local) {
            Some(found) => Some(found),
            None => self.fetch(&kind, &local).await?,
        };
        found.map(|object| Self::tree(&kind, &object)).transpose()
    }

    async fn list(&self, group: &str, resource: &str, namespace: &str) -> Result<Vec<Value>, ApiError> {
        let kind = self.lookup_kind(group, resource)?;
        let cache = self.cache(&kind);
        cache.settle().await.map_err(behind_error)?;
        let (_, objects) = cache.snapshot();
        let selection = Selection::all(namespace);
        let mut found = Vec::new();
        for (_, object) in objects.range(&selection.namespace, "") {
            found.push(Self::tree(&kind, object)?);
        }
        Ok(found)
    }

    fn generation(&self, group: &str, resource: &str) -> u64 {
        match self.lookup_kind(group, resource) {
            Ok(kind) => self.cache(&kind).generation(),
            Err(_) => 0,
        }
    }
}
