//! The runtime service: each call, translated.

use std::collections::HashMap;
use std::pin::Pin;
use std::time::Duration;

use futures::{Stream, StreamExt, stream};
use k8s_cri::v1::runtime_service_server::RuntimeService;
use k8s_cri::v1::{self as cri, ContainerEventResponse, ContainerEventType};
use mizzen_cri::streaming::{self, Streaming};
use tokio::sync::broadcast::error::RecvError;
use tonic::{Request, Response, Status};

use super::view;
use crate::error::{RuntimeError, chain};
use crate::events::Event;
use crate::record::{ContainerRecord, SandboxRecord};
use crate::runtime::Runtime;

/// What CRI calls this runtime.
const NAME: &str = "mizzen";
/// The version of CRI.
const API_VERSION: &str = "v1";

/// Answers for sandboxes and containers.
pub(crate) struct Service {
    runtime: Runtime,
    streaming: Streaming,
}

type Answer<T> = Result<Response<T>, Status>;

fn answer<T>(message: T) -> Answer<T> {
    Ok(Response::new(message))
}

impl Service {
    pub(crate) fn new(runtime: Runtime, streaming: Streaming) -> Self {
        Self { runtime, streaming }
    }

    /// Containers that are made, not only about to be.
    fn containers(&self, wanted: impl Fn(&ContainerRecord) -> bool) -> Vec<ContainerRecord> {
        let inventory = self.runtime.inventory();
        let records = inventory.containers.values().map(|container| &container.record);
        records.filter(|record| !record.image_id.is_empty() && wanted(record)).cloned().collect()
    }

    /// Sandboxes that are made, not only about to be.
    fn sandboxes(&self, wanted: impl Fn(&SandboxRecord) -> bool) -> Vec<SandboxRecord> {
        let inventory = self.runtime.inventory();
        let records = inventory.sandboxes.values().map(|sandbox| &sandbox.record);
        records.filter(|record| (record.ready || record.shim_pid != 0) && wanted(record)).cloned().collect()
    }

    fn container(&self, id: &str) -> Result<ContainerRecord, Status> {
        Ok(self.runtime.inventory().container(id)?.record.clone())
    }

    fn sandbox(&self, id: &str) -> Result<SandboxRecord, Status> {
        Ok(self.runtime.inventory().sandbox(id)?.record.clone())
    }

    fn conditions(&self) -> Vec<cri::RuntimeCondition> {
        let network = self.runtime.network.ready();
        vec![
            cri::RuntimeCondition { r#type: "RuntimeReady".into(), status: true, ..Default::default() },
            cri::RuntimeCondition {
                r#type: "NetworkReady".into(),
                status: network.is_ok(),
                reason: if network.is_ok() { String::new() } else { "NetworkPluginNotReady".into() },
                message: network
                    .err()
                    .map(|error| format!("Network plugin returns error: {}", chain(&error)))
                    .unwrap_or_default(),
            },
        ]
    }
}

/// An event with what is known of its sandbox now.
fn event_response(runtime: &Runtime, event: Event) -> ContainerEventResponse {
    let inventory = runtime.inventory();
    let sandbox = inventory.sandbox(&event.sandbox).map(|sandbox| view::sandbox_status(&sandbox.record)).ok();
    let containers = inventory.containers_of(&event.sandbox).filter(|record| !record.image_id.is_empty());
    ContainerEventResponse {
        container_event_type: event.kind.into(),
        created_at: event.at,
        containers_statuses: containers.map(view::container_status).collect(),
        pod_sandbox_status: sandbox.or_else(|| {
            // Of a sandbox that is gone, its id is what counts.
            (event.kind == ContainerEventType::ContainerDeletedEvent).then(|| cri::PodSandboxStatus {
                id: event.sandbox.clone(),
                state: cri::PodSandboxState::SandboxNotready.into(),
                ..Default::default()
            })
        }),
        container_id: event.id,
    }
}

#[tonic::async_trait]
impl RuntimeService for Service {
    type GetContainerEventsStream =
        Pin<Box<dyn Stream<Item = Result<ContainerEventResponse, Status>> + Send>>;

