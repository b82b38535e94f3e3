//! Containers: created, started, stopped, removed.

use std::os::unix::fs::DirBuilderExt;
use std::time::Duration;

use k8s_cri::v1::{ContainerConfig, ContainerEventType, LinuxContainerResources, PodSandboxConfig};
use mizzen_shim::protocol::{ContainerState, EXIT_FILE, Exit, Request, Response, SPEC_FILE};
use tokio::time::timeout;
use tracing::warn;

use crate::error::{RuntimeError, chain};
use crate::record::{self, ContainerRecord, SandboxRecord, StartRecord, Wire};
use crate::runtime::{Runtime, blocking, remove_dir};
use crate::shim::{ShimError, ask};
use crate::{apparmor, spec};

/// What a container that could not be started exits with. Source: containerd's CRI plugin, as kubelets know it.
const START_FAILED: i32 = 128;
/// What a container of whose end there is no record exited with.
const UNKNOWN: i32 = 255;
/// How long the kernel may take to end processes that were killed.
const KILL_TIMEOUT: Duration = Duration::from_secs(60);

impl Runtime {
    /// Makes a container ready to start; gives its id. On failure nothing of it stays.
    pub(crate) async fn create_container(
        &self,
        sandbox: &str,
        config: ContainerConfig,
        sandbox_config: Option<PodSandboxConfig>,
    ) -> Result<String, RuntimeError> {
        let sandbox = self.inventory().sandbox(sandbox)?.record.clone();
        if !sandbox.ready {
            return Err(RuntimeError::State(format!("sandbox {} is not running", sandbox.id)));
        }
        let id = self.new_id();
        self.reserve(&id, &sandbox, &config)?;
        let made = self.prepare(&id, &sandbox, config, sandbox_config.as_ref()).await;
        match made {
            Ok(()) => {
                self.tell(&id, &sandbox.id, ContainerEventType::ContainerCreatedEvent);
                Ok(id)
            }
            Err(error) => {
                if let Err(error) = self.erase_container(&id).await {
                    warn!(container = id, %error, "Could not clean up after a container that failed.");
                }
                Err(error)
            }
        }
    }

    /// Reserves a name in the sandbox by entering the container.
    fn reserve(
        &self,
        id: &str,
        sandbox: &SandboxRecord,
        config: &ContainerConfig,
    ) -> Result<(), RuntimeError> {
        let metadata = config
            .metadata
            .as_ref()
            .ok_or_else(|| RuntimeError::Invalid("container config must include metadata".into()))?;
        let mut inventory = self.inventory();
        if inventory
            .containers_of(&sandbox.id)
            .any(|other| other.config.0.metadata.as_ref() == Some(metadata))
        {
            return Err(RuntimeError::Exists(format!("{}_{}", metadata.name, metadata.attempt)));
        }
        inventory.add_container(ContainerRecord {
            id: id.to_owned(),
            sandbox: sandbox.id.clone(),
            created_at: self.now(),
            config: Wire(config.clone()),
            image_ref: String::new(),
            image_id: String::new(),
            stop_signal: 15,
            log_path: String::new(),
            resources: Wire::default(),
            start: None,
            exit: None,
            reason: String::new(),
            message: String::new(),
        });
        Ok(())
    }

