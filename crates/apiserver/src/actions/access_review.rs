//! SubjectAccessReview and its siblings: may they?

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use mizzen_schema::value::Value;
use serde_json::json;

use crate::action::{Action, Call};
use crate::admission::tree::{is_set, list, set, strings, text, texts};
use crate::attributes::{Attributes, ResourceTarget, Target, User};
use crate::authz::{Authorizer, Decision};
use crate::status::{ApiError, Cause};

const GROUP: &str = "authorization.k8s.io";

/// Whom a review is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Whom the body names (SubjectAccessReview).
    Anyone,
    /// Whom the body names, in the request's namespace (LocalSubjectAccessReview).
    AnyoneHere,
    /// Who asks (SelfSubjectAccessReview).
    Caller,
}

/// The action behind the access reviews.
pub struct AccessReview {
    subject: Subject,
    authorizer: Arc<dyn Authorizer>,
}

impl AccessReview {
    /// Asks `authorizer`.
    pub fn new(subject: Subject, authorizer: Arc<dyn Authorizer>) -> Self {
        Self { subject, authorizer }
    }

    fn kind(&self) -> &'static str {
        match self.subject {
            Subject::Anyone => "SubjectAccessReview",
            Subject::AnyoneHere => "LocalSubjectAccessReview",
            Subject::Caller => "SelfSubjectAccessReview",
        }
    }

    fn complaints(&self, call: &Call<'_>, spec: &Value) -> Vec<Cause> {
        let invalid = |field: &str, value: &str, why: &str| Cause {
            reason: "FieldValueInvalid".to_owned(),
            message: format!("Invalid value: {value}: {why}"),
            field: field.to_owned(),
        };
        let mut causes = Vec::new();
        let (resource, path) =
            (is_set(spec, &["resourceAttributes"]), is_set(spec, &["nonResourceAttributes"]));
        if resource && path {
            let why = "cannot be specified in combination with resourceAttributes";
            causes.push(invalid("spec.nonResourceAttributes", "\"\"", why));
        }
        if !resource && !path {
            let why = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
            causes.push(invalid("spec.resourceAttributes", "null", why));
        }
        if self.subject != Subject::Caller
            && text(spec, &["user"]).is_empty()
            && list(spec, &["groups"]).is_empty()
        {
            causes.push(invalid("spec.user", "\"\"", "at least one of user or group must be specified"));
        }
        if self.subject == Subject::AnyoneHere {
            let given = text(spec, &["resourceAttributes", "namespace"]);
            if resource && given != call.target.namespace {
                let field = "spec.resourceAttributes.namespace";
                causes.push(invalid(field, &format!("{given:?}"), "must match metadata.namespace"));
            }
            if path {
                let why = "disallowed on this kind of request";
                causes.push(invalid("spec.nonResourceAttributes", "\"\"", why));
            }
        }
        causes
    }
}

fn subject_of(spec: &Value) -> User {
    let extra = spec.get("extra").and_then(Value::as_map);
    let extra = extra.into_iter().flat_map(|map| map.iter());
    let extra: BTreeMap<String, Vec<String>> =
        extra.map(|(key, _)| (key.to_ascii_lowercase(), strings(spec, &["extra", key]))).collect();
    User {
        name: text(spec, &["user"]).to_owned(),
        uid: text(spec, &["uid"]).to_owned(),
        groups: strings(spec, &["groups"]),
        extra,
    }
}

/// A selector's text; requirements that have none (several values, unknown operators) are left out, which
/// only widens what is asked.
fn selector(attributes: &Value, field: &str) -> String {
    let raw = text(attributes, &[field, "rawSelector"]);
    if !raw.is_empty() {
        return raw.to_owned();
    }
    let terms = list(attributes, &[field, "requirements"]).iter().filter_map(|requirement| {
        let key = text(requirement, &["key"]);
        let values: Vec<&str> = texts(requirement, &["values"]).collect();
        match (text(requirement, &["operator"]), values.as_slice()) {
            ("In", [value]) => Some(format!("{key}={value}")),
            ("NotIn", [value]) => Some(format!("{key}!={value}")),
            ("Exists", []) if field == "labelSelector" => Some(key.to_owned()),
            ("DoesNotExist", []) if field == "labelSelector" => Some(format!("!{key}")),
            _ => None,
        }
    });
    terms.collect::<Vec<_>>().join(",")
}

fn attributes_of(user: User, spec: &Value) -> Attributes {
    let Some(resource) = spec.get("resourceAttributes").filter(|found| !matches!(found, Value::Null)) else {
        let at = |field| text(spec, &["nonResourceAttributes", field]).to_owned();
        return Attributes {
            user,
            verb: at("verb"),
            target: Target::Path(at("path")),
            label_selector: String::new(),
            field_selector: String::new(),
        };
    };
    let at = |field| text(resource, &[field]).to_owned();
    Attributes {
        user,
        verb: at("verb"),
        target: Target::Resource(ResourceTarget {
            group: at("group"),
            version: at("version"),
            resource: at("resource"),
            subresource: at("subresource"),
            namespace: at("namespace"),
            name: at("name"),
            rest: String::new(),
        }),
        label_selector: selector(resource, "labelSelector"),
        field_selector: selector(resource, "fieldSelector"),
    }
}

