//! Packing endpoints into EndpointSlices so that few slices change, and writing what changed.
//!
//! Each slice holds endpoints of one address family with the same ports. What is there already stays where it is;
//! slices that change anyway are filled first, then the fullest slice that takes the whole rest, then new ones.
//! Source: KEP-752, "EndpointSlice Controller".

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use k8s_openapi::api::discovery::v1::{Endpoint, EndpointPort, EndpointSlice};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, OwnerReference};
use mizzen_client::{Client, DeleteParams, Error, Object, ObjectKey};
use mizzen_clock::Map;

use crate::selector::Labels;

/// The Service that a slice belongs to.
pub(crate) const SERVICE_NAME: &str = "kubernetes.io/service-name";
/// Who writes a slice.
pub(crate) const MANAGED_BY: &str = "endpointslice.kubernetes.io/managed-by";
/// Most endpoints in a slice (`--max-endpoints-per-slice`).
pub(crate) const ENDPOINTS_MAX: usize = 100;

/// What all slices of a Service have in common.
pub(crate) struct Common {
    pub(crate) service: ObjectKey,
    pub(crate) labels: Labels,
    /// `None`: they are not our matter.
    pub(crate) annotations: Option<Labels>,
    pub(crate) owner: OwnerReference,
}

/// Endpoints that share their ports.
pub(crate) struct Group {
    pub(crate) address_type: String,
    pub(crate) ports: Vec<EndpointPort>,
    pub(crate) endpoints: Vec<Endpoint>,
}

/// Writes that make the slices right.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) create: Vec<EndpointSlice>,
    pub(crate) update: Vec<EndpointSlice>,
    pub(crate) delete: Vec<Arc<Object<EndpointSlice>>>,
}

/// What tells one endpoint from another while its conditions change: its object, and its addresses.
fn identity(endpoint: &Endpoint) -> (String, Vec<String>) {
    let target = endpoint.target_ref.as_ref();
    let target = target.and_then(|target| target.uid.clone().or_else(|| target.name.clone()));
    (target.unwrap_or_default(), endpoint.addresses.clone())
}

fn ports_of(slice: &EndpointSlice) -> Vec<EndpointPort> {
    sorted(slice.ports.clone().unwrap_or_default())
}

fn is_owned_by(slice: &EndpointSlice, uid: &str) -> bool {
    slice.metadata.owner_references.iter().flatten().any(|owner| owner.uid == uid)
}

/// Ports in an order of their own, so that the same ports compare equal.
pub(crate) fn sorted(mut ports: Vec<EndpointPort>) -> Vec<EndpointPort> {
    ports.sort_by(|a, b| (&a.name, &a.protocol, a.port).cmp(&(&b.name, &b.protocol, b.port)));
    ports
}

