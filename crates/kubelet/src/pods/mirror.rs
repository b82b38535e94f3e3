//! Mirror pods: what the API shows of static pods.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use mizzen_client::{DeleteParams, Error, ObjectKey};
use tracing::warn;

use super::spec;
use crate::cri::{CONFIG_HASH, CONFIG_MIRROR};
use crate::kubelet::Kubelet;

/// Time between looks, beside those that events cause.
const CHECK: Duration = Duration::from_secs(30);

fn mirror_of(kubelet: &Kubelet, pod: &Pod) -> Pod {
    let mut mirror = pod.clone();
    mirror.status = None;
    mirror.metadata.uid = None;
    mirror.metadata.resource_version = None;
    let hash = spec::annotation(pod, CONFIG_HASH).unwrap_or_default().to_owned();
    mirror.metadata.annotations.get_or_insert_default().insert(CONFIG_MIRROR.to_owned(), hash);
    let node = kubelet.node();
    let uid = node.as_ref().and_then(|node| node.metadata.uid.clone());
    mirror.metadata.owner_references = uid.map(|uid| {
        vec![OwnerReference {
            api_version: "v1".to_owned(),
            kind: "Node".to_owned(),
            name: kubelet.config.node_name.clone(),
            uid,
            controller: Some(true),
            ..OwnerReference::default()
        }]
    });
    mirror
}

async fn delete(kubelet: &Kubelet, key: &ObjectKey, uid: &str) -> Result<(), Error> {
    let params = DeleteParams { grace_period_seconds: Some(0), ..DeleteParams::uid(uid) };
    match kubelet.client.delete::<Pod>(&key.namespace, &key.name, &params).await {
        Err(error) if error.is_conflict() => Ok(()),
        other => other.map(drop),
    }
}

/// Makes missing mirrors, and deletes those that show nothing or something else.
async fn round(kubelet: &Arc<Kubelet>) -> Result<(), Error> {
    let statics: Vec<Arc<Pod>> = kubelet
        .mailboxes
        .all()
        .into_iter()
        .map(|(_, mailbox)| mailbox.read())
        .filter(|wanted| spec::is_static(&wanted.pod) && !wanted.removed)
        .map(|wanted| wanted.pod)
        .collect();
    let wanted: BTreeSet<ObjectKey> = statics.iter().map(|pod| spec::key(pod)).collect();
    for object in kubelet.pods.list() {
        if spec::is_mirror(&object.value) && !wanted.contains(&object.key) {
            delete(kubelet, &object.key, &object.uid).await?;
        }
    }
    for pod in statics {
        let key = spec::key(&pod);
        if let Some(object) = kubelet.pods.get(&key) {
            let shows = spec::annotation(&object.value, CONFIG_MIRROR);
            let outdated = shows != spec::annotation(&pod, CONFIG_HASH) || spec::is_deleted(&object.value);
            if !outdated {
                continue;
            }
            delete(kubelet, &key, &object.uid).await?;
        }
        match kubelet.client.create(&mirror_of(kubelet, &pod)).await {
            Ok(_) => kubelet.mailboxes.poke(spec::uid(&pod)),
            Err(error) if error.is_already_exists() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Keeps mirrors until the kubelet stops.
pub(crate) async fn run(kubelet: Arc<Kubelet>) {
    kubelet.pods.synced().await;
    let changes = Arc::new(tokio::sync::Notify::new());
    let told = changes.clone();
    kubelet.pods.subscribe(move |change| {
        if spec::is_mirror(&change.object().value) {
            told.notify_one();
        }
    });
    let mut wait = Duration::from_millis(500);
    loop {
        tokio::select! {
            () = kubelet.cancel.cancelled() => return,
            () = changes.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
        let Some(result) = kubelet.cancel.run_until_cancelled(round(&kubelet)).await else { return };
        wait = match result {
            Ok(()) => CHECK,
            Err(error) => {
                warn!(%error, source = error.source_text(), "Mirror pods could not be written, will retry.");
                Duration::from_secs(1)
            }
        };
    }
}