    async fn prepare(
        &self,
        id: &str,
        sandbox: &SandboxRecord,
        config: ContainerConfig,
        sandbox_config: Option<&PodSandboxConfig>,
    ) -> Result<(), RuntimeError> {
        let folder = self.container_folder(id);
        let reference = config.image.as_ref().map(|image| image.image.clone()).unwrap_or_default();
        let (runtime, holder, made) = (self.clone(), id.to_owned(), folder.clone());
        let image = blocking(move || {
            record::make_dir(&made).map_err(RuntimeError::io("prepare a container"))?;
            for (name, mode) in [("upper", 0o755), ("work", 0o700), ("rootfs", 0o700)] {
                // The mode of `upper` is that of the container's root.
                std::fs::DirBuilder::new()
                    .mode(mode)
                    .create(made.join(name))
                    .map_err(RuntimeError::io("prepare a container"))?;
            }
            Ok(runtime.images.prepare(&reference, &holder)?)
        })
        .await?;
        let context = config.linux.as_ref().and_then(|linux| linux.security_context.clone());
        let own_profile = self.config.apparmor_profile.clone();
        let apparmor =
            blocking(move || Ok(apparmor::profile(&context.unwrap_or_default(), &own_profile)?)).await?;
        let target = self.target_of(&config, sandbox)?;
        let files = self.files(sandbox);
        let parts = spec::Parts {
            id,
            config: &config,
            // The sandbox's own configuration counts; the caller's copy may only be newer in what does not matter.
            sandbox_config: &with_log_directory(&sandbox.config.0, sandbox_config),
            image: &image,
            files: &files,
            folder: &folder,
            cgroup_parent: &sandbox.cgroup_parent,
            apparmor,
            target: target.as_deref(),
        };
        let spec = spec::container(&parts)?;
        let text = serde_json::to_vec(&spec).expect("plain data");
        record::write_file(&folder.join(SPEC_FILE), &text)
            .map_err(RuntimeError::io("specify a container"))?;
        let resources = config.linux.as_ref().and_then(|linux| linux.resources.clone()).unwrap_or_default();
        let image = image.image;
        let saved = self.change_container(id, |record| {
            record.image_ref = image.digests.first().cloned().unwrap_or_else(|| image.id.clone());
            record.image_id.clone_from(&image.id);
            record.stop_signal = spec::stop_signal(&image.config);
            record.log_path = spec.log.to_string_lossy().into_owned();
            record.resources = Wire(resources);
        });
        saved.map_or_else(|| Err(not_found(id)), |_| Ok(()))
    }

    /// The container whose processes this one is to see.
    fn target_of(
        &self,
        config: &ContainerConfig,
        sandbox: &SandboxRecord,
    ) -> Result<Option<String>, RuntimeError> {
        let options = config
            .linux
            .as_ref()
            .and_then(|linux| linux.security_context.as_ref())
            .and_then(|context| context.namespace_options.clone())
            .unwrap_or_default();
        if options.pid() != k8s_cri::v1::NamespaceMode::Target {
            return Ok(None);
        }
        let inventory = self.inventory();
        let target = &inventory.container(&options.target_id)?.record;
        if target.sandbox == sandbox.id && target.is_running() {
            Ok(Some(target.id.clone()))
        } else {
            Err(RuntimeError::Invalid(format!("target container {} does not run in this sandbox", target.id)))
        }
    }

    /// Starts a created container.
    pub(crate) async fn start_container(&self, id: &str) -> Result<(), RuntimeError> {
        let (record, lock) = {
            let inventory = self.inventory();
            let container = inventory.container(id)?;
            (container.record.clone(), container.lock())
        };
        let _guard = lock.await;
        let record = self.inventory().container(&record.id)?.record.clone();
        if record.start.is_some() || record.exit.is_some() {
            return Err(RuntimeError::State(format!(
                "container {} is in state {:?}",
                record.id,
                record.state()
            )));
        }
        if !self.inventory().sandbox(&record.sandbox)?.record.ready {
            return Err(RuntimeError::State(format!("sandbox {} is not running", record.sandbox)));
        }
        let dir = self.container_folder(&record.id).to_string_lossy().into_owned();
        let request = Request::Start { container: record.id.clone(), dir };
        let started = match ask(&self.socket(&record.sandbox), &request).await {
            Ok(Response::Started(state)) => Ok(state),
            Ok(_) => Err(ShimError::Protocol),
            Err(error) => Err(error),
        };
        match started {
            Ok(state) => {
                self.container_started(&state);
                self.tell(&record.id, &record.sandbox, ContainerEventType::ContainerStartedEvent);
                Ok(())
            }
            Err(error) => {
                let message = chain(&error);
                let exit = Exit { code: START_FAILED, finished_at: self.now(), oom_killed: false };
                self.change_container(&record.id, |record| {
                    record.exit = Some(exit);
                    record.reason = "StartError".into();
                    record.message.clone_from(&message);
                });
                Err(RuntimeError::Shim(error))
            }
        }
    }

