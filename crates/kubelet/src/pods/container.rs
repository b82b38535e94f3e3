//! A container's settings, as the runtime gets them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use k8s_cri::v1;
use k8s_openapi::api::core::v1::{Container, Pod, VolumeMount};

use super::expansion::expand;
use super::spec::{self, Role};
use super::{resources, sandbox, security};
use crate::cri::{
    CONTAINER_HASH, CONTAINER_NAME, POD_GRACE_PERIOD, PRE_STOP, RESTART_COUNT, TERMINATION_PATH,
    TERMINATION_POLICY,
};
use crate::kubelet::Kubelet;
use crate::volumes::{Mounted, subpath};

/// Where a container writes its last words when it does not say.
const TERMINATION_MESSAGE_PATH: &str = "/dev/termination-log";

/// Why a container's settings cannot be made: `CreateContainerConfigError`.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error(transparent)]
    Env(#[from] super::env::EnvError),
    #[error(transparent)]
    Security(#[from] security::SecurityError),
    #[error("cannot find volume \"{volume}\" to mount into container \"{container}\"")]
    VolumeMissing { volume: String, container: String },
    #[error("failed to prepare subPath for volumeMount \"{volume}\" of container \"{container}\"")]
    SubPath {
        volume: String,
        container: String,
        #[source]
        source: subpath::SubPathError,
    },
    #[error("{what} {path}: {source}")]
    File {
        what: &'static str,
        path: String,
        #[source]
        source: std::io::Error,
    },
}

/// A container with everything that was found out for it.
pub(crate) struct Prepared<'a> {
    pub(crate) pod: &'a Pod,
    pub(crate) container: &'a Container,
    pub(crate) role: Role,
    /// How often it was started before.
    pub(crate) attempt: u32,
    pub(crate) image_ref: String,
    pub(crate) image: Option<v1::Image>,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) volumes: &'a BTreeMap<String, Mounted>,
    /// The container whose processes an ephemeral one sees.
    pub(crate) target: Option<String>,
}

/// The folder of a container's own files.
pub(crate) fn container_dir(kubelet: &Kubelet, pod: &Pod, container: &str) -> PathBuf {
    kubelet.config.pod_dir(spec::uid(pod)).join("containers").join(container)
}

pub(crate) fn hosts_path(kubelet: &Kubelet, pod: &Pod) -> PathBuf {
    kubelet.config.pod_dir(spec::uid(pod)).join("etc-hosts")
}

fn propagation(mount: &VolumeMount) -> i32 {
    match mount.mount_propagation.as_deref() {
        Some("HostToContainer") => v1::MountPropagation::PropagationHostToContainer.into(),
        Some("Bidirectional") => v1::MountPropagation::PropagationBidirectional.into(),
        _ => v1::MountPropagation::PropagationPrivate.into(),
    }
}

fn volume_mount(
    kubelet: &Kubelet,
    prepared: &Prepared<'_>,
    at: usize,
    mount: &VolumeMount,
) -> Result<v1::Mount, ConfigError> {
    let container = &prepared.container.name;
    let missing = || ConfigError::VolumeMissing { volume: mount.name.clone(), container: container.clone() };
    let volume = prepared.volumes.get(&mount.name).ok_or_else(missing)?;
    let lookup =
        |name: &str| prepared.env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let sub = match mount.sub_path_expr.as_deref() {
        Some(expression) => expand(expression, lookup),
        None => mount.sub_path.clone().unwrap_or_default(),
    };
    let mut host_path = volume.path.clone();
    if !sub.is_empty() {
        let target = kubelet.config.pod_dir(spec::uid(prepared.pod)).join("volume-subpaths");
        let target = target.join(&mount.name).join(container).join(at.to_string());
        host_path = subpath::prepare(&volume.path, &sub, &target, volume.mode).map_err(|source| {
            ConfigError::SubPath { volume: mount.name.clone(), container: container.clone(), source }
        })?;
    }
    let recursive = mount.recursive_read_only.as_deref();
    Ok(v1::Mount {
        container_path: absolute(&mount.mount_path),
        host_path: host_path.display().to_string(),
        readonly: mount.read_only == Some(true) || volume.read_only,
        propagation: propagation(mount),
        recursive_read_only: recursive == Some("Enabled"),
        image: volume.image.clone(),
        ..Default::default()
    })
}

