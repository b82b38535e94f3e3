//! One step of a pod that should run.

use std::time::Duration;

use k8s_openapi::api::core::v1::Pod;
use mizzen_client::EventType;
use mizzen_kernel::cgroup::Resources;

use super::actions::{self, Actions, Known};
use super::container::hosts_path;
use super::worker::{Next, StepError, Worker};
use super::{actuate, decide, hosts, kill, resize, resources, sandbox, spec, start};
use crate::config::Config;
use crate::volumes::VolumeError;

impl Worker {
    /// Sets up what the pod needs, then does what is next for its containers.
    pub(crate) async fn sync(&mut self) -> Result<Next, StepError> {
        let kubelet = self.kubelet.clone();
        self.probe();
        if self.resizes() {
            kubelet.allocations.go_on(&self.pod, kubelet.env.now());
        }
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
        let plan = actions::plan(Known {
            pod: &self.pod,
            runtime: &self.runtime,
            verdicts: kubelet.probes.verdicts(),
            actuated: &kubelet.allocations.actuated(&self.pod),
        });
        let resizes = decide::is_under_way(&kubelet, &self.pod);
        let acted = plan.kill_pod || !plan.kill.is_empty() || !plan.start.is_empty();
        let Carried { wait, resized } = self.carry_out(plan, resizes).await?;
        if acted || resizes {
            self.runtime = kubelet.cri.pod(&self.uid, &self.runtime).await?;
            self.probe();
            if resizes && resized.is_ok() && !self.resizes() {
                decide::finish(&kubelet, &self.pod);
            }
            self.report(false).await;
        }
        resized?;
        Ok(Next::Wait(self.until_due(wait)))
    }

    /// Whether a running container does not have yet what it was allocated.
    fn resizes(&self) -> bool {
        let actuated = self.kubelet.allocations.actuated(&self.pod);
        resize::is_in_progress(&self.pod, &self.runtime, &actuated)
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
        let limits = pod_limits(&pod, &kubelet.config);
        let runs = self.runtime.running().next().is_some();
        kubelet.cgroups.ensure_pod(class, &uid, &limits, runs).map_err(|source| {
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

    /// Does what was planned.
    async fn carry_out(&mut self, plan: Actions, resizes: bool) -> Result<Carried, StepError> {
        let done = |wait| Carried { wait, resized: Ok(()) };
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
                return Ok(done(Some(Duration::ZERO).filter(|_| self.runtime.ready_sandbox().is_some())));
            }
        }
        for kill in &plan.kill {
            let grace = kill.grace_s.unwrap_or_else(|| spec::grace_period_s(&self.pod));
            kill::container(self, &kill.id, &kill.message, grace).await?;
        }
        // Containers that start anew do so under the pod's new limits. What fails here holds nothing else up.
        let resized = if resizes { actuate::actuate(self, &plan.update).await } else { Ok(()) };
        if plan.start.is_empty() && !plan.create_sandbox {
            return Ok(Carried { wait: None, resized });
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
        Ok(Carried { wait, resized })
    }
}

/// How a plan went.
struct Carried {
    /// When to look again.
    wait: Option<Duration>,
    resized: Result<(), StepError>,
}

/// The limits of a pod's cgroup.
pub(crate) fn pod_limits(pod: &Pod, config: &Config) -> Resources {
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
