//! Sends pods' statuses to the API: only what changed, one write at a time for each pod.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use k8s_openapi::api::core::v1::{Pod, PodStatus};
use mizzen_client::{Client, Error, ObjectKey, Outcome, Patch, WorkQueue};
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::conditions;

/// Writes under way at a time.
const WORKERS: usize = 8;

/// Whose status it is, as the API knows the pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) key: ObjectKey,
    /// A mirror pod's uid is not that of the static pod it shows.
    pub(crate) uid: String,
}

struct Entry {
    target: Option<Target>,
    status: PodStatus,
    /// A condition that passes has been seen: from then on, those that are not there are taken away.
    passing: bool,
    version: u64,
    sent: u64,
}

/// Statuses by the kubelet's uid of the pod. Clones share them.
#[derive(Clone)]
pub(crate) struct StatusManager(Arc<Shared>);

struct Shared {
    client: Client,
    entries: Mutex<BTreeMap<String, Entry>>,
    queue: WorkQueue<String>,
    /// Counts writes, for those who wait for one.
    written: watch::Sender<u64>,
}

/// A value with `null` for what is not set, so that a patch clears it.
fn with_nulls(value: Value, keys: &[&str]) -> Value {
    let Value::Object(mut map) = value else { return value };
    for key in keys {
        map.entry((*key).to_owned()).or_insert(Value::Null);
    }
    Value::Object(map)
}

fn has_passing(status: &PodStatus) -> bool {
    let mut all = status.conditions.iter().flatten();
    all.any(|condition| conditions::PASSING.contains(&condition.type_.as_str()))
}

/// The patch that makes a pod's status this one. Conditions of others, and what else the kubelet does not own, stay; those
/// of the kubelet's that pass are taken away if `passing`, where the status has none.
fn patch(uid: &str, status: &PodStatus, passing: bool) -> Value {
    let mut status = status.clone();
    status.conditions.iter_mut().for_each(|list| {
        list.retain(|condition| conditions::is_owned(&condition.type_));
    });
    status.nominated_node_name = None;
    status.resource_claim_statuses = None;
    status.extended_resource_claim_status = None;
    let conditions = status.conditions.take().unwrap_or_default();
    let gone = conditions::PASSING
        .into_iter()
        .filter(|name| passing && !conditions.iter().any(|condition| condition.type_ == *name));
    let gone = gone.map(|name| json!({ "type": name, "$patch": "delete" }));
    let conditions: Vec<Value> = conditions
        .iter()
        .map(|condition| with_nulls(json!(condition), &["reason", "message", "observedGeneration"]))
        .chain(gone)
        .collect();
    let ips = status.pod_ips.take();
    let mut value = with_nulls(
        json!(status),
        &[
            "phase",
            "reason",
            "message",
            "hostIP",
            "hostIPs",
            "podIP",
            "startTime",
            "qosClass",
            "containerStatuses",
            "initContainerStatuses",
            "ephemeralContainerStatuses",
            "observedGeneration",
        ],
    );
    // Addresses merge by address: what is not there any more has to be dropped.
    value["podIPs"] = match ips {
        Some(ips) => {
            let mut list: Vec<Value> = ips.iter().map(|ip| json!(ip)).collect();
            list.push(json!({ "$patch": "replace" }));
            Value::Array(list)
        }
        None => Value::Null,
    };
    value["conditions"] = Value::Array(conditions);
    json!({ "metadata": { "uid": uid }, "status": value })
}

/// The part of a status that the kubelet owns, to be compared.
fn owned(status: &PodStatus) -> Value {
    let mut status = status.clone();
    status.conditions.iter_mut().for_each(|list| {
        list.retain(|condition| conditions::is_owned(&condition.type_));
        list.sort_by(|a, b| a.type_.cmp(&b.type_));
        list.iter_mut().for_each(|condition| condition.last_probe_time = None);
    });
    status.nominated_node_name = None;
    status.resource_claim_statuses = None;
    status.extended_resource_claim_status = None;
    strip(json!(status))
}

/// Drops empty values, which come and go on the wire, and fractions of seconds.
fn strip(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept: Map<String, Value> = map
                .into_iter()
                .map(|(key, value)| (key, strip(value)))
                .filter(|(_, value)| {
                    !value.is_null()
                        && value.as_object().is_none_or(|map| !map.is_empty())
                        && value.as_array().is_none_or(|list| !list.is_empty())
                })
                .collect();
            Value::Object(kept)
        }
        Value::Array(list) => Value::Array(list.into_iter().map(strip).collect()),
        other => other,
    }
}