fn absolute(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

fn file_error(what: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> ConfigError {
    let path = path.display().to_string();
    move |source| ConfigError::File { what, path, source }
}

fn mounts(kubelet: &Kubelet, prepared: &Prepared<'_>) -> Result<Vec<v1::Mount>, ConfigError> {
    let container = prepared.container;
    let mut list = Vec::new();
    for (at, mount) in container.volume_mounts.iter().flatten().enumerate() {
        list.push(volume_mount(kubelet, prepared, at, mount)?);
    }
    let has = |list: &[v1::Mount], path: &str| list.iter().any(|mount| mount.container_path == path);
    if !has(&list, "/etc/hosts") {
        list.push(v1::Mount {
            container_path: "/etc/hosts".to_owned(),
            host_path: hosts_path(kubelet, prepared.pod).display().to_string(),
            ..Default::default()
        });
    }
    let path = absolute(container.termination_message_path.as_deref().unwrap_or(TERMINATION_MESSAGE_PATH));
    if !has(&list, &path) {
        let dir = container_dir(kubelet, prepared.pod, &container.name);
        std::fs::create_dir_all(&dir).map_err(file_error("make folder", &dir))?;
        let file = dir.join(kubelet.env.random.suffix(8));
        std::fs::write(&file, b"").map_err(file_error("write", &file))?;
        // Any user in the container may write its last words.
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        std::fs::set_permissions(&file, mode).map_err(file_error("set the mode of", &file))?;
        list.push(v1::Mount {
            container_path: path,
            host_path: file.display().to_string(),
            ..Default::default()
        });
    }
    Ok(list)
}

fn annotations(prepared: &Prepared<'_>) -> HashMap<String, String> {
    let container = prepared.container;
    let path = container.termination_message_path.as_deref().unwrap_or(TERMINATION_MESSAGE_PATH);
    let policy = container.termination_message_policy.as_deref().unwrap_or("File");
    let grace = spec::spec(prepared.pod).termination_grace_period_seconds.unwrap_or(30);
    let mut map = HashMap::from([
        (CONTAINER_HASH.to_owned(), spec::container_hash(container)),
        (RESTART_COUNT.to_owned(), prepared.attempt.to_string()),
        (TERMINATION_PATH.to_owned(), path.to_owned()),
        (TERMINATION_POLICY.to_owned(), policy.to_owned()),
        (POD_GRACE_PERIOD.to_owned(), grace.to_string()),
    ]);
    let hook = container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.pre_stop.as_ref());
    if let Some(hook) = hook.and_then(|hook| serde_json::to_string(hook).ok()) {
        map.insert(PRE_STOP.to_owned(), hook);
    }
    map
}

/// Where a container's log is, relative to its pod's.
pub(crate) fn log_path(container: &str, attempt: u32) -> PathBuf {
    Path::new(container).join(format!("{attempt}.log"))
}

/// Makes the settings, and the files that they name.
pub(crate) fn config(kubelet: &Kubelet, prepared: &Prepared<'_>) -> Result<v1::ContainerConfig, ConfigError> {
    let (pod, container) = (prepared.pod, prepared.container);
    security::verify_non_root(pod, container, prepared.image.as_ref())?;
    let context = security::container(
        pod,
        container,
        prepared.role,
        prepared.image.as_ref(),
        prepared.target.as_deref(),
        kubelet.config.seccomp_default,
        &kubelet.config.root_dir,
    )?;
    let log_dir = sandbox::log_dir(kubelet, pod).join(&container.name);
    std::fs::create_dir_all(&log_dir).map_err(file_error("make folder", &log_dir))?;
    let lookup =
        |name: &str| prepared.env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let expanded = |list: &Option<Vec<String>>| -> Vec<String> {
        list.iter().flatten().map(|text| expand(text, lookup)).collect()
    };
    let mut labels = sandbox::pod_labels(pod);
    labels.insert(CONTAINER_NAME.to_owned(), container.name.clone());
    let quota = kubelet.config.cpu_cfs_quota.then_some(kubelet.config.cpu_cfs_quota_period);
    let memory = kubelet.machine.memory;
    Ok(v1::ContainerConfig {
        metadata: Some(v1::ContainerMetadata { name: container.name.clone(), attempt: prepared.attempt }),
        image: Some(v1::ImageSpec {
            image: prepared.image_ref.clone(),
            user_specified_image: container.image.clone().unwrap_or_default(),
            runtime_handler: String::new(),
            annotations: HashMap::new(),
        }),
        command: expanded(&container.command),
        args: expanded(&container.args),
        working_dir: container.working_dir.clone().unwrap_or_default(),
        envs: prepared
            .env
            .iter()
            .map(|(key, value)| v1::KeyValue { key: key.clone(), value: value.clone() })
            .collect(),
        mounts: mounts(kubelet, prepared)?,
        devices: Vec::new(),
        labels,
        annotations: annotations(prepared),
        log_path: log_path(&container.name, prepared.attempt).display().to_string(),
        stdin: container.stdin == Some(true),
        stdin_once: container.stdin_once == Some(true),
        tty: container.tty == Some(true),
        linux: Some(v1::LinuxContainerConfig {
            resources: Some(v1::LinuxContainerResources {
                unified: kubelet.cgroups.container_files(),
                ..resources::linux_resources(pod, container, prepared.role, memory, quota)
            }),
            security_context: Some(context),
        }),
        windows: None,
        cdi_devices: Vec::new(),
    })
}
