//! Service-account tokens: signed by us, and bound to objects that must still be there.
//!
//! Source: KEP-1205 (bound tokens), KEP-4193 (node information and token ids).

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use mizzen_clock::Env;
use mizzen_pki::TokenKey;
use mizzen_schema::value::Value;
use serde_json::Value as Json;

use super::bearer::{TokenAuthenticator, TokenUser};
use super::{CREDENTIAL_ID, refused};
use crate::admission::Lookup;
use crate::admission::tree::text;
use crate::attributes::User;
use crate::status::ApiError;

/// The issuer of tokens that live in secrets.
const LEGACY_ISSUER: &str = "kubernetes/serviceaccount";
/// Objects that are being deleted keep their tokens for so long: what stops in an orderly way may finish.
const DELETION_GRACE: SignedDuration = SignedDuration::from_secs(60);
const POD_NAME: &str = "authentication.kubernetes.io/pod-name";
const POD_UID: &str = "authentication.kubernetes.io/pod-uid";
const NODE_NAME: &str = "authentication.kubernetes.io/node-name";
const NODE_UID: &str = "authentication.kubernetes.io/node-uid";

/// `system:serviceaccount:NAMESPACE:NAME`.
pub fn service_account_name(namespace: &str, name: &str) -> String {
    format!("system:serviceaccount:{namespace}:{name}")
}

/// The groups of a namespace's service accounts.
pub fn service_account_groups(namespace: &str) -> Vec<String> {
    vec!["system:serviceaccounts".to_owned(), format!("system:serviceaccounts:{namespace}")]
}

/// The authenticator of service-account tokens.
pub struct ServiceAccountTokens {
    keys: Vec<TokenKey>,
    issuers: Vec<String>,
    lookup: Arc<dyn Lookup>,
    env: Env,
}

/// An object that a token names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reference {
    name: String,
    uid: String,
}

impl Reference {
    fn of(claims: &Json, what: &str) -> Option<Self> {
        let reference = claims.get("kubernetes.io")?.get(what)?;
        let text = |key: &str| reference.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        Some(Self { name: text("name"), uid: text("uid") })
    }
}

impl ServiceAccountTokens {
    /// Accepts tokens that any of `keys` signed for any of `issuers`.
    pub fn new(keys: Vec<TokenKey>, issuers: Vec<String>, lookup: Arc<dyn Lookup>, env: Env) -> Self {
        Self { keys, issuers, lookup, env }
    }

    /// The object, if it is the one meant and not long since deleted.
    async fn living(
        &self,
        resource: &str,
        namespace: &str,
        reference: &Reference,
        why: &'static str,
    ) -> Result<Value, ApiError> {
        let found = self.lookup.get("", resource, namespace, &reference.name).await?;
        let found = found.ok_or_else(|| refused(why))?;
        if text(&found, &["metadata", "uid"]) != reference.uid {
            return Err(refused(why));
        }
        let deleted = text(&found, &["metadata", "deletionTimestamp"]);
        if !deleted.is_empty() {
            let until = deleted.parse::<Timestamp>().ok().and_then(|at| at.checked_add(DELETION_GRACE).ok());
            if until.is_none_or(|until| self.env.now() > until) {
                return Err(refused(why));
            }
        }
        Ok(found)
    }

