//! Finding, making and removing a deployment's sets.

use std::collections::BTreeMap;
use std::sync::Arc;

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, ReplicaSet, ReplicaSetSpec};
use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use mizzen_client::{ApiResource, DeleteParams, Error, EventType, Object};
use sha2::{Digest, Sha256};

use super::revision::{DESIRED, MAX, REVISION, REVISION_HISTORY, annotations_to_copy, max_replicas};
use super::{Controller, Rollout, Set, as_object, replicas, tolerate_absence};
use crate::owner::{self, Claim, Claimable, claim};
use crate::selector;

/// The label by which a set's pods are told from those of the deployment's other sets.
const HASH: &str = "pod-template-hash";
/// The letters of hashes: as in generated names, so that no word appears.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// A short name for a template; `collisions` gives another to the same template.
fn hash(template: &PodTemplateSpec, collisions: i32) -> String {
    let mut digest = Sha256::new();
    // Every field is written in the struct's order, maps are sorted: equal templates give equal text.
    digest.update(serde_json::to_vec(template).unwrap_or_default());
    digest.update(collisions.to_be_bytes());
    digest
        .finalize()
        .iter()
        .take(10)
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect()
}

/// A template without the label that sets add to it.
fn without_hash(template: &PodTemplateSpec) -> PodTemplateSpec {
    let mut bare = template.clone();
    if let Some(labels) = bare.metadata.as_mut().and_then(|meta| meta.labels.as_mut()) {
        labels.remove(HASH);
    }
    bare
}

/// Whether a set is of the deployment's present template.
fn is_of(set: &ReplicaSet, template: &PodTemplateSpec) -> bool {
    let own = set.spec.as_ref().and_then(|spec| spec.template.as_ref());
    own.is_some_and(|own| without_hash(own) == without_hash(template))
}

impl Controller {
    /// The deployment's sets, oldest first, after taking in those that match and letting go of those that do not.
    pub(super) async fn claim(
        &self,
        deployment: &Object<Deployment>,
        spec: &DeploymentSpec,
    ) -> Result<Vec<Set>, Error> {
        let meta = &deployment.value.metadata;
        let resource = ApiResource::of::<ReplicaSet>();
        let mut own = Vec::new();
        let mut alive = None;
        for set in self.sets.list_in(&deployment.key.namespace) {
            let labels = set.value.metadata.labels.clone().unwrap_or_default();
            let matches = selector::matches(&spec.selector, &labels);
            match claim(&Claimable { meta: &set.value.metadata, matches }, meta) {
                Claim::Owned => own.push(set),
                Claim::Adopt => {
                    if alive.is_none() {
                        alive = Some(self.is_alive(deployment).await?);
                    }
                    if alive == Some(true) {
                        let reference = owner::reference(&self.resource, meta);
                        owner::adopt(&self.context.client, &resource, &set.key, &set.uid, &reference).await?;
                        own.push(set);
                    }
                }
                Claim::Release => {
                    owner::release(&self.context.client, &resource, &set.key, &set.uid, &deployment.uid)
                        .await?;
                }
                Claim::Ignore => {}
            }
        }
        own.sort_by_key(age);
        Ok(own)
    }

    async fn is_alive(&self, deployment: &Object<Deployment>) -> Result<bool, Error> {
        let key = &deployment.key;
        let now = self.context.client.get::<Deployment>(&key.namespace, &key.name).await?;
        Ok(now.is_some_and(|now| {
            now.metadata.uid.as_ref() == Some(&deployment.uid) && now.metadata.deletion_timestamp.is_none()
        }))
    }

    /// The set of the present template; the oldest, if there are several. Made when it is missing and `make` says so.
    pub(super) async fn find_or_make_new(
        &self,
        rollout: &mut Rollout,
        make: bool,
    ) -> Result<Option<Set>, Error> {
        let found = rollout.sets.iter().find(|set| is_of(&set.value, &rollout.spec.template)).cloned();
        let newest = rollout.highest_revision(found.as_ref()) + 1;
        match found {
            Some(set) => {
                let set = self.bring_up_to_date(rollout, set, newest).await?;
                self.note_revision(rollout, &set).await?;
                Ok(Some(set))
            }
            None if make => {
                let set = self.make(rollout, newest).await?;
                if let Some(set) = &set {
                    self.note_revision(rollout, set).await?;
                }
                Ok(set)
            }
            None => Ok(None),
        }
    }