impl Plan {
    /// The writes from the slices of one Service to those that hold these groups.
    pub(crate) fn new(
        common: &Common,
        existing: Vec<Arc<Object<EndpointSlice>>>,
        groups: Vec<Group>,
    ) -> Self {
        let mut plan = Self::default();
        let mut rest = existing;
        for group in groups {
            let is_its = |slice: &Arc<Object<EndpointSlice>>| {
                slice.value.address_type == group.address_type
                    && ports_of(&slice.value) == sorted(group.ports.clone())
                    && is_owned_by(&slice.value, &common.owner.uid)
            };
            let (own, others): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_its);
            rest = others;
            plan.pack(common, own, group);
        }
        plan.delete.extend(rest);
        plan.recycle(common);
        plan
    }

    fn pack(&mut self, common: &Common, own: Vec<Arc<Object<EndpointSlice>>>, group: Group) {
        let placeholder = group.endpoints.is_empty();
        let mut wanted: BTreeMap<_, Endpoint> =
            group.endpoints.into_iter().map(|endpoint| (identity(&endpoint), endpoint)).collect();
        let mut changed: Vec<(Arc<Object<EndpointSlice>>, Vec<Endpoint>)> = Vec::new();
        let mut unchanged = Vec::new();
        let mut outdated = Vec::new();
        for slice in own {
            let mut kept = Vec::new();
            let mut differs = false;
            for endpoint in &slice.value.endpoints {
                match wanted.remove(&identity(endpoint)) {
                    Some(new) => {
                        differs |= new != *endpoint;
                        kept.push(new);
                    }
                    None => differs = true,
                }
            }
            if differs {
                changed.push((slice, kept));
            } else if common.differs(&slice.value) {
                outdated.push((slice, kept));
            } else {
                unchanged.push((slice, kept));
            }
        }
        changed.append(&mut outdated);
        let mut new: VecDeque<Endpoint> = wanted.into_values().collect();
        // Fullest first: they have the least room to waste.
        changed.sort_by_key(|(_, kept)| std::cmp::Reverse(kept.len()));
        for (_, kept) in &mut changed {
            let room = ENDPOINTS_MAX.saturating_sub(kept.len()).min(new.len());
            kept.extend(new.drain(..room));
        }
        while new.len() >= ENDPOINTS_MAX {
            self.create.push(common.slice(
                &group.address_type,
                &group.ports,
                new.drain(..ENDPOINTS_MAX).collect(),
            ));
        }
        if !new.is_empty() {
            let fits = |(_, kept): &&(_, Vec<Endpoint>)| kept.len() + new.len() <= ENDPOINTS_MAX;
            let fullest = unchanged.iter().filter(fits).max_by_key(|(_, kept)| kept.len());
            let fullest = fullest.map(|(slice, _): &(Arc<Object<EndpointSlice>>, _)| slice.uid.clone());
            match fullest.and_then(|uid| unchanged.iter().position(|(slice, _)| slice.uid == uid)) {
                Some(at) => {
                    let (slice, mut kept) = unchanged.remove(at);
                    kept.extend(new);
                    changed.push((slice, kept));
                }
                None => self.create.push(common.slice(&group.address_type, &group.ports, new.into())),
            }
        }
        if placeholder {
            return self.keep_one_empty(common, changed, unchanged, &group.address_type, &group.ports);
        }
        for (slice, kept) in changed {
            if kept.is_empty() {
                self.delete.push(slice);
            } else {
                self.update.push(common.renewed(&slice.value, kept));
            }
        }
        // An empty slice is of use only where there is no other.
        self.delete.extend(unchanged.into_iter().filter(|(_, kept)| kept.is_empty()).map(|(slice, _)| slice));
    }

    /// A Service without endpoints keeps one empty slice, which says so.
    fn keep_one_empty(
        &mut self,
        common: &Common,
        changed: Vec<(Arc<Object<EndpointSlice>>, Vec<Endpoint>)>,
        unchanged: Vec<(Arc<Object<EndpointSlice>>, Vec<Endpoint>)>,
        address_type: &str,
        ports: &[EndpointPort],
    ) {
        let have = !unchanged.is_empty();
        self.delete.extend(unchanged.into_iter().skip(1).map(|(slice, _)| slice));
        let mut changed = changed.into_iter();
        if !have {
            match changed.next() {
                Some((slice, _)) => self.update.push(common.renewed(&slice.value, Vec::new())),
                None => self.create.push(common.slice(address_type, ports, Vec::new())),
            }
        }
        self.delete.extend(changed.map(|(slice, _)| slice));
    }

    /// A slice that would be deleted takes what a new one would hold, where the family is the same.
    fn recycle(&mut self, common: &Common) {
        let mut create = Vec::new();
        for mut slice in std::mem::take(&mut self.create) {
            let owned = |old: &Arc<Object<EndpointSlice>>| {
                old.value.address_type == slice.address_type
                    && is_owned_by(&old.value, &common.owner.uid)
                    && old.value.metadata.deletion_timestamp.is_none()
            };
            match self.delete.iter().position(owned) {
                Some(at) => {
                    let old = self.delete.remove(at);
                    slice.metadata = ObjectMeta {
                        labels: slice.metadata.labels.take(),
                        annotations: common
                            .annotations
                            .clone()
                            .or_else(|| old.value.metadata.annotations.clone()),
                        ..old.value.metadata.clone()
                    };
                    self.update.push(slice);
                }
                None => create.push(slice),
            }
        }
        self.create = create;
    }

    /// Says in every written slice when the change happened.
    pub(crate) fn stamp(&mut self, time: Option<Timestamp>) {
        for slice in self.create.iter_mut().chain(&mut self.update) {
            let annotations = slice.metadata.annotations.get_or_insert_default();
            match time {
                Some(time) => annotations.insert(crate::service::TRIGGER_TIME.to_owned(), time.to_string()),
                None => annotations.remove(crate::service::TRIGGER_TIME),
            };
            if annotations.is_empty() {
                slice.metadata.annotations = None;
            }
        }
    }

    /// Carries it out, telling `tracker` of every write. With `only_less`, nothing is created.
    pub(crate) async fn carry_out(
        self,
        client: &Client,
        tracker: &Tracker,
        service: &ObjectKey,
        only_less: bool,
    ) -> Result<(), Error> {
        if !only_less {
            for slice in &self.create {
                match client.create(slice).await {
                    Ok(made) => tracker.wrote(service, &made.metadata),
                    Err(error) if error.is_namespace_terminating() => return Ok(()),
                    Err(error) => return Err(error),
                }
            }
        }
        for slice in &self.update {
            let updated = client.update(slice).await?;
            tracker.wrote(service, &updated.metadata);
        }
        for slice in &self.delete {
            let params = DeleteParams::uid(slice.uid.clone());
            match client.delete::<EndpointSlice>(&slice.key.namespace, &slice.key.name, &params).await {
                Err(error) if !error.is_conflict() => return Err(error),
                _ => tracker.deleted(service, &slice.uid),
            }
        }
        Ok(())
    }
}

