//! A [`Lookup`] over a few objects, for unit tests.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use mizzen_schema::value::Value;
use serde_json::Value as Json;

use super::Lookup;
use super::tree::{build, text};
use crate::status::ApiError;

/// Objects by group and resource; a later one of the same name replaces an earlier one.
pub(crate) struct Objects {
    rows: Mutex<Vec<(String, String, Value)>>,
    generation: AtomicU64,
}

impl Objects {
    pub(crate) fn new<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str, Json)>) -> Self {
        let objects = Self { rows: Mutex::new(Vec::new()), generation: AtomicU64::new(1) };
        rows.into_iter().fold(objects, |objects, (group, resource, json)| objects.with(group, resource, json))
    }

    pub(crate) fn with(self, group: &str, resource: &str, json: Json) -> Self {
        self.put(group, resource, json);
        self
    }

    pub(crate) fn put(&self, group: &str, resource: &str, json: Json) {
        let value = build(None, json);
        let name = |value: &Value| {
            (
                text(value, &["metadata", "namespace"]).to_owned(),
                text(value, &["metadata", "name"]).to_owned(),
            )
        };
        let mut rows = self.rows.lock().unwrap();
        rows.retain(|(g, r, old)| g != group || r != resource || name(old) != name(&value));
        rows.push((group.to_owned(), resource.to_owned(), value));
        self.generation.fetch_add(1, Ordering::Relaxed);
    }
}

#[async_trait]
impl Lookup for Objects {
    async fn get(
        &self,
        group: &str,
        resource: &str,
        namespace: &str,
        name: &str,
    ) -> Result<Option<Value>, ApiError> {
        let all = self.list(group, resource, namespace).await?;
        let own = |value: &Value| {
            text(value, &["metadata", "name"]) == name && text(value, &["metadata", "namespace"]) == namespace
        };
        Ok(all.into_iter().find(own))
    }

    async fn list(&self, group: &str, resource: &str, namespace: &str) -> Result<Vec<Value>, ApiError> {
        let rows = self.rows.lock().unwrap();
        let own = rows.iter().filter(|(g, r, value)| {
            g == group
                && r == resource
                && (namespace.is_empty() || text(value, &["metadata", "namespace"]) == namespace)
        });
        Ok(own.map(|(_, _, value)| value.clone()).collect())
    }

    fn generation(&self, _group: &str, _resource: &str) -> u64 {
        self.generation.load(Ordering::Relaxed)
    }
}
