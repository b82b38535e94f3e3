//! ServiceAccount: every pod runs as one, and has its token at hand.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use mizzen_client::ObjectKey;
use mizzen_clock::Env;
use mizzen_schema::value::Value;
use serde_json::{Value as Json, json};

use super::loopback::failed;
use super::pod_refs::{containers, secrets, volume_secrets};
use super::tree::{build, is_set, list, push, set, text};
use super::{Lookup, Loopback, Operation, Plugin, Request};
use crate::status::ApiError;

const DEFAULT: &str = "default";
const MIRROR: &str = "kubernetes.io/config.mirror";
const ENFORCE_SECRETS: &str = "kubernetes.io/enforce-mountable-secrets";
const TOKEN_PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// How long and how often a service account is waited for: its controller makes `default` in a new namespace
/// a moment after the namespace.
const WAIT: Duration = Duration::from_millis(100);
const ATTEMPTS: usize = 10;
/// Lives an hour, and a little by which the token endpoint knows who asks.
const TOKEN_EXPIRATION_S: i64 = 3607;

/// The plugin.
pub(super) struct ServiceAccount {
    lookup: Arc<dyn Lookup>,
    loopback: Loopback,
    env: Env,
}

impl ServiceAccount {
    pub(super) fn new(lookup: Arc<dyn Lookup>, loopback: Loopback, env: Env) -> Self {
        Self { lookup, loopback, env }
    }

    async fn find(&self, namespace: &str, name: &str) -> Result<Option<Value>, ApiError> {
        if let Some(found) = self.lookup.get("", "serviceaccounts", namespace, name).await? {
            return Ok(Some(found));
        }
        let Some(client) = self.loopback.try_get() else { return Ok(None) };
        let resource = mizzen_client::ApiResource {
            group: String::new(),
            version: "v1".to_owned(),
            plural: "serviceaccounts".to_owned(),
            kind: "ServiceAccount".to_owned(),
            namespaced: true,
        };
        let key = ObjectKey::new(namespace, name);
        let found = client.get_as::<Json>(&resource, &key).await.map_err(|error| failed(&error))?;
        Ok(found.map(|found| build(None, found)))
    }

    async fn account(&self, request: &Request<'_>, name: &str) -> Result<Value, ApiError> {
        let namespace = &request.target.namespace;
        let attempts = if name == DEFAULT { ATTEMPTS } else { 1 };
        for attempt in 0..attempts {
            if attempt > 0 {
                tokio::time::sleep(WAIT).await;
            }
            if let Some(found) = self.find(namespace, name).await? {
                return Ok(found);
            }
        }
        let why =
            format!("error looking up service account {namespace}/{name}: serviceaccount {name:?} not found");
        Err(request.forbidden(why))
    }

    /// The volume that holds token, authority and namespace; an existing one of this kind is used again.
    fn token_volume(&self, pod: &mut Value) -> String {
        let prefix = "kube-api-access-";
        let volumes = list(pod, &["spec", "volumes"]);
        let known = volumes
            .iter()
            .find(|volume| text(volume, &["name"]).starts_with(prefix) && is_set(volume, &["projected"]));
        if let Some(known) = known {
            return text(known, &["name"]).to_owned();
        }
        let name = format!("{prefix}{}", self.env.random.suffix(5));
        let sources = json!([
            {"serviceAccountToken": {"path": "token", "expirationSeconds": TOKEN_EXPIRATION_S}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {"downwardAPI": {"items": [
                {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}},
            ]}},
        ]);
        let volume = json!({"name": name, "projected": {"sources": sources, "defaultMode": 0o644}});
        push(pod, &["spec", "volumes"], volume);
        name
    }

    fn mount_token(&self, pod: &mut Value) {
        let has_mount = |container: &Value| {
            list(container, &["volumeMounts"]).iter().any(|mount| text(mount, &["mountPath"]) == TOKEN_PATH)
        };
        let spec = pod.get("spec");
        let needed = spec.is_some_and(|spec| {
            containers(spec)
                .any(|(field, _, container)| field != "ephemeralContainers" && !has_mount(container))
        });
        if !needed {
            return;
        }
        let name = self.token_volume(pod);
        let mount = json!({"name": name, "mountPath": TOKEN_PATH, "readOnly": true});
        for field in ["initContainers", "containers"] {
            let Some(Value::List(items)) = pod.path_mut(&["spec", field]) else { continue };
            for container in items.iter_mut().filter(|container| !has_mount(container)) {
                push(container, &["volumeMounts"], mount.clone());
            }
        }
    }
}

