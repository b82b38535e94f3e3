//! Priority: a pod's class becomes a number.

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::value::Value;
use serde_json::json;

use super::tree::{flag, int, set, text};
use super::{Lookup, Operation, Plugin, Request};
use crate::status::ApiError;

const GROUP: &str = "scheduling.k8s.io";
const RESOURCE: &str = "priorityclasses";
const PREEMPTION_DEFAULT: &str = "PreemptLowerPriority";

/// The plugin.
pub(super) struct Priority {
    lookup: Arc<dyn Lookup>,
}

impl Priority {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup }
    }

    /// The class that pods without one belong to: of several (which a race may make), the lowest.
    async fn default_class(&self) -> Result<Option<Value>, ApiError> {
        let mut classes = self.lookup.list(GROUP, RESOURCE, "").await?;
        classes.retain(|class| flag(class, &["globalDefault"]));
        Ok(classes.into_iter().min_by_key(|class| int(class, &["value"]).unwrap_or(0)))
    }

    async fn pod(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        let Some(pod) = request.object.as_deref() else { return Ok(()) };
        let name = text(pod, &["spec", "priorityClassName"]).to_owned();
        let class = if name.is_empty() {
            self.default_class().await?
        } else {
            let found = self.lookup.get(GROUP, RESOURCE, "", &name).await?;
            let missing = || request.forbidden(format!("no PriorityClass with name {name} was found"));
            Some(found.ok_or_else(missing)?)
        };
        let value = class.as_ref().and_then(|class| int(class, &["value"])).unwrap_or(0);
        let policy = class.as_ref().map(|class| text(class, &["preemptionPolicy"])).unwrap_or_default();
        let policy = if policy.is_empty() { PREEMPTION_DEFAULT } else { policy };
        // A pod may repeat what its class says, but not say otherwise.
        let asked = int(pod, &["spec", "priority"]);
        if asked.is_some_and(|asked| asked != value) {
            let asked = asked.unwrap_or_default();
            return Err(request.forbidden(format!(
                "the integer value of priority ({asked}) must not be provided in pod spec; priority admission \
                 controller computed {value} from the given PriorityClass name"
            )));
        }
        let asked = text(pod, &["spec", "preemptionPolicy"]);
        if !asked.is_empty() && asked != policy {
            return Err(request.forbidden(format!(
                "the string value of PreemptionPolicy ({asked}) must not be provided in pod spec; priority \
                 admission controller computed {policy} from the given PriorityClass name"
            )));
        }
        let class_name = class.as_ref().map(|class| text(class, &["metadata", "name"])).unwrap_or_default();
        let Some(pod) = request.object.as_deref_mut() else { return Ok(()) };
        if name.is_empty() && !class_name.is_empty() {
            set(pod, &["spec", "priorityClassName"], json!(class_name));
        }
        set(pod, &["spec", "priority"], json!(value));
        set(pod, &["spec", "preemptionPolicy"], json!(policy));
        Ok(())
    }
}

#[async_trait]
impl Plugin for Priority {
    fn name(&self) -> &'static str {
        "Priority"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        if !request.is("", "pods") {
            return Ok(());
        }
        if request.operation == Operation::Create {
            return self.pod(request).await;
        }
        // Clients that do not know the fields leave them out of an update.
        if let (Operation::Update, Some(old)) = (request.operation, request.old) {
            let priority = int(old, &["spec", "priority"]);
            let policy = text(old, &["spec", "preemptionPolicy"]).to_owned();
            let Some(pod) = request.object.as_deref_mut() else { return Ok(()) };
            if let (None, Some(priority)) = (int(pod, &["spec", "priority"]), priority) {
                set(pod, &["spec", "priority"], json!(priority));
            }
            if text(pod, &["spec", "preemptionPolicy"]).is_empty() && !policy.is_empty() {
                set(pod, &["spec", "preemptionPolicy"], json!(policy));
            }
        }
        Ok(())
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        let Some(class) = request.object.as_deref().filter(|_| request.is(GROUP, RESOURCE)) else {
            return Ok(());
        };
        if !flag(class, &["globalDefault"]) {
            return Ok(());
        }
        let classes = self.lookup.list(GROUP, RESOURCE, "").await?;
        let own = text(class, &["metadata", "name"]);
        let mut others = classes.iter().filter(|class| flag(class, &["globalDefault"]));
        let other = others.find(|class| text(class, &["metadata", "name"]) != own);
        other.map_or(Ok(()), |other| {
            let other = text(other, &["metadata", "name"]);
            let why =
                format!("PriorityClass {other} is already marked as default. Only one default can exist");
            Err(request.forbidden(why))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::super::fake::{Attempt, Objects};
    use super::*;

    fn plugin(default: bool) -> Priority {
        let class = |name: &str, value: i64, default: bool| {
            json!({"metadata": {"name": name}, "value": value, "globalDefault": default,
                "preemptionPolicy": if name == "never" { "Never" } else { "" }})
        };
        Priority::new(Arc::new(Objects::new([
            (GROUP, RESOURCE, class("high", 1000, false)),
            (GROUP, RESOURCE, class("never", 500, false)),
            (GROUP, RESOURCE, class("usual", 10, default)),
        ])))
    }

    #[tokio::test]
    async fn classes_become_numbers() {
        let check = async |default: bool, spec: Json, expect: Result<(i64, &str, &str), &str>| {
            let pod = json!({"metadata": {"name": "p"}, "spec": spec});
            let found = Attempt::create("", "pods", "web", pod).run(&plugin(default)).await;
            let found = found.map(|pod| {
                let at = |field| text(&pod, &["spec", field]).to_owned();
                (int(&pod, &["spec", "priority"]).unwrap(), at("priorityClassName"), at("preemptionPolicy"))
            });
            match (found, expect) {
                (Ok(found), Ok(expect)) => {
                    assert_eq!((found.0, found.1.as_str(), found.2.as_str()), expect);
                }
                (Err(error), Err(words)) => assert!(error.message.contains(words), "{error}"),
                (found, expect) => panic!("{found:?} {expect:?}"),
            }
        };
        check(false, json!({}), Ok((0, "", PREEMPTION_DEFAULT))).await;
        check(true, json!({}), Ok((10, "usual", PREEMPTION_DEFAULT))).await;
        check(true, json!({"priorityClassName": "high"}), Ok((1000, "high", PREEMPTION_DEFAULT))).await;
        check(true, json!({"priorityClassName": "never"}), Ok((500, "never", "Never"))).await;
        check(true, json!({"priorityClassName": "none"}), Err("no PriorityClass with name none was found"))
            .await;
        check(true, json!({"priorityClassName": "high", "priority": 7}), Err("(7) must not be provided"))
            .await;
        let both = json!({"priorityClassName": "high", "priority": 1000});
        check(true, both, Ok((1000, "high", PREEMPTION_DEFAULT))).await;
    }

    #[tokio::test]
    async fn one_default_class() {
        let class = json!({"metadata": {"name": "new"}, "globalDefault": true});
        let create = || Attempt::create(GROUP, RESOURCE, "", class.clone());
        assert!(create().run(&plugin(false)).await.is_ok());
        assert!(create().run(&plugin(true)).await.unwrap_err().message.contains("usual is already marked"));
    }
}
