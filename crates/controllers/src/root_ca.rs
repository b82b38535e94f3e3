//! The root CA publisher: every namespace has a ConfigMap by which pods know the API server.
//!
//! Projected service-account volumes mount it; it is restored when somebody changes it.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use mizzen_client::{ApiResource, Informer, ListParams, ObjectKey, Outcome};

use crate::context::{Cache, Context, Reconcile};
use crate::serviceaccount::is_open;

const WORKERS: usize = 1;
const NAME: &str = "kube-root-ca.crt";
const KEY: &str = "ca.crt";
const DESCRIPTION: (&str, &str) = (
    "kubernetes.io/description",
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the \
     internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes \
     clusters.",
);

#[derive(Clone)]
struct Controller {
    context: Context,
    namespaces: Informer<Namespace>,
    maps: Informer<ConfigMap>,
}

/// Runs the controller until its context is cancelled. Without a certificate there is nothing to publish.
pub(crate) async fn run(context: Context) {
    if context.config.root_ca.is_empty() {
        return context.cancel.cancelled().await;
    }
    let only = ListParams { field_selector: format!("metadata.name={NAME}"), ..ListParams::default() };
    let controller = Controller {
        namespaces: context.informers.of::<Namespace>(),
        maps: context.informers.select(ApiResource::of::<ConfigMap>(), "", only),
        context: context.clone(),
    };
    let queue = context.queue::<String>("root_ca_cert_publisher");
    let own = queue.clone();
    controller.namespaces.subscribe(move |change| own.add(change.object().key.name.clone()));
    let own = queue.clone();
    controller.maps.subscribe(move |change| own.add(change.object().key.namespace.clone()));
    let caches: [&dyn Cache; 2] = [&controller.namespaces, &controller.maps];
    context
        .serve(&controller, &queue, WORKERS, &caches, |own, namespace| async move {
            own.reconcile(namespace).await
        })
        .await;
}

impl Controller {
    async fn reconcile(&self, namespace: String) -> Reconcile {
        if !is_open(&self.namespaces, &namespace) {
            return Ok(Outcome::Done);
        }
        let data = BTreeMap::from([(KEY.to_owned(), self.context.config.root_ca.clone())]);
        let (key, value) = DESCRIPTION;
        let Some(there) = self.maps.get(&ObjectKey::new(namespace.as_str(), NAME)) else {
            let map = ConfigMap {
                metadata: ObjectMeta {
                    name: Some(NAME.to_owned()),
                    namespace: Some(namespace),
                    annotations: Some(BTreeMap::from([(key.to_owned(), value.to_owned())])),
                    ..ObjectMeta::default()
                },
                data: Some(data),
                ..ConfigMap::default()
            };
            return match self.context.client.create(&map).await {
                Err(error) if error.is_already_exists() || error.is_namespace_terminating() => {
                    Ok(Outcome::Done)
                }
                other => other.map(|_| Outcome::Done),
            };
        };
        let annotation = there.value.metadata.annotations.as_ref().and_then(|all| all.get(key));
        if there.value.data.as_ref() == Some(&data) && annotation.is_some_and(|own| own == value) {
            return Ok(Outcome::Done);
        }
        let mut map = ConfigMap { data: Some(data), binary_data: None, ..there.value.clone() };
        map.metadata.annotations.get_or_insert_default().insert(key.to_owned(), value.to_owned());
        match self.context.client.update(&map).await {
            // Whoever was faster, or deleted it, brings us here again.
            Err(error) if error.is_conflict() || error.is_not_found() => Ok(Outcome::Done),
            other => other.map(|_| Outcome::Done),
        }
    }
}
