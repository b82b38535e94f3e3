//! What pods were given of the node: the CPU and memory that their containers may have, and those that were set on them.
//!
//! A pod's spec says what it wants. What the node has agreed to is *allocated*: it alone counts when pods are admitted,
//! and a pod runs by it, whatever its spec says meanwhile. What was last set on a running container is *actuated*. Both
//! lie in a file in the pod's folder, so that they outlive the kubelet. Source: KEP-1287.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use k8s_openapi::api::core::v1::{Container, Pod, PodCondition, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tracing::warn;

use super::spec::{self, Role};

/// The condition of a pod whose spec asks for something else than what it was allocated.
pub(crate) const PENDING: &str = "PodResizePending";
/// The condition of a pod whose containers do not have yet what it was allocated.
pub(crate) const IN_PROGRESS: &str = "PodResizeInProgress";
/// The reason of [`IN_PROGRESS`] when it fails, and is tried again.
pub(crate) const ERROR: &str = "Error";

/// Name of a pod's file in its folder.
const FILE: &str = "resources.json";

/// Resources by container.
pub(crate) type ByContainer = BTreeMap<String, ResourceRequirements>;

/// A pod's file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Record {
    allocated: ByContainer,
    actuated: ByContainer,
}

/// What is known of one pod.
#[derive(Debug, Default)]
struct Entry {
    record: Record,
    conditions: Conditions,
}

/// How far a pod's resize is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Conditions {
    pub(crate) pending: Option<PodCondition>,
    pub(crate) in_progress: Option<PodCondition>,
}

impl Conditions {
    /// Both, or neither.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &PodCondition> {
        self.pending.iter().chain(&self.in_progress)
    }

    /// As a pod's status has them, so that times outlive the kubelet.
    fn of(pod: &Pod) -> Self {
        let list = pod.status.as_ref().and_then(|status| status.conditions.as_deref()).unwrap_or_default();
        let find = |name: &str| list.iter().find(|one| one.type_ == name && one.status == "True").cloned();
        Self { pending: find(PENDING), in_progress: find(IN_PROGRESS) }
    }

    /// Says that a resize waits, and why; whether that is news.
    pub(crate) fn wait(
        &mut self,
        reason: &str,
        message: &str,
        generation: Option<i64>,
        now: Timestamp,
    ) -> bool {
        let old = self.pending.take();
        let new = condition(PENDING, old.as_ref(), reason, message, generation, now);
        let news = old.is_none_or(|old| {
            (&old.reason, &old.message, old.observed_generation)
                != (&new.reason, &new.message, new.observed_generation)
        });
        self.pending = Some(new);
        news
    }

    /// Says that a resize has begun anew.
    pub(crate) fn begin(&mut self, generation: Option<i64>, now: Timestamp) {
        self.pending = None;
        self.in_progress = Some(condition(IN_PROGRESS, None, "", "", generation, now));
    }

    /// Says that a resize goes on, if that was not known: whoever asked for it did so before this kubelet was started.
    fn go_on(&mut self, generation: Option<i64>, now: Timestamp) {
        self.in_progress.get_or_insert_with(|| condition(IN_PROGRESS, None, "", "", generation, now));
    }

    /// Says that a step of a resize failed; whether that is news. The generation is that of the resize's beginning.
    fn fail(&mut self, message: &str, generation: Option<i64>, now: Timestamp) -> bool {
        let old = self.in_progress.take();
        let generation = old.as_ref().map_or(generation, |old| old.observed_generation);
        let new = condition(IN_PROGRESS, old.as_ref(), ERROR, message, generation, now);
        let news = old.is_none_or(|old| old.message != new.message);
        self.in_progress = Some(new);
        news
    }
}

