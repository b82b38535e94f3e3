//! Sandboxes: run, stopped, removed.

use std::time::Duration;

use std::collections::HashMap;

use k8s_cri::v1::{ContainerEventType, DnsConfig, PodSandboxConfig, PodSandboxMetadata, Protocol};
use mizzen_cni::{Attachment, Bandwidth, PortMapping};
use mizzen_kernel::{mount, process};
use mizzen_shim::protocol::{Request, Response};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::error::{RuntimeError, chain};
use crate::record::{self, SandboxRecord, Wire};
use crate::runtime::{Runtime, blocking, clear_cgroup, remove_dir};
use crate::shim::{Connection, ShimError, ask};
use crate::spec;

/// How long a shim may take to tell of the end of a container that it has killed.
const END_TIMEOUT: Duration = Duration::from_secs(5);

impl Runtime {
    /// Runs a sandbox; gives its id. On failure nothing of it stays.
    pub(crate) async fn run_sandbox(
        &self,
        config: PodSandboxConfig,
        handler: String,
    ) -> Result<String, RuntimeError> {
        if !matches!(handler.as_str(), "" | "mizzen") {
            return Err(RuntimeError::Invalid(format!("no runtime for {handler:?} is configured")));
        }
        let record = self.admit_sandbox(config, handler)?;
        let id = record.id.clone();
        let lock = self.inventory().sandbox(&id)?.lock();
        let _guard = lock.await;
        match self.bring_up(&record).await {
            Ok(()) => {
                self.tell(&id, &id, ContainerEventType::ContainerCreatedEvent);
                self.tell(&id, &id, ContainerEventType::ContainerStartedEvent);
                info!(sandbox = id, "Sandbox runs.");
                Ok(id)
            }
            Err(error) => {
                if let Err(error) = self.tear_down(&record).await.and(self.erase_sandbox(&id).await) {
                    warn!(sandbox = id, %error, "Could not clean up after a sandbox that failed.");
                }
                Err(error)
            }
        }
    }

    /// Reserves the sandbox's name, by entering it.
    fn admit_sandbox(
        &self,
        config: PodSandboxConfig,
        handler: String,
    ) -> Result<SandboxRecord, RuntimeError> {
        let name = sandbox_name(config.metadata.as_ref())?;
        let parent = config.linux.as_ref().map(|linux| linux.cgroup_parent.clone()).unwrap_or_default();
        let cgroup_parent = if parent.is_empty() { self.config.cgroup_parent.clone() } else { parent };
        if cgroup_parent.ends_with(".slice") {
            return Err(RuntimeError::Invalid("the systemd cgroup driver is not supported".into()));
        }
        let id = self.new_id();
        let record = SandboxRecord {
            created_at: self.now(),
            runtime_handler: handler,
            cgroup: format!("{}/{id}", cgroup_parent.trim_end_matches('/')),
            cgroup_parent,
            config: Wire(config),
            addresses: Vec::new(),
            shim_pid: 0,
            shim_start_time: 0,
            ready: false,
            id,
        };
        let mut inventory = self.inventory();
        let same = |other: &SandboxRecord| {
            sandbox_name(other.config.0.metadata.as_ref()).is_ok_and(|one| one == name)
        };
        if inventory.sandboxes.values().any(|sandbox| same(&sandbox.record)) {
            return Err(RuntimeError::Exists(name));
        }
        inventory.add_sandbox(record.clone(), self.cancel.child_token());
        Ok(record)
    }

