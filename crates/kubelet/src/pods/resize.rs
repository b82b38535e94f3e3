//! What a resize of running containers comes to: who changes, who has to start anew, what the status shows. Pure.
//!
//! Source: KEP-1287; the documentation "Resize CPU and Memory Resources assigned to Containers".

use std::collections::BTreeMap;

use k8s_cri::v1;
use k8s_openapi::api::core::v1::{Container as Spec, Pod, ResourceRequirements};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use mizzen_machinery::quantity::Quantity as Number;

use super::allocation::{ByContainer, resizable};
use super::resources;
use super::spec::Role;
use crate::cri::{Container, PodRuntime};

type List = BTreeMap<String, Quantity>;

/// CPU that the kernel tells apart: below, requests and limits come out as these. Thousandths.
const CPU_REQUEST_MIN: i64 = 2;
const CPU_LIMIT_MIN: i64 = 10;

/// What can be resized of a container: thousandths of a processor, and bytes; 0 for none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Amounts {
    pub(crate) cpu_request: i64,
    pub(crate) cpu_limit: i64,
    pub(crate) memory_request: i64,
    pub(crate) memory_limit: i64,
}

impl Amounts {
    pub(crate) fn of(resources: &ResourceRequirements) -> Self {
        let get = |list: &Option<List>, name: &str| {
            list.as_ref().and_then(|list| list.get(name)).map_or(0, |text| resources::amount(name, text))
        };
        Self {
            cpu_request: get(&resources.requests, "cpu"),
            cpu_limit: get(&resources.limits, "cpu"),
            memory_request: get(&resources.requests, "memory"),
            memory_limit: get(&resources.limits, "memory"),
        }
    }
}

/// A resource that can be resized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Cpu,
    Memory,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
        }
    }

    /// Request and limit.
    pub(crate) fn pair(self, amounts: &Amounts) -> (i64, i64) {
        match self {
            Self::Cpu => (amounts.cpu_request, amounts.cpu_limit),
            Self::Memory => (amounts.memory_request, amounts.memory_limit),
        }
    }

    /// `base` with this resource as in `other`.
    pub(crate) fn replaced(
        self,
        base: &ResourceRequirements,
        other: &ResourceRequirements,
    ) -> ResourceRequirements {
        let mut result = base.clone();
        let lists = [(&mut result.requests, &other.requests), (&mut result.limits, &other.limits)];
        for (own, others) in lists {
            match others.as_ref().and_then(|list| list.get(self.as_str())) {
                Some(quantity) => {
                    own.get_or_insert_default().insert(self.as_str().to_owned(), quantity.clone());
                }
                None => {
                    own.as_mut().and_then(|list| list.remove(self.as_str()));
                }
            }
        }
        result
    }
}

/// A running container whose resources differ from what it was allocated.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Update {
    pub(crate) id: String,
    pub(crate) container: Spec,
    pub(crate) role: Role,
    pub(crate) from: ResourceRequirements,
    pub(crate) to: ResourceRequirements,
}

impl Update {
    /// Whether this resource changes.
    pub(crate) fn changes(&self, kind: Kind) -> bool {
        kind.pair(&Amounts::of(&self.from)) != kind.pair(&Amounts::of(&self.to))
    }

    /// By how much its limit grows, or its request where the limit stays: what shrinks comes first.
    pub(crate) fn growth(&self, kind: Kind) -> i64 {
        let (from, to) = (kind.pair(&Amounts::of(&self.from)), kind.pair(&Amounts::of(&self.to)));
        // No limit is more than any.
        let limit = |limit: i64| if limit == 0 { i64::MAX } else { limit };
        match limit(to.1).saturating_sub(limit(from.1)) {
            0 => to.0.saturating_sub(from.0),
            growth => growth,
        }
    }

    /// Whether the container wants to start anew when it is changed like this.
    pub(crate) fn restarts(&self) -> bool {
        let restarts = |kind: Kind| {
            let mut policies = self.container.resize_policy.iter().flatten();
            let policy = policies.find(|policy| policy.resource_name == kind.as_str());
            policy.is_some_and(|policy| policy.restart_policy == "RestartContainer")
        };
        [Kind::Cpu, Kind::Memory].into_iter().any(|kind| self.changes(kind) && restarts(kind))
    }
}

