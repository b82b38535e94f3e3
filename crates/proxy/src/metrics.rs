//! What a proxy counts, under kube-proxy's names, and whether it is well.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use mizzen_metrics::Text;

/// Rules that could not be brought up to date for so long make a proxy sick.
const FAILING_MAX: Duration = Duration::from_secs(60);

/// Counters.
#[derive(Debug, Default)]
pub struct Metrics {
    /// `kubeproxy_sync_proxy_rules_duration_seconds_count`.
    pub syncs: AtomicU64,
    /// `kubeproxy_sync_proxy_rules_duration_seconds_sum`, in microseconds.
    pub sync_us: AtomicU64,
    /// `kubeproxy_sync_full_proxy_rules_duration_seconds_count`.
    pub full_syncs: AtomicU64,
    /// `kubeproxy_sync_proxy_rules_nftables_sync_failures_total`.
    pub sync_failures: AtomicU64,
    /// `kubeproxy_sync_proxy_rules_service_changes_total`.
    pub service_changes: AtomicU64,
    /// `kubeproxy_sync_proxy_rules_endpoint_changes_total`.
    pub endpoint_changes: AtomicU64,
    /// Services that a sync knows (gauge).
    pub services: AtomicU64,
    /// Comparisons with the kernel's table that found it different though nothing had changed.
    pub resync_faults: AtomicU64,
    /// Whether the node is on its way out.
    pub(crate) node_leaves: AtomicBool,
    /// When the rules were last brought up to date, in seconds; 0: never.
    synced_at: AtomicI64,
    /// Since when that fails, in seconds; 0: it does not.
    failing_since: AtomicI64,
}

/// Whether a proxy is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// The rules follow the Services.
    pub live: bool,
    /// New connections from load balancers are welcome on this node.
    pub node_eligible: bool,
    /// When the rules were last brought up to date.
    pub last_updated: Option<Timestamp>,
}

impl Metrics {
    pub(crate) fn succeeded(&self, now: Timestamp) {
        self.synced_at.store(now.as_second(), Ordering::Relaxed);
        self.failing_since.store(0, Ordering::Relaxed);
    }

    pub(crate) fn failed(&self, now: Timestamp) {
        self.sync_failures.fetch_add(1, Ordering::Relaxed);
        // The first failure of a row counts; who loses this race is of the same row.
        self.failing_since.compare_exchange(0, now.as_second(), Ordering::Relaxed, Ordering::Relaxed).ok();
    }

    /// Whether the proxy is well.
    pub fn health(&self, now: Timestamp) -> Health {
        let (synced, failing) =
            (self.synced_at.load(Ordering::Relaxed), self.failing_since.load(Ordering::Relaxed));
        let patience = i64::try_from(FAILING_MAX.as_secs()).unwrap_or(i64::MAX);
        Health {
            live: synced > 0 && (failing == 0 || now.as_second() - failing < patience),
            node_eligible: !self.node_leaves.load(Ordering::Relaxed),
            last_updated: Timestamp::from_second(synced).ok().filter(|_| synced > 0),
        }
    }

    /// Writes the counters.
    pub fn write(&self, text: &mut Text) {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64;
        let name = "kubeproxy_sync_proxy_rules_duration_seconds";
        text.family(name, "summary", "[ALPHA] SyncProxyRules latency in seconds");
        text.sample(&format!("{name}_sum"), &[], get(&self.sync_us) / 1e6);
        text.sample(&format!("{name}_count"), &[], get(&self.syncs));
        let name = "kubeproxy_sync_full_proxy_rules_duration_seconds";
        text.family(name, "summary", "[ALPHA] SyncProxyRules latency in seconds for full resyncs");
        text.sample(&format!("{name}_count"), &[], get(&self.full_syncs));
        let counters = [
            (
                "kubeproxy_sync_proxy_rules_nftables_sync_failures_total",
                "[ALPHA] Cumulative proxy nftables sync failures",
                &self.sync_failures,
            ),
            (
                "kubeproxy_sync_proxy_rules_service_changes_total",
                "[ALPHA] Cumulative proxy rules Service changes",
                &self.service_changes,
            ),
            (
                "kubeproxy_sync_proxy_rules_endpoint_changes_total",
                "[ALPHA] Cumulative proxy rules Endpoint changes",
                &self.endpoint_changes,
            ),
            (
                "mizzen_proxy_resync_faults_total",
                "Comparisons with the kernel's table that found work though nothing had changed",
                &self.resync_faults,
            ),
        ];
        for (name, help, counter) in counters {
            text.single(name, "counter", help, get(counter));
        }
        let last = self.synced_at.load(Ordering::Relaxed) as f64;
        let help = "[ALPHA] The last time proxy rules were successfully synced";
        text.single("kubeproxy_sync_proxy_rules_last_timestamp_seconds", "gauge", help, last);
        text.single("mizzen_proxy_services", "gauge", "Services that have rules", get(&self.services));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_follows_syncs() {
        let (metrics, at) = (Metrics::default(), |second| Timestamp::from_second(second).expect("a time"));
        let live = |second| metrics.health(at(second)).live;
        assert!(!live(1000), "nothing was written yet");
        metrics.succeeded(at(1000));
        assert!(live(9000), "nothing changed since");
        metrics.failed(at(9000));
        metrics.failed(at(9050));
        assert!(live(9059));
        assert!(!live(9060));
        metrics.succeeded(at(9070));
        assert_eq!(metrics.health(at(9070)).last_updated, Some(at(9070)));
        assert!(live(9999));
    }
}