    async fn bring_up(&self, record: &SandboxRecord) -> Result<(), RuntimeError> {
        let id = &record.id;
        let config = &record.config.0;
        let files = self.files(record);
        let socket = self.socket(id);
        let spec = spec::sandbox(id, config, &record.cgroup, &socket, &files)?;
        let state_folder = self.sandbox_state_folder(id);
        let failed = || RuntimeError::io(format!("prepare sandbox {id}"));
        record::make_dir(&self.sandbox_folder(id)).map_err(failed())?;
        // From here on, a new runtime would find it and clean it up.
        self.save_sandbox(record)?;
        record::make_dir(&state_folder.join("shm")).map_err(failed())?;
        self.write_files(config, &files)?;
        let spec_path = state_folder.join("spec.json");
        let text = serde_json::to_vec(&spec).expect("plain data");
        record::write_file(&spec_path, &text).map_err(failed())?;

        self.program.start(&spec_path).await?;
        let mut connection = Connection::open(&socket).await?;
        let pid = connection.peer()?;
        let start_time =
            process::start_time(pid).ok_or_else(|| ShimError::Start("it has ended already".into()))?;
        self.change_sandbox(id, |record| {
            record.shim_pid = pid;
            record.shim_start_time = start_time;
        });
        let (state, _) = connection.ask(&Request::Watch, &[]).await?;
        if !matches!(state, Response::State { .. }) {
            return Err(ShimError::Protocol.into());
        }
        let mut addresses = Vec::new();
        if spec.new_net {
            let attachment = attachment(record, pid);
            let result = self.network.add(&attachment).await;
            let network = result.map_err(|source| RuntimeError::Network { sandbox: id.clone(), source })?;
            addresses = network.addresses.iter().map(ToString::to_string).collect();
        }
        self.change_sandbox(id, |record| {
            record.addresses = addresses;
            record.ready = true;
        });
        self.listen_to(id, connection);
        Ok(())
    }

    /// /etc/hostname, /etc/hosts and /etc/resolv.conf of containers that bring none.
    fn write_files(&self, config: &PodSandboxConfig, files: &spec::SandboxFiles) -> Result<(), RuntimeError> {
        let failed = || RuntimeError::io("write the sandbox's files");
        record::write_file(&files.hostname, format!("{}\n", config.hostname).as_bytes()).map_err(failed())?;
        let hosts = std::fs::read("/etc/hosts").unwrap_or_default();
        record::write_file(&files.hosts, &hosts).map_err(failed())?;
        let empty = DnsConfig::default();
        let resolv_conf = match &config.dns_config {
            Some(dns) if *dns != empty => spec::resolv_conf(dns)?.into_bytes(),
            _ => std::fs::read("/etc/resolv.conf").unwrap_or_default(),
        };
        record::write_file(&files.resolv_conf, &resolv_conf).map_err(failed())
    }

    /// Stops a sandbox and all in it; fine when it is stopped or absent.
    pub(crate) async fn stop_sandbox(&self, id: &str) -> Result<(), RuntimeError> {
        let lock = match self.inventory().sandbox(id) {
            Ok(sandbox) => sandbox.lock(),
            Err(_) => return Ok(()),
        };
        let _guard = lock.await;
        self.stop_locked(id).await
    }

    async fn stop_locked(&self, id: &str) -> Result<(), RuntimeError> {
        let Ok(record) = self.inventory().sandbox(id).map(|sandbox| sandbox.record.clone()) else {
            return Ok(());
        };
        let was_ready = record.ready;
        self.tear_down(&record).await?;
        self.change_sandbox(&record.id, |record| record.ready = false);
        if was_ready {
            self.tell(&record.id, &record.id, ContainerEventType::ContainerStoppedEvent);
        }
        Ok(())
    }

