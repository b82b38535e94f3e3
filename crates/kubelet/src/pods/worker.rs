//! One pod's worker: brings what runs into line with what is wanted, one step after the other.
//!
//! A worker is level-driven. Whatever happens (the pod changes, a container ends, a probe finds something) only wakes
//! it; it then looks at everything anew and takes the next step. It keeps nothing that the runtime and the API could
//! not tell it again after a restart, but waits of back-off.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::api::core::v1::{Pod, PodStatus};
use mizzen_client::{DeleteParams, EventType, Precondition};
use tracing::{debug, error, warn};

use super::backoff::Backoff;
use super::registry::{Mailbox, Wanted};
use super::status::{self, Facts, Failure, Reasons};
use super::way::Way;
use super::{admission, allocation, cleanup, decide, kill, spec};
use crate::cri::{CriError, PodRuntime};
use crate::kubelet::Kubelet;
use crate::logs::last_words;
use crate::probes::Subject;
use crate::volumes::manager::PodVolumes;

/// The longest pause after a failed step.
const RETRY_MAX: Duration = Duration::from_secs(10);
/// The longest time a worker sleeps though nothing is due.
const IDLE_MAX: Duration = Duration::from_secs(3600);

/// What a worker does after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Sleep until woken, or for this long.
    Wait(Duration),
    /// The pod is gone.
    Gone,
}