    /// A set that is the newest (again, after a roll-back) has the highest revision, and the deployment's annotations.
    async fn bring_up_to_date(&self, rollout: &mut Rollout, set: Set, newest: i64) -> Result<Set, Error> {
        let mut wanted = annotations_to_copy(&rollout.deployment.value.metadata);
        let own = set.value.metadata.annotations.clone().unwrap_or_default();
        let revision = own.get(REVISION).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
        if revision < newest {
            wanted.insert(REVISION.to_owned(), newest.to_string());
            if revision > 0 {
                let history = own.get(REVISION_HISTORY).filter(|text| !text.is_empty());
                let history = history.map_or(revision.to_string(), |text| format!("{text},{revision}"));
                wanted.insert(REVISION_HISTORY.to_owned(), history);
            }
        }
        let min_ready = rollout.spec.min_ready_seconds;
        let own_min_ready = set.value.spec.as_ref().and_then(|spec| spec.min_ready_seconds);
        let same = wanted.iter().all(|(key, value)| own.get(key) == Some(value));
        if same && own_min_ready.unwrap_or(0) == min_ready.unwrap_or(0) {
            return Ok(set);
        }
        let mut value = set.value.clone();
        value.metadata.annotations.get_or_insert_default().extend(wanted);
        if let Some(spec) = &mut value.spec {
            spec.min_ready_seconds = min_ready;
        }
        let updated = as_object(self.context.client.update(&value).await?);
        rollout.replace(updated.clone());
        Ok(updated)
    }

    async fn make(&self, rollout: &mut Rollout, revision: i64) -> Result<Option<Set>, Error> {
        let status = rollout.deployment.value.status.clone().unwrap_or_default();
        let hash = hash(&rollout.spec.template, status.collision_count.unwrap_or(0));
        let count = self.replicas_of_new(rollout, None);
        let set = self.fresh(rollout, &hash, revision, count);
        match self.context.client.create(&set).await {
            Ok(made) => {
                let made = as_object(made);
                let name = &made.key.name;
                if count > 0 {
                    let message = format!("Scaled up replica set {name} from 0 to {count}");
                    self.say(&rollout.deployment, EventType::Normal, "ScalingReplicaSet", message);
                }
                self.progress_made(
                    rollout,
                    "NewReplicaSetCreated",
                    &format!("Created new replica set {name:?}"),
                )
                .await?;
                rollout.replace(made.clone());
                Ok(Some(made))
            }
            Err(error) if error.is_already_exists() => self.name_is_taken(rollout, &set).await,
            Err(error) if error.is_namespace_terminating() => Ok(None),
            Err(error) => {
                let message = format!(
                    "Failed to create new replica set {:?}: {error}",
                    set.metadata.name.unwrap_or_default()
                );
                self.say(&rollout.deployment, EventType::Warning, "FailedCreate", message.clone());
                self.progress_failed(rollout, "ReplicaSetCreateError", &message).await?;
                Err(error)
            }
        }
    }

    /// The name of a new set is taken: by our own, which the cache does not know yet, or by a stranger, which counts
    /// as a collision of hashes.
    async fn name_is_taken(&self, rollout: &mut Rollout, set: &ReplicaSet) -> Result<Option<Set>, Error> {
        let name = set.metadata.name.clone().unwrap_or_default();
        let there = self.context.client.get::<ReplicaSet>(&rollout.deployment.key.namespace, &name).await?;
        let Some(there) = there else { return Ok(None) };
        let ours =
            owner::controller_of(&there.metadata).is_some_and(|owner| owner.uid == rollout.deployment.uid);
        if ours && is_of(&there, &rollout.spec.template) {
            let there = as_object(there);
            rollout.replace(there.clone());
            return Ok(Some(there));
        }
        let mut value = rollout.deployment.value.clone();
        let status = value.status.get_or_insert_default();
        status.collision_count = Some(status.collision_count.unwrap_or(0) + 1);
        self.context.client.update_status(&value).await?;
        // The changed status brings us here again, with another hash.
        Ok(None)
    }

    fn fresh(&self, rollout: &Rollout, hash: &str, revision: i64, count: i32) -> ReplicaSet {
        let spec = &rollout.spec;
        let mut template = spec.template.clone();
        let labels = template.metadata.get_or_insert_default().labels.get_or_insert_default();
        labels.insert(HASH.to_owned(), hash.to_owned());
        let labels = labels.clone();
        let mut selector: LabelSelector = spec.selector.clone();
        selector.match_labels.get_or_insert_default().insert(HASH.to_owned(), hash.to_owned());
        let mut annotations: BTreeMap<String, String> =
            annotations_to_copy(&rollout.deployment.value.metadata);
        annotations.insert(REVISION.to_owned(), revision.to_string());
        annotations.insert(DESIRED.to_owned(), rollout.wanted().to_string());
        annotations.insert(MAX.to_owned(), max_replicas(rollout).to_string());
        ReplicaSet {
            metadata: ObjectMeta {
                name: Some(format!("{}-{hash}", rollout.deployment.key.name)),
                namespace: Some(rollout.deployment.key.namespace.clone()),
                labels: Some(labels),
                annotations: Some(annotations),
                owner_references: Some(vec![owner::reference(
                    &self.resource,
                    &rollout.deployment.value.metadata,
                )]),
                ..ObjectMeta::default()
            },
            spec: Some(ReplicaSetSpec {
                replicas: Some(count),
                min_ready_seconds: spec.min_ready_seconds,
                selector,
                template: Some(template),
            }),
            status: None,
        }
    }

