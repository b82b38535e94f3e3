//! How many pods a budget's pods should be: the sum of what their controllers are scaled to.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::autoscaling::v1::Scale;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use mizzen_client::{ApiResource, Error, Object, ObjectKey};

use super::{Controller, Failure};
use crate::discovery;
use crate::owner::controller_of;
use crate::pod::PodView;

impl Controller {
    /// The sum of the scales of the pods' controllers, and the names of pods without one.
    pub(super) async fn expected_scale(
        &self,
        pods: &[std::sync::Arc<Object<PodView>>],
    ) -> Result<(i32, Vec<String>), Failure> {
        let mut scales: BTreeMap<String, i32> = BTreeMap::new();
        let mut direct: BTreeMap<String, String> = BTreeMap::new();
        let mut unmanaged = Vec::new();
        for pod in pods {
            let Some(owner) = controller_of(&pod.value.metadata) else {
                unmanaged.push(pod.key.name.clone());
                continue;
            };
            if direct.contains_key(&owner.uid) {
                continue;
            }
            let found = self.scale_of(&pod.key.namespace, owner).await?;
            let (uid, scale) = found.ok_or_else(|| {
                Failure::Uncountable(format!("found no controllers for pod {:?}", pod.key.name))
            })?;
            direct.insert(owner.uid.clone(), uid.clone());
            scales.insert(uid, scale);
        }
        let sum = scales.values().fold(0_i32, |sum, scale| sum.saturating_add(*scale));
        Ok((sum, unmanaged))
    }

    /// The uid and scale of a controller; of a Deployment where it owns the controller.
    async fn scale_of(
        &self,
        namespace: &str,
        owner: &OwnerReference,
    ) -> Result<Option<(String, i32)>, Failure> {
        let group = owner.api_version.split_once('/').map_or("", |(group, _)| group);
        if (group, owner.kind.as_str()) != ("apps", "ReplicaSet") {
            return self.scale_by_subresource(namespace, owner).await;
        }
        let set = self.sets.get(&ObjectKey::new(namespace, owner.name.as_str()));
        let Some(set) = set.filter(|set| set.uid == owner.uid) else { return Ok(None) };
        let above = controller_of(&set.value.metadata);
        match above.filter(|above| above.kind == "Deployment" && above.api_version.starts_with("apps/")) {
            Some(above) => {
                let key = ObjectKey::new(namespace, above.name.as_str());
                let found = self.deployments.get(&key).filter(|found| found.uid == above.uid);
                Ok(found.map(|found| (found.uid.clone(), replicas_of_deployment(&found.value))))
            }
            None => Ok(Some((set.uid.clone(), replicas_of_set(&set.value)))),
        }
    }

    async fn scale_by_subresource(
        &self,
        namespace: &str,
        owner: &OwnerReference,
    ) -> Result<Option<(String, i32)>, Failure> {
        let Some(resource) = self.resource_of(owner).await? else { return Ok(None) };
        let key = ObjectKey::new(namespace, owner.name.as_str());
        let scale = self.context.client.get_subresource::<Scale>(&resource, &key, "scale").await;
        let scale = scale.map_err(Failure::Api)?;
        let same = scale.filter(|scale| scale.metadata.uid.as_deref() == Some(owner.uid.as_str()));
        let replicas = |scale: Scale| scale.spec.and_then(|spec| spec.replicas).unwrap_or(0);
        Ok(same.map(|scale| (owner.uid.clone(), replicas(scale))))
    }

    /// The resource of a kind, asked for when it is not known yet.
    async fn resource_of(&self, owner: &OwnerReference) -> Result<Option<ApiResource>, Failure> {
        let kind = (owner.api_version.clone(), owner.kind.clone());
        if let Some(known) =
            self.resources.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(&kind)
        {
            return Ok(Some(known.clone()));
        }
        let served = discovery::discover(&self.context.client).await.map_err(Failure::Api)?;
        let found = served.of_kind(&kind.0, &kind.1).cloned();
        if let Some(found) = &found {
            let mut known = self.resources.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            known.insert(kind, found.clone());
        }
        Ok(found)
    }
}

fn replicas_of_deployment(deployment: &Deployment) -> i32 {
    deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1)
}

fn replicas_of_set(set: &ReplicaSet) -> i32 {
    set.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1)
}

/// What went wrong, for a condition.
pub(super) fn words(error: &Error) -> String {
    crate::context::text(error)
}
