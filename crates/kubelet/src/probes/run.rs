//! Runs probes: one task each, from the start of a container to its end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, Pod, Probe};
use mizzen_client::{EventType, Recorder};
use mizzen_clock::Env;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Attempt, Kind, Verdicts, dial, exec, grpc, http};
use crate::cri::Cri;
use crate::pods::registry::Mailboxes;
use crate::pods::spec::{self, Role};

/// Attempts that could not be carried out are repeated so often before they count.
const TRIES: usize = 3;

/// All probes of the node. Clones share them.
#[derive(Clone)]
pub(crate) struct Probes(Arc<Shared>);

struct Shared {
    cri: Cri,
    env: Env,
    recorder: Recorder,
    mailboxes: Mailboxes,
    verdicts: Verdicts,
    cancel: CancellationToken,
    tasks: TaskTracker,
    counts: Mutex<BTreeMap<CountKey, u64>>,
    /// By container id.
    running: Mutex<BTreeMap<String, Running>>,
}

/// What attempts are counted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CountKey {
    pub(crate) pod_uid: String,
    pub(crate) namespace: String,
    pub(crate) pod: String,
    pub(crate) container: String,
    pub(crate) kind: Kind,
    /// `successful`, `failed` or `unknown`.
    pub(crate) result: &'static str,
}

struct Running {
    pod_uid: String,
    all: CancellationToken,
    /// Liveness and startup: those that would restart the container.
    restarting: CancellationToken,
}

/// A container to probe.
pub(crate) struct Subject<'a> {
    pub(crate) pod: &'a Arc<Pod>,
    pub(crate) container: &'a Container,
    pub(crate) role: Role,
    pub(crate) id: &'a str,
    pub(crate) started_at: Timestamp,
    pub(crate) ip: &'a str,
    /// The API knows it as ready and started already: the kubelet itself has just started.
    pub(crate) was_ready: bool,
    pub(crate) was_started: bool,
}

struct Task {
    shared: Arc<Shared>,
    pod: Arc<Pod>,
    container: Container,
    role: Role,
    id: String,
    ip: String,
    started_at: Timestamp,
    kind: Kind,
    probe: Probe,
}

impl Probes {
    /// None running; all end with `cancel`.
    pub(crate) fn new(
        cri: Cri,
        env: Env,
        recorder: Recorder,
        mailboxes: Mailboxes,
        cancel: CancellationToken,
    ) -> Self {
        Self(Arc::new(Shared {
            cri,
            env,
            recorder,
            mailboxes,
            verdicts: Verdicts::default(),
            cancel,
            tasks: TaskTracker::new(),
            counts: Mutex::default(),
            running: Mutex::default(),
        }))
    }

    pub(crate) fn verdicts(&self) -> &Verdicts {
        &self.0.verdicts
    }

    /// Starts the probes of a running container, unless they run already.
    pub(crate) fn start(&self, subject: &Subject<'_>) {
        let container = subject.container;
        let probes = [
            (Kind::Startup, &container.startup_probe, subject.was_started),
            (Kind::Readiness, &container.readiness_probe, subject.was_ready),
            (Kind::Liveness, &container.liveness_probe, false),
        ];
        if probes.iter().all(|(_, probe, _)| probe.is_none()) {
            return;
        }
        let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.contains_key(subject.id) {
            return;
        }
        let all = self.0.cancel.child_token();
        let restarting = all.child_token();
        for (kind, probe, held) in probes {
            let Some(probe) = probe else { continue };
            if held {
                self.0.verdicts.set(subject.id, kind, true);
            }
            let task = Task {
                shared: self.0.clone(),
                pod: subject.pod.clone(),
                container: container.clone(),
                role: subject.role,
                id: subject.id.to_owned(),
                ip: subject.ip.to_owned(),
                started_at: subject.started_at,
                kind,
                probe: probe.clone(),
            };
            let token = if kind == Kind::Readiness { all.clone() } else { restarting.clone() };
            self.0.tasks.spawn(async move {
                // Cancelled in the middle of an attempt, its connection is dropped.
                token.run_until_cancelled(task.run()).await;
            });
        }
        let pod_uid = spec::uid(subject.pod).to_owned();
        running.insert(subject.id.to_owned(), Running { pod_uid, all, restarting });
    }

    /// How often probes of the pods that are there succeeded and failed.
    pub(crate) fn counts(&self) -> Vec<(CountKey, u64)> {
        let counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.iter().map(|(key, count)| (key.clone(), *count)).collect()
    }

    /// Forgets the counts of a pod that is gone.
    pub(crate) fn forget(&self, pod_uid: &str) {
        let mut counts = self.0.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|key, _| key.pod_uid != pod_uid);
    }

    /// Stops the probes of a pod's containers that are not among `ids`, and forgets what they found.
    pub(crate) fn retain(&self, pod_uid: &str, ids: &[&str]) {
        let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|id, entry| {
            let keep = entry.pod_uid != pod_uid || ids.contains(&id.as_str());
            if !keep {
                entry.all.cancel();
                self.0.verdicts.forget(id);
            }
            keep
        });
    }

    /// The pod is about to stop: nothing restarts its containers any more.
    pub(crate) fn stop_restarting(&self, pod_uid: &str) {
        let running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in running.values().filter(|entry| entry.pod_uid == pod_uid) {
            entry.restarting.cancel();
        }
    }

    /// Waits until all have ended, after the token was cancelled.
    pub(crate) async fn stopped(&self) {
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }
}