/// How a running container differs from what it was allocated, if it does. `actuated` is what was set on it; where that
/// is not known, what the runtime says of it stands in.
pub(crate) fn update(spec: &Spec, role: Role, running: &Container, actuated: &ByContainer) -> Option<Update> {
    if !matches!(role, Role::Main | Role::Sidecar) {
        return None;
    }
    let to = spec.resources.clone().unwrap_or_default();
    let from = actuated.get(&spec.name).cloned().unwrap_or_else(|| shown(&to, running, None));
    let update = Update { id: running.id().to_owned(), container: spec.clone(), role, from, to };
    (update.changes(Kind::Cpu) || update.changes(Kind::Memory)).then_some(update)
}

/// Whether a running container does not have yet what it was allocated.
pub(crate) fn is_in_progress(pod: &Pod, runtime: &PodRuntime, actuated: &ByContainer) -> bool {
    resizable(pod).any(|spec| {
        let running = runtime.latest(&spec.name).filter(|latest| latest.is_running());
        running.is_some_and(|running| update(spec, Role::Main, running, actuated).is_some())
    })
}

/// What the runtime says that a container has.
fn actual(container: &Container) -> Amounts {
    let linux = container.status.resources.as_ref().and_then(|resources| resources.linux.as_ref());
    linux.map_or(Amounts::default(), amounts_of)
}

/// CRI's numbers in Kubernetes'; shares and quotas are rounded as when they were made.
fn amounts_of(linux: &v1::LinuxContainerResources) -> Amounts {
    let cpu_request = if linux.cpu_shares > 0 { (linux.cpu_shares * 1000 + 1023) / 1024 } else { 0 };
    let limited = linux.cpu_period > 0 && linux.cpu_quota > 0;
    Amounts {
        cpu_request,
        cpu_limit: if limited { linux.cpu_quota.saturating_mul(1000) / linux.cpu_period } else { 0 },
        memory_request: 0,
        memory_limit: linux.memory_limit_in_bytes.max(0),
    }
}

/// The resources that a container's status shows: those it has if it runs, else those it was allocated.
///
/// A runtime knows of no memory requests: there what was last set stands in. Amounts that are too small for the kernel to
/// tell apart are shown as they were allocated.
pub(crate) fn shown(
    allocated: &ResourceRequirements,
    container: &Container,
    actuated: Option<&ResourceRequirements>,
) -> ResourceRequirements {
    let mut shown = allocated.clone();
    if !container.is_running() {
        return shown;
    }
    let (real, given) = (actual(container), Amounts::of(allocated));
    // What the runtime does not say is as it was last set.
    let set = actuated.map_or(given, Amounts::of);
    let or_set = |real: i64, set: i64| if real > 0 { real } else { set };
    if let Some(limits) = &mut shown.limits {
        let cpu = or_set(real.cpu_limit, set.cpu_limit);
        if cpu.max(given.cpu_limit) > CPU_LIMIT_MIN {
            put(limits, "cpu", cpu, given.cpu_limit);
        }
        put(limits, "memory", or_set(real.memory_limit, set.memory_limit), given.memory_limit);
    }
    if let Some(requests) = &mut shown.requests {
        let cpu = or_set(real.cpu_request, set.cpu_request);
        if cpu.max(given.cpu_request) > CPU_REQUEST_MIN {
            put(requests, "cpu", cpu, given.cpu_request);
        }
        put(requests, "memory", set.memory_request, given.memory_request);
    }
    shown
}

