//! Keeps the Node's status up to date: sent when it changed, and now and then when it did not.

use std::sync::Arc;

use k8s_openapi::api::core::v1::Node;
use mizzen_client::{Error, EventType, Patch};
use serde_json::json;
use tokio::time::Instant;
use tracing::{info, warn};

use super::{register, status};
use crate::kubelet::Kubelet;

/// Sends the status if it differs from what the API has, or `due`.
async fn report(kubelet: &Kubelet, due: bool) -> Result<bool, Error> {
    let node = match kubelet.node() {
        Some(node) => node,
        None if kubelet.config.register_node => Arc::new(register::register(kubelet).await?),
        None => return Ok(false),
    };
    follow_pod_cidr(kubelet, &node).await;
    let old = node.status.clone().unwrap_or_default();
    let new = status::make(kubelet, &node).await;
    if !due && !status::differs(&old, &new) {
        return Ok(false);
    }
    let was_ready = is_ready(&node);
    // Addresses merge by type in a strategic patch: the kubelet's list replaces them as a whole.
    let mut value = serde_json::to_value(&new).unwrap_or_default();
    if let Some(addresses) = value.get_mut("addresses").and_then(|list| list.as_array_mut()) {
        addresses.push(json!({ "$patch": "replace" }));
    }
    let patch = Patch::Strategic(json!({ "status": value }));
    let sent: Node = kubelet.client.patch("", &kubelet.config.node_name, "status", &patch).await?;
    match (was_ready, is_ready(&sent)) {
        (false, true) => {
            info!(node = kubelet.config.node_name, "The node is ready.");
            kubelet.node_event(EventType::Normal, "NodeReady", "status is now: NodeReady");
        }
        (true, false) => kubelet.node_event(EventType::Normal, "NodeNotReady", "status is now: NodeNotReady"),
        _ => {}
    }
    Ok(true)
}

fn is_ready(node: &Node) -> bool {
    let conditions = node.status.iter().flat_map(|status| status.conditions.iter().flatten());
    conditions.into_iter().any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

/// Hands the range of pod addresses on to the runtime's network.
async fn follow_pod_cidr(kubelet: &Kubelet, node: &Node) {
    let Some(spec) = &node.spec else { return };
    let cidrs = match &spec.pod_cidrs {
        Some(cidrs) if !cidrs.is_empty() => cidrs.join(","),
        _ => spec.pod_cidr.clone().unwrap_or_default(),
    };
    if cidrs.is_empty() || kubelet.pod_cidr.borrow().as_str() == cidrs {
        return;
    }
    match kubelet.cri.update_pod_cidr(&cidrs).await {
        Ok(()) => {
            info!(cidrs, "The range of pod addresses is set.");
            kubelet.pod_cidr.send_replace(cidrs);
            kubelet.check_runtime().await;
        }
        Err(error) => {
            warn!(%error, "The range of pod addresses could not be handed to the runtime, will retry.")
        }
    }
}

/// Registers the node and reports until the kubelet stops.
pub(crate) async fn run(kubelet: Arc<Kubelet>) {
    let mut health = kubelet.health.subscribe();
    let mut ticks = tokio::time::interval(kubelet.config.node_status_update_frequency);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut last_sent: Option<Instant> = None;
    let mut failures = 0u32;
    loop {
        tokio::select! {
            biased;
            () = kubelet.cancel.cancelled() => return,
            _ = ticks.tick() => {}
            _ = health.changed() => {}
            () = kubelet.node_changed.notified() => {}
        }
        let due = last_sent.is_none_or(|last| last.elapsed() >= kubelet.config.node_status_report_frequency);
        let Some(result) = kubelet.cancel.run_until_cancelled(report(&kubelet, due)).await else { return };
        match result {
            Ok(sent) => {
                failures = 0;
                if sent {
                    last_sent = Some(Instant::now());
                }
            }
            Err(error) => {
                failures = failures.saturating_add(1);
                warn!(%error, source = error.source_text(), failures, "The node's status could not be sent, will retry.");
                // The first tries follow each other quickly: the API server may be about to come up.
                let pause = std::time::Duration::from_millis(100u64.saturating_mul(1 << failures.min(6)));
                let wait = tokio::time::sleep(pause.min(kubelet.config.node_status_update_frequency));
                kubelet.cancel.run_until_cancelled(wait).await;
                ticks.reset_immediately();
            }
        }
    }
}