fn seconds(value: Option<i32>, default: i32) -> Duration {
    Duration::from_secs(u64::try_from(value.unwrap_or(default)).unwrap_or(0))
}

impl Task {
    async fn run(self) {
        let verdicts = self.shared.verdicts.clone();
        if self.kind != Kind::Startup && self.container.startup_probe.is_some() {
            verdicts.wait_started(&self.id).await;
        }
        let since = self.shared.env.now().duration_since(self.started_at);
        let since = Duration::try_from(since).unwrap_or_default();
        let delay = seconds(self.probe.initial_delay_seconds, 0);
        tokio::time::sleep(delay.saturating_sub(since)).await;
        let period = seconds(self.probe.period_seconds, 10).max(Duration::from_secs(1));
        let mut ticks = tokio::time::interval(period);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut last, mut count) = (None, 0);
        loop {
            ticks.tick().await;
            let Some(good) = self.attempt().await else { continue };
            count = if last == Some(good) { count + 1 } else { 1 };
            last = Some(good);
            let threshold = match good {
                true => self.probe.success_threshold.unwrap_or(1),
                false => self.probe.failure_threshold.unwrap_or(3),
            };
            if count < threshold.max(1) {
                continue;
            }
            if verdicts.set(&self.id, self.kind, good) {
                self.shared.mailboxes.poke(spec::uid(&self.pod));
            }
            // A failure restarts the container, which gets probes of its own; a start needs no second proof.
            if self.kind == Kind::Startup || (self.kind == Kind::Liveness && !good) {
                return;
            }
        }
    }

    /// One attempt; `None` when nothing could be found out.
    async fn attempt(&self) -> Option<bool> {
        let mut result = Attempt::Error(String::new());
        for _ in 0..TRIES {
            result = self.once().await;
            if !matches!(result, Attempt::Error(_)) {
                break;
            }
        }
        self.count(match result {
            Attempt::Success | Attempt::Warning(_) => "successful",
            Attempt::Failure(_) => "failed",
            Attempt::Error(_) => "unknown",
        });
        let which = self.kind.as_str();
        match result {
            Attempt::Success => Some(true),
            Attempt::Warning(text) => {
                self.event("ProbeWarning", format!("{which} probe warning: {text}"));
                Some(true)
            }
            Attempt::Failure(text) => {
                self.event("Unhealthy", format!("{which} probe failed: {text}"));
                Some(false)
            }
            Attempt::Error(text) => {
                self.event(
                    "Unhealthy",
                    format!("{which} probe errored and resulted in unknown state: {text}"),
                );
                None
            }
        }
    }

    fn count(&self, result: &'static str) {
        let key = CountKey {
            pod_uid: spec::uid(&self.pod).to_owned(),
            namespace: spec::namespace(&self.pod).to_owned(),
            pod: spec::name(&self.pod).to_owned(),
            container: self.container.name.clone(),
            kind: self.kind,
            result,
        };
        *self.shared.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_insert(0) += 1;
    }

    fn event(&self, reason: &str, message: String) {
        let about = spec::container_reference(&self.pod, &self.container.name, self.role);
        self.shared.recorder.event(&about, EventType::Warning, reason, message);
    }

    async fn once(&self) -> Attempt {
        let timeout = seconds(self.probe.timeout_seconds, 1).max(Duration::from_secs(1));
        if let Some(action) = &self.probe.exec {
            let command = action.command.clone().unwrap_or_default();
            return exec::run(&self.shared.cri, &self.id, command, timeout).await;
        }
        if let Some(action) = &self.probe.http_get {
            return match http::Target::new(action, &self.container, &self.ip) {
                Ok(target) => http::get(&target, timeout).await,
                Err(error) => Attempt::Error(error),
            };
        }
        if let Some(action) = &self.probe.tcp_socket {
            let host = action.host.as_deref().filter(|host| !host.is_empty()).unwrap_or(&self.ip);
            let port = match http::port(&action.port, &self.container) {
                Ok(port) => port,
                Err(error) => return Attempt::Error(error),
            };
            return match dial(host, port, timeout).await {
                Ok(_) => Attempt::Success,
                Err(error) => Attempt::Failure(error),
            };
        }
        if let Some(action) = &self.probe.grpc {
            let service = action.service.as_deref().unwrap_or_default();
            let Ok(port) = u16::try_from(action.port) else {
                return Attempt::Error(format!("invalid port number: {}", action.port));
            };
            return grpc::probe(&self.ip, port, service, timeout).await;
        }
        Attempt::Error(format!("missing probe handler for {}", spec::display(&self.pod)))
    }
}