/// Only what the account lists may be mounted, where its annotation says so. All sorts of containers and all
/// ways to reach a secret count.
fn check_mountable(request: &Request<'_>, pod: &Value, account: &Value) -> Result<(), ApiError> {
    if text(account, &["metadata", "annotations", ENFORCE_SECRETS]) != "true" {
        return Ok(());
    }
    let named = |field: &'static str| list(account, &[field]).iter().map(|entry| text(entry, &["name"]));
    let (mountable, pull): (Vec<&str>, Vec<&str>) =
        (named("secrets").collect(), named("imagePullSecrets").collect());
    let account = text(account, &["metadata", "name"]);
    let denied = |what: String| {
        format!("{what} is not allowed because service account {account} does not reference that secret")
    };
    let unlisted = |name: &&str| !name.is_empty() && !mountable.contains(name);
    let volumes = list(pod, &["spec", "volumes"]).iter().flat_map(volume_secrets);
    if let Some(name) = volumes.into_iter().find(unlisted) {
        return Err(request.forbidden(denied(format!("volume with secret.secretName={name:?}"))));
    }
    for (field, _, container) in pod.get("spec").into_iter().flat_map(containers) {
        let sort = match field {
            "initContainers" => "init container",
            "ephemeralContainers" => "ephemeral container",
            _ => "container",
        };
        let sort = format!("{sort} {}", text(container, &["name"]));
        for variable in list(container, &["env"]) {
            let name = text(variable, &["valueFrom", "secretKeyRef", "name"]);
            if unlisted(&name) {
                let variable = text(variable, &["name"]);
                let what = format!("{sort} with envVar {variable} referencing secret.secretName={name:?}");
                return Err(request.forbidden(denied(what)));
            }
        }
        for source in list(container, &["envFrom"]) {
            let name = text(source, &["secretRef", "name"]);
            if unlisted(&name) {
                let what = format!("{sort} with envFrom referencing secret.secretName={name:?}");
                return Err(request.forbidden(denied(what)));
            }
        }
    }
    for (at, secret) in list(pod, &["spec", "imagePullSecrets"]).iter().enumerate() {
        let name = text(secret, &["name"]);
        if !pull.contains(&name) {
            return Err(request.forbidden(format!(
                "imagePullSecrets[{at}].name={name:?} is not allowed because service account {account} does not \
                 reference that imagePullSecret"
            )));
        }
    }
    Ok(())
}

/// A mirror pod stands for one that the node runs anyway: it may refer to nothing.
fn check_mirror(request: &Request<'_>, pod: &Value) -> Result<(), ApiError> {
    if !text(pod, &["spec", "serviceAccountName"]).is_empty() {
        return Err(request.forbidden("a mirror pod may not reference service accounts"));
    }
    if !secrets(pod).is_empty() {
        return Err(request.forbidden("a mirror pod may not reference secrets"));
    }
    let tokens =
        list(pod, &["spec", "volumes"]).iter().flat_map(|volume| list(volume, &["projected", "sources"]));
    if tokens.into_iter().any(|source| is_set(source, &["serviceAccountToken"])) {
        return Err(request.forbidden("a mirror pod may not use ServiceAccountToken volume projections"));
    }
    Ok(())
}