    async fn bound(&self, claims: &Json) -> Result<User, ApiError> {
        let now = self.env.now().as_second();
        let moment = |claim: &str| claims.get(claim).and_then(Json::as_f64);
        if moment("exp").is_none_or(|expiry| now as f64 >= expiry) {
            return Err(refused("service account token has expired"));
        }
        if moment("nbf").is_some_and(|begin| (now as f64) < begin) {
            return Err(refused("service account token is not valid yet"));
        }
        let namespace = claims.get("kubernetes.io").and_then(|private| private.get("namespace"));
        let namespace = namespace.and_then(Json::as_str).unwrap_or_default();
        let account = Reference::of(claims, "serviceaccount").ok_or_else(|| refused("no service account"))?;
        self.living("serviceaccounts", namespace, &account, "the service account is gone").await?;
        if let Some(secret) = Reference::of(claims, "secret") {
            self.living("secrets", namespace, &secret, "the token's secret is gone").await?;
        }
        let (pod, node) = (Reference::of(claims, "pod"), Reference::of(claims, "node"));
        if let Some(pod) = &pod {
            self.living("pods", namespace, pod, "the token's pod is gone").await?;
        } else if let Some(node) = &node {
            // A pod's token names the node too, but only for information.
            self.living("nodes", "", node, "the token's node is gone").await?;
        }
        let mut extra = BTreeMap::new();
        if let Some(id) = claims.get("jti").and_then(Json::as_str) {
            extra.insert(CREDENTIAL_ID.to_owned(), vec![format!("JTI={id}")]);
        }
        for (reference, name_key, uid_key) in [(pod, POD_NAME, POD_UID), (node, NODE_NAME, NODE_UID)] {
            let Some(reference) = reference else { continue };
            extra.insert(name_key.to_owned(), vec![reference.name]);
            if !reference.uid.is_empty() {
                extra.insert(uid_key.to_owned(), vec![reference.uid]);
            }
        }
        Ok(User {
            name: service_account_name(namespace, &account.name),
            uid: account.uid,
            groups: service_account_groups(namespace),
            extra,
        })
    }

    /// A token out of a secret: valid while the secret holds it.
    async fn legacy(&self, token: &str, claims: &Json) -> Result<User, ApiError> {
        let claim = |name: &str| {
            let full = format!("kubernetes.io/serviceaccount/{name}");
            claims.get(&full).and_then(Json::as_str).unwrap_or_default().to_owned()
        };
        let namespace = claim("namespace");
        let account = Reference { name: claim("service-account.name"), uid: claim("service-account.uid") };
        let user = service_account_name(&namespace, &account.name);
        if claims.get("sub").and_then(Json::as_str) != Some(&user) {
            return Err(refused("subject and service account differ"));
        }
        let secret = self.lookup.get("", "secrets", &namespace, &claim("secret.name")).await?;
        let secret = secret.ok_or_else(|| refused("the token's secret is gone"))?;
        let held = STANDARD.decode(text(&secret, &["data", "token"])).unwrap_or_default();
        let invalid = text(&secret, &["metadata", "labels", "kubernetes.io/legacy-token-invalid-since"]);
        if held != token.as_bytes() || !invalid.is_empty() {
            return Err(refused("the secret holds another token"));
        }
        self.living("serviceaccounts", &namespace, &account, "the service account is gone").await?;
        let groups = service_account_groups(&namespace);
        Ok(User { name: user, uid: account.uid, groups, ..User::default() })
    }
}

