//! LimitRanger: a namespace's defaults and bounds for what containers, pods and claims may ask for.

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_machinery::quantity::Quantity;
use mizzen_schema::value::Value;
use serde_json::json;

use super::pod_resources::{Amounts, amounts, of_pod};
use super::tree::{list, set, text};
use super::{Lookup, Operation, Plugin, Request};
use crate::status::ApiError;

const ANNOTATION: &str = "kubernetes.io/limit-ranger";

/// The plugin.
pub(super) struct LimitRanger {
    lookup: Arc<dyn Lookup>,
}

impl LimitRanger {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup }
    }

    async fn items(&self, namespace: &str) -> Result<Vec<Value>, ApiError> {
        let ranges = self.lookup.list("", "limitranges", namespace).await?;
        Ok(ranges.iter().flat_map(|range| list(range, &["spec", "limits"]).to_vec()).collect())
    }
}

/// What of a container's resources the defaults fill in.
struct Filled {
    init: bool,
    name: String,
    requests: Vec<String>,
    limits: Vec<String>,
}

fn fill(pod: &mut Value, requests: &Amounts, limits: &Amounts) -> Vec<Filled> {
    let mut all = Vec::new();
    for field in ["containers", "initContainers"] {
        let Some(Value::List(items)) = pod.path_mut(&["spec", field]) else { continue };
        for container in items {
            let name = text(container, &["name"]).to_owned();
            let mut filled =
                Filled { init: field == "initContainers", name, requests: Vec::new(), limits: Vec::new() };
            for (defaults, sort, into) in
                [(limits, "limits", &mut filled.limits), (requests, "requests", &mut filled.requests)]
            {
                let known = amounts(container, &["resources", sort]);
                for (resource, amount) in defaults.iter().filter(|(name, _)| !known.contains_key(*name)) {
                    set(container, &["resources", sort, resource], json!(amount.to_string()));
                    into.push(resource.clone());
                }
            }
            all.push(filled);
        }
    }
    all
}

/// `LimitRanger plugin set: cpu request for container a; cpu limit for container a`.
fn annotation(filled: &[Filled]) -> Option<String> {
    let mut parts = Vec::new();
    for container in filled {
        let sort = if container.init { "init container" } else { "container" };
        for (resources, what) in [(&container.requests, "request"), (&container.limits, "limit")] {
            if !resources.is_empty() {
                parts.push(format!("{} {what} for {sort} {}", resources.join(", "), container.name));
            }
        }
    }
    (!parts.is_empty()).then(|| format!("LimitRanger plugin set: {}", parts.join("; ")))
}

/// What is asked for (or limited to) of one resource by one thing of a kind.
struct Check<'a> {
    kind: &'a str,
    requests: &'a Amounts,
    limits: &'a Amounts,
}

impl Check<'_> {
    fn min(&self, resource: &str, bound: Quantity) -> Result<(), String> {
        let kind = self.kind;
        let (request, limit) = (self.requests.get(resource), self.limits.get(resource));
        match (request, limit) {
            (None, _) => {
                Err(format!("minimum {resource} usage per {kind} is {bound}.  No request is specified"))
            }
            (Some(request), _) if *request < bound => {
                Err(format!("minimum {resource} usage per {kind} is {bound}, but request is {request}"))
            }
            (_, Some(limit)) if *limit < bound => {
                Err(format!("minimum {resource} usage per {kind} is {bound}, but limit is {limit}"))
            }
            _ => Ok(()),
        }
    }

    fn max(&self, resource: &str, bound: Quantity) -> Result<(), String> {
        let kind = self.kind;
        match (self.requests.get(resource), self.limits.get(resource)) {
            (_, None) => {
                Err(format!("maximum {resource} usage per {kind} is {bound}.  No limit is specified"))
            }
            (_, Some(limit)) if *limit > bound => {
                Err(format!("maximum {resource} usage per {kind} is {bound}, but limit is {limit}"))
            }
            (Some(request), _) if *request > bound => {
                Err(format!("maximum {resource} usage per {kind} is {bound}, but request is {request}"))
            }
            _ => Ok(()),
        }
    }

    /// Claims have requests only.
    fn max_request(&self, resource: &str, bound: Quantity) -> Result<(), String> {
        let kind = self.kind;
        match self.requests.get(resource) {
            Some(request) if *request > bound => {
                Err(format!("maximum {resource} usage per {kind} is {bound}, but request is {request}"))
            }
            _ => Ok(()),
        }
    }

    fn ratio(&self, resource: &str, bound: Quantity) -> Result<(), String> {
        let kind = self.kind;
        let intro = format!("{resource} max limit to request ratio per {kind} is {bound}, but");
        let given = |amounts: &Amounts| amounts.get(resource).copied().filter(|amount| !amount.is_zero());
        let Some(request) = given(self.requests) else {
            return Err(format!("{intro} no request is specified or request is 0"));
        };
        let Some(limit) = given(self.limits) else {
            return Err(format!("{intro} no limit is specified or limit is 0"));
        };
        let ratio = limit.as_f64() / request.as_f64();
        if ratio > bound.as_f64() { Err(format!("{intro} provided ratio is {ratio:.6}")) } else { Ok(()) }
    }
}

