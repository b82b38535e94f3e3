//! TokenRequest: a token for a service account, for some audiences, for some time, and perhaps bound to an
//! object.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use mizzen_schema::value::Value;
use serde_json::{Value as Json, json};

use super::Parts;
use crate::action::{Action, Call};
use crate::admission::tree::{int, is_set, set, strings, text};
use crate::authn::service_account_name;
use crate::status::{ApiError, Cause};

const GROUP: &str = "authentication.k8s.io";
const EXPIRATION_DEFAULT_S: i64 = 3600;
const EXPIRATION_MIN_S: i64 = 600;
const EXPIRATION_MAX_S: i64 = 1 << 32;
/// What the ServiceAccount admission plugin asks for: an hour, and a little, by which it is known. Clients
/// too old to read a token again get a year instead, and the audit log a warning after the hour.
const EXPIRATION_WARN_S: i64 = 3607;
const EXPIRATION_EXTENDED_S: i64 = 365 * 86_400;

/// The action behind `serviceaccounts/token`.
pub struct TokenRequest {
    parts: Parts,
}

struct Bound {
    /// `pod`, `secret`, `node`; and what the claim says.
    claims: Vec<(&'static str, Json)>,
    uid: String,
}

impl TokenRequest {
    /// Signs with the key of `parts`.
    pub fn new(parts: Parts) -> Self {
        Self { parts }
    }

    async fn named(&self, resource: &str, namespace: &str, name: &str) -> Result<Value, ApiError> {
        let found = self.parts.lookup.get("", resource, namespace, name).await?;
        found.ok_or_else(|| ApiError::not_found("", resource, name))
    }

    /// What the token is to be bound to.
    async fn bound(&self, call: &Call<'_>, reference: &Value) -> Result<Bound, ApiError> {
        let (namespace, account) = (&call.target.namespace, &call.target.name);
        let (kind, version, name) =
            (text(reference, &["kind"]), text(reference, &["apiVersion"]), text(reference, &["name"]));
        let claim = |object: &Value| json!({"name": name, "uid": text(object, &["metadata", "uid"])});
        let (claims, object) = match (version, kind) {
            ("v1", "Pod") => {
                let pod = self.named("pods", namespace, name).await?;
                if text(&pod, &["spec", "serviceAccountName"]) != account {
                    return Err(ApiError::bad_request(format!(
                        "cannot bind token for serviceaccount {account:?} to pod running with different \
                         serviceaccount name."
                    )));
                }
                let mut claims = vec![("pod", claim(&pod))];
                let node = text(&pod, &["spec", "nodeName"]);
                if !node.is_empty() {
                    let found = self.parts.lookup.get("", "nodes", "", node).await?;
                    let uid = found.as_ref().map(|node| text(node, &["metadata", "uid"])).unwrap_or_default();
                    let mut node = json!({"name": node});
                    if !uid.is_empty() {
                        node["uid"] = json!(uid);
                    }
                    claims.push(("node", node));
                }
                (claims, pod)
            }
            ("v1", "Secret") => {
                let secret = self.named("secrets", namespace, name).await?;
                (vec![("secret", claim(&secret))], secret)
            }
            ("v1", "Node") => {
                let node = self.named("nodes", "", name).await?;
                (vec![("node", claim(&node))], node)
            }
            _ => {
                let (group, version) = version.rsplit_once('/').unwrap_or(("", version));
                return Err(ApiError::bad_request(format!(
                    "cannot bind token to object of type {group}/{version}, Kind={kind}"
                )));
            }
        };
        Ok(Bound { claims, uid: text(&object, &["metadata", "uid"]).to_owned() })
    }

    /// How long the token is to last; what is asked for beyond the server's limit is cut to it.
    fn expiration(&self, body: &Value) -> Result<i64, ApiError> {
        let asked = int(body, &["spec", "expirationSeconds"]).unwrap_or(EXPIRATION_DEFAULT_S);
        let why = match asked {
            ..EXPIRATION_MIN_S => "may not specify a duration less than 10 minutes",
            EXPIRATION_MIN_S..=EXPIRATION_MAX_S => "",
            _ => "may not specify a duration larger than 2^32 seconds",
        };
        if !why.is_empty() {
            let cause = Cause {
                reason: "FieldValueInvalid".to_owned(),
                message: format!("Invalid value: {asked}: {why}"),
                field: "spec.expirationSeconds".to_owned(),
            };
            return Err(ApiError::invalid(GROUP, "TokenRequest", "", vec![cause]));
        }
        let max = self.parts.expiration_max_s;
        Ok(if max > 0 { asked.min(max) } else { asked })
    }