impl StatusManager {
    pub(crate) fn new(client: Client) -> Self {
        Self(Arc::new(Shared {
            client,
            entries: Mutex::default(),
            queue: WorkQueue::new(),
            written: watch::Sender::new(0),
        }))
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        self.0.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The status last made for a pod.
    pub(crate) fn get(&self, uid: &str) -> Option<PodStatus> {
        self.entries().get(uid).map(|entry| entry.status.clone())
    }

    /// Takes a pod's newest status; `api` is the pod as the API has it. Nothing is sent when that says the same.
    pub(crate) fn set(&self, uid: &str, api: Option<&Pod>, status: PodStatus) {
        let target = api.map(|pod| Target {
            key: ObjectKey::of(&pod.metadata),
            uid: pod.metadata.uid.clone().unwrap_or_default(),
        });
        let mut entries = self.entries();
        let entry = entries.entry(uid.to_owned()).or_insert_with(|| Entry {
            target: None,
            status: PodStatus::default(),
            passing: false,
            version: 0,
            sent: 0,
        });
        let in_api = api.and_then(|pod| pod.status.as_ref());
        entry.passing |= in_api.is_some_and(has_passing) || has_passing(&status);
        let same_target = entry.target == target;
        if entry.version > 0 && same_target && owned(&entry.status) == owned(&status) {
            entry.status = status;
            return;
        }
        let api_has_it = in_api.is_some_and(|old| owned(old) == owned(&status));
        let first = entry.version == 0;
        entry.status = status;
        entry.target = target;
        entry.version += 1;
        if first && api_has_it {
            entry.sent = entry.version;
            return;
        }
        drop(entries);
        self.0.queue.add(uid.to_owned());
    }

    /// Waits until the API has a pod's newest status, or the pod is gone from it.
    pub(crate) async fn flushed(&self, uid: &str) {
        let mut written = self.0.written.subscribe();
        loop {
            let done = self
                .entries()
                .get(uid)
                .is_none_or(|entry| entry.target.is_none() || entry.sent >= entry.version);
            if done {
                return;
            }
            // The sender lives in `self`.
            if written.changed().await.is_err() {
                return;
            }
        }
    }

    /// Forgets a pod.
    pub(crate) fn forget(&self, uid: &str) {
        self.entries().remove(uid);
        self.0.written.send_modify(|count| *count = count.wrapping_add(1));
    }

    async fn send(&self, uid: &str) -> Result<(), Error> {
        let (target, status, passing, version) = {
            let entries = self.entries();
            let Some(entry) = entries.get(uid) else { return Ok(()) };
            let Some(target) = entry.target.clone() else { return Ok(()) };
            if entry.sent >= entry.version {
                return Ok(());
            }
            (target, entry.status.clone(), entry.passing, entry.version)
        };
        let body = Patch::Strategic(patch(&target.uid, &status, passing));
        let result =
            self.0.client.patch::<Pod>(&target.key.namespace, &target.key.name, "status", &body).await;
        match result {
            Ok(_) => {}
            // Another pod has the name now, or none: nobody waits for this status.
            Err(error) if error.is_not_found() || error.is_conflict() => {
                debug!(pod = %target.key, %error, "A pod is gone, its status is not sent.");
            }
            Err(error) => return Err(error),
        }
        if let Some(entry) = self.entries().get_mut(uid) {
            entry.sent = entry.sent.max(version);
        }
        self.0.written.send_modify(|count| *count = count.wrapping_add(1));
        Ok(())
    }

    /// Sends statuses until `cancel`.
    pub(crate) async fn run(&self, cancel: CancellationToken) {
        let manager = self.clone();
        mizzen_client::work(&self.0.queue, WORKERS, cancel, move |uid: String| {
            let manager = manager.clone();
            async move {
                let sending = manager.send(&uid);
                match tokio::time::timeout(Duration::from_secs(30), sending).await {
                    Ok(result) => result.map(|()| Outcome::Done),
                    Err(_) => Ok(Outcome::After(Duration::from_secs(1))),
                }
            }
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_clear_what_is_unset() {
        let status: PodStatus = serde_json::from_value(json!({
            "phase": "Running",
            "podIPs": [{"ip": "10.0.0.1"}],
            "conditions": [{"type": "Ready", "status": "True"}, {"type": "x/y", "status": "True"}],
        }))
        .expect("a status");
        let got = patch("u", &status, false);
        assert_eq!(got["metadata"]["uid"], "u");
        assert_eq!(got["status"]["reason"], Value::Null);
        assert_eq!(got["status"]["podIPs"], json!([{"ip": "10.0.0.1"}, {"$patch": "replace"}]));
        let conditions = got["status"]["conditions"].as_array().expect("a list");
        assert_eq!(conditions.len(), 1, "only the kubelet's own");
        assert_eq!(conditions[0]["message"], Value::Null);
        let got = patch("u", &status, true);
        let gone = json!({"type": "PodResizePending", "$patch": "delete"});
        assert_eq!(got["status"]["conditions"][1], gone);
    }
}