fn condition(
    type_: &str,
    old: Option<&PodCondition>,
    reason: &str,
    message: &str,
    generation: Option<i64>,
    now: Timestamp,
) -> PodCondition {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let same = old.filter(|old| old.reason.as_deref().unwrap_or_default() == reason);
    let since = same.and_then(|old| old.last_transition_time.clone());
    PodCondition {
        type_: type_.to_owned(),
        status: "True".to_owned(),
        reason: text(reason),
        message: text(message),
        last_probe_time: Some(Time(now)),
        last_transition_time: Some(since.unwrap_or(Time(now))),
        observed_generation: generation,
    }
}

/// The containers of a pod that can be resized: main ones and sidecars.
pub(crate) fn resizable(pod: &Pod) -> impl Iterator<Item = &Container> {
    let sidecars = spec::init_containers(pod).iter().filter(|one| spec::init_role(one) == Role::Sidecar);
    sidecars.chain(&spec::spec(pod).containers)
}

/// Whether both mean the same amounts, however these are written.
pub(crate) fn same(a: &ResourceRequirements, b: &ResourceRequirements) -> bool {
    type List = Option<BTreeMap<String, Quantity>>;
    let parsed = |list: &List| -> BTreeMap<String, Option<mizzen_machinery::quantity::Quantity>> {
        list.iter().flatten().map(|(name, quantity)| (name.clone(), quantity.0.parse().ok())).collect()
    };
    parsed(&a.requests) == parsed(&b.requests) && parsed(&a.limits) == parsed(&b.limits)
}

