//! Tokens in Secrets: a Secret of type `kubernetes.io/service-account-token` gets a token of the account that it names,
//! the API server's certificate authority and its namespace, and goes with the account.
//!
//! Such tokens never expire; they are for those who cannot ask for bound ones. Source: the documentation page "Managing
//! Service Accounts", "Manage Secrets for ServiceAccounts".

use std::sync::Arc;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{Secret, ServiceAccount};
use mizzen_client::{
    ApiResource, Change, DeleteParams, Error, Informer, ListParams, Object, ObjectKey, Outcome,
};
use mizzen_pki::TokenKey;
use serde_json::json;

use crate::context::{Cache, Context, Reconcile};

const TYPE: &str = "kubernetes.io/service-account-token";
const ACCOUNT_NAME: &str = "kubernetes.io/service-account.name";
const ACCOUNT_UID: &str = "kubernetes.io/service-account.uid";
/// The issuer by which the API server knows these tokens.
const ISSUER: &str = "kubernetes/serviceaccount";

#[derive(Clone)]
struct Controller {
    context: Context,
    key: TokenKey,
    accounts: Informer<ServiceAccount>,
    secrets: Informer<Secret>,
}

fn annotation<'a>(secret: &'a Secret, name: &str) -> Option<&'a str> {
    let value = secret.metadata.annotations.as_ref()?.get(name)?;
    Some(value.as_str()).filter(|value| !value.is_empty())
}

/// Runs the controller until its context is cancelled. Without a key there is nothing to sign with.
pub(crate) async fn run(context: Context) {
    let Some(key) = context.config.token_key.clone() else { return context.cancel.cancelled().await };
    let only = ListParams { field_selector: format!("type={TYPE}"), ..ListParams::default() };
    let controller = Controller {
        key,
        accounts: context.informers.of::<ServiceAccount>(),
        secrets: context.informers.select(ApiResource::of::<Secret>(), "", only),
        context: context.clone(),
    };
    let queue = context.queue::<ObjectKey>("serviceaccount_tokens_secret");
    let own = queue.clone();
    controller.secrets.subscribe(move |change| {
        if !matches!(change, Change::Deleted(_)) {
            own.add(change.object().key.clone());
        }
    });
    let (own, secrets) = (queue.clone(), controller.secrets.clone());
    controller.accounts.subscribe(move |change| {
        if matches!(change, Change::Updated(..)) {
            return;
        }
        let account = &change.object().key;
        for secret in secrets.list_in(&account.namespace) {
            if annotation(&secret.value, ACCOUNT_NAME) == Some(account.name.as_str()) {
                own.add(secret.key.clone());
            }
        }
    });
    let caches: [&dyn Cache; 2] = [&controller.accounts, &controller.secrets];
    let workers = context.config.workers.account_tokens;
    context
        .serve(&controller, &queue, workers, &caches, |own, key| async move { own.reconcile(&key).await })
        .await;
}

impl Controller {
    async fn reconcile(&self, key: &ObjectKey) -> Reconcile {
        let Some(secret) = self.secrets.get(key) else { return Ok(Outcome::Done) };
        if secret.value.metadata.deletion_timestamp.is_some() {
            return Ok(Outcome::Done);
        }
        let Some(name) = annotation(&secret.value, ACCOUNT_NAME) else { return Ok(Outcome::Done) };
        let account = self.account(&key.namespace, name, annotation(&secret.value, ACCOUNT_UID)).await?;
        let Some(account) = account else {
            return self.remove(&secret).await;
        };
        let uid = account.metadata.uid.clone().unwrap_or_default();
        let mut filled = secret.value.clone();
        if !self.fill(&mut filled, key, name, &uid)? {
            return Ok(Outcome::Done);
        }
        match self.context.client.update(&filled).await {
            // Its next change brings us here again.
            Err(error) if error.is_conflict() || error.is_not_found() => Ok(Outcome::Done),
            Err(error) if error.is_namespace_terminating() => Ok(Outcome::Done),
            other => other.map(|_| Outcome::Done),
        }
    }

    /// The account, if it is the one meant; asked for by itself before it is taken for gone.
    async fn account(
        &self,
        namespace: &str,
        name: &str,
        uid: Option<&str>,
    ) -> Result<Option<Arc<ServiceAccount>>, Error> {
        let is_meant =
            |account: &ServiceAccount| uid.is_none_or(|uid| account.metadata.uid.as_deref() == Some(uid));
        let cached = self.accounts.get(&ObjectKey::new(namespace, name));
        if let Some(cached) = cached.filter(|cached| is_meant(&cached.value)) {
            return Ok(Some(Arc::new(cached.value.clone())));
        }
        let live = self.context.client.get::<ServiceAccount>(namespace, name).await?;
        Ok(live.filter(is_meant).map(Arc::new))
    }

    async fn remove(&self, secret: &Object<Secret>) -> Reconcile {
        let (key, params) = (&secret.key, DeleteParams::uid(secret.uid.clone()));
        match self.context.client.delete::<Secret>(&key.namespace, &key.name, &params).await {
            Err(error) if !error.is_conflict() => Err(error),
            _ => Ok(Outcome::Done),
        }
    }

    /// Adds what is missing; whether anything was.
    fn fill(&self, secret: &mut Secret, key: &ObjectKey, account: &str, uid: &str) -> Result<bool, Error> {
        let before = secret.clone();
        let annotations = secret.metadata.annotations.get_or_insert_default();
        annotations.insert(ACCOUNT_UID.to_owned(), uid.to_owned());
        let data = secret.data.get_or_insert_default();
        let root_ca = self.context.config.root_ca.as_bytes();
        if !root_ca.is_empty() {
            data.insert("ca.crt".to_owned(), ByteString(root_ca.to_vec()));
        }
        let is_empty = |value: Option<&ByteString>| value.is_none_or(|value| value.0.is_empty());
        if is_empty(data.get("namespace")) {
            data.insert("namespace".to_owned(), ByteString(key.namespace.clone().into_bytes()));
        }
        if is_empty(data.get("token")) {
            let token = self.key.sign(&claims(key, account, uid));
            let token = token.map_err(|error| Error::Transport(Box::new(error)))?;
            data.insert("token".to_owned(), ByteString(token.into_bytes()));
        }
        Ok(*secret != before)
    }
}

/// What a token of this Secret says.
fn claims(secret: &ObjectKey, account: &str, uid: &str) -> serde_json::Value {
    json!({
        "iss": ISSUER,
        "sub": format!("system:serviceaccount:{}:{account}", secret.namespace),
        "kubernetes.io/serviceaccount/namespace": secret.namespace,
        "kubernetes.io/serviceaccount/secret.name": secret.name,
        "kubernetes.io/serviceaccount/service-account.name": account,
        "kubernetes.io/serviceaccount/service-account.uid": uid,
    })
}
