//! PodSecurity: the Pod Security Standards, as a namespace's labels ask for them.
//!
//! Source: KEP-2579; the documentation pages "Pod Security Standards" and "Pod Security Admission".

use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::value::Value;

use self::checks::Violation;
use super::tree::{list, same, text};
use super::{Lookup, Operation, Plugin, Request};
use crate::status::{ApiError, Cause};

mod checks;

const PREFIX: &str = "pod-security.kubernetes.io/";
/// Pods of a namespace that are looked at when its labels become stricter.
const EXISTING_MAX: usize = 3000;

/// How much a pod may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Privileged,
    Baseline,
    Restricted,
}

impl Level {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "privileged" => Self::Privileged,
            "baseline" => Self::Baseline,
            "restricted" => Self::Restricted,
            _ => return None,
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

/// A level at a version of the standards: `latest`, or the minor number of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Policy {
    level: Level,
    /// `None`: latest.
    minor: Option<u32>,
}

impl std::fmt::Display for Policy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.minor {
            Some(minor) => write!(f, "{}:v1.{minor}", self.level.name()),
            None => write!(f, "{}:latest", self.level.name()),
        }
    }
}

fn parse_version(text: &str) -> Option<Option<u32>> {
    if text == "latest" || text.is_empty() {
        return Some(None);
    }
    let minor = text.strip_prefix("v1.")?;
    let plain = !minor.starts_with('0') || minor == "0";
    minor.parse().ok().filter(|_| plain).map(Some)
}

/// What a namespace asks for in one mode. A label that is wrong counts as the strictest level.
fn policy(namespace: &Value, mode: &str) -> Policy {
    let label = |suffix: &str| {
        text(namespace, &["metadata", "labels", &format!("{PREFIX}{mode}{suffix}")]).to_owned()
    };
    let (level, version) = (label(""), label("-version"));
    let level = match level.as_str() {
        "" => Level::Privileged,
        // Audit and warn modes are advice: a typing error there warns of nothing.
        other => Level::parse(other).unwrap_or(if mode == "enforce" {
            Level::Restricted
        } else {
            Level::Privileged
        }),
    };
    Policy { level, minor: parse_version(&version).unwrap_or(None) }
}

/// What a pod does that a policy does not allow, in one sentence; `None`: all is well.
fn violations(policy: &Policy, metadata: &Value, spec: &Value) -> Option<String> {
    let all: Vec<Violation> = checks::run(policy.level, policy.minor, metadata, spec);
    if all.is_empty() {
        return None;
    }
    let parts: Vec<String> = all
        .iter()
        .map(|violation| match violation.detail.as_str() {
            "" => violation.reason.clone(),
            detail => format!("{} ({detail})", violation.reason),
        })
        .collect();
    Some(format!("violate PodSecurity \"{policy}\": {}", parts.join(", ")))
}

/// Where in an object of this resource a pod's metadata and spec are.
fn template(resource: &str, group: &str) -> Option<&'static [&'static str]> {
    Some(match (group, resource) {
        ("", "podtemplates") => &["template"],
        ("", "replicationcontrollers")
        | ("apps", "replicasets" | "deployments" | "statefulsets" | "daemonsets")
        | ("batch", "jobs") => &["spec", "template"],
        ("batch", "cronjobs") => &["spec", "jobTemplate", "spec", "template"],
        _ => return None,
    })
}

/// The plugin.
pub(super) struct PodSecurity {
    lookup: Arc<dyn Lookup>,
}

impl PodSecurity {
    pub(super) fn new(lookup: Arc<dyn Lookup>) -> Self {
        Self { lookup }
    }

    async fn namespace(&self, name: &str) -> Result<Value, ApiError> {
        let found = self.lookup.get("", "namespaces", "", name).await?;
        Ok(found.unwrap_or(Value::Null))
    }

