//! RuntimeClass: what a pod's class adds to it: overhead, node selector and tolerations.

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::value::Value;
use serde_json::{Map, Value as Json, json};

use super::tree::{entries, int, is_set, list, push, same, set, text};
use super::{Lookup, Operation, Plugin, Request};
use crate::status::ApiError;

/// The plugin.
pub(super) struct RuntimeClass {
    lookup: Arc<dyn Lookup>,
}

impl RuntimeClass {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup }
    }

    async fn class(&self, request: &Request<'_>) -> Result<Option<Value>, ApiError> {
        let name = request.object.as_deref().map(|pod| text(pod, &["spec", "runtimeClassName"]));
        let name = name.unwrap_or_default();
        if name.is_empty() {
            return Ok(None);
        }
        let found = self.lookup.get("node.k8s.io", "runtimeclasses", "", name).await?;
        let missing = || request.forbidden(format!("pod rejected: RuntimeClass {name:?} not found"));
        found.map(Some).ok_or_else(missing)
    }
}

fn toleration_json(toleration: &Value) -> Json {
    let mut json = Map::new();
    for field in ["key", "operator", "value", "effect"] {
        let value = text(toleration, &[field]);
        if !value.is_empty() {
            json.insert(field.to_owned(), json!(value));
        }
    }
    if let Some(seconds) = int(toleration, &["tolerationSeconds"]) {
        json.insert("tolerationSeconds".to_owned(), json!(seconds));
    }
    Json::Object(json)
}

#[async_trait]
impl Plugin for RuntimeClass {
    fn name(&self) -> &'static str {
        "RuntimeClass"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        if !request.is("", "pods") || request.operation != Operation::Create {
            return Ok(());
        }
        let Some(class) = self.class(request).await? else { return Ok(()) };
        let pod = request.object.as_deref().unwrap_or(&Value::Null);
        for (key, value) in entries(&class, &["scheduling", "nodeSelector"]) {
            let own = pod.path(&["spec", "nodeSelector", key]).and_then(Value::as_str);
            if own.is_some_and(|own| own != value) {
                let own = own.unwrap_or_default();
                return Err(request.forbidden(format!(
                    "conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; \
                     pod.spec.nodeSelector[{key}] = {own}"
                )));
            }
        }
        let overhead: Map<String, Json> = entries(&class, &["overhead", "podFixed"])
            .map(|(name, amount)| (name.to_owned(), json!(amount)))
            .collect();
        let Some(pod) = request.object.as_deref_mut() else { return Ok(()) };
        if !overhead.is_empty() && !is_set(pod, &["spec", "overhead"]) {
            set(pod, &["spec", "overhead"], Json::Object(overhead));
        }
        for (key, value) in entries(&class, &["scheduling", "nodeSelector"]) {
            set(pod, &["spec", "nodeSelector", key], json!(value));
        }
        for toleration in list(&class, &["scheduling", "tolerations"]) {
            let wanted = toleration_json(toleration);
            let known = list(pod, &["spec", "tolerations"]);
            if !known.iter().any(|known| toleration_json(known) == wanted) {
                push(pod, &["spec", "tolerations"], wanted);
            }
        }
        Ok(())
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        if !request.is("", "pods") || request.operation != Operation::Create {
            return Ok(());
        }
        let pod = request.object.as_deref().unwrap_or(&Value::Null);
        match self.class(request).await? {
            Some(class) => {
                let (own, fixed) = (pod.path(&["spec", "overhead"]), class.path(&["overhead", "podFixed"]));
                let own: Vec<_> =
                    own.and_then(Value::as_map).into_iter().flat_map(|map| map.iter()).collect();
                let fixed: Vec<_> =
                    fixed.and_then(Value::as_map).into_iter().flat_map(|map| map.iter()).collect();
                if own == fixed {
                    return Ok(());
                }
                let why = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";
                Err(request.forbidden(why))
            }
            None if same(pod, &Value::Null, &["spec", "overhead"]) => Ok(()),
            None => Err(request.forbidden(
                "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Attempt, Objects};
    use super::*;

    #[tokio::test]
    async fn what_a_class_adds() {
        let class = json!({"metadata": {"name": "vm"}, "overhead": {"podFixed": {"cpu": "10m"}},
            "scheduling": {"nodeSelector": {"a": "b"}, "tolerations": [{"key": "k", "operator": "Exists"}]}});
        let plugin = RuntimeClass::new(Arc::new(Objects::new([("node.k8s.io", "runtimeclasses", class)])));
        let pod =
            |spec: Json| Attempt::create("", "pods", "web", json!({"metadata": {"name": "p"}, "spec": spec}));
        let found = pod(json!({"runtimeClassName": "vm"})).run(&plugin).await.unwrap();
        assert_eq!(text(&found, &["spec", "overhead", "cpu"]), "10m");
        assert_eq!(text(&found, &["spec", "nodeSelector", "a"]), "b");
        assert_eq!(list(&found, &["spec", "tolerations"]).len(), 1);
        let check = async |spec: Json, words: &str| {
            let error = pod(spec).run(&plugin).await.unwrap_err();
            assert!(error.message.contains(words), "{error}");
        };
        check(json!({"runtimeClassName": "none"}), "RuntimeClass \"none\" not found").await;
        check(json!({"overhead": {"cpu": "1"}}), "without corresponding RuntimeClass").await;
        check(json!({"runtimeClassName": "vm", "overhead": {"cpu": "1"}}), "doesn't match").await;
        check(json!({"runtimeClassName": "vm", "nodeSelector": {"a": "c"}}), "conflict").await;
    }
}