fn audiences_of(claims: &Json) -> Vec<&str> {
    match claims.get("aud") {
        Some(Json::String(one)) => vec![one],
        Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

#[async_trait]
impl TokenAuthenticator for ServiceAccountTokens {
    async fn token(&self, token: &str, audiences: &[String]) -> Result<Option<TokenUser>, ApiError> {
        let Some(claims) = self.keys.iter().find_map(|key| key.verify(token)) else { return Ok(None) };
        let issuer = claims.get("iss").and_then(Json::as_str).unwrap_or_default();
        if issuer == LEGACY_ISSUER {
            // Such tokens are for the API alone, whose first audience is the first asked for by default.
            let user = self.legacy(token, &claims).await?;
            return Ok(Some(TokenUser { user, audiences: audiences.to_vec() }));
        }
        if !self.issuers.iter().any(|own| own == issuer) {
            return Ok(None);
        }
        let meant = audiences_of(&claims);
        let matching: Vec<String> =
            audiences.iter().filter(|asked| meant.contains(&asked.as_str())).cloned().collect();
        if matching.is_empty() {
            return Err(refused("the token is for another audience"));
        }
        let user = self.bound(&claims).await?;
        Ok(Some(TokenUser { user, audiences: matching }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::admission::fake::Objects;

    const ISSUER: &str = "https://kubernetes.default.svc.cluster.local";

    fn claims() -> Json {
        json!({
            "iss": ISSUER, "aud": [ISSUER], "sub": "system:serviceaccount:web:builder", "jti": "j",
            "exp": 1_767_226_400, "nbf": 1_767_225_600, "iat": 1_767_225_600,
            "kubernetes.io": {
                "namespace": "web",
                "serviceaccount": {"name": "builder", "uid": "su"},
                "pod": {"name": "p", "uid": "pu"},
                "node": {"name": "n", "uid": "nu"},
            },
        })
    }

    fn objects() -> Objects {
        let named =
            |name: &str, uid: &str| json!({"metadata": {"name": name, "namespace": "web", "uid": uid}});
        Objects::new([("", "serviceaccounts", named("builder", "su")), ("", "pods", named("p", "pu"))])
    }

    async fn ask(objects: Objects, claims: &Json) -> Result<Option<TokenUser>, u16> {
        let key = TokenKey::create().unwrap();
        let token = key.sign(claims).unwrap();
        let env = Env::seeded(1, "2026-01-01T00:00:10Z".parse().unwrap());
        let authn = ServiceAccountTokens::new(vec![key], vec![ISSUER.to_owned()], Arc::new(objects), env);
        authn.token(&token, &[ISSUER.to_owned(), "other".to_owned()]).await.map_err(|error| error.code)
    }

    #[tokio::test]
    async fn a_bound_token() {
        let found = ask(objects(), &claims()).await.unwrap().unwrap();
        assert_eq!(found.audiences, [ISSUER]);
        assert_eq!(found.user.name, "system:serviceaccount:web:builder");
        assert_eq!(found.user.uid, "su");
        assert_eq!(found.user.groups, ["system:serviceaccounts", "system:serviceaccounts:web"]);
        let extra: Vec<_> =
            found.user.extra.iter().map(|(key, value)| (key.as_str(), value[0].as_str())).collect();
        let expect =
            [(CREDENTIAL_ID, "JTI=j"), (NODE_NAME, "n"), (NODE_UID, "nu"), (POD_NAME, "p"), (POD_UID, "pu")];
        assert_eq!(extra, expect);
    }

    #[tokio::test]
    async fn what_makes_a_token_worthless() {
        async fn check(path: &str, value: Json) {
            let mut claims = claims();
            *claims.pointer_mut(path).unwrap() = value;
            assert_eq!(ask(objects(), &claims).await, Err(401), "{path}");
        }
        check("/exp", json!(1_767_225_610)).await;
        check("/exp", json!(null)).await;
        check("/nbf", json!(1_767_225_620)).await;
        check("/aud", json!("others")).await;
        check("/kubernetes.io/serviceaccount/uid", json!("old")).await;
        check("/kubernetes.io/pod/uid", json!("old")).await;
        check("/kubernetes.io/namespace", json!("other")).await;
        check("/kubernetes.io/pod", json!(null)).await;
        let mut foreign = claims();
        foreign["iss"] = json!("https://elsewhere");
        assert_eq!(ask(objects(), &foreign).await, Ok(None));
    }

    #[tokio::test]
    async fn a_pod_that_stops_keeps_its_token_for_a_minute() {
        let with = |deleted: &str| {
            let meta = json!({"name": "p", "namespace": "web", "uid": "pu", "deletionTimestamp": deleted});
            objects().with("", "pods", json!({"metadata": meta}))
        };
        assert!(ask(with("2026-01-01T00:00:00Z"), &claims()).await.is_ok());
        assert_eq!(ask(with("2025-12-31T23:59:00Z"), &claims()).await, Err(401));
    }
}