    /// A pod is refused where the namespace enforces, and warned of where it warns.
    async fn pod(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        let namespace = self.namespace(&request.target.namespace).await?;
        let Some(pod) = request.object.as_deref() else { return Ok(()) };
        let empty = Value::Null;
        let (metadata, spec) = (pod.get("metadata").unwrap_or(&empty), pod.get("spec").unwrap_or(&empty));
        if let Some(words) = violations(&policy(&namespace, "enforce"), metadata, spec) {
            return Err(request.forbidden(words.replacen("violate ", "violates ", 1)));
        }
        let warned = violations(&policy(&namespace, "warn"), metadata, spec);
        request.warnings.extend(warned.map(|words| format!("would {words}")));
        Ok(())
    }

    /// A controller is only warned: its pods will be refused.
    async fn controller(&self, request: &mut Request<'_>, path: &[&str]) -> Result<(), ApiError> {
        let namespace = self.namespace(&request.target.namespace).await?;
        let Some(object) = request.object.as_deref() else { return Ok(()) };
        let empty = Value::Null;
        let template = object.path(path).unwrap_or(&empty);
        let (metadata, spec) =
            (template.get("metadata").unwrap_or(&empty), template.get("spec").unwrap_or(&empty));
        let warned = violations(&policy(&namespace, "warn"), metadata, spec);
        request.warnings.extend(warned.map(|words| format!("would {words}")));
        Ok(())
    }

    async fn labels(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        let Some(namespace) = request.object.as_deref() else { return Ok(()) };
        let causes = wrong_labels(namespace);
        let name = text(namespace, &["metadata", "name"]).to_owned();
        let old = request.old.unwrap_or(&Value::Null);
        let as_before = request.operation == Operation::Update && wrong_labels(old) == causes;
        if !causes.is_empty() && !as_before {
            return Err(ApiError::invalid("", "Namespace", &name, causes));
        }
        let (new_policy, old_policy) = (policy(namespace, "enforce"), policy(old, "enforce"));
        let looser = new_policy.level == Level::Privileged
            || new_policy == old_policy
            || new_policy.level < old_policy.level && new_policy.minor == old_policy.minor;
        if request.operation != Operation::Update || looser {
            return Ok(());
        }
        let pods = self.lookup.list("", "pods", &name).await?;
        let empty = Value::Null;
        let mut bad: Vec<String> = Vec::new();
        for pod in pods.iter().take(EXISTING_MAX) {
            let (metadata, spec) = (pod.get("metadata").unwrap_or(&empty), pod.get("spec").unwrap_or(&empty));
            let broken = checks::run(new_policy.level, new_policy.minor, metadata, spec);
            if !broken.is_empty() {
                let reasons: Vec<&str> = broken.iter().map(|violation| violation.reason.as_str()).collect();
                bad.push(format!("{}: {}", text(metadata, &["name"]), reasons.join(", ")));
            }
        }
        if !bad.is_empty() {
            request.warnings.push(format!(
                "existing pods in namespace {name:?} violate the new PodSecurity enforce level \"{new_policy}\""
            ));
            request.warnings.extend(bad);
        }
        Ok(())
    }
}

fn wrong_labels(namespace: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    for mode in ["enforce", "audit", "warn"] {
        for suffix in ["", "-version"] {
            let label = format!("{PREFIX}{mode}{suffix}");
            let value = text(namespace, &["metadata", "labels", &label]);
            let present = namespace.path(&["metadata", "labels", &label]).is_some();
            let why = match suffix {
                "" if present && Level::parse(value).is_none() => {
                    "must be one of privileged, baseline, restricted"
                }
                "-version" if present && (value.is_empty() || parse_version(value).is_none()) => {
                    "must be \"latest\" or \"v1.x\""
                }
                _ => continue,
            };
            causes.push(Cause {
                reason: "FieldValueInvalid".to_owned(),
                message: format!("Invalid value: {value:?}: {why}"),
                field: format!("metadata.labels[{label}]"),
            });
        }
    }
    causes
}

/// Updates of pods matter only when they change what the standards look at.
fn is_relevant(new: &Value, old: &Value) -> bool {
    let images = |pod: &Value| -> Vec<String> {
        let of = |field: &'static str| list(pod, &["spec", field]).iter();
        let all = of("containers").chain(of("initContainers")).chain(of("ephemeralContainers"));
        all.map(|container| text(container, &["image"]).to_owned()).collect()
    };
    let same_spec = same(new, old, &["spec"]);
    let same_annotations = same(new, old, &["metadata", "annotations"]);
    !(same_annotations
        && (same_spec
            || images(new) == images(old)
                && same(new, old, &["spec", "securityContext"])
                && list(new, &["spec", "ephemeralContainers"]).len()
                    == list(old, &["spec", "ephemeralContainers"]).len()))
}

