//! NamespaceLifecycle: nothing new in a namespace that is missing or going away, and some namespaces stay.

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_client::{ApiResource, ObjectKey, PartialObject};

use super::loopback::failed;
use super::tree::text;
use super::{Lookup, Loopback, Operation, Plugin, Request};
use crate::status::{ApiError, Cause};

const IMMORTAL: [&str; 3] = ["default", "kube-system", "kube-public"];

/// The plugin.
pub(super) struct NamespaceLifecycle {
    lookup: Arc<dyn Lookup>,
    loopback: Loopback,
}

impl NamespaceLifecycle {
    pub(super) fn new(lookup: Arc<dyn Lookup>, loopback: Loopback) -> Self {
        Self { lookup, loopback }
    }

    /// The namespace's phase, or `None` if it does not exist. What the cache does not know yet is asked of
    /// the store: a client may create a namespace and something in it in one breath.
    async fn phase(&self, name: &str) -> Result<Option<String>, ApiError> {
        if let Some(namespace) = self.lookup.get("", "namespaces", "", name).await? {
            return Ok(Some(text(&namespace, &["status", "phase"]).to_owned()));
        }
        let Some(client) = self.loopback.try_get() else { return Ok(None) };
        let resource = ApiResource {
            group: String::new(),
            version: "v1".to_owned(),
            plural: "namespaces".to_owned(),
            kind: "Namespace".to_owned(),
            namespaced: false,
        };
        let found = client.get_as::<PartialObject>(&resource, &ObjectKey::new("", name)).await;
        let found = found.map_err(|error| failed(&error))?;
        Ok(found.map(|found| {
            let terminating = found.metadata.deletion_timestamp.is_some();
            if terminating { "Terminating" } else { "Active" }.to_owned()
        }))
    }
}

fn terminating(request: &Request<'_>, namespace: &str) -> ApiError {
    let why = format!("unable to create new content in namespace {namespace} because it is being terminated");
    let mut error = request.forbidden(why);
    if let Some(details) = &mut error.details {
        details.causes.push(Cause {
            reason: "NamespaceTerminating".to_owned(),
            message: format!("namespace {namespace} is being terminated"),
            field: "metadata.namespace".to_owned(),
        });
    }
    error
}

#[async_trait]
impl Plugin for NamespaceLifecycle {
    fn name(&self) -> &'static str {
        "NamespaceLifecycle"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        let target = request.target;
        if request.operation == Operation::Delete {
            let immortal = request.is("", "namespaces") && IMMORTAL.contains(&target.name.as_str());
            return if immortal {
                Err(request.forbidden("this namespace may not be deleted"))
            } else {
                Ok(())
            };
        }
        let reviews = target.group == "authorization.k8s.io";
        if target.namespace.is_empty()
            || reviews
            || (target.group.is_empty() && target.resource == "namespaces")
            || request.operation == Operation::Connect
        {
            return Ok(());
        }
        match self.phase(&target.namespace).await?.as_deref() {
            None => Err(ApiError::not_found("", "namespaces", &target.namespace)),
            Some("Terminating") if request.operation == Operation::Create => {
                // An eviction or a token of what is there is no new content, but its creation is refused
                // upstream too: only deletion goes on in such a namespace.
                Err(terminating(request, &target.namespace))
            }
            Some(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fake::{Attempt, Objects};
    use super::*;

    #[tokio::test]
    async fn content_needs_a_living_namespace() {
        let namespace =
            |name: &str, phase: &str| json!({"metadata": {"name": name}, "status": {"phase": phase}});
        let lookup = Objects::new([
            ("", "namespaces", namespace("web", "Active")),
            ("", "namespaces", namespace("old", "Terminating")),
        ]);
        let plugin = NamespaceLifecycle::new(Arc::new(lookup), Loopback::default());
        let create =
            |namespace: &str| Attempt::create("", "pods", namespace, json!({"metadata": {"name": "p"}}));
        assert!(create("web").run(&plugin).await.is_ok());
        let error = create("none").run(&plugin).await.unwrap_err();
        assert_eq!(error.message, "namespaces \"none\" not found");
        let error = create("old").run(&plugin).await.unwrap_err();
        let expect = "pods \"p\" is forbidden: unable to create new content in namespace old because it is being \
                      terminated";
        assert_eq!(error.message, expect);
        assert_eq!(error.details.unwrap().causes[0].reason, "NamespaceTerminating");
        let update = Attempt::update("", "pods", "old", json!({}), json!({}));
        assert!(update.run(&plugin).await.is_ok());
        assert!(Attempt::delete("", "namespaces", "", "web").run(&plugin).await.is_ok());
        let error = Attempt::delete("", "namespaces", "", "default").run(&plugin).await.unwrap_err();
        assert_eq!(error.message, "namespaces \"default\" is forbidden: this namespace may not be deleted");
    }
}