    async fn version(&self, _request: Request<cri::VersionRequest>) -> Answer<cri::VersionResponse> {
        answer(cri::VersionResponse {
            version: "0.1.0".into(),
            runtime_name: NAME.into(),
            runtime_version: env!("CARGO_PKG_VERSION").into(),
            runtime_api_version: API_VERSION.into(),
        })
    }

    async fn status(&self, request: Request<cri::StatusRequest>) -> Answer<cri::StatusResponse> {
        let features =
            cri::RuntimeHandlerFeatures { recursive_read_only_mounts: true, user_namespaces: false };
        let mut info = HashMap::new();
        if request.into_inner().verbose {
            let config = serde_json::json!({
                "root": self.runtime.config.root,
                "state": self.runtime.config.state,
                "cgroup": format!("{:?}", self.runtime.layout.version()),
            });
            info.insert("config".to_owned(), config.to_string());
        }
        answer(cri::StatusResponse {
            status: Some(cri::RuntimeStatus { conditions: self.conditions() }),
            info,
            runtime_handlers: [String::new(), NAME.to_owned()]
                .map(|name| cri::RuntimeHandler { name, features: Some(features) })
                .into(),
            features: Some(cri::RuntimeFeatures { supplemental_groups_policy: true }),
        })
    }

    async fn runtime_config(
        &self,
        _request: Request<cri::RuntimeConfigRequest>,
    ) -> Answer<cri::RuntimeConfigResponse> {
        answer(cri::RuntimeConfigResponse {
            linux: Some(cri::LinuxRuntimeConfiguration { cgroup_driver: cri::CgroupDriver::Cgroupfs.into() }),
        })
    }

    async fn update_runtime_config(
        &self,
        request: Request<cri::UpdateRuntimeConfigRequest>,
    ) -> Answer<cri::UpdateRuntimeConfigResponse> {
        let network = request.into_inner().runtime_config.and_then(|config| config.network_config);
        if let Some(network) = network.filter(|network| !network.pod_cidr.is_empty()) {
            let config = &self.runtime.config;
            let addresses = config.cni_cache_dir.join("networks");
            mizzen_cni::write_bridge_config(
                &config.cni_config_dir,
                &addresses,
                &network.pod_cidr,
                config.mtu,
            )
            .map_err(|error| Status::invalid_argument(chain(&error)))?;
        }
        answer(cri::UpdateRuntimeConfigResponse {})
    }

    async fn run_pod_sandbox(
        &self,
        request: Request<cri::RunPodSandboxRequest>,
    ) -> Answer<cri::RunPodSandboxResponse> {
        let request = request.into_inner();
        let config = request.config.ok_or_else(|| Status::invalid_argument("sandbox config is not given"))?;
        let (runtime, handler) = (self.runtime.clone(), request.runtime_handler);
        // On a task of its own: a caller that hangs up must not leave half a sandbox.
        let run = self.runtime.tasks.spawn(async move { runtime.run_sandbox(config, handler).await });
        answer(cri::RunPodSandboxResponse { pod_sandbox_id: joined(run).await? })
    }

    async fn stop_pod_sandbox(
        &self,
        request: Request<cri::StopPodSandboxRequest>,
    ) -> Answer<cri::StopPodSandboxResponse> {
        let (runtime, id) = (self.runtime.clone(), request.into_inner().pod_sandbox_id);
        joined(self.runtime.tasks.spawn(async move { runtime.stop_sandbox(&id).await })).await?;
        answer(cri::StopPodSandboxResponse {})
    }