#[async_trait]
impl Plugin for ServiceAccount {
    fn name(&self) -> &'static str {
        "ServiceAccount"
    }

    async fn mutate(&self, request: &mut Request<'_>) -> Result<(), ApiError> {
        if !request.is("", "pods") || request.operation != Operation::Create {
            return Ok(());
        }
        let Some(pod) = request.object.as_deref_mut() else { return Ok(()) };
        if pod.path(&["metadata", "annotations", MIRROR]).is_some() {
            return Ok(());
        }
        if text(pod, &["spec", "serviceAccountName"]).is_empty() {
            set(pod, &["spec", "serviceAccountName"], json!(DEFAULT));
        }
        let name = text(pod, &["spec", "serviceAccountName"]).to_owned();
        // The old name of the same field.
        set(pod, &["spec", "serviceAccount"], json!(name));
        let account = self.account(request, &name).await?;
        let Some(pod) = request.object.as_deref_mut() else { return Ok(()) };
        let own = pod.path(&["spec", "automountServiceAccountToken"]).and_then(Value::as_bool);
        let accounts = account.path(&["automountServiceAccountToken"]).and_then(Value::as_bool);
        if own.or(accounts).unwrap_or(true) {
            self.mount_token(pod);
        }
        if list(pod, &["spec", "imagePullSecrets"]).is_empty() {
            for secret in list(&account, &["imagePullSecrets"]) {
                push(pod, &["spec", "imagePullSecrets"], json!({"name": text(secret, &["name"])}));
            }
        }
        Ok(())
    }

    async fn validate(&self, request: &Request<'_>) -> Result<(), ApiError> {
        let created = request.is("", "pods") && request.operation == Operation::Create;
        let debugged = request.is_sub("", "pods", "ephemeralcontainers");
        if !created && !debugged {
            return Ok(());
        }
        let Some(pod) = request.object.as_deref() else { return Ok(()) };
        if pod.path(&["metadata", "annotations", MIRROR]).is_some() {
            return if created { check_mirror(request, pod) } else { Ok(()) };
        }
        let name = text(pod, &["spec", "serviceAccountName"]);
        let account = self.account(request, name).await?;
        check_mountable(request, pod, &account)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fake::{Attempt, Objects};
    use super::super::tree::flag;
    use super::*;

    fn plugin(accounts: &[Json]) -> ServiceAccount {
        let rows = accounts.iter().map(|account| ("", "serviceaccounts", account.clone()));
        let env = Env::seeded(1, "2026-01-01T00:00:00Z".parse().unwrap());
        ServiceAccount::new(Arc::new(Objects::new(rows)), Loopback::default(), env)
    }

    fn account(name: &str, more: Json) -> Json {
        let mut account = json!({"metadata": {"name": name, "namespace": "web"}});
        for (key, value) in more.as_object().unwrap() {
            account[key] = value.clone();
        }
        account
    }

    fn pod(spec: Json) -> Attempt {
        Attempt::create("", "pods", "web", json!({"metadata": {"name": "p"}, "spec": spec}))
    }

    #[tokio::test(start_paused = true)]
    async fn a_pod_gets_account_and_token() {
        let plugin = plugin(&[account("default", json!({"imagePullSecrets": [{"name": "pull"}]}))]);
        let found =
            pod(json!({"containers": [{"name": "a"}, {"name": "b"}], "initContainers": [{"name": "i"}]}))
                .run(&plugin)
                .await
                .unwrap();
        assert_eq!(text(&found, &["spec", "serviceAccountName"]), "default");
        assert_eq!(text(&found, &["spec", "serviceAccount"]), "default");
        let volume = &list(&found, &["spec", "volumes"])[0];
        let name = text(volume, &["name"]);
        assert!(name.starts_with("kube-api-access-") && name.len() == 21, "{name}");
        assert_eq!(list(volume, &["projected", "sources"]).len(), 3);
        for (_, _, container) in containers(found.get("spec").unwrap()) {
            let mount = &list(container, &["volumeMounts"])[0];
            assert_eq!((text(mount, &["name"]), text(mount, &["mountPath"])), (name, TOKEN_PATH));
            assert!(flag(mount, &["readOnly"]));
        }
        assert_eq!(text(&list(&found, &["spec", "imagePullSecrets"])[0], &["name"]), "pull");
    }

    #[tokio::test(start_paused = true)]
    async fn who_wants_no_token_gets_none() {
        let check = async |account_says: Json, pod_says: Json, expect: usize| {
            let plugin = plugin(&[account("sa", account_says)]);
            let mut spec = json!({"serviceAccountName": "sa", "containers": [{"name": "a"}]});
            spec["automountServiceAccountToken"] = pod_says;
            let found = pod(spec).run(&plugin).await.unwrap();
            assert_eq!(list(&found, &["spec", "volumes"]).len(), expect);
        };
        check(json!({}), Json::Null, 1).await;
        check(json!({"automountServiceAccountToken": false}), Json::Null, 0).await;
        check(json!({"automountServiceAccountToken": false}), json!(true), 1).await;
        check(json!({}), json!(false), 0).await;
    }

    #[tokio::test(start_paused = true)]
    async fn refusals() {
        let check = async |attempt: Attempt, expect: &str| {
            let enforced = json!({"metadata": {"name": "strict", "namespace": "web",
                "annotations": {ENFORCE_SECRETS: "true"}}, "secrets": [{"name": "ok"}]});
            let error = attempt.run(&plugin(&[enforced])).await.unwrap_err();
            assert_eq!((error.code, error.message.as_str()), (403, expect));
        };
        let missing = "pods \"p\" is forbidden: error looking up service account web/default: serviceaccount \
                       \"default\" not found";
        check(pod(json!({"containers": []})), missing).await;
        let mounted = |name: &str| {
            json!({"serviceAccountName": "strict", "containers": [{"name": "a", "envFrom":
                [{"secretRef": {"name": name}}]}]})
        };
        let refused = "pods \"p\" is forbidden: container a with envFrom referencing secret.secretName=\"no\" is not \
                       allowed because service account strict does not reference that secret";
        check(pod(mounted("no")), refused).await;
        let mirror = json!({"metadata": {"name": "p", "annotations": {MIRROR: "x"}},
            "spec": {"serviceAccountName": "strict"}});
        let refused = "pods \"p\" is forbidden: a mirror pod may not reference service accounts";
        check(Attempt::create("", "pods", "web", mirror), refused).await;
    }
}
