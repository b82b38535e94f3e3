//! Starts sandboxes and containers.

use std::time::Duration;

use k8s_cri::v1;
use k8s_openapi::api::core::v1::{Container, Secret};
use k8s_openapi::api::node::v1::RuntimeClass;
use mizzen_client::EventType;

use super::container::{Prepared, config};
use super::env::{self, References};
use super::spec::{self, Role};
use super::worker::{StepError, Worker};
use super::{cleanup, hooks, kill, sandbox as sandbox_config};
use crate::images::puller::Wanted;
use crate::volumes::VolumeError;

/// Runs a new sandbox, and gives its id.
pub(crate) async fn sandbox(worker: &mut Worker, config: &v1::PodSandboxConfig) -> Result<String, StepError> {
    let kubelet = worker.kubelet.clone();
    let handler = runtime_handler(worker).await.map_err(|message| {
        let text = format!("Failed to create pod sandbox: {message}");
        kubelet.pod_event(&worker.pod, EventType::Warning, "FailedCreatePodSandBox", text.clone());
        StepError::Waiting(text)
    })?;
    let id = match kubelet.cri.run_sandbox(config.clone(), handler).await {
        Ok(id) => id,
        Err(error) => {
            let text = format!("Failed to create pod sandbox: {error}");
            kubelet.pod_event(&worker.pod, EventType::Warning, "FailedCreatePodSandBox", text.clone());
            return Err(StepError::Waiting(text));
        }
    };
    worker.passed("sandbox");
    worker.runtime = kubelet.cri.pod(&worker.uid, &worker.runtime).await?;
    worker.write_hosts()?;
    worker.report(false).await;
    Ok(id)
}

/// The runtime's name for how the pod wants to be run.
async fn runtime_handler(worker: &Worker) -> Result<String, String> {
    let Some(name) = spec::spec(&worker.pod).runtime_class_name.as_deref().filter(|name| !name.is_empty())
    else {
        return Ok(String::new());
    };
    let classes = worker.kubelet.informers.of::<RuntimeClass>();
    let synced = tokio::time::timeout(Duration::from_secs(5), classes.synced()).await;
    let found = classes.get(&mizzen_client::ObjectKey::new("", name));
    match (found, synced) {
        (Some(class), _) => Ok(class.value.handler.clone()),
        (None, Ok(())) => Err(format!("RuntimeClass \"{name}\" not found")),
        (None, Err(_)) => Err(format!("RuntimeClass \"{name}\" is not known yet")),
    }
}

/// A start that failed: reason and message of the container's waiting state, and when to try again.
struct Refused {
    reason: &'static str,
    message: String,
    retry_after: Option<Duration>,
}

impl Refused {
    fn new(reason: &'static str, message: String) -> Self {
        Self { reason, message, retry_after: Some(Duration::from_secs(10)) }
    }
}

/// Starts a container, unless back-off or something missing keeps it from that: then its waiting reason says so. Gives
/// when to look again.
pub(crate) async fn container(
    worker: &mut Worker,
    container: &Container,
    role: Role,
    sandbox_id: &str,
    sandbox_config: &v1::PodSandboxConfig,
) -> Option<Duration> {
    if let Some(wait) = back_off(worker, container, role) {
        return Some(wait);
    }
    match try_start(worker, container, role, sandbox_id, sandbox_config).await {
        Ok(()) => {
            worker.reasons.remove(&container.name);
            None
        }
        Err(refused) => {
            tracing::debug!(pod = %spec::key(&worker.pod), container = container.name, reason = refused.reason, error = refused.message, "A container was not started.");
            let told = refused.reason.contains("Image") || refused.reason == "PostStartHookError";
            if !told {
                let text = format!("Error: {}", refused.message);
                event(worker, container, role, EventType::Warning, "Failed", text);
            }
            if refused.reason == "ImagePullBackOff" {
                event(
                    worker,
                    container,
                    role,
                    EventType::Warning,
                    "Failed",
                    "Error: ImagePullBackOff".to_owned(),
                );
            }
            worker.reasons.insert(container.name.clone(), (refused.reason.to_owned(), refused.message));
            refused.retry_after
        }
    }
}

