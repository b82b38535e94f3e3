//! One step of a pod that should run.

use std::time::Duration;

use mizzen_client::EventType;
use mizzen_kernel::cgroup::Resources;

use super::actions::{self, Actions};
use super::container::hosts_path;
use super::resources;
use super::worker::{Next, StepError, Worker};
use super::{hosts, kill, sandbox, spec, start};
use crate::volumes::VolumeError;

impl Worker {
    /// Sets up what the pod needs, then does what is next for its containers.
    pub(crate) async fn sync(&mut self) -> Result<Next, StepError> {
        let kubelet = self.kubelet.clone();
        self.probe();
        let status = self.report(false).await;
        if super::status::is_terminal(&status) {
            // All containers have ended by themselves: the next step ends the pod.
            self.mailbox.notify.notify_one();
            return Ok(Next::Wait(Duration::ZERO));
        }
        let network = kubelet.health.borrow().network.clone();
        if let Some(fault) = network.filter(|_| !spec::is_host_network(&self.pod)) {
            let message = format!("network is not ready: container runtime network not ready: {fault}");
            kubelet.pod_event(&self.pod, EventType::Warning, "NetworkNotReady", message.clone());
            return Err(StepError::Waiting(message));
        }
        self.prepare().await?;
        if self.runtime.ready_sandbox().is_none() {
            self.passed("volumes");
        }
        let plan = actions::plan(&self.pod, &self.runtime, kubelet.probes.verdicts());
        let acted = plan.kill_pod || !plan.kill.is_empty() || !plan.start.is_empty();
        let wait = self.carry_out(plan).await?;
        if acted {
            self.runtime = kubelet.cri.pod(&self.uid, &self.runtime).await?;
            self.probe();
            self.report(false).await;
        }
        Ok(Next::Wait(self.until_due(wait)))
    }

    /// The time until something is due: a retry, the deadline, a token.
    fn until_due(&self, wait: Option<Duration>) -> Duration {
        let now = self.kubelet.env.now();
        let until = |at: jiff::Timestamp| Duration::try_from(at.duration_since(now)).unwrap_or_default();
        let times = [wait, self.deadline().map(until), self.volumes.renew.map(until)];
        times.into_iter().flatten().min().unwrap_or(Duration::MAX)
    }

    /// cgroup, folders, volumes and the hosts file.
    async fn prepare(&mut self) -> Result<(), StepError> {
        let kubelet = self.kubelet.clone();
        let (pod, uid) = (self.pod.clone(), self.uid.clone());
        let class = resources::qos_class(&pod);
        kubelet.cgroups.ensure_pod(class, &uid, &pod_limits(self)).map_err(|source| {
            let message = format!("unable to ensure pod container exists: {source}");
            kubelet.pod_event(&pod, EventType::Warning, "FailedCreatePodContainer", message);
            StepError::File { what: "make the pod's cgroup", source }
        })?;
        let dir = kubelet.config.pod_dir(&uid);
        let file = |source| StepError::File { what: "make the pod's folders", source };
        std::fs::create_dir_all(dir.join("volumes")).map_err(file)?;
        std::fs::create_dir_all(dir.join("containers")).map_err(file)?;
        std::fs::create_dir_all(sandbox::log_dir(&kubelet, &pod)).map_err(file)?;
        let facts = kubelet.pod_facts(&pod, self.runtime.ips());
        match kubelet.volumes.mount(&kubelet.config, &pod, &facts).await {
            Ok(volumes) => self.volumes = volumes,
            Err((volume, error)) => return Err(self.mount_failed(&volume, &error)),
        }
        if self.runtime.ready_sandbox().is_some() {
            self.write_hosts()?;
        }
        Ok(())
    }

    fn mount_failed(&self, volume: &str, error: &VolumeError) -> StepError {
        let message = format!("MountVolume.SetUp failed for volume \"{volume}\" : {error}");
        self.kubelet.pod_event(&self.pod, EventType::Warning, "FailedMount", message.clone());
        StepError::Waiting(message)
    }

    pub(crate) fn write_hosts(&self) -> Result<(), StepError> {
        let kubelet = &self.kubelet;
        let node_file = std::fs::read_to_string(&kubelet.config.hosts_file).unwrap_or_default();
        let text = hosts::render(&self.pod, &self.runtime.ips(), &kubelet.config.cluster_domain, &node_file);
        let path = hosts_path(kubelet, &self.pod);
        hosts::ensure(&path, &text)
            .map_err(|source| StepError::File { what: "write the pod's hosts file", source })
    }

    /// Does what was planned; gives when to look again.
    async fn carry_out(&mut self, plan: Actions) -> Result<Option<Duration>, StepError> {
        let kubelet = self.kubelet.clone();
        if plan.kill_pod {
            if !self.runtime.sandboxes.is_empty() && plan.create_sandbox {
                let text = "Pod sandbox changed, it will be killed and re-created.";
                kubelet.pod_event(&self.pod, EventType::Normal, "SandboxChanged", text);
            }
            if self.runtime.running().next().is_some() || self.runtime.ready_sandbox().is_some() {
                kill::everything(self, spec::grace_period_s(&self.pod)).await?;
            }
            if !plan.create_sandbox {
                return Ok(Some(Duration::ZERO).filter(|_| self.runtime.ready_sandbox().is_some()));
            }
        }
        for kill in &plan.kill {
            let grace = kill.grace_s.unwrap_or_else(|| spec::grace_period_s(&self.pod));
            kill::container(self, &kill.id, &kill.message, grace).await?;
        }
        let sandbox_config = sandbox::config(&kubelet, &self.pod, plan.attempt).map_err(|error| {
            let text = format!("Failed to create pod sandbox: {error}");
            kubelet.pod_event(&self.pod, EventType::Warning, "FailedCreatePodSandBox", text.clone());
            StepError::Waiting(text)
        })?;
        let sandbox_id = match plan.sandbox_id.filter(|_| !plan.create_sandbox) {
            Some(id) => id,
            None => start::sandbox(self, &sandbox_config).await?,
        };
        let mut wait: Option<Duration> = None;
        for (container, role) in &plan.start {
            let again = start::container(self, container, *role, &sandbox_id, &sandbox_config).await;
            wait = [wait, again].into_iter().flatten().min();
        }
        Ok(wait)
    }
}

/// The limits of a pod's cgroup.
fn pod_limits(worker: &Worker) -> Resources {
    let (pod, config) = (&worker.pod, &worker.kubelet.config);
    let shares = resources::cpu_shares(resources::pod_request(pod, "cpu")).unsigned_abs();
    let period = config.cpu_cfs_quota_period;
    let cpu = resources::pod_limit(pod, "cpu").filter(|_| config.cpu_cfs_quota);
    Resources {
        cpu_shares: Some(shares),
        cpu_quota: cpu.map(|milli| resources::cpu_quota(milli, period)),
        cpu_period: cpu.map(|_| u64::try_from(period.as_micros()).unwrap_or(100_000)),
        memory: resources::pod_limit(pod, "memory"),
        pids: config.pod_pids_limit.filter(|limit| *limit > 0),
        ..Resources::default()
    }
}
