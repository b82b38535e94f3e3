//! Sets what was allocated on what runs: the pod's cgroup grows before its containers do and shrinks after them, and no
//! memory limit goes below what is used.
//!
//! A step that fails leaves the rest undone; the next step finds out what is left. Source: KEP-1287, "Kubelet Restart
//! Tolerance" and "Memory Limit Decreases".

use k8s_cri::v1;
use mizzen_kernel::cgroup::Resources;

use super::resize::{Amounts, Kind, Update};
use super::worker::{StepError, Worker};
use super::{decide, resources, sync};
use crate::cri::CriError;

/// Why a resize cannot go on; the message of the pod's condition.
#[derive(Debug, thiserror::Error)]
enum ActuateError {
    #[error("cannot decrease memory limits: {0}")]
    InUse(String),
    #[error("read what the pod's cgroup has: {0}")]
    Read(#[source] std::io::Error),
    #[error("failed to set pod cgroup config: {0}")]
    Pod(#[source] std::io::Error),
    #[error("failed to update resources of container {container}: {source}")]
    Container {
        container: String,
        #[source]
        source: CriError,
    },
    #[error("failed to note the resources of container {container}: {source}")]
    Note {
        container: String,
        #[source]
        source: std::io::Error,
    },
}

/// Brings the pod's cgroup and these containers to what was allocated. What went wrong is in the pod's condition; the step
/// is to be tried again then.
pub(crate) async fn actuate(worker: &mut Worker, updates: &[Update]) -> Result<(), StepError> {
    match resize(worker, updates).await {
        Ok(()) => Ok(()),
        Err(error) => {
            let message = error.to_string();
            decide::failed(&worker.kubelet, &worker.pod, &message);
            Err(StepError::Waiting(message))
        }
    }
}

/// The limits of the pod's cgroup now: bytes, and thousandths of a processor; `None` for none.
struct Now {
    memory: Option<i64>,
    cpu: Option<i64>,
}

async fn resize(worker: &Worker, updates: &[Update]) -> Result<(), ActuateError> {
    let kubelet = &worker.kubelet;
    let class = resources::qos_class(&worker.pod);
    let now = kubelet.cgroups.pod_limits(class, &worker.uid).map_err(ActuateError::Read)?;
    let wanted = sync::pod_limits(&worker.pod, &kubelet.config);
    let now = Now {
        memory: now.memory,
        cpu: now.cpu_quota.zip(now.cpu_period).map(|(quota, period)| in_milli(quota, period)),
    };
    refuse_below_use(worker, updates, &now, &wanted).await?;
    let memory = Resources { memory: wanted.memory, ..Resources::default() };
    one(worker, updates, Kind::Memory, grows(now.memory, wanted.memory), &memory).await?;
    let cpu = wanted.cpu_quota.zip(wanted.cpu_period).map(|(quota, period)| in_milli(quota, period));
    let grows = grows(now.cpu, cpu);
    let shares = Resources { cpu_shares: wanted.cpu_shares, ..Resources::default() };
    let limit =
        Resources { cpu_quota: wanted.cpu_quota, cpu_period: wanted.cpu_period, ..Resources::default() };
    set_pod(worker, &shares)?;
    one(worker, updates, Kind::Cpu, grows, &limit).await
}

fn in_milli(quota: i64, period: u64) -> i64 {
    quota.saturating_mul(1000) / i64::try_from(period).unwrap_or(i64::MAX).max(1)
}

/// Whether a limit gets higher: none is the highest. A pod's limit that is not wanted any more stays as it is.
fn grows(now: Option<i64>, wanted: Option<i64>) -> bool {
    matches!((now, wanted), (Some(now), Some(wanted)) if wanted > now)
}

fn set_pod(worker: &Worker, limits: &Resources) -> Result<(), ActuateError> {
    let class = resources::qos_class(&worker.pod);
    worker.kubelet.cgroups.limit_pod(class, &worker.uid, limits).map_err(ActuateError::Pod)
}

/// Sets one resource on the pod and its containers, in an order in which no container's limit is ever above the pod's.
async fn one(
    worker: &Worker,
    updates: &[Update],
    kind: Kind,
    pod_grows: bool,
    pod: &Resources,
) -> Result<(), ActuateError> {
    if pod_grows {
        set_pod(worker, pod)?;
    }
    let mut changes: Vec<&Update> = updates.iter().filter(|update| update.changes(kind)).collect();
    changes.sort_by_key(|update| update.growth(kind));
    for update in changes {
        container(worker, update, kind).await?;
    }
    if pod_grows { Ok(()) } else { set_pod(worker, pod) }
}

async fn container(worker: &Worker, update: &Update, kind: Kind) -> Result<(), ActuateError> {
    let (kubelet, name) = (&worker.kubelet, &update.container.name);
    // Memory comes first: then CPU is still as it was.
    let resources = match kind {
        Kind::Memory => kind.replaced(&update.from, &update.to),
        Kind::Cpu => update.to.clone(),
    };
    let mut changed = update.container.clone();
    changed.resources = Some(resources.clone());
    let period = kubelet.config.cpu_cfs_quota.then_some(kubelet.config.cpu_cfs_quota_period);
    let memory = kubelet.machine.memory;
    let linux = resources::linux_resources(&worker.pod, &changed, update.role, memory, period);
    let told = kubelet.cri.update_container(&update.id, linux).await;
    told.map_err(|source| ActuateError::Container { container: name.clone(), source })?;
    let noted = kubelet.allocations.actuate(&worker.pod, name, resources);
    noted.map_err(|source| ActuateError::Note { container: name.clone(), source })
}

/// Refuses to take away memory that is in use: the kernel would end processes for it.
async fn refuse_below_use(
    worker: &Worker,
    updates: &[Update],
    now: &Now,
    wanted: &Resources,
) -> Result<(), ActuateError> {
    let class = resources::qos_class(&worker.pod);
    let mut faults = Vec::new();
    if let Some(limit) = wanted.memory.filter(|limit| now.memory.is_none_or(|now| *limit < now)) {
        match worker.kubelet.cgroups.pod_usage(class, &worker.uid) {
            None => faults.push("missing pod memory usage".to_owned()),
            Some(usage) if usage.memory_usage >= limit.unsigned_abs() => faults.push(format!(
                "attempting to set pod memory limit ({limit}) below current usage ({})",
                usage.memory_usage
            )),
            Some(_) => {}
        }
    }
    for update in updates {
        let (from, to) = (Amounts::of(&update.from).memory_limit, Amounts::of(&update.to).memory_limit);
        if to == 0 || (from != 0 && from <= to) {
            continue;
        }
        let name = &update.container.name;
        match worker.kubelet.cri.container_stats(&update.id).await.ok().as_ref().and_then(memory_used) {
            None => faults.push(format!("missing container \"{name}\" memory usage")),
            Some(usage) if usage >= to.unsigned_abs() => faults.push(format!(
                "attempting to set container \"{name}\" memory limit ({to}) below current usage ({usage})"
            )),
            Some(_) => {}
        }
    }
    match faults.as_slice() {
        [] => Ok(()),
        [one] => Err(ActuateError::InUse(one.clone())),
        several => Err(ActuateError::InUse(format!("[{}]", several.join(", ")))),
    }
}

fn memory_used(stats: &v1::ContainerStats) -> Option<u64> {
    stats.memory.as_ref()?.usage_bytes.as_ref().map(|bytes| bytes.value)
}