    async fn remove_pod_sandbox(
        &self,
        request: Request<cri::RemovePodSandboxRequest>,
    ) -> Answer<cri::RemovePodSandboxResponse> {
        let (runtime, id) = (self.runtime.clone(), request.into_inner().pod_sandbox_id);
        joined(self.runtime.tasks.spawn(async move { runtime.remove_sandbox(&id).await })).await?;
        answer(cri::RemovePodSandboxResponse {})
    }

    async fn pod_sandbox_status(
        &self,
        request: Request<cri::PodSandboxStatusRequest>,
    ) -> Answer<cri::PodSandboxStatusResponse> {
        let request = request.into_inner();
        let record = self.sandbox(&request.pod_sandbox_id)?;
        let containers = self.containers(|container| container.sandbox == record.id);
        answer(cri::PodSandboxStatusResponse {
            status: Some(view::sandbox_status(&record)),
            info: if request.verbose { view::sandbox_info(&record) } else { HashMap::new() },
            containers_statuses: containers.iter().map(view::container_status).collect(),
            timestamp: self.runtime.now(),
        })
    }

    async fn list_pod_sandbox(
        &self,
        request: Request<cri::ListPodSandboxRequest>,
    ) -> Answer<cri::ListPodSandboxResponse> {
        let filter = request.into_inner().filter.unwrap_or_default();
        let found = self.sandboxes(|record| view::sandbox_matches(record, &filter));
        answer(cri::ListPodSandboxResponse { items: found.iter().map(view::sandbox).collect() })
    }

    async fn create_container(
        &self,
        request: Request<cri::CreateContainerRequest>,
    ) -> Answer<cri::CreateContainerResponse> {
        let request = request.into_inner();
        let config =
            request.config.ok_or_else(|| Status::invalid_argument("container config is not given"))?;
        let runtime = self.runtime.clone();
        let create = self.runtime.tasks.spawn(async move {
            runtime.create_container(&request.pod_sandbox_id, config, request.sandbox_config).await
        });
        answer(cri::CreateContainerResponse { container_id: joined(create).await? })
    }

    async fn start_container(
        &self,
        request: Request<cri::StartContainerRequest>,
    ) -> Answer<cri::StartContainerResponse> {
        let (runtime, id) = (self.runtime.clone(), request.into_inner().container_id);
        joined(self.runtime.tasks.spawn(async move { runtime.start_container(&id).await })).await?;
        answer(cri::StartContainerResponse {})
    }

    async fn stop_container(
        &self,
        request: Request<cri::StopContainerRequest>,
    ) -> Answer<cri::StopContainerResponse> {
        let request = request.into_inner();
        let grace = Duration::from_secs(u64::try_from(request.timeout).unwrap_or(0));
        self.runtime.stop_container(&request.container_id, grace).await?;
        answer(cri::StopContainerResponse {})
    }

    async fn remove_container(
        &self,
        request: Request<cri::RemoveContainerRequest>,
    ) -> Answer<cri::RemoveContainerResponse> {
        let (runtime, id) = (self.runtime.clone(), request.into_inner().container_id);
        joined(self.runtime.tasks.spawn(async move { runtime.remove_container(&id).await })).await?;
        answer(cri::RemoveContainerResponse {})
    }

    async fn list_containers(
        &self,
        request: Request<cri::ListContainersRequest>,
    ) -> Answer<cri::ListContainersResponse> {
        let filter = request.into_inner().filter.unwrap_or_default();
        let found = self.containers(|record| view::container_matches(record, &filter));
        answer(cri::ListContainersResponse { containers: found.iter().map(view::container).collect() })
    }

    async fn container_status(
        &self,
        request: Request<cri::ContainerStatusRequest>,
    ) -> Answer<cri::ContainerStatusResponse> {
        let request = request.into_inner();
        let record = self.container(&request.container_id)?;
        answer(cri::ContainerStatusResponse {
            status: Some(view::container_status(&record)),
            info: if request.verbose { view::container_info(&record) } else { HashMap::new() },
        })
    }