impl Common {
    fn differs(&self, slice: &EndpointSlice) -> bool {
        let without_time = |all: Option<&Labels>| {
            let mut all = all.cloned().unwrap_or_default();
            all.remove(crate::service::TRIGGER_TIME);
            all
        };
        let annotations = || without_time(slice.metadata.annotations.as_ref());
        slice.metadata.labels.as_ref() != Some(&self.labels)
            || self.annotations.as_ref().is_some_and(|wanted| *wanted != annotations())
    }

    fn renewed(&self, slice: &EndpointSlice, endpoints: Vec<Endpoint>) -> EndpointSlice {
        let mut slice = EndpointSlice { endpoints, ..slice.clone() };
        slice.metadata.labels = Some(self.labels.clone());
        if self.annotations.is_some() {
            slice.metadata.annotations = self.annotations.clone();
        }
        slice
    }

    fn slice(&self, address_type: &str, ports: &[EndpointPort], endpoints: Vec<Endpoint>) -> EndpointSlice {
        EndpointSlice {
            metadata: ObjectMeta {
                generate_name: Some(format!("{}-", self.service.name)),
                namespace: Some(self.service.namespace.clone()),
                labels: Some(self.labels.clone()),
                annotations: self.annotations.clone(),
                owner_references: Some(vec![self.owner.clone()]),
                ..ObjectMeta::default()
            },
            address_type: address_type.to_owned(),
            endpoints,
            ports: Some(ports.to_vec()).filter(|ports| !ports.is_empty()),
        }
    }
}

/// What was last written of a slice.
enum Written {
    Generation(i64),
    Deleted,
}

/// What is known of one Service.
#[derive(Default)]
struct Known {
    /// By the slice's uid.
    written: BTreeMap<String, Written>,
    /// A reconcile waits for the cache.
    awaited: bool,
}

/// Remembers what was written, so that nothing is decided on a cache that has not seen it yet.
#[derive(Default)]
pub(crate) struct Tracker(Mutex<Map<ObjectKey, Known>>);

