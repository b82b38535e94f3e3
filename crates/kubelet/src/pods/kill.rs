//! Stops containers: their hook first, then the signal, then force; sidecars after those they serve.

use std::time::Duration;

use futures::future::join_all;
use k8s_openapi::api::core::v1::{Container as Spec, LifecycleHandler};
use mizzen_client::EventType;
use tokio::time::Instant;

use super::hooks;
use super::registry::Wanted;
use super::spec::{self, Role};
use super::worker::{StepError, Worker};
use crate::cri::{Container, CriError, POD_GRACE_PERIOD, PRE_STOP};

/// Time that a container has after its hook, whatever the hook has used.
const GRACE_AFTER_HOOK_MIN_S: i64 = 2;

/// The hook of a container: from the spec, or as written when it was made.
fn pre_stop(worker: &Worker, container: &Container) -> Option<(LifecycleHandler, Spec)> {
    if let Some((spec_, _)) = spec::find_container(&worker.pod, container.name()) {
        let hook = spec_.lifecycle.as_ref()?.pre_stop.clone()?;
        return Some((hook, spec_));
    }
    let text = container.status.annotations.get(PRE_STOP)?;
    let hook = serde_json::from_str(text).ok()?;
    Some((hook, Spec { name: container.name().to_owned(), ..Spec::default() }))
}

/// Stops one container within `grace_s` seconds, hook included.
async fn stop(worker: &Worker, container: &Container, message: &str, grace_s: i64) -> Result<(), CriError> {
    let role = spec::find_container(&worker.pod, container.name()).map_or(Role::Main, |(_, role)| role);
    let about = spec::container_reference(&worker.pod, container.name(), role);
    let recorder = &worker.kubelet.recorder;
    recorder.event(&about, EventType::Normal, "Killing", message);
    let begun = Instant::now();
    let grace = Duration::from_secs(grace_s.max(0).unsigned_abs());
    let mut left = grace_s;
    if let Some((hook, spec_)) = pre_stop(worker, container).filter(|_| grace_s > 0) {
        let ip = worker.runtime.ips().first().cloned().unwrap_or_default();
        let run = hooks::run(&worker.kubelet.cri, &hook, &spec_, container.id(), &ip, Some(grace));
        match tokio::time::timeout(grace, run).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                recorder.event(
                    &about,
                    EventType::Warning,
                    "FailedPreStopHook",
                    format!("PreStopHook failed: {error}"),
                );
            }
            Err(_) => {
                recorder.event(
                    &about,
                    EventType::Warning,
                    "FailedPreStopHook",
                    "PreStopHook failed: timed out",
                );
            }
        }
        let used = i64::try_from(begun.elapsed().as_secs()).unwrap_or(i64::MAX);
        left = grace_s.saturating_sub(used).max(GRACE_AFTER_HOOK_MIN_S);
    }
    worker.kubelet.cri.stop_container(container.id(), left).await
}

/// Stops a container for a reason of its own.
pub(crate) async fn container(
    worker: &Worker,
    id: &str,
    message: &str,
    grace_s: i64,
) -> Result<(), CriError> {
    match worker.runtime.containers.iter().find(|container| container.id() == id) {
        Some(container) => stop(worker, container, message, grace_s).await,
        None => worker.kubelet.cri.stop_container(id, grace_s).await,
    }
}

/// Stops all containers, then the sandboxes. Sidecars stop after the main containers, the last started first; all of it
/// within the grace period.
pub(crate) async fn everything(worker: &Worker, grace_s: i64) -> Result<(), StepError> {
    let begun = Instant::now();
    let left = || {
        let used = i64::try_from(begun.elapsed().as_secs()).unwrap_or(i64::MAX);
        grace_s.saturating_sub(used).max(0)
    };
    let message = |container: &Container| format!("Stopping container {}", container.name());
    let is_sidecar = |container: &Container| {
        spec::find_container(&worker.pod, container.name()).is_some_and(|(_, role)| role == Role::Sidecar)
    };
    let (mut sidecars, others): (Vec<&Container>, Vec<&Container>) =
        worker.runtime.running().partition(|container| is_sidecar(container));
    let texts: Vec<String> = others.iter().map(|container| message(container)).collect();
    let stops = others.iter().zip(&texts).map(|(container, text)| stop(worker, container, text, grace_s));
    let mut results = join_all(stops).await;
    let order = |container: &Container| {
        spec::init_containers(&worker.pod).iter().position(|spec_| spec_.name == container.name())
    };
    sidecars.sort_by_key(|container| std::cmp::Reverse(order(container)));
    for sidecar in sidecars {
        results.push(stop(worker, sidecar, &message(sidecar), left()).await);
    }
    let sandboxes = worker.runtime.sandboxes.iter();
    let stops = sandboxes.map(|sandbox| worker.kubelet.cri.stop_sandbox(&sandbox.id));
    // All were tried; the first error stands for the rest, and the next step tries again.
    results.extend(join_all(stops).await);
    results.into_iter().collect::<Result<Vec<()>, CriError>>()?;
    Ok(())
}

/// The seconds that a pod which ends has to stop.
fn grace_of(worker: &Worker, wanted: &Wanted) -> i64 {
    if let Some(grace) = wanted.failure.as_ref().and_then(|failure| failure.grace_s) {
        return grace.max(0);
    }
    let recorded = worker
        .runtime
        .containers
        .iter()
        .find_map(|container| container.status.annotations.get(POD_GRACE_PERIOD)?.parse::<i64>().ok());
    let known = worker.pod.spec.is_some();
    let grace = if known { spec::grace_period_s(&wanted.pod) } else { recorded.unwrap_or(30) };
    // Zero is for objects, not for processes: they get a second.
    grace.max(1)
}

/// Stops a pod that ends. A shorter grace period that arrives meanwhile takes over.
pub(crate) async fn pod(worker: &Worker, wanted: &Wanted) -> Result<(), StepError> {
    let begun = Instant::now();
    let mut grace = grace_of(worker, wanted);
    loop {
        let deadline = Duration::from_secs(grace.unsigned_abs()).saturating_sub(begun.elapsed());
        let seconds = i64::try_from(deadline.as_secs_f64().ceil() as u64).unwrap_or(i64::MAX).max(1);
        let stopping = everything(worker, seconds);
        let shorter = async {
            loop {
                worker.mailbox.notify.notified().await;
                let now = grace_of(worker, &worker.mailbox.read());
                if now < grace {
                    return now;
                }
            }
        };
        tokio::select! {
            biased;
            result = stopping => return result,
            now = shorter => grace = now,
        }
    }
}