#[async_trait]
impl Plugin for PodSecurity {
    fn name(&self) -> &'static str {
        "PodSecurity"
    }

    /// Runs with the mutating plugins, because it warns; the pod is complete by then in all that it looks at.
    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        let target = request.target;
        if !matches!(request.operation, Operation::Create | Operation::Update) {
            return Ok(());
        }
        if request.is("", "namespaces") {
            return self.labels(request).await;
        }
        let pod = request.is("", "pods") || request.is_sub("", "pods", "ephemeralcontainers");
        if pod {
            let relevant = match (request.object.as_deref(), request.old) {
                (Some(new), Some(old)) => is_relevant(new, old),
                _ => true,
            };
            return if relevant { self.pod(request).await } else { Ok(()) };
        }
        match template(&target.resource, &target.group) {
            Some(path) if target.subresource.is_empty() => self.controller(request, path).await,
            _ => Ok(()),
        }
    }

    /// Again at the end, since other plugins and webhooks may have changed the pod.
    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        let created = request.is("", "pods") && request.operation == Operation::Create
            || request.is_sub("", "pods", "ephemeralcontainers");
        let Some(pod) = request.object.as_deref().filter(|_| created) else { return Ok(()) };
        let namespace = self.namespace(&request.target.namespace).await?;
        let empty = Value::Null;
        let (metadata, spec) = (pod.get("metadata").unwrap_or(&empty), pod.get("spec").unwrap_or(&empty));
        match violations(&policy(&namespace, "enforce"), metadata, spec) {
            Some(words) => Err(request.forbidden(words.replacen("violate ", "violates ", 1))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::fake::{Attempt, Objects};
    use super::*;

    fn plugin(labels: Json) -> PodSecurity {
        let namespace = json!({"metadata": {"name": "web", "labels": labels}});
        PodSecurity::new(Arc::new(Objects::new([("", "namespaces", namespace)])))
    }

    fn plain() -> Json {
        json!({"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i"}]}})
    }

    #[tokio::test]
    async fn enforcing_and_warning() {
        let restricted = plugin(json!({"pod-security.kubernetes.io/enforce": "restricted"}));
        let error = Attempt::create("", "pods", "web", plain()).run(&restricted).await.unwrap_err();
        let expect = "pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": allowPrivilegeEscalation \
                      != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false), \
                      unrestricted capabilities (container \"c\" must set \
                      securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"c\" \
                      must set securityContext.runAsNonRoot=true), seccompProfile (pod or container \"c\" must set \
                      securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")";
        assert_eq!(error.message, expect);
        let warning = plugin(json!({"pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/warn-version": "v1.30"}));
        let deployment = json!({"spec": {"template": plain()}});
        let mut attempt = Attempt::create("apps", "deployments", "web", deployment);
        attempt.pass(&warning).await.unwrap();
        assert!(attempt.warnings[0].starts_with("would violate PodSecurity \"restricted:v1.30\": allowPriv"));
        assert!(Attempt::create("", "pods", "web", plain()).run(&plugin(json!({}))).await.is_ok());
    }

    #[tokio::test]
    async fn labels_are_checked() {
        let check = async |label: &str, value: &str, expect: bool| {
            let namespace =
                json!({"metadata": {"name": "web", "labels": {format!("{PREFIX}{label}"): value}}});
            let result = Attempt::create("", "namespaces", "", namespace).run(&plugin(json!({}))).await;
            assert_eq!(result.is_ok(), expect, "{label} {value}");
        };
        check("enforce", "baseline", true).await;
        check("enforce", "strict", false).await;
        check("enforce-version", "v1.25", true).await;
        check("enforce-version", "latest", true).await;
        check("warn-version", "1.25", false).await;
        check("audit-version", "v1.025", false).await;
    }
}