    async fn update_container_resources(
        &self,
        request: Request<cri::UpdateContainerResourcesRequest>,
    ) -> Answer<cri::UpdateContainerResourcesResponse> {
        let request = request.into_inner();
        if let Some(resources) = request.linux {
            self.runtime.update_resources(&request.container_id, resources).await?;
        }
        answer(cri::UpdateContainerResourcesResponse {})
    }

    async fn reopen_container_log(
        &self,
        request: Request<cri::ReopenContainerLogRequest>,
    ) -> Answer<cri::ReopenContainerLogResponse> {
        self.runtime.reopen_log(&request.into_inner().container_id).await?;
        answer(cri::ReopenContainerLogResponse {})
    }

    async fn exec_sync(&self, request: Request<cri::ExecSyncRequest>) -> Answer<cri::ExecSyncResponse> {
        let request = request.into_inner();
        let limit = Duration::from_secs(u64::try_from(request.timeout).unwrap_or(0));
        let output = self.runtime.exec_sync(&request.container_id, request.cmd, limit).await?;
        answer(cri::ExecSyncResponse { stdout: output.stdout, stderr: output.stderr, exit_code: output.code })
    }

    async fn exec(&self, request: Request<cri::ExecRequest>) -> Answer<cri::ExecResponse> {
        let request = request.into_inner();
        let container = self.runtime.running_container(&request.container_id)?.id;
        if request.tty && request.stderr {
            return Err(Status::invalid_argument("tty and stderr cannot both be true"));
        }
        let url = self.streaming.exec(streaming::Exec {
            container,
            command: request.cmd,
            streams: streaming::Streams {
                stdin: request.stdin,
                stdout: request.stdout,
                stderr: request.stderr,
                tty: request.tty,
            },
        });
        answer(cri::ExecResponse { url: url.map_err(|error| Status::resource_exhausted(error.to_string()))? })
    }

    async fn attach(&self, request: Request<cri::AttachRequest>) -> Answer<cri::AttachResponse> {
        let request = request.into_inner();
        let record = self.runtime.running_container(&request.container_id)?;
        if request.tty && request.stderr {
            return Err(Status::invalid_argument("tty and stderr cannot both be true"));
        }
        let url = self.streaming.attach(streaming::Attach {
            container: record.id,
            streams: streaming::Streams {
                stdin: request.stdin,
                stdout: request.stdout,
                stderr: request.stderr,
                tty: request.tty,
            },
        });
        answer(cri::AttachResponse {
            url: url.map_err(|error| Status::resource_exhausted(error.to_string()))?,
        })
    }

    async fn port_forward(
        &self,
        request: Request<cri::PortForwardRequest>,
    ) -> Answer<cri::PortForwardResponse> {
        let request = request.into_inner();
        let record = self.sandbox(&request.pod_sandbox_id)?;
        if !record.ready {
            return Err(Status::failed_precondition(format!("sandbox {} is not running", record.id)));
        }
        let ports = request.port.into_iter().map(u16::try_from).collect::<Result<_, _>>();
        let ports = ports.map_err(|_| Status::invalid_argument("a port is no port's number"))?;
        let url = self.streaming.port_forward(streaming::PortForward { sandbox: record.id, ports });
        answer(cri::PortForwardResponse {
            url: url.map_err(|error| Status::resource_exhausted(error.to_string()))?,
        })
    }

    async fn container_stats(
        &self,
        request: Request<cri::ContainerStatsRequest>,
    ) -> Answer<cri::ContainerStatsResponse> {
        let record = self.container(&request.into_inner().container_id)?;
        answer(cri::ContainerStatsResponse { stats: Some(self.runtime.container_stats(record).await?) })
    }