    /// Records what a shim says of a container that it started. One that has ended meanwhile stays so.
    pub(crate) fn container_started(&self, state: &ContainerState) {
        let state = state.clone();
        self.change_container(&state.id, |record| {
            record.start = Some(StartRecord {
                at: state.started_at,
                pid: state.pid,
                start_time: state.start_time,
                uid: state.uid,
                gid: state.gid,
                groups: state.groups,
            });
        });
    }

    /// Records what a shim says of a container that has ended.
    pub(crate) fn container_ended(&self, state: &ContainerState) {
        let Some(exit) = state.exit.clone() else { return };
        if self.inventory().container(&state.id).is_ok_and(|container| container.record.start.is_none()) {
            self.container_started(state);
        }
        self.record_exit(&state.id, exit);
    }

    /// Records the end of a container whose shim is gone: as the shim wrote it down, if it came to that.
    pub(crate) fn container_lost(&self, id: &str) {
        let exit = std::fs::read(self.container_folder(id).join(EXIT_FILE))
            .ok()
            .and_then(|text| serde_json::from_slice::<Exit>(&text).ok())
            .unwrap_or_else(|| Exit { code: UNKNOWN, finished_at: self.now(), oom_killed: false });
        self.record_exit(id, exit);
    }

    fn record_exit(&self, id: &str, exit: Exit) {
        if self.inventory().container(id).is_ok_and(|container| container.record.exit.is_some()) {
            return;
        }
        let record = self.change_container(id, |record| {
            record.reason = match &exit {
                exit if exit.oom_killed => "OOMKilled",
                exit if exit.code == 0 => "Completed",
                _ => "Error",
            }
            .to_owned();
            record.exit = Some(exit);
        });
        if let Some(record) = record {
            self.tell(&record.id, &record.sandbox, ContainerEventType::ContainerStoppedEvent);
        }
    }

    /// Asks a container to end, waits for `grace`, and kills it then; fine when it has ended or is absent.
    pub(crate) async fn stop_container(&self, id: &str, grace: Duration) -> Result<(), RuntimeError> {
        let record = match self.inventory().container(id) {
            Ok(container) => container.record.clone(),
            Err(_) => return Ok(()),
        };
        if !record.is_running() {
            return Ok(());
        }
        let socket = self.socket(&record.sandbox);
        if !grace.is_zero() {
            let ask_to_end =
                Request::Kill { container: record.id.clone(), signal: record.stop_signal, all: false };
            ask(&socket, &ask_to_end).await?;
            if self.await_end(&record.id, grace).await {
                return Ok(());
            }
        }
        let kill = Request::Kill { container: record.id.clone(), signal: 9, all: true };
        ask(&socket, &kill).await?;
        if self.await_end(&record.id, KILL_TIMEOUT).await {
            Ok(())
        } else {
            Err(RuntimeError::Timeout(format!("container {} does not end", record.id)))
        }
    }

    /// Waits for a container to end; false when `limit` is over first.
    pub(crate) async fn await_end(&self, id: &str, limit: Duration) -> bool {
        let Ok(mut ended) = self.inventory().container(id).map(|container| container.ended.subscribe())
        else {
            return true;
        };
        // An error of the inner kind says that the container has been removed.
        timeout(limit, ended.wait_for(|ended| *ended)).await.is_ok()
    }

    /// Removes a container, killing it first if it runs; fine when it is absent.
    pub(crate) async fn remove_container(&self, id: &str) -> Result<(), RuntimeError> {
        let (record, lock) = match self.inventory().container(id) {
            Ok(container) => (container.record.clone(), container.lock()),
            Err(_) => return Ok(()),
        };
        let _guard = lock.await;
        self.stop_container(&record.id, Duration::ZERO).await?;
        // Of no use when the shim is gone: it takes what it knows along.
        ask(&self.socket(&record.sandbox), &Request::Forget { container: record.id.clone() }).await.ok();
        self.erase_container(&record.id).await?;
        self.tell(&record.id, &record.sandbox, ContainerEventType::ContainerDeletedEvent);
        Ok(())
    }

