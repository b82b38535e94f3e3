//! The cgroups above pods': what all pods may use together, and the weight of the burstable ones.
//!
//! Pods together get the machine less what is reserved, not less what eviction keeps free: eviction acts while there
//! still is some of that (signal `allocatableMemory.available`), the kernel only when all of it is gone.
//! Source: the documentation "Reserve Compute Resources for System Daemons", "Enforcing Node Allocatable".

use std::sync::Arc;
use std::time::Duration;

use mizzen_client::EventType;
use mizzen_kernel::cgroup::Resources;
use tracing::warn;

use super::status;
use crate::config::Config;
use crate::kubelet::Kubelet;
use crate::node::machine::Machine;
use crate::pods::resources::{self, QosClass};

/// Time between rounds: pods come and go, and a limit below what is used can only be set later.
const ROUND: Duration = Duration::from_secs(60);

/// What pods may use together: all that the machine has, less what is reserved if that is enforced.
pub(crate) fn limits(config: &Config, machine: &Machine) -> Resources {
    let left = |name: &str, total: u64| {
        let reserved = if config.enforce_node_allocatable { status::reserved(config, name) } else { 0 };
        i64::try_from(total).unwrap_or(i64::MAX).saturating_sub(reserved).max(0)
    };
    let cpu_milli = left("cpu", u64::from(machine.cpus) * 1000);
    Resources {
        cpu_shares: Some(resources::cpu_shares(cpu_milli).unsigned_abs()),
        // A machine whose memory could not be read is not limited to nothing.
        memory: Some(left("memory", machine.memory)).filter(|_| machine.memory > 0),
        pids: machine.pids.map(|pids| left("pid", pids)),
        ..Resources::default()
    }
}

/// Thousandths of a processor that the active burstable pods ask for.
fn burstable_milli(kubelet: &Kubelet) -> i64 {
    let active = kubelet.mailboxes.all().into_iter().filter(|(_, mailbox)| mailbox.is_active());
    let pods = active.map(|(_, mailbox)| kubelet.allocations.of(&mailbox.read().pod));
    pods.filter(|pod| resources::qos_class(pod) == QosClass::Burstable)
        .map(|pod| resources::pod_request(&pod, "cpu"))
        .sum()
}

/// Makes the cgroups of the classes, and keeps them as they should be until the kubelet stops.
pub(crate) async fn run(kubelet: Arc<Kubelet>) {
    let limits = limits(&kubelet.config, &kubelet.machine);
    let mut enforced = false;
    let mut ticks = tokio::time::interval(ROUND);
    while kubelet.cancel.run_until_cancelled(ticks.tick()).await.is_some() {
        let made = kubelet.cgroups.ensure_classes(burstable_milli(&kubelet));
        let fault = made.err().map(|error| format!("failed to set up the cgroups of pods: {error}"));
        if let Some(error) = &fault {
            warn!(error, "The cgroups of pods could not be made, will retry.");
        }
        kubelet.set_health(|health| health.setup = fault);
        // Pods may use more than the limit that they get only now: they run on, eviction brings them below it.
        match kubelet.cgroups.limit_all(&limits) {
            Ok(()) if enforced => {}
            Ok(()) => {
                enforced = true;
                let message = "Updated Node Allocatable limit across pods";
                kubelet.node_says(EventType::Normal, "NodeAllocatableEnforced", message);
            }
            Err(error) => {
                warn!(%error, "What pods may use together could not be limited, will retry.");
                let message =
                    format!("Failed to update Node Allocatable Limits {}: {error}", kubelet.cgroups);
                kubelet.node_says(EventType::Warning, "FailedNodeAllocatableEnforcement", &message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_reserved_is_kept_and_what_eviction_needs_is_not() {
        let machine = Machine { cpus: 4, memory: 8 << 30, pids: Some(1000), ..Machine::default() };
        let check = |enforce: bool, reserved: &[(&str, &str)], expect: (u64, i64, i64)| {
            let mut config = Config::new("n", "");
            config.enforce_node_allocatable = enforce;
            let pairs = reserved.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
            config.system_reserved = pairs.collect();
            config.kube_reserved.insert("memory".to_owned(), "1Gi".to_owned());
            let got = limits(&config, &machine);
            assert_eq!(
                (got.cpu_shares, got.memory, got.pids),
                (Some(expect.0), Some(expect.1), Some(expect.2))
            );
        };
        check(true, &[], (4096, 7 << 30, 1000));
        check(true, &[("cpu", "500m"), ("memory", "1Gi"), ("pid", "100")], (3584, 6 << 30, 900));
        check(true, &[("memory", "100Gi")], (4096, 0, 1000));
        check(false, &[("cpu", "500m"), ("memory", "1Gi"), ("pid", "100")], (4096, 8 << 30, 1000));
    }
}
