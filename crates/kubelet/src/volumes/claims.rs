//! Persistent volume claims: found, checked, and followed to the volume's place on this node.

use std::path::PathBuf;

use k8s_openapi::api::core::v1::{PersistentVolume, PersistentVolumeClaim, PersistentVolumeSpec, Pod};
use mizzen_client::Client;

use super::{VolumeError, host_path};
use crate::pods::spec;

/// Where a claim's volume is on this node, and whether it is read-only.
pub(crate) async fn resolve(
    client: &Client,
    pod: &Pod,
    claim_name: &str,
    must_be_owned: bool,
) -> Result<(PathBuf, bool), VolumeError> {
    let namespace = spec::namespace(pod);
    let claim: Option<PersistentVolumeClaim> = client
        .get(namespace, claim_name)
        .await
        .map_err(|error| VolumeError::Api(format!("failed to fetch PVC from API server: {error}")))?;
    let claim = claim.ok_or_else(|| VolumeError::ClaimMissing(claim_name.to_owned()))?;
    if must_be_owned {
        let mut owners = claim.metadata.owner_references.iter().flatten();
        if !owners.any(|owner| owner.uid == spec::uid(pod)) {
            let text = format!("PVC {namespace}/{claim_name} was not created for pod {}", spec::key(pod));
            return Err(VolumeError::Claim(text));
        }
    }
    if claim.metadata.deletion_timestamp.is_some() {
        return Err(VolumeError::Claim("PVC is being deleted".to_owned()));
    }
    let phase = claim.status.as_ref().and_then(|status| status.phase.as_deref());
    let volume_name = claim.spec.as_ref().and_then(|spec| spec.volume_name.clone()).unwrap_or_default();
    if phase != Some("Bound") || volume_name.is_empty() {
        let text = format!(
            "PVC {namespace}/{claim_name} has non-bound phase (\"{}\") or empty pvc.Spec.VolumeName (\"{volume_name}\")",
            phase.unwrap_or_default()
        );
        return Err(VolumeError::Claim(text));
    }
    let volume: Option<PersistentVolume> = client
        .get("", &volume_name)
        .await
        .map_err(|error| VolumeError::Api(format!("failed to fetch PV \"{volume_name}\": {error}")))?;
    let volume =
        volume.ok_or_else(|| VolumeError::Claim(format!("persistentvolume \"{volume_name}\" not found")))?;
    let bound_to = volume.spec.as_ref().and_then(|spec| spec.claim_ref.as_ref());
    if bound_to.and_then(|claim| claim.uid.as_deref()) != claim.metadata.uid.as_deref() {
        let text = format!("PV \"{volume_name}\" is not bound to PVC {namespace}/{claim_name}");
        return Err(VolumeError::Claim(text));
    }
    let modes = claim.spec.as_ref().and_then(|spec| spec.access_modes.clone()).unwrap_or_default();
    let read_only = !modes.is_empty() && modes.iter().all(|mode| mode == "ReadOnlyMany");
    Ok((place(&volume.spec.unwrap_or_default())?, read_only))
}

/// Where the volume itself is.
fn place(spec: &PersistentVolumeSpec) -> Result<PathBuf, VolumeError> {
    if let Some(source) = &spec.host_path {
        return host_path::set_up(source);
    }
    if let Some(source) = &spec.local {
        let path = PathBuf::from(&source.path);
        if !path.is_dir() {
            return Err(VolumeError::HostPathType { path: source.path.clone(), wanted: "a directory" });
        }
        return Ok(path);
    }
    let kinds: [(bool, &'static str); 4] = [
        (spec.csi.is_some(), "csi"),
        (spec.nfs.is_some(), "nfs"),
        (spec.iscsi.is_some(), "iscsi"),
        (spec.fc.is_some(), "fc"),
    ];
    let name = kinds.into_iter().find(|(is, _)| *is).map_or("of this persistent volume", |(_, name)| name);
    Err(VolumeError::Unsupported(name))
}