    fn claims(&self, call: &Call<'_>, account: &Value, audiences: &[String]) -> Json {
        let (namespace, name) = (&call.target.namespace, &call.target.name);
        let now = self.parts.env.now().as_second();
        json!({
            "aud": audiences,
            "iat": now,
            "iss": self.parts.issuer,
            "jti": self.parts.env.random.uid(),
            "kubernetes.io": {
                "namespace": namespace,
                "serviceaccount": {"name": name, "uid": text(account, &["metadata", "uid"])},
            },
            "nbf": now,
            "sub": service_account_name(namespace, name),
        })
    }
}

fn rfc3339(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[async_trait]
impl Action for TokenRequest {
    async fn create(&self, call: Call<'_>, mut body: Value) -> Result<Value, ApiError> {
        let (namespace, name) = (call.target.namespace.clone(), call.target.name.clone());
        for (path, own, what) in [("name", &name, "name"), ("namespace", &namespace, "namespace")] {
            let given = text(&body, &["metadata", path]);
            if !given.is_empty() && given != own {
                return Err(ApiError::bad_request(format!("service account {what} does not match")));
            }
        }
        let account = self.named("serviceaccounts", &namespace, &name).await?;
        let expiration = self.expiration(&body)?;
        let mut audiences = strings(&body, &["spec", "audiences"]);
        if audiences.is_empty() {
            audiences.clone_from(&self.parts.authentication.audiences);
        }
        let mut claims = self.claims(&call, &account, &audiences);
        if is_set(&body, &["spec", "boundObjectRef"]) {
            let reference = body.path(&["spec", "boundObjectRef"]).cloned().unwrap_or(Value::Null);
            let bound = self.bound(&call, &reference).await?;
            let uid = text(&reference, &["uid"]);
            if !uid.is_empty() && uid != bound.uid {
                let why = format!(
                    "the UID in the bound object reference ({uid}) does not match the UID in record. The object \
                     might have been deleted and then recreated"
                );
                let (kind, name) = (text(&reference, &["kind"]), text(&reference, &["name"]));
                return Err(ApiError::conflict("", kind, name, why));
            }
            for (what, claim) in bound.claims {
                claims["kubernetes.io"][what] = claim;
            }
        }
        let for_us = audiences.iter().all(|one| self.parts.authentication.audiences.contains(one));
        let now = self.parts.env.now();
        let mut lasts = expiration;
        if self.parts.extend_expiration
            && expiration == EXPIRATION_WARN_S
            && for_us
            && claims["kubernetes.io"].get("pod").is_some()
        {
            lasts = EXPIRATION_EXTENDED_S;
            claims["kubernetes.io"]["warnafter"] = json!(now.as_second() + expiration);
        }
        claims["exp"] = json!(now.as_second() + lasts);
        let token = self.parts.key.sign(&claims).map_err(ApiError::internal)?;
        let until = now.checked_add(SignedDuration::from_secs(expiration)).map_err(ApiError::internal)?;
        set(&mut body, &["metadata", "name"], json!(name));
        set(&mut body, &["metadata", "namespace"], json!(namespace));
        set(&mut body, &["metadata", "creationTimestamp"], json!(rfc3339(now)));
        set(&mut body, &["spec", "audiences"], json!(audiences));
        set(&mut body, &["spec", "expirationSeconds"], json!(expiration));
        set(&mut body, &["status"], json!({"token": token, "expirationTimestamp": rfc3339(until)}));
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mizzen_clock::Env;
    use mizzen_pki::TokenKey;

    use super::*;
    use crate::admission::Lookup;
    use crate::admission::fake::Objects;
    use crate::admission::tree::build;
    use crate::attributes::{ResourceTarget, User};
    use crate::authn::{AuthnConfig, TokenAuthenticator, standard};
    use crate::authz::AlwaysAllow;

    const ISSUER: &str = "https://kubernetes.default.svc.cluster.local";

    fn parts() -> Parts {
        let object = |name: &str, uid: &str, spec: Json| json!({"metadata": {"name": name, "namespace": "web", "uid": uid}, "spec": spec});
        let pod = |account: &str| json!({"serviceAccountName": account, "nodeName": "n"});
        let lookup: Arc<dyn Lookup> = Arc::new(Objects::new([
            ("", "serviceaccounts", object("sa", "su", json!({}))),
            ("", "pods", object("p", "pu", pod("sa"))),
            ("", "pods", object("q", "qu", pod("other"))),
            ("", "nodes", json!({"metadata": {"name": "n", "uid": "nu"}})),
        ]));
        let env = Env::seeded(1, "2026-01-01T00:00:00Z".parse().unwrap());
        let key = TokenKey::create().unwrap();
        let config = AuthnConfig {
            token_keys: vec![key.clone()],
            issuers: vec![ISSUER.to_owned()],
            ..AuthnConfig::default()
        };
        Parts {
            key,
            issuer: ISSUER.to_owned(),
            extend_expiration: true,
            expiration_max_s: 0,
            authentication: standard(&config, &lookup, &env).unwrap(),
            authorizer: Arc::new(AlwaysAllow),
            lookup,
            env,
        }
    }

    async fn request(parts: &Parts, name: &str, spec: Json) -> Result<Value, ApiError> {
        let user = User::new("u", &[]);
        let (namespace, name) = ("web".to_owned(), name.to_owned());
        let target = ResourceTarget { namespace, name, ..ResourceTarget::default() };
        let call = Call { user: &user, target: &target, dry_run: false };
        TokenRequest::new(parts.clone()).create(call, build(None, json!({"spec": spec}))).await
    }

    #[tokio::test]
    async fn a_token_is_accepted_again() {
        let parts = parts();
        let reference = json!({"kind": "Pod", "apiVersion": "v1", "name": "p", "uid": "pu"});
        let spec = json!({"expirationSeconds": 3607, "boundObjectRef": reference});
        let answer = request(&parts, "sa", spec).await.unwrap();
        assert_eq!(text(&answer, &["status", "expirationTimestamp"]), "2026-01-01T01:00:07Z");
        let token = text(&answer, &["status", "token"]);
        let found = parts.authentication.tokens.token(token, &[ISSUER.to_owned()]).await.unwrap().unwrap();
        assert_eq!(found.user.name, "system:serviceaccount:web:sa");
        assert_eq!(found.user.extra["authentication.kubernetes.io/node-uid"], ["nu"]);
        let claims = parts.key.verify(token).unwrap();
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), EXPIRATION_EXTENDED_S);
        assert_eq!(claims["kubernetes.io"]["warnafter"], claims["iat"].as_i64().unwrap() + 3607);
    }

    #[tokio::test]
    async fn what_is_refused() {
        let parts = parts();
        let check = async |name: &str, spec: Json, code: u16, message: &str| {
            let error = request(&parts, name, spec).await.unwrap_err();
            assert_eq!(error.code, code, "{error}");
            assert!(error.message.contains(message), "{error}");
        };
        let bound = |kind: &str, name: &str, uid: &str| json!({"boundObjectRef": {"kind": kind, "apiVersion": "v1", "name": name, "uid": uid}});
        check("none", json!({}), 404, "serviceaccounts \"none\" not found").await;
        check("sa", json!({"expirationSeconds": 599}), 422, "less than 10 minutes").await;
        check("sa", json!({"expirationSeconds": 4_294_967_297_i64}), 422, "larger than 2^32").await;
        check("sa", bound("Pod", "none", ""), 404, "pods \"none\" not found").await;
        check("sa", bound("Pod", "q", ""), 400, "different serviceaccount name.").await;
        check("sa", bound("Pod", "p", "old"), 409, "the UID in the bound object reference (old)").await;
        check(
            "sa",
            bound("ConfigMap", "p", ""),
            400,
            "cannot bind token to object of type /v1, Kind=ConfigMap",
        )
        .await;
    }
}