#[async_trait]
impl Action for AccessReview {
    async fn create(&self, call: Call<'_>, mut body: Value) -> Result<Value, ApiError> {
        let spec = body.get("spec").cloned().unwrap_or(Value::Null);
        let causes = self.complaints(&call, &spec);
        if !causes.is_empty() {
            return Err(ApiError::invalid(GROUP, self.kind(), "", causes));
        }
        let user = match self.subject {
            Subject::Caller => call.user.clone(),
            Subject::Anyone | Subject::AnyoneHere => subject_of(&spec),
        };
        let decision = self.authorizer.authorize(&attributes_of(user, &spec)).await;
        let (allowed, denied, reason) = match decision {
            Decision::Allow(reason) => (true, false, reason),
            Decision::Deny(reason) => (false, true, reason),
            Decision::NoOpinion(reason) => (false, false, reason),
        };
        let mut status = json!({"allowed": allowed});
        if denied {
            status["denied"] = json!(true);
        }
        if !reason.is_empty() {
            status["reason"] = json!(reason);
        }
        set(&mut body, &["status"], status);
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;
    use crate::admission::tree::build;
    use crate::authz::Rule;

    /// Allows `get pods`, and `*` on paths for members of `ops`.
    struct Picky;

    #[async_trait]
    impl Authorizer for Picky {
        async fn authorize(&self, attributes: &Attributes) -> Decision {
            match &attributes.target {
                Target::Resource(target) if target.resource == "pods" && attributes.verb == "get" => {
                    Decision::Allow("yes".to_owned())
                }
                Target::Path(_) if attributes.user.in_group("ops") => Decision::Allow(String::new()),
                _ => Decision::Deny("no".to_owned()),
            }
        }

        async fn rules(&self, _: &User, _: &str) -> (Vec<Rule>, String) {
            (Vec::new(), String::new())
        }
    }

    async fn review(subject: Subject, spec: Json) -> Result<Json, ApiError> {
        let user = User::new("me", &["ops"]);
        let target = ResourceTarget { namespace: "web".to_owned(), ..ResourceTarget::default() };
        let call = Call { user: &user, target: &target, dry_run: false };
        let body = build(None, json!({"spec": spec}));
        let answer = AccessReview::new(subject, Arc::new(Picky)).create(call, body).await?;
        let status = answer.get("status").unwrap();
        let allowed = status.get("allowed").and_then(Value::as_bool).unwrap();
        Ok(json!([allowed, text(status, &["reason"])]))
    }

    #[tokio::test]
    async fn answers() {
        let pods = |verb: &str| json!({"verb": verb, "resource": "pods", "namespace": "web"});
        let ask = json!({"user": "a", "resourceAttributes": pods("get")});
        assert_eq!(review(Subject::Anyone, ask.clone()).await.unwrap(), json!([true, "yes"]));
        assert_eq!(review(Subject::AnyoneHere, ask).await.unwrap(), json!([true, "yes"]));
        let ask = json!({"user": "a", "resourceAttributes": pods("list")});
        assert_eq!(review(Subject::Anyone, ask).await.unwrap(), json!([false, "no"]));
        let ask = json!({"nonResourceAttributes": {"path": "/x", "verb": "get"}});
        assert_eq!(review(Subject::Caller, ask).await.unwrap(), json!([true, ""]));
    }

    #[tokio::test]
    async fn wrong_questions() {
        async fn check(subject: Subject, spec: Json, field: &str) {
            let error = review(subject, spec).await.unwrap_err();
            assert_eq!((error.code, error.details.unwrap().causes[0].field.as_str()), (422, field));
        }
        let pods = json!({"verb": "get", "resource": "pods", "namespace": "other"});
        check(Subject::Anyone, json!({"resourceAttributes": pods}), "spec.user").await;
        check(Subject::Anyone, json!({"user": "a"}), "spec.resourceAttributes").await;
        let both = json!({"user": "a", "resourceAttributes": pods, "nonResourceAttributes": {"path": "/"}});
        check(Subject::Anyone, both, "spec.nonResourceAttributes").await;
        let elsewhere = json!({"user": "a", "resourceAttributes": pods});
        check(Subject::AnyoneHere, elsewhere, "spec.resourceAttributes.namespace").await;
    }

    #[test]
    fn selectors() {
        let requirement = |operator: &str, values: &[&str]| json!({"requirements": [{"key": "spec.nodeName", "operator": operator, "values": values}]});
        let check = |json: Json, expect: &str| {
            assert_eq!(selector(&build(None, json!({"fieldSelector": json})), "fieldSelector"), expect);
        };
        check(requirement("In", &["n"]), "spec.nodeName=n");
        check(requirement("In", &["n", "m"]), "");
        check(json!({"rawSelector": "a=b"}), "a=b");
    }
}
