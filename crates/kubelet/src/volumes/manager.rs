//! Makes all volumes of a pod, and keeps their content as it should be.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Pod, Volume};
use mizzen_client::Client;
use mizzen_clock::Env;

use super::atomic::{self, Payload};
use super::objects::Objects;
use super::tokens::Tokens;
use super::{Mounted, VolumeError, claims, config, empty_dir, file_error, host_path, ownership, projected};
use crate::config::Config;
use crate::pods::env::PodFacts;
use crate::pods::{resources, spec};

/// What making volumes needs.
#[derive(Clone)]
pub(crate) struct Volumes {
    pub(crate) client: Client,
    pub(crate) env: Env,
    pub(crate) objects: Objects,
    pub(crate) tokens: Tokens,
}

/// A pod's volumes, by name.
#[derive(Debug, Default)]
pub(crate) struct PodVolumes {
    pub(crate) mounted: BTreeMap<String, Mounted>,
    /// When a token in one of them has to be renewed.
    pub(crate) renew: Option<Timestamp>,
}

fn dir(config: &Config, uid: &str, plugin: &str, name: &str) -> PathBuf {
    config.pod_dir(uid).join("volumes").join(format!("kubernetes.io~{plugin}")).join(name)
}

fn fs_group(pod: &Pod) -> Option<u32> {
    let context = spec::spec(pod).security_context.as_ref()?;
    context.fs_group.and_then(|group| u32::try_from(group).ok())
}

impl Volumes {
    /// Makes (or updates) all of a pod's volumes. Doing it again changes only what changed.
    ///
    /// # Errors
    /// The first volume that cannot be made, with its name.
    pub(crate) async fn mount(
        &self,
        settings: &Config,
        pod: &Pod,
        facts: &PodFacts,
    ) -> Result<PodVolumes, (String, VolumeError)> {
        let mut all = PodVolumes::default();
        for volume in spec::spec(pod).volumes.iter().flatten() {
            let made = self.one(settings, pod, facts, volume, &mut all.renew).await;
            all.mounted.insert(volume.name.clone(), made.map_err(|error| (volume.name.clone(), error))?);
        }
        Ok(all)
    }

    async fn one(
        &self,
        settings: &Config,
        pod: &Pod,
        facts: &PodFacts,
        volume: &Volume,
        renew: &mut Option<Timestamp>,
    ) -> Result<Mounted, VolumeError> {
        let (uid, namespace) = (spec::uid(pod), spec::namespace(pod));
        let place = |plugin: &str| dir(settings, uid, plugin, &volume.name);
        if let Some(source) = &volume.config_map {
            let optional = source.optional == Some(true);
            let mode = source.default_mode.unwrap_or(config::MODE);
            let payload = match self.objects.config_map(uid, namespace, &source.name).await? {
                Some(found) => config::config_map(&found.value, source.items.as_deref(), mode, optional)?,
                None if optional => Payload::new(),
                None => return Err(VolumeError::ConfigMapMissing(source.name.clone())),
            };
            return self.write(pod, &place("configmap"), &payload, false);
        }
        if let Some(source) = &volume.secret {
            let optional = source.optional == Some(true);
            let mode = source.default_mode.unwrap_or(config::MODE);
            let name = source.secret_name.clone().unwrap_or_default();
            let payload = match self.objects.secret(uid, namespace, &name).await? {
                Some(found) => config::secret(&found.value, source.items.as_deref(), mode, optional)?,
                None if optional => Payload::new(),
                None => return Err(VolumeError::SecretMissing(name)),
            };
            return self.write(pod, &place("secret"), &payload, true);
        }
        if let Some(source) = &volume.downward_api {
            let items = source.items.as_deref().unwrap_or_default();
            let payload = config::downward(pod, facts, items, source.default_mode.unwrap_or(config::MODE))?;
            return self.write(pod, &place("downward-api"), &payload, true);
        }
        if let Some(source) = &volume.projected {
            let (payload, again) =
                projected::payload(pod, facts, source, &self.objects, &self.tokens).await?;
            if let Some(again) = again {
                *renew = Some(renew.map_or(again, |renew| renew.min(again)));
            }
            return self.write(pod, &place("projected"), &payload, true);
        }
        if let Some(source) = &volume.empty_dir {
            let path = place("empty-dir");
            let fresh = !path.exists();
            let pod_limit = resources::pod_limit(pod, "memory");
            let allocatable = Some(facts.allocatable_memory).filter(|limit| *limit > 0);
            empty_dir::set_up(&path, source, pod_limit.or(allocatable))?;
            if fresh {
                give(pod, &path, false)?;
            }
            return Ok(Mounted { path, mode: 0o777, ..Mounted::default() });
        }
        if let Some(source) = &volume.host_path {
            return Ok(Mounted { path: host_path::set_up(source)?, ..Mounted::default() });
        }
        if let Some(source) = &volume.persistent_volume_claim {
            let (path, read_only) = claims::resolve(&self.client, pod, &source.claim_name, false).await?;
            let read_only = read_only || source.read_only == Some(true);
            return Ok(Mounted { path, read_only, ..Mounted::default() });
        }
        if volume.ephemeral.is_some() {
            let claim = format!("{}-{}", spec::name(pod), volume.name);
            let (path, read_only) = claims::resolve(&self.client, pod, &claim, true).await?;
            return Ok(Mounted { path, read_only, ..Mounted::default() });
        }
        if let Some(source) = &volume.image {
            let image = source.reference.clone().unwrap_or_default();
            let spec = k8s_cri::v1::ImageSpec {
                image: image.clone(),
                user_specified_image: image,
                ..Default::default()
            };
            return Ok(Mounted { read_only: true, image: Some(spec), ..Mounted::default() });
        }
        Err(VolumeError::Unsupported(unsupported(volume)))
    }

