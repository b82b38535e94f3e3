//! The scheduler's loop.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use k8s_openapi::api::core::v1::{Node, Pod};
use mizzen_client::{Change, Client, Informer, Informers, Object, ObjectKey, Recorder, woken_or_due};
use mizzen_clock::Env;
use mizzen_trace::{Chain, Record, Recorder as Trace};
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use crate::bind::Writer;
use crate::config::Config;
use crate::cycle::{Unschedulable, choose};
use crate::framework::Candidate;
use crate::metrics::Metrics;
use crate::pod::PodView;
use crate::profile::Profile;
use crate::queue::Queue;
use crate::snapshot::{NodeView, Snapshot};
use mizzen_component::ConfigError as Error;

struct State {
    snapshot: Snapshot,
    queue: Queue,
    /// Where the next search for nodes begins.
    start: usize,
}

/// What the informers' handlers, the loop and bindings share. The lock is held for one step at a time, never across
/// a wait.
struct Scheduler {
    profiles: Vec<Profile>,
    metrics: Metrics,
    trace: Trace,
    state: Mutex<State>,
    wake: Notify,
    pods: Informer<PodView>,
    writer: Writer,
    bindings: Arc<Semaphore>,
    tasks: TaskTracker,
}

#[allow(clippy::disallowed_methods)] // tokio's instant: virtual when the runtime is paused.
fn now() -> Instant {
    Instant::now()
}

/// What this part's records say who they are of.
const COMPONENT: &str = "kube-scheduler";

/// Schedules pods until `cancel`; what it does it counts in `metrics`, and notes of each pod in `trace`.
pub async fn run(
    config: Config,
    client: Client,
    env: Env,
    metrics: Metrics,
    trace: Trace,
    cancel: CancellationToken,
) -> Result<(), Error> {
    let profiles = config.profiles()?;
    let (first, longest) = config.backoff();
    let queue = Queue::new(Duration::from_secs(first), Duration::from_secs(longest));
    let client = client.with_field_manager("kube-scheduler");
    let informers = Informers::new(client.clone(), env.clone(), cancel.clone());
    let pods = informers.project::<Pod, PodView>();
    let nodes = informers.project::<Node, NodeView>();
    let (events, write_events) =
        Recorder::new(client.clone(), env.clone(), &profiles[0].scheduler_name, "", cancel.clone());
    let tasks = TaskTracker::new();
    tasks.spawn(write_events);
    let scheduler = Arc::new(Scheduler {
        bindings: Arc::new(Semaphore::new(config.bindings_max())),
        profiles,
        metrics: metrics.clone(),
        trace,
        state: Mutex::new(State { snapshot: Snapshot::default(), queue, start: 0 }),
        wake: Notify::new(),
        pods: pods.clone(),
        writer: Writer { client, events, env },
        tasks: tasks.clone(),
    });
    let handler = Arc::downgrade(&scheduler);
    nodes.subscribe(move |change| {
        if let Some(scheduler) = handler.upgrade() {
            scheduler.node_changed(change);
        }
    });
    let handler = Arc::downgrade(&scheduler);
    pods.subscribe(move |change| {
        if let Some(scheduler) = handler.upgrade() {
            scheduler.pod_changed(change);
        }
    });
    let counted = Arc::downgrade(&scheduler);
    metrics.follow(move || counted.upgrade().map(|scheduler| scheduler.state().queue.lengths()));
    // Before both are known, a node may look emptier than it is.
    let synced = async {
        nodes.synced().await;
        pods.synced().await;
    };
    if cancel.run_until_cancelled(synced).await.is_some() {
        cancel.run_until_cancelled(scheduler.work()).await;
    }
    tasks.close();
    tasks.wait().await;
    informers.stopped().await;
    Ok(())
}

impl Scheduler {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn node_changed(&self, change: &Change<'_, NodeView>) {
        let mut state = self.state();
        match change {
            Change::Added(node) | Change::Updated(_, node) => {
                state.snapshot.set_node(&node.key.name, &node.value)
            }
            Change::Deleted(node) => state.snapshot.remove_node(&node.key.name),
        }
        state.queue.stir(now());
        drop(state);
        self.wake.notify_one();
    }

    /// The profile that a pod names; `None`: it is another scheduler's.
    fn profile_of(&self, pod: &PodView) -> Option<&Profile> {
        let name = match pod.spec.scheduler_name.as_str() {
            "" => "default-scheduler",
            name => name,
        };
        self.profiles.iter().find(|profile| profile.scheduler_name == name)
    }

    fn pod_changed(&self, change: &Change<'_, PodView>) {
        let object = change.object();
        let (key, pod) = (&object.key, &object.value);
        let gone = matches!(change, Change::Deleted(_)) || pod.has_ended();
        let mut state = self.state();
        if gone {
            state.queue.remove(key);
            state.snapshot.remove_pod(key);
            state.queue.stir(now());
        } else if !pod.spec.node_name.is_empty() {
            state.queue.remove(key);
            let footprint = pod.footprint();
            let resized = matches!(change, Change::Updated(old, _) if old.value.footprint() != footprint);
            state.snapshot.place(key, &object.uid, &pod.spec.node_name, footprint, false);
            if resized {
                // Others may fit into what it gave back.
                state.queue.stir(now());
            }
        } else if let Some(profile) = self.profile_of(pod)
            && pod.metadata.deletion_timestamp.is_none()
        {
            if profile.gates && !pod.spec.scheduling_gates.is_empty() {
                state.queue.remove(key);
                drop(state);
                self.gated(object);
                return;
            }
            // An assumed pod is not seen bound yet; our own condition is no news.
            let news = match change {
                Change::Updated(old, new) => !only_condition_changed(&old.value, &new.value),
                _ => true,
            };
            if news && !state.snapshot.holds(key, &object.uid) {
                self.trace.note(&object.uid, COMPONENT, "queue");
                state.queue.add(key, pod.spec.priority);
            }
        } else {
            state.queue.remove(key);
        }
        drop(state);
        self.wake.notify_one();
    }