/// Why a step failed; it is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepError {
    #[error(transparent)]
    Cri(#[from] CriError),
    #[error("delete the pod from the API: {0}")]
    Api(#[from] mizzen_client::Error),
    #[error("{what}: {source}")]
    File {
        what: &'static str,
        #[source]
        source: std::io::Error,
    },
    /// The reason is in the pod's events already.
    #[error("{0}")]
    Waiting(String),
}

/// A pod's worker.
pub(crate) struct Worker {
    pub(crate) kubelet: Arc<Kubelet>,
    pub(crate) uid: String,
    pub(crate) mailbox: Arc<Mailbox>,
    pub(crate) pod: Arc<Pod>,
    pub(crate) runtime: PodRuntime,
    pub(crate) backoff: Backoff,
    pub(crate) reasons: Reasons,
    /// Last words of exited containers, by id.
    messages: BTreeMap<String, String>,
    pub(crate) volumes: PodVolumes,
    /// A verdict on the pod as a whole, once there is one.
    failure: Option<Failure>,
    admitted: bool,
    /// Everything of the pod but its containers' remains is gone.
    reclaimed: bool,
    /// The API was told to drop the pod.
    deleted: bool,
    failures: u32,
    way: Way,
}

impl Worker {
    pub(crate) fn new(kubelet: Arc<Kubelet>, mailbox: Arc<Mailbox>) -> Self {
        let pod = mailbox.read().pod;
        let way = Way::new(kubelet.trace.clone(), &pod);
        Self {
            uid: spec::uid(&pod).to_owned(),
            backoff: Backoff::new(kubelet.config.max_container_restart_period),
            kubelet,
            mailbox,
            pod,
            runtime: PodRuntime::default(),
            reasons: Reasons::new(),
            messages: BTreeMap::new(),
            volumes: PodVolumes::default(),
            failure: None,
            admitted: false,
            reclaimed: false,
            deleted: false,
            failures: 0,
            way,
        }
    }

    /// Works until the pod is gone or the kubelet stops. A panic in a step is a failed step.
    pub(crate) async fn run(mut self) {
        let kubelet = self.kubelet.clone();
        loop {
            let step = AssertUnwindSafe(self.step()).catch_unwind();
            let Some(result) = kubelet.cancel.run_until_cancelled(step).await else { return };
            let next = match result {
                Ok(Ok(next)) => {
                    self.failures = 0;
                    next
                }
                Ok(Err(failed)) => {
                    let waits = matches!(failed, StepError::Waiting(_));
                    if waits {
                        debug!(pod = %spec::key(&self.pod), error = %failed, "A pod waits.");
                    } else {
                        warn!(pod = %spec::key(&self.pod), error = %failed, "A pod's step failed, will retry.");
                    }
                    Next::Wait(self.pause())
                }
                Err(_) => {
                    error!(pod = %spec::key(&self.pod), "A pod's step panicked, will retry.");
                    Next::Wait(RETRY_MAX)
                }
            };
            match next {
                Next::Gone => {
                    let gone = self.kubelet.mailboxes.finish(&self.uid);
                    // Only now does nobody ask for it any more.
                    self.kubelet.allocations.forget(&self.uid);
                    if gone {
                        return;
                    }
                    // Wanted again (a static pod's file came back): from the beginning.
                    self = Self::new(self.kubelet.clone(), self.mailbox.clone());
                }
                Next::Wait(time) => {
                    tokio::select! {
                        () = kubelet.cancel.cancelled() => return,
                        () = self.mailbox.notify.notified() => {}
                        () = tokio::time::sleep(time.min(IDLE_MAX)) => {}
                    }
                }
            }
        }
    }

    fn pause(&mut self) -> Duration {
        let pause = Duration::from_millis(500).saturating_mul(1 << self.failures.min(6)).min(RETRY_MAX);
        self.failures = self.failures.saturating_add(1);
        pause
    }

    /// Notes in the pod's trace that a stage has ended.
    pub(crate) fn passed(&mut self, stage: impl Into<Cow<'static, str>>) {
        self.way.passed(stage);
    }

    async fn step(&mut self) -> Result<Next, StepError> {
        self.way.step();
        let wanted = self.mailbox.read();
        self.take(&wanted);
        self.runtime = self.kubelet.cri.pod(&self.uid, &self.runtime).await?;
        self.judge(&wanted);
        let ends = wanted.removed || spec::is_deleted(&self.pod) || self.failure.is_some();
        if ends || status::is_terminal(&self.previous()) {
            return self.end(&wanted).await;
        }
        if !self.admitted {
            if let Err(refusal) = admission::admit(&self.kubelet, &self.pod, &self.mailbox, &self.runtime) {
                self.kubelet.pod_event(
                    &self.pod,
                    EventType::Warning,
                    &refusal.reason,
                    refusal.message.clone(),
                );
                self.failure = Some(refusal);
                return self.end(&wanted).await;
            }
            self.admitted = true;
            self.passed("admission");
        }
        if self.kubelet.allocations.request(&wanted.pod) {
            decide::decide(&self.kubelet, Some(&self.uid));
        }
        self.take(&wanted);
        self.sync().await
    }

    /// Takes the pod as it was allocated. A container that is to have other resources than when it failed is tried at once.
    fn take(&mut self, wanted: &Wanted) {
        let pod = self.kubelet.allocations.of(&wanted.pod);
        for container in allocation::resizable(&pod) {
            let before = allocation::resizable(&self.pod).find(|before| before.name == container.name);
            if before.is_some_and(|before| before.resources != container.resources) {
                self.backoff.forget(&container.name);
            }
        }
        self.pod = pod;
    }

    /// Sees whether the pod as a whole has to end.
    fn judge(&mut self, wanted: &Wanted) {
        if self.failure.is_some() || status::is_terminal(&self.previous()) {
            return;
        }
        if let Some(failure) = &wanted.failure {
            self.failure = Some(failure.clone());
            return;
        }
        if self.deadline().is_some_and(|deadline| deadline <= self.kubelet.env.now()) {
            let message = "Pod was active on the node longer than the specified deadline";
            self.kubelet.pod_event(&self.pod, EventType::Normal, "DeadlineExceeded", message);
            self.failure = Some(Failure {
                reason: "DeadlineExceeded".to_owned(),
                message: message.to_owned(),
                grace_s: None,
            });
        }
    }

    /// When the pod has been active for as long as it may.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        let seconds = spec::spec(&self.pod).active_deadline_seconds?;
        let start = self.previous().start_time?.0;
        start.checked_add(SignedDuration::from_secs(seconds)).ok()
    }

    /// The status last reported.
    pub(crate) fn previous(&self) -> PodStatus {
        if let Some(status) = self.kubelet.statuses.get(&self.uid) {
            return status;
        }
        let in_api = self.kubelet.in_api(&self.pod).filter(|_| spec::is_static(&self.pod));
        in_api.map_or_else(|| spec::status(&self.pod), |object| spec::status(&object.value))
    }

    /// Makes the pod's status from what is known now, and hands it on.
    pub(crate) async fn report(&mut self, terminal: bool) -> PodStatus {
        self.gather_last_words().await;
        let previous = self.with_api_conditions(self.previous());
        let allocations = &self.kubelet.allocations;
        let status = status::generate(&Facts {
            actuated: &allocations.actuated(&self.pod),
            resize: &allocations.conditions(&self.pod),
            pod: &self.pod,
            runtime: &self.runtime,
            previous: &previous,
            reasons: &self.reasons,
            verdicts: self.kubelet.probes.verdicts(),
            messages: &self.messages,
            node_ips: &self.kubelet.config.node_ips,
            runtime_name: &self.kubelet.runtime_info().name,
            terminal,
            verdict: self.failure.as_ref(),
            now: self.kubelet.env.now(),
        });
        let in_api = self.kubelet.in_api(&self.pod);
        let api = match &in_api {
            Some(object) => Some(&object.value),
            None if spec::is_static(&self.pod) => None,
            None => Some(self.pod.as_ref()),
        };
        self.way.reported(&status);
        self.kubelet.statuses.set(&self.uid, api, status.clone());
        status
    }

    /// Conditions of others are what the API says last.
    fn with_api_conditions(&self, mut previous: PodStatus) -> PodStatus {
        let others = |status: &PodStatus| -> Vec<_> {
            let list = status.conditions.iter().flatten();
            list.filter(|condition| !super::conditions::is_owned(&condition.type_)).cloned().collect()
        };
        let theirs = others(&spec::status(&self.pod));
        let own = previous.conditions.get_or_insert_default();
        own.retain(|condition| super::conditions::is_owned(&condition.type_));
        own.extend(theirs);
        previous
    }

    async fn gather_last_words(&mut self) {
        let ids: Vec<String> =
            self.runtime.containers.iter().map(|container| container.id().to_owned()).collect();
        self.messages.retain(|id, _| ids.contains(id));
        for container in self.runtime.containers.iter().filter(|container| container.is_exited()) {
            if !self.messages.contains_key(container.id()) {
                let words = last_words::read(&container.status).await;
                self.messages.insert(container.id().to_owned(), words);
            }
        }
    }

    /// Starts the probes of running containers and stops those of others.
    pub(crate) fn probe(&self) {
        let running: Vec<_> = self.runtime.running().collect();
        let ids: Vec<&str> = running.iter().map(|container| container.id()).collect();
        self.kubelet.probes.retain(&self.uid, &ids);
        let known = spec::status(&self.pod);
        let known: Vec<_> =
            known.container_statuses.iter().chain(&known.init_container_statuses).flatten().collect();
        let mut ips = self.runtime.ips();
        if spec::is_host_network(&self.pod) {
            ips = self.kubelet.config.node_ips.iter().map(ToString::to_string).collect();
        }
        let ip = ips.first().cloned().unwrap_or_default();
        for container in running {
            let Some((spec_, role)) = spec::find_container(&self.pod, container.name()) else { continue };
            if matches!(role, spec::Role::Init | spec::Role::Ephemeral) {
                continue;
            }
            let suffix = format!("://{}", container.id());
            let before = known
                .iter()
                .find(|status| status.container_id.as_ref().is_some_and(|id| id.ends_with(&suffix)));
            let started = Timestamp::from_nanosecond(i128::from(container.status.started_at));
            self.kubelet.probes.start(&Subject {
                pod: &self.pod,
                container: &spec_,
                role,
                id: container.id(),
                started_at: started.unwrap_or(self.kubelet.env.now()),
                ip: &ip,
                was_ready: before.is_some_and(|status| status.ready),
                was_started: before.is_some_and(|status| status.started == Some(true)),
            });
        }
    }

    /// Stops the pod for good, and clears up after it.
    async fn end(&mut self, wanted: &Wanted) -> Result<Next, StepError> {
        let kubelet = self.kubelet.clone();
        kubelet.probes.stop_restarting(&self.uid);
        self.reasons.clear();
        if self.runtime.running().next().is_some() || self.runtime.ready_sandbox().is_some() {
            if !wanted.removed {
                self.report(false).await;
            }
            kill::pod(self, wanted).await?;
            self.runtime = kubelet.cri.pod(&self.uid, &self.runtime).await?;
            if self.runtime.running().next().is_some() {
                return Err(StepError::Waiting("containers are still running".to_owned()));
            }
        }
        let counted = self.mailbox.is_active();
        self.mailbox.set_active(false);
        if counted {
            kubelet.allocations.freed();
        }
        kubelet.probes.retain(&self.uid, &[]);
        if !wanted.removed {
            self.report(true).await;
        }
        if !self.reclaimed {
            cleanup::reclaim(&kubelet, &self.uid).await.map_err(|source| StepError::File {
                what: "take away the pod's volumes and cgroup",
                source,
            })?;
            self.reclaimed = true;
        }
        if wanted.removed {
            cleanup::remove_remains(&kubelet, &self.pod, &self.runtime).await?;
            kubelet.statuses.forget(&self.uid);
            kubelet.probes.forget(&self.uid);
            return Ok(Next::Gone);
        }
        if spec::is_deleted(&self.pod) && !spec::is_static(&self.pod) && !self.deleted {
            kubelet.statuses.flushed(&self.uid).await;
            let params = DeleteParams {
                grace_period_seconds: Some(0),
                preconditions: Some(Precondition {
                    uid: self.pod.metadata.uid.clone(),
                    ..Precondition::default()
                }),
                ..DeleteParams::default()
            };
            let (namespace, name) = (spec::namespace(&self.pod), spec::name(&self.pod));
            match kubelet.client.delete::<Pod>(namespace, name, &params).await {
                Ok(_) => {}
                // Another pod has the name by now.
                Err(error) if error.is_conflict() => {}
                Err(error) => return Err(error.into()),
            }
            self.deleted = true;
        }
        // Until its removal is seen, there is nothing to do; new states of it wake the worker.
        Ok(Next::Wait(IDLE_MAX))
    }
}