    /// Sets how many pods a set is to have, and what it is told of the deployment. Gives it as it is then.
    pub(super) async fn scale_set(&self, rollout: &Rollout, set: &Set, count: i32) -> Result<Set, Error> {
        let (desired, max) = (rollout.wanted().to_string(), max_replicas(rollout).to_string());
        let own = |key: &str| set.value.metadata.annotations.as_ref().and_then(|all| all.get(key));
        let before = replicas(set);
        if before == count && own(DESIRED) == Some(&desired) && own(MAX) == Some(&max) {
            return Ok(set.clone());
        }
        let mut value = set.value.clone();
        let annotations = value.metadata.annotations.get_or_insert_default();
        annotations.extend([(DESIRED.to_owned(), desired), (MAX.to_owned(), max)]);
        if let Some(spec) = &mut value.spec {
            spec.replicas = Some(count);
        }
        let updated = as_object(self.context.client.update(&value).await?);
        if before != count {
            let way = if count > before { "up" } else { "down" };
            let message = format!("Scaled {way} replica set {} from {before} to {count}", set.key.name);
            self.say(&rollout.deployment, EventType::Normal, "ScalingReplicaSet", message);
        }
        Ok(updated)
    }

    /// Removes sets of old revisions beyond those that are kept for roll-backs.
    pub(super) async fn clean_up(&self, rollout: &Rollout, new: Option<&Set>) -> Result<(), Error> {
        let kept = usize::try_from(rollout.spec.revision_history_limit.unwrap_or(10)).unwrap_or(0);
        let is_idle = |set: &Set| {
            let status = set.value.status.clone().unwrap_or_default();
            replicas(set) == 0
                && status.replicas == 0
                && set.value.metadata.deletion_timestamp.is_none()
                && set.value.metadata.generation <= status.observed_generation
        };
        let old = rollout.old(new);
        let surplus = old.len().saturating_sub(kept);
        let mut by_revision = old;
        by_revision.sort_by_key(|set| super::revision::of(&set.value.metadata));
        for set in by_revision.iter().take(surplus).filter(|set| is_idle(set)) {
            let params = DeleteParams::uid(set.uid.clone());
            tolerate_absence(
                self.context.client.delete::<ReplicaSet>(&set.key.namespace, &set.key.name, &params).await,
            )?;
        }
        Ok(())
    }

    /// Keeps the revision on the deployment, where `rollout history` and people read it.
    async fn note_revision(&self, rollout: &mut Rollout, set: &Set) -> Result<(), Error> {
        let Some(revision) = set.value.metadata.annotations.as_ref().and_then(|all| all.get(REVISION)) else {
            return Ok(());
        };
        let own = rollout.deployment.value.metadata.annotations.as_ref().and_then(|all| all.get(REVISION));
        if own == Some(revision) {
            return Ok(());
        }
        let mut value = rollout.deployment.value.clone();
        value.metadata.annotations.get_or_insert_default().insert(REVISION.to_owned(), revision.clone());
        let key = rollout.deployment.key.clone();
        // Through status: a change of annotations from elsewhere raises the generation.
        let updated = self.context.client.update_status(&value).await?;
        rollout.deployment = Arc::new(Object {
            key,
            uid: rollout.deployment.uid.clone(),
            resource_version: updated.metadata.resource_version.clone().unwrap_or_default(),
            value: updated,
        });
        Ok(())
    }
}

fn age(set: &Set) -> (Option<jiff::Timestamp>, String) {
    (set.value.metadata.creation_timestamp.as_ref().map(|time| time.0), set.key.name.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_templates_have_equal_hashes() {
        let template = |image: &str| -> PodTemplateSpec {
            serde_json::from_value(json!({"metadata": {"labels": {"a": "1"}}, "spec": {"containers": [{"name": "c", "image": image}]}}))
                .expect("a template")
        };
        assert_eq!(hash(&template("x"), 0), hash(&template("x"), 0));
        assert_ne!(hash(&template("x"), 0), hash(&template("y"), 0));
        assert_ne!(hash(&template("x"), 0), hash(&template("x"), 1));
        let mut labelled = template("x");
        let labels = labelled.metadata.get_or_insert_default().labels.get_or_insert_default();
        labels.insert(HASH.to_owned(), "bcdf".to_owned());
        assert_eq!(without_hash(&labelled), template("x"));
    }
}