    /// A pod whose gates are closed says so.
    fn gated(&self, object: &Arc<Object<PodView>>) {
        if object.value.status.conditions.iter().any(|condition| condition.reason == "SchedulingGated") {
            return;
        }
        let gates = object.value.spec.scheduling_gates.iter().map(|gate| gate.name.as_str());
        debug!(key = %object.key, gates = gates.collect::<Vec<_>>().join(","), "The pod is gated.");
        let (writer, object) = (self.writer.clone(), object.clone());
        self.tasks.spawn(async move {
            let message = "Scheduling is blocked due to non-empty scheduling gates";
            if let Err(error) = writer.condition(&object.key, &object.uid, "SchedulingGated", message).await {
                debug!(key = %object.key, %error, "The condition could not be set.");
            }
        });
    }

    /// Tries pods for ever; ends by being dropped.
    async fn work(self: &Arc<Self>) {
        loop {
            let due = loop {
                let next = self.state().queue.pop(now());
                match next {
                    Some(key) => self.try_pod(&key).await,
                    None => break self.state().queue.next_due(),
                }
            };
            woken_or_due(self.wake.notified(), due).await;
        }
    }

    async fn try_pod(self: &Arc<Self>, key: &ObjectKey) {
        let Some(object) = self.pods.get(key) else { return self.state().queue.remove(key) };
        if !object.value.spec.node_name.is_empty() {
            return self.state().queue.remove(key);
        }
        // A place for its binding first: what is assumed is bound soon.
        let Ok(slot) = self.bindings.clone().acquire_owned().await else { return };
        let Some(profile) = self.profile_of(&object.value) else { return self.state().queue.remove(key) };
        let (footprint, begun, mut chain) = (object.value.footprint(), now(), self.trace.chain());
        let choice = {
            let mut state = self.state();
            let State { snapshot, start, .. } = &mut *state;
            let candidate = Candidate { pod: &object.value, footprint: &footprint };
            let choice = choose(&candidate, profile, snapshot.nodes(), start, &self.writer.env.random);
            match &choice {
                Ok(node) => state.snapshot.place(key, &object.uid, node, footprint, true),
                Err(_) => state.queue.unschedulable(key, now()),
            }
            choice
        };
        self.metrics.decided(begun.elapsed());
        chain.mark("filter and score", self.trace.now_us());
        let (scheduler, name) = (self.clone(), profile.scheduler_name.clone());
        self.tasks.spawn(async move {
            let result = match choice {
                Ok(node) if scheduler.bind(&object, &node).await => "scheduled",
                Ok(_) => "error",
                Err(Unschedulable { message }) => {
                    scheduler.tell(&object, &message).await;
                    "unschedulable"
                }
            };
            scheduler.note(&object, chain, result);
            scheduler.metrics.attempted(&name, result, begun.elapsed());
            drop(slot);
        });
    }

    /// Notes in the pod's trace how an attempt went.
    fn note(&self, object: &Object<PodView>, mut chain: Chain, result: &str) {
        if !self.trace.is_on() {
            return;
        }
        let Ok(uid) = object.uid.parse() else { return };
        chain.mark(if result == "unschedulable" { "condition" } else { "bind" }, self.trace.now_us());
        self.trace.push(Record { operation: result.into(), ..Record::new(uid, COMPONENT, chain) });
    }

    /// Whether it worked.
    async fn bind(&self, object: &Object<PodView>, node: &str) -> bool {
        match self.writer.bind(&object.key, &object.uid, node).await {
            Ok(()) => {
                self.state().queue.remove(&object.key);
                true
            }
            Err(error) => {
                let mut state = self.state();
                state.snapshot.forget(&object.key, &object.uid);
                // Gone, or bound by somebody else: its events tell the rest.
                if error.is_not_found() || error.is_conflict() {
                    debug!(key = %object.key, node, %error, "The pod is not ours to bind any more.");
                } else {
                    warn!(key = %object.key, node, %error, "The pod could not be bound, will retry.");
                }
                state.queue.failed(&object.key, now());
                drop(state);
                self.wake.notify_one();
                false
            }
        }
    }

    async fn tell(&self, object: &Object<PodView>, message: &str) {
        let said = object.value.status.conditions.iter().any(|condition| {
            condition.type_ == "PodScheduled" && condition.status == "False" && condition.message == message
        });
        if said {
            return;
        }
        if let Err(error) = self.writer.unschedulable(&object.key, &object.uid, message).await {
            debug!(key = %object.key, %error, "The condition could not be set.");
        }
    }
}

/// Whether a change of a waiting pod is but a condition, such as the scheduler's own.
fn only_condition_changed(old: &PodView, new: &PodView) -> bool {
    let essence = |pod: &PodView| {
        let spec = &pod.spec;
        format!(
            "{:?} {:?} {:?} {} {:?}",
            spec.node_selector, spec.tolerations, spec.affinity, spec.priority, spec.scheduling_gates
        )
    };
    old.status.phase == new.status.phase && essence(old) == essence(new) && old.footprint() == new.footprint()
}