fn event(worker: &Worker, container: &Container, role: Role, kind: EventType, reason: &str, message: String) {
    let about = spec::container_reference(&worker.pod, &container.name, role);
    worker.kubelet.recorder.event(&about, kind, reason, message);
}

/// How long a container that ended has to wait; `None`: it may start.
fn back_off(worker: &mut Worker, container: &Container, role: Role) -> Option<Duration> {
    let latest = worker.runtime.latest(&container.name).filter(|latest| latest.is_exited())?;
    let now = worker.kubelet.env.now();
    let ended = jiff::Timestamp::from_nanosecond(i128::from(latest.status.finished_at)).unwrap_or(now);
    let wait = worker.backoff.remaining(&container.name, ended, now);
    if wait.is_zero() {
        worker.backoff.next(&container.name, ended, now);
        return None;
    }
    let set = worker.backoff.wait(&container.name);
    let text = format!(
        "Back-off restarting failed container {} in pod {}",
        container.name,
        spec::display(&worker.pod)
    );
    event(worker, container, role, EventType::Warning, "BackOff", text);
    let message = format!(
        "back-off {} restarting failed container={} pod={}",
        go_seconds(set),
        container.name,
        spec::display(&worker.pod)
    );
    worker.reasons.insert(container.name.clone(), ("CrashLoopBackOff".to_owned(), message));
    Some(wait)
}

fn go_seconds(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 60 { format!("{}m{}s", seconds / 60, seconds % 60) } else { format!("{seconds}s") }
}

/// How often a container of this name was started before.
fn attempt(worker: &Worker, container: &Container) -> u32 {
    if let Some(latest) = worker.runtime.latest(&container.name) {
        return latest.restart_count() + 1;
    }
    // Its containers were removed behind our back: the logs remember.
    let dir = sandbox_config::log_dir(&worker.kubelet, &worker.pod).join(&container.name);
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        name.split('.').next()?.parse::<u32>().ok()
    });
    numbers.max().map_or(0, |number| number + 1)
}

async fn references(worker: &Worker, container: &Container) -> Result<References, VolumeError> {
    let (uid, namespace) = (&worker.uid, spec::namespace(&worker.pod));
    let objects = &worker.kubelet.volumes.objects;
    let (config_maps, secrets) = env::referenced(container);
    let mut found = References::default();
    for name in config_maps {
        if let Some(object) = objects.config_map(uid, namespace, &name).await? {
            found.config_maps.insert(name, std::sync::Arc::new(object.value.clone()));
        }
    }
    for name in secrets {
        if let Some(object) = objects.secret(uid, namespace, &name).await? {
            found.secrets.insert(name, std::sync::Arc::new(object.value.clone()));
        }
    }
    Ok(found)
}

async fn pull_secrets(worker: &Worker) -> Vec<std::sync::Arc<mizzen_client::Object<Secret>>> {
    let (uid, namespace) = (&worker.uid, spec::namespace(&worker.pod));
    let mut found = Vec::new();
    for reference in spec::spec(&worker.pod).image_pull_secrets.iter().flatten() {
        match worker.kubelet.volumes.objects.secret(uid, namespace, &reference.name).await {
            Ok(Some(secret)) => found.push(secret),
            Ok(None) | Err(_) => {
                let text = format!(
                    "Unable to retrieve some image pull secrets ({}); attempting to pull the image may not succeed.",
                    reference.name
                );
                worker.kubelet.pod_event(
                    &worker.pod,
                    EventType::Warning,
                    "FailedToRetrieveImagePullSecret",
                    text,
                );
            }
        }
    }
    found
}