/// Puts an amount into a list, in canonical form; what is as allocated stays as it was written there.
fn put(list: &mut List, name: &str, amount: i64, given: i64) {
    if amount == given {
        return;
    }
    if amount == 0 {
        list.remove(name);
        return;
    }
    let number = if name == "cpu" { Number::from_milli(amount) } else { Number::from_bytes(amount) };
    list.insert(name.to_owned(), Quantity(number.to_string()));
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::ContainerResizePolicy;

    use super::super::resources::tests::list;
    use super::*;

    fn requirements(requests: &[(&str, &str)], limits: &[(&str, &str)]) -> ResourceRequirements {
        ResourceRequirements { requests: list(requests), limits: list(limits), claims: None }
    }

    fn running(shares: i64, quota: i64, memory: i64) -> Container {
        let linux = v1::LinuxContainerResources {
            cpu_shares: shares,
            cpu_quota: quota,
            cpu_period: 100_000,
            memory_limit_in_bytes: memory,
            ..Default::default()
        };
        let status = v1::ContainerStatus {
            id: "id".to_owned(),
            state: v1::ContainerState::ContainerRunning.into(),
            resources: Some(v1::ContainerResources { linux: Some(linux), windows: None }),
            ..Default::default()
        };
        Container { sandbox_id: String::new(), status }
    }

    #[test]
    fn statuses_show_what_is_real() {
        type Pairs<'a> = &'a [(&'a str, &'a str)];
        let check = |allocated: (Pairs<'_>, Pairs<'_>),
                     real: (i64, i64, i64),
                     set: Option<(Pairs<'_>, Pairs<'_>)>,
                     expect: (Pairs<'_>, Pairs<'_>)| {
            let set = set.map(|(requests, limits)| requirements(requests, limits));
            let container = running(real.0, real.1, real.2);
            let got = shown(&requirements(allocated.0, allocated.1), &container, set.as_ref());
            let expect =
                ResourceRequirements { requests: list(expect.0), limits: list(expect.1), claims: None };
            assert_eq!(got, expect, "{allocated:?} {real:?}");
        };
        // Shares of 100m come back as 100m; nothing has changed, so the text stays.
        let whole: Pairs<'_> = &[("cpu", "0.1"), ("memory", "64Mi")];
        check((whole, whole), (102, 10_000, 64 << 20), None, (whole, whole));
        // On its way from 50m and 32Mi to 100m and 64Mi.
        let half: Pairs<'_> = &[("cpu", "50m"), ("memory", "32Mi")];
        check((whole, whole), (51, 5000, 32 << 20), Some((half, half)), (half, half));
        // Memory requests are nobody's but the kubelet's.
        check(
            (&[("memory", "2Mi")], &[]),
            (2, -1, 0),
            Some((&[("memory", "1Mi")], &[])),
            (&[("memory", "1Mi")], &[]),
        );
        // What the kernel does not tell apart.
        check((&[("cpu", "1m")], &[("cpu", "5m")]), (2, 1000, 0), None, (&[("cpu", "1m")], &[("cpu", "5m")]));
        // A limit that is still to come.
        let added: Pairs<'_> = &[("cpu", "1"), ("memory", "1Gi")];
        check((added, added), (1024, 100_000, 0), Some((added, &[("cpu", "1")])), (added, &[("cpu", "1")]));
        let nothing = shown(&ResourceRequirements::default(), &running(2, -1, 0), None);
        assert_eq!(nothing, ResourceRequirements::default());
    }

    #[test]
    fn updates_by_policy() {
        let spec = |policy: &str| Spec {
            name: "c".to_owned(),
            resources: Some(requirements(&[("cpu", "100m"), ("memory", "32Mi")], &[("cpu", "200m")])),
            resize_policy: Some(vec![ContainerResizePolicy {
                resource_name: "cpu".to_owned(),
                restart_policy: policy.to_owned(),
            }]),
            ..Spec::default()
        };
        let check = |policy: &str, set: ResourceRequirements, expect: Option<(bool, bool, i64, bool)>| {
            let actuated = ByContainer::from([("c".to_owned(), set)]);
            let got = update(&spec(policy), Role::Main, &running(102, 20_000, 0), &actuated);
            let got = got.map(|update| {
                let changes = (update.changes(Kind::Cpu), update.changes(Kind::Memory));
                (changes.0, changes.1, update.growth(Kind::Cpu).signum(), update.restarts())
            });
            assert_eq!(got, expect, "{policy}");
        };
        let memory = ("memory", "32Mi");
        check("NotRequired", requirements(&[("cpu", "0.1"), memory], &[("cpu", "0.2")]), None);
        let more = requirements(&[("cpu", "100m"), memory], &[("cpu", "1")]);
        check("NotRequired", more.clone(), Some((true, false, -1, false)));
        check("RestartContainer", more, Some((true, false, -1, true)));
        let unlimited = requirements(&[("cpu", "1m"), memory], &[]);
        check("NotRequired", unlimited, Some((true, false, -1, false)));
        let less = requirements(&[("cpu", "50m"), ("memory", "1Mi")], &[("cpu", "200m")]);
        check("NotRequired", less, Some((true, true, 1, false)));
        let other = requirements(&[("cpu", "100m"), ("memory", "1Mi")], &[("cpu", "200m")]);
        check("RestartContainer", other, Some((false, true, 0, false)));
        // Of a container that another kubelet made, the runtime's word counts.
        let adopted =
            update(&spec("RestartContainer"), Role::Main, &running(102, 20_000, 0), &ByContainer::new());
        assert_eq!(adopted, None);
    }
}
