//! What a runtime has of one pod.

use k8s_cri::v1;

use super::labels::{CONTAINER_HASH, CONTAINER_NAME, RESTART_COUNT};

/// One container, running or not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Container {
    /// Its sandbox.
    pub(crate) sandbox_id: String,
    /// What the runtime says of it.
    pub(crate) status: v1::ContainerStatus,
}

impl Container {
    pub(crate) fn id(&self) -> &str {
        &self.status.id
    }

    /// The name in the pod's spec.
    pub(crate) fn name(&self) -> &str {
        match self.status.labels.get(CONTAINER_NAME) {
            Some(name) => name,
            None => self.status.metadata.as_ref().map_or("", |metadata| &metadata.name),
        }
    }

    pub(crate) fn state(&self) -> v1::ContainerState {
        self.status.state()
    }

    pub(crate) fn is_running(&self) -> bool {
        self.state() == v1::ContainerState::ContainerRunning
    }

    pub(crate) fn is_exited(&self) -> bool {
        self.state() == v1::ContainerState::ContainerExited
    }

    /// How often a container of this name was started before this one.
    pub(crate) fn restart_count(&self) -> u32 {
        let written = self.status.annotations.get(RESTART_COUNT).and_then(|text| text.parse().ok());
        written.unwrap_or_else(|| self.status.metadata.as_ref().map_or(0, |metadata| metadata.attempt))
    }

    /// The hash written when it was made.
    pub(crate) fn hash(&self) -> Option<&str> {
        self.status.annotations.get(CONTAINER_HASH).map(String::as_str)
    }
}

/// A pod as the runtime has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct PodRuntime {
    /// Newest first.
    pub(crate) sandboxes: Vec<v1::PodSandboxStatus>,
    /// Newest first.
    pub(crate) containers: Vec<Container>,
}

impl PodRuntime {
    /// Orders what was gathered.
    pub(crate) fn new(mut sandboxes: Vec<v1::PodSandboxStatus>, mut containers: Vec<Container>) -> Self {
        sandboxes.sort_by_key(|sandbox| std::cmp::Reverse(sandbox.created_at));
        containers.sort_by_key(|container| {
            std::cmp::Reverse((container.status.created_at, container.restart_count()))
        });
        Self { sandboxes, containers }
    }

    /// The newest container of this name.
    pub(crate) fn latest(&self, name: &str) -> Option<&Container> {
        self.containers.iter().find(|container| container.name() == name)
    }

    /// The newest container of this name in this sandbox.
    pub(crate) fn latest_in(&self, sandbox_id: &str, name: &str) -> Option<&Container> {
        let mut own = self.containers.iter().filter(|container| container.sandbox_id == sandbox_id);
        own.find(|container| container.name() == name)
    }

    /// The newest that exited before the newest of this name.
    pub(crate) fn previous(&self, name: &str) -> Option<&Container> {
        let mut own = self.containers.iter().filter(|container| container.name() == name).skip(1);
        own.find(|container| container.is_exited())
    }

    pub(crate) fn running(&self) -> impl Iterator<Item = &Container> {
        self.containers.iter().filter(|container| container.is_running())
    }

    /// The sandbox that pods' containers run in: the newest, if it is ready.
    pub(crate) fn ready_sandbox(&self) -> Option<&v1::PodSandboxStatus> {
        self.sandboxes.first().filter(|sandbox| sandbox.state() == v1::PodSandboxState::SandboxReady)
    }

    /// The newest sandbox's addresses, primary first.
    pub(crate) fn ips(&self) -> Vec<String> {
        let network = self.sandboxes.first().and_then(|sandbox| sandbox.network.as_ref());
        let Some(network) = network.filter(|network| !network.ip.is_empty()) else { return Vec::new() };
        let more = network.additional_ips.iter().map(|ip| ip.ip.clone());
        std::iter::once(network.ip.clone()).chain(more).collect()
    }
}