fn complaints(item: &Value, check: &Check<'_>) -> Vec<String> {
    let bounds = |field: &str| amounts(item, &[field]);
    let mut all = Vec::new();
    for (resource, bound) in bounds("min") {
        all.extend(check.min(&resource, bound).err());
    }
    for (resource, bound) in bounds("max") {
        let result = if check.kind == "PersistentVolumeClaim" {
            check.max_request(&resource, bound)
        } else {
            check.max(&resource, bound)
        };
        all.extend(result.err());
    }
    for (resource, bound) in bounds("maxLimitRequestRatio") {
        all.extend(check.ratio(&resource, bound).err());
    }
    all
}

fn pod_complaints(pod: &Value, items: &[Value]) -> Vec<String> {
    let mut all = Vec::new();
    let (requests, limits) = (of_pod(pod, "requests"), of_pod(pod, "limits"));
    for item in items {
        match text(item, &["type"]) {
            "Container" => {
                for field in ["containers", "initContainers"] {
                    for container in list(pod, &["spec", field]) {
                        let requests = amounts(container, &["resources", "requests"]);
                        let limits = amounts(container, &["resources", "limits"]);
                        let check = Check { kind: "Container", requests: &requests, limits: &limits };
                        all.extend(complaints(item, &check));
                    }
                }
            }
            "Pod" => {
                all.extend(complaints(item, &Check { kind: "Pod", requests: &requests, limits: &limits }))
            }
            _ => {}
        }
    }
    all
}

/// Several complaints as one, each once.
pub(super) fn together(mut all: Vec<String>) -> Option<String> {
    let mut seen = Vec::new();
    all.retain(|text| {
        let fresh = !seen.contains(text);
        if fresh {
            seen.push(text.clone());
        }
        fresh
    });
    match all.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        many => Some(format!("[{}]", many.join(", "))),
    }
}