/// What all pods of the node were given.
pub(crate) struct Allocations {
    /// The folder of pods' folders.
    pods: PathBuf,
    entries: Mutex<BTreeMap<String, Entry>>,
    /// Pods that ask for something else than what they have.
    waiting: Mutex<BTreeSet<String>>,
    turn: Mutex<()>,
    wake: Notify,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Allocations {
    /// Of a kubelet with this folder.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            pods: root.join("pods"),
            entries: Mutex::default(),
            waiting: Mutex::default(),
            turn: Mutex::default(),
            wake: Notify::new(),
        }
    }

    /// Who holds this decides alone about what is left of the node: admits a pod, or allocates more to one.
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        lock(&self.turn)
    }

    fn load(&self, pod: &Pod) -> Entry {
        let path = self.pods.join(spec::uid(pod)).join(FILE);
        let record = match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).unwrap_or_else(|error| {
                warn!(path = %path.display(), %error, "What a pod was allocated cannot be read, its spec counts.");
                Record::default()
            }),
            Err(_) => Record::default(),
        };
        Entry { record, conditions: Conditions::of(pod) }
    }

    /// Does something with what is known of a pod; the file is read when it is first asked for.
    fn with<R>(&self, pod: &Pod, act: impl FnOnce(&mut Entry) -> R) -> R {
        let mut entries = lock(&self.entries);
        let entry = entries.entry(spec::uid(pod).to_owned()).or_insert_with(|| self.load(pod));
        act(entry)
    }

    fn save(&self, uid: &str, record: &Record) -> io::Result<()> {
        let folder = self.pods.join(uid);
        std::fs::create_dir_all(&folder)?;
        let (path, fresh) = (folder.join(FILE), folder.join(format!(".{FILE}.new")));
        // Nothing is synced: after a crash of the machine, no container runs that this could be about.
        std::fs::write(&fresh, serde_json::to_vec(record)?)?;
        std::fs::rename(fresh, path)
    }

    /// Changes a pod's file. What could not be written is not changed here either.
    fn change(&self, pod: &Pod, change: impl FnOnce(&mut Record)) -> io::Result<()> {
        self.with(pod, |entry| {
            let mut record = entry.record.clone();
            change(&mut record);
            if record != entry.record {
                self.save(spec::uid(pod), &record)?;
                entry.record = record;
            }
            Ok(())
        })
    }

    /// The pod as it was allocated; as its spec says where nothing is known of it.
    pub(crate) fn of(&self, pod: &Arc<Pod>) -> Arc<Pod> {
        self.with(pod, |entry| {
            let differs = |container: &Container| {
                let own = container.resources.clone().unwrap_or_default();
                entry.record.allocated.get(&container.name).is_some_and(|given| !same(given, &own))
            };
            if !resizable(pod).any(differs) {
                return pod.clone();
            }
            let mut given = Pod::clone(pod);
            let spec = given.spec.get_or_insert_default();
            for container in spec.init_containers.iter_mut().flatten().chain(&mut spec.containers) {
                if let Some(resources) = entry.record.allocated.get(&container.name)
                    && !same(
                        resources,
                        container.resources.as_ref().unwrap_or(&ResourceRequirements::default()),
                    )
                {
                    container.resources = Some(resources.clone());
                }
            }
            Arc::new(given)
        })
    }

    /// Allocates what the pod asks for.
    pub(crate) fn allocate(&self, pod: &Pod) -> io::Result<()> {
        self.change(pod, |record| {
            let each = resizable(pod);
            let each = each.map(|one| (one.name.clone(), one.resources.clone().unwrap_or_default()));
            record.allocated = each.collect();
        })
    }

    /// The same for a pod that has been admitted, unless that was done before.
    pub(crate) fn adopt(&self, pod: &Pod) -> io::Result<()> {
        if self.with(pod, |entry| entry.record.allocated.is_empty()) { self.allocate(pod) } else { Ok(()) }
    }

    /// What was set on the containers of a pod, as far as that is known.
    pub(crate) fn actuated(&self, pod: &Pod) -> ByContainer {
        self.with(pod, |entry| entry.record.actuated.clone())
    }

    /// Notes what was set on a container.
    pub(crate) fn actuate(&self, pod: &Pod, name: &str, resources: ResourceRequirements) -> io::Result<()> {
        self.change(pod, |record| {
            record.actuated.insert(name.to_owned(), resources);
        })
    }

    /// How far a pod's resize is.
    pub(crate) fn conditions(&self, pod: &Pod) -> Conditions {
        self.with(pod, |entry| entry.conditions.clone())
    }

    /// Changes how far a pod's resize is.
    pub(crate) fn with_conditions<R>(&self, pod: &Pod, change: impl FnOnce(&mut Conditions) -> R) -> R {
        self.with(pod, |entry| change(&mut entry.conditions))
    }

    /// Notes that containers do not have yet what was allocated.
    pub(crate) fn go_on(&self, pod: &Pod, now: Timestamp) {
        self.with_conditions(pod, |conditions| conditions.go_on(pod.metadata.generation, now));
    }

    /// Notes why a step failed; whether that is news.
    pub(crate) fn fail(&self, pod: &Pod, message: &str, now: Timestamp) -> bool {
        self.with_conditions(pod, |conditions| conditions.fail(message, pod.metadata.generation, now))
    }

    /// Notes that containers have what was allocated; gives the generation that asked for it, if that is news.
    pub(crate) fn finish(&self, pod: &Pod) -> Option<Option<i64>> {
        let ended = self.with_conditions(pod, |conditions| conditions.in_progress.take());
        ended.map(|condition| condition.observed_generation)
    }

    /// Notes whether the pod asks for something else than what it was allocated, and says so.
    pub(crate) fn request(&self, pod: &Arc<Pod>) -> bool {
        let differs = !Arc::ptr_eq(&self.of(pod), pod);
        let uid = spec::uid(pod);
        if differs {
            lock(&self.waiting).insert(uid.to_owned());
        } else {
            self.stop_waiting(uid);
            self.with_conditions(pod, |conditions| conditions.pending = None);
        }
        differs
    }

    /// Uids of pods that ask for something else than what they have.
    pub(crate) fn waiting(&self) -> Vec<String> {
        lock(&self.waiting).iter().cloned().collect()
    }

    /// Nothing is to be decided for this pod any more.
    pub(crate) fn stop_waiting(&self, uid: &str) {
        lock(&self.waiting).remove(uid);
    }

    /// Forgets a pod that is gone.
    pub(crate) fn forget(&self, uid: &str) {
        self.stop_waiting(uid);
        lock(&self.entries).remove(uid);
    }

    /// Something of the node was freed: who waits may have it.
    pub(crate) fn freed(&self) {
        self.wake.notify_one();
    }

    /// Waits until something was freed.
    pub(crate) async fn until_freed(&self) {
        self.wake.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(main: &str, sidecar: &str) -> Arc<Pod> {
        let cpu = |amount: &str| json!({"requests": {"cpu": amount}});
        let pod = json!({"metadata": {"name": "p", "uid": "u", "generation": 2}, "spec": {
            "initContainers": [
                {"name": "i", "resources": cpu("1")},
                {"name": "s", "restartPolicy": "Always", "resources": cpu(sidecar)},
            ],
            "containers": [{"name": "c", "resources": cpu(main)}],
        }});
        Arc::new(serde_json::from_value(pod).expect("a pod"))
    }

    fn request(pod: &Pod) -> Vec<String> {
        resizable(pod)
            .map(|one| {
                one.resources.as_ref().expect("some").requests.as_ref().expect("some")["cpu"].0.clone()
            })
            .collect()
    }

    #[test]
    fn what_was_allocated_outlives_a_kubelet() {
        let folder = tempfile::tempdir().expect("a folder");
        let kubelet = Allocations::new(folder.path());
        let first = pod("100m", "10m");
        assert!(!kubelet.request(&first), "nothing is known of it");
        assert_eq!(request(&kubelet.of(&first)), ["10m", "100m"]);
        kubelet.adopt(&first).expect("written");
        let more = pod("200m", "20m");
        assert!(kubelet.request(&more));
        assert_eq!(kubelet.waiting(), ["u"]);
        assert_eq!(request(&kubelet.of(&more)), ["10m", "100m"], "the spec alone changes nothing");
        kubelet.adopt(&more).expect("it has been");

        let kubelet = Allocations::new(folder.path());
        assert_eq!(request(&kubelet.of(&more)), ["10m", "100m"]);
        kubelet.actuate(&more, "c", ResourceRequirements::default()).expect("written");
        kubelet.allocate(&more).expect("written");
        let kubelet = Allocations::new(folder.path());
        assert_eq!(request(&kubelet.of(&first)), ["20m", "200m"]);
        assert_eq!(kubelet.actuated(&more).into_keys().collect::<Vec<_>>(), ["c"]);
        let written = pod("0.2", "0.02");
        assert!(!kubelet.request(&written), "it is the same, written otherwise");
        assert_eq!(request(&kubelet.of(&written)), ["0.02", "0.2"]);
        std::fs::write(folder.path().join("pods/u").join(FILE), "{").expect("written");
        assert_eq!(request(&Allocations::new(folder.path()).of(&first)), ["10m", "100m"], "its spec counts");
    }

    #[test]
    fn conditions_keep_their_times_and_generations() {
        let at = |second| Timestamp::from_second(second).expect("in range");
        let mut conditions = Conditions::default();
        assert!(conditions.wait("Deferred", "a", Some(2), at(1)));
        assert!(!conditions.wait("Deferred", "a", Some(2), at(2)), "nothing new");
        assert!(conditions.wait("Deferred", "b", Some(2), at(3)));
        let since = |condition: &Option<PodCondition>| {
            let condition = condition.as_ref().expect("set");
            condition.last_transition_time.as_ref().expect("set").0.as_second()
        };
        assert_eq!(since(&conditions.pending), 1);
        assert!(conditions.wait("Infeasible", "b", Some(3), at(4)));
        assert_eq!(since(&conditions.pending), 4);
        conditions.begin(Some(3), at(5));
        assert!(conditions.pending.is_none());
        assert!(conditions.fail("no", Some(4), at(6)));
        assert!(!conditions.fail("no", Some(4), at(7)));
        let progress = conditions.in_progress.clone().expect("set");
        assert_eq!((progress.observed_generation, progress.reason.as_deref()), (Some(3), Some(ERROR)));
        conditions.go_on(Some(5), at(8));
        assert_eq!(conditions.in_progress, Some(progress));
    }
}