async fn try_start(
    worker: &mut Worker,
    container: &Container,
    role: Role,
    sandbox_id: &str,
    sandbox_config: &v1::PodSandboxConfig,
) -> Result<(), Refused> {
    let kubelet = worker.kubelet.clone();
    let pod = worker.pod.clone();
    let secrets = pull_secrets(worker).await;
    let secrets: Vec<&Secret> = secrets.iter().map(|secret| &secret.value).collect();
    let wanted = Wanted { pod: &pod, container, role, secrets: &secrets, sandbox: sandbox_config };
    let (image_ref, image) = kubelet.puller.ensure(&wanted).await.map_err(|error| Refused {
        reason: error.reason,
        message: error.message,
        retry_after: error.retry_after,
    })?;
    worker.passed(format!("image of {}", container.name));
    let bad_config = |message: String| Refused::new("CreateContainerConfigError", message);
    let references = references(worker, container).await.map_err(|error| bad_config(error.to_string()))?;
    let services = kubelet.service_variables(&pod).await;
    let services = services.or_else(|| spec::is_static(&pod).then(Default::default)).ok_or_else(|| {
        bad_config("services have not yet been read at least once, cannot construct envvars".to_owned())
    })?;
    let facts = kubelet.pod_facts(&pod, worker.runtime.ips());
    let env = env::make(&pod, container, &references, &services, &facts)
        .map_err(|error| bad_config(error.to_string()))?;
    let target = ephemeral_target(worker, container, role);
    let prepared = Prepared {
        pod: &pod,
        container,
        role,
        attempt: attempt(worker, container),
        image_ref,
        image,
        env,
        volumes: &worker.volumes.mounted,
        target,
    };
    let settings = config(&kubelet, &prepared).map_err(|error| bad_config(crate::error::chain(&error)))?;
    if matches!(role, Role::Main | Role::Sidecar) {
        let resources = container.resources.clone().unwrap_or_default();
        if let Err(error) = kubelet.allocations.actuate(&pod, &container.name, resources) {
            // Then what the runtime says of the container counts.
            tracing::warn!(pod = %spec::key(&pod), %error, "What a container was given could not be written.");
        }
    }
    let id = kubelet
        .cri
        .create_container(sandbox_id, settings, sandbox_config.clone())
        .await
        .map_err(|error| Refused::new("CreateContainerError", error.to_string()))?;
    worker.passed(format!("create {}", container.name));
    event(worker, container, role, EventType::Normal, "Created", "Container created".to_owned());
    if let Err(error) = kubelet.cri.start_container(&id).await {
        return Err(Refused::new("RunContainerError", error.to_string()));
    }
    worker.passed(format!("start {}", container.name));
    event(worker, container, role, EventType::Normal, "Started", "Container started".to_owned());
    post_start(worker, container, role, &id).await?;
    cleanup::remove_old_attempts(&kubelet, &worker.runtime, &container.name).await;
    Ok(())
}

fn ephemeral_target(worker: &Worker, container: &Container, role: Role) -> Option<String> {
    if role != Role::Ephemeral {
        return None;
    }
    let mut list = spec::spec(&worker.pod).ephemeral_containers.iter().flatten();
    let target = list.find(|own| own.name == container.name)?.target_container_name.clone()?;
    worker.runtime.latest(&target).filter(|latest| latest.is_running()).map(|latest| latest.id().to_owned())
}

/// Runs the hook after the start; a container whose hook fails is stopped.
async fn post_start(worker: &mut Worker, container: &Container, role: Role, id: &str) -> Result<(), Refused> {
    let hook = container.lifecycle.as_ref().and_then(|lifecycle| lifecycle.post_start.as_ref());
    let Some(hook) = hook else { return Ok(()) };
    let ip = worker.runtime.ips().first().cloned().unwrap_or_default();
    let Err(message) = hooks::run(&worker.kubelet.cri, hook, container, id, &ip, None).await else {
        return Ok(());
    };
    event(
        worker,
        container,
        role,
        EventType::Warning,
        "FailedPostStartHook",
        format!("PostStartHook failed: {message}"),
    );
    let grace = spec::grace_period_s(&worker.pod);
    if let Err(error) = kill::container(worker, id, "FailedPostStartHook", grace).await {
        tracing::warn!(%error, "A container whose postStart hook failed could not be stopped.");
    }
    Err(Refused::new("PostStartHookError", message))
}