impl Tracker {
    fn lock(&self) -> MutexGuard<'_, Map<ObjectKey, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, service: &ObjectKey, change: impl FnOnce(&mut BTreeMap<String, Written>)) {
        change(&mut self.lock().entry(service.clone()).or_default().written);
    }

    fn wrote(&self, service: &ObjectKey, meta: &ObjectMeta) {
        let (uid, generation) = (meta.uid.clone().unwrap_or_default(), meta.generation.unwrap_or(0));
        self.change(service, |all| {
            all.insert(uid, Written::Generation(generation));
        });
    }

    fn deleted(&self, service: &ObjectKey, uid: &str) {
        self.change(service, |all| {
            all.insert(uid.to_owned(), Written::Deleted);
        });
    }

    /// A slice is seen to be gone. Whether that is news: nobody of us deleted it, or somebody waits to see it.
    pub(crate) fn seen_gone(&self, service: &ObjectKey, uid: &str) -> bool {
        let mut all = self.lock();
        let Some(known) = all.get_mut(service) else { return true };
        let ours = matches!(known.written.remove(uid), Some(Written::Deleted));
        std::mem::take(&mut known.awaited) || !ours
    }

    /// A slice is seen. Whether that is news: it is not as we wrote it, or somebody waits to see it.
    pub(crate) fn seen(&self, service: &ObjectKey, meta: &ObjectMeta) -> bool {
        let mut all = self.lock();
        let Some(known) = all.get_mut(service) else { return true };
        let (uid, generation) = (meta.uid.as_deref().unwrap_or_default(), meta.generation.unwrap_or(0));
        let ours = matches!(known.written.get(uid), Some(Written::Generation(own)) if *own == generation);
        std::mem::take(&mut known.awaited) || !ours
    }

    /// Whether the cached slices are at least as new as all that was written; if not, the next one seen is news.
    pub(crate) fn is_fresh(&self, service: &ObjectKey, cached: &[Arc<Object<EndpointSlice>>]) -> bool {
        let mut all = self.lock();
        let Some(known) = all.get_mut(service) else { return true };
        let fresh = known.written.iter().all(|(uid, written)| {
            let cached = cached.iter().find(|slice| slice.uid == *uid);
            match (written, cached) {
                (Written::Deleted, cached) => cached.is_none(),
                (Written::Generation(_), None) => false,
                (Written::Generation(generation), Some(slice)) => {
                    slice.value.metadata.generation.unwrap_or(0) >= *generation
                }
            }
        });
        known.awaited = !fresh;
        fresh
    }

    /// The Service is gone.
    pub(crate) fn forget(&self, service: &ObjectKey) {
        self.lock().remove(service);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn common() -> Common {
        Common {
            service: ObjectKey::new("a", "web"),
            labels: Labels::new(),
            annotations: None,
            owner: OwnerReference::default(),
        }
    }

    fn endpoints(range: std::ops::Range<usize>) -> Vec<Endpoint> {
        let one = |index: usize| {
            serde_json::from_value(json!({
                "addresses": [format!("10.0.{}.{}", index / 250, index % 250)],
                "targetRef": {"uid": format!("{index:05}")},
            }))
            .expect("an endpoint")
        };
        range.map(one).collect()
    }

    fn group(endpoints: Vec<Endpoint>) -> Group {
        Group { address_type: "IPv4".to_owned(), ports: Vec::new(), endpoints }
    }

    fn existing(uid: &str, endpoints: Vec<Endpoint>) -> Arc<Object<EndpointSlice>> {
        let mut value = common().slice("IPv4", &[], endpoints);
        value.metadata.uid = Some(uid.to_owned());
        Arc::new(Object {
            key: ObjectKey::new("a", uid),
            uid: uid.to_owned(),
            resource_version: "1".to_owned(),
            value,
        })
    }

    #[test]
    fn few_slices_change() {
        let check = |have: &[(usize, usize)], want: std::ops::Range<usize>, expect| {
            let have = have.iter().enumerate();
            let slice =
                |(at, (from, to)): (usize, &(usize, usize))| existing(&at.to_string(), endpoints(*from..*to));
            let have = have.map(slice).collect();
            let plan = Plan::new(&common(), have, vec![group(endpoints(want.clone()))]);
            let numbers = (plan.create.len(), plan.update.len(), plan.delete.len());
            assert_eq!(numbers, expect, "{want:?}");
            let all = plan.create.iter().chain(&plan.update);
            assert!(all.clone().all(|slice| slice.endpoints.len() <= ENDPOINTS_MAX));
        };
        check(&[], 0..0, (1, 0, 0));
        check(&[], 0..3, (1, 0, 0));
        check(&[], 0..250, (3, 0, 0));
        check(&[(0, 3)], 0..3, (0, 0, 0));
        check(&[(0, 3)], 0..4, (0, 1, 0));
        check(&[(0, 100)], 0..101, (1, 0, 0));
        // The fullest that takes the rest is chosen, and one alone changes.
        check(&[(0, 50), (50, 140)], 0..145, (0, 1, 0));
        check(&[(0, 50), (50, 140)], 0..50, (0, 0, 1));
        check(&[(0, 50), (50, 140)], 0..0, (0, 1, 1));
        // A slice that would go is used again.
        check(&[(0, 10)], 20..30, (0, 1, 0));
    }

    #[test]
    fn a_tracker_knows_an_old_cache() {
        let (tracker, service) = (Tracker::default(), ObjectKey::new("a", "web"));
        let meta = |generation| ObjectMeta {
            uid: Some("0".to_owned()),
            generation: Some(generation),
            ..ObjectMeta::default()
        };
        let cached = |generation| {
            let mut slice = Arc::into_inner(existing("0", Vec::new())).expect("one owner");
            slice.value.metadata = meta(generation);
            vec![Arc::new(slice)]
        };
        tracker.wrote(&service, &meta(2));
        assert!(!tracker.is_fresh(&service, &cached(1)));
        assert!(tracker.seen(&service, &meta(2)), "it is waited for");
        assert!(tracker.is_fresh(&service, &cached(2)));
        assert!(!tracker.seen(&service, &meta(2)));
        assert!(tracker.seen(&service, &meta(3)));
        tracker.deleted(&service, "0");
        assert!(!tracker.is_fresh(&service, &cached(2)));
        assert!(tracker.seen_gone(&service, "0"), "it is waited for");
        tracker.deleted(&service, "0");
        assert!(!tracker.seen_gone(&service, "0"));
        assert!(tracker.is_fresh(&service, &[]));
    }
}