    /// Ends containers, network, shim, mounts and control groups, in this order, as far as they are there. Goes on
    /// after a failure, and gives the first.
    pub(crate) async fn tear_down(&self, record: &SandboxRecord) -> Result<(), RuntimeError> {
        let id = &record.id;
        let socket = self.socket(id);
        let running = {
            let inventory = self.inventory();
            inventory.containers_of(id).filter(|record| record.is_running()).cloned().collect::<Vec<_>>()
        };
        let mut killed = Vec::new();
        for container in &running {
            let kill = Request::Kill { container: container.id.clone(), signal: 9, all: true };
            // If the shim is gone, the control groups are emptied below.
            if ask(&socket, &kill).await.is_ok() {
                killed.push(container.id.as_str());
            }
        }
        let mut result = Ok(());
        let mut keep = |outcome: Result<(), RuntimeError>| {
            if let (Err(error), true) = (outcome, result.is_ok()) {
                result = Err(error);
            }
        };
        let own_network = spec::has_own_network(&record.config.0);
        if own_network && record.shim_pid != 0 {
            let removed = self.network.delete(&attachment(record, record.shim_pid)).await;
            keep(removed.map_err(|source| RuntimeError::Network { sandbox: id.clone(), source }));
        }
        for container in killed {
            self.await_end(container, END_TIMEOUT).await;
        }
        if let Ok(sandbox) = self.inventory().sandbox(id) {
            sandbox.watch.cancel();
        }
        ask(&socket, &Request::Shutdown).await.ok();
        let containers = self.inventory().containers_of(id).cloned().collect::<Vec<_>>();
        for container in containers.iter().filter(|record| record.exit.is_none() && record.start.is_some()) {
            self.container_lost(&container.id);
        }
        let runtime = self.clone();
        let record = record.clone();
        keep(blocking(move || runtime.clear(&record, &containers)).await);
        result
    }

    /// What a shim that ended, however it did, may have left.
    fn clear(
        &self,
        record: &SandboxRecord,
        containers: &[record::ContainerRecord],
    ) -> Result<(), RuntimeError> {
        for container in containers {
            clear_cgroup(&self.cgroup(&format!("{}/{}", record.cgroup_parent, container.id))?)?;
        }
        clear_cgroup(&self.cgroup(&record.cgroup)?)?;
        mount::detach(&self.sandbox_state_folder(&record.id).join("shm"))?;
        match std::fs::remove_file(self.socket(&record.id)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(RuntimeError::io("remove a shim's socket")(error))
            }
            _ => Ok(()),
        }
    }

    /// Removes a sandbox, and the containers in it; fine when it is absent.
    pub(crate) async fn remove_sandbox(&self, id: &str) -> Result<(), RuntimeError> {
        let (id, lock) = match self.inventory().sandbox(id) {
            Ok(sandbox) => (sandbox.record.id.clone(), sandbox.lock()),
            Err(_) => return Ok(()),
        };
        let _guard = lock.await;
        self.stop_locked(&id).await?;
        let containers =
            self.inventory().containers_of(&id).map(|record| record.id.clone()).collect::<Vec<_>>();
        for container in containers {
            self.remove_container(&container).await?;
        }
        self.erase_sandbox(&id).await?;
        self.tell(&id, &id, ContainerEventType::ContainerDeletedEvent);
        Ok(())
    }

    /// Removes a stopped sandbox's folders and forgets it.
    pub(crate) async fn erase_sandbox(&self, id: &str) -> Result<(), RuntimeError> {
        let folders = [self.sandbox_state_folder(id), self.sandbox_folder(id)];
        blocking(move || folders.iter().try_for_each(|folder| remove_dir(folder))).await?;
        self.inventory().sandboxes.remove(id);
        Ok(())
    }

    /// Follows what a sandbox's shim has to say, until the sandbox is stopped.
    pub(crate) fn listen_to(&self, id: &str, mut connection: Connection) {
        let Ok(cancel) = self.inventory().sandbox(id).map(|sandbox| sandbox.watch.clone()) else { return };
        let (runtime, id) = (self.clone(), id.to_owned());
        self.tasks.spawn(async move {
            loop {
                let message = tokio::select! {
                    biased;
                    () = cancel.cancelled() => {
                        // What the shim has said already still counts.
                        return runtime.hear_out(connection).await;
                    }
                    message = connection.next() => message,
                };
                match message {
                    Ok(Some(Response::Exited(state))) => runtime.container_ended(&state),
                    Ok(Some(_)) => {}
                    Ok(None) => return runtime.sandbox_lost(&id, &cancel, None).await,
                    Err(error) => return runtime.sandbox_lost(&id, &cancel, Some(error)).await,
                }
            }
        });
    }

    async fn hear_out(&self, mut connection: Connection) {
        let rest = Duration::from_millis(1);
        while let Ok(Ok(Some(message))) = tokio::time::timeout(rest, connection.next()).await {
            if let Response::Exited(state) = message {
                self.container_ended(&state);
            }
        }
    }

    /// A shim has ended without being told to: what was in its pod has lost its log and its network's holder, and is
    /// ended too, so that the pod can be made anew.
    async fn sandbox_lost(&self, id: &str, cancel: &CancellationToken, error: Option<ShimError>) {
        let lock = match self.inventory().sandbox(id) {
            Ok(sandbox) => sandbox.lock(),
            Err(_) => return,
        };
        let _guard = lock.await;
        if cancel.is_cancelled() {
            return;
        }
        let error = error.map(|error| chain(&error)).unwrap_or_default();
        warn!(sandbox = id, error, "A sandbox's shim has ended, the sandbox is stopped.");
        // Before its containers end: who hears of their end must not start them in it again.
        let record = self.change_sandbox(id, |record| record.ready = false);
        if let Some(record) = record
            && let Err(error) = self.tear_down(&record).await
        {
            warn!(sandbox = id, %error, "Could not clean up after a shim, stopping the sandbox will try again.");
        }
        self.tell(id, id, ContainerEventType::ContainerStoppedEvent);
    }
}

