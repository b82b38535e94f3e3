//! Calls to a container runtime, each with a deadline.

use std::collections::HashMap;
use std::time::Duration;

use k8s_cri::v1;
use k8s_cri::v1::image_service_client::ImageServiceClient;
use k8s_cri::v1::runtime_service_client::RuntimeServiceClient;
use tonic::transport::{Channel, Endpoint};

use super::labels::POD_UID;
use super::model::{Container, PodRuntime};
use crate::config::Config;
use crate::error::Error;

/// Largest answer taken from a runtime, in bytes.
const ANSWER_LEN_MAX: usize = 16 << 20;
/// Runs of a sandbox include network set-up.
const SANDBOX_TIMEOUT: Duration = Duration::from_secs(240);

/// A call to the runtime that failed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("rpc error: code = {code:?} desc = {message}")]
pub(crate) struct CriError {
    /// The gRPC code.
    pub(crate) code: tonic::Code,
    /// The runtime's words.
    pub(crate) message: String,
}

impl CriError {
    pub(crate) fn is_not_found(&self) -> bool {
        self.code == tonic::Code::NotFound || self.message.contains("not found")
    }

    /// The runtime does not have this call.
    pub(crate) fn is_unimplemented(&self) -> bool {
        self.code == tonic::Code::Unimplemented
    }
}

impl From<tonic::Status> for CriError {
    fn from(status: tonic::Status) -> Self {
        Self { code: status.code(), message: status.message().to_owned() }
    }
}

/// A runtime and an image service. Cheap to clone; connects when first used and again after a loss.
#[derive(Clone)]
pub(crate) struct Cri {
    runtime: RuntimeServiceClient<Channel>,
    images: ImageServiceClient<Channel>,
    timeout: Duration,
}

fn channel(endpoint: &str) -> Result<Channel, Error> {
    let path =
        endpoint.strip_prefix("unix://").or_else(|| endpoint.strip_prefix("unix:")).unwrap_or(endpoint);
    let endpoint = Endpoint::from_shared(format!("unix://{path}")).map_err(Error::Endpoint)?;
    Ok(endpoint.connect_timeout(Duration::from_secs(5)).connect_lazy())
}

/// A request with a deadline that the runtime sees too.
fn request<T>(message: T, timeout: Duration) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    request.set_timeout(timeout);
    request
}

macro_rules! call {
    ($client:expr, $method:ident, $message:expr, $timeout:expr) => {
        match tokio::time::timeout($timeout, $client.clone().$method(request($message, $timeout))).await {
            Ok(answer) => Ok(answer?.into_inner()),
            Err(_) => Err(CriError {
                code: tonic::Code::DeadlineExceeded,
                message: concat!("no answer to ", stringify!($method), " in time").to_owned(),
            }),
        }
    };
}

