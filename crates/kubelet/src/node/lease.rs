//! The node's heartbeat: a Lease in kube-node-lease.

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::api::core::v1::Node;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta, OwnerReference};
use mizzen_client::Error;
use tracing::warn;

use crate::kubelet::Kubelet;

const NAMESPACE: &str = "kube-node-lease";

/// Renews the lease, or makes it; `last` is the lease as last written.
async fn renew(kubelet: &Kubelet, last: Option<Lease>) -> Result<Lease, Error> {
    let name = &kubelet.config.node_name;
    let known = match last {
        Some(lease) => Some(lease),
        None => kubelet.client.get::<Lease>(NAMESPACE, name).await?,
    };
    let spec = LeaseSpec {
        holder_identity: Some(name.clone()),
        lease_duration_seconds: i32::try_from(kubelet.config.node_lease_duration_seconds).ok(),
        renew_time: Some(MicroTime(kubelet.env.now())),
        ..LeaseSpec::default()
    };
    let owners = |node: &Node| {
        let uid = node.metadata.uid.clone()?;
        let owner = OwnerReference {
            api_version: "v1".to_owned(),
            kind: "Node".to_owned(),
            name: name.clone(),
            uid,
            ..OwnerReference::default()
        };
        Some(vec![owner])
    };
    let node = kubelet.node();
    let owners = node.as_deref().and_then(owners);
    match known {
        Some(mut lease) => {
            lease.spec = Some(spec);
            if lease.metadata.owner_references.as_ref().is_none_or(Vec::is_empty) {
                lease.metadata.owner_references = owners;
            }
            kubelet.client.update(&lease).await
        }
        None => {
            let metadata = ObjectMeta {
                name: Some(name.clone()),
                namespace: Some(NAMESPACE.to_owned()),
                owner_references: owners,
                ..ObjectMeta::default()
            };
            kubelet.client.create(&Lease { metadata, spec: Some(spec) }).await
        }
    }
}

/// Renews the lease after each quarter of its duration, until the kubelet stops.
pub(crate) async fn run(kubelet: Arc<Kubelet>) {
    let every = Duration::from_secs(u64::from(kubelet.config.node_lease_duration_seconds)).div_f64(4.0);
    let mut ticks = tokio::time::interval(every.max(Duration::from_millis(100)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut last = None;
    while kubelet.cancel.run_until_cancelled(ticks.tick()).await.is_some() {
        for _ in 0..5 {
            let Some(result) = kubelet.cancel.run_until_cancelled(renew(&kubelet, last.take())).await else {
                return;
            };
            match result {
                Ok(lease) => {
                    last = Some(lease);
                    break;
                }
                // Written by somebody else, or gone: read it again.
                Err(error) if error.is_conflict() || error.is_not_found() || error.is_already_exists() => {}
                Err(error) => {
                    warn!(%error, source = error.source_text(), "The node's lease could not be renewed, will retry.");
                    break;
                }
            }
        }
    }
}
