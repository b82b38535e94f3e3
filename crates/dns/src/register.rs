//! This server as an endpoint of Service `kube-dns`: an EndpointSlice of its own, kept while it serves.

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::discovery::v1::EndpointSlice;
use mizzen_client::{ApiResource, Client, DeleteParams, ObjectKey, Patch};
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::config::Config;
use crate::records::Records;

const NAMESPACE: &str = "kube-system";
const SERVICE: &str = "kube-dns";
const PAUSE: Duration = Duration::from_secs(1);

/// Keeps the slice until `cancel`, then removes it.
pub(crate) async fn run(config: &Config, client: Client, records: Arc<Records>, cancel: CancellationToken) {
    if config.node.is_empty() {
        return;
    }
    let key = ObjectKey::new(NAMESPACE, format!("{SERVICE}-{}", config.node));
    // Nobody is sent here before there are answers.
    if cancel.run_until_cancelled(records.synced()).await.is_none() {
        return;
    }
    let changed = Arc::new(Notify::new());
    let (notify, own) = (changed.clone(), key.clone());
    records.slices.subscribe(move |change| {
        if change.object().key == own {
            notify.notify_one();
        }
    });
    changed.notify_one();
    let resource = ApiResource::of::<EndpointSlice>();
    while cancel.run_until_cancelled(changed.notified()).await.is_some() {
        let patch = Patch::Apply { object: slice(config, &key), force: true };
        let applied = client.patch_as::<serde_json::Value>(&resource, &key, "", &patch);
        if let Some(Err(error)) = cancel.run_until_cancelled(applied).await {
            warn!(%error, "The DNS endpoint could not be registered, will retry.");
            cancel.run_until_cancelled(tokio::time::sleep(PAUSE)).await;
            changed.notify_one();
        }
    }
    let params = DeleteParams::default();
    let gone = client.delete::<EndpointSlice>(&key.namespace, &key.name, &params);
    match tokio::time::timeout(PAUSE, gone).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => debug!(%error, "The DNS endpoint stays registered."),
        Err(_) => debug!("The DNS endpoint stays registered."),
    }
}

fn slice(config: &Config, key: &ObjectKey) -> serde_json::Value {
    let port = config.address.port();
    json!({
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "namespace": key.namespace,
            "name": key.name,
            "labels": {
                "kubernetes.io/service-name": SERVICE,
                "endpointslice.kubernetes.io/managed-by": "dns.mizzen",
            },
        },
        "addressType": if config.address.is_ipv4() { "IPv4" } else { "IPv6" },
        "endpoints": [{
            "addresses": [config.address.ip().to_string()],
            "conditions": {"ready": true, "serving": true, "terminating": false},
            "nodeName": config.node,
        }],
        "ports": [
            {"name": "dns", "port": port, "protocol": "UDP"},
            {"name": "dns-tcp", "port": port, "protocol": "TCP"},
        ],
    })
}
