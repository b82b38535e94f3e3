//! A [`Lookup`] over a few objects, for unit tests.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use mizzen_schema::table::GroupVersionKind;
use mizzen_schema::value::Value;
use serde_json::Value as Json;

use super::tree::{build, text};
use super::{Lookup, Operation, Plugin, Request};
use crate::attributes::{ResourceTarget, User};
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

    pub(crate) fn take(&self, group: &str, resource: &str, name: &str) {
        let mut rows = self.rows.lock().unwrap();
        rows.retain(|(g, r, old)| g != group || r != resource || text(old, &["metadata", "name"]) != name);
        self.generation.fetch_add(1, Ordering::Relaxed);
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

/// A request on its way through one plugin.
pub(crate) struct Attempt {
    pub(crate) user: User,
    pub(crate) operation: Operation,
    pub(crate) target: ResourceTarget,
    pub(crate) object: Option<Value>,
    pub(crate) old: Option<Value>,
    pub(crate) warnings: Vec<String>,
}

impl Attempt {
    fn new(operation: Operation, group: &str, resource: &str, namespace: &str) -> Self {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        let target = ResourceTarget {
            group: group.to_owned(),
            version: "v1".to_owned(),
            resource: resource.to_owned(),
            subresource: subresource.to_owned(),
            namespace: namespace.to_owned(),
            ..ResourceTarget::default()
        };
        let user = User::new("jane", &[]);
        Self { user, operation, target, object: None, old: None, warnings: Vec::new() }
    }

    pub(crate) fn create(group: &str, resource: &str, namespace: &str, object: Json) -> Self {
        let mut attempt = Self::new(Operation::Create, group, resource, namespace);
        attempt.object = Some(build(None, object));
        attempt
    }

    pub(crate) fn update(group: &str, resource: &str, namespace: &str, object: Json, old: Json) -> Self {
        let mut attempt = Self::create(group, resource, namespace, object);
        attempt.operation = Operation::Update;
        let old = build(None, old);
        attempt.target.name = text(&old, &["metadata", "name"]).to_owned();
        attempt.old = Some(old);
        attempt
    }

    pub(crate) fn delete(group: &str, resource: &str, namespace: &str, name: &str) -> Self {
        let mut attempt = Self::new(Operation::Delete, group, resource, namespace);
        attempt.target.name = name.to_owned();
        attempt
    }

    pub(crate) fn by(mut self, user: &str, groups: &[&str]) -> Self {
        self.user = User::new(user, groups);
        self
    }

    pub(crate) fn named(mut self, name: &str) -> Self {
        self.target.name = name.to_owned();
        self
    }

    /// Lets the plugin mutate and validate; gives the object as it came out.
    pub(crate) async fn run(mut self, plugin: &dyn Plugin) -> Result<Value, ApiError> {
        self.pass(plugin).await?;
        Ok(self.object.unwrap_or(Value::Null))
    }

    /// The same, and the attempt stays.
    pub(crate) async fn pass(&mut self, plugin: &dyn Plugin) -> Result<(), ApiError> {
        let gvk = GroupVersionKind { group: "".into(), version: "v1".into(), kind: "".into() };
        let mut request = Request {
            user: &self.user,
            operation: self.operation,
            target: &self.target,
            gvk: &gvk,
            object: self.object.as_mut(),
            old: self.old.as_ref(),
            dry_run: false,
            warnings: &mut self.warnings,
        };
        plugin.mutate(&mut request).await?;
        plugin.validate(&request).await
    }
}