    async fn list_container_stats(
        &self,
        request: Request<cri::ListContainerStatsRequest>,
    ) -> Answer<cri::ListContainerStatsResponse> {
        let filter = request.into_inner().filter.unwrap_or_default();
        let filter = cri::ContainerFilter {
            id: filter.id,
            pod_sandbox_id: filter.pod_sandbox_id,
            label_selector: filter.label_selector,
            state: None,
        };
        let found = self.containers(|record| record.is_running() && view::container_matches(record, &filter));
        // One that ends meanwhile is left out.
        let stats = stream::iter(found)
            .then(|record| self.runtime.container_stats(record))
            .filter_map(async |stats| stats.ok())
            .collect()
            .await;
        answer(cri::ListContainerStatsResponse { stats })
    }

    async fn pod_sandbox_stats(
        &self,
        request: Request<cri::PodSandboxStatsRequest>,
    ) -> Answer<cri::PodSandboxStatsResponse> {
        let record = self.sandbox(&request.into_inner().pod_sandbox_id)?;
        answer(cri::PodSandboxStatsResponse { stats: Some(self.runtime.sandbox_stats(record).await?) })
    }

    async fn list_pod_sandbox_stats(
        &self,
        request: Request<cri::ListPodSandboxStatsRequest>,
    ) -> Answer<cri::ListPodSandboxStatsResponse> {
        let filter = request.into_inner().filter.unwrap_or_default();
        let filter =
            cri::PodSandboxFilter { id: filter.id, label_selector: filter.label_selector, state: None };
        let found = self.sandboxes(|record| record.ready && view::sandbox_matches(record, &filter));
        let stats = stream::iter(found)
            .then(|record| self.runtime.sandbox_stats(record))
            .filter_map(async |stats| stats.ok())
            .collect()
            .await;
        answer(cri::ListPodSandboxStatsResponse { stats })
    }

    async fn checkpoint_container(
        &self,
        _request: Request<cri::CheckpointContainerRequest>,
    ) -> Answer<cri::CheckpointContainerResponse> {
        Err(Status::unimplemented("checkpoints are not supported"))
    }

    async fn get_container_events(
        &self,
        _request: Request<cri::GetEventsRequest>,
    ) -> Answer<Self::GetContainerEventsStream> {
        let state = (self.runtime.clone(), self.runtime.events.listen(), false);
        let events = stream::unfold(state, |(runtime, mut events, behind)| async move {
            if behind {
                return None;
            }
            let next = tokio::select! {
                biased;
                () = runtime.cancel.cancelled() => return None,
                next = events.recv() => next,
            };
            match next {
                Ok(event) => {
                    let response = event_response(&runtime, event);
                    Some((Ok(response), (runtime, events, false)))
                }
                // The listener has missed some: it is told so, and lists and listens anew.
                Err(RecvError::Lagged(missed)) => {
                    let status = Status::resource_exhausted(format!("{missed} events were missed"));
                    Some((Err(status), (runtime, events, true)))
                }
                Err(RecvError::Closed) => None,
            }
        });
        answer(Box::pin(events))
    }

    async fn list_metric_descriptors(
        &self,
        _request: Request<cri::ListMetricDescriptorsRequest>,
    ) -> Answer<cri::ListMetricDescriptorsResponse> {
        answer(cri::ListMetricDescriptorsResponse { descriptors: Vec::new() })
    }

    async fn list_pod_sandbox_metrics(
        &self,
        _request: Request<cri::ListPodSandboxMetricsRequest>,
    ) -> Answer<cri::ListPodSandboxMetricsResponse> {
        answer(cri::ListPodSandboxMetricsResponse { pod_metrics: Vec::new() })
    }
}

/// What a task gives, also when it panics.
async fn joined<T>(task: tokio::task::JoinHandle<Result<T, RuntimeError>>) -> Result<T, Status> {
    match task.await {
        Ok(result) => result.map_err(Status::from),
        Err(panicked) => Err(Status::internal(format!("a task ended: {panicked}"))),
    }
}