impl Cri {
    /// For the endpoints that the settings name.
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        let runtime = channel(&config.container_runtime_endpoint)?;
        let images = match &config.image_service_endpoint {
            Some(endpoint) => channel(endpoint)?,
            None => runtime.clone(),
        };
        Ok(Self {
            runtime: RuntimeServiceClient::new(runtime).max_decoding_message_size(ANSWER_LEN_MAX),
            images: ImageServiceClient::new(images).max_decoding_message_size(ANSWER_LEN_MAX),
            timeout: config.runtime_request_timeout,
        })
    }

    pub(crate) async fn version(&self) -> Result<v1::VersionResponse, CriError> {
        let message = v1::VersionRequest { version: "0.1.0".to_owned() };
        call!(self.runtime, version, message, Duration::from_secs(10))
    }

    pub(crate) async fn status(&self) -> Result<v1::StatusResponse, CriError> {
        call!(self.runtime, status, v1::StatusRequest { verbose: false }, Duration::from_secs(10))
    }

    pub(crate) async fn runtime_config(&self) -> Result<v1::RuntimeConfigResponse, CriError> {
        call!(self.runtime, runtime_config, v1::RuntimeConfigRequest {}, self.timeout)
    }

    pub(crate) async fn update_pod_cidr(&self, pod_cidr: &str) -> Result<(), CriError> {
        let network_config = Some(v1::NetworkConfig { pod_cidr: pod_cidr.to_owned() });
        let runtime_config = Some(v1::RuntimeConfig { network_config });
        let message = v1::UpdateRuntimeConfigRequest { runtime_config };
        call!(self.runtime, update_runtime_config, message, self.timeout).map(drop)
    }

    pub(crate) async fn run_sandbox(
        &self,
        config: v1::PodSandboxConfig,
        runtime_handler: String,
    ) -> Result<String, CriError> {
        let message = v1::RunPodSandboxRequest { config: Some(config), runtime_handler };
        call!(self.runtime, run_pod_sandbox, message, SANDBOX_TIMEOUT).map(|answer| answer.pod_sandbox_id)
    }

    pub(crate) async fn stop_sandbox(&self, id: &str) -> Result<(), CriError> {
        let message = v1::StopPodSandboxRequest { pod_sandbox_id: id.to_owned() };
        gone_is_fine(call!(self.runtime, stop_pod_sandbox, message, SANDBOX_TIMEOUT).map(drop))
    }

    pub(crate) async fn remove_sandbox(&self, id: &str) -> Result<(), CriError> {
        let message = v1::RemovePodSandboxRequest { pod_sandbox_id: id.to_owned() };
        gone_is_fine(call!(self.runtime, remove_pod_sandbox, message, SANDBOX_TIMEOUT).map(drop))
    }

    /// All sandboxes, or those of one pod.
    pub(crate) async fn list_sandboxes(&self, uid: Option<&str>) -> Result<Vec<v1::PodSandbox>, CriError> {
        let filter =
            uid.map(|uid| v1::PodSandboxFilter { label_selector: by_uid(uid), ..Default::default() });
        let message = v1::ListPodSandboxRequest { filter };
        call!(self.runtime, list_pod_sandbox, message, self.timeout).map(|answer| answer.items)
    }

    pub(crate) async fn sandbox_status(&self, id: &str) -> Result<v1::PodSandboxStatus, CriError> {
        let message = v1::PodSandboxStatusRequest { pod_sandbox_id: id.to_owned(), verbose: false };
        let answer = call!(self.runtime, pod_sandbox_status, message, self.timeout)?;
        answer.status.ok_or_else(|| CriError::from(tonic::Status::internal("an answer without a status")))
    }

    /// All containers, or those of one pod.
    pub(crate) async fn list_containers(&self, uid: Option<&str>) -> Result<Vec<v1::Container>, CriError> {
        let filter = uid.map(|uid| v1::ContainerFilter { label_selector: by_uid(uid), ..Default::default() });
        let message = v1::ListContainersRequest { filter };
        call!(self.runtime, list_containers, message, self.timeout).map(|answer| answer.containers)
    }

    pub(crate) async fn container_status(&self, id: &str) -> Result<v1::ContainerStatus, CriError> {
        let message = v1::ContainerStatusRequest { container_id: id.to_owned(), verbose: false };
        let answer = call!(self.runtime, container_status, message, self.timeout)?;
        answer.status.ok_or_else(|| CriError::from(tonic::Status::internal("an answer without a status")))
    }

    /// Everything that the runtime has of a pod. `known` holds containers that had exited when last seen: of those
    /// nothing can change any more.
    pub(crate) async fn pod(&self, uid: &str, known: &PodRuntime) -> Result<PodRuntime, CriError> {
        let (sandboxes, containers) =
            tokio::try_join!(self.list_sandboxes(Some(uid)), self.list_containers(Some(uid)))?;
        let mut sandbox_statuses = Vec::with_capacity(sandboxes.len());
        for sandbox in sandboxes {
            match self.sandbox_status(&sandbox.id).await {
                Ok(status) => sandbox_statuses.push(status),
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        let mut found = Vec::with_capacity(containers.len());
        for container in containers {
            let same = known.containers.iter().find(|old| old.id() == container.id && old.is_exited());
            let status = match same {
                Some(old) => old.status.clone(),
                None => match self.container_status(&container.id).await {
                    Ok(status) => status,
                    Err(error) if error.is_not_found() => continue,
                    Err(error) => return Err(error),
                },
            };
            found.push(Container { sandbox_id: container.pod_sandbox_id, status });
        }
        Ok(PodRuntime::new(sandbox_statuses, found))
    }

    pub(crate) async fn create_container(
        &self,
        sandbox_id: &str,
        config: v1::ContainerConfig,
        sandbox_config: v1::PodSandboxConfig,
    ) -> Result<String, CriError> {
        let message = v1::CreateContainerRequest {
            pod_sandbox_id: sandbox_id.to_owned(),
            config: Some(config),
            sandbox_config: Some(sandbox_config),
        };
        call!(self.runtime, create_container, message, self.timeout).map(|answer| answer.container_id)
    }

    /// Changes the limits of a container.
    pub(crate) async fn update_container(
        &self,
        id: &str,
        linux: v1::LinuxContainerResources,
    ) -> Result<(), CriError> {
        let message = v1::UpdateContainerResourcesRequest {
            container_id: id.to_owned(),
            linux: Some(linux),
            ..Default::default()
        };
        call!(self.runtime, update_container_resources, message, self.timeout).map(drop)
    }

    pub(crate) async fn start_container(&self, id: &str) -> Result<(), CriError> {
        let message = v1::StartContainerRequest { container_id: id.to_owned() };
        call!(self.runtime, start_container, message, self.timeout).map(drop)
    }

    /// Asks a container to stop and kills it after `grace_s` seconds.
    pub(crate) async fn stop_container(&self, id: &str, grace_s: i64) -> Result<(), CriError> {
        let message = v1::StopContainerRequest { container_id: id.to_owned(), timeout: grace_s.max(0) };
        let patience = self.timeout + Duration::from_secs(grace_s.max(0).unsigned_abs());
        gone_is_fine(call!(self.runtime, stop_container, message, patience).map(drop))
    }

    pub(crate) async fn remove_container(&self, id: &str) -> Result<(), CriError> {
        let message = v1::RemoveContainerRequest { container_id: id.to_owned() };
        gone_is_fine(call!(self.runtime, remove_container, message, self.timeout).map(drop))
    }

    pub(crate) async fn reopen_log(&self, id: &str) -> Result<(), CriError> {
        let message = v1::ReopenContainerLogRequest { container_id: id.to_owned() };
        call!(self.runtime, reopen_container_log, message, self.timeout).map(drop)
    }

    /// Runs a command to its end, for at most `limit`.
    pub(crate) async fn exec_sync(
        &self,
        id: &str,
        cmd: Vec<String>,
        limit: Duration,
    ) -> Result<v1::ExecSyncResponse, CriError> {
        let timeout = i64::try_from(limit.as_secs()).unwrap_or(i64::MAX);
        let message = v1::ExecSyncRequest { container_id: id.to_owned(), cmd, timeout };
        call!(self.runtime, exec_sync, message, limit + Duration::from_secs(5))
    }

    pub(crate) async fn exec(&self, message: v1::ExecRequest) -> Result<String, CriError> {
        call!(self.runtime, exec, message, self.timeout).map(|answer| answer.url)
    }

    pub(crate) async fn attach(&self, message: v1::AttachRequest) -> Result<String, CriError> {
        call!(self.runtime, attach, message, self.timeout).map(|answer| answer.url)
    }

    pub(crate) async fn port_forward(&self, sandbox_id: &str, port: Vec<i32>) -> Result<String, CriError> {
        let message = v1::PortForwardRequest { pod_sandbox_id: sandbox_id.to_owned(), port };
        call!(self.runtime, port_forward, message, self.timeout).map(|answer| answer.url)
    }

    pub(crate) async fn container_stats(&self, id: &str) -> Result<v1::ContainerStats, CriError> {
        let message = v1::ContainerStatsRequest { container_id: id.to_owned() };
        let answer = call!(self.runtime, container_stats, message, self.timeout)?;
        answer.stats.ok_or_else(|| CriError::from(tonic::Status::internal("an answer without stats")))
    }

    pub(crate) async fn list_container_stats(&self) -> Result<Vec<v1::ContainerStats>, CriError> {
        let message = v1::ListContainerStatsRequest { filter: None };
        call!(self.runtime, list_container_stats, message, self.timeout).map(|answer| answer.stats)
    }

    pub(crate) async fn list_sandbox_stats(&self) -> Result<Vec<v1::PodSandboxStats>, CriError> {
        let message = v1::ListPodSandboxStatsRequest { filter: None };
        call!(self.runtime, list_pod_sandbox_stats, message, self.timeout).map(|answer| answer.stats)
    }

    /// The stream of what happens to containers; lasts until the runtime ends it.
    pub(crate) async fn events(&self) -> Result<tonic::Streaming<v1::ContainerEventResponse>, CriError> {
        let answer = self.runtime.clone().get_container_events(v1::GetEventsRequest {}).await?;
        Ok(answer.into_inner())
    }

    pub(crate) async fn list_images(&self) -> Result<Vec<v1::Image>, CriError> {
        let message = v1::ListImagesRequest { filter: None };
        call!(self.images, list_images, message, self.timeout).map(|answer| answer.images)
    }

    pub(crate) async fn image_status(&self, image: &v1::ImageSpec) -> Result<Option<v1::Image>, CriError> {
        let message = v1::ImageStatusRequest { image: Some(image.clone()), verbose: false };
        call!(self.images, image_status, message, self.timeout).map(|answer| answer.image)
    }

    /// Pulls an image. There is no deadline: a runtime gives up by itself when nothing arrives.
    pub(crate) async fn pull_image(
        &self,
        image: v1::ImageSpec,
        auth: Option<v1::AuthConfig>,
        sandbox_config: Option<v1::PodSandboxConfig>,
    ) -> Result<String, CriError> {
        let message = v1::PullImageRequest { image: Some(image), auth, sandbox_config };
        Ok(self.images.clone().pull_image(message).await?.into_inner().image_ref)
    }

    pub(crate) async fn remove_image(&self, id: &str) -> Result<(), CriError> {
        let image = Some(v1::ImageSpec { image: id.to_owned(), ..Default::default() });
        gone_is_fine(
            call!(self.images, remove_image, v1::RemoveImageRequest { image }, self.timeout).map(drop),
        )
    }

    pub(crate) async fn image_fs_info(&self) -> Result<v1::ImageFsInfoResponse, CriError> {
        call!(self.images, image_fs_info, v1::ImageFsInfoRequest {}, self.timeout)
    }
}

fn by_uid(uid: &str) -> HashMap<String, String> {
    HashMap::from([(POD_UID.to_owned(), uid.to_owned())])
}

fn gone_is_fine(result: Result<(), CriError>) -> Result<(), CriError> {
    match result {
        Err(error) if error.is_not_found() => Ok(()),
        other => other,
    }
}
