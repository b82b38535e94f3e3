//! The service account controller: every namespace has the account `default`.

use k8s_openapi::api::core::v1::{Namespace, ServiceAccount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_client::{ApiResource, Change, Informer, ListParams, ObjectKey, Outcome, PartialObject};

use crate::context::{Cache, Context, Reconcile};

/// Reconciles at once (`--concurrent-serviceaccount-token-syncs` is another's; this one has a single worker).
const WORKERS: usize = 1;
const NAME: &str = "default";

#[derive(Clone)]
struct Controller {
    context: Context,
    namespaces: Informer<Namespace>,
    accounts: Informer<PartialObject>,
}

/// Runs the controller until its context is cancelled.
pub(crate) async fn run(context: Context) {
    let only = ListParams { field_selector: format!("metadata.name={NAME}"), ..ListParams::default() };
    let controller = Controller {
        namespaces: context.informers.of::<Namespace>(),
        accounts: context.informers.select(ApiResource::of::<ServiceAccount>(), "", only),
        context: context.clone(),
    };
    let queue = context.queue::<String>("serviceaccount");
    let own = queue.clone();
    controller.namespaces.subscribe(move |change| own.add(change.object().key.name.clone()));
    let own = queue.clone();
    controller.accounts.subscribe(move |change| {
        if let Change::Deleted(account) = change {
            own.add(account.key.namespace.clone());
        }
    });
    let caches: [&dyn Cache; 2] = [&controller.namespaces, &controller.accounts];
    context
        .serve(&controller, &queue, WORKERS, &caches, |own, namespace| async move {
            own.reconcile(namespace).await
        })
        .await;
}

/// Whether things may be made in a namespace.
pub(crate) fn is_open(namespaces: &Informer<Namespace>, name: &str) -> bool {
    let namespace = namespaces.get(&ObjectKey::new("", name));
    namespace.is_some_and(|namespace| namespace.value.metadata.deletion_timestamp.is_none())
}

impl Controller {
    async fn reconcile(&self, namespace: String) -> Reconcile {
        if !is_open(&self.namespaces, &namespace)
            || self.accounts.get(&ObjectKey::new(namespace.as_str(), NAME)).is_some()
        {
            return Ok(Outcome::Done);
        }
        let account = ServiceAccount {
            metadata: ObjectMeta {
                name: Some(NAME.to_owned()),
                namespace: Some(namespace),
                ..ObjectMeta::default()
            },
            ..ServiceAccount::default()
        };
        match self.context.client.create(&account).await {
            Err(error) if error.is_already_exists() || error.is_namespace_terminating() => Ok(Outcome::Done),
            other => other.map(|_| Outcome::Done),
        }
    }
}