/// What names a sandbox, besides its id.
fn sandbox_name(metadata: Option<&PodSandboxMetadata>) -> Result<String, RuntimeError> {
    let metadata =
        metadata.ok_or_else(|| RuntimeError::Invalid("sandbox config must include metadata".into()))?;
    let PodSandboxMetadata { name, uid, namespace, attempt } = metadata;
    Ok(format!("{name}_{namespace}_{uid}_{attempt}"))
}

/// The sandbox's attachment to the network.
fn attachment(record: &SandboxRecord, pid: i32) -> Attachment {
    let config = &record.config.0;
    let metadata = config.metadata.clone().unwrap_or_default();
    let port = |value: i32| u16::try_from(value).unwrap_or(0);
    let port_mappings = config
        .port_mappings
        .iter()
        .filter(|mapping| mapping.host_port > 0)
        .map(|mapping| PortMapping {
            host_port: port(mapping.host_port),
            container_port: port(mapping.container_port),
            protocol: match mapping.protocol() {
                Protocol::Tcp => "tcp",
                Protocol::Udp => "udp",
                Protocol::Sctp => "sctp",
            }
            .to_owned(),
            host_ip: mapping.host_ip.clone(),
        })
        .collect();
    Attachment {
        container_id: record.id.clone(),
        netns: format!("/proc/{pid}/ns/net").into(),
        pod_namespace: metadata.namespace,
        pod_name: metadata.name,
        pod_uid: metadata.uid,
        port_mappings,
        bandwidth: bandwidth(&config.annotations),
    }
}

/// Limits that the pod's annotations set, in bits a second, as containerd reads them.
fn bandwidth(annotations: &HashMap<String, String>) -> Option<Bandwidth> {
    /// Bits at once: as much as the rate allows in a millisecond is too little for large segments.
    const BURST: u64 = i32::MAX.unsigned_abs() as u64;
    let rate = |name: &str| {
        let text = annotations.get(&format!("kubernetes.io/{name}-bandwidth"))?;
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let factor: u64 = match &text[digits.len()..] {
            "" => 1,
            "k" => 1000,
            "M" => 1000 * 1000,
            "G" => 1000 * 1000 * 1000,
            "Ki" => 1 << 10,
            "Mi" => 1 << 20,
            "Gi" => 1 << 30,
            _ => return None,
        };
        digits.parse::<u64>().ok()?.checked_mul(factor)
    };
    let (ingress, egress) = (rate("ingress"), rate("egress"));
    let burst = |rate: Option<u64>| if rate.is_some() { BURST } else { 0 };
    (ingress.is_some() || egress.is_some()).then(|| Bandwidth {
        ingress_rate: ingress.unwrap_or(0),
        ingress_burst: burst(ingress),
        egress_rate: egress.unwrap_or(0),
        egress_burst: burst(egress),
    })
}