    /// Writes the files of a volume that the kubelet fills; `in_memory` keeps them off the disk.
    fn write(
        &self,
        pod: &Pod,
        path: &Path,
        payload: &Payload,
        in_memory: bool,
    ) -> Result<Mounted, VolumeError> {
        if in_memory {
            empty_dir::mount_tmpfs(path, None)?;
        } else if !path.exists() {
            empty_dir::make_dir(path, 0o777)?;
        }
        let group = fs_group(pod);
        let finish = |folder: &Path| match group {
            Some(gid) => ownership::set_group(folder, gid, true),
            None => Ok(()),
        };
        atomic::write(path, payload, self.env.now(), &self.env.random, finish)
            .map_err(file_error("write the files of", path))?;
        Ok(Mounted { path: path.to_path_buf(), mode: 0o755, ..Mounted::default() })
    }

    /// The pod is gone: its objects need not be watched nor its tokens kept.
    pub(crate) fn release(&self, uid: &str) {
        self.objects.release(uid);
        self.tokens.release(uid);
    }
}

/// Gives a volume to the pod's group.
fn give(pod: &Pod, path: &Path, read_only: bool) -> Result<(), VolumeError> {
    let Some(gid) = fs_group(pod) else { return Ok(()) };
    let context = spec::spec(pod).security_context.as_ref();
    let policy = context.and_then(|context| context.fs_group_change_policy.as_deref());
    if policy == Some("OnRootMismatch") && ownership::root_matches(path, gid) {
        return Ok(());
    }
    ownership::set_group(path, gid, read_only).map_err(file_error("set the group of", path))
}

fn unsupported(volume: &Volume) -> &'static str {
    let kinds: [(bool, &'static str); 11] = [
        (volume.csi.is_some(), "csi"),
        (volume.nfs.is_some(), "nfs"),
        (volume.iscsi.is_some(), "iscsi"),
        (volume.fc.is_some(), "fc"),
        (volume.git_repo.is_some(), "gitRepo"),
        (volume.flex_volume.is_some(), "flexVolume"),
        (volume.cephfs.is_some(), "cephfs"),
        (volume.rbd.is_some(), "rbd"),
        (volume.glusterfs.is_some(), "glusterfs"),
        (volume.azure_file.is_some(), "azureFile"),
        (volume.aws_elastic_block_store.is_some(), "awsElasticBlockStore"),
    ];
    kinds.into_iter().find(|(is, _)| *is).map_or("of this name", |(_, name)| name)
}