#[async_trait]
impl Plugin for LimitRanger {
    fn name(&self) -> &'static str {
        "LimitRanger"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        if !request.is("", "pods") || request.operation != Operation::Create {
            return Ok(());
        }
        let items = self.items(&request.target.namespace).await?;
        let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
        for item in items.iter().filter(|item| text(item, &["type"]) == "Container") {
            requests.extend(amounts(item, &["defaultRequest"]));
            limits.extend(amounts(item, &["default"]));
        }
        let Some(pod) = request.object.as_deref_mut() else { return Ok(()) };
        if let Some(words) = annotation(&fill(pod, &requests, &limits)) {
            set(pod, &["metadata", "annotations", ANNOTATION], json!(words));
        }
        Ok(())
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        let pod = request.is("", "pods") && request.operation == Operation::Create
            || request.is_sub("", "pods", "resize");
        let claim = request.is("", "persistentvolumeclaims") && request.operation != Operation::Delete;
        let Some(object) = request.object.as_deref().filter(|_| pod || claim) else { return Ok(()) };
        let items = self.items(&request.target.namespace).await?;
        let all = if pod {
            pod_complaints(object, &items)
        } else {
            let requests = amounts(object, &["spec", "resources", "requests"]);
            let limits = amounts(object, &["spec", "resources", "limits"]);
            let check = Check { kind: "PersistentVolumeClaim", requests: &requests, limits: &limits };
            let own = items.iter().filter(|item| text(item, &["type"]) == "PersistentVolumeClaim");
            own.flat_map(|item| complaints(item, &check)).collect()
        };
        together(all).map_or(Ok(()), |why| Err(request.forbidden(why)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::super::fake::{Attempt, Objects};
    use super::*;

    fn plugin(limits: Json) -> LimitRanger {
        let range = json!({"metadata": {"name": "r", "namespace": "web"}, "spec": {"limits": limits}});
        LimitRanger::new(Arc::new(Objects::new([("", "limitranges", range)])))
    }

    fn pod(resources: Json) -> Attempt {
        let spec = json!({"containers": [{"name": "a", "resources": resources}]});
        Attempt::create("", "pods", "web", json!({"metadata": {"name": "p"}, "spec": spec}))
    }

    #[tokio::test]
    async fn defaults_are_filled_in() {
        let plugin = plugin(json!([{"type": "Container", "defaultRequest": {"cpu": "100m", "memory": "1Gi"},
            "default": {"cpu": "200m"}}]));
        let found = pod(json!({"requests": {"memory": "2Gi"}})).run(&plugin).await.unwrap();
        let container = &list(&found, &["spec", "containers"])[0];
        assert_eq!(text(container, &["resources", "requests", "cpu"]), "100m");
        assert_eq!(text(container, &["resources", "requests", "memory"]), "2Gi");
        assert_eq!(text(container, &["resources", "limits", "cpu"]), "200m");
        let expect = "LimitRanger plugin set: cpu request for container a; cpu limit for container a";
        assert_eq!(text(&found, &["metadata", "annotations", ANNOTATION]), expect);
    }

    #[tokio::test]
    async fn bounds() {
        let check = async |item: Json, resources: Json, expect: &str| {
            let result = pod(resources).run(&plugin(json!([item]))).await;
            let message = result.err().map(|error| error.message).unwrap_or_default();
            let expect =
                if expect.is_empty() { String::new() } else { format!("pods \"p\" is forbidden: {expect}") };
            assert_eq!(message, expect);
        };
        let cpu =
            |request: &str, limit: &str| json!({"requests": {"cpu": request}, "limits": {"cpu": limit}});
        let min = || json!({"type": "Container", "min": {"cpu": "100m"}});
        check(min(), cpu("100m", "1"), "").await;
        check(min(), cpu("50m", "1"), "minimum cpu usage per Container is 100m, but request is 50m").await;
        check(min(), json!({}), "minimum cpu usage per Container is 100m.  No request is specified").await;
        let max = || json!({"type": "Pod", "max": {"cpu": "1"}});
        check(max(), cpu("1", "2"), "maximum cpu usage per Pod is 1, but limit is 2").await;
        check(max(), json!({}), "maximum cpu usage per Pod is 1.  No limit is specified").await;
        let ratio = || json!({"type": "Container", "maxLimitRequestRatio": {"cpu": "2"}});
        check(ratio(), cpu("1", "2"), "").await;
        let expect = "cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000";
        check(ratio(), cpu("1", "3"), expect).await;
    }

    #[tokio::test]
    async fn claims() {
        let plugin = plugin(json!([{"type": "PersistentVolumeClaim", "max": {"storage": "2Gi"}}]));
        let claim = |size: &str| {
            let spec = json!({"resources": {"requests": {"storage": size}}});
            Attempt::create(
                "",
                "persistentvolumeclaims",
                "web",
                json!({"metadata": {"name": "c"}, "spec": spec}),
            )
        };
        assert!(claim("2Gi").run(&plugin).await.is_ok());
        let error = claim("3Gi").run(&plugin).await.unwrap_err();
        assert!(
            error
                .message
                .ends_with("maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi")
        );
    }
}
