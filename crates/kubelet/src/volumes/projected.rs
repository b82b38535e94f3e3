//! Projected volumes: several sources in one folder.

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Pod, ProjectedVolumeSource};

use super::atomic::{File, Payload, is_safe_path};
use super::objects::Objects;
use super::tokens::Tokens;
use super::{VolumeError, config};
use crate::pods::env::PodFacts;
use crate::pods::spec;

/// How long a token is valid when the source does not say.
const TOKEN_LIFETIME_S: i64 = 3600;

/// The user that all containers of a pod run as, when it is one and the same.
fn common_user(pod: &Pod) -> Option<u32> {
    let mut users = spec::all_containers(pod).into_iter().map(|(container, _)| {
        crate::pods::security::effective(pod, &container)
            .run_as_user
            .and_then(|user| u32::try_from(user).ok())
    });
    let first = users.next().flatten()?;
    users.all(|user| user == Some(first)).then_some(first)
}

/// Gathers the files; and when the first token has to be renewed.
pub(crate) async fn payload(
    pod: &Pod,
    facts: &PodFacts,
    source: &ProjectedVolumeSource,
    objects: &Objects,
    tokens: &Tokens,
) -> Result<(Payload, Option<Timestamp>), VolumeError> {
    let (uid, namespace) = (spec::uid(pod), spec::namespace(pod));
    let default_mode = source.default_mode.unwrap_or(config::MODE);
    let mut payload = Payload::new();
    let mut renew: Option<Timestamp> = None;
    for part in source.sources.iter().flatten() {
        if let Some(from) = &part.secret {
            let optional = from.optional == Some(true);
            match objects.secret(uid, namespace, &from.name).await? {
                Some(found) => {
                    payload.extend(config::secret(
                        &found.value,
                        from.items.as_deref(),
                        default_mode,
                        optional,
                    )?);
                }
                None if optional => {}
                None => return Err(VolumeError::SecretMissing(from.name.clone())),
            }
        }
        if let Some(from) = &part.config_map {
            let optional = from.optional == Some(true);
            match objects.config_map(uid, namespace, &from.name).await? {
                Some(found) => {
                    payload.extend(config::config_map(
                        &found.value,
                        from.items.as_deref(),
                        default_mode,
                        optional,
                    )?);
                }
                None if optional => {}
                None => return Err(VolumeError::ConfigMapMissing(from.name.clone())),
            }
        }
        if let Some(from) = &part.downward_api {
            payload.extend(config::downward(
                pod,
                facts,
                from.items.as_deref().unwrap_or_default(),
                default_mode,
            )?);
        }
        if let Some(from) = &part.service_account_token {
            if !is_safe_path(&from.path) {
                return Err(VolumeError::ItemPath(from.path.clone()));
            }
            let lifetime = from.expiration_seconds.unwrap_or(TOKEN_LIFETIME_S);
            let audience = from.audience.as_deref().unwrap_or_default();
            let (token, again) = tokens.get(pod, audience, lifetime).await?;
            renew = Some(renew.map_or(again, |renew| renew.min(again)));
            // Only who the token is for may read it: the pod's one user, its group, or root.
            let grouped =
                spec::spec(pod).security_context.as_ref().is_some_and(|context| context.fs_group.is_some());
            let user = common_user(pod).filter(|_| !grouped);
            let mode =
                if user.is_some() || grouped { 0o600 } else { u32::try_from(default_mode).unwrap_or(0o644) };
            payload.insert(from.path.clone(), File { data: token.into_bytes(), mode, uid: user });
        }
        if part.cluster_trust_bundle.is_some() {
            return Err(VolumeError::Unsupported("projected clusterTrustBundle"));
        }
        if part.pod_certificate.is_some() {
            return Err(VolumeError::Unsupported("projected podCertificate"));
        }
    }
    Ok((payload, renew))
}
