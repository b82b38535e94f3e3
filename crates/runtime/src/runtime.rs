//! What all calls share.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use k8s_cri::v1::ContainerEventType;
use mizzen_clock::Env;
use mizzen_cni::Runner;
use mizzen_kernel::cgroup::{Cgroup, Layout};
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::warn;

use crate::error::RuntimeError;
use crate::events::{Event, Events};
use crate::images::Images;
use crate::inventory::Inventory;
use crate::record::{self, ContainerRecord, SandboxRecord};
use crate::shim::{self, Program};
use crate::spec::SandboxFiles;
use crate::{Config, Error};

/// How many letters of a sandbox's id name its socket, whose path may not be long.
const SOCKET_ID_LEN: usize = 16;

/// The runtime. Clones share it.
#[derive(Clone)]
pub(crate) struct Runtime(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) env: Env,
    pub(crate) images: Images,
    pub(crate) network: Runner,
    pub(crate) layout: Layout,
    pub(crate) program: Program,
    pub(crate) events: Events,
    pub(crate) tasks: TaskTracker,
    pub(crate) cancel: CancellationToken,
    inventory: Mutex<Inventory>,
}

impl std::ops::Deref for Runtime {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Runtime {
    pub(crate) fn open(config: Config, env: Env, cancel: CancellationToken) -> Result<Self, Error> {
        let folders = [
            config.root.join("sandboxes"),
            config.root.join("containers"),
            config.state.join("sandboxes"),
            config.state.join("s"),
        ];
        for folder in folders {
            record::make_dir(&folder).map_err(|source| Error::Io { path: folder, source })?;
        }
        for folder in [&config.root, &config.state] {
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
                .map_err(|source| Error::Io { path: folder.clone(), source })?;
        }
        let images = match &config.images {
            Some(images) => images.clone(),
            None => Images::open(&config.root.join("images"), config.registry.clone())?,
        };
        let program = Program::open(&shim::install(&config.state)?)?;
        let network = Runner::new(&config.cni_config_dir, &config.cni_bin_dirs, &config.cni_cache_dir);
        let inner = Inner {
            layout: Layout::discover()?,
            events: Events::new(),
            tasks: TaskTracker::new(),
            inventory: Mutex::default(),
            config,
            env,
            images,
            network,
            program,
            cancel,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Waits for its tasks, after they were cancelled.
    pub(crate) async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(crate) fn inventory(&self) -> MutexGuard<'_, Inventory> {
        self.inventory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nanoseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        i64::try_from(self.env.now().as_nanosecond()).unwrap_or(i64::MAX)
    }

    /// A new id: 64 hexadecimal digits.
    pub(crate) fn new_id(&self) -> String {
        let uid = || self.env.random.uid().replace('-', "");
        format!("{}{}", uid(), uid())
    }

    pub(crate) fn sandbox_folder(&self, id: &str) -> PathBuf {
        self.config.root.join("sandboxes").join(id)
    }

    /// Of what does not outlive the machine.
    pub(crate) fn sandbox_state_folder(&self, id: &str) -> PathBuf {
        self.config.state.join("sandboxes").join(id)
    }

    pub(crate) fn container_folder(&self, id: &str) -> PathBuf {
        self.config.root.join("containers").join(id)
    }

    pub(crate) fn socket(&self, sandbox: &str) -> PathBuf {
        let short = sandbox.get(..SOCKET_ID_LEN).unwrap_or(sandbox);
        self.config.state.join("s").join(format!("{short}.sock"))
    }

    pub(crate) fn files(&self, record: &SandboxRecord) -> SandboxFiles {
        let folder = self.sandbox_folder(&record.id);
        let shares_ipc = crate::spec::namespaces(&record.config.0).ipc() == k8s_cri::v1::NamespaceMode::Node;
        SandboxFiles {
            shm: if shares_ipc {
                "/dev/shm".into()
            } else {
                self.sandbox_state_folder(&record.id).join("shm")
            },
            hostname: folder.join("hostname"),
            hosts: folder.join("hosts"),
            resolv_conf: folder.join("resolv.conf"),
        }
    }

    pub(crate) fn cgroup(&self, path: &str) -> Result<Cgroup, RuntimeError> {
        Ok(Cgroup::new(&self.layout, path)?)
    }

    pub(crate) fn save_sandbox(&self, record: &SandboxRecord) -> Result<(), RuntimeError> {
        record::save(&self.sandbox_folder(&record.id), record)
            .map_err(RuntimeError::io(format!("record sandbox {}", record.id)))
    }

    pub(crate) fn save_container(&self, record: &ContainerRecord) -> Result<(), RuntimeError> {
        record::save(&self.container_folder(&record.id), record)
            .map_err(RuntimeError::io(format!("record container {}", record.id)))
    }

    /// Changes a container's record, in memory and on disk; gives the new one. Nothing happens when it is gone.
    pub(crate) fn change_container(
        &self,
        id: &str,
        change: impl FnOnce(&mut ContainerRecord),
    ) -> Option<ContainerRecord> {
        let record = {
            let mut inventory = self.inventory();
            let container = inventory.containers.get_mut(id)?;
            change(&mut container.record);
            container.ended.send_replace(container.record.exit.is_some());
            container.record.clone()
        };
        if let Err(error) = self.save_container(&record) {
            warn!(container = id, %error, "Could not record a container's state, a new runtime may not know it.");
        }
        Some(record)
    }

    /// As [`Self::change_container`], for a sandbox.
    pub(crate) fn change_sandbox(
        &self,
        id: &str,
        change: impl FnOnce(&mut SandboxRecord),
    ) -> Option<SandboxRecord> {
        let record = {
            let mut inventory = self.inventory();
            let sandbox = inventory.sandboxes.get_mut(id)?;
            change(&mut sandbox.record);
            sandbox.record.clone()
        };
        if let Err(error) = self.save_sandbox(&record) {
            warn!(sandbox = id, %error, "Could not record a sandbox's state, a new runtime may not know it.");
        }
        Some(record)
    }

    pub(crate) fn tell(&self, id: &str, sandbox: &str, kind: ContainerEventType) {
        self.events.tell(Event { id: id.to_owned(), sandbox: sandbox.to_owned(), kind, at: self.now() });
    }
}

/// Does what blocks on a thread that may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, RuntimeError> + Send + 'static,
) -> Result<T, RuntimeError> {
    match spawn_blocking(work).await {
        Ok(result) => result,
        Err(panicked) => Err(RuntimeError::State(format!("a task ended: {panicked}"))),
    }
}

/// Kills what is in a control group and removes it; fine when it does not exist.
pub(crate) fn clear_cgroup(cgroup: &Cgroup) -> Result<(), RuntimeError> {
    if cgroup.exists() {
        cgroup.kill_all()?;
        cgroup.remove()?;
    }
    Ok(())
}

/// Removes a folder; fine when it is not there.
pub(crate) fn remove_dir(path: &Path) -> Result<(), RuntimeError> {
    record::remove_dir(path).map_err(RuntimeError::io(format!("remove {}", path.display())))
}