    /// Removes an ended container's folder and forgets it.
    pub(crate) async fn erase_container(&self, id: &str) -> Result<(), RuntimeError> {
        let (runtime, owned) = (self.clone(), id.to_owned());
        blocking(move || {
            remove_dir(&runtime.container_folder(&owned))?;
            runtime.images.release(&owned);
            Ok(())
        })
        .await?;
        self.inventory().containers.remove(id);
        Ok(())
    }

    /// Changes a container's limits, now if it runs, or for its start.
    pub(crate) async fn update_resources(
        &self,
        id: &str,
        resources: LinuxContainerResources,
    ) -> Result<(), RuntimeError> {
        let (record, lock, parent) = {
            let inventory = self.inventory();
            let container = inventory.container(id)?;
            let sandbox = inventory.sandbox(&container.record.sandbox)?;
            (container.record.clone(), container.lock(), sandbox.record.cgroup_parent.clone())
        };
        let _guard = lock.await;
        let merged = merge(&record.resources.0, &resources);
        let limits = spec::limits_of(&merged)?;
        let cgroup = self.cgroup(&format!("{parent}/{}", record.id))?;
        let path = self.container_folder(&record.id).join(SPEC_FILE);
        let running = record.is_running();
        blocking(move || {
            if running {
                cgroup.limit(&limits)?;
            }
            let text = std::fs::read(&path).map_err(RuntimeError::io("read a container's specification"))?;
            let mut spec = serde_json::from_slice::<mizzen_shim::spec::ContainerSpec>(&text)
                .map_err(|error| RuntimeError::io("read a container's specification")(error.into()))?;
            spec.resources = limits;
            let text = serde_json::to_vec(&spec).expect("plain data");
            record::write_file(&path, &text).map_err(RuntimeError::io("write a container's specification"))
        })
        .await?;
        self.change_container(&record.id, |record| record.resources = Wire(merged));
        Ok(())
    }

    /// Has a container's shim open its log file anew.
    pub(crate) async fn reopen_log(&self, id: &str) -> Result<(), RuntimeError> {
        let record = self.inventory().container(id)?.record.clone();
        if !record.is_running() {
            return Err(RuntimeError::State(format!("container {} is not running", record.id)));
        }
        ask(&self.socket(&record.sandbox), &Request::ReopenLog { container: record.id }).await?;
        Ok(())
    }
}

fn not_found(id: &str) -> RuntimeError {
    RuntimeError::NotFound { kind: "container", id: id.to_owned() }
}

fn with_log_directory(own: &PodSandboxConfig, given: Option<&PodSandboxConfig>) -> PodSandboxConfig {
    let mut config = own.clone();
    if let Some(given) = given.filter(|given| !given.log_directory.is_empty()) {
        config.log_directory.clone_from(&given.log_directory);
    }
    config
}

/// What is given replaces what was; zeros and empty texts mean "not given".
fn merge(old: &LinuxContainerResources, new: &LinuxContainerResources) -> LinuxContainerResources {
    let number = |old: i64, new: i64| if new == 0 { old } else { new };
    let text = |old: &String, new: &String| if new.is_empty() { old.clone() } else { new.clone() };
    let mut unified = old.unified.clone();
    unified.extend(new.unified.clone());
    LinuxContainerResources {
        cpu_period: number(old.cpu_period, new.cpu_period),
        cpu_quota: number(old.cpu_quota, new.cpu_quota),
        cpu_shares: number(old.cpu_shares, new.cpu_shares),
        memory_limit_in_bytes: number(old.memory_limit_in_bytes, new.memory_limit_in_bytes),
        oom_score_adj: number(old.oom_score_adj, new.oom_score_adj),
        cpuset_cpus: text(&old.cpuset_cpus, &new.cpuset_cpus),
        cpuset_mems: text(&old.cpuset_mems, &new.cpuset_mems),
        hugepage_limits: if new.hugepage_limits.is_empty() {
            &old.hugepage_limits
        } else {
            &new.hugepage_limits
        }
        .clone(),
        unified,
        memory_swap_limit_in_bytes: number(old.memory_swap_limit_in_bytes, new.memory_swap_limit_in_bytes),
    }
}
