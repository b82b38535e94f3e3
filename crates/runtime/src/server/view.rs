//! Records as CRI shows them.

use std::collections::HashMap;

use k8s_cri::v1::{
    Container, ContainerFilter, ContainerResources, ContainerStatus, ContainerUser, LinuxContainerUser,
    LinuxPodSandboxStatus, Namespace, PodIp, PodSandbox, PodSandboxFilter, PodSandboxNetworkStatus,
    PodSandboxStatus,
};
use serde_json::json;

use crate::record::{ContainerRecord, SandboxRecord};
use crate::spec;

pub(crate) fn sandbox(record: &SandboxRecord) -> PodSandbox {
    let config = &record.config.0;
    PodSandbox {
        id: record.id.clone(),
        metadata: config.metadata.clone(),
        state: record.state().into(),
        created_at: record.created_at,
        labels: config.labels.clone(),
        annotations: config.annotations.clone(),
        runtime_handler: record.runtime_handler.clone(),
    }
}

pub(crate) fn sandbox_status(record: &SandboxRecord) -> PodSandboxStatus {
    let config = &record.config.0;
    let mut addresses = record.addresses.iter().cloned();
    PodSandboxStatus {
        id: record.id.clone(),
        metadata: config.metadata.clone(),
        state: record.state().into(),
        created_at: record.created_at,
        // Of a pod in the node's network the kubelet knows the addresses itself.
        network: Some(PodSandboxNetworkStatus {
            ip: addresses.next().unwrap_or_default(),
            additional_ips: addresses.map(|ip| PodIp { ip }).collect(),
        }),
        linux: Some(LinuxPodSandboxStatus {
            namespaces: Some(Namespace { options: Some(spec::namespaces(config)) }),
        }),
        labels: config.labels.clone(),
        annotations: config.annotations.clone(),
        runtime_handler: record.runtime_handler.clone(),
    }
}

pub(crate) fn sandbox_info(record: &SandboxRecord) -> HashMap<String, String> {
    let info = json!({"pid": record.shim_pid, "cgroup": record.cgroup, "processStatus": format!("{:?}", record.state())});
    HashMap::from([("info".to_owned(), info.to_string())])
}

pub(crate) fn container(record: &ContainerRecord) -> Container {
    let config = &record.config.0;
    Container {
        id: record.id.clone(),
        pod_sandbox_id: record.sandbox.clone(),
        metadata: config.metadata.clone(),
        image: config.image.clone(),
        image_ref: record.image_ref.clone(),
        state: record.state().into(),
        created_at: record.created_at,
        labels: config.labels.clone(),
        annotations: config.annotations.clone(),
        image_id: record.image_id.clone(),
    }
}

pub(crate) fn container_status(record: &ContainerRecord) -> ContainerStatus {
    let config = &record.config.0;
    let exit = record.exit.as_ref();
    ContainerStatus {
        id: record.id.clone(),
        metadata: config.metadata.clone(),
        state: record.state().into(),
        created_at: record.created_at,
        started_at: record.start.as_ref().map_or(0, |start| start.at),
        finished_at: exit.map_or(0, |exit| exit.finished_at),
        exit_code: exit.map_or(0, |exit| exit.code),
        image: config.image.clone(),
        image_ref: record.image_ref.clone(),
        reason: record.reason.clone(),
        message: record.message.clone(),
        labels: config.labels.clone(),
        annotations: config.annotations.clone(),
        mounts: config.mounts.clone(),
        log_path: record.log_path.clone(),
        resources: Some(ContainerResources { linux: Some(record.resources.0.clone()), windows: None }),
        image_id: record.image_id.clone(),
        user: record.start.as_ref().map(|start| ContainerUser {
            linux: Some(LinuxContainerUser {
                uid: start.uid.into(),
                gid: start.gid.into(),
                supplemental_groups: start.groups.iter().map(|gid| i64::from(*gid)).collect(),
            }),
        }),
    }
}

pub(crate) fn container_info(record: &ContainerRecord) -> HashMap<String, String> {
    let pid = record.start.as_ref().filter(|_| record.is_running()).map_or(0, |start| start.pid);
    let privileged = record
        .config
        .0
        .linux
        .as_ref()
        .and_then(|linux| linux.security_context.as_ref())
        .is_some_and(|context| context.privileged);
    let info = json!({"sandboxID": record.sandbox, "pid": pid, "privileged": privileged});
    HashMap::from([("info".to_owned(), info.to_string())])
}

fn has_labels(labels: &HashMap<String, String>, selector: &HashMap<String, String>) -> bool {
    selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

pub(crate) fn sandbox_matches(record: &SandboxRecord, filter: &PodSandboxFilter) -> bool {
    record.id.starts_with(&filter.id)
        && filter.state.as_ref().is_none_or(|state| state.state() == record.state())
        && has_labels(&record.config.0.labels, &filter.label_selector)
}

pub(crate) fn container_matches(record: &ContainerRecord, filter: &ContainerFilter) -> bool {
    record.id.starts_with(&filter.id)
        && record.sandbox.starts_with(&filter.pod_sandbox_id)
        && filter.state.as_ref().is_none_or(|state| state.state() == record.state())
        && has_labels(&record.config.0.labels, &filter.label_selector)
}
